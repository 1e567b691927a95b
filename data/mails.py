"""Every mail ever read, the bookmarks, and the senders nobody wants to see again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from data.personal_tables import ERASED_ID
from data.records import Bookmark, MailFate, MailFolder
from data.store import Reader, Transaction

ELSEWHERE = "erased"  # in the place of a mailbox


def record_mail(tx: Transaction, values: dict[str, Any]) -> None:
    """Note that a mail was read and what became of it."""
    tx.insert("mail", values)


def fate_of(db: Reader, mailbox: str, uid: int) -> tuple[str, int | None] | None:
    """(fate, inquiry) of a mail of this mailbox, None for one that was never read."""
    sql = "SELECT fate, inquiry_id FROM mail WHERE mailbox = $mailbox AND uid = $uid"
    rows = db.read(sql, {"mailbox": mailbox, "uid": uid})
    return (str(rows[0][0]), rows[0][1]) if rows else None


def record_erased(tx: Transaction, values: dict[str, Any]) -> None:
    """The same for a mail of somebody who was to be forgotten: known again when it comes back, and by nobody else."""
    nameless = {"sender_address": "", "message_id": _erased_id(values["message_id"]), "inquiry_id": None}
    tx.insert("mail", {**values, **nameless, "fate": MailFate.ERASED})


def _erased_id(message_id: str) -> str:
    """What is left of a Message-ID, in which people's names and domains may stand."""
    summed = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()
    return f"{ERASED_ID}{summed}" if message_id else ""


@dataclass(frozen=True)
class ErasedMail:
    """What is left of a mail of somebody who was to be forgotten: sums, from which nobody reads a word."""

    sha256: str
    content_key: str
    message_id: str  # the sum of the real one, '' for a mail without


def list_erased(db: Reader) -> list[ErasedMail]:
    """The mails that must not come back, each once."""
    sql = "SELECT DISTINCT sha256, content_key, message_id FROM mail WHERE fate = 'erased' ORDER BY ALL"
    return db.read_as(ErasedMail, sql)


def add_erased(tx: Transaction, mails: Iterable[ErasedMail], now: datetime) -> None:
    """After a restore: mails that came and were erased since the backup, and that no mailbox shall bring back. Where
    they lay is not known any more."""
    unknown = set(mails) - set(list_erased(tx))
    place = {"mailbox": ELSEWHERE, "folder": MailFolder.INBOX, "uidvalidity": 0, "fate": MailFate.ERASED}
    for mail in sorted(unknown, key=lambda mail: mail.sha256):
        tx.insert("mail", {**place, "uid": tx.new_id(), **asdict(mail), "sender_address": "", "stored_at": now})


def known_uids(db: Reader, mailbox: str, folder: MailFolder, uidvalidity: int, uids: list[int]) -> set[int]:
    """Which of these uids were read before."""
    sql = """SELECT uid FROM mail WHERE mailbox = $mailbox AND folder = $folder AND uidvalidity = $validity
             AND uid IN (SELECT unnest($uids))"""
    params = {"mailbox": mailbox, "folder": folder, "validity": uidvalidity, "uids": uids}
    rows = db.read(sql, params) if uids else []
    return {int(row[0]) for row in rows}


@dataclass(frozen=True)
class Twin:
    """A mail that was read before, with the same content as the one asked for."""

    sha256: str  # of the one asked for
    fate: MailFate
    inquiry_id: int | None


def find_twins(db: Reader, mails: list[tuple[str, str, str]]) -> dict[str, Twin]:
    """Of mails given as (SHA-256, Message-ID, content key) those that were read before, by SHA-256; tombstones first,
    of people who were to be forgotten before all.

    The same Message-ID on another content is another mail: some senders reuse it. The same bytes bear the same
    Message-ID, so only a mail without one is looked for by its bytes, for which there is no index.
    """
    found: list[Twin] = []
    for is_named in (True, False):
        asked = [mail for mail in mails if bool(mail[1]) == is_named]
        if asked:
            erased = [(sha, _erased_id(mail_id), key) for sha, mail_id, key in asked] if is_named else []
            shas, ids, keys = map(list, zip(*asked, *erased, strict=True))
            sql = _NAMED_TWINS if is_named else _NAMELESS_TWINS
            found += db.read_as(Twin, sql, {"shas": shas, "ids": ids, "keys": keys} if is_named else {"shas": shas})
    rank = {MailFate.NOT_CUSTOMER: 1, MailFate.ERASED: 2}
    return {twin.sha256: twin for twin in sorted(found, key=lambda twin: rank.get(twin.fate, 0))}


_NAMED_TWINS = """
    SELECT DISTINCT asked.sha256, mail.fate, mail.inquiry_id
    FROM (SELECT unnest($shas) AS sha256, unnest($ids) AS message_id, unnest($keys) AS content_key) AS asked
    JOIN mail ON mail.message_id = asked.message_id
    WHERE mail.sha256 = asked.sha256 OR mail.content_key = asked.content_key
"""
_NAMELESS_TWINS = "SELECT DISTINCT sha256, fate, inquiry_id FROM mail WHERE sha256 IN (SELECT unnest($shas))"


def mark_not_customer(tx: Transaction, inquiry_id: int) -> None:
    """Leave a tombstone on every mail of an inquiry, so that none of them comes back."""
    tx.run("UPDATE mail SET fate = 'not_customer' WHERE inquiry_id = $id AND fate <> 'erased'", {"id": inquiry_id})


def unmark_not_customer(tx: Transaction, inquiry_id: int) -> None:
    """Take the tombstones away: what stands in a conversation is a message again, anything else a second copy."""
    sql = """UPDATE mail SET fate = CASE WHEN sha256 IN (SELECT mail_sha256 FROM message WHERE inquiry_id = $id)
                 THEN 'message' ELSE 'duplicate' END
             WHERE inquiry_id = $id AND fate = 'not_customer'"""
    tx.run(sql, {"id": inquiry_id})


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


def find_ignored(db: Reader, addresses: list[str]) -> set[str]:
    """Which of these addresses are ignored senders."""
    sql = "SELECT address FROM ignored_sender WHERE address IN (SELECT unnest($addresses))"
    return {str(row[0]) for row in db.read(sql, {"addresses": addresses})} if addresses else set()


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
