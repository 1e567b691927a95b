"""Rückblick: last week in three numbers, one lesson, one measure. For owners."""

from datetime import timedelta

import streamlit as st

from pages.parts import state
from pages.parts.head import draw_head, draw_section
from pages.parts.measures import draw_measure_form, draw_measures
from pages.parts.occasions import draw_freed_time
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from services.look_back import LookBack, Number, look_back
from services.look_back_words import before_word, figure_word, lesson_word, week_word, worth_word
from services.staff import require_owner

COUNTED_FOR = timedelta(minutes=5)


def draw_number(desk: Desk, number: Number) -> None:
    locale = desk.speech.locale
    value = worth_word(number.now, desk.say, locale)
    before = before_word(number, desk.say, locale)
    st.metric(figure_word(number.figure, desk.say), value, before, delta_color="off", delta_arrow="off")


def draw_lesson(desk: Desk, back: LookBack) -> None:
    _ = desk.say
    draw_section(_("Was die Woche lehrt"), key="lehre")
    with st.container(key="karte-lehre", gap="small"):
        icon = "trending_up" if back.lesson.is_good else "lightbulb"
        st.markdown(f":material/{icon}: {plain(lesson_word(back.lesson, _))}")


def draw_change(desk: Desk, back: LookBack) -> None:
    _ = desk.say
    draw_section(_("Was wir ändern"), key="aendern")
    draw_measures(desk)
    question = _("Noch etwas ändern") if back.trial else _("Was ändern Sie diese Woche?")
    with st.expander(question, icon=":material/add:", expanded=back.trial is None, key="massnahme-neu"):
        draw_measure_form(desk, back.lesson.figure)


desk = open_desk()
_ = desk.say
require_owner(desk.actor)
shown = state.figures_of("rueckblick", desk.speech.now, lambda: look_back(desk.shop, desk.actor), COUNTED_FOR)
draw_head(desk, _("Rückblick"), week_word(shown.week, _, desk.speech.locale), primary=False)
with st.container(key="karte-zahlen", gap="small"), st.grid(3, min_column_width=180, gap="small"):
    for one in shown.numbers:
        draw_number(desk, one)
draw_freed_time(desk, shown.saved_minutes)
st.link_button(_("Drucken"), "/intern/rueckblick", icon=":material/print:")
draw_lesson(desk, shown)
draw_change(desk, shown)
