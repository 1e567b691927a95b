"""Until when we answer: the shop's own calendar decides, also in the hour in which UTC has another day and year."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from data.records import OpeningHours
from services.answer_times import answer_by_with
from services.settings import LONGEST_GOAL, put_settings, shop_settings
from services.shop import Shop

VIENNA = ZoneInfo("Europe/Vienna")


def test_new_years_day_begins_when_it_does_in_the_shop(shop: Shop) -> None:
    mondays = OpeningHours("Europe/Vienna", (((480, 510),), (), (), (), (), (), ()))
    with shop.store.write() as tx:
        put_settings(tx, {"hours": mondays, "answer_goal_minutes": LONGEST_GOAL}, shop.now())
    settings = shop_settings(shop.store)
    night, day = (datetime(2027, 1, 1, hour, 30, tzinfo=VIENNA).astimezone(UTC) for hour in (0, 12))
    assert (night.year, day.year) == (2026, 2027)
    # 200 Mondays on, three of 2029 are holidays; nobody worked in between.
    assert answer_by_with(settings, night) == answer_by_with(settings, day)
