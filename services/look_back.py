"""The weekly look-back: three numbers, one lesson, one measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.records import Actor
from data.report_records import Figure, Measure
from services import reports
from services.measures import running_measures, today_of
from services.rules.lessons import Lesson, choose_lesson
from services.rules.periods import OWN, Comparison, Period, compared
from services.rules.standings import Worth, worth_of
from services.shop import Shop
from services.staff import require_owner

NUMBERS = (Figure.IN_GOAL, Figure.FIRST_ANSWER, Figure.CALLBACKS)
FOUR_WEEKS = 28  # days before a measure begins, and the last ones since, which are compared
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Number:
    """A figure of last week, and of the week before; None where nothing was counted."""

    figure: Figure
    now: Worth
    before: Worth


@dataclass(frozen=True)
class Trial:
    """A measure, and its figure in the four weeks before it began and since; None for what cannot be told (yet)."""

    measure: Measure
    before: Worth
    since: Worth


@dataclass(frozen=True)
class LookBack:
    """Last week against the week before; `trial` is None when nothing is being changed.

    `saved_minutes` is what templates saved in that week, by the shop's own estimate.
    """

    week: Period
    before: Period
    numbers: tuple[Number, ...]
    lesson: Lesson
    trial: Trial | None
    saved_minutes: int = 0


def look_back(shop: Shop, actor: Actor) -> LookBack:
    """The last whole week (Monday to Sunday, the shop's days). Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    today = today_of(shop)
    week = last_week(today)
    report = reports.show_report(shop, actor, week, Comparison.PREVIOUS)
    running = [each for each in running_measures(shop.store, today) if each.begins_on <= today]
    return LookBack(
        week=week,
        before=compared(week, Comparison.PREVIOUS),
        numbers=tuple(Number(one, worth_of(one, report.now), worth_of(one, report.then)) for one in NUMBERS),
        lesson=choose_lesson(report.now, report.then, report.hours),
        trial=show_trial(shop, actor, running[0]) if running else None,
        saved_minutes=report.saved_minutes,
    )


def last_week(today: date) -> Period:
    """The last whole calendar week before a local day."""
    monday = this_monday(today)
    return Period(OWN, monday - _WEEK, monday - _DAY)


def this_monday(today: date) -> date:
    """The Monday of the week that holds a local day."""
    return today - today.weekday() * _DAY


def show_trial(shop: Shop, actor: Actor, measure: Measure) -> Trial:
    """What a measure has changed so far. Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    today = today_of(shop)
    last = min(measure.ended_on or today, today)
    if not measure.figure or measure.begins_on > today:
        return Trial(measure, None, None)
    figure, first = Figure(measure.figure), measure.begins_on
    earlier = Period(OWN, first - FOUR_WEEKS * _DAY, first - _DAY)
    since = Period(OWN, max(first, last - (FOUR_WEEKS - 1) * _DAY), last)
    return Trial(measure, _worth(shop, actor, figure, earlier), _worth(shop, actor, figure, since))


def _worth(shop: Shop, actor: Actor, figure: Figure, period: Period) -> Worth:
    return worth_of(figure, reports.show_standing(shop, actor, period))
