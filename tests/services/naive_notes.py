"""Figures of notes and bookings once more, the slow and obvious way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.records import InquiryState
from data.report_records import (
    AvoidableCost,
    Avoidance,
    Cause,
    Complaints,
    FunnelStep,
    Praises,
    ReasonCost,
    Share,
    Visits,
)
from services.rules.waiting import ClockState
from tests.services.naive_figures import DAY, Ground, Talk, asked, is_mere_booking, rank, received, settled

REASONS = {
    71: ("Wo ist mein Auto?", "status", 4),
    72: ("Was kostet das?", "price", 7),
    73: ("Termin", "appointment", 3),
}
USUAL = 5


@dataclass(frozen=True)
class Note:
    """What was noted of one inquiry."""

    reason: int | None
    avoidable: str
    kept: str  # 'yes', 'no', 'otherwise', '' as long as nobody said


@dataclass(frozen=True)
class Grumble:
    talk: int
    noted_at: datetime
    cause: str
    cents: int
    lost: bool | None
    solved_at: datetime | None


@dataclass(frozen=True)
class Thanks:
    talk: int
    noted_at: datetime
    passed_on_at: datetime | None


@dataclass(frozen=True)
class Visit:
    id: int
    customer: int
    state: str
    starts_at: datetime
    created_at: datetime
    cancelled_at: datetime | None


def contacts(talks: Iterable[Talk], ground: Ground) -> list[tuple[Talk, ClockState]]:
    """All that somebody had to answer: a booking without a question was none."""
    found = asked(talks, ground)
    return [(t, c) for t, c in found if not is_mere_booking(c)]


def reason_costs(talks: list[Talk], notes: dict[int, Note], ground: Ground) -> list[ReasonCost]:
    by_reason: dict[int, list[Note]] = defaultdict(list)
    for talk, _ in contacts(talks, ground):
        note = notes.get(talk.id)
        if note and note.reason:
            by_reason[note.reason].append(note)
    costs = []
    for ident, found in by_reason.items():
        name, intent, minutes = REASONS[ident]
        avoidable = sum(note.avoidable not in ("", "no") for note in found)
        costs.append(ReasonCost(ident, name, intent, len(found), len(found) * minutes, avoidable))
    return sorted(costs, key=lambda cost: (-cost.minutes, cost.reason_id))


def avoidance(talks: list[Talk], notes: dict[int, Note], ground: Ground) -> Avoidance:
    every = contacts(talks, ground)
    found = [notes[talk.id] for talk, _ in every if talk.id in notes]
    by_kind: dict[str, list[int]] = defaultdict(list)
    for note in found:
        if note.avoidable not in ("", "no"):
            by_kind[note.avoidable].append(REASONS[note.reason][2] if note.reason else USUAL)
    kinds = [AvoidableCost(kind, len(minutes), sum(minutes)) for kind, minutes in by_kind.items()]
    return Avoidance(
        contacts=len(every),
        noted=sum(bool(note.avoidable) for note in found),
        avoidable=sum(kind.contacts for kind in kinds),
        minutes=sum(kind.minutes for kind in kinds),
        kinds=tuple(sorted(kinds, key=lambda kind: (-kind.minutes, kind.kind))),
    )


def promises_kept(talks: list[Talk], notes: dict[int, Note], booked: list[Visit], ground: Ground) -> Share:
    """Every visit belongs to the first talk."""
    done = {1} if any(visit.state == "done" for visit in booked) else set()
    said = []
    for talk in talks:
        clock = talk.clock()
        counts = clock.first_response_at or settled(talk, clock) or talk.id in done
        if talk.id not in notes or clock.state != InquiryState.CLOSED or not counts:
            continue
        if not talk.dismissed and talk.started_by != "shop" and ground.start <= received(talk, clock) < ground.end:
            said.append(notes[talk.id].kept)
    return Share(sum(kept == "yes" for kept in said), sum(kept != "" for kept in said))


def complaints(
    found: list[Grumble], talks: list[Talk], visits: list[Visit], open_days: list[datetime], ground: Ground
) -> tuple[Complaints, list[Complaints]]:
    gone = {talk.id for talk in talks if talk.dismissed}
    noted = [g for g in found if ground.start <= g.noted_at < ground.end and g.talk not in gone]
    done = [v for v in visits if v.state == "done" and ground.start <= v.starts_at < min(ground.end, ground.now)]

    def days(one: Grumble) -> int:
        return sum(one.noted_at < day <= (one.solved_at or ground.now) for day in open_days)

    def summed(month: date | None) -> Complaints:
        chosen = [g for g in noted if month in (None, ground.local(g.noted_at).date().replace(day=1))]
        return Complaints(
            count=len(chosen),
            solved_in_time=sum(g.solved_at is not None and days(g) <= 5 for g in chosen),
            judged=sum(g.solved_at is not None or days(g) > 5 for g in chosen),
            lost=sum(g.lost is True for g in chosen),
            cost_cents=sum(g.cents for g in chosen),
            jobs=0 if month else len(done),
            inquiries=0 if month else len(contacts(talks, ground)),
            month=month,
        )

    months = sorted({ground.local(g.noted_at).date().replace(day=1) for g in noted})
    return summed(None), [summed(month) for month in months]


def causes(found: list[Grumble], talks: list[Talk], ground: Ground) -> list[Cause]:
    gone = {talk.id for talk in talks if talk.dismissed}
    by_cause: dict[str, list[int]] = defaultdict(list)
    for one in found:
        if ground.start <= one.noted_at < ground.end and one.cause.strip() and one.talk not in gone:
            by_cause[one.cause.strip()].append(one.cents)
    rows = [Cause(cause, len(cents), sum(cents)) for cause, cents in by_cause.items()]
    return sorted(rows, key=lambda row: (-row.cost_cents, -row.count, row.cause))


def praises(found: list[Thanks], talks: list[Talk], ground: Ground) -> Praises:
    gone = {talk.id for talk in talks if talk.dismissed}
    noted = [t for t in found if ground.start <= t.noted_at < ground.end and t.talk not in gone]
    passed = [t for t in noted if t.passed_on_at and t.passed_on_at <= t.noted_at + 2 * DAY]
    return Praises(len(noted), len(passed), sum(t.passed_on_at is None for t in noted))


def visits(found: list[Visit], ground: Ground) -> tuple[Visits, list[Visits]]:
    planned = [v for v in found if ground.start <= v.starts_at < min(ground.end, ground.now)]

    def month_of(visit: Visit) -> date:
        return ground.local(visit.starts_at).date().replace(day=1)

    def summed(month: date | None) -> Visits:
        chosen = [v for v in planned if month in (None, month_of(v))]
        late = [v for v in chosen if v.state == "cancelled" and v.cancelled_at and v.cancelled_at > v.starts_at - DAY]
        done, missed = sum(v.state == "done" for v in chosen), sum(v.state == "no_show" for v in chosen)
        return Visits(done, missed, len(late), month)

    return summed(None), [summed(month) for month in sorted(set(map(month_of, planned)))]


def lead_days(found: list[Visit], ground: Ground) -> float | None:
    made = [v for v in found if ground.start <= v.created_at < ground.end and v.state not in ("declined", "lapsed")]
    seconds = rank([(v.starts_at - v.created_at) // timedelta(seconds=1) for v in made], 0.5)
    return None if seconds is None else seconds / 86_400


def returning(found: list[Visit], ground: Ground) -> Share:
    year_before = ground.end.replace(year=ground.end.year - 1)
    counts: dict[int, int] = defaultdict(int)
    for visit in found:
        if visit.state == "done" and year_before <= visit.starts_at < ground.end:
            counts[visit.customer] += 1
    return Share(sum(count > 1 for count in counts.values()), len(counts))


def funnel(
    talks: list[Talk],
    notes: dict[int, Note],
    found: list[Visit],
    known_since: Callable[[int], datetime],
    ground: Ground,
) -> list[FunnelStep]:
    steps = {regular: [0, 0, 0] for regular in (False, True)}
    for talk, clock in contacts(talks, ground):
        note, came = notes.get(talk.id), received(talk, clock)
        if note is None or note.reason not in (72, 73):
            continue
        made = [
            v
            for v in found
            if v.customer == talk.customer
            and came <= v.created_at < came + 30 * DAY
            and v.state not in ("declined", "lapsed")
        ]
        step = steps[known_since(talk.customer) < came - DAY]
        step[0] += 1
        step[1] += bool(made)
        step[2] += any(v.state == "done" for v in made)
    return [FunnelStep(regular, *step) for regular, step in steps.items()]
