"""When the shop is open, in intervals of UTC: the basis of every goal, deadline and chart.

Intervals are cut on the local clock, so a day on which the clocks change is as long as it really is. No loop runs over
minutes: each year is cut once into sorted intervals with running sums, then every question is two binary searches.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from data.records import Closure, OpeningHours
from services.rules.spans import join

Intervals = tuple[tuple[int, int], ...]
Span = tuple[datetime, datetime]

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)
_LOOK_AHEAD = timedelta(days=400)


def day_intervals(hours: OpeningHours, holidays: frozenset[date], day: date) -> Intervals:
    """The opening intervals of a local day, in minutes after midnight.

    A closure for one day says exactly when that day is open, be it a holiday or a Sunday. One for a range closes it, or
    changes the hours of those days that would be open anyway. Of several, the shortest holds, then the less open one.
    """
    usual = () if day in holidays else hours.week[day.weekday()]
    covering = [closure for closure in hours.closures if closure.first <= day <= closure.last]
    if not covering:
        return usual
    closure = min(covering, key=_precedence)
    return closure.intervals if usual or closure.first == closure.last else ()


def open_intervals(hours: OpeningHours, holidays: frozenset[date], first: date, last: date) -> list[Span]:
    """The opening intervals of the local days `first` to `last`, both included: aware UTC, sorted, disjoint."""
    zone = ZoneInfo(hours.zone)
    return list(join(_cut_days(hours, holidays, zone, first, last)))


def day_spans(hours: OpeningHours, holidays: frozenset[date], day: date) -> list[Span]:
    """The opening intervals of one local day, aware UTC: sorted, those that touch made one, cut at midnight."""
    return list(join(_cut_days(hours, holidays, ZoneInfo(hours.zone), day, day)))


def business_minutes(hours: OpeningHours, holidays: frozenset[date], start: datetime, end: datetime) -> int:
    """Whole minutes of opening time in [start, end); 0 if end <= start."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)  # two times of one zone are compared by their wall clocks
    if end <= start:
        return 0
    zone = ZoneInfo(hours.zone)
    opened = _NOTHING
    for year in range(start.astimezone(zone).year, end.astimezone(zone).year + 1):
        cut = _cut_year(hours, holidays, year)
        opened += cut.open_before(end) - cut.open_before(start)
    return opened // _MINUTE


def add_business_minutes(
    hours: OpeningHours, holidays: frozenset[date], start: datetime, minutes: int
) -> datetime | None:
    """The moment (UTC) at which `minutes` of opening time have passed since `start`.

    None when the shop does not open for 400 days before that. 0 minutes or less have passed at `start`.
    """
    missing, start = minutes * _MINUTE, start.astimezone(UTC)  # sums in a zone with summer time follow its wall clock
    if missing <= _NOTHING:
        return start
    idle_from = start
    for opening, closing in _spans_from(hours, holidays, start):
        if opening - idle_from > _LOOK_AHEAD:
            return None
        begin = max(opening, start)
        if closing - begin >= missing:
            return begin + missing
        missing -= closing - begin
        idle_from = closing
    return None


def is_open(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> bool:
    """Whether the shop is open at `moment`; it is not any more at the minute it closes."""
    opening = next_opening(hours, holidays, moment)
    return opening is not None and opening <= moment


def next_opening(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> datetime | None:
    """The next moment (UTC) at which the shop is open: `moment` itself if it is; None if it is not for 400 days."""
    for opening, _ in _spans_from(hours, holidays, moment):
        return max(opening, moment.astimezone(UTC)) if opening - moment <= _LOOK_AHEAD else None
    return None


@dataclass(frozen=True)
class _CutYear:
    """The opening intervals of a local year, and how long the shop was open before each of them."""

    openings: tuple[datetime, ...]
    closings: tuple[datetime, ...]
    sums: tuple[timedelta, ...]

    def open_before(self, moment: datetime) -> timedelta:
        """Opening time of this year that lies before `moment`."""
        index = bisect_right(self.openings, moment) - 1
        if index < 0:
            return _NOTHING
        return self.sums[index] + min(moment, self.closings[index]) - self.openings[index]

    def spans_after(self, moment: datetime) -> Iterator[Span]:
        """The intervals that end after `moment`."""
        for index in range(bisect_right(self.closings, moment), len(self.closings)):
            yield self.openings[index], self.closings[index]


# Shops of three countries, a few years and a few versions of their hours; one entry is about 40 kB.
@lru_cache(maxsize=64)
def _cut_year(hours: OpeningHours, holidays: frozenset[date], year: int) -> _CutYear:
    spans = open_intervals(hours, holidays, date(year, 1, 1), date(year, 12, 31))
    sums, total = [], _NOTHING
    for opening, closing in spans:
        sums.append(total)
        total += closing - opening
    return _CutYear(tuple(span[0] for span in spans), tuple(span[1] for span in spans), tuple(sums))


def _spans_from(hours: OpeningHours, holidays: frozenset[date], start: datetime) -> Iterator[Span]:
    """The intervals that end after `start`, until two calendar years in a row bring none."""
    year = start.astimezone(ZoneInfo(hours.zone)).year
    empty_years = 0
    while empty_years < 2 and year < date.max.year:
        empty_years += 1
        for span in _cut_year(hours, holidays, year).spans_after(start):
            empty_years = 0
            yield span
        year += 1


def _precedence(closure: Closure) -> tuple[int, int]:
    return (closure.last - closure.first).days, sum(end - begin for begin, end in closure.intervals)


def _cut_days(
    hours: OpeningHours, holidays: frozenset[date], zone: ZoneInfo, first: date, last: date
) -> Iterator[Span]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        intervals = day_intervals(hours, holidays, day)
        if intervals:
            yield from _cut_day(zone, day, intervals)


def _cut_day(zone: ZoneInfo, day: date, intervals: Intervals) -> Iterator[Span]:
    """The day's intervals in UTC: each stretch of the day with one offset is cut on its own.

    So an interval in the hour that is skipped is not open, and in the hour that comes twice it is open twice.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for begin, end, offset in _stretches(zone, day):
        for first_minute, last_minute in sorted(intervals):
            opening = max(begin, midnight + first_minute * _MINUTE - offset)
            closing = min(end, midnight + last_minute * _MINUTE - offset)
            if opening < closing:
                yield opening, closing


def _stretches(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """The local day as (begin, end, offset from UTC): one stretch, or two when the clocks change."""
    following = day + timedelta(days=1)
    before, after = _offset_at_midnight(zone, day), _offset_at_midnight(zone, following)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - before
    end = datetime(following.year, following.month, following.day, tzinfo=UTC) - after
    if before == after:
        return [(begin, end, before)]
    change = _change(zone, begin, end, before)
    return [(begin, change, before), (change, end, after)]


def _change(zone: ZoneInfo, begin: datetime, end: datetime, before: timedelta) -> datetime:
    """The minute at which the offset is no longer `before`, by bisection."""
    low, high = 0, (end - begin) // _MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if (begin + middle * _MINUTE).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return begin + high * _MINUTE


def _offset_at_midnight(zone: ZoneInfo, day: date) -> timedelta:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset() or _NOTHING
