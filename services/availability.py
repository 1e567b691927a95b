"""What is free: gathers what the pure rule needs to know and asks it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import data.bookings
import data.offerings
from data.booking_records import Booking, Offering
from data.records import ShopSettings
from data.store import Reader
from services.rules.slots import Calendar, Start, find_starts
from services.settings import holidays_for, shop_settings
from services.shop import Shop

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FreeDay:
    """A local day and what can be booked on it."""

    day: date
    starts: tuple[Start, ...]


@dataclass(frozen=True)
class FreeDays:
    """Days with room, and whether later ones have some too."""

    days: tuple[FreeDay, ...]
    more: bool


def local_day(moment: datetime, settings: ShopSettings) -> date:
    """The shop's day that holds `moment`."""
    return moment.astimezone(ZoneInfo(settings.hours.zone)).date()


def day_start(day: date, settings: ShopSettings) -> datetime:
    """The beginning of the shop's day, aware UTC."""
    return datetime.combine(day, time(), ZoneInfo(settings.hours.zone)).astimezone(UTC)


def day_bounds(moment: datetime, settings: ShopSettings) -> tuple[datetime, datetime]:
    """Start and end of the shop's day that holds `moment`, aware UTC; 23 or 25 hours apart when the clock changes."""
    day = local_day(moment, settings)
    return day_start(day, settings), day_start(day + _DAY, settings)


def calendar_of(db: Reader, offering: Offering, first: date, last: date, *, moving: Booking | None = None) -> Calendar:
    """All that decides about the local days `first` to `last`; `moving` holds nothing, it is about to go elsewhere."""
    settings = shop_settings(db)
    start, end = day_start(first, settings), day_start(last + _DAY, settings)
    resources = {resource.id: resource for resource in data.offerings.list_resources(db)}
    wanted = {resource_id for group in offering.groups for resource_id in group}
    without = moving.id if moving else None
    return Calendar(
        hours=settings.hours,
        holidays=holidays_for(settings, first),
        resources=resources,
        taken=data.bookings.footprints(db, wanted, start, end, without=without),
        blocks=data.offerings.list_blocks(db, start - 2 * _DAY, end + 2 * _DAY),
        booked=_booked(db, offering, settings, (start, end), without),
    )


def _booked(
    db: Reader, offering: Offering, settings: ShopSettings, span: tuple[datetime, datetime], without: int | None
) -> Counter[date]:
    if not offering.daily_limit:
        return Counter()
    starts = data.bookings.starts_of(db, offering.id, *span, without=without)
    return Counter(local_day(moment, settings) for moment in starts)


def free_days(
    shop: Shop, offering: Offering, *, after: date | None = None, limit: int = 10, moving: Booking | None = None
) -> FreeDays:
    """The next days on which customers find room, at most `limit`, from the one behind `after` or from today on."""
    settings, now = shop_settings(shop.store), shop.now()
    today = local_day(now, settings)
    first = max(today, after + _DAY) if after else today
    last = today + timedelta(days=offering.horizon_days)
    if first > last:
        return FreeDays((), False)
    starts = _find(shop.store, offering, now, first, last, moving)
    days = [FreeDay(day, tuple(those)) for day, those in groupby(starts, lambda each: local_day(each.at, settings))]
    return FreeDays(tuple(days[:limit]), len(days) > limit)


def free_day(shop: Shop, offering: Offering, day: date, *, moving: Booking | None = None) -> FreeDay:
    """What customers can book on one local day."""
    return FreeDay(day, tuple(_find(shop.store, offering, shop.now(), day, day, moving)))


def nearest_starts(
    db: Reader, offering: Offering, at: datetime, now: datetime, *, count: int = 3, moving: Booking | None = None
) -> tuple[datetime, ...]:
    """The free starts nearest to `at`, in the order of their distance; they are looked for in two weeks around it."""
    settings = shop_settings(db)
    middle, week = local_day(max(at, now), settings), timedelta(days=7)
    first = max(local_day(now, settings), middle - week)
    moments = [start.at for start in _find(db, offering, now, first, middle + week, moving) if start.at != at]
    return tuple(sorted(moments, key=lambda moment: (abs(moment - at), moment))[:count])


def free_start(
    db: Reader, offering: Offering, at: datetime, now: datetime, *, moving: Booking | None = None
) -> Start | None:
    """The start at exactly this moment if customers may book it."""
    day = local_day(at, shop_settings(db))
    return next((start for start in _find(db, offering, now, day, day, moving) if start.at == at), None)


def _find(
    db: Reader, offering: Offering, now: datetime, first: date, last: date, moving: Booking | None
) -> list[Start]:
    calendar = calendar_of(db, offering, first, last, moving=moving)
    return find_starts(offering, calendar, now=now, first=first, last=last)
