"""What a customer typed is never lost: every page that could not take it gives it back, to be sent once more."""

from __future__ import annotations

import html
import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

import pages.web.inquiry
from pages.login.forms import FORM_SIZE
from pages.web.frame import NOTHING_KEPT
from services.inquiry_form import ask
from services.settings import put_settings
from services.shop import Shop
from tests.services.test_inquiry_form import form
from tests.web.conftest import browser
from tests.web.test_booking_pages import form_address, hidden
from tests.web.test_booking_pages import send as send_booking
from tests.web.test_inquiry_pages import MARIA, inquiries
from tests.web.test_language import german_in

WORDS = "<b>Golf</b> & {{7*7}}\n=cmd() </textarea><script>alert(1)</script> \u202eaber"


@pytest.fixture
def client(garage: Shop) -> TestClient:
    return browser()


def filled(client: TestClient) -> dict[str, str]:
    return {**hidden(client.get("/anfrage")), **MARIA, "words": WORDS, "webseite": ""}


def use_up(shop: Shop, client: TestClient) -> None:
    """From now on this visitor has to wait."""
    shop.visits.per_address = 1
    client.post("/anfrage", data={})


def given_back(page: Response, field: str = "words") -> str:
    """What stands in the box."""
    found = re.search(rf'<textarea id="{field}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def send_again(client: TestClient, page: Response, address: str = "/anfrage") -> Response:
    return client.post(address, data={**hidden(page), "words": given_back(page)})


def test_after_too_many_tries_the_words_stand_there_and_go_with_one_tap(garage: Shop, client: TestClient) -> None:
    fields = filled(client)
    use_up(garage, client)
    refused = client.post("/anfrage", data=fields)
    assert refused.status_code == 429
    assert given_back(refused) == WORDS
    assert "<script" not in refused.text
    assert "Noch einmal senden" in refused.text
    garage.visits.per_address = 20
    assert send_again(client, refused).status_code == 303
    assert inquiries(garage) == 1


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (RuntimeError("x"), 500, "Da ist etwas schiefgegangen ("),
        (OSError(28, "No space left on device"), 503, NOTHING_KEPT),
    ],
)
def test_a_failure_of_ours_gives_the_words_back(
    garage: Shop, client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, sentence: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    fields = filled(client)
    with monkeypatch.context() as patch:
        patch.setattr(pages.web.inquiry, "ask", fail)
        failed = client.post("/anfrage", data=fields)
    assert (failed.status_code, given_back(failed)) == (status, WORDS)
    assert sentence in failed.text
    assert "Festplatte" not in failed.text  # nothing that a guest could do
    assert send_again(client, failed).status_code == 303
    assert inquiries(garage) == 1


def test_where_nothing_can_be_sent_the_words_can_still_be_copied(garage: Shop, client: TestClient) -> None:
    fields = filled(client)
    with garage.store.write() as tx:
        put_settings(tx, {"inquiry_form": False}, garage.now())
    for address in ("/anfrage", f"/s/{'x' * 22}/nachricht"):
        closed = client.post(address, data=fields)
        assert (closed.status_code, given_back(closed)) == (404, WORDS)
        assert "Noch einmal senden" not in closed.text


def test_what_was_written_for_a_booking_that_is_offered_no_more_can_still_be_copied(
    garage: Shop, client: TestClient
) -> None:
    gone = client.post("/termin/4711/angaben?zeit=2026-11-25T08:00Z", data={"answer": WORDS, "note": "Allrad", **MARIA})
    assert (gone.status_code, given_back(gone, "answer"), given_back(gone, "note")) == (404, WORDS, "Allrad")
    for field, label in (("answer", "Ihre Antwort"), ("note", "Noch etwas, das wir wissen sollen?")):
        assert f'<label for="{field}">{label}</label>' in gone.text
    lost = client.post(f"/t/{'x' * 22}/absagen", data={"grund": "Bin krank"})
    assert (lost.status_code, given_back(lost, "grund")) == (404, "Bin krank")


def test_a_text_that_another_site_sends_along_is_shown_nowhere(garage: Shop, client: TestClient) -> None:
    own, other = f"/s/{ask(garage, form()).secret}", {"sec-fetch-site": "cross-site"}
    before = inquiries(garage)
    fields = filled(client)
    for address in (f"/s/{'x' * 22}/nachricht", f"{own}/nachricht", "/anfrage", form_address()):
        answer = client.post(address, data={**fields, "note": "Rufen Sie 0900"}, headers=other)
        assert answer.status_code in {404, 422}
        assert not re.search(r"7\*7|0900", answer.text)
    assert inquiries(garage) == before
    shown = client.post(f"/s/{'x' * 22}/nachricht", data=fields, headers={"sec-fetch-site": "same-origin"})
    assert given_back(shown) == WORDS


def test_no_link_to_another_language_stands_beside_what_it_would_lose(garage: Shop, client: TestClient) -> None:
    assert "sprache=en" in client.get("/anfrage").text
    own = f"/s/{ask(garage, form()).secret}/nachricht"
    pages = [client.post(address, data={"words": WORDS}) for address in ("/anfrage", own, f"/s/{'x' * 22}/nachricht")]
    use_up(garage, client)
    pages.append(client.post("/anfrage", data={"words": WORDS}))
    assert [page.status_code for page in pages] == [422, 422, 404, 429]
    for page in pages:
        assert given_back(page) == WORDS
        assert "sprache=" not in page.text


def test_a_text_that_is_too_long_is_refused_and_no_browser_cuts_it(garage: Shop, client: TestClient) -> None:
    long = "x" * 501
    refused = send_booking(client, {**MARIA, "note": long})
    assert (refused.status_code, given_back(refused, "note")) == (422, long)
    assert "Das ist zu lang. Höchstens 500 Zeichen." in refused.text
    own = ask(garage, form())
    for page in (refused, client.get("/anfrage"), client.get(f"/s/{own.secret}")):
        assert "<form" in page.text
        assert "maxlength" not in page.text


def test_a_booking_and_a_line_to_an_inquiry_are_given_back_too(garage: Shop, client: TestClient) -> None:
    own = f"/s/{ask(garage, form()).secret}"
    use_up(garage, client)
    line = client.post(f"{own}/nachricht", data={"words": WORDS, "idea": "ja"})
    assert given_back(line) == WORDS
    assert hidden(line)["idea"] == "ja"
    typed = {"name": 'Maria "M" <Huber>', "phone": "0664 123 45 67", "note": "Allradantrieb"}
    refused = send_booking(client, typed)
    assert given_back(refused, "note") == typed.pop("note")
    assert hidden(refused) | typed == hidden(refused)
    garage.visits.per_address = 20
    assert client.post(form_address(), data=hidden(refused) | {"note": "Allradantrieb"}).status_code == 303


def test_what_cannot_be_read_is_told_in_one_sentence(client: TestClient) -> None:
    huge = client.post("/anfrage", data={"words": "x" * FORM_SIZE})
    assert (huge.status_code, given_back(huge)) == (422, "")
    assert "Das ist zu groß." in huge.text


def test_it_is_said_in_english_too(garage: Shop, client: TestClient) -> None:
    client.cookies.set("sprache", "en")
    fields = filled(client)
    use_up(garage, client)
    refused = client.post("/anfrage", data=fields)
    assert refused.status_code == 429
    assert german_in(refused) == []
