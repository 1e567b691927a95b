"""The customer's own page, on their card beside the conversation: the way to it, and until when it says we answer."""

from __future__ import annotations

import streamlit as st

from data.records import CustomerContact
from pages.parts.session import Desk
from pages.parts.words import coming_time
from services.own_inquiries import owed_until
from services.rules.phones import normalise_phone
from services.status_pages import page_of_talk


def draw_own_page(desk: Desk, inquiry_id: int, contacts: list[CustomerContact]) -> None:
    """Nothing where the customer has no page. The way there only shows it: no tap counts as the customer's.

    A number that was typed there and is on no card is said, too.
    """
    _ = desk.say
    page = page_of_talk(desk.shop, desk.actor, inquiry_id)
    if page is None:
        return
    known = {contact.address for contact in contacts}
    with st.container(key="leise-kundenseite", gap=None):
        if owed := owed_until(desk.shop.store, page, desk.shop.now()):
            st.text(_("Antwort zugesagt bis {time}").format(time=coming_time(owed, desk.speech)))
        if page.phone and normalise_phone(page.phone, desk.settings.country) not in known:
            st.text(_("Im Formular stand: {phone}").format(phone=page.phone))
        label, icon = _("Seite des Kunden"), ":material/open_in_new:"
        st.link_button(label, f"/s/{page.mail_secret}?ansicht", icon=icon, type="tertiary")
