"""Heute: who waits longest, what is promised, where to ask again."""

import streamlit as st

from pages.parts.acting import edge
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.items import inquiry_item, promise_item
from pages.parts.live_list import REFRESH_SECONDS, draw_live_rows, follow_tap
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from pages.parts.steps import draw_promise_taps
from pages.parts.words import clock_time, greeting, long_day
from services.today import Today, show_today

LONGEST = 3


def waits(desk: Desk, today: Today) -> None:
    _ = desk.say
    waiting = today.inquiries.waiting
    beside = draw_section(_("Wer wartet am längsten"), key="erst-wait")
    if not waiting:
        draw_empty(_("Alle haben eine Antwort"), last_words(desk, today))
        return
    label = _("Alle {count}").format(count=len(waiting))
    beside.page_link("staff/anfragen.py", label=label, icon=":material/arrow_forward:", icon_position="right")
    items = [inquiry_item(line, desk.speech, with_owner=False) for line in waiting[:LONGEST]]
    draw_live_rows(desk, "heute-wait", items, more=True, label=_("Wer wartet am längsten"))


def last_words(desk: Desk, today: Today) -> str:
    _ = desk.say
    if today.last_answer is None:
        return _("Neue Anfragen stehen hier, sobald sie kommen.")
    at = clock_time(today.last_answer.happened_at, desk.speech)
    return _("Die letzte Antwort ging um {time} hinaus. Neue Anfragen stehen hier, sobald sie kommen.").format(time=at)


def promised(desk: Desk, today: Today) -> None:
    _ = desk.say
    draw_section(_("Heute versprochen"), key="promise")
    if not today.promises:
        st.caption(_("Für heute ist kein Rückruf versprochen."))
        return
    draw_live_rows(
        desk,
        "heute-promise",
        [promise_item(p, desk.speech, desk.settings.country) for p in today.promises],
        kind="slim",
        label=_("Heute versprochen"),
        more=True,
    )
    for promise in today.promises[:LONGEST]:
        draw_promise_taps(desk, promise)


def figures(desk: Desk, today: Today) -> None:
    _ = desk.say
    draw_section(_("Heute so weit"), key="erst-zahlen")
    with st.container(key="karte-zahlen"), st.grid(3, min_column_width=80, gap="xsmall"):
        st.metric(_("Warten"), len(today.inquiries.waiting))
        st.metric(_("Überfällig"), today.inquiries.late)
        st.metric(_("Beantwortet"), today.answered_today)


def ask_again(desk: Desk, today: Today) -> None:
    _ = desk.say
    quiet = sorted(today.inquiries.with_customer, key=lambda line: line.row.last_message_at)
    if quiet:
        draw_section(_("Beim Kunden"), key="quiet", sub=_("Vielleicht einmal nachfragen?"))
        items = [{**inquiry_item(line, desk.speech, with_owner=False), "meta": []} for line in quiet[:LONGEST]]
        draw_live_rows(desk, "heute-quiet", items, more=True, label=_("Beim Kunden"))


@st.fragment(run_every=REFRESH_SECONDS, key="heute")
def live(line: st.delta_generator.DeltaGenerator) -> None:
    now = open_desk()
    _ = now.say
    stand = _("{day} · Stand {time}").format(
        day=long_day(now.speech.now, now.speech), time=clock_time(now.speech.now, now.speech)
    )
    line.caption(plain(stand))
    with edge(_):
        today = show_today(now.shop, now.actor)
        with st.container(key="split-heute"):
            left, right = st.columns([8, 5], gap="medium")
        with left:
            waits(now, today)
            promised(now, today)
        with right:
            figures(now, today)
            ask_again(now, today)
    follow_tap()


desk = open_desk()
place, _wait = draw_head(desk, greeting(desk.speech, desk.actor.name))
live(place)
