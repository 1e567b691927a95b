"""How many minutes could be booked: the hours of people and things inside the shop's, without what is blocked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.booking_records import Block, Resource
from data.records import OpeningHours
from services.rules.opening_hours import open_intervals
from services.rules.slots import minute_of, moment_of
from services.rules.spans import Span, gaps

Hours = Counter[tuple[int, int]]  # minutes by (weekday, hour) of the shop's clock, weekday 0 is Monday


@dataclass(frozen=True)
class Stretch:
    """The local days `first` to `last`, as far as they lie before `until`."""

    hours: OpeningHours
    holidays: frozenset[date]
    first: date
    last: date
    until: datetime


def bookable_hours(stretch: Stretch, resources: Iterable[Resource], blocks: Sequence[Block]) -> Hours:
    """Minutes of all these resources together that could be booked, by weekday and hour."""
    by_hour: Counter[int] = Counter()
    shop = _spans(stretch, stretch.hours, stretch.holidays)
    for week, alike in _by_week(resources).items():
        own = _spans(stretch, OpeningHours(stretch.hours.zone, week), frozenset()) if week else shop
        open_spans = list(_both(shop, own)) if week else shop
        for resource in alike:
            blocked = [_span_of(b) for b in blocks if b.resource_id is None or b.resource_id == resource.id]
            for begin, end in _without(open_spans, blocked) if blocked else open_spans:
                _add(by_hour, begin, end)
    return _on_the_wall(by_hour, ZoneInfo(stretch.hours.zone))


def opened_hours(stretch: Stretch) -> Hours:
    """Minutes in which the shop was open, by weekday and hour."""
    by_hour: Counter[int] = Counter()
    for begin, end in _spans(stretch, stretch.hours, stretch.holidays):
        _add(by_hour, begin, end)
    return _on_the_wall(by_hour, ZoneInfo(stretch.hours.zone))


def _spans(stretch: Stretch, hours: OpeningHours, holidays: frozenset[date]) -> list[Span]:
    limit = minute_of(stretch.until)
    spans = open_intervals(hours, holidays, stretch.first, stretch.last)
    minutes = ((minute_of(begin), min(minute_of(end), limit)) for begin, end in spans)
    return [(begin, end) for begin, end in minutes if begin < end]


def _by_week(resources: Iterable[Resource]) -> dict[tuple[tuple[Span, ...], ...], list[Resource]]:
    alike: dict[tuple[tuple[Span, ...], ...], list[Resource]] = defaultdict(list)
    for resource in resources:
        alike[resource.week].append(resource)
    return alike


def _both(one: Sequence[Span], other: Sequence[Span]) -> Iterator[Span]:
    """What lies in a span of both; each of them is sorted and disjoint."""
    i = j = 0
    while i < len(one) and j < len(other):
        begin, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if begin < end:
            yield begin, end
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1


def _without(spans: Iterable[Span], blocked: list[Span]) -> Iterator[Span]:
    for span in spans:
        yield from gaps([one for one in blocked if one[0] < span[1] and one[1] > span[0]], span)


def _span_of(block: Block) -> Span:
    return minute_of(block.starts_at), minute_of(block.ends_at + timedelta(minutes=1) - timedelta.resolution)


def _add(by_hour: Counter[int], begin: int, end: int) -> None:
    for hour in range(begin // 60, (end - 1) // 60 + 1):
        by_hour[hour] += min(end, hour * 60 + 60) - max(begin, hour * 60)


def _on_the_wall(by_hour: Counter[int], zone: ZoneInfo) -> Hours:
    """Full hours of UTC are full hours of the clocks of all three countries."""
    found: Hours = Counter()
    for hour, minutes in by_hour.items():
        local = moment_of(hour * 60).astimezone(zone)
        found[local.weekday(), local.hour] += minutes
    return found
