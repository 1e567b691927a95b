"""The queue of promised calls under a finger: a call in vain, the next try, and the letter about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Come
from tests.browser.theke import Theke, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def garage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    """A demo garage of its own, for the taps change it."""
    with running(tmp_path_factory.mktemp("calls") / "data", demo=True) as theke:
        yield theke


def test_after_a_call_in_vain_the_letter_is_two_taps_away(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", viewport={"width": 390, "height": 844}, has_touch=True)
    sandra.open("/rueckrufe")
    row = sandra.page.locator("[role=listitem]", has_text="Maria Hofer")
    assert row.locator("a.call").get_attribute("href") == "tel:+436765553108"
    expect(row.locator(".status")).to_contain_text("Überfällig")
    more = sandra.page.get_by_role("button", name="Mehr, Maria Hofer", exact=True)
    move = sandra.page.get_by_role("button", name="Verschieben, Maria Hofer", exact=True)
    expect(move).to_be_hidden()
    more.tap()
    move.tap()
    expect(sandra.page.get_by_role("dialog")).to_contain_text("Maria Hofer")
    expect(move).to_be_hidden()
    sandra.page.keyboard.press("Escape")
    expect(sandra.page.get_by_role("dialog")).to_be_hidden()
    sandra.page.get_by_role("button", name="Niemand da, Maria Hofer", exact=True).tap()
    expect(sandra.page.locator("[data-testid=stToast]")).to_contain_text("Nächster Versuch")
    expect(row).to_contain_text("3-mal versucht, zuletzt")
    sandra.page.get_by_role("button", name="Nachricht schreiben, Maria Hofer", exact=True).tap()
    sandra.page.wait_for_url("**/gespraech*")
    box = sandra.page.locator(".reply textarea").first
    expect(box).to_have_value(re.compile(r"heute um \d+:\d\d Uhr versucht"))
    assert "{" not in box.input_value()
    assert not sandra.errors
