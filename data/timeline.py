"""All that happened with one customer, over every channel, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.store import Reader


class EntryKind(StrEnum):
    MESSAGE = "message"
    BOOKING = "booking"
    WISH = "wish"
    RATING = "rating"


@dataclass(frozen=True)
class TimelineEntry:
    """One line: what it is, of which conversation, and its words."""

    kind: EntryKind
    id: int  # of the message, booking or wish; of a rating that of its inquiry
    inquiry_id: int
    happened_at: datetime  # a booking stands at its start
    channel: str  # of a message; '' else
    how: str  # a message's role, a booking's or wish's state, a rating's value
    words: str  # the first of them
    problem: str  # of a letter that is not there: 'queued', 'failed', 'unsure' or 'bounced'; '' else


@dataclass(frozen=True)
class Contact:
    """A visit or a conversation of before, for the card beside a reply."""

    id: int
    kind: EntryKind
    happened_at: datetime
    words: str


def list_entries(db: Reader, customer_id: int, limit: int) -> list[TimelineEntry]:
    """The newest `limit` of the customer's messages, bookings, wishes and ratings, the newest first.

    Left out is what machines wrote, what was taken back, and what was no customer's inquiry.
    """
    sql = """
        WITH talk AS (SELECT id FROM inquiry WHERE customer_id = $id AND NOT dismissed), line AS (
            SELECT 'message' AS kind, m.id, m.inquiry_id, m.happened_at, m.kind AS channel, m.role AS how,
                left(CASE WHEN trim(m.body) = '' THEN m.subject ELSE m.body END, 300) AS words,
                CASE WHEN o.bounced_at IS NOT NULL THEN 'bounced' WHEN o.state IN ('queued', 'sending') THEN 'queued'
                     WHEN o.state IN ('failed', 'unsure') THEN o.state ELSE '' END AS problem
            FROM message m LEFT JOIN outbox o ON o.message_id = m.id
            WHERE m.inquiry_id IN (SELECT id FROM talk) AND m.role <> 'machine'
                AND coalesce(o.state, '') <> 'taken_back'
            UNION ALL
            SELECT 'booking', id, inquiry_id, starts_at, '', state, offering_name, ''
            FROM booking WHERE customer_id = $id
            UNION ALL
            SELECT 'wish', id, inquiry_id, created_at, '', state, concat_ws(', ', article, nullif(size, ''),
                nullif(colour, '')), '' FROM wish WHERE customer_id = $id
            UNION ALL
            SELECT 'rating', inquiry_id, inquiry_id, rated_at, '', value::VARCHAR, left(words, 300), '' FROM rating
            WHERE inquiry_id IN (SELECT id FROM talk))
        SELECT kind, id, inquiry_id, happened_at, channel, how, words, problem FROM line
        ORDER BY happened_at DESC, kind, id DESC LIMIT $limit"""
    return db.read_as(TimelineEntry, sql, {"id": customer_id, "limit": limit})


def last_contacts(db: Reader, customer_id: int, now: datetime, *, without: int, limit: int) -> list[Contact]:
    """The last bookings that began before `now` and stood, and the last other conversations than `without`."""
    sql = """
        SELECT id, kind, happened_at, words FROM (
            SELECT id, 'booking' AS kind, starts_at AS happened_at, offering_name AS words FROM booking
            WHERE customer_id = $id AND starts_at <= $now AND state IN ('confirmed', 'arrived', 'done')
            UNION ALL
            SELECT i.id, 'message', i.last_message_at, CASE WHEN i.subject = '' THEN i.snippet ELSE i.subject END
            FROM inquiry i WHERE i.customer_id = $id AND i.id <> $without AND i.merged_into IS NULL AND NOT i.dismissed
                AND i.state IN ('open', 'closed', 'earlier')
                AND i.id NOT IN (SELECT inquiry_id FROM booking WHERE customer_id = $id)) AS seen
        ORDER BY happened_at DESC, id DESC LIMIT $limit"""
    return db.read_as(Contact, sql, {"id": customer_id, "now": now, "without": without, "limit": limit})
