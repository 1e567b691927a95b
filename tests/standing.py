"""Figures of a period made by hand, where the product counts them."""

from __future__ import annotations

from dataclasses import dataclass

from data.report_records import (
    Answers,
    Avoidance,
    Callbacks,
    Complaints,
    Load,
    Praises,
    Ratings,
    Resolutions,
    Share,
    TemplateUse,
    Visits,
    Wishes,
)


@dataclass(frozen=True)
class Standing:
    """What `services.rules.standings.Figures` asks for."""

    answers: Answers
    next_answers: Answers
    resolutions: Resolutions
    solved_at_once: Share
    reopened: Share
    callbacks: Callbacks
    complaints: Complaints
    praises: Praises
    avoidance: Avoidance
    promises_kept: Share
    visits: Visits
    lead_days: float | None
    load: Load
    returning: Share
    templates: TemplateUse
    ratings: Ratings
    wishes: Wishes


_NOBODY = Answers(0, 0, 0, 0, 0, None, None)
NOTHING = Standing(
    answers=_NOBODY,
    next_answers=_NOBODY,
    resolutions=Resolutions(0, 0, None, None),
    solved_at_once=Share(0, 0),
    reopened=Share(0, 0),
    callbacks=Callbacks(0, 0, 0, 0, 0),
    complaints=Complaints(0, 0, 0, 0, 0, 0, 0),
    praises=Praises(0, 0, 0),
    avoidance=Avoidance(0, 0, 0, 0),
    promises_kept=Share(0, 0),
    visits=Visits(0, 0, 0),
    lead_days=None,
    load=Load(0, 0),
    returning=Share(0, 0),
    templates=TemplateUse(0, 0),
    ratings=Ratings(0, 0, 0, 0, 0, 0, 0),
    wishes=Wishes(0, 0, None),
)
