"""Automatic receipts: which inquiries are still to be decided, what was decided, and what happened around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.outbox import RECEIPT_KEY
from data.store import Reader, Transaction


@dataclass(frozen=True)
class Undecided:
    """A new inquiry of a customer about which nothing was decided, with its first message."""

    inquiry_id: int
    channel: str  # 'mail' or 'form'
    created_at: datetime  # when Theke knew of it
    asked_at: datetime  # when the customer wrote
    message_id: int
    sender_address: str
    mail_sha256: str


# An inquiry that begins with a booking gets the mails about that booking. Where a person's reply is on its way, that is
# what the customer gets.
_UNDECIDED = """
    SELECT i.id AS inquiry_id, i.channel, i.created_at, i.first_contact_at AS asked_at, m.id AS message_id,
        m.sender_address, m.mail_sha256
    FROM inquiry i JOIN message m ON m.inquiry_id = i.id AND m.role = 'customer' AND m.staff_id IS NULL
    WHERE i.state = 'open' AND i.waiting_since IS NOT NULL AND i.first_response_at IS NULL
        AND i.started_by = 'customer' AND i.channel IN ('mail', 'form') AND i.merged_into IS NULL AND NOT i.dismissed
        AND i.created_at >= $since AND i.first_contact_at >= $since
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.inquiry_id = i.id)
        AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.inquiry_id = i.id)
        AND NOT EXISTS (
            SELECT 1 FROM message a JOIN outbox o ON o.message_id = a.id
            WHERE a.inquiry_id = i.id AND a.role = 'answer' AND o.state NOT IN ('taken_back', 'failed'))"""
_FIRST = " QUALIFY row_number() OVER (PARTITION BY i.id ORDER BY m.happened_at, m.id) = 1 ORDER BY i.id"


def list_undecided(db: Reader, since: datetime) -> list[Undecided]:
    """Inquiries that came and were written since then and still wait for their first answer, the oldest first."""
    return db.read_as(Undecided, _UNDECIDED + _FIRST, {"since": since})


def read_undecided(db: Reader, inquiry_id: int, since: datetime) -> Undecided | None:
    """The same of one inquiry; None once it was decided or needs no receipt any more."""
    sql = _UNDECIDED + " AND i.id = $id" + _FIRST
    found = db.read_as(Undecided, sql, {"since": since, "id": inquiry_id})
    return found[0] if found else None


def is_by_hand(db: Reader, mail_sha256: str) -> bool:
    """Whether this mail came as a file that somebody dropped."""
    sql = "SELECT 1 FROM mail WHERE sha256 = $sha AND mailbox = 'eml' AND fate = 'message' LIMIT 1"
    return bool(db.read(sql, {"sha": mail_sha256}))


def insert_receipt(tx: Transaction, inquiry_id: int, address: str, fate: str, now: datetime) -> None:
    """Note what was decided; the key refuses a second decision."""
    tx.insert("receipt", {"inquiry_id": inquiry_id, "address": address, "fate": fate, "decided_at": now})


def count_written(db: Reader, since: datetime, address: str = "") -> int:
    """How many receipts were written since then, to this normalised address or to everybody."""
    sql = """SELECT count(*) FROM receipt WHERE fate = 'written' AND decided_at > $since
             AND ($address = '' OR address = $address)"""
    return int(db.read(sql, {"since": since, "address": address})[0][0])


def senders_since(db: Reader, since: datetime) -> list[tuple[str, int]]:
    """(address as it was written, how many mails and forms) of all who wrote since then, machines included."""
    sql = """SELECT lower(coalesce(nullif(m.sender_address, ''), p.mail, '')) AS sender, count(*)
             FROM message m LEFT JOIN status_page p ON p.inquiry_id = m.stream
             WHERE m.happened_at > $since AND m.kind IN ('mail', 'form') AND m.role IN ('customer', 'machine')
                 AND m.staff_id IS NULL
             GROUP BY 1 HAVING sender <> ''"""
    return [(str(row[0]), int(row[1])) for row in db.read(sql, {"since": since})]


def own_roles(db: Reader, mail_ids: list[str]) -> set[str]:
    """The roles of our own mails that bear one of these Message-IDs."""
    sql = """SELECT DISTINCT m.role FROM outbox o JOIN message m ON m.id = o.message_id
             WHERE o.mail_id IN (SELECT unnest($ids))"""
    return {str(row[0]) for row in db.read(sql, {"ids": mail_ids})} if mail_ids else set()


def take_back(tx: Transaction, inquiry_id: int) -> None:
    """A receipt that has not left is not sent any more: a person has answered, or nothing waits."""
    sql = "UPDATE outbox SET state = 'taken_back' WHERE form_key = $key AND state IN ('queued', 'failed')"
    tx.run(sql, {"key": f"{RECEIPT_KEY}{inquiry_id}"})


def stale(db: Reader, written_before: datetime) -> list[int]:
    """Inquiries whose receipt has not left and is too old, or is not needed any more, or failed for good."""
    sql = f"""SELECT m.stream FROM outbox o JOIN message m ON m.id = o.message_id JOIN inquiry i ON i.id = m.inquiry_id
              WHERE o.state IN ('queued', 'failed') AND starts_with(o.form_key, '{RECEIPT_KEY}')
                  AND (o.state = 'failed' OR m.stored_at < $before OR i.state <> 'open' OR i.dismissed
                       OR i.first_response_at IS NOT NULL OR i.waiting_since IS NULL)"""
    return [int(row[0]) for row in db.read(sql, {"before": written_before})]


def settle_restored(tx: Transaction) -> None:
    """After a restore no receipt of before leaves any more."""
    tx.run(f"UPDATE outbox SET state = 'taken_back' WHERE state = 'queued' AND starts_with(form_key, '{RECEIPT_KEY}')")
