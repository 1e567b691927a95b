"""Ideas of customers: what became of each, and whether the customer knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.outbox import ARRIVED
from data.store import Reader, Transaction


@dataclass(frozen=True)
class CustomerIdea:
    """One idea. `informed_at`: when the customer heard of the decision, by a reply or by what a person noted."""

    id: int
    inquiry_id: int
    message_id: int
    stream: int  # the inquiry in which it was said, whatever that was merged into
    words: str
    said_at: datetime
    fate: str  # a value of `services.ideas.Fate`, '' as long as nobody decided
    why: str
    decided_at: datetime | None
    informed_at: datetime | None


def insert_idea(tx: Transaction, inquiry_id: int, message_id: int) -> int:
    """The message says an idea about which nobody has decided; the idea's id."""
    idea_id = tx.new_id()
    values = {"inquiry_id": inquiry_id, "message_id": message_id, "fate": "", "why": ""}
    tx.insert("customer_idea", {"id": idea_id, **values, "decided_at": None, "told_at": None})
    return idea_id


def list_ideas(db: Reader, inquiry_id: int) -> list[CustomerIdea]:
    """The ideas of an inquiry, the oldest first."""
    return db.read_as(
        CustomerIdea, f"{_IDEAS} WHERE i.inquiry_id = $id ORDER BY m.happened_at, i.id", {"id": inquiry_id}
    )


def list_undecided(db: Reader) -> list[CustomerIdea]:
    """The ideas about which nobody has decided, the oldest first; none of an inquiry that was put aside."""
    sql = f"""{_IDEAS} JOIN inquiry q ON q.id = i.inquiry_id
              WHERE i.decided_at IS NULL AND NOT q.dismissed ORDER BY m.happened_at, i.id"""
    return db.read_as(CustomerIdea, sql)


def read_idea(db: Reader, idea_id: int) -> CustomerIdea | None:
    """One idea, or None."""
    found = db.read_as(CustomerIdea, f"{_IDEAS} WHERE i.id = $id", {"id": idea_id})
    return found[0] if found else None


# After a merge what is said in the inquiry may be for somebody else: it is for the one who had the idea where both were
# the same customer's, or the mail went to an address of theirs.
_SAME_PERSON = """
    EXISTS (SELECT 1 FROM inquiry g JOIN inquiry n ON n.id = i.inquiry_id WHERE g.id = m.stream
        AND (g.customer_id = n.customer_id OR lower(o.recipient) = lower(m.sender_address) OR EXISTS (
            SELECT 1 FROM customer_contact k WHERE k.customer_id = g.customer_id AND k.kind = 'mail'
                AND k.address = lower(o.recipient))))"""
_MERGED_AT = "(SELECT min(e.happened_at) FROM event e WHERE e.kind = 'merged' AND e.detail = m.stream::VARCHAR)"

# A reply informs when it was begun after the decision and reached the customer, a call or talk when it reached; the
# message that something can be fetched knows nothing of it. A mail that is sent once more keeps its `stored_at`.
_IDEAS = f"""
    SELECT i.id, i.inquiry_id, i.message_id, m.stream, m.body AS words, m.happened_at AS said_at, i.fate,
        i.why, i.decided_at,
        coalesce(i.told_at, (
            SELECT min(coalesce(o.sent_at, a.happened_at)) FROM message a LEFT JOIN outbox o ON o.message_id = a.id
            WHERE a.inquiry_id = i.inquiry_id AND a.role = 'answer' AND a.stored_at >= i.decided_at AND {ARRIVED}
                AND NOT EXISTS (SELECT 1 FROM pickup p WHERE p.message_id = a.id)
                AND (a.stream = m.stream OR (a.stored_at >= {_MERGED_AT} AND {_SAME_PERSON})))) AS informed_at
    FROM customer_idea i JOIN message m ON m.id = i.message_id"""


def is_closing(db: Reader, inquiry_id: int) -> bool:
    """Whether a reply that closes this inquiry is on its way."""
    sql = """SELECT 1 FROM event e JOIN outbox o ON o.message_id = TRY_CAST(e.detail AS BIGINT)
             WHERE e.inquiry_id = $id AND e.kind = 'closed_with' AND o.state IN ('queued', 'sending', 'unsure')"""
    return bool(db.read(sql, {"id": inquiry_id}))


def find_idea(db: Reader, message_id: int) -> int | None:
    """The idea that this message says, or None."""
    rows = db.read("SELECT id FROM customer_idea WHERE message_id = $id", {"id": message_id})
    return int(rows[0][0]) if rows else None


def change_idea(
    tx: Transaction, idea_id: int, *, fate: str, why: str, decided_at: datetime | None, told_at: datetime | None
) -> None:
    """Set what became of it."""
    sql = """UPDATE customer_idea SET fate = $fate, why = $why, decided_at = $decided_at, told_at = $told_at
             WHERE id = $id"""
    tx.run(sql, {"id": idea_id, "fate": fate, "why": why, "decided_at": decided_at, "told_at": told_at})


def drop_idea(tx: Transaction, idea_id: int) -> None:
    """It was no idea; harmless when it is gone."""
    tx.run("DELETE FROM customer_idea WHERE id = $id", {"id": idea_id})


def move_ideas(tx: Transaction, gone: int, into: int) -> None:
    """Merging: ideas go along with their messages."""
    tx.run("UPDATE customer_idea SET inquiry_id = $into WHERE inquiry_id = $gone", {"gone": gone, "into": into})
