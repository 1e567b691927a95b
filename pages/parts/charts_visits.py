"""Termine: what becomes of those who ask for one, and who does not come."""

from __future__ import annotations

from collections.abc import Sequence

from data.report_records import Figure, FunnelStep
from pages.parts.chart_kinds import Cell, Plot, Table, percents_axis, rounded, stand_words
from pages.parts.charts import (
    Bar,
    Chart,
    Look,
    Part,
    along,
    bar_width,
    compose,
    free_spot,
    goal_line,
    layer,
    lying_bars,
    words_at,
)
from pages.parts.figure_words import few, month_labels, number, of_word, percent_word, share_word
from services.reports import Report
from services.rules.goals import GOALS

_MOST_TOLD = 8  # bars with words of their own
_TOP = 15  # percent of no-shows on the axis, unless there are more


def funnel_title(report: Report, look: Look) -> str:
    """How many of those who asked came."""
    _ = look.speech.say
    asked, booked, _came = _sums(report)
    if not asked:
        return _("Niemand fragte nach Termin, Preis oder Ware")
    if few(asked):
        return _("Aus Anfragen wurden Termine: {share}").format(share=of_word(booked, asked, look))
    return _("{share} derer, die nach Termin, Preis oder Ware fragten, buchen").format(
        share=percent_word(100 * booked / asked, look)
    )


def _sums(report: Report) -> tuple[int, int, int]:
    steps = report.funnel
    return sum(one.asked for one in steps), sum(one.booked for one in steps), sum(one.came for one in steps)


def funnel_alt(report: Report, look: Look) -> str:
    """New and regular customers: asked, booked, came."""
    _ = look.speech.say
    words = _("{who}: {asked} gefragt, {booked} gebucht, {came} gekommen.")
    parts = [
        words.format(
            who=_who(one, look),
            asked=number(one.asked, look),
            booked=number(one.booked, look),
            came=number(one.came, look),
        )
        for one in report.funnel
    ]
    return " ".join(parts) or "–"


def _who(step: FunnelStep, look: Look) -> str:
    _ = look.speech.say
    return _("Stammkunden") if step.regular else _("Neue Kunden")


def funnel_source(report: Report, look: Look) -> str:
    """Who is counted, and how long they have."""
    told = look.speech.say("Anfragen zu Termin, Preis, Ware; gebucht binnen 30 Tagen, jüngste Anfragen haben noch Zeit")
    return stand_words(report, look, told)


def draw_funnel(report: Report, look: Look) -> Chart | None:
    """Asked, booked, came: three bars for new customers and three for those who were known."""
    if not _sums(report)[0]:
        return None
    return lying_bars([bar for step in report.funnel if step.asked for bar in _step_bars(step, look)], look)


def _step_bars(step: FunnelStep, look: Look) -> list[Bar]:
    _ = look.speech.say
    who = _who(step, look)
    return [
        Bar(_("{who}, die fragten").format(who=who), step.asked, number(step.asked, look)),
        Bar(_("davon gebucht"), step.booked, of_word(step.booked, step.asked, look)),
        Bar(_("davon gekommen"), step.came, of_word(step.came, step.asked, look), strong=True),
    ]


def funnel_table(report: Report, look: Look) -> Table:
    """New and regular customers: asked, booked, came."""
    _ = look.speech.say
    head = (_("Kunden"), _("gefragt"), _("gebucht"), _("gekommen"))
    return Table(head, [(_who(one, look), one.asked, one.booked, one.came) for one in report.funnel])


def missed_title(report: Report, look: Look) -> str:
    """How many did not come."""
    _ = look.speech.say
    share = report.now.visits.share
    if not share.cases:
        return _("Noch kein Termin in diesem Zeitraum")
    if few(share.cases):
        return _("Nicht gekommen: {share}").format(share=share_word(share, look))
    return _("{share} kamen nicht zu ihrem Termin").format(share=share_word(share, look))


def missed_alt(report: Report, look: Look) -> str:
    """Missed of all, called off late, and the goal."""
    _ = look.speech.say
    now = report.now.visits
    words = _("Nicht gekommen je Monat: zusammen {share}, dazu {late} knapp abgesagt, Ziel höchstens {goal}.")
    share, goal = of_word(now.share.hits, now.share.cases, look), percent_word(GOALS[Figure.NO_SHOWS], look)
    return words.format(share=share, late=number(now.cancelled_late, look), goal=goal)


def missed_source(report: Report, look: Look) -> str:
    """What is counted apart."""
    _ = look.speech.say
    now = report.now.visits
    late = _("dazu {count} in den letzten 24 Stunden abgesagt").format(count=number(now.cancelled_late, look))
    return stand_words(report, look, of_word(now.share.hits, now.share.cases, look), late)


def draw_missed(report: Report, look: Look) -> Chart | None:
    """The share of no-shows by month against the most there should be."""
    months = report.visit_months
    told = [(at, one.share.percent, one) for at, one in enumerate(months) if one.share.percent is not None]
    if not told:
        return None
    goal = GOALS[Figure.NO_SHOWS]
    top = max(_TOP, *(percent for _at, percent, _one in told)) * 1.2
    x, y = along(month_labels([one.month for one in months], look), most=6), percents_axis(look, top)
    values = [{"x": at, "y": percent, "over": percent > goal} for at, percent, _one in told]
    tones = look.tones
    fill = {"condition": {"test": "datum.over", "value": tones.closed}, "value": tones.accent}
    words = look.speech.say("bis {goal}").format(goal=percent_word(goal, look))
    return compose(
        [
            layer({"type": "bar", **bar_width(len(months))}, values, x=x, y=y, color=fill),
            *goal_line(goal, words, look),
            _missed_words(values, top, x, y, look),
        ],
        look,
    )


def _missed_words(values: Sequence[Part], top: float, x: Part, y: Part, look: Look) -> Part:
    """The percentage over each bar; where there are many, over the last alone."""
    if len(values) <= _MOST_TOLD:
        told = [{**value, "words": percent_word(value["y"], look)} for value in values]
        return layer({"type": "text", "dy": -10, "fontWeight": 600}, told, x=x, y=y, text={"field": "words"})
    words = percent_word(values[-1]["y"], look)
    return words_at(free_spot(values, values[-1], words, top), values[-1], words, x, y, look.tones.text)


def missed_table(report: Report, look: Look) -> Table:
    """By month: came, did not, called off late, percent."""
    _ = look.speech.say
    head = (_("Monat ab"), _("gekommen"), _("nicht gekommen"), _("knapp abgesagt"), _("Prozent nicht gekommen"))
    rows: list[tuple[Cell, ...]] = [
        (one.month, one.done, one.no_show, one.cancelled_late, rounded(one.share.percent))
        for one in report.visit_months
    ]
    return Table(head, rows)


VISIT_PLOTS = [
    Plot("trichter", funnel_title, funnel_alt, funnel_source, draw_funnel, funnel_table),
    Plot("nicht-gekommen", missed_title, missed_alt, missed_source, draw_missed, missed_table),
]
