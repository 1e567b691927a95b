"""Leistungen: what can be booked and what is needed for it, as rows and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time, timedelta

import streamlit as st
from babel.dates import get_day_names

from data.booking_records import Block, Booking, Offering, Resource, ResourceKind
from pages.parts import state
from pages.parts.acting import dialog_button, do
from pages.parts.head import draw_empty, draw_section
from pages.parts.hit_bookings import draw_hit
from pages.parts.items import Item
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import Speech, exact_time, long_day, wait_figure
from services import offerings
from services.booking_days import bookings_hit
from services.rules.hours_text import show_week
from services.rules.prices import show_price

AHEAD = timedelta(days=400)  # so far ahead absences are listed
_QUIET: Item = {"lead": "", "unit": "", "rest": "", "tone": "ok", "badge": None, "flag": "", "alert": "", "owner": ""}


def draw_offerings(desk: Desk) -> None:
    """«Was man buchen kann»; a tap on a row changes it."""
    _ = desk.say
    listed = offerings.list_offerings(desk.shop.store)
    title = _("Was man buchen kann")
    with draw_section(title, key="erst-leistungen"):
        dialog_button(_("Anlegen"), "offering", key="leistung-neu", icon=":material/add:", type="primary")
    if not listed:
        draw_empty(_("Noch keine Leistung"), _("Was kann man bei Ihnen buchen? Legen Sie die erste an."), icon="sell")
        return
    if missing := _prices_missing(desk, listed):
        st.caption(missing)
    names = {each.id: each.name for each in offerings.list_resources(desk.shop.store)}
    items = [offering_item(each, names, desk) for each in listed]
    draw_rows(items, key="rows-leistungen", kind="slim", label=title, on_tap=lambda one: state.ask("offering", one))


def _prices_missing(desk: Desk, listed: Sequence[Offering]) -> str:
    _ = desk.say
    count = sum(each.online and each.price_cents is None for each in listed)
    if not count:
        return ""
    one = _("Bei einer Leistung steht noch kein Preis. Kunden sehen dann keinen.")
    many = _("Bei {count} Leistungen steht noch kein Preis. Kunden sehen dann keinen.")
    return one if count == 1 else many.format(count=count)


def offering_item(offering: Offering, names: Mapping[int, str], desk: Desk) -> Item:
    """A row of «Was man buchen kann»: how long, how much, who books it how, and what is needed."""
    _ = desk.say
    price = offering.price_cents
    told = _("ohne Preis") if price is None else show_price(price, desk.settings.country, desk.actor.language)
    facts = [
        {"icon": "schedule", "text": span_words(offering.duration, desk.speech)},
        {"icon": "sell", "text": told},
        _way(offering, desk.speech),
        {"icon": "group", "text": need_words(offering, names, desk)},
    ]
    return {**_QUIET, "id": offering.id, "title": offering.name, "text": offering.description, "meta": facts}


def _way(offering: Offering, speech: Speech) -> dict[str, str]:
    _ = speech.say
    if not offering.online:
        return {"icon": "storefront", "text": _("nur durch uns")}
    return {"icon": "language", "text": _("online, gilt sofort") if offering.instant else _("online, auf Anfrage")}


def need_words(offering: Offering, names: Mapping[int, str], desk: Desk) -> str:
    """«Amir oder Lukas, dazu Bühne 1 oder Bühne 2»."""
    _ = desk.say
    groups = [_(" oder ").join(names[one] for one in group if one in names) for group in offering.groups]
    return _(", dazu ").join(group for group in groups if group)


def span_words(minutes: int, speech: Speech) -> str:
    """«30 Min», «1 Std 30 Min», «2 Tage»."""
    return str(wait_figure(minutes, speech))


def draw_resources(desk: Desk) -> None:
    """«Wer und was dafür gebraucht wird», each with its hours."""
    _ = desk.say
    title = _("Wer und was dafür gebraucht wird")
    with draw_section(title, key="gebraucht"):
        dialog_button(_("Hinzufügen"), "resource", key="bedarf-neu", icon=":material/add:")
    listed = offerings.list_resources(desk.shop.store)
    if not listed:
        st.caption(_("Noch niemand und nichts. Jede Leistung braucht mindestens einen Eintrag."))
        return
    items = [resource_item(each, desk) for each in listed]
    draw_rows(items, key="rows-bedarf", kind="slim", label=title, on_tap=lambda one: state.ask("resource", one))


def resource_item(resource: Resource, desk: Desk) -> Item:
    """A row of what is needed: a person or a thing, and when."""
    _ = desk.say
    person = resource.kind is ResourceKind.PERSON
    kind = {"icon": "person", "text": _("Person")} if person else {"icon": "handyman", "text": _("Platz oder Gerät")}
    facts = [kind, {"icon": "schedule", "text": hours_words(resource, desk)}]
    return {**_QUIET, "id": resource.id, "title": resource.name, "text": "", "meta": facts}


def hours_words(resource: Resource, desk: Desk) -> str:
    """The resource's own hours, or that they are the shop's."""
    _ = desk.say
    if not resource.week:
        return _("wie die Öffnungszeiten")
    short = get_day_names("abbreviated", locale=desk.speech.locale)
    return show_week(resource.week, [short[day].rstrip(".") for day in range(7)], _) or _("nie")


def draw_absences(desk: Desk) -> None:
    """«Gesperrte Zeiten»: when somebody or something is away, each with its way back."""
    _ = desk.say
    title = _("Gesperrte Zeiten")
    today = desk.speech.now.astimezone(desk.speech.zone).date()
    with draw_section(title, key="weg"):
        dialog_button(_("Zeit sperren"), "block", today.isoformat(), key="weg-neu", icon=":material/event_busy:")
    st.caption(_("Urlaub, Kurs, Reparatur. Ist der ganze Betrieb zu, steht das bei den Einstellungen."))
    now = desk.speech.now
    blocks = offerings.list_blocks(desk.shop.store, now, now + AHEAD)
    if not blocks:
        return
    names = {each.id: each.name for each in offerings.list_resources(desk.shop.store)}
    items = [block_item(each, names, desk) for each in blocks]
    if draw_rows(items, key="rows-weg", kind="slim", label=title, on_tap=lambda _id: None, on_act=_drop_block):
        st.rerun()
    draw_hit(desk, _bookings_hit(desk, blocks), key="weg")


def _bookings_hit(desk: Desk, blocks: Sequence[Block]) -> list[Booking]:
    """Bookings to come that would need what is away then."""
    first, last = (
        at.astimezone(desk.speech.zone).date() for at in (blocks[0].starts_at, max(b.ends_at for b in blocks))
    )

    def is_hit(booking: Booking) -> bool:
        return any(
            block.starts_at < booking.ends_at
            and block.ends_at > booking.starts_at
            and (block.resource_id is None or block.resource_id in booking.resources)
            for block in blocks
        )

    return [booking for booking in bookings_hit(desk.shop, first, last) if is_hit(booking)]


def block_item(block: Block, names: Mapping[int, str], desk: Desk) -> Item:
    """A row of who or what is away, from when until when and why."""
    _ = desk.say
    who = _("Alle") if block.resource_id is None else names.get(block.resource_id, _("nicht mehr da"))
    return {
        **_QUIET,
        "id": block.id,
        "title": who,
        "text": block.label,
        "meta": [{"icon": "event_busy", "text": block_words(block, desk.speech)}],
        "still": True,
        "acts": [{"name": "drop", "icon": "delete", "word": _("Wieder freigeben")}],
    }


def block_words(block: Block, speech: Speech) -> str:
    """«Montag, 23. November», «heute, 08:00 bis morgen, 12:00»."""
    _ = speech.say
    start, end = block.starts_at.astimezone(speech.zone), block.ends_at.astimezone(speech.zone)
    if start.time() == end.time() == time():
        last = end - timedelta(days=1)
        words = [long_day(start, speech)] + ([long_day(last, speech)] if last.date() != start.date() else [])
    else:
        words = [exact_time(start, speech), exact_time(end, speech)]
    return words[0] if len(words) == 1 else _("{first} bis {last}").format(first=words[0], last=words[1])


def _drop_block(_name: str, block_id: int) -> None:
    def work(desk: Desk) -> str:
        _ = desk.say
        offerings.drop_block(desk.shop, desk.actor, block_id)
        return _("Die Zeit ist wieder frei.")

    do(work)
