"""How long it takes to find what is free in the next sixty days, with ten thousand bookings in them.

`python3 start.py bench`. Five mechanics, two of them with hours of their own, and five lifts; each booking holds one of
both. The diary is another one at each try, as after a booking: only the hours may be remembered.
"""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from data.booking_records import Block, Offering, Resource, ResourceKind
from data.records import Closure, OpeningHours
from services.rules.slots import Calendar, Span, find_starts, minute_of

BOOKINGS, DAYS, TRIES, MOST_MS = 10_000, 60, 31, 20.0
FIRST = date(2026, 10, 1)  # with the end of summer time
NOW = datetime(2026, 9, 30, 4, tzinfo=UTC)
PAIRS = 5
HOURS = OpeningHours("Europe/Vienna", (((420, 1140),),) * 7, (Closure(date(2026, 10, 26), date(2026, 10, 26), "zu"),))
SHORT_WEEK = (((480, 720), (780, 1020)),) * 4 + ((), (), ())


def make_offering(duration: int, step: int, buffer: int) -> Offering:
    return Offering(
        id=1,
        name="Reifenwechsel",
        description="",
        duration=duration,
        buffer_before=0,
        buffer_after=buffer,
        step=step,
        price_cents=4900,
        online=True,
        instant=True,
        notice_minutes=120,
        horizon_days=DAYS + 1,
        cancel_minutes=1440,
        daily_limit=40,
        bring="",
        question="",
        choices="",
        groups=(tuple(range(1, PAIRS + 1)), tuple(range(11, PAIRS + 11))),
        position=1,
        active=True,
    )


def make_calendar(seed: int) -> Calendar:
    """A diary in which each mechanic and each lift has about 33 short jobs a day, none of them at the same time."""
    chance = random.Random(seed)
    noon = minute_of(datetime(FIRST.year, FIRST.month, FIRST.day, 5, tzinfo=UTC))
    cells = [noon + day * 1440 + quarter * 15 for day in range(DAYS) for quarter in range(48)]
    taken: dict[int, list[Span]] = {}
    for pair in range(PAIRS):
        for begin in chance.sample(cells, BOOKINGS // PAIRS):
            job = begin, begin + 15
            taken.setdefault(1 + pair, []).append(job)
            taken.setdefault(11 + (pair + seed) % PAIRS, []).append(job)
    people = [make_resource(ident) for group in make_offering(60, 15, 0).groups for ident in group]
    blocks = [Block(1, None, NOW + timedelta(days=9), NOW + timedelta(days=9, hours=5), "Inventur")]
    return Calendar(HOURS, frozenset(), {one.id: one for one in people}, taken, blocks, {FIRST: 3})


def make_resource(ident: int) -> Resource:
    kind = ResourceKind.PERSON if ident < 10 else ResourceKind.THING
    return Resource(ident, kind, f"R{ident}", SHORT_WEEK if ident in (1, 2) else (), ident, True)


@pytest.mark.parametrize(("duration", "step", "buffer"), [(60, 15, 0), (30, 15, 15), (15, 5, 0)])
def test_sixty_days_with_ten_thousand_bookings(duration: int, step: int, buffer: int) -> None:
    wanted = make_offering(duration, step, buffer)
    walls, cpus, found = [], [], 0
    for seed in range(TRIES):
        calendar = make_calendar(seed)
        assert sum(map(len, calendar.taken.values())) == 2 * BOOKINGS
        wall, cpu = time.perf_counter(), time.process_time()
        found = len(find_starts(wanted, calendar, now=NOW, first=FIRST, last=FIRST + timedelta(days=DAYS - 1)))
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    what = f"{duration:3} minutes every {step:2}, buffer {buffer:2}, {found:4} starts"
    print(
        f"\n{what}: {wall:.1f} ms at the median ({min(walls):.1f} to {max(walls):.1f}), {cpu:.1f} ms of them CPU",
        end="",
    )
    assert found
    assert cpu <= MOST_MS  # it waits for nothing, so that on a machine with nothing else to do this is all of it
