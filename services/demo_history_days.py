"""The story of the demo garage, day by day: how much comes in, how fast it is answered, what goes wrong.

A garage lives by the seasons: tyres in autumn and spring, a quiet summer, hardly anything between Christmas and
Epiphany. One autumn goes badly; in January the shop changes something, and within months it is better than before.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.demo_history import Day, OpenSpan, Share
from data.records import OpeningHours
from data.report_records import Avoidable
from services.rules.opening_hours import day_spans

_DAY = timedelta(days=1)
_USUAL, _BAD, _GOOD = 160.0, 430.0, 94.0  # minutes of the median answer
_SPREADS = (0.45, 0.55, 0.62)  # usual, bad, good: of the logarithm
_GROWTH = 0.06  # more contacts every year
_WEEKDAYS = (1.30, 1.08, 1.0, 0.98, 0.92, 0.21, 0.18)  # Saturdays and Sundays closed
_CLOSED = 0.22  # of what comes on an open day
_SEASONS = ((10, 28, 24, 0.60), (4, 1, 20, 0.42), (8, 10, 25, -0.22), (12, 30, 9, -0.55))  # month, day, width, more
_TYRES = ((10, 28, 26), (4, 1, 21))
_ROOM_TO_RECOVER = timedelta(days=45)


@dataclass(frozen=True)
class Story:
    """What happened when, on local days: it went badly from `worse` on, and something was done from `mails` on."""

    first: date
    last: date
    worse: date
    mails: date  # two fixed times for mails
    reminder: date

    def trouble(self, day: date) -> float:
        """0 as usual to 1 at its worst: it comes over ten weeks and goes within five after the change."""
        if day < self.mails:
            return _smooth((day - self.worse).days / max(1, min(75, (self.mails - self.worse).days // 2)))
        return 1 - _smooth((day - self.mails).days / self._pace(35))

    def recovery(self, day: date) -> float:
        """0 before the change to 1 when it has become the rule."""
        return _smooth((day - self.mails).days / self._pace(120))

    def reminded(self, day: date) -> bool:
        """Whether customers are reminded on the day before."""
        return day >= self.reminder

    def _pace(self, days: int) -> float:
        return max(1.0, min(days, (self.last - self.mails).days * 0.6))


def tell_story(first: date, last: date) -> Story:
    """The autumn before the last one goes badly, else the last one; the first third where neither lies well inside."""
    latest = last.year if last >= date(last.year, 9, 10) else last.year - 1
    for year in (latest - 1, latest):
        worse, mails = date(year, 9, 10), _monday(date(year + 1, 1, 8))
        if first <= worse - 2 * _ROOM_TO_RECOVER and mails <= last - _ROOM_TO_RECOVER:
            return Story(first, last, worse, mails, mails + 21 * _DAY)
    third = (last - first) // 3
    mails = _monday(first + third)
    return Story(first, last, first, mails, mails + third // 4)


def _monday(day: date) -> date:
    return day + ((-day.weekday()) % 7) * _DAY


def _smooth(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _bump(day: date, month: int, middle: int, width: float) -> float:
    """1 in the middle of a season, falling to both sides over the turn of the year."""
    apart = min(abs((day - date(year, month, middle)).days) for year in (day.year - 1, day.year, day.year + 1))
    return math.exp(-((apart / width) ** 2) / 2)


def _volume(story: Story, day: date, *, is_open: bool, chance: random.Random) -> float:
    """How much comes on a day, 1 on a usual Wednesday."""
    season = 1 + sum(more * _bump(day, month, middle, width) for month, middle, width, more in _SEASONS)
    grown = math.exp(_GROWTH * (day - story.first).days / 365.25)
    weekday = _WEEKDAYS[day.weekday()] if is_open or day.weekday() > 4 else _CLOSED
    return season * grown * weekday * math.exp(chance.gauss(0, 0.13))


def tyre_season(day: date) -> float:
    """0 to 1: how much everybody wants their tyres changed."""
    return max(_bump(day, *season) for season in _TYRES)


def _between(usual: float, bad: float, good: float, trouble: float, recovery: float) -> float:
    """A value as the story has it; what is multiplied is weighed by its logarithm elsewhere."""
    calm = usual + (good - usual) * recovery
    return calm + (bad - calm) * trouble


def spans_of(hours: OpeningHours, holidays: frozenset[date], first: date, now: datetime) -> list[OpenSpan]:
    """When the shop was open from the local day `first` until `now`, with the seconds before; aware UTC."""
    found, before = [], 0
    last = now.astimezone(ZoneInfo(hours.zone)).date()
    for number in range((last - first).days + 1):
        for begins, ends in day_spans(hours, holidays, first + number * _DAY):
            if begins < now:
                cut = min(ends, now)
                found.append(OpenSpan(begins, cut, before))
                before += int((cut - begins).total_seconds())
    return found


def list_days(story: Story, hours: OpeningHours, spans: list[OpenSpan], seed: int) -> list[Day]:
    """Every local day of the history; `floor` sums up what came before it."""
    chance, zone = random.Random(f"{seed} days"), ZoneInfo(hours.zone)  # noqa: S311 a game
    opened: dict[date, list[OpenSpan]] = {}
    for span in spans:
        opened.setdefault(span.begins.astimezone(zone).date(), []).append(span)
    days, floor = [], 0.0
    for number in range((story.last - story.first).days + 1):
        day = story.first + number * _DAY
        found = opened.get(day, [])
        days.append(_day(story, number, zone, found, floor))
        floor += _volume(story, day, is_open=bool(found), chance=chance)
    return [*days, _end(story, len(days), zone, floor)]


def _end(story: Story, number: int, zone: ZoneInfo, floor: float) -> Day:
    """Nothing falls on it, so far ahead it lies: it holds the sum of all."""
    return Day(number, _midnight(story.last + 3650 * _DAY, zone), floor=floor)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _day(story: Story, number: int, zone: ZoneInfo, spans: list[OpenSpan], floor: float) -> Day:
    day = story.first + number * _DAY
    trouble, recovery = story.trouble(day), story.recovery(day)

    def level(usual: float, bad: float, good: float) -> float:
        return _between(usual, bad, good, trouble, recovery)

    return Day(
        number=number,
        midnight=_midnight(day, zone),
        floor=floor,
        opened=bool(spans),
        before=spans[0].before if spans else 0,
        length=sum(int((span.ends - span.begins).total_seconds()) for span in spans),
        median=math.exp(level(math.log(_USUAL), math.log(_BAD), math.log(_GOOD))),
        spread=level(*_SPREADS),
        called=level(0.92, 0.66, 0.98),
        held=level(0.90, 0.70, 0.97),
        again=level(0.06, 0.11, 0.045),
        solved=level(0.88, 0.60, 0.95),
        lost=level(0.08, 0.22, 0.04),
        template=level(0.55, 0.45, 0.78),
    )


# By topic: share of contacts as usual and by now, how many of them were avoidable as usual and by now.
_TOPICS = {
    "status": (0.34, 0.26, 0.90, 0.60),
    "price": (0.15, 0.18, 0.16, 0.08),
    "appointment": (0.17, 0.20, 0.09, 0.05),
    "tyres": (0.01, 0.01, 0.06, 0.03),
    "move": (0.05, 0.06, 0.12, 0.06),
    "stock": (0.05, 0.06, 0.10, 0.05),
    "invoice": (0.08, 0.06, 0.60, 0.35),
    "complaint": (0.03, 0.02, 0.85, 0.75),
    "open": (0.03, 0.03, 0.45, 0.30),
    "other": (0.07, 0.09, 0.10, 0.06),
    "praise": (0.01, 0.02, 0.0, 0.0),
}
_WORSE = {"status": 1.20, "complaint": 2.6, "invoice": 1.15, "praise": 0.4}  # where it went badly
_TYRES_SHARE = 0.22  # of all contacts at the height of a season
_KINDS = {
    "status": [Avoidable.STATUS_ASKED] * 7 + [Avoidable.PROMISE_BROKEN] * 2 + [Avoidable.ASKED_TWICE],
    "invoice": [Avoidable.INFO_MISSING] * 3 + [Avoidable.OUR_ERROR] * 2,
    "complaint": [Avoidable.OUR_ERROR] * 3 + [Avoidable.PROMISE_BROKEN] * 2,
    "open": [Avoidable.INFO_MISSING],
}
_ANY_KIND = [Avoidable.INFO_MISSING, Avoidable.ASKED_TWICE]


def topics_of(story: Story, days: list[Day]) -> Iterator[Share]:
    """By day and topic the share of what comes, as the sum of all topics before it, and how often it was avoidable."""
    for day in days[:-1]:
        date_ = story.first + day.number * _DAY
        weights = {topic: _weight(story, topic, date_) for topic in _TOPICS}
        total, floor = sum(weights.values()), 0.0
        for topic, weight in weights.items():
            avoidable = _between(*_avoidable(topic), story.trouble(date_), story.recovery(date_))
            yield Share(day.number, topic, floor / total, avoidable, _KINDS.get(topic, _ANY_KIND))
            floor += weight


def _avoidable(topic: str) -> tuple[float, float, float]:
    usual, good = _TOPICS[topic][2:]
    return usual, min(1.0, usual * 1.05), good


def _weight(story: Story, topic: str, day: date) -> float:
    usual, good = _TOPICS[topic][:2]
    weight = _between(usual, usual * _WORSE.get(topic, 1.0), good, story.trouble(day), story.recovery(day))
    return weight + _TYRES_SHARE * tyre_season(day) if topic == "tyres" else weight
