"""The inquiries behind a figure, the worst first: what one tap on a figure shows."""

from __future__ import annotations

from data.report_basis import ASKED, CONTACTS, JUDGED, OPENED, SAID, SPOKEN, STOPPED, TIMED, TURNS, WAITS, ask
from data.report_records import Basis, Figure
from data.report_wishes import UNMET, WISH_ENDS
from data.store import Reader

_LATE = f"""
    WITH {OPENED}, {ASKED}, {TIMED}
    SELECT id FROM timed
    WHERE elapsed > $goal AND (first_response_at IS NOT NULL OR waiting_since IS NOT NULL)
    ORDER BY first_response_at IS NOT NULL, elapsed DESC, id LIMIT $limit"""

_LATE_NEXT = f"""
    WITH {OPENED}, {ASKED}, {SPOKEN}, {SAID}, {STOPPED}, {TURNS}, {WAITS}
    SELECT inquiry_id FROM timed_waits
    WHERE later AND elapsed > $goal AND (answered OR until_at IS NULL)
    GROUP BY inquiry_id ORDER BY max(elapsed) DESC, inquiry_id LIMIT $limit"""

_WAITING = """
    SELECT id FROM inquiry
    WHERE state = 'open' AND waiting_since IS NOT NULL AND merged_into IS NULL AND NOT dismissed
    ORDER BY waiting_since, id LIMIT $limit"""

_SLOW = f"""
    WITH {OPENED}, {ASKED}, spoken AS (
        SELECT id FROM asked WHERE state = 'closed' AND close_reason IN ('answered', 'dealt_with') AND NOT settled),
    {SAID}, {STOPPED}, {TURNS}, {WAITS}
    SELECT inquiry_id FROM timed_waits GROUP BY inquiry_id ORDER BY sum(elapsed) DESC, inquiry_id LIMIT $limit"""

_NOT_AT_ONCE = f"""
    WITH {ASKED}, {JUDGED}
    SELECT id FROM judged WHERE ripe AND NOT coalesce(once, false)
    ORDER BY how_many DESC NULLS LAST, id DESC LIMIT $limit"""

_REOPENED = f"""
    WITH {ASKED}, {JUDGED}
    SELECT id FROM judged WHERE again ORDER BY serious_us, id LIMIT $limit"""

_BROKEN_CALLS = """
    SELECT p.inquiry_id FROM promise p JOIN inquiry i ON i.id = p.inquiry_id
    WHERE coalesce(p.missed_at, p.due_at) >= $start AND coalesce(p.missed_at, p.due_at) < least($end, $now)
        AND NOT i.dismissed AND (p.missed_at IS NOT NULL
            OR coalesce(p.first_try_at > p.due_at, p.state <> 'withdrawn' OR p.done_at > p.due_at))
    GROUP BY p.inquiry_id ORDER BY min(p.first_try_at IS NOT NULL), min(p.due_at) LIMIT $limit"""

_TRIED_AGAIN = """
    SELECT p.inquiry_id FROM promise p JOIN inquiry i ON i.id = p.inquiry_id
    WHERE p.due_at >= $start AND p.due_at < least($end, $now) AND NOT i.dismissed
        AND p.first_try_at IS NOT NULL AND NOT (p.state = 'kept' AND p.tries = 0)
    GROUP BY p.inquiry_id ORDER BY max(p.tries) DESC, min(p.due_at) LIMIT $limit"""

_COMPLAINTS = """
    SELECT c.inquiry_id FROM complaint c JOIN inquiry i ON i.id = c.inquiry_id AND NOT i.dismissed
    WHERE c.noted_at >= $start AND c.noted_at < $end
    ORDER BY c.solved_at IS NOT NULL, c.cost_cents DESC, c.noted_at, c.inquiry_id LIMIT $limit"""

_AVOIDABLE = f"""
    WITH {ASKED}, {CONTACTS}
    SELECT id FROM contacts WHERE avoidable NOT IN ('', 'no') ORDER BY received_at DESC, id LIMIT $limit"""

_PRAISE = """
    SELECT p.inquiry_id FROM praise p JOIN inquiry i ON i.id = p.inquiry_id AND NOT i.dismissed
    WHERE p.noted_at >= $start AND p.noted_at < $end
    ORDER BY p.passed_on_at IS NOT NULL, p.noted_at DESC, p.inquiry_id LIMIT $limit"""

_NOT_AS_PROMISED = f"""
    WITH {ASKED}, {CONTACTS}
    SELECT id FROM contacts
    WHERE NOT promise_kept AND state = 'closed' AND (settled OR first_response_at IS NOT NULL)
    ORDER BY received_at DESC, id LIMIT $limit"""

_NO_SHOWS = """
    SELECT b.inquiry_id FROM booking b JOIN inquiry i ON i.id = b.inquiry_id
    WHERE b.starts_at >= $start AND b.starts_at < least($end, $now) AND b.state = 'no_show' AND NOT i.dismissed
    GROUP BY b.inquiry_id ORDER BY max(b.starts_at) DESC, b.inquiry_id LIMIT $limit"""

_NO_JOB = f"""
    WITH {ASKED}, {CONTACTS}
    SELECT a.id FROM contacts a
    JOIN reason r ON r.id = a.reason_id AND r.intent IN ('appointment', 'price', 'availability')
    WHERE NOT EXISTS (
        SELECT 1 FROM booking b WHERE b.customer_id = a.customer_id AND b.created_at >= a.received_at
            AND b.created_at < a.received_at + INTERVAL 30 DAY AND b.state NOT IN ('declined', 'lapsed'))
    ORDER BY a.received_at DESC, a.id LIMIT $limit"""

_RATED = """
    SELECT i.id FROM rating r JOIN inquiry gone ON gone.id = r.inquiry_id
    JOIN inquiry i ON i.id = coalesce(gone.merged_into, gone.id) AND NOT i.dismissed
    WHERE r.rated_at >= $start AND r.rated_at < $end
    GROUP BY i.id ORDER BY min(r.value), bool_and(r.words = ''), max(r.rated_at) DESC, i.id LIMIT $limit"""

_LATE_WISHES = f"""
    WITH {WISH_ENDS}
    SELECT inquiry_id FROM decided
    WHERE decided_at >= $start AND decided_at < $end AND decided_at <= $now AND NOT hit
    GROUP BY inquiry_id ORDER BY max(decided_at) DESC, inquiry_id LIMIT $limit"""

_UNMET_WISHES = f"""
    WITH {UNMET}
    SELECT inquiry_id FROM unmet
    GROUP BY inquiry_id ORDER BY max(price_cents) DESC NULLS LAST, min(created_at), inquiry_id LIMIT $limit"""

# What is behind the others are all of them, or no inquiries.
_CASES = {
    Figure.IN_GOAL: _LATE,
    Figure.FIRST_ANSWER: _LATE,
    Figure.NEXT_ANSWER: _LATE_NEXT,
    Figure.BACKLOG: _WAITING,
    Figure.RESOLUTION: _SLOW,
    Figure.SOLVED_AT_ONCE: _NOT_AT_ONCE,
    Figure.REOPENED: _REOPENED,
    Figure.CALLBACKS: _BROKEN_CALLS,
    Figure.CALLBACKS_REACHED: _TRIED_AGAIN,
    Figure.COMPLAINTS: _COMPLAINTS,
    Figure.COMPLAINTS_SOLVED: _COMPLAINTS,
    Figure.AVOIDABLE: _AVOIDABLE,
    Figure.PRAISE: _PRAISE,
    Figure.PROMISES_KEPT: _NOT_AS_PROMISED,
    Figure.NO_SHOWS: _NO_SHOWS,
    Figure.JOBS: _NO_JOB,
    Figure.SATISFACTION: _RATED,
    Figure.WISHES: _LATE_WISHES,
    Figure.MISSED_SALES: _UNMET_WISHES,
}


def case_ids(db: Reader, basis: Basis, figure: Figure, limit: int) -> list[int]:
    """The inquiries that a figure would be better without, at most `limit`; [] where no inquiry stands behind it."""
    sql = _CASES.get(figure, "")
    return [int(row[0]) for row in ask(db, basis, sql, limit=limit)] if sql else []
