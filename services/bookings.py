"""Bookings: the one path on which a time is taken, moved and given back, for customers, staff and jobs.

Always in this order, in one transaction under the store's lock: look again with the pure rule, insert, and take the
occupancy cells, whose key would refuse a second booking even if the rule were wrong.
What customers do by themselves stands in `own_bookings`, what the day looks like in `booking_days`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import data.bookings
import data.offerings
from data.booking_records import Booking, BookingState, Offering, Reminder
from data.bookings import CELL
from data.records import Actor
from data.store import DuplicateKeyError, Reader, Transaction
from services.availability import calendar_of, free_start, local_day
from services.booking_letters import LetterKind, queue_booking_letter
from services.booking_talks import book_in_talk, close_with_letter, note_in_talk, say_what
from services.customers import contact_of, find_or_add_customer, require_customer, require_kept
from services.errors import InvalidInputError, TakenError, require
from services.offerings import require_offering
from services.rules.opening_hours import add_business_minutes
from services.rules.slots import Refusal, Start, pick_resources, refusals
from services.settings import holidays_for, mail_account, shop_settings
from services.shop import Shop
from services.typed import check_address, needed_line, short_line

DECIDE_WITHIN = 16 * 60  # business minutes in which the shop answers a request, about two days
HALF_HOUR = 30 * 60  # seconds
REMIND_BEFORE = timedelta(hours=24)
NOTE_LENGTH = 500
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for another when read out
GONE = "Diesen Termin gibt es nicht mehr."
PLANNED = (BookingState.REQUESTED, BookingState.CONFIRMED)
STANDING = (BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.DONE, BookingState.NO_SHOW)


class AgainstRulesError(InvalidInputError):
    """Diese Zeit ist für Kunden nicht buchbar. Sie können den Termin trotzdem eintragen."""

    def __init__(self, broken: frozenset[Refusal]) -> None:
        super().__init__()
        self.refusals = broken


@dataclass(frozen=True)
class Entry:
    """What somebody of the shop books for a customer; `wanted` are resources they would like, `at` aware UTC."""

    offering_id: int
    at: datetime
    who: str
    reach: str
    note: str = ""
    wanted: tuple[int, ...] = ()
    inquiry_id: int | None = None
    customer_id: int | None = None
    form_key: str = ""


@dataclass(frozen=True)
class Guest:
    """Who comes: the customer's card, and the name and addresses given for this booking."""

    customer_id: int
    name: str
    mail: str
    phone: str


@dataclass(frozen=True)
class Order:
    """All that makes a new booking but its time."""

    offering: Offering
    guest: Guest
    state: BookingState
    language: str
    answer: str = ""
    note: str = ""
    actor: Actor | None = None
    inquiry_id: int | None = None
    form_key: str = ""


def require_booking(db: Reader, booking_id: int) -> Booking:
    """The booking; NotFoundError when there is none."""
    return require(data.bookings.read_booking(db, booking_id), GONE)


def place(shop: Shop, tx: Transaction, order: Order, start: Start) -> Booking:
    """Take the time for a new booking, with its conversation and history. Raises TakenError."""
    now, offering = shop.now(), order.offering
    staff_id = order.actor.staff_id if order.actor else None
    subject = f"Termin: {offering.name}"
    inquiry_id = book_in_talk(tx, order.guest.customer_id, subject, order.actor, order.inquiry_id, now)
    values = {
        **_marks(tx),
        **_times(offering, start.at, now, order.guest.mail, order.state),
        "form_key": order.form_key or secrets.token_hex(16),
        "offering_id": offering.id,
        "offering_name": offering.name,
        "customer_id": order.guest.customer_id,
        "customer_name": order.guest.name,
        "mail": order.guest.mail,
        "phone": order.guest.phone,
        "inquiry_id": inquiry_id,
        "state": order.state,
        "price_cents": offering.price_cents,
        "answer": order.answer,
        "note": order.note,
        "language": order.language,
        "staff_id": staff_id,
        "created_at": now,
        "lapses_at": _lapses_at(tx, start.at, now) if order.state is BookingState.REQUESTED else None,
    }
    booking_id = _insert(tx, values, start.resources)
    kind = "requested" if order.state is BookingState.REQUESTED else "booked"
    data.bookings.add_event(tx, booking_id, kind, now, staff_id=staff_id, detail=start.at.isoformat())
    return require_booking(tx, booking_id)


def _insert(tx: Transaction, values: dict[str, object], resources: tuple[int, ...]) -> int:
    try:
        return data.bookings.insert_booking(tx, values, resources)
    except DuplicateKeyError as error:
        raise TakenError from error


def _marks(tx: Transaction) -> dict[str, str]:
    """Number, secret and calendar id: random, so that none of them can be guessed from another."""
    initial = next((sign for sign in shop_settings(tx).name.upper() if sign in _SIGNS), "T")
    number = ""
    while not number or data.bookings.number_is_taken(tx, number):
        number = f"{initial}-{''.join(secrets.choice(_SIGNS) for _ in range(4))}"
    return {"number": number, "secret": secrets.token_urlsafe(16), "uid": f"{secrets.token_hex(16)}@theke"}


def _times(offering: Offering, at: datetime, now: datetime, mail: str, state: BookingState) -> dict[str, object]:
    """The columns that change when a booking moves."""
    remind = bool(mail) and state is BookingState.CONFIRMED and now <= at - REMIND_BEFORE
    return {
        "starts_at": at,
        "ends_at": at + timedelta(minutes=offering.duration),
        "buffer_before": offering.buffer_before,
        "buffer_after": offering.buffer_after,
        "agreed_at": now,
        "reminder": Reminder.DUE if remind else Reminder.NONE,
    }


def _lapses_at(db: Reader, at: datetime, now: datetime) -> datetime:
    """A request lapses after two days of opening time, at a half hour, at the latest when it would begin."""
    settings = shop_settings(db)
    holidays = holidays_for(settings, local_day(now, settings))
    decided = min(add_business_minutes(settings.hours, holidays, now, DECIDE_WITHIN) or at, at)
    half_hour = decided - timedelta(seconds=decided.timestamp() % HALF_HOUR)
    return half_hour if half_hour > now else decided


def shift(shop: Shop, tx: Transaction, booking: Booking, start: Start) -> Booking:
    """Another time, and perhaps other resources, for a booking. Raises TakenError; then nothing has changed."""
    times = _times(as_booked(tx, booking), start.at, shop.now(), booking.mail, booking.state)
    data.bookings.release(tx, booking.id)
    try:
        data.bookings.hold(tx, booking.id, start.resources, times)
    except DuplicateKeyError as error:
        raise TakenError from error
    if start.at != booking.starts_at:  # else only who or what it has is another
        asked = booking.state is BookingState.REQUESTED
        changes = {name: times[name] for name in ("starts_at", "ends_at", "agreed_at", "reminder")}
        changes |= {"lapses_at": _lapses_at(tx, start.at, shop.now())} if asked else {}
        data.bookings.change_booking(tx, booking.id, **changes, sequence=booking.sequence + 1, calendar_answer="")
    return require_booking(tx, booking.id)


def give_back(shop: Shop, tx: Transaction, booking: Booking, state: BookingState) -> Booking:
    """End a booking in `state`; what it held is free again."""
    data.bookings.release(tx, booking.id)
    data.bookings.change_booking(
        tx, booking.id, state=state, sequence=booking.sequence + 1, lapses_at=None, reminder=Reminder.NONE
    )
    return require_booking(tx, booking.id)


# --- what staff do


def check_start(
    shop: Shop,
    actor: Actor,
    offering_id: int,
    at: datetime,
    *,
    wanted: tuple[int, ...] = (),
    moving: int | None = None,
) -> frozenset[Refusal]:
    """Which of the customers' rules a start breaks; raises TakenError when nothing is free then."""
    booking = require_booking(shop.store, moving) if moving else None
    offering = as_booked(shop.store, booking) if booking else require_offering(shop.store, offering_id)
    return _choose(shop.store, offering, at, shop.now(), wanted, booking)[1]


def _choose(
    db: Reader, offering: Offering, at: datetime, now: datetime, wanted: tuple[int, ...], moving: Booking | None
) -> tuple[Start, frozenset[Refusal]]:
    """The resources for a start, the wanted ones first, and which rules it breaks. Raises TakenError."""
    if at.timestamp() % (CELL * 60):
        raise InvalidInputError("Ein Termin beginnt zu einer durch fünf teilbaren Minute.")
    free = None if wanted else free_start(db, offering, at, now, moving=moving)
    if free is not None:
        return free, frozenset()
    day = local_day(at, shop_settings(db))
    calendar = calendar_of(db, offering, day, day, moving=moving)
    resources = pick_resources(offering, calendar, at, wanted)
    if resources is None:
        raise TakenError
    return Start(at, resources), refusals(offering, calendar, now=now, at=at, resources=resources)


def enter_booking(shop: Shop, actor: Actor, entry: Entry, *, despite: bool = False) -> int:
    """Book for a customer who calls, stands here or wrote; the id. The same form key again gives the same booking.

    Raises TakenError, InvalidInputError, and AgainstRulesError for a time that customers could not book unless
    `despite`.
    """
    with shop.store.write() as tx:
        known = data.bookings.find_by_form(tx, entry.form_key) if entry.form_key else None
        if known is not None:
            return known.id
        offering = require_offering(tx, entry.offering_id)
        start = _allowed(tx, offering, entry.at, shop.now(), entry.wanted, None, despite=despite)
        guest = _guest_of(tx, entry, shop.now())
        order = Order(
            offering=offering,
            guest=guest,
            state=BookingState.CONFIRMED,
            language=require_customer(tx, guest.customer_id).language or "de",
            note=short_line(entry.note, NOTE_LENGTH),
            actor=actor,
            inquiry_id=entry.inquiry_id,
            form_key=entry.form_key,
        )
        booking = place(shop, tx, order, start)
        say_what(tx, booking, actor, shop.now(), is_reply=entry.inquiry_id is not None)
        queue_booking_letter(shop, tx, booking, LetterKind.CONFIRMED, actor=actor)
    return booking.id


def _allowed(
    tx: Transaction,
    offering: Offering,
    at: datetime,
    now: datetime,
    wanted: tuple[int, ...],
    moving: Booking | None,
    *,
    despite: bool,
) -> Start:
    start, broken = _choose(tx, offering, at, now, wanted, moving)
    if broken and not despite:
        raise AgainstRulesError(broken)
    return start


def _guest_of(tx: Transaction, entry: Entry, now: datetime) -> Guest:
    name = needed_line(entry.who, "Wer kommt? Der Name fehlt noch.")
    country = shop_settings(tx).country
    kind, address, _ = contact_of(entry.reach, country)
    if entry.reach.strip() and not kind:
        raise InvalidInputError("Das ist weder eine E-Mail-Adresse noch eine Telefonnummer.")
    address = check_address(address).lower() if kind == "mail" else address
    customer_id = entry.customer_id or find_or_add_customer(tx, country, name=name, reach=entry.reach, now=now)
    customer_id = require_kept(tx, customer_id).id
    return Guest(customer_id, name, address if kind == "mail" else "", address if kind == "phone" else "")


def move_booking(
    shop: Shop, actor: Actor, booking_id: int, at: datetime, *, wanted: tuple[int, ...] = (), despite: bool = False
) -> None:
    """Another time for a booking, agreed with the customer; they get a mail. Raises as `enter_booking`."""
    with shop.store.write() as tx:
        booking = _require_planned(tx, booking_id)
        start = _allowed(tx, as_booked(tx, booking), at, shop.now(), wanted, booking, despite=despite)
        moved = shift(shop, tx, booking, start)
        _note_move(tx, booking, moved, actor, shop.now())
        if moved.starts_at != booking.starts_at:
            kind = LetterKind.MOVED if moved.state is BookingState.CONFIRMED else LetterKind.REQUESTED
            by = actor if kind is LetterKind.MOVED else None  # who asked is told again until when we decide
            queue_booking_letter(shop, tx, moved, kind, actor=by, old_start=booking.starts_at)


def _note_move(tx: Transaction, old: Booking, new: Booking, actor: Actor, now: datetime) -> None:
    detail = f"{old.starts_at.isoformat()} {new.starts_at.isoformat()}"
    data.bookings.add_event(tx, new.id, "moved", now, staff_id=actor.staff_id, detail=detail)


def _require_planned(tx: Transaction, booking_id: int) -> Booking:
    booking = require_booking(tx, booking_id)
    if booking.state not in PLANNED:
        raise InvalidInputError("Dieser Termin ist schon vorbei oder abgesagt.")
    return booking


def cancel_booking(shop: Shop, actor: Actor, booking_id: int, reason: str) -> None:
    """Call a booking off; the customer gets a mail with the reason. One that is called off stays as it is."""
    words = short_line(reason, NOTE_LENGTH)
    with shop.store.write() as tx:
        if require_booking(tx, booking_id).state is BookingState.CANCELLED:
            return
        booking = give_back(shop, tx, _require_planned(tx, booking_id), BookingState.CANCELLED)
        data.bookings.add_event(tx, booking.id, "cancelled", shop.now(), staff_id=actor.staff_id, detail=words)
        note_in_talk(tx, booking, actor, f"Termin abgesagt. {words}".strip(), shop.now())
        queue_booking_letter(shop, tx, booking, LetterKind.CANCELLED, actor=actor, reason=words)


def confirm_booking(shop: Shop, actor: Actor, booking_id: int) -> bool:
    """Accept a request; whether a mail tells the customer, else somebody has to call. Twice is once."""
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        if booking.state in STANDING:
            return is_written(tx, booking)
        _require_requested(booking)
        if booking.starts_at <= shop.now():
            raise InvalidInputError("Diese Zeit ist schon vorbei. Bitte vereinbaren Sie eine andere.")
        times = _times(as_booked(tx, booking), booking.starts_at, shop.now(), booking.mail, BookingState.CONFIRMED)
        data.bookings.change_booking(
            tx,
            booking.id,
            state=BookingState.CONFIRMED,
            lapses_at=None,
            agreed_at=shop.now(),
            reminder=times["reminder"],
        )
        data.bookings.add_event(tx, booking.id, "confirmed", shop.now(), staff_id=actor.staff_id)
        return _tell(shop, tx, actor, require_booking(tx, booking_id), LetterKind.ACCEPTED)


def as_booked(db: Reader, booking: Booking) -> Offering:
    """The offering as it was booked: as long, and with the buffers of that day, also if it is offered no more."""
    return replace(
        require(data.offerings.read_offering(db, booking.offering_id), GONE),
        duration=int((booking.ends_at - booking.starts_at).total_seconds()) // 60,
        buffer_before=booking.buffer_before,
        buffer_after=booking.buffer_after,
    )


def _require_requested(booking: Booking) -> None:
    if booking.state is BookingState.LAPSED:
        raise InvalidInputError("Die Zeit für diese Anfrage ist abgelaufen. Bitte tragen Sie den Termin neu ein.")
    if booking.state is not BookingState.REQUESTED:
        raise InvalidInputError("Darüber ist schon entschieden.")


def decline_booking(shop: Shop, actor: Actor, booking_id: int, reason: str) -> bool:
    """Decline a request; whether a mail tells the customer, else somebody has to call. Twice is once."""
    words = short_line(reason, NOTE_LENGTH)
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        if booking.state is BookingState.DECLINED:
            return is_written(tx, booking)
        _require_requested(booking)
        declined = give_back(shop, tx, booking, BookingState.DECLINED)
        data.bookings.add_event(tx, booking.id, "declined", shop.now(), staff_id=actor.staff_id, detail=words)
        return _tell(shop, tx, actor, declined, LetterKind.DECLINED, words)


def is_written(db: Reader, booking: Booking) -> bool:
    """Whether mails about it go out: somebody gave an address, and there is a mailbox."""
    return bool(booking.mail) and mail_account(db) is not None


def _tell(shop: Shop, tx: Transaction, actor: Actor, booking: Booking, kind: LetterKind, reason: str = "") -> bool:
    """Answer a request by mail; the conversation ends with that answer when it leaves."""
    message_id = queue_booking_letter(shop, tx, booking, kind, actor=actor, reason=reason)
    if message_id is not None:
        close_with_letter(tx, booking, actor, message_id, shop.now())
    return message_id is not None


def mark_booking(shop: Shop, actor: Actor, booking_id: int, state: BookingState) -> None:
    """What became of it: ARRIVED, DONE, NO_SHOW, or back to CONFIRMED. Raises InvalidInputError for all others."""
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        if booking.state not in STANDING or state not in STANDING:
            raise InvalidInputError("Dieser Termin steht nicht im Kalender.")
        if booking.state is not state:
            data.bookings.change_booking(tx, booking.id, state=state)
            kind = "reopened" if state is BookingState.CONFIRMED else state.value
            data.bookings.add_event(tx, booking.id, kind, shop.now(), staff_id=actor.staff_id)
