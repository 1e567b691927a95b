"""The day's list and the poster: what stands on them, for whom, and that they are one page each."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from data.records import Actor, StaffRole
from pages.login.gate import session_cookie
from pages.web.printing import Layout, lay_out
from services.bookings import Entry, enter_booking
from services.offerings import add_block
from services.promises import list_promises, move_promise, promise_callback, try_promise
from services.settings import put_settings
from services.shop import Shop
from services.staff import sign_in
from tests.bookable import AMIR, VALUATION, at, offer, open_garage
from tests.browser.theke import ARGUMENTS, find_chromium
from tests.builders import MONDAY, Furnish, connect, letter, only_inquiry, receive
from tests.web.conftest import PAGE, browser, set_up, staff_id

DAY = "2026-11-25"
LIST, POSTER = f"/intern/tagesplan?tag={DAY}", "/intern/plakat"
SHORT = 31  # an offering of five minutes that needs Amir alone


def open_house(shop: Shop) -> None:
    set_up(shop)
    open_garage(shop)
    offer(shop, SHORT, "Reifendruck prüfen", ((AMIR,),), duration=5)


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> Furnish:
    return open_house if "garage" in request.fixturenames else set_up


@pytest.fixture
def who(shop: Shop) -> Actor:
    return Actor(staff_id(shop, "Amir Haddad"), "Amir Haddad", StaffRole.STAFF, "de", "s")


def enter(shop: Shop, who: Actor, count: int) -> None:
    """So many short bookings in a row, with words of usual length."""
    for number in range(count):
        when = at(25, 8) + timedelta(minutes=10 * number)
        entry = Entry(SHORT, when, f"Kundin Nummer {number}", "0316 71 22 33", "bringt Räder mit, Felgenschloss")
        enter_booking(shop, who, entry, despite=True)


def pages_of(html: str, folder: Path) -> list[str]:
    """The text of each page that a browser prints."""
    (folder / "page.html").write_text(html, encoding="utf-8")
    command = [find_chromium(), "--headless", *ARGUMENTS, f"--print-to-pdf={folder / 'page.pdf'}"]
    subprocess.run([*command, folder / "page.html"], capture_output=True, check=True, timeout=60)
    done = subprocess.run(["pdftotext", "-layout", folder / "page.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f").split("\f")


needs_printer = pytest.mark.skipif(
    not find_chromium() or not shutil.which("pdftotext"), reason="needs chromium and poppler-utils"
)


def test_the_list_says_who_comes_when_for_what_and_with_whom(garage: Shop, who: Actor, amir: TestClient) -> None:
    enter_booking(garage, who, Entry(VALUATION, at(25, 9), "Maria Huber", "0316 71 22 33", "wartet im Büro"))
    html = amir.get(LIST).text
    for words in ("Mittwoch, 25. November 2026", "Ein Termin", "09:00", "10:00", "Maria Huber", "Begutachtung"):
        assert words in html
    assert "wartet im Büro" in html
    assert "geöffnet 08:00–12:00, 13:00–17:00 Uhr" in html
    assert "Amir" in html


def test_words_of_customers_are_text(garage: Shop, who: Actor, amir: TestClient) -> None:
    enter_booking(garage, who, Entry(VALUATION, at(25, 9), "<b>Eva</b>", "0316 71 22 33", "<img src=x> {{ 7*7 }}"))
    html = amir.get(LIST).text
    assert "<img" not in html
    assert "&lt;b&gt;Eva" in html
    assert "{{ 7*7 }}" in html


def test_promised_calls_and_absences_stand_on_it(garage: Shop, who: Actor, amir: TestClient) -> None:
    connect(garage)
    receive(garage, letter("Preis Kupplung", sender="Renate Fuchs <renate@example.org>"))
    inquiry = only_inquiry(garage).id
    due = at(25, 14)
    promise_callback(garage, who, inquiry, staff_id=who.staff_id, phone="0316 71 22 44", due_at=due, topic="Kupplung")
    add_block(garage, who, AMIR, at(25, 8), at(25, 10), "Arzt")
    html = amir.get(LIST).text
    assert "bis 14:00" in html
    assert "Kupplung" in html
    assert "Amir nicht da 08:00–10:00" in html
    assert "bis 14:00" not in amir.get("/intern/tagesplan?tag=2026-11-26").text
    (call,) = list_promises(garage, who)
    move_promise(garage, who, call.id, due, at(25, 13))
    try_promise(garage, who, call.id)
    html = amir.get(LIST).text
    assert "13:00–14:00" in html
    assert "1-mal versucht" in html


def test_without_a_day_it_is_todays_with_what_is_late(garage: Shop, who: Actor, amir: TestClient) -> None:
    assert "Montag, 23. November 2026" in amir.get("/intern/tagesplan").text


def test_a_shop_that_is_closed_says_so(garage: Shop, amir: TestClient) -> None:
    html = amir.get("/intern/tagesplan?tag=2026-11-29").text
    assert "Keine Termine" in html
    assert "geschlossen" in html


@pytest.mark.parametrize("day", ["gestern", "2026-13-01", "0001-01-01", "9999-12-31", "%00"])
def test_what_is_no_day_is_refused(garage: Shop, amir: TestClient, day: str) -> None:
    assert amir.get(f"/intern/tagesplan?tag={day}").status_code == 422


@pytest.mark.parametrize("address", [LIST, POSTER])
def test_nobody_prints_without_a_session(garage: Shop, address: str) -> None:
    assert browser().get(address, headers=PAGE).status_code == 401


def test_the_poster_leads_to_the_address_of_the_settings(garage: Shop, amir: TestClient) -> None:
    with garage.store.write() as tx:
        put_settings(tx, {"public_url": "https://kfz-muster.example"}, MONDAY)
    html = amir.get(POSTER, headers={"host": "evil.example"}).text
    assert "kfz-muster.example/termin" in html
    assert html.count("<svg") == 1
    assert "evil" not in html
    assert "0316 71 22 33" in html
    assert "Theke" not in re.sub(r"<style.*?</style>", "", html, flags=re.S)


def test_without_an_address_the_poster_says_where_to_enter_it(garage: Shop, amir: TestClient) -> None:
    html = amir.get(POSTER).text
    assert "Adresse im Internet" in html
    assert "<svg role" not in html
    assert "qr" not in html


def test_rows_first_take_the_place_of_the_lines_then_move_together() -> None:
    assert lay_out([], 0) == (Layout.WIDE, 6)
    assert lay_out([14.3] * 10, 2) == (Layout.WIDE, 6)
    assert lay_out([14.3] * 13, 0) == (Layout.WIDE, 3)
    assert lay_out([14.3] * 16, 0) == (Layout.WIDE, 0)
    assert lay_out([14.3] * 17, 0) == (Layout.TIGHT, 0)
    assert lay_out([14.3] * 26, 0) == (Layout.TIGHT, 0)
    assert lay_out([14.3] * 28, 0)[0] is Layout.LONG


@needs_printer
@pytest.mark.parametrize("count", [10, 13, 16, 26])
def test_a_day_is_one_page(garage: Shop, who: Actor, amir: TestClient, tmp_path: Path, count: int) -> None:
    enter(garage, who, count)
    pages = pages_of(amir.get(LIST).text, tmp_path)
    assert len(pages) == 1
    assert pages[0].count("Kundin Nummer") == count
    assert "vernichten" in pages[0]


@needs_printer
@pytest.mark.parametrize("count", [9, 26])
def test_long_names_and_notes_do_not_break_the_page(
    garage: Shop, who: Actor, amir: TestClient, tmp_path: Path, count: int
) -> None:
    for number in range(count):
        name = f"Dr. Anna-Katharina Steininger-Wallner von der Au {number}"
        note = "bringt die Räder mit, hat ein Felgenschloss, wartet im Büro und braucht einen Ersatzwagen bis abends"
        when = at(25, 8) + timedelta(minutes=10 * number)
        mail = "anna.katharina.steininger-wallner@example.org"
        enter_booking(garage, who, Entry(SHORT, when, name, mail, note), despite=True)
    pages = pages_of(amir.get(LIST).text, tmp_path)
    assert len(pages) == 1
    assert pages[0].count("Anna") >= count


@needs_printer
def test_a_very_full_day_goes_on_with_its_head(garage: Shop, who: Actor, amir: TestClient, tmp_path: Path) -> None:
    enter(garage, who, 45)
    pages = pages_of(amir.get(LIST).text, tmp_path)
    assert len(pages) == 2
    assert all("25. November 2026" in page and "Hinweis" in page for page in pages)


@needs_printer
def test_the_poster_is_one_page(garage: Shop, amir: TestClient, tmp_path: Path) -> None:
    with garage.store.write() as tx:
        put_settings(tx, {"public_url": "https://kfz-muster.example", "name": "Kfz Muster " * 8}, MONDAY)
    assert len(pages_of(amir.get(POSTER).text, tmp_path)) == 1


@pytest.fixture
def sandra(shop: Shop) -> TestClient:
    """The owner's browser, signed in."""
    client = browser()
    client.cookies.set(session_cookie(), sign_in(shop, staff_id(shop, "Sandra Kofler"), "271828", "192.168.0.8"))
    return client


@pytest.mark.usefixtures("garage")
def test_the_look_back_is_for_owners_alone(sandra: TestClient, amir: TestClient) -> None:
    html = sandra.get("/intern/rueckblick").text
    for words in ("Rückblick", "KW 47: 16.11.2026–22.11.2026", "In dieser Woche kam keine Anfrage.", "Was ändern Sie"):
        assert words in html
    refused = amir.get("/intern/rueckblick")
    assert (refused.status_code, refused.text) == (403, "Das darf nur, wer Inhaber ist.")


@needs_printer
def test_the_look_back_prints_on_one_page(garage: Shop, sandra: TestClient, tmp_path: Path) -> None:
    with garage.store.write() as tx:
        tx.insert("measure", {**_MEASURE, "id": tx.new_id(), "title": "Wir rufen <b>alle</b> zurück, " * 4})
    (page,) = pages_of(sandra.get("/intern/rueckblick").text, tmp_path)
    assert "Wir rufen <b>alle</b> zurück" in page
    assert "Rückrufe gehalten: noch nichts zu zählen" in page


_MEASURE = {
    "figure": "callbacks",
    "staff_id": None,
    "begins_on": date(2026, 11, 9),
    "due_on": None,
    "ended_on": None,
    "created_at": MONDAY,
}
