"""What people noted of an inquiry when it ended: its reason, whether it was needed, complaints and praise.

Reasons that were taken off stay as inactive rows: inquiries of the past name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.report_records import Intent
from data.store import Reader, Transaction


@dataclass(frozen=True)
class Reason:
    """What contacts are about."""

    id: int
    name: str
    intent: Intent
    minutes: int  # that one such contact takes, by the shop's own estimate
    position: int
    active: bool


@dataclass(frozen=True)
class WrapUp:
    """What was noted of one inquiry; begins with nothing."""

    reason_id: int | None = None
    avoidable: str = ""  # a value of `Avoidable`, '' as long as nobody said
    promise_kept: bool | None = None
    otherwise: bool = False  # not kept, but something else came: `delivered`
    wished: str = ""  # what the customer wanted, in few words
    promised: str = ""
    delivered: str = ""
    offered: str = ""  # a value of `Instead`: the next step that was offered where nothing was answered


class Instead(StrEnum):
    """What somebody was offered whose wish could not be met as it was. «Nothing» is none of them."""

    OTHER_SIZE = "other_size"  # or another article
    ORDERED = "ordered"
    WISH = "wish"
    OTHER_SHOP = "other_shop"
    CALLBACK = "callback"


@dataclass(frozen=True)
class Complaint:
    inquiry_id: int
    noted_at: datetime
    cause: str
    cost_cents: int
    solution: str
    lost: bool | None  # whether the customer went for good, None as long as nobody said
    solved_at: datetime | None


@dataclass(frozen=True)
class Praise:
    inquiry_id: int
    noted_at: datetime
    passed_on_at: datetime | None


_REASON = "SELECT id, name, intent, minutes, position, active FROM reason"


def list_reasons(db: Reader, *, also_gone: bool = False) -> list[Reason]:
    """The active ones in the shop's order; with `also_gone` those that were taken off, too."""
    return db.read_as(Reason, f"{_REASON} WHERE active OR $gone ORDER BY position, id", {"gone": also_gone})


def read_reason(db: Reader, reason_id: int) -> Reason | None:
    """The reason, also one that was taken off, or None."""
    found = db.read_as(Reason, f"{_REASON} WHERE id = $id", {"id": reason_id})
    return found[0] if found else None


def has_reasons(db: Reader) -> bool:
    """Whether there ever was a reason, also one that was taken off."""
    return bool(db.read("SELECT 1 FROM reason LIMIT 1"))


def insert_reason(tx: Transaction, *, name: str, intent: Intent, minutes: int) -> int:
    """A new reason at the end of the list; its id."""
    reason_id = tx.new_id()
    position = int(tx.read("SELECT coalesce(max(position), 0) + 1 FROM reason")[0][0])
    values = {"name": name, "intent": intent, "minutes": minutes, "position": position, "active": True}
    tx.insert("reason", {"id": reason_id, **values})
    return reason_id


def change_reason(tx: Transaction, reason_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of a reason."""
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE reason SET {sets} WHERE id = $id", {**changes, "id": reason_id})


def read_wrap_up(db: Reader, inquiry_id: int) -> WrapUp:
    """What was noted of an inquiry; an empty one where nobody noted anything."""
    sql = """SELECT reason_id, avoidable, promise_kept, otherwise, wished, promised, delivered, offered FROM wrap_up
             WHERE inquiry_id = $id"""
    found = db.read_as(WrapUp, sql, {"id": inquiry_id})
    return found[0] if found else WrapUp()


def put_wrap_up(tx: Transaction, inquiry_id: int, wrap_up: WrapUp, now: datetime) -> None:
    """Keep what was noted in place of what was there."""
    tx.run(
        """INSERT INTO wrap_up (inquiry_id, reason_id, avoidable, promise_kept, otherwise, wished, promised, delivered,
               offered, changed_at)
           VALUES ($id, $reason_id, $avoidable, $promise_kept, $otherwise, $wished, $promised, $delivered,
               $offered, $now)
           ON CONFLICT (inquiry_id) DO UPDATE SET reason_id = excluded.reason_id, avoidable = excluded.avoidable,
               promise_kept = excluded.promise_kept, otherwise = excluded.otherwise, wished = excluded.wished,
               promised = excluded.promised, delivered = excluded.delivered, offered = excluded.offered,
               changed_at = excluded.changed_at""",
        {"id": inquiry_id, "now": now, **asdict(wrap_up)},
    )


def read_complaint(db: Reader, inquiry_id: int) -> Complaint | None:
    """The complaint that was noted of an inquiry, or None."""
    sql = """SELECT inquiry_id, noted_at, cause, cost_cents, solution, lost, solved_at FROM complaint
             WHERE inquiry_id = $id"""
    found = db.read_as(Complaint, sql, {"id": inquiry_id})
    return found[0] if found else None


def mark_complaint(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """It is a complaint, of which nothing more is known; one that was noted before stays as it is."""
    tx.run(
        """INSERT INTO complaint (inquiry_id, noted_at, cause, cost_cents, solution)
           VALUES ($id, $now, '', 0, '') ON CONFLICT DO NOTHING""",
        {"id": inquiry_id, "now": now},
    )


def change_complaint(tx: Transaction, inquiry_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of a complaint."""
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE complaint SET {sets} WHERE inquiry_id = $id", {**changes, "id": inquiry_id})


def drop_complaint(tx: Transaction, inquiry_id: int) -> None:
    """It was no complaint; harmless when none was noted."""
    tx.run("DELETE FROM complaint WHERE inquiry_id = $id", {"id": inquiry_id})


def read_praise(db: Reader, inquiry_id: int) -> Praise | None:
    """The praise that was noted of an inquiry, or None."""
    sql = "SELECT inquiry_id, noted_at, passed_on_at FROM praise WHERE inquiry_id = $id"
    found = db.read_as(Praise, sql, {"id": inquiry_id})
    return found[0] if found else None


def mark_praise(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """It is praise; what was noted before stays as it is."""
    sql = "INSERT INTO praise (inquiry_id, noted_at) VALUES ($id, $now) ON CONFLICT DO NOTHING"
    tx.run(sql, {"id": inquiry_id, "now": now})


def pass_on_praise(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """The team knows; the first time counts."""
    sql = "UPDATE praise SET passed_on_at = $now WHERE inquiry_id = $id AND passed_on_at IS NULL"
    tx.run(sql, {"id": inquiry_id, "now": now})


def drop_praise(tx: Transaction, inquiry_id: int) -> None:
    """It was no praise; harmless when none was noted."""
    tx.run("DELETE FROM praise WHERE inquiry_id = $id", {"id": inquiry_id})


def move_wrap_ups(tx: Transaction, gone: int, into: int) -> None:
    """Merging: what was noted goes along; what the other one has of its own stays, answer by answer."""
    params = {"gone": gone, "into": into}
    tx.run(
        """INSERT INTO wrap_up (inquiry_id, reason_id, avoidable, promise_kept, otherwise, wished, promised, delivered,
               offered, changed_at)
           SELECT $into, reason_id, avoidable, promise_kept, otherwise, wished, promised, delivered, offered, changed_at
           FROM wrap_up WHERE inquiry_id = $gone
           ON CONFLICT (inquiry_id) DO UPDATE SET reason_id = coalesce(wrap_up.reason_id, excluded.reason_id),
               avoidable = coalesce(nullif(wrap_up.avoidable, ''), excluded.avoidable),
               otherwise = if(wrap_up.promise_kept IS NULL, excluded.otherwise, wrap_up.otherwise),
               promise_kept = coalesce(wrap_up.promise_kept, excluded.promise_kept),
               wished = coalesce(nullif(wrap_up.wished, ''), excluded.wished),
               promised = coalesce(nullif(wrap_up.promised, ''), excluded.promised),
               delivered = coalesce(nullif(wrap_up.delivered, ''), excluded.delivered),
               offered = coalesce(nullif(wrap_up.offered, ''), excluded.offered)""",
        params,
    )
    tx.run(
        """INSERT INTO complaint (inquiry_id, noted_at, cause, cost_cents, solution, lost, solved_at)
           SELECT $into, noted_at, cause, cost_cents, solution, lost, solved_at FROM complaint
           WHERE inquiry_id = $gone
           ON CONFLICT (inquiry_id) DO UPDATE SET noted_at = least(complaint.noted_at, excluded.noted_at),
               cause = coalesce(nullif(complaint.cause, ''), excluded.cause),
               cost_cents = greatest(complaint.cost_cents, excluded.cost_cents),
               solution = coalesce(nullif(complaint.solution, ''), excluded.solution),
               lost = coalesce(complaint.lost, excluded.lost),
               solved_at = coalesce(complaint.solved_at, excluded.solved_at)""",
        params,
    )
    tx.run(
        """INSERT INTO praise (inquiry_id, noted_at, passed_on_at)
           SELECT $into, noted_at, passed_on_at FROM praise WHERE inquiry_id = $gone
           ON CONFLICT (inquiry_id) DO UPDATE SET noted_at = least(praise.noted_at, excluded.noted_at),
               passed_on_at = coalesce(praise.passed_on_at, excluded.passed_on_at)""",
        params,
    )
    for table in ("wrap_up", "complaint", "praise"):
        tx.run(f"DELETE FROM {table} WHERE inquiry_id = $gone", {"gone": gone})
