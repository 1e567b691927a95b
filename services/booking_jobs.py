"""What happens to bookings while nobody looks: reminders go out once, requests lapse."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import data.bookings
from data.booking_records import Booking, BookingState, Reminder
from data.records import Actor
from services.booking_letters import LetterKind, queue_booking_letter
from services.bookings import REMIND_BEFORE, give_back, require_booking
from services.errors import InvalidInputError, ShopError
from services.shop import Shop

log = logging.getLogger(__name__)

# Before the start: a reminder more than 20 hours late helps nobody and is shown instead.
LATEST = timedelta(hours=4)


def look_after_bookings(shop: Shop) -> None:
    """Remind who comes tomorrow, and let requests lapse that nobody decided."""
    remind_due(shop)
    lapse_due(shop)


def remind_due(shop: Shop) -> int:
    """Queue the reminders that are due; how many. Claim and letter are one transaction: at most one each, ever."""
    now = shop.now()
    due = data.bookings.due_reminders(shop.store, now + LATEST, now + REMIND_BEFORE)
    return _each(shop, due, _remind)


def _each(shop: Shop, bookings: list[Booking], work: Callable[[Shop, int], bool]) -> int:
    """How many of them `work` was done for; one that cannot be done holds up no other."""
    done = 0
    for booking in bookings:
        try:
            done += work(shop, booking.id)
        except ShopError:
            log.exception("booking not looked after: %s", booking.id)
    return done


def _remind(shop: Shop, booking_id: int) -> bool:
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        if booking.state is not BookingState.CONFIRMED or booking.reminder is not Reminder.DUE:
            return False
        message_id = queue_booking_letter(shop, tx, booking, LetterKind.REMINDER)
        if message_id is None:  # no mailbox: as long as nobody was reminded, that is shown
            return False
        data.bookings.change_booking(tx, booking.id, reminder=Reminder.SENT)
        data.bookings.add_event(tx, booking.id, "reminded", shop.now())
    return True


def send_reminder(shop: Shop, actor: Actor, booking_id: int) -> None:
    """A person decides about a reminder that is unsure or was missed: it goes out now.

    Raises InvalidInputError where nobody can be written to or the booking does not stand.
    """
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        message_id = None
        if booking.state is BookingState.CONFIRMED and booking.starts_at > shop.now():
            message_id = queue_booking_letter(shop, tx, booking, LetterKind.REMINDER)
        if message_id is None:
            raise InvalidInputError("An diesen Termin kann Theke nicht erinnern. Bitte rufen Sie an.")
        data.bookings.change_booking(tx, booking.id, reminder=Reminder.SENT)
        data.bookings.add_event(tx, booking.id, "reminded", shop.now(), staff_id=actor.staff_id)


def reminder_missed(booking: Booking, now: datetime) -> bool:
    """Whether a reminder that was due has not gone out, as far as is known, and no longer will by itself."""
    if booking.state is not BookingState.CONFIRMED or booking.starts_at <= now:
        return False
    late = booking.reminder is Reminder.DUE and booking.starts_at < now + LATEST
    return late or booking.reminder is Reminder.UNSURE


def lapse_due(shop: Shop) -> int:
    """Give the time of undecided requests back and say so; how many. Who asked still waits for an answer."""
    lapsed = data.bookings.lapsed_requests(shop.store, shop.now())
    return _each(shop, lapsed, _lapse)


def _lapse(shop: Shop, booking_id: int) -> bool:
    with shop.store.write() as tx:
        booking = require_booking(tx, booking_id)
        if booking.state is not BookingState.REQUESTED or booking.lapses_at is None or booking.lapses_at > shop.now():
            return False
        gone = give_back(shop, tx, booking, BookingState.LAPSED)
        data.bookings.add_event(tx, gone.id, "lapsed", shop.now())
        queue_booking_letter(shop, tx, gone, LetterKind.LAPSED)
    return True
