"""Heute, the week: in goal beside praise passed on, customers' own words, who is due before a goal is missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from data.report_records import Figure, Quote
from pages.parts import state
from pages.parts.acting import action
from pages.parts.figure_words import metric_trend, points_trend, praise_rest, praise_word, share_word
from pages.parts.figures import look_of
from pages.parts.head import draw_section
from pages.parts.occasions import draw_freed_time
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import Speech, clock_time, day_word, due_time, name_or
from services import reports, wrap_ups
from services.inquiries import InquiryLine
from services.look_back_words import figure_word
from services.rules.standings import Figures
from services.rules.waiting import Urgency
from services.typed import shorten

COUNTED_FOR = timedelta(minutes=5)
LONGEST_QUOTE = 280  # signs; all of it stands in the conversation
_WEEK = "week"


def soon_words(waiting: Sequence[InquiryLine], speech: Speech) -> str:
    """«2 sind bald fällig, die nächste um 11:20» of those who wait and have 75 % of the goal behind them."""
    _ = speech.say
    due = sorted(line.answer_by for line in waiting if line.urgency is Urgency.SOON and line.answer_by)
    if not due:
        return _("Bald fällig ist gerade niemand.")
    time = clock_time(due[0], speech)
    if due_time(due[0], speech) != time:
        time = due_time(due[0], speech)
        one, many = _("Eine ist bald fällig: {time}"), _("{count} sind bald fällig, die nächste: {time}")
    else:
        one, many = _("Eine ist bald fällig, um {time}"), _("{count} sind bald fällig, die nächste um {time}")
    return one.format(time=time) if len(due) == 1 else many.format(count=len(due), time=time)


def draw_week(desk: Desk) -> None:
    """The team's last seven days: how soon it answered, always beside how much praise reached whom it was for."""
    _ = desk.say
    draw_section(_("Letzte 7 Tage"), key="woche")
    (now, then), own = state.figures_of(_WEEK, desk.speech.now, lambda: _count(desk), COUNTED_FOR)
    look, share, praises = look_of(desk), now.answers.share, now.praises
    with st.container(key="karte-woche", gap="small"):
        with st.grid(2, min_column_width=140, gap="small"):
            trend = metric_trend(points_trend(share, then.answers.share, look))
            st.metric(figure_word(Figure.IN_GOAL, _), share_word(share, look), **trend)
            rest = plain(praise_rest(praises, look)) or None
            label = figure_word(Figure.PRAISE, _)
            st.metric(label, praise_word(praises, look), rest, delta_color="off", delta_arrow="off")
        if desk.is_owner:
            st.caption(_("Ihre eigenen Kundenkontakte in diesen Tagen: {count}").format(count=own))
        draw_freed_time(desk, now.templates.from_template * desk.settings.template_minutes)


def _count(desk: Desk) -> tuple[tuple[Figures, Figures], int]:
    own = reports.own_contacts(desk.shop, desk.actor) if desk.is_owner else 0
    return reports.week_report(desk.shop, desk.actor), own


def draw_quotes(desk: Desk) -> None:
    """The newest praise and the newest complaint, side by side, word for word; nothing where there is neither."""
    _ = desk.say
    quotes = sorted(reports.list_quotes(desk.shop, desk.actor), key=lambda quote: quote.kind != "praise")
    if not quotes:
        return
    draw_section(_("Originalton"), key="stimmen")
    with st.container(key="stimmen"):
        places = st.columns(2, gap="small")
    for place, quote in zip(places, quotes, strict=False):
        with place, st.container(key=f"karte-stimme-{quote.kind}", gap="small", height="stretch"):
            _draw_quote(desk, quote)


def _draw_quote(desk: Desk, quote: Quote) -> None:
    _ = desk.say
    if quote.kind == "praise":
        st.badge(_("Lob"), icon=":material/favorite:", color="green")
    elif quote.kind == "rating":
        st.badge(_("Unzufrieden"), icon=":material/sentiment_dissatisfied:", color="red")
    else:
        st.badge(_("Beschwerde"), icon=":material/sentiment_dissatisfied:", color="red")
    st.text(f"«{shorten(quote.words, LONGEST_QUOTE)}»")
    who = name_or(quote.customer_name, _)
    st.caption(plain(f"{who}, {day_word(quote.said_at, desk.speech)}"))
    if quote.kind == "praise":
        _draw_passing_on(desk, quote)
    else:
        _draw_way(desk, quote)


def _draw_way(desk: Desk, quote: Quote) -> None:
    address = {"anfrage": str(quote.inquiry_id)}
    label = desk.say("Zum Gespräch")
    st.page_link("staff/gespraech.py", label=label, icon=":material/forum:", query_params=address)


def _draw_passing_on(desk: Desk, quote: Quote) -> None:
    _ = desk.say
    if quote.passed_on_at is not None:
        day = day_word(quote.passed_on_at, desk.speech)
        st.caption(_("weitergegeben, {day}").format(day=day))
        return

    def pass_on(now: Desk) -> None:
        wrap_ups.pass_on_praise(now.shop, now.actor, quote.inquiry_id)
        state.forget_figures(_WEEK)

    icon = ":material/volunteer_activism:"
    if action(_("Weitergegeben"), pass_on, key=f"lob-{quote.inquiry_id}", said=_("Lob weitergegeben."), icon=icon):
        st.rerun()  # the whole page, at once: it tells what came of the tap
