"""What stays in a browser: the name of its tab, an address with its filter, the language chosen before the sign-in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Come
from tests.browser.theke import Theke, Visitor

pytestmark = pytest.mark.browser
TITLES = {"/heute": "Heute – Theke", "/anfragen": "Anfragen – Theke", "/team": "Team – Theke"}


def chosen(visitor: Visitor) -> str:
    """Whose inquiries the list shows."""
    return visitor.page.locator(".st-key-wer button[aria-checked=true]").inner_text()


def test_the_tab_is_called_by_its_page_and_never_by_a_customer(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    for address, title in TITLES.items():
        sandra.open(address)
        expect(sandra.page).to_have_title(title)
    sandra.open("/anfragen")
    sandra.page.locator("button.row", has_text="Maria Hofer").click()
    sandra.page.wait_for_url("**/gespraech*")
    sandra.sees("Kundenkarte")
    expect(sandra.page).to_have_title("Gespräch – Theke")


def test_a_filter_stands_in_the_address_and_survives_a_reload_and_the_way_back(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/anfragen")
    sandra.page.locator(".st-key-wer").get_by_text("Offen für alle").click()
    sandra.page.wait_for_url("**/anfragen?wer=offen")
    sandra.page.reload()
    sandra.settle()
    assert chosen(sandra) == "Offen für alle"
    sandra.page.go_back()
    sandra.page.wait_for_url("**/anfragen")
    expect(sandra.page.locator(".st-key-wer button[aria-checked=true]")).to_have_text("Alle")
    sandra.page.go_forward()
    sandra.page.wait_for_url("**/anfragen?wer=offen")
    sandra.page.locator("button.row").first.click()
    sandra.page.wait_for_url("**/gespraech*")
    sandra.sees("Kundenkarte")
    sandra.page.go_back()
    sandra.page.wait_for_url(re.compile(r"/anfragen\?.*wer=offen"))
    assert chosen(sandra) == "Offen für alle"


def test_the_language_is_switched_without_javascript(demo: Theke, come: Come) -> None:
    visitor = come(demo, java_script_enabled=False, locale="en-GB")
    visitor.open("/anmelden?weiter=%2Fanfragen")
    expect(visitor.page).to_have_title("Anmelden – Theke")
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page).to_have_title("Sign in – Theke")
    visitor.page.locator(".people a", has_text="Amir").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    visitor.page.fill("#p", "0000")
    visitor.button("Sign in").click()
    visitor.sees("The PIN is not right")
    visitor.page.get_by_role("link", name="Deutsch").click()
    expect(visitor.page).to_have_title("PIN eingeben – Theke")
