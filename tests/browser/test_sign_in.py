"""Who may be here: locks, roles, and a tab that ends when its person is signed out elsewhere."""

from __future__ import annotations

import re
import time

import pytest

from tests.browser.conftest import Come
from tests.browser.theke import Theke, Visitor

pytestmark = pytest.mark.browser
OWNERS_PAGES = ("/team", "/einstellungen")


def test_an_open_tab_ends_within_15_seconds_of_a_sign_out_elsewhere(garage: Theke, come: Come) -> None:
    sandra, lukas = come(garage, "Sandra Kofler"), come(garage, "Lukas Egger", fresh=True)
    lukas.open("/heute")
    sandra.open("/team")
    sandra.page.locator("summary", has_text="Lukas Egger").click()
    sandra.button("Überall abmelden").click()
    sandra.sees("Überall abgemeldet.")
    signed_out = time.monotonic()
    lukas.page.wait_for_url("**/anmelden*", timeout=20_000)
    assert time.monotonic() - signed_out < 16  # the pulse of every page, and a second for the way
    lukas.page.goto(f"{garage.url}/heute")
    assert "/anmelden" in lukas.page.url


def _try_pin(visitor: Visitor, pin: str) -> None:
    visitor.page.fill("#p", pin)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_load_state()


def test_five_wrong_pins_lock_a_person_and_nobody_else(garage: Theke, come: Come) -> None:
    visitor = come(garage)
    visitor.open("/anmelden")
    visitor.page.locator(".people a", has_text="Nina Auer").click()
    for _ in range(5):
        _try_pin(visitor, "0000")
    visitor.sees("Gesperrt bis")
    assert visitor.page.locator("#p").is_disabled()
    assert come(garage, "Amir Haddad", fresh=True).page.url.endswith("/heute")


def test_staff_cannot_open_the_owners_pages(garage: Theke, come: Come) -> None:
    amir = come(garage, "Amir Haddad")
    for page in OWNERS_PAGES:
        amir.page.goto(garage.url + page)
        amir.sees("nur, wer Inhaber ist")
        text = amir.text()
        assert not re.search("Überall abmelden|Speichern|not found", text, re.IGNORECASE), page


def test_an_address_that_does_not_exist_leads_to_heute(garage: Theke, come: Come) -> None:
    amir = come(garage, "Amir Haddad")
    amir.page.goto(f"{garage.url}/gibt-es-nicht")
    amir.sees("Notieren")
    amir.settle()
    assert "not found" not in amir.text().lower()


def test_signing_out_ends_the_session_of_this_browser(garage: Theke, come: Come) -> None:
    amir = come(garage, "Amir Haddad", fresh=True)
    amir.page.get_by_role("button", name="Amir").click()
    amir.button("Abmelden").click()
    amir.sees("Wer sind Sie?")
    amir.page.goto(f"{garage.url}/anfragen")
    assert "/anmelden" in amir.page.url
