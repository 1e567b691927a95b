"""The charts of «Auswertung»: what is drawn, told and given away as a table, from reports made by hand."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pytest
from babel import Locale

from data.report_records import AgeClass, Measure, Share, Visits
from pages.catalogues import translator
from pages.parts.charts import Look
from pages.parts.figure_words import Trend, about, money, points_trend, share_word, span, span_trend
from pages.parts.plots import PLOTS
from pages.parts.words import Speech
from pages.web.figure_tables import written
from services.reports import Report
from tests.reported import AS_OF, MONTHS, a_report, a_report_of_one, an_empty_report


def look_in(country: str = "AT", language: str = "de", *, dark: bool = False) -> Look:
    locale = Locale("en", "GB") if language == "en" else Locale("de", country)
    return Look(Speech(translator(language), locale, ZoneInfo("Europe/Vienna"), AS_OF), country, dark)


def spec_of(name: str, report: Report | None = None, look: Look | None = None) -> dict[str, Any]:
    """The chart as the browser gets it, checked by Altair against the grammar's schema."""
    chart = PLOTS[name].draw(report or a_report(), look or look_in())
    assert chart is not None
    checked: dict[str, Any] = chart.to_dict()
    return checked


def told(spec: dict[str, Any]) -> str:
    return json.dumps(spec, ensure_ascii=False)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", PLOTS)
def test_every_chart_fits_the_schema_in_both_themes(name: str, dark: bool) -> None:
    spec = spec_of(name, look=look_in(dark=dark))
    assert spec["config"]["axis"]["labelFontSize"] == 16
    assert isinstance(alt.Chart.from_dict(spec), alt.LayerChart)


@pytest.mark.parametrize("name", PLOTS)
def test_an_empty_shop_gets_sentences_and_no_broken_chart(name: str) -> None:
    plot, empty, look = PLOTS[name], an_empty_report(), look_in()
    assert plot.draw(empty, look) is None
    assert plot.title(empty, look)
    assert plot.alt(empty, look)
    assert plot.table(empty, look).rows == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", PLOTS)
def test_one_inquiry_is_told_as_a_count_never_as_a_percentage(name: str, language: str) -> None:
    plot, one, look = PLOTS[name], a_report_of_one(), look_in(language=language)
    said = f"{plot.title(one, look)} {plot.alt(one, look).partition('Ziel')[0].partition('oal')[0]}"
    assert "%" not in said
    chart = plot.draw(one, look)
    assert chart is None or chart.to_dict()["layer"]


@pytest.mark.parametrize("name", ["erste-antwort", "im-ziel", "auf-anhieb", "wieder-offen", "nicht-gekommen"])
def test_the_goal_is_a_dashed_line_with_its_words(name: str) -> None:
    spec = spec_of(name)
    rules = [part for part in spec["layer"] if part.get("mark", {}).get("type") == "rule" and "y" in part["encoding"]]
    assert rules[0]["mark"]["strokeDash"]
    assert [part for part in spec["layer"] if part.get("mark", {}).get("text", [""])[0] == "Ziel"]


def test_measures_are_marked_where_they_began() -> None:
    assert '["▸ Vorlagen", "eingeführt"]' in told(spec_of("erste-antwort"))


def test_a_measure_is_told_as_words_whatever_stands_in_it() -> None:
    odd = Measure(1, "datum.x']; alert(1) <b>\"", "", None, "", a_report().measures[0].begins_on, None, None)
    spec = spec_of("erste-antwort", a_report(measures=(odd,)))
    texts = [part["mark"]["text"] for part in spec["layer"] if "text" in part.get("mark", {})]
    assert f"▸ {odd.title}" in [" ".join(text) for text in texts]


@pytest.mark.parametrize(("country", "january"), [("AT", "Jänner"), ("DE", "Januar"), ("CH", "Januar")])
def test_months_are_called_as_the_country_does(country: str, january: str) -> None:
    locale = spec_of("nicht-gekommen", look=look_in(country))["config"]["locale"]
    assert locale["time"]["months"][0] == january
    assert locale["time"]["days"][0] == "Sonntag"
    assert "Okt" in told(spec_of("nicht-gekommen", look=look_in(country)))


def test_in_english_nothing_german_is_left_in_a_chart() -> None:
    look = look_in(language="en")
    said = " ".join(told(spec_of(name, look=look)) for name in PLOTS)
    assert not re.search(r"\b(Ziel|Uhr|Mo|KW|Std|Stammkunden|davon)\b", said)


@pytest.mark.parametrize(
    ("long", "title"),
    [(0, "Niemand wartet länger als drei Tage"), (1, "Eine Anfrage wartet länger als drei Tage"),
     (3, "3 Anfragen warten länger als drei Tage")],
)  # fmt: skip
def test_whoever_waits_over_three_days_is_the_title_and_the_strong_bar(long: int, title: str) -> None:
    ages = zip((0, 60, 240, 1440, 4320), (60, 240, 1440, 4320, None), (2, 1, 0, 0, long), strict=True)
    report, look = a_report(backlog=tuple(AgeClass(*age) for age in ages)), look_in()
    assert PLOTS["offen"].title(report, look) == title
    assert PLOTS["offen"].table(report, look).rows[-1] == ("über 3 Tage", long)
    fills = re.findall(r'"fill": "(#\w+)"', told(spec_of("offen", report)))
    assert bool(fills) is bool(long)


def test_alt_texts_name_the_numbers() -> None:
    report, look = a_report(), look_in()
    assert "92 %" in PLOTS["im-ziel"].alt(report, look)
    assert "1 Std 24" in PLOTS["erste-antwort"].alt(report, look)
    assert "6 von 146" in PLOTS["nicht-gekommen"].alt(report, look)
    assert all(re.search(r"\d", plot.alt(report, look)) for plot in PLOTS.values())


def test_below_five_no_bar_stands_for_a_percentage() -> None:
    months = tuple(Visits(3, 1, 0, month) for month in MONTHS)
    assert PLOTS["nicht-gekommen"].draw(a_report(visit_months=months), look_in()) is None


def test_no_chart_and_no_table_names_anybody_who_works_here() -> None:
    named = replace(a_report().measures[1], staff_name="Amir Hodžić")
    report, look = a_report(measures=(named,)), look_in()
    said = [f"{told(spec_of(n, report))} {p.title(report, look)} {p.table(report, look)}" for n, p in PLOTS.items()]
    assert not [text for text in said if "Amir" in text or "staff" in text]


def test_closed_hours_are_told_without_colour_too() -> None:
    spec = spec_of("wann")
    edges = [part for part in spec["layer"][0]["layer"] if part["mark"].get("strokeDash")]
    assert edges[0]["encoding"]["stroke"]["condition"]["test"] == "datum.shut"


def test_all_charts_together_are_quick_to_build() -> None:
    import time

    report, look = a_report(), look_in()
    began = time.process_time()
    for plot in PLOTS.values():
        chart = plot.draw(report, look)
        assert chart is not None
        chart.to_dict(validate=False)
    assert time.process_time() - began < 0.12


def test_numbers_and_money_as_the_country_writes_them() -> None:
    assert money(123400, look_in("AT")).replace("\u202f", " ").startswith("€ 1")
    assert money(23740, look_in("DE")) == "237 €"
    assert money(23740, look_in("CH")) == "CHF 237"
    assert about(23740, look_in("DE")) == "ca. 240 €"
    assert about(23740, look_in("AT", "en")) == "about €240"


def test_spans_know_no_days() -> None:
    look = look_in()
    assert [span(minutes, look) for minutes in (None, 0, 48, 84, 120, 13 * 60 + 20, 1500)] == [
        "–",
        "0 Min",
        "48 Min",
        "1 Std 24",
        "2 Std",
        "13 Std",
        "25 Std",
    ]


def test_trends_say_whether_it_is_better() -> None:
    look = look_in()
    fewer = points_trend(Share(31, 100), Share(40, 100), look, less=True)
    assert points_trend(Share(92, 100), Share(88, 100), look) == Trend("4 Punkte mehr", True, 1)
    assert fewer == Trend("9 Punkte weniger", True, -1)
    assert span_trend(84, 119, look) == Trend("35 Min schneller", True, -1)
    assert points_trend(Share(3, 4), Share(88, 100), look) is None
    assert share_word(Share(3, 4), look) == "3 von 4"


def test_a_table_is_a_file_that_a_spreadsheet_reads() -> None:
    text = written(PLOTS["im-ziel"].table(a_report(), look_in()), "AT")
    assert text.startswith("\ufeffWoche ab;Anfragen;")
    assert text.endswith("\r\n")
    assert "24.08.2026;8;216;648;6;75,0\r\n" in text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("country", "number"), [("AT", "42,5"), ("DE", "42,5"), ("CH", "42.5")])
def test_numbers_in_a_table_follow_the_country_whatever_language_the_person_reads(
    language: str, country: str, number: str
) -> None:
    reason, look = replace(a_report().reasons[0], minutes=85), look_in(country, language)
    text = written(PLOTS["anliegen"].table(a_report(reasons=(reason,), hourly_rate_cents=3000), look), country)
    assert f";41;85;{number};21\r\n" in text
    assert "24.08.2026;" in written(PLOTS["im-ziel"].table(a_report(), look), country)


@pytest.mark.parametrize(
    ("country", "language", "head"),
    [
        ("AT", "de", "Kosten in €"),
        ("CH", "de", "Kosten in CHF"),
        ("DE", "en", "Cost in €"),
        ("CH", "en", "Cost in CHF"),
    ],
)
def test_columns_of_money_name_their_currency(country: str, language: str, head: str) -> None:
    look = look_in(country, language)
    for name in ("anliegen", "vermeidbar", "beschwerdekosten", "ursachen"):
        assert head in PLOTS[name].table(a_report(), look).head


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_words_never_become_a_formula_and_numbers_stay_numbers(name: str) -> None:
    reason = replace(a_report().reasons[0], name=name, minutes=-5)
    text = written(PLOTS["anliegen"].table(a_report(reasons=(reason,)), look_in()), "AT")
    cell = text.split("\r\n", 1)[1].split(";")[0].strip('"')
    assert cell == f"'{name}"
    assert ";-5;" in text


def test_signs_between_columns_are_put_in_quotation_marks() -> None:
    reason = replace(a_report().reasons[0], name='Öl; "Filter"')
    text = written(PLOTS["anliegen"].table(a_report(reasons=(reason,)), look_in()), "AT")
    assert '"Öl; ""Filter""";41;' in text
