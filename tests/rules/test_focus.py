"""When focus time runs, and what may interrupt it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.focus_times import NEVER, Plan, Week, finished, focus_spans, running
from services.rules.opening_hours import Span
from services.rules.urgency_of_new import Arrival, interrupts, sounds_urgent

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
DAY = timedelta(days=1)
VIENNA = "Europe/Vienna"
LONG_AGO = NOW - 400 * DAY

URGENT = [
    "DRINGEND!!! Auto springt nicht an",
    "Es ist dringend, ich kann nicht fahren.",
    "Das Auto springt nicht an. Bitte sofort melden!",
    "ein Notfall: Bremse tot",
    "Könnte ich heute noch kommen?",
    "Bin mit Panne auf der A12 liegengeblieben",
    "Es eilt.",
    "Das ist nicht lustig, es ist sehr dringend",
    "Kein Stress, aber dringend wäre es schon",
    "Mein Wagen springt einfach nicht mehr an",
    "Es pressiert!",
    "Bitte rasch melden, am besten raschest",
    "Können Sie sofort kommen?",
    "This is urgent",
    "My car has broken down, please call asap",
    "not urgent for the tyres, but the brakes are an emergency",
]
CALM = [
    "Ist mein Golf schon fertig?",
    "Das ist nicht dringend.",
    "Es ist gar nicht so dringend.",
    "Es eilt nicht",
    "es eilt mir wirklich nicht",
    "Dringend ist es nicht.",
    "kein Notfall",
    "Muss nicht sofort sein.",
    "nicht unbedingt heute noch",
    "It is not that urgent",
    "it isn't urgent, not an emergency",
    "Ich komme sofort",
    "Wir kommen heute noch vorbei",
    "Das ging aber rasch, danke für die rasche Antwort",
    "Ein Notfall war das ja nicht.",
    "Pressiert nicht",
    "Der Motor springt wieder an",
    "Für den Notfall meine Nummer: 0664 555 01 27",
    "Pannenset und Notfallkoffer für den Kofferraum",
    "Sofortbild, Eilbote, Eile mit Weile",
]


@pytest.mark.parametrize("words", URGENT)
def test_words_that_pass(words: str) -> None:
    assert sounds_urgent(words)
    assert interrupts(Arrival(words), NOW)


@pytest.mark.parametrize("words", CALM)
def test_words_that_wait(words: str) -> None:
    assert not sounds_urgent(words)


WORDS = st.lists(st.sampled_from("bitte der Golf ist wieder da und laut nicht 412 Euro danke".split()), max_size=6)
ALARMS = st.sampled_from(("dringend", "Notfall", "sofort", "heute noch", "Panne", "urgent", "EILT", "Notfälle"))
STOPS = st.sampled_from((". ", "! ", "\n\n", ", "))


@settings(max_examples=100, deadline=None)
@given(WORDS, ALARMS, WORDS, STOPS, st.sampled_from(("nicht ", "nicht so ", "kein ", "not ")))
def test_an_alarm_passes_wherever_it_stands_unless_a_no_stands_right_at_it(
    before: list[str], alarm: str, after: list[str], stop: str, no: str
) -> None:
    around = (" ".join(before) + stop, stop + " ".join(after))
    assert sounds_urgent(f"{around[0]}{alarm.upper()}{around[1]}")
    assert not sounds_urgent(f"{around[0]}{no}{alarm}{around[1]}")
    assert sounds_urgent(f"{around[0]}{no}{alarm}{around[1]}{stop}Es ist ein Notfall")


def test_complaints_due_calls_and_the_late_pass_whatever_they_say() -> None:
    calm = "Guten Tag"
    assert not interrupts(Arrival(calm), NOW)
    assert interrupts(Arrival(calm, complaint=True), NOW)
    assert interrupts(Arrival(calm, late=True), NOW)
    assert interrupts(Arrival(calm, promise_due_at=NOW - DAY), NOW)
    assert interrupts(Arrival(calm, promise_due_at=NOW + timedelta(minutes=15)), NOW)
    assert not interrupts(Arrival(calm, promise_due_at=NOW + timedelta(minutes=16)), NOW)


def spans(week: Week, start: datetime, end: datetime, *ended: datetime, since: datetime = LONG_AGO) -> list[Span]:
    return focus_spans([Plan(since, week)], ended, VIENNA, start, end)


def test_two_times_a_day_and_one_across_lunch() -> None:
    week: Week = (((540, 630), (690, 810)), *NEVER[1:])  # Monday 9:00–10:30 and 11:30–13:30 in Vienna
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    at = [monday.replace(hour=h, minute=m) for h, m in ((8, 0), (9, 30), (10, 30), (12, 30))]
    assert spans(week, monday, monday + DAY) == [(at[0], at[1]), (at[2], at[3])]
    assert running(spans(week, monday, monday + DAY), at[1]) is None  # not any more at the minute it ends
    early = at[0] + timedelta(minutes=20)
    assert spans(week, monday, monday + DAY, early) == [(at[0], early), (at[2], at[3])]
    assert finished(spans(week, monday, monday + DAY), at[0] + timedelta(minutes=5), at[2]) == [
        (at[0] + timedelta(minutes=5), at[1])
    ]


def test_a_plan_holds_from_when_it_was_made() -> None:
    week: Week = (((540, 630),),) * 7
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    made = monday.replace(hour=9)
    assert spans(week, monday, monday + DAY / 2, since=made) == [(made, monday.replace(hour=9, minute=30))]
    plans = [Plan(LONG_AGO, week), Plan(made, NEVER)]
    past = focus_spans(plans, [], VIENNA, monday, monday + DAY / 2)
    assert past == [(monday.replace(hour=8), made)]  # switched off in its middle: what came until then still counts


def test_the_hour_that_is_skipped_and_the_one_that_comes_twice() -> None:
    night: Week = (((60, 240),),) * 7  # 1:00–4:00
    spring, autumn = datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    for day, hours in ((spring, 2), (autumn, 4)):
        (span,) = spans(night, day, day + timedelta(hours=5))
        assert span[1] - span[0] == timedelta(hours=hours)


DAYS = st.lists(st.tuples(st.integers(0, 95), st.integers(1, 20)), max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(DAYS, min_size=7, max_size=7), st.lists(st.integers(0, 4 * 1440), max_size=3), st.integers(0, 4 * 1440))
def test_minute_by_minute_focus_runs_as_the_clock_on_the_wall_says(
    drawn: list[list[tuple[int, int]]], ended: list[int], minute: int
) -> None:
    week = tuple(_apart([(15 * begin, min(15 * (begin + long), 1440)) for begin, long in day]) for day in drawn)
    start = datetime(2027, 3, 26, 23, tzinfo=UTC)  # the clocks change within
    moments = [start + timedelta(minutes=each) for each in ended]
    now = start + timedelta(minutes=minute)
    local = now.astimezone(ZoneInfo(VIENNA))
    of_day = local.hour * 60 + local.minute
    planned = next((each for each in week[local.weekday()] if each[0] <= of_day < each[1]), None)
    found = running(spans(week, start, start + 5 * DAY, *moments), now)
    whole = running(spans(week, start, start + 5 * DAY), now)
    assert (whole is not None) == (planned is not None)
    stopped = whole is not None and any(whole[0] <= moment <= now for moment in moments)
    assert (found is not None) == (planned is not None and not stopped)


def _apart(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(intervals):
        if not kept or begin > kept[-1][1]:
            kept.append((begin, end))
    return tuple(kept)
