"""Promised calls on Heute and in the conversation: one row with its taps, and what it says afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, Channel, CloseReason
from pages.parts.items import promise_end, promise_item, tries_words
from pages.parts.session import Desk
from pages.parts.thread import thread_entries
from services import closing, noting, promises
from services.conversations import open_conversation
from services.noting import Outcome
from services.shop import Shop
from services.today import show_today
from tests.builders import FrozenClock
from tests.staff.conftest import Open, ask, sign_in
from tests.staff.test_ways_on import toasts

NEED = "Beim Abholen hat der Kotflügel einen Kratzer gehabt, der vorher nicht da war. Das kann nicht sein."


@pytest.fixture
def due(opened: Shop) -> datetime:
    return opened.now() + timedelta(minutes=20)


@pytest.fixture
def inquiry(opened: Shop, sandra: Actor, due: datetime) -> int:
    call = {"who": "Thomas Brandstätter", "need": NEED, "reach": "0664 555 01 27", "channel": Channel.CALL}
    return noting.note_contact(opened, sandra, **call, outcome=Outcome.WE_CALL, promise_at=due)


def promised(driver: AppTest) -> list[dict[str, Any]]:
    """The rows of «Heute versprochen»."""
    import json

    lists = [json.loads(element.proto.json) for element in driver.get("bidi_component")]
    return next((shown["items"] for shown in lists if shown.get("label") == "Heute versprochen"), [])


def tap(shop: Shop, person: Actor, name: str, promise_id: int) -> AppTest:
    """A tap on a button in a row, which Streamlit's test driver cannot do."""

    def script(name: str, promise_id: int) -> None:
        from pages.parts.acting import show_trouble
        from pages.parts.promising import end_promise

        end_promise(name, promise_id)
        show_trouble()

    driver = AppTest.from_function(script, args=(name, promise_id), default_timeout=30)
    driver.user = {"session": sign_in(shop, person), "name": person.name, "language": "de"}
    return driver.run()


def only_promise(shop: Shop, sandra: Actor) -> int:
    (promise,) = show_today(shop, sandra).promises
    return promise.id


def test_a_promise_is_one_row_with_the_number_and_what_may_come_of_it(
    screen: Open, sandra: Actor, inquiry: int
) -> None:
    driver = screen(sandra, "heute")
    (row,) = promised(driver)
    assert row["call"] == {"number": "+436645550127", "word": "0664 5550127"}
    assert [(act["name"], act["word"]) for act in row["acts"]] == [
        ("kept", "Erreicht"),
        ("tried", "Niemand da"),
        ("mailbox", "Mailbox"),
    ]
    assert [(act["name"], act["word"]) for act in row["more"]["acts"]] == [
        ("move", "Verschieben"),
        ("withdraw", "Zurücknehmen"),
    ]
    assert row["target"] == inquiry
    assert "Erreicht" not in [button.label for button in driver.button]


def test_who_was_reached_stays_as_reached_until_the_page_is_left(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    driver = screen(sandra, "heute")
    assert not tap(opened, sandra, "kept", only_promise(opened, sandra)).error
    (row,) = promised(driver.run())
    assert (row["badge"]["word"], row["over"], row["gone"], row["call"]) == ("Erreicht", True, False, None)
    assert row["more"] is None
    assert [act["word"] for act in row["acts"]] == ["Doch nicht erreicht"]
    assert promised(screen(sandra, "heute")) == []


def test_a_try_is_counted_and_the_taps_stay(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "heute")
    tap(opened, sandra, "mailbox", only_promise(opened, sandra))
    (row,) = promised(driver.run())
    assert [fact["text"] for fact in row["meta"]] == [
        "1-mal versucht, zuletzt\xa010:42, Mailbox",
        "Nächster Versuch heute, 10:55",
    ]
    assert [act["name"] for act in row["acts"]] == ["kept", "tried", "mailbox"]  # no mail address, no letter


def test_a_planned_try_that_is_past_and_one_on_the_mailbox_say_so(
    opened: Shop, sandra: Actor, clock: FrozenClock, inquiry: int
) -> None:
    tap(opened, sandra, "mailbox", only_promise(opened, sandra))
    desk = Desk(opened, sandra)
    heads = [entry["head"] for entry in thread_entries(open_conversation(opened, sandra, inquiry), desk.speech)]
    assert any("angerufen, auf die Mailbox gesprochen" in head for head in heads)
    for hours, told in ((1, "Nächster Versuch war um 10:55 dran"), (24, "Nächster Versuch war dran: gestern, 10:55")):
        clock.forward(hours=hours)
        call = promises.require_promise(opened, only_promise(opened, sandra))
        assert tries_words(call, Desk(opened, sandra).speech)[1] == told


def test_a_second_tap_is_explained(opened: Shop, sandra: Actor, inquiry: int) -> None:
    ident = only_promise(opened, sandra)
    tap(opened, sandra, "kept", ident)
    assert "schon erledigt" in "".join(error.value for error in tap(opened, sandra, "kept", ident).error)


@pytest.mark.parametrize(("how", "said"), [("closed", "Zurückgenommen"), ("moved", "Verschoben")])
def test_a_promise_that_left_the_day_says_why(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, how: str, said: str
) -> None:
    driver, ident = screen(sandra, "heute"), only_promise(opened, sandra)
    if how == "closed":
        closing.close_inquiry(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    else:
        promises.move_promise(opened, sandra, ident, opened.now() + timedelta(days=2))
    (row,) = promised(driver.run())
    assert row["badge"]["word"] == said
    desk = Desk(opened, sandra)
    assert promise_end(promises.promise_states(opened, sandra, [ident])[ident], desk.speech) == said


def test_the_topic_ends_at_a_word(opened: Shop, sandra: Actor, inquiry: int) -> None:
    (promise,) = show_today(opened, sandra).promises
    assert promise.topic == "Beim Abholen hat der Kotflügel einen Kratzer gehabt, der vorher nicht da war …"
    desk = Desk(opened, sandra)
    assert promise_item(promise, desk.speech, "AT")["text"] == promise.topic


def test_a_topic_cut_in_a_word_in_times_gone_by_is_told_to_the_word_before(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    with opened.store.write() as tx:
        tx.run("UPDATE promise SET topic = $t", {"t": NEED[:80]})
        tx.run("UPDATE inquiry SET subject = $t", {"t": NEED[:80]})
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    said = "\n".join(text.value for text in driver.text)
    assert "nicht da war …" in said
    assert "war. Da" not in said
    assert ask(driver, "callback", inquiry).text_input(key="cb-topic").value.endswith("nicht da …")


def test_a_topic_that_is_proposed_is_never_too_long(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    with opened.store.write() as tx:
        tx.run("UPDATE inquiry SET subject = $t", {"t": "N" * 200})
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "callback", inquiry)
    driver.button(key="cb-save").click().run()
    assert len(open_conversation(opened, sandra, inquiry).promises) == 2


def test_a_noted_call_was_the_promised_one_unless_somebody_says_no(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "call", inquiry)
    tick = driver.checkbox(key="cl-promised")
    assert (tick.label.replace("\\", "").replace("\u2060", ""), tick.value) == (
        "Das war der versprochene Rückruf (bis 11:02)",
        True,
    )
    tick.uncheck()
    driver.button(key="cl-save").click().run()
    assert len(open_conversation(opened, sandra, inquiry).promises) == 1
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "call", inquiry)
    driver.button(key="cl-save").click().run()
    assert open_conversation(opened, sandra, inquiry).promises == []
    assert "Der Rückruf ist erledigt" in toasts(driver)


def test_without_a_promise_nothing_is_asked(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock, inquiry: int
) -> None:
    promises.keep_promise(opened, sandra, only_promise(opened, sandra))
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "call", inquiry)
    assert not driver.checkbox
