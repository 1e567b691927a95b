"""Who waits, and since when: the twelve rules of docs/rules-of-waiting.md as one pure replay.

The caller hands in what happened, oldest or newest first; the same happenings always give the same clock. Replies
that are queued, failed, unsure or bounced are not handed in, so a bounce gives the earlier clock back by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce

from data.records import CloseReason, InquiryState


class HappeningKind(StrEnum):
    """What an entry of a conversation is to the clock."""

    CUSTOMER = "customer"
    ANSWER = "answer"
    EARLIER_CUSTOMER = "earlier_customer"
    EARLIER_ANSWER = "earlier_answer"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    OTHER = "other"


@dataclass(frozen=True)
class Happening:
    """One entry of a conversation, in the order in which people wrote.

    `reason`: of a close its reason, of a merge the stream that joins this one. `stream`: the inquiry in which it was
    said. `counted_at`: of a reply when the server took it, which may be long after it was written.
    """

    id: int
    kind: HappeningKind
    happened_at: datetime
    reason: str = ""
    stream: int = 0
    counted_at: datetime | None = None


@dataclass(frozen=True)
class ClockState:
    """The columns of an inquiry that follow from its happenings; times aware UTC."""

    state: InquiryState = InquiryState.OPEN
    waiting_since: datetime | None = None
    contacts_waiting: int = 0
    first_contact_at: datetime | None = None
    first_response_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str = ""
    reopened: int = 0


class Urgency(StrEnum):
    """How a row of the list looks."""

    LATE = "late"
    SOON = "soon"
    OK = "ok"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class _Reel:
    """The clock, and while it is closed the clock as it would be without that close."""

    clock: ClockState
    without_close: ClockState | None = None


def replay(happenings: Iterable[Happening], *, started_by: str) -> ClockState:
    """The clock after all happenings, in order of their time, then of their id.

    Streams run apart until a merge joins them. `started_by`: what the shop started ('shop') has no first response
    (rule 6).
    """
    reels: dict[int, _Reel] = {}
    joined: dict[int, int] = {}
    for happening in sorted(happenings, key=lambda h: (h.happened_at, h.id)):
        stream = _root(joined, happening.stream)
        if happening.kind == HappeningKind.MERGED:
            gone = _root(joined, int(happening.reason))
            if gone != stream:
                joined[gone] = stream
                reels[stream] = _join(reels.get(stream, _NOTHING), reels.pop(gone, _NOTHING))
        else:
            reels[stream] = _step(reels.get(stream, _NOTHING), happening, started_by != "shop")
    return reduce(_join, reels.values(), _NOTHING).clock


def _root(joined: dict[int, int], stream: int) -> int:
    while stream in joined:
        stream = joined[stream]
    return stream


def _join(one: _Reel, other: _Reel) -> _Reel:
    """Two conversations become one: whatever of both is older or still open goes on (rule 2)."""
    if _NOTHING in (one, other):
        return other if one == _NOTHING else one
    a, b = one.clock, other.clock
    return _Reel(
        ClockState(
            state=min(a.state, b.state, key=_OPENNESS.index),
            waiting_since=_oldest(a.waiting_since, b.waiting_since),
            contacts_waiting=a.contacts_waiting + b.contacts_waiting,
            first_contact_at=_oldest(a.first_contact_at, b.first_contact_at),
            first_response_at=_oldest(a.first_response_at, b.first_response_at),
            closed_at=max(filter(None, (a.closed_at, b.closed_at)), default=None),
            close_reason=a.close_reason or b.close_reason,
            reopened=a.reopened + b.reopened,
        )
    )


_NOTHING = _Reel(ClockState())
_OPENNESS = (InquiryState.OPEN, InquiryState.EARLIER, InquiryState.CLOSED)


def _oldest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def urgency(business_elapsed: int, goal: int, promise_due: datetime | None, now: datetime, *, waiting: bool) -> Urgency:
    """LATE past the goal (business minutes) or past a promise, SOON from 75 % of the goal.

    A broken promise is late even when it is the customer's turn.
    """
    if promise_due is not None and now > promise_due:
        return Urgency.LATE
    if not waiting:
        return Urgency.CUSTOMER
    if business_elapsed > goal:
        return Urgency.LATE
    return Urgency.SOON if business_elapsed * 4 >= goal * 3 else Urgency.OK


def _step(reel: _Reel, happening: Happening, counts_response: bool) -> _Reel:
    match happening.kind:
        case HappeningKind.CUSTOMER:
            return _Reel(_hear(reel.clock, happening.happened_at))
        case HappeningKind.CLOSED if _is_void(reel.clock, happening):
            return reel
        case HappeningKind.CLOSED:
            return _Reel(_close(reel.clock, happening), reel.without_close or reel.clock)
        case HappeningKind.REOPENED:
            return _reopen(reel)
    clock = _quiet_step(reel.clock, happening, counts_response)
    kept = reel.without_close and _quiet_step(reel.without_close, happening, counts_response)
    still_closed = clock.state == InquiryState.CLOSED
    return _Reel(clock, kept if still_closed else None)


def _quiet_step(clock: ClockState, happening: Happening, counts_response: bool) -> ClockState:
    """Everything that neither starts a segment nor ends one by hand."""
    match happening.kind:
        case HappeningKind.ANSWER:
            return _answer(clock, happening.counted_at or happening.happened_at, counts_response)
        case HappeningKind.EARLIER_CUSTOMER | HappeningKind.EARLIER_ANSWER:
            return _recall(clock, happening.kind)
    return clock


def _hear(clock: ClockState, now: datetime) -> ClockState:
    """A customer speaks: the oldest unanswered time stays (rule 1); a closed inquiry opens afresh (rule 5)."""
    by_hand = clock.state == InquiryState.CLOSED and clock.closed_at is not None
    return replace(
        clock,
        state=InquiryState.OPEN,
        waiting_since=clock.waiting_since or now,
        contacts_waiting=clock.contacts_waiting + 1,
        first_contact_at=clock.first_contact_at or now,
        close_reason=clock.close_reason if clock.closed_at else "",
        reopened=clock.reopened + by_hand,
    )


def _answer(clock: ClockState, now: datetime, counts_response: bool) -> ClockState:
    """A person of the shop reached the customer. Only a close by hand outlasts that, «Vorher» does not."""
    first = clock.first_response_at
    if first is None and counts_response and clock.waiting_since is not None:
        first = now
    spoken = replace(clock, waiting_since=None, contacts_waiting=0, first_response_at=first)
    return spoken if clock.closed_at else replace(spoken, state=InquiryState.OPEN, close_reason="")


def _is_void(clock: ClockState, happening: Happening) -> bool:
    """Closed as answered, but the answer did not happen (it bounced later): the close goes with it (rule 4)."""
    return happening.reason == CloseReason.ANSWERED and clock.waiting_since is not None


def _close(clock: ClockState, happening: Happening) -> ClockState:
    return replace(
        clock,
        state=InquiryState.CLOSED,
        waiting_since=None,
        contacts_waiting=0,
        closed_at=happening.happened_at,
        close_reason=happening.reason,
    )


def _reopen(reel: _Reel) -> _Reel:
    """A person undoes the close: the wait is as if it had not happened (rule 2); nothing to undo when it is open."""
    clock = reel.clock
    if clock.state != InquiryState.CLOSED:
        return reel
    before = reel.without_close or clock
    if before.state == InquiryState.CLOSED:
        before = replace(before, state=InquiryState.OPEN, close_reason="")
    return _Reel(replace(before, reopened=clock.reopened + 1))


def _recall(clock: ClockState, kind: HappeningKind) -> ClockState:
    """Mail from before the set-up (rule 12): no clock, and nothing once the conversation has one."""
    if clock.first_contact_at or clock.closed_at:
        return clock
    if kind == HappeningKind.EARLIER_CUSTOMER:
        return replace(clock, state=InquiryState.EARLIER, close_reason="")
    return replace(clock, state=InquiryState.CLOSED, close_reason=CloseReason.EARLIER.value)
