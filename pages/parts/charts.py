"""How every chart looks and speaks: one accent and grey, words on the points that matter, the country's numbers.

A chart is put together from plain parts of the Vega-Lite grammar under Altair's own top-level class. Altair's fluent
way of writing copies and checks every part on the go, about 40 ms a chart; so it is 1 ms, and the tests let Altair
check each chart against its schema.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Any

import altair as alt
from babel import Locale
from babel.dates import get_day_names, get_month_names

from pages.parts.words import Speech

Part = dict[str, Any]
HEIGHT = 230
FONT = "Figtree, system-ui, sans-serif"
MOST_LABELS = 5  # on an axis of weeks or months beside another card
_BAR, _ROW = 22, 62
_SIGN = 8.2  # px of a sign in bold
_LINE = 20  # px of a line of words
_CARD, _NARROW = 300, 240  # px: how wide a picture is on a phone at least, and without its axis and its goal's words
_SPACE = {"AT": "\u00a0", "DE": ".", "CH": "’"}  # between thousands


class Chart(alt.TopLevelLayerSpec):
    """A chart of layers. Like Altair's own charts it is checked when asked for, not as it is made."""

    _class_is_valid_at_instantiation = False


@dataclass(frozen=True)
class Tones:
    """Colours of a theme; the same tokens as in .streamlit/config.toml."""

    accent: str
    quiet: str
    text: str
    muted: str
    grid: str
    late: str
    closed: str
    card: str


LIGHT = Tones("#0F6B63", "#B9B1A3", "#26221C", "#655E52", "#EBE5DA", "#B42318", "#B45309", "#FFFFFF")
DARK = Tones("#5CC4B8", "#6B645A", "#EFEAE1", "#B4AC9F", "#2F2B26", "#F07A6C", "#E5A64B", "#201D1A")


@dataclass(frozen=True)
class Look:
    """Whose words, which country's money, which theme."""

    speech: Speech
    country: str
    dark: bool = False

    @property
    def tones(self) -> Tones:
        """The colours of the theme."""
        return DARK if self.dark else LIGHT


def compose(layers: Sequence[Part], look: Look, height: int = HEIGHT, *, left: int = 6) -> Chart:
    """The chart of these layers, `height` pixels high and as wide as its place, `left` px of it free for an axis."""
    padding = {"left": left, "right": 6, "top": 6, "bottom": 5}
    config = _config(look.speech.locale, look.country, look.dark)
    return Chart(layer=list(layers), height=height, background="transparent", padding=padding, config=config)


def layer(mark: Part, values: Sequence[Part] | None = None, **encoding: Part) -> Part:
    """One mark of a chart; without `values` it shows those of the `group` it is in."""
    made: Part = {"mark": mark, "encoding": encoding}
    return made if values is None else {"data": {"values": list(values)}, **made}


def group(values: Sequence[Part], *layers: Part) -> Part:
    """Layers over the same values, which so travel once."""
    return {"data": {"values": list(values)}, "layer": list(layers)}


def along(labels: Sequence[str], *, most: int = MOST_LABELS) -> Part:
    """The x axis of a row of weeks or months: field `x` counts from 0, about `most` of the labels are written."""
    step = max(1, -(-len(labels) // most))
    shown = {float(at): labels[at] for at in range(len(labels) - 1, -1, -step)}
    axis = {"labelAngle": 0, "grid": False, "labelOverlap": True, "labelSeparation": 10, **_written(shown)}
    return {"field": "x", "type": "ordinal", "scale": {"domain": list(range(len(labels)))}, "axis": axis}


def up(ticks: Mapping[float, str], top: float, field: str = "y") -> Part:
    """The y axis from 0 to `top` with these ticks."""
    scale = {"domain": [0, top], "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": _written(ticks)}


def _written(ticks: Mapping[float, str]) -> Part:
    """Ticks with labels of our own: a list from which Vega takes each by its place."""
    places, words = (json.dumps(list(part), ensure_ascii=False) for part in (ticks.keys(), ticks.values()))
    return {"values": list(ticks), "labelExpr": f"{words}[indexof({places}, datum.value)]"}


def nice(value: float) -> float:
    """The next round number below `value`: 1, 2 or 5 with noughts; at least 1."""
    size = 10 ** math.floor(math.log10(max(1.0, value)))
    return float(next(step * size for step in (5, 2, 1) if step * size <= max(1.0, value)))


def round_steps(top: float) -> list[float]:
    """Two to five ticks from 0 up to `top`, all of them round."""
    step = nice(top / 2)
    return [number * step for number in range(int(top / step) + 1)]


def bar_width(count: int) -> Part:
    """How wide the bars of `count` weeks are: 22 px where there is room."""
    return {"width": _BAR if count <= 9 else {"band": 0.72}, "cornerRadiusEnd": 4 if count <= 60 else 0}


def goal_line(value: float, words: str, look: Look) -> list[Part]:
    """The dashed line of a goal, its words in the margin at the right, where no bar or line is under them."""
    tones, at = look.tones, {"datum": value}
    text = {"type": "text", "align": "left", "dx": 6, "baseline": "middle", "color": tones.muted, "lineHeight": 18}
    told = [look.speech.say("Ziel"), words]
    return [
        layer({"type": "rule", "strokeDash": [5, 5], "strokeWidth": 1.5, "color": tones.muted}, [{}], y=at),
        layer({**text, "text": told}, [{}], y=at, x={"value": "width"}),
    ]


@dataclass(frozen=True)
class Marks:
    """What was changed when: (place on x, words) of each change, on an axis of `count` places."""

    starts: Sequence[tuple[int, str]]
    count: int

    @property
    def lines(self) -> list[list[str]]:
        """The words of each, in lines so short that a phone cuts none."""
        return [wrap(f"▸ {words}", int(self._room(at) / _SIGN), break_on_hyphens=False) for at, words in self.starts]

    def _room(self, at: int) -> float:
        """Px from the place to the farther end of the axis."""
        return _NARROW * max(at, self.count - at) / max(1, self.count)

    @property
    def height(self) -> int:
        """Px above the picture that all the words take."""
        return _LINE * sum(len(lines) for lines in self.lines)


def headroom(top: float, marks: Marks) -> float:
    """An axis up to `top` with room above for the words of `marks_in_time`, in a chart that is so much higher."""
    return top * (HEIGHT + marks.height) / HEIGHT


def marks_in_time(marks: Marks, x: Part, look: Look) -> list[Part]:
    """Upright lines where something was changed, each with what it was."""
    tones = look.tones
    if not marks.starts:
        return []
    rule = {"type": "rule", "color": tones.closed, "strokeWidth": 2, "strokeDash": [2, 3]}
    rules: list[Part] = []
    texts: list[Part] = []
    down = 2
    for (at, _words), lines in zip(marks.starts, marks.lines, strict=True):
        side = {"align": "left", "dx": 6} if at < marks.count / 2 else {"align": "right", "dx": -6}
        text = {"type": "text", "baseline": "top", "lineHeight": _LINE, "color": tones.closed, "fontWeight": 600}
        text |= {**side, "text": lines}
        place = [{"x": at}]
        rules.append(layer(rule, place, x=x, y={"value": down}, y2={"value": "height"}))
        edge = {"stroke": tones.card, "strokeWidth": 5, "strokeJoin": "round"}  # no other's line runs through the words
        texts += [layer({**text, **more}, place, x=x, y={"value": down}) for more in (edge, {})]
        down += _LINE * len(lines)
    return [*rules, *texts]


@dataclass(frozen=True)
class Spot:
    """Where the words of a point stand: over or under a height of the y axis, to the left or the right."""

    level: float
    below: bool
    right: bool


def free_spot(
    values: Sequence[Part], point: Part, words: str, top: float, goal: float | None = None, *, lies: bool = True
) -> Spot:
    """Beside the line: above the highest of the points that the words span, or where the goal's line would run through
    the words below the lowest of them, and above the goal where there is no room or bars (not `lies`) stand.

    `top` is a fifth above the highest value, so that there is room above.
    """
    reach = math.ceil((_SIGN * len(words) + 12) / _NARROW * (values[-1]["x"] + 1))
    right = point["x"] < reach
    first, last = (point["x"] - 1, point["x"] + reach) if right else (point["x"] - reach, point["x"] + 1)
    heights = [value["y"] for value in values if first <= value["x"] <= last and value["y"] is not None]
    high, low, px = max(heights), min(heights), top / HEIGHT
    crossed = goal is not None and high + 6 * px < goal < high + 34 * px
    free = low > 34 * px and (goal is None or not low - 34 * px < goal < low - 4 * px)
    if crossed and goal is not None and not (lies and free):
        return Spot(goal if goal + 34 * px <= top else high, False, right)
    return Spot(low, True, right) if crossed else Spot(high, False, right)


def told_point(spot: Spot, point: Part, words: str, x: Part, y: Part, look: Look) -> list[Part]:
    """A point of a line that is told: a dot, and its figure at that spot."""
    tones = look.tones
    dot = {"type": "point", "filled": True, "size": 110, "opacity": 1, "color": tones.accent}
    return [layer(dot, [point], x=x, y=y), words_at(spot, point, words, x, y, tones.accent)]


def words_at(spot: Spot, point: Part, words: str, x: Part, y: Part, color: str) -> Part:
    """The figure of a point or a bar at that spot."""
    side = {"align": "left", "dx": -6} if spot.right else {"align": "right", "dx": 6}
    text = {"type": "text", **side, "dy": 24 if spot.below else -14, "fontWeight": 600, "color": color, "text": words}
    return layer(text, [{"x": point["x"], "y": spot.level}], x=x, y=y)


def lone_points(values: Sequence[Part], x: Part, y: Part, look: Look) -> Part:
    """A dot for every value without a neighbour, through which no line can be drawn."""
    known = {value["x"] for value in values if value["y"] is not None}
    lone = [value for value in values if value["x"] in known and not {value["x"] - 1, value["x"] + 1} & known]
    return layer(
        {"type": "point", "filled": True, "size": 50, "opacity": 1, "color": look.tones.accent}, lone, x=x, y=y
    )


@dataclass(frozen=True)
class Bar:
    """A lying bar: its name above it at the left, what it comes to at the right."""

    name: str
    value: float
    words: str
    strong: bool = False


def lying_bars(bars: Sequence[Bar], look: Look) -> Chart:
    """Bars under each other, their words above them: on a phone neither is cut.

    Where a name and what the bar comes to are too long for one line of a phone, the latter has a line of its own.
    """
    tones, row = look.tones, _Rows(bars)
    values = [
        {
            "at": at,
            "v": bar.value,
            "name": lines,
            "lines": len(lines),
            "words": bar.words,
            "fill": tones.accent if bar.strong else "",
        }
        for at, (bar, lines) in enumerate(zip(bars, row.names, strict=True))
    ]
    y = {"field": "at", "type": "ordinal", "axis": None}
    top = max([bar.value for bar in bars] or [0]) or 1
    x = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}}
    bar = {"type": "bar", "height": _BAR, "yOffset": row.height // 2 - 19, "cornerRadiusEnd": 4}
    fill = {"condition": {"test": "datum.fill !== ''", "value": tones.accent}, "value": tones.quiet}
    text = {"type": "text", "baseline": "top", "lineHeight": _LINE}
    side = {"align": "left"} if row.apart else {"align": "right"}
    words = {**text, **side, "dy": row.text_at(1), "fontWeight": 600}
    parts = [layer(bar, x=x, y=y, color=fill)]
    for lines in sorted({len(name) for name in row.names}):
        name = {**text, "align": "left", "dy": row.text_at(lines + row.apart)}
        told = {"condition": {"test": f"datum.lines === {lines}", "field": "name"}, "value": ""}
        parts.append(layer(name, x={"value": 0}, y=y, text=told))
    parts.append(layer(words, x={"value": 0 if row.apart else "width"}, y=y, text={"field": "words"}))
    return compose([group(values, *parts)], look, height=row.height * max(1, len(bars)), left=0)


class _Rows:
    """How the words of lying bars are laid out: `apart` says that what a bar comes to stands under its name."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        self.apart = any(_SIGN * (len(bar.name) + len(bar.words)) + 16 > _CARD for bar in bars)
        self.names = [wrap(bar.name, int(_CARD / _SIGN)) or [""] for bar in bars]
        self._lines = max([len(name) for name in self.names] or [1]) + self.apart

    @property
    def height(self) -> int:
        """Px of a bar with its words."""
        return _ROW + _LINE * (self._lines - 1)

    def text_at(self, line: int) -> int:
        """Px from the middle of a row to the top of this line, counted from the bar upwards."""
        return self.height // 2 - 33 - _LINE * line


@lru_cache(maxsize=16)
def _config(locale: Locale, country: str, dark: bool) -> Part:
    tones = DARK if dark else LIGHT
    axis = {
        "labelFont": FONT,
        "labelFontSize": 16,
        "labelFontWeight": 400,
        "labelColor": tones.muted,
        "labelPadding": 8,
        "gridColor": tones.grid,
        "domain": False,
        "ticks": False,
        "title": None,
    }
    return {
        "locale": {"number": _numbers(country, locale), "time": _times(locale)},
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"font": FONT, "fontSize": 16, "color": tones.text},
    }


def _numbers(country: str, locale: Locale) -> Part:
    """D3's words for numbers."""
    sign = ["CHF ", ""] if country == "CH" else ["€ ", ""] if country == "AT" else ["", " €"]
    if locale.language == "en":
        return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": [sign[0] or "€", ""]}
    decimal = "." if country == "CH" else ","
    return {"decimal": decimal, "thousands": _SPACE.get(country, "."), "grouping": [3], "currency": sign}


def _times(locale: Locale) -> Part:
    """D3's words for days and months; «Jänner» in Austria alone."""
    days = {width: get_day_names(width, "stand-alone", locale) for width in ("wide", "abbreviated")}
    months = {width: get_month_names(width, "stand-alone", locale) for width in ("wide", "abbreviated")}
    week = [6, 0, 1, 2, 3, 4, 5]  # D3 begins with Sunday
    return {
        "dateTime": "%A, %e. %B %Y, %X",
        "date": "%d.%m.%Y",
        "time": "%H:%M:%S",
        "periods": ["", ""] if locale.language == "de" else ["AM", "PM"],
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }
