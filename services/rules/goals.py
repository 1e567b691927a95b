"""What a small shop aims at, by figure; reasons and sources stand in docs/figures.md."""

from __future__ import annotations

from data.report_records import Figure

# Percent; of what is in AT_MOST less is better.
GOALS: dict[Figure, float] = {
    Figure.IN_GOAL: 90,
    Figure.CALLBACKS: 95,
    Figure.SOLVED_AT_ONCE: 70,
    Figure.REOPENED: 8,
    Figure.COMPLAINTS_SOLVED: 90,
    Figure.AVOIDABLE: 20,
    Figure.PRAISE: 100,
    Figure.PROMISES_KEPT: 95,
    Figure.NO_SHOWS: 5,
    Figure.UTILISATION: 70,
    Figure.SATISFACTION: 85,
    Figure.WISHES: 80,
}
AT_MOST = frozenset({Figure.REOPENED, Figure.AVOIDABLE, Figure.NO_SHOWS})
FULL_LOAD = 85  # percent of utilisation beyond which one late job upsets the day
