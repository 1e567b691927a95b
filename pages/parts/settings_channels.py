"""Einstellungen, «Betrieb»: on which ways customers reach the shop, and how they pay what they fetch."""

from __future__ import annotations

import streamlit as st

from data.records import Channel
from pages.parts.acting import action
from pages.parts.session import Desk
from pages.parts.words import channel_word
from services.channels import CHANNELS, save_channels, used_channels
from services.ready import payment_words, save_payment_words
from services.settings import mail_account


def draw_channels(desk: Desk) -> None:
    """Two cards: a tick for each channel, and the words for paying."""
    _draw_channels(desk)
    _draw_pickup(desk)


def _draw_channels(desk: Desk) -> None:
    _ = desk.say
    used, connected = _switched_on(desk), mail_account(desk.shop.store) is not None
    with st.container(key="karte-kanaele", gap="small"):
        st.subheader(_("Kanäle"), anchor=False)
        st.caption(
            _("Was nicht in Verwendung ist, verschwindet aus Listen, Auswahl und Diagrammen. Gelöscht wird nichts.")
        )
        with st.grid(2, min_column_width=260):
            for channel in CHANNELS:
                name = _("Formular auf der Website") if channel == Channel.FORM else channel_word(channel, _)
                fixed, on = connected and channel == Channel.MAIL, channel in used
                st.toggle(name, on, key=f"e-ch-{channel}-{on}", disabled=fixed, on_change="ignore")
        st.caption(_("Ohne Formular bleibt «Website» in den Listen, solange Termine online gebucht werden können."))
        if connected:
            st.caption(_("E-Mail bleibt, solange ein Postfach verbunden ist."))
        action(_("Kanäle speichern"), _save_channels, key="e-save-channels")


def _switched_on(desk: Desk) -> set[Channel]:
    """The channels in use; of the website it is the form alone that is switched here."""
    form = {Channel.FORM} if desk.settings.inquiry_form else set()
    return set(used_channels(desk.shop.store)) - {Channel.FORM} | form


def _save_channels(desk: Desk) -> str:
    used, field = _switched_on(desk), st.session_state
    chosen = [one for one in CHANNELS if field.get(f"e-ch-{one}-{one in used}", one in used)]  # else saved elsewhere
    save_channels(desk.shop, desk.actor, chosen)
    return desk.say("Gespeichert.")


def _draw_pickup(desk: Desk) -> None:
    _ = desk.say
    with st.container(key="karte-abholung", gap="small"):
        st.subheader(_("Abholung"), anchor=False)
        label = _("Bezahlen: So steht es in «Fertig zur Abholung»")
        st.text_input(label, payment_words(desk.shop.store), key="e-payment", on_change="ignore")
        action(_("Abholung speichern"), _save_pickup, key="e-save-payment")


def _save_pickup(desk: Desk) -> str:
    save_payment_words(desk.shop, desk.actor, st.session_state["e-payment"])
    return desk.say("Gespeichert.")
