"""Lists under a finger: the taps in a row of a promised call, and that nothing new or told covers what one taps.

«At once» is without another tap: what a part of a page that refreshes itself does, tells nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Come
from tests.browser.theke import Theke, Visitor, running

pytestmark = pytest.mark.browser
SIZES = ((1024, 768), (768, 1024), (390, 844))


@pytest.fixture(scope="module")
def busy(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    """A demo garage of its own, for the taps change it."""
    with running(tmp_path_factory.mktemp("busy") / "data", demo=True) as theke:
        yield theke


def act(visitor: Visitor, word: str, name: str) -> Locator:
    return visitor.page.get_by_role("button", name=f"{word}, {name}", exact=True)


def toast(visitor: Visitor, words: str) -> Locator:
    return visitor.page.locator("[data-testid=stToast]", has_text=words)


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator("button.row", has_text=name)


def box(what: Locator) -> dict[str, float]:
    found: Any = what.bounding_box()
    assert found is not None
    return dict(found)


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes share no spot."""
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def note(visitor: Visitor, name: str) -> None:
    """Take down an inquiry and save it."""
    visitor.button("Notieren").click()
    visitor.field("Wer?").fill(name)
    visitor.field("Was braucht die Person?").fill("Bremse quietscht")
    visitor.button("Anfrage speichern").click()


def test_who_was_not_reached_is_told_at_once_and_keeps_the_keyboard(busy: Theke, come: Come) -> None:
    sandra = come(busy, "Sandra Kofler")
    sandra.open("/heute")
    missed = act(sandra, "Niemand da", "Hr. Novak")
    missed.focus()
    sandra.page.keyboard.press("Enter")
    expect(toast(sandra, "Nächster Versuch")).to_be_visible()
    sandra.sees("1-mal versucht")
    expect(missed).to_be_focused()
    assert not sandra.errors


def test_who_was_reached_is_told_at_once_and_the_row_says_so(busy: Theke, come: Come) -> None:
    sandra = come(busy, "Sandra Kofler", has_touch=True)
    sandra.open("/heute")
    act(sandra, "Erreicht", "Hr. Novak").tap()
    expect(toast(sandra, "Rückruf erledigt")).to_be_visible()
    done = sandra.page.locator("button.row.over", has_text="Hr. Novak")
    expect(done.locator(".status")).to_contain_text("Erreicht")
    assert done.locator(".text").evaluate("node => getComputedStyle(node).textDecorationLine") == "none"
    expect(act(sandra, "Erreicht", "Hr. Novak")).to_have_count(0)
    done.tap()
    sandra.page.wait_for_url("**/gespraech*")
    assert not sandra.errors


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_number_and_both_outcomes_are_a_finger_high(busy: Theke, come: Come, width: int, height: int) -> None:
    sandra = come(busy, "Sandra Kofler", viewport={"width": width, "height": height})
    sandra.open("/heute")
    call = sandra.page.locator("a.call", has_text="0664 5550127")
    assert call.get_attribute("href") == "tel:+436645550127"
    parts = [box(part) for part in call.locator("xpath=..").locator(".act").filter(visible=True).all()]
    assert len(parts) == 5  # the number, three outcomes, «…»
    assert all(part["height"] >= 44 for part in parts)
    assert all(part["x"] >= 0 and part["x"] + part["width"] <= width for part in parts)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_one_noted_is_there_and_its_toast_leaves_the_buttons_free(
    busy: Theke, come: Come, width: int, height: int
) -> None:
    sandra = come(busy, "Sandra Kofler", viewport={"width": width, "height": height})
    sandra.open("/anfragen")
    note(sandra, f"Fabio {width}")
    said = toast(sandra, "Die Uhr läuft")
    expect(said).to_be_visible()
    expect(row(sandra, f"Fabio {width}")).to_have_count(1)
    sandra.page.wait_for_timeout(600)  # it comes in from the side
    for name in ("Notieren", "Schreiben"):
        assert apart(box(said), box(sandra.button(name)))


def test_what_came_meanwhile_covers_nothing_and_moves_no_row(busy: Theke, come: Come) -> None:
    at_all_sizes = [come(busy, "Sandra Kofler", viewport={"width": wide, "height": high}) for wide, high in SIZES]
    for sandra in at_all_sizes:
        sandra.open("/anfragen")
    places = [box(row(sandra, "Maria Hofer")) for sandra in at_all_sizes]
    amir = come(busy, "Amir Haddad")
    amir.open("/kunden")
    note(amir, "Erika Winkler")
    for sandra, place in zip(at_all_sizes, places, strict=True):
        pill = sandra.page.locator(".st-key-new-waiting button")
        expect(pill).to_be_visible(timeout=30_000)
        assert box(row(sandra, "Maria Hofer")) == place
        assert apart(box(pill), place)
        assert apart(box(pill), box(sandra.page.locator(".st-key-hz-waiting p").first))
        pill.click()
        expect(row(sandra, "Erika Winkler")).to_have_count(1)
