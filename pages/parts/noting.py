"""Writing down who called or came in, and writing to a customer first: two drawers on every screen."""

from __future__ import annotations

import streamlit as st

from data.records import Channel
from pages.parts import state
from pages.parts.acting import dialog_action, show_dialog
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.times import choose_time, chosen_time
from pages.parts.words import channel_word
from services import noting, replies
from services.noting import Outcome
from services.staff import list_staff

CHANNELS = (Channel.CALL, Channel.VISIT, Channel.CHAT, Channel.VOICEMAIL)


def open_note(title: str) -> None:
    """The drawer «Notieren»."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.text_input(_("Wer?"), placeholder=_("Name oder Firma"), key="note-who", on_change="ignore")
        need = _("In ihren eigenen Worten")
        st.text_area(_("Was braucht die Person?"), placeholder=need, height=132, key="note-need", on_change="ignore")
        reach = _("Telefonnummer oder E-Mail")
        st.text_input(_("Wie erreichen wir sie?"), placeholder=reach, key="note-reach", on_change="ignore")
        _choices(desk)
        dialog_action(_("Anfrage speichern"), _note, key="note-save", forget="note-")

    show_dialog(title, body, holds="note-", width="small", position="right")


def _choices(desk: Desk) -> None:
    _ = desk.say
    st.segmented_control(
        _("Kam über"),
        CHANNELS,
        default=Channel.CALL,
        required=True,
        format_func=lambda channel: channel_word(channel, desk.say),
        key="note-channel",
        on_change="ignore",
    )
    endings = {
        Outcome.MESSAGE: _("Wartet auf uns"),
        Outcome.WE_CALL: _("Wir rufen zurück"),
        Outcome.SETTLED: _("Erledigt"),
    }
    st.segmented_control(
        _("Wie ging es aus?"),
        list(endings),
        default=Outcome.MESSAGE,
        required=True,
        format_func=lambda outcome: endings[outcome],
        key="note-outcome",
    )
    outcome = st.session_state.get("note-outcome")
    if outcome == Outcome.WE_CALL:
        choose_staff(desk, _("Wer ruft zurück?"), key="note-staff")
        choose_time(desk, _("Bis wann?"), key="note-time", soon=True)
        return
    first = plain(desk.actor.name.split(" ")[0])
    said = {
        Outcome.MESSAGE: _("{name} ist zuständig, die Uhr läuft ab jetzt. Beides lässt sich später ändern."),
        Outcome.SETTLED: _("Niemand wartet. Es steht nur im Verlauf."),
    }
    st.caption(said[outcome or Outcome.MESSAGE].format(name=first))


def choose_staff(desk: Desk, label: str, *, key: str, nobody: str = "") -> None:
    """A list of the people who work here; with `nobody` a first choice for none (0)."""
    people = {person.id: person.name for person in list_staff(desk.shop.store) if person.active}
    options = ([0] if nobody else []) + list(people)
    start = options.index(desk.actor.staff_id) if not nobody and desk.actor.staff_id in options else 0
    words = {0: nobody, **people}
    hint = desk.say("Bitte wählen")
    st.selectbox(label, options, index=start, format_func=lambda person: words[person], key=key, placeholder=hint)


def _note(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    outcome = Outcome(field["note-outcome"])
    we_call = outcome is Outcome.WE_CALL
    noting.note_contact(
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
    return _("Gespeichert.") if outcome is Outcome.SETTLED else _("Gespeichert. Die Uhr läuft.")


def open_writing(title: str, name: str = "", address: str = "") -> None:
    """The drawer «Schreiben»: a mail to a customer who did not ask."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.text_input(_("An wen?"), name, placeholder=_("Name oder Firma"), key="write-name", on_change="ignore")
        st.text_input(_("E-Mail"), address, placeholder="name@beispiel.at", key="write-to", on_change="ignore")
        st.text_input(_("Betreff"), placeholder=_("Sache und Datum"), key="write-subject", on_change="ignore")
        st.text_area(_("Text"), height=260, key="write-body", on_change="ignore")
        st.caption(_("Ihre Unterschrift kommt von selbst darunter. Die Mail geht nach 20 Sekunden hinaus."))
        dialog_action(_("Nachricht senden"), _write, key="write-send", forget="write-", icon=":material/send:")

    show_dialog(title, body, holds="write-", width="medium", position="right")


def _write(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    inquiry_id = replies.write_first(
        desk.shop,
        desk.actor,
        name=field["write-name"],
        address=field["write-to"],
        subject=field["write-subject"],
        body=field["write-body"],
        form_key=state.form_key("write"),
    )
    state.finish_form("write")
    state.go_to(inquiry_id)
    return _("Die Nachricht geht in 20 Sekunden hinaus.")
