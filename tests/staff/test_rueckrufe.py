"""Rückrufe: the queue of promised calls, and what a customer who wants to be called only looks like."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import data.promises
from data.promises import CallOutcome
from data.records import Actor, Channel
from services import noting, promises
from services.conversations import open_conversation
from services.noting import Outcome
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, spoken
from tests.staff.test_promised_calls import tap

NUMBER = "0664 555 01 27"


@pytest.fixture
def mail(opened: Shop) -> int:
    receive(opened, letter())
    return only_inquiry(opened).id


def note(shop: Shop, who: Actor, name: str, minutes: int, **more: Any) -> int:
    """A noted call, and a callback promised for in so many minutes."""
    due = shop.now() + timedelta(minutes=minutes)
    call = {"who": name, "need": f"Anliegen von {name}", "reach": NUMBER, "channel": Channel.CALL}
    return noting.note_contact(shop, who, **call, outcome=Outcome.WE_CALL, promise_at=due, **more)


def queue(driver: AppTest) -> dict[str, list[dict[str, Any]]]:
    """The rows of the two lists."""
    lists = [json.loads(element.proto.json) for element in driver.get("bidi_component")]
    return {shown["label"]: shown["items"] for shown in lists if shown.get("kind") == "slim"}


def called_only(shop: Shop, inquiry_id: int) -> None:
    """The customer wants to be called and not to be written to."""
    customer_id = only_inquiry(shop).customer_id
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET preferred = 'phone' WHERE id = $id", {"id": customer_id})
        row = {"kind": "phone", "address": "+436645550127", "customer_id": customer_id, "shown": NUMBER}
        tx.insert("customer_contact", {**row, "added_at": shop.now()})


def told(driver: AppTest) -> list[str]:
    """What the tap says in a toast, once the page is drawn."""
    sentences: list[str] = driver.session_state["theke/said"]
    return sentences


def has_reply_box(driver: AppTest) -> bool:
    return any(element.proto.component_name == "theke_reply" for element in driver.get("bidi_component"))


def test_the_queue_has_what_is_late_on_top_and_other_days_below(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    note(opened, sandra, "Spät", 10, promise_staff_id=promises.ANYBODY)
    note(opened, sandra, "Morgen", 26 * 60)
    note(opened, sandra, "Bald", 60)
    clock.forward(minutes=15)
    driver = screen(sandra, "rueckrufe")
    assert "3 Rückrufe offen, 1 davon überfällig" in spoken(driver)
    lists = queue(driver)
    late, soon = lists["Heute"]
    assert (late["title"], late["tone"], late["badge"]["word"], late["owner"]) == (
        "Spät",
        "late",
        "Überfällig",
        "Wer frei ist",
    )
    assert (soon["title"], soon["badge"], soon["owner"]) == ("Bald", None, "Sandra")
    assert [row["rest"] for row in lists["Später"]] == ["morgen"]
    assert late["meta"] == [{"icon": "hourglass_empty", "text": "wartet 15 Min"}]


def test_without_a_promise_the_page_says_how_to_make_one(screen: Open, sandra: Actor) -> None:
    said = spoken(screen(sandra, "rueckrufe"))
    assert "Niemand wartet auf einen Rückruf" in said
    assert "Sagen Sie einen zu" in said


def test_after_a_missed_call_the_letter_is_offered_and_fills_the_box(
    screen: Open, opened: Shop, sandra: Actor, mail: int
) -> None:
    values = {"phone": NUMBER, "due_at": opened.now() + timedelta(hours=2)}
    ident = promises.promise_callback(opened, sandra, mail, staff_id=sandra.staff_id, **values)
    driver = screen(sandra, "rueckrufe")
    assert told(tap(opened, sandra, "tried", ident)) == ["Notiert. Nächster Versuch: heute, 11:45."]
    (row,) = queue(driver.run())["Heute"]
    assert [act["name"] for act in row["acts"]] == ["kept", "tried", "mailbox", "write"]
    tap(opened, sandra, "write", ident)
    body = data_of(screen(sandra, "gespraech", anfrage=str(mail)), "theke_reply")["body"]
    assert "heute um 10:42 Uhr versucht" in body
    assert "Mein nächster Versuch: spätestens" in body
    assert told(tap(opened, sandra, "write", ident)) == ["Hier steht schon ein Text. Er bleibt, wie er ist."]


def test_a_callback_is_promised_with_one_tap_in_the_open_dialog(
    screen: Open, opened: Shop, sandra: Actor, mail: int
) -> None:
    called_only(opened, mail)
    driver = ask(screen(sandra, "gespraech", anfrage=str(mail)), "callback", mail)
    driver.button(key="cb-save").click().run()
    (call,) = open_conversation(opened, sandra, mail).promises
    assert (call.staff_id, call.phone, call.from_at) == (sandra.staff_id, "+436645550127", None)
    assert call.due_at == promises.usual_window(opened.store, opened.now()).due_at


def test_who_wants_to_be_called_only_is_not_written_to_without_a_second_thought(
    screen: Open, opened: Shop, sandra: Actor, mail: int
) -> None:
    called_only(opened, mail)
    driver = screen(sandra, "gespraech", anfrage=str(mail))
    assert "möchte nur angerufen werden" in spoken(driver)
    assert not has_reply_box(driver)
    assert driver.link_button[0].url == "tel:+436645550127"
    driver.button(key="a-write").click().run()
    assert has_reply_box(driver)
    assert "möchte nur angerufen werden" in spoken(screen(sandra, "gespraech", anfrage=str(mail)))


def test_a_promised_call_stands_in_place_of_the_reply_and_leads_to_the_end(
    screen: Open, opened: Shop, sandra: Actor, mail: int
) -> None:
    called_only(opened, mail)
    promises.promise_callback(
        opened, sandra, mail, staff_id=sandra.staff_id, phone=NUMBER, due_at=opened.now() + timedelta(hours=2)
    )
    (call,) = data.promises.open_promises(opened.store)
    driver = screen(sandra, "gespraech", anfrage=str(mail))
    kept = f"kept-{call.id}"
    assert [button.key for button in driver.button if button.key in {"a-call", kept}] == [kept]
    driver.button(key=kept).click().run()
    driver.button(key="a-close").click().run()
    assert only_inquiry(opened).state == "closed"


def test_a_call_is_taken_back_or_withdrawn_where_it_was_promised(screen: Open, opened: Shop, sandra: Actor) -> None:
    inquiry = note(opened, sandra, "Hr. Novak", 60)
    (call,) = data.promises.open_promises(opened.store)
    promises.keep_promise(opened, sandra, call.id)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    driver.button(key=f"undo-{call.id}").click().run()
    assert "1-mal versucht, zuletzt\xa010:42, nicht erreicht" in spoken(driver)
    driver.button(key=f"mailbox-{call.id}").click().run()
    assert data.promises.open_promises(opened.store)[0].last_outcome == CallOutcome.MAILBOX
    driver.button(key=f"drop-{call.id}").click().run()
    driver.button(key="wd-save").click().run()
    assert data.promises.open_promises(opened.store) == []
    assert open_conversation(opened, sandra, inquiry).messages[-1].body == "Rückruf zurückgenommen: Hat sich erledigt"


def test_a_call_is_moved_and_withdrawn_from_its_row(screen: Open, opened: Shop, sandra: Actor) -> None:
    note(opened, sandra, "Hr. Novak", 60)
    (call,) = data.promises.open_promises(opened.store)
    driver = screen(sandra, "rueckrufe")
    for name in ("move", "withdraw"):
        assert tap(opened, sandra, name, call.id).session_state["theke/asked"] == (name, (call.id,))
    ask(driver, "move", call.id)
    assert "Hr. Novak\nbis heute, 11:42" in spoken(driver)
    window = next(one for one in promises.call_windows(opened.store, opened.now()) if one.from_at.day > call.due_at.day)
    driver.pills(key="mv-time").select(f"{window.from_at.isoformat()}/{window.due_at.isoformat()}")
    driver.button(key="mv-save").click().run()
    lists = queue(driver)
    assert [row["badge"]["word"] for row in lists["Heute"]] == ["Verschoben"]
    assert [row["id"] for row in lists["Später"]] == [call.id]
    ask(driver, "withdraw", call.id).button(key="wd-save").click().run()
    assert data.promises.open_promises(opened.store) == []
    assert [row["badge"]["word"] for row in queue(driver)["Später"]] == ["Zurückgenommen"]
