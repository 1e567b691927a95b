"""How charts of weeks and months treat what is missing, still open or too small, and where their words stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.report_records import Answers, Callbacks, Complaints, Measure, ReasonCost, Resolutions, Share, Visits
from pages.parts.charts import HEIGHT, Bar, Marks, free_spot, lying_bars
from pages.parts.figure_words import span
from pages.parts.plots import PLOTS
from services.reports import Report
from tests.reported import MONTHS, WEEKS, a_report
from tests.staff.test_charts import look_in, spec_of, told

MONDAY = date(2026, 8, 31)


def layers_of(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The marks of this kind with their values, whether in a group or alone."""
    flat: list[dict[str, Any]] = []
    for part in spec["layer"]:
        inner = part.get("layer", [part])
        flat += [{"data": part.get("data"), **one} for one in inner]
    found = [one for one in flat if one["mark"]["type"] == kind]
    return [{**one, "values": values_of(one, spec)} for one in found]


def values_of(one: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    data = one["data"] or {}
    values: list[dict[str, Any]] = data["values"] if "values" in data else spec["datasets"][data["name"]]
    return values


def weeks_of(medians: list[int | None], cases: int = 8) -> tuple[Answers, ...]:
    return tuple(
        Answers(cases if median else 0, 0, 0, 0, 0, median, median, week=week)
        for week, median in zip(WEEKS, medians, strict=False)
    )


def dashed_weeks(name: str, report: Report) -> list[int]:
    lines = layers_of(spec_of(name, report), "line")
    young = [line for line in lines if line["mark"].get("strokeDash")]
    return [value["x"] for value in young[0]["values"][1:]] if young else []


def test_a_week_of_coming_back_can_be_judged_after_twenty_one_days() -> None:
    report = a_report(reopened_weeks=tuple(Share(1, 7, week=week) for week in WEEKS))  # to Monday 23.11.
    assert [WEEKS[at] for at in dashed_weeks("wieder-offen", report)] == [date(2026, 11, d) for d in (9, 16, 23)]


def test_a_week_of_solving_at_once_can_be_judged_after_fourteen_days() -> None:
    report = a_report(solved_weeks=tuple(Share(5, 7, week=week) for week in WEEKS))
    assert [WEEKS[at] for at in dashed_weeks("auf-anhieb", report)] == [date(2026, 11, 16), date(2026, 11, 23)]


@pytest.mark.parametrize(("hour", "young"), [(22, 3), (23, 2)])
def test_a_week_is_judged_by_the_shops_day(hour: int, young: int) -> None:
    as_of = datetime(2026, 11, 29, hour, 30, tzinfo=UTC)  # at 23:30 UTC it is Monday in Vienna
    report = a_report(as_of=as_of, reopened_weeks=tuple(Share(1, 7, week=week) for week in WEEKS))
    assert len(dashed_weeks("wieder-offen", report)) == young


def test_dashes_that_can_change_are_told_beside_what_can_change() -> None:
    report, look = a_report(), look_in()
    assert "können sich noch ändern" in PLOTS["wieder-offen"].source(report, look)
    assert "können sich noch ändern" not in PLOTS["auf-anhieb"].source(report, look)


def test_no_line_is_drawn_across_weeks_in_which_nothing_happened() -> None:
    medians = [100, 120, None, None, 90, 80]
    values = layers_of(spec_of("erste-antwort", a_report(answer_weeks=weeks_of(medians))), "line")[0]["values"]
    assert [value["y"] for value in values] == medians
    assert [value["x"] for value in values] == list(range(6))


def test_a_week_between_two_gaps_is_a_dot() -> None:
    medians = [100, None, 90, None, 80, 70]
    dots = layers_of(spec_of("erste-antwort", a_report(answer_weeks=weeks_of(medians))), "point")
    assert {value["x"] for value in dots[0]["values"]} == {0, 2}


def test_gaps_in_percentages_break_the_line_too() -> None:
    shares = tuple(Share(*pair, week=week) for pair, week in zip([(5, 7), (0, 0), (6, 7), (5, 8)], WEEKS, strict=False))
    values = layers_of(spec_of("auf-anhieb", a_report(solved_weeks=shares)), "line")[0]["values"]
    assert [value["y"] is None for value in values] == [False, True, False, False]


def test_gap_weeks_have_no_bar_but_their_place_on_the_axis() -> None:
    weeks = (Callbacks(2, 0, 0, 2, 2, WEEKS[0]), Callbacks(0, 0, 0, 0, 0, WEEKS[1]), Callbacks(3, 0, 0, 3, 2, WEEKS[2]))
    bar = layers_of(spec_of("rueckrufe", a_report(callback_weeks=weeks)), "bar")[0]
    assert {value["x"] for value in bar["values"]} == {0, 2}
    assert bar["encoding"]["x"]["scale"]["domain"] == [0, 1, 2]


def test_gap_weeks_of_what_was_in_goal_have_no_bar_but_their_place() -> None:
    spec = spec_of("im-ziel", a_report(answer_weeks=weeks_of([100, None, 90])))
    bars = layers_of(spec, "bar")
    assert [value["x"] for bar in bars for value in bar["values"]] == [0, 2]
    assert bars[0]["encoding"]["x"]["scale"]["domain"] == [0, 1, 2]


def test_a_month_without_visits_has_no_bar_but_its_place() -> None:
    months = tuple(Visits(35 * (at != 1), 0, 0, month) for at, month in enumerate(MONTHS))
    bar = layers_of(spec_of("nicht-gekommen", a_report(visit_months=months)), "bar")[0]
    assert [value["x"] for value in bar["values"]] == [0, 2, 3]
    assert bar["encoding"]["x"]["scale"]["domain"] == [0, 1, 2, 3]


def test_a_month_without_complaints_is_told_as_none() -> None:
    months = tuple(Complaints(n, n, n, 0, 8500 * n, 0, 0, month) for month, n in zip(MONTHS, (1, 0, 2, 0), strict=True))
    words = [
        value["words"]
        for value in layers_of(spec_of("beschwerdekosten", a_report(complaint_months=months)), "text")[0]["values"]
    ]
    assert words == ["1×", "0", "2×", "0"]


def test_weeks_of_nothing_at_all_are_no_picture() -> None:
    nothing = a_report(
        answer_weeks=weeks_of([None, None]),
        resolution_weeks=tuple(Resolutions(0, 0, None, None, week) for week in WEEKS),
        solved_weeks=tuple(Share(0, 0, week=week) for week in WEEKS),
        reopened_weeks=tuple(Share(0, 0, week=week) for week in WEEKS),
        callback_weeks=tuple(Callbacks(0, 0, 0, 0, 0, week) for week in WEEKS),
        complaint_months=tuple(Complaints(0, 0, 0, 0, 0, 0, 0, month) for month in MONTHS),
        visit_months=tuple(Visits(0, 0, 0, month) for month in MONTHS),
    )
    names = "erste-antwort im-ziel erledigt auf-anhieb wieder-offen rueckrufe beschwerdekosten nicht-gekommen"
    assert [name for name in names.split() if PLOTS[name].draw(nothing, look_in())] == []


def test_the_figure_told_is_of_the_last_week_with_five_inquiries_or_more() -> None:
    weeks = (*weeks_of([100, 90, 84]), Answers(1, 1, 0, 0, 0, 600, 600, week=WEEKS[3]))
    report = a_report(answer_weeks=weeks)
    assert layers_of(spec_of("erste-antwort", report), "point")[-1]["values"][0]["x"] == 2
    assert f"zuletzt {span(84, look_in())}" in PLOTS["erste-antwort"].alt(report, look_in())


def test_what_is_done_is_told_of_five_or_more_too() -> None:
    weeks = (Resolutions(7, 0, 200, 200, WEEKS[0]), Resolutions(4, 0, 900, 900, WEEKS[1]))
    dots = layers_of(spec_of("erledigt", a_report(resolution_weeks=weeks)), "point")
    assert dots[-1]["values"][0]["x"] == 0


@pytest.mark.parametrize("heights", [[10, 20, 30, 40], [40, 30, 20, 10], [10, 90, 20, 30], [90, 5, 90, 5], [50] * 40])
@pytest.mark.parametrize("goal", [None, 25.0, 60.0])
def test_words_of_a_point_never_lie_on_the_line(heights: list[int], goal: float | None) -> None:
    values = [{"x": at, "y": height} for at, height in enumerate(heights)]
    top = max(heights) * 1.2
    spot = free_spot(values, values[-1], "1 Std 24", top, goal)
    spanned = heights[-max(2, len(heights) // 4) :]
    assert spot.level <= min(spanned) if spot.below else spot.level >= max(spanned)
    assert spot.level >= 34 * top / HEIGHT if spot.below else spot.level + 30 * top / HEIGHT <= top


def test_words_of_a_point_make_way_for_the_goal() -> None:
    values = [{"x": at, "y": 80} for at in range(14)]
    assert free_spot(values, values[-1], "80 %", 120, goal=90).below
    assert not free_spot(values, values[-1], "80 %", 120, goal=60).below


def test_words_of_a_point_at_the_left_stand_to_its_right() -> None:
    values: list[dict[str, Any]] = [{"x": at, "y": 50 if at < 2 else None} for at in range(14)]
    assert free_spot(values, values[1], "1 Std 24", 120).right


@pytest.mark.parametrize("at", [0, 20, 26, 40, 52])
def test_a_measure_has_room_for_all_its_words(at: int) -> None:
    words = "Rückrufe am Vormittag, Dienstplan neu (2)"
    marks = Marks([(at, words)], 53)
    assert " ".join(marks.lines[0]) == f"▸ {words}"
    assert max(8 * len(line) for line in marks.lines[0]) <= 240 * max(at, 53 - at) / 53


def test_words_of_measures_make_the_picture_higher_and_are_not_limited() -> None:
    measures = (Measure(1, "Vorlagen eingeführt", "first_answer", None, "", MONDAY, None, None),)
    spec = spec_of("erste-antwort", a_report(measures=measures))
    assert spec["height"] > spec_of("erste-antwort", a_report(measures=()))["height"]
    assert '"limit"' not in told(spec)


def test_a_channel_of_less_than_five_stands_last_and_is_not_compared() -> None:
    channels = (
        Answers(41, 38, 0, 0, 0, 101, 420, channel="mail"),
        Answers(33, 32, 0, 0, 0, 35, 200, channel="call"),
        Answers(2, 2, 0, 0, 0, 113, 120, channel="visit"),
    )
    report, look, plot = a_report(answer_channels=channels), look_in(), PLOTS["kanaele"]
    assert plot.title(report, look) == f"Am längsten dauert es über E-Mail: {span(101, look)}"
    bars = layers_of(spec_of("kanaele", report), "bar")[0]["values"]
    assert [bar["v"] for bar in bars] == [101, 35, 113]
    assert "verglichen ab fünf Anfragen" in plot.source(report, look)
    assert "verglichen" not in plot.source(a_report(answer_channels=channels[:2]), look)


def test_names_of_bars_are_told_in_full_with_their_counts() -> None:
    long = ReasonCost(
        1, "Termin vereinbaren, verschieben oder absagen und Rückfragen dazu", "appointment", 118, 1184, 4
    )
    spec = spec_of("anliegen", a_report(reasons=(long, *a_report().reasons)))
    assert "limit" not in told(spec)
    name = layers_of(spec, "bar")[0]["values"][0]["name"]
    assert " ".join(name) == f"{long.name} (118)"
    assert max(len(line) for line in name) <= 36


def test_short_names_stand_beside_what_they_come_to_and_long_ones_above() -> None:
    short = lying_bars([Bar("E-Mail (41)", 1, "1 Std 41 · 92 %")], look_in()).to_dict()
    long = lying_bars([Bar("Reparatur nicht wie besprochen", 1, "12× · € 1 234")], look_in()).to_dict()
    assert long["height"] > short["height"]


def test_money_of_reasons_is_in_the_words_for_those_who_hear_the_chart() -> None:
    report, look = a_report(), look_in()
    assert "ca. €" not in told(spec_of("anliegen"))
    for name in ("anliegen", "vermeidbar"):
        assert "ca. €" in PLOTS[name].alt(report, look)


def test_the_fullest_hour_is_told_below_and_in_its_cell_only_where_it_fits() -> None:
    loads = tuple(replace(load, booked=load.bookable) for load in a_report().load_hours)
    report = a_report(load_hours=loads)
    assert "am vollsten Mo 8–9 Uhr (100 %)" in PLOTS["auslastung"].source(report, look_in())
    word = layers_of(spec_of("auslastung", report), "text")[0]
    assert word["mark"]["opacity"]["expr"] == "width >= 475 ? 1 : 0"  # ten hours, five signs


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("erste-antwort", "112 Anfragen, die auf Antwort warteten"),
        ("im-ziel", "112 Anfragen, die auf Antwort warteten"),
        ("erledigt", "96 erledigt, die auf Antwort warteten"),
        ("auf-anhieb", "88, die seit sieben Tagen erledigt sind, auch ohne Wartezeit"),
        ("wieder-offen", "6 von 96, die geschlossen wurden, auch ohne Antwort"),
        ("anliegen", "109 mit Anliegen von allen 118 Anfragen, auch gleich erledigten"),
        ("vermeidbar", "bei 80 von allen 118 Anfragen, auch gleich erledigten, ist etwas vermerkt"),
    ],
)
def test_every_count_says_of_what_it_is(name: str, base: str) -> None:
    assert base in PLOTS[name].source(a_report(), look_in())


def test_the_share_that_books_is_of_those_who_asked_for_something_to_book() -> None:
    title = PLOTS["trichter"].title(a_report(), look_in())
    assert title == "66 % derer, die nach Termin, Preis oder Ware fragten, buchen"
