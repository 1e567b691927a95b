"""Beschwerden: what they cost by month, and what they were about."""

from __future__ import annotations

from data.report_records import Cause
from pages.parts.chart_kinds import Cell, Plot, Table, stand_words
from pages.parts.charts import Bar, Chart, Look, along, bar_width, compose, layer, lying_bars, round_steps, up
from pages.parts.figure_words import cost_head, money, month_labels, number, of_word
from services.reports import Report

_MOST = 6


def count_word(count: int, look: Look) -> str:
    """«3 Beschwerden»."""
    _ = look.speech.say
    return _("1 Beschwerde") if count == 1 else _("{count} Beschwerden").format(count=number(count, look))


def cost_title(report: Report, look: Look) -> str:
    """How many, and what they cost."""
    _ = look.speech.say
    now = report.now.complaints
    if not now.count:
        return _("Keine Beschwerde in diesem Zeitraum")
    if not now.cost_cents:
        return _("{complaints}, Kosten sind keine vermerkt").format(complaints=count_word(now.count, look))
    words = _("{complaints} kosteten {money}") if now.count != 1 else _("{complaints} kostete {money}")
    return words.format(complaints=count_word(now.count, look), money=money(now.cost_cents, look))


def cost_alt(report: Report, look: Look) -> str:
    """Count, cost, solved in time, customers lost."""
    _ = look.speech.say
    now = report.now.complaints
    words = _(
        "Beschwerden je Monat: {complaints}, zusammen {money}, {solved} rechtzeitig gelöst, {lost} Kunden verloren."
    )
    solved = of_word(now.solved_in_time, now.judged, look)
    cost, lost = money(now.cost_cents, look), number(now.lost, look)
    return words.format(complaints=count_word(now.count, look), money=cost, solved=solved, lost=lost)


def cost_source(report: Report, look: Look) -> str:
    """Per hundred jobs or inquiries, and solved in time."""
    _ = look.speech.say
    now = report.now.complaints
    if now.jobs:
        rate = _("{rate} je 100 erledigte Termine").format(rate=number(100 * now.count / now.jobs, look, 1))
    elif now.inquiries:
        rate = _("{rate} je 100 Anfragen").format(rate=number(100 * now.count / now.inquiries, look, 1))
    else:
        rate = ""
    solved = _("rechtzeitig gelöst: {share}").format(share=of_word(now.solved_in_time, now.judged, look))
    return stand_words(report, look, _("Kulanz und Aufwand, wie vermerkt"), rate, solved if now.judged else "")


def draw_cost(report: Report, look: Look) -> Chart | None:
    """Cost by month with the number of complaints on each bar; where nothing cost anything, their number."""
    months = report.complaint_months
    if not any(month.count for month in months):
        return None
    dear = any(month.cost_cents for month in months)
    heights = [month.cost_cents / 100 if dear else month.count for month in months]
    top = max(heights) * 1.25
    x = along(month_labels([month.month for month in months], look), most=6)
    y = up(_height_ticks(top, dear, look), top)
    values = [
        {"x": at, "y": height, "words": f"{month.count}×" if month.count else "0"}
        for at, (month, height) in enumerate(zip(months, heights, strict=True))
    ]
    bars = {"type": "bar", "color": look.tones.quiet, **bar_width(len(months))}
    text = {"type": "text", "dy": -10, "fontWeight": 600}
    shown = values if len(values) <= 14 else values[-1:]
    return compose(
        [
            layer(bars, values[:-1], x=x, y=y),
            layer({**bars, "color": look.tones.accent}, values[-1:], x=x, y=y),
            layer(text, shown, x=x, y=y, text={"field": "words"}),
        ],
        look,
    )


def _height_ticks(top: float, dear: bool, look: Look) -> dict[float, str]:
    def written(at: float) -> str:
        return money(round(at) * 100, look) if dear else number(at, look)

    return {at: written(at) if at else "0" for at in round_steps(top)}


def cost_table(report: Report, look: Look) -> Table:
    """By month: count, cost, solved in time of those that can be judged, lost."""
    _ = look.speech.say
    head = (
        _("Monat ab"),
        _("Beschwerden"),
        cost_head(look),
        _("rechtzeitig gelöst"),
        _("beurteilbar"),
        _("Kunden verloren"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.month, one.count, one.cost_cents / 100, one.solved_in_time, one.judged, one.lost)
        for one in report.complaint_months
    ]
    return Table(head, rows)


def causes_title(report: Report, look: Look) -> str:
    """The cause that costs most."""
    _ = look.speech.say
    if not report.causes:
        return _("Noch keine Ursache vermerkt")
    return _("Am teuersten: {cause}").format(cause=report.causes[0].cause)


def causes_alt(report: Report, look: Look) -> str:
    """The causes with their counts and costs."""
    parts = ", ".join(
        f"{one.cause} {number(one.count, look)}, {money(one.cost_cents, look)}" for one in report.causes[:_MOST]
    )
    return look.speech.say("Ursachen von Beschwerden: {parts}.").format(parts=parts or "–")


def causes_source(report: Report, look: Look) -> str:
    """How many have a cause at all."""
    known = sum(one.count for one in report.causes)
    words = look.speech.say("{known} von {count} mit Ursache")
    told = words.format(known=number(known, look), count=number(report.now.complaints.count, look))
    return stand_words(report, look, told)


def draw_causes(report: Report, look: Look) -> Chart | None:
    """Causes by what they cost; where nothing cost anything, by how often."""
    if not report.causes:
        return None
    dear = any(one.cost_cents for one in report.causes)
    bars = [_cause_bar(one, look, dear, place == 0) for place, one in enumerate(report.causes[:_MOST])]
    return lying_bars(bars, look)


def _cause_bar(one: Cause, look: Look, dear: bool, strong: bool) -> Bar:
    value = one.cost_cents if dear else one.count
    return Bar(one.cause, value, f"{number(one.count, look)}× · {money(one.cost_cents, look)}", strong)


def causes_table(report: Report, look: Look) -> Table:
    """By cause: count and cost."""
    _ = look.speech.say
    head = (_("Ursache"), _("Beschwerden"), cost_head(look))
    return Table(head, [(one.cause, one.count, one.cost_cents / 100) for one in report.causes])


COMPLAINT_PLOTS = [
    Plot("beschwerdekosten", cost_title, cost_alt, cost_source, draw_cost, cost_table),
    Plot("ursachen", causes_title, causes_alt, causes_source, draw_causes, causes_table),
]
