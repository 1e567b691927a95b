"""Wünsche: who was told that it is there, and what people ask for and do not get."""

from __future__ import annotations

from data.report_records import Figure, Unmet
from pages.parts.chart_kinds import Cell, Plot, Table, stand_words
from pages.parts.charts import Bar, Chart, Look, lying_bars
from pages.parts.figure_words import NOTHING, about, cost_head, counted, few, number, of_word, percent_word, share_word
from services.reports import Report
from services.rules.goals import GOALS

_MOST = 8


def wishes_title(report: Report, look: Look) -> str:
    """How many were told in time."""
    _ = look.speech.say
    share = report.now.wishes.share
    if not share.cases:
        return _("Noch kein Wunsch war fällig")
    if few(share.cases):
        return _("Wünsche erfüllt: {share}").format(share=share_word(share, look))
    words = _("{share} der fälligen Wünsche ({count}) bekamen rechtzeitig Nachricht")
    return words.format(share=share_word(share, look), count=of_word(share.hits, share.cases, look))


def wishes_alt(report: Report, look: Look) -> str:
    """Noted, told and fetched, and the goal."""
    _ = look.speech.say
    steps = report.wish_funnel
    words = _("Wünsche: {noted} notiert, {told} benachrichtigt, {fetched} abgeholt; rechtzeitig {share}, Ziel {goal}.")
    return words.format(
        noted=number(steps.noted, look),
        told=number(steps.told, look),
        fetched=number(steps.fulfilled, look),
        share=share_word(report.now.wishes.share, look),
        goal=percent_word(GOALS[Figure.WISHES], look),
    )


def wishes_source(report: Report, look: Look) -> str:
    """Who is counted, and how long it took."""
    _ = look.speech.say
    days = report.now.wishes.median_days
    told = "" if days is None else counted(days, _("im Median nach 1 Tag"), _("im Median nach {count} Tagen"), look)
    return stand_words(report, look, _("im Zeitraum notierte Wünsche, jüngste haben noch Zeit"), told)


def draw_wishes(report: Report, look: Look) -> Chart | None:
    """Noted, told, fetched: three bars."""
    _ = look.speech.say
    steps = report.wish_funnel
    if not steps.noted:
        return None
    told, fetched = (of_word(count, steps.noted, look) for count in (steps.told, steps.fulfilled))
    return lying_bars(
        [
            Bar(_("notierte Wünsche"), steps.noted, number(steps.noted, look)),
            Bar(_("davon benachrichtigt"), steps.told, told),
            Bar(_("davon abgeholt"), steps.fulfilled, fetched, strong=True),
        ],
        look,
    )


def wishes_table(report: Report, look: Look) -> Table:
    """Noted, told and fetched; decided and told in time; the median."""
    _ = look.speech.say
    head = (_("notiert"), _("benachrichtigt"), _("abgeholt"), _("fällig"), _("rechtzeitig"), _("Median in Tagen"))
    steps, now = report.wish_funnel, report.now.wishes
    if not (steps.noted or now.ended):
        return Table(head, [])
    return Table(head, [(steps.noted, steps.told, steps.fulfilled, now.ended, now.told, now.median_days)])


def unmet_title(report: Report, look: Look) -> str:
    """What is wanted most."""
    _ = look.speech.say
    if not report.unmet:
        return _("Alles Gewünschte war zu haben")
    return _("Am meisten vermisst: {wish}").format(wish=unmet_word(report.unmet[0], look))


def unmet_word(one: Unmet, look: Look) -> str:
    """«8 × Jeans 128»."""
    return f"{number(one.count, look)} × {one.name}"


def unmet_alt(report: Report, look: Look) -> str:
    """What was asked for and did not come, with the sales it would have made."""
    parts = ", ".join(f"{unmet_word(one, look)} ({_missed(one, look)})" for one in report.unmet[:_MOST])
    return look.speech.say("Unerfüllte Wünsche: {parts}.").format(parts=parts or NOTHING)


def _missed(one: Unmet, look: Look) -> str:
    return about(one.missed_cents, look) if one.missed_cents else look.speech.say("ohne Preis")


def unmet_source(report: Report, look: Look) -> str:
    """That the money is an estimate."""
    _ = look.speech.say
    count = sum(one.count for one in report.unmet)
    told = counted(count, _("1 Wunsch ohne Nachricht"), _("{count} Wünsche ohne Nachricht"), look)
    return stand_words(report, look, _("Anzahl mal notierter Preis, eine Schätzung"), told)


def draw_unmet(report: Report, look: Look) -> Chart | None:
    """The most wanted first, by how often."""
    bars = [
        Bar(unmet_word(one, look), one.count, _missed(one, look), at == 0)
        for at, one in enumerate(report.unmet[:_MOST])
    ]
    return lying_bars(bars, look) if bars else None


def unmet_table(report: Report, look: Look) -> Table:
    """By article and size: how often, and what it would have brought."""
    _ = look.speech.say
    head = (_("Artikel"), _("Wünsche"), _("Entgangener Umsatz (Schätzung)") + f", {cost_head(look)}")
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.count, None if one.missed_cents is None else one.missed_cents / 100) for one in report.unmet
    ]
    return Table(head, rows)


WISH_PLOTS = [
    Plot("wuensche", wishes_title, wishes_alt, wishes_source, draw_wishes, wishes_table),
    Plot("nicht-bekommen", unmet_title, unmet_alt, unmet_source, draw_unmet, unmet_table),
]
