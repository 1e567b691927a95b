"""The figures in words: eight tiles for «how are we doing», the others as rows; each with trend and goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.report_records import Callbacks, Complaints, Figure, Load, Share
from pages.parts.charts import Look
from pages.parts.charts_complaints import count_word
from pages.parts.figure_words import (
    NOTHING,
    Trend,
    about,
    by_rate,
    count_trend,
    counted,
    inquiries_word,
    money,
    number,
    of_word,
    percent_word,
    points_trend,
    praise_rest,
    praise_word,
    share_word,
    span,
    span_trend,
)
from services.look_back_words import calls_word, figure_word
from services.reports import Report
from services.rules.goals import AT_MOST, FULL_LOAD, GOALS


@dataclass(frozen=True)
class Tile:
    """A figure as it is shown; `told` says what it was told from."""

    figure: Figure
    value: str
    under: str
    goal: str
    trend: Trend | None
    told: str

    def label(self, say: Callable[[str], str]) -> str:
        """What the figure is called."""
        return figure_word(self.figure, say)


def eight_tiles(report: Report, look: Look) -> list[Tile]:
    """What the owner looks at first, in the order of reading."""
    makers = (_in_goal, _first_answer, _backlog, _callbacks, _visits, _complaints, _praise, _avoidable)
    return [make(report, look) for make in makers]


def other_tiles(report: Report, look: Look) -> list[Tile]:
    """All the others."""
    shares = _other_shares(report, look)
    others = [*_others(report, look), _content(report, look), *_wishes(report, look)]
    return [_next_answer(report, look), _resolution(report, look), *shares, *others]


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
    now, then = report.now.answers.share, report.then.answers.share
    return Tile(
        Figure.IN_GOAL,
        share_word(now, look),
        of_word(now.hits, now.cases, look) if now.cases else "",
        goal_word(Figure.IN_GOAL, look),
        points_trend(now, then, look),
        inquiries_word(now.cases, look) if now.cases else "",
    )


def _first_answer(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.answers
    under = _("Median; 9 von 10 in {span}").format(span=span(now.p90, look)) if now.p90 is not None else ""
    goal = _("Ziel: {goal}").format(goal=span(report.goal, look))
    trend = span_trend(now.median, report.then.answers.median, look)
    told = inquiries_word(now.share.cases, look)
    return Tile(Figure.FIRST_ANSWER, span(now.median, look), under, goal, trend, told)


def _backlog(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    count, long = sum(age.count for age in report.backlog), waiting_days(report)
    trend = Trend(_("{count} über 3 Tage").format(count=number(long, look)), not long, 0)
    told = counted(count, _("1 wartet jetzt"), _("{count} warten jetzt"), look)
    recent = sum(age.count for age in report.backlog if age.to_minutes and age.to_minutes <= 24 * 60)
    under = _("{count} noch keinen Tag").format(count=number(recent, look)) if recent else ""
    return Tile(Figure.BACKLOG, number(count, look), under, _("Ziel: keine über 3 Tage"), trend, told)


def _callbacks(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now, share = report.now.callbacks, report.now.callbacks.share
    missed = _("{late} zu spät, {open} überfällig").format(late=number(now.late, look), open=number(now.open, look))
    told = counted(share.cases, _("1 Rückruf war fällig"), _("{count} Rückrufe waren fällig"), look)
    return Tile(
        Figure.CALLBACKS,
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
    under = counted(missed.hits, one, many, look, load=full)
    goal = _("Ziel: {goal}").format(goal=percent_word(100 - GOALS[Figure.NO_SHOWS], look))
    trend = points_trend(_kept(missed), _kept(then), look)
    told = counted(missed.cases, _("1 Termin war fällig"), _("{count} Termine waren fällig"), look)
    value = share_word(_kept(missed), look)
    return Tile(Figure.NO_SHOWS, value, under, goal, trend, told)


def load_word(load: Load, look: Look) -> str:
    """«74 %» of the minutes that could be booked; «–» where there are none."""
    return percent_word(100 * load.booked / load.bookable, look) if load.bookable else NOTHING


def _complaints(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.complaints
    under = _("Kosten {money}").format(money=money(now.cost_cents, look)) if now.cost_cents else ""
    trend = count_trend(now.count, report.then.complaints.count, look, good=None)
    goal = _("Weniger ist nicht immer besser")
    told = count_word(now.count, look)
    return Tile(Figure.COMPLAINTS, number(now.count, look), under, goal, trend, told)


def _praise(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.praises
    done = _("alles weitergegeben") if now.count else _("noch keines vermerkt")
    trend = count_trend(now.count, report.then.praises.count, look, good=True)
    told = _("{count} Mal Lob").format(count=number(now.count, look))
    under, goal = praise_rest(now, look) or done, _("Ziel: alles in 2 Tagen")
    return Tile(Figure.PRAISE, praise_word(now, look), under, goal, trend, told)


def _avoidable(report: Report, look: Look) -> Tile:
    now = report.now.avoidance
    return Tile(
        Figure.AVOIDABLE,
        share_word(now.share, look),
        about(by_rate(now.minutes, report.hourly_rate_cents), look) if now.avoidable else "",
        goal_word(Figure.AVOIDABLE, look),
        points_trend(now.share, report.then.avoidance.share, look, less=True),
        cost_formula(report, look) if now.avoidable else inquiries_word(now.contacts, look),
    )


def cost_formula(report: Report, look: Look) -> str:
    """«ca. € 240 = 6 Std 51 Min × € 35 je Stunde»."""
    minutes, rate = report.now.avoidance.minutes, report.hourly_rate_cents
    words = look.speech.say("{cost} = {span} × {rate} je Stunde")
    return words.format(cost=about(by_rate(minutes, rate), look), span=span(minutes, look), rate=money(rate, look))


def _next_answer(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.next_answers
    trend = span_trend(now.median, report.then.next_answers.median, look)
    goal = _("Ziel: {goal}").format(goal=span(report.goal, look))
    told = counted(now.share.cases, _("1 weitere Nachricht"), _("{count} weitere Nachrichten"), look)
    return Tile(Figure.NEXT_ANSWER, span(now.median, look), _median(now.median, look), goal, trend, told)


def _median(minutes: int | None, look: Look) -> str:
    return look.speech.say("Median") if minutes is not None else ""


def _resolution(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now = report.now.resolutions
    trend = span_trend(now.median, report.then.resolutions.median, look)
    told = _("{count} erledigt").format(count=number(now.closed, look))
    return Tile(Figure.RESOLUTION, span(now.median, look), _median(now.median, look), "", trend, told)


def _solved(complaints: Complaints) -> Share:
    return Share(complaints.solved_in_time, complaints.judged)


def _reached(callbacks: Callbacks) -> Share:
    return Share(callbacks.reached_first, callbacks.tried)


def _other_shares(report: Report, look: Look) -> list[Tile]:
    now, then = report.now, report.then
    shares: list[tuple[Figure, Share, Share]] = [
        (Figure.SOLVED_AT_ONCE, now.solved_at_once, then.solved_at_once),
        (Figure.REOPENED, now.reopened, then.reopened),
        (Figure.CALLBACKS_REACHED, _reached(now.callbacks), _reached(then.callbacks)),
        (Figure.PROMISES_KEPT, now.promises_kept, then.promises_kept),
        (Figure.COMPLAINTS_SOLVED, _solved(now.complaints), _solved(then.complaints)),
        (Figure.JOBS, jobs(report), Share(0, 0)),
        (Figure.RETURNING, now.returning, then.returning),
    ]
    return [_share_tile(figure, one, other, look) for figure, one, other in shares]


def jobs(report: Report) -> Share:
    """Inquiries that became a booking, new and regular customers together."""
    return Share(sum(one.booked for one in report.funnel), sum(one.asked for one in report.funnel))


def _share_tile(figure: Figure, now: Share, then: Share, look: Look) -> Tile:
    trend = points_trend(now, then, look, less=figure in AT_MOST)
    told = of_word(now.hits, now.cases, look)
    return Tile(figure, share_word(now, look), "", goal_word(figure, look), trend, told)


def _others(report: Report, look: Look) -> list[Tile]:
    return [_lead(report.now.lead_days, look), _load(report.now.load, look), _templates(report, look)]


def _wishes(report: Report, look: Look) -> list[Tile]:
    _ = look.speech.say
    now, then = report.now.wishes, report.then.wishes
    days = now.median_days
    under = "" if days is None else counted(days, _("Median 1 Tag"), _("Median {count} Tage"), look)
    trend = points_trend(now.share, then.share, look)
    told = of_word(now.share.hits, now.share.cases, look)
    kept = Tile(Figure.WISHES, share_word(now.share, look), under, goal_word(Figure.WISHES, look), trend, told)
    return [kept, _missed_sales(report, look)]


def _missed_sales(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    cents, count = missed_cents(report), sum(one.count for one in report.unmet)
    under = counted(count, _("1 Wunsch blieb offen"), _("{count} Wünsche blieben offen"), look) if count else ""
    value = about(cents, look) if cents else NOTHING
    return Tile(Figure.MISSED_SALES, value, under, "", None, under)


def missed_cents(report: Report) -> int:
    """What unmet wishes would have brought, an estimate."""
    return sum(one.missed_cents or 0 for one in report.unmet)


def _content(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    now, then = report.now.ratings, report.then.ratings
    under = _("Rücklauf {share}").format(share=share_word(now.response, look)) if now.asked else ""
    trend = points_trend(now.share, then.share, look)
    goal = goal_word(Figure.SATISFACTION, look)
    told = of_word(now.share.hits, now.share.cases, look)
    return Tile(Figure.SATISFACTION, share_word(now.share, look), under, goal, trend, told)


def _lead(days: float | None, look: Look) -> Tile:
    _ = look.speech.say
    if days is None:
        return Tile(Figure.LEAD_TIME, NOTHING, "", "", None, "")
    told = counted(round(days, 1), _("1 Tag"), _("{count} Tage"), look)
    return Tile(Figure.LEAD_TIME, told, _("Median"), "", None, "")


def _load(load: Load, look: Look) -> Tile:
    _ = look.speech.say
    bounds = {"least": percent_word(GOALS[Figure.UTILISATION], look), "most": percent_word(FULL_LOAD, look)}
    told = _("{booked} von {bookable} Stunden").format(
        booked=number(load.booked / 60, look), bookable=number(load.bookable / 60, look)
    )
    goal = _("Ziel: {least} bis {most}").format(**bounds)
    return Tile(Figure.UTILISATION, load_word(load, look), "", goal, None, told)


def _templates(report: Report, look: Look) -> Tile:
    _ = look.speech.say
    used = report.now.templates.from_template
    one, many = _("1 Antwort aus Vorlagen × {minutes} Min"), _("{count} Antworten aus Vorlagen × {minutes} Min")
    told = counted(used, one, many, look, minutes=report.template_minutes)
    if not used:
        return Tile(Figure.TEMPLATES, NOTHING, "", "", None, told)
    saved = _("ca. {span}").format(span=span(report.saved_minutes, look))
    calls = calls_word(report.saved_minutes, look.speech.say)
    return Tile(Figure.TEMPLATES, saved, _("gespart"), calls, None, told)
