"""The figures once more, written the slow and obvious way from the list of what happened, to compare the SQL with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from data.records import InquiryState, OpeningHours
from data.report_records import Answers, Callbacks, HourCell, Resolutions, Share
from services.rules.waiting import ClockState, Happening, HappeningKind, replay
from tests.rules.naive import open_at

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """One entry of a conversation; `kind` 'customer', 'answer', 'closed' or 'reopened'."""

    id: int
    stream: int
    kind: str
    at: datetime
    reason: str = ""
    mail: bool = False  # an answer by mail, whose way is in the outbox
    sent_at: datetime | None = None  # None: it has not left, or it came back
    reply: Said | None = None  # of a close that goes with a reply

    @property
    def counts(self) -> bool:
        if self.reply is not None:
            return self.reply.counts and self.at >= self.reply.at
        return not self.mail or self.sent_at is not None

    @property
    def counted_at(self) -> datetime:
        return self.sent_at or self.at


@dataclass
class Talk:
    """An inquiry with all that was said in it and in those that were merged into it."""

    id: int
    channel: str = "mail"
    started_by: str = "customer"
    created_at: datetime | None = None
    dismissed: bool = False
    customer: int = 1
    merged: list[tuple[int, int, datetime]] = field(default_factory=list)  # (event id, gone, at)
    said: list[Said] = field(default_factory=list)

    def clock(self) -> ClockState:
        entries = [
            Happening(s.id, HappeningKind(s.kind), s.at, s.reason, s.stream, s.sent_at) for s in self.said if s.counts
        ]
        joins = [Happening(i, HappeningKind.MERGED, at, str(gone), self.id) for i, gone, at in self.merged]
        return replay([*entries, *joins], started_by=self.started_by)

    def told(self) -> list[Said]:
        """In the order of the clock, without what never left and without the closes that somebody took back."""
        entries = sorted((s for s in self.said if s.counts), key=lambda s: (s.at, s.id))
        undone: set[int] = set()
        for index, entry in enumerate(entries):
            if entry.kind != "reopened":
                continue
            for earlier in reversed(entries[:index]):
                if earlier.stream != entry.stream:
                    continue
                if earlier.kind in ("customer", "reopened"):
                    break
                if earlier.kind == "closed":
                    undone.add(earlier.id)
        return [entry for entry in entries if entry.kind != "reopened" and entry.id not in undone]


@dataclass(frozen=True)
class Wait:
    since: datetime
    until: datetime | None
    answered: bool
    later: bool  # we had spoken before


@dataclass(frozen=True)
class Promised:
    talk: int
    due_at: datetime
    state: str
    tries: int
    first_try_at: datetime | None
    done_at: datetime | None
    missed_at: datetime | None = None  # the time that had passed without a try when it was put off

    @property
    def counted_at(self) -> datetime:
        return self.missed_at or self.due_at

    @property
    def kept(self) -> bool:
        return self.missed_at is None and self.first_try_at is not None and self.first_try_at <= self.due_at


@dataclass(frozen=True)
class Ground:
    """The period, the moment of asking, and when the shop is open."""

    start: datetime
    end: datetime
    now: datetime
    hours: OpeningHours
    holidays: frozenset[date]
    goal: int
    memory: dict[datetime, bool] = field(default_factory=dict)

    def open_minutes(self, start: datetime, end: datetime) -> int:
        """Open minutes in [start, end); all times are whole minutes."""
        count, moment = 0, start
        while moment < end:
            if moment not in self.memory:
                self.memory[moment] = open_at(self.hours, self.holidays, moment)
            count += self.memory[moment]
            moment += MINUTE
        return count

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.hours.zone))

    def week(self, moment: datetime) -> date:
        day = self.local(moment).date()
        return day - timedelta(days=day.weekday())


def rank(values: list[int], share: float) -> int | None:
    """The smallest value that is not below `share` of all."""
    return sorted(values)[ceil(share * len(values)) - 1] if values else None


def waits_of(talk: Talk) -> list[Wait]:
    """From a first unanswered message to the answer or to a close without one."""
    found: list[Wait] = []
    since: datetime | None = None
    later, spoken = False, False
    for entry in talk.told():
        if entry.kind == "customer":
            if since is None:
                since, later = entry.at, spoken
        elif entry.kind == "answer" or entry.reason != "answered":
            if since is not None:
                found.append(Wait(since, entry.counted_at, entry.kind == "answer", later))
            since = None
        spoken = spoken or entry.kind == "answer"
    return [*found, Wait(since, None, False, later)] if since else found


def settled(talk: Talk, clock: ClockState) -> bool:
    return clock.first_contact_at is None and clock.close_reason == "answered" and talk.channel != "mail"


def is_mere_booking(clock: ClockState) -> bool:
    """A time was booked, and nobody asked anything since."""
    closed = clock.state == InquiryState.CLOSED and clock.close_reason == "booked"
    return closed and clock.first_response_at is None


def received(talk: Talk, clock: ClockState) -> datetime:
    assert talk.created_at is not None
    return clock.first_contact_at or talk.created_at


def asked(talks: Iterable[Talk], ground: Ground) -> list[tuple[Talk, ClockState]]:
    """Customers' inquiries that came in the period."""
    found = []
    for talk in talks:
        clock = talk.clock()
        live = clock.state in (InquiryState.OPEN, InquiryState.CLOSED)
        counts = clock.first_contact_at is not None or settled(talk, clock)
        if talk.dismissed or talk.started_by == "shop" or not live or not counts:
            continue
        if ground.start <= received(talk, clock) < ground.end:
            found.append((talk, clock))
    return found


@dataclass(frozen=True)
class _Case:
    minutes: int
    answered: bool
    waiting: bool
    week: date
    channel: str


def _answers(cases: list[_Case], goal: int, **group: object) -> Answers:
    chosen = [c for c in cases if all(getattr(c, name) == value for name, value in group.items())]
    answered = [c.minutes for c in chosen if c.answered]
    late = [c.minutes for c in chosen if c.waiting and c.minutes > goal]
    return Answers(
        answered=len(answered),
        in_goal=sum(minutes <= goal for minutes in answered),
        late_open=len(late),
        waiting=sum(c.waiting and c.minutes <= goal for c in chosen),
        unanswered=sum(not c.answered and not c.waiting for c in chosen),
        median=rank(answered + late, 0.5),
        p90=rank(answered + late, 0.9),
        **group,  # type: ignore[arg-type]
    )


def _all_answers(cases: list[_Case], goal: int) -> tuple[Answers, list[Answers], list[Answers]]:
    weeks = [_answers(cases, goal, week=week) for week in sorted({c.week for c in cases})]
    channels = [_answers(cases, goal, channel=channel) for channel in sorted({c.channel for c in cases})]
    return _answers(cases, goal), weeks, channels


def first_answers(talks: list[Talk], ground: Ground) -> tuple[Answers, list[Answers], list[Answers]]:
    cases = []
    for talk, clock in asked(talks, ground):
        if clock.first_contact_at is None or is_mere_booking(clock):
            continue
        answered, until = clock.first_response_at is not None, clock.first_response_at or ground.now
        minutes = ground.open_minutes(clock.first_contact_at, until)
        waiting = not answered and clock.waiting_since is not None
        cases.append(_Case(minutes, answered, waiting, ground.week(clock.first_contact_at), talk.channel))
    return _all_answers(cases, ground.goal)


def next_answers(talks: list[Talk], ground: Ground) -> tuple[Answers, list[Answers], list[Answers]]:
    known = {talk.id for talk, clock in asked(talks, ground) if clock.first_contact_at}
    cases = []
    for talk in talks:
        first = talk.clock().first_contact_at
        ours = talk.started_by == "shop" and not talk.dismissed and first and ground.start <= first < ground.end
        if first is None or not (talk.id in known or ours):
            continue
        for wait in waits_of(talk):
            if wait.later:
                minutes = ground.open_minutes(wait.since, wait.until or ground.now)
                cases.append(_Case(minutes, wait.answered, wait.until is None, ground.week(first), talk.channel))
    return _all_answers(cases, ground.goal)


def resolutions(talks: list[Talk], ground: Ground) -> tuple[Resolutions, list[Resolutions]]:
    rows = []
    for talk, clock in asked(talks, ground):
        if clock.first_contact_at is None:
            continue
        net = sum(ground.open_minutes(w.since, w.until or ground.now) for w in waits_of(talk))
        done = clock.state == InquiryState.CLOSED and clock.close_reason in ("answered", "dealt_with")
        wall = (clock.closed_at - clock.first_contact_at) // MINUTE if clock.closed_at else None
        rows.append((ground.week(clock.first_contact_at), done, clock.state == InquiryState.OPEN, net, wall))

    def summed(week: date | None) -> Resolutions:
        chosen = [row for row in rows if week in (None, row[0])]
        done = [row for row in chosen if row[1]]
        net, wall = [row[3] for row in done], [row[4] for row in done if row[4] is not None]
        return Resolutions(len(done), sum(row[2] for row in chosen), rank(net, 0.5), rank(wall, 0.5), week)

    return summed(None), [summed(week) for week in sorted({row[0] for row in rows})]


def returns(talk: Talk) -> list[tuple[timedelta, bool]]:
    """After each close to which the customer wrote again: how long after it, and whether that was mere thanks."""
    told: list[Said] = []
    for entry in talk.told():
        turns = [t for t in told if t.kind != "closed" or t.reason != "answered"]
        void = entry.kind == "closed" and entry.reason == "answered" and bool(turns) and turns[-1].kind == "customer"
        if not void:
            told.append(entry)
    live = [entry for entry in told if entry.kind in ("customer", "closed")]
    found = []
    for index, entry in enumerate(live[:-1]):
        after = live[index + 1]
        if entry.kind == "closed" and after.kind == "customer":
            closing = next((e.reason for e in live[index + 2 :] if e.kind == "closed"), "")
            found.append((after.at - entry.at, closing == "thanks_only"))
    return found


def solved_at_once(talks: list[Talk], ground: Ground) -> tuple[Share, list[Share]]:
    rows = []
    for talk, clock in asked(talks, ground):
        done = clock.state == InquiryState.CLOSED and clock.close_reason in ("answered", "dealt_with")
        if not done or clock.closed_at is None or clock.closed_at > ground.now - 7 * DAY:
            continue
        replies = sum(entry.kind == "answer" for entry in talk.told())
        back = any(gap < 7 * DAY for gap, _ in returns(talk))
        rows.append((ground.week(received(talk, clock)), replies == 1 and not back))
    return _shares(rows)


def reopened(talks: list[Talk], ground: Ground) -> tuple[Share, list[Share]]:
    rows = []
    for talk, clock in asked(talks, ground):
        if clock.closed_at is None or clock.close_reason == "booked":
            continue
        back = any(gap < 14 * DAY and not thanks for gap, thanks in returns(talk))
        rows.append((ground.week(received(talk, clock)), clock.reopened > 0 and back))
    return _shares(rows)


def _shares(rows: list[tuple[date, bool]]) -> tuple[Share, list[Share]]:
    def summed(week: date | None) -> Share:
        chosen = [hit for of, hit in rows if week in (None, of)]
        return Share(sum(chosen), len(chosen), week=week)

    return summed(None), [summed(week) for week in sorted({week for week, _ in rows})]


def callbacks(promises: list[Promised], ground: Ground) -> tuple[Callbacks, list[Callbacks]]:
    due = [p for p in promises if ground.start <= p.counted_at < min(ground.end, ground.now)]
    counted = [
        p
        for p in due
        if not (p.state == "withdrawn" and p.first_try_at is None and p.done_at and p.done_at <= p.counted_at)
    ]

    def summed(week: date | None) -> Callbacks:
        chosen = [p for p in counted if week in (None, ground.week(p.counted_at))]
        kept = [p for p in chosen if p.kept]
        missed = [p for p in chosen if p.first_try_at is None and p.state != "withdrawn"]
        return Callbacks(
            kept=len(kept),
            late=len(chosen) - len(kept) - len(missed),
            open=len(missed),
            tried=sum(p.first_try_at is not None for p in chosen),
            reached_first=sum(p.state == "kept" and p.tries == 0 for p in chosen),
            week=week,
        )

    return summed(None), [summed(week) for week in sorted({ground.week(p.counted_at) for p in counted})]


def contacts_by_hour(talks: list[Talk], ground: Ground) -> list[HourCell]:
    moments = [s.at for t in talks if not t.dismissed for s in t.said if s.kind == "customer"]
    moments = [moment for moment in moments if ground.start <= moment < ground.end]
    moments += [received(t, c) for t, c in asked(talks, ground) if settled(t, c)]
    cells: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for moment in moments:
        local = ground.local(moment)
        cell = cells[local.weekday(), local.hour]
        cell["contacts"] += 1
        cell["outside"] += not open_at(ground.hours, ground.holidays, moment)
    return [HourCell(*key, cells[key]["contacts"], cells[key]["outside"]) for key in sorted(cells)]
