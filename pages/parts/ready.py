"""«Fertig zur Abholung»: the finished message with one button, or a call; on a booking's card one tap."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.booking_records import Booking, BookingState
from data.records import InquiryState
from pages.parts import state
from pages.parts.acting import Work, action, calling, dialog_button, last_action, show_dialog, show_form, way_on
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import past_time
from services import ready, replies
from services.conversations import Conversation
from services.ready import ReadyNote
from services.rules.phones import show_phone
from services.rules.prices import show_price
from services.typed import price_amount, shorten

ICON = ":material/inventory:"
HANDS_OUT = frozenset({"kfz", "mode"})  # a haircut is not fetched


def offers_ready(desk: Desk, talk: Conversation) -> bool:
    """Whether «Fertig zur Abholung» is a button of its own in «Wie weiter»; else it stands in «Weitere Schritte»."""
    if desk.settings.trade not in HANDS_OUT:
        return False
    at_hand = ready.visit_at_hand(desk.shop.store, talk.inquiry, desk.speech.now)
    return talk.inquiry.state is InquiryState.OPEN or at_hand


def draw_ready_button(desk: Desk, inquiry_id: int) -> None:
    """The button that shows the message."""
    dialog_button(desk.say("Fertig zur Abholung"), "ready", inquiry_id, key="s-ready", icon=ICON, width="stretch")


def draw_ready(desk: Desk, booking: Booking) -> None:
    """On a booking's card: one tap sends it where nothing is missing, else the message is shown first."""
    _ = desk.say
    marked = booking.state in {BookingState.ARRIVED, BookingState.DONE}
    begun = booking.state is BookingState.CONFIRMED and booking.starts_at <= desk.speech.now
    if desk.settings.trade not in HANDS_OUT or not (marked or begun):
        return
    note = ready.read_ready(desk.shop, desk.actor, booking.inquiry_id, booking.id)
    with st.container(key="termin-fertig", gap="xsmall"):
        _told(desk, note)
        if note.told and note.told.is_queued:
            return
        label = _("Fertig zur Abholung")
        if not note.is_complete:  # another key: the tap that sent it is no tap on this one
            again, key = _("Noch einmal melden") if note.told else label, "t-ready-look"
            way_on(again, "ready", booking.inquiry_id, booking.id, key=key, icon=ICON, width="stretch")
            return
        action(label, _sending(note, seen_text=note.text), key="t-ready", icon=ICON, width="stretch")
        told = _("Mail an {name} mit Preis und Abholzeit. Lässt sich 20 Sekunden lang zurückholen.")
        st.caption(plain(told.format(name=note.name)))
        if cents := price_amount(note.price or ""):
            price = show_price(cents, desk.settings.country, desk.actor.language)
            st.text(_("Gesamtpreis: {price}").format(price=price))
        look = {"icon": ":material/edit:", "width": "stretch"}
        way_on(_("Ansehen und ändern"), "ready", booking.inquiry_id, booking.id, key="t-ready-edit", **look)


def _told(desk: Desk, note: ReadyNote) -> None:
    """When it was said, and the way back while the mail lies here."""
    _ = desk.say
    if note.told is None:
        return
    at = past_time(note.told.told_at, desk.speech)
    if note.told.is_queued and note.told.message_id is not None:
        st.text(_("Geht in 20 Sekunden hinaus."))
        back = calling(replies.take_back_reply, note.told.message_id)
        action(_("Zurückholen"), back, key="t-ready-back", icon=":material/undo:", width="stretch")
    else:
        st.text(_("Fertig gemeldet: {time}").format(time=at))


def _sending(note: ReadyNote, said: dict[str, str] | None = None, *, seen_text: str | None = None) -> Work:
    form = f"ready/{note.inquiry_id}/{note.booking_id}"

    def work(desk: Desk) -> None:
        ready.send_ready(
            desk.shop,
            desk.actor,
            note.inquiry_id,
            note.booking_id,
            said or {},
            seen_version=note.version,
            form_key=state.form_key(form),
            again=note.told is not None,
            seen_text=seen_text,
        )
        state.finish_form(form)

    return work


def open_ready(desk: Desk, inquiry_id: int, booking_id: int | None = None) -> None:
    """The message as it will go out, or whom to call."""
    _ = desk.say
    note = ready.read_ready(desk.shop, desk.actor, inquiry_id, booking_id)
    title = _("Fertig zur Abholung")
    if not note.mail:
        show_dialog(title, lambda now: _draw_call(now, note))
        return

    def fields(now: Desk) -> None:
        _told(now, note)
        _draw_question(now, note)
        if note.price is not None:
            st.text_input(now.say("Gesamtpreis"), note.price, key="rd-preis", placeholder="49,00")
        for name in _asked(note):
            st.text_input(plain(name), key=f"rd-{name}")
        shown = ready.read_ready(now.shop, now.actor, inquiry_id, booking_id, _said(note))
        with st.container(key="leise-vorschau", gap=None):
            st.text(now.say("An {recipient}").format(recipient=f"{shown.name} <{shown.mail}>"))
            st.text(now.say("Betreff: {subject}").format(subject=shown.subject))
        with st.container(key="vorschau", gap=None):
            st.text(shown.text)

    def send(now: Desk) -> None:
        _sending(note, _said(note))(now)

    label = _("Noch einmal senden") if note.told else _("Senden")
    said = _("Geht in 20 Sekunden hinaus. Zurückholen geht im Gespräch.")
    look: dict[str, Any] = {"icon": ":material/send:", "width": "medium", "position": "right"}
    show_form(title, fields, label, send, keys="rd-", said=said, **look)


def _asked(note: ReadyNote) -> list[str]:
    """What a person has to say beside the price."""
    return [name for name in note.missing if name.casefold() != "preis"]


def _said(note: ReadyNote) -> dict[str, str]:
    """What stands in the fields: the price that is shown is the one that is sent."""
    price = {} if note.price is None else {"preis": str(st.session_state.get("rd-preis", note.price) or "")}
    return price | {name: str(st.session_state.get(f"rd-{name}") or "") for name in _asked(note)}


def _draw_question(desk: Desk, note: ReadyNote) -> None:
    """What the customer asked and nobody has answered: this message would end their wait."""
    if note.question is None:
        return
    _ = desk.say
    st.warning(_("Hier wartet noch jemand auf Antwort. Diese Nachricht beendet das Warten."), icon=":material/help:")
    st.text(shorten(note.question, 300))
    if state.current_page() == "gespraech":  # it lies behind this
        return
    talk = {"anfrage": str(note.inquiry_id)}
    st.page_link("staff/gespraech.py", label=_("Zum Gespräch"), icon=":material/forum:", query_params=talk)


def _draw_call(desk: Desk, note: ReadyNote) -> None:
    """Who has no mail address, or wants to be called: the number, and what became of the call."""
    _ = desk.say
    _told(desk, note)
    _draw_question(desk, note)
    if not note.phone:
        st.text(_("Zu diesem Kunden ist weder E-Mail noch Telefon bekannt. Bitte auf der Karte eintragen."))
        return
    st.text(_("{name} möchte angerufen werden oder hat keine E-Mail-Adresse.").format(name=note.name))
    number = plain(show_phone(note.phone, desk.settings.country))
    call = _("Jetzt anrufen: {number}").format(number=number)
    st.link_button(call, f"tel:{note.phone}", icon=":material/call:", type="primary", width="stretch")
    reached = calling(ready.note_ready_said, note.inquiry_id, note.booking_id, again=note.told is not None)
    look = {"icon": ":material/check:", "width": "stretch"}
    last_action(_("Erreicht, weiß Bescheid"), reached, key="rd-reached", said=_("Gespeichert."), **look)
    later, said = calling(ready.plan_ready_call, note.inquiry_id, note.booking_id), _("Steht bei den Rückrufen.")
    look["icon"] = ":material/phone_forwarded:"
    last_action(_("Später anrufen"), later, key="rd-later", said=said, **look)
