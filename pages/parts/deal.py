"""Gewünscht, zugesagt, geliefert: three lines of few words, each saved when it is left."""

from __future__ import annotations

from zlib import crc32

import streamlit as st

from pages.parts.acting import do
from pages.parts.session import Desk
from services import wrap_ups
from services.wrap_ups import Noted


def draw_deal(desk: Desk, noted: Noted, place: str) -> None:
    """What came instead, where it came otherwise; the three lines behind one tap, open where one is filled."""
    _ = desk.say
    known = noted.wrap_up
    if known.otherwise:
        _line(desk, noted, place, "delivered", _("Was kam stattdessen?"), known.delivered, "")
    filled = bool(known.wished or known.promised or (known.delivered and not known.otherwise))
    with st.expander(_("Gewünscht, zugesagt, geliefert"), expanded=filled, key=f"{place}-deal-{filled}"):
        _line(desk, noted, place, "wished", _("Gewünscht"), known.wished, noted.first_words)
        _line(desk, noted, place, "promised", _("Zugesagt"), known.promised, "")
        if not known.otherwise:
            _line(desk, noted, place, "delivered", _("Geliefert"), known.delivered, "")


def _line(desk: Desk, noted: Noted, place: str, name: str, label: str, kept: str, proposal: str) -> None:
    """One field; the proposal stands in it in grey and is kept by its own tap only."""
    _ = desk.say
    key = f"{place}-deal-{name}-{crc32(kept.encode())}"  # another one when somebody else has changed it

    def work(now: Desk) -> None:
        wrap_ups.note_deal(now.shop, now.actor, noted.inquiry_id, **{name: st.session_state[key] or ""})

    def take(now: Desk) -> None:
        wrap_ups.note_deal(now.shop, now.actor, noted.inquiry_id, **{name: proposal})

    hint = proposal or None
    st.text_input(label, kept, key=key, placeholder=hint, on_change=do, args=(work, "", place))
    if proposal and not kept:
        icon, tap = ":material/check:", (take, "", place)
        st.button(_("So übernehmen"), key=f"{key}-take", icon=icon, type="tertiary", on_click=do, args=tap)
