"""The lists below the inquiries in which nobody waits: from before the set-up, of machines, taken for none."""

from __future__ import annotations

import streamlit as st

from pages.parts import state
from pages.parts.acting import do
from pages.parts.head import draw_note, draw_section
from pages.parts.items import dismissed_item, inquiry_item
from pages.parts.live_list import draw_live_rows
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from services import closing
from services.inquiries import InquiryLine


def draw_earlier(desk: Desk, lines: list[InquiryLine], wanted: str, *, offer: bool) -> None:
    """«Vorher»; with `offer` all of them can be closed at once."""
    _ = desk.say
    if not lines:
        return
    beside = draw_section(_("Vorher"), key="earlier", sub=_("Mails von vor der Einrichtung. Hier läuft keine Uhr."))
    if offer and beside.button(
        _("Alle erledigt"), key="close-earlier", icon=":material/done_all:", on_click=state.ask, args=("earlier",)
    ):
        st.rerun()
    items = [inquiry_item(line, desk.speech) for line in lines]
    draw_live_rows(desk, "earlier", items, beside=beside, wanted=wanted, label=_("Vorher"))


def draw_machine(desk: Desk, lines: list[InquiryLine], wanted: str) -> None:
    """«Automatische Post», folded."""
    _ = desk.say
    if not lines:
        return
    label = _("Automatische Post ({count})").format(count=len(lines))
    with st.expander(label, icon=":material/smart_toy:", key="machine", on_change="rerun") as opened:
        if opened.open:
            sentence = _("Newsletter, Abwesenheitsnotizen, Bestätigungen. Hier läuft keine Uhr.")
            beside = draw_note(sentence, key="machine")
            items = [inquiry_item(line, desk.speech) for line in lines]
            draw_live_rows(desk, "machine", items, beside=beside, wanted=wanted, label=label)


def draw_dismissed(desk: Desk) -> None:
    """«Keine Kundenanfragen», folded, each with its way back."""
    _ = desk.say
    items = [dismissed_item(row, desk.speech) for row in closing.list_dismissed(desk.shop, desk.actor)]
    if not items:
        return
    label = _("Keine Kundenanfragen ({count})").format(count=len(items))
    with st.expander(label, icon=":material/block:", key="dismissed", on_change="rerun") as opened:
        if opened.open:
            st.caption(_("Was jemand in den letzten 30 Tagen aus der Liste genommen hat."))
            if draw_rows(items, key="rows-dismissed", kind="slim", label=label, on_tap=state.go_to, on_act=restore):
                st.rerun()  # the whole page, at once: it tells what came of the tap


def restore(_name: str, inquiry_id: int) -> None:
    """The tap «Doch eine Kundenanfrage» in a row of what was taken for none."""

    def work(desk: Desk) -> str:
        _ = desk.say
        closing.restore_inquiry(desk.shop, desk.actor, inquiry_id)
        state.mark_own(inquiry_id)
        return _("Steht wieder bei den Anfragen.")

    do(work)
