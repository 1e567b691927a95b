"""A list of inquiries that keeps its places while the page is open and says what has come since."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.rows import draw_rows, keep_places
from pages.parts.session import Desk

REFRESH_SECONDS = 15
CONVERSATION = "staff/gespraech.py"


def draw_live_rows(
    desk: Desk,
    name: str,
    items: list[dict[str, Any]],
    *,
    wanted: str = "",
    kind: str = "inquiry",
    label: str = "",
    more: bool = False,
) -> None:
    """The rows of `name` in the places they had under the same filter `wanted`; new ones behind one button.

    `label` is what the list is called to those who hear the page. With `more` it is the top of a longer list, so that
    what moves up into it is not called new.
    """
    _ = desk.say
    kept = state.kept_list(name)
    new = 0
    if kept and kept[0] == wanted:
        arranged = keep_places(kept[1], items, _("Nicht mehr hier"))
        items, new = arranged.items, arranged.new
    state.keep_list(name, wanted, items)
    if new:
        shows = _more_word(desk, new) if more else _new_word(desk, new)
        st.button(shows, icon=":material/arrow_upward:", key=f"new-{name}", on_click=state.forget_list, args=(name,))
    draw_rows(items, key=f"rows-{name}", kind=kind, on_tap=state.go_to, label=label)


def _new_word(desk: Desk, count: int) -> str:
    _ = desk.say
    return _("Eine neue anzeigen") if count == 1 else _("{count} neue anzeigen").format(count=count)


def _more_word(desk: Desk, count: int) -> str:
    _ = desk.say
    return _("Eine weitere anzeigen") if count == 1 else _("{count} weitere anzeigen").format(count=count)


def follow_tap() -> None:
    """Open the conversation whose row was tapped in this run."""
    if inquiry_id := state.take_goto():
        st.switch_page(CONVERSATION, query_params={"anfrage": str(inquiry_id)})
