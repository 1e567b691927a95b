"""What came while nobody wanted to be interrupted, and until when each person has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.store import Reader, Transaction


@dataclass(frozen=True)
class Waiting:
    """What is known of an inquiry that came: the customer's words, whether it is a complaint, the promised call."""

    id: int
    words: str
    complaint: bool  # marked so and not solved
    promise_due_at: datetime | None


def came_between(db: Reader, start: datetime, end: datetime, staff_id: int) -> list[tuple[int, datetime]]:
    """(inquiry, when it stood in Theke) of each customer's message stored in [start, end), the earliest first.

    What this person noted is no news to them; what somebody put aside as no customer's is left out.
    """
    sql = """SELECT m.inquiry_id, m.stored_at FROM message m JOIN inquiry i ON i.id = m.inquiry_id
             WHERE m.stored_at >= $start AND m.stored_at < $end AND m.role = 'customer'
                 AND m.staff_id IS DISTINCT FROM $staff_id AND NOT i.dismissed
             ORDER BY m.stored_at, m.id"""
    params = {"start": start, "end": end, "staff_id": staff_id}
    return [(int(row[0]), row[1]) for row in db.read(sql, params)]


def read_waiting(db: Reader, inquiry_ids: list[int], since: datetime) -> list[Waiting]:
    """What customers said in these inquiries since they wait, and since `since`."""
    sql = """
        WITH asked AS (SELECT unnest($ids) AS id)
        SELECT i.id, concat_ws(' . ', any_value(i.subject), string_agg(m.body, ' . ')) AS words,
            bool_or(c.inquiry_id IS NOT NULL) AS complaint, min(p.due_at) AS promise_due_at
        FROM inquiry i
        LEFT JOIN message m ON m.inquiry_id = i.id AND m.role = 'customer'
            AND (m.stored_at >= $since OR m.happened_at >= i.waiting_since)
        LEFT JOIN complaint c ON c.inquiry_id = i.id AND c.solved_at IS NULL
        LEFT JOIN promise p ON p.inquiry_id = i.id AND p.state = 'open'
        WHERE i.id IN (FROM asked) GROUP BY i.id"""
    return db.read_as(Waiting, sql, {"ids": inquiry_ids, "since": since}) if inquiry_ids else []


def read_seen(db: Reader, staff_id: int) -> datetime | None:
    """Until when this person has seen what came, None if they never said so."""
    rows = db.read("SELECT seen_until FROM focus_seen WHERE staff_id = $id", {"id": staff_id})
    return rows[0][0] if rows else None


def put_seen(tx: Transaction, staff_id: int, until: datetime) -> None:
    """They have seen what came until then; never less than before."""
    tx.run(
        """INSERT INTO focus_seen (staff_id, seen_until) VALUES ($id, $until)
           ON CONFLICT (staff_id) DO UPDATE SET seen_until = greatest(focus_seen.seen_until, excluded.seen_until)""",
        {"id": staff_id, "until": until},
    )
