"""How content the customers of the demo are: said on their page, by phone and in the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from data.demo_ratings import RATED, Rated
from data.records import Actor
from services.inquiries import list_inquiries
from services.ratings import BY_STATUS, add_words, may_rate, note_rating, rate
from services.shop import Shop
from services.status_pages import page_of


def rating_scenes(shop: Shop, people: list[Actor]) -> Iterator[tuple[int, Callable[[], None]]]:
    """(minutes before the start, what happens then)."""
    for rated in RATED:
        yield rated.age, partial(_rate, shop, people[0], rated)


def _rate(shop: Shop, actor: Actor, rated: Rated) -> None:
    found = list_inquiries(shop, actor, words=rated.name)
    inquiry_id = next(line.row.id for line in (*found.found, *found.with_customer) if may_rate(shop.store, line.row.id))
    if rated.way != BY_STATUS:
        note_rating(shop, actor, inquiry_id, rated.value, rated.words, way=rated.way)
        return
    with shop.store.write() as tx:
        page_of(tx, inquiry_id, shop.now())
    rate(shop, inquiry_id, rated.value)
    if rated.words:
        add_words(shop, inquiry_id, rated.words)
