from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Closure, OpeningHours
from services.rules.opening_hours import (
    add_business_minutes,
    business_minutes,
    day_intervals,
    is_open,
    next_opening,
    open_intervals,
)
from tests.rules.naive import minutes_between, open_at

ZONES = ["Europe/Vienna", "Europe/Berlin", "Europe/Zurich"]
VIENNA = ZoneInfo("Europe/Vienna")
DAY = ((480, 720), (780, 1080))
WEEK = (DAY, DAY, DAY, DAY, DAY, (), ())
HOURS = OpeningHours("Europe/Vienna", WEEK)
NEVER = OpeningHours("Europe/Vienna", ((),) * 7)
NIGHT = OpeningHours("Europe/Vienna", (((0, 1440),),) * 7)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NONE: frozenset[date] = frozenset()
few = settings(max_examples=60, deadline=None)


def local(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIENNA)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
    return tuple((b * 15, e * 15) for b, e in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def opening_hours(draw: st.DrawFn) -> OpeningHours:
    week = tuple(draw(st.lists(intervals(), min_size=7, max_size=7)))
    closures = draw(st.lists(closure(), max_size=3))
    return OpeningHours(draw(st.sampled_from(ZONES)), week, tuple(closures))


@st.composite
def closure(draw: st.DrawFn) -> Closure:
    first = draw(days)
    return Closure(first, first + timedelta(days=draw(st.integers(0, 5))), "zu", draw(intervals()))


# Around both days on which the clocks change, and an ordinary week.
days = st.one_of(
    *(st.integers(-3, 3).map(lambda n, d=d: d + timedelta(days=n)) for d in (SPRING, AUTUMN, date(2026, 12, 24)))
)
holidays = st.frozensets(days, max_size=2)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    day = draw(days)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(-120, 1500)))


def test_mail_on_friday_evening_answered_monday_morning_took_thirty_minutes() -> None:
    arrived, answered = local("2026-11-20", "17:50"), local("2026-11-23", "08:20")
    assert business_minutes(HOURS, NONE, arrived, answered) == 30


def test_an_answer_outside_the_hours_took_no_business_time() -> None:
    assert business_minutes(HOURS, NONE, local("2026-11-20", "18:30"), local("2026-11-21", "09:00")) == 0


def test_nothing_passes_backwards() -> None:
    assert business_minutes(HOURS, NONE, local("2026-11-20", "12:00"), local("2026-11-20", "08:00")) == 0


def test_seconds_are_rounded_down_once_at_the_end() -> None:
    start = local("2026-11-20", "11:59") + timedelta(seconds=30)
    assert business_minutes(HOURS, NONE, start, local("2026-11-20", "13:00") + timedelta(seconds=29)) == 0
    assert business_minutes(HOURS, NONE, start, local("2026-11-20", "13:00") + timedelta(seconds=30)) == 1


def test_the_day_the_clocks_go_forward_has_twenty_three_hours_and_back_twenty_five() -> None:
    lengths = [sum((e - b for b, e in open_intervals(NIGHT, NONE, day, day)), timedelta()) for day in (SPRING, AUTUMN)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_the_skipped_hour_is_never_open_and_the_double_one_twice() -> None:
    night = replace(NIGHT, week=(((120, 180),),) * 7)
    assert open_intervals(night, NONE, SPRING, SPRING) == []
    assert len(open_intervals(night, NONE, AUTUMN, AUTUMN)) == 1
    assert business_minutes(night, NONE, local("2026-10-25", "00:00"), local("2026-10-25", "12:00")) == 120


def test_days_open_around_the_clock_join_into_one_interval() -> None:
    assert len(open_intervals(NIGHT, NONE, date(2026, 3, 20), date(2026, 4, 5))) == 1


def test_a_half_day_closure_opens_a_holiday_for_its_hours_only() -> None:
    hours = replace(HOURS, closures=(Closure(date(2026, 12, 24), date(2026, 12, 24), "Heiligabend", ((480, 720),)),))
    assert day_intervals(hours, frozenset({date(2026, 12, 24)}), date(2026, 12, 24)) == ((480, 720),)
    assert not is_open(hours, NONE, local("2026-12-24", "13:30"))


def test_summer_hours_open_no_sunday_and_no_holiday() -> None:
    hours = replace(HOURS, closures=(Closure(date(2026, 8, 1), date(2026, 8, 31), "Sommer", ((480, 780),)),))
    assert day_intervals(hours, NONE, date(2026, 8, 2)) == ()
    assert day_intervals(hours, frozenset({date(2026, 8, 3)}), date(2026, 8, 3)) == ()
    assert day_intervals(hours, NONE, date(2026, 8, 4)) == ((480, 780),)


def test_the_shorter_closure_holds_and_of_two_alike_the_closed_one() -> None:
    holiday = Closure(date(2026, 12, 21), date(2027, 1, 6), "Betriebsurlaub")
    half = Closure(date(2026, 12, 23), date(2026, 12, 23), "halb", ((480, 720),))
    shut = Closure(date(2026, 12, 23), date(2026, 12, 23), "zu")
    assert day_intervals(replace(HOURS, closures=(half, holiday)), NONE, date(2026, 12, 23)) == ((480, 720),)
    assert day_intervals(replace(HOURS, closures=(half, shut)), NONE, date(2026, 12, 23)) == ()


def test_a_deadline_stops_at_closing_time_and_not_at_the_next_opening() -> None:
    due = add_business_minutes(HOURS, NONE, local("2026-11-20", "17:00"), 60)
    assert due == local("2026-11-20", "18:00")
    assert add_business_minutes(HOURS, NONE, local("2026-11-20", "17:00"), 61) == local("2026-11-23", "08:01")


def test_no_minutes_have_passed_at_once_and_times_come_back_in_utc() -> None:
    start = local("2026-11-21", "03:00")
    due = add_business_minutes(HOURS, NONE, start, 0)
    assert due == start
    assert due is not None
    assert due.tzinfo is UTC


def test_a_shop_that_never_opens_has_no_deadline() -> None:
    start = local("2026-11-20", "12:00")
    assert add_business_minutes(NEVER, NONE, start, 1) is None
    assert next_opening(NEVER, NONE, start) is None
    shut = replace(HOURS, closures=(Closure(date(2026, 1, 1), date(2028, 3, 1), "Umbau"),))
    assert add_business_minutes(shut, NONE, start, 1) is None
    assert next_opening(shut, NONE, start) is None


def test_a_rebuilding_of_a_year_is_waited_for() -> None:
    shut = replace(HOURS, closures=(Closure(date(2026, 11, 23), date(2027, 11, 21), "Umbau"),))
    assert add_business_minutes(shut, NONE, local("2026-11-20", "17:59"), 2) == local("2027-11-22", "08:01")


def test_open_until_the_minute_of_closing() -> None:
    assert is_open(HOURS, NONE, local("2026-11-20", "17:59"))
    assert not is_open(HOURS, NONE, local("2026-11-20", "18:00"))
    assert next_opening(HOURS, NONE, local("2026-11-20", "18:00")) == local("2026-11-23", "08:00")
    assert next_opening(HOURS, NONE, local("2026-11-20", "09:30")) == local("2026-11-20", "09:30")


@few
@given(opening_hours(), holidays, moments(), st.integers(0, 2000))
def test_minutes_agree_with_counting_them_one_by_one(
    hours: OpeningHours, off: frozenset[date], start: datetime, length: int
) -> None:
    end = start + timedelta(minutes=length)
    assert business_minutes(hours, off, start, end) == minutes_between(hours, off, start, end)


@few
@given(opening_hours(), holidays, moments())
def test_being_open_agrees_with_the_clock_on_the_wall(
    hours: OpeningHours, off: frozenset[date], moment: datetime
) -> None:
    assert is_open(hours, off, moment) == open_at(hours, off, moment)
    opening = next_opening(hours, off, moment)
    assert opening is None or (opening >= moment and open_at(hours, off, opening))


@few
@given(opening_hours(), holidays, moments(), st.integers(1, 3000))
def test_the_deadline_is_the_first_moment_at_which_the_minutes_have_passed(
    hours: OpeningHours, off: frozenset[date], start: datetime, minutes: int
) -> None:
    due = add_business_minutes(hours, off, start, minutes)
    if due is None:
        assert next_opening(hours, off, start + timedelta(days=7)) is None
        return
    assert business_minutes(hours, off, start, due) == minutes
    assert business_minutes(hours, off, start, due - timedelta(seconds=1)) == minutes - 1


@few
@given(opening_hours(), holidays, moments(), st.integers(1, 3000), days, st.integers(0, 5))
def test_closed_time_never_moves_a_deadline_earlier(
    hours: OpeningHours, off: frozenset[date], start: datetime, minutes: int, day: date, length: int
) -> None:
    before = add_business_minutes(hours, off, start, minutes)
    shut = replace(hours, closures=(*hours.closures, Closure(day, day + timedelta(days=length), "zu")))
    for after in (
        add_business_minutes(shut, off, start, minutes),
        add_business_minutes(hours, off | {day}, start, minutes),
    ):
        assert after is None or (before is not None and after >= before)


@few
@given(opening_hours(), holidays, days, st.integers(0, 8))
def test_intervals_are_sorted_apart_and_not_empty(
    hours: OpeningHours, off: frozenset[date], first: date, length: int
) -> None:
    spans = open_intervals(hours, off, first, first + timedelta(days=length))
    assert all(begin < end and begin.tzinfo is UTC for begin, end in spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))


@few
@given(opening_hours(), holidays, moments(), st.integers(0, 900), st.integers(0, 900))
def test_minutes_add_up_over_a_cut(
    hours: OpeningHours, off: frozenset[date], start: datetime, one: int, two: int
) -> None:
    middle, end = start + timedelta(minutes=one), start + timedelta(minutes=one + two)
    parts = business_minutes(hours, off, start, middle) + business_minutes(hours, off, middle, end)
    assert parts == business_minutes(hours, off, start, end)


@pytest.mark.parametrize("zone", ZONES)
def test_a_list_of_three_hundred_rows_costs_little(zone: str) -> None:
    hours, now = replace(HOURS, zone=zone), local("2026-11-20", "12:00")
    business_minutes(hours, NONE, now - timedelta(days=365), now)
    begin = perf_counter()
    for age in range(300):
        business_minutes(hours, NONE, now - timedelta(days=age), now)
        add_business_minutes(hours, NONE, now - timedelta(days=age), 240)
    assert perf_counter() - begin < 0.5


@given(st.sampled_from([SPRING, AUTUMN]), st.integers(0, 1439), st.integers(1, 600))
@few
def test_a_moment_said_in_the_shops_own_zone_counts_like_the_same_moment_in_utc(
    day: date, minute: int, goal: int
) -> None:
    moment = (datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(VIENNA)
    same = moment.astimezone(UTC)
    reached = add_business_minutes(NIGHT, NONE, same, goal)
    assert add_business_minutes(NIGHT, NONE, moment, goal) == reached
    assert reached is not None
    assert business_minutes(NIGHT, NONE, moment, reached.astimezone(VIENNA)) == goal
