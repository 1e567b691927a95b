"""The customer's card: call, address, how to address, a note; and the dialog to correct it."""

from __future__ import annotations

import streamlit as st

from data.records import Customer, CustomerContact
from pages.parts import state
from pages.parts.acting import dialog_action, show_dialog
from pages.parts.plain import plain
from pages.parts.session import Desk
from services import customers

SALUTATIONS = ("", "frau", "herr")


def draw_card(desk: Desk, customer: Customer, contacts: list[CustomerContact], *, title: str = "") -> None:
    """The card with a call button for the first number."""
    _ = desk.say
    with st.container(key="karte-kunde", gap="small"):
        st.subheader(plain(title or _("Kundenkarte")), anchor=False)
        for contact in [c for c in contacts if c.kind == "phone"][:2]:
            st.link_button(plain(contact.shown), f"tel:{contact.address}", icon=":material/call:", width="stretch")
        with st.container(key="leise-kunde", gap=None):
            for contact in [c for c in contacts if c.kind == "mail"]:
                st.text(contact.shown)
            st.text(address_line(desk, customer))
            if customer.note:
                st.text(customer.note)
        st.button(
            _("Bearbeiten"),
            icon=":material/edit:",
            type="tertiary",
            key=f"card-edit-{customer.id}",
            on_click=state.ask,
            args=("customer", customer.id),
        )


def address_line(desk: Desk, customer: Customer) -> str:
    """«Frau Mag., per Sie»."""
    _ = desk.say
    informal = customer.form_of_address == "du"
    salutation = {"frau": _("Frau"), "herr": _("Herr")}.get(customer.salutation, "")
    person = " ".join(part for part in (salutation, customer.title) if part)
    if person:
        return (_("{person}, per Du") if informal else _("{person}, per Sie")).format(person=person)
    return _("Per Du") if informal else _("Per Sie")


def open_customer(title: str, customer_id: int) -> None:
    """Correct name, salutation, form of address, note; add a way to reach them."""

    def body(desk: Desk) -> None:
        _ = desk.say
        customer = customers.require_customer(desk.shop.store, customer_id)
        st.text_input(_("Name"), customer.name, key="cu-name", on_change="ignore")
        _choices(desk, customer)
        st.text_input(_("Titel"), customer.title, placeholder="Mag.", key="cu-title", on_change="ignore")
        st.text_area(_("Notiz zur Person"), customer.note, key="cu-note", height=110, on_change="ignore")
        hint = _("E-Mail oder Telefonnummer")
        st.text_input(_("Noch eine Adresse"), placeholder=hint, key="cu-contact", on_change="ignore")
        dialog_action(_("Speichern"), work, key="cu-save", forget="cu-")

    def work(desk: Desk) -> str:
        _ = desk.say
        field = st.session_state
        customers.change_customer(
            desk.shop,
            desk.actor,
            customer_id,
            name=field["cu-name"],
            salutation=field["cu-salutation"],
            title=field["cu-title"],
            form_of_address=field["cu-form"],
            note=field["cu-note"],
        )
        if field["cu-contact"].strip():
            customers.add_contact(desk.shop, desk.actor, customer_id, field["cu-contact"])
        return _("Gespeichert.")

    show_dialog(title, body, holds="cu-", position="right")


def _choices(desk: Desk, customer: Customer) -> None:
    _ = desk.say
    salutations = {"": _("Ohne"), "frau": _("Frau"), "herr": _("Herr")}
    st.segmented_control(
        _("Anrede"),
        SALUTATIONS,
        default=customer.salutation,
        required=True,
        format_func=lambda salutation: salutations[salutation],
        key="cu-salutation",
        on_change="ignore",
    )
    forms = {"sie": _("Per Sie"), "du": _("Per Du")}
    st.segmented_control(
        _("Wie sprechen wir sie an?"),
        list(forms),
        default=customer.form_of_address,
        required=True,
        format_func=lambda form: forms[form],
        key="cu-form",
        on_change="ignore",
    )
