"""Locks after failed attempts, longer each time. Kept in the store, so that a restart of the PC opens no door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import data.staff
from data.staff import FailedAttempts
from data.store import Reader, Transaction

_MEMORY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """`failures` failures lock the subject for `lock`, as many again for twice as long, but never over `longest`.

    A pause of `pause` forgets the failures since the last lock, a day without failure or lock forgets all.
    """

    failures: int
    lock: timedelta
    longest: timedelta = timedelta(days=1)
    pause: timedelta = _MEMORY


def locked_until(db: Reader, subject: str, now: datetime) -> datetime | None:
    """When the lock of a subject ends, or None when it is free."""
    known = data.staff.read_attempts(db, subject)
    until = known.locked_until_at if known else None
    return until if until and until > now else None


def count_failure(tx: Transaction, subject: str, limit: Limit, now: datetime) -> int:
    """Remember one failure in the caller's transaction; how many are left before the lock, 0 when it has begun."""
    failures = _remembered_failures(tx, subject, limit, now) + 1
    used = failures % limit.failures
    until = None if used else now + _lock_length(limit, failures)
    data.staff.drop_old_attempts(tx, now - _MEMORY)
    data.staff.write_attempts(tx, subject, FailedAttempts(failures, now, until))
    return limit.failures - used if used else 0


def _remembered_failures(db: Reader, subject: str, limit: Limit, now: datetime) -> int:
    known = data.staff.read_attempts(db, subject)
    if known is None or now - (known.locked_until_at or known.last_failure_at) >= _MEMORY:
        return 0
    forgotten = known.failures % limit.failures if now - known.last_failure_at >= limit.pause else 0
    return known.failures - forgotten


def _lock_length(limit: Limit, failures: int) -> timedelta:
    length = limit.lock
    for _ in range(failures // limit.failures - 1):
        length = min(2 * length, limit.longest)
    return length
