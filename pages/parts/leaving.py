"""Team: the question before somebody is taken off it."""

from __future__ import annotations

import streamlit as st

from pages.parts.acting import calling, show_form
from pages.parts.plain import plain
from pages.parts.session import Desk
from services import staff


def open_leave(desk: Desk, staff_id: int) -> None:
    """Take somebody off the team, after one question that says what becomes of their work."""
    _ = desk.say

    def question(now: Desk) -> None:
        st.markdown(plain(" ".join(_consequences(now, staff_id))))

    leave, said = calling(staff.deactivate_staff, staff_id), _("Nicht mehr im Team.")
    show_form(_("Aus dem Team nehmen"), question, _("Ja, aus dem Team nehmen"), leave, keys="lv-", said=said)


def _consequences(desk: Desk, staff_id: int) -> list[str]:
    _ = desk.say
    left = staff.left_behind(desk.shop, desk.actor, staff_id)
    told = _("{name} kann sich dann nicht mehr anmelden. Was die Person geschrieben hat, bleibt.")
    sentences = [told.format(name=left.name)]
    if left.inquiries:
        one = _("Eine offene Anfrage ist dann offen für alle.")
        many = _("{count} offene Anfragen sind dann offen für alle.")
        sentences.append(one if left.inquiries == 1 else many.format(count=left.inquiries))
    if left.callbacks:
        sentences.append(_callbacks(desk, left, own=staff_id == desk.actor.staff_id))
    return sentences


def _callbacks(desk: Desk, left: staff.LeftBehind, *, own: bool) -> str:
    _ = desk.say
    if own:
        one, many = _("Einen Rückruf übernimmt {heir}."), _("{count} Rückrufe übernimmt {heir}.")
    else:
        one, many = _("Einen zugesagten Rückruf übernehmen Sie."), _("{count} zugesagte Rückrufe übernehmen Sie.")
    return (one if left.callbacks == 1 else many).format(count=left.callbacks, heir=left.heir)
