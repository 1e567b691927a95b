"""Consents: noted with their words and taken back by a later line; whom one may call for them is in test_occasions."""

from __future__ import annotations

import pytest

from data.records import Actor, Channel
from services.consents import ADS, SURVEY, list_consents, note_consent
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import require_inquiry
from services.merging import merge_customers
from services.noting import Outcome, note_contact
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive


@pytest.fixture
def maria(shop: Shop, amir: Actor) -> int:
    """A customer who has written a mail."""
    receive(shop, letter())
    return only_inquiry(shop).customer_id


def test_the_last_word_stands_on_top_of_the_log(shop: Shop, amir: Actor, maria: int, clock: FrozenClock) -> None:
    note_consent(shop, amir, maria, SURVEY, given=True, how="Am Pult: «gern»")
    note_consent(shop, amir, maria, SURVEY, given=False, how="Am Telefon")  # in the same minute
    clock.forward(days=1)
    note_consent(shop, amir, maria, SURVEY, given=True, how="Wieder gern")
    log = list_consents(shop, amir, maria)
    assert [(line.given, line.how, line.staff_name) for line in log] == [
        (True, "Wieder gern", "Amir Hodžić"),
        (False, "Am Telefon", "Amir Hodžić"),
        (True, "Am Pult: «gern»", "Amir Hodžić"),
    ]


def test_a_consent_needs_its_words_and_a_kind(shop: Shop, amir: Actor, maria: int) -> None:
    with pytest.raises(InvalidInputError, match="wie die Person"):
        note_consent(shop, amir, maria, ADS, given=True, how=" ")
    with pytest.raises(InvalidInputError, match="worum es geht"):
        note_consent(shop, amir, maria, "phone", given=True, how="Am Pult")
    with pytest.raises(NotFoundError):
        note_consent(shop, amir, 999, ADS, given=True, how="Am Pult")
    assert list_consents(shop, amir, maria) == []


def test_a_word_on_a_card_that_went_into_another_counts_there(shop: Shop, amir: Actor, maria: int) -> None:
    said = {"need": "Bremse", "channel": Channel.CALL, "outcome": Outcome.MESSAGE}
    noted = note_contact(shop, amir, who="Maria Hofer", reach="0664 555 01 27", **said)  # type: ignore[arg-type]
    kept = require_inquiry(shop.store, noted).customer_id
    note_consent(shop, amir, maria, ADS, given=True, how="Am Pult")
    merge_customers(shop, amir, kept, maria)
    note_consent(shop, amir, maria, ADS, given=False, how="Am Telefon")
    assert [line.given for line in list_consents(shop, amir, kept)] == [False, True]
    assert list_consents(shop, amir, maria) == list_consents(shop, amir, kept)
