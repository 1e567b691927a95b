"""What customers do by themselves: book, and by the secret link see, move and call off."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import data.bookings
import data.customers
import data.offerings
from data.booking_records import Booking, BookingState, Offering, Reminder
from data.store import Reader, Transaction
from services.availability import free_start, nearest_starts
from services.booking_letters import LetterKind, queue_booking_letter
from services.booking_talks import note_by_customer, say_what, spoken_time, withdraw
from services.bookings import (
    NOTE_LENGTH,
    PLANNED,
    REMIND_BEFORE,
    Guest,
    Order,
    as_booked,
    give_back,
    place,
    require_booking,
    shift,
)
from services.customers import contact_of, find_or_add_customer, require_customer
from services.errors import InvalidInputError, NotFoundError, TakenError, require
from services.public_forms import FormFields, mail_line
from services.rules.own_changes import change_deadline_of, is_movable
from services.settings import shop_settings
from services.shop import Shop
from services.typed import needed_line, phone_line, short_line

DEAD_LINK = "Dieser Link gilt nicht mehr. Bitte rufen Sie uns an."
OFTEN = "Das haben Sie schon ein paarmal geändert. Bitte rufen Sie uns an."
MOST_MOVES, MOST_ADDRESSES = 5, 2  # by the customer alone; then a person helps
NO_NAME = "Wie heißen Sie? Ihr Name fehlt noch."
TOO_LATE = "Dafür ist es zu spät. Bitte rufen Sie uns an."
_SECRET = re.compile(r"[\w-]{22}", re.ASCII)


class LostRaceError(TakenError):
    """Diese Zeit wurde gerade vergeben. Bitte wählen Sie eine andere."""

    def __init__(self, nearest: tuple[datetime, ...]) -> None:
        super().__init__()
        self.nearest = nearest


@dataclass(frozen=True)
class BookingForm:
    """What a customer typed; one of mail and phone is enough. `at` is aware UTC."""

    offering_id: int
    at: datetime
    name: str
    mail: str
    phone: str
    answer: str
    form_key: str
    language: str
    note: str = ""


def online_offering(db: Reader, offering_id: int) -> Offering:
    """The offering if customers may book it; NotFoundError otherwise."""
    found = data.offerings.read_offering(db, offering_id)
    if found is None or not (found.active and found.online):
        raise NotFoundError("Das lässt sich hier nicht mehr buchen.")
    return found


def book_online(shop: Shop, form: BookingForm) -> Booking:
    """Book, or ask for, a time. The same form again gives the same booking.

    Raises NotFoundError, InvalidFieldsError, and LostRaceError when the time is not, or no longer, free.
    """
    with shop.store.write() as tx:
        known = data.bookings.find_by_form(tx, form.form_key)
        if known is not None:
            return known
        offering = online_offering(tx, form.offering_id)
        checked = _check(form, offering)
        start = free_start(tx, offering, form.at, shop.now())
        if start is None:
            raise LostRaceError(nearest_starts(tx, offering, form.at, shop.now()))
        order = Order(
            offering=offering,
            guest=_guest(tx, checked, shop.now()),
            state=BookingState.CONFIRMED if offering.instant else BookingState.REQUESTED,
            language=form.language,
            answer=_answered(offering, checked.answer),
            note=checked.note,
            form_key=form.form_key,
        )
        booking = place(shop, tx, order, start)
        say_what(tx, booking, None, shop.now())
        kind = LetterKind.CONFIRMED if offering.instant else LetterKind.REQUESTED
        queue_booking_letter(shop, tx, booking, kind)
    return booking


def _check(form: BookingForm, offering: Offering) -> BookingForm:
    """The form with its fields made harmless; raises InvalidFieldsError with a sentence for each wrong one."""
    fields = FormFields()
    checked = BookingForm(
        offering_id=form.offering_id,
        at=form.at,
        name=fields.take("name", lambda: needed_line(form.name, NO_NAME), ""),
        mail=fields.take("mail", lambda: mail_line(form.mail), ""),
        phone=fields.take("phone", lambda: phone_line(form.phone), ""),
        answer=fields.take("answer", lambda: _answer(form.answer, offering), ""),
        form_key=form.form_key,
        language=form.language,
        note=fields.take("note", lambda: short_line(form.note, NOTE_LENGTH), ""),
    )
    fields.need_reach(checked.mail, checked.phone)
    fields.refuse_wrong()
    return checked


def _answer(text: str, offering: Offering) -> str:
    line = short_line(text, NOTE_LENGTH)
    choices = [choice.strip() for choice in offering.choices.splitlines() if choice.strip()]
    if offering.question and choices and line not in choices:
        raise InvalidInputError("Bitte wählen Sie eine der Antworten.")
    return line if offering.question else ""


def _answered(offering: Offering, answer: str) -> str:
    return f"{offering.question} {answer}".strip() if answer else ""


def _guest(tx: Transaction, form: BookingForm, now: datetime) -> Guest:
    """The customer's card. What a stranger types changes no card that is known already."""
    country = shop_settings(tx).country
    before = data.customers.find_by_contact(tx, "mail", form.mail) if form.mail else []
    customer_id = find_or_add_customer(tx, country, name=form.name, reach=form.mail or form.phone, now=now)
    if require_customer(tx, customer_id).created_at == now:
        data.customers.change_customer(tx, customer_id, {"language": form.language})
    kind, address, shown = contact_of(form.phone, country)
    if form.mail and kind == "phone" and not before:
        data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)
    return Guest(customer_id, form.name, form.mail, address or form.phone)


def booking_of_secret(db: Reader, secret: str) -> Booking:
    """The booking behind a link; NotFoundError with one sentence for every other text."""
    found = data.bookings.find_by_secret(db, secret) if _SECRET.fullmatch(secret) else None
    return require(found, DEAD_LINK)


def change_deadline(db: Reader, booking: Booking) -> datetime:
    """Until when the customer may move or call off the booking alone, aware UTC."""
    return change_deadline_of(booking, data.offerings.read_offering(db, booking.offering_id))


def may_change(db: Reader, booking: Booking, now: datetime) -> bool:
    """Whether the customer may still call the booking off by themselves."""
    return booking.state in PLANNED and now <= change_deadline(db, booking)


def may_move(db: Reader, booking: Booking, now: datetime) -> bool:
    """Whether they may also move it: a time that a person agreed to is moved by a person."""
    offering = data.offerings.read_offering(db, booking.offering_id)
    return is_movable(booking, offering) and may_change(db, booking, now)


def _require_few(db: Reader, booking: Booking, kind: str, most: int) -> None:
    """Each of these sends a mail, and anybody with the link may ask for it."""
    if data.bookings.count_by_customer(db, booking.id, kind) >= most:
        raise InvalidInputError(OFTEN)


def move_by_customer(shop: Shop, secret: str, at: datetime) -> Booking:
    """Another time, chosen by the customer; moving to the time it has changes nothing.

    Raises NotFoundError, InvalidInputError when it is too late, LostRaceError when the time is not free.
    """
    with shop.store.write() as tx:
        booking = booking_of_secret(tx, secret)
        if not may_move(tx, booking, shop.now()):
            raise InvalidInputError(TOO_LATE)
        if booking.starts_at == at:
            return booking
        _require_few(tx, booking, "moved", MOST_MOVES)
        offering = as_booked(tx, booking)
        start = free_start(tx, offering, at, shop.now(), moving=booking)
        if start is None:
            raise LostRaceError(nearest_starts(tx, offering, at, shop.now(), moving=booking))
        moved = shift(shop, tx, booking, start)
        detail = f"{booking.starts_at.isoformat()} {at.isoformat()}"
        data.bookings.add_event(tx, moved.id, "moved", shop.now(), detail=detail)
        note_by_customer(tx, moved, f"Verschoben auf {spoken_time(tx, at)}", shop.now())
        kind = LetterKind.MOVED if moved.state is BookingState.CONFIRMED else LetterKind.REQUESTED
        queue_booking_letter(shop, tx, moved, kind, old_start=booking.starts_at)
    return moved


def cancel_by_customer(shop: Shop, secret: str, reason: str) -> Booking:
    """Call the booking off; one that is called off stays so. Raises NotFoundError, InvalidInputError when too late."""
    words = short_line(reason, NOTE_LENGTH)
    with shop.store.write() as tx:
        booking = booking_of_secret(tx, secret)
        if booking.state is BookingState.CANCELLED:
            return booking
        if not may_change(tx, booking, shop.now()):
            raise InvalidInputError(TOO_LATE)
        stood = booking.state is BookingState.CONFIRMED
        gone = give_back(shop, tx, booking, BookingState.CANCELLED)
        data.bookings.add_event(tx, gone.id, "cancelled", shop.now(), detail=words)
        note_by_customer(tx, gone, f"Selbst abgesagt: {spoken_time(tx, gone.starts_at)}\n{words}".strip(), shop.now())
        if stood:
            queue_booking_letter(shop, tx, gone, LetterKind.CANCELLED, reason=words)
        else:
            withdraw(tx, gone, shop.now())
    return gone


def correct_address(shop: Shop, secret: str, mail: str) -> Booking:
    """Another mail address in place of a wrong one; the confirmation goes out again, to there, with another secret.

    Whoever got the mail at the wrong address holds a link that leads nowhere now. Raises NotFoundError,
    InvalidInputError.
    """
    address = mail_line(mail)
    if not address:
        raise InvalidInputError("Schreiben Sie uns Ihre E-Mail-Adresse.")
    with shop.store.write() as tx:
        booking = booking_of_secret(tx, secret)
        if not booking.mail or not may_change(tx, booking, shop.now()):
            raise InvalidInputError(TOO_LATE)
        if booking.mail == address:
            return booking
        _require_few(tx, booking, "address", MOST_ADDRESSES)
        remind = booking.state is BookingState.CONFIRMED and shop.now() <= booking.starts_at - REMIND_BEFORE
        data.bookings.change_booking(
            tx,
            booking.id,
            mail=address,
            secret=secrets.token_urlsafe(16),
            reminder=Reminder.DUE if remind else booking.reminder,
        )
        data.bookings.add_event(tx, booking.id, "address", shop.now())
        changed = require_booking(tx, booking.id)
        stands = booking.state is BookingState.CONFIRMED
        queue_booking_letter(shop, tx, changed, LetterKind.CONFIRMED if stands else LetterKind.REQUESTED)
    return changed
