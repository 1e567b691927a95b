"""The demo shop: believable, complete, and silent towards the world."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data.booking_records import BookingState, ResourceKind
from data.records import StaffRole
from services.availability import local_day
from services.booking_days import show_day, show_week
from services.demo import build_demo
from services.inquiries import list_inquiries
from services.offerings import list_offerings, list_resources
from services.promises import list_promises
from services.settings import shop_settings
from services.shop import Shop
from services.staff import list_staff
from tests.builders import FakeMailer, FrozenClock, hire


def test_the_demo_has_somebody_in_every_list(shop: Shop) -> None:
    build_demo(shop)
    found = list_inquiries(shop, hire(shop, "Gast"))
    assert len(found.waiting) == 8  # with the one who asks for a time
    assert found.waiting[0].row.customer_name == "Maria Hofer"
    assert found.waiting[0].row.contacts_waiting == 2
    assert (len(found.with_customer), len(found.earlier), len(found.machine)) == (2, 1, 1)


def test_the_demo_has_an_owner_and_promises_and_sends_nothing(shop: Shop) -> None:
    build_demo(shop)
    assert [person.role for person in list_staff(shop.store)] == [StaffRole.OWNER, StaffRole.STAFF, StaffRole.STAFF]
    assert len(list_promises(shop, hire(shop, "Gast"), shop.now().replace(year=2027))) == 2
    assert isinstance(shop.mailer, FakeMailer)
    assert not shop.mailer.sent


def test_a_shop_that_is_set_up_is_left_alone(shop: Shop) -> None:
    build_demo(shop)
    before = shop.store.read("SELECT count(*) FROM message")
    build_demo(shop)
    assert shop.store.read("SELECT count(*) FROM message") == before


def test_the_demo_can_be_booked(shop: Shop) -> None:
    build_demo(shop)
    assert {(one.kind, one.name) for one in list_resources(shop.store)} == {
        (ResourceKind.PERSON, "Amir"),
        (ResourceKind.PERSON, "Lukas"),
        (ResourceKind.THING, "Bühne 1"),
        (ResourceKind.THING, "Bühne 2"),
    }
    offered = list_offerings(shop.store, online_only=True)
    assert all(one.price_cents for one in offered)
    assert [one.name for one in offered if not one.instant] == ["Geräusch oder Warnlampe"]


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 11, 23, 6, 0, tzinfo=UTC),  # before the shop opens
        datetime(2026, 11, 25, 22, 50, tzinfo=UTC),  # late in the evening
        datetime(2026, 11, 28, 12, 0, tzinfo=UTC),  # Saturday
        datetime(2026, 12, 26, 9, 0, tzinfo=UTC),  # Christmas on a weekend
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # the clocks change
    ],
)
def test_whenever_it_starts_there_are_bookings_and_one_request(shop: Shop, clock: FrozenClock, start: datetime) -> None:
    clock.now = start
    build_demo(shop)
    guest = hire(shop, "Gast")
    today = show_day(shop, guest, local_day(start, shop_settings(shop.store)))
    assert [one.booking.customer_name for one in today.requests] == ["Barbara Nagl"]
    states = dict(shop.store.read("SELECT state, count(*) FROM booking GROUP BY state"))
    assert states.pop(BookingState.NO_SHOW) == 1
    assert sum(states.values()) == 12
    if today.open:
        assert len(today.bookings) >= 6
    assert any(day.bookings for day in show_week(shop, guest, today.day))


def test_the_demo_has_something_for_the_figures(shop: Shop) -> None:
    build_demo(shop)
    told = """SELECT c.name, p.passed_on_at IS NOT NULL FROM praise p JOIN inquiry i ON i.id = p.inquiry_id
              JOIN customer c ON c.id = i.customer_id"""
    assert shop.store.read(told) == [("Renate Thaler", True)]
    open_one = """SELECT c.name, o.cost_cents, o.solved_at FROM complaint o JOIN inquiry i ON i.id = o.inquiry_id
                  JOIN customer c ON c.id = i.customer_id"""
    assert shop.store.read(open_one) == [("Thomas Brandstätter", 0, None)]
    answered = "SELECT id FROM inquiry WHERE state = 'closed' AND close_reason = 'answered'"
    noted = "SELECT inquiry_id FROM wrap_up WHERE reason_id IS NOT NULL AND avoidable <> ''"
    assert shop.store.read(answered)
    assert {*shop.store.read(answered)} <= {*shop.store.read(noted)}
    assert shop.store.read("SELECT 1 FROM wrap_up WHERE avoidable NOT IN ('', 'no')")
