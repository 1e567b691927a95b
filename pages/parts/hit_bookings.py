"""Bookings that lie in days on which the shop is closed or somebody is away: whom to call. Nothing goes by itself."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.booking_records import Booking
from pages.parts.items import Item
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import exact_time, name_or
from services.rules.phones import show_phone


def draw_hit(desk: Desk, bookings: Sequence[Booking], *, key: str) -> None:
    """What is hit, each with the number to call; nothing at all where nothing is."""
    _ = desk.say
    if not bookings:
        return
    st.markdown(f":material/warning: {hit_sentence(desk, bookings)}")
    draw_rows(
        [hit_item(each, desk) for each in bookings],
        key=f"rows-hit-{key}",
        kind="slim",
        label=_("Betroffene Termine"),
        on_tap=lambda _id: None,
    )


def hit_sentence(desk: Desk, bookings: Sequence[Booking]) -> str:
    """How many are hit, and that calling them is a person's work."""
    _ = desk.say
    one = _("Ein Termin liegt in dieser Zeit. Er bleibt stehen, bis Sie ihn verschieben oder absagen.")
    many = _("{count} Termine liegen in dieser Zeit. Sie bleiben stehen, bis Sie sie verschieben oder absagen.")
    return one if len(bookings) == 1 else many.format(count=len(bookings))


def hit_item(booking: Booking, desk: Desk) -> Item:
    """A row: when, who, what, and the number to call."""
    facts = [
        {"icon": "event", "text": exact_time(booking.starts_at, desk.speech)},
        {"icon": "sell", "text": booking.offering_name},
    ]
    number = booking.phone
    call = {"number": number, "word": show_phone(number, desk.settings.country)} if number else None
    if not number and booking.mail:
        facts.append({"icon": "mail", "text": booking.mail})
    return {
        "id": booking.id,
        "lead": "",
        "unit": "",
        "rest": "",
        "tone": "ok",
        "badge": None,
        "flag": "",
        "alert": "",
        "owner": "",
        "title": name_or(booking.customer_name, desk.say),
        "text": "",
        "meta": facts,
        "call": call,
        "still": True,
    }
