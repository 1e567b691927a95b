"""Who posts too often waits: by address, and the shop as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from pages.web.limits import visitor_key
from services.shop import Shop
from services.visit_limits import PER_ADDRESS, PER_SHOP, WINDOW, VisitLimits
from tests.bookable import open_garage
from tests.builders import MONDAY, FrozenClock
from tests.web.conftest import browser

FORM = "/termin/11/angaben?zeit=2026-11-25T08:00Z"
SECOND = timedelta(seconds=1)


def post(client: TestClient) -> int:
    return client.post(FORM, data={"beleg": "x"}).status_code


def test_the_twentieth_post_goes_and_the_next_waits_for_the_first_to_be_ten_minutes_old() -> None:
    limits = VisitLimits()
    waits = [limits.admit("a", MONDAY + SECOND * index) for index in range(PER_ADDRESS)]
    assert waits == [None] * PER_ADDRESS
    assert limits.admit("a", MONDAY + SECOND * 60) == WINDOW - SECOND * 60
    assert limits.admit("b", MONDAY + SECOND * 60) is None
    assert limits.admit("a", MONDAY + WINDOW - SECOND) == SECOND
    assert limits.admit("a", MONDAY + WINDOW) is None
    assert limits.admit("a", MONDAY + WINDOW) is not None


def test_what_was_refused_does_not_count() -> None:
    limits = VisitLimits()
    for _ in range(PER_ADDRESS * 3):
        limits.admit("a", MONDAY)
    assert limits.admit("a", MONDAY + WINDOW) is None


def test_the_shop_as_a_whole_has_a_limit_too() -> None:
    limits = VisitLimits()
    assert all(limits.admit(str(index), MONDAY) is None for index in range(PER_SHOP))
    assert limits.admit("one more", MONDAY) == WINDOW


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    limits = VisitLimits()
    for _ in range(PER_ADDRESS):
        limits.admit("a", MONDAY + timedelta(days=1))
    assert limits.admit("a", MONDAY) is None


def test_threads_do_not_count_past_the_limit() -> None:
    limits = VisitLimits()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda index: limits.admit("a", MONDAY + timedelta(milliseconds=index % 7)), range(400)))
    assert waits.count(None) == PER_ADDRESS


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_of_ipv6_the_first_half_is_the_visitor(address: str, key: str) -> None:
    assert visitor_key(address) == key


def test_the_page_says_when_to_come_back_and_whom_to_call(shop: Shop) -> None:
    open_garage(shop)
    client, clock = browser(), shop.clock
    assert isinstance(clock, FrozenClock)
    assert [post(client) for _ in range(PER_ADDRESS)] == [422] * PER_ADDRESS
    clock.forward(seconds=30)
    refused = client.post(FORM, data={})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "570"
    assert "Das waren gerade sehr viele Versuche." in refused.text
    assert 'href="tel:+43316712233"' in refused.text
    assert post(browser(address=("192.168.0.8", 1))) == 422
    assert client.get(FORM).status_code == 200
    clock.forward(seconds=570)
    assert post(client) == 422


def test_every_form_of_the_customers_is_counted(shop: Shop) -> None:
    open_garage(shop)
    client = browser()
    for path in ("verschieben", "absagen", "adresse"):
        for _ in range(5):
            assert client.post(f"/t/{'x' * 22}/{path}", data={}).status_code == 404
    for _ in range(5):
        post(client)
    assert {client.post(f"/t/x/{path}").status_code for path in ("verschieben", "absagen", "adresse")} == {429}
    assert post(client) == 429


def test_the_neighbours_of_one_ipv6_line_are_one_visitor(shop: Shop) -> None:
    open_garage(shop)
    answers = [post(browser(address=(f"2001:db8::{index:x}", 1))) for index in range(PER_ADDRESS + 1)]
    assert answers == [422] * PER_ADDRESS + [429]
