"""What was typed into the reply box survives a reload, another tab, a closed page and a pulled plug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Come, build_garage
from tests.browser.theke import IDLE, Theke, Visitor, running
from tests.mail_servers import account_for

pytestmark = pytest.mark.browser
# «Keine Verbindung zu Theke» over every screen.
IS_TOLD = "getComputedStyle(document.documentElement, '::after').opacity === '1'"


def open_inquiry(visitor: Visitor, number: int) -> None:
    """«Anliegen {number}» of the garage."""
    visitor.open(f"/gespraech?anfrage={visitor.theke.inquiries[number]}")
    visitor.sees("Kundenkarte")


def type_reply(visitor: Visitor, words: str) -> None:
    visitor.page.locator("textarea.field").click()
    visitor.page.keyboard.type(words)


def expect_reply(visitor: Visitor, words: str) -> None:
    expect(visitor.page.locator("textarea.field")).to_have_value(words)


def test_a_reload_right_after_the_last_letter_loses_nothing(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 1)
    type_reply(sandra, "Am Dienstag ab 14 Uhr")
    sandra.page.reload()
    expect_reply(sandra, "Am Dienstag ab 14 Uhr")


def test_another_tab_of_the_same_person_shows_the_draft(garage: Theke, come: Come) -> None:
    first, second = come(garage, "Sandra Kofler"), come(garage, "Sandra Kofler")
    open_inquiry(first, 2)
    type_reply(first, "Die Bremsscheiben sind da")
    first.sees("Gespeichert")
    open_inquiry(second, 2)
    expect_reply(second, "Die Bremsscheiben sind da")


def test_a_page_closed_within_a_second_keeps_the_draft(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 3)
    address = sandra.page.url
    type_reply(sandra, "Bis gleich")
    with sandra.page.expect_event("close"):
        sandra.page.close(run_before_unload=True)
    sandra.page = sandra.context.new_page()
    sandra.page.goto(address)
    expect_reply(sandra, "Bis gleich")


def test_another_screen_and_back_keeps_the_draft(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 4)
    type_reply(sandra, "Das schaffen wir")
    sandra.page.get_by_role("link", name="Heute").first.click()
    sandra.sees("Wer wartet am längsten")
    open_inquiry(sandra, 4)
    expect_reply(sandra, "Das schaffen wir")


def test_a_draft_is_only_its_writers(garage: Theke, come: Come) -> None:
    sandra, amir = come(garage, "Sandra Kofler"), come(garage, "Amir Haddad")
    open_inquiry(sandra, 5)
    type_reply(sandra, "Nur für mich")
    sandra.sees("Gespeichert")
    open_inquiry(amir, 5)
    expect_reply(amir, "")


def test_a_send_into_a_dead_line_loses_nothing(short_lived: Theke, come: Come) -> None:
    sandra = come(short_lived, "Sandra Kofler", fresh=True)
    open_inquiry(sandra, 2)
    type_reply(sandra, "Vorher")
    sandra.sees("Gespeichert")
    short_lived.kill()
    sandra.page.keyboard.type(", und dann ohne Leitung.")
    sandra.sees("Noch nicht gespeichert")
    sandra.button("Antwort senden").click()
    sandra.page.wait_for_timeout(3500)  # so long a send waits for the draft
    short_lived.start()
    expect(sandra.page.get_by_text("Noch nicht gespeichert")).to_be_hidden(timeout=20_000)
    sandra.page.wait_for_selector(f"{IDLE}[data-test-connection-state=CONNECTED]", timeout=40_000)
    expect_reply(sandra, "Vorher, und dann ohne Leitung.")
    sandra.button("Antwort senden").click()
    sandra.sees("geht in")
    expect_reply(sandra, "")


@pytest.fixture
def short_lived(tmp_path: Path) -> Iterator[Theke]:
    inquiries = build_garage(tmp_path / "data", account_for("info@kfz-muster.example"), inquiries=2)
    with running(tmp_path / "data") as theke:
        theke.inquiries = inquiries
        yield theke


def test_typed_words_outlive_a_pulled_plug_and_what_is_typed_meanwhile_is_kept_too(
    short_lived: Theke, come: Come
) -> None:
    sandra = come(short_lived, "Sandra Kofler", fresh=True)
    open_inquiry(sandra, 1)
    type_reply(sandra, "Vor dem Ausfall")
    sandra.sees("Gespeichert")
    short_lived.kill()
    sandra.page.keyboard.type(", währenddessen")
    sandra.sees("Noch nicht gespeichert")
    sandra.page.wait_for_function(IS_TOLD)
    sandra.page.keyboard.type(", noch länger")
    short_lived.start()
    sandra.page.keyboard.type(", und danach")
    expect(sandra.page.get_by_text("Noch nicht gespeichert")).to_be_hidden(timeout=20_000)
    sandra.page.keyboard.type(" auch.")
    all_of_it = "Vor dem Ausfall, währenddessen, noch länger, und danach auch."
    expect_reply(sandra, all_of_it)
    sandra.page.wait_for_timeout(2000)
    sandra.page.reload()
    expect_reply(sandra, all_of_it)
