"""The page behind the secret link: what it shows, and that only a person who sends a form changes anything."""

from __future__ import annotations

import re
from collections import deque

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

import data.bookings
from data.booking_records import Booking, BookingState
from data.records import Actor, StaffRole
from pages.web.frame import style_address
from services.bookings import cancel_booking, confirm_booking, decline_booking, mark_booking
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import AMIR, TYRES, VALUATION, at, book, offer
from tests.web.conftest import browser, staff_id
from tests.web.test_booking_pages import LONGEST_PAGE, clock_of, hidden, links
from tests.web.test_language import german_in

SECRET_HEADERS = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow", "cache-control": "no-store"}
THURSDAY_10 = "2026-11-26T09:00Z"


@pytest.fixture
def mine(garage: Shop) -> Booking:
    return book(garage, at(25, 9), "mine")


@pytest.fixture
def client(garage: Shop) -> TestClient:
    return browser()


@pytest.fixture
def sandra(garage: Shop) -> Actor:
    return Actor(staff_id(garage, "Sandra Kofler"), "Sandra Kofler", StaffRole.OWNER, "de", "x")


def now_of(shop: Shop, booking: Booking) -> Booking:
    found = data.bookings.read_booking(shop.store, booking.id)
    assert found is not None
    return found


def kept_rows(shop: Shop) -> list[object]:
    """Everything a visit could change."""
    tables = ("booking", "booking_event", "occupancy", "message", "outbox", "customer", "customer_contact", "inquiry")
    return [sorted(map(repr, shop.store.read(f"SELECT * FROM {table}"))) for table in tables]


def test_the_page_shows_the_booking_and_until_when_it_can_be_changed(client: TestClient, mine: Booking) -> None:
    page = client.get(f"/t/{mine.secret}")
    assert page.status_code == 200
    for words in ("Ihr Termin ist bestätigt", "Maria Huber", "Reifenwechsel", mine.number, "€\xa049,00 inkl.\xa0USt."):
        assert words in page.text
    assert "Mittwoch, 25.\xa0November" in page.text
    assert "bis Mittwoch, 07:00\xa0Uhr. Danach rufen Sie uns bitte an." in page.text
    assert "maria.huber@example.org" not in page.text


def test_every_answer_below_the_secret_is_told_to_nobody_and_kept_nowhere(client: TestClient, mine: Booking) -> None:
    paths = ["", "/verschieben", f"/verschieben?zeit={THURSDAY_10}", "/adresse", "/termin.ics", "/absagen"]
    answers = [client.get(f"/t/{mine.secret}{path}") for path in paths]
    answers += [client.post(f"/t/{mine.secret}/absagen", data={}), client.get(f"/t/{'x' * 22}")]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SECRET_HEADERS} == SECRET_HEADERS


@pytest.mark.parametrize("secret", ["x", "x" * 22, "' OR 1=1 --", "é" * 22, "%00", "x" * 5000])
def test_an_unknown_secret_gets_one_sentence_and_the_phone(client: TestClient, mine: Booking, secret: str) -> None:
    for path in ("", "/verschieben", "/adresse", "/termin.ics", "/absagen"):
        answer = client.get(f"/t/{secret}{path}")
        assert answer.status_code == 404
        assert "tel:" in answer.text
        assert mine.number not in answer.text
    assert "Dieser Link gilt nicht mehr. Bitte rufen Sie uns an." in client.get(f"/t/{secret}").text


def test_a_scanner_that_opens_every_link_of_every_page_changes_nothing(
    garage: Shop, client: TestClient, mine: Booking
) -> None:
    asked = book(garage, at(26, 9), "asked", VALUATION)
    before, seen = kept_rows(garage), set()
    waiting = deque([f"/t/{mine.secret}", f"/t/{asked.secret}", f"/t/{mine.secret}?fertig"])
    while waiting and len(seen) < 120:
        path = waiting.popleft()
        if path not in seen and "sprache" not in path:
            seen.add(path)
            page = client.get(path)
            assert page.status_code in {200, 303}
            assert client.head(path).status_code == page.status_code
            forms = re.findall(r'action="([^"]+)"', page.text)
            waiting += [link if link.startswith("/") else path.partition("?")[0] + link for link in links(page) + forms]
    assert {path.rpartition("/")[2] for path in seen} >= {"absagen", "adresse", "verschieben", "termin.ics", "termin"}
    assert any("verschieben?zeit=" in path for path in seen)
    assert kept_rows(garage) == before


def test_calling_off_asks_first_and_thanks_then(garage: Shop, client: TestClient, mine: Booking) -> None:
    page = client.get(f"/t/{mine.secret}")
    answer = client.post(f"/t/{mine.secret}/absagen", data={**hidden(page), "grund": "Bin\nkrank \0🤒"})
    assert answer.headers["location"] == f"/t/{mine.secret}?abgesagt"
    gone = client.get(answer.headers["location"])
    assert "Ihr Termin ist abgesagt" in gone.text
    assert "Danke, dass Sie Bescheid geben." in gone.text
    assert "<s>Mittwoch" in gone.text
    assert f'href="/termin/{TYRES}"' in gone.text
    assert now_of(garage, mine).state is BookingState.CANCELLED
    again = client.post(f"/t/{mine.secret}/absagen", data=hidden(page))
    assert again.status_code == 303
    assert "termin.ics" not in gone.text
    assert client.get(f"/t/{mine.secret}/termin.ics").status_code == 404


def test_the_reason_is_still_there_when_it_has_to_be_sent_once_more(client: TestClient, mine: Booking) -> None:
    stale = client.post(f"/t/{mine.secret}/absagen", data={"grund": "Bin \0krank"})
    assert 'value="Bin krank"' in stale.text
    assert '<details class="gap" open>' in stale.text
    assert "Bitte senden Sie es noch einmal." in stale.text
    assert '<details class="gap">' in client.get(f"/t/{mine.secret}").text


def test_where_nothing_can_be_sent_any_more_the_reason_stays_in_sight_beside_the_phone(
    garage: Shop, client: TestClient, sandra: Actor, mine: Booking
) -> None:
    clock_of(garage).now = at(25, 7, 1)
    late = client.post(f"/t/{mine.secret}/absagen", data={"grund": "Bin krank"})
    cancel_booking(garage, sandra, mine.id, "")
    gone = client.post(f"/t/{mine.secret}/absagen", data={"grund": "Bin krank"})
    for page in (late, gone):
        assert page.status_code == 422
        assert "Bitte senden Sie es noch einmal." not in page.text
        assert re.search(r"<textarea[^>]* readonly[^>]*>Bin krank</textarea>", page.text)
        assert 'class="btn" href="tel:' in page.text


def test_a_reason_that_is_too_long_is_given_back_whole(garage: Shop, client: TestClient, mine: Booking) -> None:
    reason = "x" * 501
    page = client.get(f"/t/{mine.secret}")
    assert "maxlength" not in page.text
    refused = client.post(f"/t/{mine.secret}/absagen", data={**hidden(page), "grund": reason})
    assert f'value="{reason}"' in refused.text
    assert "Höchstens 500 Zeichen." in refused.text
    assert now_of(garage, mine).state is BookingState.CONFIRMED


@pytest.mark.parametrize("path", ["absagen", "verschieben", "adresse"])
def test_a_form_that_is_not_ours_changes_nothing(garage: Shop, client: TestClient, mine: Booking, path: str) -> None:
    other = book(garage, at(26, 9), "other")
    foreign = hidden(client.get(f"/t/{other.secret}"))
    before = kept_rows(garage)
    for fields in ({}, {"beleg": "x", "schluessel": "y"}, foreign):
        data = {**fields, "zeit": THURSDAY_10, "mail": "neu@example.org", "grund": "x"}
        answer = client.post(f"/t/{mine.secret}/{path}", data=data)
        assert answer.status_code == 422
        assert "Die Seite war zu lange offen" in answer.text
        assert "<title>Fehler: " in answer.text
    assert kept_rows(garage) == before


def test_moving_offers_the_own_time_too_and_asks_before_it_moves(
    garage: Shop, client: TestClient, mine: Booking
) -> None:
    book(garage, at(25, 9), "second")  # now both lifts are taken
    assert "?zeit=2026-11-25T08:30Z" in client.get(f"/t/{mine.secret}/verschieben?tag=2026-11-25").text
    days = client.get(f"/t/{mine.secret}/verschieben")
    assert "bisher Mittwoch, 25.\xa0November, 09:00\xa0Uhr" in days.text
    question = client.get(f"/t/{mine.secret}/verschieben?zeit={THURSDAY_10}")
    assert "Auf diese Zeit verschieben?" in question.text
    assert "Donnerstag, 26.\xa0November" in question.text
    moved = client.post(f"/t/{mine.secret}/verschieben", data=hidden(question))
    assert moved.headers["location"] == f"/t/{mine.secret}?verschoben"
    assert now_of(garage, mine).starts_at == at(26, 10)
    assert "Ihr Termin ist verschoben" in client.get(moved.headers["location"]).text
    assert client.post(f"/t/{mine.secret}/verschieben", data=hidden(question)).status_code == 303
    assert now_of(garage, mine).sequence == mine.sequence + 1


def test_who_moves_too_late_gets_the_nearest_times_and_keeps_the_old_one(
    garage: Shop, client: TestClient, mine: Booking
) -> None:
    question = client.get(f"/t/{mine.secret}/verschieben?zeit={THURSDAY_10}")
    book(garage, at(26, 10), "one")
    book(garage, at(26, 10), "two")
    taken = client.post(f"/t/{mine.secret}/verschieben", data=hidden(question))
    assert taken.status_code == 409
    assert "Ihr Termin bleibt, wie er ist." in taken.text
    assert now_of(garage, mine).starts_at == at(25, 9)
    assert client.get(f"/t/{mine.secret}/verschieben?zeit={THURSDAY_10}").status_code == 409
    nearest = re.findall(r'name="zeit" value="([^"]+)"', taken.text)
    done = client.post(f"/t/{mine.secret}/verschieben", data={**hidden(taken), "zeit": nearest[0]})
    assert done.status_code == 303
    assert now_of(garage, mine).starts_at == at(26, 9)


def test_after_the_deadline_there_is_the_phone_and_no_form(garage: Shop, client: TestClient, mine: Booking) -> None:
    form = hidden(client.get(f"/t/{mine.secret}"))
    question = client.get(f"/t/{mine.secret}/verschieben?zeit={THURSDAY_10}")
    clock_of(garage).now = at(25, 7, 1)
    page = client.get(f"/t/{mine.secret}")
    assert "<form" not in page.text
    assert page.text.count("tel:") == 2
    assert client.get(f"/t/{mine.secret}/verschieben").headers["location"] == f"/t/{mine.secret}"
    for path, fields in (("absagen", form), ("verschieben", hidden(question))):
        late = client.post(f"/t/{mine.secret}/{path}", data=fields)
        assert late.status_code == 422
        assert "Dafür ist es zu spät. Bitte rufen Sie uns an." in late.text
    assert now_of(garage, mine).state is BookingState.CONFIRMED
    assert now_of(garage, mine).starts_at == at(25, 9)


def test_a_request_that_was_accepted_is_moved_by_phone_only(garage: Shop, client: TestClient, sandra: Actor) -> None:
    asked = book(garage, at(26, 9), "asked", VALUATION)
    assert "Ihre Terminanfrage ist da" in client.get(f"/t/{asked.secret}").text
    confirm_booking(garage, sandra, asked.id)
    page = client.get(f"/t/{asked.secret}")
    assert "Zum Verschieben rufen Sie uns bitte an." in page.text
    assert "/verschieben" not in page.text
    assert "Ja, Termin absagen" in page.text


def test_each_end_of_a_booking_is_said_plainly(garage: Shop, client: TestClient, sandra: Actor, mine: Booking) -> None:
    declined, lapsed = (book(garage, at(day, 9), f"{day}", VALUATION) for day in (26, 27))
    decline_booking(garage, sandra, declined.id, "")
    assert "Diese Zeit geht leider nicht" in client.get(f"/t/{declined.secret}").text
    with garage.store.write() as tx:
        data.bookings.change_booking(tx, lapsed.id, state=BookingState.LAPSED)
    assert "Wir haben nicht rechtzeitig geantwortet" in client.get(f"/t/{lapsed.secret}").text
    cancel_booking(garage, sandra, mine.id, "Die Bühne ist defekt.")
    gone = client.get(f"/t/{mine.secret}").text
    assert "Ihr Termin ist abgesagt" in gone
    assert "Danke" not in gone


@pytest.mark.parametrize("state", [BookingState.DONE, BookingState.NO_SHOW, BookingState.CONFIRMED])
def test_a_past_booking_is_over(
    garage: Shop, client: TestClient, sandra: Actor, mine: Booking, state: BookingState
) -> None:
    mark_booking(garage, sandra, mine.id, state)
    clock_of(garage).now = at(25, 17)
    page = client.get(f"/t/{mine.secret}").text
    assert "Dieser Termin ist vorbei" in page
    assert "<form" not in page
    assert "Neuen Termin buchen" in page


def test_while_it_lasts_nothing_is_to_be_changed(garage: Shop, client: TestClient, mine: Booking) -> None:
    clock_of(garage).now = at(25, 9, 30)
    page = client.get(f"/t/{mine.secret}").text
    assert "Ihr Termin ist bestätigt" in page
    assert "Passt es doch nicht?" not in page


def test_a_wrong_address_is_corrected(garage: Shop, client: TestClient, mine: Booking) -> None:
    assert f"/t/{mine.secret}/adresse" in client.get(f"/t/{mine.secret}?fertig").text
    page = client.get(f"/t/{mine.secret}/adresse")
    assert 'value="maria.huber@example.org"' in page.text
    wrong = client.post(f"/t/{mine.secret}/adresse", data={**hidden(page), "mail": "maria@\0example"})
    assert wrong.status_code == 422
    assert "Diese Adresse ist nicht vollständig." in wrong.text
    assert 'value="maria@example"' in wrong.text
    done = client.post(f"/t/{mine.secret}/adresse", data={**hidden(wrong), "mail": "Maria@example.org"})
    assert done.headers["location"] == f"/t/{now_of(garage, mine).secret}?adresse"
    assert client.get(f"/t/{mine.secret}").status_code == 404  # who got the mail at the wrong address holds this one
    assert "Die Bestätigung geht an maria@example.org." in client.get(done.headers["location"]).text
    assert now_of(garage, mine).mail == "maria@example.org"


def test_who_gave_a_phone_number_only_is_not_asked_for_an_address(garage: Shop, client: TestClient) -> None:
    called = book(garage, at(25, 9), "phone", mail="", phone="0664 123 45 67")
    assert "adresse" not in client.get(f"/t/{called.secret}?fertig").text
    assert client.get(f"/t/{called.secret}/adresse").headers["location"] == f"/t/{called.secret}"


def test_the_calendar_file_is_a_download_of_one_event(garage: Shop, client: TestClient, mine: Booking) -> None:
    with garage.store.write() as tx:
        put_settings(tx, {"name": "Kfz Müller & Söhne / Graz"}, garage.now())
    answer = client.get(f"/t/{mine.secret}/termin.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"] == 'attachment; filename="termin-kfz-mueller-soehne-graz.ics"'
    calendar = Calendar.from_ical(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [mine.uid]


def test_what_to_bring_stands_on_the_receipt_thing_by_thing(garage: Shop, client: TestClient) -> None:
    offer(garage, 33, "Räder", ((AMIR,),), bring="Ihre Räder; den Adapter für das Felgenschloss")
    page = client.get(f"/t/{book(garage, at(25, 9), 'bring', 33).secret}?fertig").text
    assert "<li>Ihre Räder</li><li>den Adapter für das Felgenschloss</li>" in page


def test_an_offering_that_is_gone_leaves_the_booking_readable(garage: Shop, client: TestClient, mine: Booking) -> None:
    with garage.store.write() as tx:
        tx.run("UPDATE offering SET active = false WHERE id = $id", {"id": TYRES})
    page = client.get(f"/t/{mine.secret}")
    assert page.status_code == 200
    assert "/verschieben" not in page.text
    assert client.get(f"/t/{mine.secret}/verschieben").status_code == 303


def test_the_pages_speak_english_in_every_word_and_weigh_little(
    garage: Shop, client: TestClient, sandra: Actor, mine: Booking
) -> None:
    client.cookies.set("sprache", "en")
    asked = book(garage, at(26, 9), "asked", VALUATION)
    lapsed = book(garage, at(27, 9), "lapsed", VALUATION)
    with garage.store.write() as tx:
        data.bookings.change_booking(tx, lapsed.id, state=BookingState.LAPSED)
    paths = ["", "?fertig", "?verschoben", "/verschieben", "/verschieben?tag=2026-11-26", "/adresse",
             f"/verschieben?zeit={THURSDAY_10}", "/verschieben?zeit=2026-11-26T02:00Z"]  # fmt: skip
    pages = [client.get(f"/t/{mine.secret}{path}") for path in paths]
    stale = {"zeit": THURSDAY_10}
    pages += [client.post(f"/t/{mine.secret}/{name}", data=stale) for name in ("absagen", "verschieben", "adresse")]
    pages += [client.get(f"/t/{ident}") for ident in (asked.secret, lapsed.secret, "x" * 22)]
    decline_booking(garage, sandra, asked.id, "")
    pages.append(client.get(f"/t/{asked.secret}"))
    client.post(f"/t/{mine.secret}/absagen", data=hidden(pages[0]))
    pages.append(client.get(f"/t/{mine.secret}?abgesagt"))
    assert [(page.url.path, german_in(page)) for page in pages if german_in(page)] == []
    style = len(client.get(style_address()).content)
    assert max(len(page.content) for page in pages) + style <= LONGEST_PAGE
    assert "Your appointment is cancelled" in pages[-1].text
