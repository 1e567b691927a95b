"""Replies on their way, and drafts: queued → sending → sent | failed | unsure, at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.records import Draft, DraftAttachment, MessageRole, OutboxRow, OutboxState
from data.store import Reader, Transaction

_COLUMNS = """message_id, mail_id, state, recipient_name, recipient, cc, due_at, attempts, attempted_at, sent_at,
    bounced_at, problem"""


# Of an outbox row `o`: no automatic receipt, which nobody misses that did not arrive.
RECEIPT_KEY = "receipt/"
NO_RECEIPT = f"NOT starts_with(o.form_key, '{RECEIPT_KEY}')"
# Of a message and its outbox row `o`, if it has one: it was said, or the server took the mail and it did not come back.
ARRIVED = "(o.message_id IS NULL OR (o.state = 'sent' AND o.bounced_at IS NULL))"


def insert_outgoing(tx: Transaction, values: dict[str, Any]) -> None:
    """Queue the mail of a message; a repeated form key is refused by the UNIQUE column."""
    empty: dict[str, Any] = {
        "state": OutboxState.QUEUED,
        "cc": "",
        "attempts": 0,
        "attempted_at": None,
        "sent_at": None,
        "bounced_at": None,
        "delayed_at": None,
        "problem": "",
        "booking_id": None,
        "template_id": None,
    }
    tx.insert("outbox", {**empty, **values})


def insert_calendar_part(tx: Transaction, message_id: int, method: str, content: str) -> None:
    """The calendar event that goes along with a message; `method` is 'REQUEST' or 'CANCEL'."""
    tx.insert("calendar_part", {"message_id": message_id, "method": method, "content": content})


def read_calendar_part(db: Reader, message_id: int) -> tuple[str, str] | None:
    """(method, content) of the calendar event of a message, or None."""
    rows = db.read("SELECT method, content FROM calendar_part WHERE message_id = $id", {"id": message_id})
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def take_back_automatic(tx: Transaction, booking_id: int) -> None:
    """What Theke itself wanted to tell of a booking and has not told yet is out of date."""
    sql = """UPDATE outbox SET state = 'taken_back' WHERE booking_id = $id AND state = 'queued'
             AND message_id IN (SELECT id FROM message WHERE staff_id IS NULL)"""
    tx.run(sql, {"id": booking_id})


def read_outgoing(db: Reader, message_id: int) -> OutboxRow | None:
    """The outbox row of a message, or None."""
    found = db.read_as(OutboxRow, f"SELECT {_COLUMNS} FROM outbox WHERE message_id = $id", {"id": message_id})
    return found[0] if found else None


def message_of_form(db: Reader, form_key: str) -> int | None:
    """The message that this form already made, or None."""
    rows = db.read("SELECT message_id FROM outbox WHERE form_key = $key", {"key": form_key})
    return int(rows[0][0]) if rows else None


@dataclass(frozen=True)
class OwnMail(OutboxRow):
    """A mail of ours with the place of its message."""

    inquiry_id: int
    role: MessageRole

    @property
    def is_erased(self) -> bool:
        """It went to somebody who was to be forgotten: nobody knows to whom."""
        return not self.recipient


def find_own(db: Reader, mail_ids: list[str]) -> dict[str, OwnMail]:
    """Our own mails with one of these Message-IDs, by Message-ID."""
    sql = f"""SELECT {_COLUMNS}, inquiry_id, role
              FROM outbox JOIN (SELECT id, inquiry_id, role FROM message) m ON m.id = message_id
              WHERE mail_id IN (SELECT unnest($ids))"""
    found = db.read_as(OwnMail, sql, {"ids": mail_ids}) if mail_ids else []
    return {own.mail_id: own for own in found}


def list_queued(db: Reader) -> list[OutboxRow]:
    """Mails that have not left, those that are due first on top."""
    return db.read_as(OutboxRow, f"SELECT {_COLUMNS} FROM outbox WHERE state = 'queued' ORDER BY due_at")


def count_held_up(db: Reader) -> int:
    """How many queued mails could not leave when they were tried last."""
    sql = f"SELECT count(*) FROM outbox o WHERE state = 'queued' AND problem <> '' AND {NO_RECEIPT}"
    return int(db.read(sql)[0][0])


def retry_now(tx: Transaction, now: datetime) -> None:
    """Mails that wait for their next try are due."""
    sql = "UPDATE outbox SET due_at = $now WHERE state = 'queued' AND attempts > 0 AND due_at > $now"
    tx.run(sql, {"now": now})


def left_sending(db: Reader) -> list[OutboxRow]:
    """Mails that were being sent when the process ended."""
    return db.read_as(OutboxRow, f"SELECT {_COLUMNS} FROM outbox WHERE state = 'sending'")


def claim(tx: Transaction, message_id: int, now: datetime) -> bool:
    """Take a queued mail for sending; False when it was taken back or is taken already."""
    sql = """UPDATE outbox SET state = 'sending', attempts = attempts + 1, attempted_at = $now
             WHERE message_id = $id AND state = 'queued'"""
    return tx.run(sql, {"id": message_id, "now": now}) == 1


def change_outgoing(tx: Transaction, message_id: int, was: OutboxState, **changes: Any) -> bool:
    """Set columns if the mail is still in state `was`; whether it was."""
    allowed = {"state", "due_at", "sent_at", "bounced_at", "delayed_at", "problem", "attempts"}
    if not set(changes) <= allowed:
        raise ValueError(f"no such column: {sorted(set(changes) - allowed)}")
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    sql = f"UPDATE outbox SET {sets} WHERE message_id = $id AND state = $was"
    return tx.run(sql, {**changes, "id": message_id, "was": was}) == 1


def save_draft(tx: Transaction, draft: dict[str, Any]) -> None:
    """Keep what a person has typed; one draft a person and inquiry, the newest wins."""
    tx.run(
        """INSERT INTO draft (inquiry_id, staff_id, subject, body, cc, seen_version, saved_at)
           VALUES ($inquiry_id, $staff_id, $subject, $body, $cc, $seen_version, $saved_at)
           ON CONFLICT (inquiry_id, staff_id) DO UPDATE SET subject = excluded.subject, body = excluded.body,
               cc = excluded.cc, seen_version = excluded.seen_version, saved_at = excluded.saved_at""",
        draft,
    )


def read_draft(db: Reader, inquiry_id: int, staff_id: int) -> Draft | None:
    """What this person has typed here and not sent, or None."""
    sql = """SELECT inquiry_id, staff_id, subject, body, cc, seen_version, saved_at FROM draft
             WHERE inquiry_id = $inquiry AND staff_id = $staff"""
    found = db.read_as(Draft, sql, {"inquiry": inquiry_id, "staff": staff_id})
    return found[0] if found else None


def move_drafts(tx: Transaction, gone: int, into: int) -> None:
    """Merging: drafts and their files go along; two drafts of one person become one."""
    params = {"gone": gone, "into": into}
    tx.run(
        """INSERT INTO draft (inquiry_id, staff_id, subject, body, cc, seen_version, saved_at)
           SELECT $into, staff_id, subject, body, cc, seen_version, saved_at FROM draft WHERE inquiry_id = $gone
           ON CONFLICT (inquiry_id, staff_id) DO UPDATE SET body = draft.body || chr(10) || chr(10) || excluded.body""",
        params,
    )
    tx.run("DELETE FROM draft WHERE inquiry_id = $gone", {"gone": gone})
    tx.run("UPDATE draft_attachment SET inquiry_id = $into WHERE inquiry_id = $gone", params)


def drop_draft(tx: Transaction, inquiry_id: int, staff_id: int) -> None:
    """Forget a draft and its attachments (they stay in the vault)."""
    for table in ("draft", "draft_attachment"):
        tx.run(
            f"DELETE FROM {table} WHERE inquiry_id = $inquiry AND staff_id = $staff",
            {"inquiry": inquiry_id, "staff": staff_id},
        )


def add_draft_file(tx: Transaction, values: dict[str, Any]) -> int:
    """Attach a file of the vault to a draft; its id."""
    file_id = tx.new_id()
    tx.insert("draft_attachment", {"id": file_id, **values})
    return file_id


def list_draft_files(db: Reader, inquiry_id: int, staff_id: int) -> list[DraftAttachment]:
    """The files of a draft, in order."""
    sql = """SELECT id, file_name, media_type, size, sha256 FROM draft_attachment
             WHERE inquiry_id = $inquiry AND staff_id = $staff ORDER BY id"""
    return db.read_as(DraftAttachment, sql, {"inquiry": inquiry_id, "staff": staff_id})


def drop_draft_file(tx: Transaction, file_id: int, staff_id: int) -> None:
    """Take a file off one's own draft."""
    tx.run("DELETE FROM draft_attachment WHERE id = $id AND staff_id = $staff", {"id": file_id, "staff": staff_id})


def list_uncopied(db: Reader, since: datetime, until: datetime) -> list[OutboxRow]:
    """Mails that left from `since` to `until` and of which no copy in Sent is known, oldest first."""
    sql = f"""SELECT {_COLUMNS} FROM outbox WHERE state = 'sent' AND copied_at IS NULL
              AND sent_at BETWEEN $since AND $until ORDER BY sent_at"""
    return db.read_as(OutboxRow, sql, {"since": since, "until": until})


def mark_copied(tx: Transaction, message_id: int, now: datetime) -> None:
    """A copy of this mail lies in Sent."""
    tx.run("UPDATE outbox SET copied_at = $now WHERE message_id = $id", {"id": message_id, "now": now})
