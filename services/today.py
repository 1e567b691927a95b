"""Heute: who waits longest, what is promised, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

import data.messages
import data.promises
from data.promises import Call
from data.records import Actor, Message
from services.availability import day_bounds
from services.inquiries import InquiryList, list_inquiries
from services.promises import list_promises
from services.settings import shop_settings
from services.shop import Shop


@dataclass(frozen=True)
class Today:
    inquiries: InquiryList
    promises: list[Call]  # open ones due until the end of today, late ones first
    calls: int  # all that are promised and not made, those of other days too
    answered_today: int
    last_answer: Message | None


def show_today(shop: Shop, actor: Actor) -> Today:
    """What one glance in the morning needs."""
    start, end = day_bounds(shop.now(), shop_settings(shop.store))
    return Today(
        inquiries=list_inquiries(shop, actor),
        promises=list_promises(shop, actor, end),
        calls=data.promises.count_open(shop.store),
        answered_today=data.messages.count_answers(shop.store, start, end),
        last_answer=data.messages.newest_answer(shop.store),
    )
