"""Kunden: find somebody by name, mail or number; their card and what they asked before."""

from functools import partial

import streamlit as st

from data.records import Customer
from pages.parts import state
from pages.parts.card import draw_card
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.items import customer_item, history_item
from pages.parts.live_list import follow_tap
from pages.parts.rows import draw_rows
from pages.parts.session import Desk, open_desk
from pages.parts.words import name_or
from services import customers
from services.errors import NotFoundError

SHOWN = 50


def choose(customer_id: int) -> None:
    st.query_params["kunde"] = str(customer_id)


def chosen() -> int:
    wanted = st.query_params.get("kunde", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0


def draw_found(desk: Desk, found: list[Customer], words: str) -> None:
    _ = desk.say
    if found:
        draw_rows([customer_item(c, desk.speech) for c in found[:SHOWN]], key="rows-kunden", kind="slim", on_tap=choose)
    elif words:
        draw_empty(_("Niemand gefunden"), _("Suchen Sie mit einem Teil des Namens oder der Nummer."), icon="search_off")
    else:
        draw_empty(_("Noch keine Kunden"), _("Wer schreibt oder notiert wird, steht von selbst hier."), icon="group")


def draw_customer(desk: Desk, customer_id: int) -> None:
    _ = desk.say
    card = customers.open_card(desk.shop, desk.actor, customer_id)
    draw_card(desk, card.customer, card.contacts, title=name_or(card.customer.name, _))
    mails = [contact.shown for contact in card.contacts if contact.kind == "mail"]
    if mails:
        write = partial(state.ask, "write", card.customer.name, mails[0])
        st.button(_("Schreiben"), icon=":material/mail:", key="kunde-write", on_click=write, width="stretch")
    if card.inquiries:
        draw_section(_("Verlauf"), key="verlauf")
        items = [history_item(row, desk.speech) for row in card.inquiries]
        draw_rows(items, key=f"rows-verlauf-{customer_id}", kind="slim", on_tap=state.go_to)


desk = open_desk()
_ = desk.say
draw_head(desk, _("Kunden"), _("Wer schreibt, anruft oder hereinkommt, steht von selbst hier."))
typed = st.text_input(
    _("Suchen"),
    placeholder=_("Name, E-Mail oder Telefonnummer"),
    icon=":material/search:",
    label_visibility="collapsed",
    key="suche",
    bind="query-params",
)
found = customers.find_customers(desk.shop, desk.actor, typed or "")
if not chosen():
    draw_found(desk, found, typed or "")
else:
    with st.container(key="split-kunden"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        draw_found(desk, found, typed or "")
    try:
        with right:
            draw_customer(desk, chosen())
    except NotFoundError:
        right.empty()
        draw_empty(_("Diesen Kunden gibt es nicht mehr"), _("Suchen Sie links nach einem anderen."), icon="person_off")
follow_tap()
