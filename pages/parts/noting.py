"""Writing down who called or came in, and writing to a customer first: two drawers on every screen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.records import Channel
from pages.parts import state
from pages.parts.acting import show_form
from pages.parts.choices import choose_in_sight, choose_staff
from pages.parts.note_sources import draw_chat, draw_mail_files, draw_no_chat, keep_chat, pasted_chat
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.times import choose_time, chosen_time
from pages.parts.words import channel_word
from services import noting, replies
from services.channels import noted_channels
from services.noting import Outcome


def open_note(desk: Desk) -> None:
    """The drawer «Notieren»."""
    _ = desk.say

    def fields(now: Desk) -> None:
        st.text_input(_("Wer?"), placeholder=_("Name oder Firma"), key="note-who", on_change="ignore")
        need = _("In ihren eigenen Worten")
        chat = st.session_state.get("note-channel") == Channel.CHAT
        told: Any = "rerun" if chat else "ignore"  # a pasted chat is looked at
        st.text_area(_("Was braucht die Person?"), placeholder=need, height=132, key="note-need", on_change=told)
        reach = _("Telefonnummer oder E-Mail")
        st.text_input(_("Wie erreichen wir sie?"), placeholder=reach, key="note-reach", on_change="ignore")
        _choices(now)
        draw_mail_files(now)

    show_form(_("Notieren"), fields, _("Anfrage speichern"), _note, keys="note-", typed=True, position="right")


def _choices(desk: Desk) -> None:
    _ = desk.say
    channels = {channel: channel_word(channel, desk.say) for channel in noted_channels(desk.shop.store)}
    choose_in_sight(_("Kam über"), channels, Channel.CALL, key="note-channel", on_change="rerun")
    draw_no_chat(desk)
    if (chat := pasted_chat(desk)) is not None:
        draw_chat(desk, chat)
        return
    if st.session_state.get("note-channel") == Channel.CHAT:
        st.caption(_("Ein ganzer Chat lässt sich oben einfügen, so wie er am Telefon kopiert oder exportiert wurde."))
    endings = {
        Outcome.MESSAGE: _("Wartet auf uns"),
        Outcome.WE_CALL: _("Wir rufen zurück"),
        Outcome.SETTLED: _("Erledigt"),
    }
    choose_in_sight(_("Wie ging es aus?"), endings, Outcome.MESSAGE, key="note-outcome", on_change="rerun")
    outcome = st.session_state.get("note-outcome")
    if outcome == Outcome.WE_CALL:
        choose_staff(desk, _("Wer ruft zurück?"), key="note-staff", anybody=True)
        choose_time(desk, _("Bis wann?"), key="note-time", soon=True)
        return
    first = plain(desk.actor.name.split(" ")[0])
    said = {
        Outcome.MESSAGE: _("{name} ist zuständig, die Uhr läuft ab jetzt. Beides lässt sich später ändern."),
        Outcome.SETTLED: _("Niemand wartet. Es steht nur im Verlauf."),
    }
    st.caption(said[outcome or Outcome.MESSAGE].format(name=first))


def _note(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    if pasted_chat(desk) is not None and "note-customer" in field:
        return keep_chat(desk)
    outcome = Outcome(field["note-outcome"])
    we_call = outcome is Outcome.WE_CALL
    inquiry_id = noting.note_contact(
        desk.shop,
        desk.actor,
        who=field["note-who"],
        need=field["note-need"],
        reach=field["note-reach"],
        channel=Channel(field["note-channel"]),
        outcome=outcome,
        promise_at=chosen_time(desk, "note-time") if we_call else None,
        promise_staff_id=field.get("note-staff") if we_call else None,
    )
    state.mark_own(inquiry_id)
    return _("Gespeichert.") if outcome is Outcome.SETTLED else _("Gespeichert. Die Uhr läuft.")


def open_writing(desk: Desk, name: str = "", address: str = "") -> None:
    """The drawer «Schreiben»: to whom. The letter is written where every reply is, with all that is at hand there."""
    _ = desk.say

    def fields(now: Desk) -> None:
        st.text_input(_("An wen?"), name, placeholder=_("Name oder Firma"), key="write-name", on_change="ignore")
        st.text_input(_("E-Mail"), address, placeholder="name@beispiel.at", key="write-to", on_change="ignore")
        st.caption(_("Text, Vorlagen und Dateien kommen im nächsten Schritt. Es geht noch nichts hinaus."))

    icon = ":material/arrow_forward:"
    show_form(_("Schreiben"), fields, _("Weiter"), _write, keys="write-", typed=True, icon=icon, position="right")


def _write(desk: Desk) -> None:
    field = st.session_state
    state.go_to(replies.begin_letter(desk.shop, desk.actor, name=field["write-name"], address=field["write-to"]))
