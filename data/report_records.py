"""The shapes of figures: what `data.reports` computes, services compare and pages draw.

Minutes are business minutes (opening hours) unless a name says `wall`; money is cents; times are aware UTC; days are
the shop's local ones. `week` is the Monday, `month` the first day; both are None in a total.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

FEWEST = 5  # below that no percentage is told, the count is


class Figure(StrEnum):
    """The key figures; each has its definition, its goal and the cases behind it."""

    IN_GOAL = "in_goal"
    FIRST_ANSWER = "first_answer"
    NEXT_ANSWER = "next_answer"
    BACKLOG = "backlog"
    RESOLUTION = "resolution"
    SOLVED_AT_ONCE = "solved_at_once"  # first-contact resolution
    REOPENED = "reopened"
    CALLBACKS = "callbacks"
    CALLBACKS_REACHED = "callbacks_reached"
    COMPLAINTS = "complaints"
    COMPLAINTS_SOLVED = "complaints_solved"
    AVOIDABLE = "avoidable"
    PRAISE = "praise"
    PROMISES_KEPT = "promises_kept"
    NO_SHOWS = "no_shows"
    LEAD_TIME = "lead_time"
    UTILISATION = "utilisation"
    JOBS = "jobs"  # inquiry → booking
    RETURNING = "returning"
    TEMPLATES = "templates"
    SATISFACTION = "satisfaction"  # CSAT
    WISHES = "wishes"
    MISSED_SALES = "missed_sales"


class Avoidable(StrEnum):
    """Why a contact would not have been needed."""

    NO = "no"
    STATUS_ASKED = "status_asked"
    PROMISE_BROKEN = "promise_broken"
    INFO_MISSING = "info_missing"
    OUR_ERROR = "our_error"
    ASKED_TWICE = "asked_twice"


class Intent(StrEnum):
    """What a reason of contact is, whatever the shop calls it."""

    APPOINTMENT = "appointment"
    PRICE = "price"
    AVAILABILITY = "availability"
    STATUS = "status"
    INVOICE = "invoice"
    COMPLAINT = "complaint"
    OTHER = "other"


@dataclass(frozen=True)
class Basis:
    """What every figure is computed from: a period [start, end), the moment of asking, the opening hours, the goal."""

    start: datetime
    end: datetime
    now: datetime
    opened: tuple[tuple[datetime, datetime], ...]  # opening intervals from `start` to `now`, sorted, disjoint
    goal: int  # minutes
    zone: str


@dataclass(frozen=True)
class Share:
    """`hits` of `cases`."""

    hits: int
    cases: int
    week: date | None = None
    month: date | None = None

    @property
    def percent(self) -> float | None:
        """0 to 100; None below five cases."""
        return 100 * self.hits / self.cases if self.cases >= FEWEST else None


@dataclass(frozen=True)
class Answers:
    """First (or next) answers to the inquiries that came in a period; the goal is in `Basis`."""

    answered: int
    in_goal: int  # of the answered
    late_open: int  # without an answer and past the goal: a miss
    waiting: int  # without an answer, still inside the goal: not counted yet
    unanswered: int  # closed without an answer: counted apart
    median: int | None  # minutes, those that are late and open with their wait until now; None without any
    p90: int | None
    week: date | None = None
    channel: str | None = None

    @property
    def share(self) -> Share:
        """In goal: answered in time / (answered + open past the goal)."""
        return Share(self.in_goal, self.answered + self.late_open)


@dataclass(frozen=True)
class Resolutions:
    """How long it took until an inquiry was closed for good."""

    closed: int
    open: int
    median: int | None  # minutes without the time in which it was the customer's turn
    wall_median: int | None  # unpaused wall minutes
    week: date | None = None


@dataclass(frozen=True)
class AgeClass:
    """How many wait now for `from_minutes` to `to_minutes` of wall time (None: no end)."""

    from_minutes: int
    to_minutes: int | None
    count: int


@dataclass(frozen=True)
class Callbacks:
    """Promised calls that were due in a period."""

    kept: int  # a try inside the time
    late: int  # a try, but later, or withdrawn when it was late
    open: int  # past its time and nobody has tried
    tried: int
    reached_first: int  # reached by the first try
    week: date | None = None

    @property
    def share(self) -> Share:
        """Kept of those that were due."""
        return Share(self.kept, self.kept + self.late + self.open)


@dataclass(frozen=True)
class HourCell:
    """Contacts of customers in one hour of the week; weekday 0 is Monday."""

    weekday: int
    hour: int
    contacts: int
    outside: int  # of them while the shop was closed
    opened: float = 0.0  # 0 to 1: how much of this hour the week's opening hours cover


@dataclass(frozen=True)
class ReasonCost:
    """Contacts about one thing, and what they take by the shop's own estimate."""

    reason_id: int
    name: str
    intent: str
    contacts: int
    minutes: int
    avoidable: int


@dataclass(frozen=True)
class AvoidableCost:
    """Contacts that would not have been needed, by their kind; minutes by the reasons' estimates."""

    kind: str
    contacts: int
    minutes: int


@dataclass(frozen=True)
class Avoidance:
    """All human contacts, those somebody said something about, those that were avoidable."""

    contacts: int
    noted: int
    avoidable: int
    minutes: int  # of the avoidable ones
    kinds: tuple[AvoidableCost, ...] = ()

    @property
    def share(self) -> Share:
        """Avoidable of all human contacts."""
        return Share(self.avoidable, self.contacts)


@dataclass(frozen=True)
class Complaints:
    """Complaints that were noted of inquiries of a period."""

    count: int
    solved_in_time: int  # within 5 business days
    judged: int  # solved, or past the 5 days
    lost: int
    cost_cents: int
    jobs: int  # bookings done in the period, 0 if there are none
    inquiries: int
    month: date | None = None


@dataclass(frozen=True)
class Cause:
    """A cause of complaints with what they cost."""

    cause: str
    count: int
    cost_cents: int


@dataclass(frozen=True)
class Praises:
    count: int
    passed_on: int  # within two days
    waiting: int  # not passed on


@dataclass(frozen=True)
class Visits:
    """Bookings that were to take place in a period and by now."""

    done: int
    no_show: int
    cancelled_late: int  # less than 24 hours before
    month: date | None = None

    @property
    def share(self) -> Share:
        """No-shows of those that were done or not come to."""
        return Share(self.no_show, self.done + self.no_show)


@dataclass(frozen=True)
class Ratings:
    """How content customers said they were in a period, the best first; `asked` could say so on their own page."""

    very_content: int
    content: int
    partly: int
    discontent: int
    very_discontent: int
    asked: int  # answered for the first time in the period, with a page of their own; 0 in a month
    replied: int  # of those, who rated there
    month: date | None = None

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """From very content to very discontent."""
        return (self.very_content, self.content, self.partly, self.discontent, self.very_discontent)

    @property
    def share(self) -> Share:
        """Content or very content of all ratings."""
        return Share(self.very_content + self.content, sum(self.counts))

    @property
    def response(self) -> Share:
        """Who rated, of those who could."""
        return Share(self.replied, self.asked)


@dataclass(frozen=True)
class Load:
    """Minutes booked (with buffers) and bookable, of all resources together; of one hour of the week or in total."""

    booked: int
    bookable: int
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True)
class FunnelStep:
    """Inquiries about a time, a price or whether something is there; what became of them."""

    regular: bool  # the customer was known before
    asked: int
    booked: int  # a booking of this customer within 30 days
    came: int


@dataclass(frozen=True)
class Wishes:
    """Wishes that ended in a period: the customer was told, or the day passed, or it cannot be had any more."""

    told: int  # until the day that was promised
    ended: int
    median_days: int | None  # from the wish to the news, of the told ones

    @property
    def share(self) -> Share:
        """Told in time of all that ended."""
        return Share(self.told, self.ended)


@dataclass(frozen=True)
class WishFunnel:
    """What became of the wishes that were noted in a period."""

    noted: int
    told: int
    fulfilled: int  # fetched


@dataclass(frozen=True)
class Unmet:
    """Something that people asked for and did not get."""

    name: str  # article and size
    count: int
    missed_cents: int | None  # an estimate, None where no price is known


@dataclass(frozen=True)
class TemplateUse:
    replies: int
    from_template: int


@dataclass(frozen=True)
class Measure:
    id: int
    title: str
    figure: str
    staff_id: int | None
    staff_name: str
    begins_on: date
    due_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class Quote:
    """A customer's own words, with what they are: 'complaint', 'praise' or 'rating' (a discontent one)."""

    kind: str
    inquiry_id: int
    customer_name: str
    words: str
    said_at: datetime
    passed_on_at: datetime | None
