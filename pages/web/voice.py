"""How the customers' pages say days, times, spans and prices; moments are aware UTC and told in the shop's zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from data.records import ShopSettings
from pages.catalogues import translator

_DAY = 24 * 60
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Leaf:
    """The calendar leaf before a date."""

    weekday: str
    day: int
    month: str


@dataclass(frozen=True)
class Voice:
    """Whose words, in which country and zone, at which moment."""

    language: str
    country: str
    zone: ZoneInfo
    now: datetime
    small_business: bool = False  # pays no VAT and must not speak of it

    @cached_property
    def say(self) -> Callable[[str], str]:
        """The translator of the page's language."""
        return translator(self.language)

    @cached_property
    def locale(self) -> Locale:
        """With the country, because January is «Jänner» in Austria alone."""
        return Locale("en", "GB") if self.language == "en" else Locale("de", self.country)

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()

    def leaf(self, day: date) -> Leaf:
        """Do / 26 / Nov."""
        return Leaf(self._date(day, "ccc"), day.day, self._date(day, "MMM"))

    def long_day(self, day: date) -> str:
        """«Donnerstag, 26. November», with the year when it is not this one."""
        return self._date(day, f"EEEE, d{self._point} MMMM{self._year(day)}")

    def short_day(self, day: date) -> str:
        """«Fr 27. Nov.»."""
        return self._date(day, f"ccc d{self._point} MMM{self._year(day)}").replace(" ", "\xa0")

    def clock(self, moment: datetime) -> str:
        """«10:30»."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def hour(self, moment: datetime) -> str:
        """«10:30 Uhr»."""
        return self._clock_words(self.clock(moment))

    def hour_of(self, minute: int) -> str:
        """«7:30 Uhr» for minutes after local midnight."""
        return self._clock_words(f"{minute // 60}:{minute % 60:02d}")

    def when(self, moment: datetime) -> str:
        """«Donnerstag, 26. November, 10:30 Uhr»."""
        return f"{self.long_day(self.day_of(moment))}, {self.hour(moment)}"

    def until(self, moment: datetime) -> str:
        """«heute, 08:30 Uhr», «morgen, …», «Donnerstag, …» within six days, else with the date."""
        _ = self.say
        day = self.day_of(moment)
        ahead = (day - self.today).days
        if not 0 <= ahead < 7:
            return self.when(moment)
        word = {0: _("heute"), 1: _("morgen")}.get(ahead) or self._date(day, "EEEE")
        return f"{word}, {self.hour(moment)}"

    def weekday(self, day: date) -> str:
        """«Mi»."""
        return self._date(day, "ccc")

    def weekday_of(self, number: int) -> str:
        """«Mi» for 2; Monday is 0."""
        return self.weekday(date(2024, 1, 1 + number))  # a Monday

    def week(self, day: date) -> str:
        """«Diese Woche», «Nächste Woche (KW 49)», «KW 50»; weeks begin on Monday (ISO 8601)."""
        _ = self.say
        this, theirs = self._monday(self.today), self._monday(day)
        if theirs == this:
            return _("Diese Woche")
        number = day.isocalendar().week
        words = _("Nächste Woche (KW {number})") if theirs - this == _WEEK else _("KW {number}")
        return words.format(number=number)

    def duration(self, minutes: int) -> str:
        """«30 Min.», «2 Std.», «2 Std. 30 Min.»."""
        _ = self.say
        hours, rest = divmod(minutes, 60) if minutes >= 120 else (0, minutes)
        parts = [_("{n} Std.").format(n=hours)] if hours else []
        return " ".join(parts + ([_("{n} Min.").format(n=rest)] if rest or not hours else [])).replace(" ", "\xa0")

    def span(self, minutes: int) -> str:
        """«30 Minuten», «1 Stunde», «36 Stunden», «3 Tage»; what fits none of them as `duration` says it."""
        _ = self.say
        if minutes % _DAY == 0 and minutes > _DAY:
            words = _("{n} Tage").format(n=minutes // _DAY)
        elif minutes % 60 == 0:
            words = _("1 Stunde") if minutes == 60 else _("{n} Stunden").format(n=minutes // 60)
        else:
            words = _("{n} Minuten").format(n=minutes) if minutes < 120 else self.duration(minutes)
        return words.replace(" ", "\xa0")

    def apart(self, moment: datetime, other: datetime) -> str:
        """How `moment` lies from `other`: «30 Minuten später», «am nächsten Tag», «2 Tage früher»."""
        _ = self.say
        days = (self.day_of(moment) - self.day_of(other)).days
        if abs(days) == 1:
            return _("am nächsten Tag") if days > 0 else _("am Tag davor")
        minutes = days * _DAY or int((moment - other).total_seconds()) // 60
        return (_("{span} später") if minutes > 0 else _("{span} früher")).format(span=self.span(abs(minutes)))

    def price(self, cents: int) -> str:
        """«€ 49,00», in Switzerland «CHF 49.00», «kostenlos» for nothing."""
        _ = self.say
        if not cents:
            return _("kostenlos")
        amount = format_decimal(cents / 100, "#,##0.00", locale=self.locale)
        if self.country == "CH":
            return f"CHF\xa0{amount}"
        return f"€{amount}" if self.language == "en" else f"€\xa0{amount}"

    @property
    def tax(self) -> str:
        """What stands behind a total price; consumers are told the price with the tax in it. '' without any."""
        _ = self.say
        if self.small_business:
            return ""
        words = {"AT": _("inkl. USt."), "DE": _("inkl. MwSt."), "CH": _("inkl. MWST")}
        return words.get(self.country, "").replace(" ", "\xa0")

    @property
    def _point(self) -> str:
        return "" if self.language == "en" else "."

    def _year(self, day: date) -> str:
        return "" if day.year == self.today.year else " y"

    def _date(self, day: date, pattern: str) -> str:
        # The day never leaves its month alone at the end of a line.
        return format_date(day, pattern.replace(". MMM", ".\xa0MMM").replace("d MMM", "d\xa0MMM"), locale=self.locale)

    def _clock_words(self, clock: str) -> str:
        return self.say("{time} Uhr").format(time=clock).replace(" ", "\xa0")

    @staticmethod
    def _monday(day: date) -> date:
        return day - timedelta(days=day.weekday())


def voice_of(settings: ShopSettings, language: str, now: datetime) -> Voice:
    """The voice of a page in `language`."""
    return Voice(language, settings.country, ZoneInfo(settings.hours.zone), now, settings.small_business)
