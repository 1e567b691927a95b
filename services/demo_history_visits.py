"""Fills the past days of the demo garage with appointments: one after another for each mechanic and lift.

What is not taken by appointments is taken by longer work, so that the workshop is as full as such a garage is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from data.booking_records import Offering
from data.demo_history import Absence, OpenSpan, Slot
from data.demo_words import TYRE_CHANGE
from services.demo_history_days import Story, tyre_season
from services.rules.folding import fold

FULL = 0.78  # of what can be booked
DENSE = 0.97  # how often the next appointment follows at once
BOOKED = 0.46  # appointments for each inquiry, as far as there is room for them
_WAYS = (("asked", 0.50), ("phone", 0.28), ("online", 0.22))
_MINUTE = timedelta(minutes=1)
_GRID = timedelta(minutes=15)
_SHORTEST, _LONGEST = 1.5, 28.0  # days ahead
_FATES = ("done", "no_show", "late", "early")


@dataclass(frozen=True)
class Pair:
    """A mechanic and the lift that goes with them."""

    person_id: int
    thing_id: int | None


@dataclass(frozen=True)
class Cell:
    """A mechanic's morning or afternoon."""

    pair: Pair
    begins: datetime
    ends: datetime


def plan_visits(
    story: Story,
    spans: Sequence[OpenSpan],
    pairs: Sequence[Pair],
    offerings: Sequence[Offering],
    zone: ZoneInfo,
    *,
    inquiries: int,
    until: datetime,
    seed: int,
) -> tuple[list[Slot], list[Absence]]:
    """Appointments in order of their time, and when people and lifts have longer work; all end before `until`.

    None where the history is too short for anybody to book ahead.
    """
    chance = random.Random(f"{seed} visits")  # noqa: S311 a game
    first = spans[0].begins + timedelta(days=3)
    cells = [Cell(p, s.begins, s.ends) for s in spans for p in pairs if first < s.begins and s.ends < until]
    room = sum((cell.ends - cell.begins) / _MINUTE for cell in cells)
    wanted = inquiries * BOOKED * _average(offerings)
    share = min(1.0, wanted / (room * FULL)) if room else 0.0
    slots: list[Slot] = []
    absences: list[Absence] = []
    for cell in cells:
        if chance.random() < share:
            slots += _fill(story, cell, offerings, zone, chance, len(slots), spans[0].begins)
        else:
            absences += _absences(cell)
    return slots, absences


def _average(offerings: Sequence[Offering]) -> float:
    return sum(_length(one) / _MINUTE for one in offerings) / len(offerings) if offerings else 60.0


def _length(offering: Offering) -> timedelta:
    return (offering.buffer_before + offering.duration + offering.buffer_after) * _MINUTE


def _absences(cell: Cell) -> Iterator[Absence]:
    for resource_id in (cell.pair.person_id, cell.pair.thing_id):
        if resource_id is not None:
            yield Absence(resource_id, cell.begins, cell.ends)


def _fill(
    story: Story,
    cell: Cell,
    offerings: Sequence[Offering],
    zone: ZoneInfo,
    chance: random.Random,
    number: int,
    begin: datetime,
) -> Iterator[Slot]:
    """One appointment after another, with a gap now and then."""
    at = cell.begins
    while fitting := [one for one in offerings if at + _length(one) <= cell.ends]:
        if chance.random() > DENSE:
            at += _GRID * 2
            continue
        offering = chance.choices(fitting, [_wish(one, at.astimezone(zone).date()) for one in fitting])[0]
        at += offering.buffer_before * _MINUTE
        yield _slot(story, cell, offering, zone, chance, number, at, begin)
        number += 1
        done = at + (offering.duration + offering.buffer_after) * _MINUTE
        at = cell.begins + -(-(done - cell.begins) // _GRID) * _GRID


def _wish(offering: Offering, day: date) -> float:
    """How much an offering is asked for on a day."""
    return 0.3 + 6 * tyre_season(day) if offering.name == TYRE_CHANGE else 1.0


def _slot(
    story: Story,
    cell: Cell,
    offering: Offering,
    zone: ZoneInfo,
    chance: random.Random,
    number: int,
    at: datetime,
    begin: datetime,
) -> Slot:
    day = at.astimezone(zone).date()
    most = min(_LONGEST, (at - begin) / timedelta(days=1) - 1)
    ahead = min(max(_SHORTEST, chance.lognormvariate(1.7 + 0.5 * tyre_season(day), 0.6)), max(_SHORTEST, most))
    choices = [line.strip() for line in offering.choices.splitlines() if line.strip()]
    answer = f"{offering.question} {chance.choice(choices)}" if choices else ""
    spoken = "\n".join(filter(None, [f"Termin: {offering.name}, {_spoken(at.astimezone(zone))}", answer]))
    return Slot(
        number=number,
        begins=at,
        ends=at + offering.duration * _MINUTE,
        person_id=cell.pair.person_id,
        thing_id=cell.pair.thing_id if len(offering.groups) > 1 else None,
        offering_id=offering.id,
        offering_name=offering.name,
        price_cents=offering.price_cents,
        buffer_before=offering.buffer_before,
        buffer_after=offering.buffer_after,
        answer=answer,
        way=chance.choices([way for way, _ in _WAYS], [share for _, share in _WAYS])[0],
        fate=_fate(story, day, ahead, chance),
        ahead=int(ahead * 86400),
        reminded=story.reminded(day),
        spoken=spoken,
        folded=fold(spoken),
    )


def _spoken(local: datetime) -> str:
    return f"{format_date(local, 'EEE d. MMMM', locale='de_AT')}, {local:%H:%M} Uhr"


def _fate(story: Story, day: date, ahead: float, chance: random.Random) -> str:
    """Where it goes badly nobody comes more often; with reminders fewer forget, and some rather call off."""
    trouble, reminded = story.trouble(day), story.reminded(day)
    missed = (0.062 + 0.075 * trouble) * (1 - 0.55 * story.recovery(day)) * (0.75 if reminded else 1.0)
    late = 0.035 + 0.03 * trouble + (0.01 if reminded else 0.0)
    early = 0.05 if ahead > 4 else 0.0
    return chance.choices(_FATES, [1 - missed - late - early, missed, late, early])[0]
