"""A list of inquiries that keeps its places while the page is open and says what has come since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import state
from pages.parts.rows import draw_rows, keep_places
from pages.parts.session import Desk

REFRESH_SECONDS = 15
CONVERSATION = "staff/gespraech.py"
LIST = "staff/anfragen.py"
CALENDAR = "staff/kalender.py"


def draw_live_rows(
    desk: Desk,
    name: str,
    items: list[dict[str, Any]],
    *,
    beside: DeltaGenerator,
    wanted: str = "",
    kind: str = "inquiry",
    label: str = "",
    more: bool = False,
    ended: Mapping[int, str] | None = None,
    on_act: Callable[[str, int], None] | None = None,
) -> bool:
    """The rows of `name` in the places they had under the same filter `wanted`; whether a button in one was tapped.

    New ones wait behind one button in the row `beside`, which is there before: nothing moves under a finger. Those that
    somebody made at this tab are shown at once. `label` is what the list is called to those who hear the page. With
    `more` it is the top of a longer list, so that what moves up into it is not called new. `ended` says of rows that
    are gone what came of them; `on_act(name, id)` hears of the buttons.
    """
    _ = desk.say
    kept = state.kept_list(name)
    new = 0
    if kept and kept[0] == wanted:
        arranged = keep_places(kept[1], items, _("Nicht mehr hier"), ended=ended, own=state.own_rows())
        items, new = arranged.items, arranged.new
    state.keep_list(name, wanted, items)
    if new:
        shows = _more_word(desk, new) if more else _new_word(desk, new)
        key, icon = f"new-{name}", ":material/arrow_upward:"
        beside.button(shows, icon=icon, key=key, on_click=state.forget_list, args=(name,))
    return draw_rows(items, key=f"rows-{name}", kind=kind, on_tap=state.go_to, label=label, on_act=on_act)


def gone_from(name: str, items: list[dict[str, Any]]) -> list[int]:
    """The ids of the rows that the list `name` still shows and that are not among `items` any more."""
    now = {item["id"] for item in items}
    kept = state.kept_list(name)
    return [item["id"] for item in kept[1] if item["id"] not in now] if kept else []


def _new_word(desk: Desk, count: int) -> str:
    _ = desk.say
    return _("1 neue") if count == 1 else _("{count} neue").format(count=count)


def _more_word(desk: Desk, count: int) -> str:
    _ = desk.say
    return _("1 weitere") if count == 1 else _("{count} weitere").format(count=count)


def follow_tap() -> None:
    """Open the conversation or booking whose row was tapped in this run, or the list where the page's own is gone."""
    if state.take_leave():
        st.switch_page(LIST)
    if inquiry_id := state.take_goto():
        st.switch_page(CONVERSATION, query_params={"anfrage": str(inquiry_id)})
    if booking_id := state.take_booking():
        st.switch_page(CALENDAR, query_params={"termin": str(booking_id)})
