"""Heute: who waits longest, what is promised, how the week goes, what customers say in their own words."""

import streamlit as st

from data.promises import Call
from pages.parts import state
from pages.parts.acting import edge
from pages.parts.focus import draw_focus_digest
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.idea import draw_idea_hint
from pages.parts.items import inquiry_item, promise_end, promise_item
from pages.parts.live_list import REFRESH_SECONDS, draw_live_rows, follow_tap, gone_from, known_in_focus
from pages.parts.occasions import draw_occasions_line
from pages.parts.plain import plain
from pages.parts.promising import end_promise
from pages.parts.session import Desk, open_desk
from pages.parts.today_day import draw_booked, draw_numbers
from pages.parts.today_week import draw_quotes, draw_week, soon_words
from pages.parts.wishing import draw_wish_hint
from pages.parts.words import clock_time, greeting, hidden_words, long_day
from services import promises
from services.today import Today, show_today

LONGEST = 3


def waits(desk: Desk, today: Today) -> None:
    _ = desk.say
    found = known_in_focus(desk, "heute-wait", today.inquiries)
    waiting = found.waiting
    soon = soon_words(waiting, desk.speech) if waiting else ""
    beside = draw_section(_("Wer wartet am längsten"), key="erst-wait", sub=soon)
    if not waiting:
        nobody(desk, today)
        return
    label = _("Alle {count}").format(count=found.waiting_for_us)
    beside.page_link("staff/anfragen.py", label=label, icon=":material/arrow_forward:", icon_position="right")
    items = [inquiry_item(line, desk.speech, with_owner=False) for line in waiting[:LONGEST]]
    draw_live_rows(desk, "heute-wait", items, beside=beside, more=True, label=_("Wer wartet am längsten"))


def nobody(desk: Desk, today: Today) -> None:
    """No row to show: all have an answer, or those who wait are hidden."""
    _ = desk.say
    if today.inquiries.hidden:
        hidden = hidden_words(today.inquiries.hidden, desk.say)
        draw_empty(_("Niemand sonst wartet auf uns"), hidden, icon="visibility_off")
    else:
        draw_empty(_("Alle haben eine Antwort"), last_words(desk, today))


def last_words(desk: Desk, today: Today) -> str:
    _ = desk.say
    if today.last_answer is None:
        return _("Neue Anfragen stehen hier, sobald sie kommen.")
    at = clock_time(today.last_answer.happened_at, desk.speech)
    return _("Die letzte Antwort ging um {time} hinaus. Neue Anfragen stehen hier, sobald sie kommen.").format(time=at)


def promised(desk: Desk, today: Today) -> None:
    _ = desk.say
    beside = draw_section(_("Heute versprochen"), key="promise")
    if today.calls:
        label = _("Alle {count}").format(count=today.calls)
        beside.page_link("staff/rueckrufe.py", label=label, icon=":material/arrow_forward:", icon_position="right")
    items = [promise_item(promise, desk.speech, desk.settings.country) for promise in first_calls(today)]
    over = gone_from("heute-promise", items)
    if not items and not over:
        st.caption(_("Für heute ist kein Rückruf versprochen."))
        return
    states = promises.promise_states(desk.shop, desk.actor, over)
    tapped = draw_live_rows(
        desk,
        "heute-promise",
        items,
        beside=beside,
        kind="slim",
        more=True,
        label=_("Heute versprochen"),
        ended={ident: promise_end(state, desk.speech) for ident, state in states.items()},
        on_act=end_promise,
    )
    if tapped:
        st.rerun()  # the whole page, at once: it tells what came of the tap


def first_calls(today: Today) -> list[Call]:
    """The first few, and those that stand here already: one moved up does not take another's place."""
    kept = state.kept_list("heute-promise")
    shown = {item["id"] for item in kept[1]} if kept else set()
    return [call for place, call in enumerate(today.promises) if place < LONGEST or call.id in shown]


def ask_again(desk: Desk, today: Today) -> None:
    _ = desk.say
    quiet = sorted(today.inquiries.with_customer, key=lambda line: line.row.last_message_at)
    if quiet:
        beside = draw_section(_("Beim Kunden"), key="quiet", sub=_("Vielleicht einmal nachfragen?"))
        items = [{**inquiry_item(line, desk.speech, with_owner=False), "meta": []} for line in quiet[:LONGEST]]
        draw_live_rows(desk, "heute-quiet", items, beside=beside, more=True, label=_("Beim Kunden"))


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
            draw_wish_hint(now)
            draw_idea_hint(now)
        with right:
            key = "zahlen" if draw_booked(now) else "erst-zahlen"
            draw_numbers(now, today, key)
            draw_week(now)
            draw_occasions_line(now)
        draw_quotes(now)
        ask_again(now, today)
    follow_tap()


desk = open_desk()
place, _wait = draw_head(desk, greeting(desk.speech, desk.actor.name))
draw_focus_digest(desk)
live(place)
