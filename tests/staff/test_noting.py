"""Notieren from every screen, and writing first."""

from __future__ import annotations

import pytest

from data.records import Actor
from services.shop import Shop
from tests.builders import only_inquiry
from tests.staff.conftest import Open, ask, words


def test_three_fields_and_a_tap_make_an_inquiry(screen: Open, opened: Shop, amir: Actor) -> None:
    driver = ask(screen(amir, "heute"), "note")
    driver.text_input(key="note-who").set_value("Fabio Rossi")
    driver.text_area(key="note-need").set_value("Bremse quietscht")
    driver.text_input(key="note-reach").set_value("0664 555 01 99")
    driver.button(key="note-save").click().run()
    inquiry = only_inquiry(opened)
    assert inquiry.subject == "Bremse quietscht"
    assert inquiry.waiting_since == opened.now()
    assert inquiry.owner_id == amir.staff_id
    assert "Gespeichert. Die Uhr läuft." in [
        toast.value.replace("\\", "").replace("\u2060", "") for toast in driver.toast
    ]


def test_a_settled_talk_makes_nobody_wait(screen: Open, opened: Shop, amir: Actor) -> None:
    driver = ask(screen(amir, "anfragen"), "note")
    driver.text_area(key="note-need").set_value("Wollte nur die Öffnungszeiten wissen")
    driver.segmented_control(key="note-outcome").select("settled")
    driver.button(key="note-save").click().run()
    assert only_inquiry(opened).waiting_since is None


def test_an_empty_note_is_refused_in_words(screen: Open, opened: Shop, amir: Actor) -> None:
    driver = ask(screen(amir, "heute"), "note")
    driver.button(key="note-save").click().run()
    assert "worum es geht" in "".join(error.value for error in driver.error)
    assert not opened.store.read("SELECT id FROM inquiry")


@pytest.mark.parametrize("page", ["heute", "anfragen", "kunden"])
def test_notieren_is_on_every_screen(screen: Open, amir: Actor, page: str) -> None:
    driver = screen(amir, page)
    driver.button(key="head-note").click().run()
    assert driver.get("dialog")
    assert "Anfrage speichern" in words(driver)


def test_a_first_letter_is_queued_once(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "kunden"), "write", "Maria Hofer", "maria.hofer@example.org")
    driver.text_input(key="write-subject").set_value("Winterreifen")
    driver.text_area(key="write-body").set_value("Guten Tag Frau Hofer, Ihre Reifen sind da.")
    driver.button(key="write-send").click().run()
    assert not driver.exception
    assert opened.store.read("SELECT count(*) FROM outbox")[0][0] == 1
