"""What is handed out as a file: for owners only, as a download, harmless whatever customers wrote."""

from __future__ import annotations

import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from data.records import Actor, Channel
from services.customer_import import import_customers, preview_import
from services.customers import change_customer
from services.noting import Outcome, note_contact
from services.shop import Shop

NASTY = "<script>alert(1)</script> & =1+1"


@pytest.fixture
def maria(shop: Shop, owner: Actor) -> int:
    """A customer with words that a page or a spreadsheet might run."""
    note_contact(
        shop, owner, who="=Maria", need=NASTY, reach="0512 555 870", channel=Channel.CALL, outcome=Outcome.MESSAGE
    )
    customer_id = int(shop.store.read("SELECT max(id) FROM customer")[0][0])
    change_customer(shop, owner, customer_id, note=NASTY)
    return customer_id


def test_one_persons_file_is_a_page_without_script(sandra: TestClient, maria: int) -> None:
    got = sandra.get(f"/intern/auskunft/{maria}.html")
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-disposition"].startswith('attachment; filename="Auskunft _Maria.html"')
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in got.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; =1+1" in got.text
    assert "http" not in got.text.replace("https", "http").split("</style>")[0]


def test_the_same_is_there_as_json(sandra: TestClient, maria: int, shop: Shop) -> None:
    got = sandra.get(f"/intern/auskunft/{maria}.json")
    assert got.headers["content-type"] == "application/json"
    assert got.headers["content-disposition"].startswith("attachment")
    assert json.loads(got.text)["customer"][0]["note"] == NASTY
    assert shop.store.read("SELECT count(*) FROM disclosure")[0][0] == 1


def test_the_list_of_customers_is_harmless_and_can_be_read_in_again(
    sandra: TestClient, maria: int, shop: Shop, owner: Actor
) -> None:
    got = sandra.get("/intern/kunden.csv")
    head, row = csv.reader(io.StringIO(got.text.removeprefix("\ufeff")), delimiter=";")
    told = dict(zip(head, row, strict=True))
    assert (told["Name"], told["Telefon"], told["Notiz"]) == ("'=Maria", "0512 555870", NASTY)
    again = preview_import(shop, owner, got.content)
    assert {fate.value: count for fate, count in again.counts.items()} == {"known": 1}


def test_the_report_of_a_list_tells_every_line(sandra: TestClient, shop: Shop, owner: Actor) -> None:
    done = import_customers(shop, owner, b"Name;E-Mail\nEva;eva@a.at\nX;falsch\n", "liste.csv")
    got = sandra.get(f"/intern/einlesen/{done.id}.csv")
    rows = list(csv.reader(io.StringIO(got.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows == [
        ["Zeile", "Ergebnis", "Kunde", "Grund"],
        ["2", "neu", "Eva", ""],
        ["3", "nicht gelesen", "", "Die E-Mail-Adresse dieser Zeile ist keine."],
    ]
    assert sandra.get("/intern/einlesen/7.csv").status_code == 404


@pytest.mark.parametrize("path", ["/intern/auskunft/{id}.html", "/intern/auskunft/{id}.json", "/intern/kunden.csv"])
def test_nobody_but_an_owner_gets_them(amir: TestClient, guest: TestClient, maria: int, shop: Shop, path: str) -> None:
    assert amir.get(path.format(id=maria)).status_code == 403
    assert guest.get(path.format(id=maria)).status_code in {303, 401}
    assert shop.store.read("SELECT count(*) FROM disclosure")[0][0] == 0
