"""Two cards of one person put together, and taken apart again: which rows change hands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.store import Reader, Transaction

# The rows with an id that belong to a customer. `customer_contact` has none and is moved by address; the lines of an
# import tell what happened to the card they name, so they stay with it.
TABLES = ("inquiry", "booking", "wish", "consent", "erasure", "disclosure")
STAYS = frozenset({"customer_import_line"})
Moved = dict[str, list[Any]]  # what went over, by table: ids, or [kind, address] of contacts

_IDS = "SELECT id FROM {table} WHERE customer_id = $id ORDER BY id"
_HAND_OVER = """UPDATE {table} SET customer_id = $new
                WHERE customer_id = $old AND id IN (SELECT unnest($ids::BIGINT[]))"""
# A card that went in earlier points to where the words are now. Who sent somebody is followed from card to card when it
# is read: `referred_by` stays as it was said.
_POINTING = "SELECT id FROM customer WHERE merged_into = $id ORDER BY id"
_POINT = """UPDATE customer SET merged_into = $new
            WHERE merged_into = $old AND id IN (SELECT unnest($ids::BIGINT[]))"""


@dataclass(frozen=True)
class Merge:
    """Two cards that were put together."""

    id: int
    gone_id: int
    gone_name: str
    into_id: int
    moved: Moved
    staff_name: str
    merged_at: datetime


def rows_to_move(db: Reader, gone_id: int, into_id: int) -> Moved:
    """What belongs to the one card and would go over to the other, by table; without contacts that both have."""
    moved: Moved = {table: _column(db, _IDS.replace("{table}", table), {"id": gone_id}) for table in TABLES}
    sql = """SELECT kind, address FROM customer_contact k WHERE customer_id = $id AND NOT EXISTS (
                 SELECT 1 FROM customer_contact o
                 WHERE o.customer_id = $new AND o.kind = k.kind AND o.address = k.address) ORDER BY kind, address"""
    moved["customer_contact"] = [list(row) for row in db.read(sql, {"id": gone_id, "new": into_id})]
    return {**moved, "merged_into": _column(db, _POINTING, {"id": gone_id})}


def begun_since(db: Reader, merge: Merge) -> Moved:
    """What came to the kept card since then and is the other person's: inquiries in which customers wrote only from
    addresses that went over, and what was booked and wished there."""
    sql = """SELECT i.id FROM inquiry i JOIN message m ON m.stream = i.id
             WHERE i.customer_id = $into AND i.created_at >= $at AND m.role = 'customer'
             GROUP BY i.id HAVING bool_and(m.sender_address IN (SELECT unnest($mails::VARCHAR[]))) ORDER BY i.id"""
    mails = [address for kind, address in merge.moved.get("customer_contact", []) if kind == "mail"]
    inquiries = _column(db, sql, {"into": merge.into_id, "at": merge.merged_at, "mails": mails})
    below = "SELECT id FROM {table} WHERE inquiry_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY id"
    found = {table: _column(db, below.replace("{table}", table), {"ids": inquiries}) for table in ("booking", "wish")}
    return {"inquiry": inquiries, **found}


def _column(db: Reader, sql: str, params: Mapping[str, Any]) -> list[Any]:
    return [row[0] for row in db.read(sql, params)]


def hand_over(tx: Transaction, moved: Moved, old: int, new: int) -> None:
    """Give those of the rows that are still the `old` card's to the `new` one."""
    for table in TABLES:
        _run(tx, _HAND_OVER.replace("{table}", table), moved.get(table, []), old, new)
    _run(tx, _POINT, moved.get("merged_into", []), old, new)
    sql = """UPDATE customer_contact SET customer_id = $new
             WHERE customer_id = $old AND kind = $kind AND address = $address"""
    for kind, address in moved.get("customer_contact", []):
        tx.run(sql, {"old": old, "new": new, "kind": kind, "address": address})


def _run(tx: Transaction, sql: str, ids: list[Any], old: int, new: int) -> None:
    if ids:
        tx.run(sql, {"ids": ids, "old": old, "new": new})


def put_away(tx: Transaction, customer_id: int, into_id: int | None) -> None:
    """The card went into another one and leaves the list; with None it comes back."""
    tx.run("UPDATE customer SET merged_into = $into WHERE id = $id", {"into": into_id, "id": customer_id})


def insert_merge(tx: Transaction, values: dict[str, Any], moved: Moved) -> int:
    """A new record of two cards put together; its id. `values` has gone_id, into_id, staff_id and merged_at."""
    merge_id = tx.new_id()
    tx.insert("customer_merge", {"id": merge_id, "moved": json.dumps(moved), "undone_at": None, **values})
    return merge_id


def end_merge(tx: Transaction, merge_id: int, now: datetime) -> None:
    """The two cards stand apart again."""
    tx.run("UPDATE customer_merge SET undone_at = $now WHERE id = $id", {"now": now, "id": merge_id})


def read_merge(db: Reader, merge_id: int) -> Merge | None:
    """The record while the cards are together, else None."""
    return next(iter(_merges_where(db, "m.id = $id", merge_id)), None)


def merges_into(db: Reader, into_id: int) -> list[Merge]:
    """The cards that went into this one, the newest first."""
    return _merges_where(db, "m.into_id = $id", into_id)


_MERGES = """SELECT m.id, m.gone_id, c.name, m.into_id, m.moved, coalesce(s.name, ''), m.merged_at
             FROM customer_merge m JOIN customer c ON c.id = m.gone_id LEFT JOIN staff s ON s.id = m.staff_id
             WHERE {which} AND m.undone_at IS NULL ORDER BY m.merged_at DESC, m.id DESC"""


def _merges_where(db: Reader, which: str, ident: int) -> list[Merge]:
    rows = db.read(_MERGES.replace("{which}", which), {"id": ident})
    return [
        Merge(ident, gone, name, into, json.loads(moved), who, at) for ident, gone, name, into, moved, who, at in rows
    ]


def reached_alike(db: Reader, customer_id: int) -> list[int]:
    """Other listed cards with one of this one's addresses or numbers, or the same name in front of the «@»."""
    sql = """SELECT DISTINCT o.customer_id FROM customer_contact m
             JOIN customer_contact o ON o.kind = m.kind AND o.customer_id <> m.customer_id
                 AND (o.address = m.address
                      OR (m.kind = 'mail' AND split_part(o.address, '@', 1) = split_part(m.address, '@', 1)))
             JOIN customer c ON c.id = o.customer_id AND c.merged_into IS NULL AND c.erased_at IS NULL
             WHERE m.customer_id = $id ORDER BY 1 LIMIT 50"""
    return [int(row[0]) for row in db.read(sql, {"id": customer_id})]
