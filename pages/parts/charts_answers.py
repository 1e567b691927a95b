"""Antworten: how soon people get their first answer, by week and by channel, and how many in goal."""

from __future__ import annotations

from collections.abc import Sequence

from data.records import Channel
from data.report_records import Answers, Figure, Share
from pages.parts.chart_kinds import Cell, Plot, Table, minutes_axis, rounded, share_bars, stand_words, started
from pages.parts.charts import (
    HEIGHT,
    Bar,
    Chart,
    Look,
    Part,
    along,
    compose,
    free_spot,
    goal_line,
    group,
    headroom,
    layer,
    lone_points,
    lying_bars,
    marks_in_time,
    told_point,
)
from pages.parts.figure_words import few, inquiries_word, number, percent_word, share_word, span, week_labels
from pages.parts.words import channel_word
from services.reports import Report
from services.rules.goals import GOALS

_PLENTY = 1.25  # a change by this factor is worth a headline
_DOUBLE = 1.8


def weeks_title(report: Report, look: Look) -> str:
    """Whether answers come sooner than in the period before."""
    _ = look.speech.say
    now, then = report.now.answers.median, report.then.answers.median
    if now is None:
        return _("Noch keine Antwort in diesem Zeitraum")
    if not then or not now:
        return _("Die erste Antwort kommt nach {span}").format(span=span(now, look))
    if then / now >= _DOUBLE:
        return _("Wir antworten doppelt so schnell wie davor")
    if then / now >= _PLENTY:
        return _("Wir antworten schneller als davor")
    if now / then >= _PLENTY:
        return _("Wir antworten langsamer als davor")
    return _("Die erste Antwort kommt wie zuvor nach {span}").format(span=span(now, look))


def weeks_alt(report: Report, look: Look) -> str:
    """The figures of the period, its last week of five inquiries or more, and the goal."""
    _ = look.speech.say
    last = next((week.median for week in reversed(report.answer_weeks) if not few(week.share.cases)), None)
    words = _("Erste Antwort je Woche: Median {median}, neun von zehn in {most}, zuletzt {last}, Ziel {goal}.")
    all_, goal = report.now.answers, span(report.goal, look)
    return words.format(median=span(all_.median, look), most=span(all_.p90, look), last=span(last, look), goal=goal)


def weeks_source(report: Report, look: Look) -> str:
    """What the line and the band are, and of how many."""
    _ = look.speech.say
    count = _waited_word(report, look)
    return stand_words(report, look, _("Median in Öffnungszeit, Fläche bis zu neun von zehn"), count)


def _waited_word(report: Report, look: Look) -> str:
    """«241 Anfragen, die auf Antwort warteten»: what was settled as it was noted had no wait."""
    count = report.now.answers.share.cases
    words = look.speech.say("{inquiries}, die auf Antwort warteten")
    one = look.speech.say("1 Anfrage, die auf Antwort wartete")
    return one if count == 1 else words.format(inquiries=inquiries_word(count, look))


def draw_weeks(report: Report, look: Look) -> Chart | None:
    """The median by week, the band up to nine of ten, the goal, and what was changed when."""
    weeks = report.answer_weeks
    values: list[Part] = [{"x": at, "y": week.median, "p": week.p90} for at, week in enumerate(weeks)]
    if all(value["y"] is None for value in values):
        return None
    marks = started(report, [week.week for week in weeks])
    top = headroom(_top(weeks, report.goal), marks)
    tones, x, y = look.tones, along(week_labels([week.week for week in weeks], look)), minutes_axis(top, look)
    band = {"type": "area", "color": tones.accent, "opacity": 0.13, "interpolate": "monotone", "clip": True}
    line = {"type": "line", "color": tones.accent, "strokeWidth": 3, "interpolate": "monotone", "clip": True}
    return compose(
        [
            group(values, layer(band, x=x, y=y, y2={"field": "p"}), layer(line, x=x, y=y)),
            *goal_line(report.goal, span(report.goal, look), look),
            *marks_in_time(marks, x, look),
            lone_points(values, x, y, look),
            *_last_week(weeks, values, x, y, report.goal, look),
        ],
        look,
        height=HEIGHT + marks.height,
    )


def _last_week(weeks: Sequence[Answers], values: Sequence[Part], x: Part, y: Part, goal: int, look: Look) -> list[Part]:
    """The dot and the figure of the last week with five inquiries or more: less bear no headline."""
    told = [value for week, value in zip(weeks, values, strict=True) if not few(week.share.cases)]
    if not told:
        return []
    last, words = told[-1], span(told[-1]["y"], look)
    return told_point(free_spot(values, last, words, _top(weeks, goal), goal), last, words, x, y, look)


def _top(weeks: Sequence[Answers], goal: int) -> float:
    """How high the axis goes: over the goal and every median, but not as far as the worst tenth may lie."""
    most = max([week.median or 0 for week in weeks])
    tenth = max([week.p90 or 0 for week in weeks])
    return max(goal * 1.3, most * 1.25, min(tenth * 1.05, goal * 2.5))


def weeks_table(report: Report, look: Look) -> Table:
    """By week: how many, median and p90 in minutes, in goal."""
    return Table(
        _answer_head(look.speech.say("Woche ab"), look), [(one.week, *_cells(one)) for one in report.answer_weeks]
    )


def _answer_head(first: str, look: Look) -> tuple[str, ...]:
    _ = look.speech.say
    counted = (_("Anfragen"), _("Median in Minuten"), _("90 von 100 bis Minuten"))
    return (first, *counted, _("im Ziel"), _("im Ziel in Prozent"))


def _cells(one: Answers) -> tuple[Cell, ...]:
    return one.share.cases, one.median, one.p90, one.in_goal, rounded(one.share.percent)


def goal_title(report: Report, look: Look) -> str:
    """How many in goal, as a share of the period."""
    _ = look.speech.say
    share = report.now.answers.share
    if few(share.cases):
        return _("Rechtzeitig beantwortet: {share}").format(share=share_word(share, look))
    enough = (share.percent or 0) >= GOALS[Figure.IN_GOAL]
    words = _("{share} bekommen rechtzeitig Antwort, das Ziel ist erreicht")
    less = _("{share} bekommen rechtzeitig Antwort, das Ziel ist {goal}")
    goal = percent_word(GOALS[Figure.IN_GOAL], look)
    return (words if enough else less).format(share=share_word(share, look), goal=goal)


def goal_alt(report: Report, look: Look) -> str:
    """The share of the period and the worst week."""
    _ = look.speech.say
    weeks = [week.share for week in report.answer_weeks if week.share.percent is not None]
    worst = min(weeks, key=lambda share: share.percent or 0, default=Share(0, 0))
    words = _("Rechtzeitig beantwortet je Woche: zusammen {share}, schlechteste Woche {worst}, Ziel {goal}.")
    goal = percent_word(GOALS[Figure.IN_GOAL], look)
    return words.format(share=share_word(report.now.answers.share, look), worst=share_word(worst, look), goal=goal)


def goal_source(report: Report, look: Look) -> str:
    """What is counted, and that small weeks are left out."""
    _ = look.speech.say
    count = _waited_word(report, look)
    return stand_words(report, look, _("Wochen unter fünf Anfragen bleiben leer"), count)


def draw_goal(report: Report, look: Look) -> Chart | None:
    """The share in goal by week against the goal."""
    shares = [week.share for week in report.answer_weeks]
    if all(share.percent is None for share in shares):
        return None
    weeks, goal = [week.week for week in report.answer_weeks], GOALS[Figure.IN_GOAL]
    return share_bars(shares, week_labels(weeks, look), goal, percent_word(goal, look), look, started(report, weeks))


def first_channels_title(report: Report, look: Look) -> str:
    """Which channel waits longest."""
    _ = look.speech.say
    slow = _slowest(report.answer_channels)
    if slow is None:
        return _("Noch kein Kanal zu vergleichen")
    return _("Am längsten dauert es über {channel}: {span}").format(
        channel=_channel(slow, look), span=span(slow.median, look)
    )


def next_channels_title(report: Report, look: Look) -> str:
    """The same for what customers write after the first answer."""
    _ = look.speech.say
    told = span(report.now.next_answers.median, look)
    return (
        _("Wer noch einmal schreibt, wartet {span}").format(span=told)
        if report.next_channels
        else _("Niemand schrieb ein zweites Mal")
    )


def _slowest(channels: Sequence[Answers]) -> Answers | None:
    """The one with the longest median, of at least two that have five cases or more."""
    timed = [one for one in channels if one.median is not None and not few(one.share.cases)]
    return max(timed, key=lambda one: one.median or 0) if len(timed) > 1 else None


def _channel(one: Answers, look: Look) -> str:
    return channel_word(Channel(one.channel), look.speech.say) if one.channel else ""


def first_channels_alt(report: Report, look: Look) -> str:
    """Each channel with its median."""
    return look.speech.say("Erste Antwort je Kanal: {parts}.").format(
        parts=_channel_parts(report.answer_channels, look)
    )


def next_channels_alt(report: Report, look: Look) -> str:
    """Each channel with its median of later answers."""
    return look.speech.say("Weitere Antworten je Kanal: {parts}.").format(
        parts=_channel_parts(report.next_channels, look)
    )


def _channel_parts(channels: Sequence[Answers], look: Look) -> str:
    return ", ".join(f"{_channel(one, look)} {span(one.median, look)}" for one in _ordered(channels)) or "–"


def first_channels_source(report: Report, look: Look) -> str:
    """What the bars of first answers and their words are."""
    return _channels_source(report, report.answer_channels, look)


def next_channels_source(report: Report, look: Look) -> str:
    """What the bars of later answers and their words are."""
    return _channels_source(report, report.next_channels, look)


def _channels_source(report: Report, channels: Sequence[Answers], look: Look) -> str:
    _ = look.speech.say
    told = _("Median in Öffnungszeit, Anteil im Ziel, in Klammern die Anzahl")
    left_out = any(few(one.share.cases) for one in _ordered(channels))
    return stand_words(report, look, told, _("verglichen ab fünf Anfragen") if left_out else "")


def draw_first_channels(report: Report, look: Look) -> Chart | None:
    """Channels by the median of the first answer."""
    return _channel_bars(report.answer_channels, look)


def draw_next_channels(report: Report, look: Look) -> Chart | None:
    """Channels by the median of later answers."""
    return _channel_bars(report.next_channels, look)


def _channel_bars(channels: Sequence[Answers], look: Look) -> Chart | None:
    timed = _ordered(channels)
    if not timed:
        return None
    slow = _slowest(channels)
    bars = [
        Bar(
            f"{_channel(one, look)} ({number(one.share.cases, look)})",
            one.median or 0,
            f"{span(one.median, look)} · {share_word(one.share, look)}",
            strong=one is slow,
        )
        for one in timed
    ]
    return lying_bars(bars, look)


def _ordered(channels: Sequence[Answers]) -> list[Answers]:
    """The slowest first, those of less than five cases last: they are not compared."""
    timed = [one for one in channels if one.median is not None]
    return sorted(timed, key=lambda one: (few(one.share.cases), -(one.median or 0)))


def first_channels_table(report: Report, look: Look) -> Table:
    """By channel, first answers."""
    return _channel_table(report.answer_channels, look)


def next_channels_table(report: Report, look: Look) -> Table:
    """By channel, later answers."""
    return _channel_table(report.next_channels, look)


def _channel_table(channels: Sequence[Answers], look: Look) -> Table:
    rows: list[tuple[Cell, ...]] = [(_channel(one, look), *_cells(one)) for one in channels]
    return Table(_answer_head(look.speech.say("Kanal"), look), rows)


ANSWER_PLOTS = [
    Plot("erste-antwort", weeks_title, weeks_alt, weeks_source, draw_weeks, weeks_table),
    Plot("im-ziel", goal_title, goal_alt, goal_source, draw_goal, weeks_table),
    Plot(
        "kanaele",
        first_channels_title,
        first_channels_alt,
        first_channels_source,
        draw_first_channels,
        first_channels_table,
    ),
    Plot(
        "weitere-antworten",
        next_channels_title,
        next_channels_alt,
        next_channels_source,
        draw_next_channels,
        next_channels_table,
    ),
]
