"""The demo's wishes: played on its moved clock through the use cases of the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from babel import Locale

import data.demo
from data.demo import Wished
from data.records import Actor
from data.report_records import Avoidable
from services.arrivals import Arrival, note_told, tell_waiting, usual_hold
from services.availability import local_day
from services.letters import HOLD
from services.sending import send_due
from services.settings import shop_settings
from services.shop import Shop
from services.wish_words import promise_sentence
from services.wishes import NewWish, expect_wish, fulfil_wish, note_wish
from services.wrap_ups import note_avoidable

Scene = tuple[int, Callable[[], None]]
_FETCHED_AFTER = 24 * 60  # minutes


def wish_scenes(shop: Shop, people: list[Actor], start: datetime) -> Iterator[Scene]:
    """(minutes before the start, what happens then) of all wishes and of what became of them."""
    for place, wished in enumerate(data.demo.WISHES):
        actor, known = people[place % len(people)], dict[str, int]()
        yield wished.age, partial(_note, shop, actor, wished, start, known)
        if wished.told:
            yield wished.told, partial(_tell, shop, actor, known, by_mail="@" in wished.reach)
        if wished.fetched:
            yield wished.told - _FETCHED_AFTER, partial(_fetch, shop, actor, known)


def _note(shop: Shop, actor: Actor, wished: Wished, start: datetime, known: dict[str, int]) -> None:
    until = local_day(start, shop_settings(shop.store)) + timedelta(days=wished.days)
    new = NewWish(
        article="",
        until_on=until,
        words=wished.words,
        who=wished.name,
        reach=wished.reach,
        price_cents=wished.cents,
    )
    noted = note_wish(shop, actor, new, promise=promise_sentence(until, str, Locale("de", "AT")))
    known["wish"] = noted.wish_id
    note_avoidable(shop, actor, noted.inquiry_id, Avoidable.NO)
    if wished.expected:
        expect_wish(shop, actor, noted.wish_id, expected=wished.expected, source=wished.source)


def _tell(shop: Shop, actor: Actor, known: dict[str, int], *, by_mail: bool) -> None:
    held = usual_hold(shop.store, local_day(shop.now(), shop_settings(shop.store)))
    if not by_mail:
        note_told(shop, actor, known["wish"], held)
        return
    tell_waiting(shop, actor, Arrival(held), {known["wish"]: ""})
    moment = shop.now() + HOLD
    send_due(replace(shop, clock=lambda: moment))


def _fetch(shop: Shop, actor: Actor, known: dict[str, int]) -> None:
    fulfil_wish(shop, actor, known["wish"])
