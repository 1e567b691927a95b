"""Booking by staff and by customers goes one path: what is taken is taken, whatever else may be overruled."""

from __future__ import annotations

import pytest

import data.bookings
import data.inquiries
import data.offerings
from data.booking_records import HOLDING, Booking, BookingState, Reminder
from data.records import Actor, InquiryState, StaffRole
from data.store import Reader
from services.booking_days import bookings_hit, open_booking, show_day, show_week
from services.bookings import (
    AgainstRulesError,
    cancel_booking,
    check_start,
    confirm_booking,
    decline_booking,
    enter_booking,
    mark_booking,
    move_booking,
    require_booking,
)
from services.closing import merge_inquiries
from services.errors import InvalidInputError, NotFoundError, TakenError
from services.offerings import add_block
from services.replies import begin_letter
from services.rules.slots import Refusal
from services.sending import send_due
from services.shop import Shop
from tests.bookable import (
    AMIR,
    INSPECTION,
    LIFT_1,
    LIFT_2,
    LUKAS,
    TYRES,
    VALUATION,
    at,
    book,
    entry,
    offer,
    open_reachable_garage,
)
from tests.builders import FrozenClock, Furnish, hire, letter, only_inquiry, receive

WEDNESDAY = 25  # the clock stands on Monday, 23 November 2026, 10:42 in Vienna


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def furniture() -> Furnish:
    return open_reachable_garage


@pytest.fixture
def garage(shop: Shop, sandra: Actor) -> Shop:
    return shop


def held(shop: Shop) -> set[tuple[int, int, int]]:
    """What the bookings of a shop that hold something should occupy, computed from them alone."""
    return held_in(shop.store)


def held_in(db: Reader) -> set[tuple[int, int, int]]:
    """The same of a store."""
    cells: set[tuple[int, int, int]] = set()
    ids = [row[0] for row in db.read("SELECT id FROM booking")]
    for booking in (require_booking(db, ident) for ident in ids):
        if booking.state in HOLDING:
            first = int(booking.starts_at.timestamp()) // 60 - booking.buffer_before
            last = int(booking.ends_at.timestamp()) // 60 + booking.buffer_after
            cells |= {(r, m // 5, booking.id) for r in booking.resources for m in range(first, last)}
    return cells


def state_of(shop: Shop, booking: Booking) -> BookingState:
    return require_booking(shop.store, booking.id).state


def wait_of(shop: Shop, booking: Booking) -> object:
    inquiry = data.inquiries.read_inquiry(shop.store, booking.inquiry_id)
    return inquiry and inquiry.waiting_since


def test_a_booking_takes_a_mechanic_and_a_lift(garage: Shop) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    assert booking.state is BookingState.CONFIRMED
    assert booking.resources == (AMIR, LIFT_1)
    assert data.bookings.occupied_cells(garage.store) == held(garage) != set()


def test_the_second_one_takes_what_is_left_and_the_third_finds_nothing(garage: Shop, sandra: Actor) -> None:
    book(garage, at(WEDNESDAY, 9), "one")
    assert book(garage, at(WEDNESDAY, 9), "two").resources == (LUKAS, LIFT_2)
    with pytest.raises(TakenError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 9)))


def test_staff_may_overrule_notice_horizon_and_hours_but_no_lift(garage: Shop, sandra: Actor) -> None:
    soon, late, evening = at(23, 11, 0), at(20, 9, month=3, year=2027), at(WEDNESDAY, 18)
    wanted = {soon: Refusal.NOTICE, late: Refusal.HORIZON, evening: Refusal.HOURS}
    for moment, refusal in wanted.items():
        with pytest.raises(AgainstRulesError) as refused:
            enter_booking(garage, sandra, entry(moment))
        assert refusal in refused.value.refusals
        assert enter_booking(garage, sandra, entry(moment), despite=True)
    enter_booking(garage, sandra, entry(evening), despite=True)
    for lift in (LIFT_1, LIFT_2):
        with pytest.raises(TakenError):
            enter_booking(garage, sandra, entry(evening, wanted=(lift,)), despite=True)
    assert data.bookings.occupied_cells(garage.store) == held(garage)


def test_a_lift_that_is_blocked_takes_nobody(garage: Shop, sandra: Actor) -> None:
    for lift in (LIFT_1, LIFT_2):
        add_block(garage, sandra, lift, at(WEDNESDAY, 8), at(WEDNESDAY, 12), "TÜV der Bühne")
    with pytest.raises(TakenError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 9)), despite=True)
    assert enter_booking(garage, sandra, entry(at(WEDNESDAY, 13)))


def test_the_buffers_of_both_bookings_add_up(garage: Shop, sandra: Actor) -> None:
    offer(garage, 20, "Politur", ((AMIR,), (LIFT_1,)), buffer_before=20, step=5)
    book(garage, at(WEDNESDAY, 9), ident=INSPECTION)  # until 10:00, and a quarter of an hour after that
    with pytest.raises(TakenError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 10, 30), 20), despite=True)
    assert enter_booking(garage, sandra, entry(at(WEDNESDAY, 10, 35), 20))


def test_what_is_wanted_is_taken_if_it_is_free(garage: Shop, sandra: Actor) -> None:
    booking = require_booking(garage.store, enter_booking(garage, sandra, entry(at(WEDNESDAY, 9), wanted=(LIFT_2,))))
    assert LIFT_2 in booking.resources


def test_moving_frees_the_old_time_and_keeps_the_event(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    move_booking(garage, sandra, booking.id, at(WEDNESDAY, 9, 30))
    moved = require_booking(garage.store, booking.id)
    assert (moved.starts_at, moved.uid, moved.sequence) == (at(WEDNESDAY, 9, 30), booking.uid, booking.sequence + 1)
    assert moved.secret == booking.secret
    assert data.bookings.occupied_cells(garage.store) == held(garage)


def test_a_move_that_fails_changes_nothing(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9), "one")
    for key in ("two", "three"):
        book(garage, at(WEDNESDAY, 14), key)
    before = data.bookings.occupied_cells(garage.store)
    with pytest.raises(TakenError):
        move_booking(garage, sandra, booking.id, at(WEDNESDAY, 14), despite=True)
    assert require_booking(garage.store, booking.id) == booking
    assert data.bookings.occupied_cells(garage.store) == before


def test_cancelling_gives_the_time_back_once(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    for _ in range(2):
        cancel_booking(garage, sandra, booking.id, "Bühne defekt")
    assert state_of(garage, booking) is BookingState.CANCELLED
    assert data.bookings.occupied_cells(garage.store) == set()
    assert [event.kind for event in data.bookings.list_events(garage.store, booking.id)] == ["booked", "cancelled"]


def test_a_request_blocks_its_time_and_waits_like_any_inquiry(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION)
    assert booking.state is BookingState.REQUESTED
    assert wait_of(garage, booking) == clock.now
    assert data.bookings.occupied_cells(garage.store) == held(garage) != set()


def test_confirming_a_request_answers_it_when_the_mail_has_left(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION)
    assert confirm_booking(garage, sandra, booking.id)
    assert confirm_booking(garage, sandra, booking.id)
    assert wait_of(garage, booking) is not None
    send_due(garage)
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert (inquiry.waiting_since, inquiry.state) == (None, InquiryState.CLOSED)
    assert inquiry.first_response_at is not None


def test_a_request_without_mail_waits_until_somebody_calls(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION, mail="", phone="0664 555 01 27")
    assert not confirm_booking(garage, sandra, booking.id)
    send_due(garage)
    assert wait_of(garage, booking) is not None
    assert state_of(garage, booking) is BookingState.CONFIRMED


def test_declining_frees_the_time_and_no_one_confirms_it_after_that(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION)
    assert decline_booking(garage, sandra, booking.id, "Wir sind voll.")
    assert data.bookings.occupied_cells(garage.store) == set()
    with pytest.raises(InvalidInputError):
        confirm_booking(garage, sandra, booking.id)


def test_an_instant_booking_leaves_nobody_waiting(garage: Shop) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert (inquiry.state, inquiry.close_reason, inquiry.first_response_at) == (InquiryState.CLOSED, "booked", None)


def test_who_answers_the_confirmation_waits_in_the_same_conversation(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    send_due(garage)
    mail_id = garage.store.read("SELECT mail_id FROM outbox")[0][0]
    clock.forward(minutes=5)
    answer = letter("Geht auch 10 Uhr?", sender="Maria Huber <maria.huber@example.org>", In_Reply_To=mail_id)
    receive(garage, answer)
    assert wait_of(garage, booking) == clock.now


def test_a_booking_out_of_an_inquiry_answers_it_without_retyping(garage: Shop, sandra: Actor) -> None:
    receive(garage, letter())
    inquiry = only_inquiry(garage)
    wish = entry(at(WEDNESDAY, 9), who="Maria Hofer", reach="maria.hofer@example.org", inquiry_id=inquiry.id)
    booking = require_booking(garage.store, enter_booking(garage, sandra, wish))
    assert (booking.inquiry_id, booking.customer_id) == (inquiry.id, inquiry.customer_id)
    assert only_inquiry(garage).waiting_since is not None
    send_due(garage)
    assert only_inquiry(garage).waiting_since is None


def test_the_same_form_of_the_counter_books_once(garage: Shop, sandra: Actor) -> None:
    one = enter_booking(garage, sandra, entry(at(WEDNESDAY, 9), form_key="tap"))
    assert enter_booking(garage, sandra, entry(at(WEDNESDAY, 9), form_key="tap")) == one


def test_what_became_of_it_can_be_taken_back(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    for state in (BookingState.ARRIVED, BookingState.DONE, BookingState.NO_SHOW, BookingState.CONFIRMED):
        mark_booking(garage, sandra, booking.id, state)
        assert state_of(garage, booking) is state
    with pytest.raises(InvalidInputError):
        mark_booking(garage, sandra, booking.id, BookingState.CANCELLED)


@pytest.mark.parametrize(("who", "reach"), [("", "0512 555 873"), ("Novak", "ruf mich an")])
def test_bad_input_at_the_counter_gets_a_sentence(garage: Shop, sandra: Actor, who: str, reach: str) -> None:
    with pytest.raises(InvalidInputError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 9), who=who, reach=reach))
    with pytest.raises(InvalidInputError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 9, 3)))
    with pytest.raises(NotFoundError):
        enter_booking(garage, sandra, entry(at(WEDNESDAY, 9), 999))


def test_the_check_says_which_rule_a_time_breaks(garage: Shop, sandra: Actor) -> None:
    assert check_start(garage, sandra, TYRES, at(WEDNESDAY, 9)) == frozenset()
    assert check_start(garage, sandra, TYRES, at(WEDNESDAY, 12)) == {Refusal.HOURS, Refusal.GRID}


def test_only_a_booking_agreed_a_day_before_is_reminded_of(garage: Shop) -> None:
    assert book(garage, at(24, 13), "near").reminder is Reminder.DUE
    assert book(garage, at(24, 10), "too near").reminder is Reminder.NONE
    assert book(garage, at(24, 14), "no mail", mail="", phone="0664 555 01 27").reminder is Reminder.NONE


def test_the_board_shows_the_day_and_the_week(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    request = book(garage, at(26, 9), ident=VALUATION)
    gone = book(garage, at(WEDNESDAY, 14))
    cancel_booking(garage, sandra, gone.id, "")
    board = show_day(garage, sandra, at(WEDNESDAY, 0).date())
    assert [one.id for one in board.bookings] == [booking.id]
    assert [one.id for one in board.gone] == [gone.id]
    assert [one.booking.id for one in board.requests] == [request.id]
    assert board.open == [(at(25, 8), at(25, 12)), (at(25, 13), at(25, 17))]
    week = show_week(garage, sandra, at(WEDNESDAY, 0).date())
    assert [len(day.bookings) for day in week] == [0, 0, 1, 1, 0, 0, 0]


def test_one_booking_is_shown_with_its_story(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    mark_booking(garage, sandra, booking.id, BookingState.ARRIVED)
    card = open_booking(garage, sandra, booking.id)
    assert [resource.name for resource in card.resources] == ["Amir", "Bühne 1"]
    assert [(event.kind, event.staff_name) for event in card.events] == [("booked", ""), ("arrived", "Sandra Kofler")]


def test_a_closing_day_names_the_bookings_it_hits(garage: Shop) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    book(garage, at(26, 9))
    assert [one.id for one in bookings_hit(garage, at(25, 0).date(), at(25, 0).date())] == [booking.id]


def test_merging_takes_the_booking_along(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION)
    other = begin_letter(garage, sandra, name="Maria Huber", address="maria.huber@example.org")
    merge_inquiries(garage, sandra, other, booking.inquiry_id)
    assert require_booking(garage.store, booking.id).inquiry_id == other


def test_what_is_offered_no_more_can_still_be_moved_and_keeps_its_length(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    with garage.store.write() as tx:
        data.offerings.change_offering(tx, TYRES, {"active": False, "duration": 30})
    move_booking(garage, sandra, booking.id, at(26, 9))
    moved = require_booking(garage.store, booking.id)
    assert (moved.starts_at, moved.ends_at) == (at(26, 9), at(26, 10))


def test_a_second_question_keeps_a_confirmed_request_open(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    booking = book(garage, at(WEDNESDAY, 9), ident=VALUATION)
    send_due(garage)
    mail_id = garage.store.read("SELECT mail_id FROM outbox")[0][0]
    clock.forward(minutes=5)
    receive(garage, letter("Und die Bremsen?", sender="Maria Huber <maria.huber@example.org>", In_Reply_To=mail_id))
    clock.forward(minutes=5)
    confirm_booking(garage, sandra, booking.id)
    send_due(garage)
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert inquiry.state is InquiryState.OPEN


def test_nobody_is_written_to_about_a_visit_that_is_over(garage: Shop, sandra: Actor) -> None:
    enter_booking(garage, sandra, entry(at(20, 9), reach="maria.huber@example.org"), despite=True)
    assert send_due(garage) == 0


def test_only_another_lift_is_no_new_agreement(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(WEDNESDAY, 9))
    move_booking(garage, sandra, booking.id, at(WEDNESDAY, 9), wanted=(LUKAS, LIFT_2))
    moved = require_booking(garage.store, booking.id)
    assert (moved.resources, moved.sequence, moved.agreed_at) == ((LUKAS, LIFT_2), 0, booking.agreed_at)
    assert data.bookings.occupied_cells(garage.store) == held(garage)
