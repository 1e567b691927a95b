"""«Auswertung» as the owner sees it: the verdict, eight tiles, the period in the address, and who is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest

import services.reports
from data.records import Actor, Channel
from data.report_records import AgeClass, Answers, Figure
from pages.catalogues import translator
from pages.parts.definitions import definition
from services.errors import NotAllowedError
from services.noting import Outcome, note_contact
from services.reports import Report, list_cases, show_report
from services.rules.periods import Comparison, Period
from services.shop import Shop
from tests.reported import QUARTER, a_report, a_standing
from tests.staff.conftest import Open, data_of, spoken

Asked = list[tuple[Period, Comparison]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    """Makes the service give a report made by hand; what the page asked for is kept."""

    def show(report: Report) -> Asked:
        asked: Asked = []

        def fake(_shop: Shop, _actor: Actor, period: Period, comparison: Comparison) -> Report:
            asked.append((period, comparison))
            return replace(report, period=period, comparison=comparison)

        monkeypatch.setattr(services.reports, "show_report", fake)
        return asked

    return show


def write_down(shop: Shop, actor: Actor) -> None:
    """One inquiry that waits."""
    note_contact(
        shop,
        actor,
        who="Maria Hofer",
        need="Golf fertig?",
        reach="maria@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )


def tiles(driver: AppTest) -> dict[str, tuple[str, str]]:
    """Value and trend of each tile by its label."""
    return {metric.label: (metric.value, metric.delta.replace("\u2060", "")) for metric in driver.metric}


def title(driver: AppTest) -> str:
    return str(driver.title[0].value)


def test_an_empty_shop_is_told_that_there_is_too_little(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "auswertung")
    assert title(driver) == "Noch zu wenig Daten"
    assert "In diesen 90 Tagen kam noch keine Anfrage" in spoken(driver)
    assert tiles(driver)["Im Ziel beantwortet"][0] == "–"
    assert not driver.error
    assert not driver.get("vega_lite_chart")


def test_one_inquiry_is_told_as_a_count(screen: Open, opened: Shop, sandra: Actor) -> None:
    write_down(opened, sandra)
    driver = screen(sandra, "auswertung")
    assert title(driver) == "Noch zu wenig Daten"
    assert not driver.error
    assert "%" not in "".join(value for value, _trend in tiles(driver).values())
    assert tiles(driver)["Offen jetzt"][0] == "1"


def test_the_tiles_tell_value_trend_and_goal(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    shown(a_report())
    driver = screen(sandra, "auswertung")
    assert title(driver) == "Es läuft gut"
    assert "9 von 10 Anfragen bekamen in diesen 90 Tagen rechtzeitig Antwort" in spoken(driver)
    told = tiles(driver)
    assert told["Im Ziel beantwortet"] == ("92 %", "6 Punkte mehr")
    assert told["Erste Antwort"] == ("1 Std 24", "35 Min schneller")
    assert told["Offen jetzt"] == ("7", "0 über 3 Tage")
    assert told["Rückrufe gehalten"] == ("95 %", "7 Punkte mehr")
    assert told["Termine gehalten"] == ("96 %", "4 Punkte mehr")
    assert told["Beschwerden"] == ("4", "2 weniger")
    assert told["Lob weitergegeben"] == ("11 von 12", "3 mehr")
    assert told["Vermeidbar"] == ("31 %", "9 Punkte weniger")
    said = spoken(driver)
    assert all(words in said for words in ("Ziel: 90 %", "Ziel: höchstens 20 %", "ca. € 240", "1 wartet noch"))


def test_less_is_better_where_it_is(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    shown(a_report(now=a_report().then, then=a_report().now))
    colours = {metric.label: int(metric.color) for metric in screen(sandra, "auswertung").metric}
    worse = ("Vermeidbar", "Erste Antwort", "Im Ziel beantwortet", "Termine gehalten")
    assert {colours[label] for label in worse} == {int(MetricProto.RED)}
    assert colours["Beschwerden"] == int(MetricProto.GRAY)


def test_who_waits_for_days_comes_first(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    shown(a_report(backlog=(AgeClass(4320, None, 2),)))
    driver = screen(sandra, "auswertung")
    assert title(driver) == "Hier brennt es"
    assert "2 Anfragen warten über drei Tage" in spoken(driver)


@pytest.mark.parametrize(
    ("in_goal", "words"),
    [
        (100, "Alle 100 Anfragen bekamen"),
        (97, "97 % der Anfragen bekamen"),
        (81, "8 von 10 Anfragen bekamen"),
    ],
)
def test_the_proof_never_says_more_than_is_true(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], in_goal: int, words: str
) -> None:
    shown(a_report(now=a_standing(answers=Answers(100, in_goal, 0, 0, 0, 60, 300))))
    assert words in spoken(screen(sandra, "auswertung"))


def test_staff_who_type_the_address_get_a_sentence(screen: Open, opened: Shop, amir: Actor) -> None:
    driver = screen(amir, "auswertung")
    assert "Das darf nur" in "".join(error.value for error in driver.error)
    assert not driver.metric
    with pytest.raises(NotAllowedError):
        show_report(opened, amir, QUARTER, Comparison.PREVIOUS)
    with pytest.raises(NotAllowedError):
        list_cases(opened, amir, Figure.IN_GOAL, QUARTER)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"zeitraum": "immer"}, "Diesen Zeitraum gibt es nicht."),
        ({"zeitraum": "eigen", "von": "2026-11-01", "bis": "2030-01-01"}, "liegt noch in der Zukunft"),
        ({"zeitraum": "eigen", "von": "2026-11-10", "bis": "2026-11-01"}, "Der letzte Tag liegt vor dem ersten."),
        ({"zeitraum": "eigen", "von": "gestern", "bis": "0000"}, "Diesen Tag gibt es nicht."),
        ({"zeitraum": "eigen", "von": "1900-01-01", "bis": "2026-11-01"}, "Höchstens zehn Jahre."),
    ],
)
def test_a_period_that_cannot_be_is_told_and_the_usual_one_shown(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], query: dict[str, str], sentence: str
) -> None:
    asked = shown(a_report())
    driver = screen(sandra, "auswertung", **query)
    said = "".join(warning.value for warning in driver.warning).replace("\\", "").replace("\u2060", "")
    assert sentence in said
    assert "Gezeigt werden die letzten 90 Tage." in said
    assert asked[-1][0] == QUARTER
    assert len(driver.metric) >= 8
    assert not driver.exception


def test_the_period_of_the_address_is_shown(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    asked = shown(a_report())
    driver = screen(sandra, "auswertung", zeitraum="eigen", von="2026-09-01", bis="2026-09-30", vergleich="vorjahr")
    period, comparison = asked[-1]
    assert (period.first.isoformat(), period.last.isoformat()) == ("2026-09-01", "2026-09-30")
    assert comparison is Comparison.LAST_YEAR
    assert not driver.warning
    assert "vom 01.09.2026 bis 30.09.2026" in spoken(driver)


def test_what_is_chosen_stands_in_the_address(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    asked = shown(a_report())
    driver = screen(sandra, "auswertung")
    assert "zeitraum" not in driver.query_params
    driver.segmented_control(key="zeitraum").select("monat").run()
    assert driver.query_params["zeitraum"] in ("monat", ["monat"])
    assert asked[-1][0].days == 30


def test_own_days_begin_with_the_last_month(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    asked = shown(a_report())
    driver = screen(sandra, "auswertung")
    driver.segmented_control(key="zeitraum").select("eigen").run()
    assert asked[-1][0].days == 30
    assert not driver.warning


def test_a_tap_on_details_tells_what_is_counted_and_shows_the_inquiries(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    write_down(opened, sandra)
    driver = screen(sandra, "auswertung")
    driver.button(key="mehr-backlog").click().run()
    assert "bei denen jetzt jemand auf uns wartet" in spoken(driver)
    assert [item["title"] for item in data_of(driver, "theke_rows")["items"]] == ["Maria Hofer"]


def test_every_figure_has_its_definition_in_both_languages() -> None:
    told = [definition(figure, translator(language)) for figure in Figure for language in ("de", "en")]
    assert all(counts.endswith(".") and goal[-1] in ".?" for counts, goal in told)
    assert len(set(told)) == 2 * len(Figure)


def test_on_a_phone_the_sections_are_folded_and_nothing_in_them_is_drawn(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(a_report())
    assert len(screen(sandra, "auswertung").get("vega_lite_chart")) == 16
    monkeypatch.setattr("pages.parts.figures.is_phone", lambda: True)
    assert not screen(sandra, "auswertung").get("vega_lite_chart")


def test_a_reason_with_odd_signs_is_shown_letter_by_letter(
    screen: Open, sandra: Actor, shown: Callable[..., Asked]
) -> None:
    odd = replace(a_report().reasons[0], name="![x](http://evil.example/p.png)")
    shown(a_report(reasons=(odd,)))
    heads: list[Any] = [head.value for head in screen(sandra, "auswertung").subheader]
    assert not [head for head in heads if "![x](" in head]
    assert [head for head in heads if "evil" in head]
