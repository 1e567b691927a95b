"""Opening hours as people write and read them: «7:30–12:00 und 13:00–17:00 Uhr»."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from services.rules.opening_hours import Intervals

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
UNREADABLE = "Bitte schreiben Sie die Zeiten so: 8:00–12:00, 13:00–18:00. Oder: geschlossen."
BACKWARDS = "Das Ende muss nach dem Anfang liegen. Geht es über Mitternacht, teilen Sie es auf zwei Tage auf."
OVERLAPPING = "Diese Zeiten überschneiden sich. Bitte tragen Sie jede Zeit nur einmal ein."

_CLOSED = frozenset({"", "-", "–", "geschlossen", "zu", "ruhetag", "closed"})
_NOISE = re.compile(r"\b(uhr|von|h)\b|(?<=\d)h\b")
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
_INTERVAL = re.compile(rf"{_CLOCK}\s*(?:-|bis|to)\s*{_CLOCK}")
_BETWEEN = re.compile(r"(?:[\s,;/+&]|\bund\b|\band\b)*")


def parse_intervals(text: str) -> Intervals:
    """Minutes after local midnight, sorted; «geschlossen» and '' are ().

    «7:30-12, 13:00-17:00» and «8–12 und 13–18 Uhr» are understood. Raises ValueError with a German sentence, one of
    UNREADABLE, BACKWARDS and OVERLAPPING.
    """
    plain = re.sub(r"\s*[‐‑‒–—−]\s*", "-", text.casefold()).strip(" .")
    if plain in _CLOSED:
        return ()
    plain = _NOISE.sub(" ", plain)
    found = [_minutes(match) for match in _INTERVAL.finditer(plain)]
    if not found or not _BETWEEN.fullmatch(_INTERVAL.sub(" ", plain)):
        raise ValueError(UNREADABLE)
    if any(end <= begin for begin, end in found):
        raise ValueError(BACKWARDS)
    if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(found))):
        raise ValueError(OVERLAPPING)
    return tuple(sorted(found))


def show_intervals(intervals: Intervals, say: Callable[[str], str] = str) -> str:
    """«7:30–12:00 und 13:00–17:00», «geschlossen» for none; `parse_intervals` reads it back in either language."""
    if not intervals:
        return say("geschlossen")
    spans = [f"{_show(begin)}–{_show(end)}" for begin, end in intervals]
    if len(spans) == 1:
        return spans[0]
    return say("{times} und {last}").format(times=", ".join(spans[:-1]), last=spans[-1])


def show_week(week: tuple[Intervals, ...], days: Sequence[str] = WEEKDAYS, say: Callable[[str], str] = str) -> str:
    """«Mo–Do 7:30–12:00 und 13:00–17:00 Uhr, Fr 7:30–13:00 Uhr»: like neighbours joined, closed days left out."""
    groups: list[tuple[int, int]] = []
    for day, intervals in enumerate(week):
        if groups and groups[-1][1] == day - 1 and week[groups[-1][0]] == intervals:
            groups[-1] = (groups[-1][0], day)
        else:
            groups.append((day, day))
    line = say("{days} {times} Uhr")
    return ", ".join(
        line.format(days=_days(first, last, days), times=show_intervals(week[first], say))
        for first, last in groups
        if week[first]
    )


def _minutes(match: re.Match[str]) -> tuple[int, int]:
    numbers = [int(part or 0) for part in match.groups()]
    begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if max(numbers[1], numbers[3]) > 59 or max(begin, end) > 1440:
        raise ValueError(UNREADABLE)
    return begin, end


def _show(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _days(first: int, last: int, names: Sequence[str]) -> str:
    return names[first] if first == last else f"{names[first]}–{names[last]}"
