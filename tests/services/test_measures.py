"""Measures: who may note one, what cannot be, and which run in a stretch of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from data.records import Actor, StaffRole
from data.report_records import Figure
from services.errors import InvalidInputError, NotAllowedError, NotFoundError
from services.measures import add_measure, end_measure, list_measures, running_measures, today_of
from services.shop import Shop
from tests.builders import connect, hire

TODAY = date(2026, 11, 23)
USUAL: dict[str, Any] = {
    "title": "Um 11 und um 16 Uhr rufen wir alle zurück",
    "figure": Figure.CALLBACKS,
    "staff_id": None,
    "begins_on": TODAY,
    "due_on": None,
}


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def test_a_measure_is_kept_with_who_is_in_charge_until_when(shop: Shop, sandra: Actor) -> None:
    amir = hire(shop, "Amir Haddad")
    due = TODAY + timedelta(days=28)
    made = add_measure(shop, sandra, **{**USUAL, "staff_id": amir.staff_id, "due_on": due})
    (measure,) = list_measures(shop.store, TODAY, TODAY)
    assert (measure.id, measure.title, measure.figure) == (made, USUAL["title"], "callbacks")
    assert (measure.staff_name, measure.begins_on, measure.due_on, measure.ended_on) == (
        "Amir Haddad",
        TODAY,
        due,
        None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"figure": "umsatz"},
        {"figure": "backlog"},  # of now alone: nothing could be told before and after
        {"due_on": TODAY - timedelta(days=1)},
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, sandra: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        add_measure(shop, sandra, **{**USUAL, **wrong})
    assert list_measures(shop.store, date.min, date.max) == []


def test_somebody_who_does_not_work_here_is_in_charge_of_nothing(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(NotFoundError):
        add_measure(shop, sandra, **{**USUAL, "staff_id": 4711})


def test_only_owners_change_measures(shop: Shop, sandra: Actor) -> None:
    amir = hire(shop, "Amir Haddad")
    made = add_measure(shop, sandra, **USUAL)
    with pytest.raises(NotAllowedError):
        add_measure(shop, amir, **USUAL)
    with pytest.raises(NotAllowedError):
        end_measure(shop, amir, made, TODAY)
    assert [each.ended_on for each in list_measures(shop.store, TODAY, TODAY)] == [None]


def test_an_ended_measure_ends_once_and_never_before_it_began(shop: Shop, sandra: Actor) -> None:
    later = TODAY + timedelta(days=3)
    first = add_measure(shop, sandra, **USUAL)
    second = add_measure(shop, sandra, **{**USUAL, "begins_on": later})
    end_measure(shop, sandra, first, TODAY)
    end_measure(shop, sandra, first, later)
    end_measure(shop, sandra, second, TODAY)
    ended = {each.id: each.ended_on for each in list_measures(shop.store, date.min, date.max)}
    assert ended == {first: TODAY, second: later}
    with pytest.raises(NotFoundError):
        end_measure(shop, sandra, 4711, TODAY)


def test_those_are_listed_that_run_on_one_of_the_days_the_newest_first(shop: Shop, sandra: Actor) -> None:
    old = add_measure(shop, sandra, **{**USUAL, "begins_on": TODAY - timedelta(days=30)})
    end_measure(shop, sandra, old, TODAY - timedelta(days=10))
    running = add_measure(shop, sandra, **{**USUAL, "begins_on": TODAY - timedelta(days=5)})
    ahead = add_measure(shop, sandra, **{**USUAL, "begins_on": TODAY + timedelta(days=5)})
    assert [each.id for each in list_measures(shop.store, TODAY - timedelta(days=10), TODAY)] == [running, old]
    assert [each.id for each in list_measures(shop.store, TODAY - timedelta(days=9), TODAY)] == [running]
    assert [each.id for each in running_measures(shop.store, today_of(shop))] == [ahead, running]
