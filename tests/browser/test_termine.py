"""Termine at a real browser: a tap on a free place and three fields, then moved, called off, and marked as not come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Come
from tests.browser.test_screens import hold
from tests.browser.theke import Theke, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = (390, 844)
SERVICE = "Reifenwechsel"
WITHIN = """(node) => { const a = node.getBoundingClientRect(), b = node.querySelector(".pick").getBoundingClientRect();
  return b.top >= a.top - 1 && b.left >= a.left - 1 && b.right <= a.right + 1; }"""


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Vienna")).date()


def monday(weeks: int) -> str:
    """A Monday to come, on which nothing is booked until a test does."""
    day = today()
    return (day + timedelta(days=7 * weeks - day.weekday())).isoformat()


def at_counter(come: Come, demo: Theke, address: str) -> Visitor:
    sandra = come(demo, "Sandra Kofler")
    sandra.open(address)
    expect(sandra.page.locator(".board .col").first).to_be_attached()
    return sandra


def drawer(visitor: Visitor) -> Locator:
    return visitor.page.locator("[role=dialog]")


def gap(visitor: Visitor, who: str) -> Locator:
    return visitor.page.locator(".col", has=visitor.page.locator(".gap")).locator(f"[aria-label*='{who}: frei']").first


def booking(visitor: Visitor, who: str) -> Locator:
    return visitor.page.locator(f"button.booking[aria-label*='{who}']").first


def fill(visitor: Visitor, who: str, reach: str = "0664 555 01 99") -> None:
    visitor.write(visitor.field("Wer?"), who)
    drawer(visitor).get_by_text(SERVICE).click()
    visitor.write(visitor.field("Wie erreichen wir sie?"), reach)


def save(visitor: Visitor) -> None:
    drawer(visitor).get_by_role("button", name="eintragen").last.click()
    expect(drawer(visitor)).to_be_hidden()


def test_a_tap_on_a_free_place_and_three_fields_make_a_booking(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={monday(2)}")
    place = gap(sandra, "Amir")
    box = place.bounding_box()
    assert box is not None
    place.click(position={"x": 40, "y": box["height"] * 0.6})
    expect(drawer(sandra)).to_be_visible()
    time = sandra.page.locator(".pick").inner_text().split("\n")[-1].strip()
    assert gap(sandra, "Amir").evaluate(WITHIN)
    expect(drawer(sandra).get_by_role("button", name=f"{time} eintragen")).to_be_visible()
    fill(sandra, "Berta Unterkircher")
    save(sandra)
    expect(booking(sandra, "Berta Unterkircher")).to_be_visible()
    assert (booking(sandra, "Berta Unterkircher").get_attribute("aria-label") or "").startswith(time)
    expect(sandra.page.locator(".pick")).to_have_count(0)
    assert not sandra.errors


def test_a_booking_is_moved_and_called_off(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={monday(3)}")
    gap(sandra, "Lukas").click(position={"x": 40, "y": 10})
    fill(sandra, "Cäcilia Thaler")
    save(sandra)
    booking(sandra, "Cäcilia Thaler").click()
    sandra.button("Verschieben").click()
    expect(drawer(sandra).get_by_text("Cäcilia Thaler verschieben")).to_be_visible()
    drawer(sandra).get_by_text("10:00", exact=True).click()
    sandra.button("Verschieben").click()
    expect(drawer(sandra)).to_be_hidden()
    expect(sandra.page.locator("button.booking[aria-label^='10:00']").first).to_be_visible()
    booking(sandra, "Cäcilia Thaler").click()
    sandra.button("Absagen").click()
    sandra.write(sandra.field("Warum? (steht in der Mail)"), "Bühne kaputt")
    sandra.button("Absagen").click()
    expect(drawer(sandra)).to_be_hidden()
    expect(booking(sandra, "Cäcilia Thaler")).to_have_count(0)
    expect(sandra.page.locator("button.row", has_text="Cäcilia Thaler")).to_be_visible()
    assert not sandra.errors


def test_who_did_not_come_is_marked_and_the_mark_taken_back(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={(today() - timedelta(days=1)).isoformat()}")
    sandra.button("Termin eintragen").click()
    fill(sandra, "Dora Prantl")
    drawer(sandra).get_by_text("Trotzdem eintragen").click()
    save(sandra)
    booking(sandra, "Dora Prantl").click()
    sandra.button("Kam nicht").click()
    expect(drawer(sandra)).to_be_hidden()
    expect(sandra.page.locator("button.booking.style-noshow", has_text="Kam nicht").first).to_be_visible()
    booking(sandra, "Dora Prantl").click()
    sandra.button("Rückgängig").click()
    expect(sandra.page.locator("button.booking.style-noshow")).to_have_count(0)
    assert not sandra.errors


def test_all_of_it_goes_by_keyboard(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={monday(4)}")
    keys = sandra.page.keyboard
    gap(sandra, "Amir").focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    time = sandra.page.locator(".pick").inner_text().split("\n")[-1].strip()
    keys.press("Enter")
    expect(drawer(sandra).get_by_role("button", name=f"{time} eintragen")).to_be_visible()
    sandra.field("Wer?").focus()
    keys.insert_text("Emma Kuen")
    keys.press("Tab")
    keys.press("Space")
    sandra.field("Wie erreichen wir sie?").focus()
    keys.insert_text("0664 555 01 98")
    keys.press("Tab")
    drawer(sandra).get_by_role("button", name=f"{time} eintragen").focus()
    keys.press("Enter")
    expect(drawer(sandra)).to_be_hidden()
    booking(sandra, "Emma Kuen").focus()
    keys.press("Enter")
    expect(drawer(sandra).get_by_text("Fest eingetragen")).to_be_visible()
    keys.press("Escape")
    expect(drawer(sandra)).to_be_hidden()


def test_the_focus_stays_while_the_board_renews_itself(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={monday(5)}")
    gap(sandra, "Lukas").focus()
    other = come(demo, "Sandra Kofler")
    other.open(f"/kalender?tag={monday(5)}")
    gap(other, "Amir").click(position={"x": 40, "y": 10})
    fill(other, "Flora Gstrein")
    save(other)
    expect(booking(sandra, "Flora Gstrein")).to_be_visible(timeout=25_000)
    assert gap(sandra, "Lukas").evaluate("node => node.getRootNode().activeElement === node")


def test_on_a_phone_the_heads_are_tabs(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler", viewport={"width": PHONE[0], "height": PHONE[1]})
    sandra.open(f"/kalender?tag={monday(6)}")
    expect(gap(sandra, "Amir")).to_be_visible()
    expect(gap(sandra, "Lukas")).to_be_hidden()
    sandra.page.locator("button.tab", has_text="Lukas").click()
    expect(gap(sandra, "Lukas")).to_be_visible()
    expect(gap(sandra, "Amir")).to_be_hidden()


def test_a_name_that_is_typed_offers_who_is_known(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={monday(7)}")
    gap(sandra, "Amir").click(position={"x": 40, "y": 10})
    sandra.field("Wer?").click()
    sandra.page.keyboard.type("maria ho", delay=40)
    drawer(sandra).locator("button.row", has_text="Maria Hofer").click()
    expect(sandra.field("Wer?")).to_have_value("Maria Hofer")
    expect(sandra.field("Wie erreichen wir sie?")).to_have_value("maria.hofer@example.org")
    sandra.button("Verwerfen").click()
    expect(drawer(sandra)).to_be_hidden()


def test_the_way_from_an_inquiry_to_its_booking_and_back(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/anfragen")
    sandra.page.locator("button.row", has_text="Jelena").click()
    sandra.page.wait_for_url("**/gespraech*")
    sandra.button("Termin eintragen").click()
    sandra.page.wait_for_url("**/kalender*")
    sandra.sees("Termin für Jelena")
    sandra.button("Weiter").click()
    sandra.button("Woche").or_(sandra.page.get_by_role("radio", name="Woche")).first.click()
    sandra.page.locator("button.row", has_text="Mittwoch").click()
    gap(sandra, "Amir").click(position={"x": 40, "y": 10})
    expect(sandra.field("Wie erreichen wir sie?")).to_have_value("jelena.petrovic@example.org")
    if (despite := drawer(sandra).get_by_text("Trotzdem eintragen")).count():
        despite.click()
    drawer(sandra).get_by_role("button", name="eintragen").last.click()
    sandra.page.wait_for_url("**/gespraech*")
    sandra.sees("Kundenkarte")


@pytest.mark.parametrize("view", ["", "&ansicht=woche"])
def test_the_calendar_holds_at_every_size(demo: Theke, come: Come, view: str) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open(f"/kalender?tag={today().isoformat()}{view}")
    sandra.page.locator(".board .col, button.row").first.wait_for(state="attached")
    hold(sandra, "termine-woche" if view else "termine")


def test_the_drawers_hold_at_every_size(demo: Theke, come: Come) -> None:
    sandra = at_counter(come, demo, f"/kalender?tag={today().isoformat()}")
    sandra.button("Termin eintragen").click()
    sandra.sees("Wie erreichen wir sie?")
    hold(sandra, "termin-eintragen")
    sandra.button("Verwerfen").click()
    sandra.button("Zeit sperren").click()
    sandra.sees("Was schon eingetragen ist")
    hold(sandra, "zeit-sperren")
