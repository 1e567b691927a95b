"""The demo shop: believable, complete, and silent towards the world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

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
from tests.builders import FakeMailer, FrozenClock, hire, make_shop


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Shop]:
    """The demo as it is on Monday, 10:42."""
    shop = make_shop(tmp_path, furnish=build_demo)
    yield shop
    shop.close()


def test_the_demo_has_somebody_in_every_list(demo: Shop) -> None:
    found = list_inquiries(demo, hire(demo, "Gast"))
    assert len(found.waiting) == 9  # with the one who asks for a time and the one who asked by the form
    assert found.waiting[0].row.customer_name == "Maria Hofer"
    assert found.waiting[0].row.contacts_waiting == 2
    assert (len(found.with_customer), len(found.earlier), len(found.machine)) == (4, 1, 1)


def test_the_demo_has_an_owner_and_promises_and_sends_nothing(shop: Shop) -> None:
    build_demo(shop)
    assert [person.role for person in list_staff(shop.store)] == [StaffRole.OWNER, StaffRole.STAFF, StaffRole.STAFF]
    assert len(list_promises(shop, hire(shop, "Gast"), shop.now().replace(year=2027))) == 4
    assert isinstance(shop.mailer, FakeMailer)
    assert not shop.mailer.sent


def test_a_shop_that_is_set_up_is_left_alone(demo: Shop) -> None:
    before = demo.store.read("SELECT count(*) FROM message")
    build_demo(demo)
    assert demo.store.read("SELECT count(*) FROM message") == before


def test_the_demo_can_be_booked(demo: Shop) -> None:
    assert {(one.kind, one.name) for one in list_resources(demo.store)} == {
        (ResourceKind.PERSON, "Amir"),
        (ResourceKind.PERSON, "Lukas"),
        (ResourceKind.THING, "Bühne 1"),
        (ResourceKind.THING, "Bühne 2"),
    }
    offered = list_offerings(demo.store, online_only=True)
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
    assert sum(states.values()) == 19
    if today.open:
        assert len(today.bookings) >= 6
    assert any(day.bookings for day in show_week(shop, guest, today.day))


def test_the_demo_has_something_for_the_figures(demo: Shop) -> None:
    told = """SELECT c.name, p.passed_on_at IS NOT NULL FROM praise p JOIN inquiry i ON i.id = p.inquiry_id
              JOIN customer c ON c.id = i.customer_id"""
    assert demo.store.read(told) == [("Renate Thaler", True)]
    open_one = """SELECT c.name, o.cost_cents, o.solved_at FROM complaint o JOIN inquiry i ON i.id = o.inquiry_id
                  JOIN customer c ON c.id = i.customer_id"""
    assert demo.store.read(open_one) == [("Thomas Brandstätter", 0, None)]
    answered = "SELECT id FROM inquiry WHERE state = 'closed' AND close_reason = 'answered'"
    noted = "SELECT inquiry_id FROM wrap_up WHERE reason_id IS NOT NULL AND avoidable <> ''"
    assert demo.store.read(answered)
    assert {*demo.store.read(answered)} <= {*demo.store.read(noted)}
    assert demo.store.read("SELECT 1 FROM wrap_up WHERE avoidable NOT IN ('', 'no')")
