"""Mails of Theke to its owner: at most one of a kind about the same day or week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from data.store import Reader, Transaction

MARK = "<theke-notice."  # how the Message-ID of each begins, so that a copy is known when a restore lost its row
FURTHEST_AHEAD = timedelta(days=60)  # a mail of later than that was sent under a wildly wrong clock


class NoticeKind(StrEnum):
    """What a mail to the owner is; its key is the local day or the Monday (ISO dates)."""

    DIGEST = "digest"
    LOOK_BACK = "look_back"


class NoticeState(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Notice:
    """A mail to the owner; `retry_at` is None unless it failed before it could leave and is tried again."""

    kind: NoticeKind
    key: str
    state: NoticeState
    claimed_at: datetime
    mail_id: str
    attempts: int
    retry_at: datetime | None
    problem: str


def read_notice(db: Reader, kind: NoticeKind, key: str) -> Notice | None:
    """What became of one mail, or None when it was never begun."""
    sql = """SELECT kind, key, state, claimed_at, mail_id, attempts, retry_at, problem FROM notice
             WHERE kind = $kind AND key = $key"""
    found = db.read_as(Notice, sql, {"kind": kind, "key": key})
    return found[0] if found else None


def claim(tx: Transaction, kind: NoticeKind, key: str, mail_id: str, now: datetime) -> bool:
    """Take a mail for sending; False when it is taken, has left, or must not be tried (again) yet.

    A further try keeps the Message-ID of the first. After a clock was put back nothing is taken (`is_ahead`).
    """
    if is_ahead(tx, kind, now):
        return False
    values = {"kind": kind, "key": key, "now": now}
    fresh = """INSERT INTO notice (kind, key, state, claimed_at, mail_id, attempts, retry_at, problem)
               VALUES ($kind, $key, 'sending', $now, $mail_id, 1, NULL, '') ON CONFLICT DO NOTHING"""
    again = """UPDATE notice SET state = 'sending', claimed_at = $now, attempts = attempts + 1, retry_at = NULL
               WHERE kind = $kind AND key = $key AND state = 'failed' AND retry_at <= $now"""
    return tx.run(fresh, {**values, "mail_id": mail_id}) == 1 or tx.run(again, values) == 1


def is_ahead(db: Reader, kind: NoticeKind, now: datetime) -> bool:
    """Whether a mail that may have left was claimed later than now: the clock was put back, its day comes again.

    What is still to be tried again has not left. A claim in the far future was a wrong clock's and blocks nothing.
    """
    sql = """SELECT count(*) FROM notice
             WHERE kind = $kind AND claimed_at > $now AND claimed_at <= $furthest AND retry_at IS NULL"""
    return bool(db.read(sql, {"kind": kind, "now": now, "furthest": now + FURTHEST_AHEAD})[0][0])


def end_sending(
    tx: Transaction,
    notice: Notice,
    state: NoticeState,
    *,
    problem: str = "",
    retry_at: datetime | None = None,
) -> None:
    """Note how sending ended, if nobody has done so yet."""
    sql = """UPDATE notice SET state = $state, problem = $problem, retry_at = $retry_at
             WHERE kind = $kind AND key = $key AND state = 'sending'"""
    values = {"kind": notice.kind, "key": notice.key, "state": state, "problem": problem, "retry_at": retry_at}
    tx.run(sql, values)


def settle_sending(tx: Transaction, problem: str) -> int:
    """What was being sent when the work ended may have left; how many."""
    return tx.run(
        "UPDATE notice SET state = 'unsure', problem = $problem WHERE state = 'sending'", {"problem": problem}
    )


def count_sending(db: Reader) -> int:
    """How many are being sent."""
    return int(db.read("SELECT count(*) FROM notice WHERE state = 'sending'")[0][0])


def settle_restored(tx: Transaction, keys: dict[NoticeKind, str], now: datetime, problem: str) -> None:
    """After a restore nobody knows whether the mails of these days left meanwhile: none is sent by itself."""
    settle_sending(tx, problem)
    sql = """UPDATE notice SET state = 'unsure', retry_at = NULL, problem = $problem
             WHERE state = 'failed' AND retry_at IS NOT NULL"""
    tx.run(sql, {"problem": problem})
    for kind, key in keys.items():
        tx.run(
            """INSERT INTO notice (kind, key, state, claimed_at, mail_id, attempts, retry_at, problem)
               VALUES ($kind, $key, 'unsure', $now, '', 0, NULL, $problem) ON CONFLICT DO NOTHING""",
            {"kind": kind, "key": key, "now": now, "problem": problem},
        )


def find_notices(db: Reader, mail_ids: list[str]) -> set[str]:
    """Which of these Message-IDs are of mails to the owner."""
    sql = "SELECT mail_id FROM notice WHERE mail_id <> '' AND mail_id IN (SELECT unnest($ids))"
    return {str(row[0]) for row in db.read(sql, {"ids": mail_ids})} if mail_ids else set()


def mark_bounced(tx: Transaction, mail_id: str, problem: str) -> None:
    """A mail to the owner came back: it failed, and is not tried again."""
    sql = "UPDATE notice SET state = 'failed', retry_at = NULL, problem = $problem WHERE mail_id = $id"
    tx.run(sql, {"id": mail_id, "problem": problem})
