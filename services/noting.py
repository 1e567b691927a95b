"""Noting what was said: a call or a walk-in in three fields and one tap, a note, a call of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import data.customers
import data.inquiries
import data.messages
import data.promises
from data.promises import CallOutcome
from data.records import Actor, Channel, CloseReason, MessageRole
from data.store import Reader
from services.clock import refresh_clock
from services.closing import note_close
from services.customers import NAME_LENGTH, clean_name, find_or_add_customer
from services.entries import Entry, add_entry
from services.errors import InvalidInputError
from services.inquiries import require_inquiry
from services.promises import ANYBODY, check_window, note_attempt, take_if_unowned
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_active
from services.typed import one_line, short_line, shorten

DOUBLE_TAP = timedelta(seconds=10)
SUBJECT_LENGTH = 78  # and «…» behind it


class Outcome(StrEnum):
    """How a noted call or walk-in ended (rule 9)."""

    SETTLED = "settled"
    WE_CALL = "we_call"
    MESSAGE = "message"


def note_contact(
    shop: Shop,
    actor: Actor,
    *,
    who: str,
    need: str,
    reach: str,
    channel: Channel,
    outcome: Outcome,
    promise_at: datetime | None = None,
    promise_staff_id: int | None = None,
    promise_from: datetime | None = None,
) -> int:
    """Write down a call, a walk-in or a voicemail in three fields and one tap (rule 9); the inquiry's id.

    SETTLED needs no clock, MESSAGE starts it, WE_CALL starts it and promises a callback until `promise_at` by
    `promise_staff_id`: the one who notes it if None, whoever is free if 0. Who is reached at a customer's mail address
    is filed under that customer, and their own name stays on the message. The same words for the same customer within
    ten seconds are one note. Raises InvalidInputError for what is missing, past or too long.
    """
    now = shop.now()
    _check(need, outcome, promise_at, promise_from, now)
    for typed in (who, reach):
        short_line(typed, NAME_LENGTH)
    staff_id = actor.staff_id if promise_staff_id is None else promise_staff_id
    with shop.store.write() as tx:
        name = clean_name(who) or clean_name(reach)
        known = data.messages.noted_just_now(tx, actor.staff_id, need.strip(), name, now - DOUBLE_TAP)
        if known is not None:
            return known
        if staff_id != ANYBODY:
            require_active(tx, staff_id)
        customer_id = find_or_add_customer(tx, shop_settings(tx).country, name=who, reach=reach, now=now)
        subject = shorten(one_line(need), SUBJECT_LENGTH)
        values = {"customer_id": customer_id, "channel": channel, "owner_id": staff_id or None, "subject": subject}
        inquiry_id = data.inquiries.insert_inquiry(tx, {"started_by": "customer", **values}, now)
        role = MessageRole.ANSWER if outcome == Outcome.SETTLED else MessageRole.CUSTOMER
        add_entry(tx, inquiry_id, actor, Entry(channel, role, need, speaker=clean_name(who)), now)
        if outcome == Outcome.SETTLED:
            note_close(tx, inquiry_id, actor, CloseReason.ANSWERED, now)
        if outcome == Outcome.WE_CALL and promise_at is not None:
            when = {"from_at": promise_from, "due_at": promise_at}
            promise = {"inquiry_id": inquiry_id, "staff_id": staff_id, "topic": subject, **when}
            data.promises.insert_promise(tx, {"phone": _phone_of(tx, customer_id), **promise}, now)
        refresh_clock(tx, inquiry_id)
    return inquiry_id


def _check(
    need: str, outcome: Outcome, promise_at: datetime | None, promise_from: datetime | None, now: datetime
) -> None:
    if not need.strip():
        raise InvalidInputError("Bitte schreiben Sie kurz, worum es geht.")
    if outcome != Outcome.WE_CALL:
        return
    if promise_at is None or promise_at <= now:
        raise InvalidInputError("Bitte wählen Sie, bis wann wir zurückrufen. Die Zeit muss in der Zukunft liegen.")
    check_window(promise_from, promise_at, now)


def _phone_of(db: Reader, customer_id: int) -> str:
    """The number to call back; a promise without one cannot be kept."""
    phones = [c.address for c in data.customers.list_contacts(db, customer_id) if c.kind == "phone"]
    if not phones:
        raise InvalidInputError("Bitte schreiben Sie die Telefonnummer, unter der wir zurückrufen.")
    return phones[0]


def add_note(shop: Shop, actor: Actor, inquiry_id: int, text: str) -> None:
    """An internal note: only for us, no effect on the clock (rule 2)."""
    if not text.strip():
        raise InvalidInputError("Die Notiz ist leer.")
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        add_entry(tx, inquiry.id, actor, Entry(Channel.NOTE, MessageRole.NOTE, text), shop.now())
        refresh_clock(tx, inquiry.id)


def log_call(
    shop: Shop, actor: Actor, inquiry_id: int, *, reached: bool, words: str = "", as_promised: bool = False
) -> None:
    """A call of ours: reached ends the wait, not reached is shown and ends nothing (rule 2).

    `as_promised`: it was the promised callback, which is kept or has one more try by it.
    """
    role = MessageRole.ANSWER if reached else MessageRole.ATTEMPT
    outcome = CallOutcome.REACHED if reached else CallOutcome.NOT_REACHED
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        line = add_entry(tx, inquiry.id, actor, Entry(Channel.CALL, role, words), shop.now())
        for promise in data.promises.promises_of(tx, inquiry.id) if as_promised else []:
            note_attempt(tx, actor, promise, outcome, line, shop.now())
        take_if_unowned(tx, inquiry.id, actor)
        refresh_clock(tx, inquiry.id)
