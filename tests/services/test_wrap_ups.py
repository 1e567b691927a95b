"""What people note of an inquiry when it ends: kept answer by answer, taken back, and never lost by a merge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import data.wrap_ups
from data.booking_records import BookingState
from data.records import Actor, Channel, CloseReason, StaffRole
from data.report_records import Avoidable, Intent, Share
from data.wrap_ups import Instead, WrapUp
from services.booking_days import open_booking
from services.bookings import mark_booking
from services.closing import close_inquiry, dismiss_inquiry, merge_inquiries
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import require_inquiry
from services.noting import Outcome, log_call, note_contact
from services.promises import keep_promise, list_promises, promise_callback, try_promise, withdraw_promise
from services.reasons import drop_reason, list_reasons, seed_reasons
from services.replies import send_reply
from services.reports import show_report
from services.rules.periods import Comparison, Period
from services.shop import Shop
from services.wishes import NewWish, note_wish
from services.wrap_ups import (
    MOST_COST,
    describe_complaint,
    lacks_offer,
    mark_complaint,
    mark_praise,
    note_avoidable,
    note_deal,
    note_kept,
    note_offered,
    note_otherwise,
    note_reason,
    pass_on_praise,
    read_complaint,
    read_noted,
    read_wrap_up,
    solve_complaint,
    unmark_complaint,
    unmark_praise,
)
from tests.bookable import at, book, open_garage
from tests.builders import FrozenClock, connect, hire, letter, only_inquiry, receive


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def amir(shop: Shop) -> Actor:
    return hire(shop, "Amir Haddad")


@pytest.fixture
def garage(shop: Shop) -> Shop:
    connect(shop)
    with shop.store.write() as tx:
        seed_reasons(tx, "kfz")
    return shop


@pytest.fixture
def inquiry(garage: Shop) -> int:
    receive(garage, letter())
    return only_inquiry(garage).id


def another(shop: Shop, actor: Actor) -> int:
    """One more open inquiry of the same customer."""
    return contact(shop, actor, Outcome.MESSAGE)


def contact(shop: Shop, actor: Actor, outcome: Outcome) -> int:
    """A walk-in that somebody notes."""
    return note_contact(
        shop, actor, who="Maria Hofer", need="Reifen?", reach="", channel=Channel.VISIT, outcome=outcome
    )


def reason(shop: Shop, name: str) -> int:
    return next(one.id for one in list_reasons(shop.store) if one.name == name)


def test_each_answer_is_kept_by_itself_and_by_anybody(garage: Shop, amir: Actor, inquiry: int) -> None:
    assert read_wrap_up(garage, amir, inquiry) == WrapUp(None, "", None)
    status = reason(garage, "Wo ist mein Auto?")
    note_reason(garage, amir, inquiry, status)
    note_avoidable(garage, amir, inquiry, Avoidable.STATUS_ASKED)
    note_kept(garage, amir, inquiry, False)
    assert read_wrap_up(garage, amir, inquiry) == WrapUp(status, "status_asked", False)


def test_each_answer_is_changed_and_taken_back(garage: Shop, sandra: Actor, inquiry: int) -> None:
    price = reason(garage, "Was kostet das?")
    for chosen in (reason(garage, "Wo ist mein Auto?"), price):
        note_reason(garage, sandra, inquiry, chosen)
    note_avoidable(garage, sandra, inquiry, Avoidable.NO)
    note_avoidable(garage, sandra, inquiry, None)
    note_kept(garage, sandra, inquiry, True)
    note_kept(garage, sandra, inquiry, None)
    assert read_wrap_up(garage, sandra, inquiry) == WrapUp(price, "", None)
    note_reason(garage, sandra, inquiry, None)
    assert read_wrap_up(garage, sandra, inquiry) == WrapUp()


def test_a_reason_that_was_taken_off_cannot_be_chosen_but_stays_where_it_was(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    gone = reason(garage, "Habt ihr offen?")
    note_reason(garage, sandra, inquiry, gone)
    drop_reason(garage, sandra, gone)
    assert read_wrap_up(garage, sandra, inquiry).reason_id == gone
    for nothing in (gone, 999_999):
        with pytest.raises(NotFoundError, match="Grund"):
            note_reason(garage, sandra, inquiry, nothing)


def test_a_complaints_reason_marks_the_complaint(garage: Shop, sandra: Actor, inquiry: int) -> None:
    note_reason(garage, sandra, inquiry, reason(garage, "Beschwerde"))
    assert read_complaint(garage, sandra, inquiry) is not None


def test_a_slip_of_the_finger_leaves_no_complaint_but_a_described_one_stays(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    for other in (reason(garage, "Was kostet das?"), None):
        note_reason(garage, sandra, inquiry, reason(garage, "Beschwerde"))
        note_reason(garage, sandra, inquiry, other)
        assert read_complaint(garage, sandra, inquiry) is None
    note_reason(garage, sandra, inquiry, reason(garage, "Beschwerde"))
    describe_complaint(garage, sandra, inquiry, cause="Kratzer", cost_cents=0, solution="", lost=None)
    note_reason(garage, sandra, inquiry, None)
    assert read_complaint(garage, sandra, inquiry) is not None


def test_a_complaint_is_noted_once_described_and_solved(
    garage: Shop, sandra: Actor, inquiry: int, clock: FrozenClock
) -> None:
    noted_at = garage.now()
    mark_complaint(garage, sandra, inquiry)
    clock.forward(hours=2)
    mark_complaint(garage, sandra, inquiry)
    describe_complaint(
        garage, sandra, inquiry, cause=" Kratzer\nam Kotflügel", cost_cents=12_050, solution="lackiert", lost=False
    )
    solve_complaint(garage, sandra, inquiry, True)
    solved_at = garage.now()
    clock.forward(hours=2)
    solve_complaint(garage, sandra, inquiry, True)
    kept = read_complaint(garage, sandra, inquiry)
    assert kept is not None
    assert (kept.noted_at, kept.solved_at) == (noted_at, solved_at)
    assert (kept.cause, kept.cost_cents, kept.solution, kept.lost) == (
        "Kratzer am Kotflügel",
        12_050,
        "lackiert",
        False,
    )
    solve_complaint(garage, sandra, inquiry, False)
    kept = read_complaint(garage, sandra, inquiry)
    assert kept is not None
    assert (kept.solved_at, kept.cost_cents) == (None, 12_050)


def test_what_was_no_complaint_goes_with_all_that_was_described(garage: Shop, sandra: Actor, inquiry: int) -> None:
    describe_complaint(garage, sandra, inquiry, cause="Kratzer", cost_cents=0, solution="", lost=None)
    unmark_complaint(garage, sandra, inquiry)
    unmark_complaint(garage, sandra, inquiry)
    assert read_complaint(garage, sandra, inquiry) is None
    with pytest.raises(NotFoundError, match="nicht als Beschwerde"):
        solve_complaint(garage, sandra, inquiry, True)
    mark_complaint(garage, sandra, inquiry)
    kept = read_complaint(garage, sandra, inquiry)
    assert kept is not None
    assert kept.cause == ""


@pytest.mark.parametrize("more", [{"cost_cents": -1}, {"cost_cents": MOST_COST + 1}, {"cause": "x" * 201}])
def test_a_description_that_cannot_be_is_refused(
    garage: Shop, sandra: Actor, inquiry: int, more: dict[str, object]
) -> None:
    usual = {"cause": "", "cost_cents": 0, "solution": "", "lost": None}
    with pytest.raises(InvalidInputError):
        describe_complaint(garage, sandra, inquiry, **{**usual, **more})  # type: ignore[arg-type]
    assert read_complaint(garage, sandra, inquiry) is None


def test_praise_is_passed_on_once(garage: Shop, amir: Actor, inquiry: int, clock: FrozenClock) -> None:
    mark_praise(garage, amir, inquiry)
    noted_at, passed_on_at = garage.now(), clock.forward(hours=1)
    pass_on_praise(garage, amir, inquiry)
    clock.forward(hours=1)
    mark_praise(garage, amir, inquiry)
    pass_on_praise(garage, amir, inquiry)
    praise = read_noted(garage, amir, inquiry).praise
    assert praise is not None
    assert (praise.noted_at, praise.passed_on_at) == (noted_at, passed_on_at)
    unmark_praise(garage, amir, inquiry)
    assert read_noted(garage, amir, inquiry).praise is None


WRITES: list[Callable[[Shop, Actor, int], None]] = [
    lambda shop, actor, ident: note_reason(shop, actor, ident, None),
    lambda shop, actor, ident: note_avoidable(shop, actor, ident, Avoidable.NO),
    lambda shop, actor, ident: note_kept(shop, actor, ident, True),
    mark_complaint,
    unmark_complaint,
    lambda shop, actor, ident: describe_complaint(shop, actor, ident, cause="", cost_cents=0, solution="", lost=None),
    lambda shop, actor, ident: solve_complaint(shop, actor, ident, True),
    mark_praise,
    unmark_praise,
    pass_on_praise,
]


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_noted_of_what_is_no_inquiry(
    garage: Shop, sandra: Actor, inquiry: int, write: Callable[[Shop, Actor, int], None]
) -> None:
    dismiss_inquiry(garage, sandra, inquiry, always=False)
    for nothing in (inquiry, 999_999):
        with pytest.raises(NotFoundError, match="Anfrage"):
            write(garage, sandra, nothing)


def test_after_a_merge_what_was_noted_is_the_others_and_goes_on_there(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    into, status = another(garage, sandra), reason(garage, "Wo ist mein Auto?")
    note_reason(garage, sandra, inquiry, status)
    describe_complaint(garage, sandra, inquiry, cause="Kratzer", cost_cents=100, solution="", lost=None)
    pass_on_praise(garage, sandra, inquiry)
    merge_inquiries(garage, sandra, into, inquiry)
    noted = read_noted(garage, sandra, inquiry)
    assert (noted.inquiry_id, noted.wrap_up.reason_id) == (into, status)
    assert noted.complaint is not None
    assert (noted.complaint.inquiry_id, noted.complaint.cause) == (into, "Kratzer")
    assert noted.praise is not None
    note_avoidable(garage, sandra, inquiry, Avoidable.OUR_ERROR)
    assert read_wrap_up(garage, sandra, into) == WrapUp(status, "our_error", None)
    for table in ("wrap_up", "complaint", "praise"):
        assert garage.store.read(f"SELECT inquiry_id FROM {table}") == [(into,)]


def test_what_the_other_one_has_of_its_own_stays(garage: Shop, sandra: Actor, inquiry: int) -> None:
    into, price = another(garage, sandra), reason(garage, "Was kostet das?")
    note_reason(garage, sandra, inquiry, reason(garage, "Wo ist mein Auto?"))
    note_avoidable(garage, sandra, inquiry, Avoidable.ASKED_TWICE)
    note_reason(garage, sandra, into, price)
    note_kept(garage, sandra, into, False)
    describe_complaint(garage, sandra, inquiry, cause="Kratzer", cost_cents=100, solution="", lost=None)
    describe_complaint(garage, sandra, into, cause="Delle", cost_cents=200, solution="", lost=True)
    merge_inquiries(garage, sandra, into, inquiry)
    assert read_wrap_up(garage, sandra, into) == WrapUp(price, "asked_twice", False)
    kept = read_complaint(garage, sandra, into)
    assert kept is not None
    assert (kept.cause, kept.cost_cents, kept.lost) == ("Delle", 200, True)


def test_a_complaint_that_was_merely_marked_takes_over_what_the_other_one_knows(
    garage: Shop, sandra: Actor, inquiry: int, clock: FrozenClock
) -> None:
    into, noted_at = another(garage, sandra), garage.now()
    describe_complaint(garage, sandra, inquiry, cause="Kratzer", cost_cents=20_000, solution="poliert", lost=False)
    pass_on_praise(garage, sandra, inquiry)
    clock.forward(hours=1)
    mark_complaint(garage, sandra, into)
    mark_praise(garage, sandra, into)
    merge_inquiries(garage, sandra, into, inquiry)
    kept, praise = read_complaint(garage, sandra, into), read_noted(garage, sandra, into).praise
    assert kept is not None
    assert (kept.noted_at, kept.cause, kept.cost_cents, kept.solution) == (noted_at, "Kratzer", 20_000, "poliert")
    assert praise is not None
    assert praise.passed_on_at == noted_at


def test_whether_a_promise_was_kept_is_asked_once_something_was_delivered(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH)
    assert not read_noted(garage, sandra, inquiry).delivered
    settled = contact(garage, sandra, Outcome.SETTLED)
    assert read_noted(garage, sandra, settled).delivered
    garage.clock.forward(hours=1)  # type: ignore[attr-defined]
    called = another(garage, sandra)
    log_call(garage, sandra, called, reached=True)
    assert not read_noted(garage, sandra, called).delivered
    close_inquiry(garage, sandra, called, CloseReason.ANSWERED)
    assert read_noted(garage, sandra, called).delivered


def test_a_booking_that_is_done_was_delivered(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    open_garage(shop)
    booking = book(shop, at(24, 9))
    assert not read_noted(shop, sandra, booking.inquiry_id).delivered
    clock.now = at(24, 10)
    mark_booking(shop, sandra, booking.id, BookingState.DONE)
    assert open_booking(shop, sandra, booking.id).booking.state is BookingState.DONE
    assert read_noted(shop, sandra, booking.inquiry_id).delivered
    note_kept(shop, sandra, booking.inquiry_id, False)
    day = at(23, 0).date()
    report = show_report(shop, sandra, Period("", day, day), Comparison.PREVIOUS)
    assert report.now.promises_kept == Share(0, 1), "what is asked counts"


@pytest.mark.parametrize("template_id", [None, 4711])
def test_a_reply_remembers_the_template_it_began_with(
    garage: Shop, sandra: Actor, inquiry: int, template_id: int | None
) -> None:
    version = require_inquiry(garage.store, inquiry).version
    send_reply(garage, sandra, inquiry, body="Ja.", seen_version=version, form_key="k", template_id=template_id)
    assert garage.store.read("SELECT template_id FROM outbox") == [(template_id,)]


@pytest.fixture
def promise(garage: Shop, sandra: Actor) -> int:
    due, how = garage.now() + timedelta(hours=3), {"channel": Channel.CALL, "outcome": Outcome.WE_CALL}
    reach = "0512 555 873"
    note_contact(garage, sandra, who="Hr. Novak", need="Rückruf", reach=reach, promise_at=due, **how)  # type: ignore[arg-type]
    return int(garage.store.read("SELECT id FROM promise")[0][0])


def first_try(shop: Shop) -> object:
    return shop.store.read("SELECT first_try_at FROM promise")[0][0]


def test_the_first_try_of_a_promised_call_is_remembered(
    garage: Shop, sandra: Actor, promise: int, clock: FrozenClock
) -> None:
    assert first_try(garage) is None
    tried_at = clock.forward(hours=1)
    try_promise(garage, sandra, promise)
    clock.forward(hours=1)
    try_promise(garage, sandra, promise)
    clock.forward(hours=1)
    keep_promise(garage, sandra, promise)
    assert first_try(garage) == tried_at


def test_a_call_that_reached_at_once_is_the_first_try(
    garage: Shop, sandra: Actor, promise: int, clock: FrozenClock
) -> None:
    kept_at = clock.forward(hours=1)
    keep_promise(garage, sandra, promise)
    assert first_try(garage) == kept_at


def test_a_promise_that_was_withdrawn_was_never_tried(garage: Shop, sandra: Actor, promise: int) -> None:
    inquiry_id = int(garage.store.read("SELECT inquiry_id FROM promise")[0][0])
    close_inquiry(garage, sandra, inquiry_id, CloseReason.DEALT_WITH)
    assert first_try(garage) is None


def test_what_came_otherwise_is_told_apart_and_counts_as_not_kept(garage: Shop, sandra: Actor, inquiry: int) -> None:
    note_otherwise(garage, sandra, inquiry)
    note_deal(garage, sandra, inquiry, wished="Winterreifen", delivered="Ganzjahresreifen")
    assert read_wrap_up(garage, sandra, inquiry) == WrapUp(
        promise_kept=False, otherwise=True, wished="Winterreifen", delivered="Ganzjahresreifen"
    )
    note_kept(garage, sandra, inquiry, True)
    known = read_wrap_up(garage, sandra, inquiry)
    assert (known.promise_kept, known.otherwise, known.delivered) == (True, False, "Ganzjahresreifen")


def test_what_was_agreed_goes_along_with_a_merge_and_never_over_what_is_there(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    other = another(garage, sandra)
    note_otherwise(garage, sandra, other)
    note_deal(garage, sandra, other, wished="Reifen", promised="bis Freitag")
    note_deal(garage, sandra, inquiry, wished="Felgen")
    merge_inquiries(garage, sandra, inquiry, other)
    known = read_wrap_up(garage, sandra, inquiry)
    assert (known.wished, known.promised, known.promise_kept, known.otherwise) == ("Felgen", "bis Freitag", False, True)


def test_an_answer_that_is_there_keeps_its_own_otherwise(garage: Shop, sandra: Actor, inquiry: int) -> None:
    other = another(garage, sandra)
    note_otherwise(garage, sandra, other)
    note_kept(garage, sandra, inquiry, False)
    merge_inquiries(garage, sandra, inquiry, other)
    assert not read_wrap_up(garage, sandra, inquiry).otherwise


def test_the_first_words_are_proposed_and_kept_by_nobody(garage: Shop, sandra: Actor, inquiry: int) -> None:
    noted = read_noted(garage, sandra, inquiry)
    assert noted.first_words == "Guten Tag, wann ist mein Golf fertig?"
    assert noted.wrap_up.wished == ""


def test_words_of_a_deal_are_one_short_line(garage: Shop, sandra: Actor, inquiry: int) -> None:
    with pytest.raises(InvalidInputError):
        note_deal(garage, sandra, inquiry, wished="x" * 201)
    with pytest.raises(TypeError):
        note_deal(garage, sandra, inquiry, offered="nichts")


def test_who_wanted_to_know_whether_something_is_there_was_offered_something(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    available = insert_availability(garage)
    close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH)
    assert not read_noted(garage, sandra, inquiry).unmet
    note_reason(garage, sandra, inquiry, available)
    assert read_noted(garage, sandra, inquiry).unmet
    note_offered(garage, sandra, inquiry, Instead.OTHER_SHOP)
    assert read_wrap_up(garage, sandra, inquiry).offered == "other_shop"
    note_offered(garage, sandra, inquiry, None)
    assert read_wrap_up(garage, sandra, inquiry).offered == ""


def test_nobody_who_asked_whether_something_is_there_goes_with_empty_hands(
    garage: Shop, sandra: Actor, inquiry: int
) -> None:
    note_reason(garage, sandra, inquiry, insert_availability(garage))
    with pytest.raises(InvalidInputError, match="stattdessen angeboten"):
        close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH)
    assert only_inquiry(garage).state == "open"
    close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH, offered=Instead.ORDERED)
    assert (only_inquiry(garage).state, read_wrap_up(garage, sandra, inquiry).offered) == ("closed", "ordered")


def test_a_wish_is_a_next_step_too(garage: Shop, sandra: Actor, inquiry: int) -> None:
    note_reason(garage, sandra, inquiry, insert_availability(garage))
    assert lacks_offer(garage.store, inquiry)
    until = (garage.now() + timedelta(days=14)).date()
    note_wish(garage, sandra, NewWish("Felgen", until, inquiry_id=inquiry))
    assert not lacks_offer(garage.store, inquiry)
    close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH)
    assert only_inquiry(garage).state == "closed"


def test_a_promised_call_is_a_next_step_too(garage: Shop, sandra: Actor, inquiry: int) -> None:
    note_reason(garage, sandra, inquiry, insert_availability(garage))
    due = garage.now() + timedelta(hours=2)
    promise_callback(garage, sandra, inquiry, staff_id=0, phone="0664 1234567", due_at=due)
    assert read_wrap_up(garage, sandra, inquiry).offered == Instead.CALLBACK
    keep_promise(garage, sandra, list_promises(garage, sandra)[0].id)
    close_inquiry(garage, sandra, inquiry, CloseReason.DEALT_WITH)
    assert only_inquiry(garage).state == "closed"


def test_a_promised_call_takes_the_place_of_no_other_offer(garage: Shop, sandra: Actor, inquiry: int) -> None:
    due = garage.now() + timedelta(hours=2)
    promise_callback(garage, sandra, inquiry, staff_id=0, phone="0664 1234567", due_at=due)
    assert read_wrap_up(garage, sandra, inquiry).offered == ""  # nobody asked whether something is there
    note_reason(garage, sandra, inquiry, insert_availability(garage))
    note_offered(garage, sandra, inquiry, Instead.ORDERED)
    promise_callback(garage, sandra, inquiry, staff_id=0, phone="0664 1234567", due_at=due)
    assert read_wrap_up(garage, sandra, inquiry).offered == Instead.ORDERED


def insert_availability(shop: Shop) -> int:
    with shop.store.write() as tx:
        return data.wrap_ups.insert_reason(tx, name="Haben Sie das?", intent=Intent.AVAILABILITY, minutes=3)


def test_a_promised_call_that_is_taken_back_was_none(garage: Shop, sandra: Actor, inquiry: int) -> None:
    note_reason(garage, sandra, inquiry, insert_availability(garage))
    due = garage.now() + timedelta(hours=2)
    for _ in range(2):
        promise_callback(garage, sandra, inquiry, staff_id=0, phone="0664 1234567", due_at=due)
    first, second = list_promises(garage, sandra)
    withdraw_promise(garage, sandra, first.id, "doppelt")
    assert not lacks_offer(garage.store, inquiry)
    withdraw_promise(garage, sandra, second.id, "will nicht angerufen werden")
    assert lacks_offer(garage.store, inquiry)
