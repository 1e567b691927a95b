"""The inquiry form, as a browser without JavaScript meets it."""

from __future__ import annotations

import html
import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from pages.login.tokens import token_fits
from pages.web.frame import style_address
from services.inquiry_form import InquiryForm, ask
from services.promises import call_windows
from services.settings import put_settings
from services.shop import Shop
from services.visit_limits import PER_ADDRESS
from tests.browser.canaries import canaries, start_of
from tests.web.conftest import PAGE, browser
from tests.web.test_booking_pages import LONGEST_PAGE, hidden, links
from tests.web.test_language import german_in

MARIA = {"words": "Mein Golf quietscht.\nWas kostet das?", "mail": "maria.huber@example.org"}


@pytest.fixture
def client(garage: Shop) -> TestClient:
    return browser()


def send(client: TestClient, typed: dict[str, str]) -> Response:
    return client.post("/anfrage", data={**hidden(client.get("/anfrage")), **typed})


def inquiries(shop: Shop) -> int:
    return int(shop.store.read("SELECT count(*) FROM inquiry")[0][0])


def light(page: Response, style: int) -> bool:
    """Whether a page with its stylesheet weighs no more than may be."""
    return len(page.content) + style <= LONGEST_PAGE


def test_three_fields_ask_and_the_receipt_says_until_when(garage: Shop, client: TestClient) -> None:
    form = client.get("/anfrage")
    assert "Was können wir für Sie tun?" in form.text
    assert "<h2>Antwort bis heute,\xa016:00\xa0Uhr</h2>" in form.text
    assert "Es antwortet ein Mensch aus der Werkstatt." in form.text
    assert "Marke, Modell und Baujahr" in form.text
    sent = send(client, MARIA)
    assert sent.status_code == 303
    assert re.fullmatch(r"/s/[\w-]{22}\?da", sent.headers["location"])
    receipt = client.get(sent.headers["location"])
    assert "Ihre Anfrage ist da" in receipt.text
    assert "<b>heute,\xa016:00\xa0Uhr</b> an maria.huber@example.org" in receipt.text
    assert "Mein Golf quietscht.\nWas kostet das?" in receipt.text
    assert "Diese Bestätigung kommt automatisch. Die Antwort schreibt ein Mensch." in receipt.text
    own = next(link for link in links(receipt) if link.startswith("/s/"))
    assert "Wir sind dran" in client.get(own).text
    assert inquiries(garage) == 1


def test_a_form_sent_twice_or_reloaded_asks_once(garage: Shop, client: TestClient) -> None:
    fields = {**hidden(client.get("/anfrage")), **MARIA}
    first, second = (client.post("/anfrage", data=fields).headers["location"] for _ in range(2))
    assert first == second
    assert [client.get(first).status_code for _ in range(2)] == [200, 200]
    assert inquiries(garage) == 1


def test_a_call_is_wished_for_in_a_real_window(garage: Shop, client: TestClient) -> None:
    offered = re.findall(r'<option value="([^"]*)"', client.get("/anfrage").text)
    windows = call_windows(garage.store, garage.now())
    assert offered == ["", *(f"{window.due_at:%Y-%m-%dT%H:%MZ}" for window in windows)]
    phone = {"phone": "0664 123 45 67", "callback": "ja", "call_by": offered[2]}
    receipt = client.get(send(client, {**MARIA, **phone}).headers["location"]).text
    assert "Rückruf zugesagt: <b>heute zwischen 13:00 und 17:00\xa0Uhr</b> unter 0664\xa0123\xa045\xa067" in receipt
    stale = send(client, {**MARIA, **phone, "call_by": "2026-11-23T08:00Z"})
    assert stale.status_code == 422
    assert 'id="call_by" name="call_by" aria-invalid="true"' in stale.text
    assert 'value="ja" checked' in stale.text
    for nonsense in ("x", "9999-99-99T99:99Z", "0001-01-01T00:00Z"):  # not silently another time than was chosen
        assert "Diese Zeit ist inzwischen vorbei." in send(client, {**MARIA, **phone, "call_by": nonsense}).text


WRONG = [
    ({"words": " "}, "words", "Schreiben Sie kurz, worum es geht."),
    ({"words": "x" * 5001}, "words", "Das ist zu lang. Höchstens 5000 Zeichen."),
    ({"mail": ""}, "mail", "Schreiben Sie uns eine E-Mail-Adresse oder eine Telefonnummer."),
    ({"mail": "a@example.org\nBcc: b@example.org"}, "mail", "Diese Adresse ist nicht vollständig."),
    ({"callback": "ja"}, "phone", "Unter welcher Nummer dürfen wir zurückrufen?"),
]


def test_each_wrong_field_says_what_to_do_and_keeps_what_was_typed(garage: Shop, client: TestClient) -> None:
    for typed, field, sentence in WRONG:
        wrong = send(client, {**MARIA, "name": "Maria \0Huber", **typed})
        assert wrong.status_code == 422
        assert "<title>Fehler: Anfrage schreiben" in wrong.text
        assert f'<a href="#{field}">' in wrong.text
        assert re.search(rf'<(input|textarea) id="{field}"[^>]*aria-invalid="true"', wrong.text)
        assert sentence in html.unescape(wrong.text)
        assert 'value="Maria Huber"' in wrong.text
    assert inquiries(garage) == 0


def test_a_foreign_form_or_a_machine_asks_nothing_and_keeps_what_was_typed(garage: Shop, client: TestClient) -> None:
    for change in ({"beleg": ""}, {"schluessel": "other"}, {"webseite": "https://spam.example"}):
        answer = send(client, {**MARIA, **change})
        assert answer.status_code == 422
        assert "<title>Fehler: " in answer.text
        assert "Mein Golf quietscht." in answer.text
        assert "spam.example" not in answer.text
        assert inquiries(garage) == 0
    assert client.post("/anfrage", data={**hidden(answer), **MARIA}).status_code == 303


def test_yesterdays_form_is_sent_once_more(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    old = hidden(client.get("/anfrage"))
    monkeypatch.setattr(token_fits, "__kwdefaults__", {"max_age": -1})
    assert "Die Seite war zu lange offen" in client.post("/anfrage", data={**old, **MARIA}).text


def test_any_bytes_are_answered_with_a_page(garage: Shop, client: TestClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"", b"\xff\xfe\x00", b"a=1&" * 300, b"words=" + b"x" * 10_000_000):
        assert client.post("/anfrage", content=body, headers=headers).status_code == 422
    assert inquiries(garage) == 0


def test_the_longest_words_of_the_widest_signs_arrive_and_the_receipt_stays_light(
    garage: Shop, client: TestClient
) -> None:
    words = "<👩🏽\u200d🔧 & \n" * 500
    sent = send(client, {**MARIA, "words": words, "name": "👩🏽" * 60})
    assert sent.status_code == 303
    style = len(client.get(style_address("anfrage")).content)
    assert light(client.get(sent.headers["location"]), style)
    own = sent.headers["location"].split("?")[0]
    page, leaves = client.get(own), [client.get(f"{own}/verlauf?blatt={number}") for number in (1, 2, 3, 99)]
    assert all(light(each, style) for each in (page, *leaves))
    assert "Alles lesen" in page.text
    shown = "".join(
        html.unescape(part) for each in leaves[:3] for part in re.findall('<p dir="auto">(.*?)</p>', each.text, re.S)
    )
    assert shown.replace("\n", "").startswith("<👩🏽\u200d🔧 &" * 9)


def test_too_many_forms_from_one_address_wait(client: TestClient) -> None:
    told = [client.post("/anfrage", data={}).status_code for _ in range(PER_ADDRESS + 1)]
    assert told == [422] * PER_ADDRESS + [429]


def test_switched_off_the_way_is_closed_and_nothing_leads_to_it(garage: Shop, client: TestClient) -> None:
    with garage.store.write() as tx:
        put_settings(tx, {"inquiry_form": False}, garage.now())
    for answer in (client.get("/anfrage"), client.post("/anfrage", data=MARIA)):
        assert answer.status_code == 404
        assert "Dieser Weg ist gerade geschlossen." in answer.text
        assert "tel:" in answer.text
    assert '"/anfrage"' not in client.get("/termin").text + client.get("/impressum").text
    assert inquiries(garage) == 0


def test_the_pages_tell_nobody_whether_an_address_is_known(garage: Shop, client: TestClient) -> None:
    ask(garage, InquiryForm("Von früher", "", "maria.huber@example.org", "", False, None, "before", "de"))
    pages = []
    for mail in ("maria.huber@example.org", "niemand.hier@example.org"):
        receipt = send(client, {**MARIA, "mail": mail, "phone": "0664 123 45 67"}).headers["location"]
        shown = [client.get(address).text.replace(mail, "…") for address in (receipt, receipt.split("?")[0])]
        pages.append([re.sub(r'[\w-]{22}|value="[^"]{23,}"', "…", text) for text in shown])
    assert 'value="0664 123 45 67"' in pages[0][1]
    assert pages[0] == pages[1]


def test_from_every_page_one_tap_leads_to_the_form(client: TestClient) -> None:
    start = client.get("/termin").text
    assert 'class="btn" href="/anfrage">Anfrage schreiben' in start
    assert "Antwort bis <b>heute,\xa016:00\xa0Uhr</b>." in start
    assert '<a href="/anfrage">Anfrage schreiben</a>' in client.get("/impressum").text


def test_before_the_set_up_nothing_is_there(guest: TestClient) -> None:
    assert guest.get("/anfrage", headers=PAGE).status_code == 404
    assert guest.get(f"/s/{'x' * 22}", headers=PAGE).status_code == 404


def test_it_speaks_english_in_every_word_and_weighs_little(garage: Shop, client: TestClient) -> None:
    client.cookies.set("sprache", "en")
    style = len(client.get(style_address("anfrage")).content)
    phone = {"phone": "0664 123 45 67", "callback": "ja"}
    pages = [client.get(send(client, {**MARIA, **more}).headers["location"]) for more in ({}, phone)]
    pages += [send(client, {"mail": "x", "callback": "ja"}), send(client, {"beleg": ""})]
    for trade in ("kfz", "mode", "salon"):
        with garage.store.write() as tx:
            put_settings(tx, {"trade": trade}, garage.now())
        pages.append(client.get("/anfrage"))
    assert [german_in(page) for page in pages if german_in(page)] == []
    assert all(light(page, style) for page in pages)
    assert "<script" not in "".join(page.text for page in pages)


def test_words_of_every_kind_stand_there_as_they_are_and_nothing_comes_of_them(
    garage: Shop, client: TestClient
) -> None:
    usual = set(re.findall(r"<(\w+)", client.get(_own_page(garage, "Ganz gewöhnliche Worte")).text))
    for number, text in enumerate(canaries(1)):
        page = client.get(_own_page(garage, text[:5000], number))
        assert set(re.findall(r"<(\w+)", page.text)) <= usual | {"a"}  # «Alles lesen»
        shown = re.search('<p dir="auto">(.*?)</p>', page.text, re.DOTALL)
        assert shown
        assert start_of(html.unescape(shown[1])) == start_of(text)
    assert not re.findall(r'(?:src|href|action)="(?!/|\?|#|tel:)', page.text)


def _own_page(shop: Shop, words: str, number: int = -1) -> str:
    """The page of somebody who typed the words into every field that takes them."""
    name = " ".join(words[:100].split())
    form = InquiryForm(words, name, f"kanari{number}@example.org", "", False, None, f"{number}", "de")
    return f"/s/{ask(shop, form).secret}"
