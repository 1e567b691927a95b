"""The customer's card: call, address, how to address, a note; and the dialog to correct it."""

from __future__ import annotations

import streamlit as st

from data.records import Customer, CustomerContact
from pages.parts.acting import changed_fields, dialog_button, note_drawn, show_form
from pages.parts.choices import choose_in_sight
from pages.parts.history import draw_last_contacts
from pages.parts.own_page import draw_own_page
from pages.parts.plain import plain
from pages.parts.session import Desk
from services import customers
from services.customers import MAIL_RATHER, PHONE_ONLY

_GONE, _DRAWN = "cu-gone-", "cu-drawn"
_FIELDS = {"name": "cu-name", "salutation": "cu-salutation", "title": "cu-title", "form_of_address": "cu-form"}
_FIELDS |= {"note": "cu-note"}


def draw_card(
    desk: Desk,
    customer: Customer,
    contacts: list[CustomerContact],
    *,
    title: str = "",
    inquiries: int = 0,
    inquiry_id: int = 0,
) -> None:
    """The card with a call button for the first numbers; more than one of `inquiries` are offered as their history.

    Beside the reply to `inquiry_id` it also says when the person was here last (S1-3).
    """
    _ = desk.say
    with st.container(key="karte-kunde", gap="xsmall"):
        st.subheader(plain(title or _("Kundenkarte")), anchor=False)
        if customer.preferred == PHONE_ONLY:
            st.badge(_("Nur Telefon"), icon=":material/call:", color="orange")
        for contact in [c for c in contacts if c.kind == "phone"][:2]:
            st.link_button(plain(contact.shown), f"tel:{contact.address}", icon=":material/call:", width="stretch")
        with st.container(key="leise-kunde", gap=None):
            for contact in [c for c in contacts if c.kind == "mail"]:
                st.text(contact.shown)
            st.text(address_line(desk, customer))
            for line in _more_lines(desk, customer):
                st.text(line)
        if inquiry_id:
            draw_last_contacts(desk, customer.id, inquiry_id)
            draw_own_page(desk, inquiry_id, contacts)
        with st.container(gap=None):
            if inquiries > 1:
                every, card = _("Alle Anfragen ({count})").format(count=inquiries), {"kunde": str(customer.id)}
                st.page_link("staff/kunden.py", label=every, icon=":material/history:", query_params=card)
            key, icon = f"card-edit-{customer.id}", ":material/edit:"
            dialog_button(_("Bearbeiten"), "customer", customer.id, key=key, icon=icon, type="tertiary")


def _more_lines(desk: Desk, customer: Customer) -> list[str]:
    """What else one wants to know before one speaks to the person."""
    _ = desk.say
    return [
        *([_("Lieber Mail")] if customer.preferred == MAIL_RATHER else []),
        *([_("Mag {likes}").format(likes=customer.likes)] if customer.likes else []),
        *([customer.note] if customer.note else []),
        *([_("Werbesperre")] if customer.no_ads else []),
    ]


def address_line(desk: Desk, customer: Customer) -> str:
    """«Frau Mag., per Sie»."""
    _ = desk.say
    informal = customer.form_of_address == "du"
    salutation = {"frau": _("Frau"), "herr": _("Herr")}.get(customer.salutation, "")
    person = " ".join(part for part in (salutation, customer.title) if part)
    if person:
        return (_("{person}, per Du") if informal else _("{person}, per Sie")).format(person=person)
    return _("Per Du") if informal else _("Per Sie")


def open_customer(desk: Desk, customer_id: int) -> None:
    """Correct name, salutation, form of address, note, and the ways to reach them."""
    _ = desk.say

    def fields(now: Desk) -> None:
        card = customers.open_card(now.shop, now.actor, customer_id)
        customer = card.customer
        salutations = {"": _("Ohne"), "frau": _("Frau"), "herr": _("Herr")}
        forms = {"sie": _("Per Sie"), "du": _("Per Du")}
        note_drawn("cu-name", _DRAWN, {name: getattr(customer, name) for name in _FIELDS})
        st.text_input(_("Name"), customer.name, key="cu-name", on_change="ignore")
        choose_in_sight(_("Anrede"), salutations, customer.salutation, key="cu-salutation")
        choose_in_sight(_("Wie sprechen wir sie an?"), forms, customer.form_of_address, key="cu-form")
        st.text_input(_("Titel"), customer.title, placeholder="Mag.", key="cu-title", on_change="ignore")
        st.text_area(_("Notiz zur Person"), customer.note, key="cu-note", height=110, on_change="ignore")
        st.caption(_("Tatsachen, keine Urteile: Die Person darf lesen, was hier steht."))
        _choose_gone(now, card.contacts)
        hint = _("E-Mail oder Telefonnummer")
        st.text_input(_("Noch eine Adresse"), placeholder=hint, key="cu-contact", on_change="ignore")

    def save(now: Desk) -> None:
        field = st.session_state
        customers.change_customer(
            now.shop,
            now.actor,
            customer_id,
            contact=field["cu-contact"],
            drop=[str(key).removeprefix(_GONE) for key in field if str(key).startswith(_GONE) and field[key]],
            **changed_fields(_DRAWN, {name: field[key] for name, key in _FIELDS.items()}),
        )

    said = _("Gespeichert.")
    show_form(_("Kundenkarte"), fields, _("Speichern"), save, keys="cu-", typed=True, said=said, position="right")


def _choose_gone(desk: Desk, contacts: list[CustomerContact]) -> None:
    """Which addresses and numbers go when the card is saved; the last one not without a word."""
    _ = desk.say
    if not contacts:
        return
    with st.container(gap=None):
        gone = [
            st.checkbox(plain(_("{address} entfernen").format(address=contact.shown)), key=f"{_GONE}{contact.address}")
            for contact in contacts
        ]
    if all(gone):
        st.caption(_("Ohne eine neue Adresse ist diese Person nicht mehr zu erreichen. Ihr Verlauf bleibt."))
