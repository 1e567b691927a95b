"""«Fertig zur Abholung», a mail dropped as a file, a channel switched off, and «wie zugesagt?»: at a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Come
from tests.browser.theke import Theke, Visitor
from tests.builders import letter

pytestmark = pytest.mark.browser


def open_talk(visitor: Visitor, name: str) -> None:
    """The conversation with somebody, found by their name."""
    visitor.open(f"/anfragen?q={name.replace(' ', '%20')}")
    visitor.page.locator("button.row", has_text=name).first.click()
    visitor.button("Weitere Schritte").wait_for()
    visitor.settle()


READY = re.compile(
    r"fertig und kann ab (sofort|.+ Uhr) abgeholt werden.+Gesamtpreis: € [\d,]+ inkl\. USt\..+"
    r"bis .+ Uhr\?.+Herzliche Grüße\s+Sandra Kofler",
    re.DOTALL,
)


def test_ready_for_pick_up_takes_a_price_and_two_taps(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    open_talk(sandra, "Jelena Petrović")
    sandra.taps = 0
    sandra.tap(sandra.button("Fertig zur Abholung"))
    sandra.write(sandra.field("Gesamtpreis"), "149,90")
    sandra.page.keyboard.press("Tab")
    sandra.sees("Gesamtpreis: € 149,90 inkl. USt.")
    expect(sandra.page.locator(".st-key-vorschau")).to_have_text(READY)
    sandra.tap(sandra.button("Senden"))
    sandra.sees("Geht in 20 Sekunden hinaus")
    assert sandra.taps <= 3
    assert not sandra.errors


def test_after_an_appointment_one_tap_says_that_it_is_ready(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/kunden")
    sandra.page.locator("button.row", has_text="Gerhard Singer").click()
    history = sandra.page.get_by_role("list", name="Verlauf")
    history.get_by_role("button").filter(has_text="Termin").first.click()
    sandra.taps = 0
    sandra.tap(sandra.page.get_by_role("dialog").get_by_role("button", name="Fertig zur Abholung"))
    sandra.sees("Geht in 20 Sekunden hinaus")
    assert sandra.taps == 1
    open_talk(sandra, "Gerhard Singer")
    expect(sandra.page.locator("article", has_text=READY)).to_have_count(1)
    assert not sandra.errors


def test_how_it_went_is_one_tap_after_the_close(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    open_talk(sandra, "Ismail Yıldız")
    sandra.tap(sandra.button("Schließen"))
    sandra.page.get_by_text("beantwortet", exact=True).last.click()
    yes = sandra.page.get_by_role("button", name="Ja", exact=True).or_(sandra.page.get_by_role("radio", name="Ja"))
    sandra.tap(yes.first)
    expect(sandra.page.get_by_role("combobox", name=re.compile("Wie zugesagt"))).to_be_visible()
    assert not sandra.errors


def test_a_mail_dropped_as_a_file_is_an_inquiry(demo: Theke, come: Come, tmp_path: Path) -> None:
    file = tmp_path / "Dachträger.eml"
    file.write_bytes(letter("Passt ein Dachträger?", sender="Nora Dinkhauser <nora@example.org>", subject="Dachträger"))
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/anfragen")
    sandra.tap(sandra.button("Notieren"))
    sandra.page.get_by_text("Oder eine Mail als Datei").click()
    sandra.page.locator('input[type="file"]').set_input_files(file)
    sandra.tap(sandra.button("Mail übernehmen"))
    sandra.sees("1 übernommen.")
    expect(sandra.page.locator("button.row", has_text="Nora Dinkhauser")).to_be_visible()
    assert not sandra.errors


def test_a_channel_that_is_off_is_gone(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/einstellungen")
    sandra.page.get_by_text("Online-Bewertung").first.click()
    sandra.tap(sandra.button("Kanäle speichern"))
    sandra.sees("Gespeichert.")
    sandra.open("/anfragen")
    sandra.tap(sandra.button("Notieren"))
    expect(sandra.page.get_by_role("dialog").get_by_text("Anrufbeantworter")).to_be_visible()
    expect(sandra.page.get_by_role("dialog").get_by_text("Online-Bewertung")).to_be_hidden()
    assert not sandra.errors
