"""Figures of wishes: who was told in time, what became of wishes, and what people asked for and did not get."""

from __future__ import annotations

from data.report_basis import ask, ask_as
from data.report_records import Basis, Unmet, Wishes, WishFunnel
from data.store import Reader
from data.wishes import HEARD, NEWS

# Every wish with the day until which its customer was promised news: the first that was agreed and passed. What was
# taken for no customer's is left out. `withdrawn`: the customer did not want it any more and had not been told.
_WISHED = f"""
    wished AS (
        SELECT w.id, w.inquiry_id, w.article, w.size, w.kind, w.price_cents, w.state, w.created_at, w.ended_at,
            coalesce(w.missed_on, w.until_on) AS due_on, coalesce(w.first_heard_at, {HEARD}) AS heard_at,
            w.state = 'declined' AND w.offered = '' AND coalesce(w.first_heard_at, {HEARD}) IS NULL AS withdrawn
        FROM wish w JOIN inquiry i ON i.id = w.inquiry_id AND NOT i.dismissed
        {NEWS})"""

# When each was decided: by the news, by a «no» of ours, or by the end of its day.
_LOCAL = "timezone($zone, timezone('UTC', {moment}))::DATE"
_HEARD_ON, _ENDED_ON, _NOTED_ON = (_LOCAL.format(moment=name) for name in ("heard_at", "ended_at", "created_at"))
WISH_ENDS = f"""
    {_WISHED},
    decided AS (
        SELECT id, inquiry_id, hit, days, CASE
                WHEN hit THEN heard_at WHEN refused THEN ended_at
                ELSE timezone('UTC', timezone($zone, (due_on + 1)::TIMESTAMP)) END AS decided_at
        FROM (
            SELECT id, inquiry_id, heard_at, ended_at, due_on, coalesce({_HEARD_ON} <= due_on, false) AS hit,
                {_HEARD_ON} - {_NOTED_ON} AS days,
                state = 'declined' AND heard_at IS NULL AND {_ENDED_ON} <= due_on AS refused
            FROM wished WHERE NOT (withdrawn AND {_ENDED_ON} <= due_on)))"""

# What was noted in the period and never came: neither told nor given up by the customer.
UNMET = f"""
    {_WISHED},
    unmet AS (
        SELECT id, inquiry_id, article, size, kind, price_cents, created_at FROM wished
        WHERE created_at >= $start AND created_at < $end AND heard_at IS NULL AND NOT withdrawn
            AND state <> 'fulfilled')"""


def wishes(db: Reader, basis: Basis) -> Wishes:
    """Wishes that were decided in the period and by now, those whose customer was told in time, and how soon."""
    sql = f"""
        WITH {WISH_ENDS}
        SELECT count(*) FILTER (hit) AS told, count(*) AS ended,
            quantile_disc(days, 0.5) FILTER (hit)::BIGINT AS median_days
        FROM decided WHERE decided_at >= $start AND decided_at < $end AND decided_at <= $now"""
    return ask_as(Wishes, db, basis, sql)[0]


def wish_funnel(db: Reader, basis: Basis) -> WishFunnel:
    """What became by now of the wishes that were noted in the period."""
    sql = f"""
        WITH {_WISHED}
        SELECT count(*) AS noted, count(heard_at) AS told, count(*) FILTER (state = 'fulfilled') AS fulfilled
        FROM wished WHERE created_at >= $start AND created_at < $end"""
    return ask_as(WishFunnel, db, basis, sql)[0]


def unmet_wishes(db: Reader, basis: Basis) -> list[Unmet]:
    """What was asked for in the period and did not come, the most wanted first.

    What it would have brought: the mean of the known prices times how often it was asked for, None without any.
    """
    sql = f"""
        WITH {UNMET}
        SELECT trim(min(article) || ' ' || arg_min(size, article)) AS name, count(*) AS count,
            round(avg(price_cents) * count(*))::BIGINT AS missed_cents
        FROM unmet GROUP BY kind ORDER BY count DESC, missed_cents DESC NULLS LAST, kind"""
    return [Unmet(*row) for row in ask(db, basis, sql)]
