"""When an offering can be booked, and with which resources: free times as arithmetic on spans, pure and exact.

An offering needs one resource of each of its groups at the same time. Inside, a moment is its minute since 1970 UTC:
hours are cut on the local clock before, so days on which the clocks change need no care here. Nothing runs minute by
minute: the possible starts are listed once, each resource marks those it can serve, and the marks are combined.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache, reduce
from itertools import chain, compress
from operator import and_, or_
from zoneinfo import ZoneInfo

from data.booking_records import Block, Offering, Resource
from data.records import OpeningHours
from services.rules.opening_hours import day_spans
from services.rules.spans import Span, fitting, gaps, join

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_NO_HOLIDAYS: frozenset[date] = frozenset()  # those of the shop close for everybody already


class Refusal(StrEnum):
    """A rule for customers that a start breaks; staff may overrule it, unlike a resource that is taken."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    HOURS = "hours"
    LIMIT = "limit"
    GRID = "grid"


@dataclass(frozen=True)
class Calendar:
    """All that decides about a time: hours, resources by id, and what holds them already.

    `taken` are footprints by resource, a booking with both its buffers, in any order. `booked` counts the offering's
    bookings by local day. Resources that are not in `resources` are never free.
    """

    hours: OpeningHours
    holidays: frozenset[date]
    resources: Mapping[int, Resource]
    taken: Mapping[int, Sequence[Span]]
    blocks: Sequence[Block]
    booked: Mapping[date, int]


@dataclass(frozen=True)
class Start:
    """A moment (aware UTC) at which a booking can begin, and one resource of each group, in the groups' order."""

    at: datetime
    resources: tuple[int, ...]


def minute_of(moment: datetime) -> int:
    """The whole minutes from 1970-01-01 UTC to `moment`, rounded down."""
    return (moment - _EPOCH) // _MINUTE


def moment_of(minute: int) -> datetime:
    """The moment (aware UTC) that lies so many minutes after 1970-01-01 UTC."""
    return _EPOCH + minute * _MINUTE


def find_starts(offering: Offering, calendar: Calendar, *, now: datetime, first: date, last: date) -> list[Start]:
    """What customers may book on the local days `first` to `last`, both included, in the order of time.

    Starts lie on a grid from each opening of a local day. Of several free resources a start gets those that stand
    first in their groups. An offering without groups has nobody to do it and no starts.
    """
    grid = _grid(offering, calendar, now, first, last)
    if not grid:
        return []
    marks = _at_work(grid, offering, calendar)
    unheld = _unheld(grid, offering, calendar)
    marks = {resource_id: mark & unheld[resource_id] for resource_id, mark in marks.items()}
    return list(_starts(grid, offering.groups, marks))


def pick_resources(
    offering: Offering, calendar: Calendar, at: datetime, wanted: Sequence[int] = ()
) -> tuple[int, ...] | None:
    """One resource of each group that nothing holds at `at`, for staff: hours refuse nobody. None if there is none.

    As many of `wanted` as possible, then as many as possible who are at work then, then those that stand first.
    """
    grid = [minute_of(at)]
    unheld, working = _unheld(grid, offering, calendar), _at_work(grid, offering, calendar)
    free = {resource_id for resource_id, mark in unheld.items() if mark}

    def liking(choice: tuple[int, ...]) -> tuple[int, int]:
        return sum(one in wanted for one in choice), sum(working[one] for one in choice)

    return max(_choices(offering.groups, free), key=liking, default=None)


def refusals(
    offering: Offering, calendar: Calendar, *, now: datetime, at: datetime, resources: Sequence[int]
) -> frozenset[Refusal]:
    """Which of the customers' rules a start at `at`, a whole minute, with these resources breaks.

    A moment that is past is not called too short a notice too. Outside the opening hours nothing lies on the grid.
    Whether a resource is taken or blocked is not asked here.
    """
    zone = ZoneInfo(calendar.hours.zone)
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    working = _at_work([minute_of(at)], replace(offering, groups=(tuple(resources),)), calendar)
    broken = {
        Refusal.PAST: at < now,
        Refusal.NOTICE: now <= at < now + offering.notice_minutes * _MINUTE,
        Refusal.HORIZON: day > today + timedelta(days=offering.horizon_days),
        Refusal.HOURS: not all(working.get(resource_id) for resource_id in resources),
        Refusal.LIMIT: _is_full(offering, calendar, day),
        Refusal.GRID: not _on_grid(offering, calendar, day, minute_of(at)),
    }
    return frozenset(refusal for refusal, holds in broken.items() if holds)


def _grid(offering: Offering, calendar: Calendar, now: datetime, first: date, last: date) -> list[int]:
    """The sorted minutes at which the offering may begin as far as the shop's doors, notice, horizon and limit go."""
    today = now.astimezone(ZoneInfo(calendar.hours.zone)).date()
    first, last = max(first, today), min(last, today + timedelta(days=offering.horizon_days))
    earliest = offering.notice_minutes - (_EPOCH - now) // _MINUTE  # rounded up
    grid: list[int] = []
    for number, spans in enumerate(_days(calendar.hours, calendar.holidays, first, last)):
        if not _is_full(offering, calendar, first + timedelta(days=number)):
            for begin, end in spans:
                grid.extend(range(begin, end, offering.step))
    return [minute for minute in grid if minute >= earliest]


def _on_grid(offering: Offering, calendar: Calendar, day: date, minute: int) -> bool:
    spans = chain.from_iterable(_days(calendar.hours, calendar.holidays, day, day))
    return any(minute in range(begin, end, offering.step) for begin, end in spans)


def _is_full(offering: Offering, calendar: Calendar, day: date) -> bool:
    return 0 < offering.daily_limit <= calendar.booked.get(day, 0)


def _active(offering: Offering, calendar: Calendar) -> list[Resource]:
    """The resources of the offering that can be booked at all, each once."""
    wanted = dict.fromkeys(chain.from_iterable(offering.groups))
    known = (calendar.resources[resource_id] for resource_id in wanted if resource_id in calendar.resources)
    return [resource for resource in known if resource.active]


def _at_work(grid: Sequence[int], offering: Offering, calendar: Calendar) -> dict[int, int]:
    """By resource the starts of the grid whose work, without buffers, lies inside one span of its working hours.

    Inside a span of the shop's hours and inside one of its own is inside one span of both cut with each other.
    """
    shop = _during(grid, offering, calendar.hours, calendar.holidays)
    marks = {}
    for resource in _active(offering, calendar):
        own = OpeningHours(calendar.hours.zone, resource.week)
        marks[resource.id] = shop & _during(grid, offering, own, _NO_HOLIDAYS) if resource.week else shop
    return marks


def _during(grid: Sequence[int], offering: Offering, hours: OpeningHours, holidays: frozenset[date]) -> int:
    zone = ZoneInfo(hours.zone)
    first = moment_of(grid[0]).astimezone(zone).date()
    last = moment_of(grid[-1] + offering.duration).astimezone(zone).date()
    return fitting(grid, join(chain.from_iterable(_days(hours, holidays, first, last))), 0, offering.duration)


def _unheld(grid: Sequence[int], offering: Offering, calendar: Calendar) -> dict[int, int]:
    """By resource the starts of the grid whose footprint meets no booking's footprint and no block."""
    before, after = offering.buffer_before, offering.duration + offering.buffer_after
    window = (grid[0] - before, grid[-1] + after)
    marks = {}
    for resource in _active(offering, calendar):
        busy = chain(calendar.taken.get(resource.id, ()), _blocked(calendar.blocks, resource.id))
        marks[resource.id] = fitting(grid, gaps(busy, window), before, after)
    return marks


def _blocked(blocks: Iterable[Block], resource_id: int) -> Iterator[Span]:
    for block in blocks:
        if block.resource_id is None or block.resource_id == resource_id:
            yield minute_of(block.starts_at), minute_of(block.ends_at + _MINUTE - timedelta.resolution)


def _starts(grid: Sequence[int], groups: Sequence[Sequence[int]], marks: Mapping[int, int]) -> Iterator[Start]:
    """The starts at which all groups find a resource of their own."""
    some = [reduce(or_, (marks.get(resource_id, 0) for resource_id in group), 0) for group in groups]
    found = reduce(and_, some) if some else 0
    rows = zip(*(mark.to_bytes(len(grid), "little") for mark in marks.values()), strict=True)

    @cache  # a few patterns of free and not free come again and again
    def choose(row: tuple[int, ...]) -> tuple[int, ...] | None:
        return next(_choices(groups, set(compress(marks, row))), None)

    for minute, row in compress(zip(grid, rows, strict=False), found.to_bytes(len(grid), "little")):
        resources = choose(row)
        if resources is not None:
            yield Start(moment_of(minute), resources)


def _choices(
    groups: Sequence[Sequence[int]], free: Container[int], chosen: tuple[int, ...] = ()
) -> Iterator[tuple[int, ...]]:
    """Every choice of one free resource for each group, none twice, those that stand first in their groups first."""
    if len(chosen) == len(groups):
        if chosen:
            yield chosen
        return
    for resource_id in groups[len(chosen)]:
        if resource_id in free and resource_id not in chosen:
            yield from _choices(groups, free, (*chosen, resource_id))


def _days(hours: OpeningHours, holidays: frozenset[date], first: date, last: date) -> Sequence[tuple[Span, ...]]:
    """The opening spans of each local day from `first` to `last`."""
    if first > last:
        return ()
    days = [day for year in range(first.year, last.year + 1) for day in _cut_year(hours, holidays, year)]
    skipped = (first - date(first.year, 1, 1)).days
    return days[skipped : skipped + (last - first).days + 1]


# The hours of a shop and of two dozen resources, around the turn of a year; one entry is about 80 kB.
@lru_cache(maxsize=64)
def _cut_year(hours: OpeningHours, holidays: frozenset[date], year: int) -> tuple[tuple[Span, ...], ...]:
    first, following = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return tuple(
        tuple((minute_of(begin), minute_of(end)) for begin, end in day_spans(hours, holidays, date.fromordinal(day)))
        for day in range(first, following)
    )
