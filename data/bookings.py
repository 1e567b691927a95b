"""Bookings, what they occupy, and their history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from data.booking_records import HOLDING, Booking, BookingEvent, BookingState
from data.store import Reader, Transaction

CELL = 5  # minutes of one occupancy row
Span = tuple[int, int]  # minutes since 1970 UTC

_SELECT = """
    SELECT b.id, b.number, b.secret, b.uid, b.sequence, b.offering_id, b.offering_name, b.customer_id, b.customer_name,
        b.mail, b.phone, b.inquiry_id, b.state, b.starts_at, b.ends_at, b.buffer_before, b.buffer_after, b.price_cents,
        b.answer, b.note, b.language, b.staff_id, b.created_at, b.agreed_at, b.lapses_at, b.reminder,
        b.calendar_answer, coalesce(r.resources, []) AS resources
    FROM booking b
    LEFT JOIN (SELECT booking_id, list(resource_id ORDER BY position) AS resources FROM booking_resource
               WHERE booking_id IN (SELECT id FROM booking b WHERE {which}) GROUP BY booking_id) r
        ON r.booking_id = b.id
    WHERE {which}
"""


def _list(db: Reader, which: str, params: Mapping[str, Any], rest: str = "ORDER BY b.starts_at, b.id") -> list[Booking]:
    found = db.read_as(Booking, _SELECT.replace("{which}", which) + rest, params)
    return [replace(booking, resources=tuple(booking.resources)) for booking in found]


def _one(db: Reader, which: str, params: Mapping[str, Any]) -> Booking | None:
    found = _list(db, which, params)
    return found[0] if found else None


def read_booking(db: Reader, booking_id: int) -> Booking | None:
    """The booking, or None."""
    return _one(db, "b.id = $id", {"id": booking_id})


def find_by_secret(db: Reader, secret: str) -> Booking | None:
    """The booking with this secret of its link, or None."""
    return _one(db, "b.secret = $secret", {"secret": secret})


def find_by_form(db: Reader, form_key: str) -> Booking | None:
    """The booking that this form already made, or None."""
    return _one(db, "b.form_key = $key", {"key": form_key})


def find_by_uid(db: Reader, uid: str) -> Booking | None:
    """The booking whose calendar event this is, or None."""
    return _one(db, "b.uid = $uid", {"uid": uid})


def number_is_taken(db: Reader, number: str) -> bool:
    """Whether a booking bears this number."""
    return bool(db.read("SELECT 1 FROM booking WHERE number = $number", {"number": number}))


def list_between(db: Reader, start: datetime, end: datetime, states: Iterable[BookingState] = HOLDING) -> list[Booking]:
    """Bookings that touch [start, end) and are in one of these states, the earliest first."""
    which = "b.starts_at < $end AND b.ends_at > $start AND b.state IN (SELECT unnest($states))"
    return _list(db, which, {"start": start, "end": end, "states": list(states)})


def list_requests(db: Reader) -> list[Booking]:
    """Requests that wait for a decision, the oldest first."""
    return _list(db, "b.state = 'requested'", {}, "ORDER BY b.created_at, b.id")


def bookings_of_inquiry(db: Reader, inquiry_id: int) -> list[Booking]:
    """The bookings that belong to a conversation, the earliest first."""
    return _list(db, "b.inquiry_id = $id", {"id": inquiry_id})


def lapsed_requests(db: Reader, now: datetime) -> list[Booking]:
    """Requests whose time to decide is over."""
    return _list(db, "b.state = 'requested' AND b.lapses_at <= $now", {"now": now})


def due_reminders(db: Reader, start: datetime, end: datetime) -> list[Booking]:
    """Bookings that begin in [start, end) and of which nobody was reminded."""
    which = "b.state = 'confirmed' AND b.reminder = 'due' AND b.starts_at >= $start AND b.starts_at < $end"
    return _list(db, which, {"start": start, "end": end})


def footprints(
    db: Reader, resource_ids: Iterable[int], start: datetime, end: datetime, *, without: int | None = None
) -> dict[int, list[Span]]:
    """By resource when bookings hold it, buffers included, of all that may touch [start, end)."""
    sql = """
        SELECT r.resource_id, list(epoch(b.starts_at)::BIGINT // 60 - b.buffer_before),
            list(epoch(b.ends_at)::BIGINT // 60 + b.buffer_after)
        FROM booking b JOIN booking_resource r ON r.booking_id = b.id
        WHERE b.state IN (SELECT unnest($states)) AND b.starts_at < $end + INTERVAL 2 DAY
            AND b.ends_at > $start - INTERVAL 2 DAY AND b.id <> $without AND r.resource_id IN (SELECT unnest($ids))
        GROUP BY r.resource_id"""
    params = {"states": list(HOLDING), "start": start, "end": end, "without": without or 0, "ids": list(resource_ids)}
    return {int(row[0]): list(zip(row[1], row[2], strict=True)) for row in db.read(sql, params)}


def starts_of(
    db: Reader, offering_id: int, start: datetime, end: datetime, *, without: int | None = None
) -> list[datetime]:
    """When the bookings of one offering begin within [start, end)."""
    sql = """SELECT starts_at FROM booking WHERE offering_id = $id AND starts_at >= $start AND starts_at < $end
                 AND state IN (SELECT unnest($states)) AND id <> $without"""
    params = {"id": offering_id, "start": start, "end": end, "states": list(HOLDING), "without": without or 0}
    return [row[0] for row in db.read(sql, params)]


def insert_booking(tx: Transaction, values: dict[str, Any], resources: tuple[int, ...]) -> int:
    """A new booking that holds its resources; its id. Raises DuplicateKeyError when one of them is taken."""
    booking_id = tx.new_id()
    tx.insert("booking", {"id": booking_id, "sequence": 0, "calendar_answer": "", **values})
    hold(tx, booking_id, resources, values)
    return booking_id


def hold(tx: Transaction, booking_id: int, resources: tuple[int, ...], when: Mapping[str, Any]) -> None:
    """Note which resources a booking has, and take their cells. Raises DuplicateKeyError when one is taken.

    `when` has starts_at, ends_at, and the buffers in minutes.
    """
    tx.run("DELETE FROM booking_resource WHERE booking_id = $id", {"id": booking_id})
    first = (int(when["starts_at"].timestamp()) // 60 - when["buffer_before"]) // CELL
    last = -(-(int(when["ends_at"].timestamp()) // 60 + when["buffer_after"]) // CELL)
    for position, resource_id in enumerate(resources):
        tx.insert("booking_resource", {"booking_id": booking_id, "resource_id": resource_id, "position": position})
        for cell in range(first, last):
            tx.insert("occupancy", {"resource_id": resource_id, "cell": cell, "booking_id": booking_id})
    tx.insert_gathered()


def release(tx: Transaction, booking_id: int) -> None:
    """Let go of everything a booking holds; which resources it had stays known."""
    tx.run("DELETE FROM occupancy WHERE booking_id = $id", {"id": booking_id})


_CHANGEABLE = frozenset({
    "state", "starts_at", "ends_at", "sequence", "agreed_at", "lapses_at", "reminder", "calendar_answer", "mail",
    "secret",
})  # fmt: skip


def change_booking(tx: Transaction, booking_id: int, **changes: Any) -> None:
    """Set columns of a booking; its occupancy is changed by `hold` and `release`."""
    if not set(changes) <= _CHANGEABLE:
        raise ValueError(f"not to be changed: {sorted(set(changes) - _CHANGEABLE)}")
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE booking SET {sets} WHERE id = $id", {**changes, "id": booking_id})


def add_event(
    tx: Transaction, booking_id: int, kind: str, now: datetime, *, staff_id: int | None = None, detail: str = ""
) -> None:
    """One line of history; without `staff_id` it was the customer or a job."""
    values = {"booking_id": booking_id, "staff_id": staff_id, "kind": kind, "detail": detail, "happened_at": now}
    tx.insert("booking_event", {"id": tx.new_id(), **values})


def list_events(db: Reader, booking_id: int) -> list[BookingEvent]:
    """The history of a booking, oldest first."""
    sql = """SELECT e.kind, e.detail, coalesce(s.name, '') AS staff_name, e.happened_at
             FROM booking_event e LEFT JOIN staff s ON s.id = e.staff_id
             WHERE e.booking_id = $id ORDER BY e.happened_at, e.id"""
    return db.read_as(BookingEvent, sql, {"id": booking_id})


def mail_problems(db: Reader, inquiry_ids: Iterable[int]) -> dict[int, str]:
    """By conversation what is wrong with its newest mail: 'failed', 'unsure' or 'bounced'; fine ones are left out."""
    sql = """
        SELECT m.inquiry_id, arg_max(CASE WHEN o.state IN ('failed', 'unsure') THEN o.state
            WHEN o.bounced_at IS NOT NULL THEN 'bounced' ELSE '' END, m.id)
        FROM outbox o JOIN message m ON m.id = o.message_id
        WHERE m.inquiry_id IN (SELECT unnest($ids)) AND o.state <> 'taken_back' GROUP BY m.inquiry_id"""
    ids = list(inquiry_ids)
    return {int(row[0]): str(row[1]) for row in db.read(sql, {"ids": ids}) if row[1]} if ids else {}


def move_bookings(tx: Transaction, from_inquiry: int, into_inquiry: int) -> None:
    """Merging: the bookings belong to the other conversation now."""
    sql = "UPDATE booking SET inquiry_id = $into WHERE inquiry_id = $from"
    tx.run(sql, {"into": into_inquiry, "from": from_inquiry})


def settle_restored(tx: Transaction, now: datetime) -> None:
    """After a restore a person decides what may have happened since the backup.

    Reminders are unsure, no request lapses by itself, and calendars that saw more changes than we know follow again.
    """
    params = {"now": now}
    tx.run("UPDATE booking SET reminder = 'unsure' WHERE reminder = 'due' AND starts_at > $now", params)
    tx.run("UPDATE booking SET lapses_at = NULL WHERE state = 'requested'")
    tx.run("UPDATE booking SET sequence = sequence + 1000 WHERE starts_at > $now", params)


def count_by_customer(db: Reader, booking_id: int, kind: str) -> int:
    """How often the customer alone did this with the booking."""
    sql = "SELECT count(*) FROM booking_event WHERE booking_id = $id AND kind = $kind AND staff_id IS NULL"
    return int(db.read(sql, {"id": booking_id, "kind": kind})[0][0])


def occupied_cells(db: Reader) -> set[tuple[int, int, int]]:
    """(resource, cell, booking) of everything that is held."""
    return {tuple(map(int, row)) for row in db.read("SELECT resource_id, cell, booking_id FROM occupancy")}  # type: ignore[misc]
