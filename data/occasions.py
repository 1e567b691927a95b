"""Reasons to call somebody, found in what is kept, and what became of each.

Each query begins at a short stretch of time of one table, which DuckDB finds by the smallest and largest value of its
blocks without an index, and looks at the rest only for what it found there. What somebody decided about is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data.occasion_records import Occasion, OccasionKind, OccasionState
from data.store import Reader, Transaction

# The rest of a row by customer and inquiry; `found` has kind, subject_id, customer_id, inquiry_id, happened_at, what,
# days and months. The newest of those who agreed to the same: nobody who may be called stands behind who may not.
_REST = """
    SELECT f.kind, f.subject_id, f.customer_id, c.name AS customer_name, coalesce(c.no_ads, false) AS no_ads,
        coalesce(a.ads, false) AS ads, coalesce(a.survey, false) AS survey,
        coalesce((SELECT arg_min(k.address, k.added_at) FROM customer_contact k
                  WHERE k.customer_id = f.customer_id AND k.kind = 'phone'), '') AS phone,
        f.inquiry_id, f.happened_at AS "at", f.what, f.days, f.months,
        d.again_on
    FROM found f JOIN customer c ON c.id = f.customer_id AND c.merged_into IS NULL AND c.erased_at IS NULL
    LEFT JOIN (
        SELECT customer_id, arg_max(given, (noted_at, id)) FILTER (kind = 'ads') AS ads,
            arg_max(given, (noted_at, id)) FILTER (kind = 'survey') AS survey
        FROM consent GROUP BY customer_id) a ON a.customer_id = f.customer_id
    LEFT JOIN occasion d ON d.kind = f.kind AND d.subject_id = f.subject_id AND d.decided_at >= f.happened_at
    WHERE d.state IS NULL OR (d.state = 'later' AND d.again_on <= $today)
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(c.no_ads, false), coalesce(a.ads, false), coalesce(a.survey, false)
        ORDER BY f.happened_at DESC, f.subject_id) <= $limit
    ORDER BY f.happened_at DESC, f.subject_id"""

_SOLVED = """WITH found AS (
    SELECT 'complaint' AS kind, o.inquiry_id AS subject_id, i.customer_id, o.inquiry_id, o.solved_at AS happened_at,
        i.subject AS what, 0 AS days, 0 AS months
    FROM complaint o JOIN inquiry i ON i.id = o.inquiry_id
    WHERE o.solved_at >= $start AND o.solved_at < $end AND o.lost IS NOT TRUE
        AND i.merged_into IS NULL AND NOT i.dismissed)"""

# Offers are letters that began with the template for prices, or any letter of a conversation about a price. One that
# was followed by another letter, by the customer's words or by a talk is answered or out of date. The news that
# something waits to be fetched is no offer, whatever the conversation is about.
_OFFERS = """WITH sent AS (
    SELECT m.inquiry_id, m.id, o.sent_at, o.template_id
    FROM outbox o JOIN message m ON m.id = o.message_id
    WHERE o.sent_at >= $start AND o.state = 'sent' AND o.bounced_at IS NULL AND m.role = 'answer'),
    letters AS (
        SELECT inquiry_id, arg_max(id, sent_at) AS id, max(sent_at) AS sent_at,
            arg_max(coalesce(template_id, 0), sent_at) AS template_id
        FROM sent GROUP BY inquiry_id HAVING max(sent_at) < $end),
    offers AS (
        SELECT l.id, l.inquiry_id, l.sent_at, i.customer_id, i.subject
        FROM letters l JOIN inquiry i ON i.id = l.inquiry_id
        LEFT JOIN template t ON t.id = l.template_id
        LEFT JOIN wrap_up w ON w.inquiry_id = l.inquiry_id LEFT JOIN reason r ON r.id = w.reason_id
        WHERE (t.code = 'V6' OR r.intent = 'price') AND i.merged_into IS NULL AND NOT i.dismissed
            AND (i.state = 'open' OR (i.state = 'closed' AND i.close_reason = 'answered'))
            AND i.waiting_since IS NULL AND coalesce(t.code, '') NOT IN ('V9b', 'V10b')
            AND NOT EXISTS (SELECT 1 FROM wish_news n WHERE n.message_id = l.id)
            AND NOT EXISTS (SELECT 1 FROM pickup p WHERE p.message_id = l.id)),
    found AS (
        SELECT 'offer' AS kind, f.id AS subject_id, f.customer_id, f.inquiry_id, f.sent_at AS happened_at,
            f.subject AS what, 0 AS days, 0 AS months
        FROM offers f
        WHERE NOT EXISTS (
                SELECT 1 FROM message m WHERE m.inquiry_id = f.inquiry_id AND m.happened_at > f.sent_at
                    AND (m.role = 'customer' OR (m.role = 'answer' AND m.kind <> 'mail')))
            AND NOT EXISTS (
                SELECT 1 FROM booking b WHERE b.customer_id = f.customer_id AND b.created_at >= f.sent_at
                    AND b.state NOT IN ('cancelled', 'declined', 'lapsed')))"""

_JOBS = """WITH found AS (
    SELECT 'follow_up' AS kind, b.id AS subject_id, b.customer_id, b.inquiry_id, b.ends_at AS happened_at,
        b.offering_name AS what, o.follow_up_days AS days, 0 AS months
    FROM booking b JOIN offering o ON o.id = b.offering_id
    WHERE b.ends_at >= $start AND b.ends_at < $end AND b.state = 'done' AND o.follow_up_days > 0
        AND b.ends_at + to_days(o.follow_up_days) >= $from_at AND b.ends_at + to_days(o.follow_up_days) < $to_at)"""

_DUE = """WITH last AS (
    SELECT b.customer_id, b.offering_id, max(b.starts_at) AS starts_at, arg_max(b.id, b.starts_at) AS id,
        arg_max(b.inquiry_id, b.starts_at) AS inquiry_id, any_value(o.name) AS name,
        any_value(o.repeat_months) AS months
    FROM booking b JOIN offering o ON o.id = b.offering_id
    WHERE o.repeat_months > 0 AND o.active AND b.state = 'done' AND b.starts_at >= $start
    GROUP BY b.customer_id, b.offering_id),
    found AS (
        SELECT 'due' AS kind, l.id AS subject_id, l.customer_id, l.inquiry_id, l.starts_at AS happened_at,
            l.name AS what, 0 AS days, l.months
        FROM last l
        WHERE l.starts_at + to_months(l.months) >= $from_at AND l.starts_at + to_months(l.months) < $to_at
            AND NOT EXISTS (
                SELECT 1 FROM booking b WHERE b.customer_id = l.customer_id AND b.offering_id = l.offering_id
                    AND b.starts_at > l.starts_at AND b.state IN ('requested', 'confirmed', 'arrived')))"""

# The median of the gaps between days is the rhythm: a visit in two parts on one day is one.
_REGULARS = """WITH regular AS (
    SELECT customer_id, max(starts_at) AS starts_at FROM booking WHERE state = 'done'
    GROUP BY customer_id HAVING count(*) >= $fewest AND max(starts_at) >= $start AND max(starts_at) < $end),
    days AS (
        SELECT b.customer_id, b.starts_at::DATE AS day, max(b.starts_at) AS starts_at, max(b.id) AS id,
            max(b.inquiry_id) AS inquiry_id, any_value(b.offering_name) AS what
        FROM booking b JOIN regular r ON r.customer_id = b.customer_id
        WHERE b.state = 'done' GROUP BY b.customer_id, b.starts_at::DATE),
    gaps AS (
        SELECT customer_id, starts_at, id, inquiry_id, what,
            day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap
        FROM days),
    rhythms AS (
        SELECT customer_id, max(starts_at) AS starts_at, arg_max(id, starts_at) AS id,
            arg_max(inquiry_id, starts_at) AS inquiry_id, arg_max(what, starts_at) AS what,
            ceil(median(gap))::INTEGER AS days
        FROM gaps GROUP BY customer_id HAVING count(*) >= $fewest),
    found AS (
        SELECT 'quiet' AS kind, q.id AS subject_id, q.customer_id, q.inquiry_id, q.starts_at AS happened_at, q.what,
            q.days, 0 AS months
        FROM rhythms q
        WHERE q.starts_at + to_days((q.days * $factor)::INTEGER) < $now
            AND NOT EXISTS (
                SELECT 1 FROM booking b WHERE b.customer_id = q.customer_id AND b.starts_at > q.starts_at
                    AND b.state IN ('requested', 'confirmed', 'arrived'))
            AND NOT EXISTS (
                SELECT 1 FROM inquiry i WHERE i.customer_id = q.customer_id AND i.last_message_at >= $end))"""


@dataclass(frozen=True)
class Asked:
    """What every query goes by."""

    today: date
    limit: int  # of those who agreed to the same


@dataclass(frozen=True)
class Decided:
    """What became of an occasion."""

    state: OccasionState
    again_on: date | None
    decided_at: datetime


def solved_complaints(db: Reader, asked: Asked, start: datetime, end: datetime) -> list[Occasion]:
    """Complaints that were solved in [start, end), and whose customer is not lost; the newest first."""
    return _read(db, _SOLVED, asked, start=start, end=end)


def open_offers(db: Reader, asked: Asked, start: datetime, end: datetime) -> list[Occasion]:
    """Conversations whose last letter was an offer, left in [start, end), and to which nothing came, the newest first.

    No word of the customer, no talk, no booking since; those that were closed otherwise than as answered are left out.
    """
    return _read(db, _OFFERS, asked, start=start, end=end)


def done_jobs(
    db: Reader, asked: Asked, start: datetime, end: datetime, from_at: datetime, to_at: datetime
) -> list[Occasion]:
    """Jobs that ended in [start, end) and whose offering wants a call in [from_at, to_at), the newest first."""
    return _read(db, _JOBS, asked, start=start, end=end, from_at=from_at, to_at=to_at)


def work_due(db: Reader, asked: Asked, start: datetime, from_at: datetime, to_at: datetime) -> list[Occasion]:
    """Work that comes back in [from_at, to_at), last done after `start` and not yet booked again; the newest first."""
    return _read(db, _DUE, asked, start=start, from_at=from_at, to_at=to_at)


def quiet_regulars(
    db: Reader, asked: Asked, start: datetime, end: datetime, now: datetime, *, fewest: int, factor: float
) -> list[Occasion]:
    """Who came at least `fewest` times, last in [start, end), and stays away `factor` times as long as usual.

    `days` is the usual gap. Nothing of theirs is booked, and no word passed since `end`. The newest first.
    """
    params = {"start": start, "end": end, "now": now, "fewest": fewest, "factor": factor}
    return _read(db, _REGULARS, asked, **params)


def longest_waits(db: Reader) -> tuple[int, int]:
    """(days, months): the longest follow-up and the longest repeat of any offering, 0 where there is none."""
    sql = "SELECT coalesce(max(follow_up_days), 0), coalesce(max(repeat_months), 0) FROM offering"
    days, months = db.read(sql)[0]
    return int(days), int(months)


def decide(
    tx: Transaction, kind: OccasionKind, subject_id: int, state: OccasionState, now: datetime, again_on: date | None
) -> None:
    """Keep what became of an occasion, in place of an older word about it."""
    tx.run(
        """INSERT INTO occasion (kind, subject_id, state, again_on, decided_at)
           VALUES ($kind, $subject_id, $state, $again_on, $now)
           ON CONFLICT (kind, subject_id) DO UPDATE SET state = excluded.state, again_on = excluded.again_on,
               decided_at = excluded.decided_at""",
        {"kind": kind, "subject_id": subject_id, "state": state, "again_on": again_on, "now": now},
    )


def read_decided(db: Reader, kind: OccasionKind, subject_id: int) -> Decided | None:
    """The last word about an occasion, or None."""
    sql = "SELECT state, again_on, decided_at FROM occasion WHERE kind = $kind AND subject_id = $subject_id"
    found = db.read_as(Decided, sql, {"kind": kind, "subject_id": subject_id})
    return found[0] if found else None


def _read(db: Reader, sql: str, asked: Asked, **params: object) -> list[Occasion]:
    return db.read_as(Occasion, sql + _REST, {**params, "today": asked.today, "limit": asked.limit})
