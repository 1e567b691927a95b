"""A chart's numbers as a file: for whom, in which form, and for which addresses."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

import pages.web.figure_tables
import services.staff
from data.records import Actor, Channel
from data.report_records import Answers, Visits
from pages.parts.plots import PLOTS
from services.noting import Outcome, note_contact
from services.reports import Report
from services.shop import Shop
from tests.reported import MONTHS, WEEKS, a_report
from tests.staff.test_charts import look_in
from tests.web.conftest import browser

TABLE = "/intern/auswertung/im-ziel.csv"


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


def test_the_owner_gets_a_file_with_a_mark_semicolons_and_a_name(sandra: TestClient, shop: Shop, owner: Actor) -> None:
    write_down(shop, owner)
    got = sandra.get(f"{TABLE}?zeitraum=woche")
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="theke-im-ziel-2026-11-17-2026-11-23.csv"'
    assert got.content.startswith("\ufeffWoche ab;Anfragen;".encode())
    assert got.content.endswith(b"\r\n")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Report:
    """A quarter with a week and a month in which nothing happened, instead of what is recorded."""
    full = a_report()
    weeks = list(full.answer_weeks)
    weeks[3] = Answers(0, 0, 0, 0, 0, None, None, week=WEEKS[3])
    months = list(full.visit_months)
    months[1] = Visits(0, 0, 0, MONTHS[1])
    report = replace(full, answer_weeks=tuple(weeks), visit_months=tuple(months))
    monkeypatch.setattr(pages.web.figure_tables, "show_report", lambda *_: report)
    return report


def rows_of(client: TestClient, name: str) -> list[list[str]]:
    """The rows of a chart's file, without what stands above the columns."""
    got = client.get(f"/intern/auswertung/{name}.csv?zeitraum=quartal&vergleich=vorjahr")
    assert got.status_code == 200
    return list(csv.reader(io.StringIO(got.content.decode("utf-8-sig")), delimiter=";"))[1:]


def drawn(name: str, report: Report, kind: str, field: str) -> list[float]:
    """What the marks of this kind show, in the order of the chart."""
    chart = PLOTS[name].draw(report, look_in())
    assert chart is not None
    layers = [layer for part in chart.to_dict()["layer"] for layer in _flat(part)]
    shown = [
        value for mark, values in layers if mark["type"] == kind and not mark.get("strokeDash") for value in values
    ]
    return [value[field] for value in shown if value[field] is not None]


def _flat(part: dict[str, Any]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    values = part.get("data", {}).get("values", [])
    return [(one["mark"], one.get("data", {}).get("values", values)) for one in part.get("layer", [part])]


@pytest.mark.parametrize(
    ("name", "kind", "field", "column", "times"),
    [
        ("erste-antwort", "line", "y", 2, 1),
        ("im-ziel", "bar", "y", 5, 1),
        ("kanaele", "bar", "v", 2, 1),
        ("offen", "bar", "v", 1, 1),
        ("erledigt", "line", "y", 3, 1),
        ("anliegen", "bar", "v", 2, 1),
        ("vermeidbar", "bar", "v", 2, 1),
        ("beschwerdekosten", "bar", "y", 2, 1),
        ("ursachen", "bar", "v", 2, 100),  # drawn in cents
        ("nicht-gekommen", "bar", "y", 4, 1),
    ],
)
def test_a_table_has_the_values_of_its_chart(
    sandra: TestClient, told: Report, name: str, kind: str, field: str, column: int, times: int
) -> None:
    written = [float(row[column].replace(",", ".")) * times for row in rows_of(sandra, name) if row[column]]
    assert sorted(written) == pytest.approx(sorted(drawn(name, told, kind, field)), abs=0.06)


def test_upon_each_other_bars_come_to_what_the_table_says(sandra: TestClient, told: Report) -> None:
    written = sum(int(cell) for row in rows_of(sandra, "rueckrufe") for cell in row[1:4])
    tops, bases = drawn("rueckrufe", told, "bar", "to"), drawn("rueckrufe", told, "bar", "from")
    assert written == sum(tops) - sum(bases)


def test_a_week_and_a_month_of_nothing_keep_their_rows(sandra: TestClient, told: Report) -> None:
    assert rows_of(sandra, "erste-antwort")[3] == ["14.09.2026", "0", "", "", "0", ""]
    assert rows_of(sandra, "nicht-gekommen")[1] == ["01.09.2026", "0", "0", "0", ""]


@pytest.mark.parametrize("name", PLOTS)
def test_every_chart_has_rows_as_wide_as_what_stands_above_them(sandra: TestClient, told: Report, name: str) -> None:
    head = PLOTS[name].table(told, look_in()).head
    rows = rows_of(sandra, name)
    assert rows
    assert {len(row) for row in rows} == {len(head)}


def test_numbers_have_the_sign_of_the_shops_country_also_in_english(
    sandra: TestClient, shop: Shop, owner: Actor, told: Report
) -> None:
    german = rows_of(sandra, "anliegen")
    services.staff.change_staff(shop, owner, owner.staff_id, language="en")
    got = sandra.get("/intern/auswertung/anliegen.csv").content.decode("utf-8-sig")
    assert got.startswith("Reasons;Inquiries;Minutes;Cost in €;")
    assert rows_of(sandra, "anliegen") == german
    assert german[0] == ["Wo ist mein Auto?", "41", "184", "107,33", "21"]


def test_staff_are_refused_in_words(amir: TestClient) -> None:
    got = amir.get(TABLE)
    assert (got.status_code, got.text) == (403, "Das darf nur, wer Inhaber ist.")


def test_nobody_gets_a_table_without_a_session(shop: Shop) -> None:
    assert browser().get(TABLE).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "zeitraum=immer",
        "zeitraum=eigen&von=2026-13-01&bis=2026-11-01",
        "zeitraum=eigen&von=2026-11-02&bis=2026-11-01",
        "zeitraum=eigen&von=2026-11-02&bis=2030-01-01",
        "vergleich=nie",
    ],
)
def test_a_period_that_cannot_be_is_refused(sandra: TestClient, query: str) -> None:
    assert sandra.get(f"{TABLE}?{query}").status_code == 422


def test_a_chart_that_does_not_exist_is_not_found(sandra: TestClient) -> None:
    assert sandra.get("/intern/auswertung/..csv").status_code == 404
    assert sandra.get("/intern/auswertung/gehaelter.csv").status_code == 404
