"""Team, Vorlagen and Einstellungen: what an owner changes there is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import data.jobs
from data.records import Actor, Channel
from pages.parts.frame import news
from pages.parts.session import Desk
from pages.parts.template_help import placeholder_words
from services import noting, staff, templates
from services.backups import SECOND_COPY
from services.jobs import JobHealth
from services.settings import put_settings, shop_settings
from services.shop import Shop
from tests.staff.conftest import Open, sign_in, spoken, words


def test_somebody_new_joins_with_a_pin(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "team")
    driver.session_state["team-neu"] = True
    driver.run()
    driver.text_input(key="neu-name").set_value("Lukas Egger")
    driver.text_input(key="neu-pin").set_value("4711")
    driver.button(key="neu-save").click().run()
    people = {person.name: person.id for person in staff.list_staff(opened.store)}
    assert "Lukas Egger" in people
    assert staff.sign_in(opened, people["Lukas Egger"], "4711", "127.0.0.1")


def test_a_short_pin_is_refused_in_words(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "team")
    driver.session_state["team-neu"] = True
    driver.run()
    driver.text_input(key="neu-name").set_value("Lukas Egger")
    driver.text_input(key="neu-pin").set_value("1")
    driver.button(key="neu-save").click().run()
    assert "Ziffern" in "".join(error.value for error in driver.error)


def test_everywhere_signed_out_ends_the_others_sessions(screen: Open, opened: Shop, sandra: Actor, amir: Actor) -> None:
    session = sign_in(opened, amir)
    driver = screen(sandra, "team")
    driver.session_state[f"team-{amir.staff_id}"] = True
    driver.run()
    driver.button(key=f"team-{amir.staff_id}-out").click().run()
    assert opened.store.read("SELECT count(*) FROM session WHERE token_hash = $s", {"s": session})[0][0] == 0


def test_opening_hours_are_read_as_people_write_them(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("zeiten").run()
    driver.text_input(key="e-day-5").set_value("9-12")
    driver.button(key="e-save-hours").click().run()
    assert shop_settings(opened.store).hours.week[5] == ((540, 720),)


def test_a_wrong_time_is_explained(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("zeiten").run()
    driver.text_input(key="e-day-0").set_value("immer")
    driver.button(key="e-save-hours").click().run()
    assert "Montag" in driver.error[0].value
    assert not driver.exception


def test_the_data_part_says_where_everything_lies(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("daten").run()
    assert str(opened.folder) in words(driver)
    assert not driver.exception


def test_the_mailbox_part_says_what_is_connected(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("postfach").run()
    assert "info@kfz-muster.example" in words(driver)


def test_a_template_is_changed_in_place(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = screen(sandra, "vorlagen")
    driver.session_state[f"vorlage-{first.id}"] = True
    driver.run()
    driver.text_input(key=f"vorlage-{first.id}-name").set_value("Termin für Sie")
    driver.button(key=f"vorlage-{first.id}-save").click().run()
    assert templates.list_templates(opened, sandra)[0].name == "Termin für Sie"


def test_news_put_red_first_and_tell_the_reason(opened: Shop, sandra: Actor) -> None:
    health = JobHealth(
        has_mailbox=True,
        mail_fetched_at=opened.now(),
        mail_problem="Das Passwort stimmt nicht.",
        backup_problem="",
        outbox_problems=0,
        away_hours=14,
        jobs=[],
    )
    lines = news(Desk(opened, sandra), health)
    assert [tone for tone, _text in lines] == ["rot", "gelb"]
    assert "Das Passwort stimmt nicht." in lines[0][1]
    assert "14 Std." in lines[1][1]


def above(driver: AppTest, key: str) -> str:
    """What an error says directly above the button `key`."""
    drawn = [element for element in driver if element.type in {"error", "button", "text_input", "text_area"}]
    at = next(number for number, element in enumerate(drawn) if getattr(element, "key", None) == key)
    return str(drawn[at - 1].value) if drawn[at - 1].type == "error" else ""


def open_part(driver: AppTest, key: str) -> AppTest:
    """Unfold an expander."""
    driver.session_state[key] = True
    return driver.run()


def test_a_new_pin_lets_its_person_in_and_ends_the_old_one(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    driver = open_part(screen(sandra, "team"), f"team-{amir.staff_id}")
    driver.text_input(key=f"team-{amir.staff_id}-pin").set_value("9087")
    driver.button(key=f"team-{amir.staff_id}-save").click().run()
    assert staff.sign_in(opened, amir.staff_id, "9087", "127.0.0.1")
    driver = open_part(driver, f"team-{amir.staff_id}")
    assert driver.text_input(key=f"team-{amir.staff_id}-pin").value == ""


def test_somebody_who_leaves_may_come_back(screen: Open, opened: Shop, sandra: Actor, amir: Actor) -> None:
    driver = open_part(screen(sandra, "team"), f"team-{amir.staff_id}")
    driver.button(key=f"team-{amir.staff_id}-leave").click().run()
    driver.button(key="lv-save").click().run()
    assert "Amir Hodžić, nicht mehr im Team" in words(driver)
    driver.button(key=f"team-{amir.staff_id}-back").click().run()
    assert staff.require_staff(opened.store, amir.staff_id).active


def test_the_last_owner_stays(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = open_part(screen(sandra, "team"), f"team-{sandra.staff_id}")
    driver.button(key=f"team-{sandra.staff_id}-leave").click().run()
    driver.button(key="lv-save").click().run()
    assert "muss Inhaber bleiben" in driver.error[0].value
    assert staff.require_staff(opened.store, sandra.staff_id).active


def test_a_template_is_written_and_deleted(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = open_part(screen(sandra, "vorlagen"), "vorlage-neu-offen")
    driver.text_input(key="vorlage-neu-name").set_value("Reifen da")
    driver.text_input(key="vorlage-neu-subject").set_value("Ihre Reifen, {heute}")
    driver.text_area(key="vorlage-neu-body").set_value("{anrede}\n\nIhre Reifen sind da.")
    driver.button(key="vorlage-neu-save").click().run()
    made = next(t for t in templates.list_templates(opened, sandra) if t.name == "Reifen da")
    driver = open_part(driver, f"vorlage-{made.id}")
    driver.button(key=f"vorlage-{made.id}-delete").click().run()
    assert made in templates.list_templates(opened, sandra)
    assert "«Reifen da» steht dann nicht mehr zur Wahl" in spoken(driver)
    driver.button(key="td-save").click().run()
    assert made not in templates.list_templates(opened, sandra)


def test_a_brace_left_open_is_explained_and_the_text_stays(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = open_part(screen(sandra, "vorlagen"), f"vorlage-{first.id}")
    driver.text_area(key=f"vorlage-{first.id}-body").set_value("{anrede\n\nHallo")
    driver.button(key=f"vorlage-{first.id}-save").click().run()
    assert "Klammer" in driver.error[0].value
    assert driver.text_area(key=f"vorlage-{first.id}-body").value == "{anrede\n\nHallo"
    assert templates.list_templates(opened, sandra)[0].body == first.body


def test_what_went_wrong_stands_at_the_button_that_was_tapped(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = open_part(screen(sandra, "vorlagen"), f"vorlage-{first.id}")
    driver.text_area(key=f"vorlage-{first.id}-body").set_value("{anrede")
    driver.button(key=f"vorlage-{first.id}-save").click().run()
    assert "Klammer" in above(driver, f"vorlage-{first.id}-save")
    assert len(driver.error) == 1


@pytest.mark.parametrize(
    ("part", "field", "wrong", "button"),
    [
        ("betrieb", "e-phone", "kein Telefon", "e-save-shop"),
        ("zeiten", "e-day-0", "immer", "e-save-hours"),
        ("zeiten", "e-open", "immer", "e-add-closure"),
        ("daten", "e-second", "/gibt/es/nicht", "e-save-second"),
    ],
)
def test_trouble_in_the_settings_stands_at_its_button(
    screen: Open, sandra: Actor, part: str, field: str, wrong: str, button: str
) -> None:
    driver = screen(sandra, "einstellungen", teil=part)
    driver.text_input(key=field).set_value(wrong)
    driver.button(key=button).click().run()
    assert above(driver, button)


def test_trouble_with_what_is_gone_from_the_page_is_still_told(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = open_part(screen(sandra, "vorlagen"), f"vorlage-{first.id}")
    templates.delete_template(opened, sandra, first.id)
    driver.button(key=f"vorlage-{first.id}-save").click().run()
    assert ["Diese Vorlage gibt es nicht mehr" in toast.value.replace("\\", "") for toast in driver.toast] == [True]


def test_the_question_before_somebody_leaves_names_what_becomes_of_their_work(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    for who, reach in (("Maria Hofer", "0664 555 01 43"), ("Josef Gruber", "0664 555 01 44")):
        noting.note_contact(
            opened,
            amir,
            who=who,
            need="Reifen",
            reach=reach,
            channel=Channel.CALL,
            outcome=noting.Outcome.WE_CALL,
            promise_at=opened.now() + timedelta(hours=2),
            promise_staff_id=amir.staff_id,
        )
    driver = open_part(screen(sandra, "team"), f"team-{amir.staff_id}")
    driver.button(key=f"team-{amir.staff_id}-leave").click().run()
    assert "2 offene Anfragen sind dann offen für alle. 2 zugesagte Rückrufe übernehmen Sie." in spoken(driver)
    assert staff.require_staff(opened.store, amir.staff_id).active
    driver.button(key="lv-save").click().run()
    assert not staff.require_staff(opened.store, amir.staff_id).active


def test_a_wrong_pin_keeps_the_rest_of_the_card_as_it_was(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    key = f"team-{amir.staff_id}"
    driver = open_part(screen(sandra, "team"), key)
    driver.text_input(key=f"{key}-name").set_value("Amir H.")
    driver.text_input(key=f"{key}-pin").set_value("12")
    driver.button(key=f"{key}-save").click().run()
    assert "Ziffern" in above(driver, f"{key}-save")
    assert staff.require_staff(opened.store, amir.staff_id).name == "Amir Hodžić"


def test_a_template_is_previewed_before_it_is_saved(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = open_part(screen(sandra, "vorlagen"), f"vorlage-{first.id}")
    driver.text_area(key=f"vorlage-{first.id}-body").set_value("{anrede}\n\n{Ihr/Dein} Reifen ist da: {preis}")
    driver.button(key=f"vorlage-{first.id}-preview").click().run()
    assert "Guten Tag Frau Huber,\n\nIhr Reifen ist da: {preis}" in words(driver)
    assert "Diese Lücken füllen Sie beim Antworten: preis" in spoken(driver)
    assert templates.list_templates(opened, sandra)[0].body == first.body


def test_every_word_that_theke_puts_in_is_explained(opened: Shop, sandra: Actor) -> None:
    person = staff.require_staff(opened.store, sandra.staff_id)
    known = templates.sample_values(person, shop_settings(opened.store), opened.now(), "sie")
    assert {name.casefold() for name in placeholder_words(str)} == set(known)


def test_what_the_brackets_mean_is_a_tap_away(screen: Open, sandra: Actor) -> None:
    driver = open_part(screen(sandra, "vorlagen"), "vorlage-hilfe")
    assert "{Sie/Du}" in words(driver)
    assert "{oeffnung_heute}" in words(driver)


def test_a_missing_second_copy_is_a_warning_and_no_success(
    screen: Open, opened: Shop, sandra: Actor, tmp_path: Path
) -> None:
    with opened.store.write() as tx:
        put_settings(tx, {"second_backup_folder": str(tmp_path / "stick")}, opened.now())
        data.jobs.record_run(tx, SECOND_COPY, opened.now(), opened.now(), "Die zweite Sicherung ist nicht gelungen.")
    driver = screen(sandra, "einstellungen", teil="daten")
    assert "nicht gelungen" in driver.warning[0].value
    assert "Die zweite Sicherung fehlt" in spoken(screen(sandra, "heute"))


def test_days_that_differ_are_entered_once_and_the_fields_are_empty_again(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    driver = screen(sandra, "einstellungen", teil="zeiten")
    today = driver.date_input(key="e-first").value
    driver.date_input(key="e-first").set_value(date(2026, 12, 24))
    driver.date_input(key="e-last").set_value(date(2026, 12, 26))
    driver.text_input(key="e-label").set_value("Weihnachten")
    driver.button(key="e-add-closure").click().run()
    assert [closure.label for closure in shop_settings(opened.store).hours.closures] == ["Weihnachten"]
    assert (driver.date_input(key="e-first").value, driver.text_input(key="e-label").value) == (today, "")
    driver.date_input(key="e-first").set_value(date(2026, 12, 24))
    driver.date_input(key="e-last").set_value(date(2026, 12, 26))
    driver.button(key="e-add-closure").click().run()
    assert "stehen schon da" in above(driver, "e-add-closure")
    driver.button(key="e-drop-0").click().run()
    assert shop_settings(opened.store).hours.closures == ()
