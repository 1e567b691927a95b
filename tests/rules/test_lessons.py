"""One lesson a week: always one, the one that hurt most, in whole sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.report_records import (
    Answers,
    Avoidable,
    AvoidableCost,
    Avoidance,
    Callbacks,
    Complaints,
    Figure,
    HourCell,
    Praises,
    Share,
    Visits,
)
from services.rules.lessons import LEAST_WEIGHT, choose_lesson
from services.rules.standings import COMPARABLE, Days, Minutes, worth_of
from tests.standing import NOTHING, Standing


def week(**figures: Any) -> Standing:
    """A week in which nothing else happened."""
    return replace(NOTHING, **figures)


def answered(count: int, in_goal: int, median: int = 60) -> Answers:
    return Answers(count, in_goal, 0, 0, 0, median if count else None, median if count else None)


def sentence(now: Standing, then: Standing = NOTHING, hours: tuple[HourCell, ...] = ()) -> str:
    lesson = choose_lesson(now, then, hours)
    return lesson.sentence.format(**lesson.values)


counts = st.integers(0, 400)


@st.composite
def weeks(draw: st.DrawFn) -> Standing:
    number = [draw(counts) for _ in range(14)]
    in_goal = draw(st.integers(0, number[0]))
    kinds = tuple(AvoidableCost(kind, draw(counts), draw(counts)) for kind in draw(st.sets(st.sampled_from(Avoidable))))
    median = draw(st.none() | counts) if number[0] + number[1] else None
    return week(
        answers=Answers(number[0], in_goal, number[1], number[2], number[3], median, median),
        callbacks=Callbacks(number[4], number[5], number[6], 0, 0),
        complaints=Complaints(number[7], 0, 0, draw(st.integers(0, number[7])), 0, 0, 0),
        praises=Praises(number[8], 0, 0),
        avoidance=Avoidance(number[9], number[9], number[10], number[11], kinds),
        visits=Visits(number[12], number[13], 0),
    )


cells = st.builds(
    lambda weekday, hour, contacts, outside: HourCell(weekday, hour, contacts + outside, outside),
    st.integers(0, 6),
    st.integers(0, 23),
    counts,
    counts,
)


@given(weeks(), weeks(), st.lists(cells, max_size=8))
def test_every_week_teaches_something_in_a_whole_sentence(now: Standing, then: Standing, hours: list[HourCell]) -> None:
    lesson = choose_lesson(now, then, hours)
    told = lesson.sentence.format(**lesson.values)
    assert told.endswith(".")
    assert "{" not in told
    assert "None" not in told
    assert lesson.is_good == (lesson.weight < LEAST_WEIGHT)


@given(weeks(), weeks())
def test_the_same_week_always_teaches_the_same(now: Standing, then: Standing) -> None:
    assert choose_lesson(now, then) == choose_lesson(now, then)


@given(weeks(), weeks(), st.integers(1, 50))
def test_more_complaints_never_make_the_lesson_lighter(now: Standing, then: Standing, more: int) -> None:
    worse = replace(now, complaints=replace(now.complaints, count=now.complaints.count + more))
    assert choose_lesson(worse, then).weight >= choose_lesson(now, then).weight


@given(weeks())
def test_every_figure_is_worth_something_or_nothing_but_never_an_error(now: Standing) -> None:
    found = [worth_of(figure, now) for figure in Figure]
    assert all(worth is None or isinstance(worth, Share | Minutes | Days) for worth in found)
    assert not any(isinstance(worth, Share) and worth.cases == 0 for worth in found)
    assert worth_of(Figure.BACKLOG, now) is None
    assert Figure.BACKLOG not in COMPARABLE


def test_an_empty_week_says_so() -> None:
    assert sentence(NOTHING) == "In dieser Woche kam keine Anfrage."


def test_a_week_in_which_all_went_well_says_so() -> None:
    assert sentence(week(answers=answered(4, 4))) == "Alle 4 Anfragen bekamen ihre erste Antwort im Ziel."


def test_what_got_better_is_told_when_nothing_hurt() -> None:
    now, then = week(answers=answered(20, 19)), week(answers=answered(20, 16))
    better = "Besser geworden: 95 % der ersten Antworten kamen im Ziel, in der Woche davor 80 %."
    assert sentence(now, then) == better
    assert sentence(week(answers=answered(5, 5, 30)), week(answers=answered(5, 5, 90))).startswith("Schneller geworden")


def test_below_five_nothing_is_told_in_percent() -> None:
    assert "%" not in sentence(week(answers=answered(4, 4)), week(answers=answered(4, 0)))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (week(callbacks=Callbacks(3, 1, 1, 0, 0)), "Zugesagte Rückrufe: 2 von 5 kamen zu spät oder gar nicht."),
        (week(callbacks=Callbacks(0, 1, 0, 0, 0)), "Zugesagte Rückrufe: 1 von 1 kamen zu spät oder gar nicht."),
        (week(complaints=Complaints(1, 0, 0, 0, 0, 0, 9)), "Beschwerden in dieser Woche: 1, in der Woche davor: 0."),
        (week(visits=Visits(18, 2, 0)), "Termine ohne Kunden: Zu 2 von 20 kam niemand."),
        (week(answers=answered(20, 15)), "Erste Antworten: 5 von 20 kamen nicht im Ziel."),
        (
            week(avoidance=Avoidance(30, 30, 9, 90, (AvoidableCost(Avoidable.STATUS_ASKED, 9, 90),))),
            "9 Kunden mussten nach dem Stand fragen. Das kostete rund 90 Minuten.",
        ),
    ],
)
def test_a_trouble_is_told_with_its_numbers(now: Standing, expected: str) -> None:
    assert sentence(now) == expected


def test_the_trouble_that_hurt_most_is_the_lesson() -> None:
    kinds = (AvoidableCost(Avoidable.STATUS_ASKED, 4, 40), AvoidableCost(Avoidable.INFO_MISSING, 5, 25))
    now = week(answers=answered(20, 18), avoidance=Avoidance(30, 30, 9, 65, kinds), callbacks=Callbacks(3, 2, 0, 0, 0))
    assert choose_lesson(now, NOTHING).figure is Figure.CALLBACKS
    assert "nach dem Stand" in sentence(replace(now, callbacks=NOTHING.callbacks))


def test_many_messages_while_closed_are_a_lesson_and_a_few_are_not() -> None:
    evening = (HourCell(0, 19, 12, 12), HourCell(0, 10, 20, 0))
    assert sentence(NOTHING, NOTHING, evening) == "12 von 32 Nachrichten kamen, als geschlossen war."
    assert "geschlossen" not in sentence(NOTHING, NOTHING, (HourCell(0, 19, 4, 4), HourCell(0, 10, 4, 0)))
