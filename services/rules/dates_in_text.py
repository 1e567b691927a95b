"""Dates as people write them in German: «24.11.», «24. November», «Di, 24.11.», «am Dienstag, den 24.11.2026»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
HALF_YEAR = 183  # days: as far as a shop makes dates, and as far as a year goes without saying
MONTH = (
    r"(?:J[äa]n(?:ner|uar)?|Jaenner|Feber|Feb(?:ruar)?|M(?:ärz|aerz|är|rz)|Apr(?:il)?|Mai|Juni?|Juli?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|Okt(?:ober)?|Nov(?:ember)?|Dez(?:ember)?)\b"
)
_MONTHS = {"jän": 1, "jan": 1, "jae": 1, "feb": 2, "mär": 3, "mae": 3, "mrz": 3, "apr": 4, "mai": 5, "jun": 6,
           "jul": 7, "aug": 8, "sep": 9, "okt": 10, "nov": 11, "dez": 12}  # fmt: skip
_FULL = r"(?i:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
_SHORT = r"(?:(?:Mo|Di|Mi|Do|Sa|So)\b\.?|Fr\b(?:\.(?=,))?)"  # «Fr. 24.10.» is money in Switzerland
_GAP = r"[^\S\n]{0,3}"
_DATE = re.compile(
    rf"""
    (?:
        (?<![\w–-]) (?: (?P<full>{_FULL})(?:früh|morgen|vormittag|mittag|nachmittag|abend)? | (?P<short>{_SHORT}) )
        (?: ,?{_GAP}\( | ,?{_GAP}(?:(?:de[nmr]|am)\b{_GAP})? )
    )?
    (?<![\d.,:/–-]) (?P<day>0?[1-9]|[12]\d|3[01])\.
    (?:
        (?:[ ](?=\d\d?\.[ ]?20\d\d))? (?P<number>0?[1-9]|1[0-2])\.
        (?: [ ]?(?P<year>20\d\d|19\d\d)(?!\d|[ ]?Uhr) | (?P<short_year>\d\d)(?!\d|[.:]\d|[ ]?(?:Uhr|€|Euro)) | (?!\d) )
      | {_GAP}(?P<month>(?i:{MONTH})) (?:\.?{_GAP}(?P<month_year>20\d\d|19\d\d)(?!\d|[ ]?Uhr))?
    )
    """,
    re.VERBOSE,
)
# «Montag und Dienstag, 24.11.»: the date belongs to more than the weekday beside it.
_LISTED = re.compile(rf"(?:{_FULL}|{_SHORT})\s*(?:[,/&+–-]|und|oder|bis|sowie)\s*$")
_NUMBER_BEFORE = re.compile(r"(?:€|\b(?:EUR|Euro|CHF|S?Fr\.|um|Nr\.|Punkt|Version|Kapitel))\s*$")


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text; `weekday` (Monday is 0) and `year` are None where none, or no clear one, is written."""

    place: str
    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None
    weekday_in_full: bool

    def meant(self, today: date | None) -> date | None:
        """The day that is meant; None for «31.11.», and without a year when `today` is not known.

        Without a year it is the next such day; but «Mittwoch, 14.10.» in November is last October's when only that was
        a Wednesday and the next 14.10. is more than half a year away.
        """
        if self.year is not None or today is None:
            return _day(self.year, self.month, self.day)
        years = range(today.year - 8, today.year + 9)  # a 29 February can be eight years away
        days = [day for year in years if (day := _day(year, self.month, self.day))]
        upcoming = min((day for day in days if day >= today), default=None)
        past = max((day for day in days if day < today), default=None)
        if upcoming is None or past is None or (upcoming - today).days <= HALF_YEAR or self.fits(upcoming):
            return upcoming
        return past if self.fits(past) else upcoming

    def fits(self, day: date) -> bool:
        """Whether the weekday that is written, if one is, is the day's."""
        return self.weekday in {None, day.weekday()}


def dates_in(text: str) -> list[WrittenDate]:
    """The dates written in `text`, in order; amounts, times and numbers such as «24.11» are none. Best effort."""
    return [_written(match) for match in _DATE.finditer(text) if not _is_a_number(match)]


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year is not None else None
    except ValueError:
        return None


def _written(match: re.Match[str]) -> WrittenDate:
    year = match["year"] or match["month_year"] or (f"20{match['short_year']}" if match["short_year"] else "")
    return WrittenDate(
        place=match[0].strip(),
        start=match.start(),
        end=match.end(),
        day=int(match["day"]),
        month=int(match["number"] or _MONTHS[match["month"][:3].casefold()]),
        year=int(year) if year else None,
        weekday=_weekday(match),
        weekday_in_full=bool(match["full"]),
    )


def _weekday(match: re.Match[str]) -> int | None:
    word = match["full"] or match["short"]
    if not word or _LISTED.search(match.string[max(0, match.start() - 24) : match.start()]):
        return None
    known = [day[:2].casefold() for day in WEEKDAYS]
    return 5 if word.casefold() == "sonnabend" else known.index(word[:2].casefold())


def _is_a_number(match: re.Match[str]) -> bool:
    """«€ 24.10.» or «um 14.10.» at the end of a sentence; a weekday, a year or a month's name make it a date."""
    if match["full"] or match["short"] or match["month"] or match["year"]:
        return False
    return bool(_NUMBER_BEFORE.search(match.string[max(0, match.start() - 12) : match.start()]))
