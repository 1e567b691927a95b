"""Gespräch: one inquiry with all that is needed to answer it, on one page."""

from functools import partial

import streamlit as st

from pages.parts import state
from pages.parts.acting import do, edge
from pages.parts.answering import draw_answer, is_called
from pages.parts.card import draw_card
from pages.parts.head import draw_empty, draw_head, draw_wait
from pages.parts.idea import draw_ideas
from pages.parts.plain import plain
from pages.parts.promising import draw_promises
from pages.parts.reply_box import nothing_to_say
from pages.parts.session import Desk, open_desk
from pages.parts.steps import draw_steps
from pages.parts.thread import draw_thread
from pages.parts.wishing import draw_wishes
from pages.parts.words import hidden_until, name_or, open_span, wait_figure
from pages.parts.wrap_up import draw_wrap_up, has_ended, makes_sense
from services import replies
from services.conversations import Conversation, next_inquiry, open_conversation
from services.errors import NotFoundError
from services.typed import shorten

REFRESH_SECONDS = 5


def said_before(desk: Desk, talk: Conversation) -> str:
    _ = desk.say
    again = ""
    if talk.inquiry.contacts_waiting > 1:
        again = _("Fragt zum {count}. Mal").format(count=talk.inquiry.contacts_waiting)
    draft = _("Entwurf, noch nicht gesendet") if talk.line.row.unsent else ""
    hidden = hidden_until(talk.inquiry.snoozed_until_at, desk.speech)
    parts = (hidden, draft, open_span(talk.line, desk.speech), again, shorten(talk.inquiry.subject, 60))
    return " · ".join(part for part in parts if part)


def act(inquiry_id: int, name: str, message_id: int) -> None:
    if name == "confirm":
        state.ask("confirm", message_id)
        return

    def work(now: Desk) -> str | None:
        _ = now.say
        if name == "send_again":
            replies.send_again(now.shop, now.actor, message_id)
            return _("Wird noch einmal gesendet.")
        take = replies.take_back_reply if name == "take_back" else replies.give_up
        take(now.shop, now.actor, message_id)
        forward = replies.forward_of(now.shop, message_id)
        if forward is None:
            state.renew_draft(inquiry_id)
            return _("Zurückgeholt. Der Text steht wieder im Feld.")
        st.session_state["fw-to"], st.session_state["fw-note"] = forward
        state.ask("forward", inquiry_id)
        return _("Zurückgeholt. Nichts ist hinausgegangen.")

    do(work)


def lead_on(desk: Desk, talk: Conversation) -> None:
    """After a reply of this tab: who is next."""
    _ = desk.say
    if not state.sent_form(talk.inquiry.id) or not nothing_to_say(talk):
        return
    if line := next_inquiry(desk.shop, desk.actor, talk.inquiry.id):
        name, wait = name_or(line.row.customer_name, _), wait_figure(line.wall_minutes, desk.speech)
        label = plain(_("Nächste Anfrage: {name}, {wait}").format(name=name, wait=wait))
        icon, target = ":material/arrow_forward:", {"anfrage": str(line.row.id)}
        st.page_link("staff/gespraech.py", label=label, icon=icon, icon_position="right", query_params=target)


@st.fragment(run_every=REFRESH_SECONDS, key="gespraech")
def live(line: st.delta_generator.DeltaGenerator, wait: st.delta_generator.DeltaGenerator) -> None:
    now = open_desk()
    _ = now.say
    with edge(_):
        talk = open_conversation(now.shop, now.actor, state.id_in_address("anfrage"))
        if talk.inquiry.id != state.id_in_address("anfrage"):  # joined into another one while this tab was open
            st.query_params["anfrage"] = str(talk.inquiry.id)
            st.rerun()
        if sub := said_before(now, talk):
            line.caption(plain(sub))
        with wait:
            draw_wait(now, talk.line)
        tapped = draw_thread(talk, now.speech, key="thread", on_act=partial(act, talk.inquiry.id))
        if talk.others_present:
            names = ", ".join(name.split(" ")[0] for name in talk.others_present)
            here = _("{names} ist auch hier") if len(talk.others_present) == 1 else _("{names} sind auch hier")
            st.caption(f":material/group: {plain(here.format(names=names))}")
        lead_on(now, talk)
        if tapped:
            st.rerun()


def draw_conversation(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    name = name_or(talk.customer.name, _)
    line, wait = draw_head(desk, name, primary=False, back="staff/anfragen.py", trouble=False)
    with st.container(key="split"):
        thread, card = st.columns([8, 4], gap="medium")
    with thread, st.container(key="faden", gap="xsmall"):
        live(line, wait)
        draw_answer(desk, talk)
    with card:
        if not is_called(talk):
            draw_promises(desk, talk)
        draw_card(desk, talk.customer, talk.contacts, inquiries=talk.inquiries, inquiry_id=talk.inquiry.id)
        draw_wishes(desk, talk.customer.id)
        draw_ideas(desk, talk.inquiry.id)
        ended = has_ended(talk)
        if ended:  # then it is what is next
            draw_wrap_up(desk, talk.inquiry.id, ended=True)
        draw_steps(desk, talk)
        if not ended and makes_sense(talk.inquiry):
            draw_wrap_up(desk, talk.inquiry.id)


desk = open_desk()
try:
    conversation = open_conversation(desk.shop, desk.actor, state.id_in_address("anfrage"))
except NotFoundError:
    _ = desk.say
    draw_head(desk, _("Anfragen"), back="staff/anfragen.py")
    with draw_empty(_("Diese Anfrage gibt es nicht mehr"), _("Sie wurde zusammengeführt oder aus der Liste genommen.")):
        st.page_link("staff/anfragen.py", label=_("Zu den Anfragen"), icon=":material/arrow_forward:")
else:
    if conversation.inquiry.id != state.id_in_address("anfrage"):
        st.query_params["anfrage"] = str(conversation.inquiry.id)
    draw_conversation(desk, conversation)
