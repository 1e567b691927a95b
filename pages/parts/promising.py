"""Promised callbacks on a screen: what is promised, what came of it, promising one and moving it."""

from __future__ import annotations

import streamlit as st

from pages.parts.acting import Work, action, dialog_button, do, show_form
from pages.parts.choices import choose_staff
from pages.parts.items import TOPIC
from pages.parts.session import Desk
from pages.parts.times import choose_time, chosen_time
from pages.parts.words import clock_time, coming_time, day_word
from services import promises
from services.conversations import Conversation, open_conversation
from services.rules.phones import show_phone
from services.typed import shorten


def draw_promises(desk: Desk, talk: Conversation) -> None:
    """What was promised here, each with its three taps."""
    _ = desk.say
    for promise in talk.promises:
        with st.container(key=f"karte-rueckruf-{promise.id}", gap="small"):
            st.subheader(_("Rückruf versprochen"), anchor=False)
            with st.container(key=f"leise-rueckruf-{promise.id}", gap=None):
                when = _("bis {time}").format(time=coming_time(promise.due_at, desk.speech))
                st.text(f"{promise.staff_name}, {when}")
                phone = show_phone(promise.phone, desk.settings.country)
                st.text(" · ".join(filter(None, (phone, shorten(promise.topic, TOPIC)))))
                if promise.tries:
                    st.text(_("{count}-mal nicht erreicht").format(count=promise.tries))
            kept, missed = _ending("kept", promise.id), _ending("tried", promise.id)
            action(_("Erreicht"), kept, key=f"kept-{promise.id}", icon=":material/check:", width="stretch")
            icon = ":material/phone_missed:"
            action(_("Nicht erreicht"), missed, key=f"try-{promise.id}", icon=icon, width="stretch")
            key, icon = f"move-{promise.id}", ":material/schedule:"
            dialog_button(_("Verschieben"), "move", promise.id, key=key, icon=icon, width="stretch")


def end_promise(name: str, promise_id: int) -> None:
    """A tap on «Erreicht» («kept») or «Nicht erreicht» («tried») in the row of a promised call."""
    do(_ending(name, promise_id))


def _ending(name: str, promise_id: int) -> Work:
    def work(desk: Desk) -> str:
        _ = desk.say
        if name == "kept":
            promises.keep_promise(desk.shop, desk.actor, promise_id)
            return _("Rückruf erledigt.")
        promises.try_promise(desk.shop, desk.actor, promise_id)
        return _("Notiert. Das Versprechen bleibt offen.")

    return work


def open_callback(desk: Desk, inquiry_id: int) -> None:
    """Promise a call: person, number, time."""
    _ = desk.say

    def fields(now: Desk) -> None:
        talk = open_conversation(now.shop, now.actor, inquiry_id)
        phones = [contact.shown for contact in talk.contacts if contact.kind == "phone"]
        choose_staff(now, _("Wer ruft an?"), key="cb-staff")
        st.text_input(_("Telefonnummer"), phones[0] if phones else "", key="cb-phone", on_change="ignore")
        choose_time(now, _("Bis wann?"), key="cb-time", soon=True)
        st.text_input(_("Worum geht es?"), shorten(talk.inquiry.subject, TOPIC), key="cb-topic", on_change="ignore")

    def save(now: Desk) -> str:
        field, due = st.session_state, chosen_time(now, "cb-time") or now.shop.now()
        promises.promise_callback(
            now.shop,
            now.actor,
            inquiry_id,
            staff_id=field["cb-staff"],
            phone=field["cb-phone"],
            due_at=due,
            topic=field["cb-topic"],
        )
        day, at = day_word(due, now.speech), clock_time(due, now.speech)
        return _("Versprochen: {day} bis {time}.").format(day=day, time=at)

    label = _("Rückruf zusagen")
    show_form(label, fields, label, save, keys="cb-", typed=True, position="right")


def open_move(desk: Desk, promise_id: int) -> None:
    """Another time for a promised call."""
    _ = desk.say

    def fields(now: Desk) -> None:
        choose_time(now, _("Bis wann?"), key="mv-time", soon=True)

    def save(now: Desk) -> None:
        due = chosen_time(now, "mv-time") or now.shop.now()
        promises.move_promise(now.shop, now.actor, promise_id, due)

    show_form(_("Rückruf verschieben"), fields, _("Verschieben"), save, keys="mv-")
