"""The days and times of one offering, as a list of days with room and as the times of one day.

The same for who books and for who moves a booking: only where a time leads differs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from starlette.requests import Request

from data.booking_records import Booking, Offering
from pages.web.voice import Voice
from services.availability import FreeDay, free_day, free_days
from services.shop import Shop

_NOON = 12
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", re.ASCII)
_YEARS = range(2000, 2200)  # beyond them neither the store nor the zone's clock need to be asked


@dataclass(frozen=True)
class Week:
    """Days with room, under one heading."""

    name: str
    days: tuple[FreeDay, ...]


@dataclass(frozen=True)
class Picker:
    """What the page of days and times shows."""

    weeks: tuple[Week, ...]
    day: date | None  # chosen
    morning: tuple[datetime, ...]  # its times
    afternoon: tuple[datetime, ...]
    next: datetime | None  # the very next free time, on the first page of days
    after: date | None  # the days listed lie behind this one
    later: date | None  # where «Spätere Tage» go on
    full: date | None  # a chosen day on which nothing is free any more

    @property
    def times(self) -> int:
        """How many times the chosen day has."""
        return len(self.morning) + len(self.afternoon)


def read_picker(
    shop: Shop, request: Request, offering: Offering, voice: Voice, *, moving: Booking | None = None
) -> Picker:
    """The picker that the address asks for with `tag` and `ab`; what is no date there is left out."""
    day, after = _date_in(request, "tag"), _date_in(request, "ab")
    found = free_days(shop, offering, after=after, moving=moving)
    chosen = free_day(shop, offering, day, moving=moving) if day else None
    moments = [start.at for start in chosen.starts] if chosen else []
    morning = [moment for moment in moments if moment.astimezone(voice.zone).hour < _NOON]
    return Picker(
        weeks=_weeks(found.days, voice),
        day=day if moments else None,
        morning=tuple(morning),
        afternoon=tuple(moments[len(morning) :]),
        next=found.days[0].starts[0].at if found.days and not after else None,
        after=after,
        later=found.days[-1].day if found.more else None,
        full=day if not moments else None,
    )


def parse_minute(text: str) -> datetime | None:
    """The moment of «2026-11-26T09:30Z», aware UTC; None for anything else."""
    if not _MINUTE.fullmatch(text):
        return None
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


def minute_text(moment: datetime) -> str:
    """«2026-11-26T09:30Z», as `parse_minute` reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _weeks(days: Sequence[FreeDay], voice: Voice) -> tuple[Week, ...]:
    def monday(each: FreeDay) -> date:
        return each.day - timedelta(days=each.day.weekday())

    return tuple(Week(voice.week(first), tuple(those)) for first, those in groupby(days, monday))


def _date_in(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None
