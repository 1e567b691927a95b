"""The staff's screens: which pages there are for this person, and what stands around each."""

from typing import Literal

import streamlit as st

from pages.parts import frame, state
from pages.parts.acting import edge, tell_untold_trouble
from pages.parts.dialogs import open_asked
from pages.parts.live_list import follow_tap
from pages.parts.session import STATIC, open_desk
from services.staff import require_owner

st.set_page_config(page_icon=STATIC / "theke-icon.png", layout="wide", initial_sidebar_state="collapsed")
st.logo(STATIC / "theke.svg", size="large")
desk = open_desk()
_ = desk.say


def start() -> None:
    """The bare address: Streamlit gives the default page no address of its own, and Heute is at /heute."""
    st.switch_page("staff/heute.py")


# Everybody can ask for the owner's pages, so that the refusal is a sentence of ours; only owners see them offered.
shown: Literal["visible", "hidden"] = "visible" if desk.is_owner else "hidden"
figures = st.Page("staff/auswertung.py", title=_("Auswertung"), icon=":material/monitoring:", visibility=shown)
main = [
    st.Page(start, title="Theke", default=True, visibility="hidden"),
    st.Page("staff/heute.py", title=_("Heute"), icon=":material/today:"),
    st.Page("staff/anfragen.py", title=_("Anfragen"), icon=":material/inbox:"),
    st.Page("staff/kalender.py", title=_("Termine"), icon=":material/calendar_month:"),
    figures,
    st.Page("staff/gespraech.py", title=_("Gespräch"), visibility="hidden"),
]
owners = [
    st.Page("staff/rueckblick.py", title=_("Rückblick"), icon=":material/history_edu:", visibility=shown),
    st.Page("staff/leistungen.py", title=_("Leistungen"), icon=":material/sell:", visibility=shown),
    st.Page("staff/team.py", title=_("Team"), icon=":material/badge:", visibility=shown),
    st.Page("staff/einstellungen.py", title=_("Einstellungen"), icon=":material/settings:", visibility=shown),
]
more = [
    st.Page("staff/kunden.py", title=_("Kunden"), icon=":material/group:"),
    st.Page("staff/rueckrufe.py", title=_("Rückrufe"), icon=":material/phone_in_talk:"),
    st.Page("staff/anlaesse.py", title=_("Anlässe"), icon=":material/event_repeat:"),
    st.Page("staff/wuensche.py", title=_("Wünsche"), icon=":material/bookmark:"),
    st.Page("staff/vorlagen.py", title=_("Vorlagen"), icon=":material/description:"),
    *owners,
]
page = st.navigation({"": main, _("Mehr"): more}, position="top")
if not page.url_path:
    page.run()
# The name of the page alone: a customer's would stay in the browser's history.
st.set_page_config(page_title=f"{page.title} – Theke")
state.enter_page(page.url_path)
follow_tap()
frame.draw_frame(
    desk,
    [
        ("staff/heute.py", _("Heute"), "today"),
        ("staff/anfragen.py", _("Anfragen"), "inbox"),
        ("staff/kalender.py", _("Termine"), "calendar_month"),
        ("staff/kunden.py", _("Kunden"), "group"),
    ],
)
with edge(_):
    if page.url_path in {each.url_path for each in (figures, *owners)}:
        require_owner(desk.actor)
    page.run()
with edge(_):
    open_asked(desk)
tell_untold_trouble()
