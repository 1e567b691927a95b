"""The reply box under a finger: holes, templates, a reply taken back, and a line that never says more than is true."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, expect

from services.template_texts import starting_templates
from tests.browser.conftest import Come
from tests.browser.test_drafts import expect_reply, open_inquiry, type_reply
from tests.browser.theke import Theke, Visitor

pytestmark = pytest.mark.browser
MOST_TAPS = 3
HOLE = re.compile(r"\{[^{}\n]+\}")
FINGER: dict[str, Any] = {"has_touch": True, "is_mobile": True}
PHONE = {"width": 390, "height": 844}
KEYBOARD_OPEN = 400  # so high is the page above the on-screen keyboard
NOT_SAVED = "Noch nicht gespeichert"
# A tablet opens its keyboard for a field that is given the cursor inside a tap, and for no other.
TABLET_KEYBOARD = """(() => {
  let tapping = false;
  addEventListener("click", () => (tapping = true), true);
  addEventListener("click", () => (tapping = false));
  const { focus, blur } = HTMLElement.prototype;
  HTMLElement.prototype.focus = function (how) {
    if (tapping && this.matches("textarea")) globalThis.keyboard = true;
    focus.call(this, how);
  };
  HTMLElement.prototype.blur = function () {
    globalThis.keyboard = false;
    blur.call(this);
  };
})()"""
# Where words of the field stand on the screen: a field does not tell, a copy of it does.
PLACE = """(field, words) => {
  const copy = document.createElement("div"), mark = document.createElement("span"), style = getComputedStyle(field);
  for (const name of ["font", "padding", "border", "boxSizing"]) copy.style[name] = style[name];
  Object.assign(copy.style, { position: "fixed", whiteSpace: "pre-wrap", overflowWrap: "break-word" });
  const { left, top, width } = field.getBoundingClientRect();
  Object.assign(copy.style, { left: left + "px", top: top + "px", width: width + "px" });
  mark.textContent = words;
  copy.append(field.value.slice(0, field.value.indexOf(words)), mark);
  document.body.append(copy);
  const [line] = mark.getClientRects();
  copy.remove();
  return [line.x + line.width / 2, line.y + line.height / 2];
}"""
SELECTED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"


def field(visitor: Visitor) -> Locator:
    return visitor.page.locator("textarea.field")


def by_finger(visitor: Visitor, what: Locator) -> None:
    what.tap()
    visitor.taps += 1


def tap_words(visitor: Visitor, words: str) -> None:
    """A finger on these words of the reply."""
    field(visitor).scroll_into_view_if_needed()
    visitor.page.touchscreen.tap(*field(visitor).evaluate(PLACE, words))


def choose_template(visitor: Visitor, name: str) -> str:
    """By finger; the first hole of the text it brought."""
    chip = visitor.page.locator("button.chip").and_(visitor.button(name))  # a step may bear the same name
    if not chip.is_visible():
        by_finger(visitor, visitor.page.locator("button.chip.fold"))
    by_finger(visitor, chip)
    expect(field(visitor)).to_have_value(re.compile("Guten Tag"))
    first = HOLE.search(field(visitor).input_value())
    return first[0] if first else ""


def expect_selected(visitor: Visitor, words: str) -> None:
    for _ in range(50):
        if field(visitor).evaluate(SELECTED) == words:
            return
        visitor.page.wait_for_timeout(100)
    assert field(visitor).evaluate(SELECTED) == words


def expect_above_keyboard(visitor: Visitor, words: str) -> None:
    _x, y = field(visitor).evaluate(PLACE, words)
    assert 0 < y < KEYBOARD_OPEN, f"{words} stands at {y}"


def expect_saved(visitor: Visitor) -> None:
    expect(visitor.page.locator(".status")).to_have_text(re.compile(r"^Gespeichert \d"))


# Every third of them; all with THEKE_TEMPLATES=all.
@pytest.mark.parametrize(
    ("number", "name"),
    [*zip([*range(11, 19), 32, 33], [text.name for text in starting_templates("AT", "kfz")], strict=True)][
        :: 1 if os.environ.get("THEKE_TEMPLATES") == "all" else 3
    ],
)
def test_every_template_goes_out_by_finger_in_three_taps(garage: Theke, come: Come, number: int, name: str) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER)
    sandra.page.add_init_script(TABLET_KEYBOARD)
    open_inquiry(sandra, number)
    hole, holes = choose_template(sandra, name), 0
    sandra.page.set_viewport_size({"width": 1024, "height": KEYBOARD_OPEN})
    while hole:
        expect_selected(sandra, hole)
        expect_above_keyboard(sandra, hole)
        assert sandra.page.evaluate("globalThis.keyboard"), "typing would need one more tap"
        sandra.page.keyboard.type("Freitag")
        sandra.page.keyboard.press("Enter")
        left = HOLE.search(field(sandra).input_value())
        hole, holes = left[0] if left else "", holes + 1
    expect(sandra.button("Antwort senden")).to_be_in_viewport()
    by_finger(sandra, sandra.button("Antwort senden"))
    sandra.sees("geht in")
    print(f"\n{name}: {holes} holes, {sandra.taps} taps")
    assert sandra.taps <= MOST_TAPS
    assert sandra.errors == []


def test_a_finger_on_a_hole_selects_it_and_typing_replaces_it(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER)
    open_inquiry(sandra, 19)
    choose_template(sandra, "Terminvorschlag")
    expect_selected(sandra, "{erster Termin mit Wochentag und Uhrzeit}")
    tap_words(sandra, "{preis}")
    expect_selected(sandra, "{preis}")
    sandra.page.keyboard.type("€ 89,00")
    tap_words(sandra, "{dauer}")
    sandra.page.keyboard.type("eine Stunde")
    by_finger(sandra, sandra.page.locator("button.hole", has_text="{bis wann}"))
    sandra.page.keyboard.type("Freitag")
    text = field(sandra).input_value()
    assert "Dauer: ungefähr eine Stunde\nGesamtpreis: € 89,00 inkl. USt." in text
    assert "Bis Freitag halten wir" in text


def test_enter_is_a_new_line_for_words_of_ones_own(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER)
    open_inquiry(sandra, 20)
    choose_template(sandra, "Rückruf zugesagt")
    expect_selected(sandra, "{Tag und Uhrzeit des Rückrufs}")
    tap_words(sandra, "Guten Tag")
    sandra.page.keyboard.press("End")
    sandra.page.keyboard.press("Enter")
    sandra.page.keyboard.type("alles Gute zum Geburtstag!")
    assert field(sandra).input_value().split("\n")[1] == "alles Gute zum Geburtstag!"


def test_on_a_phone_the_hole_stands_above_the_keyboard_and_the_box_inside_the_card(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER, viewport=PHONE)
    open_inquiry(sandra, 21)
    sandra.page.set_viewport_size({"width": 390, "height": KEYBOARD_OPEN})
    hole = choose_template(sandra, "Preisauskunft")
    while hole:
        expect_selected(sandra, hole)
        expect_above_keyboard(sandra, hole)
        sandra.page.keyboard.type("…")
        sandra.page.keyboard.press("Enter")
        left = HOLE.search(field(sandra).input_value())
        hole = left[0] if left else ""
    expect(sandra.button("Antwort senden")).to_be_in_viewport()
    box = field(sandra).bounding_box()
    assert box
    assert 18 <= box["x"] <= box["x"] + box["width"] <= 372


def test_a_template_asks_before_it_replaces_what_was_typed(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 22)
    type_reply(sandra, "Das schaffen wir bis Freitag.")
    sandra.button("Terminvorschlag").click()
    sandra.sees("Die Vorlage ersetzt Ihren Text.")
    sandra.button("Behalten").click()
    expect_reply(sandra, "Das schaffen wir bis Freitag.")
    sandra.button("Terminvorschlag").click()
    sandra.button("Ersetzen").click()
    expect(field(sandra)).to_have_value(re.compile("zwischen zwei Terminen"))
    assert "schaffen" not in field(sandra).input_value()


def test_another_template_over_an_untouched_one_does_not_ask(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 23)
    sandra.button("Terminvorschlag").click()
    expect(field(sandra)).to_have_value(re.compile("zwischen zwei Terminen"))
    sandra.button("Preisauskunft").click()
    expect(field(sandra)).to_have_value(re.compile("Gesamtpreis für"))
    expect(sandra.page.get_by_text("Die Vorlage ersetzt")).to_be_hidden()


def test_a_reply_taken_back_while_typing_goes_on_keeps_both_once(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 24)
    type_reply(sandra, "Zu schnell getippt.")
    sandra.button("Antwort senden").click()
    sandra.sees("geht in")
    sandra.button("Antwort schreiben").click()
    sandra.page.keyboard.type("Noch ")
    sandra.button("Zurückholen").click()
    field(sandra).click()
    sandra.page.keyboard.press("End")
    sandra.page.keyboard.type("etwas ganz Wichtiges", delay=60)
    sandra.page.keyboard.press("ControlOrMeta+End")
    sandra.page.keyboard.type(" dazu.", delay=60)
    both = "Zu schnell getippt.\n\nNoch etwas ganz Wichtiges dazu."
    expect_reply(sandra, both)
    expect_saved(sandra)
    sandra.page.wait_for_timeout(2500)  # two savings and a look of the page later
    expect_reply(sandra, both)
    sandra.page.reload()
    expect_reply(sandra, both)


def test_what_is_typed_after_the_tap_on_send_stays_without_a_second_copy(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 30)
    type_reply(sandra, "Ihr Golf ist fertig.")
    expect_saved(sandra)
    sandra.button("Antwort senden").click()
    field(sandra).press("ControlOrMeta+End")
    sandra.page.keyboard.type(" Und noch etwas.")
    sandra.sees("geht in")
    expect_reply(sandra, "Und noch etwas.")
    expect_saved(sandra)
    sandra.page.reload()
    expect_reply(sandra, "Und noch etwas.")


def test_two_tabs_of_a_person_lose_neither_text(garage: Theke, come: Come) -> None:
    tresen, office = come(garage, "Sandra Kofler"), come(garage, "Sandra Kofler")
    open_inquiry(tresen, 25)
    open_inquiry(office, 25)
    type_reply(office, "Im Büro getippt.")
    expect_saved(office)
    type_reply(tresen, "Am Tresen getippt.")
    expect_reply(tresen, "Im Büro getippt.\n\nAm Tresen getippt.")
    tresen.page.keyboard.type(" Und weiter.")
    expect_reply(tresen, "Im Büro getippt.\n\nAm Tresen getippt. Und weiter.")
    tresen.page.wait_for_timeout(2500)
    office.page.reload()
    expect_reply(office, "Im Büro getippt.\n\nAm Tresen getippt. Und weiter.")


def test_without_a_network_the_line_says_so_and_leaving_is_asked_about(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 26)
    type_reply(sandra, "Vorher")
    expect_saved(sandra)
    sandra.context.set_offline(True)
    sandra.page.keyboard.type(", dann ohne Netz")
    sandra.sees(NOT_SAVED)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    sandra.page.on("dialog", stay)
    sandra.page.close(run_before_unload=True)
    sandra.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    sandra.context.set_offline(False)
    expect_saved(sandra)
    sandra.page.reload()
    expect_reply(sandra, "Vorher, dann ohne Netz")
    assert len(asked) == 1


def test_a_server_that_does_not_answer_is_not_called_saved(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 27)
    type_reply(sandra, "Vorher")
    expect_saved(sandra)
    sandra.page.route("**/intern/entwurf", lambda _route: None)
    sandra.page.keyboard.type(", dann Stille")
    sandra.sees(NOT_SAVED)


def test_a_hundred_thousand_letters_are_kept_and_too_many_are_told(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 28)
    long = ("Ein langer Absatz mit Wörtern und 🔧. " * 12 + "\n\n") * 220
    field(sandra).click()
    sandra.page.keyboard.insert_text(long[:100_000])
    expect_saved(sandra)
    sandra.page.keyboard.type("Ende")
    sandra.page.reload()
    expect_reply(sandra, long[:100_000] + "Ende")
    field(sandra).click()
    sandra.page.keyboard.insert_text(long[:90_000] + "x" * 20_000)
    sandra.sees("Dieser Text ist zu lang für eine Mail.")
    sandra.page.keyboard.press("ControlOrMeta+A")
    sandra.page.keyboard.type("Kurz.")
    expect_saved(sandra)


def test_signs_of_every_script_come_back_as_typed_and_html_stays_text(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 29)
    sandra.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sandra.page.evaluate(
        "navigator.clipboard.write([new ClipboardItem({'text/plain': new Blob(['fett'], {type: 'text/plain'}),"
        " 'text/html': new Blob(['<b onclick=x()>fett</b>'], {type: 'text/html'})})])"
    )
    field(sandra).click()
    sandra.page.keyboard.press("ControlOrMeta+V")
    expect_reply(sandra, "fett")
    odd = " 👩🏽\u200d🔧 שלום مرحبا \u202eRTL\u202c e\u0301 <script>alert(1)</script> &amp; $x$"
    sandra.page.keyboard.insert_text(odd)
    expect_saved(sandra)
    sandra.page.reload()
    expect_reply(sandra, "fett" + odd)
    assert sandra.errors == []


def test_the_subject_is_in_sight_and_goes_with_the_templates_words(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER)
    open_inquiry(sandra, 31)
    subject = sandra.page.locator("button.matter")
    expect(subject).to_have_text(re.compile(r"Betreff: Re: Anliegen 31 \[#\d+\]"))
    choose_template(sandra, "Fertig zur Abholung")
    expect(subject).to_have_text(re.compile("Betreff: Anliegen 31: fertig"))
    expect(sandra.page.locator("button.chip")).to_have_count(3)  # two and «Mehr»: the send stays in sight
    field(sandra).fill("Guten Tag Frau Hofer,\n\nleider ist das Teil noch nicht da.")
    expect(subject).to_have_text(re.compile("Betreff: Re: Anliegen 31"))
    assert sandra.errors == []


def test_a_refusal_stands_at_the_send_until_it_is_mended(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", **FINGER)
    open_inquiry(sandra, 25)
    field(sandra).fill("Guten Tag Frau Hofer,\n\nam {wann} ist er fertig.")
    by_finger(sandra, sandra.button("Antwort senden"))
    trouble = sandra.page.locator(".trouble")
    expect(trouble).to_be_in_viewport(ratio=1)
    expect(trouble).to_contain_text("{wann}")
    expect(sandra.button("Antwort senden")).to_be_in_viewport(ratio=1)
    field(sandra).fill("Guten Tag Frau Hofer,\n\nam Freitag ist er fertig.")
    expect(trouble).to_be_hidden()


def test_send_and_close_is_one_more_tap_and_leads_on(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler", viewport=PHONE, **FINGER)
    open_inquiry(sandra, 26)
    field(sandra).fill("Guten Tag Frau Hofer,\n\nIhr Golf ist fertig.")
    arrow = sandra.button("Anders senden")
    box = arrow.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    assert sandra.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    by_finger(sandra, arrow)
    by_finger(sandra, sandra.page.get_by_role("menuitem", name="Senden und schließen"))
    sandra.sees("Wird geschlossen, sobald die Antwort hinausgegangen ist")
    sandra.sees("Nächste Anfrage")
    assert sandra.errors == []
