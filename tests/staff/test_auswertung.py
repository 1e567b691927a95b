"""«Auswertung» as the owner sees it: the verdict, eight tiles, the period in the address, and who is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest

import services.reports
from data.records import Actor, Channel
from data.report_records import AgeClass, Answers, Callbacks, Complaints, Figure, Praises, TemplateUse, Visits
from pages.catalogues import translator
from pages.parts.charts import Look
from pages.parts.definitions import MISSES, cases_word, definition
from pages.parts.plots import PLOTS
from pages.parts.tiles import eight_tiles, other_tiles
from pages.parts.words import Speech
from services.errors import NotAllowedError
from services.look_back_words import figure_word
from services.noting import Outcome, note_contact
from services.reports import Report, list_cases, show_report
from services.rules.periods import Comparison, Period
from services.shop import Shop
from tests.reported import AS_OF, QUARTER, a_report, a_standing
from tests.staff.conftest import Open, data_of, spoken

Asked = list[tuple[Period, Comparison]]
OVER = {"zeitraum": "eigen", "von": "2026-09-01", "bis": "2026-09-30"}


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


def german_look() -> Look:
    """How Sandra's screen speaks."""
    return Look(Speech(translator("de"), Locale("de", "AT"), ZoneInfo("Europe/Vienna"), AS_OF), "AT", False)


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
    assert "92 % der Anfragen bekamen in diesen 90 Tagen rechtzeitig Antwort" in spoken(driver)
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
    assert all(words in said for words in ("Ziel: 90 %", "Ziel: höchstens 20 %", "ca. € 240", "1 noch nicht"))


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
        (1000, "Alle 1"),
        (999, "99 % der Anfragen bekamen"),
        (949, "95 % der Anfragen bekamen"),
        (860, "86 % der Anfragen bekamen"),
        (40, "4 % der Anfragen bekamen"),
        (4, "1 % der Anfragen bekamen"),
        (0, "0 % der Anfragen bekamen"),
    ],
)
def test_the_proof_never_says_more_than_is_true(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], in_goal: int, words: str
) -> None:
    shown(a_report(now=a_standing(answers=Answers(1000, in_goal, 0, 0, 0, 60, 300))))
    assert words in spoken(screen(sandra, "auswertung"))


@pytest.mark.parametrize(
    ("answers", "query", "words"),
    [
        (Answers(0, 0, 0, 7, 0, None, None), {}, "In diesen 90 Tagen ist noch keine Anfrage fällig"),
        (Answers(0, 0, 0, 0, 2, None, None), {}, "In diesen 90 Tagen wurde keine Anfrage beantwortet"),
        (Answers(0, 0, 0, 0, 0, None, None), {}, "In diesen 90 Tagen kam noch keine Anfrage"),
        (Answers(0, 0, 0, 0, 0, None, None), OVER, "Vom 01.09.2026 bis 30.09.2026 kam keine Anfrage"),
    ],
)
def test_nothing_to_judge_yet_is_not_nothing_came(
    screen: Open,
    sandra: Actor,
    shown: Callable[..., Asked],
    answers: Answers,
    query: dict[str, str],
    words: str,
) -> None:
    shown(a_report(now=a_standing(answers=answers), backlog=()))
    driver = screen(sandra, "auswertung", **query)
    assert words in spoken(driver)
    assert "0 von 0" not in spoken(driver)


@pytest.mark.parametrize(
    ("praises", "value", "rest"),
    [
        (Praises(2, 1, 0), "1 von 2", "1 erst nach zwei Tagen"),
        (Praises(4, 1, 2), "1 von 4", "1 erst nach zwei Tagen · 2 noch nicht"),
        (Praises(2, 2, 0), "2 von 2", "alles weitergegeben"),
        (Praises(0, 0, 0), "–", "noch keines vermerkt"),
    ],
)
def test_praise_says_where_the_rest_of_it_is(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], praises: Praises, value: str, rest: str
) -> None:
    shown(a_report(now=a_standing(praises=praises)))
    driver = screen(sandra, "auswertung")
    assert tiles(driver)["Lob weitergegeben"][0] == value
    assert rest in spoken(driver)
    assert ("alles weitergegeben" in spoken(driver)) == (rest == "alles weitergegeben")


def test_complaints_without_a_cost_tell_none(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    shown(a_report(now=a_standing(complaints=Complaints(4, 3, 3, 1, 0, 140, 118))))
    assert "Kosten € 0" not in spoken(screen(sandra, "auswertung"))


def test_one_is_told_as_one() -> None:
    one = a_standing(
        answers=Answers(1, 1, 0, 0, 0, 60, 60),
        next_answers=Answers(1, 1, 0, 0, 0, 60, 60),
        callbacks=Callbacks(1, 0, 0, 1, 1),
        visits=Visits(0, 1, 0),
        lead_days=1.04,
        templates=TemplateUse(1, 1),
        complaints=Complaints(1, 1, 1, 0, 100, 1, 1),
    )
    report, look = a_report(now=one, backlog=(AgeClass(0, 60, 1),)), german_look()
    drawn = [*eight_tiles(report, look), *other_tiles(report, look)]
    told = " | ".join(f"{tile.told} · {tile.under} · {tile.value}" for tile in drawn)
    for words in ("1 Rückruf war fällig", "1 wartet jetzt", "1 Termin war fällig", "1 weitere Nachricht ", "1 Tag "):
        assert words in told + " "
    assert "1 Antwort aus Vorlagen × 3 Min" in told
    assert not re.search(r"\b1 (?:Rückrufe|warten|Termine|weitere Nachrichten|Tage|Antworten)", told)


def test_minutes_that_templates_saved_are_told_as_calls() -> None:
    report, look = a_report(now=a_standing(templates=TemplateUse(12, 9))), german_look()
    (tile,) = [one for one in other_tiles(report, look) if one.figure is Figure.TEMPLATES]
    assert (tile.value, tile.under, tile.goal) == ("ca. 27 Min", "gespart", "≈ 2 Nachfass-Anrufe möglich")


@pytest.mark.parametrize("figure", Figure)
def test_the_inquiries_behind_a_figure_are_called_what_they_are(
    screen: Open, sandra: Actor, shown: Callable[..., Asked], figure: Figure
) -> None:
    shown(a_report())
    driver = screen(sandra, "auswertung")
    if f"mehr-{figure}" not in [button.key for button in driver.button]:
        driver.session_state["teil-weitere"] = True
        driver.run()
    driver.button(key=f"mehr-{figure}").click().run()
    listed = cases_word(figure, str) != ""
    said = spoken(driver)
    assert ("Zu dieser Zahl gibt es keine einzelnen Anfragen." in said) != listed
    assert ("Keine davon ging daneben." in said) == (figure in MISSES)


def test_of_many_inquiries_the_first_fifty_are_said_to_be_the_first(
    screen: Open, opened: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_down(opened, sandra)
    monkeypatch.setattr("pages.parts.figures.MOST_CASES", 1)
    driver = screen(sandra, "auswertung")
    driver.button(key="mehr-backlog").click().run()
    assert "Wer wartet: die ersten 1" in spoken(driver)


def test_a_printed_page_says_of_which_days_and_of_when_it_is(
    screen: Open, sandra: Actor, shown: Callable[..., Asked]
) -> None:
    shown(a_report())
    first = QUARTER.first.strftime("%d.%m.%Y")
    said = f"{first}–23.11.2026, gegen den Zeitraum davor, Stand 23.11.2026, 10:42"
    assert said in spoken(screen(sandra, "auswertung"))


def test_every_tile_has_the_name_that_the_look_back_uses() -> None:
    look = german_look()
    drawn = [*eight_tiles(a_report(), look), *other_tiles(a_report(), look)]
    assert {tile.figure for tile in drawn} == set(Figure)
    assert [tile.label(look.speech.say) for tile in drawn] == [figure_word(t.figure, look.speech.say) for t in drawn]


def test_the_measures_are_those_of_the_period(screen: Open, sandra: Actor, shown: Callable[..., Asked]) -> None:
    shown(a_report(measures=()))
    assert "In diesen Tagen lief keine Maßnahme." in spoken(screen(sandra, "auswertung"))


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
        ({"zeitraum": "eigen", "von": "2010-01-01", "bis": "2026-11-01"}, "Höchstens zehn Jahre."),
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


def test_a_day_that_is_no_end_of_a_period_is_typed_and_told(
    screen: Open, sandra: Actor, shown: Callable[..., Asked]
) -> None:
    shown(a_report())
    driver = screen(sandra, "auswertung", **OVER)
    driver.date_input(key="zeitraum-bis").set_value(date(2030, 1, 1)).run()
    assert not driver.exception
    assert "liegt noch in der Zukunft" in "".join(warning.value for warning in driver.warning)
    assert driver.date_input(key="zeitraum-bis").value == date(2030, 1, 1)


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
    assert len(screen(sandra, "auswertung").get("vega_lite_chart")) == len(PLOTS)
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
