"""Promised callbacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.records import Promise, PromiseState
from data.store import Reader, Transaction

_SELECT = """SELECT p.id, p.inquiry_id, c.name AS customer_name, p.staff_id, coalesce(s.name, '') AS staff_name,
        p.phone, p.topic, p.due_at, p.state, p.tries, p.last_try_at
    FROM promise p JOIN inquiry i ON i.id = p.inquiry_id JOIN customer c ON c.id = i.customer_id
    LEFT JOIN staff s ON s.id = p.staff_id"""


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
            "created_at": now,
            "done_at": None,
            **values,
        },
    )
    return promise_id


def read_promise(db: Reader, promise_id: int) -> Promise | None:
    """The promise, or None."""
    found = db.read_as(Promise, _SELECT + " WHERE p.id = $id", {"id": promise_id})
    return found[0] if found else None


def open_promises(db: Reader, until: datetime) -> list[Promise]:
    """Open promises due before `until`, the earliest first."""
    return db.read_as(
        Promise, _SELECT + " WHERE p.state = 'open' AND p.due_at < $until ORDER BY p.due_at", {"until": until}
    )


def promises_of(db: Reader, inquiry_id: int) -> list[Promise]:
    """The open promises of one inquiry, the earliest first."""
    return db.read_as(
        Promise, _SELECT + " WHERE p.state = 'open' AND p.inquiry_id = $id ORDER BY p.due_at", {"id": inquiry_id}
    )


def read_states(db: Reader, promise_ids: list[int]) -> dict[int, PromiseState]:
    """What became of these promises."""
    sql = "SELECT id, state FROM promise WHERE id IN (SELECT unnest($ids))"
    return {int(row[0]): PromiseState(row[1]) for row in db.read(sql, {"ids": promise_ids})} if promise_ids else {}


def end_promise(tx: Transaction, promise_id: int, state: PromiseState, now: datetime) -> bool:
    """Keep or withdraw an open promise; whether it was open. The call that keeps it is its first try, if none was."""
    sql = """UPDATE promise SET state = $state, done_at = $now,
                 first_try_at = CASE WHEN $state = 'kept' THEN coalesce(first_try_at, $now) ELSE first_try_at END
             WHERE id = $id AND state = 'open'"""
    return tx.run(sql, {"id": promise_id, "state": state, "now": now}) == 1


def count_try(tx: Transaction, promise_id: int, now: datetime) -> None:
    """One more call that did not reach."""
    sql = """UPDATE promise SET tries = tries + 1, last_try_at = $now, first_try_at = coalesce(first_try_at, $now)
             WHERE id = $id"""
    tx.run(sql, {"id": promise_id, "now": now})


def move_promise(tx: Transaction, promise_id: int, due_at: datetime, now: datetime) -> None:
    """Another time was agreed; one that had passed without a try stays missed."""
    sql = """UPDATE promise SET due_at = $due, missed_at = coalesce(missed_at,
                 CASE WHEN due_at < $now AND coalesce(first_try_at > due_at, true) THEN due_at END)
             WHERE id = $id AND state = 'open'"""
    tx.run(sql, {"id": promise_id, "due": due_at, "now": now})


def inherit_promises(tx: Transaction, staff_id: int, heir_id: int) -> None:
    """The open promises of one person become another's."""
    sql = "UPDATE promise SET staff_id = $heir WHERE staff_id = $id AND state = 'open'"
    tx.run(sql, {"id": staff_id, "heir": heir_id})
