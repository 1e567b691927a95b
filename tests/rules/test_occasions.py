"""When there is a reason to call, whom one may call, and that one person is called once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.occasion_records import Occasion, OccasionKind
from services.rules.occasions import by_person, calls_possible, is_timely, may_call, months_later, quiet_after

VIENNA = ZoneInfo("Europe/Vienna")
DAY = timedelta(days=1)
DONE = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # already the first of February in Vienna


def occasion(kind: OccasionKind, **known: object) -> Occasion:
    usual = {"subject_id": 1, "customer_id": 1, "customer_name": "Maria", "phone": "", "inquiry_id": 1}
    no_word = {"no_ads": False, "ads": False, "survey": False}
    return Occasion(**{**usual, **no_word, "kind": kind, "at": DONE, "what": "", **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "first", "last"),
    [
        (occasion(OccasionKind.COMPLAINT), date(2026, 2, 8), date(2026, 2, 22)),
        (occasion(OccasionKind.OFFER), date(2026, 2, 8), date(2026, 4, 2)),
        (occasion(OccasionKind.FOLLOW_UP, days=3), date(2026, 2, 4), date(2026, 2, 18)),
        (occasion(OccasionKind.DUE, months=12), date(2027, 1, 2), date(2027, 5, 2)),
        (occasion(OccasionKind.QUIET, days=30), date(2026, 5, 2), date(2028, 2, 1)),
        (occasion(OccasionKind.QUIET, days=100), date(2026, 7, 2), date(2028, 2, 1)),
    ],
)
def test_each_kind_stands_from_its_first_to_its_last_day(one: Occasion, first: date, last: date) -> None:
    stands = [day for day in (first - DAY, first, last, last + DAY) if is_timely(one, day, VIENNA)]
    assert stands == [first, last]


def test_one_that_was_put_off_comes_back_for_a_week_even_past_its_time() -> None:
    one = occasion(OccasionKind.COMPLAINT, again_on=date(2026, 2, 26))
    days = [date(2026, 2, 22) + count * DAY for count in range(14)]
    assert [day for day in days if is_timely(one, day, VIENNA)] == days[4:12]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 3), 1, date(2027, 1, 3)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_with_the_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@settings(max_examples=80, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120), st.integers(1, 700))
def test_what_is_due_comes_neither_too_early_nor_too_late(day: date, months: int, gap: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)
    silence = quiet_after(gap)
    assert silence >= 90 * DAY
    assert silence > gap * 1.5 * DAY
    assert silence == 90 * DAY or silence - DAY <= gap * 1.5 * DAY


@pytest.mark.parametrize(
    ("country", "card", "allowed"),
    [
        ("AT", {"ads": True}, "complaint offer follow_up due quiet"),
        ("AT", {}, "complaint offer follow_up"),
        ("AT", {"ads": True, "no_ads": True}, "complaint"),
        ("CH", {"no_ads": True}, "complaint"),
        ("DE", {}, "complaint offer"),
        ("DE", {"survey": True}, "complaint offer follow_up"),
        ("DE", {"ads": True}, "complaint offer follow_up due quiet"),
        ("DE", {"survey": True, "no_ads": True}, "complaint"),
    ],
)
def test_one_s_own_complaint_is_free_the_rest_goes_by_what_the_customer_agreed_to(
    country: str, card: dict[str, bool], allowed: str
) -> None:
    found = [kind.value for kind in OccasionKind if may_call(occasion(kind, **card), country)]
    assert found == allowed.split()


KINDS = st.sampled_from(list(OccasionKind))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(1, 4), st.integers(0, 9)), unique=True, max_size=12))
def test_one_person_is_called_once_and_no_reason_is_lost(drawn: list[tuple[OccasionKind, int, int]]) -> None:
    given_ones = [
        occasion(kind, customer_id=who, subject_id=number, at=DONE + days * DAY)
        for number, (kind, who, days) in enumerate(drawn)
    ]
    calls = by_person(given_ones)
    assert len({call.customer_id for call in calls}) == len(calls)
    assert sorted(one.subject_id for call in calls for one in call.reasons) == list(range(len(drawn)))
    order = [list(OccasionKind).index(call.reasons[0].kind) for call in calls]
    assert order == sorted(order)


def test_freed_minutes_are_whole_calls() -> None:
    assert [calls_possible(minutes) for minutes in (0, 9, 10, 42)] == [0, 0, 1, 4]
