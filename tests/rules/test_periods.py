from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.periods import OWN, WORDS, Comparison, Period, compared, read_period

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(("word", "days"), [("", 90), ("quartal", 90), ("woche", 7), ("monat", 30), ("jahr", 365)])
def test_a_word_is_so_many_days_up_to_and_with_today(word: str, days: int) -> None:
    period = read_period(word, "", "", TODAY)
    assert (period.days, period.last) == (days, TODAY)
    assert period.word in WORDS


def test_own_days_are_taken_as_they_are() -> None:
    assert read_period(OWN, "2026-01-01", "2026-03-31", TODAY) == Period(OWN, date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("word", "von", "bis"),
    [
        ("quatsch", "", ""),
        (OWN, "", ""),
        (OWN, "2026-02-30", "2026-03-01"),
        (OWN, "2026-03-02", "2026-03-01"),
        (OWN, "2026-11-01", "2026-12-01"),
        (OWN, "1990-01-01", "2026-01-01"),
        (OWN, "0001-01-01", "0001-01-02"),
        (OWN, "1999-12-31", "2000-01-02"),
        (OWN, "'; DROP TABLE inquiry", "2026-01-01"),
    ],
)
def test_what_is_no_period_is_told_in_a_sentence(word: str, von: str, bis: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        read_period(word, von, bis, TODAY)


@given(st.dates(date(2000, 1, 1), TODAY), st.integers(0, 3659), st.sampled_from(Comparison))
def test_what_it_is_compared_with_is_as_long_and_earlier(first: date, days: int, comparison: Comparison) -> None:
    period = Period(OWN, first, min(first + timedelta(days=days), TODAY))
    before = compared(period, comparison)
    assert before.days == period.days
    if comparison is Comparison.PREVIOUS:
        assert before.last == first - timedelta(days=1)
    else:
        assert before.first == first - timedelta(weeks=52)
