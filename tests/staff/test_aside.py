"""What is planned, hidden or taken for no inquiry: the conversation and the list say so, with the way on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, CloseReason, InquiryState
from pages.catalogues import translator
from pages.parts.steps import further_steps
from services import closing, inquiries
from services.conversations import open_conversation
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, sign_in, words
from tests.staff.test_ways_on import troubles


@pytest.fixture
def inquiry(opened: Shop) -> int:
    receive(opened, letter())
    return only_inquiry(opened).id


def rows(driver: AppTest, label: str) -> list[dict[str, Any]]:
    """The rows of the list that is called so."""
    lists = [json.loads(element.proto.json) for element in driver.get("bidi_component")]
    return next((shown["items"] for shown in lists if shown.get("label") == label), [])


def planned(shop: Shop, inquiry_id: int) -> str:
    return inquiries.require_inquiry(shop.store, inquiry_id).next_step


def test_the_planned_step_stands_in_the_conversation_and_is_ticked_off(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    inquiries.plan_next_step(opened, sandra, inquiry, "Preis nennen", opened.now() + timedelta(days=3))
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert "Nächster Schritt: Preis nennen, Donnerstag 26. November, 10:42" in words(driver)
    driver.button(key="s-step-done").click().run()
    assert planned(opened, inquiry) == ""
    assert "Nächster Schritt:" not in words(driver)


def test_a_step_that_a_colleague_planned_meanwhile_is_not_ticked_off_unread(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor, inquiry: int
) -> None:
    inquiries.plan_next_step(opened, sandra, inquiry, "Preis nennen", None)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    inquiries.plan_next_step(opened, amir, inquiry, "Lager fragen", None)
    driver.button(key="s-step-done").click().run()
    assert planned(opened, inquiry) == "Lager fragen"
    assert "Inzwischen ist etwas anderes geplant" in troubles(driver)


def test_the_dialog_holds_what_is_planned_and_changes_only_what_is_changed(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    at = opened.now() + timedelta(days=3)
    inquiries.plan_next_step(opened, sandra, inquiry, "Preis nennen", at)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry)).button(key="s-step").click().run()
    assert driver.text_input(key="pl-text").value == "Preis nennen"
    driver.text_input(key="pl-text").set_value("Preis und Termin nennen")
    driver.button(key="pl-save").click().run()
    kept = inquiries.require_inquiry(opened.store, inquiry)
    assert (kept.next_step, kept.next_step_at) == ("Preis und Termin nennen", at)


def test_a_blank_step_is_refused_and_the_old_one_stays(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    inquiries.plan_next_step(opened, sandra, inquiry, "Preis nennen", None)
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "plan", inquiry)
    driver.text_input(key="pl-text").set_value(" ")
    driver.button(key="pl-save").click().run()
    assert "was als Nächstes kommt" in troubles(driver)
    assert planned(opened, inquiry) == "Preis nennen"


def test_a_step_is_told_in_the_list_with_its_date_where_the_day_alone_could_be_another(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    inquiries.plan_next_step(opened, sandra, inquiry, "Preis nennen", opened.now() + timedelta(days=3))

    def told() -> str:
        (row,) = rows(screen(sandra, "anfragen"), "Warten auf uns")
        return str(row["meta"][-1]["text"])

    assert told() == "Preis nennen, Donnerstag, 10:42"
    clock.forward(days=5)
    assert told() == "Preis nennen, Donnerstag 26. November, 10:42"


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (InquiryState.OPEN, {"remark", "plan", "later", "forward", "dismiss"}),
        (InquiryState.CLOSED, {"remark", "forward", "dismiss", "rating", "wish"}),
        (InquiryState.EARLIER, {"remark", "plan", "forward", "dismiss", "wish"}),
    ],
)
def test_only_what_makes_sense_is_offered(
    opened: Shop, sandra: Actor, inquiry: int, state: InquiryState, offered: set[str]
) -> None:
    with opened.store.write() as tx:
        tx.run("UPDATE inquiry SET state = $state", {"state": state})
    talk = open_conversation(opened, sandra, inquiry)
    assert set(further_steps(talk, translator("de")).values()) == offered


def test_a_closed_inquiry_has_neither_next_step_nor_later(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    closing.close_inquiry(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert not data_of(driver, "theke_reply")["can_wait"]
    driver = ask(driver, "plan", inquiry)
    driver.text_input(key="pl-text").set_value("Preis nennen")
    driver.button(key="pl-save").click().run()
    assert "Diese Anfrage ist geschlossen" in troubles(driver)


def test_a_hidden_inquiry_says_so_and_is_shown_again_by_one_tap(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    inquiries.snooze_inquiry(opened, sandra, inquiry, opened.now() + timedelta(days=1))
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert "Ausgeblendet bis morgen, 10:42" in words(driver)
    driver.button(key="s-wake").click().run()
    assert [line.row.id for line in inquiries.list_inquiries(opened, sandra).waiting] == [inquiry]
    assert "Ausgeblendet" not in words(driver)


def test_hiding_hides_no_figure(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    receive(opened, letter(sender="Emil <emil@example.org>", subject="Reifen", message_id="<r@example.org>"))
    inquiries.snooze_inquiry(opened, sandra, inquiry, opened.now() + timedelta(days=3))
    assert "2 warten auf uns · 1 ausgeblendet" in shown(screen(sandra, "anfragen"))
    clock.forward(days=2)
    assert "2 warten auf uns, 2 davon überfällig · 1 ausgeblendet" in shown(screen(sandra, "anfragen"))
    heute = screen(sandra, "heute")
    assert {metric.label: metric.value for metric in heute.metric}["Warten"] == "2"
    assert {metric.label: metric.value for metric in heute.metric}["Überfällig"] == "2"
    assert "Eine Anfrage ist ausgeblendet" in shown(heute)


@pytest.mark.parametrize("page", ["heute", "anfragen"])
def test_who_is_hidden_has_no_answer_yet(screen: Open, opened: Shop, sandra: Actor, inquiry: int, page: str) -> None:
    inquiries.snooze_inquiry(opened, sandra, inquiry, opened.now() + timedelta(days=3))
    said = shown(screen(sandra, page))
    assert "Niemand sonst wartet auf uns" in said
    assert "Alle haben eine Antwort" not in said


def shown(driver: AppTest) -> str:
    return words(driver).replace("\\", "").replace("\u2060", "")


def test_what_was_taken_for_no_inquiry_stands_folded_at_the_bottom(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    closing.dismiss_inquiry(opened, sandra, inquiry, always=True)
    driver = screen(sandra, "anfragen")
    assert [expander.label for expander in driver.expander] == ["Keine Kundenanfragen (1)"]
    driver.session_state["dismissed"] = True
    (row,) = rows(driver.run(), "Keine Kundenanfragen (1)")
    assert (row["still"], [act["word"] for act in row["acts"]]) == (True, ["Doch eine Kundenanfrage"])


def test_one_tap_brings_it_back_into_the_open_list(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    receive(opened, letter(sender="Emil <emil@example.org>", subject="Reifen", message_id="<r@example.org>"))
    closing.dismiss_inquiry(opened, sandra, inquiry, always=False)
    page = screen(sandra, "anfragen")

    def script(inquiry_id: int) -> None:
        from pages.parts.quiet_lists import restore

        restore("restore", inquiry_id)

    tapped = AppTest.from_function(script, args=(inquiry,), default_timeout=30)
    tapped.user = {"session": sign_in(opened, sandra), "name": sandra.name, "language": "de"}
    assert tapped.run().session_state["theke/own"] == {inquiry}
    page.session_state["theke/own"] = {inquiry}
    assert inquiry in [row["id"] for row in rows(page.run(), "Warten auf uns")]
    assert not page.expander


def test_what_one_noted_oneself_is_in_the_open_list_at_once(
    screen: Open, opened: Shop, clock: FrozenClock, amir: Actor, inquiry: int
) -> None:
    driver = screen(amir, "anfragen")
    clock.forward(minutes=5)
    receive(opened, letter(sender="Emil <emil@example.org>", subject="Reifen", message_id="<r@example.org>"))
    clock.forward(minutes=5)
    driver = ask(driver, "note")
    driver.text_input(key="note-who").set_value("Fabio Rossi")
    driver.text_area(key="note-need").set_value("Bremse quietscht")
    driver.button(key="note-save").click().run()
    assert [row["title"] for row in rows(driver, "Warten auf uns")] == ["Maria Hofer", "Fabio Rossi"]
    assert "1 neue" in [button.label for button in driver.button]
