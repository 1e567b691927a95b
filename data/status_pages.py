"""The customer's own page of an inquiry: its secret, what the customer was told and what they typed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from data.outbox import ARRIVED
from data.records import Channel, MessageRole
from data.store import Reader, Transaction


@dataclass(frozen=True)
class StatusPage:
    """One page; it stays with the inquiry it was made for, also when that is merged into another."""

    inquiry_id: int
    secret: str  # 128 bits, the way in of whoever sent the form: opens what was said by it
    mail_secret: str  # another one, that only our mails carry: who has it reads mail of the customer
    form_key: str  # '' for a page that came with a receipt or a reply
    answer_by: datetime | None  # what the customer was told
    name: str
    mail: str  # as they were typed into the form
    phone: str
    language: str
    created_at: datetime


_SELECT = """SELECT inquiry_id, secret, mail_secret, form_key, answer_by, name, mail, phone, language, created_at
             FROM status_page"""
_NOT_ERASED = """inquiry_id NOT IN (SELECT i.id FROM inquiry i JOIN customer c ON c.id = i.customer_id
                                       WHERE c.erased_at IS NOT NULL)"""
_CHANGEABLE = frozenset({"answer_by", "mail", "phone", "name"})


def insert_page(tx: Transaction, page: StatusPage) -> None:
    """Keep a new page."""
    tx.insert("status_page", asdict(page))


def change_page(tx: Transaction, inquiry_id: int, **changes: Any) -> None:
    """Set columns of a page."""
    if not set(changes) <= _CHANGEABLE:
        raise ValueError(f"no such column: {sorted(set(changes) - _CHANGEABLE)}")
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE status_page SET {sets} WHERE inquiry_id = $id", {**changes, "id": inquiry_id})


def read_page(db: Reader, inquiry_id: int) -> StatusPage | None:
    """The page that was made for this inquiry, or None."""
    return _one(db, _SELECT + " WHERE inquiry_id = $value", inquiry_id)


def find_by_secret(db: Reader, secret: str) -> StatusPage | None:
    """The page behind this secret of either kind, or None; none of a customer who was erased."""
    return _one(db, _SELECT + f" WHERE (secret = $value OR mail_secret = $value) AND {_NOT_ERASED}", secret)


def find_by_form(db: Reader, form_key: str) -> list[StatusPage]:
    """The pages that this form already made, one for each way to reach somebody that stood in it."""
    sql = " WHERE form_key = $key ORDER BY created_at, inquiry_id"
    return db.read_as(StatusPage, _SELECT + sql, {"key": form_key}) if form_key else []


def pages_of(db: Reader, inquiry_id: int) -> list[StatusPage]:
    """The pages whose conversation stands in this inquiry: its own first, then those that merging brought along.

    None of a customer who was erased.
    """
    sql = f""" WHERE (inquiry_id = $id OR inquiry_id IN (SELECT id FROM inquiry WHERE merged_into = $id))
                  AND {_NOT_ERASED}
              ORDER BY inquiry_id <> $id, created_at"""
    return db.read_as(StatusPage, _SELECT + sql, {"id": inquiry_id})


def _one(db: Reader, sql: str, value: object) -> StatusPage | None:
    found = db.read_as(StatusPage, sql, {"value": value})
    return found[0] if found else None


@dataclass(frozen=True)
class Spoken:
    """One line of a conversation that both sides know."""

    id: int
    stream: int  # the inquiry in which it was said, before any merging
    kind: Channel
    role: MessageRole
    staff_id: int | None  # who wrote it down or signed it; None for what the customer wrote
    staff_name: str
    sender_address: str
    recipient: str  # of a mail of ours
    body: str  # the first 50 000 signs
    spoken_at: datetime  # of a mail of ours when the server took it
    by_mail_link: bool  # of what the customer wrote on a page of ours: by the link that only our mails carry


def list_spoken(db: Reader, inquiry_id: int) -> list[Spoken]:
    """What the customer said and what of ours reached them, oldest first.

    No note, attempt, forward, third person's or machine's mail; no reply that is queued, failed, unsure or came back.
    """
    sql = f"""SELECT m.id, m.stream, m.kind, m.role, m.staff_id, coalesce(s.name, '') AS staff_name, m.sender_address,
                  coalesce(o.recipient, '') AS recipient, left(m.body, 50000) AS body,
                  coalesce(o.sent_at, m.happened_at) AS spoken_at, coalesce(m.by_mail_link, false) AS by_mail_link
              FROM message m LEFT JOIN staff s ON s.id = m.staff_id LEFT JOIN outbox o ON o.message_id = m.id
              WHERE m.inquiry_id = $id AND {ARRIVED}
                  AND m.role IN ('customer', 'idea', 'answer', 'earlier_customer', 'earlier_answer')
              ORDER BY m.happened_at, m.id"""
    return db.read_as(Spoken, sql, {"id": inquiry_id})


def list_merges(db: Reader, inquiry_id: int) -> list[tuple[int, int, datetime]]:
    """(stream that was joined, stream it went on in, when) of every merge that this inquiry came out of."""
    sql = """SELECT TRY_CAST(detail AS BIGINT), stream, happened_at FROM event
             WHERE inquiry_id = $id AND kind = 'merged' ORDER BY happened_at, id"""
    return [(int(gone), int(into), when) for gone, into, when in db.read(sql, {"id": inquiry_id}) if gone is not None]
