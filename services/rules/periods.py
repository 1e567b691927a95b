"""The stretch of days a report is about, and the one it is compared with; all days are the shop's local ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

OWN = "eigen"
_TRAILING = {"quartal": 90, "woche": 7, "monat": 30, "jahr": 365}  # days up to and with today
WORDS = (*_TRAILING, OWN)
LONGEST = 3660  # days
FIRST_YEAR = 2000
_DAY = timedelta(days=1)


class Comparison(StrEnum):
    PREVIOUS = "vorher"  # as many days right before
    LAST_YEAR = "vorjahr"  # the same days of the week, 52 weeks earlier


@dataclass(frozen=True)
class Period:
    """Local days from `first` to `last`, both included; `word` is how it was chosen."""

    word: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def read_period(word: str, von: str, bis: str, today: date) -> Period:
    """The period that an address names; '' is the usual one.

    Raises ValueError with a sentence for a word that is none, for days that are none, in the wrong order or not yet
    over, and for more than ten years.
    """
    if word in _TRAILING or not word:
        word = word or WORDS[0]
        return Period(word, today - (_TRAILING[word] - 1) * _DAY, today)
    if word != OWN:
        raise ValueError("Diesen Zeitraum gibt es nicht.")
    return _own_period(_day(von), _day(bis), today)


def _own_period(first: date, last: date, today: date) -> Period:
    if last < first:
        raise ValueError("Der letzte Tag liegt vor dem ersten.")
    if first.year < FIRST_YEAR:
        raise ValueError("So weit reicht keine Auswertung zurück.")
    if last > today:
        raise ValueError("Dieser Zeitraum liegt noch in der Zukunft.")
    if (last - first).days >= LONGEST:
        raise ValueError("Das sind zu viele Tage. Höchstens zehn Jahre.")
    return Period(OWN, first, last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Diesen Tag gibt es nicht.") from None


def compared(period: Period, comparison: Comparison) -> Period:
    """What a period is compared with: as long, right before it or a year (52 weeks, so the same weekdays) earlier."""
    back = timedelta(days=364 if comparison is Comparison.LAST_YEAR else period.days)
    return Period(period.word, period.first - back, period.last - back)
