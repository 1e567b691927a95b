"""A pasted chat goes on with its own conversation only, and no word of a customer is lost in one that is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

import data.messages
from data.records import Actor, CloseReason, InquiryState, MessageRole, StaffRole
from services.closing import close_inquiry
from services.customers import require_customer
from services.errors import InvalidInputError, UnofferedError
from services.ideas import mark_idea
from services.inquiries import list_inquiries, require_inquiry
from services.pasted import goes_on_with, note_chat, recognise_chat
from services.settings import save_settings
from services.shop import Shop
from services.wrap_ups import note_reason
from tests.bookable import at
from tests.builders import FrozenClock, hire
from tests.services.test_wrap_ups import insert_availability

ASKED = "[23.11.26, 10:00:00] Maria: Ist er fertig?"


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    actor = hire(shop, "Sandra Kofler", StaffRole.OWNER)
    save_settings(shop, actor, name="Kfz Muster")
    return actor


def said(shop: Shop, inquiry_id: int) -> list[str]:
    return [message.body for message in data.messages.list_messages(shop.store, inquiry_id)]


def test_what_we_told_everybody_joins_no_strangers(shop: Shop, sandra: Actor) -> None:
    ours = "22.11.26, 17:50 - Kfz Muster: Morgen haben wir geschlossen.\n22.11.26, 17:"
    maria = note_chat(shop, sandra, f"{ours}55 - Maria: Danke für die Info", customer="Maria")
    text = f"{ours}58 - Peter Privat: Wann ist mein Auto fertig?"
    chat = recognise_chat(shop, text)
    assert chat is not None
    assert goes_on_with(shop, chat, "Peter Privat") is None
    assert note_chat(shop, sandra, text, customer="Peter Privat") != maria
    assert len(said(shop, maria)) == 2


def test_one_word_in_the_same_minute_is_chance_and_two_are_none(shop: Shop, sandra: Actor) -> None:
    one = "22.11.26, 17:50 - Maria: Hallo\n22.11.26, 17:51 - Maria: Wann ist mein Golf fertig?"
    other = "22.11.26, 17:50 - Maria: Hallo\n22.11.26, 17:53 - Maria: Haben Sie Winterreifen?"
    first = note_chat(shop, sandra, one, customer="Maria")
    assert note_chat(shop, sandra, other, customer="Maria") != first
    chat = recognise_chat(shop, one)
    assert chat is not None
    found = goes_on_with(shop, chat, "Maria")
    assert found is not None
    assert found.id == first


def test_a_single_message_that_grew_goes_on(shop: Shop, sandra: Actor) -> None:
    first = note_chat(shop, sandra, ASKED, customer="Maria")
    assert note_chat(shop, sandra, f"{ASKED}\n[23.11.26, 10:02:00] Maria: Hallo?", customer="Maria") == first
    assert said(shop, first) == ["Ist er fertig?", "Hallo?"]


def test_what_was_said_twice_in_a_minute_was_said_twice(shop: Shop, sandra: Actor) -> None:
    first = note_chat(shop, sandra, ASKED, customer="Maria")
    note_chat(shop, sandra, f"{ASKED}\n{ASKED}", customer="Maria")
    note_chat(shop, sandra, f"{ASKED}\n{ASKED}", customer="Maria")
    assert said(shop, first) == ["Ist er fertig?"] * 2


def test_a_copy_without_times_is_known_again(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    text = "Maria: Guten Abend\nKfz Muster: Ja?\nMaria: Ist er fertig?"
    first = note_chat(shop, sandra, text, customer="Maria")
    clock.forward(minutes=1)
    assert note_chat(shop, sandra, f"{text}\nMaria: Hallo?", customer="Maria") == first
    assert len(said(shop, first)) == 4
    assert len(list_inquiries(shop, sandra).waiting) == 1


def test_who_is_the_customer_is_put_right_by_pasting_again(shop: Shop, sandra: Actor) -> None:
    text = "[22.11.26, 17:50:00] Maria: Hallo\n[22.11.26, 17:49:00] Kfz Muster: Ja?"
    first = note_chat(shop, sandra, text, customer="Kfz Muster")
    assert note_chat(shop, sandra, text, customer="Maria") == first
    inquiry = require_inquiry(shop.store, first)
    assert inquiry.waiting_since == at(22, 17, 50)
    assert require_customer(shop.store, inquiry.customer_id).name == "Maria"


@pytest.mark.parametrize(("who", "reach"), [("N" * 201, ""), ("", "0" * 201)])
def test_a_name_that_is_too_long_is_refused_and_never_cut(shop: Shop, sandra: Actor, who: str, reach: str) -> None:
    with pytest.raises(InvalidInputError, match="zu lang"):
        note_chat(shop, sandra, ASKED, customer="Maria", who=who, reach=reach)


def test_settled_ends_nothing_while_an_idea_waits(shop: Shop, sandra: Actor) -> None:
    first = note_chat(shop, sandra, ASKED, customer="Maria")
    mark_idea(shop, sandra, first)
    with pytest.raises(InvalidInputError, match="Idee"):
        note_chat(shop, sandra, ASKED, customer="Maria", settled=True)
    assert require_inquiry(shop.store, first).state is InquiryState.OPEN


def test_settled_ends_nothing_before_something_was_offered(shop: Shop, sandra: Actor) -> None:
    first = note_chat(shop, sandra, ASKED, customer="Maria")
    note_reason(shop, sandra, first, insert_availability(shop))
    with pytest.raises(UnofferedError, match="stattdessen angeboten"):
        note_chat(shop, sandra, ASKED, customer="Maria", settled=True)
    assert require_inquiry(shop.store, first).state is InquiryState.OPEN
    answered = f"{ASKED}\n[23.11.26, 10:05:00] Kfz Muster: Ja, heute"
    note_chat(shop, sandra, answered, customer="Maria", settled=True)
    assert require_inquiry(shop.store, first).close_reason == CloseReason.ANSWERED


def test_words_from_before_the_close_that_nobody_knew_open_it_again(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    first = note_chat(shop, sandra, ASKED, customer="Maria")
    close_inquiry(shop, sandra, first, CloseReason.DEALT_WITH)
    clock.forward(hours=1)
    later = f"{ASKED}\n[23.11.26, 10:30:00] Maria: Bitte auch die Bremsen"
    answered = f"{later}\n[23.11.26, 10:35:00] Kfz Muster: Ist gemacht"
    note_chat(shop, sandra, answered, customer="Maria")
    assert require_inquiry(shop.store, first).state is InquiryState.CLOSED
    note_chat(shop, sandra, f"{answered}\n[23.11.26, 10:40:00] Maria: Und das Öl?", customer="Maria")
    inquiry = require_inquiry(shop.store, first)
    assert (inquiry.state, inquiry.waiting_since) == (InquiryState.OPEN, at(23, 10, 40))


def test_what_is_older_than_the_set_up_has_no_clock(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        since = shop.now() - timedelta(days=1)
        tx.insert("setting", {"name": "set_up_done", "value": "true", "changed_at": since})
    text = "[02.11.26, 10:00:00] Maria: Hallo?\n[05.11.26, 10:00:00] Kfz Muster: Ja"
    first = note_chat(shop, sandra, text, customer="Maria")
    assert require_inquiry(shop.store, first).first_contact_at is None
    roles = [message.role for message in data.messages.list_messages(shop.store, first)]
    assert roles == [MessageRole.EARLIER_CUSTOMER, MessageRole.EARLIER_ANSWER]
