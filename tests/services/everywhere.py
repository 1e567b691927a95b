"""A person who is in every table of the store, with a word of their own in every column that can hold one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import data.inquiries
from data.personal_tables import PERSONAL
from data.store import Reader
from services.clock import refresh_clocks
from services.shop import Shop

THEN = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
# What a column of such a name holds is no word about anybody.
_FIXED: dict[str, Any] = {
    "customer.salutation": "frau", "customer.form_of_address": "du", "customer.language": "en",
    "customer.preferred": "phone", "customer_contact.kind": "mail", "inquiry.channel": "mail",
    "inquiry.started_by": "customer", "inquiry.state": "closed", "inquiry.close_reason": "dealt_with",
    "inquiry.dismissed": False, "message.kind": "mail", "message.role": "customer", "outbox.state": "sent",
    "calendar_part.method": "REQUEST", "event.kind": "begun", "promise.state": "kept", "promise.source": "form",
    "call_attempt.outcome": "reached", "booking.state": "done", "booking.reminder": "sent", "booking.language": "de",
    "booking.calendar_answer": "accepted", "booking_event.kind": "cancelled", "wish.state": "fulfilled",
    "wrap_up.avoidable": "no", "wrap_up.offered": "ordered", "customer_idea.fate": "done",
    "mail.fate": "message", "mail.folder": "inbox", "mail.mailbox": "info@host",
    "consent.kind": "ads", "customer_import_line.fate": "added", "erasure.asked_how": "mail", "erasure.kept": "",
    "occasion.kind": "quiet", "occasion.state": "done",
    "rating.way": "status", "rating.value": 2, "receipt.fate": "written", "status_page.language": "de",
    "attachment.refusal": "", "attachment.media_type": "image/png", "draft_attachment.media_type": "image/png",
}  # fmt: skip
_NOBODYS = frozenset({"merged_into", "erased_at", "referred_by", "undone_at", "withdrawn_at", "staff_id", "owner_id"})
_NEVER = frozenset({"waiting_since", "bounced_at", "delayed_at", "snoozed_until_at", "next_step_at", "reason_id"})


@dataclass
class Person:
    """Ids of their rows, and their words by (table, column)."""

    name: str
    ids: dict[str, int] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)


def fill_every_table(shop: Shop, name: str, shared: bytes) -> Person:
    """One row in every personal table; `shared` is an attachment that others have, too."""
    person, numbers = Person(name), count(1)
    person.sums = {
        "message.mail_sha256": shop.files.keep(f"Raw mail of {name}".encode()),
        "attachment.sha256": shop.files.keep(shared),
        "draft_attachment.sha256": shop.files.keep(f"Draft file of {name}".encode()),
    }
    person.sums["mail.sha256"] = person.sums["message.mail_sha256"]
    with shop.store.write() as tx:
        person.ids = {table: tx.new_id() for table in (*PERSONAL, "customer_import")}
        for table in PERSONAL:
            tx.insert(
                table, {column: _value(person, table, column, kind, numbers) for column, kind in columns(tx, table)}
            )
        data.inquiries.add_event(tx, person.ids["inquiry"], "closed", THEN + timedelta(hours=1), detail="dealt_with")
        refresh_clocks(tx, [person.ids["inquiry"]])
    return person


def columns(db: Reader, table: str) -> list[tuple[str, str]]:
    sql = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $table"
    return [(str(row[0]), str(row[1])) for row in db.read(sql, {"table": table})]


def words_left(shop: Shop, word: str) -> Iterator[str]:
    """Where in the whole store a word stands."""
    for (table,) in shop.store.read("SELECT table_name FROM information_schema.tables"):
        for column, kind in columns(shop.store, table):
            if kind == "VARCHAR":
                sql = f"SELECT count(*) FROM {table} WHERE contains(lower({column}), $word)"
                if shop.store.read(sql, {"word": word})[0][0]:
                    yield f"{table}.{column}"


def kept_files(shop: Shop) -> set[bytes]:
    """The content of every file in the vault."""
    return {path.read_bytes() for path in shop.files.folder.glob("??/*")}


def _value(person: Person, table: str, column: str, kind: str, numbers: Iterator[int]) -> Any:
    place, ids = f"{table}.{column}", person.ids
    if place in _FIXED:
        return _FIXED[place]
    if place in person.sums:
        return person.sums[place]
    if place == "mail.uid":
        return ids["mail"]
    if column in _NOBODYS or (column in _NEVER and kind != "VARCHAR"):
        return 1 if column == "staff_id" else None
    if place in {"ignored_sender.address"}:
        return person.words["customer_contact", "address"]
    if kind == "VARCHAR":
        word = f"{person.name}{next(numbers)}-{table}-{column}".lower().replace("_", "")
        return person.words.setdefault((table, column), word)
    if (kind == "BIGINT" and column in {"id", "import_id", "gone_id", "into_id", "stream"}) or column.endswith("_id"):
        owner = {
            "id": table,
            "import_id": "customer_import",
            "gone_id": "customer_merge",
            "into_id": "customer",
            "subject_id": "booking",
        }
        return ids.get(owner.get(column, "inquiry" if column == "stream" else column.removesuffix("_id")), 1)
    return {"TIMESTAMP": THEN, "BOOLEAN": True, "DATE": date(2026, 11, 3)}.get(kind, 1)
