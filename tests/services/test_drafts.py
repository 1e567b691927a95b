"""Drafts: two tabs of one person never write over each other; a template says what Theke knows and never guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.records import Actor
from services.conversations import open_conversation
from services.customers import change_customer
from services.drafts import save_draft, stamp, use_template
from services.noting import log_call
from services.promises import promise_callback
from services.shop import Shop
from services.templates import delete_template, save_template
from tests.builders import FrozenClock, connect, hire, letter, only_inquiry, receive

CALL = "Ich rufe an bis {Tag und Uhrzeit des Rückrufs}: {Nummer des Kunden}"
TRIED = "Heute um {Uhrzeit des Versuchs} Uhr versucht"
TOMORROW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)  # 15:30 in Vienna


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    receive(shop, letter())
    return hire(shop, "Sandra Kofler")


def draft_of(shop: Shop, actor: Actor) -> tuple[str, str]:
    """(text, stamp) as a page that opens now gets them."""
    draft = open_conversation(shop, actor, only_inquiry(shop).id).draft
    return (draft.body if draft else "", stamp(draft))


def keep(shop: Shop, actor: Actor, body: str, known: str | None) -> str:
    inquiry = only_inquiry(shop)
    return save_draft(shop, actor, inquiry.id, body=body, subject="", cc="", seen_version=1, known=known).body


def test_a_tab_that_has_seen_the_draft_replaces_it(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    keep(shop, sandra, "Am Dienstag", "")
    clock.forward(seconds=5)
    assert keep(shop, sandra, "Am Mittwoch", draft_of(shop, sandra)[1]) == "Am Mittwoch"
    assert draft_of(shop, sandra)[0] == "Am Mittwoch"


@pytest.mark.parametrize(
    ("there", "typed", "kept"),
    [
        ("Aus dem Büro", "Am Tresen", "Aus dem Büro\n\nAm Tresen"),
        ("Guten Tag", "Guten Tag Frau Hofer", "Guten Tag Frau Hofer"),
        ("Guten Tag Frau Hofer", "Guten Tag", "Guten Tag Frau Hofer"),
        ("Aus dem Büro\n\nAm Tresen", "Am Tresen", "Aus dem Büro\n\nAm Tresen"),
        ("Aus dem Büro", "", "Aus dem Büro"),
        (" \n", "Am Tresen", "Am Tresen"),
    ],
)
def test_a_tab_that_has_not_seen_the_draft_never_writes_over_it(
    shop: Shop, clock: FrozenClock, sandra: Actor, there: str, typed: str, kept: str
) -> None:
    keep(shop, sandra, there, "")
    clock.forward(seconds=5)
    assert keep(shop, sandra, typed, "") == kept
    assert draft_of(shop, sandra)[0] == kept


def filled(shop: Shop, actor: Actor, body: str) -> str:
    template = save_template(shop, actor, None, name="Probe", subject="", body=body)
    made = use_template(shop, actor, only_inquiry(shop).id, template).body
    delete_template(shop, actor, template)
    return made


def promise(shop: Shop, actor: Actor, due_at: datetime, phone: str = "0664 555 01 27") -> None:
    promise_callback(shop, actor, only_inquiry(shop).id, staff_id=actor.staff_id, phone=phone, due_at=due_at)


def test_a_template_says_what_was_promised(shop: Shop, sandra: Actor) -> None:
    promise(shop, sandra, TOMORROW)
    assert filled(shop, sandra, CALL) == "Ich rufe an bis Dienstag, 24. November, 15:30 Uhr: 0664 5550127"


def test_what_a_colleague_promised_or_what_is_past_stays_a_hole(
    shop: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    promise(shop, hire(shop, "Amir Haddad"), TOMORROW)
    promise(shop, sandra, shop.now() + timedelta(minutes=5))
    clock.forward(hours=1)
    assert "{Tag und Uhrzeit des Rückrufs}" in filled(shop, sandra, CALL)


def test_the_one_number_of_a_customer_is_known_and_of_two_none(shop: Shop, sandra: Actor) -> None:
    customer = only_inquiry(shop).customer_id
    assert "{Nummer des Kunden}" in filled(shop, sandra, CALL)
    change_customer(shop, sandra, customer, contact="0664 555 01 27")
    assert filled(shop, sandra, CALL).endswith(": 0664 5550127")
    change_customer(shop, sandra, customer, contact="0512 555 870")
    assert "{Nummer des Kunden}" in filled(shop, sandra, CALL)


def test_a_try_counts_on_its_day_and_for_who_made_it(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    amir, inquiry = hire(shop, "Amir Haddad"), only_inquiry(shop)
    log_call(shop, sandra, inquiry.id, reached=False)
    assert filled(shop, sandra, TRIED) == "Heute um 10:42 Uhr versucht"
    assert filled(shop, amir, TRIED) == TRIED
    clock.forward(days=1)
    assert filled(shop, sandra, TRIED) == TRIED
