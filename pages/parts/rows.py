"""One list component for every list: rows go in as data and onto the screen as text nodes, a tap comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    items: Sequence[Item], *, key: str, on_tap: Callable[[int], None], kind: str = "inquiry", label: str = ""
) -> None:
    """A list of tappable rows; `on_tap` gets the id of the row before the page runs again."""

    def tapped() -> None:
        tap = st.session_state[key].tap
        if tap is not None:
            on_tap(int(tap))

    _ROWS(key=key, data={"items": list(items), "kind": kind, "label": label}, on_tap_change=tapped)


@dataclass(frozen=True)
class Kept:
    """A list as it stands on an open page."""

    items: list[dict[str, Any]]
    new: int


def keep_places(shown: Sequence[Item], fresh: Iterable[Item], gone_word: str) -> Kept:
    """The rows of an open page in the places they had: changed ones in place, new ones only counted.

    A row that is no longer in the list stays where it was, grey and marked with `gone_word`.
    """
    now = {item["id"]: dict(item) for item in fresh}
    kept = [now.pop(item["id"]) if item["id"] in now else _gone(item, gone_word) for item in shown]
    return Kept(kept, len(now))


def _gone(item: Item, word: str) -> dict[str, Any]:
    quiet = {**item, "gone": True, "tone": "customer", "flag": "", "alert": ""}
    quiet["badge"] = {"icon": "check", "word": word}
    return quiet
