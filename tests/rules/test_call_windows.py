"""When a customer can be called: inside opening hours, never past, long enough to be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Closure, OpeningHours
from services.rules.call_windows import OFFERED, SHORTEST, next_try, next_windows, usual_window
from services.rules.opening_hours import business_minutes, is_open
from tests.rules.test_opening_hours import HOURS, NEVER, NIGHT, NONE, VIENNA, local, opening_hours

MONDAY, FRIDAY = "2026-11-23", "2026-11-27"
around_the_change = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(minutes=minutes),
    st.one_of(st.dates(date(2026, 3, 26), date(2026, 4, 1)), st.dates(date(2026, 10, 22), date(2026, 10, 28))),
    st.integers(0, 1439),
)
some = settings(max_examples=60, deadline=None)
cheap = settings(max_examples=40, deadline=None)


def told(hours: OpeningHours, now: datetime, holidays: frozenset[date] = NONE) -> list[str]:
    windows = next_windows(hours, holidays, now)
    return [f"{w.from_at.astimezone(VIENNA):%a %H:%M}-{w.due_at.astimezone(VIENNA):%H:%M}" for w in windows]


def test_the_rest_of_today_comes_first_then_the_next_half_days() -> None:
    assert told(HOURS, local(MONDAY, "09:41")) == [
        "Mon 09:45-12:00",
        "Mon 13:00-15:30",
        "Mon 15:30-18:00",
        "Tue 08:00-12:00",
        "Tue 13:00-15:30",
        "Tue 15:30-18:00",
    ]


def test_less_than_half_an_hour_is_no_window() -> None:
    assert told(HOURS, local(MONDAY, "17:31"))[0] == "Tue 08:00-12:00"
    assert told(HOURS, local(MONDAY, "17:30"))[0] == "Mon 17:30-18:00"


def test_a_weekend_a_holiday_and_a_closure_are_passed_over() -> None:
    holiday = frozenset({date(2026, 11, 30)})
    assert told(HOURS, local(FRIDAY, "17:45"), holiday)[0] == "Tue 08:00-12:00"
    shut = OpeningHours(HOURS.zone, HOURS.week, (Closure(date(2026, 11, 24), date(2026, 11, 25), "Inventur"),))
    assert told(shut, local(MONDAY, "17:45"))[0] == "Thu 08:00-12:00"


def test_a_shop_that_never_opens_offers_none() -> None:
    assert told(NEVER, local(MONDAY, "09:00")) == []


@given(opening_hours(), around_the_change)
@some
def test_every_window_is_open_ahead_long_enough_and_apart(hours: OpeningHours, now: datetime) -> None:
    windows = next_windows(hours, NONE, now)
    assert len(windows) <= OFFERED
    for window in windows:
        assert window.from_at >= now
        length = window.due_at - window.from_at
        assert length >= SHORTEST
        assert business_minutes(hours, NONE, window.from_at, window.due_at) == length // timedelta(minutes=1)
    for one, following in pairwise(windows):
        assert one.due_at <= following.from_at


@given(opening_hours(), around_the_change)
@cheap
def test_what_is_promised_by_default_lies_on_one_day_within_opening_hours(hours: OpeningHours, now: datetime) -> None:
    window = usual_window(hours, NONE, now)
    assert now <= window.from_at < window.due_at
    minutes = business_minutes(hours, NONE, window.from_at, window.due_at)
    if any(hours.week):
        assert window.from_at == now or minutes <= 120 + 15


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("09:00", "Mon 11:00"),
        ("11:30", "Mon 14:30"),
        ("17:10", "Mon 18:00"),
        ("17:45", "Tue 10:00"),
        ("6:00", "Mon 10:00"),
    ],
)
def test_two_hours_of_opening_time_the_same_day_if_possible(now: str, due: str) -> None:
    window = usual_window(HOURS, NONE, local(MONDAY, now.zfill(5)))
    assert f"{window.due_at.astimezone(VIENNA):%a %H:%M}" == due


def again(now: str, tries: int, due: str, begin: str = "", day: str = MONDAY) -> str:
    from_at = local(day, begin) if begin else None
    at = next_try(HOURS, NONE, local(day, now), tries=tries, due_at=local(day, due), from_at=from_at)
    return f"{at.astimezone(VIENNA):%a %H:%M}"


@pytest.mark.parametrize(
    ("now", "tries", "due", "when"),
    [
        ("09:02", 1, "17:00", "Mon 10:05"),  # an hour of opening time, on a readable minute
        ("11:30", 1, "17:00", "Mon 13:30"),  # across lunch
        ("09:00", 2, "17:00", "Mon 14:00"),  # half a day
        ("16:15", 3, "08:00", "Tue 08:00"),  # the next day's opening
        ("14:05", 3, "12:00", "Mon 16:05"),  # late, and the shop is open for four hours more
        ("09:00", 3, "08:00", "Mon 14:00"),
        ("14:05", 2, "12:00", "Mon 16:05"),
        ("17:30", 1, "08:00", "Tue 08:30"),
        ("09:00", 1, "09:40", "Mon 09:20"),  # the window ends before: half-way through what is left
        ("09:00", 3, "12:00", "Mon 10:30"),
        ("09:00", 1, "09:05", "Mon 10:00"),  # too little is left of it
        ("17:00", 1, "08:00", "Tue 08:00"),  # not at the minute the shop closes
    ],
)
def test_when_to_call_again(now: str, tries: int, due: str, when: str) -> None:
    assert again(now, tries, due) == when


def test_no_try_is_planned_for_the_minute_the_shop_closes_for_lunch() -> None:
    assert again("10:00", 3, "15:00") == "Mon 13:00"  # half of what is left ends at noon


def test_a_try_before_the_window_is_followed_by_one_inside() -> None:
    assert again("08:10", 1, "17:00", "14:00") == "Mon 14:00"
    assert again("08:10", 3, "15:00", "14:00") == "Mon 14:30"


def test_the_next_opening_after_a_friday_is_monday() -> None:
    assert again("16:30", 3, "12:00", day=FRIDAY) == "Mon 08:00"


@given(opening_hours(), around_the_change, st.integers(1, 5), st.integers(-600, 3000), st.integers(1, 600))
@some
def test_the_next_try_is_ahead_open_and_in_the_window_while_that_lasts(
    hours: OpeningHours, now: datetime, tries: int, until: int, span: int
) -> None:
    due, begin = now + timedelta(minutes=until), now + timedelta(minutes=until - span)
    at = next_try(hours, NONE, now, tries=tries, due_at=due, from_at=begin)
    assert at > now
    if any(hours.week):
        assert is_open(hours, NONE, at)
    if business_minutes(hours, NONE, max(now, begin), due) >= 10:
        assert begin <= at < due


def test_a_shop_open_day_and_night_and_one_without_hours() -> None:
    now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert next_try(NIGHT, NONE, now, tries=1, due_at=now) == now + timedelta(hours=1)
    assert next_try(NEVER, NONE, now, tries=1, due_at=now) == now + timedelta(hours=1)
