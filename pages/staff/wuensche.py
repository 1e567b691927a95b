"""Wünsche: what customers wait for, what is there for them, what people ask for most."""

import streamlit as st

from pages.parts.acting import dialog_button, edge
from pages.parts.head import draw_head
from pages.parts.live_list import follow_tap
from pages.parts.session import open_desk
from pages.parts.wish_rows import draw_lapsed, draw_open, draw_told, draw_wanted
from services.wishes import show_wishes

desk = open_desk()
_ = desk.say
draw_head(desk, _("Wünsche"), _("Was es gerade nicht gibt, und wer darauf wartet."), primary=False)
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="wunsch-leiste"):
    words = st.text_input(
        _("Suchen"),
        placeholder=_("Artikel oder Name"),
        icon=":material/search:",
        label_visibility="collapsed",
        key="wunsch-suche",
        type="search",
        live=True,
        width="stretch",
        bind="query-params",
    )
    dialog_button(_("Ware da"), "arrived", key="wunsch-da", icon=":material/package_2:", type="primary")
with edge(_):
    board = show_wishes(desk.shop, desk.actor, words or "")
    draw_lapsed(desk, board.lapsed)
    draw_open(desk, board, searched=bool(words))
    draw_told(desk, board.told)
    draw_wanted(desk)
follow_tap()
