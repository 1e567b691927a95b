"""Einstellungen: the shop, its hours and goal, the mailbox, backups. For owners."""

import streamlit as st

from pages.parts import state
from pages.parts.focus import draw_focus_hours
from pages.parts.head import draw_head
from pages.parts.import_dialogs import draw_customer_lists
from pages.parts.mailbox import draw_mailbox, draw_senders
from pages.parts.privacy_dialogs import draw_erasures
from pages.parts.session import open_desk
from pages.parts.settings_channels import draw_channels
from pages.parts.settings_figures import draw_assumptions, draw_reasons
from pages.parts.settings_machine import draw_backups, draw_jobs
from pages.parts.settings_notices import draw_notices
from pages.parts.settings_public import draw_public
from pages.parts.settings_shop import draw_closures, draw_hours, draw_shop
from services.staff import require_owner

desk = open_desk()
_ = desk.say
require_owner(desk.actor)
draw_head(desk, _("Einstellungen"), _("Gilt für den ganzen Betrieb."), primary=False)
parts = {"betrieb": _("Betrieb"), "zeiten": _("Zeiten"), "postfach": _("Postfach")}
parts |= {"kunden": _("Kundenseiten"), "auswertung": _("Auswertung"), "daten": _("Daten")}
part = st.segmented_control(
    _("Bereich"),
    list(parts),
    required=True,
    format_func=lambda name: parts[name],
    label_visibility="collapsed",
    **state.in_address("teil", list(parts)),
)
if part == "zeiten":
    draw_hours(desk)
    draw_closures(desk)
    draw_focus_hours(desk)
elif part == "postfach":
    draw_mailbox(desk)
    draw_senders(desk)
    draw_notices(desk)
elif part == "kunden":
    draw_public(desk)
elif part == "auswertung":
    draw_reasons(desk)
    draw_assumptions(desk)
elif part == "daten":
    draw_backups(desk)
    draw_customer_lists(desk)
    draw_erasures(desk)
    draw_jobs(desk)
else:
    draw_shop(desk)
    draw_channels(desk)
