"""When focus time runs: the week's plan as it stood then, cut on the local clock, ended where somebody said so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import OpeningHours
from services.rules.opening_hours import Span, open_intervals

Week = tuple[tuple[tuple[int, int], ...], ...]  # minutes after local midnight, Monday first
NEVER: Week = ((),) * 7
_ENDLESS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """The focus hours of a week, in force from `since` until the next plan."""

    since: datetime
    week: Week


def focus_spans(
    plans: Sequence[Plan],
    ended: Collection[datetime],
    zone: str,
    start: datetime,
    end: datetime,
) -> list[Span]:
    """The focus times that touch [start, end): aware UTC, sorted, apart, each whole unless somebody ended it.

    `plans` the oldest first. A moment of `ended` ends the time that runs then, and no other. As with opening hours the
    day on which the clocks change is as long as it really is; holidays and closures are days like others: who works
    then wants to work in peace.
    """
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (start, end))
    limits = [*(plan.since for plan in plans[1:]), _ENDLESS]
    cut: list[Span] = []
    for plan, limit in zip(plans, limits, strict=True):
        for begins, ends in open_intervals(OpeningHours(zone, plan.week), frozenset(), first, last):
            cut += _within(begins, ends, plan.since, limit)
    shortened = [_end_early(span, ended) for span in sorted(cut)]
    return [span for span in shortened if span[0] < end and span[1] > max(start, span[0])]


def running(spans: Sequence[Span], now: datetime) -> Span | None:
    """The focus time that runs at `now`, or None; it does not any more at the minute it ends."""
    return next((span for span in spans if span[0] <= now < span[1]), None)


def finished(spans: Sequence[Span], since: datetime, now: datetime) -> list[Span]:
    """Those that are over by `now` and were not by `since`, each from `since` on."""
    return [(max(begins, since), ends) for begins, ends in spans if since < ends <= now]


def just_ended(spans: Sequence[Span], now: datetime, within: timedelta) -> Span | None:
    """The one that ended last, if that is not longer ago than `within`."""
    over = [span for span in spans if now - within <= span[1] <= now]
    return over[-1] if over else None


def _within(begins: datetime, ends: datetime, since: datetime, limit: datetime) -> list[Span]:
    begins, ends = max(begins, since), min(ends, limit)
    return [(begins, ends)] if begins < ends else []


def _end_early(span: Span, ended: Collection[datetime]) -> Span:
    inside = [moment for moment in ended if span[0] <= moment < span[1]]
    return (span[0], min(inside)) if inside else span
