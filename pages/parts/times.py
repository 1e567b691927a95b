"""Choosing a time by one tap: the usual ones as buttons, any other by date and clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import streamlit as st

from pages.parts.session import Desk
from pages.parts.words import Speech, day_and_time

OTHER = "other"


def usual_times(speech: Speech, *, soon: bool) -> list[datetime]:
    """Later today, tomorrow morning, next Monday; with `soon` also in an hour. Aware, in the shop's zone."""
    here = speech.now.astimezone(speech.zone)
    today = here.date()
    to_monday = (7 - today.weekday()) % 7 or 7
    wanted = [_at(today, 16, speech), _at(today + timedelta(days=1), 8, speech)]
    if to_monday > 1:
        wanted.append(_at(today + timedelta(days=to_monday), 8, speech))
    if soon and here.hour < 20:
        wanted.insert(0, _next_half_hour(here + timedelta(minutes=45)))
    return [moment for moment in dict.fromkeys(wanted) if moment > here + timedelta(minutes=15)]


def choose_time(desk: Desk, label: str, *, key: str, soon: bool = False, optional: bool = False) -> None:
    """The widgets; `chosen_time` reads them."""
    _ = desk.say
    usual = {moment.isoformat(): day_and_time(moment, desk.speech) for moment in usual_times(desk.speech, soon=soon)}
    options = [*usual, OTHER]
    words = {**usual, OTHER: _("Andere Zeit")}
    st.pills(
        label,
        options,
        format_func=lambda option: words.get(option, ""),
        default=None if optional else options[0],
        required=not optional,
        key=key,
    )
    if st.session_state.get(key) == OTHER:
        tomorrow = desk.speech.now.astimezone(desk.speech.zone).date() + timedelta(days=1)
        with st.container(horizontal=True):
            st.date_input(_("Datum"), tomorrow, format="DD.MM.YYYY", key=f"{key}-day")
            st.time_input(_("Uhrzeit"), time(9), key=f"{key}-clock")


def chosen_time(desk: Desk, key: str) -> datetime | None:
    """What was chosen, aware; None if nothing."""
    chosen = st.session_state.get(key)
    if not chosen:
        return None
    if chosen != OTHER:
        return datetime.fromisoformat(chosen)
    day, clock = st.session_state.get(f"{key}-day"), st.session_state.get(f"{key}-clock")
    return datetime.combine(day, clock, desk.speech.zone) if day and clock else None


def _at(day: date, hour: int, speech: Speech) -> datetime:
    return datetime.combine(day, time(hour), speech.zone)


def _next_half_hour(moment: datetime) -> datetime:
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full + timedelta(minutes=-(-moment.minute // 30) * 30)
