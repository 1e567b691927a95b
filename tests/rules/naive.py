"""The rules once more, written the slow and obvious way, for the property tests to compare with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import Closure, InquiryState, OpeningHours
from services.rules.waiting import ClockState, Happening, HappeningKind

K = HappeningKind


def open_at(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> bool:
    """Whether the clock on the wall of the shop shows an open minute."""
    local = moment.astimezone(ZoneInfo(hours.zone))
    day, minute = local.date(), local.hour * 60 + local.minute
    intervals = () if day in holidays else hours.week[day.weekday()]
    best: Closure | None = None
    for closure in hours.closures:
        if closure.first <= day <= closure.last and (best is None or _narrower(closure, best)):
            best = closure
    if best is not None:
        intervals = best.intervals if best.first == best.last or intervals else ()
    return any(begin <= minute < end for begin, end in intervals)


def _narrower(one: Closure, other: Closure) -> bool:
    days, other_days = one.last - one.first, other.last - other.first
    if days != other_days:
        return days < other_days
    return sum(e - b for b, e in one.intervals) < sum(e - b for b, e in other.intervals)


def minutes_between(hours: OpeningHours, holidays: frozenset[date], start: datetime, end: datetime) -> int:
    """Open minutes in [start, end), minute by minute."""
    count, moment = 0, start.astimezone(UTC)
    while moment < end:
        count += open_at(hours, holidays, moment)
        moment += timedelta(minutes=1)
    return count


def walk(happenings: Iterable[Happening], started_by: str) -> ClockState:
    """The waiting rule by looking back: strike the closes that were undone, then read each column off what is left."""
    entries = sorted(happenings, key=lambda h: (h.happened_at, h.id))
    undone, reopened = _undone(entries)
    left = [h for h in entries if h not in undone]
    customers = [h.happened_at for h in left if h.kind == K.CUSTOMER]
    closes = [h for h in left if h.kind == K.CLOSED]
    waits = _waits(left)
    state, reason = _state(left)
    return ClockState(
        state=InquiryState(state),
        waiting_since=waits[0] if waits else None,
        contacts_waiting=len(waits),
        first_contact_at=customers[0] if customers else None,
        first_response_at=None if started_by == "shop" else _first_response(left),
        closed_at=closes[-1].happened_at if closes else None,
        close_reason=closes[-1].reason if closes else reason,
        reopened=reopened,
    )


def _undone(entries: list[Happening]) -> tuple[list[Happening], int]:
    """The closes that a person took back, and how often anybody reopened."""
    undone: list[Happening] = []
    reopened = 0
    for index, h in enumerate(entries):
        left = [e for e in entries[:index] if e not in undone]
        closed = _state(left)[0] == "closed"
        since_customer = left[max((n for n, e in enumerate(left) if e.kind == K.CUSTOMER), default=-1) + 1 :]
        if h.kind == K.REOPENED and closed:
            undone += [e for e in since_customer if e.kind == K.CLOSED]
        by_hand = any(e.kind == K.CLOSED for e in left)
        reopened += closed and (h.kind == K.REOPENED or (h.kind == K.CUSTOMER and by_hand))
    return undone, reopened


def _waits(left: list[Happening]) -> list[datetime]:
    """The customer's messages after the last answer or close."""
    ends = [n for n, h in enumerate(left) if h.kind in (K.ANSWER, K.CLOSED)]
    return [h.happened_at for h in left[ends[-1] + 1 if ends else 0 :] if h.kind == K.CUSTOMER]


def _first_response(left: list[Happening]) -> datetime | None:
    """The first answer that found somebody waiting."""
    found = (h.happened_at for n, h in enumerate(left) if h.kind == K.ANSWER and _waits(left[:n]))
    return next(found, None)


def _state(left: list[Happening]) -> tuple[str, str]:
    """The state, and 'earlier' for what was answered before the set-up."""
    live = [h.kind for h in left if h.kind in (K.CUSTOMER, K.CLOSED)]
    if live:
        return ("closed" if live[-1] == K.CLOSED else "open"), ""
    spoken: list[HappeningKind] = []
    for h in left:
        nothing_closed = h.kind == K.REOPENED and spoken[-1:] != [K.EARLIER_ANSWER]
        if h.kind != K.OTHER and not nothing_closed:
            spoken.append(h.kind)
    if not spoken or spoken[-1] in (K.ANSWER, K.REOPENED):
        return "open", ""
    return ("earlier", "") if spoken[-1] == K.EARLIER_CUSTOMER else ("closed", "earlier")
