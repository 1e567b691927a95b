"""Entering a booking, moving it, calling it off, and times away: the drawers of Termine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

import streamlit as st

from data.booking_records import Booking, Offering
from data.records import Actor
from pages.parts import state
from pages.parts.acting import calling, show_form
from pages.parts.booking_start import (
    choose_free,
    chosen_free,
    draw_fields,
    draw_verdict,
    free_words,
    put_start,
    typed_start,
)
from pages.parts.booking_words import duration_words
from pages.parts.choices import choose_from_list
from pages.parts.date_field import date_field
from pages.parts.items import customer_item
from pages.parts.plain import plain
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import clock_time, day_and_time, long_day
from services import booking_days, bookings, customers, offerings
from services.bookings import Entry
from services.conversations import Conversation, open_conversation
from services.errors import InvalidInputError
from services.rules.folding import fold
from services.shop import Shop
from services.typed import shorten

SUGGESTED = 3  # so many customers are offered while a name is typed
SIDE_BY_SIDE = 8  # so many offerings are shown all at once
_PIECE = 6  # signs
_FOR = "bk-for"


def open_enter(desk: Desk, day: str, minute: int, column: int = 0, inquiry_id: int = 0) -> None:
    """The drawer «Termin eintragen» for a minute of a day; `column` is the resource whose place was tapped.

    With `inquiry_id` name, address and matter come from there, and the booking belongs to it.
    """
    _ = desk.say
    if st.session_state.get(_FOR) != (day, minute, column, inquiry_id):
        state.forget_fields("bk-")
        st.session_state[_FOR] = (day, minute, column, inquiry_id)
        st.session_state["bk-other"] = not column
        put_start(desk, "bk-", date.fromisoformat(day), minute)
        if inquiry_id:
            _take_over(desk, open_conversation(desk.shop, desk.actor, inquiry_id))
    fields, save = partial(_enter_fields, column=column), partial(_enter, column=column, inquiry_id=inquiry_id)
    label, keys = _("Termin eintragen"), "bk-"
    show_form(label, fields, _enter_label, save, keys=keys, typed=True, position="right")


def _take_over(desk: Desk, talk: Conversation) -> None:
    """What the inquiry says already, so that nobody types it again."""
    by_mail = [contact.shown for contact in talk.contacts if contact.kind == "mail"]
    by_phone = [contact.shown for contact in talk.contacts if contact.kind == "phone"]
    field = st.session_state
    field["bk-who"], field["bk-customer"] = talk.customer.name, (talk.customer.id, talk.customer.name)
    field["bk-reach"] = next(iter(by_mail + by_phone), "")
    field["bk-note"] = shorten(talk.inquiry.subject or talk.line.row.snippet, 100)
    said = " ".join([talk.inquiry.subject, *(message.body for message in talk.messages)])
    if offering := meant(said, offerings.list_offerings(desk.shop.store)):
        field["bk-what"] = offering.id


def meant(said: str, offered: list[Offering]) -> Offering | None:
    """The one offering whose name says most of what the customer says; None when there is none or no single one.

    Compared in pieces, for «Winterreifen wechseln» and «Reifenwechsel» share no word.
    """
    text = fold(said)
    hits = {one.id: sum(piece in text for piece in _pieces(one.name)) for one in offered}
    best = [one for one in offered if hits[one.id] and hits[one.id] == max(hits.values())]
    return best[0] if len(best) == 1 else None


def _pieces(name: str) -> set[str]:
    """Every six signs in a row of its words; shorter words whole, but those of three and less."""
    words = [word for word in fold(name).split() if len(word) > 3]
    return {word[at : at + _PIECE] for word in words for at in range(max(1, len(word) - _PIECE + 1))}


def _enter_label(desk: Desk) -> str:
    _ = desk.say
    return _("{time} eintragen").format(time=clock_time(typed_start(desk, "bk-"), desk.speech))


def _enter_fields(desk: Desk, *, column: int) -> None:
    _ = desk.say
    at = typed_start(desk, "bk-")
    _draw_time(desk, at)
    _choose_who(desk)
    if offering := _choose_what(desk):
        draw_verdict(desk, offering, at, (column,) if column else (), key="bk-despite")
    _ask_reach(desk)
    st.text_input(_("Notiz (wenn Sie wollen)"), key="bk-note", on_change="ignore")


def _draw_time(desk: Desk, at: datetime) -> None:
    """When, who is free then, and the way to any other time."""
    _ = desk.say
    words = _("{day}, {time} Uhr").format(day=long_day(at, desk.speech), time=clock_time(at, desk.speech))
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(words)}**", width="content")
            if not st.session_state.get("bk-other"):
                icon = ":material/schedule:"
                st.button(_("Andere Zeit"), key="bk-when", icon=icon, type="tertiary", on_click=_show_fields)
        st.caption(plain(free_words(desk, at)))
    if st.session_state.get("bk-other"):
        draw_fields(desk, "bk-")


def _show_fields() -> None:
    st.session_state["bk-other"] = True


def _choose_who(desk: Desk) -> None:
    """The name, and while it is typed those who are known by it."""
    _ = desk.say
    who = st.text_input(_("Wer?"), placeholder=_("Name oder Firma"), key="bk-who", live=True) or ""
    if len(who.strip()) < 2 or _chosen_customer(who):
        return
    found = customers.find_customers(desk.shop, desk.actor, who)[:SUGGESTED]
    if found:
        contacts = {one.customer.id: [each.shown for each in one.contacts if each.kind == "mail"] for one in found}
        for one in found:
            contacts[one.customer.id] += [each.shown for each in one.contacts if each.kind == "phone"]
        names = {one.customer.id: one.customer.name for one in found}

        def take(customer_id: int) -> None:
            st.session_state["bk-who"] = names[customer_id]
            st.session_state["bk-reach"] = next(iter(contacts[customer_id]), "")
            st.session_state["bk-customer"] = (customer_id, names[customer_id])

        items = [{**customer_item(one, desk.speech), "text": ""} for one in found]
        draw_rows(items, key="bk-found", kind="slim", label=_("Schon bekannt"), on_tap=take)


def _chosen_customer(who: str) -> int | None:
    """The customer who was picked, as long as the name is theirs."""
    ident, name = st.session_state.get("bk-customer", (None, ""))
    return ident if name == who else None


def _choose_what(desk: Desk) -> Offering | None:
    """The offering; None while none is chosen."""
    _ = desk.say
    offered = offerings.list_offerings(desk.shop.store)
    if not offered:
        st.caption(_("Noch gibt es keine Leistungen. Sie stehen unter «Leistungen»."))
        return None
    words = {one.id: f"{one.name}, {duration_words(one.duration, desk.speech)}" for one in offered}
    if len(offered) <= SIDE_BY_SIDE:
        st.pills(_("Was?"), list(words), format_func=lambda ident: plain(words.get(ident, "")), key="bk-what")
    else:
        st.selectbox(
            _("Was?"),
            list(words),
            None,
            format_func=lambda ident: words.get(ident, ""),
            placeholder=_("Bitte wählen"),
            key="bk-what",
        )
    return next((one for one in offered if one.id == st.session_state.get("bk-what")), None)


def _ask_reach(desk: Desk) -> None:
    _ = desk.say
    hint = _("Telefonnummer oder E-Mail")
    reach = st.text_input(_("Wie erreichen wir sie?"), placeholder=hint, key="bk-reach") or ""
    kind, _address, _shown = customers.contact_of(reach, desk.settings.country)
    mailed = _("Bestätigung und Erinnerung gehen per E-Mail dorthin.")
    st.caption(mailed if kind == "mail" else _("Ohne E-Mail-Adresse geht keine Bestätigung hinaus."))


def _enter(desk: Desk, *, column: int, inquiry_id: int) -> str:
    _ = desk.say
    field, at = st.session_state, typed_start(desk, "bk-")
    offering_id = int(field.get("bk-what") or 0)
    if not offering_id:
        raise InvalidInputError("Bitte wählen Sie, was gemacht wird.")
    who = str(field.get("bk-who") or "")
    entry = Entry(
        offering_id=offering_id,
        at=at,
        who=who,
        reach=str(field.get("bk-reach") or ""),
        note=str(field.get("bk-note") or ""),
        wanted=(column,) if column else (),
        inquiry_id=inquiry_id or None,
        customer_id=_chosen_customer(who),
        form_key=state.form_key("booking"),
    )
    booking_id = bookings.enter_booking(desk.shop, desk.actor, entry, despite=bool(field.get("bk-despite")))
    state.finish_form("booking")
    _show_day_of(at)
    if inquiry_id:
        state.go_to(inquiry_id)
    names = [one.name for one in booking_days.open_booking(desk.shop, desk.actor, booking_id).resources]
    told = _("Eingetragen: {time}. {names}") if names else _("Eingetragen: {time}.")
    return told.format(time=day_and_time(at, desk.speech), names=", ".join(names))


def _show_day_of(at: datetime) -> None:
    """The page goes to the day on which something was entered."""
    st.query_params["tag"] = at.date().isoformat()


def open_move_booking(desk: Desk, booking_id: int) -> None:
    """Another time for a booking."""
    _ = desk.say
    card = booking_days.open_booking(desk.shop, desk.actor, booking_id)
    booking = card.booking
    if st.session_state.get("bm-for") != booking_id:
        state.forget_fields("bm-")
        local = booking.starts_at.astimezone(desk.speech.zone)
        st.session_state["bm-for"] = booking_id
        put_start(desk, "bm-", local.date(), local.hour * 60 + local.minute)

    def fields(now: Desk) -> None:
        st.text(f"{booking.offering_name}, {day_and_time(booking.starts_at, now.speech)}")
        offering = bookings.as_booked(now.shop.store, booking)
        choose_free(now, offering, booking, prefix="bm-")
        if at := chosen_free(now, "bm-"):
            draw_verdict(now, offering, at, booking.resources, key="bm-despite", moving=booking_id)
        alone = _("Bitte sagen Sie es der Person selbst: Eine Mail geht nicht hinaus.")
        written = bookings.is_written(now.shop.store, booking)
        st.caption(_("Die Person bekommt eine Mail mit der neuen Zeit.") if written else alone)

    def save(now: Desk) -> str:
        at = chosen_free(now, "bm-")
        if at is None:
            raise InvalidInputError("Bitte wählen Sie eine Zeit.")
        despite = bool(st.session_state.get("bm-despite"))
        bookings.move_booking(now.shop, now.actor, booking_id, at, wanted=booking.resources, despite=despite)
        _show_day_of(at)
        return _("Verschoben: {time}.").format(time=day_and_time(at, now.speech))

    title = _("{name} verschieben").format(name=booking.customer_name)
    show_form(plain(title), fields, _("Verschieben"), save, keys="bm-", typed=True, position="right")


def open_cancel_booking(desk: Desk, booking_id: int) -> None:
    """Call a booking off, with a reason."""
    _ = desk.say
    _end_with_reason(
        desk, booking_id, bookings.cancel_booking, _("Termin absagen"), _("Absagen"), _("Abgesagt."), "bc-"
    )


def open_decline_booking(desk: Desk, booking_id: int) -> None:
    """Decline a request, with a reason."""
    _ = desk.say
    end = bookings.decline_booking
    _end_with_reason(desk, booking_id, end, _("Anfrage ablehnen"), _("Ablehnen"), _("Abgelehnt."), "bd-")


def _end_with_reason(
    desk: Desk,
    booking_id: int,
    end: Callable[[Shop, Actor, int, str], object],
    title: str,
    label: str,
    told: str,
    keys: str,
) -> None:
    booking = bookings.require_booking(desk.shop.store, booking_id)

    def save(now: Desk) -> str:
        end(now.shop, now.actor, booking_id, st.session_state[f"{keys}reason"])
        return _told(now, booking, told)

    fields = partial(_ask_reason, booking=booking, key=f"{keys}reason")
    show_form(title, fields, label, save, keys=keys, typed=True, position="right")


def _ask_reason(desk: Desk, *, booking: Booking, key: str) -> None:
    _ = desk.say
    st.text(f"{booking.customer_name}\n{booking.offering_name}, {day_and_time(booking.starts_at, desk.speech)}")
    st.text_input(_("Warum? (steht in der Mail)"), key=key, on_change="ignore")
    told = _("Die Person bekommt eine Mail mit diesem Grund.")
    written = bookings.is_written(desk.shop.store, booking)
    st.caption(told if written else _("Bitte sagen Sie es der Person selbst: Eine Mail geht nicht hinaus."))


def _told(desk: Desk, booking: Booking, done: str) -> str:
    """What was done, and who tells the customer."""
    _ = desk.say
    written = bookings.is_written(desk.shop.store, booking)
    return f"{done} " + (_("Die Mail ist unterwegs.") if written else _("Bitte rufen Sie die Person an."))


def open_block(desk: Desk, day: str) -> None:
    """A time in which somebody or something, or everybody, cannot be booked."""
    _ = desk.say
    everybody = {0: _("Alle")}
    names = everybody | {one.id: one.name for one in offerings.list_resources(desk.shop.store)}
    first = date.fromisoformat(day)

    def fields(now: Desk) -> None:
        choose_from_list(now, _("Wer oder was?"), names, 0, key="bl-who")
        with st.container(horizontal=True):
            date_field(_("Von"), first, key="bl-day")
            st.time_input(_("Uhrzeit"), time(8), key="bl-clock")
        with st.container(horizontal=True):
            date_field(_("Bis"), first, key="bl-until-day")
            st.time_input(_("Uhrzeit"), time(17), key="bl-until-clock")
        st.text_input(_("Warum?"), placeholder=_("Urlaub, Schulung, Wartung"), key="bl-label", on_change="ignore")
        st.caption(_("Was schon eingetragen ist, bleibt stehen."))

    label = _("Zeit sperren")
    show_form(label, fields, label, _block, keys="bl-", typed=True, position="right")


def _block(desk: Desk) -> str:
    _ = desk.say
    start, end = typed_start(desk, "bl-"), typed_start(desk, "bl-until-")
    if end <= start:
        raise InvalidInputError("Das Ende liegt vor dem Anfang.")
    resource_id = st.session_state["bl-who"] or None
    offerings.add_block(desk.shop, desk.actor, resource_id, start, end, st.session_state["bl-label"])
    hit = [
        one
        for one in booking_days.bookings_hit(desk.shop, start.date(), end.date())
        if one.starts_at < end and one.ends_at > start and resource_id in {None, *one.resources}
    ]
    if hit:
        return _("Gesperrt. Termine, die schon in dieser Zeit liegen: {count}.").format(count=len(hit))
    return _("Gesperrt.")


def open_drop_block(desk: Desk, day: str, block_id: int) -> None:
    """A time away, and the way to lift it."""
    _ = desk.say
    board = booking_days.show_day(desk.shop, desk.actor, date.fromisoformat(day))
    block = next((one for one in board.blocks if one.id == block_id), None)
    if block is None:
        return

    def fields(now: Desk) -> None:
        until = block.ends_at - timedelta(minutes=1)
        same = until.astimezone(now.speech.zone).date() == block.starts_at.astimezone(now.speech.zone).date()
        end = clock_time(block.ends_at, now.speech) if same else day_and_time(block.ends_at, now.speech)
        names = [one.name for one in board.resources if one.id == block.resource_id] or [_("Alle")]
        st.text(f"{names[0]}: {block.label}" if block.label else names[0])
        st.text(_("{start} bis {end}").format(start=day_and_time(block.starts_at, now.speech), end=end))

    drop, said = calling(offerings.drop_block, block_id), _("Die Zeit ist wieder frei.")
    show_form(_("Gesperrte Zeit"), fields, _("Wieder freigeben"), drop, keys="bx-", said=said, position="right")
