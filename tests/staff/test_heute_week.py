"""Heute: the week for everybody, customers' own words, and who is due before a goal is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, StaffRole
from data.report_records import Answers, Praises
from pages.parts.session import Desk
from pages.parts.today_week import LONGEST_QUOTE, soon_words
from services import reports, wrap_ups
from services.inquiries import list_inquiries
from services.settings import put_settings
from services.shop import Shop
from tests.builders import FrozenClock, hire, letter, receive
from tests.staff.conftest import Open, spoken, words
from tests.standing import NOTHING, Standing

EVIL = "**Danke** ![](http://127.0.0.1:9/x.png) :red[laut]"


def metrics(driver: AppTest) -> dict[str, tuple[str, str]]:
    """(value, delta) of each metric, by its label."""
    return {each.label: (each.value, each.delta) for each in driver.metric}


def ask(shop: Shop, text: str, name: str) -> int:
    """Somebody writes; the inquiry."""
    receive(shop, letter(text, sender=f"{name} <{name.split()[0].lower()}@example.org>", subject="Ihr Betrieb"))
    return int(shop.store.read("SELECT max(id) FROM inquiry")[0][0])


@pytest.fixture
def praised(opened: Shop, sandra: Actor) -> int:
    inquiry_id = ask(opened, "Amir hat mir am Samstag noch den Reifen geflickt.", "Renate Thaler")
    wrap_ups.mark_praise(opened, sandra, inquiry_id)
    return inquiry_id


@pytest.fixture
def blamed(opened: Shop, sandra: Actor) -> int:
    inquiry_id = ask(opened, "Der Kotflügel hat einen Kratzer, der vorher nicht da war.", "Thomas Brandstätter")
    wrap_ups.mark_complaint(opened, sandra, inquiry_id)
    return inquiry_id


@pytest.fixture
def week() -> Standing:
    """The figures of a week in which nothing happened."""
    return NOTHING


def test_an_empty_week_shows_both_figures_without_a_number_that_means_nothing(screen: Open, amir: Actor) -> None:
    driver = screen(amir, "heute")
    assert metrics(driver)["Im Ziel beantwortet"][0] == "–"
    assert metrics(driver)["Lob weitergegeben"][0] == "–"
    assert "Originalton" not in words(driver)
    assert not driver.exception


@pytest.mark.usefixtures("praised")
def test_praise_is_passed_on_by_one_tap_and_then_says_so(
    screen: Open, opened: Shop, amir: Actor, praised: int, clock: FrozenClock
) -> None:
    driver = screen(amir, "heute")
    assert metrics(driver)["Lob weitergegeben"] == ("0 von 1", "1 noch nicht")
    driver.button(key=f"lob-{praised}").click().run()
    assert metrics(driver)["Lob weitergegeben"][0] == "1 von 1"
    assert "weitergegeben, heute" in spoken(driver)
    clock.forward(days=1)
    again = screen(amir, "heute")
    assert "weitergegeben, gestern" in spoken(again)
    assert f"lob-{praised}" not in [button.key for button in again.button]


@pytest.mark.usefixtures("praised", "blamed")
def test_praise_and_complaint_stand_side_by_side_word_for_word(screen: Open, amir: Actor, blamed: int) -> None:
    driver = screen(amir, "heute")
    said = [text.value for text in driver.text]
    assert said[-2:] == [
        "«Amir hat mir am Samstag noch den Reifen geflickt.»",
        "«Der Kotflügel hat einen Kratzer, der vorher nicht da war.»",
    ]
    assert "Thomas Brandstätter, heute" in spoken(driver)
    (link,) = [e.proto for e in driver.get("page_link") if e.proto.label == "Zum Gespräch"]
    assert link.query_string == f"anfrage={blamed}"


def test_customers_words_are_never_markdown_and_long_ones_are_cut(screen: Open, opened: Shop, sandra: Actor) -> None:
    inquiry_id = ask(opened, EVIL + " sehr" * 200, "Eva <b>Muster")
    wrap_ups.mark_praise(opened, sandra, inquiry_id)
    driver = screen(sandra, "heute")
    (said,) = [text.value for text in driver.text if "Danke" in text.value]
    assert said.startswith(f"«{EVIL} sehr")
    assert len(said) <= LONGEST_QUOTE + 4
    markdown = "".join(each.value for kind in ("markdown", "caption") for each in driver.get(kind))
    assert "![](" not in markdown
    assert ":red[" not in markdown


def test_only_the_owner_reads_how_often_they_answered_and_only_of_themselves(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(reports, "own_contacts", lambda _shop, actor: asked.append(actor.staff_id) or 7)
    assert "Ihre eigenen Kundenkontakte in diesen Tagen: 7" in spoken(screen(sandra, "heute"))
    assert "eigenen Kundenkontakte" not in spoken(screen(amir, "heute"))
    assert set(asked) == {sandra.staff_id}


def test_the_figures_of_the_week_are_not_counted_at_every_refresh(
    screen: Open, sandra: Actor, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Actor] = []
    real = reports.week_report
    monkeypatch.setattr(reports, "week_report", lambda shop, actor: counted.append(actor) or real(shop, actor))
    driver = screen(sandra, "heute")
    for _ in range(3):
        clock.forward(minutes=1)
        driver.run()
    assert len(counted) == 1
    clock.forward(minutes=3)
    driver.run()
    assert len(counted) == 2


def test_the_share_in_goal_is_told_against_the_seven_days_before(
    screen: Open, sandra: Actor, week: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = replace(week, answers=Answers(24, 23, 1, 0, 0, 60, 90))
    then = replace(week, answers=Answers(25, 22, 0, 0, 0, 60, 90))
    monkeypatch.setattr(reports, "week_report", lambda _shop, _actor: (now, then))
    driver = screen(sandra, "heute")
    assert metrics(driver)["Im Ziel beantwortet"] == ("92 %", "4 Punkte mehr")
    assert "Letzte 7 Tage" in words(driver)


def test_praise_that_came_late_is_no_praise_passed_on_in_time(
    screen: Open, sandra: Actor, week: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = replace(week, praises=Praises(4, 2, 1))
    monkeypatch.setattr(reports, "week_report", lambda _shop, _actor: (now, week))
    told = ("2 von 4", "1 erst nach zwei Tagen · 1 noch nicht")
    assert metrics(screen(sandra, "heute"))["Lob weitergegeben"] == told


def test_before_a_goal_is_missed_one_line_says_so(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    begin = clock.now
    receive(opened, letter())
    assert "Bald fällig ist gerade niemand" in spoken(screen(sandra, "heute"))
    clock.now = begin + timedelta(minutes=50)
    receive(opened, letter(sender="Jelena <jelena@example.org>", subject="Reifen"))
    clock.now = begin + timedelta(hours=4, minutes=10)
    assert "Eine ist bald fällig, um 15:42" in spoken(screen(sandra, "heute"))
    clock.forward(minutes=45)
    assert "2 sind bald fällig, die nächste um 15:42" in spoken(screen(sandra, "heute"))


def test_what_is_due_on_another_day_is_told_with_it(opened: Shop, sandra: Actor, clock: FrozenClock) -> None:
    with opened.store.write() as tx:
        put_settings(tx, {"answer_goal_minutes": 480}, clock.now)
    receive(opened, letter())
    clock.forward(hours=8)
    waiting = list_inquiries(opened, sandra).waiting
    assert soon_words(waiting, Desk(opened, sandra).speech) == "Eine ist bald fällig: morgen, 09:42"


def test_staff_see_no_money_on_heute(screen: Open, opened: Shop, blamed: int, sandra: Actor) -> None:
    wrap_ups.describe_complaint(opened, sandra, blamed, cause="Lack", cost_cents=12_345, solution="", lost=None)
    shown = spoken(screen(hire(opened, "Lukas", StaffRole.STAFF), "heute"))
    assert "€" not in shown
    assert "123" not in shown
