"""The head row of every page: title, one grey sentence, the wait, «Notieren»; and the empty state."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import state
from pages.parts.acting import show_trouble
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
        with line:
            if sub:
                st.caption(plain(sub))
        wait = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="wartezeit")
        if write:
            st.button(_("Schreiben"), icon=":material/mail:", key="head-write", on_click=state.ask, args=("write",))
        st.button(
            _("Notieren"),
            icon=":material/edit_square:",
            type="primary" if primary else "secondary",
            key="head-note",
            on_click=state.ask,
            args=("note",),
        )
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


def draw_empty(title: str, text: str, *, icon: str = "task_alt", key: str = "leer") -> DeltaGenerator:
    """A card that says what is missing and why that is fine; the place for the one next step."""
    card = st.container(key=f"karte-{key}", gap="small", horizontal_alignment="center")
    with card:
        with st.container(key=f"{key}-icon", width="content"):
            st.markdown(f":material/{icon}:", width="content")
        st.subheader(plain(title), anchor=False, width="content")
        st.markdown(plain(text), width="content", text_alignment="center")
    return card


def draw_section(title: str, *, key: str, sub: str = "") -> DeltaGenerator:
    """A heading that belongs to what follows; the place beside it."""
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"h-{key}")
    with row, st.container(gap=None, width="content"):
        st.subheader(plain(title), anchor=False, width="content")
        if sub:
            st.caption(plain(sub))
    return row
