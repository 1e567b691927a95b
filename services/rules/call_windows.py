"""When a promised call may take place: the windows a customer chooses from, and when to try again.

Everything lies inside opening hours, for somebody has to pick up the phone. Pieces are cut on the shop's own grid, so
that a window offered at 9:41 is the same one that was offered at 9:10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import OpeningHours
from services.rules.opening_hours import (
    Span,
    add_business_minutes,
    business_minutes,
    is_open,
    next_opening,
    open_intervals,
)

OFFERED = 6
SHORTEST = timedelta(minutes=30)
DEFAULT_MINUTES = 120  # a call is promised within two hours of opening time (domain.md, «Callback kept»)
_LONGEST = timedelta(hours=4)
_GRID = timedelta(minutes=15)
_LOOK_AHEAD = 28  # days: whoever is closed for longer offers no windows
_FIRST_TRY_AGAIN = 60  # business minutes
_HALF_A_DAY = 240
_LEAST_LEFT = 10  # business minutes of a window in which another try makes sense
_ENOUGH_TODAY = 120  # business minutes of a day in which a late call is tried once more: half of them lie before it
_READABLE = timedelta(minutes=5)


@dataclass(frozen=True)
class CallWindow:
    """When somebody can be called: aware UTC, `due_at` excluded."""

    from_at: datetime
    due_at: datetime


def next_windows(
    hours: OpeningHours, holidays: frozenset[date], now: datetime, how_many: int = OFFERED
) -> list[CallWindow]:
    """The next windows inside opening hours, in order and apart: the rest of the present one first.

    None of them has begun before `now` or is shorter than 30 minutes; none is longer than four hours. Empty where the
    shop does not open within four weeks.
    """
    begin = _round_up(now, _GRID)
    found: list[CallWindow] = []
    for piece_from, piece_to in _pieces(hours, holidays, now):
        window = CallWindow(max(piece_from, begin), piece_to)
        if window.due_at - window.from_at >= SHORTEST:
            found.append(window)
        if len(found) == how_many:
            break
    return found


def usual_window(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> CallWindow:
    """The window that is promised if nobody says another: from now, two hours of opening time, on one day if possible.

    What is left of today is enough if it is half an hour or more; else the next opening counts. UTC; two hours from
    now where the shop does not open at all.
    """
    for opening, closing in _days_left(hours, holidays, now):
        if closing - opening >= SHORTEST:
            due = add_business_minutes(hours, holidays, opening, DEFAULT_MINUTES)
            same_day = min(due or closing, closing)
            return CallWindow(opening, min(_round_up(same_day, _GRID), closing))
    return CallWindow(now, now + timedelta(minutes=DEFAULT_MINUTES))


def next_try(
    hours: OpeningHours,
    holidays: frozenset[date],
    now: datetime,
    *,
    tries: int,
    due_at: datetime,
    from_at: datetime | None = None,
) -> datetime:
    """When to call again after `tries` calls that did not reach, the last one now; UTC, in the future.

    An hour of opening time after the first, half a day after the second, then at the next day's opening. It lies in the
    agreed window as long as that is open: sooner, if it is about to end, and not before it begins. What is late is
    tried again today, if two hours of opening time are left. Inside opening hours, unless the shop has none.
    """
    planned = _open_at(hours, holidays, _wish(hours, holidays, now, tries))
    if from_at is not None and planned < from_at:
        planned = _open_at(hours, holidays, from_at)
    if planned < due_at:
        return planned
    if due_at > now:
        return _before_the_end(hours, holidays, max(now, from_at or now), due_at) or planned
    return min(planned, _still_today(hours, holidays, now) or planned)


def _wish(hours: OpeningHours, holidays: frozenset[date], now: datetime, tries: int) -> datetime:
    if tries <= 2:
        minutes = _FIRST_TRY_AGAIN if tries <= 1 else _HALF_A_DAY
        at = add_business_minutes(hours, holidays, now, minutes)
        return _round_up(at or now + timedelta(minutes=minutes), _READABLE)
    tomorrow = now.astimezone(ZoneInfo(hours.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tomorrow + timedelta(days=1)


def _open_at(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> datetime:
    return next_opening(hours, holidays, moment) or moment


def _still_today(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> datetime | None:
    """Half-way through the opening time that is left of today, None when that is not enough."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    closing = max((end for _, end in open_intervals(hours, holidays, today, today)), default=now)
    if business_minutes(hours, holidays, now, closing) < _ENOUGH_TODAY:
        return None
    return _before_the_end(hours, holidays, now, closing)


def _before_the_end(
    hours: OpeningHours, holidays: frozenset[date], begin: datetime, due_at: datetime
) -> datetime | None:
    """Half-way through the opening time that is left of a window, None when too little is left."""
    left = business_minutes(hours, holidays, begin, due_at)
    if left < _LEAST_LEFT:
        return None
    half = add_business_minutes(hours, holidays, begin, left // 2)
    if half is None:
        return None
    for moment in (_round_up(half, _READABLE), half, next_opening(hours, holidays, half)):
        if moment is not None and moment < due_at and is_open(hours, holidays, moment):
            return moment
    return half - timedelta(minutes=1)  # the shop closes at `half`, and the window ends before it opens again


def _pieces(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> Iterator[Span]:
    """The opening intervals from today on, long ones cut into equal parts on the half hour."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    for opening, closing in open_intervals(hours, holidays, today, today + timedelta(days=_LOOK_AHEAD)):
        parts = max(1, -(-(closing - opening) // _LONGEST))
        cuts = [_round_up(opening + (closing - opening) * part / parts, SHORTEST) for part in range(1, parts)]
        yield from zip([opening, *cuts], [*cuts, closing], strict=True)


def _days_left(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> Iterator[Span]:
    """What is left of today's opening time, then that of the following days: first moment and last."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    for ahead in range(_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        spans = [(max(start, now), end) for start, end in open_intervals(hours, holidays, day, day) if end > now]
        if spans:
            yield spans[0][0], spans[-1][1]


def _round_up(moment: datetime, step: timedelta) -> datetime:
    """The next full step of the clock; the zones of our shops lie whole steps from UTC."""
    over = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond) % step
    return moment + (step - over if over else timedelta())
