"""Figures of bookings: who came, how long ahead they booked, how full the day is, who comes back."""

from __future__ import annotations

from data.report_basis import ask, total_and_rest
from data.report_records import Basis, Share, Visits
from data.store import Reader


def visits(db: Reader, basis: Basis) -> tuple[Visits, list[Visits]]:
    """In total and by month: bookings that were to take place in the period, by now.

    Called off late: less than 24 hours before it was to begin, by whomever.
    """
    sql = """
        SELECT count(*) FILTER (state = 'done'), count(*) FILTER (state = 'no_show'),
            count(*) FILTER (state = 'cancelled' AND gone_at > starts_at - INTERVAL 1 DAY), month
        FROM (
            SELECT b.state, b.starts_at, g.gone_at,
                date_trunc('month', timezone($zone, timezone('UTC', b.starts_at)))::DATE AS month
            FROM booking b LEFT JOIN (
                SELECT booking_id, max(happened_at) AS gone_at FROM booking_event WHERE kind = 'cancelled'
                GROUP BY booking_id) g ON g.booking_id = b.id
            WHERE b.starts_at >= $start AND b.starts_at < least($end, $now)
                AND b.inquiry_id NOT IN (SELECT id FROM inquiry WHERE dismissed))
        GROUP BY GROUPING SETS ((), (month)) ORDER BY month NULLS FIRST"""
    return total_and_rest([Visits(*row) for row in ask(db, basis, sql)], "month")


def lead_days(db: Reader, basis: Basis) -> float | None:
    """How many days ahead people book, the median of what was booked in the period; None without any."""
    sql = """SELECT quantile_disc(epoch(starts_at) - epoch(created_at), 0.5) / 86400 FROM booking
             WHERE created_at >= $start AND created_at < $end AND state NOT IN ('declined', 'lapsed')
                AND inquiry_id NOT IN (SELECT id FROM inquiry WHERE dismissed)"""
    found = ask(db, basis, sql)[0][0]
    return None if found is None else float(found)


def booked_hours(db: Reader, basis: Basis) -> dict[tuple[int, int], int]:
    """Minutes that bookings with their buffers took of what can be booked, in the past part of the period.

    By (weekday, hour) of the shop's clock, weekday 0 is Monday.
    """
    sql = """
        WITH taken AS (
            SELECT o.cell // 12 AS hour, count(*) * 5 AS minutes
            FROM occupancy o JOIN resource r ON r.id = o.resource_id AND r.active
            WHERE o.cell >= epoch($start) // 300 AND o.cell < epoch(least($end, $now)) // 300 GROUP BY 1)
        SELECT isodow(clock) - 1, hour(clock), sum(minutes)::BIGINT
        FROM (SELECT timezone($zone, to_timestamp(hour * 3600)) AS clock, minutes FROM taken)
        GROUP BY 1, 2 ORDER BY 1, 2"""
    return {(weekday, hour): minutes for weekday, hour, minutes in ask(db, basis, sql)}


def returning(db: Reader, basis: Basis) -> Share:
    """Of the customers who came in the twelve months before the end of the period, those who came twice or more."""
    sql = """
        SELECT count(*) FILTER (visits > 1), count(*) FROM (
            SELECT customer_id, count(*) AS visits FROM booking
            WHERE state = 'done' AND starts_at >= $end - INTERVAL 1 YEAR AND starts_at < $end
                AND inquiry_id NOT IN (SELECT id FROM inquiry WHERE dismissed)
            GROUP BY customer_id)"""
    return Share(*ask(db, basis, sql)[0])
