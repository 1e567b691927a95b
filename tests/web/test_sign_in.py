from __future__ import annotations

import re
import time

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from data.records import StaffRole
from pages.login.forms import FORM_SIZE
from pages.login.gate import session_cookie
from pages.login.sign_in import START, initials, safe_target
from services.shop import Shop
from services.staff import LockedError, WrongPinError, enrol, new_person, sign_in
from tests.web.conftest import PAGE, TABLET, attempt_of, browser, staff_id, token_of


def enter(client: TestClient, person: int, **fields: str) -> Response:
    """Open the PIN page and post `fields` with its token."""
    html = client.get(f"/anmelden/{person}", headers=PAGE).text
    return client.post(f"/anmelden/{person}", data={"beleg": token_of(html), **fields})


def test_the_names_are_shown_and_who_has_no_pin_cannot_be_chosen(shop: Shop) -> None:
    html = browser().get("/anmelden").text
    assert "Sandra Kofler" in html
    assert f'href="/anmelden/{staff_id(shop, "Amir Haddad")}"' in html
    assert "Noch ohne PIN" in html
    assert f'href="/anmelden/{staff_id(shop, "Mia Łuczak")}"' not in html


def test_the_right_pin_signs_in_with_a_cookie_scripts_cannot_read(shop: Shop) -> None:
    client = browser()
    answer = enter(client, staff_id(shop, "Sandra Kofler"), pin="271828")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/heute"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert "Secure" not in answer.headers["set-cookie"]
    assert client.get("/heute").status_code == 200


def test_the_cookie_is_secure_over_https(shop: Shop) -> None:
    client = browser()
    client.base_url = "https://theke.local"
    assert "Secure" in enter(client, staff_id(shop, "Amir Haddad"), pin="4711").headers["set-cookie"]


def test_the_store_never_holds_the_token_of_the_cookie(shop: Shop) -> None:
    client = browser()
    enter(client, staff_id(shop, "Amir Haddad"), pin="4711")
    hashes = [row[0] for row in shop.store.read("SELECT token_hash FROM session")]
    assert client.cookies[session_cookie()] not in hashes
    assert all(len(name) == 64 for name in hashes)


def test_digits_are_held_on_the_server_without_javascript(shop: Shop) -> None:
    client, person = browser(), staff_id(shop, "Amir Haddad")
    html = client.get(f"/anmelden/{person}").text
    for digit in ("4", "7", "9", "weg", "1", "1"):
        fields = {"beleg": token_of(html), "versuch": attempt_of(html), "ziffer": digit}
        html = client.post(f"/anmelden/{person}", data=fields).text
    assert "4 Ziffern eingegeben" in html
    assert "4711" not in html
    fields = {"beleg": token_of(html), "versuch": attempt_of(html), "pin": ""}
    assert client.post(f"/anmelden/{person}", data=fields).headers["location"] == "/heute"


@pytest.mark.parametrize("digit", ["", "12", "x", "٤", "<b>", "💥"])
def test_what_is_no_digit_is_not_held(shop: Shop, digit: str) -> None:
    html = enter(browser(), staff_id(shop, "Amir Haddad"), ziffer=digit).text
    assert 'placeholder=""' in html


def test_a_wrong_pin_says_how_many_tries_are_left_and_keeps_nothing(shop: Shop) -> None:
    answer = enter(browser(), staff_id(shop, "Amir Haddad"), pin="9999")
    assert answer.status_code == 422
    assert "Noch 4 Versuche" in answer.text
    assert "9999" not in answer.text


def test_five_wrong_pins_lock_the_person_and_nobody_else(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    for _ in range(4):
        assert enter(client, amir, pin="0000").status_code == 422
    locked = enter(client, amir, pin="0000")
    assert locked.status_code == 429
    assert "Gesperrt bis 10:47 Uhr" in locked.text
    assert 'class="key" disabled' in locked.text
    assert enter(client, amir, pin="4711").status_code == 429
    assert enter(client, staff_id(shop, "Sandra Kofler"), pin="271828").status_code == 303


@pytest.mark.parametrize(("language", "words"), [("de", "Theke beenden"), ("en", "stop Theke")])
def test_a_locked_owner_is_told_the_way_to_a_new_pin_and_nobody_else_is(shop: Shop, language: str, words: str) -> None:
    client = browser()
    client.cookies.set("sprache", language)
    pages = {}
    for name in ("Sandra Kofler", "Amir Haddad"):
        pages[name] = [enter(client, staff_id(shop, name), pin="0000") for _ in range(5)][-1].text
    assert "python3 start.py pin" in pages["Sandra Kofler"]
    assert words in pages["Sandra Kofler"]
    assert "start.py" not in pages["Amir Haddad"]


def test_the_lock_ends_after_five_minutes(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    for _ in range(5):
        enter(client, amir, pin="0000")
    shop.clock.forward(minutes=5, seconds=1)
    assert enter(client, amir, pin="4711").headers["location"] == "/heute"


def test_the_page_says_until_when_however_long_the_lock_has_grown(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    for _ in range(2):
        answers = [enter(client, amir, pin="0000") for _ in range(5)]
        shop.clock.forward(minutes=5)
    assert "Gesperrt bis 10:57 Uhr" in answers[-1].text
    assert "5 Minuten" not in "".join(answer.text for answer in answers)


def test_a_lock_that_ends_after_midnight_says_that_it_is_tomorrow(shop: Shop) -> None:
    client, amir = browser(), staff_id(shop, "Amir Haddad")
    shop.clock.forward(hours=13, minutes=15)  # 23:57 in Vienna
    for _ in range(5):
        locked = enter(client, amir, pin="0000")
    assert "Gesperrt bis morgen, 00:02 Uhr" in locked.text


def test_twenty_wrong_pins_lock_the_address_for_everybody_there(shop: Shop) -> None:
    with shop.store.write() as tx:
        team = [enrol(tx, new_person(f"Person {n}", StaffRole.STAFF, "4711"), shop.now()) for n in range(5)]
    for attempt in range(20):
        with pytest.raises((WrongPinError, LockedError)):
            sign_in(shop, team[attempt % 5], "0000", TABLET[0])
    owner = staff_id(shop, "Sandra Kofler")
    with pytest.raises(LockedError) as locked:
        sign_in(shop, owner, "271828", TABLET[0])
    assert not locked.value.person
    assert "Von diesem Gerät" in browser().get(f"/anmelden/{owner}").text
    assert sign_in(shop, owner, "271828", "192.168.0.99")


def test_a_form_that_is_not_ours_is_refused_before_the_pin_is_looked_at(shop: Shop) -> None:
    amir = staff_id(shop, "Amir Haddad")
    for token in ("", "x.y.z", token_of(browser(address=("10.0.0.1", 1)).get(f"/anmelden/{amir}").text)):
        answer = browser().post(f"/anmelden/{amir}", data={"beleg": token, "pin": "4711"})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert shop.store.read("SELECT count(*) FROM sign_in_lock") == [(0,)]


def test_a_page_left_open_overnight_asks_again_instead_of_failing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    amir = staff_id(shop, "Amir Haddad")
    client = browser()
    html = client.get(f"/anmelden/{amir}").text
    morning = time.time() + 13 * 3600
    monkeypatch.setattr("time.time", lambda: morning)
    answer = client.post(f"/anmelden/{amir}", data={"beleg": token_of(html), "pin": "4711"})
    assert "Die Seite war zu lange offen" in answer.text
    assert client.post(f"/anmelden/{amir}", data={"beleg": token_of(answer.text), "pin": "4711"}).status_code == 303


def test_after_the_sign_in_one_goes_on_where_one_wanted_to(shop: Shop) -> None:
    answer = enter(browser(), staff_id(shop, "Amir Haddad"), pin="4711", weiter="/gespraech?anfrage=12")
    assert answer.headers["location"] == "/gespraech?anfrage=12"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", ""],
)
def test_no_target_leads_away(shop: Shop, target: str) -> None:
    answer = enter(browser(), staff_id(shop, "Amir Haddad"), pin="4711", weiter=target)
    assert answer.headers["location"] == START


@given(st.text(max_size=60))
def test_a_target_is_always_a_plain_path_of_this_house(wanted: str) -> None:
    target = safe_target(wanted)
    assert target in {START, wanted}
    assert re.fullmatch(r"/[!-~]*", target)
    assert not target.startswith("//")
    assert not set(target) & set("\\<>\"'")


@pytest.mark.parametrize("person", ["1", "99999999999999999999999999", "0"])
def test_a_person_who_is_not_in_the_team_is_not_found(shop: Shop, person: str) -> None:
    assert browser().get(f"/anmelden/{person}", headers=PAGE).status_code == 404


def test_a_huge_form_gets_a_sentence(shop: Shop) -> None:
    answer = browser().post(f"/anmelden/{staff_id(shop, 'Amir Haddad')}", data={"pin": "1" * FORM_SIZE})
    assert answer.status_code == 422
    assert "Das ist zu groß." in answer.text


def test_bytes_that_are_no_text_do_no_harm(shop: Shop) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = browser().post(
        f"/anmelden/{staff_id(shop, 'Amir Haddad')}", content=b"\xff\xfe=%zz&pin=%ff", headers=headers
    )
    assert answer.status_code == 403


def test_names_are_shown_as_text_whatever_they_hold(shop: Shop) -> None:
    with shop.store.write() as tx:
        tx.run("UPDATE staff SET name = '<script>alert(1)</script> 🦊' WHERE role = 'owner'")
    html = browser().get("/anmelden").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_signing_out_takes_a_post_from_our_own_page(amir: TestClient) -> None:
    assert amir.post("/abmelden", data={"beleg": "x"}).headers["location"] == "/abmelden"
    assert amir.get("/heute").status_code == 200
    page = amir.get("/abmelden").text
    assert "Amir Haddad" in page
    assert amir.post("/abmelden", data={"beleg": token_of(page)}).headers["location"] == "/anmelden"
    assert amir.get("/heute").status_code == 401


def test_who_is_signed_in_does_not_see_the_names_again(amir: TestClient) -> None:
    assert amir.get("/anmelden").headers["location"] == "/heute"


def test_a_page_loads_nothing_from_elsewhere_and_carries_one_small_script(shop: Shop) -> None:
    answer = browser().get(f"/anmelden/{staff_id(shop, 'Amir Haddad')}")
    script = re.search(r'<script nonce="([^"]+)">\n(.*?)</script>', answer.text, re.S)
    assert f"script-src 'nonce-{script[1]}'" in answer.headers["content-security-policy"]
    assert len(script[2].splitlines()) <= 10
    assert "http" not in re.sub(r"http-equiv", "", answer.text)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Muster", "AM"), ("Çağla", "Ç"), ("🦊 Fuchs", "F"), ("Jean-Luc de la Tour", "JT"), ("ß", "SS")],
)
def test_initials_are_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
