"""Free times written the slow and obvious way: every minute is looked up on the clock on the wall and in the diary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

from data.booking_records import Offering
from services.rules.slots import Calendar, Refusal, Start
from tests.rules.naive import open_at

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Diary:
    """One calendar, asked minute by minute; answers are kept because the same minutes are asked again and again."""

    def __init__(self, offering: Offering, calendar: Calendar) -> None:
        self.offering, self.calendar = offering, calendar
        self.zone = calendar.hours.zone
        self.is_open = lru_cache(maxsize=None)(self._is_open)
        self.works = lru_cache(maxsize=None)(self._works)
        self.held = {resource_id: set(self._held(resource_id)) for resource_id in calendar.resources}

    def _is_open(self, minute: int) -> bool:
        return open_at(self.calendar.hours, self.calendar.holidays, moment(minute))

    def _works(self, resource_id: int, minute: int) -> bool:
        """Whether the resource works in this minute, by the shop's hours and its own."""
        week = self.calendar.resources[resource_id].week
        day, clock = wall(self.zone, minute)
        own = not week or any(begin <= clock < end for begin, end in week[day.weekday()])
        return own and self.is_open(minute)

    def _held(self, resource_id: int) -> Iterator[int]:
        for begin, end in self.calendar.taken.get(resource_id, ()):
            yield from range(begin, end)
        for block in self.calendar.blocks:
            if block.resource_id in (None, resource_id):
                at = block.starts_at
                while at < block.ends_at:
                    yield (at - EPOCH) // MINUTE
                    at += MINUTE

    def is_free(self, resource_id: int, minute: int) -> bool:
        """Whether nothing holds the resource from the first to the last minute of the footprint."""
        resource, o = self.calendar.resources.get(resource_id), self.offering
        footprint = range(minute - o.buffer_before, minute + o.duration + o.buffer_after)
        return resource is not None and resource.active and self.held[resource_id].isdisjoint(footprint)

    def works_through(self, resource_id: int, minute: int) -> bool:
        """Whether the resource works in each minute of the job."""
        resource = self.calendar.resources.get(resource_id)
        if resource is None or not resource.active:
            return False
        return all(self.works(resource_id, one) for one in range(minute, minute + self.offering.duration))

    def choices(self) -> list[tuple[int, ...]]:
        """Every choice of one resource for each group, none twice, in the groups' order of preference."""
        return [one for one in product(*self.offering.groups) if len(set(one)) == len(one)]


def moment(minute: int) -> datetime:
    return EPOCH + minute * MINUTE


@lru_cache(maxsize=100_000)
def wall(zone: str, minute: int) -> tuple[date, int]:
    """The date and the minutes after midnight that the clock on the wall shows."""
    local = moment(minute).astimezone(ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def minutes_of_day(zone: str, day: date) -> list[int]:
    """All minutes that bear this date on the wall, in order."""
    noon = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - EPOCH) // MINUTE
    return [minute for minute in range(noon - 1500, noon + 1500) if wall(zone, minute)[0] == day]


def grid_of_day(diary: Diary, day: date) -> list[int]:
    """Each opening of the day begins to count anew, in steps of the offering."""
    grid, counted = [], -1
    for minute in minutes_of_day(diary.zone, day):
        counted = counted + 1 if diary.is_open(minute) else -1
        if counted >= 0 and counted % diary.offering.step == 0:
            grid.append(minute)
    return grid


def naive_refusals(
    offering: Offering, calendar: Calendar, now: datetime, at: datetime, resources: Sequence[int]
) -> set[Refusal]:
    """The broken rules, one after the other."""
    diary, minute, found = Diary(offering, calendar), (at - EPOCH) // MINUTE, set()
    zone = ZoneInfo(calendar.hours.zone)
    day = at.astimezone(zone).date()
    if at < now:
        found.add(Refusal.PAST)
    elif at - now < timedelta(minutes=offering.notice_minutes):
        found.add(Refusal.NOTICE)
    if (day - now.astimezone(zone).date()).days > offering.horizon_days:
        found.add(Refusal.HORIZON)
    if not all(diary.works_through(one, minute) for one in resources):
        found.add(Refusal.HOURS)
    if offering.daily_limit and calendar.booked.get(day, 0) >= offering.daily_limit:
        found.add(Refusal.LIMIT)
    if minute not in grid_of_day(diary, day):
        found.add(Refusal.GRID)
    return found


def naive_starts(offering: Offering, calendar: Calendar, now: datetime, first: date, last: date) -> list[Start]:
    """Every start of the days `first` to `last`, with the first choice of resources that are free and at work."""
    diary, zone = Diary(offering, calendar), ZoneInfo(calendar.hours.zone)
    today, choices = now.astimezone(zone).date(), diary.choices()
    starts: list[Start] = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        full = offering.daily_limit and calendar.booked.get(day, 0) >= offering.daily_limit
        if full or (day - today).days > offering.horizon_days or not offering.groups:
            continue
        for minute in grid_of_day(diary, day):
            if moment(minute) < now or moment(minute) - now < timedelta(minutes=offering.notice_minutes):
                continue
            able = {
                one for one in calendar.resources if diary.is_free(one, minute) and diary.works_through(one, minute)
            }
            fitting = [choice for choice in choices if able.issuperset(choice)]
            if fitting:
                starts.append(Start(moment(minute), fitting[0]))
    return starts


def naive_picks(offering: Offering, calendar: Calendar, at: datetime) -> set[tuple[int, ...]]:
    """Every choice of resources that nothing holds."""
    diary, minute = Diary(offering, calendar), (at - EPOCH) // MINUTE
    return {c for c in diary.choices() if c and all(diary.is_free(one, minute) for one in c)}
