"""The one thing that last week teaches: what hurt most customers most, else what got better.

A trouble weighs as many points as customers it concerned, times how much it hurts one of them. The factors are ours:
a complaint costs trust that was there, a broken promise comes before a long wait, and a call that was not needed cost
the shop more than the customer. Something that concerned a single customer a little is no lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from data.report_records import FEWEST, Avoidable, AvoidableCost, Figure, HourCell
from services.rules.standings import Figures

LEAST_WEIGHT = 3
BETTER_POINTS = 5  # percentage points of the share in goal
BETTER_MEDIAN = 0.75  # of the median before
LATE_EVENING_SHARE = 0.2  # of all contacts: from here on closed hours are worth a thought
_COMPLAINT, _BROKEN, _LOST_VISIT, _LATE, _OUTSIDE, _AVOIDABLE = 4.0, 3.0, 2.0, 1.5, 0.5, 1.0

ABOUT_STATUS = "{count} Kunden mussten nach dem Stand fragen. Das kostete rund {minutes} Minuten."
ABOUT_PROMISE = "{count} Kunden fragten nach, weil etwas nicht wie versprochen kam. Das kostete rund {minutes} Minuten."
ABOUT_INFORMATION = "{count} Kunden fragten nach, weil eine Angabe fehlte. Das kostete rund {minutes} Minuten."
ABOUT_ERROR = "{count} Kunden fragten nach, weil uns ein Fehler passiert ist. Das kostete rund {minutes} Minuten."
ABOUT_TWICE = "{count} Kunden mussten zweimal fragen. Das kostete rund {minutes} Minuten."
_AVOIDED = {
    Avoidable.STATUS_ASKED: ABOUT_STATUS,
    Avoidable.PROMISE_BROKEN: ABOUT_PROMISE,
    Avoidable.INFO_MISSING: ABOUT_INFORMATION,
    Avoidable.OUR_ERROR: ABOUT_ERROR,
    Avoidable.ASKED_TWICE: ABOUT_TWICE,
}


@dataclass(frozen=True)
class Lesson:
    """A German sentence with the values that stand in its braces, and the figure that a measure would move, or None."""

    sentence: str
    values: Mapping[str, int] = field(default_factory=dict)
    figure: Figure | None = None
    weight: float = 0.0
    is_good: bool = False


def choose_lesson(now: Figures, then: Figures, hours: Iterable[HourCell] = ()) -> Lesson:
    """What matters most of the week `now`, compared with the week `then`; always a lesson, also of an empty week."""
    found = [_complaints(now, then), _callbacks(now), _no_shows(now), _late(now), _avoidable(now), _outside(hours)]
    troubles = [lesson for lesson in found if lesson is not None and lesson.weight >= LEAST_WEIGHT]
    if troubles:
        return max(troubles, key=lambda lesson: lesson.weight)
    return _better(now, then) or _quiet(now)


def _complaints(now: Figures, then: Figures) -> Lesson | None:
    count, before = now.complaints.count, then.complaints.count
    if not count:
        return None
    sentence = "Beschwerden in dieser Woche: {count}, in der Woche davor: {before}."
    weight = _COMPLAINT * (count + now.complaints.lost)
    return Lesson(sentence, {"count": count, "before": before}, Figure.COMPLAINTS, weight)


def _callbacks(now: Figures) -> Lesson | None:
    share = now.callbacks.share
    broken = share.cases - share.hits
    if broken <= 0:
        return None
    sentence = "Zugesagte Rückrufe: {broken} von {due} kamen zu spät oder gar nicht."
    return Lesson(sentence, {"broken": broken, "due": share.cases}, Figure.CALLBACKS, _BROKEN * broken)


def _no_shows(now: Figures) -> Lesson | None:
    share = now.visits.share
    if share.hits <= 0:
        return None
    sentence = "Termine ohne Kunden: Zu {missed} von {count} kam niemand."
    return Lesson(sentence, {"missed": share.hits, "count": share.cases}, Figure.NO_SHOWS, _LOST_VISIT * share.hits)


def _late(now: Figures) -> Lesson | None:
    share = now.answers.share
    late = share.cases - share.hits
    if late <= 0:
        return None
    sentence = "Erste Antworten: {late} von {count} kamen nicht im Ziel."
    return Lesson(sentence, {"late": late, "count": share.cases}, Figure.IN_GOAL, _LATE * late)


def _avoidable(now: Figures) -> Lesson | None:
    costs = [cost for cost in now.avoidance.kinds if cost.contacts > 1 and cost.kind in _AVOIDED]
    if not costs:
        return None
    worst = max(costs, key=_expense)
    values = {"count": worst.contacts, "minutes": worst.minutes}
    return Lesson(_AVOIDED[Avoidable(worst.kind)], values, Figure.AVOIDABLE, _AVOIDABLE * worst.contacts)


def _expense(cost: AvoidableCost) -> tuple[int, int]:
    return cost.minutes, cost.contacts


def _outside(hours: Iterable[HourCell]) -> Lesson | None:
    """Contacts in the evening and at weekends: nobody can be reached then, so only many of them are told."""
    cells = list(hours)
    outside, contacts = sum(cell.outside for cell in cells), sum(cell.contacts for cell in cells)
    if outside < FEWEST or outside < LATE_EVENING_SHARE * contacts:
        return None
    sentence = "{outside} von {count} Nachrichten kamen, als geschlossen war."
    return Lesson(sentence, {"outside": outside, "count": contacts}, Figure.FIRST_ANSWER, _OUTSIDE * outside)


def _better(now: Figures, then: Figures) -> Lesson | None:
    tries: tuple[Callable[[Figures, Figures], Lesson | None], ...] = (_more_in_goal, _sooner, _all_called)
    return next((lesson for tried in tries if (lesson := tried(now, then)) is not None), None)


def _more_in_goal(now: Figures, then: Figures) -> Lesson | None:
    percent, before = now.answers.share.percent, then.answers.share.percent
    if percent is None or before is None or round(percent) - round(before) < BETTER_POINTS:
        return None
    sentence = "Besser geworden: {percent} % der ersten Antworten kamen im Ziel, in der Woche davor {before} %."
    return Lesson(sentence, {"percent": round(percent), "before": round(before)}, is_good=True)


def _sooner(now: Figures, then: Figures) -> Lesson | None:
    median, before = now.answers.median, then.answers.median
    few = min(now.answers.answered, then.answers.answered) < FEWEST
    if few or median is None or before is None or median > before * BETTER_MEDIAN or median == before:
        return None
    sentence = "Schneller geworden: Die mittlere erste Antwort dauerte {minutes} Minuten, in der Woche davor {before}."
    return Lesson(sentence, {"minutes": median, "before": before}, is_good=True)


def _all_called(now: Figures, then: Figures) -> Lesson | None:
    share = now.callbacks.share
    if share.cases < 2 or share.hits < share.cases:
        return None
    return Lesson("Alle {count} zugesagten Rückrufe kamen rechtzeitig.", {"count": share.cases}, is_good=True)


def _quiet(now: Figures) -> Lesson:
    share = now.answers.share
    if share.cases > 1 and share.hits == share.cases:
        sentence = "Alle {count} Anfragen bekamen ihre erste Antwort im Ziel."
        return Lesson(sentence, {"count": share.cases}, is_good=True)
    if share.cases + now.answers.waiting + now.answers.unanswered + now.avoidance.contacts:
        return Lesson("Eine ruhige Woche: Nichts ist aus dem Rahmen gefallen.", is_good=True)
    return Lesson("In dieser Woche kam keine Anfrage.", is_good=True)
