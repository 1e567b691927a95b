"""Wünsche: noted in one line, listed by article, told from one drawer that shows each message first."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from data.promises import open_promises
from data.records import Actor
from data.wishes import WishState
from pages.parts.date_field import EARLIEST, LATEST
from services.shop import Shop
from services.staff import change_staff
from services.wishes import NewWish, note_wish, show_wishes
from tests.staff.conftest import Open, ask, spoken

UNTIL = date(2026, 12, 21)


def wish(shop: Shop, actor: Actor, words: str, who: str, reach: str, cents: int | None = None) -> int:
    new = NewWish("", UNTIL, words=words, who=who, reach=reach, price_cents=cents)
    return note_wish(shop, actor, new).wish_id


def rows(driver: AppTest, label: str) -> list[dict[str, Any]]:
    """The rows of the list of this name."""
    protos = [element.proto for element in driver.get("bidi_component")]
    lists = [json.loads(proto.json) for proto in protos if proto.component_name == "theke_rows"]
    return next((each["items"] for each in lists if each["label"] == label), [])


def toasts(driver: AppTest) -> str:
    return " ".join(toast.value for toast in driver.toast).replace("\\", "").replace("\u2060", "")


def test_the_same_wish_of_two_people_is_one_row_and_money_is_for_owners(
    screen: Open, opened: Shop, sandra: Actor, amir: Actor
) -> None:
    assert "Niemand wartet auf etwas" in spoken(screen(sandra, "wuensche"))
    first = wish(opened, sandra, "Jeans, 128, blau", "Maria Hofer", "maria@example.org", 4990)
    wish(opened, sandra, "jeans 128 rot", "Max Moser", "0664 123 45 67")
    page = screen(sandra, "wuensche")
    (row,) = rows(page, "Offen")
    assert (row["id"], row["lead"], row["title"]) == (first, "2", "Jeans 128")
    assert row["text"] == "Maria Hofer (blau), Max Moser (rot)"
    (most,) = rows(page, "Am meisten vermisst")
    assert (most["lead"], most["title"], most["text"]) == ("2 ×", "Jeans 128", "ca. € 100")
    assert [each["text"] for each in rows(screen(amir, "wuensche"), "Am meisten vermisst")] == [""]


def test_one_line_is_taken_apart_and_the_promise_comes_as_a_sentence_to_say(
    screen: Open, opened: Shop, amir: Actor
) -> None:
    page = ask(screen(amir, "anfragen"), "wish")
    page.text_input(key="ws-line").set_value("Jeans, 128, blau")
    page.text_input(key="ws-who").set_value("Maria Hofer")
    page.text_input(key="ws-reach").set_value("maria@example.org")
    page.button(key="ws-save").click().run()
    assert "«Wir melden uns, sobald es da ist, spätestens bis 21. Dezember.»" in toasts(page)
    (one,) = show_wishes(opened, amir).open
    assert (one.article, one.size, one.colour, one.customer_name) == ("Jeans", "128", "blau", "Maria Hofer")


def test_what_has_come_is_told_to_those_who_are_ticked(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = wish(opened, sandra, "Jeans, 128", "Maria Hofer", "maria@example.org", 4990)
    second = wish(opened, sandra, "Jeans, 128", "Max Moser", "0664 123 45 67")
    other = wish(opened, sandra, "Jeans, 182", "Eva Lang", "eva@example.org")
    page = ask(screen(sandra, "wuensche"), "arrived", first)
    ticks = {str(box.key): box.value for box in page.checkbox}
    assert ticks == {
        f"wa-tick-{first}-fits": True,
        f"wa-tick-{second}-fits": True,
        f"wa-tick-{other}-other_size": False,
    }
    assert "Preis: € 49,90" in (page.text_area[0].value or "")
    assert page.button(key="wa-save").label == "Alle benachrichtigen"
    page.checkbox(key=f"wa-tick-{second}-fits").uncheck()
    page.button(key="wa-save").click().run()
    assert "1 Mail geht in 20 Sekunden hinaus." in toasts(page)
    board = show_wishes(opened, sandra)
    assert [one.id for one in board.told] == [first]
    assert {one.id for one in board.open} == {second, other}
    (held,) = rows(page, "Liegt bereit")
    assert (held["lead"], held["title"], held["meta"][0]["text"]) == ("26.11.", "Maria Hofer", "Mail ist unterwegs")


def test_another_colour_is_asked_about_and_the_button_says_how_many_of_all(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    first = wish(opened, sandra, "Jeans, 128", "Maria Hofer", "maria@example.org")
    wish(opened, sandra, "Jeans, 128, rot", "Max Moser", "0664 123 45 67")
    wish(opened, sandra, "Gürtel Jeans, 128", "Eva Lang", "eva@example.org")
    page = ask(screen(sandra, "wuensche"), "arrived")
    assert page.button(key="wa-save").disabled
    page.session_state["wa-line"] = "Jeans, 128"
    page = ask(page, "arrived")
    assert "Jeans 128 rot · Farbe?" in spoken(page)
    assert "Gürtel Jeans 128 · fehlt: Gürtel" in spoken(page)
    assert page.button(key="wa-save").label == "1 von 2 benachrichtigen"
    page.session_state[f"wa-tick-{first}-fits"] = False
    assert ask(page, "arrived").button(key="wa-save").disabled


def test_as_many_as_fit_but_others_are_not_all(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = wish(opened, sandra, "Jeans, 128", "Maria Hofer", "maria@example.org")
    other = wish(opened, sandra, "Jeans, 182", "Eva Lang", "eva@example.org")
    page = screen(sandra, "wuensche")
    page.session_state[f"wa-tick-{first}-fits"] = False
    page.session_state[f"wa-tick-{other}-other_size"] = True
    assert ask(page, "arrived", first).button(key="wa-save").label == "1 benachrichtigen"


def test_declining_asks_what_was_offered_instead(screen: Open, opened: Shop, amir: Actor) -> None:
    ident = wish(opened, amir, "Jeans, 128", "Maria Hofer", "maria@example.org")
    page = ask(screen(amir, "wuensche"), "wish-decline", ident)
    page.button(key="wd-save").click().run()
    assert "Bitte wählen Sie, was Sie stattdessen angeboten haben." in spoken(page)
    page = ask(page, "wish-decline", ident)
    page.pills(key="wd-offered").set_value("ordered")
    page.button(key="wd-save").click().run()
    assert not show_wishes(opened, amir).open


def test_a_call_instead_is_offered_when_it_is_promised(screen: Open, opened: Shop, amir: Actor) -> None:
    ident = wish(opened, amir, "Jeans, 128", "Max Moser", "0664 123 45 67")
    page = ask(screen(amir, "wuensche"), "wish-decline", ident)
    page.pills(key="wd-offered").set_value("callback")
    page.button(key="wd-save").click().run()
    assert show_wishes(opened, amir).open
    inquiry_id = show_wishes(opened, amir).open[0].inquiry_id
    ask(page, "callback", inquiry_id, ident).button(key="cb-save").click().run()
    assert not show_wishes(opened, amir).open
    assert open_promises(opened.store)


def test_a_conversation_shows_what_its_customer_waits_for(screen: Open, opened: Shop, amir: Actor) -> None:
    ident = wish(opened, amir, "Jeans, 128", "Maria Hofer", "maria@example.org")
    (one,) = show_wishes(opened, amir).open
    page = screen(amir, "gespraech", anfrage=str(one.inquiry_id))
    assert "Jeans 128" in spoken(page)
    assert page.button(key=f"wk-arrived-{ident}").label == "Ware da"
    assert one.state is WishState.OPEN


def test_a_price_that_is_none_ticks_nobody_again(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = wish(opened, sandra, "Jeans, 128", "Maria Hofer", "maria@example.org", 4990)
    wish(opened, sandra, "Jeans, 128", "Max Moser", "0664 123 45 67")
    page = ask(screen(sandra, "wuensche"), "arrived", first)
    page.checkbox(key=f"wa-tick-{first}-fits").uncheck()
    page.text_input(key="wa-price").set_value("-5")
    page = ask(page, "arrived", first)
    assert "Bitte schreiben Sie den Preis so: 49,00." in spoken(page)
    assert [box.value for box in page.checkbox] == [False, True]
    assert page.button(key="wa-save").disabled


def test_a_day_that_is_past_is_refused_in_a_sentence(screen: Open, opened: Shop, sandra: Actor) -> None:
    first = wish(opened, sandra, "Jeans, 128", "Maria Hofer", "maria@example.org")
    page = screen(sandra, "wuensche")
    page.session_state["wa-hold"] = date.min  # another day
    page = ask(page, "arrived", first)
    page.date_input(key="wa-hold-day").set_value(date(1926, 2, 28))
    assert (page.date_input(key="wa-hold-day").min, page.date_input(key="wa-hold-day").max) == (EARLIEST, LATEST)
    page.button(key="wa-save").click().run()
    assert "ist schon vorbei" in spoken(page)
    assert show_wishes(opened, sandra).open


def test_who_says_when_it_comes_is_kept_with_a_week_at_one_tap(screen: Open, opened: Shop, amir: Actor) -> None:
    ident = wish(opened, amir, "Jeans, 128", "Maria Hofer", "maria@example.org")
    page = ask(screen(amir, "wuensche"), "wish-expected", ident)
    page.text_input(key="we-source").set_value("Lieferant Hämmerle")
    page.button(key="we-week-49").click().run()
    (one,) = show_wishes(opened, amir).open
    assert (one.expected, one.expected_source) == ("KW 49", "Lieferant Hämmerle")


def test_in_english_days_are_english_and_a_week_stays_that_of_the_letters(
    screen: Open, opened: Shop, amir: Actor
) -> None:
    ident = wish(opened, amir, "Jeans, 128", "Maria Hofer", "maria@example.org")
    change_staff(opened, amir, amir.staff_id, language="en")
    page = screen(amir, "wuensche")
    (row,) = rows(page, "Open")
    assert row["meta"][0]["text"] == "until 21 Dec"
    ask(page, "wish-expected", ident).button(key="we-week-49").click().run()
    assert show_wishes(opened, amir).open[0].expected == "KW 49"
