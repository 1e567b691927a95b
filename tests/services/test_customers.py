"""Customers: corrected in one step or not at all, one mail address each, told apart in the list."""

from __future__ import annotations

import pytest

import data.customers
import data.messages
from data.records import Actor, Channel, MessageRole
from services.customers import CustomerCard, change_customer, find_customers, open_card, require_kept
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import list_inquiries, require_inquiry
from services.merging import merge_customers
from services.noting import Outcome, note_contact
from services.shop import Shop
from tests.builders import letter, only_inquiry, receive

MARIA = "maria.hofer@example.org"


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


@pytest.mark.parametrize(
    "words",
    ["Müller", "mueller", "MUELL", "gross Müller", "zoé", "zoe groß", "0316/1234", "+43 316 1234", "00433161234",
     "0316 12 34", "…1234", "234 567", "müller 0316", "zm@example"],
)  # fmt: skip
def test_any_spelling_finds_the_customer(shop: Shop, amir: Actor, maria: int, words: str) -> None:
    zoe = add(shop, amir, "Zoé Groß-Müller", "0316 1234567")
    change_customer(shop, amir, zoe, contact="zm@example.org")
    assert [found.customer.id for found in find_customers(shop, amir, words)] == [zoe]


def test_the_list_is_sorted_by_the_name_as_it_sounds(shop: Shop, amir: Actor) -> None:
    for name in ("Özlem Aydin", "Zoe Auer", "Otto Bauer", "Änne Weiß", "Anna Wolf", "ottilie Zorn"):
        add(shop, amir, name, "")
    listed = [found.customer.name for found in find_customers(shop, amir, "")]
    assert listed == ["Änne Weiß", "Anna Wolf", "Özlem Aydin", "ottilie Zorn", "Otto Bauer", "Zoe Auer"]


def test_the_card_keeps_what_one_wants_to_know(shop: Shop, amir: Actor, maria: int) -> None:
    josef = add(shop, amir, "Josef Novak", "")
    known = {"preferred": "phone", "likes": " Kaffee  schwarz ", "language": "en", "referred_by": josef, "no_ads": True}
    change_customer(shop, amir, maria, **known)  # type: ignore[arg-type]
    card = open_card(shop, amir, maria)
    customer = card.customer
    assert (customer.preferred, customer.likes, customer.language) == ("phone", "Kaffee schwarz", "en")
    assert (customer.no_ads, card.referrer and card.referrer.name) == (True, "Josef Novak")
    assert open_card(shop, amir, josef).referred == 1
    change_customer(shop, amir, maria, referred_by=0)
    assert open_card(shop, amir, maria).referrer is None


def test_nobody_sends_themselves_or_comes_from_nowhere(shop: Shop, amir: Actor, maria: int) -> None:
    with pytest.raises(InvalidInputError, match="Niemand empfiehlt sich selbst"):
        change_customer(shop, amir, maria, referred_by=maria)
    with pytest.raises(NotFoundError):
        change_customer(shop, amir, maria, referred_by=999)
    with pytest.raises(InvalidInputError):
        change_customer(shop, amir, maria, preferred="fax")


@pytest.mark.parametrize("field", ["name", "title", "note", "likes"])
def test_what_is_too_long_is_refused_and_never_cut(shop: Shop, amir: Actor, maria: int, field: str) -> None:
    before = open_card(shop, amir, maria).customer
    with pytest.raises(InvalidInputError, match="zu lang"):
        change_customer(shop, amir, maria, **{field: "Ö" * 10_000})
    assert open_card(shop, amir, maria).customer == before


def erase(shop: Shop, customer_id: int) -> None:
    """As if the person had been forgotten, with addresses that came back somehow."""
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET erased_at = $now WHERE id = $id", {"now": shop.now(), "id": customer_id})


def test_an_erased_card_is_no_way_back(shop: Shop, amir: Actor, maria: int) -> None:
    erase(shop, maria)
    assert data.customers.find_by_contact(shop.store, "mail", MARIA) == []
    assert data.customers.find_by_mail(shop.store, [MARIA]) == {}
    assert add(shop, amir, "Maria Hofer", MARIA) != maria


def test_a_screen_that_is_too_old_gets_the_kept_card_or_none(shop: Shop, amir: Actor, maria: int) -> None:
    josef = add(shop, amir, "Josef Novak", "0664 555 01 43")
    merge_customers(shop, amir, josef, maria)
    assert require_kept(shop.store, maria).id == josef
    erase(shop, josef)
    for customer_id in (maria, josef, 999):
        with pytest.raises(NotFoundError):
            require_kept(shop.store, customer_id)


def test_whoever_was_sent_by_somebody_erased_can_be_changed(shop: Shop, amir: Actor, maria: int) -> None:
    josef = add(shop, amir, "Josef Novak", "")
    change_customer(shop, amir, maria, referred_by=josef)
    erase(shop, josef)
    change_customer(shop, amir, maria, referred_by=josef, likes="Tee")
    assert open_card(shop, amir, maria).customer.likes == "Tee"
    with pytest.raises(NotFoundError):
        change_customer(shop, amir, add(shop, amir, "Anna", ""), referred_by=josef)
