"""From when and until when something that is ready can be fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from data.records import OpeningHours
from services.rules.opening_hours import day_spans, next_opening

BREAK = timedelta(minutes=30)  # who hears it so shortly before a break comes after it
SHORT = timedelta(hours=1)  # with less than that left today nobody has to hurry: the next open day counts


@dataclass(frozen=True)
class PickupTime:
    """Aware UTC; `from_at` is None for at once, the shop being open."""

    from_at: datetime | None
    until: datetime


def pickup_time(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> PickupTime | None:
    """At once or from the next opening, until the shop closes that day; None for a shop that does not open.

    Shortly before the break at noon it is from its end on.
    """
    opening = next_opening(hours, holidays, now)
    if opening is None:
        return None
    until = _closing(hours, holidays, opening)
    is_open = opening <= now
    if is_open and until - now < SHORT:
        later = next_opening(hours, holidays, until)
        until = _closing(hours, holidays, later) if later else until
        return PickupTime(None, until)
    after = _after_break(hours, holidays, now) if is_open else None
    return PickupTime(after or (None if is_open else opening), until)


def _after_break(hours: OpeningHours, holidays: frozenset[date], now: datetime) -> datetime | None:
    """When the shop opens again after a break that begins in a few minutes; None where none does."""
    spans = day_spans(hours, holidays, now.astimezone(ZoneInfo(hours.zone)).date())
    pauses = ((ends, begins) for (_open, ends), (begins, _close) in pairwise(spans))
    return next((begins for ends, begins in pauses if now < ends < now + BREAK), None)


def _closing(hours: OpeningHours, holidays: frozenset[date], opening: datetime) -> datetime:
    """When the shop closes for good on the local day of `opening`."""
    spans = day_spans(hours, holidays, opening.astimezone(ZoneInfo(hours.zone)).date())
    return spans[-1][1]
