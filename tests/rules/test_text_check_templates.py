"""The shipped templates are our own example of a good reply: filled in, not one remark."""

from __future__ import annotations

from datetime import date

import pytest

from services.rules.placeholders import fill, unfilled
from services.rules.text_check import check_reply
from services.template_texts import starting_templates

TODAY = date(2026, 11, 22)
VALUES = {
    "mitarbeiter": "Anna Muster",
    "telefon": "0316 00 12 34",
    "heute": "Sonntag, 22. November 2026",
    "oeffnung_heute": "8:00–12:00 und 13:00–18:00 Uhr",
    "preis": "149,00",
    "dauer": "eine Stunde",
    "umfang": "Öl, Ölfilter und Endkontrolle",
    "leistung": "den kleinen Service",
    "was nicht enthalten ist": "neue Wischerblätter",
    "verbindlich oder unverbindlich": "verbindlich",
    "anlass": "die schnelle Hilfe",
    "weitergegeben an": "Amir Hodžić",
    "grund": "An Oldtimern arbeiten wir nicht.",
    "stand": "Die Bremsen sind neu, es fehlt die Probefahrt.",
    "empfehlung mit telefonnummer": "Garage Beispiel, 0316 00 99 88",
    "nummer des kunden": "0664 00 11 22",
    "bar, mit karte oder auf rechnung": "bar oder mit Karte",
    "erster termin mit wochentag und uhrzeit": "Dienstag, 24.11.2026, 10:00 Uhr",
    "zweiter termin mit wochentag und uhrzeit": "Mittwoch, 25. November, 14:30 Uhr",
}


@pytest.mark.parametrize("form", ["sie", "du"])
@pytest.mark.parametrize("trade", ["kfz", "mode", "salon"])
@pytest.mark.parametrize("country", ["AT", "DE", "CH"])
def test_a_template_filled_with_care_gets_no_remark(country: str, trade: str, form: str) -> None:
    greeted = "Guten Tag Frau Huber" if form == "sie" else "Hallo Maria"
    values = {**VALUES, "anrede": f"{greeted}," if country != "CH" else greeted, "steuer": "inkl. MwSt."}
    for template in starting_templates(country, trade):
        text = fill(template.body, values, form_of_address=form).text
        for place in unfilled(text):
            text = text.replace(place, "9:40" if place.startswith("{Uhrzeit") else "Freitag, 27. November, 16 Uhr")
        found = check_reply(
            text,
            country=country,
            form_of_address=form,
            surname="Huber",
            known="Maria Huber",
            today=TODAY,
            is_closed=lambda day: day.weekday() >= 5,
        )
        assert (template.code, found) == (template.code, [])
