from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Closure, OpeningHours
from services.rules.answer_by import answer_by
from services.rules.opening_hours import business_minutes
from tests.rules.naive import open_at
from tests.rules.test_opening_hours import NEVER, NONE, VIENNA, few, holidays, local, moments, opening_hours

MINUTE = timedelta(minutes=1)
FAR = timedelta(days=9)
DAY = ((450, 720), (780, 1020))
SHOP = OpeningHours("Europe/Vienna", (DAY, DAY, DAY, DAY, ((450, 780),), (), ()))


def stepped(hours: OpeningHours, closed: frozenset[date], asked: datetime, goal: int) -> datetime | None:
    """Minute by minute: first the goal runs out, then the next half hour comes, or the door is shut."""
    moment, left = asked, goal
    while moment < asked + FAR:
        if left == 0 and (_is_half_hour(moment, hours.zone) or not open_at(hours, closed, moment)):
            return moment
        if left > 0:
            left -= open_at(hours, closed, moment)
        moment += MINUTE
    return None


def _is_half_hour(moment: datetime, zone: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).minute % 30 == 0


@few
@given(opening_hours(), holidays, moments(), st.integers(1, 300))
def test_it_is_what_a_look_at_every_minute_says(
    hours: OpeningHours, closed: frozenset[date], asked: datetime, goal: int
) -> None:
    said, slow = answer_by(hours, closed, asked, goal), stepped(hours, closed, asked, goal)
    if slow is None:
        assert said is None or said >= asked + FAR
    else:
        assert said == slow
        assert business_minutes(hours, closed, asked, said) >= goal


@pytest.mark.parametrize(
    ("asked", "goal", "said"),
    [
        ("2026-11-24T09:41", 240, "2026-11-24T15:00"),  # across lunch: 14:41
        ("2026-11-24T08:00", 240, "2026-11-24T12:00"),  # to the minute
        ("2026-11-24T07:59", 240, "2026-11-24T12:00"),
        ("2026-11-24T16:40", 30, "2026-11-25T08:00"),  # 20 minutes today, 10 tomorrow
        ("2026-11-27T11:00", 240, "2026-11-30T09:30"),  # the weekend in between
        ("2026-11-28T03:00", 60, "2026-11-30T08:30"),
        ("2026-03-27T12:00", 120, "2026-03-30T08:30"),  # the clocks went forward on Sunday
        ("2026-10-23T12:00", 120, "2026-10-26T08:30"),
    ],
)
def test_the_examples_on_the_clock_of_the_shop(asked: str, goal: int, said: str) -> None:
    times = [datetime.fromisoformat(text).replace(tzinfo=VIENNA) for text in (asked, said)]
    assert answer_by(SHOP, NONE, times[0], goal) == times[1]


def test_a_holiday_and_a_closure_are_left_out() -> None:
    asked, holiday = local("2026-12-07", "16:00"), frozenset({date(2026, 12, 8)})
    assert answer_by(SHOP, holiday, asked, 120) == local("2026-12-09", "08:30")
    shut = replace(SHOP, closures=(Closure(date(2026, 12, 9), date(2026, 12, 10), "Inventur"),))
    assert answer_by(shut, holiday, asked, 120) == local("2026-12-11", "08:30")


def test_nothing_is_promised_for_after_the_door_is_shut() -> None:
    odd = OpeningHours("Europe/Vienna", (((480, 1005),),) * 7)  # until 16:45
    assert answer_by(odd, NONE, local("2026-11-24", "16:00"), 35) == local("2026-11-24", "16:45")
    assert answer_by(odd, NONE, local("2026-11-24", "16:00"), 45) == local("2026-11-24", "16:45")


@pytest.mark.parametrize(("day", "until"), [("2026-03-29", "05:30"), ("2026-10-25", "03:30")])
def test_a_night_on_which_the_clocks_change_is_as_long_as_it_is(day: str, until: str) -> None:
    night = OpeningHours("Europe/Vienna", (((0, 1440),),) * 7)
    assert answer_by(night, NONE, local(day, "00:20"), 245) == local(day, until)


def test_a_shop_that_never_opens_promises_nothing() -> None:
    assert answer_by(NEVER, NONE, local("2026-11-24", "09:41"), 240) is None
