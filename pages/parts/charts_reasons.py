"""Anliegen: what contacts are about, what they take, and which would not have been needed."""

from __future__ import annotations

from data.report_records import Avoidable, AvoidableCost, ReasonCost
from pages.parts.chart_kinds import Cell, Plot, Table, stand_words
from pages.parts.charts import Bar, Chart, Look, lying_bars
from pages.parts.figure_words import about, by_rate, cost_head, few, number, percent_word, share_word, span
from pages.parts.wrap_up_words import avoidable_word
from services.reports import Report

_MOST = 7


def reasons_title(report: Report, look: Look) -> str:
    """The reason that takes most time."""
    _ = look.speech.say
    if not report.reasons:
        return _("Noch bei keiner Anfrage ist ein Anliegen vermerkt")
    top = report.reasons[0]
    words = _("«{reason}» kostet {span}")
    return words.format(reason=top.name, span=span(top.minutes, look))


def reasons_alt(report: Report, look: Look) -> str:
    """The reasons with their time and what it costs."""
    parts = ", ".join(f"{one.name} {_cost_words(one.minutes, report, look)}" for one in report.reasons[:_MOST])
    return look.speech.say("Minuten je Anliegen: {parts}.").format(parts=parts or "–")


def reasons_source(report: Report, look: Look) -> str:
    """Whose estimate the minutes are, and of how many contacts."""
    _ = look.speech.say
    known = number(sum(one.contacts for one in report.reasons), look)
    count = _("{known} mit Anliegen von allen {count} Anfragen, auch gleich erledigten").format(
        known=known, count=number(report.now.avoidance.contacts, look)
    )
    return stand_words(report, look, _("Anzahl mal Minuten aus Ihrer Liste der Anliegen"), count)


def draw_reasons(report: Report, look: Look) -> Chart | None:
    """The reasons by their minutes, the most first, the smallest ones together."""
    if not report.reasons:
        return None
    top, rest = report.reasons[:_MOST], report.reasons[_MOST:]
    bars = [_reason_bar(one, look, place == 0) for place, one in enumerate(top)]
    if rest:
        minutes = sum(one.minutes for one in rest)
        bars.append(Bar(look.speech.say("alle anderen"), minutes, span(minutes, look)))
    return lying_bars(bars, look)


def _reason_bar(one: ReasonCost, look: Look, strong: bool) -> Bar:
    return Bar(f"{one.name} ({number(one.contacts, look)})", one.minutes, span(one.minutes, look), strong)


def _cost_words(minutes: int, report: Report, look: Look) -> str:
    return f"{span(minutes, look)} ({about(by_rate(minutes, report.hourly_rate_cents), look)})"


def reasons_table(report: Report, look: Look) -> Table:
    """By reason: contacts, minutes, cost, how many avoidable."""
    _ = look.speech.say
    head = (_("Anliegen"), _("Anfragen"), _("Minuten"), cost_head(look), _("davon vermeidbar"))
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.contacts, one.minutes, _cost(one.minutes, report), one.avoidable) for one in report.reasons
    ]
    return Table(head, rows)


def _cost(minutes: int, report: Report) -> float:
    return by_rate(minutes, report.hourly_rate_cents) / 100


def avoidable_title(report: Report, look: Look) -> str:
    """How many contacts would not have been needed, and what they cost."""
    _ = look.speech.say
    avoided = report.now.avoidance
    if few(avoided.contacts) or not avoided.avoidable:
        return _("Vermeidbar: {share}").format(share=share_word(avoided.share, look))
    words = _("{share} der Anfragen wären nicht nötig gewesen: {money}")
    cost = about(by_rate(avoided.minutes, report.hourly_rate_cents), look)
    return words.format(share=percent_word(avoided.share.percent or 0, look), money=cost)


def avoidable_alt(report: Report, look: Look) -> str:
    """The kinds with their counts, their time and what it costs."""
    say = look.speech.say
    parts = ", ".join(
        f"{avoidable_word(one.kind, say)} {number(one.contacts, look)}, {_cost_words(one.minutes, report, look)}"
        for one in _kinds(report)
    )
    return say("Vermeidbare Anfragen nach Grund: {parts}.").format(parts=parts or "–")


def avoidable_source(report: Report, look: Look) -> str:
    """How many somebody said something about."""
    _ = look.speech.say
    noted = _("bei {noted} von allen {count} Anfragen, auch gleich erledigten, ist etwas vermerkt")
    avoided = report.now.avoidance
    told = noted.format(noted=number(avoided.noted, look), count=number(avoided.contacts, look))
    return stand_words(report, look, told)


def _kinds(report: Report) -> list[AvoidableCost]:
    found = [one for one in report.now.avoidance.kinds if one.kind not in {"", Avoidable.NO}]
    return sorted(found, key=lambda one: -one.minutes)


def draw_avoidable(report: Report, look: Look) -> Chart | None:
    """The kinds of avoidable contacts by their minutes."""
    kinds = _kinds(report)
    if not kinds:
        return None
    names = [f"{avoidable_word(one.kind, look.speech.say)} ({number(one.contacts, look)})" for one in kinds]
    told = [span(one.minutes, look) for one in kinds]
    parts = enumerate(zip(names, kinds, told, strict=True))
    return lying_bars([Bar(name, one.minutes, words, at == 0) for at, (name, one, words) in parts], look)


def avoidable_table(report: Report, look: Look) -> Table:
    """By kind: contacts, minutes, cost."""
    _ = look.speech.say
    head = (_("Grund"), _("Anfragen"), _("Minuten"), cost_head(look))
    rows: list[tuple[Cell, ...]] = [
        (avoidable_word(one.kind, _), one.contacts, one.minutes, _cost(one.minutes, report)) for one in _kinds(report)
    ]
    return Table(head, rows)


REASON_PLOTS = [
    Plot("anliegen", reasons_title, reasons_alt, reasons_source, draw_reasons, reasons_table),
    Plot("vermeidbar", avoidable_title, avoidable_alt, avoidable_source, draw_avoidable, avoidable_table),
]
