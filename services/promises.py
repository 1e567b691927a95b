"""Promised callbacks: a person, a number, a time; kept, tried or moved by one tap."""

from __future__ import annotations

from datetime import datetime

import data.inquiries
import data.promises
from data.records import Actor, Channel, MessageRole, Promise, PromiseState
from data.store import Transaction
from services.clock import refresh_clock
from services.entries import Entry, add_entry
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import require_inquiry
from services.rules.phones import normalise_phone
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_active
from services.typed import one_line, shorten

TOPIC_LENGTH = 78  # and «…» behind it


def promise_callback(
    shop: Shop, actor: Actor, inquiry_id: int, *, staff_id: int, phone: str, due_at: datetime, topic: str = ""
) -> int:
    """Promise a call of `staff_id` by `due_at`; the promise's id. The clock goes on."""
    now = shop.now()
    if due_at <= now:
        raise InvalidInputError("Diese Zeit ist schon vorbei.")
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        number = normalise_phone(phone, shop_settings(tx).country)
        if not number:
            raise InvalidInputError("Bitte schreiben Sie die Telefonnummer, unter der wir zurückrufen.")
        require_active(tx, staff_id)
        data.inquiries.change_inquiry(tx, inquiry.id, owner_id=staff_id)
        data.inquiries.add_event(tx, inquiry.id, "promised", now, staff_id=actor.staff_id)
        values = {
            "inquiry_id": inquiry.id,
            "staff_id": staff_id,
            "phone": number,
            "topic": shorten(one_line(topic), TOPIC_LENGTH) or inquiry.subject,
            "due_at": due_at,
        }
        return data.promises.insert_promise(tx, values, now)


def keep_promise(shop: Shop, actor: Actor, promise_id: int) -> None:
    """«Erreicht»: the call took place and ends the wait."""
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        if data.promises.end_promise(tx, promise.id, PromiseState.KEPT, shop.now()):
            add_entry(tx, promise.inquiry_id, actor, Entry(Channel.CALL, MessageRole.ANSWER, ""), shop.now())
            refresh_clock(tx, promise.inquiry_id)


def try_promise(shop: Shop, actor: Actor, promise_id: int) -> None:
    """«Nicht erreicht»: counted and shown; the promise and the clock go on (rule 2)."""
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        data.promises.count_try(tx, promise.id, shop.now())
        add_entry(tx, promise.inquiry_id, actor, Entry(Channel.CALL, MessageRole.ATTEMPT, ""), shop.now())
        refresh_clock(tx, promise.inquiry_id)


def move_promise(shop: Shop, actor: Actor, promise_id: int, due_at: datetime) -> None:
    """Another time was agreed."""
    if due_at <= shop.now():
        raise InvalidInputError("Diese Zeit ist schon vorbei.")
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        data.promises.move_promise(tx, promise.id, due_at, shop.now())
        data.inquiries.add_event(tx, promise.inquiry_id, "promise_moved", shop.now(), staff_id=actor.staff_id)


def list_promises(shop: Shop, actor: Actor, until: datetime) -> list[Promise]:
    """Open promises due before `until`, late ones first."""
    return data.promises.open_promises(shop.store, until)


def promise_states(shop: Shop, actor: Actor, promise_ids: list[int]) -> dict[int, PromiseState]:
    """How these promises stand."""
    return data.promises.read_states(shop.store, promise_ids)


def _require_open(tx: Transaction, promise_id: int) -> Promise:
    promise = data.promises.read_promise(tx, promise_id)
    if promise is None or promise.state != PromiseState.OPEN:
        raise NotFoundError("Dieser Rückruf ist schon erledigt.")
    return promise
