"""Measures on a screen: what is being changed, since when, and whether the figure it is for has moved."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from data.report_records import Figure, Measure
from pages.parts import state
from pages.parts.acting import action
from pages.parts.choices import choose_from_list
from pages.parts.date_field import date_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from services import measures
from services.look_back import Trial, show_trial
from services.look_back_words import day_word, figure_word, measure_facts, trial_word
from services.reports import Report
from services.rules.standings import COMPARABLE
from services.staff import list_staff

SHOWN_AFTER_END = timedelta(days=90)
MOST = 6
COUNTED_FOR = timedelta(minutes=5)
_FORM = "massnahme-"


def draw_measures(desk: Desk, report: Report | None = None) -> None:
    """The measures of a report, without one those that run or ended lately; for owners, each with its button to end."""
    _ = desk.say
    found = list(report.measures) if report else _of_late(desk)
    if not found:
        st.caption(_("In diesen Tagen lief keine Maßnahme.") if report else _("Noch keine Maßnahme eingetragen."))
    for measure in found[:MOST]:
        with st.container(key=f"karte-massnahme-{measure.id}", gap="xsmall"):
            _draw_measure(desk, _trial(desk, measure))


def _of_late(desk: Desk) -> list[Measure]:
    today = today_of(desk)
    return measures.list_measures(desk.shop.store, today - SHOWN_AFTER_END, date.max)


def today_of(desk: Desk) -> date:
    """The shop's local day."""
    return desk.speech.now.astimezone(desk.speech.zone).date()


def _trial(desk: Desk, measure: Measure) -> Trial:
    name = f"massnahme/{measure.id}/{measure.ended_on}"
    return state.figures_of(name, desk.speech.now, lambda: show_trial(desk.shop, desk.actor, measure), COUNTED_FOR)


def _draw_measure(desk: Desk, trial: Trial) -> None:
    _ = desk.say
    measure, locale = trial.measure, desk.speech.locale
    with st.container(horizontal=True, vertical_alignment="top", key=f"zeile-massnahme-{measure.id}"):
        with st.container(gap=None, width="stretch"):
            st.text(measure.title)
            st.caption(plain(" · ".join(measure_facts(trial, _, locale))))
            if effect := trial_word(trial, _, locale):
                st.caption(plain(effect))
        if measure.ended_on:
            st.caption(_("beendet am {day}").format(day=day_word(measure.ended_on, locale)), width="content")
        else:
            _draw_end(desk, measure)


def _draw_end(desk: Desk, measure: Measure) -> None:
    _ = desk.say

    def end(now: Desk) -> str:
        measures.end_measure(now.shop, now.actor, measure.id, today_of(now))
        return _("Maßnahme beendet.")

    action(_("Beenden"), end, key=f"massnahme-ende-{measure.id}", icon=":material/flag:")


def draw_measure_form(desk: Desk, figure: Figure | None) -> None:
    """A new measure; `figure` is chosen at first."""
    _ = desk.say
    st.text_input(
        _("Was ändern wir?"),
        key=f"{_FORM}title",
        placeholder=_("Zum Beispiel: Um 11 und um 16 Uhr rufen wir alle zurück"),
        on_change="ignore",
    )
    with st.grid(2, min_column_width=240):
        figures = {"": _("Keine bestimmte"), **{str(one): figure_word(one, _) for one in COMPARABLE}}
        label = _("An welcher Kennzahl soll man es sehen?")
        choose_from_list(desk, label, figures, str(figure or ""), key=f"{_FORM}figure", on_change="ignore")
        people = {0: _("Alle"), **{each.id: each.name for each in list_staff(desk.shop.store) if each.active}}
        choose_from_list(desk, _("Wer ist zuständig?"), people, 0, key=f"{_FORM}staff", on_change="ignore")
        st.session_state.setdefault(f"{_FORM}begin", today_of(desk))
        date_field(_("Ab wann?"), key=f"{_FORM}begin", on_change="ignore")
        date_field(_("Bis wann? (kann leer bleiben)"), None, key=f"{_FORM}due", on_change="ignore")
    action(_("Maßnahme eintragen"), _add, key="add-measure", icon=":material/add:", type="primary")


def _add(desk: Desk) -> str:
    field = st.session_state
    measures.add_measure(
        desk.shop,
        desk.actor,
        title=field[f"{_FORM}title"],
        figure=field[f"{_FORM}figure"],
        staff_id=field[f"{_FORM}staff"] or None,
        begins_on=field[f"{_FORM}begin"],
        due_on=field[f"{_FORM}due"],
    )
    state.forget_fields(_FORM)
    return desk.say("Maßnahme eingetragen.")
