"""Every mail ever read, the bookmarks, and the senders nobody wants to see again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.records import Bookmark, MailFolder
from data.store import Reader, Transaction


def record_mail(tx: Transaction, values: dict[str, Any]) -> None:
    """Note that a mail was read and what became of it."""
    tx.insert("mail", values)


def known_uids(db: Reader, mailbox: str, folder: MailFolder, uidvalidity: int, uids: list[int]) -> set[int]:
    """Which of these uids were read before."""
    sql = """SELECT uid FROM mail WHERE mailbox = $mailbox AND folder = $folder AND uidvalidity = $validity
             AND uid IN (SELECT unnest($uids))"""
    params = {"mailbox": mailbox, "folder": folder, "validity": uidvalidity, "uids": uids}
    rows = db.read(sql, params) if uids else []
    return {int(row[0]) for row in rows}


@dataclass(frozen=True)
class KnownMail:
    """What the store knows of a mail before it is filed."""

    twin_fate: str  # of a mail read before with the same content, or ''
    twin_inquiry: int | None
    own_message: int | None  # the message of ours that bears this Message-ID
    ignored: bool  # the sender is never a customer


def known_of(db: Reader, *, message_id: str, content_key: str, sha256: str, sender: str) -> KnownMail:
    """Look a mail up in one statement.

    The same Message-ID on another content is another mail: some senders reuse it.
    """
    sql = """
        WITH twin AS (
            SELECT fate, inquiry_id FROM mail
            WHERE sha256 = $sha OR ($id <> '' AND message_id = $id AND content_key = $key)
            ORDER BY fate <> 'not_customer' LIMIT 1)
        SELECT coalesce((SELECT fate FROM twin), '') AS twin_fate, (SELECT inquiry_id FROM twin) AS twin_inquiry,
            (SELECT message_id FROM outbox WHERE mail_id = $id) AS own_message,
            EXISTS (SELECT 1 FROM ignored_sender WHERE address = $sender) AS ignored"""
    params = {"sha": sha256, "id": message_id, "key": content_key, "sender": sender}
    return db.read_as(KnownMail, sql, params)[0]


def mark_not_customer(tx: Transaction, inquiry_id: int) -> None:
    """Leave a tombstone on every mail of an inquiry, so that none of them comes back."""
    tx.run("UPDATE mail SET fate = 'not_customer' WHERE inquiry_id = $id", {"id": inquiry_id})


def move_mails(tx: Transaction, from_inquiry: int, into_inquiry: int) -> None:
    """Merging: the mails belong to the other inquiry now."""
    tx.run("UPDATE mail SET inquiry_id = $into WHERE inquiry_id = $from", {"into": into_inquiry, "from": from_inquiry})


def ignore_sender(tx: Transaction, address: str, staff_id: int, now: datetime) -> None:
    """«Keine Kundenanfrage, immer dieser Absender»."""
    tx.run(
        """INSERT INTO ignored_sender (address, staff_id, added_at) VALUES ($address, $staff, $now)
           ON CONFLICT DO NOTHING""",
        {"address": address, "staff": staff_id, "now": now},
    )


def list_ignored(db: Reader) -> list[str]:
    """The ignored senders, by address."""
    return [str(row[0]) for row in db.read("SELECT address FROM ignored_sender ORDER BY address")]


def forget_ignored(tx: Transaction, address: str) -> None:
    """Let mail of this sender in again."""
    tx.run("DELETE FROM ignored_sender WHERE address = $address", {"address": address})


def read_bookmark(db: Reader, mailbox: str, folder: MailFolder) -> Bookmark | None:
    """How far a folder was read, or None."""
    sql = """SELECT folder, uidvalidity, last_uid, moved_at FROM bookmark
             WHERE mailbox = $mailbox AND folder = $folder"""
    found = db.read_as(Bookmark, sql, {"mailbox": mailbox, "folder": folder})
    return found[0] if found else None


def move_bookmark(tx: Transaction, mailbox: str, bookmark: Bookmark) -> None:
    """Set how far a folder was read; in the transaction that stores the mails."""
    tx.run(
        """INSERT INTO bookmark (mailbox, folder, uidvalidity, last_uid, moved_at)
           VALUES ($mailbox, $folder, $validity, $uid, $at)
           ON CONFLICT (mailbox, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity,
               last_uid = excluded.last_uid, moved_at = excluded.moved_at""",
        {
            "mailbox": mailbox,
            "folder": bookmark.folder,
            "validity": bookmark.uidvalidity,
            "uid": bookmark.last_uid,
            "at": bookmark.moved_at,
        },
    )
