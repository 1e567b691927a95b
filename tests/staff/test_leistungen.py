"""Leistungen: what an owner sees and changes there, and whom closing days hit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from streamlit.testing.v1 import AppTest

from data.booking_records import Offering, ResourceKind
from data.records import Actor
from pages.parts.offerings import block_words
from pages.parts.session import Desk
from services.offerings import (
    add_block,
    list_blocks,
    list_offerings,
    list_resources,
    require_offering,
    save_offering,
    save_resource,
)
from services.settings import shop_settings
from services.shop import Shop
from tests.bookable import AMIR, INSPECTION, LIFT_1, LUKAS, TYRES, VALUATION, at, book, open_garage
from tests.staff.conftest import Open, ask, data_of, spoken, words


def rows(driver: AppTest, key: str) -> list[dict[str, object]]:
    """The rows of one list, by the word they are labelled with."""
    found = [element.proto for element in driver.get("bidi_component")]
    return next(data for data in map(_data, found) if data["label"] == key)["items"]


def _data(proto: object) -> dict[str, list[dict[str, object]]]:
    import json

    return json.loads(proto.json)  # type: ignore[attr-defined,no-any-return]


def facts(row: dict[str, object]) -> list[str]:
    return [fact["text"] for fact in row["meta"]]  # type: ignore[attr-defined,index]


def told(driver: AppTest) -> str:
    """What went wrong with the last tap in a dialog."""
    said = [toast.value for toast in driver.toast] + [error.value for error in driver.error]
    return "".join(said).replace("\\", "").replace("\u2060", "")


def offering_of(shop: Shop, ident: int) -> Offering:
    return require_offering(shop.store, ident)


def test_every_offering_is_told_with_length_price_and_what_it_needs(screen: Open, garage: Shop, sandra: Actor) -> None:
    save_offering(garage, sandra, INSPECTION, online=False)
    listed = rows(screen(sandra, "leistungen"), "Was man buchen kann")
    assert [row["title"] for row in listed] == ["Reifenwechsel", "Pickerl", "Begutachtung"]
    both = "Amir oder Lukas, dazu Bühne 1 oder Bühne 2"
    assert facts(listed[0]) == ["1 Std", "€ 49,00", "online, gilt sofort", both]
    assert facts(listed[1]) == ["1 Std", "€ 49,00", "nur durch uns", "Amir, dazu Bühne 1"]
    assert facts(listed[2]) == ["1 Std", "ohne Preis", "online, auf Anfrage", "Amir oder Lukas"]


def test_missing_prices_are_told(screen: Open, garage: Shop, sandra: Actor) -> None:
    assert "Bei einer Leistung steht noch kein Preis" in words(screen(sandra, "leistungen"))
    save_offering(garage, sandra, TYRES, price_cents=None)
    assert "Bei 2 Leistungen steht noch kein Preis" in words(screen(sandra, "leistungen"))
    for ident in (TYRES, VALUATION):
        save_offering(garage, sandra, ident, price_cents=100)
    assert "kein Preis" not in words(screen(sandra, "leistungen"))


def test_without_offerings_the_page_says_what_to_do(screen: Open, sandra: Actor) -> None:
    said = words(screen(sandra, "leistungen"))
    assert "Noch keine Leistung" in said
    assert "Noch niemand und nichts" in said


def test_only_owners_get_in(screen: Open, garage: Shop, amir: Actor) -> None:
    driver = screen(amir, "leistungen")
    assert "nur, wer Inhaber ist" in spoken(driver)
    assert not driver.get("bidi_component")


def test_an_offering_is_changed_in_its_drawer(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "leistungen"), "offering", TYRES)
    key = f"of-{TYRES}-"
    driver.text_input(key=f"{key}name").set_value("Räderwechsel")
    driver.text_input(key=f"{key}price").set_value("1.249,50")
    driver.selectbox(key=f"{key}duration").set_value(45)
    driver.selectbox(key=f"{key}cancel_minutes").set_value(0)
    driver.text_input(key=f"{key}question").set_value("Wo sind Ihre Räder?")
    driver.text_area(key=f"{key}choices").set_value("mit\nlager")
    driver.pills(key=f"{key}group-1").set_value([LIFT_1])
    driver.toggle(key=f"{key}online").set_value(False)
    driver.segmented_control(key=f"{key}instant").set_value(False)
    driver.selectbox(key=f"{key}place").set_value(2)
    driver.button(key=f"{key}save").click().run()
    assert not driver.error
    kept = offering_of(garage, TYRES)
    assert (kept.name, kept.price_cents, kept.duration, kept.cancel_minutes) == ("Räderwechsel", 124950, 45, 0)
    assert (kept.question, kept.choices) == ("Wo sind Ihre Räder?", "mit\nlager")
    assert (kept.groups, kept.online, kept.instant) == (((AMIR, LUKAS), (LIFT_1,)), False, False)
    assert [one.id for one in list_offerings(garage.store)] == [INSPECTION, VALUATION, TYRES]


def test_saving_without_a_change_changes_nothing(screen: Open, garage: Shop, sandra: Actor) -> None:
    before = list_offerings(garage.store)
    for one in before:
        driver = ask(screen(sandra, "leistungen"), "offering", one.id)
        driver.button(key=f"of-{one.id}-save").click().run()
        assert not driver.error
    assert list_offerings(garage.store) == [replace(one, position=place) for place, one in enumerate(before, 1)]


def test_a_new_offering_needs_a_name_and_somebody(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "leistungen"), "offering")
    driver.text_input(key="of-neu-price").set_value("viel")
    driver.button(key="of-neu-save").click().run()
    assert "49,00" in told(driver)
    driver = ask(driver, "offering")
    driver.text_input(key="of-neu-price").set_value("99")
    driver.button(key="of-neu-save").click().run()
    assert "Wie heißt die Leistung?" in told(driver)
    driver = ask(driver, "offering")
    driver.text_input(key="of-neu-name").set_value("Klimaservice")
    driver.button(key="of-neu-save").click().run()
    assert "Wer oder was wird gebraucht?" in told(driver)
    driver = ask(driver, "offering")
    driver.text_input(key="of-neu-name").set_value("Klimaservice")
    driver.text_input(key="of-neu-price").set_value("99")
    driver.pills(key="of-neu-group-0").set_value([LUKAS])
    driver.button(key="of-neu-save").click().run()
    made = list_offerings(garage.store)[-1]
    assert (made.name, made.price_cents, made.groups) == ("Klimaservice", 9900, ((LUKAS,),))


def test_an_offering_is_taken_off_after_one_question(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "leistungen"), "offering", TYRES)
    driver.button(key=f"of-{TYRES}-out").click().run()
    assert "«Reifenwechsel» kann dann niemand mehr buchen" in spoken(driver)
    assert len(list_offerings(garage.store)) == 3
    driver.button(key="od-save").click().run()
    assert TYRES not in {one.id for one in list_offerings(garage.store)}


def test_hours_of_ones_own_are_told_and_read_as_people_write_them(screen: Open, garage: Shop, sandra: Actor) -> None:
    title = "Wer und was dafür gebraucht wird"
    assert facts(rows(screen(sandra, "leistungen"), title)[1]) == ["Person", "wie die Öffnungszeiten"]
    driver = ask(screen(sandra, "leistungen"), "resource", LUKAS)
    key = f"re-{LUKAS}-"
    driver.session_state[f"{key}own"] = True
    driver = ask(driver, "resource", LUKAS)
    assert driver.text_input(key=f"{key}day-0").value == "8:00–12:00 und 13:00–17:00"
    driver.text_input(key=f"{key}day-4").set_value("8-12")
    driver.button(key=f"{key}save").click().run()
    assert list_resources(garage.store)[1].week[4] == ((480, 720),)
    told = facts(rows(screen(sandra, "leistungen"), title)[1])[1]
    assert told == "Mo–Do 8:00–12:00 und 13:00–17:00 Uhr, Fr 8:00–12:00 Uhr"
    driver = ask(screen(sandra, "leistungen"), "resource", LUKAS)
    driver.toggle(key=f"{key}own").set_value(False)
    driver.button(key=f"{key}save").click().run()
    assert list_resources(garage.store)[1].week == ()


def test_a_wrong_hour_of_a_resource_names_its_day(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "leistungen")
    driver.session_state["re-neu-own"] = True
    driver = ask(driver, "resource")
    driver.text_input(key="re-neu-name").set_value("Bühne 3")
    driver.segmented_control(key="re-neu-kind").set_value(ResourceKind.THING)
    driver.text_input(key="re-neu-day-1").set_value("immer")
    driver.button(key="re-neu-save").click().run()
    assert "Dienstag" in told(driver)
    driver = ask(driver, "resource")
    driver.text_input(key="re-neu-name").set_value("Bühne 3")
    driver.segmented_control(key="re-neu-kind").set_value(ResourceKind.THING)
    driver.text_input(key="re-neu-day-1").set_value("geschlossen")
    driver.button(key="re-neu-save").click().run()
    made = list_resources(garage.store)[-1]
    assert (made.name, made.kind, made.week[1]) == ("Bühne 3", ResourceKind.THING, ())


def test_what_is_needed_alone_is_not_taken_off(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "leistungen"), "resource", AMIR)
    driver.button(key=f"re-{AMIR}-out").click().run()
    driver.button(key="rd-save").click().run()
    assert "Ohne diesen Eintrag geht es nicht bei: Pickerl" in told(driver)
    driver = ask(screen(sandra, "leistungen"), "resource", LUKAS)
    driver.button(key=f"re-{LUKAS}-out").click().run()
    driver.button(key="rd-save").click().run()
    assert [one.name for one in list_resources(garage.store)] == ["Amir", "Bühne 1", "Bühne 2"]


def test_times_away_stand_there_with_the_bookings_in_them(screen: Open, garage: Shop, sandra: Actor) -> None:
    hit = book(garage, at(25, 9))
    book(garage, at(26, 9))
    taken = hit.resources[0]
    add_block(garage, sandra, taken, at(25, 0), at(26, 0), "Kurs")
    driver = screen(sandra, "leistungen")
    row = rows(driver, "Gesperrte Zeiten")[0]
    assert (row["text"], facts(row)) == ("Kurs", ["Mittwoch, 25. November"])
    assert "Ein Termin liegt in dieser Zeit" in words(driver)
    assert [each["title"] for each in rows(driver, "Betroffene Termine")] == ["Maria Huber"]


def test_a_time_away_is_told_by_days_or_by_the_clock(opened: Shop, sandra: Actor) -> None:
    open_garage(opened)
    speech = Desk(opened, sandra).speech
    add_block(opened, sandra, None, at(25, 0), at(28, 0), "")
    add_block(opened, sandra, None, at(23, 13), at(24, 12, 30), "")
    days, clock = sorted(list_blocks(opened.store, at(1, 0), at(30, 0)), key=lambda one: -one.starts_at.timestamp())
    assert block_words(days, speech) == "Mittwoch, 25. November bis Freitag, 27. November"
    assert block_words(clock, speech) == "heute, 13:00 bis morgen, 12:30"


def test_a_closing_day_shows_whom_it_hits_and_cancels_nothing(screen: Open, garage: Shop, sandra: Actor) -> None:
    hit = book(garage, at(25, 9), phone="0664 555 01 27")
    book(garage, at(26, 9))
    driver = screen(sandra, "einstellungen", teil="zeiten")
    driver.date_input(key="e-first").set_value(date(2026, 11, 25))
    driver.date_input(key="e-last").set_value(date(2026, 11, 25))
    driver.button(key="e-add-closure").click().run()
    assert "Ein Termin liegt in dieser Zeit" in words(driver)
    (row,) = rows(driver, "Betroffene Termine")
    assert (row["title"], facts(row)) == ("Maria Huber", ["Mittwoch 25. November, 09:00", "Reifenwechsel"])
    assert row["call"] == {"number": "+436645550127", "word": "0664 5550127"}
    assert garage.store.read("SELECT state FROM booking WHERE id = $id", {"id": hit.id}) == [("confirmed",)]


def test_a_day_with_other_hours_shows_nobody(screen: Open, garage: Shop, sandra: Actor) -> None:
    book(garage, at(25, 9))
    driver = screen(sandra, "einstellungen", teil="zeiten")
    driver.date_input(key="e-first").set_value(date(2026, 11, 25))
    driver.date_input(key="e-last").set_value(date(2026, 11, 25))
    driver.text_input(key="e-open").set_value("9-12")
    driver.button(key="e-add-closure").click().run()
    assert "liegt in dieser Zeit" not in words(driver)


def test_a_small_business_says_so_in_the_settings(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen")
    assert not driver.toggle(key="e-small_business").value
    driver.toggle(key="e-small_business").set_value(True)
    driver.button(key="e-save-shop").click().run()
    assert shop_settings(opened.store).small_business
    assert screen(sandra, "einstellungen").toggle(key="e-small_business").value


def test_words_of_the_shop_are_never_markdown(screen: Open, garage: Shop, sandra: Actor) -> None:
    save_resource(garage, sandra, LUKAS, name="![x](http://x.example) :red[L]", kind=ResourceKind.PERSON)
    driver = ask(screen(sandra, "leistungen"), "offering", TYRES)
    options = driver.pills(key=f"of-{TYRES}-group-0").options
    assert not [option for option in options if "](" in option or ":red[" in option]
    assert data_of(driver, "theke_rows")["items"]
