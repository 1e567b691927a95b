from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.hours_text import BACKWARDS, OVERLAPPING, UNREADABLE, parse_intervals, show_intervals, show_week

DAY = ((480, 720), (780, 1080))


@pytest.mark.parametrize(
    "text",
    [
        "8-12, 13-18",
        "8–12 und 13–18 Uhr",
        "von 8 bis 12 und von 13 bis 18 Uhr",
        "13:00-18:00; 08.00 - 12.00",
        "8h-12h / 13h-18h",
        "8-12 13-18",
        "8-12, und 13-18,",
        "8:00—12:00\n13:00—18:00.",
    ],
)
def test_hours_are_understood_however_they_are_written(text: str) -> None:
    assert parse_intervals(text) == DAY


@pytest.mark.parametrize("text", ["", "  ", "geschlossen", "Ruhetag", "zu", "–"])
def test_a_closed_day_has_no_intervals(text: str) -> None:
    assert parse_intervals(text) == ()


def test_a_day_may_have_three_intervals() -> None:
    assert parse_intervals("8-10 und 11-12 und 13-18") == ((480, 600), (660, 720), (780, 1080))


def test_midnight_is_the_end_of_the_day() -> None:
    assert parse_intervals("18-24") == ((1080, 1440),)
    assert show_intervals(((1080, 1440),)) == "18:00–24:00"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("morgens", UNREADABLE),
        ("8", UNREADABLE),
        ("8-12 und so weiter", UNREADABLE),
        ("8:70-12", UNREADABLE),
        ("8-25", UNREADABLE),
        ("8-24:30", UNREADABLE),
        ("8-12-13", UNREADABLE),
        ("22-2", BACKWARDS),
        ("8-8", BACKWARDS),
        ("8-12, 11:30-13", OVERLAPPING),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_intervals(text)
    assert str(refused.value) == sentence


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted))
def test_what_is_shown_can_be_read_back(edges: list[int]) -> None:
    intervals = tuple(zip(edges[::2], edges[1::2], strict=False))
    assert parse_intervals(show_intervals(intervals)) == intervals


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789:.,-– und bisUhr", max_size=30))
def test_any_text_gives_hours_or_one_of_the_three_sentences(text: str) -> None:
    try:
        intervals = parse_intervals(text)
    except ValueError as refused:
        intervals, sentence = (), str(refused)
    else:
        sentence = UNREADABLE
    assert all(0 <= begin < end <= 1440 for begin, end in intervals)
    assert sentence in {UNREADABLE, BACKWARDS, OVERLAPPING}


def test_a_week_joins_days_alike_and_leaves_closed_ones_out() -> None:
    week = (DAY, DAY, (), DAY, ((450, 780),), ((450, 780),), ())
    expected = "Mo–Di 8:00–12:00 und 13:00–18:00 Uhr, Do 8:00–12:00 und 13:00–18:00 Uhr, Fr–Sa 7:30–13:00 Uhr"
    assert show_week(week) == expected
    assert show_week(((),) * 7) == ""


@pytest.mark.parametrize("text", ["7:30–12:00 and 13:00–17:00", "closed", "8:00–10:00, 11:00–12:00 and 13:00–14:00"])
def test_hours_are_shown_and_read_in_english_too(text: str) -> None:
    english = {"geschlossen": "closed", "{times} und {last}": "{times} and {last}"}
    assert show_intervals(parse_intervals(text), english.__getitem__) == text
