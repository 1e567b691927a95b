"""Promised callbacks and every try of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.records import Promise, PromiseState
from data.store import Reader, Transaction


class CallOutcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    MAILBOX = "mailbox"


@dataclass(frozen=True)
class Call(Promise):
    """A promise with what a person wants to know before dialling."""

    waiting_since: datetime | None = None  # of its inquiry
    last_outcome: str = ""  # '' before the first try
    has_mail: bool = False  # whether the customer can be written to
    page_id: int | None = None  # the customer's page on which it was asked for
    on_card: bool = True  # whether the number is one of the customer's


_SELECT = """SELECT p.id, p.inquiry_id, c.name AS customer_name, p.staff_id, coalesce(s.name, '') AS staff_name,
        p.phone, p.topic, p.due_at, p.state, p.tries, p.last_try_at, p.from_at, p.next_try_at, p.source, p.page_id,
        i.waiting_since, coalesce(a.last_outcome, '') AS last_outcome,
        i.customer_id IN (SELECT customer_id FROM customer_contact WHERE kind = 'mail') AS has_mail,
        (i.customer_id, p.phone) IN (
            SELECT (customer_id, address) FROM customer_contact WHERE kind = 'phone') AS on_card
    FROM promise p JOIN inquiry i ON i.id = p.inquiry_id JOIN customer c ON c.id = i.customer_id
    LEFT JOIN staff s ON s.id = p.staff_id
    LEFT JOIN (SELECT promise_id, arg_max(outcome, id) AS last_outcome FROM call_attempt GROUP BY promise_id) a
        ON a.promise_id = p.id"""


def insert_promise(tx: Transaction, values: dict[str, Any], now: datetime) -> int:
    """A new open promise; its id."""
    promise_id = tx.new_id()
    tx.insert(
        "promise",
        {
            "id": promise_id,
            "state": PromiseState.OPEN,
            "tries": 0,
            "last_try_at": None,
            "source": "shop",
            "created_at": now,
            "done_at": None,
            **values,
        },
    )
    return promise_id


def read_promise(db: Reader, promise_id: int) -> Call | None:
    """The promise, or None."""
    found = db.read_as(Call, _SELECT + " WHERE p.id = $id", {"id": promise_id})
    return found[0] if found else None


def open_promises(db: Reader, until: datetime | None = None) -> list[Call]:
    """Open promises due or to be tried again before `until`, or all, the earliest due first."""
    sql = """ WHERE p.state = 'open' AND ($until IS NULL OR least(p.due_at, coalesce(p.next_try_at, p.due_at)) < $until)
             ORDER BY p.due_at, p.id"""
    return db.read_as(Call, _SELECT + sql, {"until": until})


def count_open(db: Reader) -> int:
    """How many calls are promised and not made."""
    return int(db.read("SELECT count(*) FROM promise WHERE state = 'open'")[0][0])


def promises_of(db: Reader, inquiry_id: int) -> list[Call]:
    """The open promises of one inquiry, the earliest first."""
    return db.read_as(
        Call, _SELECT + " WHERE p.state = 'open' AND p.inquiry_id = $id ORDER BY p.due_at", {"id": inquiry_id}
    )


def has_promise(db: Reader, inquiry_id: int) -> bool:
    """Whether a call was promised that was not taken back."""
    sql = "SELECT 1 FROM promise WHERE inquiry_id = $id AND state <> 'withdrawn' LIMIT 1"
    return bool(db.read(sql, {"id": inquiry_id}))


def kept_since(db: Reader, inquiry_id: int, since: datetime) -> list[Call]:
    """The promises of one inquiry that a call has kept since then and whose tries are known, the newest first."""
    sql = """ WHERE p.state = 'kept' AND p.inquiry_id = $id AND p.done_at >= $since AND a.last_outcome = 'reached'
             ORDER BY p.done_at DESC"""
    return db.read_as(Call, _SELECT + sql, {"id": inquiry_id, "since": since})


def read_states(db: Reader, promise_ids: list[int]) -> dict[int, PromiseState]:
    """What became of these promises."""
    sql = "SELECT id, state FROM promise WHERE id IN (SELECT unnest($ids))"
    return {int(row[0]): PromiseState(row[1]) for row in db.read(sql, {"ids": promise_ids})} if promise_ids else {}


def insert_attempt(tx: Transaction, promise_id: int, message_id: int, outcome: CallOutcome, now: datetime) -> None:
    """One try of a promised call, whose line in the conversation is `message_id`."""
    row = {"promise_id": promise_id, "message_id": message_id, "outcome": outcome, "happened_at": now}
    tx.insert("call_attempt", {"id": tx.new_id(), **row})


def end_promise(tx: Transaction, promise_id: int, state: PromiseState, now: datetime) -> bool:
    """Keep or withdraw an open promise; whether it was open. The call that keeps it is its first try, if none was."""
    sql = """UPDATE promise SET state = $state, done_at = $now,
                 first_try_at = CASE WHEN $state = 'kept' THEN coalesce(first_try_at, $now) ELSE first_try_at END,
                 last_try_at = CASE WHEN $state = 'kept' THEN $now ELSE last_try_at END
             WHERE id = $id AND state = 'open'"""
    return tx.run(sql, {"id": promise_id, "state": state, "now": now}) == 1


def count_try(tx: Transaction, promise_id: int, now: datetime, next_try_at: datetime) -> None:
    """One more call that did not reach. It keeps the promise only if its window had begun."""
    sql = """UPDATE promise SET tries = tries + 1, last_try_at = $now, next_try_at = $next,
                 first_try_at = coalesce(first_try_at, CASE WHEN from_at > $now THEN NULL ELSE $now END)
             WHERE id = $id"""
    tx.run(sql, {"id": promise_id, "now": now, "next": next_try_at})


def last_miss(db: Reader, promise_id: int, since: datetime) -> int | None:
    """The newest call of this promise, if it did not reach and was made since then."""
    sql = """SELECT id FROM call_attempt WHERE promise_id = $id AND outcome <> 'reached' AND happened_at >= $since
             ORDER BY id DESC LIMIT 1"""
    found = db.read(sql, {"id": promise_id, "since": since})
    return int(found[0][0]) if found else None


def mailbox_lines(db: Reader, inquiry_id: int) -> frozenset[int]:
    """The lines of this conversation that stand for a call in which somebody spoke on a mailbox."""
    sql = """SELECT a.message_id FROM call_attempt a JOIN message m ON m.id = a.message_id
             WHERE m.inquiry_id = $id AND a.outcome = 'mailbox'"""
    return frozenset(int(row[0]) for row in db.read(sql, {"id": inquiry_id}))


def change_outcome(tx: Transaction, attempt_id: int, outcome: CallOutcome) -> None:
    """What came of a call after all."""
    tx.run("UPDATE call_attempt SET outcome = $outcome WHERE id = $id", {"id": attempt_id, "outcome": outcome})


def kept_by(db: Reader, message_id: int) -> list[Call]:
    """The promises that the call with this line in the conversation has kept."""
    sql = """ WHERE p.state = 'kept' AND p.id IN (
                 SELECT promise_id FROM call_attempt WHERE message_id = $id AND outcome = 'reached')"""
    return db.read_as(Call, _SELECT + sql, {"id": message_id})


def reached_line(db: Reader, promise_id: int) -> tuple[int, datetime] | None:
    """(line in the conversation, time) of the call that kept the promise, None if it is not known."""
    sql = """SELECT message_id, happened_at FROM call_attempt
             WHERE promise_id = $id AND outcome = 'reached' ORDER BY id DESC LIMIT 1"""
    found = db.read(sql, {"id": promise_id})
    return (int(found[0][0]), found[0][1]) if found else None


def unkeep(tx: Transaction, promise_id: int, next_try_at: datetime) -> None:
    """The call that kept the promise reached nobody after all: it is open again, with one more try."""
    sql = "UPDATE call_attempt SET outcome = 'not_reached' WHERE promise_id = $id AND outcome = 'reached'"
    tx.run(sql, {"id": promise_id})
    sql = """UPDATE promise SET state = 'open', done_at = NULL, tries = tries + 1, next_try_at = $next,
                 first_try_at = CASE WHEN first_try_at < from_at THEN NULL ELSE first_try_at END
             WHERE id = $id"""
    tx.run(sql, {"id": promise_id, "next": next_try_at})


def move_promise(
    tx: Transaction, promise_id: int, due_at: datetime, now: datetime, *, from_at: datetime | None = None
) -> None:
    """Another time was agreed; one that had passed without a try stays missed, a try before its window counts not."""
    sql = """UPDATE promise SET due_at = $due, from_at = $from, next_try_at = NULL, missed_at = coalesce(missed_at,
                 CASE WHEN due_at < $now AND coalesce(first_try_at > due_at, true) THEN due_at END),
                 first_try_at = CASE WHEN first_try_at < $from THEN NULL ELSE first_try_at END
             WHERE id = $id AND state = 'open'"""
    tx.run(sql, {"id": promise_id, "due": due_at, "from": from_at, "now": now})


def ask_again(tx: Transaction, promise_id: int, phone: str, topic: str, source: str) -> None:
    """The customer asked once more: at this number, about this."""
    sql = "UPDATE promise SET phone = $phone, topic = $topic, source = $source WHERE id = $id"
    tx.run(sql, {"id": promise_id, "phone": phone, "topic": topic, "source": source})


def inherit_promises(tx: Transaction, staff_id: int, heir_id: int) -> None:
    """The open promises of one person become another's."""
    sql = "UPDATE promise SET staff_id = $heir WHERE staff_id = $id AND state = 'open'"
    tx.run(sql, {"id": staff_id, "heir": heir_id})


def take_promise(tx: Transaction, promise_id: int, staff_id: int) -> None:
    """One that is nobody's becomes this person's."""
    sql = "UPDATE promise SET staff_id = $staff WHERE id = $id AND staff_id = 0"
    tx.run(sql, {"id": promise_id, "staff": staff_id})
