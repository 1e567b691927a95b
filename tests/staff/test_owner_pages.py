"""Team, Vorlagen and Einstellungen: what an owner changes there is kept."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from data.records import Actor
from pages.parts.frame import news
from pages.parts.session import Desk
from services import staff, templates
from services.jobs import JobHealth
from services.settings import shop_settings
from services.shop import Shop
from tests.staff.conftest import Open, sign_in, words


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
    assert driver.error
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
    assert "Amir Hodžić, nicht mehr im Team" in words(driver)
    driver.button(key=f"team-{amir.staff_id}-back").click().run()
    assert staff.require_staff(opened.store, amir.staff_id).active


def test_the_last_owner_stays(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = open_part(screen(sandra, "team"), f"team-{sandra.staff_id}")
    driver.button(key=f"team-{sandra.staff_id}-leave").click().run()
    assert "Mindestens eine Person muss Inhaber bleiben" in driver.error[0].value
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
    assert made not in templates.list_templates(opened, sandra)


def test_a_brace_left_open_is_explained_and_the_text_stays(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = templates.list_templates(opened, sandra)[0]
    driver = open_part(screen(sandra, "vorlagen"), f"vorlage-{first.id}")
    driver.text_area(key=f"vorlage-{first.id}-body").set_value("{anrede\n\nHallo")
    driver.button(key=f"vorlage-{first.id}-save").click().run()
    assert "Klammer" in driver.error[0].value
    assert driver.text_area(key=f"vorlage-{first.id}-body").value == "{anrede\n\nHallo"
    assert templates.list_templates(opened, sandra)[0].body == first.body
