"""Which days «Auswertung» is about and what they are compared with: kept in the address, in words of no language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.date_field import date_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from services.rules.periods import OWN, WORDS, Comparison, Period, read_period

_FIRST, _LAST = "von", "bis"  # in the address; the fields beside them have keys of their own
_SHOWN = ("woche", "monat", "quartal", "jahr", OWN)  # in the order of their length


@dataclass(frozen=True)
class Asked:
    """What the page shall show."""

    period: Period
    comparison: Comparison


def draw_period_bar(desk: Desk) -> Asked:
    """The row of choices; what they come to."""
    _ = desk.say
    today = desk.speech.now.astimezone(desk.speech.zone).date()
    wrong = st.query_params.get("zeitraum", "") not in {"", *WORDS}
    period_look = state.in_address("zeitraum", WORDS)
    comparison_look = state.in_address("vergleich", tuple(Comparison))
    with st.container(horizontal=True, vertical_alignment="center", key="zeitwahl", gap="small"):
        _choose(desk, period_look)
        if st.session_state["zeitraum"] == OWN:
            _choose_days(desk, today)
        words = {Comparison.PREVIOUS: _("gegen den Zeitraum davor"), Comparison.LAST_YEAR: _("gegen das Vorjahr")}
        st.selectbox(
            _("Vergleich"),
            list(Comparison),
            format_func=lambda one: words[Comparison(one)],
            label_visibility="collapsed",
            width=250,
            placeholder=_("Bitte wählen"),
            **comparison_look,
        )
    period, problem = _period(today)
    problem = read_problem("?", today) if wrong else problem
    if problem:
        shown = _("Gezeigt werden die letzten {days} Tage.").format(days=period.days)
        st.warning(plain(f"{_(problem)} {shown}"), icon=":material/event_busy:")
    return Asked(period, Comparison(st.session_state["vergleich"]))


def read_problem(word: str, today: date) -> str:
    """Why this word names no period, '' if it does."""
    try:
        read_period(word, "", "", today)
    except ValueError as error:
        return str(error)
    return ""


def _choose(desk: Desk, look: dict[str, Any]) -> None:
    _ = desk.say
    words = {
        "woche": _("Woche"),
        "monat": _("Monat"),
        "quartal": _("90 Tage"),
        "jahr": _("Jahr"),
        OWN: _("Eigener"),
    }
    st.segmented_control(
        _("Zeitraum"), _SHOWN, required=True, format_func=lambda word: words[word], label_visibility="collapsed", **look
    )


def _period(today: date) -> tuple[Period, str]:
    """The period of the address; where that is none, the usual one and why."""
    word = st.session_state["zeitraum"]
    first, last = (st.query_params.get(name, "") for name in (_FIRST, _LAST))
    if word == OWN and not first and not last:
        first, last = _month_before(today).isoformat(), today.isoformat()
    try:
        return read_period(word, first, last, today), ""
    except ValueError as error:
        return read_period("", "", "", today), str(error)


def _month_before(today: date) -> date:
    return today - timedelta(days=29)


def _choose_days(desk: Desk, today: date) -> None:
    _ = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key="zeitwahl-tage", gap="xsmall", width="content"):
        _choose_day(_FIRST, _("von"), _month_before(today))
        st.caption(_("bis"), width="content")
        _choose_day(_LAST, _("bis"), today)


def _choose_day(name: str, label: str, usual: date) -> None:
    key = f"zeitraum-{name}"
    st.session_state[key] = _day_or(st.query_params.get(name, ""), usual)
    date_field(label, label_visibility="collapsed", key=key, on_change=_keep_day, args=(name,), width=166)


def _day_or(text: str, usual: date) -> date:
    """The day of the address, also one that is no end of a period: it stands below the sentence that says so."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual


def _keep_day(name: str) -> None:
    for each in (_FIRST, _LAST):
        day = st.session_state[f"zeitraum-{each}"]
        if day and (each == name or each not in st.query_params):
            st.query_params[each] = day.isoformat()
