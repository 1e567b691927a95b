"""Heute, the day: how many wait and were answered, who comes."""

from __future__ import annotations

import streamlit as st

from pages.parts import state
from pages.parts.booking_words import booking_item
from pages.parts.head import draw_section
from pages.parts.plain import plain
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import hidden_words
from services.booking_days import show_day
from services.today import Today


def draw_numbers(desk: Desk, today: Today, key: str) -> None:
    """How many wait, are late, were answered today."""
    _ = desk.say
    draw_section(_("Heute so weit"), key=key)
    with st.container(key="karte-zahlen", gap="small"):
        with st.grid(3, min_column_width=80, gap="xsmall"):
            st.metric(_("Warten"), today.inquiries.waiting_for_us)
            st.metric(_("Überfällig"), today.inquiries.late)
            st.metric(_("Beantwortet"), today.answered_today)
        if today.inquiries.hidden and today.inquiries.waiting:
            st.caption(plain(hidden_words(today.inquiries.hidden, desk.say)))


def draw_booked(desk: Desk) -> bool:
    """Who comes today, and what is still to be confirmed for today; False where nothing can be booked."""
    _ = desk.say
    board = show_day(desk.shop, desk.actor, desk.speech.now.astimezone(desk.speech.zone).date())
    if not board.resources:
        return False
    beside = draw_section(_("Termine heute"), key="erst-termine")
    beside.page_link("staff/kalender.py", label=_("Tagesplan"), icon=":material/arrow_forward:", icon_position="right")
    if not board.bookings:
        st.caption(_("Heute ist nichts eingetragen."))
        return True
    problems = board.problems
    items = [
        booking_item(one, board.resources, desk.speech, problem=problems.get(one.inquiry_id, ""))
        for one in board.bookings
    ]
    draw_rows(items, key="rows-termine", kind="slim", label=_("Termine heute"), on_tap=state.go_to_booking)
    return True
