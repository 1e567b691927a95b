"""Kunden: find somebody by name, mail or number; their card and what they asked before."""

import streamlit as st

from data.records import InquiryState
from pages.parts import state
from pages.parts.acting import dialog_button
from pages.parts.card import draw_card
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.history import draw_history
from pages.parts.items import customer_item, history_item
from pages.parts.live_list import follow_tap
from pages.parts.person import draw_card_steps, draw_person, open_card
from pages.parts.rows import draw_rows
from pages.parts.session import Desk, open_desk
from pages.parts.wishing import draw_wishes
from pages.parts.words import name_or
from services import customers
from services.customers import PHONE_ONLY, CustomerCard
from services.errors import NotFoundError

SHOWN = 50
# Where the card takes the list's place, a row far down would leave its top out of sight. The id makes each card's new.
_TO_THE_TOP = """<script data-card="{id}">
if (matchMedia("(max-width: 960px)").matches) document.querySelector("[data-testid=stMain]").scrollTo(0, 0)
</script>"""


def leave() -> None:
    st.query_params.pop("kunde", None)


def chosen_card(desk: Desk) -> CustomerCard | None:
    """The card that the address asks for; None for none and for one that is gone, which is said."""
    _ = desk.say
    if not (customer_id := state.id_in_address("kunde")):
        return None
    try:
        return customers.open_card(desk.shop, desk.actor, customer_id)
    except NotFoundError:
        draw_empty(_("Diesen Kunden gibt es nicht mehr"), _("Suchen Sie nach einem anderen."), icon="person_off")
        return None


def draw_found(desk: Desk, words: str, chosen: int) -> None:
    _ = desk.say
    found = customers.find_customers(desk.shop, desk.actor, words)
    if found:
        items = [{**customer_item(each, desk.speech), "chosen": each.customer.id == chosen} for each in found[:SHOWN]]
        draw_rows(items, key="rows-kunden", kind="slim", on_tap=open_card, label=_("Kunden"))
        if len(found) >= SHOWN and (count := customers.count_found(desk.shop, desk.actor, words)) > SHOWN:
            more = _("{shown} von {count}. Suchen Sie, wen Sie brauchen.")
            st.caption(more.format(shown=SHOWN, count=count))
    elif words:
        draw_empty(_("Niemand gefunden"), _("Suchen Sie mit einem Teil des Namens oder der Nummer."), icon="search_off")
    else:
        draw_empty(_("Noch keine Kunden"), _("Wer schreibt oder notiert wird, steht von selbst hier."), icon="group")


def draw_customer(desk: Desk, card: CustomerCard) -> None:
    _ = desk.say
    st.html(_TO_THE_TOP.format(id=card.customer.id), unsafe_allow_javascript=True)
    st.button(_("Zur Liste"), icon=":material/arrow_back:", type="tertiary", key="zur-liste", on_click=leave)
    draw_card(desk, card.customer, card.contacts, title=name_or(card.customer.name, _))
    mails = [contact.shown for contact in card.contacts if contact.kind == "mail"]
    if mails:
        calls = card.customer.preferred == PHONE_ONLY
        label, kind = (_("Trotzdem schreiben"), "tertiary") if calls else (_("Schreiben"), "secondary")
        look = {"icon": ":material/mail:", "width": "stretch", "type": kind}
        dialog_button(label, "write", card.customer.name, mails[0], key="kunde-write", **look)
    look = {"icon": ":material/bookmark_add:", "width": "stretch"}
    dialog_button(_("Wunsch notieren"), "wish-of", card.customer.id, key="kunde-wish", **look)
    draw_card_steps(desk, card)
    draw_wishes(desk, card.customer.id)
    draw_person(desk, card)
    still_open = [row for row in card.inquiries if row.state is InquiryState.OPEN]
    if still_open:
        draw_section(_("Offen"), key="offen")
        items = [history_item(row, desk.speech) for row in still_open]
        draw_rows(items, key=f"rows-offen-{card.customer.id}", kind="slim", on_tap=state.go_to, label=_("Offen"))
    draw_history(desk, card.customer.id)


desk = open_desk()
_ = desk.say
draw_head(desk, _("Kunden"), _("Wer schreibt, anruft oder hereinkommt, steht von selbst hier."))
words = st.text_input(
    _("Suchen"),
    placeholder=_("Name, E-Mail oder Telefonnummer"),
    icon=":material/search:",
    label_visibility="collapsed",
    key="suche",
    type="search",
    live=True,
    bind="query-params",
)
card = chosen_card(desk)
with st.container(key="split-kunden"):
    left, right = st.columns([7, 5], gap="medium")
with left:
    draw_found(desk, words or "", card.customer.id if card else 0)
if card is not None:
    with right:
        draw_customer(desk, card)
follow_tap()
