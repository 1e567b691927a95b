"""Figures of bookings against numbers reckoned by hand: two mechanics, two lifts, open 8–12 and 13–17 o'clock."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data.booking_records import BookingState
from data.records import Actor, Channel, StaffRole
from data.report_records import Figure, FunnelStep, Share, Visits
from services.bookings import Entry, cancel_booking, enter_booking, mark_booking, require_booking
from services.closing import dismiss_inquiry
from services.noting import Outcome, note_contact
from services.offerings import add_block
from services.own_bookings import book_online
from services.reasons import list_reasons, seed_reasons
from services.reports import Report, list_cases, show_report
from services.rules.periods import OWN, Comparison, Period
from services.shop import Shop
from services.wrap_ups import note_reason
from tests.bookable import AMIR, INSPECTION, TYRES, at, form, open_garage
from tests.builders import FrozenClock, connect, hire, letter, receive

WEEK = Period(OWN, date(2026, 11, 16), date(2026, 11, 22))


@pytest.fixture
def sandra(shop: Shop, clock: FrozenClock) -> Actor:
    clock.now = at(9, 8)
    connect(shop)
    open_garage(shop)
    with shop.store.write() as tx:
        seed_reasons(tx, "kfz")
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def visit(shop: Shop, actor: Actor, when: datetime, who: str = "Maria Huber", offering: int = TYRES) -> int:
    """A booking that somebody of the shop enters; its id."""
    entry = Entry(offering_id=offering, at=when, who=who, reach=f"{who.split()[0].lower()}@example.org")
    return enter_booking(shop, actor, entry, despite=True)


def ends(shop: Shop, clock: FrozenClock, actor: Actor, booking: int, when: datetime, how: BookingState) -> None:
    clock.now = when
    mark_booking(shop, actor, booking, how)


def report_at(shop: Shop, clock: FrozenClock, actor: Actor, now: datetime) -> Report:
    clock.now = now
    return show_report(shop, actor, WEEK, Comparison.PREVIOUS)


def test_who_came_who_did_not_and_who_called_off_at_the_last_moment(
    shop: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    came, missed, late, early = (visit(shop, sandra, at(17, hour), f"Anna {hour}") for hour in (8, 9, 10, 11))
    cancel_booking(shop, sandra, early, "krank")
    clock.now = at(16, 12)  # 22 hours before
    cancel_booking(shop, sandra, late, "keine Zeit")
    ends(shop, clock, sandra, came, at(17, 9), BookingState.DONE)
    ends(shop, clock, sandra, missed, at(17, 10), BookingState.NO_SHOW)
    report = report_at(shop, clock, sandra, at(23, 8))
    assert report.now.visits == Visits(done=1, no_show=1, cancelled_late=1)
    assert [(one.month, one.done) for one in report.visit_months] == [(date(2026, 11, 1), 1)]
    assert report.now.visits.share == Share(1, 2)
    assert len(list_cases(shop, sandra, Figure.NO_SHOWS, WEEK)) == 1


def test_the_lead_is_the_median_of_what_was_booked_in_the_period(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    clock.now = at(16, 8)
    visit(shop, sandra, at(18, 8), "Anna Reiter")
    visit(shop, sandra, at(20, 8), "Berta Moser")
    visit(shop, sandra, at(26, 8), "Clara Egger")
    assert report_at(shop, clock, sandra, at(23, 8)).now.lead_days == 4


def test_the_load_is_what_bookings_took_of_what_could_be_booked(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    visit(shop, sandra, at(17, 9))  # an hour of a mechanic and of a lift
    visit(shop, sandra, at(18, 9), "Anna Reiter", INSPECTION)  # ten minutes before and fifteen after, of both
    add_block(shop, sandra, AMIR, at(19, 8), at(19, 12), "Kurs")
    load = report_at(shop, clock, sandra, at(23, 8)).now.load
    assert load.booked == 2 * 60 + 2 * 85
    assert load.bookable == 5 * 4 * 8 * 60 - 4 * 60  # five days, four of them, eight hours each, without the course
    hour = next(
        one for one in report_at(shop, clock, sandra, at(23, 8)).load_hours if (one.weekday, one.hour) == (3, 9)
    )
    assert (hour.booked, hour.bookable) == (0, 3 * 60)


def test_the_load_of_a_week_that_is_not_over_counts_what_is_past(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    visit(shop, sandra, at(17, 9))
    assert report_at(shop, clock, sandra, at(16, 10)).now.load.bookable == 4 * 2 * 60


def test_the_funnel_follows_new_and_known_customers_from_the_question_to_the_visit(
    shop: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    price = next(one for one in list_reasons(shop.store) if one.intent == "price")
    known = {"who": "Anna Reiter", "reach": "0512 555 11"}
    _ask(shop, sandra, **known)
    for when, who, reach in ((at(16, 9), *known.values()), (at(16, 10), "Berta", "berta@example.org")):
        clock.now = when
        note_reason(shop, sandra, _ask(shop, sandra, who=who, reach=reach), price.id)
    clock.now = at(17, 8)
    ends(shop, clock, sandra, visit(shop, sandra, at(18, 9), "Berta"), at(18, 10), BookingState.DONE)
    report = report_at(shop, clock, sandra, at(23, 8))
    assert report.funnel == (FunnelStep(False, 1, 1, 1), FunnelStep(True, 1, 0, 0))
    assert [line.row.customer_name for line in list_cases(shop, sandra, Figure.JOBS, WEEK)] == ["Anna Reiter"]


def _ask(shop: Shop, actor: Actor, *, who: str, reach: str) -> int:
    return note_contact(
        shop, actor, who=who, need="Was kostet das?", reach=reach, channel=Channel.CALL, outcome=Outcome.MESSAGE
    )


def test_who_comes_twice_in_twelve_months_returns(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    for day, who in ((16, "Anna Reiter"), (17, "Anna Reiter"), (18, "Berta Moser")):
        clock.now = at(14, 8)
        ends(shop, clock, sandra, visit(shop, sandra, at(day, 9), who), at(day, 10), BookingState.DONE)
    assert report_at(shop, clock, sandra, at(23, 8)).now.returning == Share(1, 2)


def test_a_time_that_is_booked_online_without_a_question_is_no_contact_to_answer(
    shop: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    clock.now = at(16, 8)
    book_online(shop, form(at(18, 9), "k1"))
    report = report_at(shop, clock, sandra, at(23, 8))
    assert report.now.avoidance.contacts == 0
    assert report.now.answers.unanswered == 0


def test_who_booked_and_then_asks_in_vain_is_a_miss(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    clock.now = at(16, 8)
    book_online(shop, form(at(18, 9), "k1"))
    question = letter("Kann ich auch später kommen?", sender="Maria Huber <maria.huber@example.org>")
    clock.now = at(16, 9)
    receive(shop, question, at=at(16, 9))
    report = report_at(shop, clock, sandra, at(23, 8))
    assert (report.now.answers.late_open, report.now.avoidance.contacts) == (1, 1)


def test_bookings_that_were_no_customers_are_in_no_figure(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    booking = visit(shop, sandra, at(17, 9))
    ends(shop, clock, sandra, booking, at(17, 10), BookingState.NO_SHOW)
    dismiss_inquiry(shop, sandra, require_booking(shop.store, booking).inquiry_id, always=False)
    assert report_at(shop, clock, sandra, at(23, 8)).now.visits.share == Share(0, 0)
    assert list_cases(shop, sandra, Figure.NO_SHOWS, WEEK) == []


def test_a_resource_that_was_taken_off_is_neither_booked_nor_bookable(
    shop: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    visit(shop, sandra, at(17, 9))
    with shop.store.write() as tx:
        tx.run("UPDATE resource SET active = false WHERE id IN (SELECT resource_id FROM booking_resource)")
    load = report_at(shop, clock, sandra, at(23, 8)).now.load
    assert (load.booked, load.bookable) == (0, 5 * 2 * 8 * 60)
