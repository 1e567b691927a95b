"""Reminders go out once, requests lapse, a calendar's answer is a hint: nothing of it moves a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

import data.bookings
import data.inquiries
from data.booking_records import Booking, BookingState, Reminder
from data.records import Actor
from services.booking_jobs import LATEST, look_after_bookings, reminder_missed, send_reminder
from services.bookings import cancel_booking, confirm_booking, move_booking, require_booking
from services.closing import dismiss_inquiry
from services.errors import InvalidInputError
from services.sending import send_due
from services.shop import Shop
from tests.bookable import VALUATION, at, book, open_reachable_garage
from tests.builders import FakeMailer, FrozenClock, Furnish, letter, receive


@pytest.fixture
def furniture() -> Furnish:
    return open_reachable_garage


def mails(shop: Shop) -> int:
    send_due(shop)
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    return len(mailer.sent)


def reminder_of(shop: Shop, booking: Booking) -> Reminder:
    return require_booking(shop.store, booking.id).reminder


def test_a_reminder_goes_out_once_a_day_before(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    clock.now = at(24, 8, 59)
    look_after_bookings(garage)
    assert mails(garage) == 1  # the confirmation
    clock.now = at(24, 9, 1)
    for _ in range(3):
        look_after_bookings(garage)
    assert mails(garage) == 2
    assert reminder_of(garage, booking) is Reminder.SENT


def test_a_reminder_late_by_less_than_twenty_hours_still_goes(garage: Shop, clock: FrozenClock) -> None:
    book(garage, at(25, 14))
    clock.now = at(25, 14) - LATEST
    look_after_bookings(garage)
    assert mails(garage) == 2


def test_a_later_one_is_shown_instead(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 14))
    clock.now = at(25, 14) - LATEST + timedelta(minutes=1)
    look_after_bookings(garage)
    assert mails(garage) == 1
    assert reminder_missed(require_booking(garage.store, booking.id), garage.now())


def test_a_moved_booking_is_reminded_of_at_its_new_time(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    clock.now = at(24, 9, 30)
    look_after_bookings(garage)
    move_booking(garage, sandra, booking.id, at(26, 14))
    assert reminder_of(garage, booking) is Reminder.DUE
    clock.now = at(25, 14, 1)
    look_after_bookings(garage)
    assert reminder_of(garage, booking) is Reminder.SENT


def test_nobody_is_reminded_of_what_was_called_off(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    cancel_booking(garage, sandra, booking.id, "")
    before = mails(garage)
    clock.now = at(24, 9, 1)
    look_after_bookings(garage)
    assert mails(garage) == before


def test_after_a_restore_a_person_decides_about_what_was_due(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    near, far = book(garage, at(25, 9)), book(garage, at(27, 9))
    request = book(garage, at(26, 9), ident=VALUATION)
    clock.now = at(24, 8)
    with garage.store.write() as tx:
        data.bookings.settle_restored(tx, clock.now)
    look_after_bookings(garage)
    assert (reminder_of(garage, near), reminder_of(garage, far)) == (Reminder.UNSURE, Reminder.UNSURE)
    assert require_booking(garage.store, request.id).state is BookingState.REQUESTED
    send_reminder(garage, sandra, near.id)
    assert reminder_of(garage, near) is Reminder.SENT


def test_a_reminder_by_hand_needs_an_address(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9), mail="", phone="0664 555 01 27")
    with pytest.raises(InvalidInputError):
        send_reminder(garage, sandra, booking.id)


def test_a_request_lapses_with_a_mail_and_who_asked_still_waits(garage: Shop, clock: FrozenClock) -> None:
    asked = clock.now
    booking = book(garage, at(30, 9), ident=VALUATION)
    assert mails(garage) == 1
    assert booking.lapses_at == at(25, 10, 30)  # 16 hours of opening time, to the half hour
    clock.now = at(25, 10, 30)
    for _ in range(2):
        look_after_bookings(garage)
    lapsed = require_booking(garage.store, booking.id)
    assert lapsed.state is BookingState.LAPSED
    assert data.bookings.occupied_cells(garage.store) == set()
    assert mails(garage) == 2  # received, lapsed
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert inquiry.waiting_since == asked


def test_a_request_lapses_at_the_latest_when_it_would_begin(garage: Shop) -> None:
    assert book(garage, at(24, 9), ident=VALUATION).lapses_at == at(24, 9)


def test_what_was_confirmed_does_not_lapse(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    booking = book(garage, at(30, 9), ident=VALUATION)
    confirm_booking(garage, sandra, booking.id)
    clock.now = at(27, 9)
    look_after_bookings(garage)
    assert require_booking(garage.store, booking.id).state is BookingState.CONFIRMED


def test_a_calendar_that_declines_is_a_hint_and_starts_no_wait(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    clock.forward(hours=1)
    receive(garage, calendar_reply(booking.uid, "DECLINED"))
    told = require_booking(garage.store, booking.id)
    assert (told.calendar_answer, told.state) == ("declined", BookingState.CONFIRMED)
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert inquiry.waiting_since is None
    assert len(garage.store.read("SELECT id FROM inquiry")) == 1


def test_a_calendar_answer_for_an_unknown_event_stays_a_machines_mail(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    receive(garage, calendar_reply("somebody-elses@event", "DECLINED"))
    assert require_booking(garage.store, booking.id).calendar_answer == ""


def calendar_reply(uid: str, answer: str) -> bytes:
    """What Google sends when somebody taps «Nein»."""
    event = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261123T100000Z\r\n"
        f"ATTENDEE;PARTSTAT={answer}:mailto:maria.huber@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    head = letter("Maria hat abgesagt.", sender="Maria Huber <maria.huber@example.org>", subject="Abgesagt: Termin")
    top = head.decode().partition("\n\n")[0]
    top = "\n".join(line for line in top.splitlines() if not line.startswith(("Content-", "MIME-")))
    parts = (
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=C\n\n--C\nContent-Type: text/plain\n\n"
        "Maria hat abgesagt.\n--C\nContent-Type: text/calendar; charset=utf-8; method=REPLY\n\n"
    )
    return f"{top}\n{parts}{event}\n--C--\n".encode()


def test_a_booking_that_was_no_customers_holds_nothing_up(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    spam, request = book(garage, at(25, 9), "spam"), book(garage, at(26, 9), ident=VALUATION, name="Spam")
    other = book(garage, at(25, 9, 30), "other", mail="elif@example.org")
    for inquiry_id in (spam.inquiry_id, request.inquiry_id):
        dismiss_inquiry(garage, sandra, inquiry_id, always=False)
    assert require_booking(garage.store, request.id).state is BookingState.DECLINED
    clock.now = at(24, 9, 31)
    look_after_bookings(garage)
    assert reminder_of(garage, other) is Reminder.SENT
    cancel_booking(garage, sandra, spam.id, "")
    assert require_booking(garage.store, spam.id).state is BookingState.CANCELLED
    assert {booking for _, _, booking in data.bookings.occupied_cells(garage.store)} == {other.id}
