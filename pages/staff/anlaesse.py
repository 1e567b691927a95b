"""Anlässe: reasons to call one customer, made from the shop's own data."""

import streamlit as st

from pages.parts import state
from pages.parts.head import draw_empty, draw_head, draw_note, draw_section
from pages.parts.live_list import draw_live_rows
from pages.parts.occasions import CALLS, HELD, act_on, call_item, count_words, draw_sources, fate_words
from pages.parts.session import Desk, open_desk
from services.occasions import MOST, Occasions, list_occasions


def draw_calls(desk: Desk, found: Occasions) -> None:
    _ = desk.say
    items = [call_item(desk, call) for call in found.calls]
    beside = draw_section(count_words(found, desk) if items else _("Anzurufen"), key="erst-anlaesse")
    if not items and not state.kept_list(CALLS):
        text = _("Hier steht, wem ein Anruf guttut: offene Angebote, fertige Arbeiten, Fälliges, stille Stammkunden.")
        draw_empty(_("Niemand anzurufen"), text)
        return
    ended = fate_words(desk, CALLS, items)
    draw_live_rows(desk, CALLS, items, beside=beside, label=_("Anzurufen"), ended=ended, on_act=act_on)


def draw_held(desk: Desk, found: Occasions) -> None:
    _ = desk.say
    items = [call_item(desk, call, held=True) for call in found.held]
    if not items and not state.kept_list(HELD):
        return
    label = _("Ohne Einwilligung: nicht anrufen")
    sub = _("Beim nächsten Besuch ansprechen. Wer zustimmt, rückt nach oben: Notieren Sie es auf der Kundenkarte.")
    with st.expander(f"{label} ({len(items)})", icon=":material/do_not_disturb_on:", key="anlaesse-ohne"):
        beside, ended = draw_note(sub, key="anlaesse-ohne"), fate_words(desk, HELD, items)
        draw_live_rows(desk, HELD, items, beside=beside, label=label, ended=ended, on_act=act_on)


desk = open_desk()
_ = desk.say
draw_head(desk, _("Anlässe"), _("Gründe, jemanden anzurufen. Von selbst geht nichts hinaus."))
occasions = list_occasions(desk.shop, desk.actor)
draw_calls(desk, occasions)
draw_held(desk, occasions)
if occasions.more:
    st.caption(_("Von jedem Grund stehen die {count} neuesten hier. Weitere rücken nach.").format(count=MOST))
with st.expander(_("Woher kommen die Anlässe?"), icon=":material/help:"):
    draw_sources(desk)
