"""Customers on the screens: found in a list, corrected on their card, their whole history a tap away."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementList

from data.customers import insert_customer
from data.records import Actor, Channel
from data.store import Transaction
from services.customers import change_customer, open_card
from services.inquiries import require_inquiry
from services.noting import Outcome, note_contact
from services.shop import Shop
from tests.builders import letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, spoken, words

MARIA = "maria.hofer@example.org"


@pytest.fixture
def inquiry(opened: Shop) -> int:
    """Maria Hofer has written."""
    receive(opened, letter())
    return only_inquiry(opened).id


@pytest.fixture
def maria(opened: Shop, inquiry: int) -> int:
    """Her card."""
    return require_inquiry(opened.store, inquiry).customer_id


def note(shop: Shop, actor: Actor, who: str, reach: str) -> int:
    said = {"need": f"Bremse, {reach}", "channel": Channel.CALL, "outcome": Outcome.MESSAGE}
    return note_contact(shop, actor, who=who, reach=reach, **said)  # type: ignore[arg-type]


def edit(driver: AppTest, customer: int) -> AppTest:
    """The page with the drawer of a card; Streamlit's test driver closes it at every tap in it."""
    return ask(driver, "customer", customer)


def errors(driver: AppTest) -> str:
    return as_said(driver.error)


def as_said(boxes: ElementList[Any]) -> str:
    """Without what keeps Markdown from reading it."""
    return "".join(box.value for box in boxes).replace("\\", "").replace("\u2060", "")


def links(driver: AppTest) -> list[tuple[str, str]]:
    """(label, query) of the links to pages."""
    return [(link.proto.label, link.proto.query_string) for link in driver.get("page_link")]


def _card(tx: Transaction, name: str, now: datetime) -> int:
    return insert_customer(tx, name=name, folded=name.casefold(), language="de", now=now)


def test_a_long_list_says_that_it_is_not_all_and_which_card_is_open(screen: Open, opened: Shop, sandra: Actor) -> None:
    with opened.store.write() as tx:
        people = [_card(tx, f"Anna {number:02}", opened.now()) for number in range(52)]
    driver = screen(sandra, "kunden", kunde=str(people[3]))
    assert "50 von 52. Suchen Sie, wen Sie brauchen." in spoken(driver)
    rows = data_of(driver, "theke_rows")["items"]
    assert [row["id"] for row in rows if row["chosen"]] == [people[3]]
    assert "Suchen Sie, wen Sie brauchen." not in spoken(screen(sandra, "kunden", suche="Anna 1"))


def test_a_refused_address_saves_nothing_and_its_drawer_stays(
    screen: Open, opened: Shop, sandra: Actor, maria: int
) -> None:
    before = open_card(opened, sandra, maria)
    driver = edit(screen(sandra, "kunden", kunde=str(maria)), maria)
    driver.text_input(key="cu-name").set_value("Maria Berger")
    driver.text_input(key="cu-contact").set_value("maria at example")
    driver.button(key="cu-save").click()
    edit(driver, maria)
    assert "weder eine E-Mail-Adresse noch eine Telefonnummer" in errors(driver)
    assert open_card(opened, sandra, maria) == before
    driver.button(key="cu-drop").click().run()
    assert "Maria Hofer" in words(driver)


def test_an_address_is_corrected_in_the_drawer(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    driver = edit(screen(sandra, "kunden", kunde=str(maria)), maria)
    driver.checkbox(key=f"cu-gone-{MARIA}").check()
    driver.text_input(key="cu-contact").set_value("m.hofer@example.org")
    driver.button(key="cu-save").click().run()
    assert not driver.error
    assert [contact.shown for contact in open_card(opened, sandra, maria).contacts] == ["m.hofer@example.org"]
    assert "m.hofer@example.org" in words(driver)


def test_the_last_address_does_not_go_without_a_word(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    driver = edit(screen(sandra, "kunden", kunde=str(maria)), maria)
    assert "nicht mehr zu erreichen" not in words(driver)
    driver.checkbox(key=f"cu-gone-{MARIA}").check()
    assert "nicht mehr zu erreichen" in words(edit(driver, maria))
    driver.button(key="cu-save").click().run()
    card = open_card(opened, sandra, maria)
    assert (card.contacts, len(card.inquiries)) == ([], 1)


def test_a_refused_address_names_who_has_it(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    josef = require_inquiry(opened.store, note(opened, sandra, "Josef Novak", "0664 555 01 43")).customer_id
    driver = edit(screen(sandra, "kunden", kunde=str(josef)), josef)
    driver.text_input(key="cu-contact").set_value(MARIA)
    driver.button(key="cu-save").click()
    edit(driver, josef)
    assert f"«{MARIA}» steht schon auf der Karte von Maria Hofer" in errors(driver)


def test_namesakes_are_told_apart_by_number_and_address(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    note(opened, sandra, "Maria Hofer", "0664 555 01 43")
    note(opened, sandra, "Maria Hofer", "")
    items = data_of(screen(sandra, "kunden"), "theke_rows")["items"]
    assert {item["title"] for item in items} == {"Maria Hofer"}
    assert {tuple(fact["text"] for fact in item["meta"]) for item in items} == {("0664 5550143",), (MARIA,), ()}


def test_a_card_that_is_gone_leaves_the_list(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    driver = screen(sandra, "kunden", kunde="999")
    assert "Diesen Kunden gibt es nicht mehr" in words(driver)
    assert [item["id"] for item in data_of(driver, "theke_rows")["items"]] == [maria]


def test_from_the_card_there_is_a_way_back_to_the_list(screen: Open, sandra: Actor, maria: int) -> None:
    driver = screen(sandra, "kunden", kunde=str(maria))
    driver.button(key="zur-liste").click().run()
    assert "kunde" not in driver.query_params
    assert "Kundenkarte" not in words(driver)
    assert not [button for button in driver.button if button.key == "zur-liste"]


def test_the_conversation_leads_to_all_inquiries_of_its_customer(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, maria: int
) -> None:
    assert not [label for label, _query in links(screen(sandra, "gespraech", anfrage=str(inquiry))) if "Alle" in label]
    note(opened, sandra, "Maria Hofer", MARIA)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert ("Alle Anfragen (2)", f"kunde={maria}") in links(driver)


@pytest.mark.parametrize(("who", "head"), [("Peter Hofer", "Peter Hofer, notiert von Sandra"), ("maria hofer", "Noti")])
def test_who_spoke_stands_over_a_note_at_a_known_address(
    screen: Open, opened: Shop, sandra: Actor, maria: int, who: str, head: str
) -> None:
    noted = note(opened, sandra, who, MARIA)
    assert require_inquiry(opened.store, noted).customer_id == maria
    driver = screen(sandra, "gespraech", anfrage=str(noted))
    assert data_of(driver, "theke_thread")["entries"][0]["head"].startswith(head)


def test_a_settled_talk_names_who_spoke(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    said = {"need": "Öffnungszeiten", "reach": MARIA, "channel": Channel.VISIT, "outcome": Outcome.SETTLED}
    noted = note_contact(opened, sandra, who="Peter Hofer", **said)  # type: ignore[arg-type]
    driver = screen(sandra, "gespraech", anfrage=str(noted))
    assert data_of(driver, "theke_thread")["entries"][0]["head"].startswith("Peter Hofer, notiert von Sandra")


def test_the_note_of_a_person_stays_in_the_list(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    change_customer(opened, sandra, maria, note="VW Golf, I-123 AB", form_of_address="du")
    (item,) = data_of(screen(sandra, "kunden"), "theke_rows")["items"]
    assert item["text"] == "VW Golf, I-123 AB"
    assert [fact["text"] for fact in item["meta"]] == [MARIA, "Per Du"]


def test_the_card_tells_the_whole_history_and_a_tap_opens_it(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, maria: int
) -> None:
    note(opened, sandra, "Maria Hofer", MARIA)
    driver = screen(sandra, "kunden", kunde=str(maria))
    lists = [
        json.loads(each.proto.json) for each in driver.get("bidi_component") if "rows" in each.proto.component_name
    ]
    (history,) = [each["items"] for each in lists if each["label"] == "Verlauf"]
    assert {(item["title"], item["meta"][0]["icon"]) for item in history} == {
        ("Hat angerufen", "call"),
        ("Hat geschrieben", "mail"),
    }
    assert inquiry in {item["target"] for item in history}
    assert [item["id"] for each in lists if each["label"] == "Offen" for item in each["items"]]


def test_more_is_known_of_a_person_and_leads_to_who_sent_them(
    screen: Open, opened: Shop, sandra: Actor, maria: int
) -> None:
    josef = require_inquiry(opened.store, note(opened, sandra, "Josef Novak", "0664 555 01 43")).customer_id
    driver = ask(screen(sandra, "kunden", kunde=str(josef)), "customer-more", josef)
    driver.text_input(key="cm-likes").set_value("schwarzen Kaffee")
    driver.session_state[f"cm-from-{josef}"] = maria
    driver.button(key="cm-save").click().run()
    assert "Mag schwarzen Kaffee" in spoken(driver)
    driver.button(key="empfohlen").click().run()
    assert driver.query_params["kunde"] == str(maria)
    assert "Hat eine Person empfohlen" in words(driver)


def test_two_cards_become_one_and_two_again(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    second = require_inquiry(opened.store, note(opened, sandra, "Maria Hofer", "0664 555 01 43")).customer_id
    driver = screen(sandra, "kunden", kunde=str(maria))
    assert "Vielleicht dieselbe Person" in words(driver)
    ask(driver, "cards-merge", maria, second)
    assert not driver.warning
    assert "Hinüber gehen: 1 Anfrage, 0664 5550143" in words(driver)
    driver.button(key="cg-save").click().run()
    assert open_card(opened, sandra, second).customer.id == maria
    (part,) = [button for button in driver.button if str(button.key).startswith("part-")]
    part.click().run()
    assert not driver.error
    assert open_card(opened, sandra, second).customer.id == second


def test_first_names_that_differ_are_pointed_out_before_the_tap(
    screen: Open, opened: Shop, sandra: Actor, maria: int
) -> None:
    peter = require_inquiry(opened.store, note(opened, sandra, "Peter Hofer", "0664 555 01 44")).customer_id
    driver = ask(screen(sandra, "kunden", kunde=str(maria)), "cards-merge", maria, peter)
    assert "Verschiedene Vornamen: Maria und Peter." in as_said(driver.warning)
    assert not driver.button(key="cg-save").disabled


def test_a_dialog_that_was_open_puts_back_nothing(screen: Open, opened: Shop, sandra: Actor, maria: int) -> None:
    driver = ask(screen(sandra, "kunden", kunde=str(maria)), "customer-more", maria)
    change_customer(opened, sandra, maria, no_ads=True, preferred="phone", note="Hund")  # in another tab
    driver.text_input(key="cm-likes").set_value("Tee")
    driver.button(key="cm-save").click().run()
    customer = open_card(opened, sandra, maria).customer
    assert (customer.likes, customer.no_ads, customer.preferred) == ("Tee", True, "phone")
    driver = edit(driver, maria)
    change_customer(opened, sandra, maria, note="Hund, bellt")
    driver.text_input(key="cu-title").set_value("Mag.")
    driver.button(key="cu-save").click().run()
    customer = open_card(opened, sandra, maria).customer
    assert (customer.title, customer.note) == ("Mag.", "Hund, bellt")
    assert not driver.error


def test_before_somebody_is_erased_their_second_card_is_shown(
    screen: Open, opened: Shop, sandra: Actor, maria: int
) -> None:
    note(opened, sandra, "Maria Hofer", "0664 555 01 43")
    driver = screen(sandra, "kunden", kunde=str(maria))
    for dialog, place in (("erasure", "lo"), ("disclosure", "au")):
        ask(driver, dialog, maria)
        assert [button for button in driver.button if str(button.key).startswith(f"doppelt-{place}")]
        assert not driver.exception
