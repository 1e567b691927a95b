"""The day board, a component of ours: a day goes in as data, a tap on a booking, a block or a gap comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.dom import script

_BOARD = st.components.v2.component(
    "theke_board",
    css=Path(__file__).with_name("board.css").read_text(encoding="utf-8"),
    js=script("board.js"),
    html="<div class='board'>\n</div>",
)


def draw_board(
    day: Mapping[str, Any],
    *,
    key: str,
    on_place: Callable[[int, int], None],
    on_booking: Callable[[int], None],
    on_block: Callable[[int], None],
) -> None:
    """The board of `board_data`; the callbacks run before the page does.

    `on_place` gets the column and the minute of the day that was tapped, the others an id.
    """

    def placed() -> None:
        if place := st.session_state[key].place:
            on_place(int(place["column"]), int(place["minute"]))

    def opened() -> None:
        if booking := st.session_state[key].booking:
            on_booking(int(booking))

    def lifted() -> None:
        if block := st.session_state[key].block:
            on_block(int(block))

    _BOARD(key=key, data=dict(day), on_place_change=placed, on_booking_change=opened, on_block_change=lifted)
