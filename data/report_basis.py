"""What the queries of figures share: the opening calendar, the inquiries that count, what was said in them.

Each constant is one or more common table expressions, named in lower case by what it yields. Times inside are
microseconds since 1970, so that opening time is plain arithmetic: what was open before a moment is the sum of all
intervals before the last one that began, and the part of that one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from data.outbox import ARRIVED
from data.report_records import Basis
from data.store import Reader, Row

T = TypeVar("T")
_NAMED = re.compile(r"\$(\w+)")
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# begins, ends, before: an opening interval and how long the shop was open before it.
OPENED = """
    opened AS (
        SELECT begins, ends, coalesce(sum(ends - begins) OVER (
            ORDER BY begins ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS before
        FROM (SELECT unnest($begins::BIGINT[]) AS begins, unnest($ends::BIGINT[]) AS ends))"""

# Inquiries of customers that came in the period. What was settled as it was noted (rule 9) has no clock and counts from
# when it was noted; it never came by mail. «Vorher» and what only machines wrote has no first contact.
_COUNTS = "merged_into IS NULL AND NOT dismissed AND started_by <> 'shop' AND state IN ('open', 'closed')"
_OF_INQUIRY = """
    id, customer_id, channel, state, waiting_since, first_contact_at, first_response_at, closed_at, close_reason,
    reopened"""
ASKED = f"""
    asked AS MATERIALIZED (
        SELECT {_OF_INQUIRY}, first_contact_at AS received_at, false AS settled
        FROM inquiry WHERE {_COUNTS} AND first_contact_at >= $start AND first_contact_at < $end
        UNION ALL SELECT {_OF_INQUIRY}, created_at, true
        FROM inquiry WHERE {_COUNTS} AND first_contact_at IS NULL AND close_reason = 'answered' AND channel <> 'mail'
            AND created_at >= $start AND created_at < $end)"""

# Whole business minutes from `since` to `until`, both microseconds, of the rows `t` that are joined to the calendar so.
_MINUTES = """
            (coalesce(o.before + least(t.until, o.ends) - o.begins, 0)
                - coalesce(b.before + least(t.since, b.ends) - b.begins, 0)) // 60_000_000"""
_CALENDAR = """
        ASOF LEFT JOIN opened b ON t.since >= b.begins
        ASOF LEFT JOIN opened o ON t.until >= o.begins"""

# The same with `elapsed`: business minutes from the first contact to the first answer, or until now.
TIMED = f"""
    timed AS (
        SELECT t.id, t.channel, t.state, t.waiting_since, t.first_response_at, t.close_reason, t.received_at,
            {_MINUTES} AS elapsed
        FROM (
            SELECT id, channel, state, waiting_since, first_response_at, close_reason, received_at,
                epoch_us(first_contact_at) AS since, epoch_us(coalesce(first_response_at, $now)) AS until
            FROM asked WHERE NOT settled) t
        {_CALENDAR})"""

# What was said in the inquiries of `spoken`: customers' messages and answers that reached.
SAID = f"""
    said AS MATERIALIZED (
        SELECT m.inquiry_id, m.stream, m.id, m.happened_at, m.role AS kind,
            coalesce(o.sent_at, m.happened_at) AS counted_at, '' AS reason
        FROM message m LEFT JOIN outbox o ON o.message_id = m.id
        WHERE m.role IN ('customer', 'answer') AND m.inquiry_id IN (SELECT id FROM spoken)
            AND {ARRIVED})"""

# What ends a wait without an answer. Closing as answered does not: the answer did, or it did not happen. No wait of
# these inquiries begins before the period, so that what came earlier ends none.
STOPPED = """
    ended AS MATERIALIZED (
        SELECT inquiry_id, stream, id, happened_at, kind, happened_at AS counted_at, detail AS reason FROM event
        WHERE happened_at >= $start AND (kind = 'reopened' OR (kind = 'closed' AND detail <> 'answered'))
            AND inquiry_id IN (SELECT id FROM spoken))"""

# All closes, also those that went with a reply. Who first wrote in the period cannot have come back within 14 days to
# what was closed earlier than that.
CLOSED = """
    ended AS MATERIALIZED (
        SELECT inquiry_id, stream, id, happened_at, kind, happened_at AS counted_at, detail AS reason FROM event
        WHERE kind IN ('closed', 'reopened') AND inquiry_id IN (SELECT id FROM spoken)
            AND happened_at >= $start - INTERVAL 14 DAY
        UNION ALL
        SELECT e.inquiry_id, e.stream, e.id, e.happened_at, 'closed', e.happened_at, 'answered'
        FROM event e
        JOIN message m ON m.id = TRY_CAST(e.detail AS BIGINT) AND e.happened_at >= m.happened_at
        JOIN outbox o ON o.message_id = m.id AND o.state = 'sent' AND o.bounced_at IS NULL
        WHERE e.kind = 'closed_with' AND e.inquiry_id IN (SELECT id FROM spoken)
            AND e.happened_at >= $start - INTERVAL 14 DAY)"""

# Both in one, in the order of the clock. A close that a person took back before the customer wrote again never was.
TURNS = """
    taken_back AS (
        SELECT id FROM (
            SELECT id, kind, lead(CASE WHEN kind <> 'closed' THEN kind END IGNORE NULLS) OVER (
                PARTITION BY inquiry_id, stream ORDER BY happened_at, id) AS next_kind
            FROM (
                SELECT id, inquiry_id, stream, happened_at, kind FROM ended
                WHERE inquiry_id IN (SELECT inquiry_id FROM ended WHERE kind = 'reopened')
                UNION ALL SELECT id, inquiry_id, stream, happened_at, kind FROM said
                WHERE kind = 'customer' AND inquiry_id IN (SELECT inquiry_id FROM ended WHERE kind = 'reopened')))
        WHERE kind = 'closed' AND next_kind = 'reopened'),
    turns AS (
        SELECT inquiry_id, id, happened_at, kind, counted_at, reason FROM said
        UNION ALL SELECT inquiry_id, id, happened_at, kind, counted_at, reason FROM ended
        WHERE kind = 'closed' AND id NOT IN (FROM taken_back))"""

# From a customer's first unanswered message to what ended the wait. `later`: we had spoken before.
WAITS = f"""
    waits AS (
        SELECT inquiry_id, min(happened_at) FILTER (kind = 'customer') AS since,
            min(counted_at) FILTER (kind <> 'customer') AS until, bool_or(kind = 'answer') AS answered,
            bool_or(kind = 'customer' AND later) AS later
        FROM (
            SELECT inquiry_id, happened_at, kind, counted_at, count(*) FILTER (kind <> 'customer') OVER before AS run,
                count(*) FILTER (kind = 'answer') OVER before > 0 AS later
            FROM turns
            WINDOW before AS (PARTITION BY inquiry_id ORDER BY happened_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
        GROUP BY inquiry_id, run HAVING count(*) FILTER (kind = 'customer') > 0),
    timed_waits AS MATERIALIZED (
        SELECT t.inquiry_id, t.until_at, t.answered, t.later, {_MINUTES} AS elapsed
        FROM (
            SELECT inquiry_id, until AS until_at, answered, later, epoch_us(since) AS since,
                epoch_us(coalesce(until, $now)) AS until
            FROM waits) t
        {_CALENDAR})"""

# When the customer wrote again after a close, in microseconds: the first time, and the first that was more than thanks
# (the close that followed says so). A close as answered while somebody waited was none: its answer came back.
_RETURNED = """
    closes AS (
        SELECT inquiry_id, id, happened_at, kind, reason FROM (
            SELECT inquiry_id, id, happened_at, kind, reason,
                lag(CASE WHEN kind <> 'closed' OR reason <> 'answered' THEN kind END IGNORE NULLS) OVER (
                    PARTITION BY inquiry_id ORDER BY happened_at, id) AS before
            FROM turns)
        WHERE kind = 'customer' OR (kind = 'closed' AND NOT (reason = 'answered' AND before IS NOT DISTINCT FROM
            'customer'))),
    returned AS (
        SELECT inquiry_id, min(gap) AS after_us,
            min(gap) FILTER (then_reason IS DISTINCT FROM 'thanks_only') AS serious_us
        FROM (
            SELECT inquiry_id, kind, lead(kind) OVER w AS then_kind,
                epoch_us(lead(happened_at) OVER w) - epoch_us(happened_at) AS gap,
                lead(CASE WHEN kind = 'closed' THEN reason END IGNORE NULLS) OVER w AS then_reason
            FROM closes WINDOW w AS (PARTITION BY inquiry_id ORDER BY happened_at, id))
        WHERE kind = 'closed' AND then_kind = 'customer' GROUP BY inquiry_id)"""

# The news that a wish has come was promised when it was noted: that is no second answer.
_WISH_NEWS = """
    SELECT message_id FROM wish_news WHERE message_id IS NOT NULL
    UNION ALL SELECT a.message_id FROM call_attempt a JOIN wish_news w ON w.promise_id = a.promise_id
    WHERE a.message_id IS NOT NULL"""

# What was closed once: whether it is `ripe` to be judged, was solved at `once`, and was taken up `again`. A customer
# may come back for seven days about the same matter; a booking without a question is no inquiry that was closed.
JUDGED = f"""
    spoken AS (SELECT id FROM asked WHERE reopened > 0), {SAID}, {CLOSED}, {TURNS}, {_RETURNED},
    replies AS (
        SELECT m.inquiry_id, count(*) AS how_many FROM message m LEFT JOIN outbox o ON o.message_id = m.id
        WHERE m.role = 'answer' AND m.inquiry_id IN (SELECT id FROM asked)
            AND {ARRIVED} AND m.id NOT IN ({_WISH_NEWS})
        GROUP BY m.inquiry_id),
    judged AS (
        SELECT a.id, date_trunc('week', timezone($zone, timezone('UTC', a.received_at)))::DATE AS week,
            a.state = 'closed' AND a.close_reason IN ('answered', 'dealt_with')
                AND a.closed_at <= $now - INTERVAL 7 DAY AS ripe,
            p.how_many = 1 AND coalesce(b.after_us >= 7 * 86_400_000_000, true) AS once,
            coalesce(b.serious_us < 14 * 86_400_000_000, false) AS again, p.how_many, b.serious_us
        FROM asked a LEFT JOIN replies p ON p.inquiry_id = a.id LEFT JOIN returned b ON b.inquiry_id = a.id
        WHERE a.closed_at IS NOT NULL AND a.close_reason <> 'booked')"""

# In which conversations next answers are looked for: those that customers began in the period, and those of the shop in
# which a customer first spoke in it.
SPOKEN = """
    spoken AS MATERIALIZED (
        SELECT id, channel, date_trunc('week', timezone($zone, timezone('UTC', received_at)))::DATE AS week FROM (
            SELECT id, received_at, channel FROM asked WHERE NOT settled
            UNION ALL SELECT id, first_contact_at, channel FROM inquiry
            WHERE started_by = 'shop' AND first_contact_at >= $start AND first_contact_at < $end
                AND merged_into IS NULL AND NOT dismissed))"""

# All that somebody had to answer, with what was noted of it. A booking that came without a question is no contact.
CONTACTS = """
    contacts AS (
        SELECT a.id, a.customer_id, a.received_at, a.state, a.first_response_at, a.settled, w.reason_id,
            coalesce(w.avoidable, '') AS avoidable, w.promise_kept
        FROM asked a LEFT JOIN (
            SELECT inquiry_id, reason_id, avoidable, promise_kept FROM wrap_up
            WHERE inquiry_id IN (SELECT id FROM asked)) w ON w.inquiry_id = a.id
        WHERE a.first_response_at IS NOT NULL OR a.state = 'open' OR a.close_reason <> 'booked')"""


def ask(db: Reader, basis: Basis, sql: str, **more: Any) -> list[Row]:
    """The rows of a query that is bound to the basis and to `more`, as far as it names them."""
    return db.read(sql, _bound(basis, sql, more))


def ask_as(cls: type[T], db: Reader, basis: Basis, sql: str, **more: Any) -> list[T]:
    """The same as records of `cls`."""
    return db.read_as(cls, sql, _bound(basis, sql, more))


def total_and_rest(rows: list[T], by: str) -> tuple[T, list[T]]:
    """The one of no week or month, which `by` names, and those that have one."""
    return next(one for one in rows if getattr(one, by) is None), [one for one in rows if getattr(one, by)]


def _bound(basis: Basis, sql: str, more: dict[str, Any]) -> dict[str, Any]:
    values = {
        "start": basis.start,
        "end": basis.end,
        "now": basis.now,
        "goal": basis.goal,
        "zone": basis.zone,
        "begins": [_microseconds(begins) for begins, _ in basis.opened],
        "ends": [_microseconds(ends) for _, ends in basis.opened],
        **more,
    }
    return {name: values[name] for name in set(_NAMED.findall(sql))}


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
