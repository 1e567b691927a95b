"""A stranger asks by the form: an inquiry with the clock of a mail, a page of its own, nobody else's card touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import data.customers
import data.inquiries
import data.promises
from data.records import Actor, Channel, InquiryState
from services.customers import change_customer
from services.errors import NotFoundError
from services.inquiries import InquiryLine, lines_of
from services.inquiry_form import CLOSED, InquiryForm, ask, subject_of_words
from services.letters import recipient_of
from services.noting import log_call
from services.own_inquiries import add_to_inquiry
from services.promises import call_windows
from services.public_forms import InvalidFieldsError
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import at, open_door
from tests.builders import FrozenClock, letter, only_inquiry, receive

MARIA = "maria.hofer@example.org"
WORDS = "Mein Golf quietscht beim Bremsen vorne links. Was kostet es, wenn die Beläge neu müssen?"


@pytest.fixture
def garage(shop: Shop) -> Shop:
    open_door(shop)
    return shop


def form(key: str = "one", *, language: str = "de", **changes: Any) -> InquiryForm:
    usual = {"words": WORDS, "name": "", "mail": MARIA, "phone": "", "callback": False, "call_by": None}
    return InquiryForm(form_key=key, language=language, **{**usual, **changes})


def wrong(shop: Shop, **changes: Any) -> dict[str, str]:
    """What the form says of wrong fields."""
    with pytest.raises(InvalidFieldsError) as refused:
        ask(shop, form(**changes))
    return {name: str(error) for name, error in refused.value.errors.items()}


def contacts(shop: Shop) -> list[tuple[object, ...]]:
    return shop.store.read(
        "SELECT kind, address, customer_id FROM customer_contact ORDER BY kind, address, customer_id"
    )


def test_a_form_is_an_inquiry_that_waits_since_it_was_sent(garage: Shop) -> None:
    page = ask(garage, form(name="Maria Hofer", phone="0664 123 45 67"))
    inquiry = only_inquiry(garage)
    assert (inquiry.channel, inquiry.started_by, inquiry.state) == (Channel.FORM, "customer", InquiryState.OPEN)
    assert (inquiry.waiting_since, inquiry.snippet) == (garage.now(), WORDS)
    assert inquiry.subject == "Mein Golf quietscht beim Bremsen vorne links. Was kostet …"
    assert page.answer_by == at(23, 16)  # 10:42 and four hours across lunch: 15:42
    assert [row[:2] for row in contacts(garage)] == [("mail", MARIA), ("phone", "+436641234567")]
    assert garage.store.read("SELECT name, language FROM customer") == [("Maria Hofer", "de")]


def test_a_greeting_is_no_subject() -> None:
    told = {
        "Guten Tag, lagern Sie Reifen ein?": "Lagern Sie Reifen ein?",
        "Hallo liebes Team!\n\nmein Auto springt nicht an.": "Mein Auto springt nicht an.",
        "Hallo": "Hallo",
        "hallo ich frage ob Sie morgen offen haben, danke": "Hallo ich frage ob Sie morgen offen haben, danke",
        "Historisches Auto, Ölwechsel": "Historisches Auto, Ölwechsel",
    }
    assert {words: subject_of_words(words) for words in told} == told


def test_a_form_sent_twice_asks_once(garage: Shop, clock: FrozenClock) -> None:
    first = ask(garage, form())
    clock.forward(minutes=5)
    for mail in (MARIA, MARIA.upper()):
        assert ask(garage, form(mail=mail)) == first
    assert only_inquiry(garage).contacts_waiting == 1


def test_the_form_once_more_with_other_words_says_them_too(garage: Shop, clock: FrozenClock) -> None:
    first = ask(garage, form())
    clock.forward(minutes=5)
    for _ in range(2):
        assert ask(garage, form(words="Etwas anderes")) == first
    assert only_inquiry(garage).contacts_waiting == 2
    erna = {"words": "Etwas anderes", "mail": "erna@example.org"}
    other = ask(garage, form(**erna))
    assert other.inquiry_id != first.inquiry_id
    assert ask(garage, form(**erna)) == other
    assert [row[0] for row in garage.store.read("SELECT body FROM message ORDER BY id")] == [
        WORDS,
        "Etwas anderes",
        "Etwas anderes",
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"words": " \0\n "}, "words", "Schreiben Sie kurz, worum es geht."),
        ({"words": "\u200b"}, "words", "Schreiben Sie kurz, worum es geht."),
        ({"callback": True, "phone": "0900 123456"}, "phone", "Diese Nummer rufen wir nicht an."),
        ({"words": "x" * 5001}, "words", "Das ist zu lang. Höchstens 5000 Zeichen."),
        ({"name": "x" * 121}, "name", "Das ist zu lang. Höchstens 120 Zeichen."),
        ({"mail": ""}, "mail", "Schreiben Sie uns eine E-Mail-Adresse oder eine Telefonnummer."),
        ({"mail": "maria@example"}, "mail", "Diese Adresse ist nicht vollständig. Beispiel: name@example.org"),
        ({"phone": "anrufen"}, "phone", "Das ist keine Telefonnummer. Beispiel: 0512 555 870"),
        ({"callback": True}, "phone", "Unter welcher Nummer dürfen wir zurückrufen? Beispiel: 0512 555 870"),
        ({"callback": True, "phone": "12345"}, "phone", "Bitte schreiben Sie die Nummer mit der Vorwahl."),
        ({"callback": True, "phone": "0664 1234567", "call_by": at(23, 9)}, "call_by", "Diese Zeit ist inzwischen"),
    ],
)
def test_each_wrong_field_says_what_to_do(garage: Shop, changes: dict[str, Any], field: str, sentence: str) -> None:
    told = wrong(garage, **changes)
    assert list(told) == [field]
    assert told[field].startswith(sentence)
    assert garage.store.read("SELECT count(*) FROM inquiry") == [(0,)]


def test_the_longest_words_and_lines_of_every_kind_are_kept(garage: Shop) -> None:
    ask(garage, form(words="Zeile eins\r\n\n\n\n\u202eZeile\0 zwei 👩🏽\u200d🔧" + "ü" * 4900))
    body = str(garage.store.read("SELECT body FROM message")[0][0])
    assert body.startswith("Zeile eins\n\nZeile zwei 👩🏽\u200d🔧ü")


def test_a_wished_call_is_promised_in_its_window_or_by_the_time_that_is_told(garage: Shop) -> None:
    window = call_windows(garage.store, garage.now())[1]
    page = ask(garage, form(mail="", phone="0664 123 45 67", callback=True, call_by=window.due_at))
    promise = data.promises.promises_of(garage.store, page.inquiry_id)[0]
    assert (promise.phone, promise.from_at, promise.due_at) == ("+436641234567", window.from_at, window.due_at)
    assert (promise.source, promise.staff_id, promise.topic) == ("form", 0, only_inquiry(garage).subject)
    soon = ask(garage, form("two", phone="0664 123 45 67", callback=True))
    assert data.promises.promises_of(garage.store, soon.inquiry_id)[0].due_at == soon.answer_by == at(23, 16)


def test_switched_off_it_takes_nothing_but_knows_what_it_took(garage: Shop) -> None:
    page = ask(garage, form())
    with garage.store.write() as tx:
        put_settings(tx, {"inquiry_form": False}, garage.now())
    assert ask(garage, form()) == page
    with pytest.raises(NotFoundError, match=CLOSED):
        ask(garage, form("two"))


def test_who_types_a_known_address_changes_no_card(garage: Shop, sandra: Actor) -> None:
    receive(garage, letter())
    known = only_inquiry(garage).customer_id
    change_customer(garage, sandra, known, contact="maria@privat.example")
    before = data.customers.read_customer(garage.store, known), contacts(garage)
    page = ask(garage, replace(form(name="Erna Fremd", phone="0699 999 99 99"), language="en"))
    assert (data.customers.read_customer(garage.store, known), contacts(garage)) == before
    inquiry = data.inquiries.read_inquiry(garage.store, page.inquiry_id)
    assert inquiry is not None
    assert inquiry.customer_id == known
    assert (page.name, page.phone) == ("Erna Fremd", "0699 999 99 99")
    assert recipient_of(garage.store, inquiry)[1] == MARIA  # where it was asked from, not the newest address


# Before lunch, in it, in the evening, at night, on Friday, on the weekend; and how long until the answer.
ASKED = [at(23, 11, 50), at(23, 12, 30), at(23, 16, 59), at(24, 3), at(27, 16), at(28, 11), at(29, 23, 59)]


@pytest.mark.parametrize("asked", ASKED)
def test_the_clock_of_a_form_is_that_of_a_mail(garage: Shop, sandra: Actor, clock: FrozenClock, asked: Any) -> None:
    clock.now = asked
    receive(garage, letter(message_id="<one@example.org>"))
    by_mail = only_inquiry(garage).id
    page = ask(garage, form(mail="", phone="0664 123 45 67"))
    for step in (timedelta(minutes=30), timedelta(hours=20), timedelta(days=3)):
        clock.now += step
        assert _seen(garage, by_mail) == _seen(garage, page.inquiry_id)
        for inquiry_id in (by_mail, page.inquiry_id):
            log_call(garage, sandra, inquiry_id, words="", reached=step < timedelta(days=2))
        assert _seen(garage, by_mail) == _seen(garage, page.inquiry_id)
        clock.forward(minutes=7)
        receive(garage, letter(f"Noch etwas nach {step}", subject="Re: Mein Golf", In_Reply_To="<one@example.org>"))
        add_to_inquiry(garage, page.secret, f"Noch etwas nach {step}")
        assert _seen(garage, by_mail) == _seen(garage, page.inquiry_id)


def _seen(shop: Shop, inquiry_id: int) -> tuple[object, ...]:
    """All that figures and lists take from the clock."""
    line: InquiryLine = lines_of(shop, [inquiry_id])[0]
    kept = data.inquiries.read_inquiry(shop.store, inquiry_id)
    assert kept is not None
    clock = (kept.state, kept.waiting_since, kept.contacts_waiting, kept.first_contact_at, kept.first_response_at)
    return *clock, kept.reopened, line.urgency, line.wall_minutes, line.business_minutes, line.answer_by


def test_nobody_guesses_a_link_from_another(garage: Shop) -> None:
    pages = [ask(garage, form(key)) for key in ("one", "two")]
    secrets = {secret for page in pages for secret in (page.secret, page.mail_secret)}
    assert [len(secret) for secret in secrets] == [22] * 4
