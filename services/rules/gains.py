"""What better service may have brought in money: an estimate from the shop's own assumptions, told as a range."""

from __future__ import annotations

from dataclasses import dataclass

from data.report_records import FEWEST, Avoidance, Visits

CAUTIOUS = 0.5  # the lower end: as if half of the change had come by itself


@dataclass(frozen=True)
class Gain:
    """What changed against the earlier period, as if both had as many contacts and visits; negative: it got worse."""

    minutes: float | None  # of avoidable contacts that did not come; None: too few contacts to tell
    visits: float | None  # visits kept that would have been missed; None: too few visits to tell
    cents: int  # both in money, the upper end

    @property
    def range(self) -> tuple[int, int]:
        """(cautious, full) estimate in cents."""
        return round(self.cents * CAUTIOUS), self.cents


def estimate_gain(
    now: tuple[Avoidance, Visits], then: tuple[Avoidance, Visits], hourly_rate_cents: int, missed_visit_cents: int
) -> Gain | None:
    """The gain of `now` against `then`; None where neither part has five cases in both periods."""
    minutes = _spared_minutes(now[0], then[0])
    visits = _spared_visits(now[1], then[1])
    if minutes is None and visits is None:
        return None
    return Gain(minutes, visits, round((minutes or 0) / 60 * hourly_rate_cents + (visits or 0) * missed_visit_cents))


def _spared_minutes(now: Avoidance, then: Avoidance) -> float | None:
    if min(now.contacts, then.contacts) < FEWEST:
        return None
    return then.minutes / then.contacts * now.contacts - now.minutes


def _spared_visits(now: Visits, then: Visits) -> float | None:
    if min(now.share.cases, then.share.cases) < FEWEST:
        return None
    return then.share.hits / then.share.cases * now.share.cases - now.share.hits
