"""A chart with its words and its table, and what several charts share: weeks, percentages, minutes on an axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_day_names

from data.report_records import Measure, Share
from pages.parts.charts import (
    Chart,
    Look,
    Part,
    along,
    bar_width,
    compose,
    falls,
    goal_line,
    headroom,
    last_word,
    layer,
    marks_in_time,
    up,
)
from pages.parts.figure_words import percent_word, share_word, span, week_labels
from services.reports import Report

Cell = str | int | float | date | None
_STEPS = (15, 30, 60, 120, 240, 480, 600, 1200, 2400, 4800)  # minutes between two ticks
_MOST_MARKS = 3
_RIPE = timedelta(days=14)  # after its Monday a week can be judged: seven days to its end, seven for a second thought


@dataclass(frozen=True)
class Table:
    """A chart's numbers: what stands above the columns, and the rows."""

    head: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Plot:
    """One chart: `title` and `alt` tell the data, `source` says what is counted, `draw` gives None without data."""

    name: str  # in addresses
    title: Callable[[Report, Look], str]
    alt: Callable[[Report, Look], str]
    source: Callable[[Report, Look], str]
    draw: Callable[[Report, Look], Chart | None]
    table: Callable[[Report, Look], Table]
    wide: bool = False


def minutes_axis(top: float, look: Look) -> Part:
    """An axis of opening time up to `top` minutes."""
    step = next((step for step in _STEPS if top / step <= 4), _STEPS[-1])
    ticks = {float(at): span(at, look) if at else "0" for at in range(0, int(top) + 1, step)}
    return up(ticks, top)


def percents_axis(look: Look, top: float = 108) -> Part:
    """An axis from 0 to 100 %; the little above it is room for the words of the highest."""
    step = 50 if top > 60 else 10 if top > 16 else 5
    return up({float(at): percent_word(at, look) if at else "0" for at in range(0, min(101, int(top) + 1), step)}, top)


def started(report: Report, weeks: Sequence[date | None]) -> list[tuple[int, str]]:
    """(place in `weeks`, title) of the measures that began in one of them; the newest, if there are many."""
    begins = [(measure.begins_on, measure) for measure in report.measures]
    placed = [(_week_of(begin, weeks), measure) for begin, measure in begins]
    found = [(at, _title(measure)) for at, measure in placed if at is not None]
    return sorted(found)[-_MOST_MARKS:]


def _title(measure: Measure) -> str:
    return measure.title if len(measure.title) <= 40 else f"{measure.title[:39].rstrip()}…"


def _week_of(day: date, weeks: Sequence[date | None]) -> int | None:
    return next((at for at, week in enumerate(weeks) if week and week <= day < week + timedelta(days=7)), None)


def share_bars(
    shares: Sequence[Share],
    labels: Sequence[str],
    goal: float,
    words: str,
    look: Look,
    marks: Sequence[tuple[int, str]],
) -> Chart:
    """Percentages as bars against a goal; the last one told, those of less than five cases left out."""
    tones, x, y = look.tones, along(labels), percents_axis(look, headroom(108, marks))
    told = [(at, share) for at, share in enumerate(shares) if share.percent is not None]
    values = [{"x": at, "y": share.percent, "words": share_word(share, look)} for at, share in told]
    bars = {"type": "bar", "color": tones.quiet, **bar_width(len(labels))}
    last = {**bars, "color": tones.accent}
    text = {"type": "text", "align": "right", "dx": 11, "dy": -10, "fontWeight": 600, "color": tones.accent}
    return compose(
        [
            layer(bars, values[:-1], x=x, y=y),
            layer(last, values[-1:], x=x, y=y),
            *goal_line(goal, words, look),
            *marks_in_time(marks, len(labels), x, look),
            layer(text, values[-1:], x=x, y=y, text={"field": "words"}),
        ],
        look,
    )


def share_line(shares: Sequence[Share], goal: float, words: str, look: Look, *, ripe: int, top: float = 108) -> Chart:
    """Percentages as a line against a goal; from the place `ripe` on dashed, because those can still change."""
    weeks = [share.week for share in shares]
    tones, x, y = look.tones, along(week_labels(weeks, look)), percents_axis(look, top)
    told = [(at, share.percent, share) for at, share in enumerate(shares) if share.percent is not None]
    values = [{"x": at, "y": percent} for at, percent, _share in told]
    done = [value for value in values if value["x"] < ripe]
    young = [*done[-1:], *(value for value in values if value["x"] >= ripe)]
    line = {"type": "line", "strokeWidth": 3, "color": tones.accent, "interpolate": "monotone"}
    point = {"point": {"filled": False, "fill": tones.card, "color": tones.accent, "size": 70}}
    layers = [layer({**line, "point": {"color": tones.accent, "size": 40}}, done, x=x, y=y)]
    if len(young) > 1:
        layers.append(layer({**line, **point, "strokeDash": [4, 4], "strokeWidth": 2}, young, x=x, y=y))
    layers += goal_line(goal, words, look)
    if done:
        last = done[-1]
        layers += last_word(last, percent_word(last["y"] or 0, look), x, y, look, below=falls(done, top))
    return compose(layers, look)


def ripe_weeks(report: Report, shares: Sequence[Share]) -> int:
    """How many of the weeks can be judged for good; the youngest cannot."""
    today = report.as_of.date()
    return sum(1 for share in shares if share.week and share.week + _RIPE <= today)


def ripe_share(report: Report, shares: Sequence[Share]) -> Share:
    """The last of the weeks that can be judged and has five cases or more."""
    done = [share for share in shares[: ripe_weeks(report, shares)] if share.percent is not None]
    return done[-1] if done else Share(0, 0)


def share_table(shares: Sequence[Share], head: tuple[str, ...]) -> Table:
    """Week, cases, hits, percent."""
    rows: list[tuple[Cell, ...]] = [
        (one.week or one.month, one.cases, one.hits, rounded(one.percent)) for one in shares
    ]
    return Table(head, rows)


def rounded(value: float | None) -> float | None:
    """One digit behind the point."""
    return None if value is None else round(value, 1)


def stand_words(report: Report, look: Look, *parts: str) -> str:
    """«Median in Öffnungszeit · 109 Anfragen · Stand 10:42»."""
    at = report.as_of.astimezone(look.speech.zone).strftime("%H:%M")
    return " · ".join([*(part for part in parts if part), look.speech.say("Stand {time}").format(time=at)])


def weekday_words(look: Look) -> list[str]:
    """«Mo», «Di», …"""
    names = get_day_names("abbreviated", "stand-alone", look.speech.locale)
    return [names[day].rstrip(".") for day in range(7)]
