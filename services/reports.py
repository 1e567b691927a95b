"""Figures: how good the service is, for a period and for the one it is compared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import data.measures
import data.report_cases
import data.report_closings
import data.reports
from data.records import Actor
from data.report_records import (
    AgeClass,
    Answers,
    Callbacks,
    Cause,
    Complaints,
    Figure,
    FunnelStep,
    HourCell,
    Load,
    Measure,
    Quote,
    ReasonCost,
    Resolutions,
    Share,
    Visits,
)
from data.store import Reader
from services.availability import local_day
from services.inquiries import InquiryLine, lines_of
from services.rules.loads import Stretch, opened_hours
from services.rules.periods import Comparison, Period, compared, read_period
from services.rules.standings import Figures
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_owner
from services.tally import Tally, View, view_of

MOST_CASES = 50
QUOTED = timedelta(days=30)


@dataclass(frozen=True)
class Report:
    """All that the screen of figures shows; `as_of` is aware UTC."""

    period: Period
    before: Period
    comparison: Comparison
    as_of: datetime
    goal: int
    hourly_rate_cents: int
    template_minutes: int
    missed_visit_cents: int
    now: Figures
    then: Figures
    backlog: tuple[AgeClass, ...]
    answer_weeks: tuple[Answers, ...]
    answer_channels: tuple[Answers, ...]
    next_channels: tuple[Answers, ...]
    resolution_weeks: tuple[Resolutions, ...]
    solved_weeks: tuple[Share, ...]
    reopened_weeks: tuple[Share, ...]
    callback_weeks: tuple[Callbacks, ...]
    hours: tuple[HourCell, ...]
    reasons: tuple[ReasonCost, ...]
    complaint_months: tuple[Complaints, ...]
    causes: tuple[Cause, ...]
    visit_months: tuple[Visits, ...]
    load_hours: tuple[Load, ...]
    funnel: tuple[FunnelStep, ...]
    measures: tuple[Measure, ...]


def show_report(shop: Shop, actor: Actor, period: Period, comparison: Comparison) -> Report:
    """Everything about a period, as of this minute. Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    asked = (period, comparison)
    report: Report = shop.reports.get(
        asked, shop.now(), shop.store.changes, lambda: _report(shop, shop.now(), period, comparison)
    )
    return report


def _report(shop: Shop, moment: datetime, period: Period, comparison: Comparison) -> Report:
    db, settings, before = shop.store, shop_settings(shop.store), compared(period, comparison)
    now, then = _tally(shop, period), _tally(shop, before)
    basis = now.view.basis
    return Report(
        period=period,
        before=before,
        comparison=comparison,
        as_of=moment,
        goal=settings.answer_goal_minutes,
        hourly_rate_cents=settings.hourly_rate_cents,
        template_minutes=settings.template_minutes,
        missed_visit_cents=settings.missed_visit_cents,
        now=now,
        then=then,
        backlog=tuple(data.reports.backlog(db, moment)),
        answer_weeks=tuple(now.first[1]),
        answer_channels=tuple(now.first[2]),
        next_channels=tuple(now.waits[0][2]),
        resolution_weeks=tuple(now.waits[1][1]),
        solved_weeks=tuple(now.returns[0][1]),
        reopened_weeks=tuple(now.returns[1][1]),
        callback_weeks=tuple(now.promised[1]),
        hours=_contact_hours(db, now.view),
        reasons=tuple(data.report_closings.reason_costs(db, basis)),
        complaint_months=tuple(now.complained[1]),
        causes=tuple(data.report_closings.causes(db, basis)),
        visit_months=tuple(now.visited[1]),
        load_hours=now.load_hours,
        funnel=tuple(data.report_closings.funnel(db, basis)),
        measures=tuple(data.measures.list_measures(db, period.first, period.last)),
    )


def show_standing(shop: Shop, actor: Actor, period: Period) -> Figures:
    """The totals of one period, as of this minute. Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    return _tally(shop, period)


def _tally(shop: Shop, period: Period) -> Tally:
    db, moment = shop.store, shop.now()

    def count() -> Tally:
        return Tally(db, view_of(shop_settings(db), period, moment))

    tally: Tally = shop.reports.get(period, moment, db.changes, count)
    return tally


def list_cases(shop: Shop, actor: Actor, figure: Figure, period: Period) -> list[InquiryLine]:
    """The inquiries behind a figure, the worst first, at most 50. Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    basis = _tally(shop, period).view.basis
    return lines_of(shop, data.report_cases.case_ids(shop.store, basis, figure, MOST_CASES))


def week_report(shop: Shop, actor: Actor) -> tuple[Figures, Figures]:
    """The last seven days up to now and the seven before, for everybody."""
    today = local_day(shop.now(), shop_settings(shop.store))
    week = read_period("woche", "", "", today)
    return _tally(shop, week), _tally(shop, compared(week, Comparison.PREVIOUS))


def list_quotes(shop: Shop, actor: Actor) -> list[Quote]:
    """The newest complaint and the newest praise of the last 30 days, in the customers' own words."""
    return data.report_closings.newest_quotes(shop.store, shop.now() - QUOTED)


def own_contacts(shop: Shop, actor: Actor) -> int:
    """How many answers this person gave in the last seven days; nobody sees another's."""
    now = shop.now()
    return data.reports.answers_of(shop.store, actor.staff_id, now - timedelta(days=7), now)


def _contact_hours(db: Reader, view: View) -> tuple[HourCell, ...]:
    """All 168 hours of the week, with how much of each the shop was open."""
    opened, days = opened_hours(replace(view.stretch, until=view.basis.end)), _days_of(view.stretch)
    found = {(cell.weekday, cell.hour): cell for cell in data.reports.contacts_by_hour(db, view.basis)}
    every = ((weekday, hour) for weekday in range(7) for hour in range(24))
    return tuple(
        replace(found.get(key, HourCell(*key, 0, 0)), opened=opened[key] / (60 * max(1, days[key[0]]))) for key in every
    )


def _days_of(stretch: Stretch) -> Counter[int]:
    """How often each weekday comes in the days of a stretch."""
    days = range(stretch.first.toordinal(), stretch.last.toordinal() + 1)
    return Counter((ordinal - 1) % 7 for ordinal in days)
