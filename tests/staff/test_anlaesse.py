"""Anlässe on their page and on Heute, and what focus time does to the lists: few signs, nothing lost."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor
from data.templates import list_templates
from services import focus, wrap_ups
from services.occasions import list_occasions
from services.replies import send_reply
from services.sending import send_due
from services.settings import save_settings
from services.shop import Shop
from tests.builders import FrozenClock, letter, receive
from tests.staff.conftest import Open, ask, data_of, sign_in, spoken

ALL_DAY = (((0, 1440),),) * 7


@pytest.fixture
def solved(opened: Shop, sandra: Actor, clock: FrozenClock) -> int:
    """A complaint that was solved a week ago."""
    inquiry_id = write(opened, "Thomas", "Der Kotflügel hat einen Kratzer.")
    wrap_ups.mark_complaint(opened, sandra, inquiry_id)
    wrap_ups.solve_complaint(opened, sandra, inquiry_id, True)
    clock.forward(days=7)
    return inquiry_id


def write(shop: Shop, name: str, text: str = "Guten Tag, was kostet ein Ölwechsel?") -> int:
    receive(shop, letter(text, sender=f"{name} <{name.lower()}@example.org>", subject=f"Von {name}"))
    return int(shop.store.read("SELECT max(id) FROM inquiry")[0][0])


def bars(driver: AppTest) -> list[str]:
    """What the buttons above the lists announce."""
    return [button.label for button in driver.button if str(button.key).startswith("new-")]


def tap(shop: Shop, person: Actor, name: str, row: int, item: dict[str, object]) -> AppTest:
    """A tap on a button in a row, which Streamlit's test driver cannot do."""

    def script(name: str, row: int, item: dict[str, object]) -> None:
        from pages.parts import state
        from pages.parts.acting import show_trouble
        from pages.parts.occasions import CALLS, act_on

        state.keep_list(CALLS, "", [item])
        act_on(name, row)
        show_trouble()

    driver = AppTest.from_function(script, args=(name, row, item), default_timeout=30)
    driver.user = {"session": sign_in(shop, person), "name": person.name, "language": "de"}
    return driver.run()


@pytest.mark.usefixtures("solved")
def test_a_reason_is_a_row_and_is_settled_with_a_note(
    screen: Open, opened: Shop, sandra: Actor, solved: int, clock: FrozenClock
) -> None:
    assert "1 Anlass, anzurufen" in [link.label for link in screen(sandra, "heute").get("page_link")]
    driver = screen(sandra, "anlaesse")
    (row,) = data_of(driver, "theke_rows")["items"]
    assert (row["title"], row["target"]) == ("Thomas", solved)
    assert row["text"] == "Beschwerde «Von Thomas» am 23. November gelöst. Ist jetzt alles gut?"
    assert [act["word"] for act in row["acts"]] == ["Schreiben", "Erledigt", "Auslassen", "Später"]
    ask(driver, "occasion", "done", [tuple(key) for key in row["keys"]], row["title"])
    driver.text_area(key="oc-note").set_value("Lack passt, er ist zufrieden.")
    driver.button(key="oc-save").click().run()
    assert list_occasions(opened, sandra).calls == []
    assert opened.store.read("SELECT kind, body FROM message WHERE role = 'answer'") == [
        ("call", "Lack passt, er ist zufrieden.")
    ]
    (gone,) = data_of(driver.run(), "theke_rows")["items"]
    assert gone["badge"]["word"] == "Erledigt"
    assert not driver.exception


@pytest.mark.usefixtures("solved")
def test_later_is_one_tap_and_a_second_tab_is_told(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor, clock: FrozenClock
) -> None:
    (row,) = data_of(screen(amir, "anlaesse"), "theke_rows")["items"]
    row["keys"] = [tuple(key) for key in row["keys"]]
    assert not tap(opened, amir, "later", row["id"], row).error
    assert list_occasions(opened, amir).calls == []
    (trouble,) = tap(opened, sandra, "later", row["id"], row).error
    assert "schon erledigt" in trouble.value


def test_in_focus_time_nothing_new_is_announced_but_what_is_urgent(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    write(opened, "Maria")
    driver = screen(sandra, "anfragen")
    write(opened, "Josef")
    assert bars(driver.run()) == ["1 neue"]
    focus.save_focus_hours(opened, sandra, on=True, week=ALL_DAY)
    assert bars(driver.run()) == []
    assert [item["title"] for item in data_of(driver, "theke_rows")["items"]] == ["Maria"]
    assert [item["title"] for item in data_of(screen(sandra, "anfragen"), "theke_rows")["items"]] == ["Maria", "Josef"]
    write(opened, "Anna", "DRINGEND: Bremse tot, bitte anrufen")
    assert bars(driver.run()) == ["1 dringend"]
    assert not driver.exception


@pytest.mark.parametrize("page", ["anfragen", "heute"])
def test_in_focus_time_an_empty_list_stays_empty_and_no_number_tells(
    screen: Open, opened: Shop, sandra: Actor, page: str
) -> None:
    focus.save_focus_hours(opened, sandra, on=True, week=ALL_DAY)
    driver = screen(sandra, page)
    before = spoken(driver)
    assert "Alle haben eine Antwort" in before
    write(opened, "Josef")
    after = spoken(driver.run())
    assert "Alle haben eine Antwort" in after
    assert "Josef" not in str(driver.get("bidi_component"))
    assert "wartet auf uns" not in after.replace("Niemand wartet auf uns", "")
    assert not [link.label for link in driver.get("page_link") if link.label.startswith("Alle ")]
    write(opened, "Anna", "Es ist dringend, Panne!")
    driver.run()
    assert [item["title"] for item in data_of(driver, "theke_rows")["items"]] == ["Anna"]
    assert [item["title"] for item in data_of(screen(sandra, page), "theke_rows")["items"]] == ["Josef", "Anna"]


def test_at_its_end_all_that_came_stands_on_both_pages_until_it_is_seen(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    focus.save_focus_hours(opened, sandra, on=True, week=ALL_DAY)
    write(opened, "Maria")
    write(opened, "Anna", "Es ist dringend, Panne!")
    driver = screen(sandra, "heute")
    assert "Während der Fokuszeit" not in spoken(driver)
    clock.forward(minutes=20)
    driver.button(key="fokus-ende").click().run()
    assert focus.focus_until(opened) is None
    title = "Während der Fokuszeit kamen 2 Anfragen"
    assert title in spoken(screen(sandra, "anfragen"))
    driver = screen(sandra, "heute")
    assert title in spoken(driver)
    rows = data_of(driver, "theke_rows")["items"]  # the first list of the page
    assert [(row["title"], row["alert"]) for row in rows] == [("Anna", "Dringend"), ("Maria", "")]
    driver.button(key="fokus-gesehen").click().run()
    assert title not in spoken(driver)
    assert not driver.exception


def test_the_owner_sets_focus_times_as_words(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen", teil="zeiten")
    driver.toggle(key="f-on").set_value(True).run()
    driver.text_input(key="f-day-0").set_value("9-10:30, 14:00 bis 15 Uhr")
    driver.button(key="f-save").click().run()
    assert focus.read_focus_hours(opened.store) == focus.FocusHours(True, (((540, 630), (840, 900)), *(((),) * 6)))
    driver.text_input(key="f-day-1").set_value("10-9")
    driver.button(key="f-save").click().run()
    assert "Dienstag" in spoken(driver)
    assert not driver.exception


def test_nobody_to_call_is_said_with_what_would_stand_there(screen: Open, amir: Actor) -> None:
    driver = screen(amir, "anlaesse")
    assert "Niemand anzurufen" in spoken(driver)


def test_minutes_that_templates_saved_are_told_as_calls(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    inquiry_id = write(opened, "Maria")
    version = opened.store.read("SELECT version FROM inquiry")[0][0]
    template = list_templates(opened.store)[0].id
    form = {"seen_version": version, "form_key": "form", "template_id": template}
    send_reply(opened, sandra, inquiry_id, body="Ein Ölwechsel kostet 139 Euro.", **form)
    clock.forward(minutes=1)
    send_due(opened)
    save_settings(opened, sandra, template_minutes=25)
    links = [link.label for link in screen(sandra, "heute").get("page_link")]
    assert "Vorlagen sparten etwa 25 Min: ≈ 2 Nachfass-Anrufe möglich" in links
