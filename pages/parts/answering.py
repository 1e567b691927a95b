"""Under a conversation: the reply box, a card that says to call, or a sentence where there is no mail address."""

from __future__ import annotations

import streamlit as st

from data.records import CloseReason, InquiryState
from pages.parts import state
from pages.parts.acting import dialog_button, show_trouble
from pages.parts.plain import plain
from pages.parts.promising import dial, draw_promises
from pages.parts.reply_box import draw_reply_box
from pages.parts.session import Desk
from pages.parts.steps import close_as
from pages.parts.words import name_or
from services import promises
from services.conversations import Conversation
from services.customers import PHONE_ONLY


def is_called(talk: Conversation) -> bool:
    """Whether the place of the answer is that of a call. Who wants to be called is written to only by somebody who
    insists or has begun."""
    begun = bool(talk.draft and talk.draft.body.strip())
    return talk.customer.preferred == PHONE_ONLY and not (
        _has_mail(talk) and (begun or state.writes_anyway(talk.inquiry.id))
    )


def _has_mail(talk: Conversation) -> bool:
    return any(contact.kind == "mail" for contact in talk.contacts)


def draw_answer(desk: Desk, talk: Conversation) -> None:
    """How this customer is answered."""
    _ = desk.say
    if is_called(talk):
        _draw_call(desk, talk)
    elif _has_mail(talk):
        draw_reply_box(desk, talk)
    else:
        show_trouble()
        st.caption(_("Keine E-Mail-Adresse bekannt. Rufen Sie an, oder tragen Sie auf der Kundenkarte eine ein."))


def _draw_call(desk: Desk, talk: Conversation) -> None:
    """What «nur Telefon» on the customer's card means here: the promised call with what came of it, or the way to one;
    after one that reached, the way to the end."""
    _ = desk.say
    ident = talk.inquiry.id
    show_trouble()
    draw_promises(desk, talk)
    if talk.promises:
        _offer_letter(desk, talk)
        return
    with st.container(key="karte-anruf", gap="small"):
        wish = _("{name} möchte nur angerufen werden").format(name=name_or(talk.customer.name, _))
        st.subheader(f":material/phone_in_talk: {plain(wish)}", anchor=False)
        if promises.just_kept(desk.shop, ident) and talk.inquiry.state == InquiryState.OPEN:
            _ask_for_end(desk, ident)
        else:
            _draw_numbers(desk, talk)
        with st.container(horizontal=True, gap="xsmall"):
            icon = ":material/phone_forwarded:"
            dialog_button(_("Rückruf zusagen"), "callback", ident, key="a-call", icon=icon)
            dialog_button(_("Anruf notieren"), "call", ident, key="a-log", icon=":material/call_log:")
            _offer_letter(desk, talk)


def _draw_numbers(desk: Desk, talk: Conversation) -> None:
    phones = list(dict.fromkeys(contact.address for contact in talk.contacts if contact.kind == "phone"))
    for phone in phones[:2]:
        dial(desk, phone)
    if not phones:
        st.caption(desk.say("Keine Telefonnummer bekannt. Tragen Sie auf der Kundenkarte eine ein."))


def _ask_for_end(desk: Desk, inquiry_id: int) -> None:
    """The call reached: nobody has to look for the menu at the side."""
    _ = desk.say
    show_trouble("a-close")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="a-ende"):
        st.markdown(_("Erreicht. Ist alles gesagt?"), width="stretch")
        icon, done = ":material/check_circle:", (inquiry_id, CloseReason.ANSWERED, "a-close")
        st.button(_("Schließen"), key="a-close", icon=icon, type="primary", on_click=close_as, args=done)


def _offer_letter(desk: Desk, talk: Conversation) -> None:
    if _has_mail(talk):
        label = desk.say("Trotzdem schreiben")
        st.button(label, key="a-write", type="tertiary", on_click=state.write_anyway, args=(talk.inquiry.id,))
