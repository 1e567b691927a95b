"""Kunden at every size: a tap on a row shows the card, where there is room for both or in the list's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Come
from tests.browser.test_screens import hold
from tests.browser.theke import Theke, Visitor

pytestmark = pytest.mark.browser
PHONE, TABLET, COUNTER = (390, 844), (768, 1024), (1024, 768)
LAST = "Thomas Brandstätter"  # the last of the list, far below what one sees at first
OVERLAP = """(rows) => rows.filter((row) => {
  row.querySelector(".title").textContent = "Donaudampfschifffahrtsgesellschaft".repeat(3);
  const owner = row.querySelector(".owner").getBoundingClientRect();
  return [...row.querySelectorAll(".title, .fact")].some((node) => {
    const box = node.getBoundingClientRect();
    return box.right > owner.left + 1 && box.top < owner.bottom && owner.top < box.bottom;
  });
}).length"""


def sized(visitor: Visitor, size: tuple[int, int]) -> Visitor:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.open("/kunden")
    return visitor


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator("button.row", has_text=name)


def card(visitor: Visitor) -> Locator:
    return visitor.page.locator(".st-key-karte-kunde").get_by_role("heading", name=LAST)


def way_back(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("button", name="Zur Liste")


@pytest.mark.parametrize("size", [PHONE, TABLET])
def test_without_room_for_both_the_card_takes_the_place_of_the_list(
    demo: Theke, come: Come, size: tuple[int, int]
) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), size)
    row(sandra, LAST).click()
    expect(card(sandra)).to_be_in_viewport()
    expect(way_back(sandra)).to_be_in_viewport()
    expect(row(sandra, "Elisabeth Gruber")).to_be_hidden()
    way_back(sandra).click()
    expect(row(sandra, "Elisabeth Gruber")).to_be_visible()
    expect(card(sandra)).to_be_hidden()


def test_the_browsers_way_back_leads_to_the_list_too(demo: Theke, come: Come) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), PHONE)
    row(sandra, LAST).focus()
    sandra.page.keyboard.press("Enter")
    expect(card(sandra)).to_be_in_viewport()
    sandra.page.go_back()
    expect(row(sandra, "Elisabeth Gruber")).to_be_visible()
    expect(card(sandra)).to_be_hidden()


def test_beside_a_long_list_the_card_is_in_sight(demo: Theke, come: Come) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), COUNTER)
    row(sandra, LAST).click()
    expect(card(sandra)).to_be_in_viewport()
    expect(row(sandra, LAST)).to_be_in_viewport()
    expect(way_back(sandra)).to_be_hidden()


def test_namesakes_are_told_apart_by_how_to_reach_them(demo: Theke, come: Come) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), COUNTER)
    expect(row(sandra, LAST)).to_contain_text("0664 5550127")
    expect(row(sandra, "Elisabeth Gruber")).to_contain_text("e.gruber@example.org")


@pytest.mark.parametrize("size", [PHONE, COUNTER])
def test_a_long_name_without_blanks_stays_clear_of_the_owner(demo: Theke, come: Come, size: tuple[int, int]) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), size)
    sandra.open("/anfragen")
    rows = sandra.page.locator("button.row:has(.owner)")
    expect(rows.first).to_be_visible()
    assert rows.evaluate_all(OVERLAP) == 0
    assert not sandra.page.evaluate("document.scrollingElement.scrollWidth > innerWidth")


@pytest.mark.timeout(180)
def test_the_drawer_of_a_card_holds_at_every_size(demo: Theke, come: Come) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), COUNTER)
    row(sandra, LAST).click()
    sandra.button("Bearbeiten").click()
    sandra.page.get_by_text("0664 5550127 entfernen").click()
    sandra.sees("Ohne eine neue Adresse")
    hold(sandra, "kundenkarte")


def test_the_list_follows_what_is_typed(demo: Theke, come: Come) -> None:
    sandra = sized(come(demo, "Sandra Kofler"), TABLET)
    sandra.page.get_by_label("Suchen").click()
    sandra.page.keyboard.type("thomas brandstae")  # no Enter, no tap beside it
    expect(sandra.page.locator("button.row")).to_have_count(1)
    expect(row(sandra, LAST)).to_be_visible()
    for typed in ("0664/555 01", "+43664 5550127", "0127"):
        sandra.page.get_by_label("Suchen").fill(typed)
        expect(row(sandra, "Elisabeth Gruber")).to_be_hidden()
        expect(row(sandra, LAST)).to_be_visible()
    row(sandra, LAST).click()
    expect(sandra.page.get_by_role("heading", name="Verlauf")).to_be_visible()
