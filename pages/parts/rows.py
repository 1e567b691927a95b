"""One list component for every list: rows go in as data and onto the screen as text nodes, a tap comes back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.dom import script

_HERE = Path(__file__).parent
_ROWS = st.components.v2.component(
    "theke_rows",
    css=(_HERE / "rows.css").read_text(encoding="utf-8"),
    js=script("rows.js"),
    html="<div class='rows'>\n</div>",
)

Item = Mapping[str, Any]


def draw_rows(
    items: Sequence[Item],
    *,
    key: str,
    on_tap: Callable[[int], None],
    kind: str = "inquiry",
    label: str = "",
    on_act: Callable[[str, int], None] | None = None,
) -> bool:
    """A list of tappable rows; `on_tap` gets the id of the row before the page runs again.

    An item may have `acts`, buttons of which `on_act` gets the name and the item's id, `more` of them in a line that
    one button with its `word` opens, and `call`, a number to dial; with `still` the row itself leads nowhere. Whether
    one of the buttons was tapped in this run.
    """

    def tapped() -> None:
        tap = st.session_state[key].tap
        if tap is not None:
            on_tap(int(tap))

    def acted() -> None:
        act = st.session_state[key].act
        if act and on_act:
            on_act(str(act["name"]), int(act["id"]))

    data = {"items": list(items), "kind": kind, "label": label}
    return bool(_ROWS(key=key, data=data, on_tap_change=tapped, on_act_change=acted).act)


@dataclass(frozen=True)
class Kept:
    """A list as it stands on an open page."""

    items: list[dict[str, Any]]
    new: int


def keep_places(
    shown: Sequence[Item],
    fresh: Iterable[Item],
    gone_word: str,
    *,
    ended: Mapping[int, str] | None = None,
    own: Collection[int] = (),
) -> Kept:
    """The rows of an open page in the places they had: changed ones in place, new ones only counted.

    New ones whose inquiry is in `own` come in at once, behind the row that stands before them. A row that is no longer
    in the list stays where it was: quiet with its word of `ended` and the buttons that it has `afterwards` for that
    word, or else struck out with `gone_word`.
    """
    order = [dict(item) for item in fresh]
    now = {item["id"]: item for item in order}
    over = ended or {}
    kept = [
        now.pop(item["id"]) if item["id"] in now else _gone(item, over.get(item["id"], ""), gone_word)
        for item in shown
    ]
    mine = [item for item in now.values() if item.get("target", item["id"]) in own]
    for item in mine:
        kept.insert(_place(item, order, kept), item)
    return Kept(kept, len(now) - len(mine))


def _place(item: Item, order: Sequence[Item], kept: Sequence[Item]) -> int:
    """Behind the nearest row that stands before `item` in `order` and is shown."""
    before = [other["id"] for other in order[: order.index(item)]]
    places = {shown["id"]: place for place, shown in enumerate(kept)}
    return next((places[ident] + 1 for ident in reversed(before) if ident in places), 0)


def _gone(item: Item, ended: str, gone_word: str) -> dict[str, Any]:
    quiet = {**item, "gone": not ended, "over": bool(ended), "tone": "customer", "flag": "", "alert": ""}
    acts = item.get("afterwards", {}).get(ended, [])  # by what came of it
    quiet |= {"rest": item.get("rest") if not ended else "", "acts": acts, "more": None, "call": None}
    quiet["badge"] = {"icon": "check", "word": ended or gone_word}
    return quiet
