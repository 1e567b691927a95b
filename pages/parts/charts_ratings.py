"""Zufriedenheit: how content customers say they are by month, the content above a line and the others below it."""

from __future__ import annotations

from collections.abc import Sequence

from data.report_records import Figure, Ratings
from pages.parts.chart_kinds import Cell, Plot, Table, newest_share, stand_words
from pages.parts.charts import Chart, Look, Part, along, compose, group, layer
from pages.parts.figure_words import few, month_labels, number, of_word, percent_word, share_word
from pages.parts.words import rating_word
from services.reports import Report
from services.rules.goals import GOALS

_KINDS = ("v5", "v4", "v3", "v2", "v1")  # from very content to very discontent
_ROOM = 0.35  # of the highest, above and below for words
_MOST_TOLD = 8  # bars with words of their own
_SMALLEST = 0.09  # of the whole height: a segment that bears its number


def ratings_title(report: Report, look: Look) -> str:
    """How many are content."""
    _ = look.speech.say
    share = report.now.ratings.share
    if not share.cases:
        return _("Noch keine Bewertung in diesem Zeitraum")
    if few(share.cases):
        return _("Zufrieden: {share}").format(share=share_word(share, look))
    return _("{share} sind zufrieden").format(share=share_word(share, look))


def ratings_alt(report: Report, look: Look) -> str:
    """Each kind with its count, and the goal."""
    _ = look.speech.say
    counts = report.now.ratings.counts
    told = (f"{rating_word(5 - at, _)} {number(count, look)}" for at, count in enumerate(counts))
    words = _("Bewertungen je Monat: {parts}, Ziel {goal} zufrieden.")
    return words.format(parts=", ".join(told), goal=percent_word(GOALS[Figure.SATISFACTION], look))


def ratings_source(report: Report, look: Look) -> str:
    """How many could have rated, and what the heights and colours are."""
    _ = look.speech.say
    now = report.now.ratings
    response = of_word(now.replied, now.asked, look)
    told = _("Rücklauf {share}").format(share=response) if now.asked else ""
    return stand_words(report, look, _("über der Linie zufrieden, grau teils, teils, darunter unzufrieden"), told)


def draw_ratings(report: Report, look: Look) -> Chart | None:
    """One bar a month: «teils, teils» around the line, better ones above it, worse ones below."""
    months = report.rating_months
    if not any(month.share.cases for month in months):
        return None
    high = max(month.share.hits + month.partly / 2 for month in months)
    low = max(_below(month) for month in months)
    room = max(1.0, (high + low) * _ROOM)
    top, bottom = high + room, -(low + room / 2)
    x = along(month_labels([month.month for month in months], look), most=6)
    scale = {"domain": [bottom, top], "nice": False}
    y: Part = {"field": "from", "type": "quantitative", "axis": None, "scale": scale}
    parts = [part for at, month in enumerate(months) for part in _stack(at, month, (top - bottom) * _SMALLEST)]
    return compose(
        [
            group(parts, _bars(len(months), x, y, look)),
            layer({"type": "rule", "color": look.tones.muted, "strokeWidth": 1}, [{}], y={"datum": 0, "scale": scale}),
            group([part for part in parts if part["words"]], _numbers(x, y, look)),
            *_side_words(look),
            _share_words(months, x, y, look),
        ],
        look,
    )


def _below(month: Ratings) -> float:
    return month.discontent + month.very_discontent + month.partly / 2


def _stack(at: int, month: Ratings, least: float) -> list[Part]:
    """The segments from the lowest up; `words` only where the segment has room for its number."""
    base, parts = -_below(month), []
    for kind, count in reversed(list(zip(_KINDS, month.counts, strict=True))):
        if count:
            words = str(count) if count >= least else ""
            middle = base + count / 2
            parts.append({"x": at, "kind": kind, "from": base, "to": base + count, "middle": middle, "words": words})
        base += count
    return parts


def _bars(months: int, x: Part, y: Part, look: Look) -> Part:
    """The colours say it once more: strong at both ends, weaker towards the grey in the middle."""
    tones = look.tones
    scale = {"domain": list(_KINDS), "range": [tones.accent, tones.accent, tones.quiet, tones.late, tones.late]}
    weak = {"condition": {"test": "datum.kind === 'v4' || datum.kind === 'v2'", "value": 0.55}, "value": 1}
    bar = {"type": "bar", "width": 34 if months <= 5 else {"band": 0.72}, "stroke": tones.card, "strokeWidth": 1}
    fill = {"field": "kind", "type": "nominal", "scale": scale, "legend": None}
    return layer(bar, x=x, y=y, y2={"field": "to"}, fill=fill, fillOpacity=weak)


def _numbers(x: Part, y: Part, look: Look) -> Part:
    """How many each segment is, in its middle."""
    tones = look.tones
    text = {"type": "text", "fontSize": 15, "fontWeight": 600, "baseline": "middle"}
    ink = {
        "condition": {"test": "datum.kind === 'v5' || datum.kind === 'v1'", "value": tones.card},
        "value": tones.text,
    }
    return layer(text, x=x, y={**y, "field": "middle"}, text={"field": "words"}, color=ink)


def _side_words(look: Look) -> list[Part]:
    """What is above the line and what below."""
    _ = look.speech.say
    text: Part = {"type": "text", "align": "left", "color": look.tones.muted}
    places = (("top", 0, _("▲ zufrieden")), ("bottom", "height", _("▼ unzufrieden")))
    return [
        layer({**text, "baseline": line, "text": words}, [{}], x={"value": 0}, y={"value": at})
        for line, at, words in places
    ]


def _share_words(months: Sequence[Ratings], x: Part, y: Part, look: Look) -> Part:
    """«9/10» over each bar; where there are many, the last alone, in the room above them."""
    rated = [(at, month) for at, month in enumerate(months) if month.share.cases]
    text: Part = {"type": "text", "fontWeight": 600}
    if len(months) > _MOST_TOLD:
        return newest_share(rated[-1][1].share, look)
    tops = [
        {"x": at, "from": one.share.hits + one.partly / 2, "words": f"{one.share.hits}/{one.share.cases}"}
        for at, one in rated
    ]
    return layer({**text, "dy": -10}, tops, x=x, y=y, text={"field": "words"})


def ratings_table(report: Report, look: Look) -> Table:
    """By month: the five kinds and how many are content in percent."""
    _ = look.speech.say
    head = (
        _("Monat ab"),
        *(rating_word(value, _) for value in (5, 4, 3, 2, 1)),
        _("Bewertungen"),
        _("Prozent zufrieden"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.month, *one.counts, one.share.cases, None if one.share.percent is None else round(one.share.percent, 1))
        for one in report.rating_months
    ]
    return Table(head, rows)


RATING_PLOTS = [
    Plot("zufriedenheit", ratings_title, ratings_alt, ratings_source, draw_ratings, ratings_table, wide=True),
]
