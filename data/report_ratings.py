"""Figures of how content customers say they are."""

from __future__ import annotations

from datetime import datetime

from data.report_basis import ask, total_and_rest
from data.report_records import Basis, Quote, Ratings
from data.store import Reader

# Where what was said for an inquiry is to be seen: itself or what it was merged into.
_SHOWN = """SELECT gone.id AS given_for, i.id FROM inquiry gone
            JOIN inquiry i ON i.id = coalesce(gone.merged_into, gone.id) WHERE NOT i.dismissed"""


def ratings(db: Reader, basis: Basis) -> tuple[Ratings, list[Ratings]]:
    """In total and by month: what was rated in the period, and who could have rated on a page of their own.

    Could have: answered for the first time in the period, and since the pages ask. What was said by phone or in the
    shop is a rating, but no reply to that question.
    """
    sql = f"""
        WITH shown AS ({_SHOWN}), rated AS (
            SELECT r.value, date_trunc('month', timezone($zone, timezone('UTC', r.rated_at)))::DATE AS month
            FROM rating r JOIN shown s ON s.given_for = r.inquiry_id
            WHERE r.rated_at >= $start AND r.rated_at < $end),
        asking AS (SELECT value = 'true' AS asks, changed_at FROM setting WHERE name = 'ratings'),
        invited AS (
            SELECT DISTINCT s.id FROM status_page p JOIN shown s ON s.given_for = p.inquiry_id
            JOIN inquiry i ON i.id = s.id
            WHERE i.first_response_at >= $start AND i.first_response_at < $end
                AND coalesce((SELECT asks = (i.first_response_at >= changed_at) FROM asking), true))
        SELECT count(*) FILTER (value = 5), count(*) FILTER (value = 4), count(*) FILTER (value = 3),
            count(*) FILTER (value = 2), count(*) FILTER (value = 1),
            CASE WHEN month IS NULL THEN (SELECT count(*) FROM invited) ELSE 0 END,
            CASE WHEN month IS NULL THEN (
                SELECT count(DISTINCT s.id) FROM rating r JOIN shown s ON s.given_for = r.inquiry_id
                WHERE r.way = 'status' AND s.id IN (FROM invited)) ELSE 0 END,
            month
        FROM rated GROUP BY GROUPING SETS ((), (month)) ORDER BY month NULLS FIRST"""
    return total_and_rest([Ratings(*row) for row in ask(db, basis, sql)], "month")


def newest_discontent(db: Reader, since: datetime) -> Quote | None:
    """The newest discontent rating since then that says something in words, or None."""
    sql = f"""SELECT 'rating' AS kind, s.id AS inquiry_id, c.name AS customer_name, r.words, r.rated_at AS said_at,
                 NULL::TIMESTAMP AS passed_on_at
             FROM rating r JOIN ({_SHOWN}) s ON s.given_for = r.inquiry_id
             JOIN inquiry gave ON gave.id = r.inquiry_id JOIN customer c ON c.id = gave.customer_id
             WHERE r.value <= 2 AND r.words <> '' AND r.rated_at >= $since
             ORDER BY r.rated_at DESC, r.inquiry_id DESC LIMIT 1"""
    found = db.read_as(Quote, sql, {"since": since})
    return found[0] if found else None
