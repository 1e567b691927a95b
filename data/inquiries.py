"""Inquiries, their events, and the one function that writes the columns derived from the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.outbox import ARRIVED, NO_RECEIPT
from data.records import Dismissed, Event, Inquiry, InquiryRow, InquiryState
from data.store import Reader, Transaction

SIGNATURE = "\n\n-- \n"  # stands between a mail of ours and its signature
_COLUMNS = """
    id, customer_id, subject, channel, started_by, owner_id, next_step, next_step_at, snoozed_until_at, merged_into,
    dismissed, created_at, state, waiting_since, contacts_waiting, first_contact_at, first_response_at, closed_at,
    close_reason, reopened, last_message_at, snippet, version
"""

# What is wrong with the replies of an inquiry; a later answer that arrived makes a bounce good.
_PROBLEMS = f"""
    WITH trouble AS MATERIALIZED (
        SELECT m.inquiry_id, m.id, o.state FROM outbox o JOIN message m ON m.id = o.message_id
        WHERE (o.state IN ('failed', 'unsure') OR (o.state = 'sent' AND o.bounced_at IS NOT NULL)) AND {NO_RECEIPT}),
    arrived AS (
        SELECT later.inquiry_id, max(later.id) AS id FROM message later LEFT JOIN outbox l ON l.message_id = later.id
        WHERE later.role = 'answer' AND later.inquiry_id IN (SELECT inquiry_id FROM trouble WHERE state = 'sent')
            AND (l.message_id IS NULL OR (l.state = 'sent' AND l.bounced_at IS NULL))
        GROUP BY later.inquiry_id)
    SELECT t.inquiry_id,
        CASE WHEN bool_or(t.state = 'unsure') THEN 'unsure'
             WHEN bool_or(t.state = 'failed') THEN 'failed' ELSE 'bounced' END AS problem
    FROM trouble t LEFT JOIN arrived a ON a.inquiry_id = t.inquiry_id AND a.id > t.id
    WHERE t.state <> 'sent' OR a.id IS NULL
    GROUP BY t.inquiry_id"""

_ROWS = f"""
    SELECT i.id, i.customer_id, c.name AS customer_name, i.subject, i.snippet, i.channel, i.state, i.waiting_since,
        i.contacts_waiting, i.last_message_at, i.owner_id, coalesce(s.name, '') AS owner_name, i.next_step,
        i.next_step_at, i.snoozed_until_at, p.due_at AS promise_due_at, coalesce(o.problem, '') AS outbox_problem,
        i.started_by = 'shop' AND NOT EXISTS (
            SELECT 1 FROM message said LEFT JOIN outbox r ON r.message_id = said.id
            WHERE said.inquiry_id = i.id AND said.role <> 'note' AND coalesce(r.state, '') <> 'taken_back') AS unsent
    FROM inquiry i
    JOIN customer c ON c.id = i.customer_id
    LEFT JOIN staff s ON s.id = i.owner_id
    LEFT JOIN (SELECT inquiry_id, min(due_at) AS due_at FROM promise WHERE state = 'open' GROUP BY inquiry_id) p
        ON p.inquiry_id = i.id
    LEFT JOIN ({_PROBLEMS}) o ON o.inquiry_id = i.id
    WHERE i.merged_into IS NULL AND NOT i.dismissed
"""


def read_inquiry(db: Reader, inquiry_id: int) -> Inquiry | None:
    """The inquiry, or None."""
    found = db.read_as(Inquiry, f"SELECT {_COLUMNS} FROM inquiry WHERE id = $id", {"id": inquiry_id})
    return found[0] if found else None


def list_rows(
    db: Reader,
    *,
    states: Iterable[InquiryState],
    owner_id: int | None = None,
    unowned: bool = False,
    channel: str = "",
    limit: int = 200,
) -> list[InquiryRow]:
    """Rows of the list, longest waiting first, then by the newest message.

    All that are open; of every other state the newest `limit`.
    """
    sql = (
        _ROWS
        + """
        AND i.state IN (SELECT unnest($states)) AND ($channel = '' OR i.channel = $channel)
        AND ($owner_id IS NULL OR i.owner_id = $owner_id) AND (NOT $unowned OR i.owner_id IS NULL)
        QUALIFY i.state = 'open' OR row_number() OVER (PARTITION BY i.state ORDER BY i.last_message_at DESC) <= $limit
        ORDER BY i.waiting_since NULLS LAST, i.last_message_at DESC"""
    )
    params = {
        "states": [state.value for state in states],
        "channel": channel,
        "owner_id": owner_id,
        "unowned": unowned,
        "limit": limit,
    }
    return db.read_as(InquiryRow, sql, params)


def list_additions(db: Reader, inquiry_ids: list[int]) -> list[tuple[int, datetime]]:
    """(inquiry, when) of what customers added on their own pages since this wait began; not what stood there first."""
    sql = """SELECT m.inquiry_id, m.happened_at FROM message m JOIN inquiry i ON i.id = m.inquiry_id
             WHERE i.id IN (SELECT unnest($ids)) AND m.role = 'customer' AND m.by_mail_link IS NOT NULL
                 AND m.happened_at > i.waiting_since AND EXISTS (
                     SELECT 1 FROM message f WHERE f.stream = m.stream AND f.role = 'customer' AND f.id < m.id)"""
    return [(int(row[0]), row[1]) for row in db.read(sql, {"ids": inquiry_ids})] if inquiry_ids else []


def search_rows(db: Reader, folded_words: list[str], limit: int = 200) -> list[InquiryRow]:
    """Rows of any state whose customer, subject or messages hold every word (already folded); newest first."""
    sql = (
        _ROWS
        + """
        AND i.id IN (
            SELECT w.inquiry_id FROM (
                SELECT m.inquiry_id, word FROM message m, unnest($words) AS t(word) WHERE contains(m.folded, word)
                UNION SELECT j.id, word FROM inquiry j JOIN customer k ON k.id = j.customer_id,
                    unnest($words) AS t(word) WHERE contains(k.folded, word)
                UNION SELECT j.id, word FROM inquiry j JOIN customer_contact r ON r.customer_id = j.customer_id,
                    unnest($words) AS t(word) WHERE contains(r.address, word)) w
            GROUP BY w.inquiry_id HAVING count(DISTINCT w.word) = $how_many)
        ORDER BY i.last_message_at DESC LIMIT $limit"""
    )
    return db.read_as(InquiryRow, sql, {"words": folded_words, "how_many": len(set(folded_words)), "limit": limit})


def read_row(db: Reader, inquiry_id: int) -> InquiryRow | None:
    """One row of the list, whatever its state; None for merged and dismissed ones."""
    found = db.read_as(InquiryRow, _ROWS + " AND i.id = $id", {"id": inquiry_id})
    return found[0] if found else None


def read_rows(db: Reader, inquiry_ids: list[int]) -> list[InquiryRow]:
    """Rows of the list, whatever their state, in any order; merged and dismissed ones are left out."""
    sql = _ROWS + " AND i.id IN (SELECT unnest($ids))"
    return db.read_as(InquiryRow, sql, {"ids": inquiry_ids}) if inquiry_ids else []


def rows_of_customer(db: Reader, customer_id: int) -> list[InquiryRow]:
    """All inquiries of a customer, newest first."""
    sql = _ROWS + " AND i.customer_id = $id ORDER BY i.last_message_at DESC LIMIT 100"
    return db.read_as(InquiryRow, sql, {"id": customer_id})


def waiting_of_address(db: Reader, address: str) -> list[tuple[int, str]]:
    """(id, subject) of the inquiries in which the person with this mail address waits for us."""
    sql = """SELECT i.id, i.subject FROM inquiry i JOIN customer_contact k ON k.customer_id = i.customer_id
             WHERE k.kind = 'mail' AND k.address = $address AND i.merged_into IS NULL AND NOT i.dismissed
                 AND (i.waiting_since IS NOT NULL OR i.state = 'earlier')"""
    return [(int(row[0]), str(row[1])) for row in db.read(sql, {"address": address})]


def find_shown(db: Reader, inquiry_ids: list[int]) -> dict[int, int]:
    """Where each of these inquiries is to be seen: itself or what it was merged into; dismissed ones are left out."""
    sql = """SELECT asked.id, shown.id
             FROM inquiry asked JOIN inquiry shown ON shown.id = coalesce(asked.merged_into, asked.id)
             WHERE asked.id IN (SELECT unnest($ids)) AND NOT shown.dismissed"""
    return {int(row[0]): int(row[1]) for row in db.read(sql, {"ids": inquiry_ids})} if inquiry_ids else {}


def count_problems(db: Reader) -> int:
    """Visible inquiries with a reply that failed, is unsure, or came back and was not made good by a later answer."""
    sql = f"""SELECT count(*) FROM ({_PROBLEMS}) o JOIN inquiry i ON i.id = o.inquiry_id
              WHERE i.merged_into IS NULL AND NOT i.dismissed AND (o.problem <> 'bounced' OR i.state = 'open')"""
    return int(db.read(sql)[0][0])


def list_dismissed(db: Reader, since: datetime) -> list[Dismissed]:
    """Those put aside since then, the newest first."""
    sql = """SELECT i.id, c.name AS customer_name, i.subject, i.snippet, i.channel, i.closed_at AS dismissed_at
             FROM inquiry i JOIN customer c ON c.id = i.customer_id
             WHERE i.dismissed AND i.merged_into IS NULL AND i.closed_at >= $since
             ORDER BY i.closed_at DESC, i.id DESC"""
    return db.read_as(Dismissed, sql, {"since": since})


def insert_inquiry(tx: Transaction, values: dict[str, Any], now: datetime) -> int:
    """A new inquiry with empty derived columns (call `refresh_clock` after its first message); its id."""
    inquiry_id = tx.new_id()
    empty: dict[str, Any] = {
        "id": inquiry_id,
        "subject": "",
        "owner_id": None,
        "next_step": "",
        "next_step_at": None,
        "snoozed_until_at": None,
        "merged_into": None,
        "dismissed": False,
        "created_at": now,
        "state": InquiryState.OPEN,
        "waiting_since": None,
        "contacts_waiting": 0,
        "first_contact_at": None,
        "first_response_at": None,
        "closed_at": None,
        "close_reason": "",
        "reopened": 0,
        "last_message_at": now,
        "snippet": "",
        "version": 0,
    }
    tx.insert("inquiry", {**empty, **values})
    return inquiry_id


_CHANGEABLE = frozenset(
    {"subject", "owner_id", "next_step", "next_step_at", "snoozed_until_at", "merged_into", "dismissed"}
)


def wake_inquiries(tx: Transaction, inquiry_ids: Iterable[int]) -> None:
    """End the snoozing of those that are snoozed."""
    sql = """UPDATE inquiry SET snoozed_until_at = NULL
             WHERE snoozed_until_at IS NOT NULL AND id IN (SELECT unnest($ids))"""
    tx.run(sql, {"ids": list(inquiry_ids)})


def release_inquiries(tx: Transaction, staff_id: int) -> None:
    """What this person has not closed belongs to nobody again."""
    sql = "UPDATE inquiry SET owner_id = NULL WHERE owner_id = $id AND state <> 'closed'"
    tx.run(sql, {"id": staff_id})


def change_inquiry(tx: Transaction, inquiry_id: int, **changes: Any) -> None:
    """Set columns that people decide; the derived ones belong to `refresh_clock`."""
    if not set(changes) <= _CHANGEABLE:
        raise ValueError(f"not to be set by hand: {sorted(set(changes) - _CHANGEABLE)}")
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE inquiry SET {sets} WHERE id = $id", {**changes, "id": inquiry_id})


def add_event(
    tx: Transaction, inquiry_id: int, kind: str, now: datetime, *, staff_id: int | None = None, detail: str = ""
) -> None:
    """One line of history.

    'closed' (detail: reason), 'closed_with' (detail: the reply), 'reopened' and 'merged' (detail: the other) enter the
    clock.
    """
    tx.insert(
        "event",
        {
            "id": tx.new_id(),
            "inquiry_id": inquiry_id,
            "stream": inquiry_id,
            "staff_id": staff_id,
            "kind": kind,
            "detail": detail,
            "happened_at": now,
        },
    )


def list_events(db: Reader, inquiry_id: int) -> list[Event]:
    """The history of an inquiry, oldest first."""
    sql = """SELECT id, inquiry_id, staff_id, kind, detail, happened_at FROM event WHERE inquiry_id = $id
             ORDER BY happened_at, id"""
    return db.read_as(Event, sql, {"id": inquiry_id})


@dataclass(frozen=True)
class Entry:
    """One line of a conversation as the clock needs it; `counts` says whether the rule may see it."""

    id: int
    inquiry_id: int
    stream: int  # the inquiry in which it was said, before any merging
    kind: str
    happened_at: datetime
    counted_at: datetime | None
    detail: str
    counts: bool
    is_message: bool
    words: str


def list_entries(db: Reader, inquiry_ids: Iterable[int]) -> list[Entry]:
    """Messages of these inquiries, and the events that enter the clock, in any order.

    A reply counts once the server took it and until it bounces; `counted_at` is when it was taken, or the attempt that
    a person confirmed. It stands where it was written, so that what came meanwhile still waits. One taken back was
    never said. A close that goes with a reply counts as long as that reply does, unless it was sent anew.
    """
    sql = f"""
        WITH asked AS (SELECT unnest($ids) AS id)
        SELECT m.id, m.inquiry_id, m.stream, m.role AS kind, m.happened_at, o.sent_at AS counted_at, '' AS detail,
            m.role IN ('customer', 'answer', 'earlier_customer', 'earlier_answer')
                AND {ARRIVED} AS counts,
            true AS is_message,
            left(CASE WHEN o.message_id IS NULL THEN m.body ELSE split_part(m.body, $signature, 1) END, 300) AS words
        FROM message m LEFT JOIN outbox o ON o.message_id = m.id
        WHERE m.inquiry_id IN (FROM asked) AND coalesce(o.state, '') <> 'taken_back'
        UNION ALL
        SELECT id, inquiry_id, stream, kind, happened_at, NULL, detail, true, false, '' FROM event
        WHERE inquiry_id IN (FROM asked) AND kind IN ('closed', 'reopened', 'merged')
        UNION ALL
        SELECT e.id, e.inquiry_id, e.stream, 'closed', e.happened_at, NULL, 'answered', true, false, ''
        FROM event e JOIN message m ON m.id = TRY_CAST(e.detail AS BIGINT) JOIN outbox o ON o.message_id = m.id
        WHERE e.inquiry_id IN (FROM asked) AND e.kind = 'closed_with' AND e.happened_at >= m.happened_at
            AND o.state = 'sent' AND o.bounced_at IS NULL"""
    return db.read_as(Entry, sql, {"ids": list(inquiry_ids), "signature": SIGNATURE})


Replay = Callable[[list[Entry], str], dict[str, Any]]


def refresh_clocks(tx: Transaction, inquiry_ids: Iterable[int], replay: Replay) -> None:
    """Write every derived column of these inquiries anew from messages, outbox and events: the only function that does.

    `replay` is the pure rule (services.rules.waiting); it comes as an argument because this floor imports nothing.
    """
    entries: dict[int, list[Entry]] = {inquiry_id: [] for inquiry_id in inquiry_ids}
    for entry in list_entries(tx, entries):
        entries[entry.inquiry_id].append(entry)
    sql = "SELECT id, started_by FROM inquiry WHERE id IN (SELECT unnest($ids))"
    rows: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for inquiry_id, started_by in tx.read(sql, {"ids": list(entries)}):
        told = entries[inquiry_id]
        derived = replay([entry for entry in told if entry.counts], started_by)
        row = {"id": inquiry_id, **derived, **_newest(told)}
        rows.setdefault(tuple(row), []).append(row)
    for alike in rows.values():
        tx.update("inquiry", alike)


def _newest(entries: list[Entry]) -> dict[str, Any]:
    """Last message and the words the list shows: the customer's newest, else anything newest."""
    messages = sorted((e for e in entries if e.is_message), key=lambda e: (e.happened_at, e.id))
    if not messages:
        return {"snippet": "", "version": max((e.id for e in entries if e.kind == "merged"), default=0)}
    heard = [e for e in messages if e.kind in {"customer", "earlier_customer", "idea"}] or messages
    return {
        "last_message_at": messages[-1].happened_at,
        "version": max(e.id for e in entries if e.is_message or e.kind == "merged"),  # what `unseen_by` counts
        "snippet": " ".join(heard[-1].words.split()),
    }


def redirect_merged(tx: Transaction, gone: int, into: int) -> None:
    """Whatever was merged into `gone`, and `gone` itself, now leads to `into`."""
    sql = "UPDATE inquiry SET merged_into = $into WHERE id = $gone OR merged_into = $gone"
    tx.run(sql, {"into": into, "gone": gone})
