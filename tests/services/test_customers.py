"""Customers: corrected in one step or not at all, one mail address each, told apart in the list."""

from __future__ import annotations

import pytest

import data.messages
from data.records import Actor, Channel, MessageRole
from services.customers import CustomerCard, change_customer, find_customers, open_card
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import list_inquiries, require_inquiry
from services.noting import Outcome, note_contact
from services.shop import Shop
from tests.builders import connect, hire, letter, only_inquiry, receive

MARIA = "maria.hofer@example.org"


@pytest.fixture
def amir(shop: Shop) -> Actor:
    """Works here."""
    connect(shop)
    return hire(shop, "Amir Hodžić")


@pytest.fixture
def maria(shop: Shop, amir: Actor) -> int:
    """A customer who has written a mail."""
    receive(shop, letter())
    return only_inquiry(shop).customer_id


def note(shop: Shop, actor: Actor, who: str, reach: str = "", outcome: Outcome = Outcome.MESSAGE) -> int:
    need = f"Bremse, {reach}"
    return note_contact(shop, actor, who=who, need=need, reach=reach, channel=Channel.CALL, outcome=outcome)


def add(shop: Shop, actor: Actor, who: str, reach: str) -> int:
    return require_inquiry(shop.store, note(shop, actor, who, reach)).customer_id


def ways(card: CustomerCard) -> list[str]:
    """The addresses and numbers of a card."""
    return [contact.address for contact in card.contacts]


def test_a_wrong_address_saves_nothing_of_the_card(shop: Shop, amir: Actor, maria: int) -> None:
    before = open_card(shop, amir, maria)
    with pytest.raises(InvalidInputError, match="weder eine E-Mail-Adresse noch eine Telefonnummer"):
        change_customer(shop, amir, maria, name="Maria Berger", note="Golf", contact="maria(at)x", drop=[MARIA])
    assert open_card(shop, amir, maria) == before


def test_a_wrong_choice_or_no_name_saves_no_address(shop: Shop, amir: Actor, maria: int) -> None:
    for wrong in ({"name": " "}, {"salutation": "dr"}, {"form_of_address": "ihr"}):
        with pytest.raises(InvalidInputError):
            change_customer(shop, amir, maria, contact="0664 555 01 27", **wrong)
    assert ways(open_card(shop, amir, maria)) == [MARIA]


def test_name_and_address_are_corrected_in_one_step(shop: Shop, amir: Actor, maria: int) -> None:
    change_customer(shop, amir, maria, name="Maria Berger", contact="Berger@Example.org", drop=[MARIA])
    card = open_card(shop, amir, maria)
    assert (card.customer.name, ways(card)) == ("Maria Berger", ["berger@example.org"])
    assert find_customers(shop, amir, "hofer") == []


def test_an_address_that_is_removed_and_typed_again_stays(shop: Shop, amir: Actor, maria: int) -> None:
    change_customer(shop, amir, maria, contact=MARIA.title(), drop=[MARIA])
    assert ways(open_card(shop, amir, maria)) == [MARIA]


def test_the_last_address_may_go_and_the_mails_stay(shop: Shop, amir: Actor, maria: int) -> None:
    change_customer(shop, amir, maria, drop=[MARIA])
    card = open_card(shop, amir, maria)
    assert (ways(card), len(card.inquiries)) == ([], 1)
    (mail,) = data.messages.list_messages(shop.store, only_inquiry(shop).id)
    assert mail.sender_address == MARIA


def test_nobody_elses_address_is_removed(shop: Shop, amir: Actor, maria: int) -> None:
    anton, erna = (add(shop, amir, name, "0664 555 01 27") for name in ("Anton Gruber", "Erna Gruber"))
    change_customer(shop, amir, anton, drop=["+436645550127", MARIA])
    assert [ways(open_card(shop, amir, each)) for each in (anton, erna, maria)] == [[], ["+436645550127"], [MARIA]]


def test_a_mail_address_has_one_customer_who_is_named(shop: Shop, amir: Actor, maria: int) -> None:
    josef = add(shop, amir, "Josef Novak", "0664 555 01 43")
    with pytest.raises(InvalidInputError) as refused:
        change_customer(shop, amir, josef, name="Josef Nowak", contact="Maria.Hofer@Example.org")
    assert "Maria Hofer" in str(refused.value)
    card = open_card(shop, amir, josef)
    assert (card.customer.name, ways(card)) == ("Josef Novak", ["+436645550143"])


def test_a_number_may_be_a_familys(shop: Shop, amir: Actor, maria: int) -> None:
    josef = add(shop, amir, "Josef Novak", "0664 555 01 43")
    for _again in range(2):
        change_customer(shop, amir, maria, contact="0664 555 01 43")
    assert ways(open_card(shop, amir, maria)) == [MARIA, "+436645550143"]
    assert ways(open_card(shop, amir, josef)) == ["+436645550143"]


@pytest.mark.parametrize("words", ["0664 5550143", "0664 555", "novak 0664"])
def test_a_number_is_found_as_it_is_written_after_the_card_was_saved(shop: Shop, amir: Actor, words: str) -> None:
    josef = add(shop, amir, "Josef", "0664 555 01 43")
    change_customer(shop, amir, josef, name="Josef Novak")
    assert len(list_inquiries(shop, amir, words=words).waiting) == 1
    assert [found.customer.name for found in find_customers(shop, amir, words)] == ["Josef Novak"]


def test_somebody_who_is_gone_is_not_changed(shop: Shop, amir: Actor) -> None:
    with pytest.raises(NotFoundError, match="Diesen Kunden gibt es nicht mehr"):
        change_customer(shop, amir, 999, name="Niemand")


def test_namesakes_come_with_how_to_reach_them(shop: Shop, amir: Actor) -> None:
    note(shop, amir, "Maria Hofer")
    receive(shop, letter())
    first = add(shop, amir, "Maria Hofer", "0664 555 01 43")
    change_customer(shop, amir, first, contact="hofer@example.net")
    found = find_customers(shop, amir, "hofer")
    shown = {tuple(sorted(contact.shown for contact in each.contacts)) for each in found}
    assert shown == {(), (MARIA,), ("0664 5550143", "hofer@example.net")}


@pytest.mark.parametrize("outcome", [Outcome.MESSAGE, Outcome.SETTLED])
def test_a_known_address_keeps_its_customer_and_the_typed_name(
    shop: Shop, amir: Actor, maria: int, outcome: Outcome
) -> None:
    inquiry = require_inquiry(shop.store, note(shop, amir, " Peter  Hofer ", MARIA, outcome))
    assert inquiry.customer_id == maria
    (noted,) = data.messages.list_messages(shop.store, inquiry.id)
    assert (noted.sender_name, noted.role is MessageRole.ANSWER) == ("Peter Hofer", outcome is Outcome.SETTLED)
    assert len(list_inquiries(shop, amir, words="peter").waiting + list_inquiries(shop, amir, words="peter").found) == 1


def test_a_double_tap_for_somebody_at_a_known_address_notes_once(shop: Shop, amir: Actor, maria: int) -> None:
    first = note(shop, amir, "Peter Hofer", MARIA)
    assert note(shop, amir, "Peter Hofer", MARIA) == first
    assert note(shop, amir, "Paul Hofer", MARIA) != first
