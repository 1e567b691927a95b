"""When something that is ready can be fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import OpeningHours
from services.rules.opening_hours import business_minutes, is_open
from services.rules.pickup import pickup_time
from tests.bookable import HOURS, VIENNA, at


@pytest.mark.parametrize(
    ("now", "from_at", "until"),
    [
        pytest.param(at(23, 10), None, at(23, 17), id="open"),
        pytest.param(at(23, 12, 20), at(23, 13), at(23, 17), id="lunch"),
        pytest.param(at(23, 11, 50), at(23, 13), at(23, 17), id="just before lunch"),
        pytest.param(at(23, 11, 30), None, at(23, 17), id="half an hour is enough"),
        pytest.param(at(23, 7), at(23, 8), at(23, 17), id="before opening"),
        pytest.param(at(23, 16, 30), None, at(24, 17), id="just before closing: tomorrow is early enough"),
        pytest.param(at(23, 18), at(24, 8), at(24, 17), id="evening"),
        pytest.param(at(27, 16, 30), None, at(30, 17), id="friday before closing"),
        pytest.param(at(28, 10), at(30, 8), at(30, 17), id="saturday"),
    ],
)
def test_at_once_or_from_the_next_opening_until_that_day_closes(
    now: datetime, from_at: datetime | None, until: datetime
) -> None:
    found = pickup_time(HOURS, frozenset(), now)
    assert found is not None
    assert (found.from_at, found.until) == (from_at, until)


def test_a_holiday_is_no_day_to_come() -> None:
    found = pickup_time(HOURS, frozenset({at(24, 0).date()}), at(23, 18))
    assert found is not None
    assert found.from_at == at(25, 8)


def test_a_shop_that_never_opens_names_no_time() -> None:
    assert pickup_time(OpeningHours("Europe/Vienna", ((),) * 7), frozenset(), at(23, 10)) is None


@given(st.integers(0, 60 * 24 * 365))
@settings(max_examples=60, deadline=None)
def test_there_is_always_time_to_come_and_the_shop_is_open_then(minute: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    found = pickup_time(HOURS, frozenset(), now)
    assert found is not None
    begin = found.from_at or now
    assert is_open(HOURS, frozenset(), begin)
    assert begin >= now
    assert business_minutes(HOURS, frozenset(), begin, found.until) >= 60
    assert found.until.astimezone(VIENNA).hour == 17
