"""The page behind the secret link of an inquiry, as a browser without JavaScript meets it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from time import process_time

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from data.records import Actor, CloseReason, StaffRole
from data.status_pages import StatusPage
from pages.web.frame import style_address
from services.closing import close_inquiry, dismiss_inquiry
from services.inquiries import plan_next_step
from services.inquiry_form import ask
from services.noting import add_note, log_call
from services.ratings import note_rating, read_rating
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import at
from tests.builders import hire, letter, receive
from tests.services.test_inquiry_form import MARIA, WORDS, form
from tests.services.test_status_pages import ANNA, reply
from tests.web.conftest import browser
from tests.web.test_booking_pages import clock_of, links
from tests.web.test_inquiry_pages import light
from tests.web.test_language import german_in
from tests.web.test_own_booking import SECRET_HEADERS

CANARY = "Kanarienvogel"
FORMS = ("nachricht", "rueckruf", "bewertung", "worte")


@pytest.fixture
def anna(garage: Shop) -> Actor:
    return hire(garage, ANNA, StaffRole.OWNER)


@pytest.fixture
def page(garage: Shop) -> StatusPage:
    return ask(garage, form(name="Maria Huber"))


@pytest.fixture
def client(page: StatusPage) -> TestClient:
    return browser()


def by_mail(page: StatusPage) -> StatusPage:
    """The page as the link in our mails opens it."""
    return replace(page, secret=page.mail_secret)


def show(client: TestClient, page: StatusPage, rest: str = "") -> Response:
    return client.get(f"/s/{page.secret}{rest}")


def post(client: TestClient, page: StatusPage, to: str, **typed: str) -> Response:
    """One of the page's forms, filled in and sent; of a form that is not there the empty one."""
    text = show(client, page).text
    found = re.search(rf'<form method="post" action="/s/{page.secret}/{to}".*?</form>', text, re.S)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0] if found else "")
    return client.post(
        f"/s/{page.secret}/{to}", data={**{name: html.unescape(value) for name, value in hidden}, **typed}
    )


def rows(shop: Shop) -> list[list[tuple[object, ...]]]:
    tables = ("message", "event", "promise", "status_page", "rating", "customer_contact")
    return [shop.store.read(f"SELECT count(*), max(rowid) FROM {table}") for table in tables]


def test_ask_add_call_and_rate_without_a_script(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    assert "Wir sind dran" in show(client, page).text
    assert "Wie zufrieden" not in show(client, page).text
    assert post(client, page, "nachricht", words="Er ist von 2016.").headers["location"].endswith("?nachricht")
    assert "Ihre Nachricht ist bei uns." in show(client, page, "?nachricht").text
    asked = post(client, page, "rueckruf", phone="0664 123 45 67", call_by="2026-11-24T11:00Z")
    assert asked.status_code == 303
    told = show(client, page, "?rueckruf").text
    assert "Notiert: Wir rufen am Dienstag, 24.\xa0November, zwischen 08:00 und 12:00\xa0Uhr an." in told
    called = show(client, page).text
    assert '<option value="2026-11-24T11:00Z" selected>' in called
    assert "Rückruf lieber zu einer anderen Zeit?" in called
    assert "Rückruf zugesagt: <b>Dienstag, 24.\xa0November, zwischen 08:00 und 12:00\xa0Uhr</b>" in called
    assert "Bitte rufen Sie mich zurück: Dienstag, 24.\xa0November, 08:00 bis 12:00\xa0Uhr." in called
    assert re.findall(r'type="tel" value="([^"]*)"', called) == ["0664 1234567"]
    reply(garage, anna, page.inquiry_id, "Ja, um € 89,00.")
    assert "Unsere Antwort liegt in Ihrem E-Mail-Postfach." in show(client, page).text
    page = by_mail(page)
    answered = show(client, page).text
    assert "Beantwortet" in answered
    assert f"{ANNA} hat Ihnen heute um 10:42\xa0Uhr geantwortet." in answered
    assert "Ja, um €\xa089,00." in answered
    assert re.findall(r'name="value" value="(\d)">([^<]+)<', answered)[0] == ("5", "Sehr zufrieden")
    assert post(client, page, "bewertung", value="4").headers["location"].endswith("?bewertung")
    assert "Danke. Ihre Antwort: zufrieden" in show(client, page).text
    assert post(client, page, "worte", words="Schnell und freundlich.").status_code == 303
    assert "Schnell und freundlich." in show(client, page).text
    assert "Wie zufrieden" in show(client, page, "?anders").text
    rating = read_rating(garage.store, page.inquiry_id)
    assert rating is not None
    assert (rating.value, rating.words) == (4, "Schnell und freundlich.")


def test_late_it_says_so_with_the_phone(garage: Shop, client: TestClient, anna: Actor, page: StatusPage) -> None:
    clock_of(garage).now = at(23, 16, 5)
    late = show(client, page).text
    assert "Wir sind später dran als versprochen" in late
    assert "Zugesagt war heute,\xa016:00\xa0Uhr." in late
    assert "meldet sich bis" not in late
    assert "melden uns bis" not in late
    assert late.count("tel:") == 2
    plan_next_step(garage, anna, page.inquiry_id, CANARY, at(24, 9))
    told = show(client, page).text
    assert "Wir melden uns bis <b>Dienstag, 24.\xa0November, 09:00\xa0Uhr</b>" in told
    assert CANARY not in told


def test_no_word_of_the_shops_own_reaches_the_page(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    add_note(garage, anna, page.inquiry_id, CANARY)
    log_call(garage, anna, page.inquiry_id, words=CANARY, reached=False)
    receive(garage, letter(CANARY, subject=f"Weg [#{page.inquiry_id}]", Auto_Submitted="auto-replied"))
    receive(garage, letter(CANARY, sender=f"Maria <{MARIA}>", subject="Etwas anderes"))
    with garage.store.write() as tx:
        tx.run("UPDATE inquiry SET subject = $words", {"words": CANARY})
        tx.run("UPDATE customer SET note = $words, name = $words", {"words": CANARY})
    log_call(garage, anna, page.inquiry_id, words=CANARY, reached=True)
    for rest in ("", "?da", "/verlauf", "?nachricht"):
        assert CANARY not in show(client, page, rest).text
    assert "Wir haben telefoniert." in show(client, page).text


def test_nothing_can_be_added_to_what_was_put_aside(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    before = show(client, page)
    marked = dict(re.findall(r'name="(beleg|schluessel)" value="([^"]*)"', before.text)[:2])
    dismiss_inquiry(garage, anna, page.inquiry_id, always=False)
    gone = show(client, page)
    assert gone.status_code == 200
    assert "<form" not in gone.text
    assert "Abgeschlossen" in gone.text
    assert "spam" not in gone.text.lower()
    assert client.post(f"/s/{page.secret}/nachricht", data={**marked, "words": "x"}).status_code == 404
    stale = client.post(f"/s/{page.secret}/nachricht", data={"words": "Er ist von 2016."}).text
    assert re.search(r"<textarea[^>]* readonly[^>]*>Er ist von 2016\.</textarea>", stale)
    assert "Bitte senden Sie es noch einmal." not in stale


def test_ratings_are_asked_only_where_the_owner_wants_them(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    assert post(client, page, "bewertung", value="5").status_code == 422  # no mark: the form is not there
    close_inquiry(garage, anna, page.inquiry_id, CloseReason.DEALT_WITH)
    closed = show(client, page).text
    assert "Abgeschlossen" in closed
    assert "Schreiben Sie uns hier oder rufen Sie uns an." in closed
    for value in ("0", "6", "x", "５", ""):
        refused = post(client, page, "bewertung", value=value)
        assert refused.status_code == 422
        assert "Bitte wählen Sie, wie zufrieden Sie sind." in refused.text
    with garage.store.write() as tx:
        put_settings(tx, {"ratings": False}, garage.now())
    assert "Wie zufrieden" not in show(client, page).text


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client: TestClient, page: StatusPage) -> None:
    empty = post(client, page, "nachricht", words=" \0")
    assert (empty.status_code, "Schreiben Sie kurz, worum es geht." in empty.text) == (422, True)
    assert 'id="words"' in empty.text
    long = post(client, page, "nachricht", words="y" * 5001)
    assert "Höchstens 5000 Zeichen." in long.text
    assert "y" * 5001 in long.text
    number = post(client, page, "rueckruf", phone="anrufen <b>")
    assert "Das ist keine Telefonnummer." in number.text
    assert 'value="anrufen &lt;b&gt;"' in number.text
    assert "<title>Fehler: " in number.text
    past = post(client, page, "rueckruf", phone="0664 123 45 67", call_by="2026-11-23T08:00Z")
    assert 'id="call_by-fehler"' in past.text
    for answer, field in ((empty, "words"), (number, "phone"), (past, "call_by")):  # the head, which has the focus
        assert "autofocus" in answer.text
        assert f'<a href="#{field}">' in answer.text


def test_an_idea_stays_one_when_it_has_to_be_sent_once_more(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    reply(garage, anna, page.inquiry_id)
    ticked = 'name="idea" value="ja" checked'
    assert ticked not in show(client, page).text
    assert ticked in post(client, page, "nachricht", words="", idea="ja").text
    assert ticked in client.post(f"/s/{page.secret}/nachricht", data={"words": "Eine Klingel", "idea": "ja"}).text
    assert ticked not in post(client, page, "nachricht", words="").text


def test_every_answer_is_told_to_nobody_and_kept_nowhere(client: TestClient, page: StatusPage) -> None:
    answers = [show(client, page, rest) for rest in ("", "?da", "/verlauf", *(f"/{name}" for name in FORMS))]
    answers += [client.post(f"/s/{page.secret}/{name}", data={}) for name in FORMS]
    answers.append(client.get(f"/s/{'x' * 22}"))
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SECRET_HEADERS} == SECRET_HEADERS
        assert "script-src 'nonce-" in answer.headers.get("content-security-policy", "") or answer.status_code == 303


def test_any_other_secret_gets_one_sentence_and_the_phone(client: TestClient, page: StatusPage) -> None:
    for secret in ("x", "x" * 22, "' OR 1=1 --", "é" * 22, "%00", page.secret[:-1], page.secret + "x", "x" * 5000):
        for rest in ("", "/verlauf", "/nachricht"):
            answer = client.get(f"/s/{secret}{rest}")
            assert answer.status_code == 404
            assert "tel:" in answer.text
            assert WORDS[:20] not in answer.text
    assert "Dieser Link gilt nicht mehr. Bitte rufen Sie uns an." in client.get(f"/s/{'x' * 22}").text


def test_a_scanner_that_opens_every_link_changes_nothing(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    reply(garage, anna, page.inquiry_id, "Ja. " * 2000)
    page = by_mail(page)
    before, seen, waiting = rows(garage), set(), [f"/s/{page.secret}", f"/s/{page.secret}?da"]
    while waiting and len(seen) < 60:
        path = waiting.pop()
        if path in seen or "sprache" in path or path.startswith("/termin/"):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in {200, 303}
        assert client.head(path).status_code == answer.status_code
        waiting += links(answer) + re.findall(r'action="([^"]+)"', answer.text)
    assert {each.rpartition("/")[2] for each in seen} >= {"nachricht", "rueckruf", "bewertung", "verlauf?blatt=2"}
    assert rows(garage) == before


def test_a_form_that_is_not_ours_changes_nothing(garage: Shop, client: TestClient, page: StatusPage) -> None:
    other = ask(garage, form("other", mail="erna@example.org"))
    foreign = dict(re.findall(r'name="(beleg|schluessel)" value="([^"]*)"', show(client, other).text))
    before = rows(garage)
    for name in FORMS:
        for fields in ({}, {"beleg": "x", "schluessel": "y"}, foreign):
            typed = {"words": "x", "phone": "0664 123 45 67", "value": "5"}
            answer = client.post(f"/s/{page.secret}/{name}", data={**fields, **typed})
            assert answer.status_code == 422
    assert rows(garage) == before


def test_a_long_talk_stays_light_and_can_be_read_whole(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    text = "\n\n".join(f"Absatz {number}: Größe & Preis <b>" * 5 for number in range(60))
    reply(garage, anna, page.inquiry_id, text)
    page = by_mail(page)
    style = len(client.get(style_address("anfrage")).content)
    assert light(show(client, page), style)
    leaves = [show(client, page, "/verlauf")]
    while f"blatt={len(leaves) + 1}" in leaves[-1].text:
        leaves.append(show(client, page, f"/verlauf?blatt={len(leaves) + 1}"))
    assert all(light(leaf, style) for leaf in leaves)
    whole = "".join(
        html.unescape(part) for leaf in leaves for part in re.findall('<p dir="auto">(.*?)</p>', leaf.text, re.S)
    )
    assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", WORDS + text)
    assert [show(client, page, f"/verlauf?blatt={text}").status_code for text in ("0", "x", "9" * 30)] == [200] * 3
    assert "blatt=-1" not in show(client, page, "/verlauf?blatt=0").text
    assert "Absatz 59" in show(client, page, "/verlauf?blatt=9999").text


def test_a_huge_mail_holds_nobody_up(garage: Shop, client: TestClient, page: StatusPage) -> None:
    words = "Wort & <b> " * 200_000
    with garage.store.write() as tx:
        tx.run("UPDATE message SET body = $words", {"words": words})
    began = process_time()
    assert all(show(client, page, rest).status_code == 200 for rest in ("", "/verlauf", "/verlauf?blatt=9999"))
    assert process_time() - began < 2


def test_looks_at_secret_pages_are_counted(garage: Shop, client: TestClient, page: StatusPage) -> None:
    garage.looks.per_address = 3
    assert [show(client, page).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_receipt_is_one_only_while_it_is_true(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    assert "Ihre Anfrage ist da" in show(client, page, "?da").text
    reply(garage, anna, page.inquiry_id)
    assert "Beantwortet" in show(client, page, "?da").text
    other = ask(garage, form("two", phone="0664 1234567", callback=True))
    assert "Rückruf zugesagt" in show(client, other, "?da").text
    clock_of(garage).now = at(25, 10)
    for rest in ("?da", ""):
        late = show(client, other, rest).text
        assert "Wir sind später dran" in late
        assert "Rückruf zugesagt" not in late


def test_staff_look_without_a_form_that_would_count_as_the_customers(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    reply(garage, anna, page.inquiry_id, "Ja. " * 2000)
    shown = show(client, by_mail(page), "?ansicht").text
    assert "<form" not in shown
    assert "/verlauf?ansicht" in shown
    assert "blatt=2&amp;ansicht" in show(client, by_mail(page), "/verlauf?ansicht").text


def test_what_somebody_said_of_us_is_shown_where_it_was_said_alone(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    reply(garage, anna, page.inquiry_id)
    post(client, by_mail(page), "bewertung", value="1")
    post(client, by_mail(page), "worte", words=CANARY)
    assert CANARY not in show(client, page).text
    assert "Wie zufrieden" not in show(client, page).text
    assert f"{CANARY}</textarea>" in show(client, by_mail(page)).text  # to be corrected
    other = ask(garage, form("two", words="B"))
    reply(garage, anna, other.inquiry_id)
    note_rating(garage, anna, other.inquiry_id, 2, CANARY, way="phone")
    assert CANARY not in show(client, by_mail(other)).text


def test_the_page_speaks_english_in_every_word_and_weighs_little(
    garage: Shop, client: TestClient, anna: Actor, page: StatusPage
) -> None:
    client.cookies.set("sprache", "en")
    style = len(client.get(style_address("anfrage")).content)
    clock_of(garage).now = at(23, 16, 5)
    pages = [show(client, page, "?nachricht"), show(client, page, "?da"), post(client, page, "nachricht", words="")]
    post(client, page, "rueckruf", phone="0664 123 45 67", call_by="2026-11-25T11:00Z")
    pages += [show(client, page), client.post(f"/s/{page.secret}/worte", data={}), client.get(f"/s/{'x' * 22}")]
    reply(garage, anna, page.inquiry_id, "Yes, we can.")
    log_call(garage, anna, page.inquiry_id, reached=True)
    pages += [show(client, page), show(client, page, "/verlauf")]
    post(client, page, "bewertung", value="5")
    pages += [show(client, page), show(client, page, "?anders")]
    assert ">Send</button>" in pages[-2].text
    dismiss_inquiry(garage, anna, page.inquiry_id, always=False)
    pages.append(show(client, page))
    texts = [page.text.replace(WORDS, "") for page in pages]
    for answer, text in zip(pages, texts, strict=True):
        assert [german for german in german_in(answer) if german in html.unescape(text)] == []
    assert all(light(each, style) for each in pages)
    assert "style=" not in "".join(texts)
