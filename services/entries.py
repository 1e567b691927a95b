"""A line of conversation that a person adds: a call, a talk, a note. One way to write it, found by every search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import data.messages
from data.records import Actor, Channel, MessageRole
from data.store import Transaction
from services.customers import refuse_erased
from services.rules.folding import fold


@dataclass(frozen=True)
class Entry:
    """What is said, through which channel, what it does to the clock, and who a colleague says is speaking."""

    kind: Channel
    role: MessageRole
    words: str
    speaker: str = ""


def add_entry(tx: Transaction, inquiry_id: int, actor: Actor, entry: Entry, now: datetime) -> int:
    """Add the line in the caller's transaction; its id. Refresh the clock after it.

    Raises NotFoundError where the person was erased: a page that was open brings no word of them back.
    """
    refuse_erased(tx, inquiry_id)
    words = entry.words.strip()
    return data.messages.insert_message(
        tx,
        {
            "inquiry_id": inquiry_id,
            "kind": entry.kind,
            "role": entry.role,
            "staff_id": actor.staff_id,
            "sender_name": entry.speaker,
            "body": words,
            "folded": fold(f"{entry.speaker} {words}"),
            "happened_at": now,
        },
        now,
    )
