"""A chart with its words and its table, and what several charts share: weeks, percentages, minutes on an axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_day_names

from data.report_records import Measure, Share
from pages.parts.charts import (
    HEIGHT,
    Chart,
    Look,
    Marks,
    Part,
    Spot,
    along,
    bar_width,
    compose,
    free_spot,
    goal_line,
    headroom,
    layer,
    marks_in_time,
    told_point,
    up,
    words_at,
)
from pages.parts.figure_words import of_word, percent_word, span, week_labels
from services.reports import Report

Cell = str | int | float | date | None
_STEPS = (15, 30, 60, 120, 240, 480, 600, 1200, 2400, 4800)  # minutes between two ticks
_MOST_MARKS = 3
_LONGEST = 60  # signs of a measure's title
_TOP = 120.0  # percent on an axis: above all of them there is room for words


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


def percents_axis(look: Look, top: float = 120) -> Part:
    """An axis from 0 to 100 %; the little above it is room for the words of the highest."""
    step = 50 if top > 60 else 10 if top > 16 else 5
    return up({float(at): percent_word(at, look) if at else "0" for at in range(0, min(101, int(top) + 1), step)}, top)


def started(report: Report, weeks: Sequence[date | None]) -> Marks:
    """The measures that began in one of the weeks, with their titles; the newest, if there are many."""
    begins = [(measure.begins_on, measure) for measure in report.measures]
    placed = [(_week_of(begin, weeks), measure) for begin, measure in begins]
    found = [(at, _title(measure)) for at, measure in placed if at is not None]
    return Marks(sorted(found)[-_MOST_MARKS:], len(weeks))


def _title(measure: Measure) -> str:
    return measure.title if len(measure.title) <= _LONGEST else f"{measure.title[: _LONGEST - 1].rstrip()}…"


def _week_of(day: date, weeks: Sequence[date | None]) -> int | None:
    return next((at for at, week in enumerate(weeks) if week and week <= day < week + timedelta(days=7)), None)


def share_bars(
    shares: Sequence[Share],
    labels: Sequence[str],
    goal: float,
    words: str,
    look: Look,
    marks: Marks,
) -> Chart:
    """Percentages as bars against a goal; the last one told, those of less than five cases left out."""
    tones, x, y = look.tones, along(labels), percents_axis(look, headroom(_TOP, marks))
    values: list[Part] = [{"x": at, "y": share.percent} for at, share in enumerate(shares) if share.percent is not None]
    told = [percent_word(value["y"], look) for value in values[-1:]]
    bars = {"type": "bar", "color": tones.quiet, **bar_width(len(labels))}
    last = {**bars, "color": tones.accent}
    return compose(
        [
            layer(bars, values[:-1], x=x, y=y),
            layer(last, values[-1:], x=x, y=y),
            *goal_line(goal, words, look),
            *marks_in_time(marks, x, look),
            *[words_at(_over_bars(values, one, goal), values[-1], one, x, y, tones.accent) for one in told],
        ],
        look,
        height=HEIGHT + marks.height,
    )


def _over_bars(values: Sequence[Part], words: str, goal: float) -> Spot:
    return free_spot(values, values[-1], words, _TOP, goal, lies=False)


def share_line(shares: Sequence[Share], goal: float, words: str, look: Look, *, ripe: int, top: float = _TOP) -> Chart:
    """Percentages as a line against a goal; from the place `ripe` on dashed, because those can still change.

    Weeks of less than five cases are gaps. `top` is a fifth above the highest percentage.
    """
    weeks = [share.week for share in shares]
    tones, x, y = look.tones, along(week_labels(weeks, look)), percents_axis(look, top)
    values: list[Part] = [{"x": at, "y": share.percent} for at, share in enumerate(shares)]
    done, young = values[:ripe], values[max(0, ripe - 1) :]
    line = {"type": "line", "strokeWidth": 3, "color": tones.accent, "interpolate": "monotone"}
    point = {"point": {"filled": False, "fill": tones.card, "color": tones.accent, "size": 70}}
    layers = []
    if any(value["y"] is not None for value in values[ripe:]):
        layers.append(layer({**line, **point, "strokeDash": [4, 4], "strokeWidth": 2}, young, x=x, y=y))
    layers.insert(0, layer({**line, "point": {"color": tones.accent, "size": 40}}, done, x=x, y=y))
    layers += goal_line(goal, words, look)
    last = next((value for value in reversed(done) if value["y"] is not None), None)
    if last:
        told = percent_word(last["y"], look)
        layers += told_point(free_spot(values, last, told, top, goal), last, told, x, y, look)
    return compose(layers, look)


def ripe_weeks(report: Report, shares: Sequence[Share], look: Look, after: timedelta) -> int:
    """How many of the weeks can be judged for good: `after` their Mondays they can, on the shop's calendar."""
    today = report.as_of.astimezone(look.speech.zone).date()
    return sum(1 for share in shares if share.week and share.week + after <= today)


def ripe_share(shares: Sequence[Share], ripe: int) -> Share:
    """The last of the first `ripe` weeks that has five cases or more."""
    done = [share for share in shares[:ripe] if share.percent is not None]
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


def newest_share(share: Share, look: Look) -> Part:
    """«zuletzt 3 von 4», above bars that are too many to bear words of their own."""
    told = look.speech.say("zuletzt {share}").format(share=of_word(share.hits, share.cases, look))
    text: Part = {"type": "text", "fontWeight": 600, "align": "right", "text": told}
    return layer(text, [{}], x={"value": "width"}, y={"value": 8})
