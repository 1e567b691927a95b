"""A customer's timeline: every channel and booking in the order of time, paged, and quick."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

import pytest

import data.messages
import data.ratings
import data.wishes
from data.ratings import Rating
from data.records import Actor, Channel, MessageRole
from data.timeline import EntryKind
from services.inquiries import require_inquiry
from services.noting import Outcome, add_note, log_call, note_contact
from services.replies import send_reply, take_back_reply
from services.shop import Shop
from services.timeline import customer_timeline, last_contacts
from tests.builders import FrozenClock, letter, only_inquiry, receive

MARIA = "maria.hofer@example.org"


@pytest.fixture
def inquiry(shop: Shop, amir: Actor) -> int:
    """Maria Hofer has written a mail."""
    receive(shop, letter())
    return only_inquiry(shop).id


@pytest.fixture
def maria(shop: Shop, inquiry: int) -> int:
    return require_inquiry(shop.store, inquiry).customer_id


def put_booking(shop: Shop, customer_id: int, inquiry_id: int, days: int, state: str = "confirmed") -> int:
    """A booking that begins in so many days."""
    with shop.store.write() as tx:
        ident, at = tx.new_id(), shop.now() + timedelta(days=days)
        names = {name: f"{name} {ident}" for name in ("number", "secret", "uid", "form_key")}
        texts = dict.fromkeys(("customer_name", "mail", "phone", "answer", "note", "reminder", "calendar_answer"), "")
        spans = {"starts_at": at, "ends_at": at + timedelta(hours=1), "created_at": shop.now(), "agreed_at": shop.now()}
        numbers = {"id": ident, "sequence": 0, "offering_id": 1, "buffer_before": 0, "buffer_after": 0}
        whose = {"customer_id": customer_id, "inquiry_id": inquiry_id, "state": state, "language": "de"}
        tx.insert("booking", {**numbers, **names, **texts, **spans, **whose, "offering_name": "Reifenwechsel"})
    return ident


def put_wish_and_rating(shop: Shop, customer_id: int, inquiry_id: int) -> None:
    rated_at = shop.now() + timedelta(minutes=1)
    texts = dict.fromkeys(("colour", "kind", "folded", "note", "expected", "expected_source", "offered"), "")
    whose = {"customer_id": customer_id, "inquiry_id": inquiry_id, "until_on": shop.now().date(), **texts}
    with shop.store.write() as tx:
        data.wishes.insert_wish(tx, {**whose, "article": "Jeans", "size": "32"}, shop.now())
        data.ratings.put_rating(tx, Rating(inquiry_id, 5, "Flott", "status", rated_at))


def test_every_channel_stands_in_the_order_of_time(
    shop: Shop, amir: Actor, inquiry: int, maria: int, clock: FrozenClock
) -> None:
    clock.forward(hours=1)
    log_call(shop, amir, inquiry, reached=False)
    clock.forward(hours=1)
    add_note(shop, amir, inquiry, "Ruft um fünf noch einmal an")
    clock.forward(hours=1)
    said = {"need": "Steht vor der Tür", "channel": Channel.VISIT, "outcome": Outcome.SETTLED}
    note_contact(shop, amir, who="Maria Hofer", reach=MARIA, **said)  # type: ignore[arg-type]
    clock.forward(hours=1)
    put_wish_and_rating(shop, maria, inquiry)
    past, coming = put_booking(shop, maria, inquiry, -2, "done"), put_booking(shop, maria, inquiry, 3)
    told = customer_timeline(shop, amir, maria).entries
    assert [(entry.kind, entry.how) for entry in told] == [
        (EntryKind.BOOKING, "confirmed"),
        (EntryKind.RATING, "5"),
        (EntryKind.WISH, "open"),
        (EntryKind.MESSAGE, "answer"),
        (EntryKind.MESSAGE, "note"),
        (EntryKind.MESSAGE, "attempt"),
        (EntryKind.MESSAGE, "customer"),
        (EntryKind.BOOKING, "done"),
    ]
    assert (told[0].id, told[-1].id, told[2].words) == (coming, past, "Jeans, 32")


def test_what_machines_wrote_and_what_was_taken_back_is_left_out(
    shop: Shop, amir: Actor, inquiry: int, maria: int
) -> None:
    receive(shop, letter("Ich bin im Urlaub", subject="Abwesend", Auto_Submitted="auto-replied"))
    version = require_inquiry(shop.store, inquiry).version
    send_reply(shop, amir, inquiry, body="Guten Tag, morgen um zehn.", seen_version=version, form_key="1")
    (answer, _mail) = customer_timeline(shop, amir, maria).entries
    assert (answer.how, answer.problem) == ("answer", "queued")
    take_back_reply(shop, amir, answer.id)
    assert [entry.how for entry in customer_timeline(shop, amir, maria).entries] == ["customer"]


def test_five_hundred_entries_are_paged_and_quick(shop: Shop, amir: Actor, inquiry: int, maria: int) -> None:
    line = {"inquiry_id": inquiry, "kind": Channel.MAIL, "role": MessageRole.CUSTOMER, "body": "Wort " * 200}
    with shop.store.write() as tx:
        tx.reserve_ids(500)
        for n in range(500):
            at = shop.now() - timedelta(hours=n + 1)
            data.messages.insert_message(tx, {**line, "happened_at": at}, shop.now())
    started = perf_counter()
    first = customer_timeline(shop, amir, maria)
    assert perf_counter() - started < 0.5
    assert (len(first.entries), first.more, len(first.entries[1].words)) == (50, True, 300)
    every = customer_timeline(shop, amir, maria, limit=600)
    assert (len(every.entries), every.more) == (501, False)
    assert every.entries[:50] == first.entries


def test_beside_a_reply_stand_the_last_three_of_before(
    shop: Shop, amir: Actor, inquiry: int, maria: int, clock: FrozenClock
) -> None:
    assert last_contacts(shop, amir, maria, without=inquiry) == []
    for days, state in ((-40, "done"), (-3, "cancelled"), (-2, "no_show"), (2, "confirmed"), (-90, "done")):
        put_booking(shop, maria, inquiry, days, state)
    clock.forward(days=1)
    said = {"need": "Alles besprochen", "channel": Channel.CALL, "outcome": Outcome.SETTLED}
    talk = note_contact(shop, amir, who="", reach=MARIA, **said)  # type: ignore[arg-type]
    seen = last_contacts(shop, amir, maria, without=inquiry)
    assert [(each.kind, each.words) for each in seen] == [
        (EntryKind.MESSAGE, "Alles besprochen"),
        (EntryKind.BOOKING, "Reifenwechsel"),
        (EntryKind.BOOKING, "Reifenwechsel"),
    ]
    assert seen[0].id == talk
