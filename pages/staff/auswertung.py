"""Auswertung: how well the shop serves its customers, in words first, then in figures. For owners."""

import streamlit as st

from data.report_records import Answers, Figure
from pages.parts.acting import edge
from pages.parts.charts import Look
from pages.parts.figure_words import days_word, few, inquiries_word, number, percent_word
from pages.parts.figures import draw_fold, draw_sections, draw_standing, draw_tiles, look_of
from pages.parts.gains import draw_gain
from pages.parts.head import draw_head
from pages.parts.measures import draw_measures
from pages.parts.period_bar import draw_period_bar
from pages.parts.session import Desk, open_desk
from pages.parts.tiles import eight_tiles, other_tiles, waiting_days
from services.reports import Report, show_report
from services.rules.goals import GOALS
from services.rules.verdicts import Verdict, judge
from services.staff import require_owner


def verdict_words(desk: Desk, verdict: Verdict) -> str:
    _ = desk.say
    return {
        Verdict.GOOD: _("Es läuft gut"),
        Verdict.BETTER: _("Es wird besser"),
        Verdict.MORE: _("Da geht noch mehr"),
        Verdict.BURNING: _("Hier brennt es"),
        Verdict.TOO_LITTLE: _("Noch zu wenig Daten"),
    }[verdict]


def proof(report: Report, look: Look) -> str:
    """The sentence under the verdict; who waits for days comes first."""
    _ = look.speech.say
    long = waiting_days(report)
    answered = answered_words(report, look)
    if not long:
        return answered
    one, many = _("Eine Anfrage wartet über drei Tage"), _("{count} Anfragen warten über drei Tage")
    waiting = one if long == 1 else many.format(count=number(long, look))
    return f"{waiting} · {answered}"


def answered_words(report: Report, look: Look) -> str:
    _ = look.speech.say
    share, days = report.now.answers.share, days_word(report.period, look)
    if not share.cases:
        over = report.period.last < report.as_of.astimezone(look.speech.zone).date()
        return unjudged_words(report.now.answers, look, over=over).format(days=days[:1].upper() + days[1:])
    inquiries = inquiries_word(share.cases, look)
    if few(share.cases) or share.percent is None:
        words = _("{inquiries} {days}, {hits} rechtzeitig beantwortet")
        return words.format(inquiries=inquiries, days=days, hits=number(share.hits, look))
    if share.hits == share.cases:
        return _("Alle {inquiries} bekamen {days} rechtzeitig Antwort").format(inquiries=inquiries, days=days)
    words = _("{share} der Anfragen bekamen {days} rechtzeitig Antwort")
    return words.format(share=percent_word(share.percent, look), days=days)


def unjudged_words(answers: Answers, look: Look, *, over: bool) -> str:
    """Why nothing can be judged; `over` are the days."""
    _ = look.speech.say
    if answers.waiting:
        return _("{days} ist noch keine Anfrage fällig")
    if answers.unanswered:
        return _("{days} wurde keine Anfrage beantwortet")
    return _("{days} kam keine Anfrage") if over else _("{days} kam noch keine Anfrage")


def rest(desk: Desk, report: Report, look: Look) -> None:
    draw_tiles(other_tiles(report, look), report.period, key="rest")
    draw_gain(desk, report, look)


def changes(desk: Desk, report: Report) -> None:
    draw_measures(desk, report)
    st.page_link("staff/rueckblick.py", label=desk.say("Neue Maßnahme"), icon=":material/add:")


desk = open_desk()
_ = desk.say
require_owner(desk.actor)
head = st.container(gap=None, key="urteil")
asked = draw_period_bar(desk)
title, sentence, shown = _("Auswertung"), "", None
with edge(_):
    report = show_report(desk.shop, desk.actor, asked.period, asked.comparison)
    look = look_of(desk)
    now, then = report.now.answers.share, report.then.answers.share
    title = verdict_words(desk, judge(now, then, waiting_days(report), GOALS[Figure.IN_GOAL]))
    sentence, shown = proof(report, look), (report, look)
    draw_tiles(eight_tiles(report, look), report.period, key="erst")
    draw_sections(desk, report)
    draw_fold(_("Maßnahmen"), "teil-massnahmen", lambda: changes(desk, report))
    draw_fold(_("Weitere Zahlen"), "teil-weitere", lambda: rest(desk, report, look), open_at_first=False)
with head:
    draw_head(desk, title, sentence, primary=False)
    if shown:
        draw_standing(*shown)
