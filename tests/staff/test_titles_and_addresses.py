"""What a browser keeps of a screen: its title, and an address that means the same to everybody."""

from __future__ import annotations

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from data.records import Actor, Channel
from services.noting import Outcome, note_contact
from services.settings import shop_settings
from services.shop import Shop
from services.staff import change_staff, list_staff
from tests.builders import letter, only_inquiry, receive
from tests.staff.conftest import Open, words

TITLES = {
    "heute": ("Heute", "Today"),
    "anfragen": ("Anfragen", "Inquiries"),
    "gespraech": ("Gespräch", "Conversation"),
    "kunden": ("Kunden", "Customers"),
    "vorlagen": ("Vorlagen", "Templates"),
    "rueckblick": ("Rückblick", "Look back"),
    "team": ("Team", "Team"),
    "einstellungen": ("Einstellungen", "Settings"),
}


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles that the shell gives the browser's tab, in order."""
    told: list[str] = []
    monkeypatch.setattr(streamlit, "set_page_config", lambda *, page_title="", **_look: told.append(page_title))
    return told


def address_of(driver: AppTest) -> dict[str, str]:
    """The words of the address, which Streamlit's test driver holds as text or as a list."""
    return {name: value if isinstance(value, str) else value[0] for name, value in driver.query_params.items()}


def speak_english(shop: Shop, person: Actor) -> None:
    change_staff(shop, person, person.staff_id, language="en")


@pytest.mark.parametrize("page", TITLES)
def test_every_page_has_its_title_in_the_readers_language(
    screen: Open, opened: Shop, sandra: Actor, titles: list[str], page: str
) -> None:
    german, english = TITLES[page]
    screen(sandra, page)
    assert titles[-1] == f"{german} – Theke"
    speak_english(opened, sandra)
    screen(sandra, page)
    assert titles[-1] == f"{english} – Theke"


def test_no_title_holds_the_name_of_a_customer(screen: Open, opened: Shop, sandra: Actor, titles: list[str]) -> None:
    receive(opened, letter())
    driver = screen(sandra, "gespraech", anfrage=str(only_inquiry(opened).id))
    assert driver.title[0].value == "Maria Hofer"
    assert set(titles) <= {"", "Heute – Theke", "Gespräch – Theke"}


@pytest.fixture
def two(opened: Shop, sandra: Actor) -> None:
    """A mail that nobody has taken, and a call that Sandra has noted."""
    receive(opened, letter())
    call = {"who": "Josef", "need": "Reifen", "reach": "0664 555 01 43", "channel": Channel.CALL}
    note_contact(opened, sandra, **call, outcome=Outcome.MESSAGE)


@pytest.mark.usefixtures("two")
def test_a_link_keeps_its_filter_between_two_people_of_different_languages(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    speak_english(opened, sandra)
    english = screen(sandra, "anfragen")
    english.segmented_control(key="wer").select("offen").run()
    english.selectbox(key="kanal").select("mail").run()
    link = address_of(english)
    assert link == {"wer": "offen", "kanal": "mail"}
    german = screen(amir, "anfragen", **link)
    assert (german.segmented_control(key="wer").value, german.selectbox(key="kanal").value) == ("offen", "mail")
    assert "Eine Person wartet auf uns" in words(german)
    assert "One person is waiting for us" in words(english)


@pytest.mark.usefixtures("two")
def test_without_a_filter_the_address_stays_plain(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "anfragen", wer="meine")
    driver.segmented_control(key="wer").select("alle").run()
    assert address_of(driver) == {}


@pytest.mark.parametrize("word", ["Meine", "Mine", "mine", "", "<b>", "alle "])
@pytest.mark.usefixtures("two")
def test_a_word_that_is_no_filter_shows_everything_and_leaves_the_address(
    screen: Open, sandra: Actor, word: str
) -> None:
    driver = screen(sandra, "anfragen", wer=word, kanal=word)
    assert not driver.exception
    assert "2 warten auf uns" in words(driver)
    assert address_of(driver) == {}


@pytest.mark.usefixtures("two")
def test_who_comes_back_to_the_list_finds_the_filter_they_chose(screen: Open, sandra: Actor) -> None:
    driver = screen(sandra, "anfragen")
    driver.segmented_control(key="wer").select("offen").run()
    driver.switch_page("staff/heute.py").run()
    driver.query_params.clear()
    driver.switch_page("staff/anfragen.py").run()
    assert driver.segmented_control(key="wer").value == "offen"
    assert address_of(driver) == {"wer": "offen"}


def test_the_part_of_the_settings_stands_in_the_address(screen: Open, opened: Shop, sandra: Actor) -> None:
    speak_english(opened, sandra)
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="teil").select("zeiten").run()
    assert address_of(driver) == {"teil": "zeiten"}


def test_the_owner_chooses_the_language_of_the_shop_and_new_people_begin_with_it(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    driver = screen(sandra, "einstellungen")
    driver.segmented_control(key="e-language").select("en")
    driver.button(key="e-save-shop").click().run()
    assert not driver.error
    assert shop_settings(opened.store).language == "en"
    team = screen(sandra, "team")
    team.session_state["team-neu"] = True
    team.run()
    team.text_input(key="neu-name").set_value("Lukas Egger")
    team.button(key="neu-save").click().run()
    assert {person.name: person.language for person in list_staff(opened.store)} == {
        "Sandra Kofler": "de",
        "Lukas Egger": "en",
    }
