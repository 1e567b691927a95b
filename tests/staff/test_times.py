"""The times that dialogs offer: none at which the shop is closed, unless a person asks for one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Closure, OpeningHours
from pages.parts.times import ShopTime, usual_times
from services.rules.opening_hours import is_open, next_opening

ZONE = ZoneInfo("Europe/Vienna")
WEEKDAY = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))
HOURS = OpeningHours("Europe/Vienna", (WEEKDAY,) * 4 + (((8 * 60, 14 * 60),), (), ()))  # Friday until two


def shop_at(text: str, hours: OpeningHours = HOURS, holidays: frozenset[date] = frozenset()) -> ShopTime:
    return ShopTime(datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC), hours, holidays)


def offered(shop: ShopTime, *, soon: bool) -> list[str]:
    return [moment.strftime("%a %d. %H:%M") for moment in usual_times(shop, soon=soon)]


@pytest.mark.parametrize(
    ("now", "by", "from_then"),
    [
        (
            "2026-11-23T10:42",
            ["Mon 23. 11:30", "Mon 23. 16:00", "Tue 24. 09:00", "Mon 30. 09:00"],
            ["Mon 23. 16:00", "Tue 24. 08:00", "Mon 30. 08:00"],
        ),
        (  # in the lunch break it will be an hour after it
            "2026-11-23T11:30",
            ["Mon 23. 14:00", "Mon 23. 16:00", "Tue 24. 09:00", "Mon 30. 09:00"],
            ["Mon 23. 13:00", "Mon 23. 16:00", "Tue 24. 08:00", "Mon 30. 08:00"],
        ),
        (  # past four
            "2026-11-23T16:05",
            ["Mon 23. 17:00", "Tue 24. 09:00", "Mon 30. 09:00"],
            ["Mon 23. 17:00", "Tue 24. 08:00", "Mon 30. 08:00"],
        ),
        (  # a short Friday, and the evening of one
            "2026-11-27T09:00",
            ["Fri 27. 10:00", "Fri 27. 13:00", "Mon 30. 09:00"],
            ["Fri 27. 13:00", "Mon 30. 08:00"],
        ),
        (
            "2026-11-27T20:00",
            ["Mon 30. 09:00", "Mon 30. 16:00", "Tue 01. 09:00", "Mon 07. 09:00"],
            ["Mon 30. 08:00", "Mon 30. 16:00", "Tue 01. 08:00", "Mon 07. 08:00"],
        ),
        (  # a Sunday
            "2026-11-22T10:42",
            ["Mon 23. 09:00", "Mon 23. 16:00", "Tue 24. 09:00", "Mon 30. 09:00"],
            ["Mon 23. 08:00", "Mon 23. 16:00", "Tue 24. 08:00", "Mon 30. 08:00"],
        ),
    ],
)
def test_the_next_sensible_times_are_offered(now: str, by: list[str], from_then: list[str]) -> None:
    assert offered(shop_at(now), soon=True) == by
    assert offered(shop_at(now), soon=False) == from_then


def test_a_holiday_and_a_closure_are_left_out() -> None:
    closed = Closure(date(2026, 12, 9), date(2026, 12, 9), "Inventur")
    shop = shop_at("2026-12-07T17:30", OpeningHours(HOURS.zone, HOURS.week, (closed,)), frozenset({date(2026, 12, 8)}))
    assert offered(shop, soon=True) == ["Thu 10. 09:00", "Thu 10. 16:00", "Fri 11. 09:00", "Mon 14. 09:00"]


def test_a_shop_that_names_no_hours_still_gets_times() -> None:
    nothing = OpeningHours("Europe/Vienna", ((),) * 7)
    times = offered(shop_at("2026-11-22T10:42", nothing), soon=True)
    assert times == ["Sun 22. 11:30", "Sun 22. 16:00", "Mon 23. 09:00"]


intervals = st.lists(st.integers(0, 47), min_size=2, max_size=4, unique=True).map(
    lambda ends: tuple(
        (a * 30, b * 30) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)
    )
)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.one_of(st.just(()), intervals), min_size=7, max_size=7),
    st.integers(0, 60 * 24 * 365),
    st.booleans(),
)
def test_whatever_the_hours_every_offered_time_lies_ahead_and_within_them(
    week: list[tuple[tuple[int, int], ...]], minutes: int, soon: bool
) -> None:
    hours = OpeningHours("Europe/Vienna", tuple(week))
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    times = usual_times(ShopTime(now, hours, frozenset()), soon=soon)
    assert times == sorted(times)
    assert all(moment > now + timedelta(minutes=15) for moment in times)
    if next_opening(hours, frozenset(), now) is not None:
        assert times
        assert all(is_open(hours, frozenset(), moment) for moment in times)
