"""Chats that somebody pasted: which of their messages are there already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from data.records import MessageRole
from data.store import Reader, Transaction


@dataclass(frozen=True)
class KeptLine:
    """One kept message of a chat."""

    inquiry_id: int
    message_id: int
    who: str
    said_at: datetime
    words: str
    role: MessageRole


def chats_with(db: Reader, sender: str, words: Collection[str], since: datetime | None = None) -> list[KeptLine]:
    """All messages of the chats in which this name said one of these things since then; put-aside ones are left out."""
    sql = """
        SELECT m.inquiry_id, m.id AS message_id, m.sender_name AS who, m.happened_at AS said_at, m.body AS words, m.role
        FROM message m JOIN inquiry i ON i.id = m.inquiry_id AND NOT i.dismissed
        WHERE m.kind = 'chat' AND m.inquiry_id IN (
            SELECT inquiry_id FROM message
            WHERE kind = 'chat' AND sender_name = $sender AND body IN (SELECT unnest($words))
                AND ($since IS NULL OR happened_at >= $since))"""
    return db.read_as(KeptLine, sql, {"sender": sender, "words": list(words), "since": since}) if words else []


def give_to(tx: Transaction, inquiry_id: int, customer_id: int) -> None:
    """The chat is another customer's."""
    tx.run("UPDATE inquiry SET customer_id = $customer WHERE id = $id", {"customer": customer_id, "id": inquiry_id})
