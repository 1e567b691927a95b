"""A chart's numbers as a file: for whom, in which form, and for which addresses."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

import services.staff
from data.records import Actor, Channel
from pages.login.gate import session_cookie
from pages.parts.plots import PLOTS
from services.noting import Outcome, note_contact
from services.shop import Shop
from services.staff import actor_of
from tests.web.conftest import browser, staff_id

TABLE = "/intern/auswertung/im-ziel.csv"


@pytest.fixture
def sandra(shop: Shop) -> TestClient:
    """The owner's browser, signed in."""
    client = browser()
    token = services.staff.sign_in(shop, staff_id(shop, "Sandra Kofler"), "271828", "192.168.0.9")
    client.cookies.set(session_cookie(), token)
    return client


@pytest.fixture
def owner(sandra: TestClient, shop: Shop) -> Actor:
    return actor_of(shop, sandra.get("/wer").json()["x-theke-session"])


def write_down(shop: Shop, actor: Actor) -> None:
    """One inquiry that waits."""
    note_contact(
        shop,
        actor,
        who="Maria Hofer",
        need="Golf fertig?",
        reach="maria@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )


def test_the_owner_gets_a_file_with_a_mark_semicolons_and_a_name(sandra: TestClient, shop: Shop, owner: Actor) -> None:
    write_down(shop, owner)
    got = sandra.get(f"{TABLE}?zeitraum=woche")
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="theke-im-ziel-2026-11-17-2026-11-23.csv"'
    assert got.content.startswith("\ufeffWoche ab;Anfragen;".encode())
    assert got.content.endswith(b"\r\n")


@pytest.mark.parametrize("name", PLOTS)
def test_every_chart_has_its_table(sandra: TestClient, name: str) -> None:
    assert sandra.get(f"/intern/auswertung/{name}.csv?zeitraum=jahr&vergleich=vorjahr").status_code == 200


def test_staff_are_refused_in_words(amir: TestClient) -> None:
    got = amir.get(TABLE)
    assert (got.status_code, got.text) == (403, "Das darf nur, wer Inhaber ist.")


def test_nobody_gets_a_table_without_a_session(shop: Shop) -> None:
    assert browser().get(TABLE).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "zeitraum=immer",
        "zeitraum=eigen&von=2026-13-01&bis=2026-11-01",
        "zeitraum=eigen&von=2026-11-02&bis=2026-11-01",
        "zeitraum=eigen&von=2026-11-02&bis=2030-01-01",
        "vergleich=nie",
    ],
)
def test_a_period_that_cannot_be_is_refused(sandra: TestClient, query: str) -> None:
    assert sandra.get(f"{TABLE}?{query}").status_code == 422


def test_a_chart_that_does_not_exist_is_not_found(sandra: TestClient) -> None:
    assert sandra.get("/intern/auswertung/..csv").status_code == 404
    assert sandra.get("/intern/auswertung/gehaelter.csv").status_code == 404
