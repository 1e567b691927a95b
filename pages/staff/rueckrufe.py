"""Rückrufe: every promised call, what is late on top, each with its number and what came of it."""

import streamlit as st

from data.promises import Call
from pages.parts.acting import edge
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.items import promise_end, promise_item
from pages.parts.live_list import REFRESH_SECONDS, draw_live_rows, follow_tap, gone_from
from pages.parts.plain import plain
from pages.parts.promising import end_promise
from pages.parts.session import Desk, open_desk
from services import promises
from services.promises import CallQueue


def summary(desk: Desk, queue: CallQueue) -> str:
    _ = desk.say
    count = len(queue.today) + len(queue.later)
    if not count:
        return _("Kein Rückruf offen")
    told = _("Ein Rückruf offen") if count == 1 else _("{count} Rückrufe offen").format(count=count)
    return told + (", " + _("{count} davon überfällig").format(count=queue.late) if queue.late else "")


def section(desk: Desk, name: str, title: str, calls: list[Call]) -> bool:
    """One list of calls, also while it still shows what is done; whether a button in it was tapped."""
    items = [promise_item(call, desk.speech, desk.settings.country, with_wait=True) for call in calls]
    over = gone_from(name, items)
    if not items and not over:
        return False
    states = promises.promise_states(desk.shop, desk.actor, over)
    return draw_live_rows(
        desk,
        name,
        items,
        beside=draw_section(title, key=name),
        kind="slim",
        label=title,
        ended={ident: promise_end(state, desk.speech) for ident, state in states.items()},
        on_act=end_promise,
    )


@st.fragment(run_every=REFRESH_SECONDS, key="rueckrufe")
def live(line: st.delta_generator.DeltaGenerator) -> None:
    now = open_desk()
    _ = now.say
    with edge(_):
        queue = promises.call_queue(now.shop, now.actor)
        line.caption(plain(summary(now, queue)))
        tapped = [
            section(now, "rueckrufe-heute", _("Heute"), queue.today),
            section(now, "rueckrufe-spaeter", _("Später"), queue.later),
        ]
        if not queue.today and not queue.later and not any(tapped):
            hint = _("Sagen Sie einen zu, wenn Sie einen Anruf notieren oder in einer Anfrage.")
            draw_empty(_("Niemand wartet auf einen Rückruf"), hint, icon="phone_in_talk")
        if any(tapped):
            st.rerun()  # the whole page, at once: it tells what came of the tap
    follow_tap()


desk = open_desk()
place, _wait = draw_head(desk, desk.say("Rückrufe"))
live(place)
