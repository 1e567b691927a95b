"""What one figure is worth in a week or any other period: a share, minutes, or days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from data.report_records import (
    Answers,
    Avoidance,
    Callbacks,
    Complaints,
    Figure,
    Load,
    Praises,
    Ratings,
    Resolutions,
    Share,
    TemplateUse,
    Visits,
    Wishes,
)


def whole_percent(value: float) -> int:
    """A percentage as people read it everywhere: rounded, but never to all or to none of what is neither."""
    whole = round(value)
    if whole in {0, 100} and value != whole:
        return 1 if 0 < value < 1 else 99 if 99 < value < 100 else whole
    return whole


class Figures(Protocol):
    """The figures of a period, as `services.tally.Tally` counts them."""

    @property
    def answers(self) -> Answers: ...

    @property
    def next_answers(self) -> Answers: ...

    @property
    def resolutions(self) -> Resolutions: ...

    @property
    def solved_at_once(self) -> Share: ...

    @property
    def reopened(self) -> Share: ...

    @property
    def callbacks(self) -> Callbacks: ...

    @property
    def complaints(self) -> Complaints: ...

    @property
    def praises(self) -> Praises: ...

    @property
    def avoidance(self) -> Avoidance: ...

    @property
    def promises_kept(self) -> Share: ...

    @property
    def visits(self) -> Visits: ...

    @property
    def lead_days(self) -> float | None: ...

    @property
    def load(self) -> Load: ...

    @property
    def returning(self) -> Share: ...

    @property
    def templates(self) -> TemplateUse: ...

    @property
    def ratings(self) -> Ratings: ...

    @property
    def wishes(self) -> Wishes: ...


@dataclass(frozen=True)
class Minutes:
    """Business minutes."""

    count: int


@dataclass(frozen=True)
class Days:
    count: float


Worth = Share | Minutes | Days | None

_WORTH: Mapping[Figure, Callable[[Figures], Worth]] = MappingProxyType(
    {
        Figure.IN_GOAL: lambda one: one.answers.share,
        Figure.FIRST_ANSWER: lambda one: _minutes(one.answers.median),
        Figure.NEXT_ANSWER: lambda one: _minutes(one.next_answers.median),
        Figure.RESOLUTION: lambda one: _minutes(one.resolutions.median),
        Figure.SOLVED_AT_ONCE: lambda one: one.solved_at_once,
        Figure.REOPENED: lambda one: one.reopened,
        Figure.CALLBACKS: lambda one: one.callbacks.share,
        Figure.CALLBACKS_REACHED: lambda one: Share(one.callbacks.reached_first, one.callbacks.tried),
        Figure.COMPLAINTS: lambda one: Share(one.complaints.count, one.complaints.inquiries),
        Figure.COMPLAINTS_SOLVED: lambda one: Share(one.complaints.solved_in_time, one.complaints.judged),
        Figure.AVOIDABLE: lambda one: one.avoidance.share,
        Figure.PRAISE: lambda one: Share(one.praises.passed_on, one.praises.count),
        Figure.PROMISES_KEPT: lambda one: one.promises_kept,
        Figure.NO_SHOWS: lambda one: Share(one.visits.done, one.visits.share.cases),  # told as kept
        Figure.LEAD_TIME: lambda one: None if one.lead_days is None else Days(one.lead_days),
        Figure.UTILISATION: lambda one: Share(one.load.booked, one.load.bookable),
        Figure.RETURNING: lambda one: one.returning,
        Figure.TEMPLATES: lambda one: Share(one.templates.from_template, one.templates.replies),
        Figure.SATISFACTION: lambda one: one.ratings.share,
        Figure.WISHES: lambda one: one.wishes.share,
    }
)
# What can be told before and after: the backlog is of now alone, and jobs need 30 days to come.
COMPARABLE = tuple(_WORTH)


def worth_of(figure: Figure, of: Figures) -> Worth:
    """What the figure is worth, None where nothing was counted."""
    found = _WORTH[figure](of) if figure in _WORTH else None
    return None if isinstance(found, Share) and not found.cases else found


def _minutes(count: int | None) -> Minutes | None:
    return None if count is None else Minutes(count)
