"""Choosing when a promised call takes place: the usual time or a coming window by one tap, any other by hand."""

from __future__ import annotations

from datetime import datetime, time

import streamlit as st

from data.records import Promise
from pages.parts.date_field import date_field
from pages.parts.session import Desk
from pages.parts.times import OTHER
from pages.parts.words import Speech, clock_time, coming_time
from services import promises

OFFERED = 4


def window_words(from_at: datetime | None, due_at: datetime, speech: Speech) -> str:
    """«bis heute, 11:45», or «heute, 13:00–15:30» of a window that begins then."""
    _ = speech.say
    if from_at is None:
        return _("bis {time}").format(time=coming_time(due_at, speech))
    if from_at.astimezone(speech.zone).date() == due_at.astimezone(speech.zone).date():
        return f"{coming_time(from_at, speech)}–{clock_time(due_at, speech)}"
    return _("{begin} bis {end}").format(begin=coming_time(from_at, speech), end=coming_time(due_at, speech))


def promised_words(promise: Promise, speech: Speech) -> str:
    """The same of a promise."""
    return window_words(promise.from_at, promise.due_at, speech)


def choose_window(desk: Desk, label: str, *, key: str) -> None:
    """The widgets; `chosen_window` reads them. The usual time is chosen."""
    _ = desk.say
    store, now = desk.shop.store, desk.speech.now
    offered = [_option(None, promises.usual_window(store, now).due_at)]
    offered += [_option(window.from_at, window.due_at) for window in promises.call_windows(store, now)[:OFFERED]]
    chosen = st.session_state.get(key)
    if chosen and chosen != OTHER and chosen not in offered:  # offered when the dialog opened
        offered.insert(0, chosen)
    words = {option: window_words(*_times(option), desk.speech) for option in offered} | {OTHER: _("Andere Zeit")}
    st.pills(
        label,
        list(words),
        format_func=lambda option: words.get(option, ""),
        default=offered[0],
        required=True,
        key=key,
    )
    if st.session_state.get(key) == OTHER:
        _by_hand(desk, key)


def _by_hand(desk: Desk, key: str) -> None:
    _ = desk.say
    today = desk.speech.now.astimezone(desk.speech.zone).date()
    date_field(_("Datum"), today, key=f"{key}-day")
    with st.container(horizontal=True):
        st.time_input(_("Frühestens"), None, key=f"{key}-from")
        st.time_input(_("Spätestens"), time(17), key=f"{key}-clock")


def chosen_window(desk: Desk, key: str) -> tuple[datetime | None, datetime]:
    """(from, due) as chosen, aware; the present moment, which no service takes, if nothing."""
    chosen = st.session_state.get(key)
    if chosen and chosen != OTHER:
        return _times(chosen)
    field = st.session_state
    day, begin, end = (field.get(f"{key}-{name}") for name in ("day", "from", "clock"))
    if not chosen or not day or not end:
        return None, desk.speech.now
    zone = desk.speech.zone
    return datetime.combine(day, begin, zone) if begin else None, datetime.combine(day, end, zone)


def _option(from_at: datetime | None, due_at: datetime) -> str:
    return f"{from_at.isoformat() if from_at else ''}/{due_at.isoformat()}"


def _times(option: str) -> tuple[datetime | None, datetime]:
    begin, _slash, end = option.partition("/")
    return datetime.fromisoformat(begin) if begin else None, datetime.fromisoformat(end)
