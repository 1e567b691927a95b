"""Anlässe and focus time in a browser: a number to dial, a note in the conversation, quiet that ends with one tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Come
from tests.browser.theke import Theke

pytestmark = pytest.mark.browser
WHO = "Katharina Fuchs"


def test_an_offer_without_an_answer_is_called_and_noted_where_it_was_made(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/heute")
    sandra.page.get_by_role("link", name="3 Anlässe, anzurufen").click()
    sandra.sees("blieb ohne Antwort")
    sandra.sees("Pickerl (§ 57a) zuletzt am")
    sandra.sees("Jahresservice am")
    call = sandra.page.get_by_role("link", name=f"0664 5550914, {WHO}")
    expect(call).to_have_attribute("href", "tel:+436645550914")
    sandra.page.get_by_text("Ohne Einwilligung: nicht anrufen (1)").click()
    expect(sandra.page.get_by_role("button", name="Erledigt, Walter Kogler")).to_be_visible()  # but nothing to dial
    expect(sandra.page.get_by_role("link", name="Walter Kogler")).to_have_count(0)
    sandra.tap(sandra.page.get_by_role("button", name=f"Erledigt, {WHO}"))
    sandra.write(sandra.field("Notiz (wer mag)"), "Kommt am Freitag vorbei.")
    sandra.tap(sandra.page.get_by_role("dialog").get_by_role("button", name="Erledigt"))
    sandra.sees("2 Anlässe, anzurufen")
    sandra.page.locator("button.row", has_text=WHO).click()
    sandra.sees("Kommt am Freitag vorbei.")


def test_focus_time_is_set_in_words_and_ended_by_one_tap(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/einstellungen?teil=zeiten")
    sandra.page.get_by_text("Fokuszeiten einhalten").click()
    for day in range(7):
        sandra.page.locator(f".st-key-f-day-{day} input").fill("0-24")
    sandra.tap(sandra.button("Fokuszeiten speichern"))
    sandra.sees("Fokus bis 00:00: Nur Dringendes meldet sich.")
    sandra.open("/anfragen")
    sandra.tap(sandra.button("Beenden"))
    expect(sandra.page.get_by_text("Nur Dringendes meldet sich")).to_have_count(0)
    sandra.open("/einstellungen?teil=zeiten")
    sandra.page.get_by_text("Fokuszeiten einhalten").click()
    sandra.tap(sandra.button("Fokuszeiten speichern"))
    sandra.sees("Gespeichert.")
