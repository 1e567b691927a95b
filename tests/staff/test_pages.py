"""Every page in an empty shop, with inquiries, and when a service fails: a calm screen, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, CloseReason
from pages.parts.frame import news, pulse_words
from pages.parts.session import Desk
from services.closing import close_inquiry
from services.errors import InvalidInputError
from services.jobs import fetch_now, job_health
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, data_of, words

PAGES = {
    "heute": "Alle haben eine Antwort",
    "anfragen": "Alle haben eine Antwort",
    "gespraech": "Diese Anfrage gibt es nicht mehr",
    "kunden": "Noch keine Kunden",
    "vorlagen": "Terminvorschlag",
    "team": "Wer hier arbeitet",
    "rueckblick": "In dieser Woche kam keine Anfrage",
    "einstellungen": "Betrieb",
}
READS = {
    "heute": "services.today.list_inquiries",
    "anfragen": "services.inquiries.list_inquiries",
    "gespraech": "services.conversations.require_inquiry",
    "kunden": "services.customers.find_customers",
    "vorlagen": "services.templates.list_templates",
    "einstellungen": "services.settings.shop_settings",
}


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_shop_says_what_to_do(screen: Open, sandra: Actor, page: str) -> None:
    driver = screen(sandra, page)
    labels = [expander.label for expander in driver.expander]
    assert not driver.exception
    assert PAGES[page] in words(driver) + "\n".join(labels)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "gespraech"])
def test_a_shop_with_inquiries_shows_every_page(screen: Open, opened: Shop, sandra: Actor, page: str) -> None:
    receive(opened, letter())
    driver = screen(sandra, page)
    assert not driver.exception
    assert not driver.error


@pytest.mark.parametrize("page", ["heute", "anfragen", "kunden", "vorlagen"])
def test_a_service_that_refuses_becomes_a_sentence(
    screen: Open, sandra: Actor, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READS[page], _refuse)
    driver = screen(sandra, page)
    assert not driver.exception
    assert "Heute nicht" in words(driver)


@pytest.mark.parametrize("page", ["heute", "anfragen", "gespraech", "kunden"])
def test_what_nobody_foresaw_gets_a_short_id(
    screen: Open, sandra: Actor, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READS[page], _break)
    driver = screen(sandra, page)
    assert not driver.exception
    assert "Da ist etwas schiefgegangen" in words(driver)


def _refuse(*_args: object, **_options: object) -> Callable[..., object]:
    raise InvalidInputError("Heute nicht.")


def _break(*_args: object, **_options: object) -> Callable[..., object]:
    raise RuntimeError("broken on purpose")


def test_the_list_holds_the_customers_words_as_data(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter("![x](http://boese.example) :material/x: $y$"))
    driver = screen(sandra, "anfragen")
    (item,) = data_of(driver, "theke_rows")["items"]
    assert item["text"].startswith("![x](http://boese.example)")
    assert item["title"] == "Maria Hofer"
    assert "boese" not in words(driver)
    assert "Eine Person wartet auf uns" in words(driver)


def test_a_hostile_name_reaches_no_markdown_unescaped(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(
        opened, letter(sender='"![x](http://boese.example/p.png)" <m@example.org>', subject="[a](http://b.example)")
    )
    driver = screen(sandra, "gespraech", anfrage=str(only_inquiry(opened).id))
    title = driver.title[0].value
    assert "](http" not in title
    assert "://" not in title + "".join(caption.value for caption in driver.caption)
    assert not driver.exception


def test_staff_see_neither_team_nor_settings(screen: Open, amir: Actor) -> None:
    for page in ("team", "einstellungen"):
        driver = screen(amir, page)
        assert [error.value.startswith("Das darf nur, wer Inhaber ist") for error in driver.error] == [True]
        assert not driver.title
        assert not driver.text_input


def test_somebody_who_is_signed_out_leaves(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "heute")
    with opened.store.write() as tx:
        tx.run("DELETE FROM session")
    driver.run()
    assert "window.location.assign('/anmelden')" in driver.html[0].value
    assert not driver.title


def rows_of(driver: AppTest) -> int:
    """How many lists are drawn."""
    return sum(element.proto.component_name == "theke_rows" for element in driver.get("bidi_component"))


def test_a_search_counts_what_it_found_and_an_empty_one_says_so(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter())
    driver = screen(sandra, "anfragen")
    driver.text_input(key="q").set_value("Golf").run()
    assert "1 gefunden" in words(driver)
    driver.text_input(key="q").set_value("Traktor").run()
    assert "Nichts gefunden" in words(driver)
    assert rows_of(driver) == 0


def test_a_search_that_only_finds_closed_ones_shows_them(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter())
    close_inquiry(opened, sandra, only_inquiry(opened).id, CloseReason.DEALT_WITH)
    driver = screen(sandra, "anfragen")
    driver.text_input(key="q").set_value("Golf").run()
    assert "Abgeschlossen" in words(driver)
    assert "Nichts gefunden" not in words(driver)


def test_a_filter_without_anybody_is_not_taken_for_all_answered(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter())
    driver = screen(sandra, "anfragen")
    driver.segmented_control(key="wer").select("meine").run()
    assert "Mit diesem Filter ist nichts offen" in words(driver)
    assert "Alle haben eine Antwort" not in words(driver)


@pytest.mark.parametrize(("hours", "said"), [(14, "14 Std. aus"), (960, "40 Tage aus")])
def test_an_absence_is_told_in_the_unit_that_fits(opened: Shop, sandra: Actor, hours: int, said: str) -> None:
    health = replace(job_health(opened), away_hours=hours)
    assert said in news(Desk(opened, sandra), health)[0][1]


def test_mail_that_is_overdue_turns_the_pulse_red_and_says_since_when(
    opened: Shop, clock: FrozenClock, sandra: Actor
) -> None:
    fetch_now(opened)
    clock.forward(minutes=11)
    desk = Desk(opened, sandra)
    assert pulse_words(desk, job_health(opened)) == ("rot", "", "Seit 10:42 nicht abgerufen")
    clock.forward(days=1)
    assert pulse_words(Desk(opened, sandra), job_health(opened))[2] == "Seit gestern, 10:42 nicht abgerufen"


def test_everybody_is_told_that_answers_cannot_leave(opened: Shop, amir: Actor) -> None:
    health = replace(job_health(opened), outbox_problem="Die Festplatte ist voll.", outbox_waiting=2)
    told = [(tone, line) for tone, line in news(Desk(opened, amir), health) if "Antworten" in line]
    assert [tone for tone, _line in told] == ["rot", "gelb"]
    assert "Die Festplatte ist voll." in told[0][1]
    assert told[1][1].startswith("2 Antworten konnten noch nicht hinaus")
