"""Until when an answer is promised: the goal in business time, rounded up to what one says aloud.

look/public.md §3.6: a question of 09:41 and four hours of opening time across lunch end at 14:41, so «15:00 Uhr» is
said. The half hour is the shop's clock's. Where it lies past the closing time the closing time itself is said: nobody
answers in a shop that is shut, and the goal is reached by then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import OpeningHours
from services.rules.opening_hours import add_business_minutes, day_spans

_STEP = timedelta(minutes=30)


def answer_by(hours: OpeningHours, holidays: frozenset[date], asked_at: datetime, goal_minutes: int) -> datetime | None:
    """The promised moment (UTC): never before `goal_minutes` of opening time have passed, on a half hour or at the end
    of the opening interval in which they have. None when the shop does not open for 400 days before that."""
    reached = add_business_minutes(hours, holidays, asked_at.astimezone(UTC), goal_minutes)
    if reached is None:
        return None
    said = half_hour_after(reached, hours.zone)
    return min(said, _closing(hours, holidays, reached) or said)


def half_hour_after(moment: datetime, zone: str) -> datetime:
    """The next half hour of the clock in `zone`, UTC; the moment itself when it is one."""
    local = moment.astimezone(ZoneInfo(zone))
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) + (_STEP - past if past else timedelta(0))


def _closing(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> datetime | None:
    """When the interval ends in which `moment` lies, or which ends at it."""
    day = moment.astimezone(ZoneInfo(hours.zone)).date()
    spans = [span for each in (day - timedelta(days=1), day) for span in day_spans(hours, holidays, each)]
    return next((closing for opening, closing in spans if opening < moment <= closing), None)
