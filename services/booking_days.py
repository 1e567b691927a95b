"""The day and the week as the counter sees them, one booking with its story, and what days off would hit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import data.bookings
import data.customers
import data.inquiries
import data.offerings
from data.booking_records import Block, Booking, BookingEvent, BookingState, Offering, Resource
from data.records import Actor, CustomerContact
from data.store import Reader
from services.availability import day_start, local_day
from services.bookings import require_booking
from services.inquiries import InquiryLine, line_of
from services.rules.opening_hours import open_intervals
from services.settings import holidays_for, shop_settings
from services.shop import Shop

_DAY = timedelta(days=1)
_GONE = (BookingState.CANCELLED,)


@dataclass(frozen=True)
class Request:
    """A booking that waits for a decision, with the wait of its conversation (None when nobody waits any more)."""

    booking: Booking
    line: InquiryLine | None


@dataclass(frozen=True)
class BoardDay:
    """One local day: what is open, who and what there is, what is booked, blocked and asked for. Times aware UTC."""

    day: date
    resources: list[Resource]
    bookings: list[Booking]
    gone: list[Booking]  # called off, by whomever
    blocks: list[Block]
    open: list[tuple[datetime, datetime]]
    requests: list[Request]
    problems: dict[int, str]  # by conversation: what is wrong with the newest mail


@dataclass(frozen=True)
class BookingCard:
    """A booking with everything around it."""

    booking: Booking
    offering: Offering | None  # as it is now; None when it was taken off
    resources: list[Resource]
    contacts: list[CustomerContact]
    events: list[BookingEvent]
    mail_problem: str


def show_day(shop: Shop, actor: Actor, day: date) -> BoardDay:
    """The board of one day; requests are all that are open, whatever their day."""
    return _board(shop.store, day, day, requests(shop, actor))[0]


def show_week(shop: Shop, actor: Actor, day: date) -> list[BoardDay]:
    """The seven days from Monday of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return _board(shop.store, monday, monday + timedelta(days=6), requests(shop, actor))


def requests(shop: Shop, actor: Actor) -> list[Request]:
    """Bookings that wait for a decision, the oldest first."""
    found = data.bookings.list_requests(shop.store)
    rows = {booking.inquiry_id: data.inquiries.read_row(shop.store, booking.inquiry_id) for booking in found}
    lines = {ident: line_of(shop, row) for ident, row in rows.items() if row is not None}
    return [Request(booking, lines.get(booking.inquiry_id)) for booking in found]


def _board(db: Reader, first: date, last: date, asked: list[Request]) -> list[BoardDay]:
    settings = shop_settings(db)
    start, end = day_start(first, settings), day_start(last + _DAY, settings)
    bookings = data.bookings.list_between(db, start, end)
    gone = data.bookings.list_between(db, start, end, _GONE)
    blocks = data.offerings.list_blocks(db, start, end)
    resources = data.offerings.list_resources(db)
    opened = open_intervals(settings.hours, holidays_for(settings, first), first, last)
    problems = data.bookings.mail_problems(db, {booking.inquiry_id for booking in (*bookings, *gone)})

    def board(day: date) -> BoardDay:
        begin, over = day_start(day, settings), day_start(day + _DAY, settings)
        return BoardDay(
            day=day,
            resources=resources,
            bookings=[one for one in bookings if one.starts_at < over and one.ends_at > begin],
            gone=[one for one in gone if begin <= one.starts_at < over],
            blocks=[one for one in blocks if one.starts_at < over and one.ends_at > begin],
            open=[(max(a, begin), min(b, over)) for a, b in opened if a < over and b > begin],
            requests=asked,
            problems=problems,
        )

    return [board(first + timedelta(days=number)) for number in range((last - first).days + 1)]


def open_booking(shop: Shop, actor: Actor, booking_id: int) -> BookingCard:
    """Everything about one booking; NotFoundError."""
    booking = require_booking(shop.store, booking_id)
    resources = {resource.id: resource for resource in data.offerings.list_all_resources(shop.store)}
    return BookingCard(
        booking=booking,
        offering=data.offerings.read_offering(shop.store, booking.offering_id),
        resources=[resources[ident] for ident in booking.resources if ident in resources],
        contacts=data.customers.list_contacts(shop.store, booking.customer_id),
        events=data.bookings.list_events(shop.store, booking.id),
        mail_problem=data.bookings.mail_problems(shop.store, [booking.inquiry_id]).get(booking.inquiry_id, ""),
    )


def bookings_hit(shop: Shop, first: date, last: date) -> list[Booking]:
    """Bookings to come that begin on these local days, the earliest first: whom a day off would hit."""
    settings = shop_settings(shop.store)
    start = max(day_start(first, settings), shop.now())
    found = data.bookings.list_between(shop.store, start, day_start(last + _DAY, settings))
    planned = (BookingState.REQUESTED, BookingState.CONFIRMED)
    return [one for one in found if one.state in planned and local_day(one.starts_at, settings) >= first]
