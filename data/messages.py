"""Messages of a conversation and their attachments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.outbox import ARRIVED
from data.records import Attachment, Message, MessageRole
from data.store import Reader, Transaction

_COLUMNS = """
    m.id, m.inquiry_id, m.kind, m.role, m.staff_id, coalesce(s.name, '') AS staff_name, m.sender_name,
    m.sender_address, m.subject, m.body, m.quoted, m.message_id, m.reference_ids, m.mail_sha256, m.happened_at,
    coalesce(o.state, '') AS outbox_state, o.due_at, o.bounced_at, o.delayed_at, coalesce(o.problem, '') AS problem,
    coalesce(o.recipient, '') AS recipient, coalesce(o.cc, '') AS cc
"""
_FROM = "FROM message m LEFT JOIN staff s ON s.id = m.staff_id LEFT JOIN outbox o ON o.message_id = m.id"


def insert_message(tx: Transaction, values: dict[str, Any], now: datetime) -> int:
    """A new message; its id. `values` needs inquiry_id, kind, role, happened_at; the rest may be left out."""
    message_id = tx.new_id()
    empty: dict[str, Any] = {
        "id": message_id,
        "staff_id": None,
        "sender_name": "",
        "sender_address": "",
        "subject": "",
        "body": "",
        "quoted": "",
        "folded": "",
        "message_id": "",
        "reference_ids": "",
        "mail_sha256": "",
        "stored_at": now,
    }
    tx.insert("message", {**empty, "stream": values["inquiry_id"], **values})
    return message_id


def list_messages(db: Reader, inquiry_id: int) -> list[Message]:
    """The conversation, oldest first; replies that were taken back are left out."""
    sql = f"""SELECT {_COLUMNS} {_FROM} WHERE m.inquiry_id = $id AND coalesce(o.state, '') <> 'taken_back'
              ORDER BY m.happened_at, m.id"""
    return db.read_as(Message, sql, {"id": inquiry_id})


def read_message(db: Reader, message_id: int) -> Message | None:
    """The message, or None."""
    found = db.read_as(Message, f"SELECT {_COLUMNS} {_FROM} WHERE m.id = $id", {"id": message_id})
    return found[0] if found else None


def unseen_by(db: Reader, inquiry_id: int, seen_version: int, staff_id: int) -> int:
    """How many messages came, or were merged in, after `seen_version` that this person did not write.

    A reply that somebody took back was never said.
    """
    sql = """SELECT (SELECT count(*) FROM message WHERE inquiry_id = $id AND id > $seen AND role <> 'machine'
                         AND (staff_id IS NULL OR staff_id <> $staff)
                         AND id NOT IN (SELECT message_id FROM outbox WHERE state = 'taken_back'))
                  + (SELECT count(*) FROM event WHERE inquiry_id = $id AND kind = 'merged' AND id > $seen)"""
    return int(db.read(sql, {"id": inquiry_id, "seen": seen_version, "staff": staff_id})[0][0])


def find_threads(db: Reader, ids: list[str]) -> dict[str, list[int]]:
    """The inquiries in which messages with these Message-IDs stand, by Message-ID."""
    sql = """SELECT m.message_id, list(DISTINCT coalesce(i.merged_into, i.id) ORDER BY coalesce(i.merged_into, i.id))
             FROM message m JOIN inquiry i ON i.id = m.inquiry_id WHERE m.message_id IN (SELECT unnest($ids))
             GROUP BY m.message_id"""
    return {str(row[0]): list(row[1]) for row in db.read(sql, {"ids": ids})} if ids else {}


def people_of(db: Reader, inquiry_ids: list[int]) -> dict[int, set[str]]:
    """By inquiry the mail addresses of the customer's side: senders, recipients, copies; not whom we forwarded to."""
    sql = """
        WITH asked AS (SELECT unnest($ids) AS id)
        SELECT m.inquiry_id, m.sender_address FROM message m
            LEFT JOIN outbox o ON o.message_id = m.id
            WHERE m.inquiry_id IN (FROM asked) AND m.role IN ('customer', 'earlier_customer', 'machine')
                AND o.message_id IS NULL
        UNION SELECT m.inquiry_id, unnest(string_split(concat_ws(', ', o.recipient, o.cc), ', '))
            FROM outbox o JOIN message m ON m.id = o.message_id
            WHERE m.inquiry_id IN (FROM asked) AND m.role IN ('answer', 'machine')
        UNION SELECT i.id, k.address FROM customer_contact k JOIN inquiry i ON i.customer_id = k.customer_id
            WHERE i.id IN (FROM asked) AND k.kind = 'mail'"""
    people: dict[int, set[str]] = {inquiry_id: set() for inquiry_id in inquiry_ids}
    for inquiry_id, address in db.read(sql, {"ids": inquiry_ids}) if inquiry_ids else []:
        if address:
            people[inquiry_id].add(str(address).lower())
    return people


def last_mail_of_customer(db: Reader, inquiry_id: int) -> Message | None:
    """The newest mail that the customer wrote: what a reply refers to."""
    sql = f"""SELECT {_COLUMNS} {_FROM} WHERE m.inquiry_id = $id AND m.kind = 'mail'
              AND m.role IN ('customer', 'earlier_customer') ORDER BY m.happened_at DESC, m.id DESC LIMIT 1"""
    found = db.read_as(Message, sql, {"id": inquiry_id})
    return found[0] if found else None


def first_words(db: Reader, inquiry_id: int) -> str:
    """What the customer said first, '' where nobody wrote it down."""
    sql = """SELECT body FROM message WHERE inquiry_id = $id AND trim(body) <> ''
                 AND (role IN ('customer', 'earlier_customer') OR (role = 'answer' AND kind IN ('call', 'visit')))
             ORDER BY role = 'answer', happened_at, id LIMIT 1"""
    rows = db.read(sql, {"id": inquiry_id})
    return str(rows[0][0]) if rows else ""


def move_messages(tx: Transaction, from_inquiry: int, into_inquiry: int) -> None:
    """Hand a conversation over to another inquiry (merging)."""
    for table in ("message", "event", "promise"):
        tx.run(
            f"UPDATE {table} SET inquiry_id = $into WHERE inquiry_id = $from",
            {"into": into_inquiry, "from": from_inquiry},
        )


def change_role(tx: Transaction, message_id: int, role: MessageRole) -> None:
    """Let a message count differently; refresh the clock after it."""
    tx.run("UPDATE message SET role = $role WHERE id = $id", {"role": role, "id": message_id})


def change_role_of(tx: Transaction, message_id: int, old: MessageRole, new: MessageRole) -> bool:
    """The same for a message that counts as `old`; whether it did."""
    sql = "UPDATE message SET role = $new WHERE id = $id AND role = $old"
    return tx.run(sql, {"new": new, "old": old, "id": message_id}) == 1


def insert_attachment(tx: Transaction, values: dict[str, Any]) -> int:
    """An attachment whose content lies in the vault already (or is refused); its id."""
    attachment_id = tx.new_id()
    tx.insert("attachment", {"id": attachment_id, "refusal": "", **values})
    return attachment_id


_ATTACHMENT = "SELECT id, message_id, file_name, media_type, size, sha256, refusal FROM attachment"


def list_attachments(db: Reader, inquiry_id: int) -> list[Attachment]:
    """All attachments of a conversation, in order."""
    sql = f"""{_ATTACHMENT} WHERE message_id IN (SELECT id FROM message WHERE inquiry_id = $id) ORDER BY id"""
    return db.read_as(Attachment, sql, {"id": inquiry_id})


def attachments_of(db: Reader, message_id: int) -> list[Attachment]:
    """The attachments of one message, in order."""
    return db.read_as(Attachment, f"{_ATTACHMENT} WHERE message_id = $id ORDER BY id", {"id": message_id})


def read_attachment(db: Reader, attachment_id: int) -> Attachment | None:
    """The attachment, or None."""
    found = db.read_as(Attachment, f"{_ATTACHMENT} WHERE id = $id", {"id": attachment_id})
    return found[0] if found else None


def count_answers(db: Reader, start: datetime, end: datetime) -> int:
    """How many times a person of the shop reached a customer in [start, end)."""
    sql = f"""SELECT count(*) FROM message m LEFT JOIN outbox o ON o.message_id = m.id
             WHERE m.role = 'answer' AND coalesce(o.sent_at, m.happened_at) >= $start
                 AND coalesce(o.sent_at, m.happened_at) < $end
                 AND {ARRIVED}"""
    return int(db.read(sql, {"start": start, "end": end})[0][0])


def newest_answer(db: Reader) -> Message | None:
    """The last time that a person of the shop reached a customer, or None."""
    sql = f"""SELECT {_COLUMNS} {_FROM} WHERE m.role = 'answer'
                  AND {ARRIVED}
              ORDER BY m.happened_at DESC LIMIT 1"""
    found = db.read_as(Message, sql)
    return found[0] if found else None


def restamp(tx: Transaction, message_id: int, now: datetime) -> None:
    """A person sends a reply anew: it stands after all that came meanwhile."""
    tx.run("UPDATE message SET happened_at = $now WHERE id = $id", {"id": message_id, "now": now})


def noted_just_now(db: Reader, staff_id: int, words: str, who: str, since: datetime) -> int | None:
    """The inquiry of `who` that this person began in these words since then, or None."""
    sql = """SELECT m.inquiry_id FROM message m JOIN inquiry i ON i.id = m.inquiry_id
             JOIN customer c ON c.id = i.customer_id
             WHERE m.staff_id = $staff AND m.body = $words AND m.stored_at >= $since AND i.created_at = m.stored_at
                 AND m.role <> 'note' AND $who IN (c.name, m.sender_name)
             ORDER BY m.id DESC LIMIT 1"""
    rows = db.read(sql, {"staff": staff_id, "words": words, "who": who, "since": since})
    return int(rows[0][0]) if rows else None


def sent_just_now(db: Reader, inquiry_id: int, staff_id: int, since: datetime) -> list[str]:
    """The texts, with signature, that this person put on their way here since then."""
    sql = """SELECT body FROM message WHERE inquiry_id = $id AND staff_id = $staff AND stored_at >= $since
                 AND role = 'answer' AND kind = 'mail'"""
    return [str(row[0]) for row in db.read(sql, {"id": inquiry_id, "staff": staff_id, "since": since})]
