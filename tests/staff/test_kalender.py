"""Termine on the screens: the day and the week, entering, deciding, moving and calling off, and times away."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import data.bookings
from data.booking_records import Booking, BookingState
from data.records import Actor
from pages.parts.booking_dialogs import meant
from services.booking_days import open_booking, show_day
from services.bookings import enter_booking
from services.offerings import add_block, list_offerings
from services.shop import Shop
from tests.bookable import AMIR, INSPECTION, LIFT_1, LUKAS, TYRES, VALUATION, at, book, entry
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, spoken, words

MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
NEXT = at(24, 9)


def only_booking(shop: Shop) -> Booking:
    (row,) = shop.store.read("SELECT id FROM booking")
    found = data.bookings.read_booking(shop.store, row[0])
    assert found is not None
    return found


def state_of(shop: Shop, booking_id: int) -> BookingState:
    found = data.bookings.read_booking(shop.store, booking_id)
    assert found is not None
    return found.state


def errors(driver: AppTest) -> str:
    return "".join(error.value for error in driver.error).replace("\\", "").replace("\u2060", "")


def rows_of(driver: AppTest, label: str) -> list[dict[str, Any]]:
    """The rows of the list that is called so."""

    given = [json.loads(e.proto.json) for e in driver.get("bidi_component") if e.proto.component_name == "theke_rows"]
    return next((each["items"] for each in given if each["label"] == label), [])


Enter = Callable[..., AppTest]


@pytest.fixture
def enter(screen: Open, garage: Shop, sandra: Actor) -> Enter:
    """The drawer «Termin eintragen» on Tuesday at nine; Streamlit's test driver closes it at every tap in it."""
    driver = screen(sandra, "kalender", tag=TUESDAY)

    def open_drawer(minute: int = 9 * 60, column: int = AMIR, inquiry: int = 0) -> AppTest:
        return ask(driver, "enter", TUESDAY, minute, column, inquiry)

    return open_drawer


def fill(driver: AppTest, who: str = "Georg Haas", reach: str = "0664 555 01 27", what: int = TYRES) -> AppTest:
    driver.text_input(key="bk-who").set_value(who)
    driver.text_input(key="bk-reach").set_value(reach)
    driver.session_state["bk-what"] = what
    return driver


def test_the_day_of_the_address_is_shown_with_its_bookings(screen: Open, garage: Shop, sandra: Actor) -> None:
    book(garage, NEXT)
    driver = screen(sandra, "kalender", tag=TUESDAY)
    board = data_of(driver, "theke_board")
    assert [column["name"] for column in board["columns"]] == ["Amir", "Lukas", "Bühne 1", "Bühne 2"]
    assert (board["day"], board["now"]) == (TUESDAY, None)
    assert "Dienstag, 24. November · Ein Termin" in spoken(driver)
    assert data_of(screen(sandra, "kalender"), "theke_board")["now"] == 10 * 60 + 42


def test_steps_lead_to_other_days_and_back_to_today(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "kalender")
    assert not [button for button in driver.button if button.key == "tagwahl-heute"]
    driver.button(key="tagwahl-chevron_right").click().run()
    assert data_of(driver, "theke_board")["day"] == TUESDAY
    assert driver.query_params["tag"] == TUESDAY
    driver.button(key="tagwahl-heute").click().run()
    assert data_of(driver, "theke_board")["day"] == MONDAY
    driver.date_input(key="tagwahl-tag").set_value(date(2026, 12, 1)).run()
    assert data_of(driver, "theke_board")["day"] == "2026-12-01"


def test_an_address_that_is_no_day_shows_today(screen: Open, garage: Shop, sandra: Actor) -> None:
    assert data_of(screen(sandra, "kalender", tag="morgen"), "theke_board")["day"] == MONDAY


def test_the_week_counts_each_day(screen: Open, garage: Shop, sandra: Actor) -> None:
    book(garage, NEXT)
    driver = screen(sandra, "kalender", ansicht="woche")
    items = rows_of(driver, "Woche")
    assert [item["lead"] for item in items] == ["0", "1", "0", "0", "0", "–", "–"]
    driver.button(key="tagwahl-chevron_right").click().run()
    assert driver.query_params["tag"] == "2026-11-30"


def test_a_shop_without_resources_is_told_where_they_come_from(screen: Open, opened: Shop, sandra: Actor) -> None:
    assert "Noch niemand im Kalender" in words(screen(sandra, "kalender"))


def test_a_booking_is_entered_with_three_fields(enter: Enter, garage: Shop) -> None:
    driver = fill(enter())
    assert "Dienstag, 24. November, 09:00 Uhr" in spoken(driver)
    assert "Frei: Amir bis 12:00, Lukas bis 12:00" in spoken(driver)
    driver.button(key="bk-save").click().run()
    booking = only_booking(garage)
    assert (booking.customer_name, booking.starts_at, booking.resources) == ("Georg Haas", NEXT, (AMIR, LIFT_1))
    assert booking.phone == "+436645550127"
    assert not driver.error


def test_without_a_choice_of_what_nothing_is_entered(enter: Enter, garage: Shop) -> None:
    driver = enter()
    driver.text_input(key="bk-who").set_value("Georg Haas")
    driver.button(key="bk-save").click()
    assert "Bitte wählen Sie, was gemacht wird." in errors(enter())
    assert not garage.store.read("SELECT 1 FROM booking")


def test_a_name_that_is_typed_finds_who_is_known(enter: Enter, garage: Shop, sandra: Actor) -> None:
    enter_booking(garage, sandra, entry(at(25, 9), who="Georg Haas", reach="georg.haas@example.org"))
    driver = enter()
    driver.text_input(key="bk-who").set_value("haa")
    (item,) = rows_of(enter(), "Schon bekannt")
    assert item["title"] == "Georg Haas"
    assert [fact["text"] for fact in item["meta"]] == ["georg.haas@example.org"]


def test_what_customers_could_not_book_needs_a_tick(enter: Enter, garage: Shop) -> None:
    fill(enter(7 * 60))
    driver = enter(7 * 60)
    assert "Da ist geschlossen, oder jemand ist nicht da." in "".join(w.value for w in driver.warning).replace(
        "\\", ""
    ).replace("\u2060", "")
    driver.button(key="bk-save").click()
    driver = enter(7 * 60)
    assert "Sie können den Termin trotzdem eintragen" in errors(driver)
    driver.checkbox(key="bk-despite").check()
    enter(7 * 60).button(key="bk-save").click().run()
    assert only_booking(garage).starts_at == at(24, 7)


def test_what_is_taken_cannot_be_overruled(enter: Enter, garage: Shop, sandra: Actor) -> None:
    enter_booking(garage, sandra, entry(NEXT))
    enter_booking(garage, sandra, entry(NEXT, who="Elif"))
    fill(enter(column=0), what=VALUATION)
    driver = enter(column=0)
    assert "nicht alles frei" in errors(driver)
    assert not [box for box in driver.checkbox if box.key == "bk-despite"]
    driver.button(key="bk-save").click()
    assert "wurde gerade vergeben" in errors(enter(column=0))
    assert len(garage.store.read("SELECT 1 FROM booking")) == 2


def test_who_was_tapped_gets_it_and_else_somebody_who_has_time(enter: Enter, garage: Shop, sandra: Actor) -> None:
    enter_booking(garage, sandra, entry(at(24, 9, 30), wanted=(LUKAS,)))
    fill(enter(column=LUKAS))
    driver = enter(column=LUKAS)
    assert "So lange ist hier nicht frei" in spoken(driver)
    driver.button(key="bk-save").click().run()
    entered = show_day(garage, sandra, NEXT.date()).bookings[0]
    assert entered.resources[0] == AMIR


def test_another_time_is_chosen_in_the_drawer(enter: Enter, garage: Shop) -> None:
    driver = fill(enter())
    driver.button(key="bk-when").click()
    driver = enter()
    driver.time_input(key="bk-clock").set_value(time(14))
    driver = enter()
    assert driver.button(key="bk-save").label == "14:00 eintragen"
    driver.button(key="bk-save").click().run()
    assert only_booking(garage).starts_at == at(24, 14)


def test_dropping_the_drawer_empties_it(enter: Enter) -> None:
    fill(enter()).button(key="bk-drop").click().run()
    assert enter().text_input(key="bk-who").value == ""


def test_another_place_is_another_drawer(enter: Enter) -> None:
    fill(enter())
    driver = enter(10 * 60, LUKAS)
    assert driver.text_input(key="bk-who").value == ""
    assert driver.button(key="bk-save").label == "10:00 eintragen"


@pytest.fixture
def inquiry(garage: Shop) -> int:
    """Maria asks for a change of tyres."""
    receive(garage, letter("Haben Sie am Dienstag Zeit? Die Reifen müssen gewechselt werden.", subject="Reifenwechsel"))
    return only_inquiry(garage).id


def test_for_an_inquiry_nothing_is_typed_again(screen: Open, garage: Shop, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "kalender", anfrage=str(inquiry), tag=TUESDAY)
    assert "Termin für Maria Hofer" in words(driver)
    driver = ask(driver, "enter", TUESDAY, 9 * 60, AMIR, inquiry)
    assert driver.text_input(key="bk-who").value == "Maria Hofer"
    assert driver.text_input(key="bk-reach").value == "maria.hofer@example.org"
    driver.button(key="bk-save").click().run()
    booking = only_booking(garage)
    assert (booking.inquiry_id, booking.offering_id, booking.note) == (inquiry, TYRES, "Reifenwechsel")
    assert "Kundenkarte" in words(driver)  # back in the conversation


def test_the_conversation_leads_to_the_calendar(screen: Open, garage: Shop, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    driver.button(key="s-book").click().run()
    assert driver.query_params["anfrage"] == str(inquiry)
    assert "Termin für Maria Hofer" in words(driver)


@pytest.mark.parametrize(
    ("said", "offering"),
    [
        ("Ich brauche das Pickerl", INSPECTION),
        ("Was kostet der Wechsel auf Winterreifen?", TYRES),
        ("Guten Tag, wann ist mein Golf fertig?", 0),
        ("Reifenwechsel und Begutachtung, bitte", TYRES),
        ("", 0),
    ],
)
def test_what_somebody_wants_is_proposed_where_it_is_clear(garage: Shop, said: str, offering: int) -> None:
    found = meant(said, list_offerings(garage.store))
    assert (found.id if found else 0) == offering


def card(driver: AppTest, booking_id: int) -> AppTest:
    return ask(driver, "booking", booking_id)


def test_the_drawer_tells_all_about_a_booking(screen: Open, garage: Shop, sandra: Actor) -> None:
    booking = book(garage, NEXT, phone="0664 555 01 27", note="Bitte Felgen waschen")
    driver = card(screen(sandra, "kalender", tag=TUESDAY), booking.id)
    said = spoken(driver)
    for part in ("Fest eingetragen", "09:00–10:00", "Reifenwechsel, 60 Min", "Amir, Bühne 1", booking.number):
        assert part in said or part in str(driver.main), part
    assert "tel:+436645550127" in [link.proto.url for link in driver.get("link_button")]
    assert f"anfrage={booking.inquiry_id}" in [link.proto.query_string for link in driver.get("page_link")]
    assert "eingetragen für morgen, 09:00" in said


@pytest.mark.parametrize(
    ("button", "state"),
    [("t-arrived", BookingState.ARRIVED), ("t-done", BookingState.DONE), ("t-no-show", BookingState.NO_SHOW)],
)
def test_how_a_visit_went_is_one_tap_and_can_be_taken_back(
    screen: Open, garage: Shop, sandra: Actor, clock: FrozenClock, button: str, state: BookingState
) -> None:
    booking = book(garage, NEXT)
    driver = screen(sandra, "kalender", tag=TUESDAY)
    assert not [each for each in card(driver, booking.id).button if each.key == button]  # that day is yet to come
    clock.forward(days=1)
    card(driver, booking.id).button(key=button).click().run()
    assert state_of(garage, booking.id) is state
    card(driver, booking.id).button(key="t-back").click().run()
    assert state_of(garage, booking.id) is BookingState.CONFIRMED


def test_a_request_is_in_the_list_until_somebody_decides(screen: Open, garage: Shop, sandra: Actor) -> None:
    asked = book(garage, NEXT, ident=VALUATION)
    driver = screen(sandra, "kalender")
    (item,) = rows_of(driver, "Wollen einen Termin")
    assert (item["id"], item["title"], item["lead"]) == (asked.id, "Maria Huber", "0")
    card(driver, asked.id).button(key="t-confirm").click().run()
    assert state_of(garage, asked.id) is BookingState.CONFIRMED
    assert rows_of(driver, "Wollen einen Termin") == []
    assert "Alle Terminanfragen sind beantwortet" in spoken(driver)


def test_a_request_is_declined_with_a_reason(screen: Open, garage: Shop, sandra: Actor) -> None:
    asked = book(garage, NEXT, ident=VALUATION)
    driver = ask(screen(sandra, "kalender"), "booking-decline", asked.id)
    driver.text_input(key="bd-reason").set_value("Das machen wir nicht mehr")
    driver.button(key="bd-save").click().run()
    assert state_of(garage, asked.id) is BookingState.DECLINED
    assert open_booking(garage, sandra, asked.id).events[-1].detail == "Das machen wir nicht mehr"


def test_a_booking_is_moved_to_a_free_time(screen: Open, garage: Shop, sandra: Actor) -> None:
    booking = book(garage, NEXT)
    driver = screen(sandra, "kalender", tag=TUESDAY)
    ask(driver, "booking-move", booking.id).button(key="bm-save").click()
    assert "Bitte wählen Sie eine Zeit." in errors(ask(driver, "booking-move", booking.id))
    driver.session_state["bm-free"] = "11:00"
    ask(driver, "booking-move", booking.id).button(key="bm-save").click().run()
    moved = data.bookings.read_booking(garage.store, booking.id)
    assert moved is not None
    assert (moved.starts_at, moved.resources) == (at(24, 11), booking.resources)
    assert "verschoben von morgen, 09:00 auf morgen, 11:00 (Sandra)" in spoken(card(driver, booking.id))


def test_a_booking_is_called_off_and_stands_below_the_board(screen: Open, garage: Shop, sandra: Actor) -> None:
    booking = book(garage, NEXT)
    driver = ask(screen(sandra, "kalender", tag=TUESDAY), "booking-cancel", booking.id)
    driver.text_input(key="bc-reason").set_value("Hebebühne kaputt")
    driver.button(key="bc-save").click().run()
    assert state_of(garage, booking.id) is BookingState.CANCELLED
    assert [item["id"] for item in rows_of(driver, "Abgesagt")] == [booking.id]
    over = card(driver, booking.id)
    assert not [each.key for each in over.button if str(each.key).startswith("t-")]


def test_a_calendar_that_said_no_is_a_hint(screen: Open, garage: Shop, sandra: Actor) -> None:
    booking = book(garage, NEXT)
    with garage.store.write() as tx:
        data.bookings.change_booking(tx, booking.id, calendar_answer="declined")
    driver = screen(sandra, "kalender", tag=TUESDAY)
    shown = [i for c in data_of(driver, "theke_board")["columns"] for i in c["items"] if i["kind"] == "booking"]
    assert {each["alert"] for each in shown} == {"Im Kalender abgesagt"}
    assert "in ihrem Kalender abgesagt" in spoken(card(driver, booking.id))


def test_a_time_is_blocked_and_freed_again(screen: Open, garage: Shop, sandra: Actor) -> None:
    book(garage, NEXT)
    driver = ask(screen(sandra, "kalender", tag=TUESDAY), "block", TUESDAY)
    driver.session_state["bl-who"] = AMIR
    driver.text_input(key="bl-label").set_value("Schulung")
    ask(driver, "block", TUESDAY).button(key="bl-save").click().run()
    (block,) = show_day(garage, sandra, NEXT.date()).blocks
    assert (block.resource_id, block.label, block.ends_at - block.starts_at) == (AMIR, "Schulung", timedelta(hours=9))
    ask(driver, "block-drop", TUESDAY, block.id).button(key="bx-save").click().run()
    assert show_day(garage, sandra, NEXT.date()).blocks == []


def test_a_block_that_ends_before_it_begins_is_refused(screen: Open, garage: Shop, sandra: Actor) -> None:
    driver = ask(screen(sandra, "kalender", tag=TUESDAY), "block", TUESDAY)
    driver.time_input(key="bl-until-clock").set_value(time(7))
    ask(driver, "block", TUESDAY).button(key="bl-save").click()
    assert "Das Ende liegt vor dem Anfang." in errors(ask(driver, "block", TUESDAY))


def test_what_a_block_says_is_shown_letter_by_letter(screen: Open, garage: Shop, sandra: Actor) -> None:
    block_id = add_block(garage, sandra, LUKAS, at(24, 8), at(24, 9), "![](http://x.example)")
    driver = ask(screen(sandra, "kalender", tag=TUESDAY), "block-drop", TUESDAY, block_id)
    assert "Lukas: ![](http://x.example)" in [text.value for text in driver.text]
    assert not [each for each in driver.markdown if "http://x.example" in each.value]


def test_a_link_to_a_booking_opens_its_day_and_drawer(screen: Open, garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(26, 9))
    driver = screen(sandra, "kalender", termin=str(booking.id))
    assert data_of(driver, "theke_board")["day"] == "2026-11-26"
    assert "Fest eingetragen" in str(driver.markdown) + words(driver)
    assert "termin" not in driver.query_params


def test_a_link_to_a_booking_that_never_was_is_said(screen: Open, garage: Shop, sandra: Actor) -> None:
    assert "Diesen Termin gibt es nicht mehr." in errors(screen(sandra, "kalender", termin="999"))


def test_heute_lists_who_comes_today(screen: Open, garage: Shop, sandra: Actor) -> None:
    assert "Heute ist nichts eingetragen" in spoken(screen(sandra, "heute"))
    enter_booking(garage, sandra, entry(at(23, 14)))
    book(garage, at(23, 15), ident=VALUATION)
    first, second = rows_of(screen(sandra, "heute"), "Termine heute")
    assert (first["lead"], first["title"], first["text"]) == ("14:00", "Hr. Novak", "Reifenwechsel · Amir · Bühne 1")
    assert second["badge"]["word"] == "Bestätigen"


def test_a_shop_that_books_nothing_sees_no_list_of_bookings(screen: Open, opened: Shop, sandra: Actor) -> None:
    assert "Termine heute" not in words(screen(sandra, "heute"))
