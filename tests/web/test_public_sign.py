"""What stands over every page of the customers, and how prices are written."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from data.records import Closure, OpeningHours
from pages.web.sign import dial_of
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import HOURS, TYRES, at
from tests.web.conftest import browser
from tests.web.test_booking_pages import clock_of


@pytest.fixture
def client(garage: Shop) -> TestClient:
    return browser()


def test_prices_are_totals_in_the_shops_own_writing(garage: Shop, client: TestClient) -> None:
    assert "€\xa049,00" in client.get("/termin").text
    assert "Alle Preise sind Gesamtpreise inkl.\xa0USt." in client.get("/termin").text
    with garage.store.write() as tx:
        put_settings(tx, {"country": "CH", "region": "ZH"}, garage.now())
        tx.run("UPDATE offering SET price_cents = 124900 WHERE id = $id", {"id": TYRES})
    assert "CHF\xa01’249.00" in client.get("/termin").text
    assert "Gesamtpreise inkl.\xa0MWST" in client.get("/termin").text
    with garage.store.write() as tx:
        tx.run("UPDATE offering SET price_cents = NULL", {})
    assert not re.search("Preise|CHF|MWST", client.get("/termin").text)


def test_a_lost_visitor_can_call_and_the_address_is_not_torn(garage: Shop, client: TestClient) -> None:
    lost = client.get("/anfrage/x")
    assert lost.status_code == 404
    assert lost.text.count('href="tel:') == 2
    assert "Lendplatz 4, 6020\xa0Innsbruck" in lost.text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(23, 10), "heute bis 17:00\xa0Uhr"),
        (at(23, 12, 30), "heute ab 13:00\xa0Uhr"),
        (at(24, 6), "heute ab 8:00\xa0Uhr"),
        (at(24, 18), "ab Mi 8:00\xa0Uhr"),
        (at(27, 18), "ab Mo 8:00\xa0Uhr"),
    ],
)
def test_the_sign_says_until_when_somebody_answers(
    garage: Shop, client: TestClient, moment: object, words: str
) -> None:
    clock_of(garage).now = moment  # type: ignore[assignment]
    assert words in client.get("/termin").text


def test_on_holiday_the_sign_says_the_day_of_the_return(garage: Shop, client: TestClient) -> None:
    away = Closure(at(1, 0, month=12).date(), at(6, 0, month=1, year=2027).date(), "Urlaub")
    with garage.store.write() as tx:
        put_settings(tx, {"hours": OpeningHours(HOURS.zone, HOURS.week, (away,))}, garage.now())
    clock_of(garage).now = at(2, 9, month=12)
    assert "ab Do\xa07.\xa0Jän.\xa02027" in client.get("/termin").text


def test_a_village_number_is_dialled_as_it_stands() -> None:
    assert dial_of("0316 71 22 33", "AT") == "+43316712233"
    assert dial_of("7 12", "AT") == "712"
