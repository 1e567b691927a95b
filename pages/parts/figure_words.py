"""Figures in words: shares, spans of opening time, money, and what changed against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from data.report_records import FEWEST, Praises, Share
from pages.parts.charts import Look
from pages.parts.plain import plain
from services.look_back_words import span_word
from services.rules.periods import OWN, Comparison, Period
from services.rules.standings import whole_percent

NOTHING = "–"
_TONES: dict[bool | None, str] = {True: "green", False: "red", None: "gray"}
_ARROWS = {1: "up", -1: "down", 0: "off"}
_LONG = 53  # weeks; a number of a week is clear within that


@dataclass(frozen=True)
class Trend:
    """What changed: in words, whether that is good (None: neither), and which way the arrow shows (0: none)."""

    words: str
    good: bool | None
    way: int


def percent_word(value: float, look: Look) -> str:
    """«92 %»; 100 only where it is all, 0 only where it is none."""
    return look.speech.say("{percent} %").format(percent=whole_percent(value))


def share_word(share: Share, look: Look) -> str:
    """«92 %», below five cases «3 von 4», «–» without any."""
    if share.percent is not None:
        return percent_word(share.percent, look)
    return of_word(share.hits, share.cases, look) if share.cases else NOTHING


def of_word(hits: int, cases: int, look: Look) -> str:
    """«3 von 4»."""
    return look.speech.say("{hits} von {count}").format(hits=number(hits, look), count=number(cases, look))


def number(value: float, look: Look, digits: int = 0) -> str:
    """«1.234», «2,5» as the country writes it."""
    locale = look.speech.locale
    return str(format_decimal(round(value, digits), locale=locale)).replace("\xa0", " ")


def span(minutes: float | None, look: Look) -> str:
    """«48 Min», «1 Std 24 Min», «13 Std» of opening time; «–» for None."""
    return NOTHING if minutes is None else span_word(minutes, look.speech.say, look.speech.locale)


def counted(count: float, one: str, many: str, look: Look, **values: object) -> str:
    """`one` where it is one, else `many` with its {count}; `values` fill what else is in braces."""
    words = one if count == 1 else many
    return words.format(count=number(count, look, 1), **values)


def money(cents: int, look: Look) -> str:
    """«€ 237», «237 €», «CHF 237», without cents."""
    locale = look.speech.locale
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    currency = "CHF" if look.country == "CH" else "EUR"
    told = format_currency(round(cents / 100), currency, pattern, locale=locale, currency_digits=False)
    return str(told).replace("\xa0", " ")


def cost_head(look: Look) -> str:
    """«Kosten in €»: what stands above a column of money, whose numbers have no sign of their own."""
    _ = look.speech.say
    return _("Kosten in CHF") if look.country == "CH" else _("Kosten in €")


def about(cents: int, look: Look) -> str:
    """«ca. € 240»: an estimate is not told to the euro."""
    size = abs(cents) // 100
    step = 5000 if size >= 1000 else 1000 if size >= 100 else 100
    return look.speech.say("ca. {money}").format(money=money(round(cents / step) * step, look))


def by_rate(minutes: int, rate_cents: int) -> int:
    """Cents that so many minutes of work cost."""
    return round(minutes * rate_cents / 60)


def metric_trend(trend: Trend | None) -> dict[str, Any]:
    """A trend as st.metric takes it."""
    told = trend or Trend("", None, 0)
    return {"delta": plain(told.words) or None, "delta_color": _TONES[told.good], "delta_arrow": _ARROWS[told.way]}


def points_trend(now: Share, then: Share, look: Look, *, less: bool = False) -> Trend | None:
    """«4 Punkte mehr»; `less` of it is better. None where one of the two has no percentage."""
    if now.percent is None or then.percent is None:
        return None
    _ = look.speech.say
    change = whole_percent(now.percent) - whole_percent(then.percent)
    words = _("1 Punkt") if abs(change) == 1 else _("{count} Punkte").format(count=abs(change))
    return _more_or_less(change, words, look, None if not change else (change < 0) == less)


def span_trend(now: float | None, then: float | None, look: Look) -> Trend | None:
    """«35 Min schneller»; None where one of the two is unknown."""
    if now is None or then is None:
        return None
    _ = look.speech.say
    change = round(now) - round(then)
    if not change:
        return Trend(_("unverändert"), None, 0)
    words = _("{span} schneller") if change < 0 else _("{span} langsamer")
    return Trend(words.format(span=span(abs(change), look)), change < 0, 1 if change > 0 else -1)


def count_trend(now: int, then: int, look: Look, *, good: bool | None) -> Trend:
    """«3 mehr»; `good` says whether more is."""
    change = now - then
    told = None if good is None or not change else (change > 0) == good
    return _more_or_less(change, number(abs(change), look), look, told)


def _more_or_less(change: int, words: str, look: Look, good: bool | None) -> Trend:
    _ = look.speech.say
    if not change:
        return Trend(_("unverändert"), None, 0)
    more = _("{count} mehr") if change > 0 else _("{count} weniger")
    return Trend(more.format(count=words), good, 1 if change > 0 else -1)


def days_word(period: Period, look: Look) -> str:
    """«in diesen 90 Tagen», «vom 01.09.2026 bis 30.09.2026»."""
    _ = look.speech.say
    if period.word != OWN:
        return _("in diesen {days} Tagen").format(days=period.days)
    first, last = (format_date(day, "dd.MM.y", locale=look.speech.locale) for day in (period.first, period.last))
    return (
        _("am {day}").format(day=first) if first == last else _("vom {first} bis {last}").format(first=first, last=last)
    )


def against_word(comparison: Comparison, look: Look) -> str:
    """What is compared with: «gegen den Zeitraum davor»."""
    _ = look.speech.say
    return _("gegen den Zeitraum davor") if comparison is Comparison.PREVIOUS else _("gegen dieselben Tage im Vorjahr")


def week_labels(weeks: Sequence[date | None], look: Look) -> list[str]:
    """«KW 38» of each Monday; over more than a year «Sep 2026»."""
    _ = look.speech.say
    days = [week for week in weeks if week]
    if len(days) <= _LONG:
        return [_("KW {week}").format(week=day.isocalendar().week) for day in days]
    return [format_date(day, "LLL y", locale=look.speech.locale) for day in days]


def month_labels(months: Sequence[date | None], look: Look) -> list[str]:
    """«Jän» of each first day of a month; over more than a year with the year."""
    days = [month for month in months if month]
    pattern = "LLL" if len(days) <= 12 else "LLL yy"
    return [format_date(day, pattern, locale=look.speech.locale) for day in days]


def inquiries_word(count: int, look: Look) -> str:
    """«118 Anfragen»."""
    _ = look.speech.say
    return counted(count, _("1 Anfrage"), _("{count} Anfragen"), look)


def praise_word(praises: Praises, look: Look) -> str:
    """«11 von 12» passed on within two days; «–» without any."""
    return of_word(praises.passed_on, praises.count, look) if praises.count else NOTHING


def praise_rest(praises: Praises, look: Look) -> str:
    """Where the rest of the praise is: «1 erst nach zwei Tagen · 2 noch nicht», '' where nothing is missing."""
    _ = look.speech.say
    late = praises.count - praises.passed_on - praises.waiting
    parts = (_("{count} erst nach zwei Tagen"), late), (_("{count} noch nicht"), praises.waiting)
    return " · ".join(words.format(count=number(count, look)) for words, count in parts if count > 0)


def few(cases: int) -> bool:
    """Whether so few cases bear no percentage."""
    return cases < FEWEST
