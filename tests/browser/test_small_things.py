"""Small things that customers notice, each as its capability says it: asked twice, known by name, never sent away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Come
from tests.browser.test_ways import open_talk
from tests.browser.theke import Theke, Visitor
from tests.builders import letter

pytestmark = pytest.mark.browser
FREED = re.compile(r"Vorlagen sparten etwa (\d+) Min: ≈ (\d+) Nachfass-Anrufe möglich")


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator("button.row", has_text=name)


def pick(visitor: Visitor, label: str, option: str) -> None:
    """Choose from a list that opens, and closes again as long as the page scrolls to it."""
    visitor.page.get_by_role("combobox", name=re.compile(label)).focus()
    listed = visitor.page.get_by_role("option", name=option, exact=True)
    for _ in range(20):
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.wait_for_timeout(150)
        if listed.is_visible():
            break
    listed.evaluate("option => option.click()")  # a long list reaches below the screen


def drawer(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog")


def drop_mails(visitor: Visitor, folder: Path, *mails: tuple[str, str, int, str]) -> None:
    """Mails as files: (id, name of the sender, minutes ago, id of the one it goes on with)."""
    files = []
    for mail_id, name, age, first in mails:
        headers = {"Date": format_datetime(datetime.now(UTC) - timedelta(minutes=age))}
        headers |= {"In_Reply_To": f"<{first}@example.org>"} if first else {}
        sender = f"{name} <{name.split()[0].lower()}@example.org>"
        text = "Geht sich das diese Woche noch aus?"
        files.append(folder / f"{mail_id}.eml")
        files[-1].write_bytes(letter(text, sender=sender, message_id=f"<{mail_id}@example.org>", **headers))
    visitor.button("Notieren").click()
    visitor.page.get_by_text("Oder eine Mail als Datei").click()
    visitor.page.locator('input[type="file"]').set_input_files(files)
    visitor.button("Mail übernehmen").click()
    visitor.sees(f"{len(mails)} übernommen.")


def first_of(visitor: Visitor, *names: str) -> str:
    """Who of them stands higher in the list, as it is when one comes to it."""
    visitor.open("/anfragen")
    expect(row(visitor, names[-1])).to_be_visible()
    titles = visitor.page.locator("button.row .title").all_inner_texts()
    return min(names, key=titles.index)


def test_who_asks_again_is_marked_and_moves_up_and_has_waited_since_the_first_time(
    demo: Theke, come: Come, tmp_path: Path
) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/anfragen")
    drop_mails(sandra, tmp_path, ("kurz", "Agnes Kurz", 14, ""), ("lang", "Bruno Lang", 12, ""))
    assert first_of(sandra, "Agnes Kurz", "Bruno Lang") == "Agnes Kurz"  # has waited longer
    drop_mails(sandra, tmp_path, ("lang-2", "Bruno Lang", 2, "lang"))
    assert first_of(sandra, "Agnes Kurz", "Bruno Lang") == "Bruno Lang"
    again = row(sandra, "Bruno Lang")
    expect(again).to_contain_text("fragt zum 2. Mal")
    assert int(again.locator(".lead b").inner_text()) >= 12
    again.click()
    sandra.sees("Fragt zum 2. Mal")
    assert not sandra.errors


def test_beside_the_reply_stands_who_it_is_and_a_template_has_room_for_a_line_of_ones_own(
    demo: Theke, come: Come
) -> None:
    sandra = come(demo, "Sandra Kofler")
    open_talk(sandra, "Mayr-Oberhuber")
    card, text = sandra.page.locator(".st-key-karte-kunde"), sandra.page.locator("textarea.field")
    for words in ("per Sie", "Mag Termine nach der Ordination", "Termin, Klimaservice"):
        expect(card).to_contain_text(words, ignore_case=True)
    beside, written = card.bounding_box(), text.bounding_box()
    assert beside
    assert written
    assert beside["x"] >= written["x"] + written["width"]
    sandra.page.locator("button.chip").and_(sandra.button("Preisauskunft")).click()
    expect(text).to_have_value(re.compile("Gesamtpreis"))
    bare = text.input_value()
    sandra.button("Eigene Zeile").click()
    sandra.page.keyboard.type("Riecht es nur beim Einschalten, ist es harmlos.")
    filled = text.input_value()
    assert "\n\nRiecht es nur beim Einschalten, ist es harmlos.\n\nSollen wir das machen?" in filled
    assert filled.replace("Riecht es nur beim Einschalten, ist es harmlos.\n\n", "") == bare
    assert not sandra.errors


def test_days_after_a_job_somebody_calls_and_notes_what_came_of_it_or_why_not(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/leistungen")
    row(sandra, "Klimaservice").first.click()
    sandra.page.get_by_text("Danach: nachfragen, wiederkommen").click()
    pick(sandra, "Passt alles", "7 Tage danach")
    sandra.button("Leistung speichern").click()
    expect(drawer(sandra)).to_be_hidden()
    sandra.open("/anlaesse")
    asked = re.compile(r"Klimaservice am .+ erledigt\. Passt alles\?")
    expect(row(sandra, "Mayr-Oberhuber")).to_contain_text(asked)
    expect(row(sandra, "Gerhard Singer")).to_be_hidden()  # his was done only the other day
    sandra.page.get_by_role("button", name=re.compile("^Auslassen, .+Mayr-Oberhuber")).click()
    sandra.field("Notiz (wer mag)").fill("Hat schon selbst geschrieben.")
    drawer(sandra).get_by_role("button", name="Auslassen").click()
    sandra.sees("Ausgelassen.")
    done = row(sandra, "Verena Pichler")
    expect(done).to_contain_text(re.compile(r"Jahresservice am .+ erledigt\. Passt alles\?"))
    sandra.button("Erledigt, Verena Pichler").click()
    sandra.field("Notiz (wer mag)").fill("Läuft rund, sie ist zufrieden.")
    drawer(sandra).get_by_role("button", name="Erledigt").click()
    sandra.sees("Erledigt und im Gespräch vermerkt.")
    done.click()
    sandra.sees("Läuft rund, sie ist zufrieden.")
    assert not sandra.errors


def test_minutes_that_templates_saved_are_shown_as_calls_to_people(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/einstellungen?teil=auswertung")
    pick(sandra, "Minuten, die eine Vorlage spart", "10 Min")
    sandra.button("Annahmen speichern").click()
    sandra.sees("Gespeichert.")
    for address in ("/heute", "/rueckblick"):
        sandra.open(address)
        link = sandra.page.get_by_role("link", name=FREED)
        expect(link).to_be_visible()
        minutes, calls = map(int, FREED.search(link.inner_text()).groups())  # type: ignore[union-attr]
        assert calls == minutes // 10 >= 2
    assert not sandra.errors


def test_what_people_ask_for_and_do_not_get_is_ranked_with_the_sales_it_would_have_made(
    demo: Theke, come: Come
) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/wuensche")
    sandra.button("Wunsch").click()
    sandra.field("Was wird gesucht?").fill("Dachbox, 400 Liter")
    sandra.field("Wer?").fill("Agnes Wall")
    sandra.field("Wie erreichen wir sie?").fill("agnes.wall@example.org")
    sandra.page.get_by_text("Preis, Liefertermin, Bestätigung").click()
    sandra.field("Was würde es kosten?").fill("411")
    sandra.button("Wunsch speichern").click()
    sandra.sees("Wir melden uns, sobald es da ist")
    sandra.open("/wuensche")
    wanted = sandra.page.get_by_role("list", name="Am meisten vermisst").get_by_role("listitem")
    box = wanted.filter(has_text="Dachbox")
    expect(box).to_contain_text("2 ×")
    expect(box).to_contain_text("ca. € 800")  # 389 once and 411 once
    counts = [int(words.split()[0]) for words in wanted.locator(".lead").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert not sandra.errors


def test_who_asked_whether_it_is_there_never_goes_with_nothing(demo: Theke, come: Come) -> None:
    sandra = come(demo, "Sandra Kofler")
    sandra.open("/anfragen")
    sandra.button("Notieren").click()
    sandra.field("Wer?").fill("Clara Wall")
    sandra.field("Was braucht die Person?").fill("Gibt es die Felgen in 15 Zoll?")
    sandra.button("Anfrage speichern").click()
    row(sandra, "Clara Wall").click()
    sandra.page.wait_for_url("**/gespraech*")
    sandra.settle()
    pick(sandra, "Worum ging es", "Ist es auf Lager?")
    sandra.sees("War es nicht da?")
    sandra.button("Schließen").click()
    sandra.page.get_by_text("anders erledigt", exact=True).last.click()
    asked = drawer(sandra)
    close = asked.get_by_role("button", name="Schließen", exact=True)
    expect(close).to_be_disabled()
    steps = ("Andere Größe, anderer Artikel", "Bestellt", "Wunsch notiert", "Anderes Geschäft genannt", "Rückruf")
    for step in steps:
        expect(asked.get_by_role("radio", name=step).or_(asked.get_by_role("button", name=step))).to_be_visible()
    asked.get_by_text("Anderes Geschäft genannt").click()
    close.click()
    sandra.sees("Geschlossen.")
    expect(sandra.page.get_by_role("combobox", name=re.compile("Was haben wir angeboten"))).to_be_visible()
    assert not sandra.errors
