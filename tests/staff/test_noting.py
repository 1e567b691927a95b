"""Notieren from every screen, and writing first."""

from __future__ import annotations

import pytest

from data.records import Actor
from services.replies import begin_letter
from services.shop import Shop
from tests.builders import only_inquiry
from tests.staff.conftest import Open, ask, data_of, spoken, words


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


def test_writing_first_leads_to_the_reply_box_with_all_that_is_in_it(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    driver = ask(screen(sandra, "kunden"), "write", "Maria Hofer", "maria.hofer@example.org")
    driver.button(key="write-save").click().run()
    assert not driver.exception
    begun = only_inquiry(opened)
    assert (begun.started_by, begun.owner_id) == ("shop", sandra.staff_id)
    page = screen(sandra, "gespraech", anfrage=str(begun.id))
    box = data_of(page, "theke_reply")
    assert (box["folded"], box["usual_subject"], bool(box["templates"])) == (False, "", True)
    assert "Entwurf, noch nicht gesendet" in words(page)


def test_a_wrong_address_begins_no_letter(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "anfragen"), "write", "Maria Hofer", "maria.hofer")
    driver.button(key="write-save").click().run()
    assert "keine gültige" in "".join(error.value for error in driver.error)
    assert not opened.store.read("SELECT id FROM inquiry")


def test_a_letter_not_sent_stands_among_the_drafts(screen: Open, opened: Shop, sandra: Actor) -> None:
    begin_letter(opened, sandra, name="Maria Hofer", address="maria.hofer@example.org")
    said = spoken(screen(sandra, "anfragen"))
    assert "Begonnen und noch nicht gesendet." in said
    assert "Wir haben geantwortet" not in said
