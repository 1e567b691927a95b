"""The drawer of one booking: who comes, what for, how it stands, what to do about it, and its story."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import streamlit as st

from data.booking_records import Booking, BookingEvent, BookingState, Reminder
from pages.parts import state
from pages.parts.acting import Work, calling, last_action, show_dialog, way_on
from pages.parts.booking_words import alert_word, length_words, span_words, state_look
from pages.parts.plain import plain
from pages.parts.ready import draw_ready
from pages.parts.session import Desk
from pages.parts.words import day_and_time, exact_time, long_day, name_or
from pages.parts.wrap_up import draw_wrap_up
from services import bookings
from services.booking_days import BookingCard, open_booking
from services.booking_jobs import reminder_missed, send_reminder
from services.errors import NotFoundError
from services.rules.phones import show_phone

MARKS = {BookingState.ARRIVED: "arrived", BookingState.DONE: "done", BookingState.NO_SHOW: "no-show"}
OVER = (BookingState.CANCELLED, BookingState.DECLINED, BookingState.LAPSED)
_TONES = {"ask": "orange", "now": "primary", "noshow": "red", "ok": "green"}


def open_booking_card(desk: Desk, booking_id: int) -> None:
    """The drawer of a booking."""
    card = open_booking(desk.shop, desk.actor, booking_id)

    def body(now: Desk) -> None:
        fresh = open_booking(now.shop, now.actor, booking_id)
        _draw_state(now, fresh)
        _draw_facts(now, fresh)
        _draw_phones(now, fresh)
        _draw_reminder(now, fresh.booking)
        _draw_steps(now, fresh.booking)
        _draw_ready(now, fresh.booking)
        _draw_wrap_up(now, fresh.booking)
        _draw_changes(now, fresh.booking)
        _draw_history(now, fresh)

    show_dialog(plain(name_or(card.booking.customer_name, desk.say)), body, position="right")


def _draw_reminder(desk: Desk, booking: Booking) -> None:
    """Nobody was reminded, or perhaps: a person decides."""
    _ = desk.say
    if not reminder_missed(booking, desk.shop.now()):
        return
    unsure = booking.reminder is Reminder.UNSURE
    told = _("Ob die Erinnerung hinausging, ist nach der Wiederherstellung nicht sicher.")
    st.caption(told if unsure else _("An diesen Termin wurde nicht erinnert: Theke war aus, oder es ging keine Mail."))
    remind, said = calling(send_reminder, booking.id), _("Die Erinnerung ist unterwegs.")
    last_action(_("Jetzt erinnern"), remind, key="t-remind", said=said, icon=":material/mail:", width="stretch")


def _draw_state(desk: Desk, card: BookingCard) -> None:
    _ = desk.say
    booking, look = card.booking, state_look(card.booking.state, desk.say)
    word = {"ok": _("Fest eingetragen"), "ask": _("Noch zu bestätigen")}.get(look.style, look.word)
    icon = look.icon or "event_available"
    with st.container(horizontal=True, gap="small"):
        st.badge(word, icon=f":material/{icon}:", color=_TONES.get(look.style, "gray"))  # type: ignore[arg-type]
        if alert := alert_word(booking, card.mail_problem, desk.say):
            st.badge(alert, icon=":material/error:", color="red")
    if booking.calendar_answer == "declined":
        st.caption(_("Die Person hat den Termin in ihrem Kalender abgesagt. Bitte fragen Sie nach; er steht noch."))
    if booking.state is BookingState.REQUESTED and booking.lapses_at:
        until = exact_time(booking.lapses_at, desk.speech)
        st.caption(plain(_("Ohne Entscheidung verfällt die Anfrage: {time}").format(time=until)))


def _draw_facts(desk: Desk, card: BookingCard) -> None:
    _ = desk.say
    booking = card.booking
    with st.container(key="termin-zeit", gap=None):
        st.markdown(f"**{plain(long_day(booking.starts_at, desk.speech))}, {span_words(booking, desk.speech)}**")
        st.text(f"{booking.offering_name}, {length_words(booking, desk.speech)}")
    with st.container(key="leise-termin", gap=None):
        if card.resources:
            st.text(", ".join(one.name for one in card.resources))
        for words in filter(None, (booking.answer, booking.note)):
            st.text(words)
        if booking.mail:
            st.text(booking.mail)
        st.text(_("Nummer {number}").format(number=booking.number))


def _draw_phones(desk: Desk, card: BookingCard) -> None:
    _ = desk.say
    known = [contact.address for contact in card.contacts if contact.kind == "phone"]
    numbers = list(dict.fromkeys(filter(None, [card.booking.phone, *known])))[:2]
    for number in numbers:
        shown = plain(show_phone(number, desk.settings.country))
        st.link_button(shown, f"tel:{number}", icon=":material/call:", width="stretch")
    talk = {"anfrage": str(card.booking.inquiry_id)}
    st.page_link("staff/gespraech.py", label=_("Zum Gespräch"), icon=":material/forum:", query_params=talk)


def _draw_steps(desk: Desk, booking: Booking) -> None:
    """What is next: decide about a request, then how the visit went."""
    _ = desk.say
    if booking.state in OVER:
        return
    with st.container(horizontal=True, gap="small", key="termin-schritte"):
        if booking.state is BookingState.REQUESTED:
            label, icon = _("Bestätigen"), ":material/check:"
            look = {"icon": icon, "type": "primary", "width": "stretch"}
            last_action(label, _confirm(booking), key="t-confirm", **look)
            way_on(_("Ablehnen"), "booking-decline", booking.id, key="t-decline", icon=":material/close:")
        elif booking.state in {BookingState.DONE, BookingState.NO_SHOW, BookingState.ARRIVED}:
            if booking.state is BookingState.ARRIVED:
                _mark(desk, booking, BookingState.DONE)
            back, said = _marking(booking.id, BookingState.CONFIRMED), _("Zurückgenommen.")
            last_action(_("Rückgängig"), back, key="t-back", said=said, icon=":material/undo:", width="stretch")
        elif _is_today_or_past(desk, booking.starts_at):
            for mark in MARKS:
                _mark(desk, booking, mark)


def _draw_ready(desk: Desk, booking: Booking) -> None:
    with suppress(NotFoundError):  # its conversation was put aside
        draw_ready(desk, booking)


def _draw_wrap_up(desk: Desk, booking: Booking) -> None:
    if booking.state is BookingState.DONE:
        with suppress(NotFoundError):  # its conversation was put aside
            draw_wrap_up(desk, booking.inquiry_id, ended=True, in_dialog=True)


def _is_today_or_past(desk: Desk, at: datetime) -> bool:
    zone = desk.speech.zone
    return at.astimezone(zone).date() <= desk.speech.now.astimezone(zone).date()


def _mark(desk: Desk, booking: Booking, mark: BookingState) -> None:
    _ = desk.say
    words = {BookingState.ARRIVED: _("Da"), BookingState.DONE: _("Fertig"), BookingState.NO_SHOW: _("Kam nicht")}
    icons = {BookingState.ARRIVED: "login", BookingState.DONE: "check", BookingState.NO_SHOW: "person_off"}
    icon, said = f":material/{icons[mark]}:", _("Vermerkt: {word}.").format(word=words[mark])
    last_action(words[mark], _marking(booking.id, mark), key=f"t-{MARKS[mark]}", said=said, icon=icon, width="stretch")


def _marking(booking_id: int, mark: BookingState) -> Work:
    def work(desk: Desk) -> None:
        bookings.mark_booking(desk.shop, desk.actor, booking_id, mark)
        if mark is BookingState.DONE:  # the drawer comes back with what there is to note now
            state.ask("booking", booking_id)

    return work


def _confirm(booking: Booking) -> Work:
    def work(desk: Desk) -> str:
        _ = desk.say
        if bookings.confirm_booking(desk.shop, desk.actor, booking.id):
            return _("Bestätigt. Die Mail ist unterwegs.")
        return _("Bestätigt. Bitte rufen Sie die Person an.")

    return work


def _draw_changes(desk: Desk, booking: Booking) -> None:
    _ = desk.say
    if booking.state not in bookings.PLANNED:
        return
    with st.container(horizontal=True, gap="small", key="termin-aendern"):
        icon = ":material/schedule:"
        way_on(_("Verschieben"), "booking-move", booking.id, key="t-move", icon=icon, width="stretch")
        if booking.state is BookingState.CONFIRMED:
            icon = ":material/event_busy:"
            way_on(_("Absagen"), "booking-cancel", booking.id, key="t-cancel", icon=icon, width="stretch")


def _draw_history(desk: Desk, card: BookingCard) -> None:
    _ = desk.say
    with st.container(key="leise-verlauf", gap="xxsmall"):
        st.markdown(f"**{_('Verlauf')}**")
        for event in card.events:
            st.text(event_words(event, desk))


def event_words(event: BookingEvent, desk: Desk) -> str:
    """«heute, 10:12: verschoben auf Freitag, 09:00 (Sandra)»."""
    _ = desk.say
    words = {
        "requested": _("angefragt"),
        "booked": _("eingetragen"),
        "confirmed": _("bestätigt"),
        "declined": _("abgelehnt"),
        "lapsed": _("verfallen"),
        "moved": _("verschoben"),
        "cancelled": _("abgesagt"),
        "arrived": _("war da"),
        "done": _("fertig"),
        "no_show": _("kam nicht"),
        "reopened": _("Vermerk zurückgenommen"),
        "reminded": _("Erinnerung gesendet"),
        "calendar_answer": _("Antwort aus dem Kalender"),
    }
    told = f"{day_and_time(event.happened_at, desk.speech)}: {words.get(event.kind, event.kind)}"
    told += _detail(event, desk)
    return f"{told} ({event.staff_name.split(' ')[0]})" if event.staff_name else told


def _moments(event: BookingEvent) -> list[str]:
    return event.detail.split() if event.kind in {"booked", "requested", "moved"} else []


def _detail(event: BookingEvent, desk: Desk) -> str:
    """What belongs to the line: from when to when, or the words that were given."""
    _ = desk.say
    times = [exact_time(datetime.fromisoformat(part), desk.speech) for part in _moments(event)]
    if times:
        words = _("von {old} auf {new}") if len(times) > 1 else _("für {time}")
        return " " + words.format(old=times[0], new=times[-1], time=times[0])
    if event.kind == "calendar_answer":
        answers = {"accepted": _("zugesagt"), "declined": _("abgesagt"), "tentative": _("vielleicht")}
        return f": {answers.get(event.detail, event.detail)}"
    return f": «{event.detail}»" if event.detail else ""
