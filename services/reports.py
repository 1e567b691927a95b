"""Figures: how good the service is, for a period and for the one it is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

import data.measures
import data.report_cases
import data.report_closings
import data.report_ratings
import data.report_wishes
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
    Ratings,
    ReasonCost,
    Resolutions,
    Share,
    Unmet,
    Visits,
    WishFunnel,
)
from data.store import Reader
from services.availability import local_day
from services.channels import used_channels
from services.inquiries import InquiryLine, lines_of
from services.rules.loads import Stretch, opened_hours
from services.rules.periods import Comparison, Period, compared, read_period
from services.rules.standings import Figures
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_owner
from services.tally import Tally, View, view_of

MOST_CASES = 50
_NO_ANSWERS = Answers(0, 0, 0, 0, 0, None, None)
_NO_WISHES = WishFunnel(0, 0, 0)
_NO_COMPLAINTS = Complaints(0, 0, 0, 0, 0, 0, 0)
QUOTED = timedelta(days=30)


class _OfWeek(Protocol):
    @property
    def week(self) -> date | None: ...


class _OfMonth(Protocol):
    @property
    def month(self) -> date | None: ...


W = TypeVar("W", bound=_OfWeek)
M = TypeVar("M", bound=_OfMonth)


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
    rating_months: tuple[Ratings, ...] = ()
    wish_funnel: WishFunnel = _NO_WISHES
    unmet: tuple[Unmet, ...] = ()

    @property
    def saved_minutes(self) -> int:
        """What replies from a template saved, by the shop's own estimate."""
        return self.now.templates.from_template * self.template_minutes


def show_report(shop: Shop, actor: Actor, period: Period, comparison: Comparison) -> Report:
    """Everything about a period, as of this minute. Raises NotAllowedError for anybody but an owner."""
    require_owner(actor)
    asked, moment = (period, comparison), shop.now()
    report: Report = shop.reports.get(
        asked, moment, shop.store.changes, lambda: _report(shop, moment, period, comparison)
    )
    return report


def _report(shop: Shop, moment: datetime, period: Period, comparison: Comparison) -> Report:
    db, settings, before = shop.store, shop_settings(shop.store), compared(period, comparison)
    now, then = _tally(shop, period), _tally(shop, before)
    basis, used = now.view.basis, used_channels(db)
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
        answer_weeks=fill_weeks(now.first[1], period, lambda week: replace(_NO_ANSWERS, week=week)),
        answer_channels=tuple(one for one in now.first[2] if one.channel in used),
        next_channels=tuple(one for one in now.waits[0][2] if one.channel in used),
        resolution_weeks=fill_weeks(now.waits[1][1], period, lambda week: Resolutions(0, 0, None, None, week)),
        solved_weeks=fill_weeks(now.returns[0][1], period, lambda week: Share(0, 0, week=week)),
        reopened_weeks=fill_weeks(now.returns[1][1], period, lambda week: Share(0, 0, week=week)),
        callback_weeks=fill_weeks(now.promised[1], period, lambda week: Callbacks(0, 0, 0, 0, 0, week)),
        hours=_contact_hours(db, now.view),
        reasons=tuple(data.report_closings.reason_costs(db, basis)),
        complaint_months=fill_months(now.complained[1], period, lambda month: replace(_NO_COMPLAINTS, month=month)),
        causes=tuple(data.report_closings.causes(db, basis)),
        visit_months=fill_months(now.visited[1], period, lambda month: Visits(0, 0, 0, month)),
        load_hours=now.load_hours,
        funnel=tuple(data.report_closings.funnel(db, basis)),
        measures=tuple(data.measures.list_measures(db, period.first, period.last)),
        wish_funnel=data.report_wishes.wish_funnel(db, basis),
        unmet=now.unmet,
        rating_months=fill_months(now.rated[1], period, lambda month: Ratings(0, 0, 0, 0, 0, 0, 0, month)),
    )


def fill_weeks(found: Sequence[W], period: Period, make: Callable[[date], W]) -> tuple[W, ...]:
    """Every week of the period, also those in which nothing happened; nothing where nothing ever did."""
    monday = period.first - timedelta(days=period.first.weekday())
    weeks = [monday + timedelta(weeks=number) for number in range((period.last - monday).days // 7 + 1)]
    known = {one.week: one for one in found}
    return tuple(known.get(week) or make(week) for week in weeks) if found else ()


def fill_months(found: Sequence[M], period: Period, make: Callable[[date], M]) -> tuple[M, ...]:
    """The same by month."""
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    months = [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]
    known = {one.month: one for one in found}
    return tuple(known.get(month) or make(month) for month in months) if found else ()


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


def wanted_most(shop: Shop, actor: Actor) -> list[Unmet]:
    """What was asked for in the last 90 days and did not come, the most wanted first; for everybody."""
    today = local_day(shop.now(), shop_settings(shop.store))
    return list(_tally(shop, read_period("quartal", "", "", today)).unmet)


def week_report(shop: Shop, actor: Actor) -> tuple[Figures, Figures]:
    """The last seven days up to now and the seven before, for everybody."""
    today = local_day(shop.now(), shop_settings(shop.store))
    week = read_period("woche", "", "", today)
    return _tally(shop, week), _tally(shop, compared(week, Comparison.PREVIOUS))


def list_quotes(shop: Shop, actor: Actor) -> list[Quote]:
    """The newest praise of the last 30 days and the newest complaint or discontent rating, in customers' own words."""
    since = shop.now() - QUOTED
    quotes = data.report_closings.newest_quotes(shop.store, since)
    rating = data.report_ratings.newest_discontent(shop.store, since)
    return _with_rating(quotes, rating) if rating else quotes


def _with_rating(quotes: list[Quote], rating: Quote) -> list[Quote]:
    """The newer one of complaint and rating stands for both: a glance has room for one."""
    praise = [quote for quote in quotes if quote.kind == "praise"]
    complaints = [quote for quote in quotes if quote.kind != "praise"]
    return [*praise, max(*complaints, rating, key=lambda quote: quote.said_at) if complaints else rating]


def own_contacts(shop: Shop, actor: Actor) -> int:
    """How many answers this person gave in the last seven days; nobody sees another's."""
    now = shop.now()
    return data.reports.answers_of(shop.store, actor.staff_id, now - timedelta(days=7), now)


def _contact_hours(db: Reader, view: View) -> tuple[HourCell, ...]:
    """Every hour of the weekdays that the period has, with how much of it the shop was open."""
    opened, days = opened_hours(replace(view.stretch, until=view.basis.end)), _days_of(view.stretch)
    found = {(cell.weekday, cell.hour): cell for cell in data.reports.contacts_by_hour(db, view.basis)}
    every = ((weekday, hour) for weekday in sorted(days) for hour in range(24))
    return tuple(
        replace(found.get(key, HourCell(*key, 0, 0)), opened=opened[key] / (60 * days[key[0]])) for key in every
    )


def _days_of(stretch: Stretch) -> Counter[int]:
    """How often each weekday comes in the days of a stretch."""
    days = range(stretch.first.toordinal(), stretch.last.toordinal() + 1)
    return Counter((ordinal - 1) % 7 for ordinal in days)
