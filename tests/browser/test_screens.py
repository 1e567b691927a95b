"""Every screen at three sizes, light and dark: nothing runs off sideways, controls are a finger wide, all is German."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PICTURES, Come
from tests.browser.theke import SETUP_CODE, Theke, Visitor, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
SIZES = ((1024, 768), (768, 1024), (390, 844))
ENGLISH = re.compile(
    r"\b(Running|Press (Enter|Ctrl)|Choose (an )?option|No results?|No options|Close|Page not found|Upload|"
    r"Drag and drop|Browse files|Limit \d|Show (more|less)|View all|Rerun|Deploy|Clear|Loading|"
    r"Connecting|Today|Select|Open|Error|Sign (in|out)|Settings|Skip to|Search|Submit|Cancel)\b"
)
# Streamlit's own words for screen readers, which no setting translates.
OWN_LABELS = {"Open", "Close", "Show password text", "Show password", "Select a date."}
Way = Callable[[Visitor], None]


def _go(address: str) -> Way:
    return lambda visitor: visitor.open(address)


def _converse(visitor: Visitor) -> None:
    visitor.open("/anfragen")
    visitor.page.locator("button.row", has_text="Maria Hofer").click()
    visitor.page.wait_for_url("**/gespraech*")
    visitor.sees("Kundenkarte")
    visitor.settle()


def _after(address: str, *names: str) -> Way:
    def way(visitor: Visitor) -> None:
        visitor.open(address)
        for name in names:
            visitor.page.get_by_role("button", name=name).first.click()
        visitor.settle()

    return way


def _preview(visitor: Visitor) -> None:
    _converse(visitor)
    visitor.write(visitor.page.locator("textarea.field"), "Guten Tag,\n\nam Dienstag.")
    visitor.button("Vorschau").click()
    visitor.sees("Betreff: ")


def _customer(visitor: Visitor) -> None:
    visitor.open("/kunden")
    visitor.page.locator("button.row", has_text="Maria Hofer").click()
    visitor.sees("Verlauf")
    visitor.settle()


def _open_first(address: str) -> Way:
    def way(visitor: Visitor) -> None:
        visitor.open(address)
        visitor.page.locator("summary", has_not_text="Was die Klammern bedeuten").first.click()
        visitor.button("Speichern").first.wait_for()
        visitor.settle()

    return way


def _brackets(visitor: Visitor) -> None:
    visitor.open("/vorlagen")
    visitor.page.locator("summary", has_text="Was die Klammern bedeuten").click()
    visitor.sees("{oeffnung_heute}")
    visitor.settle()


def _template_preview(visitor: Visitor) -> None:
    _open_first("/vorlagen")(visitor)
    visitor.button("Vorschau").click()
    visitor.sees("So liest es Maria Huber")
    visitor.sees("Guten Tag Frau Huber,")
    visitor.settle()


def _leave(visitor: Visitor) -> None:
    _open_first("/team")(visitor)
    visitor.button("Aus dem Team nehmen").click()
    visitor.sees("kann sich dann nicht mehr anmelden")
    visitor.settle()


def _figure(visitor: Visitor) -> None:
    visitor.open("/auswertung")
    visitor.button("Details").first.click()
    visitor.sees("Nicht im Ziel")
    visitor.settle()


STAFF_SCREENS: dict[str, Way] = {
    "heute": _go("/heute"),
    "anfragen": _go("/anfragen"),
    "gespraech": _converse,
    "vorschau": _preview,
    "notieren": _after("/heute", "Notieren"),
    "schreiben": _after("/anfragen", "Schreiben"),
    "kunden": _go("/kunden"),
    "kunde": _customer,
    "auswertung": _go("/auswertung"),
    "auswertung-zahl": _figure,
    "team": _open_first("/team"),
    "team-frage": _leave,
    "vorlagen": _open_first("/vorlagen"),
    "vorlagen-klammern": _brackets,
    "vorlagen-vorschau": _template_preview,
    "einstellungen": _go("/einstellungen"),
    "einstellungen-zeiten": _go("/einstellungen?teil=zeiten"),
    "einstellungen-postfach": _go("/einstellungen?teil=postfach"),
    "einstellungen-daten": _go("/einstellungen?teil=daten"),
}


def looks(visitor: Visitor, name: str) -> Iterator[dict[str, Any]]:
    """What is measured at every size and in both schemes; pictures of each when THEKE_PICTURES=1."""
    for width, height in SIZES:
        visitor.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            visitor.page.wait_for_timeout(300 if scheme == "light" else 120)
            if os.environ.get("THEKE_PICTURES") == "1":
                visitor.page.screenshot(path=PICTURES / "screens" / f"{name}-{width}-{scheme}.png")
            yield {**visitor.page.evaluate(MEASURE), "text": visitor.text(), "at": f"{name} {width} {scheme}"}


def troubles(found: dict[str, Any]) -> Iterator[str]:
    at = found["at"]
    if found["sideways"] > 0:
        yield f"{at}: scrolls sideways by {found['sideways']} px: {found['wide']}"
    for control in found["small"]:
        yield f"{at}: {control['tag']} «{control['name']}» in {control['chrome']} is {control['size']}"
    for words in ENGLISH.finditer(found["text"]):
        yield f"{at}: English: {found['text'][max(0, words.start() - 20) : words.end() + 20]!r}"
    for label in found["labels"]:
        if ENGLISH.search(label) and label not in OWN_LABELS:
            yield f"{at}: English label: {label}"


def hold(visitor: Visitor, name: str) -> None:
    found = [trouble for look in looks(visitor, name) for trouble in troubles(look)]
    assert not found + visitor.errors, "\n".join(found + visitor.errors)


@pytest.mark.parametrize("name", STAFF_SCREENS)
def test_a_staff_screen_holds_at_every_size(demo: Theke, come: Come, name: str) -> None:
    sandra = come(demo, "Sandra Kofler")
    STAFF_SCREENS[name](sandra)
    hold(sandra, name)


def test_the_sign_in_holds_at_every_size(demo: Theke, come: Come) -> None:
    visitor = come(demo)
    visitor.open("/anmelden")
    hold(visitor, "anmelden")
    visitor.page.locator(".people a", has_text="Amir").click()
    hold(visitor, "pin")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Theke]:
    with running(tmp_path / "data") as theke:
        yield theke


def test_the_set_up_holds_at_every_size(empty: Theke, come: Come) -> None:
    owner = come(empty)
    owner.open("/einrichten")
    hold(owner, "einrichten-code")
    owner.open(f"/einrichten?code={SETUP_CODE}")
    hold(owner, "einrichten-betrieb")
    owner.page.fill("#name", "Kfz Muster")
    owner.page.fill("#telefon", "0512 555 870")
    owner.page.get_by_text("Werkstatt").click()
    owner.page.select_option("#region", "AT-7")
    owner.button("Weiter zu Öffnungszeiten").click()
    hold(owner, "einrichten-zeiten")
    owner.button("Weiter zum Team").click()
    hold(owner, "einrichten-team")
    owner.page.fill("#name0", "Sandra Kofler")
    owner.page.fill("#pin0", "271828")
    owner.button("Weiter zum Postfach").click()
    owner.page.locator("summary").click()
    hold(owner, "einrichten-postfach")


@pytest.mark.parametrize("size", SIZES)
def test_a_drawers_buttons_and_its_trouble_are_always_in_sight(demo: Theke, come: Come, size: tuple[int, int]) -> None:
    sandra = come(demo, "Sandra Kofler", viewport={"width": size[0], "height": size[1]})
    sandra.open("/heute")
    sandra.page.get_by_role("button", name="Notieren").first.click()
    save, drop = sandra.button("Anfrage speichern"), sandra.button("Verwerfen")
    for control in (save, drop):
        expect(control).to_be_in_viewport(ratio=1)
    save.click()
    trouble = sandra.page.locator("[role=dialog] .stAlert")
    for control in (trouble, save, drop):
        expect(control).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", SIZES)
def test_what_went_wrong_is_in_sight_of_the_button_far_below(demo: Theke, come: Come, size: tuple[int, int]) -> None:
    sandra = come(demo, "Sandra Kofler", viewport={"width": size[0], "height": size[1]})
    sandra.open("/einstellungen?teil=zeiten")
    sandra.field("Montag").fill("immer")
    save = sandra.button("Zeiten speichern")
    save.evaluate("button => button.scrollIntoView({block: 'end'})")  # at the very edge
    save.click()
    expect(sandra.page.locator(".stAlert")).to_be_in_viewport(ratio=1)


def test_a_phones_menu_can_be_closed(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler", viewport={"width": 390, "height": 844})
    sandra.open("/heute")
    sandra.page.get_by_test_id("stExpandSidebarButton").click()
    close = sandra.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    close.hover()
    expect(sandra.page.locator(".puls")).to_be_hidden()
    close.click()
    expect(sandra.page.locator(".puls")).to_be_visible()
