"""Two hundred people want the same lift at once: one gets it, all others a friendly word, and the tables agree."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest

import data.bookings
from services.own_bookings import LostRaceError, book_online
from services.shop import Shop
from tests.bookable import AMIR, at, form, offer, open_garage
from tests.builders import connect, make_shop
from tests.services.test_bookings import held

PEOPLE, ROUNDS = 200, int(os.environ.get("THEKE_RACE_ROUNDS", "2"))
NARROW = 40  # the lift of this file is the only one


@pytest.fixture
def garage(tmp_path: Path) -> Iterator[Shop]:
    """On a real file, with an offering for which there is one mechanic."""
    shop = make_shop(tmp_path, in_memory=False)
    connect(shop)
    open_garage(shop)
    offer(shop, NARROW, "Nur Amir", ((AMIR,),), step=10, duration=60)
    yield shop
    shop.close()


def overlapping(round_number: int) -> list[datetime]:
    """Three ranges of which any two overlap."""
    day = 24 + round_number % 4
    hour = 8 if round_number < 4 else 10 if round_number < 8 else 14
    return [at(day, hour), at(day, hour, 20), at(day, hour, 40)]


def test_of_two_hundred_threads_one_wins(garage: Shop) -> None:
    for number in range(ROUNDS):
        wanted, start = overlapping(number), Barrier(PEOPLE)

        def attempt(person: int, wanted: list[datetime] = wanted, start: Barrier = start, number: int = number) -> str:
            wish = form(wanted[person % 3], f"{number} {person}", NARROW, mail=f"gast.{person}@example.org")
            start.wait()
            try:
                return book_online(garage, wish).number
            except LostRaceError as lost:
                return f"lost, {len(lost.nearest)} offered"

        with ThreadPoolExecutor(PEOPLE) as crowd:
            told = Counter(crowd.map(attempt, range(PEOPLE)))
        winners = [word for word in told if not word.startswith("lost")]
        assert len(winners) == 1, told
        assert told["lost, 3 offered"] == PEOPLE - 1
        assert data.bookings.occupied_cells(garage.store) == held(garage)
    assert len(garage.store.read("SELECT id FROM booking")) == ROUNDS


def test_even_a_bug_in_the_rule_cannot_sell_a_lift_twice(garage: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The occupancy's key holds by itself: here the rule is told that nothing is taken."""
    book_online(garage, form(at(25, 9), "one", NARROW))
    monkeypatch.setattr(data.bookings, "footprints", lambda *_, **__: {})
    with pytest.raises(Exception, match="gerade vergeben"):
        book_online(garage, form(at(25, 9, 30), "two", NARROW))
    assert data.bookings.occupied_cells(garage.store) == held(garage)
    assert len(garage.store.read("SELECT id FROM booking")) == 1
