"""What customers do by themselves: book, and by their link see, move and call off."""

from __future__ import annotations

from datetime import timedelta

import pytest

import data.bookings
import data.customers
import data.inquiries
from data.booking_records import BookingState, Reminder
from data.records import Actor
from services.availability import free_day, free_days
from services.bookings import cancel_booking, confirm_booking, mark_booking
from services.errors import InvalidInputError, NotFoundError
from services.own_bookings import (
    MOST_ADDRESSES,
    MOST_MOVES,
    LostRaceError,
    book_online,
    booking_of_secret,
    cancel_by_customer,
    change_deadline,
    correct_address,
    may_change,
    may_move,
    move_by_customer,
)
from services.public_forms import InvalidFieldsError
from services.sending import send_due
from services.shop import Shop
from tests.bookable import AMIR, TYRES, VALUATION, at, book, form, offer, offering, open_reachable_garage
from tests.builders import FakeMailer, FrozenClock, Furnish


@pytest.fixture
def furniture() -> Furnish:
    return open_reachable_garage


def sent(shop: Shop) -> list[str]:
    """Subjects of what has left."""
    send_due(shop)
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    return [mail.subject for mail in mailer.sent]


def test_only_days_with_room_are_offered(garage: Shop) -> None:
    days = free_days(garage, offering(garage), limit=6)
    assert [day.day.day for day in days.days] == [23, 24, 25, 26, 27, 30]  # no weekend
    assert days.more
    assert days.days[0].starts[0].at == at(23, 13)  # an hour's notice from 10:42, and the job must end before lunch


def test_later_days_go_on_behind_the_last_one(garage: Shop) -> None:
    first = free_days(garage, offering(garage), limit=3)
    later = free_days(garage, offering(garage), after=first.days[-1].day, limit=3)
    assert [day.day.day for day in later.days] == [26, 27, 30]


def test_nothing_is_offered_behind_the_horizon(garage: Shop) -> None:
    offer(garage, 30, "Kurzfristig", ((AMIR,),), horizon_days=2)
    assert [day.day.day for day in free_days(garage, offering(garage, 30)).days] == [23, 24, 25]


def test_a_daily_limit_closes_the_day(garage: Shop) -> None:
    offer(garage, 31, "Gutachten", ((AMIR,),), daily_limit=1)
    book(garage, at(25, 9), ident=31)
    assert free_day(garage, offering(garage, 31), at(25, 0).date()).starts == ()
    with pytest.raises(LostRaceError):
        book(garage, at(25, 14), ident=31)


def test_a_form_sent_twice_books_once(garage: Shop) -> None:
    assert book(garage, at(25, 9), "form").id == book(garage, at(25, 9), "form").id
    assert len(garage.store.read("SELECT id FROM booking")) == 1


def test_a_lost_race_names_the_three_nearest_free_starts(garage: Shop) -> None:
    book(garage, at(25, 9), "one")
    book(garage, at(25, 9), "two")
    with pytest.raises(LostRaceError) as lost:
        book(garage, at(25, 9), "three")
    assert lost.value.nearest == (at(25, 8), at(25, 10), at(25, 10, 30))


@pytest.mark.parametrize(("when"), [at(22, 9), at(23, 9), at(25, 3), at(25, 9, 1), at(25, 9, year=2030)])
def test_a_time_that_was_never_offered_is_not_booked(garage: Shop, when: object) -> None:
    with pytest.raises(LostRaceError):
        book_online(garage, form(when, "key"))  # type: ignore[arg-type]
    assert garage.store.read("SELECT id FROM booking") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"mail": "maria.huber@example"}, "mail"),
        ({"mail": "", "phone": ""}, "mail"),
        ({"mail": "", "phone": "anrufen"}, "phone"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_each_wrong_field_gets_its_sentence(garage: Shop, typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        book(garage, at(25, 9), **typed)
    assert list(refused.value.errors) == [field]
    assert garage.store.read("SELECT id FROM customer") == []


def test_a_question_with_choices_takes_one_of_them(garage: Shop) -> None:
    choices = "Ich bringe sie mit\nSie lagern bei Ihnen"
    offer(garage, 32, "Räder", ((AMIR,),), question="Wo sind Ihre Räder?", choices=choices)
    with pytest.raises(InvalidFieldsError):
        book(garage, at(25, 9), ident=32, answer="im Keller")
    assert "bringe sie mit" in book(garage, at(25, 9), ident=32, answer="Ich bringe sie mit").answer


@pytest.mark.parametrize("gone", [999, 33])
def test_what_is_not_offered_online_is_not_booked(garage: Shop, gone: int) -> None:
    offer(garage, 33, "Nur am Telefon", ((AMIR,),), online=False)
    with pytest.raises(NotFoundError):
        book(garage, at(25, 9), ident=gone)


@pytest.mark.parametrize("secret", ["", "x", "a" * 22, "ä" * 22, "../../etc/passwd", "' OR 1=1 --"])
def test_a_wrong_link_gets_one_sentence(garage: Shop, secret: str) -> None:
    with pytest.raises(NotFoundError):
        booking_of_secret(garage.store, secret)


def test_the_confirmation_leaves_once_and_to_the_address_that_was_typed(garage: Shop) -> None:
    book(garage, at(25, 9))
    assert len(sent(garage)) == 1
    mailer = garage.mailer
    assert isinstance(mailer, FakeMailer)
    assert mailer.sent[0].recipient == "maria.huber@example.org"
    assert mailer.sent[0].automatic
    assert mailer.sent[0].calendar is not None
    assert mailer.sent[0].calendar.method == "REQUEST"


def test_a_confirmation_that_did_not_leave_never_follows_the_cancellation(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    cancel_by_customer(garage, booking.secret, "")
    assert len(sent(garage)) == 1
    assert "bgesagt" in sent(garage)[0]


def test_a_stranger_with_a_known_number_learns_no_address(garage: Shop) -> None:
    book(garage, at(25, 9), "one", phone="0664 555 01 27")
    other = book(garage, at(26, 9), "two", mail="", phone="0664 555 01 27")
    assert other.mail == ""
    assert len(sent(garage)) == 1


def test_a_stranger_adds_no_number_to_a_known_card(garage: Shop) -> None:
    one = book(garage, at(25, 9), "one")
    book(garage, at(26, 9), "two", phone="0664 666 66 66", name="Somebody Else")
    contacts = data.customers.list_contacts(garage.store, one.customer_id)
    assert [contact.kind for contact in contacts] == ["mail"]
    known = data.customers.read_customer(garage.store, one.customer_id)
    assert known is not None
    assert known.name == "Maria Huber"


def test_customers_move_until_the_deadline(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    assert change_deadline(garage.store, booking) == at(25, 7)
    moved = move_by_customer(garage, booking.secret, at(25, 9, 30))  # half of it is its own old time
    assert (moved.starts_at, moved.sequence, moved.uid) == (at(25, 9, 30), 1, booking.uid)
    clock.now = at(25, 7, 31)
    assert not may_change(garage.store, moved, garage.now())
    with pytest.raises(InvalidInputError):
        move_by_customer(garage, booking.secret, at(26, 9))
    with pytest.raises(InvalidInputError):
        cancel_by_customer(garage, booking.secret, "")


def test_moving_to_a_taken_time_changes_nothing(garage: Shop) -> None:
    booking = book(garage, at(25, 9), "one")
    book(garage, at(26, 9), "two")
    book(garage, at(26, 9), "three")
    with pytest.raises(LostRaceError) as lost:
        move_by_customer(garage, booking.secret, at(26, 9))
    assert len(lost.value.nearest) == 3
    assert booking_of_secret(garage.store, booking.secret) == booking


def test_what_a_person_confirmed_is_not_moved_without_one(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9), ident=VALUATION)
    assert may_move(garage.store, booking, garage.now())
    confirm_booking(garage, sandra, booking.id)
    confirmed = booking_of_secret(garage.store, booking.secret)
    assert may_change(garage.store, confirmed, garage.now())
    assert not may_move(garage.store, confirmed, garage.now())


def test_customers_call_off_once_and_the_time_is_free(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    sent(garage)
    for _ in range(2):
        gone = cancel_by_customer(garage, booking.secret, "Grippe")
    assert gone.state is BookingState.CANCELLED
    assert data.bookings.occupied_cells(garage.store) == set()
    sent(garage)
    mailer = garage.mailer
    assert isinstance(mailer, FakeMailer)
    parts = [mail.calendar for mail in mailer.sent if mail.calendar]
    assert [part.method for part in parts] == ["REQUEST", "CANCEL"]


def test_what_is_over_is_not_called_off(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9))
    mark_booking(garage, sandra, booking.id, BookingState.DONE)
    with pytest.raises(InvalidInputError):
        cancel_by_customer(garage, booking.secret, "")


def test_a_corrected_address_gets_the_confirmation_and_a_new_link(garage: Shop) -> None:
    booking = book(garage, at(25, 9), mail="maria.hubre@example.org")
    changed = correct_address(garage, booking.secret, "Maria.Huber@example.org")
    assert (changed.mail, changed.reminder) == ("maria.huber@example.org", Reminder.DUE)
    assert len(sent(garage)) == 1  # the one to the wrong address had not left
    with pytest.raises(NotFoundError):
        booking_of_secret(garage.store, booking.secret)
    with pytest.raises(InvalidInputError):
        correct_address(garage, changed.secret, "maria@")


def test_nobody_sends_mails_round_the_world_with_one_booking(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    for number in range(MOST_ADDRESSES):
        booking = correct_address(garage, booking.secret, f"victim.{number}@example.org")
    with pytest.raises(InvalidInputError):
        correct_address(garage, booking.secret, "one.more@example.org")
    for number in range(MOST_MOVES):
        booking = move_by_customer(garage, booking.secret, at(26 + number % 2, 9))
    with pytest.raises(InvalidInputError):
        move_by_customer(garage, booking.secret, at(25, 14))


def test_who_gave_a_number_only_is_never_written_to(garage: Shop) -> None:
    booking = book(garage, at(25, 9), mail="", phone="0664 555 01 27")
    with pytest.raises(InvalidInputError):
        correct_address(garage, booking.secret, "stranger@example.org")


def test_who_takes_a_request_back_waits_no_longer(garage: Shop) -> None:
    booking = book(garage, at(25, 9), ident=VALUATION)
    cancel_by_customer(garage, booking.secret, "")
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert inquiry.waiting_since is None


def test_a_moved_request_lapses_before_its_new_time(garage: Shop) -> None:
    booking = book(garage, at(30, 9), ident=VALUATION)
    moved = move_by_customer(garage, booking.secret, at(24, 9))
    assert moved.lapses_at == at(24, 9)


def test_a_cancelled_link_still_shows_what_was(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9))
    cancel_booking(garage, sandra, booking.id, "")
    shown = booking_of_secret(garage.store, booking.secret)
    assert (shown.state, shown.resources) == (BookingState.CANCELLED, booking.resources)
    assert shown.starts_at + timedelta(hours=1) == shown.ends_at
    assert not may_move(garage.store, shown, garage.now())
    assert shown.offering_id == TYRES
