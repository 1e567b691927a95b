"""Termine: the day as a board of people and things, the week as a list, and those who want a time."""

from datetime import date
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import state
from pages.parts.acting import edge
from pages.parts.board import draw_board
from pages.parts.board_data import board_data, counted, week_item
from pages.parts.booking_words import booking_item, request_item
from pages.parts.day_bar import draw_day_bar, open_day, show, shown_day
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.live_list import REFRESH_SECONDS, follow_tap
from pages.parts.plain import plain
from pages.parts.rows import draw_rows
from pages.parts.session import Desk, open_desk
from pages.parts.words import name_or, weekday_and_date
from services.booking_days import BoardDay, open_booking, show_day, show_week
from services.conversations import Conversation, open_conversation
from services.errors import NotFoundError
from services.typed import shorten


def open_wanted(desk: Desk) -> None:
    """The address names a booking: its day, with its drawer open."""
    booking_id = state.id_in_address("termin")
    if not booking_id:
        return
    del st.query_params["termin"]
    booking = open_booking(desk.shop, desk.actor, booking_id).booking
    show(booking.starts_at.astimezone(desk.speech.zone).date())
    state.ask("booking", booking_id)


def wanted_for(desk: Desk) -> Conversation | None:
    """The inquiry for which a time is looked for."""
    try:
        return open_conversation(desk.shop, desk.actor, state.id_in_address("anfrage"))
    except NotFoundError:
        return None


def asks_for(desk: Desk, talk: Conversation) -> None:
    """What this inquiry wants, while a time for it is looked for."""
    _ = desk.say
    with st.container(key="karte-wunsch", gap="xsmall"):
        st.text(shorten(talk.line.row.snippet or talk.inquiry.subject, 200))
        st.caption(_("Bitte auf eine freie Zeit tippen."))
        back, icon = {"anfrage": str(talk.inquiry.id)}, ":material/arrow_back:"
        st.page_link("staff/gespraech.py", label=_("Zurück zum Gespräch"), icon=icon, query_params=back)


def open_card(booking_id: int) -> None:
    state.ask_from_part("booking", booking_id)


def day_view(desk: Desk, board: BoardDay, inquiry_id: int) -> None:
    _ = desk.say
    day = board.day.isoformat()
    if not board.resources:
        draw_empty(_("Noch niemand im Kalender"), _("Wer und was gebucht wird, steht unter «Leistungen»."))
        return
    draw_board(
        board_data(board, desk.speech, desk.settings.trade),
        key="board",
        on_place=lambda column, minute: state.ask_from_part("enter", day, minute, column, inquiry_id),
        on_booking=open_card,
        on_block=partial(state.ask_from_part, "block-drop", day),
    )
    if board.gone:
        draw_section(_("Abgesagt"), key="abgesagt")
        items = [booking_item(one, board.resources, desk.speech) for one in board.gone]
        draw_rows(items, key="rows-abgesagt", kind="slim", label=_("Abgesagt"), on_tap=open_card)


def beside(desk: Desk, board: BoardDay) -> None:
    _ = desk.say
    draw_section(_("Wollen einen Termin"), key="erst-wunsch")
    items = [request_item(request, desk.speech) for request in board.requests]
    if items:
        draw_rows(items, key="rows-wunsch", kind="slim", label=_("Wollen einen Termin"), on_tap=open_card)
    else:
        st.caption(_("Alle Terminanfragen sind beantwortet."))
    day, icon = board.day.isoformat(), ":material/print:"
    with st.container(gap=None, key="tag-werkzeug"):
        st.link_button(_("Tagesplan drucken"), f"/intern/tagesplan?tag={day}", icon=icon, type="tertiary")
        st.button(
            _("Zeit sperren"),
            key="block",
            icon=":material/block:",
            type="tertiary",
            on_click=state.ask_from_part,
            args=("block", day),
        )


def day_page(desk: Desk, line: DeltaGenerator, board: BoardDay, inquiry_id: int) -> None:
    line.caption(plain(f"{weekday_and_date(board.day, desk.speech)} · {counted(board, desk.speech)}"))
    with st.container(key="split-termine"):
        left, right = st.columns([7, 3], gap="medium")
    with left:
        day_view(desk, board, inquiry_id)
    with right:
        beside(desk, board)


def week_page(desk: Desk, line: DeltaGenerator, days: list[BoardDay]) -> None:
    _ = desk.say
    first, last = (weekday_and_date(each.day, desk.speech) for each in (days[0], days[-1]))
    line.caption(plain(_("{start} bis {end}").format(start=first, end=last)))
    items = [week_item(each, desk.speech) for each in days]
    draw_rows(items, key="rows-woche", kind="slim", label=_("Woche"), on_tap=open_day)


@st.fragment(run_every=REFRESH_SECONDS, key="kalender")
def live(line: DeltaGenerator, day: date, inquiry_id: int) -> None:
    now = open_desk()
    _ = now.say
    if shown_day(now) != day:  # midnight has passed
        st.rerun()
    with edge(_):
        if st.session_state.get("ansicht") == "woche":
            week_page(now, line, show_week(now.shop, now.actor, day))
        else:
            day_page(now, line, show_day(now.shop, now.actor, day), inquiry_id)
    if state.take_whole_page():
        st.rerun()
    follow_tap()


desk = open_desk()
_ = desk.say
with edge(_):
    open_wanted(desk)
talk = wanted_for(desk)
title = _("Termin für {name}").format(name=name_or(talk.customer.name, _)) if talk else _("Termine")
line, _wait = draw_head(desk, title, primary=False)
if talk:
    asks_for(desk, talk)
inquiry_id = talk.inquiry.id if talk else 0
draw_day_bar(desk, shown_day(desk), inquiry_id)
live(line, shown_day(desk), inquiry_id)
