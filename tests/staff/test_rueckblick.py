"""Rückblick: for owners, three numbers and a lesson, a measure noted and ended; and the mails one can switch on."""

from __future__ import annotations

from datetime import date

import pytest

from data.records import Actor, JobRun
from data.report_records import Figure
from pages.parts.session import Desk
from pages.parts.settings_machine import job_words
from services.jobs import JOBS, NOTICES, job_health, run_once
from services.measures import add_measure, list_measures
from services.notices import look_after_notices
from services.settings import shop_settings
from services.shop import Shop
from tests.staff.conftest import Open, spoken, words

TODAY = date(2026, 11, 23)


def note(shop: Shop, actor: Actor, title: str = "Um 11 rufen wir alle zurück") -> int:
    """A measure that began three weeks ago."""
    begin = date(2026, 11, 2)
    figure = Figure.CALLBACKS
    return add_measure(shop, actor, title=title, figure=figure, staff_id=actor.staff_id, begins_on=begin, due_on=None)


def test_the_week_is_shown_with_its_lesson_and_its_question(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "rueckblick")
    assert not driver.exception
    assert [each.label for each in driver.metric] == [
        "Im Ziel beantwortet",
        "Erste Antwort",
        "Rückrufe gehalten",
    ]
    assert "KW 47: 16.11.2026–22.11.2026" in spoken(driver)
    assert "In dieser Woche kam keine Anfrage." in spoken(driver)
    assert "Was ändern Sie diese Woche?" in [each.label for each in driver.expander]
    assert driver.get("link_button")[0].proto.url == "/intern/rueckblick"


def test_staff_read_that_it_is_the_owners(screen: Open, amir: Actor) -> None:
    driver = screen(amir, "rueckblick")
    assert "Das darf nur, wer Inhaber ist" in driver.error[0].value
    assert not driver.metric


def test_a_measure_is_noted_and_its_fields_are_empty_again(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    driver = screen(sandra, "rueckblick")
    driver.text_input(key="massnahme-title").set_value("Um 11 und um 16 Uhr rufen wir alle zurück")
    driver.selectbox(key="massnahme-figure").select("callbacks")
    driver.selectbox(key="massnahme-staff").select(amir.staff_id)
    driver.date_input(key="massnahme-due").set_value(date(2026, 12, 18))
    driver.button(key="add-measure").click().run()
    (measure,) = list_measures(opened.store, TODAY, TODAY)
    assert (measure.figure, measure.staff_name) == ("callbacks", "Amir Hodžić")
    assert (measure.begins_on, measure.due_on) == (TODAY, date(2026, 12, 18))
    assert "seit 23.11.2026 · bis 18.12.2026 · zuständig: Amir Hodžić" in spoken(driver)
    assert driver.text_input(key="massnahme-title").value == ""


def test_a_measure_without_words_is_asked_for_them(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "rueckblick")
    driver.button(key="add-measure").click().run()
    assert "Ein paar Worte genügen" in driver.error[0].value
    assert list_measures(opened.store, date.min, date.max) == []


def test_a_measure_is_ended_and_stays_in_sight(screen: Open, opened: Shop, sandra: Actor) -> None:
    made = note(opened, sandra)
    driver = screen(sandra, "rueckblick")
    assert "vier Wochen davor –, seither –" not in spoken(driver)
    driver.button(key=f"massnahme-ende-{made}").click().run()
    assert list_measures(opened.store, TODAY, TODAY)[0].ended_on == TODAY
    assert "beendet am 23.11.2026" in spoken(driver)
    assert f"massnahme-ende-{made}" not in [button.key for button in driver.button]


def test_a_measures_title_is_never_markdown(screen: Open, opened: Shop, sandra: Actor) -> None:
    note(opened, sandra, "![](http://127.0.0.1:9/x) **laut**")
    driver = screen(sandra, "rueckblick")
    assert "![](http://127.0.0.1:9/x) **laut**" in [text.value for text in driver.text]
    assert "![](" not in "".join(each.value for kind in ("markdown", "caption") for each in driver.get(kind))


def test_the_mails_are_switched_on_in_the_settings(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.text_input(key="e-owner_mail").set_value("sandra@example.net")
    driver.toggle(key="e-digest").set_value(True)
    driver.button(key="e-save-notices").click().run()
    settings = shop_settings(opened.store)
    assert (settings.owner_mail, settings.digest, settings.look_back) == ("sandra@example.net", True, False)


@pytest.mark.parametrize("address", ["", "sandra", "sandra@"])
def test_no_mail_is_switched_on_without_an_address(screen: Open, opened: Shop, sandra: Actor, address: str) -> None:
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.text_input(key="e-owner_mail").set_value(address)
    driver.toggle(key="e-look_back").set_value(True)
    driver.button(key="e-save-notices").click().run()
    assert "Adresse" in driver.error[0].value
    assert not shop_settings(opened.store).look_back


def test_the_machine_list_names_the_mails(screen: Open, opened: Shop, sandra: Actor) -> None:
    run_once(opened, NOTICES, look_after_notices)
    (run,) = [run for run in job_health(opened).jobs if run.name == NOTICES]
    assert job_words(Desk(opened, sandra), run).startswith("Mails an Sie: vor")
    assert "Mails an Sie: vor" in words(screen(sandra, "einstellungen", teil="daten"))


def test_no_job_is_told_by_its_name_in_the_program(opened: Shop, sandra: Actor) -> None:
    runs = [JobRun(job.name, opened.now(), opened.now(), opened.now(), "") for job in JOBS]
    told = {job_words(Desk(opened, sandra), run).split(":")[0] for run in runs}
    assert len(told) == len(JOBS)
    assert not told & {job.name for job in JOBS}
