"""What can be booked, who and what is needed for it, and when they are away.

Offerings and resources that were taken off stay as inactive rows: bookings of the past name them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from data.booking_records import Block, Offering, Resource, ResourceKind
from data.store import Reader, Transaction

Week = tuple[tuple[tuple[int, int], ...], ...]  # minutes after local midnight, Monday first
Groups = tuple[tuple[int, ...], ...]

_OFFERING = """
    SELECT o.id, o.name, o.description, o.duration, o.buffer_before, o.buffer_after, o.step, o.price_cents, o.online,
        o.instant, o.notice_minutes, o.horizon_days, o.cancel_minutes, o.daily_limit, o.bring, o.question, o.choices,
        coalesce(g.groups, []) AS groups, o.position, o.active,
        o.follow_up_days, o.repeat_months
    FROM offering o
    LEFT JOIN (
        SELECT offering_id, list(members ORDER BY group_number) AS groups
        FROM (SELECT offering_id, group_number, list(resource_id ORDER BY position) AS members
              FROM offering_resource GROUP BY offering_id, group_number)
        GROUP BY offering_id) g ON g.offering_id = o.id
"""


def list_offerings(db: Reader, *, online_only: bool = False) -> list[Offering]:
    """The active ones in the shop's order; `online_only` leaves out what customers cannot book by themselves."""
    rest = "WHERE o.active AND (o.online OR NOT $online_only) ORDER BY o.position, o.id"
    return _offerings(db, rest, {"online_only": online_only})


def read_offering(db: Reader, offering_id: int) -> Offering | None:
    """The offering, also one that was taken off (`active` is False), or None."""
    found = _offerings(db, "WHERE o.id = $id", {"id": offering_id})
    return found[0] if found else None


def has_offerings(db: Reader) -> bool:
    """Whether there ever was an offering, also one that was taken off."""
    return bool(db.read("SELECT 1 FROM offering LIMIT 1"))


def insert_offering(tx: Transaction, values: Mapping[str, Any], groups: Groups) -> int:
    """A new offering at the end of the list; its id."""
    offering_id, position = tx.new_id(), _next_position(tx, "offering")
    tx.insert("offering", {"id": offering_id, **values, "position": position, "active": True})
    _insert_groups(tx, offering_id, groups)
    return offering_id


def change_offering(tx: Transaction, offering_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of an offering; what it needs is changed by `change_groups`."""
    _change(tx, "offering", offering_id, changes)


def change_groups(tx: Transaction, offering_id: int, groups: Groups) -> None:
    """Say anew what an offering needs: one resource of each group."""
    tx.run("DELETE FROM offering_resource WHERE offering_id = $id", {"id": offering_id})
    _insert_groups(tx, offering_id, groups)


def put_in_order(tx: Transaction, offering_ids: Sequence[int]) -> None:
    """Number the offerings in this order, from 1."""
    tx.update("offering", [{"id": ident, "position": number} for number, ident in enumerate(offering_ids, 1)])


def list_resources(db: Reader) -> list[Resource]:
    """The active ones: persons first, then things, each in the shop's order."""
    return _resources(db, also_gone=False)


def list_all_resources(db: Reader) -> list[Resource]:
    """Also those that were taken off, for the names of what old bookings had."""
    return _resources(db, also_gone=True)


def insert_resource(tx: Transaction, *, kind: ResourceKind, name: str, week: Week = ()) -> int:
    """A new resource at the end of the list; its id. `week` are its own hours, () = the shop's."""
    resource_id, position = tx.new_id(), _next_position(tx, "resource")
    values = {"kind": kind, "name": name, "week": week_to_text(week), "position": position, "active": True}
    tx.insert("resource", {"id": resource_id, **values})
    return resource_id


def change_resource(tx: Transaction, resource_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of a resource; its week as `week_to_text` writes it."""
    _change(tx, "resource", resource_id, changes)


def leave_groups(tx: Transaction, resource_id: int) -> None:
    """No offering needs this resource any more."""
    tx.run("DELETE FROM offering_resource WHERE resource_id = $id", {"id": resource_id})


def is_held(db: Reader, resource_id: int, now: datetime) -> bool:
    """Whether a booking holds the resource now or later, buffers included."""
    sql = "SELECT 1 FROM occupancy WHERE resource_id = $id AND cell >= $cell LIMIT 1"
    return bool(db.read(sql, {"id": resource_id, "cell": int(now.timestamp()) // 300}))


def list_blocks(db: Reader, start: datetime, end: datetime) -> list[Block]:
    """Absences that touch [start, end), the earliest first."""
    sql = """SELECT id, resource_id, starts_at, ends_at, label FROM block
             WHERE starts_at < $end AND ends_at > $start ORDER BY starts_at, id"""
    return db.read_as(Block, sql, {"start": start, "end": end})


def insert_block(tx: Transaction, values: Mapping[str, Any], now: datetime) -> int:
    """A new absence: resource_id (None: all of them), starts_at, ends_at, label and staff_id; its id."""
    block_id = tx.new_id()
    tx.insert("block", {"id": block_id, "created_at": now, **values})
    return block_id


def delete_block(tx: Transaction, block_id: int) -> None:
    """Forget an absence; harmless when it is gone."""
    tx.run("DELETE FROM block WHERE id = $id", {"id": block_id})


def week_to_text(week: Week) -> str:
    """Hours as they are kept: seven lists of [begin, end] as JSON, '' for the shop's own."""
    return json.dumps(week) if week else ""


def week_from_text(text: str) -> Week:
    """Hours as `week_to_text` wrote them."""
    return tuple(tuple((int(begin), int(end)) for begin, end in day) for day in json.loads(text)) if text else ()


def _offerings(db: Reader, rest: str, params: Mapping[str, Any]) -> list[Offering]:
    found = db.read_as(Offering, _OFFERING + rest, params)
    return [replace(one, groups=tuple(map(tuple, one.groups))) for one in found]


def _resources(db: Reader, *, also_gone: bool) -> list[Resource]:
    sql = """SELECT id, kind, name, week, position, active FROM resource
             WHERE active OR $also_gone ORDER BY kind, position, id"""
    found = db.read_as(Resource, sql, {"also_gone": also_gone})
    return [replace(one, week=week_from_text(str(one.week))) for one in found]


def _insert_groups(tx: Transaction, offering_id: int, groups: Groups) -> None:
    for number, group in enumerate(groups):
        for position, resource_id in enumerate(group):
            place = {"offering_id": offering_id, "group_number": number}
            tx.insert("offering_resource", {**place, "resource_id": resource_id, "position": position})


def _next_position(tx: Transaction, table: str) -> int:
    return int(tx.read(f"SELECT coalesce(max(position), 0) + 1 FROM {table}")[0][0])


def _change(tx: Transaction, table: str, ident: int, changes: Mapping[str, Any]) -> None:
    if changes:
        sets = ", ".join(f"{name} = ${name}" for name in changes)
        tx.run(f"UPDATE {table} SET {sets} WHERE id = $id", {**changes, "id": ident})
