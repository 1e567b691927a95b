"""Which day Termine shows and how: the row of buttons above the board, kept in the address."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from pages.parts import state
from pages.parts.board_data import first_place
from pages.parts.date_field import date_field
from pages.parts.session import Desk
from services.booking_days import show_day

VIEWS = ("tag", "woche")  # the words of the address: the same in every language
_YEARS = 20  # before and after today; nobody looks further
_DAY, _PICKED = "tag", "tagwahl-tag"


def shown_day(desk: Desk) -> date:
    """The day that the address asks for, else today."""
    today = desk.speech.now.astimezone(desk.speech.zone).date()
    try:
        asked = date.fromisoformat(st.query_params.get(_DAY, ""))
    except ValueError:
        return today
    return asked if abs(asked.year - today.year) <= _YEARS else today


def show(day: date) -> None:
    """Show another day, as the callback of a widget or from the page's beginning."""
    st.query_params[_DAY] = day.isoformat()


def open_day(ordinal: int) -> None:
    """Show the day that was tapped in the week."""
    show(date.fromordinal(ordinal))
    st.query_params.pop("ansicht", None)
    state.want_whole_page()


def draw_day_bar(desk: Desk, day: date, inquiry_id: int) -> None:
    """The date, a step back and on, today, day or week, and «Termin eintragen» for what the inquiry wants, if any."""
    _ = desk.say
    look = state.in_address("ansicht", VIEWS)
    with st.container(horizontal=True, vertical_alignment="center", key="tagwahl", gap="xsmall"):
        _choose_day(desk, day)
        words = {"tag": _("Tag"), "woche": _("Woche")}
        st.segmented_control(
            _("Ansicht"),
            VIEWS,
            required=True,
            format_func=lambda view: words[view],
            label_visibility="collapsed",
            **look,
        )
        place = first_place(show_day(desk.shop, desk.actor, day), desk.speech)
        args, icon = ("enter", day.isoformat(), place, 0, inquiry_id), ":material/add:"
        st.button(_("Termin eintragen"), key="enter", icon=icon, type="primary", on_click=state.ask, args=args)


def _choose_day(desk: Desk, day: date) -> None:
    _ = desk.say
    st.session_state[_PICKED] = day
    date_field(_("Tag"), label_visibility="collapsed", key=_PICKED, on_change=_pick, width=166)
    step = timedelta(days=7 if st.session_state["ansicht"] == "woche" else 1)
    for icon, to, word in (("chevron_left", day - step, _("Zurück")), ("chevron_right", day + step, _("Weiter"))):
        st.button(word, key=f"tagwahl-{icon}", icon=f":material/{icon}:", on_click=show, args=(to,))
    if day != desk.speech.now.astimezone(desk.speech.zone).date():
        st.button(_("Heute"), key="tagwahl-heute", on_click=_today)


def _pick() -> None:
    if day := st.session_state[_PICKED]:
        show(day)


def _today() -> None:
    st.query_params.pop(_DAY, None)
