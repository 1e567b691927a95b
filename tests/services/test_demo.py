"""The demo shop: believable, complete, and silent towards the world."""

from __future__ import annotations

from data.records import StaffRole
from services.demo import build_demo
from services.inquiries import list_inquiries
from services.promises import list_promises
from services.shop import Shop
from services.staff import list_staff
from tests.builders import FakeMailer, hire


def test_the_demo_has_somebody_in_every_list(shop: Shop) -> None:
    build_demo(shop)
    found = list_inquiries(shop, hire(shop, "Gast"))
    assert len(found.waiting) == 7
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
