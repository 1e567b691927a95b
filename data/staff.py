"""The people of the shop, their sessions, and what failed attempts are remembered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from data.records import Actor, Staff, StaffRole
from data.store import Reader, Transaction

_STAFF = "SELECT id, name, job_title, phone, role, language, active FROM staff"


@dataclass(frozen=True)
class FailedAttempts:
    """How often a subject ('staff:<id>', 'address:<ip>', 'set_up:<ip>') failed, and until when it is locked."""

    failures: int
    last_failure_at: datetime
    locked_until_at: datetime | None


def list_staff(db: Reader) -> list[Staff]:
    """Everybody, also those who left: owners first, then in the order of joining."""
    return db.read_as(Staff, f"{_STAFF} ORDER BY role <> 'owner', created_at, id")


def read_staff(db: Reader, staff_id: int) -> Staff | None:
    """One person, or None."""
    found = db.read_as(Staff, f"{_STAFF} WHERE id = $id", {"id": staff_id})
    return found[0] if found else None


def count_owners(db: Reader, *, without: int) -> int:
    """How many active owners who have a PIN there are besides one person."""
    sql = "SELECT count(*) FROM staff WHERE role = $role AND active AND pin_hash <> '' AND id <> $id"
    return int(db.read(sql, {"role": StaffRole.OWNER, "id": without})[0][0])


def count_left_behind(db: Reader, staff_id: int) -> tuple[int, int]:
    """(open inquiries that a person owns, open callbacks they promised)."""
    sql = """SELECT
        (SELECT count(*) FROM inquiry
         WHERE owner_id = $id AND state <> 'closed' AND merged_into IS NULL AND NOT dismissed),
        (SELECT count(*) FROM promise WHERE staff_id = $id AND state = 'open')"""
    inquiries, callbacks = db.read(sql, {"id": staff_id})[0]
    return int(inquiries), int(callbacks)


def insert_staff(tx: Transaction, values: dict[str, Any], now: datetime) -> int:
    """Add a person; the id."""
    staff_id = tx.new_id()
    tx.insert("staff", {"id": staff_id, "active": True, "created_at": now, **values})
    return staff_id


def change_staff(tx: Transaction, staff_id: int, changes: dict[str, Any]) -> None:
    """Set columns of one person; the names are ours."""
    if changes:
        columns = ", ".join(f"{name} = ${name}" for name in changes)
        tx.run(f"UPDATE staff SET {columns} WHERE id = $id", {**changes, "id": staff_id})


def read_pin_hash(db: Reader, staff_id: int) -> str:
    """The argon2 hash of an active person's PIN; '' without a PIN or without such a person."""
    rows = db.read("SELECT pin_hash FROM staff WHERE id = $id AND active", {"id": staff_id})
    return str(rows[0][0]) if rows else ""


def list_without_pin(db: Reader) -> set[int]:
    """The active people who cannot sign in yet."""
    return {int(row[0]) for row in db.read("SELECT id FROM staff WHERE active AND pin_hash = ''")}


def insert_session(tx: Transaction, token_hash: str, staff_id: int, now: datetime, expires_at: datetime) -> None:
    """Remember a sign-in by the hash of its token; those that ran out are forgotten on the way."""
    tx.run("DELETE FROM session WHERE expires_at <= $now", {"now": now})
    values = {"token_hash": token_hash, "staff_id": staff_id, "created_at": now, "expires_at": expires_at}
    tx.insert("session", values)


def find_actor(db: Reader, token_hash: str, now: datetime) -> Actor | None:
    """Who holds a session that still runs, or None; one read by primary keys."""
    sql = """SELECT staff.id AS staff_id, staff.name, staff.role, staff.language, session.token_hash AS session
             FROM session JOIN staff ON staff.id = session.staff_id
             WHERE session.token_hash = $hash AND session.expires_at > $now AND staff.active"""
    found = db.read_as(Actor, sql, {"hash": token_hash, "now": now})
    return found[0] if found else None


def delete_session(tx: Transaction, token_hash: str) -> None:
    """End one session; harmless when it has ended."""
    tx.run("DELETE FROM session WHERE token_hash = $hash", {"hash": token_hash})


def delete_sessions(tx: Transaction, staff_id: int, *, but: str = "") -> None:
    """End all sessions of one person, except the one whose hash is `but`."""
    tx.run("DELETE FROM session WHERE staff_id = $id AND token_hash <> $but", {"id": staff_id, "but": but})


def read_attempts(db: Reader, subject: str) -> FailedAttempts | None:
    """What is remembered of a subject's failures, or None."""
    sql = "SELECT failures, last_failure_at, locked_until_at FROM sign_in_lock WHERE subject = $subject"
    found = db.read_as(FailedAttempts, sql, {"subject": subject})
    return found[0] if found else None


def write_attempts(tx: Transaction, subject: str, attempts: FailedAttempts) -> None:
    """Remember a subject's failures; they outlive a restart."""
    sql = """INSERT INTO sign_in_lock (subject, failures, last_failure_at, locked_until_at)
             VALUES ($subject, $failures, $last_failure_at, $locked_until_at)
             ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures,
             last_failure_at = excluded.last_failure_at, locked_until_at = excluded.locked_until_at"""
    tx.run(sql, {"subject": subject, **asdict(attempts)})


def drop_attempts(tx: Transaction, subject: str) -> None:
    """Forget a subject's failures."""
    tx.run("DELETE FROM sign_in_lock WHERE subject = $subject", {"subject": subject})


def drop_all_attempts(tx: Transaction) -> None:
    """Forget everybody's failures and so lift every lock."""
    tx.run("DELETE FROM sign_in_lock")


def drop_old_attempts(tx: Transaction, before: datetime) -> None:
    """Forget failures nobody needs any more, so that strangers cannot fill the table for good."""
    sql = """DELETE FROM sign_in_lock WHERE last_failure_at < $before
             AND (locked_until_at IS NULL OR locked_until_at < $before)"""
    tx.run(sql, {"before": before})
