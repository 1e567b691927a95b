"""A pasted chat, a review and an idea in the demo: played on its moved clock like a real shop's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import data.demo
from data.demo_ways import CHAT, CHAT_AGE, CHAT_NAME, IDEA, REASON, REVIEW, REVIEW_AGE, REVIEW_NAME
from data.records import Actor, Channel
from data.report_records import Avoidable
from services.ideas import Fate, decide_idea, ideas_of, mark_idea
from services.inquiries import require_inquiry
from services.inquiry_form import InquiryForm, ask
from services.letters import HOLD
from services.noting import Outcome, note_contact
from services.pasted import note_chat
from services.reasons import list_reasons
from services.replies import send_reply
from services.sending import send_due
from services.settings import shop_settings
from services.shop import Shop
from services.wrap_ups import note_avoidable, note_reason

Scene = tuple[int, Callable[[], None]]


def way_scenes(shop: Shop, people: list[Actor], start: datetime) -> Iterator[Scene]:
    """(minutes before the start, what happens then)."""
    yield CHAT_AGE, partial(_paste, shop, people[0], start)
    yield REVIEW_AGE, partial(_review, shop, people[0])
    yield IDEA.age, partial(_tell_idea, shop, people[0])
    yield IDEA.done, partial(_decide, shop, people[0])
    yield IDEA.answered, partial(_answer, shop, people[0])


def _paste(shop: Shop, actor: Actor, start: datetime) -> None:
    zone = ZoneInfo(shop_settings(shop.store).hours.zone)
    lines = []
    for age, theirs, words in CHAT:
        local = (start - timedelta(minutes=age)).astimezone(zone)
        lines.append(f"[{local:%d.%m.%y, %H:%M:%S}] {CHAT_NAME if theirs else data.demo.SHOP['name']}: {words}")
    note_chat(shop, actor, "\n".join(lines), customer=CHAT_NAME)


def _review(shop: Shop, actor: Actor) -> None:
    inquiry_id = note_contact(
        shop, actor, who=REVIEW_NAME, need=REVIEW, reach="", channel=Channel.REVIEW, outcome=Outcome.SETTLED
    )
    _note_end(shop, actor, inquiry_id, Avoidable.NO)


def _note_end(shop: Shop, actor: Actor, inquiry_id: int, avoidable: Avoidable) -> None:
    other = next(one.id for one in list_reasons(shop.store) if one.name == REASON)
    note_reason(shop, actor, inquiry_id, other)
    note_avoidable(shop, actor, inquiry_id, avoidable)


def _ask(shop: Shop) -> int:
    """The inquiry of the form; the same form again leads to the same one."""
    return ask(shop, InquiryForm(IDEA.words, IDEA.name, IDEA.mail, "", False, None, "demo idea", "de")).inquiry_id


def _tell_idea(shop: Shop, actor: Actor) -> None:
    mark_idea(shop, actor, _ask(shop))


def _decide(shop: Shop, actor: Actor) -> None:
    for idea in ideas_of(shop.store, _ask(shop)):
        decide_idea(shop, actor, idea.id, Fate.DONE)


def _answer(shop: Shop, actor: Actor) -> None:
    inquiry = require_inquiry(shop.store, _ask(shop))
    key = f"demo idea {inquiry.id}"
    send_reply(shop, actor, inquiry.id, body=IDEA.answer, seen_version=inquiry.version, form_key=key, close=True)
    moment = shop.now() + HOLD
    send_due(replace(shop, clock=lambda: moment))
    _note_end(shop, actor, inquiry.id, Avoidable.NO)
