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
_SIGN = 7.9  # px of a sign in bold
_MARK_LINE = 0.115  # of a chart's height, for one line of words
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


def headroom(top: float, marks: Sequence[tuple[int, str]]) -> float:
    """An axis up to `top` with room above for the words of `marks_in_time`."""
    return top / (1 - _MARK_LINE * len(marks))


def marks_in_time(starts: Sequence[tuple[int, str]], count: int, x: Part, look: Look) -> list[Part]:
    """Upright lines where something was changed, each with what it was; `starts` are (place on x, words)."""
    tones = look.tones
    if not starts:
        return []
    values = [{"x": at, "words": words} for at, words in starts]
    rule = {"type": "rule", "color": tones.closed, "strokeWidth": 2, "strokeDash": [2, 3]}
    parts = [layer(rule, values, x=x)]
    for line, (at, words) in enumerate(starts):
        left = at < count / 2
        side = {"align": "left", "dx": 6} if left else {"align": "right", "dx": -6}
        text = {"type": "text", "baseline": "top", "color": tones.closed, "fontWeight": 600, "limit": 210, **side}
        parts.append(layer({**text, "text": f"▸ {words}"}, [values[line]], x=x, y={"value": 2 + 20 * line}))
    return parts


def falls(values: Sequence[Part], top: float) -> bool:
    """Whether the words of the last point stand below it: the line comes from above, or ends close to the top."""
    last, before = (float(value["y"] or 0) for value in (values[-1], values[-2] if len(values) > 1 else values[-1]))
    return last > 0.85 * top or (before > last > 0.12 * top)


def last_word(value: Part, words: str, x: Part, y: Part, look: Look, *, below: bool) -> list[Part]:
    """The last point of a line: a dot and its figure."""
    tones = look.tones
    dot = {"type": "point", "filled": True, "size": 110, "opacity": 1, "color": tones.accent}
    text = {"type": "text", "align": "right", "dx": 6, "dy": 22 if below else -18, "fontWeight": 600}
    return [
        layer(dot, [value], x=x, y=y),
        layer({**text, "color": tones.accent, "text": words}, [value], x=x, y=y),
    ]


@dataclass(frozen=True)
class Bar:
    """A lying bar: its name above it at the left, what it comes to at the right."""

    name: str
    value: float
    words: str
    strong: bool = False


def lying_bars(bars: Sequence[Bar], look: Look) -> Chart:
    """Bars under each other, their words above them: on a phone neither is cut."""
    tones = look.tones
    values = [
        {"at": at, "v": bar.value, "name": bar.name, "words": bar.words, "fill": tones.accent if bar.strong else ""}
        for at, bar in enumerate(bars)
    ]
    y = {"field": "at", "type": "ordinal", "axis": None}
    top = max([bar.value for bar in bars] or [0]) or 1
    x = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}}
    bar = {"type": "bar", "height": _BAR, "yOffset": 12, "cornerRadiusEnd": 4}
    fill = {"condition": {"test": "datum.fill !== ''", "value": tones.accent}, "value": tones.quiet}
    text = {"type": "text", "dy": -14, "baseline": "middle"}
    beside = _SIGN * max([len(bar.words) for bar in bars] or [0]) + 12  # px that the words at the right take
    name = {**text, "align": "left", "limit": {"expr": f"max(80, width - {beside:.0f})"}}
    words = {**text, "align": "right", "fontWeight": 600}
    return compose(
        [
            group(
                values,
                layer(bar, x=x, y=y, color=fill),
                layer(name, x={"value": 0}, y=y, text={"field": "name"}),
                layer(words, x={"value": "width"}, y=y, text={"field": "words"}),
            )
        ],
        look,
        height=_ROW * max(1, len(bars)),
        left=0,
    )


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
