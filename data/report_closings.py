"""Figures of what people noted when an inquiry ended: reasons, what was avoidable, complaints, praise, promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.report_basis import ASKED, CONTACTS, ask, ask_as, total_and_rest
from data.report_records import (
    AvoidableCost,
    Avoidance,
    Basis,
    Cause,
    Complaints,
    FunnelStep,
    Praises,
    Quote,
    ReasonCost,
    Share,
)
from data.store import Reader

USUAL_MINUTES = 5  # what a contact takes about which nobody noted anything
_COMPLAINT_DAYS = 5  # business days


def reason_costs(db: Reader, basis: Basis) -> list[ReasonCost]:
    """What customers wanted, with the minutes by the shop's own estimate; the most minutes first."""
    sql = f"""
        WITH {ASKED}, {CONTACTS}
        SELECT r.id AS reason_id, r.name, r.intent, count(*) AS contacts, (count(*) * r.minutes)::BIGINT AS minutes,
            count(*) FILTER (c.avoidable NOT IN ('', 'no')) AS avoidable
        FROM contacts c JOIN reason r ON r.id = c.reason_id
        GROUP BY r.id, r.name, r.intent, r.minutes, r.position ORDER BY minutes DESC, r.position, r.id"""
    return ask_as(ReasonCost, db, basis, sql)


def noted(db: Reader, basis: Basis) -> tuple[Avoidance, Share]:
    """How many of all human contacts would not have been needed, and why, the most minutes first; and what was closed
    «as promised», of the closed inquiries of which somebody said whether it was so and that were answered or whose
    booking is done."""
    sql = f"""
        WITH {ASKED}, {CONTACTS}
        SELECT c.avoidable, count(*), sum(coalesce(r.minutes, $usual))::BIGINT AS minutes,
            count(*) FILTER (c.promise_kept AND c.state = 'closed' AND (c.settled OR c.first_response_at IS NOT NULL)),
            count(c.promise_kept) FILTER (c.state = 'closed' AND (c.settled OR c.first_response_at IS NOT NULL))
        FROM contacts c LEFT JOIN reason r ON r.id = c.reason_id
        GROUP BY c.avoidable ORDER BY minutes DESC, c.avoidable"""
    rows = ask(db, basis, sql, usual=USUAL_MINUTES)
    kinds = tuple(AvoidableCost(*row[:3]) for row in rows if row[0] not in ("", "no"))
    avoidance = Avoidance(
        contacts=sum(row[1] for row in rows),
        noted=sum(row[1] for row in rows if row[0]),
        avoidable=sum(kind.contacts for kind in kinds),
        minutes=sum(kind.minutes for kind in kinds),
        kinds=kinds,
    )
    kept, said = _kept_by_booking(db, basis)
    return avoidance, Share(kept + sum(row[3] for row in rows), said + sum(row[4] for row in rows))


def _kept_by_booking(db: Reader, basis: Basis) -> tuple[int, int]:
    """(as promised, said at all) of the closed inquiries of the period with a booking that is done and without an
    answer: who only books asks nothing, and is in no other figure of contacts."""
    sql = """
        SELECT count(*) FILTER (w.promise_kept), count(w.promise_kept)
        FROM inquiry i JOIN wrap_up w ON w.inquiry_id = i.id
        WHERE i.merged_into IS NULL AND NOT i.dismissed AND i.started_by <> 'shop' AND i.state = 'closed'
            AND coalesce(i.first_contact_at, i.created_at) >= $start
            AND coalesce(i.first_contact_at, i.created_at) < $end
            AND i.first_response_at IS NULL
            AND NOT (i.first_contact_at IS NULL AND i.close_reason = 'answered' AND i.channel <> 'mail')
            AND i.id IN (SELECT inquiry_id FROM booking WHERE state = 'done')"""
    kept, said = ask(db, basis, sql)[0]
    return int(kept), int(said)


def complaints(
    db: Reader, basis: Basis, open_days: list[datetime], contacts: int
) -> tuple[Complaints, list[Complaints]]:
    """In total and by month: complaints that were noted in the period. `open_days`: midnights of the shop's open days,
    `contacts`: how many inquiries there were, for a shop that has no bookings to compare with.

    In time is what is solved before more than five open days have begun since it was noted.
    """
    sql = """
        WITH days AS (SELECT unnest($days::TIMESTAMP[]) AS begins_at),
        noted AS (
            SELECT c.inquiry_id, c.solved_at, c.lost, c.cost_cents,
                date_trunc('month', timezone($zone, timezone('UTC', c.noted_at)))::DATE AS month,
                count(d.begins_at) AS days
            FROM complaint c JOIN inquiry i ON i.id = c.inquiry_id AND NOT i.dismissed
            LEFT JOIN days d ON d.begins_at > c.noted_at AND d.begins_at <= coalesce(c.solved_at, $now)
            WHERE c.noted_at >= $start AND c.noted_at < $end
            GROUP BY c.inquiry_id, c.solved_at, c.lost, c.cost_cents, c.noted_at)
        SELECT count(*), count(*) FILTER (solved_at IS NOT NULL AND days <= $limit),
            count(*) FILTER (solved_at IS NOT NULL OR days > $limit), count(*) FILTER (lost),
            coalesce(sum(cost_cents), 0)::BIGINT,
            (SELECT count(*) FROM booking
             WHERE state = 'done' AND starts_at >= $start AND starts_at < least($end, $now)
                AND inquiry_id NOT IN (SELECT id FROM inquiry WHERE dismissed)),
            $contacts, month
        FROM noted GROUP BY GROUPING SETS ((), (month)) ORDER BY month NULLS FIRST"""
    rows = [Complaints(*row) for row in ask(db, basis, sql, days=open_days, limit=_COMPLAINT_DAYS, contacts=contacts)]
    total, months = total_and_rest(rows, "month")
    return total, [replace(one, jobs=0, inquiries=0) for one in months]


def causes(db: Reader, basis: Basis) -> list[Cause]:
    """What complaints of the period were about, as far as somebody noted it; the dearest and most frequent first."""
    sql = """
        SELECT trim(c.cause) AS cause, count(*) AS count, sum(c.cost_cents)::BIGINT AS cost_cents
        FROM complaint c JOIN inquiry i ON i.id = c.inquiry_id AND NOT i.dismissed
        WHERE c.noted_at >= $start AND c.noted_at < $end AND trim(c.cause) <> ''
        GROUP BY 1 ORDER BY cost_cents DESC, count DESC, cause"""
    return ask_as(Cause, db, basis, sql)


def praises(db: Reader, basis: Basis) -> Praises:
    """Praise that was noted in the period; passed on counts within two days."""
    sql = """
        SELECT count(*), count(*) FILTER (p.passed_on_at <= p.noted_at + INTERVAL 2 DAY),
            count(*) FILTER (p.passed_on_at IS NULL)
        FROM praise p JOIN inquiry i ON i.id = p.inquiry_id AND NOT i.dismissed
        WHERE p.noted_at >= $start AND p.noted_at < $end"""
    return Praises(*ask(db, basis, sql)[0])


def funnel(db: Reader, basis: Basis) -> list[FunnelStep]:
    """What became of inquiries about a time, a price or whether something is there: new customers, then known ones.

    Booked is a booking of this customer that was made within 30 days, and neither declined nor lapsed.
    """
    sql = f"""
        WITH {ASKED}, {CONTACTS}, wanting AS (
            SELECT c.id, c.customer_id, c.received_at, k.created_at < c.received_at - INTERVAL 1 DAY AS regular
            FROM contacts c JOIN reason r ON r.id = c.reason_id AND r.intent IN ('appointment', 'price', 'availability')
            JOIN customer k ON k.id = c.customer_id),
        outcome AS (
            SELECT w.id, w.regular, count(b.id) > 0 AS booked, coalesce(bool_or(b.state = 'done'), false) AS came
            FROM wanting w LEFT JOIN booking b ON b.customer_id = w.customer_id AND b.created_at >= w.received_at
                AND b.created_at < w.received_at + INTERVAL 30 DAY AND b.state NOT IN ('declined', 'lapsed')
            GROUP BY w.id, w.regular)
        SELECT regular, count(*) AS asked, count(*) FILTER (booked) AS booked, count(*) FILTER (came) AS came
        FROM outcome GROUP BY regular ORDER BY regular"""
    found = {step.regular: step for step in ask_as(FunnelStep, db, basis, sql)}
    return [found.get(regular, FunnelStep(regular, 0, 0, 0)) for regular in (False, True)]


def newest_quotes(db: Reader, since: datetime) -> list[Quote]:
    """The newest complaint and the newest praise that were noted since then, each in the customer's own words.

    Those are the last ones said before it was noted, else the first; or what somebody wrote down of a talk.
    """
    sql = """
        WITH noted AS (
            SELECT 'complaint' AS kind, inquiry_id, noted_at, NULL::TIMESTAMP AS passed_on_at FROM complaint
            UNION ALL SELECT 'praise', inquiry_id, noted_at, passed_on_at FROM praise),
        newest AS (
            SELECT n.kind, n.inquiry_id, n.noted_at, n.passed_on_at, c.name AS customer_name
            FROM noted n JOIN inquiry i ON i.id = n.inquiry_id AND NOT i.dismissed
            JOIN customer c ON c.id = i.customer_id
            WHERE n.noted_at >= $since
            QUALIFY row_number() OVER (PARTITION BY n.kind ORDER BY n.noted_at DESC, n.inquiry_id DESC) = 1)
        SELECT n.kind, n.inquiry_id, n.customer_name, m.body AS words, m.happened_at AS said_at, n.passed_on_at
        FROM newest n JOIN message m ON m.inquiry_id = n.inquiry_id
            AND (m.role = 'customer' OR (m.role = 'answer' AND m.kind <> 'mail' AND trim(m.body) <> ''))
        QUALIFY row_number() OVER (
            PARTITION BY n.kind ORDER BY m.role <> 'customer', m.happened_at > n.noted_at,
                CASE WHEN m.happened_at <= n.noted_at THEN -epoch_us(m.happened_at) ELSE epoch_us(m.happened_at) END,
                CASE WHEN m.happened_at <= n.noted_at THEN -m.id ELSE m.id END) = 1
        ORDER BY n.kind DESC"""
    return db.read_as(Quote, sql, {"since": since})
