"""The pages before the sign-in speak German or English: by the visitor's choice, else as the shop does."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract
from starlette.testclient import TestClient

from data.records import Actor, StaffRole
from pages.catalogues import LANGUAGES, translator
from pages.login.language import wished_language
from services.settings import save_settings, shop_settings
from services.shop import Shop
from services.staff import change_staff, list_staff
from tests.architecture.house import ROOT
from tests.web.conftest import CODE, PAGE, browser, staff_id, token_of
from tests.web.test_set_up import HOURS, MAIL, SHOP, TEAM, send

ENGLISH = {"cookie": "sprache=en"}
BAD = ["", "fr", "EN", "en en", "de-AT", "../en", "<script>alert(1)</script>", "{{ 7*7 }}", "en%00", "e" * 3000]
OWNER = Actor(1, "Sandra", StaffRole.OWNER, "de", "x")
NAMED = re.compile(r"\{\w+\}")


def german_texts() -> list[str]:
    """Every text of these pages that the English ones must not hold, in the words before its first value."""
    say, texts = translator("en"), set()
    for folder in ("login", "web"):
        for path in Path(ROOT / "pages" / folder / "templates").glob("*.html"):
            with path.open("rb") as file:
                texts |= {str(text) for _, _, text, _ in babel_extract(file, ["_"], [], {})}
    heads = {max(NAMED.split(text), key=len).strip() for text in texts if say(text) != text}
    return sorted(head for head in heads if len(head) > 2)


GERMAN = german_texts()


def german_in(answer: Response) -> list[str]:
    """The German texts in a page, its attributes included."""
    text = html.unescape(answer.text)
    return [each for each in GERMAN if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)]


@pytest.fixture
def english_owner(empty: Shop) -> TestClient:
    """An owner whose browser asks for English, just led in by start.py."""
    client = browser()
    client.headers["accept-language"] = "en-GB,en;q=0.9"
    client.get(f"/einrichten?code={CODE}")
    return client


def walk(client: TestClient) -> Response:
    for step, fields in (("betrieb", SHOP), ("zeiten", HOURS), ("team", TEAM)):
        assert send(client, step, fields).status_code == 303
    return client.get("/einrichten/postfach")


def finish(client: TestClient) -> Response:
    return client.post("/einrichten/fertig", data={"beleg": token_of(walk(client).text)})


def test_the_switch_stands_on_every_page_before_the_sign_in_and_is_a_plain_link(shop: Shop) -> None:
    amir = f"/anmelden/{staff_id(shop, 'Amir Haddad')}"
    for address in ("/anmelden", amir, "/anmelden/999", "/impressum", "/termin"):
        page = browser().get(address, headers=PAGE).text
        assert '<html lang="de">' in page
        assert '<b lang="de" aria-current="true">Deutsch</b>' in page
        assert '<a href="?sprache=en" lang="en" hreflang="en">English</a>' in page


def test_the_switch_stands_on_every_step_of_the_set_up(empty: Shop, guest: TestClient) -> None:
    assert "?sprache=en" in guest.get("/einrichten").text
    guest.get(f"/einrichten?code={CODE}")
    walk(guest)
    for step in ("betrieb", "zeiten", "team", "postfach"):
        assert "?sprache=en" in guest.get(f"/einrichten/{step}").text


def test_one_tap_leads_back_to_the_same_page_in_english_and_another_one_to_german(shop: Shop) -> None:
    client = browser()
    chosen = client.get("/anmelden?sprache=en")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/anmelden")
    assert re.search(r"sprache=en;.*HttpOnly.*SameSite=lax", chosen.headers["set-cookie"])
    assert "Who are you?" in client.get("/anmelden").text
    client.get("/anmelden?sprache=de")
    assert "Wer sind Sie?" in client.get("/anmelden").text


def test_the_choice_keeps_where_one_wanted_to_go(shop: Shop) -> None:
    client, wanted = browser(), "/anmelden?weiter=%2Fgespraech%3Fanfrage%3D12"
    link = re.search(r'href="(\?[^"]*sprache=en)"', client.get(wanted).text)
    assert client.get(f"/anmelden{html.unescape(link[1])}").headers["location"] == wanted


def test_a_page_that_answered_a_form_offers_the_switch_too(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    token = token_of(client.get(f"/anmelden/{amir}").text)
    wrong = client.post(f"/anmelden/{amir}", data={"beleg": token, "pin": "9", "weiter": "/gespraech?anfrage=12"})
    assert 'href="?weiter=/gespraech%3Fanfrage%3D12&amp;sprache=en"' in wrong.text
    assert client.get(f"/anmelden/{amir}?sprache=en").headers["location"] == f"/anmelden/{amir}"


@pytest.mark.parametrize("value", BAD)
def test_a_cookie_that_is_no_language_of_ours_is_ignored_and_never_shown(shop: Shop, value: str) -> None:
    client = browser()
    plain = client.get("/impressum").text
    told = client.get("/impressum", headers={"cookie": f"sprache={value}"}).text
    assert re.sub(r'nonce="[^"]+"', "", told) == re.sub(r'nonce="[^"]+"', "", plain)


@pytest.mark.parametrize("value", BAD)
def test_a_word_in_the_address_that_is_no_language_of_ours_is_not_kept(shop: Shop, value: str) -> None:
    answer = browser().get("/anmelden", params={"sprache": value})
    assert (answer.status_code, answer.headers["location"]) == (303, "/anmelden")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/t//evil.example", "/s/https://evil.example", "/termin/%5cevil.example", "/t/é %3f"])
def test_the_switch_never_leads_away(shop: Shop, path: str) -> None:
    answer = browser().get(f"{path}?sprache=en")
    assert answer.status_code == 303
    assert re.fullmatch(r"/(t|s|termin)/[!-~]*", answer.headers["location"])


def test_a_form_never_changes_the_language(shop: Shop) -> None:
    answer = browser().post(f"/anmelden/{staff_id(shop, 'Amir Haddad')}?sprache=en", data={"pin": "4711"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_secure_over_https(shop: Shop) -> None:
    client = browser()
    client.base_url = "https://theke.local"
    assert "Secure" in client.get("/anmelden?sprache=en").headers["set-cookie"]


def test_once_it_is_decided_the_shops_language_holds_whatever_the_browser_asks_for(shop: Shop) -> None:
    asks = {**PAGE, "accept-language": "en"}
    assert "Wer sind Sie?" in browser().get("/anmelden", headers=asks).text
    save_settings(shop, OWNER, language="en")
    assert "Who are you?" in browser().get("/anmelden", headers={**PAGE, "accept-language": "de"}).text


def test_an_english_owner_lands_in_english_screens(english_owner: TestClient, empty: Shop) -> None:
    assert finish(english_owner).headers["location"] == "/heute"
    assert shop_settings(empty.store).language == "en"
    assert {person.language for person in list_staff(empty.store)} == {"en"}
    assert english_owner.get("/wer").json()["x-theke-language"] == "en"
    assert "Who are you?" in browser().get("/anmelden").text


def test_the_choice_counts_more_than_the_browser_and_becomes_the_shops(english_owner: TestClient, empty: Shop) -> None:
    english_owner.get("/einrichten/betrieb?sprache=de")
    finish(english_owner)
    assert shop_settings(empty.store).language == "de"
    assert {person.language for person in list_staff(empty.store)} == {"de"}


def test_the_hours_that_an_english_page_shows_are_read_back(english_owner: TestClient, empty: Shop) -> None:
    send(english_owner, "betrieb", SHOP)
    page = english_owner.get("/einrichten/zeiten").text
    shown = dict(re.findall(r'name="(tag\d)" value="([^"]*)"', page))
    assert (shown["tag0"], shown["tag6"]) == ("7:30–12:00 and 13:00–17:00", "closed")
    assert send(english_owner, "zeiten", {**shown, "ziel": "240"}).status_code == 303
    assert shop_settings(empty.store).hours.week[0] == ((450, 720), (780, 1020))


def test_the_set_up_is_english_in_every_word(english_owner: TestClient, empty: Shop) -> None:
    pages = [browser().get("/einrichten", headers=ENGLISH), browser().get("/einrichten?code=x", headers=ENGLISH)]
    for step, fields in (("betrieb", SHOP), ("zeiten", HOURS), ("team", TEAM), ("postfach", None)):
        pages += [english_owner.get(f"/einrichten/{step}"), send(english_owner, step, {})]
        pages.append(english_owner.post(f"/einrichten/{step}", data={"beleg": "x"}))
        if fields:
            send(english_owner, step, fields)
    pages.append(send(english_owner, "postfach", {**MAIL, "adresse": "info@kfz-kofler.example"}))
    pages.append(send(english_owner, "postfach", {**MAIL, "adresse": "werkstatt@outlook.com"}))
    assert [(page.url.path, german_in(page)) for page in pages if german_in(page)] == []
    assert "Please check" in pages[3].text
    assert "cannot use this account yet" in pages[-1].text


def test_the_sign_in_is_english_in_every_word(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    client.cookies.set("sprache", "en")
    pages = [client.get("/anmelden"), client.get(f"/anmelden/{amir}"), client.get("/anmelden/999")]
    token = token_of(pages[1].text)
    pages.append(client.post(f"/anmelden/{amir}", data={"beleg": "x"}))
    pages.append(client.post(f"/anmelden/{amir}", data={"beleg": token, "pin": ""}))
    pages += [client.post(f"/anmelden/{amir}", data={"beleg": token, "pin": "0000"}) for _ in range(5)]
    pages += [client.get(address, headers=PAGE) for address in ("/impressum", "/datenschutz", "/anfrage/x")]
    assert [(page.url.path, german_in(page)) for page in pages if german_in(page)] == []
    assert [page.status_code for page in pages] == [200, 200, 404, 403, 422, 422, 422, 422, 422, 429, 200, 200, 404]
    assert "Locked until" in pages[9].text


def test_the_answer_to_a_machine_is_in_the_language_that_was_chosen(shop: Shop) -> None:
    assert browser().get("/heute", headers={"accept": "*/*", **ENGLISH}).text == "You are signed out."


def test_the_sign_out_speaks_the_language_of_the_person_and_offers_no_other(amir: TestClient, shop: Shop) -> None:
    ident = staff_id(shop, "Amir Haddad")
    change_staff(shop, Actor(ident, "Amir", StaffRole.STAFF, "de", ""), ident, language="en")
    page = amir.get("/abmelden").text
    assert "Sign out?" in page
    assert "sprache=" not in page


def test_the_last_step_loaded_again_leads_back_into_the_set_up(english_owner: TestClient) -> None:
    walk(english_owner)
    assert english_owner.get("/einrichten/fertig").headers["location"] == "/einrichten/postfach"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", ""),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("de-AT", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en"),
        ("en;q=0.3, de;q=0.7", "de"),
        ("EN", "en"),
        ("en;q=0", ""),
        ("en;q=nonsense", ""),
        ("fr,it", ""),
        ("*", ""),
        ("english", ""),
    ],
)
def test_what_a_browser_wishes_for(header: str, language: str) -> None:
    assert wished_language(header) == language


@given(st.text(max_size=80))
def test_any_header_wishes_for_a_language_of_ours_or_none(header: str) -> None:
    assert wished_language(header) in {"", *LANGUAGES}
