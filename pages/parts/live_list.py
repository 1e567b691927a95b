"""A list of inquiries that keeps its places while the page is open and says what has come since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import state
from pages.parts.rows import draw_rows, keep_places
from pages.parts.session import Desk
from services.focus import focus_until, pressing_among
from services.inquiries import InquiryList

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
    are gone what came of them; `on_act(name, id)` hears of the buttons. In focus time only urgent ones are announced:
    the others are there when the page is opened anew.
    """
    _ = desk.say
    kept = state.kept_list(name)
    waiting: list[dict[str, Any]] = []
    if kept and kept[0] == wanted:
        arranged = keep_places(kept[1], items, _("Nicht mehr hier"), ended=ended, own=state.own_rows())
        shown = {item["id"] for item in arranged.items}
        waiting = [item for item in items if item["id"] not in shown]
        items = arranged.items
    state.keep_list(name, wanted, items)
    if shows := _announced(desk, waiting, more):
        key, icon = f"new-{name}", ":material/arrow_upward:"
        beside.button(shows, icon=icon, key=key, on_click=state.forget_list, args=(name,))
    return draw_rows(items, key=f"rows-{name}", kind=kind, on_tap=state.go_to, label=label, on_act=on_act)


def known_in_focus(desk: Desk, name: str, found: InquiryList, wanted: str = "") -> InquiryList:
    """In focus time the list without those that came since the page was opened, urgent ones and one's own excepted.

    So nothing tells of them, no number above the list and no row in one that was empty. Else the list as it is.
    """
    ids, known = {line.row.id for line in found.waiting}, state.known_rows(name)
    if known is None or known[0] != wanted or not focus_until(desk.shop):
        state.keep_known(name, wanted, ids)
        return found
    new = ids - known[1] - state.own_rows()
    new -= pressing_among(desk.shop, sorted(new)) if new else set()
    return replace(found, waiting=[line for line in found.waiting if line.row.id not in new])


def gone_from(name: str, items: list[dict[str, Any]]) -> list[int]:
    """The ids of the rows that the list `name` still shows and that are not among `items` any more."""
    now = {item["id"] for item in items}
    kept = state.kept_list(name)
    return [item["id"] for item in kept[1] if item["id"] not in now] if kept else []


def _announced(desk: Desk, waiting: list[dict[str, Any]], more: bool) -> str:
    """What the button says above a list that leaves these out for now; '' for none."""
    if waiting and focus_until(desk.shop):
        urgent = pressing_among(desk.shop, [item.get("target", item["id"]) for item in waiting])
        count = sum(item.get("target", item["id"]) in urgent for item in waiting)
        return _urgent_word(desk, count) if count else ""
    if not waiting:
        return ""
    return _more_word(desk, len(waiting)) if more else _new_word(desk, len(waiting))


def _urgent_word(desk: Desk, count: int) -> str:
    _ = desk.say
    return _("1 dringend") if count == 1 else _("{count} dringend").format(count=count)


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
