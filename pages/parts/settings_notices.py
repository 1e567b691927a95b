"""Einstellungen, «Mails an Sie»: what Theke writes to the owner, and where to."""

from __future__ import annotations

import streamlit as st

from pages.parts.acting import action
from pages.parts.session import Desk
from services import notices
from services.settings import mail_account


def draw_notices(desk: Desk) -> None:
    """One mail a day before goals are missed, one a week that looks back; both off at first."""
    _ = desk.say
    now = desk.settings
    with st.container(key="karte-mails-an-sie", gap="small"):
        st.subheader(_("Mails an Sie"), anchor=False)
        st.caption(_("Theke schreibt Ihnen selten und nie einzeln. Ob es gelang, steht unter «Daten»."))
        if mail_account(desk.shop.store) is None:
            st.caption(_("Dafür braucht Theke ein verbundenes Postfach."))
        st.text_input(_("Ihre E-Mail-Adresse"), now.owner_mail, key="e-owner_mail", on_change="ignore")
        early = _("Höchstens einmal am Tag: wer bald zu lange wartet")
        st.toggle(early, now.digest, key="e-digest", on_change="ignore")
        st.toggle(_("Am Montag: der Rückblick auf die Woche"), now.look_back, key="e-look_back", on_change="ignore")
        action(_("Mails an mich speichern"), _save, key="e-save-notices")


def _save(desk: Desk) -> str:
    field = st.session_state
    wishes = {"digest": bool(field["e-digest"]), "look_back": bool(field["e-look_back"])}
    notices.save_wishes(desk.shop, desk.actor, owner_mail=field["e-owner_mail"], **wishes)
    return desk.say("Gespeichert.")
