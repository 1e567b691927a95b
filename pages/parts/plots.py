"""Every chart of «Auswertung» by its name, and the sections they stand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pages.parts.chart_kinds import Plot
from pages.parts.charts_answers import ANSWER_PLOTS
from pages.parts.charts_backlog import BACKLOG_PLOTS
from pages.parts.charts_complaints import COMPLAINT_PLOTS
from pages.parts.charts_hours import HOUR_PLOTS, LOAD_PLOTS
from pages.parts.charts_outcome import OUTCOME_PLOTS
from pages.parts.charts_ratings import RATING_PLOTS
from pages.parts.charts_reasons import REASON_PLOTS
from pages.parts.charts_visits import VISIT_PLOTS
from pages.parts.charts_wishes import WISH_PLOTS


@dataclass(frozen=True)
class Section:
    """Charts that answer one question; `key` is its expander's."""

    key: str
    plots: tuple[Plot, ...]


SECTIONS = (
    Section("antworten", (*ANSWER_PLOTS, *BACKLOG_PLOTS)),
    Section("wann", tuple(HOUR_PLOTS)),
    Section("anliegen", tuple(REASON_PLOTS)),
    Section("ergebnis", tuple(OUTCOME_PLOTS)),
    Section("termine", (*VISIT_PLOTS, *LOAD_PLOTS)),
    Section("wuensche", tuple(WISH_PLOTS)),
    Section("zufriedenheit", tuple(RATING_PLOTS)),
    Section("beschwerden", tuple(COMPLAINT_PLOTS)),
)
PLOTS = {plot.name: plot for section in SECTIONS for plot in section.plots}


def section_title(key: str, say: Callable[[str], str]) -> str:
    """The section's name."""
    _ = say
    return {
        "antworten": _("Antworten"),
        "wann": _("Wann Kunden kommen"),
        "anliegen": _("Anliegen"),
        "ergebnis": _("Ergebnis"),
        "termine": _("Termine"),
        "wuensche": _("Wünsche"),
        "zufriedenheit": _("Zufriedenheit"),
        "beschwerden": _("Beschwerden"),
    }[key]
