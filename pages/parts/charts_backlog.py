"""Offen jetzt: how long those have waited who wait now."""

from __future__ import annotations

from data.report_records import AgeClass
from pages.parts.chart_kinds import Plot, Table, stand_words
from pages.parts.charts import Bar, Chart, Look, lying_bars
from pages.parts.figure_words import number
from services.reports import Report


def _age_word(age: AgeClass, look: Look) -> str:
    _ = look.speech.say
    words = {
        0: _("bis 1 Stunde"),
        60: _("1 bis 4 Stunden"),
        240: _("4 Stunden bis 1 Tag"),
        1440: _("1 bis 3 Tage"),
        4320: _("über 3 Tage"),
    }
    return words[age.from_minutes]


def _long(report: Report) -> int:
    return sum(age.count for age in report.backlog if age.to_minutes is None)


def backlog_title(report: Report, look: Look) -> str:
    """Whether anybody waits for more than three days."""
    _ = look.speech.say
    long = _long(report)
    if not any(age.count for age in report.backlog):
        return _("Niemand wartet gerade")
    if not long:
        return _("Niemand wartet länger als drei Tage")
    if long == 1:
        return _("Eine Anfrage wartet länger als drei Tage")
    return _("{count} Anfragen warten länger als drei Tage").format(count=number(long, look))


def backlog_alt(report: Report, look: Look) -> str:
    """Each age with its count."""
    parts = ", ".join(f"{_age_word(age, look)} {number(age.count, look)}" for age in report.backlog)
    return look.speech.say("Offene Anfragen nach Wartezeit: {parts}.").format(parts=parts)


def backlog_source(report: Report, look: Look) -> str:
    """From when the wait is counted, and that it is of now."""
    _ = look.speech.say
    return stand_words(report, look, _("seit der ältesten unbeantworteten Nachricht, mit Nächten und Sonntagen"))


def draw_backlog(report: Report, look: Look) -> Chart | None:
    """A bar an age, the oldest below; it is strong when somebody is in it."""
    if not any(age.count for age in report.backlog):
        return None
    bars = [
        Bar(_age_word(age, look), age.count, number(age.count, look), strong=age.to_minutes is None and age.count > 0)
        for age in report.backlog
    ]
    return lying_bars(bars, look)


def backlog_table(report: Report, look: Look) -> Table:
    """Each age with its count; no row where nobody waits."""
    _ = look.speech.say
    waiting = report.backlog if any(age.count for age in report.backlog) else ()
    return Table((_("Wartezeit"), _("Anfragen")), [(_age_word(age, look), age.count) for age in waiting])


BACKLOG_PLOTS = [
    Plot("offen", backlog_title, backlog_alt, backlog_source, draw_backlog, backlog_table, wide=True),
]
