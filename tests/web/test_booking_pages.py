"""The customers' way to a booking, as a browser without JavaScript goes it."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from pages.login.tokens import token_fits
from pages.web.frame import style_address
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import AMIR, INSPECTION, LIFT_1, TYRES, VALUATION, at, book, offer, open_garage
from tests.builders import FrozenClock, connect
from tests.web.conftest import PAGE, browser
from tests.web.test_language import german_in

MARIA = {"name": "Maria Huber", "mail": "maria.huber@example.org"}
WEDNESDAY_9 = "2026-11-25T08:00Z"
LONGEST_PAGE = 15_000


@pytest.fixture
def client(garage: Shop) -> TestClient:
    return browser()


def clock_of(shop: Shop) -> FrozenClock:
    assert isinstance(shop.clock, FrozenClock)
    return shop.clock


def links(page: Response) -> list[str]:
    """Where a page's links lead, within ours."""
    found = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page.text)]
    return [link for link in found if not link.startswith(("#", "tel:", "mailto:"))]


def hidden(page: Response) -> dict[str, str]:
    """The fields that a form sends whatever is typed."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def form_address(offering: int = TYRES, when: str = WEDNESDAY_9) -> str:
    return f"/termin/{offering}/angaben?zeit={when}"


def send(client: TestClient, typed: dict[str, str], address: str = form_address()) -> Response:
    """The details page, filled in and sent."""
    return client.post(address, data={**hidden(client.get(address)), **typed})


def bookings(shop: Shop) -> list[tuple[object, ...]]:
    return shop.store.read("SELECT customer_name, mail, phone, state FROM booking ORDER BY id")


def test_three_taps_and_two_fields_book_an_appointment(garage: Shop, client: TestClient) -> None:
    start = client.get("/termin")
    offered = next(link for link in links(start) if link == f"/termin/{TYRES}")
    days = client.get(offered)
    first = next(link for link in links(days) if "angaben" in link)
    details = client.get(first)
    assert len(re.findall(r'<input id="', details.text)) == 3  # name, and one of mail and phone
    booked = client.post(first, data={**hidden(details), **MARIA})
    assert booked.status_code == 303
    receipt = client.get(booked.headers["location"])
    assert "Ihr Termin steht" in receipt.text
    assert "Die Bestätigung geht an maria.huber@example.org." in receipt.text
    assert bookings(garage) == [("Maria Huber", "maria.huber@example.org", "", "confirmed")]


def test_a_day_leads_to_its_times_and_a_time_to_the_form(client: TestClient) -> None:
    days = client.get(f"/termin/{TYRES}")
    assert "Wann passt es Ihnen?" in days.text
    day = client.get(f"/termin/{TYRES}?tag=2026-11-25")
    assert "?tag=2026-11-25" in days.text
    assert 'aria-current="date"' in day.text
    assert "Vormittag" in day.text
    assert "Nachmittag" in day.text
    assert form_address() in links(day)
    assert "Mittwoch, 25.\xa0November, 09:00\xa0Uhr" in client.get(form_address()).text


def test_ten_days_in_weeks_and_then_the_later_ones(client: TestClient) -> None:
    days = client.get(f"/termin/{TYRES}")
    assert re.findall("<h3>(.*?)</h3>", days.text) == ["Diese Woche", "Nächste Woche (KW 49)"]
    assert len(re.findall(r'href="\?tag=', days.text)) == 10
    later = client.get(f"/termin/{TYRES}?ab=2026-12-04")
    assert re.findall("<h3>(.*?)</h3>", later.text) == ["KW 50", "KW 51"]
    assert "?tag=2026-12-07&ab=2026-12-04" in links(later)
    assert "2026-11-25" not in later.text


def test_a_day_without_room_is_never_a_dead_end(client: TestClient) -> None:
    for wanted in ("2026-11-28", "2020-01-01", "2199-12-31"):
        page = client.get(f"/termin/{TYRES}?tag={wanted}")
        assert page.status_code == 200
        assert "An diesem Tag ist nichts mehr frei" in page.text
        assert any("?tag=" in link for link in links(page))
    assert "Später ist noch nichts zu buchen." in client.get(f"/termin/{TYRES}?ab=2027-06-01").text


def test_an_offering_without_any_free_time_offers_the_phone(garage: Shop, client: TestClient) -> None:
    offer(garage, 40, "Ausgebucht", ((AMIR,),), horizon_days=1, notice_minutes=4 * 24 * 60)
    page = client.get("/termin/40")
    assert "In den nächsten 1 Tagen ist nichts frei." in page.text
    assert page.text.count("tel:") == 2


def test_no_offering_at_all_offers_the_form_or_phone_and_mail(shop: Shop) -> None:
    with shop.store.write() as tx:
        tx.run("DELETE FROM offering", {})
    page = browser().get("/termin")
    assert "Zurzeit vergeben wir Termine persönlich." in page.text
    assert 'class="btn" href="/anfrage"' in page.text
    assert "mailto:" not in page.text
    connect(shop)
    with shop.store.write() as tx:
        put_settings(tx, {"inquiry_form": False}, shop.now())
    assert "/anfrage" not in browser().get("/termin").text
    assert "mailto:info@kfz-muster.example" in browser().get("/termin").text


def test_before_the_set_up_nothing_is_there(guest: TestClient) -> None:
    for path in ("/termin", "/termin/11", form_address(), f"/t/{'x' * 22}"):
        assert guest.get(path, headers=PAGE).status_code == 404
    assert guest.post(form_address()).status_code == 404


def test_what_is_not_online_is_not_there(garage: Shop, client: TestClient) -> None:
    offer(garage, 41, "Nur am Telefon", ((AMIR,),), online=False)
    assert "Nur am Telefon" not in client.get("/termin").text
    for ident in ("41", "999", "-1", "0x11", "11.0", "９", "9" * 30, "%00", "' OR 1=1"):
        assert client.get(f"/termin/{ident}").status_code == 404
        assert client.get(f"/termin/{ident}/angaben?zeit={WEDNESDAY_9}").status_code == 404
        assert client.post(f"/termin/{ident}/angaben?zeit={WEDNESDAY_9}", data=MARIA).status_code in {404, 429}


@pytest.mark.parametrize("text", ["", "x", "2026-11-25", "2026-13-45T99:99Z", "9999-12-31T23:59Z", "٢٠٢٦-١١-٢٥T08:00Z"])
def test_what_is_no_time_leads_back_to_the_days(client: TestClient, text: str) -> None:
    for query in ("tag", "ab"):
        assert client.get(f"/termin/{TYRES}", params={query: text}).status_code == 200
    for method in ("GET", "POST"):
        answer = client.request(method, f"/termin/{TYRES}/angaben", params={"zeit": text})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/termin/{TYRES}")


@pytest.mark.parametrize("when", ["2026-11-22T08:00Z", "2026-11-23T09:00Z", "2026-11-25T02:00Z", "2026-11-25T08:01Z"])
def test_a_time_that_is_past_or_was_never_offered_is_refused_with_the_nearest(
    garage: Shop, client: TestClient, when: str
) -> None:
    token = hidden(client.get(form_address()))
    seen, sent = client.get(form_address(when=when)), client.post(form_address(when=when), data={**token, **MARIA})
    assert (seen.status_code, sent.status_code) == (409, 409)
    assert len(re.findall('<a class="btn slot"', seen.text)) == 3
    assert len(re.findall('<button class="btn slot"', sent.text)) == 3
    assert bookings(garage) == []


def test_who_comes_too_late_books_one_of_the_three_nearest_times_with_one_tap(garage: Shop, client: TestClient) -> None:
    details = client.get(form_address())
    book(garage, at(25, 9), "one")
    book(garage, at(25, 9), "two")
    typed = {**MARIA, "name": 'Zoë "O\'Hara" <b>', "phone": "0664 123 45 67", "note": "Bitte anrufen ✓"}
    taken = client.post(form_address(), data={**hidden(details), **typed})
    assert taken.status_code == 409
    assert "Diese Zeit wurde gerade vergeben" in taken.text
    assert (
        "Mittwoch, 25.\xa0November, 09:00\xa0Uhr hat eben jemand anderes gebucht. Ihre Angaben sind noch da."
        in taken.text
    )
    assert "1\xa0Stunde später" in taken.text
    kept = hidden(taken)
    assert {name: kept[name] for name in typed} == typed
    assert kept["schluessel"] != hidden(details)["schluessel"]
    nearest = re.findall(r'name="zeit" value="([^"]+)"', taken.text)
    assert nearest == ["2026-11-25T07:00Z", "2026-11-25T09:00Z", "2026-11-25T09:30Z"]
    action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', taken.text)[1])
    done = client.post(action, data={**kept, "zeit": nearest[1]})
    assert done.status_code == 303
    assert "10:00" in client.get(done.headers["location"]).text
    assert len(bookings(garage)) == 3


def test_a_form_sent_twice_books_once(garage: Shop, client: TestClient) -> None:
    fields = {**hidden(client.get(form_address())), **MARIA}
    first, second = (client.post(form_address(), data=fields).headers["location"] for _ in range(2))
    assert first == second
    assert len(bookings(garage)) == 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Wie heißen Sie? Ihr Name fehlt noch."),
        ({"name": "x" * 121}, "name", "Das ist zu lang. Höchstens 120 Zeichen."),
        ({"mail": ""}, "mail", "Schreiben Sie uns eine E-Mail-Adresse oder eine Telefonnummer."),
        ({"mail": "maria@example"}, "mail", "Diese Adresse ist nicht vollständig. Beispiel: name@example.org"),
        ({"mail": "a" * 250 + "@example.org"}, "mail", "Diese Adresse ist nicht vollständig."),
        ({"mail": "a@example.org\nBcc: b@example.org"}, "mail", "Diese Adresse ist nicht vollständig."),
        ({"phone": "anrufen"}, "phone", "Das ist keine Telefonnummer."),
        ({"phone": "0" * 41}, "phone", "Das ist zu lang."),
        ({"note": "x" * 501}, "note", "Das ist zu lang. Höchstens 500 Zeichen."),
    ],
)
def test_each_wrong_field_says_what_to_do_and_keeps_what_was_typed(
    garage: Shop, client: TestClient, typed: dict[str, str], field: str, sentence: str
) -> None:
    wrong = send(client, {**MARIA, "note": "mit Anhänger", **typed})
    assert wrong.status_code == 422
    assert "<title>Fehler: Ihre Angaben" in wrong.text
    assert f'<a href="#{field}">' in wrong.text
    assert re.search(
        rf'<(input|textarea) id="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-fehler', wrong.text
    )
    assert sentence in html.unescape(wrong.text)
    kept = {**MARIA, "note": "mit Anhänger", **typed}
    assert all(html.escape(text.strip()) in wrong.text for text in kept.values() if len(text) < 100)
    assert bookings(garage) == []


def test_a_question_with_choices_is_answered_by_one_of_them(garage: Shop, client: TestClient) -> None:
    choices = "Ich bringe sie mit\nSie lagern bei Ihnen"
    offer(garage, 32, "Räder", ((AMIR,),), question="Wo sind Ihre Räder?", choices=choices)
    address = form_address(32)
    assert send(client, MARIA, address).text.count("Bitte wählen Sie eine der Antworten.") == 2
    foreign = send(client, {**MARIA, "answer": "Ganz woanders"}, address)
    assert foreign.status_code == 422
    assert send(client, {**MARIA, "answer": "Sie lagern bei Ihnen"}, address).status_code == 303
    assert garage.store.read("SELECT answer FROM booking") == [("Wo sind Ihre Räder? Sie lagern bei Ihnen",)]


def test_a_request_is_asked_for_and_not_booked(garage: Shop, client: TestClient) -> None:
    address = form_address(VALUATION)
    assert "Termin anfragen" in client.get(address).text
    receipt = client.get(send(client, MARIA, address).headers["location"])
    assert "Ihre Terminanfrage ist da" in receipt.text
    assert "Noch nicht bestätigt. Wir geben bis Mittwoch, 09:00\xa0Uhr Bescheid" in receipt.text
    assert "termin.ics" not in receipt.text


@pytest.mark.parametrize("change", [{"beleg": ""}, {"beleg": "x"}, {"schluessel": "other"}, {"schluessel": ""}])
def test_a_form_that_is_not_ours_books_nothing_and_keeps_what_was_typed(
    garage: Shop, client: TestClient, change: dict[str, str]
) -> None:
    answer = send(client, {**MARIA, **change})
    assert answer.status_code == 422
    assert "Die Seite war zu lange offen" in answer.text
    assert 'value="Maria Huber"' in answer.text
    assert bookings(garage) == []
    assert client.post(form_address(), data={**hidden(answer), **MARIA}).status_code == 303


def test_the_form_of_one_offering_or_of_yesterday_does_not_fit(
    garage: Shop, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = hidden(client.get(form_address(INSPECTION)))
    assert client.post(form_address(), data={**foreign, **MARIA}).status_code == 422
    old = hidden(client.get(form_address()))
    monkeypatch.setattr(token_fits, "__kwdefaults__", {"max_age": -1})
    assert client.post(form_address(), data={**old, **MARIA}).status_code == 422
    assert bookings(garage) == []


def test_a_machine_that_fills_in_every_field_books_nothing(garage: Shop, client: TestClient) -> None:
    page = client.get(form_address())
    trap = re.search(
        r'<div class="vh" aria-hidden="true">.*?<input name="(\w+)" tabindex="-1" autocomplete="off">', page.text
    )
    answer = send(client, {**MARIA, trap[1]: "https://spam.example"})
    assert answer.status_code == 422
    assert "Das hat nicht geklappt" in answer.text
    assert 'value="Maria Huber"' in answer.text
    assert "spam.example" not in answer.text
    assert bookings(garage) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Zoë 👩🏽‍🔧 Müller", "Zoë 👩🏽‍🔧 Müller"),
        ("\u202eMaria\u202c Huber", "Maria Huber"),
        ("Maria\0Huber\r\nSubject: x", "MariaHuber Subject: x"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7*7 }} {% raw %}", "{{ 7*7 }} {% raw %}"),
        ("مريم الحبر", "مريم الحبر"),
        ("Robert'); DROP TABLE booking;--", "Robert'); DROP TABLE booking;--"),
    ],
)
def test_names_of_every_kind_are_kept_as_one_harmless_line(
    garage: Shop, client: TestClient, name: str, kept: str
) -> None:
    again = send(client, {"name": name})  # no address: the form comes back
    assert again.status_code == 422
    assert "\0" not in again.text
    booked = send(client, {**MARIA, "name": name})
    assert bookings(garage)[0][0] == kept
    receipt = client.get(booked.headers["location"])
    assert html.escape(kept, quote=False).split("'")[0] in receipt.text
    assert "<script" not in receipt.text + again.text


def test_a_field_of_ten_megabytes_is_refused(garage: Shop, client: TestClient) -> None:
    answer = client.post(form_address(), data={**MARIA, "note": "x" * 10_000_000})
    assert answer.status_code == 422
    assert "Das ist zu groß." in answer.text
    assert bookings(garage) == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"=&=&=&" * 100, b"a=1&" * 300, b"%ff%00=%c3%28"])
def test_any_bytes_are_answered_with_a_page(garage: Shop, client: TestClient, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(form_address(), content=body, headers=headers).status_code == 422
    assert bookings(garage) == []


def test_pages_weigh_little_and_ask_nobody_else(garage: Shop, client: TestClient) -> None:
    for ident in range(50, 56):
        offer(garage, ident, f"Service Nummer {ident}", ((AMIR,),), description="Mit allem, was dazugehört.", step=15)
    style = len(client.get(style_address()).content)
    wrong = send(client, {"name": "", "mail": "x", "phone": "y", "note": "z" * 501})
    taken = client.get(form_address(when="2026-11-25T02:00Z"))
    paths = ["/termin", f"/termin/{TYRES}", "/termin/50?tag=2026-11-25", form_address(), "/impressum", "/datenschutz"]
    for page in (wrong, taken, *map(client.get, paths)):
        assert len(page.content) + style <= LONGEST_PAGE
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.text)
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_pages_are_guarded_and_the_stylesheet_is_kept_for_good(client: TestClient) -> None:
    for path in ("/termin", f"/termin/{TYRES}", form_address(), form_address(when="2026-11-25T02:00Z"), "/termin/9"):
        page = client.get(path)
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert page.headers["cache-control"] == "no-store"
    assert "immutable" in client.get(style_address()).headers["cache-control"]
    icon = client.get("/termin/zeichen.svg")
    assert icon.headers["content-type"] == "image/svg+xml"
    assert ">K</text>" in icon.text


def test_every_page_has_its_landmarks_one_heading_and_labels(garage: Shop, client: TestClient) -> None:
    for path in ("/termin", f"/termin/{TYRES}", f"/termin/{TYRES}?tag=2026-11-25", form_address(), "/impressum"):
        page = client.get(path).text
        assert '<a class="skip" href="#m">Zum Inhalt</a>' in page
        assert all(page.count(f"<{part}") == 1 for part in ("header class", "main id", "footer", "h1"))
        levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
        fields = set(re.findall(r'<(?:input|textarea) id="(\w+)"', page))
        assert fields == set(re.findall(r'<label for="(\w+)"', page))
        assert 'href="tel:+43316712233"' in page or "0512" in page


def test_the_pages_speak_english_in_every_word(garage: Shop, client: TestClient) -> None:
    offer(garage, 40, "Booked out", ((AMIR,),), horizon_days=1, notice_minutes=4 * 24 * 60)
    client.cookies.set("sprache", "en")
    paths = ["/termin", f"/termin/{TYRES}", f"/termin/{TYRES}?tag=2026-11-25", f"/termin/{TYRES}?tag=2026-11-28",
             f"/termin/{TYRES}?ab=2026-12-04", "/termin/40", f"/termin/{TYRES}?ab=2028-01-01", form_address(),
             form_address(VALUATION), form_address(when="2026-11-25T02:00Z"), "/termin/999"]  # fmt: skip
    pages = [client.get(path) for path in paths]
    pages += [send(client, {"name": ""}), send(client, {"beleg": "x"}), send(client, {"mail": "x", "phone": "y"})]
    assert [(page.url.path, german_in(page)) for page in pages if german_in(page)] == []
    assert "Wednesday, 25\xa0November, 09:00" in pages[7].text
    assert "Give us an email address or a phone number." in pages[11].text
    assert "Next week (week 49)" in pages[1].text
    assert "€49.00" in pages[0].text


def test_the_switch_of_the_language_keeps_day_and_time(garage: Shop) -> None:
    for path in (f"/termin/{TYRES}?tag=2026-11-25", form_address()):
        client = browser()
        link = next(link for link in links(client.get(path)) if "sprache=en" in link)
        answer = client.get(path.partition("?")[0] + link)
        assert answer.status_code == 303
        assert answer.headers["location"].replace("%3A", ":") == path


def test_a_booking_is_made_in_the_language_of_its_form(garage: Shop, client: TestClient) -> None:
    client.cookies.set("sprache", "en")
    assert "Your appointment is booked" in client.get(send(client, MARIA).headers["location"]).text
    assert garage.store.read("SELECT language FROM booking") == [("en",)]


def test_without_a_mailbox_nothing_is_promised_by_mail(shop: Shop) -> None:
    open_garage(shop)
    client = browser()
    assert "Bestätigung und Erinnerung" not in client.get(form_address()).text
    receipt = client.get(send(client, MARIA).headers["location"])
    assert "Heben Sie die Adresse dieser Seite auf" in receipt.text
    assert "maria.huber" not in receipt.text


def test_what_can_no_longer_be_cancelled_is_not_promised(garage: Shop, client: TestClient) -> None:
    soon = form_address(when="2026-11-23T12:00Z")
    clock_of(garage).now = at(23, 11, 30)
    assert "bis 2\xa0Stunden vorher" not in client.get(soon).text
    assert "Absagen können Sie kostenlos: Rufen Sie uns an." in client.get(soon).text
    assert "bis 2\xa0Stunden vorher" in client.get(form_address()).text


def test_a_booking_that_needs_a_lift_is_refused_when_the_lift_is_gone(garage: Shop, client: TestClient) -> None:
    details = client.get(form_address(INSPECTION))
    with garage.store.write() as tx:
        tx.run("UPDATE resource SET active = false WHERE id = $id", {"id": LIFT_1})
    answer = client.post(form_address(INSPECTION), data={**hidden(details), **MARIA})
    assert answer.status_code == 409
    assert "Alle freien Zeiten ansehen" in answer.text


def test_a_shop_without_vat_does_not_speak_of_it(garage: Shop, client: TestClient) -> None:
    assert "USt." in client.get("/termin").text
    with garage.store.write() as tx:
        put_settings(tx, {"small_business": True}, garage.now())
    for address in ("/termin", form_address()):
        page = client.get(address).text
        assert "€" in page
        assert "USt." not in page
