"""Figures of inquiries, computed from what was said: how fast we answer, how long it takes, what comes back."""

from __future__ import annotations

from datetime import datetime

from data.outbox import ARRIVED
from data.report_basis import ASKED, JUDGED, OPENED, SAID, SPOKEN, STOPPED, TIMED, TURNS, WAITS, ask, total_and_rest
from data.report_records import AgeClass, Answers, Basis, Callbacks, HourCell, Resolutions, Share, TemplateUse
from data.store import Reader, Row

_HOUR, _DAY = 60, 24 * 60
_AGES = (0, _HOUR, 4 * _HOUR, _DAY, 3 * _DAY)

# The total, then by week; answers also by channel.
AnswerGroups = tuple[Answers, list[Answers], list[Answers]]
ResolutionGroups = tuple[Resolutions, list[Resolutions]]
ShareGroups = tuple[Share, list[Share]]

# Answers in the goal, late and missing: `elapsed` is the wait, `answered` and `waiting` say how it ended. What is open
# past the goal counts as a miss and with its wait until now.
_ANSWERS = """
    count(*) FILTER (answered) AS answered,
    count(*) FILTER (answered AND elapsed <= $goal) AS in_goal,
    count(*) FILTER (waiting AND elapsed > $goal) AS late_open,
    count(*) FILTER (waiting AND elapsed <= $goal) AS waiting,
    count(*) FILTER (NOT answered AND NOT waiting) AS unanswered,
    quantile_disc(elapsed, 0.5) FILTER (answered OR (waiting AND elapsed > $goal)) AS median,
    quantile_disc(elapsed, 0.9) FILTER (answered OR (waiting AND elapsed > $goal)) AS p90
"""


def first_answers(db: Reader, basis: Basis) -> AnswerGroups:
    """In total, by week and by channel, of the inquiries that came in the period."""
    sql = f"""
        WITH {OPENED}, {ASKED}, {TIMED}
        SELECT {_ANSWERS}, date_trunc('week', received)::DATE AS week, channel
        FROM (
            SELECT timezone($zone, timezone('UTC', received_at)) AS received, channel, elapsed,
                first_response_at IS NOT NULL AS answered,
                first_response_at IS NULL AND waiting_since IS NOT NULL AS waiting
            FROM timed WHERE first_response_at IS NOT NULL OR state = 'open' OR close_reason <> 'booked')
        GROUP BY GROUPING SETS ((), (week), (channel)) ORDER BY week, channel"""
    return _answers_of(ask(db, basis, sql))


def waits(db: Reader, basis: Basis) -> tuple[AnswerGroups, ResolutionGroups]:
    """How long customers waited after the first answer, and until all was done; one pass over what was said.

    Next answers are those to what a customer wrote after we had spoken, also where the shop had begun; their weeks are
    those in which the inquiries came. Resolutions are of inquiries closed for good, answered or dealt with: the time in
    which it was the customer's turn is left out, the wall time is unpaused.
    """
    sql = f"""
        WITH {OPENED}, {ASKED}, {SPOKEN},
        {SAID}, {STOPPED}, {TURNS}, {WAITS},
        spent AS (SELECT inquiry_id, sum(elapsed) AS minutes FROM timed_waits GROUP BY inquiry_id)
        SELECT {_ANSWERS}, week, channel, 'next'
        FROM (
            SELECT s.week, s.channel, w.elapsed, w.answered, w.until_at IS NULL AS waiting
            FROM timed_waits w JOIN spoken s ON s.id = w.inquiry_id
            WHERE w.later)
        GROUP BY GROUPING SETS ((), (week), (channel))
        UNION ALL
        SELECT count(*) FILTER (closed), count(*) FILTER (state = 'open'), 0, 0, 0,
            quantile_disc(minutes, 0.5) FILTER (closed)::BIGINT, quantile_disc(wall, 0.5) FILTER (closed), week, '', ''
        FROM (
            SELECT a.state, a.state = 'closed' AND a.close_reason IN ('answered', 'dealt_with') AS closed, p.minutes,
                (epoch_us(a.closed_at) - epoch_us(a.received_at)) // 60_000_000 AS wall, s.week
            FROM asked a JOIN spent p ON p.inquiry_id = a.id JOIN spoken s ON s.id = a.id)
        GROUP BY GROUPING SETS ((), (week))
        ORDER BY week NULLS FIRST, channel"""
    rows = ask(db, basis, sql)
    resolved = [Resolutions(*row[:2], *row[5:8]) for row in rows if not row[9]]
    return _answers_of([row[:9] for row in rows if row[9]]), total_and_rest(resolved, "week")


def _answers_of(rows: list[Row]) -> AnswerGroups:
    """The row of neither week nor channel is the total; without any inquiry there is none but that."""
    found = [Answers(*row) for row in rows]
    total = next(one for one in found if one.week is None and one.channel is None)
    return total, [one for one in found if one.week], [one for one in found if one.channel]


def backlog(db: Reader, now: datetime) -> list[AgeClass]:
    """Who waits now, by wall time since the oldest unanswered message: the customers' three days know no weekend."""
    sql = """
        SELECT count(*) FILTER (age < 60), count(*) FILTER (age >= 60 AND age < 240),
            count(*) FILTER (age >= 240 AND age < 1440), count(*) FILTER (age >= 1440 AND age < 4320),
            count(*) FILTER (age >= 4320)
        FROM (SELECT (epoch_us($now) - epoch_us(waiting_since)) // 60_000_000 AS age FROM inquiry
              WHERE state = 'open' AND waiting_since IS NOT NULL AND merged_into IS NULL AND NOT dismissed)"""
    counts = db.read(sql, {"now": now})[0]
    return [AgeClass(begin, end, int(n)) for begin, end, n in zip(_AGES, (*_AGES[1:], None), counts, strict=True)]


def returns(db: Reader, basis: Basis) -> tuple[ShareGroups, ShareGroups]:
    """What was solved at once, and what the customer took up again; one pass over what was said.

    Solved at once: closed after one answer of ours, and the customer did not come back within seven days. Only what was
    closed seven days ago or earlier can be judged. What was settled as it was noted had one answer. Taken up again: the
    customer wrote within 14 days of a close, and not only thanks, as the close that followed says.
    """
    sql = f"""
        WITH {ASKED}, {JUDGED}
        SELECT count(*) FILTER (ripe AND once), count(*) FILTER (ripe), count(*) FILTER (again), count(*), week
        FROM judged GROUP BY GROUPING SETS ((), (week)) ORDER BY week NULLS FIRST"""
    rows = ask(db, basis, sql)
    once = [(hits, cases, week) for hits, cases, _, _, week in rows if cases or week is None]
    return _shares_of(once), _shares_of([(hits, cases, week) for _, _, hits, cases, week in rows])


def callbacks(db: Reader, basis: Basis) -> tuple[Callbacks, list[Callbacks]]:
    """In total and by week: promised calls that were due in the period, by now.

    Kept is what was tried or made inside its time. What was called off before it was due counts nowhere; what was put
    off after its time had passed counts as late, at that time.
    """
    sql = """
        SELECT count(*) FILTER (kept), count(*) FILTER (NOT kept AND (first_try_at IS NOT NULL OR withdrawn)),
            count(*) FILTER (first_try_at IS NULL AND NOT withdrawn), count(first_try_at),
            count(*) FILTER (state = 'kept' AND tries = 0), week
        FROM (
            SELECT p.first_try_at, p.state, p.tries,
                p.missed_at IS NULL AND coalesce(p.first_try_at <= p.due_at, false) AS kept,
                p.state = 'withdrawn' AND p.first_try_at IS NULL AS withdrawn,
                date_trunc('week', timezone($zone, timezone('UTC', coalesce(p.missed_at, p.due_at))))::DATE AS week
            FROM promise p JOIN inquiry i ON i.id = p.inquiry_id
            WHERE coalesce(p.missed_at, p.due_at) >= $start AND coalesce(p.missed_at, p.due_at) < least($end, $now)
                AND NOT i.dismissed
                AND NOT (p.state = 'withdrawn' AND p.first_try_at IS NULL
                    AND p.done_at <= coalesce(p.missed_at, p.due_at)))
        GROUP BY GROUPING SETS ((), (week)) ORDER BY week NULLS FIRST"""
    return total_and_rest([Callbacks(*row) for row in ask(db, basis, sql)], "week")


def contacts_by_hour(db: Reader, basis: Basis) -> list[HourCell]:
    """Customers' contacts by weekday and hour of the shop's clock; hours without one are left out.

    A contact is a message of a customer, whatever became of its inquiry, and what was settled as it was noted.
    """
    sql = f"""
        WITH {OPENED}, {ASKED}, contact AS (
            SELECT happened_at FROM message
            WHERE role = 'customer' AND happened_at >= $start AND happened_at < $end
                AND inquiry_id NOT IN (SELECT id FROM inquiry WHERE dismissed)
            UNION ALL SELECT received_at FROM asked WHERE settled),
        hourly AS (
            SELECT date_trunc('hour', happened_at) AS hour, count(*) AS contacts,
                count(*) FILTER (ends IS NULL OR epoch_us(happened_at) >= ends) AS outside
            FROM contact c ASOF LEFT JOIN opened o ON epoch_us(c.happened_at) >= o.begins GROUP BY 1)
        SELECT isodow(clock) - 1, hour(clock), sum(contacts)::BIGINT, sum(outside)::BIGINT
        FROM (SELECT timezone($zone, timezone('UTC', hour)) AS clock, contacts, outside FROM hourly)
        GROUP BY 1, 2 ORDER BY 1, 2"""
    return [HourCell(*row) for row in ask(db, basis, sql)]


def template_use(db: Reader, basis: Basis) -> TemplateUse:
    """Replies that left in the period, and those of them that began with a template."""
    sql = """SELECT count(*), count(o.template_id) FROM outbox o JOIN message m ON m.id = o.message_id
             WHERE o.sent_at >= $start AND o.sent_at < $end AND o.state = 'sent' AND m.role = 'answer'"""
    return TemplateUse(*ask(db, basis, sql)[0])


def answers_of(db: Reader, staff_id: int, start: datetime, end: datetime) -> int:
    """How many times this one person reached a customer in [start, end); for their own eyes only."""
    sql = f"""SELECT count(*) FROM message m LEFT JOIN outbox o ON o.message_id = m.id
             WHERE m.role = 'answer' AND m.staff_id = $staff AND m.happened_at >= $start AND m.happened_at < $end
                 AND {ARRIVED}"""
    return int(db.read(sql, {"staff": staff_id, "start": start, "end": end})[0][0])


def _shares_of(rows: list[Row]) -> ShareGroups:
    return total_and_rest([Share(hits, cases, week=week) for hits, cases, week in rows], "week")
