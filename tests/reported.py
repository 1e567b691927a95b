"""Reports made by hand: a believable quarter of a garage, an empty shop, and one with a single inquiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.report_records import (
    AgeClass,
    Answers,
    AvoidableCost,
    Avoidance,
    Callbacks,
    Cause,
    Complaints,
    FunnelStep,
    HourCell,
    Load,
    Measure,
    Praises,
    Ratings,
    ReasonCost,
    Resolutions,
    Share,
    TemplateUse,
    Unmet,
    Visits,
    Wishes,
    WishFunnel,
)
from services.reports import Report
from services.rules.periods import Comparison, Period, compared
from tests.standing import NOTHING, Standing

TODAY = date(2026, 11, 23)
AS_OF = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)  # 10:42 in Vienna
QUARTER = Period("quartal", TODAY - timedelta(days=89), TODAY)
WEEKS = tuple(date(2026, 8, 24) + timedelta(weeks=week) for week in range(14))
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
_AGES = (0, 60, 240, 1440, 4320)
_MEDIANS = (216, 192, 234, 186, 168, 174, 132, 120, 102, 110, 96, 90, 88, 84)
_OPEN = {day: range(8, 18) for day in range(5)} | {5: range(9, 12)}


def a_standing(**changes: Any) -> Standing:
    """The figures of a good quarter."""
    standing = Standing(
        answers=Answers(109, 103, 3, 2, 4, 84, 390),
        next_answers=Answers(61, 55, 1, 1, 0, 95, 420),
        resolutions=Resolutions(96, 12, 310, 1500),
        solved_at_once=Share(66, 88),
        reopened=Share(6, 96),
        callbacks=Callbacks(38, 1, 1, 39, 29),
        complaints=Complaints(4, 3, 3, 1, 34000, 140, 118),
        praises=Praises(12, 11, 1),
        avoidance=Avoidance(
            118,
            80,
            37,
            411,
            (
                AvoidableCost("status_asked", 21, 231),
                AvoidableCost("info_missing", 10, 110),
                AvoidableCost("our_error", 6, 70),
            ),
        ),
        promises_kept=Share(47, 49),
        visits=Visits(140, 6, 4),
        lead_days=4.5,
        load=Load(9600, 13000),
        returning=Share(51, 120),
        templates=TemplateUse(92, 43),
        ratings=Ratings(17, 12, 3, 2, 1, 78, 29),
        wishes=Wishes(19, 23, 9),
    )
    return replace(standing, **changes)


def an_earlier_standing() -> Standing:
    """The quarter before: slower, more avoidable, more no-shows."""
    return a_standing(
        answers=Answers(101, 89, 3, 0, 6, 119, 600),
        callbacks=Callbacks(30, 4, 0, 34, 20),
        avoidance=Avoidance(110, 60, 44, 520),
        visits=Visits(120, 11, 5),
        complaints=Complaints(6, 4, 6, 1, 61000, 120, 110),
        praises=Praises(9, 7, 2),
    )


def _hours() -> tuple[HourCell, ...]:
    cells = []
    for day in range(7):
        for hour in range(24):
            opened = 1.0 if hour in _OPEN.get(day, ()) and hour != 12 else 0.0
            busy = max(0, 7 - abs(hour - 9)) if day < 5 else max(0, 5 - abs(hour - 10))
            late = max(0, 6 - 2 * abs(hour - 18)) if day in {0, 6} else max(0, 3 - abs(hour - 18))
            contacts = busy + late if 6 <= hour <= 21 else 0
            cells.append(HourCell(day, hour, contacts, contacts if not opened else 0, opened))
    return tuple(cells)


def _loads() -> tuple[Load, ...]:
    return tuple(
        Load(min(780, 300 + 60 * ((day + hour) % 7)), 780, day, hour) for day, hours in _OPEN.items() for hour in hours
    )


def a_report(**changes: Any) -> Report:
    """A garage whose answers got faster since it has templates."""
    report = Report(
        period=QUARTER,
        before=compared(QUARTER, Comparison.PREVIOUS),
        comparison=Comparison.PREVIOUS,
        as_of=AS_OF,
        goal=240,
        hourly_rate_cents=3500,
        template_minutes=3,
        missed_visit_cents=6000,
        now=a_standing(),
        then=an_earlier_standing(),
        backlog=tuple(
            AgeClass(begin, end, n) for begin, end, n in zip(_AGES, (*_AGES[1:], None), (3, 2, 1, 1, 0), strict=True)
        ),
        answer_weeks=tuple(
            Answers(8, 6 + at % 3, 0, 0, 0, median, median * 3, week=week)
            for at, (week, median) in enumerate(zip(WEEKS, _MEDIANS, strict=True))
        ),
        answer_channels=(
            Answers(41, 38, 1, 1, 1, 96, 420, channel="mail"),
            Answers(33, 32, 0, 1, 0, 35, 200, channel="call"),
            Answers(22, 19, 2, 0, 2, 180, 700, channel="form"),
            Answers(3, 3, 0, 0, 0, 12, 20, channel="visit"),
        ),
        next_channels=(
            Answers(30, 27, 1, 0, 0, 110, 480, channel="mail"),
            Answers(20, 18, 0, 1, 0, 60, 240, channel="call"),
        ),
        resolution_weeks=tuple(Resolutions(7, 1, 260 + 20 * (at % 5), 1400, week) for at, week in enumerate(WEEKS)),
        solved_weeks=tuple(Share(4 + at % 3, 6 + at % 2, week=week) for at, week in enumerate(WEEKS[:-1])),
        reopened_weeks=tuple(Share(at % 2, 7, week=week) for at, week in enumerate(WEEKS)),
        callback_weeks=tuple(
            Callbacks(2 + at % 2, int(at == 4), int(at == 13), 3, 2, week) for at, week in enumerate(WEEKS)
        ),
        hours=_hours(),
        reasons=(
            ReasonCost(1, "Wo ist mein Auto?", "status", 41, 184, 21),
            ReasonCost(2, "Was kostet das?", "price", 33, 132, 8),
            ReasonCost(3, "Termin verschieben", "appointment", 19, 57, 2),
            ReasonCost(4, "Rechnung unklar", "invoice", 9, 45, 6),
            ReasonCost(5, "Habt ihr offen?", "other", 7, 14, 0),
        ),
        complaint_months=tuple(
            Complaints(n, n, n, 0, 8500 * n, 35, 30, month) for month, n in zip(MONTHS, (1, 0, 2, 1), strict=True)
        ),
        causes=(Cause("Reparatur nicht wie besprochen", 2, 22000), Cause("Termin verschoben", 2, 12000)),
        visit_months=tuple(Visits(35, n, 1, month) for month, n in zip(MONTHS, (3, 2, 1, 0), strict=True)),
        load_hours=_loads(),
        funnel=(FunnelStep(False, 28, 14, 12), FunnelStep(True, 43, 33, 31)),
        measures=(
            Measure(1, "Vorlagen eingeführt", "first_answer", None, "", date(2026, 10, 5), None, None),
            Measure(
                2, "Rückrufe vor Mittag", "callbacks", 2, "Amir Hodžić", date(2026, 11, 2), date(2026, 12, 1), None
            ),
        ),
        wish_funnel=WishFunnel(31, 19, 14),
        unmet=(Unmet("Winterreifen 205/55 R16", 8, 312000), Unmet("Dachbox", 3, None), Unmet("Felgenschloss", 1, 3900)),
        rating_months=tuple(
            Ratings(*counts, 0, 0, month)
            for month, counts in zip(
                MONTHS, ((2, 2, 1, 1, 0), (3, 3, 1, 0, 1), (5, 3, 0, 1, 0), (7, 4, 1, 0, 0)), strict=True
            )
        ),
    )
    return replace(report, **changes)


def an_empty_report(**changes: Any) -> Report:
    """A shop to which nobody has written yet."""
    nothing: dict[str, Any] = {
        "now": NOTHING,
        "then": NOTHING,
        "backlog": tuple(AgeClass(begin, end, 0) for begin, end in zip(_AGES, (*_AGES[1:], None), strict=True)),
        "hours": tuple(HourCell(day, hour, 0, 0, 0.0) for day in range(7) for hour in range(24)),
    }
    nothing["wish_funnel"] = WishFunnel(0, 0, 0)
    rows = "answer_weeks answer_channels next_channels resolution_weeks solved_weeks reopened_weeks callback_weeks"
    more = "reasons complaint_months causes visit_months load_hours funnel measures rating_months unmet"
    nothing |= dict.fromkeys(f"{rows} {more}".split(), ())
    return a_report(**(nothing | changes))


def a_report_of_one() -> Report:
    """A shop with a single inquiry, answered in time."""
    one = Answers(1, 1, 0, 0, 0, 35, 35)
    hours = tuple(
        HourCell(d, h, int((d, h) == (0, 9)), 0, 1.0 if 8 <= h < 17 else 0.0) for d in range(7) for h in range(24)
    )
    return an_empty_report(
        now=replace(NOTHING, answers=one, avoidance=Avoidance(1, 0, 0, 0)),
        answer_weeks=(replace(one, week=WEEKS[-1]),),
        answer_channels=(replace(one, channel="mail"),),
        hours=hours,
    )
