"""The figures of one period, each counted when it is first asked for: a page counts what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import data.offerings
import data.report_bookings
import data.report_closings
import data.report_ratings
import data.report_wishes
import data.reports
from data.records import ShopSettings
from data.report_records import (
    Answers,
    Avoidance,
    Basis,
    Callbacks,
    Complaints,
    Load,
    Praises,
    Ratings,
    Resolutions,
    Share,
    TemplateUse,
    Unmet,
    Visits,
    Wishes,
)
from data.reports import AnswerGroups, ResolutionGroups, ShareGroups
from data.store import Reader
from services.availability import day_start, local_day
from services.rules.loads import Stretch, bookable_hours
from services.rules.opening_hours import open_intervals
from services.rules.periods import Period
from services.settings import holidays_between

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class View:
    """A period as the queries and rules need it."""

    basis: Basis
    stretch: Stretch
    open_days: list[datetime]  # midnights of the days with opening hours, from the period's begin until now


def view_of(settings: ShopSettings, period: Period, now: datetime) -> View:
    """The period by the opening hours and holidays that are entered now."""
    zone = ZoneInfo(settings.hours.zone)
    today = max(local_day(now, settings), period.last)
    holidays = holidays_between(settings, period.first, today)
    opened = open_intervals(settings.hours, holidays, period.first, today)
    days = sorted({begin.astimezone(zone).date() for begin, _ in opened})
    basis = Basis(
        start=day_start(period.first, settings),
        end=day_start(period.last + _DAY, settings),
        now=now,
        opened=tuple(opened),
        goal=settings.answer_goal_minutes,
        zone=settings.hours.zone,
    )
    stretch = Stretch(settings.hours, holidays, period.first, period.last, min(now, basis.end))
    return View(basis, stretch, [day_start(day, settings) for day in days])


class Tally:
    """Totals, as `rules.standings.Figures` names them, and what lies behind them by week, month, channel or hour."""

    def __init__(self, db: Reader, view: View) -> None:
        self._db = db
        self.view = view

    @cached_property
    def first(self) -> AnswerGroups:
        """First answers."""
        return data.reports.first_answers(self._db, self.view.basis)

    @cached_property
    def waits(self) -> tuple[AnswerGroups, ResolutionGroups]:
        """Later answers and resolutions."""
        return data.reports.waits(self._db, self.view.basis)

    @cached_property
    def returns(self) -> tuple[ShareGroups, ShareGroups]:
        """What was solved at once, and what was taken up again."""
        return data.reports.returns(self._db, self.view.basis)

    @cached_property
    def promised(self) -> tuple[Callbacks, list[Callbacks]]:
        """Promised calls."""
        return data.reports.callbacks(self._db, self.view.basis)

    @cached_property
    def complained(self) -> tuple[Complaints, list[Complaints]]:
        """Complaints."""
        contacts = self.avoidance.contacts
        return data.report_closings.complaints(self._db, self.view.basis, self.view.open_days, contacts)

    @cached_property
    def noted(self) -> tuple[Avoidance, Share]:
        """What people noted when an inquiry ended."""
        return data.report_closings.noted(self._db, self.view.basis)

    @cached_property
    def visited(self) -> tuple[Visits, list[Visits]]:
        """Bookings that were to take place."""
        return data.report_bookings.visits(self._db, self.view.basis)

    @cached_property
    def rated(self) -> tuple[Ratings, list[Ratings]]:
        """How content customers said they were."""
        return data.report_ratings.ratings(self._db, self.view.basis)

    @cached_property
    def load_hours(self) -> tuple[Load, ...]:
        """Booked and bookable minutes of every hour of the week that has either."""
        basis = self.view.basis
        blocks = data.offerings.list_blocks(self._db, basis.start, basis.end)
        bookable = bookable_hours(self.view.stretch, data.offerings.list_resources(self._db), blocks)
        booked = data.report_bookings.booked_hours(self._db, basis)
        hours = sorted({*bookable, *booked})
        return tuple(Load(booked.get(key, 0), bookable[key], weekday=key[0], hour=key[1]) for key in hours)

    @property
    def answers(self) -> Answers:
        """First answers in total; the other totals below likewise."""
        return self.first[0]

    @property
    def next_answers(self) -> Answers:
        return self.waits[0][0]

    @property
    def resolutions(self) -> Resolutions:
        return self.waits[1][0]

    @property
    def solved_at_once(self) -> Share:
        return self.returns[0][0]

    @property
    def reopened(self) -> Share:
        return self.returns[1][0]

    @property
    def callbacks(self) -> Callbacks:
        return self.promised[0]

    @property
    def complaints(self) -> Complaints:
        return self.complained[0]

    @property
    def visits(self) -> Visits:
        return self.visited[0]

    @cached_property
    def wishes(self) -> Wishes:
        return data.report_wishes.wishes(self._db, self.view.basis)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """What was asked for and did not come."""
        return tuple(data.report_wishes.unmet_wishes(self._db, self.view.basis))

    @property
    def ratings(self) -> Ratings:
        return self.rated[0]

    @property
    def load(self) -> Load:
        return Load(sum(one.booked for one in self.load_hours), sum(one.bookable for one in self.load_hours))

    @cached_property
    def praises(self) -> Praises:
        return data.report_closings.praises(self._db, self.view.basis)

    @property
    def avoidance(self) -> Avoidance:
        return self.noted[0]

    @property
    def promises_kept(self) -> Share:
        return self.noted[1]

    @cached_property
    def lead_days(self) -> float | None:
        return data.report_bookings.lead_days(self._db, self.view.basis)

    @cached_property
    def returning(self) -> Share:
        return data.report_bookings.returning(self._db, self.view.basis)

    @cached_property
    def templates(self) -> TemplateUse:
        return data.reports.template_use(self._db, self.view.basis)
