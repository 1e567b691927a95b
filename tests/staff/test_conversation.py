"""Gespräch: answering, what became of an answer, and every way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

import data.outbox
from data.records import Actor, Channel, CloseReason, OutboxState
from pages.catalogues import translator
from pages.parts.thread import thread_entries
from pages.parts.words import Speech
from services import closing, customers, drafts, inquiries, noting, replies
from services.conversations import open_conversation
from services.errors import MailProblemError
from services.sending import send_due
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, words


@pytest.fixture
def inquiry(opened: Shop) -> int:
    receive(opened, letter())
    return only_inquiry(opened).id


def answer(shop: Shop, actor: Actor, inquiry_id: int, text: str = "Ihr Golf ist fertig.") -> int:
    seen = inquiries.require_inquiry(shop.store, inquiry_id).version
    return replies.send_reply(shop, actor, inquiry_id, body=text, seen_version=seen, form_key=text)


def speech(shop: Shop) -> Speech:
    return Speech(translator("de"), Locale("de", "AT"), ZoneInfo("Europe/Vienna"), shop.now())


def test_the_page_holds_the_wait_the_words_and_an_empty_box(screen: Open, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    (entry,) = data_of(driver, "theke_thread")["entries"]
    box = data_of(driver, "theke_reply")
    assert entry["text"] == "Guten Tag, wann ist mein Golf fertig?"
    assert (box["body"], box["folded"]) == ("", False)
    assert "Maria Hofer" in words(driver)


def test_a_queued_answer_counts_down_and_can_be_taken_back(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    answer(opened, sandra, inquiry)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    last = data_of(driver, "theke_thread")["entries"][-1]
    assert last["state"]["until"] == (opened.now() + timedelta(seconds=20)).isoformat()
    assert [action["name"] for action in last["state"]["actions"]] == ["take_back"]
    assert last["text"] == "Ihr Golf ist fertig."
    assert data_of(driver, "theke_reply")["folded"]


def test_the_countdown_does_not_change_what_an_entry_says(
    opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    answer(opened, sandra, inquiry)
    first = thread_entries(open_conversation(opened, sandra, inquiry), speech(opened))
    clock.forward(seconds=5)
    assert thread_entries(open_conversation(opened, sandra, inquiry), speech(opened)) == first


def test_an_answer_that_came_back_says_what_to_do(opened: Shop, sandra: Actor, inquiry: int) -> None:
    answer(opened, sandra, inquiry)
    talk = open_conversation(opened, sandra, inquiry)
    last = replace(talk.messages[-1], bounced_at=opened.now(), problem="Postfach unbekannt.")
    state = thread_entries(replace(talk, messages=[*talk.messages[:-1], last]), speech(opened))[-1]["state"]
    assert state["text"].endswith("Postfach unbekannt. Rufen Sie an, oder schreiben Sie an eine andere Adresse.")


@pytest.mark.parametrize(
    ("problem", "actions"),
    [
        (MailProblemError("Abgelehnt.", permanent=True), ["send_again", "give_up"]),
        (MailProblemError("Abgebrochen.", unsure=True), ["send_again", "confirm"]),
    ],
)
def test_an_answer_that_went_wrong_is_red_with_two_ways_out(
    screen: Open,
    opened: Shop,
    clock: FrozenClock,
    sandra: Actor,
    inquiry: int,
    problem: MailProblemError,
    actions: list[str],
) -> None:
    answer(opened, sandra, inquiry)
    clock.forward(seconds=30)
    opened.mailer.problem = problem  # type: ignore[attr-defined]
    send_due(opened)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    state = data_of(driver, "theke_thread")["entries"][-1]["state"]
    assert state["tone"] == "bad"
    assert [action["name"] for action in state["actions"]] == actions
    assert "1 prüfen" in words(driver)


def test_confirming_an_unsure_answer_stops_the_clock(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    message = answer(opened, sandra, inquiry)
    clock.forward(seconds=30)
    opened.mailer.problem = MailProblemError("Abgebrochen.", unsure=True)  # type: ignore[attr-defined]
    send_due(opened)
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "confirm", message)
    driver.button(key="cf-save").click().run()
    row = data.outbox.read_outgoing(opened.store, message)
    assert row is not None
    assert row.state == OutboxState.SENT
    assert inquiries.require_inquiry(opened.store, inquiry).waiting_since is None


def test_a_draft_comes_back_with_its_time(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    drafts.save_draft(opened, sandra, inquiry, body="Halb", subject="", cc="", seen_version=1)
    box = data_of(screen(sandra, "gespraech", anfrage=str(inquiry)), "theke_reply")
    assert (box["body"], box["saved"]) == ("Halb", "Gespeichert 10:42")


def test_a_rerun_keeps_the_revision_so_that_typed_text_stays(screen: Open, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    first = data_of(driver, "theke_reply")
    again = data_of(driver.run(), "theke_reply")
    assert (first["revision"], first["form_key"]) == (again["revision"], again["form_key"])


def test_a_closed_inquiry_offers_to_be_opened_again(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    closing.close_inquiry(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert data_of(driver, "theke_thread")["entries"][-1]["head"].startswith("Geschlossen: anders erledigt")
    driver.button(key="reopen").click().run()
    assert inquiries.require_inquiry(opened.store, inquiry).waiting_since is not None


def test_others_who_look_at_it_are_named(screen: Open, opened: Shop, sandra: Actor, amir: Actor, inquiry: int) -> None:
    open_conversation(opened, amir, inquiry)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert "Amir ist auch hier" in words(driver)


def test_without_a_mail_address_the_page_says_how_to_reach_them(screen: Open, opened: Shop, sandra: Actor) -> None:
    noted = {"who": "Hr. Novak", "need": "Rückruf", "reach": "0512 555 873"}
    ident = noting.note_contact(opened, sandra, **noted, channel=Channel.CALL, outcome=noting.Outcome.MESSAGE)
    driver = screen(sandra, "gespraech", anfrage=str(ident))
    assert "Keine E-Mail-Adresse bekannt" in words(driver)
    assert driver.link_button[0].url.startswith("tel:+43512")


def test_a_callback_is_promised_from_the_drawer(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "callback", inquiry)
    driver.text_input(key="cb-phone").set_value("0664 555 01 43")
    driver.button(key="cb-save").click().run()
    (promise,) = open_conversation(opened, sandra, inquiry).promises
    assert promise.phone == "+436645550143"
    assert promise.due_at > opened.now() + timedelta(minutes=30)
    assert "Rückruf versprochen" in words(driver)


def test_a_refused_promise_is_explained_and_nothing_is_lost(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "callback", inquiry)
    driver.text_input(key="cb-phone").set_value("keine")
    driver.button(key="cb-save").click().run()
    assert "Telefonnummer" in "".join(error.value for error in driver.error)
    assert not open_conversation(opened, sandra, inquiry).promises


def test_the_owner_changes_by_one_choice(screen: Open, opened: Shop, sandra: Actor, amir: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    driver.selectbox(key=f"owner-{inquiry}-None").select(amir.staff_id).run()
    assert inquiries.require_inquiry(opened.store, inquiry).owner_id == amir.staff_id


@pytest.mark.parametrize("dialog", ["call", "remark", "plan", "later", "dismiss", "forward", "merge", "callback"])
def test_every_way_on_opens(screen: Open, sandra: Actor, inquiry: int, dialog: str) -> None:
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), dialog, inquiry)
    assert not driver.exception
    assert driver.get("dialog")


def test_the_card_is_corrected_in_its_drawer(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    customer = inquiries.require_inquiry(opened.store, inquiry).customer_id
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "customer", customer)
    driver.text_input(key="cu-title").set_value("Mag.")
    driver.segmented_control(key="cu-salutation").select("frau")
    driver.button(key="cu-save").click().run()
    assert customers.require_customer(opened.store, customer).title == "Mag."
    assert "Frau Mag., per Sie" in words(driver)


def test_somebody_without_a_name_is_called_so(screen: Open, opened: Shop, sandra: Actor) -> None:
    noted = {"who": "", "need": "Bremse quietscht", "reach": ""}
    ident = noting.note_contact(opened, sandra, **noted, channel=Channel.VISIT, outcome=noting.Outcome.MESSAGE)
    assert screen(sandra, "gespraech", anfrage=str(ident)).title[0].value == "Ohne Namen"


def test_a_sent_mail_says_to_whom_where_that_is_not_plain(opened: Shop, sandra: Actor, inquiry: int) -> None:
    def to() -> str:
        entries = thread_entries(open_conversation(opened, sandra, inquiry), speech(opened))
        return str(entries[-1]["to"])

    answer(opened, sandra, inquiry)
    assert to() == ""
    seen = inquiries.require_inquiry(opened.store, inquiry).version
    more = {"subject": "Ihr Angebot", "cc": "chef@example.org", "seen_version": seen, "form_key": "2"}
    replies.send_reply(opened, sandra, inquiry, body="Anbei.", **more)
    assert to() == "Kopie an chef@example.org · Betreff: Ihr Angebot"
    replies.forward_inquiry(opened, sandra, inquiry, address="lager@example.org", note="Bitte.", form_key="3")
    assert to() == "An lager@example.org"


def test_a_close_that_goes_with_a_reply_is_told_in_the_thread(
    opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    def heads() -> str:
        entries = thread_entries(open_conversation(opened, sandra, inquiry), speech(opened))
        return "\n".join(entry["head"] for entry in entries)

    seen = inquiries.require_inquiry(opened.store, inquiry).version
    options = {"seen_version": seen, "form_key": "1", "close": True}
    replies.send_reply(opened, sandra, inquiry, body="Ihr Golf ist fertig.", **options)
    assert "Wird geschlossen, sobald die Antwort hinausgegangen ist" in heads()
    clock.forward(seconds=20)
    send_due(opened)
    assert "Geschlossen: " in heads()
    assert "Wird geschlossen" not in heads()


def test_after_a_reply_the_page_leads_on_to_who_waits_longest(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    receive(opened, letter(sender="Ivo Novak <novak@example.org>", message_id="<9@example.org>"))
    clock.forward(minutes=49)
    answer(opened, sandra, inquiry)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert not driver.get("page_link")[1:] or "Nächste Anfrage" not in str(driver.get("page_link")[1:])
    driver.session_state[f"theke/sent/{inquiry}"] = "form"
    links = [link.proto.label for link in driver.run().get("page_link")]
    assert any("Nächste Anfrage" in link and "Novak, 49 Min" in link for link in links), links


def test_a_refused_send_is_told_at_the_send(screen: Open, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    driver.session_state["theke/trouble"] = ("reply", "Das geht so nicht.")
    driver.run()
    assert data_of(driver, "theke_reply")["trouble"]["text"] == "Das geht so nicht."
    assert not driver.error


def test_the_preview_names_copies(screen: Open, sandra: Actor, inquiry: int) -> None:
    driver = ask(
        screen(sandra, "gespraech", anfrage=str(inquiry)), "preview", inquiry, "Ja.", "", "chef@example.org"
    )
    assert "Kopie an chef@example.org" in words(driver)


def test_an_answer_that_could_not_leave_yet_says_why_and_can_be_taken_back(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    answer(opened, sandra, inquiry)
    clock.forward(seconds=30)
    opened.mailer.problem = MailProblemError("Der Server antwortet nicht.")  # type: ignore[attr-defined]
    send_due(opened)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    state = data_of(driver, "theke_thread")["entries"][-1]["state"]
    assert state["tone"] == "warn"
    assert state["text"] == "Noch nicht hinausgegangen, nächster Versuch 10:43. Der Server antwortet nicht."
    assert "until" not in state
    assert [action["name"] for action in state["actions"]] == ["take_back"]
    assert "Eine Antwort konnte noch nicht hinaus" in words(driver).replace("\\", "")
