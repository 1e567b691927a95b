"""«Fertig zur Abholung»: to whom it was said, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.records import OutboxState
from data.store import Reader, Transaction


@dataclass(frozen=True)
class Pickup:
    """That it was said: by a mail with this `state`, or where that is '' by the call with this line, if it is known."""

    message_id: int | None
    told_at: datetime
    state: str

    @property
    def is_queued(self) -> bool:
        """Whether the mail can still be taken back."""
        return self.state == OutboxState.QUEUED


def insert_pickup(
    tx: Transaction, inquiry_id: int, booking_id: int | None, message_id: int | None, now: datetime
) -> None:
    """It was said, or its mail is on its way."""
    values = {"inquiry_id": inquiry_id, "booking_id": booking_id, "message_id": message_id, "told_at": now}
    tx.insert("pickup", {"id": tx.new_id(), **values})


def last_pickup(db: Reader, inquiry_id: int, booking_id: int | None, since: datetime) -> Pickup | None:
    """The last time it was said of this booking, or since then of no certain one; None where it never was.

    Without a booking it is anything that was said in this inquiry since then. A mail that was taken back, that failed
    or came back said nothing, nor did a call that reached nobody after all.
    """
    sql = """
        SELECT p.message_id, p.told_at, coalesce(o.state, '') AS state
        FROM pickup p LEFT JOIN outbox o ON o.message_id = p.message_id LEFT JOIN message m ON m.id = p.message_id
        WHERE p.inquiry_id = $inquiry
            AND (p.booking_id = $booking OR (p.told_at >= $since AND (p.booking_id IS NULL OR $booking IS NULL)))
            AND (o.message_id IS NULL OR (o.state NOT IN ('taken_back', 'failed') AND o.bounced_at IS NULL))
            AND coalesce(m.role, '') <> 'attempt'
        ORDER BY p.told_at DESC, p.id DESC LIMIT 1"""
    found = db.read_as(Pickup, sql, {"inquiry": inquiry_id, "booking": booking_id, "since": since})
    return found[0] if found else None


def is_said_by(db: Reader, message_id: int) -> bool:
    """Whether this mail or call says it."""
    return bool(db.read("SELECT 1 FROM pickup WHERE message_id = $id LIMIT 1", {"id": message_id}))


def carry_over(tx: Transaction, inquiry_id: int, message_id: int, subject: str, now: datetime) -> None:
    """A reply under the subject of such a mail that was taken back or failed is that mail, whatever was changed in it;
    harmless where there is none."""
    sql = """
        SELECT p.booking_id FROM pickup p JOIN outbox o ON o.message_id = p.message_id
        JOIN message m ON m.id = p.message_id
        WHERE p.inquiry_id = $inquiry AND o.state = 'taken_back' AND m.subject = $subject
        ORDER BY p.id DESC LIMIT 1"""
    found = tx.read(sql, {"inquiry": inquiry_id, "subject": subject})
    if found:
        insert_pickup(tx, inquiry_id, found[0][0], message_id, now)


def move_pickups(tx: Transaction, gone: int, into: int) -> None:
    """Merging: what was said goes along."""
    tx.run("UPDATE pickup SET inquiry_id = $into WHERE inquiry_id = $gone", {"gone": gone, "into": into})
