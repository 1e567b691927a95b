"""The figures in words: eight tiles for «how are we doing», the others as rows; each with trend and goal."""

from __future__ import annotations

from dataclasses import dataclass

from data.report_records import Figure, Load, Share
from pages.parts.charts import Look
from pages.parts.charts_complaints import count_word
from pages.parts.figure_words import (
    NOTHING,
    Trend,
    about,
    by_rate,
    count_trend,
    inquiries_word,
    money,
    number,
    of_word,
    percent_word,
    points_trend,
    share_word,
    span,
    span_trend,
)
from services.reports import Report
from services.rules.goals import AT_MOST, FULL_LOAD, GOALS


@dataclass(frozen=True)
class Tile:
    """A figure as it is shown; `counted` says what it was told from."""

    figure: Figure
    label: str
    value: str
    under: str
    goal: str
    trend: Trend | None
    counted: str


def eight_tiles(report: Report, look: Look) -> list[Tile]:
    """What the owner looks at first, in the order of reading."""
    makers = (_in_goal, _first_answer, _backlog, _callbacks, _visits, _complaints, _praise, _avoidable)
    return [make(report, look) for make in makers]


def other_tiles(report: Report, look: Look) -> list[Tile]:
    """All the others."""
    shares = _other_shares(report, look)
    return [_next_answer(report, look), _resolution(report, look), *shares, *_others(report, look)]


def waiting_days(report: Report) -> int:
    """How many wait over three days of wall time, now."""
    return sum(age.count for age in report.backlog if age.to_minutes is None)


def goal_word(figure: Figure, look: Look) -> str:
    """«Ziel: 90 %», «Ziel: höchstens 5 %», '' for a figure without."""
    _ = look.speech.say
    if figure not in GOALS:
        return ""
    words = _("Ziel: höchstens {goal}") if figure in AT_MOST else _("Ziel: {goal}")
    return words.format(goal=percent_word(GOALS[figure], look))


def _in_goal(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now, then = report.now.answers.share, report.then.answers.share
    return Tile(
        Figure.IN_GOAL,
        _("Im Ziel beantwortet"),
        share_word(now, look),
        of_word(now.hits, now.cases, look),
        goal_word(Figure.IN_GOAL, look),
        points_trend(now, then, look),
        inquiries_word(now.cases, look),
    )


def _first_answer(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.answers
    under = _("9 von 10 in {span}").format(span=span(now.p90, look)) if now.p90 is not None else ""
    goal = _("Ziel: {goal}").format(goal=span(report.goal, look))
    trend = span_trend(now.median, report.then.answers.median, look)
    told = inquiries_word(now.share.cases, look)
    return Tile(Figure.FIRST_ANSWER, _("Erste Antwort"), span(now.median, look), under, goal, trend, told)


def _backlog(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    count, long = sum(age.count for age in report.backlog), waiting_days(report)
    trend = Trend(_("{count} über 3 Tage").format(count=number(long, look)), not long, 0)
    told = _("{count} warten jetzt").format(count=number(count, look))
    recent = sum(age.count for age in report.backlog if age.to_minutes and age.to_minutes <= 24 * 60)
    under = _("{count} noch keinen Tag").format(count=number(recent, look)) if recent else ""
    return Tile(Figure.BACKLOG, _("Offen jetzt"), number(count, look), under, _("Ziel: keine über 3 Tage"), trend, told)


def _callbacks(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now, share = report.now.callbacks, report.now.callbacks.share
    missed = _("{late} zu spät, {open} überfällig").format(late=number(now.late, look), open=number(now.open, look))
    told = _("{count} Rückrufe waren fällig").format(count=number(share.cases, look))
    return Tile(
        Figure.CALLBACKS,
        _("Rückrufe gehalten"),
        share_word(share, look),
        missed if now.late or now.open else "",
        goal_word(Figure.CALLBACKS, look),
        points_trend(share, report.then.callbacks.share, look),
        told,
    )


def _kept(missed: Share) -> Share:
    return Share(missed.cases - missed.hits, missed.cases)


def _visits(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    missed, then = report.now.visits.share, report.then.visits.share
    full = load_word(report.now.load, look)
    one, many = _("1 kam nicht · Auslastung {load}"), _("{count} kamen nicht · Auslastung {load}")
    under = (one if missed.hits == 1 else many).format(count=number(missed.hits, look), load=full)
    goal = _("Ziel: {goal}").format(goal=percent_word(100 - GOALS[Figure.NO_SHOWS], look))
    trend = points_trend(_kept(missed), _kept(then), look)
    told = _("{count} Termine waren fällig").format(count=number(missed.cases, look))
    value = share_word(_kept(missed), look)
    return Tile(Figure.NO_SHOWS, _("Termine gehalten"), value, under, goal, trend, told)


def load_word(load: Load, look: Look) -> str:
    """«74 %» of the minutes that could be booked; «–» where there are none."""
    return percent_word(100 * load.booked / load.bookable, look) if load.bookable else NOTHING


def _complaints(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.complaints
    under = _("Kosten {money}").format(money=money(now.cost_cents, look)) if now.count else ""
    trend = count_trend(now.count, report.then.complaints.count, look, good=None)
    goal = _("Weniger ist nicht immer besser")
    told = count_word(now.count, look)
    return Tile(Figure.COMPLAINTS, _("Beschwerden"), number(now.count, look), under, goal, trend, told)


def _praise(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.praises
    value = of_word(now.passed_on, now.count, look) if now.count else NOTHING
    waits = _("1 wartet noch") if now.waiting == 1 else _("{count} warten noch").format(count=number(now.waiting, look))
    under = waits if now.waiting else _("alles weitergegeben") if now.count else _("noch keines vermerkt")
    trend = count_trend(now.count, report.then.praises.count, look, good=True)
    told = _("{count} Mal Lob").format(count=number(now.count, look))
    return Tile(Figure.PRAISE, _("Lob weitergegeben"), value, under, _("Ziel: alles in 2 Tagen"), trend, told)


def _avoidable(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.avoidance
    return Tile(
        Figure.AVOIDABLE,
        _("Vermeidbar"),
        share_word(now.share, look),
        about(by_rate(now.minutes, report.hourly_rate_cents), look) if now.avoidable else "",
        goal_word(Figure.AVOIDABLE, look),
        points_trend(now.share, report.then.avoidance.share, look, less=True),
        cost_formula(report, look) if now.avoidable else inquiries_word(now.contacts, look),
    )


def cost_formula(report: Report, look: Look) -> str:
    """«ca. € 240 = 6 Std 51 × € 35 je Stunde»."""
    minutes, rate = report.now.avoidance.minutes, report.hourly_rate_cents
    words = look.speech.say("{cost} = {span} × {rate} je Stunde")
    return words.format(cost=about(by_rate(minutes, rate), look), span=span(minutes, look), rate=money(rate, look))


def saved_minutes(report: Report) -> int:
    """What replies from a template saved, by the shop's own estimate."""
    return report.now.templates.from_template * report.template_minutes


def _next_answer(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.next_answers
    trend = span_trend(now.median, report.then.next_answers.median, look)
    goal = _("Ziel: {goal}").format(goal=span(report.goal, look))
    told = _("{count} weitere Nachrichten").format(count=number(now.share.cases, look))
    return Tile(Figure.NEXT_ANSWER, _("Weitere Antworten"), span(now.median, look), "", goal, trend, told)


def _resolution(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.resolutions
    trend = span_trend(now.median, report.then.resolutions.median, look)
    told = _("{count} erledigt").format(count=number(now.closed, look))
    return Tile(Figure.RESOLUTION, _("Bis zur Erledigung"), span(now.median, look), "", "", trend, told)


def _other_shares(report: Report, look: Look) -> list[Tile]:
    _ = look.speech.say
    now, then = report.now, report.then
    solved = [Share(one.complaints.solved_in_time, one.complaints.judged) for one in (now, then)]
    reached = [Share(one.callbacks.reached_first, one.callbacks.tried) for one in (now, then)]
    named: list[tuple[Figure, str, Share, Share]] = [
        (Figure.SOLVED_AT_ONCE, _("Auf Anhieb gelöst"), now.solved_at_once, then.solved_at_once),
        (Figure.REOPENED, _("Wieder offen"), now.reopened, then.reopened),
        (Figure.CALLBACKS_REACHED, _("Beim ersten Anruf erreicht"), reached[0], reached[1]),
        (Figure.PROMISES_KEPT, _("Wie zugesagt erledigt"), now.promises_kept, then.promises_kept),
        (Figure.COMPLAINTS_SOLVED, _("Beschwerden rechtzeitig gelöst"), solved[0], solved[1]),
        (Figure.JOBS, _("Aus Anfragen wurden Termine"), jobs(report), Share(0, 0)),
        (Figure.RETURNING, _("Kunden, die wiederkommen"), now.returning, then.returning),
    ]
    return [_share_tile(figure, label, one, other, look) for figure, label, one, other in named]


def jobs(report: Report) -> Share:
    """Inquiries that became a booking, new and regular customers together."""
    return Share(sum(one.booked for one in report.funnel), sum(one.asked for one in report.funnel))


def _share_tile(figure: Figure, label: str, now: Share, then: Share, look: Look) -> Tile:
    trend = points_trend(now, then, look, less=figure in AT_MOST)
    told = of_word(now.hits, now.cases, look)
    return Tile(figure, label, share_word(now, look), "", goal_word(figure, look), trend, told)


def _others(report: Report, look: Look) -> list[Tile]:
    _ = look.speech.say
    days, load, used = report.now.lead_days, report.now.load, report.now.templates
    lead = _("{days} Tage").format(days=number(days, look, 1)) if days is not None else NOTHING
    bounds = {"least": percent_word(GOALS[Figure.UTILISATION], look), "most": percent_word(FULL_LOAD, look)}
    minutes = _("{booked} von {bookable} Stunden").format(
        booked=number(load.booked / 60, look), bookable=number(load.bookable / 60, look)
    )
    saved = _("ca. {span}").format(span=span(saved_minutes(report), look)) if used.from_template else NOTHING
    formula = _("{count} Antworten aus Vorlagen × {minutes} Min").format(
        count=number(used.from_template, look), minutes=report.template_minutes
    )
    full = _("Ziel: {least} bis {most}").format(**bounds)
    return [
        Tile(Figure.LEAD_TIME, _("Vorlauf bis zum Termin"), lead, "", "", None, ""),
        Tile(Figure.UTILISATION, _("Auslastung"), load_word(load, look), "", full, None, minutes),
        Tile(Figure.TEMPLATES, _("Mit Vorlagen gespart"), saved, "", "", None, formula),
    ]
