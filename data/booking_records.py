"""The shapes of what is kept of bookings; times are aware UTC, durations minutes, prices cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResourceKind(StrEnum):
    """What a booking needs: somebody who does it, or a place or thing it is done with."""

    PERSON = "person"
    THING = "thing"


class BookingState(StrEnum):
    REQUESTED = "requested"  # blocks its time until somebody of the shop decides or it lapses
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Reminder(StrEnum):
    """What became of the reminder 24 hours before a booking."""

    DUE = "due"
    SENT = "sent"
    NONE = "none"  # agreed later than that, or nobody to write to
    UNSURE = "unsure"  # may have left before a restore: a person decides


# In these states a booking holds its resources.
HOLDING = (
    BookingState.REQUESTED,
    BookingState.CONFIRMED,
    BookingState.ARRIVED,
    BookingState.DONE,
    BookingState.NO_SHOW,
)


@dataclass(frozen=True)
class Resource:
    """A person or a thing; `week` are its own hours in minutes after local midnight, Monday first, () = the shop's."""

    id: int
    kind: ResourceKind
    name: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    position: int
    active: bool


@dataclass(frozen=True)
class Block:
    """A time in which a resource is away or taken; for all resources where `resource_id` is None."""

    id: int
    resource_id: int | None
    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True)
class Offering:
    """A service that can be booked. Durations are minutes, multiples of five."""

    id: int
    name: str
    description: str
    duration: int
    buffer_before: int
    buffer_after: int
    step: int  # minutes between two starts, counted from opening
    price_cents: int | None  # None: no price is told
    online: bool  # bookable by customers, else by staff only
    instant: bool  # stands at once, else a request
    notice_minutes: int  # real time, inclusive
    horizon_days: int
    cancel_minutes: int  # until so long before the start customers move and cancel by themselves
    daily_limit: int  # 0 = none
    bring: str
    question: str
    choices: str  # one answer a line; '' = free words
    groups: tuple[tuple[int, ...], ...]  # of each group one resource is needed
    position: int
    active: bool
    follow_up_days: int = 0  # so many days after the job somebody calls to ask whether all is well; 0 = nobody
    repeat_months: int = 0  # after so many the work is due again; 0 = never


@dataclass(frozen=True)
class Booking:
    """A booking as it is kept; name, price and question are those of the day it was made."""

    id: int
    number: str
    secret: str
    uid: str  # of the calendar event, never changes
    sequence: int  # grows with every move and cancellation
    offering_id: int
    offering_name: str
    customer_id: int
    customer_name: str  # as they gave it for this booking; the card may know them by another
    mail: str  # where its mails go, '' if nowhere; never an address that the booker did not give
    phone: str
    inquiry_id: int
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    buffer_before: int
    buffer_after: int
    price_cents: int | None
    answer: str  # to the offering's own question
    note: str  # the customer's own words, or ours
    language: str
    staff_id: int | None  # who entered it; None: the customer
    created_at: datetime
    agreed_at: datetime  # when the present time was agreed
    lapses_at: datetime | None  # of a request
    reminder: Reminder
    calendar_answer: str  # 'accepted', 'declined', 'tentative' from the customer's calendar, or ''
    resources: tuple[int, ...]


@dataclass(frozen=True)
class BookingEvent:
    """One line of a booking's history."""

    kind: str
    detail: str
    staff_name: str  # '' for the customer or a job
    happened_at: datetime
