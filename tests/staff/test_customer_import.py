"""Einstellungen, «Daten», and the menu of a card: lists in and back, one person's rights."""

from __future__ import annotations

import pytest

import data.customers
from data.records import Actor
from services.customer_import import import_customers, list_imports
from services.customers import find_or_add_customer
from services.privacy import list_ended, list_requests, note_erasure
from services.shop import Shop
from tests.staff.conftest import Open, ask, spoken

LIST = b"Name;E-Mail;Kundennummer\nEva Berger;eva@a.at;17\nFalsch;maria(at)x;\n"


@pytest.fixture
def eva(opened: Shop) -> int:
    with opened.store.write() as tx:
        return find_or_add_customer(tx, "AT", name="Eva Berger", reach="eva@a.at", now=opened.now())


def test_a_list_is_looked_at_read_in_and_taken_back(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("daten").run()
    driver.get("file_uploader")[0].upload("liste.csv", LIST, "text/csv").run()
    said = spoken(driver)
    assert "**1** neu · **1** nicht gelesen" in said
    assert "Zeile 3: Die E-Mail-Adresse dieser Zeile ist keine." in said
    assert "Wird nicht übernommen: Kundennummer" in said
    driver.button(key="imp-go").click().run()
    assert [link for link in driver.get("link_button") if "/intern/einlesen/" in link.proto.url]
    assert data.customers.find_by_contact(opened.store, "mail", "eva@a.at")
    driver.button(key="imp-undo").click().run()
    assert not data.customers.find_by_contact(opened.store, "mail", "eva@a.at")
    assert list_imports(opened, sandra)[0].undone_at is not None
    assert not driver.exception


def test_a_file_that_is_no_list_is_refused_in_words(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("daten").run()
    driver.get("file_uploader")[0].upload("liste.csv", b"Artikel;Preis\n", "text/csv").run()
    assert "Überschriften wie Name" in driver.error[0].value


def test_the_team_notes_a_wish_and_the_owner_confirms_it(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor, eva: int
) -> None:
    driver = ask(screen(amir, "kunden", kunde=str(eva)), "erasure", eva)
    driver.button(key="lo-note").click().run()
    assert [request.customer_name for request in list_requests(opened, sandra)] == ["Eva Berger"]
    driver = ask(screen(sandra, "einstellungen", teil="daten"), "erasure", eva)
    assert "Adressen und Nummern (1)" in spoken(driver)
    driver.checkbox(key="lo-sure").check()
    ask(driver, "erasure", eva)
    driver.button(key="lo-go").click().run()
    assert [request.customer_id for request in list_ended(opened, sandra)] == [eva]
    assert not driver.exception


def test_the_file_waits_for_the_word_that_somebody_checked_who_asks(screen: Open, sandra: Actor, eva: int) -> None:
    driver = ask(screen(sandra, "kunden", kunde=str(eva)), "disclosure", eva)
    assert not [link for link in driver.get("link_button") if "auskunft" in link.proto.url]
    driver.checkbox(key="au-sure").check()
    ask(driver, "disclosure", eva)
    links = [link.proto.url for link in driver.get("link_button") if "auskunft" in link.proto.url]
    assert links == [f"/intern/auskunft/{eva}.html", f"/intern/auskunft/{eva}.json"]


def test_what_was_read_in_and_asked_for_stands_in_the_settings(
    screen: Open, opened: Shop, sandra: Actor, eva: int
) -> None:
    import_customers(opened, sandra, LIST, "liste.csv")
    note_erasure(opened, sandra, eva, "letter")
    said = spoken(screen(sandra, "einstellungen", teil="daten"))
    assert "liste.csv" in said
    assert "Löschwünsche" in said
    assert "Eva Berger · heute" in said
