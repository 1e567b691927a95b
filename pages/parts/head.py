"""The head row of every page: title, one grey sentence, the wait, «Notieren»; and the empty state."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.acting import dialog_button, show_trouble
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import urgency_badge, wait_figure
from services.inquiries import InquiryLine

_COLOURS = {"late": "red", "soon": "orange"}


def draw_head(
    desk: Desk,
    title: str,
    sub: str = "",
    *,
    primary: bool = True,
    back: str = "",
    write: bool = False,
    trouble: bool = True,
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The row; its places for the sentence and for the wait, which live parts may fill anew."""
    _ = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key="head", gap="small"):
        if back:
            st.page_link(back, label="", icon=":material/arrow_back:", help=_("Zurück"), width="content")
        with st.container(gap=None, width="stretch", key="head-text"):
            st.title(plain(title) or " ", anchor=False)
            line = st.container(gap=None)
            if sub:
                with line, st.container(gap=None, key="head-sub"):  # on a phone there is no room for it
                    st.caption(plain(sub))
        wait = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="wartezeit")
        if write:
            dialog_button(_("Schreiben"), "write", key="head-write", icon=":material/mail:")
        if not back:  # a conversation has its own way to a wish, with the person filled in
            dialog_button(_("Wunsch"), "wish", key="head-wish", icon=":material/bookmark_add:")
        kind = "primary" if primary else "secondary"
        dialog_button(_("Notieren"), "note", key="head-note", icon=":material/edit_square:", type=kind)
    if trouble:
        show_trouble()
    return line, wait


def draw_wait(desk: Desk, line: InquiryLine) -> None:
    """The wait as the biggest words of a conversation, with its badge."""
    if line.row.waiting_since is None:
        return
    figure = str(wait_figure(line.wall_minutes, desk.speech))
    colour = _COLOURS.get(line.urgency)
    st.markdown(f":{colour}[{figure}]" if colour else f"**{figure}**", width="content")
    icon, word = urgency_badge(line.urgency, desk.say)
    st.badge(word, icon=f":material/{icon}:", color=colour or "green")  # type: ignore[arg-type]


def draw_empty(title: str, text: str, *, icon: str = "task_alt") -> DeltaGenerator:
    """A card that says what is missing and why that is fine; the place for the one next step."""
    card = st.container(key="karte-leer", gap="small", horizontal_alignment="center")
    with card:
        with st.container(key="leer-icon", width="content"):
            st.markdown(f":material/{icon}:", width="content")
        st.subheader(plain(title), anchor=False, width="content")
        st.markdown(plain(text), width="content", text_alignment="center")
    return card


def draw_section(title: str, *, key: str, sub: str = "") -> DeltaGenerator:
    """A heading that belongs to what follows; the place beside it, as high as a button from the first."""
    with st.container(gap=None, key=f"h-{key}"):
        row = _draw_line(key)
        row.subheader(plain(title), anchor=False, width="content")
        if sub:
            st.caption(plain(sub))
    return row


def draw_note(sentence: str, *, key: str) -> DeltaGenerator:
    """A quiet line above a list without a heading; the place beside it, as high as a button from the first."""
    row = _draw_line(key)
    row.caption(plain(sentence))
    return row


def _draw_line(key: str) -> DeltaGenerator:
    look: dict[str, Any] = {"vertical_alignment": "center", "horizontal_alignment": "distribute", "gap": "small"}
    return st.container(horizontal=True, key=f"hz-{key}", **look)
