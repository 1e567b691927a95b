"""When there is a reason to call somebody, whom one may call, and that one person is called once.

A call about a customer's own complaint is service, and one about the offer they asked for. Reminders and calls to those
who stay away are advertising (§ 174 TKG 2021 wants consent for each call, § 7 UWG DE and Art. 3 (1) (o) UWG CH are no
milder). A call that asks how content somebody is comes close to it: in Germany courts take it for advertising (BGH VI
ZR 225/17, OLG Köln 6 U 191/11), so that it needs a consent there. «Werbesperre» beats all but one's own complaint.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from data.occasion_records import Occasion, OccasionKind

AFTER_SOLUTION = timedelta(days=7)
OFFER_OPEN = timedelta(days=7)
OFFER_OLD = timedelta(days=60)
STILL_NEWS = timedelta(days=14)  # later nobody asks any more whether all is well
BEFORE_DUE = timedelta(days=30)
AFTER_DUE = timedelta(days=90)
FEWEST_VISITS = 3
STAYS_AWAY = 1.5  # times the usual gap
LEAST_QUIET = timedelta(days=90)
LONGEST_QUIET = timedelta(days=730)
PUT_OFF = timedelta(days=7)
CALL_MINUTES = 10  # what one such call takes, an estimate
_ASKING_IS_ADVERTISING = frozenset({"DE"})
_ORDER = list(OccasionKind)


@dataclass(frozen=True)
class Call:
    """One person and all the reasons to call them, the most pressing first."""

    reasons: tuple[Occasion, ...]

    @property
    def customer_id(self) -> int:
        """Who it is."""
        return self.reasons[0].customer_id


def window_of(occasion: Occasion, day: date) -> tuple[date, date]:
    """The first and the last day on which an occasion of this `day` stands in the list."""
    match occasion.kind:
        case OccasionKind.COMPLAINT:
            return day + AFTER_SOLUTION, day + AFTER_SOLUTION + STILL_NEWS
        case OccasionKind.OFFER:
            return day + OFFER_OPEN, day + OFFER_OLD
        case OccasionKind.FOLLOW_UP:
            first = day + timedelta(days=occasion.days)
            return first, first + STILL_NEWS
        case OccasionKind.DUE:
            due = months_later(day, occasion.months)
            return due - BEFORE_DUE, due + AFTER_DUE
        case OccasionKind.QUIET:
            return day + quiet_after(occasion.days), day + LONGEST_QUIET


def is_timely(occasion: Occasion, today: date, zone: ZoneInfo) -> bool:
    """Whether it stands in the list today; one that was put off does for a week from its day on."""
    first, last = window_of(occasion, occasion.at.astimezone(zone).date())
    if occasion.again_on:
        first, last = max(first, occasion.again_on), max(last, occasion.again_on + PUT_OFF)
    return first <= today <= last


def quiet_after(usual_gap: int) -> timedelta:
    """So long after the last visit a regular customer counts as quiet; `usual_gap` in days."""
    return max(LEAST_QUIET, timedelta(days=int(usual_gap * STAYS_AWAY) + 1))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one where it has no such day."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def may_call(occasion: Occasion, country: str) -> bool:
    """Whether the person may be called for this reason, in a shop of this country."""
    if occasion.kind is OccasionKind.COMPLAINT:
        return True
    if occasion.no_ads:
        return False
    if occasion.kind is OccasionKind.FOLLOW_UP:
        return occasion.ads or occasion.survey or country not in _ASKING_IS_ADVERTISING
    return occasion.ads or occasion.kind is OccasionKind.OFFER


def by_person(occasions: Iterable[Occasion]) -> list[Call]:
    """One call for each person, those with the most pressing reason first, then the newest."""
    calls: dict[int, list[Occasion]] = {}
    for one in sorted(occasions, key=lambda each: (_ORDER.index(each.kind), -each.at.timestamp(), each.subject_id)):
        calls.setdefault(one.customer_id, []).append(one)
    return [Call(tuple(reasons)) for reasons in calls.values()]


def calls_possible(minutes: int) -> int:
    """How many follow-up calls fit into so many minutes."""
    return minutes // CALL_MINUTES
