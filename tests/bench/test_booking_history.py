"""How long it takes to find free days and to book, with few and with many bookings behind the shop."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.availability import free_days
from services.shop import Shop
from tests.bookable import AMIR, LIFT_1, LIFT_2, LUKAS, TYRES, at, book, offering, open_garage
from tests.builders import connect, make_shop

FEW, MANY = 1_000, 100_000
TRIES = 15
MOST = 1.3


def open_shop(folder: Path, past: int) -> Shop:
    """A garage on a file with so many bookings behind it, each an hour long on a mechanic and a lift."""
    shop = make_shop(folder, in_memory=False)
    connect(shop)
    open_garage(shop)
    with shop.store.write() as tx:
        params = {"n": past, "start": at(1, 8, month=1), "amir": AMIR, "lift": LIFT_1, "lukas": LUKAS, "lift2": LIFT_2}
        tx.run(
            """INSERT INTO booking BY NAME SELECT 1000000 + i AS id, 'P-' || i AS number, 's' || i AS secret,
                   'u' || i AS uid, 'f' || i AS form_key, 0 AS sequence, 11 AS offering_id, 'Reifen' AS offering_name,
                   1 AS customer_id, 'Maria' AS customer_name, '' AS mail, '' AS phone, 1 AS inquiry_id,
                   'done' AS state, $start::TIMESTAMP - INTERVAL 1 HOUR * (i // 2) AS starts_at,
                   $start::TIMESTAMP - INTERVAL 1 HOUR * (i // 2) + INTERVAL 1 HOUR AS ends_at, 0 AS buffer_before,
                   0 AS buffer_after, 4900 AS price_cents, '' AS answer, '' AS note, 'de' AS language,
                   NULL AS staff_id, $start::TIMESTAMP AS created_at, $start::TIMESTAMP AS agreed_at,
                   NULL AS lapses_at, 'none' AS reminder, '' AS calendar_answer FROM range($n) t(i)""",
            {"n": past, "start": params["start"]},
        )
        tx.run(
            """INSERT INTO booking_resource SELECT 1000000 + i,
                   CASE i % 2 * 2 + p WHEN 0 THEN $amir WHEN 1 THEN $lift WHEN 2 THEN $lukas ELSE $lift2 END, p
               FROM range($n) t(i), range(2) u(p)""",
            {name: params[name] for name in ("n", "amir", "lukas", "lift", "lift2")},
        )
        tx.run(
            """INSERT INTO occupancy SELECT r.resource_id, epoch(b.starts_at)::BIGINT // 300 + c, b.id
               FROM booking b JOIN booking_resource r ON r.booking_id = b.id, range(12) t(c)"""
        )
    return shop


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Shop]]:
    opened = {past: open_shop(tmp_path_factory.mktemp(f"past{past}"), past) for past in (FEW, MANY)}
    yield opened
    for shop in opened.values():
        shop.close()


def median_ms(work: Callable[[int], object]) -> float:
    work(-1)
    spans = []
    for number in range(TRIES):
        begin = time.perf_counter()
        work(number)
        spans.append((time.perf_counter() - begin) * 1000)
    return statistics.median(spans)


def test_free_days_take_the_same_with_a_hundred_times_the_past(shops: dict[int, Shop]) -> None:
    took = {past: median_ms(lambda _, shop=shop: free_days(shop, offering(shop))) for past, shop in shops.items()}  # type: ignore[misc]
    print(f"\nfree days of a month, ms at the median: {took}")
    assert took[MANY] <= took[FEW] * MOST


def test_booking_takes_the_same_with_a_hundred_times_the_past(shops: dict[int, Shop]) -> None:
    def one(shop: Shop) -> Callable[[int], object]:
        def work(number: int) -> object:
            when = at(24, 8) + timedelta(days=(number + 1) // 8, hours=(number + 1) % 4 + ((number + 1) % 8 // 4) * 5)
            return book(shop, when, f"bench {number}", TYRES)

        return work

    took = {past: median_ms(one(shop)) for past, shop in shops.items()}
    print(f"\none booking, ms at the median: {took}")
    assert took[MANY] <= took[FEW] * MOST
