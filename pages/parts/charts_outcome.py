"""Ergebnis: how long until it is done, whether one answer was enough, what came back, and which calls were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from data.report_records import Callbacks, Figure
from pages.parts.chart_kinds import (
    Plot,
    Table,
    minutes_axis,
    newest_share,
    ripe_share,
    ripe_weeks,
    share_line,
    share_table,
    stand_words,
    started,
)
from pages.parts.charts import (
    HEIGHT,
    Chart,
    Look,
    Part,
    along,
    bar_width,
    compose,
    free_spot,
    group,
    headroom,
    layer,
    lone_points,
    marks_in_time,
    round_steps,
    told_point,
    up,
)
from pages.parts.figure_words import few, number, of_word, percent_word, share_word, span, week_labels
from services.reports import Report
from services.rules.goals import GOALS

_MOST_TOLD = 8  # bars with words of their own
_REOPENED_TOP = 30  # percent, unless there are more
_ROOM = 1.2  # above the highest value, for words
# After its Monday a week can be judged: seven days to its end, and as long as a customer may come back.
_ONCE_RIPE, _AGAIN_RIPE = timedelta(days=14), timedelta(days=21)


def done_title(report: Report, look: Look) -> str:
    """How long until an inquiry is done."""
    _ = look.speech.say
    median = report.now.resolutions.median
    if median is None:
        return _("Noch nichts abgeschlossen in diesem Zeitraum")
    return _("Bis etwas erledigt ist, dauert es {span}").format(span=span(median, look))


def done_alt(report: Report, look: Look) -> str:
    """The median, how many are done and how many still open."""
    _ = look.speech.say
    now = report.now.resolutions
    words = _("Zeit bis zur Erledigung je Woche: Median {median}, {closed} erledigt, {open} offen.")
    return words.format(median=span(now.median, look), closed=number(now.closed, look), open=number(now.open, look))


def done_source(report: Report, look: Look) -> str:
    """What is left out of the time."""
    _ = look.speech.say
    count = _("{count} erledigt, die auf Antwort warteten").format(count=number(report.now.resolutions.closed, look))
    return stand_words(report, look, _("Median in Öffnungszeit, ohne die Zeit beim Kunden"), count)


def draw_done(report: Report, look: Look) -> Chart | None:
    """The median by week, told of the last one with five or more."""
    weeks = report.resolution_weeks
    values: list[Part] = [{"x": at, "y": week.median} for at, week in enumerate(weeks)]
    if all(value["y"] is None for value in values):
        return None
    days = [week.week for week in weeks]
    marks, top = started(report, days), max(60.0, max(value["y"] or 0 for value in values) * _ROOM)
    x, y = along(week_labels(days, look)), minutes_axis(headroom(top, marks), look)
    line = {"type": "line", "color": look.tones.accent, "strokeWidth": 3, "interpolate": "monotone"}
    parts = [layer(line, values, x=x, y=y), *marks_in_time(marks, x, look), lone_points(values, x, y, look)]
    told = [value for week, value in zip(weeks, values, strict=True) if not few(week.closed)]
    if told:
        words = span(told[-1]["y"], look)
        parts += told_point(free_spot(values, told[-1], words, top), told[-1], words, x, y, look)
    return compose(parts, look, height=HEIGHT + marks.height)


def done_table(report: Report, look: Look) -> Table:
    """By week: done, open, both medians in minutes."""
    _ = look.speech.say
    median, wall = _("Median in Minuten Öffnungszeit"), _("Median in Minuten Wartezeit insgesamt")
    head = (_("Woche ab"), _("erledigt"), _("offen"), median, wall)
    return Table(head, [(w.week, w.closed, w.open, w.median, w.wall_median) for w in report.resolution_weeks])


def once_title(report: Report, look: Look) -> str:
    """How many were solved by one answer."""
    _ = look.speech.say
    share = report.now.solved_at_once
    if few(share.cases):
        return _("Auf Anhieb gelöst: {share}").format(share=share_word(share, look))
    return _("{share} sind mit einer Antwort erledigt").format(share=share_word(share, look))


def once_alt(report: Report, look: Look) -> str:
    """The share of the period and of the last week that can be judged."""
    _ = look.speech.say
    words = _("Auf Anhieb gelöst je Woche: zusammen {share}, zuletzt {last}, Ziel {goal}.")
    goal = percent_word(GOALS[Figure.SOLVED_AT_ONCE], look)
    last = share_word(ripe_share(report.solved_weeks, _once_ripe(report, look)), look)
    return words.format(share=share_word(report.now.solved_at_once, look), last=last, goal=goal)


def once_source(report: Report, look: Look) -> str:
    """Which are judged, and of how many: also those that had no wait."""
    _ = look.speech.say
    told = _("{count}, die seit sieben Tagen erledigt sind, auch ohne Wartezeit")
    count = told.format(count=number(report.now.solved_at_once.cases, look))
    return stand_words(report, look, count, _("gestrichelt: noch nicht alle beurteilt"))


def draw_once(report: Report, look: Look) -> Chart | None:
    """First-contact resolution by week against its goal."""
    shares, goal = report.solved_weeks, GOALS[Figure.SOLVED_AT_ONCE]
    if all(share.percent is None for share in shares):
        return None
    return share_line(shares, goal, percent_word(goal, look), look, ripe=_once_ripe(report, look))


def _once_ripe(report: Report, look: Look) -> int:
    return ripe_weeks(report, report.solved_weeks, look, _ONCE_RIPE)


def once_table(report: Report, look: Look) -> Table:
    """By week: done, with one answer, percent."""
    _ = look.speech.say
    return share_table(report.solved_weeks, (_("Woche ab"), _("erledigt"), _("mit einer Antwort"), _("Prozent")))


def again_title(report: Report, look: Look) -> str:
    """How many came back."""
    _ = look.speech.say
    share = report.now.reopened
    if few(share.cases):
        return _("Wieder offen: {share}").format(share=share_word(share, look))
    return _("{share} kommen noch einmal zurück").format(share=share_word(share, look))


def again_alt(report: Report, look: Look) -> str:
    """The share of the period and the goal."""
    _ = look.speech.say
    words = _("Wieder offen je Woche: zusammen {share}, Ziel höchstens {goal}.")
    goal = percent_word(GOALS[Figure.REOPENED], look)
    return words.format(share=share_word(report.now.reopened, look), goal=goal)


def again_source(report: Report, look: Look) -> str:
    """What counts as coming back, of how many, and why the youngest weeks are dashed."""
    _ = look.speech.say
    share = report.now.reopened
    told = _("wieder geschrieben binnen 14 Tagen, ein Danke zählt nicht")
    closed = _("{share}, die geschlossen wurden, auch ohne Antwort").format(
        share=of_word(share.hits, share.cases, look)
    )
    return stand_words(report, look, told, closed, _("die jüngsten Wochen gestrichelt: sie können sich noch ändern"))


def draw_again(report: Report, look: Look) -> Chart | None:
    """Reopened by week against the most there should be."""
    shares, goal = report.reopened_weeks, GOALS[Figure.REOPENED]
    if all(share.percent is None for share in shares):
        return None
    words = look.speech.say("bis {goal}").format(goal=percent_word(goal, look))
    top = max(_REOPENED_TOP, *(share.percent or 0 for share in shares)) * _ROOM
    return share_line(shares, goal, words, look, ripe=ripe_weeks(report, shares, look, _AGAIN_RIPE), top=top)


def again_table(report: Report, look: Look) -> Table:
    """By week: closed, reopened, percent."""
    _ = look.speech.say
    return share_table(report.reopened_weeks, (_("Woche ab"), _("geschlossen"), _("wieder offen"), _("Prozent")))


def calls_title(report: Report, look: Look) -> str:
    """How many promised calls were kept."""
    _ = look.speech.say
    share = report.now.callbacks.share
    if not share.cases:
        return _("Kein Rückruf war fällig")
    return _("{share} der zugesagten Rückrufe kamen pünktlich").format(share=_of_all(report.now.callbacks, look))


def _of_all(calls: Callbacks, look: Look) -> str:
    return of_word(calls.share.hits, calls.share.cases, look)


def calls_alt(report: Report, look: Look) -> str:
    """Kept, late and open, and the goal."""
    _ = look.speech.say
    now = report.now.callbacks
    words = _("Rückrufe je Woche: {kept} pünktlich, {late} zu spät, {open} überfällig, Ziel {goal}.")
    goal = percent_word(GOALS[Figure.CALLBACKS], look)
    return words.format(
        kept=number(now.kept, look), late=number(now.late, look), open=number(now.open, look), goal=goal
    )


def calls_source(report: Report, look: Look) -> str:
    """What the colours are."""
    told = look.speech.say(
        "grün pünktlich, grau zu spät, rot mit Rand noch überfällig; über der Säule: pünktlich von fällig"
    )
    return stand_words(report, look, told)


def draw_calls(report: Report, look: Look) -> Chart | None:
    """Promised calls by week: kept, late, overdue, upon each other, with what was kept of what was due."""
    weeks = report.callback_weeks
    if not any(week.share.cases for week in weeks):
        return None
    tones = look.tones
    top = max(week.share.cases for week in weeks) * 1.25
    x = along(week_labels([week.week for week in weeks], look))
    ticks = {at: number(at, look) for at in round_steps(top)}
    parts = [part for at, week in enumerate(weeks) for part in _stack(at, week)]
    fills = {"kept": tones.accent, "late": tones.quiet, "open": tones.late}
    bar = {"type": "bar", "width": bar_width(len(weeks))["width"]}
    scale = {"domain": list(fills), "range": list(fills.values())}
    fill = {"field": "kind", "type": "nominal", "scale": scale, "legend": None}
    edge = {"condition": {"test": "datum.kind === 'open'", "value": tones.text}, "value": None}
    y = up(ticks, top)
    return compose(
        [
            group(parts, layer(bar, x=x, y={**y, "field": "from"}, y2={"field": "to"}, fill=fill, stroke=edge)),
            _kept_words(weeks, x, y, look),
        ],
        look,
    )


def _kept_words(weeks: Sequence[Callbacks], x: Part, y: Part, look: Look) -> Part:
    """«3/4» over each bar; where there are many, the last alone, in the room above them."""
    due = [(at, week) for at, week in enumerate(weeks) if week.share.cases]
    text: Part = {"type": "text", "fontWeight": 600}
    if len(weeks) > _MOST_TOLD:
        return newest_share(due[-1][1].share, look)
    tops = [{"x": at, "y": week.share.cases, "words": f"{week.kept}/{week.share.cases}"} for at, week in due]
    return layer({**text, "dy": -10}, tops, x=x, y=y, text={"field": "words"})


def _stack(at: int, week: Callbacks) -> list[Part]:
    base, parts = 0, []
    for kind, count in (("kept", week.kept), ("late", week.late), ("open", week.open)):
        if count:
            parts.append({"x": at, "kind": kind, "from": base, "to": base + count})
        base += count
    return parts


def calls_table(report: Report, look: Look) -> Table:
    """By week: kept, late, overdue."""
    _ = look.speech.say
    head = (_("Woche ab"), _("pünktlich"), _("zu spät"), _("überfällig"), _("beim ersten Versuch erreicht"))
    return Table(head, [(w.week, w.kept, w.late, w.open, w.reached_first) for w in report.callback_weeks])


OUTCOME_PLOTS = [
    Plot("erledigt", done_title, done_alt, done_source, draw_done, done_table),
    Plot("auf-anhieb", once_title, once_alt, once_source, draw_once, once_table),
    Plot("wieder-offen", again_title, again_alt, again_source, draw_again, again_table),
    Plot("rueckrufe", calls_title, calls_alt, calls_source, draw_calls, calls_table),
]
