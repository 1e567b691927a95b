"""What a new shop has on offer, to begin with: the usual work of its trade, without prices, which only it knows.

Names and papers are those of the country: the same look at a car is «Pickerl» in Austria, «HU» in Germany and «MFK» in
Switzerland. Outside Austria other people decide about it, so there a garage offers the look beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.template_texts import spell

THINGS: dict[str, tuple[str, ...]] = {
    "kfz": ("Bühne 1", "Bühne 2"),
    "mode": ("Anprobe",),
    "salon": ("Stuhl 1", "Stuhl 2"),
}
# Whom a booking needs where only the owner is in the team.
NOBODY: dict[str, str] = {"kfz": "Werkstatt", "mode": "Verkauf", "salon": "Salon"}
_PAPER = {"AT": "Zulassungsschein", "DE": "Fahrzeugschein", "CH": "Fahrzeugausweis"}
_INSPECTION = {
    "AT": ("Pickerl (§ 57a)", "Wir prüfen und kleben das Pickerl, wenn alles in Ordnung ist."),
    "DE": ("Durchsicht vor der HU", "Wir sehen nach, ob Ihr Auto die Hauptuntersuchung besteht."),
    "CH": ("Durchsicht vor der MFK", "Wir machen Ihr Auto bereit zum Vorführen."),
}

_INSPECTED_EVERY = {"AT": 12, "DE": 24, "CH": 24}  # months, of a car that is no longer new


@dataclass(frozen=True)
class OfferingText:
    """One offering as it comes with Theke; it needs a person, and a thing of the shop where `thing` is set."""

    name: str
    duration: int  # minutes
    description: str = ""
    bring: str = ""
    question: str = ""
    choices: str = ""
    thing: bool = True
    step: int = 30
    buffer_after: int = 0
    repeat_months: int = 0  # after which the work is due again


_GARAGE = (
    OfferingText(
        "Reifenwechsel",
        30,
        bring="Ihre Räder, falls sie nicht bei uns lagern",
        question="Wo sind Ihre Räder?",
        choices="Ich bringe sie mit\nSie lagern bei Ihnen\nIch brauche neue Reifen",
    ),
    OfferingText("{inspection}", 60, "{inspected}", bring="{paper}"),
    OfferingText("Ölwechsel mit Filter", 45, "Bis 5 Liter Öl", bring="Serviceheft", step=15),
    OfferingText("Klimaservice", 60, "Wir prüfen auf Dichtheit und füllen Kältemittel nach", thing=False),
    OfferingText("Jahresservice", 120, "Durchsicht nach Serviceplan", bring="Serviceheft", repeat_months=12),
    OfferingText(
        "Geräusch oder Warnlampe",
        30,
        "Wir suchen die Ursache und sagen Ihnen vorher, was die Reparatur kostet",
        question="Was hören oder sehen Sie?",
    ),
)
_FASHION = (
    OfferingText("Beratung", 45, "Wir nehmen uns Zeit für Sie und legen vorab etwas bereit", thing=False),
    OfferingText("Änderung abstecken", 30, bring="Das Stück und die Schuhe, die Sie dazu tragen", step=15),
)
_SALON = (
    OfferingText("Schneiden, kurzes Haar", 30, "Waschen, schneiden, föhnen"),
    OfferingText("Schneiden, langes Haar", 60, "Waschen, schneiden, föhnen"),
    OfferingText("Ansatz färben", 90, "Färben, waschen, föhnen"),
    OfferingText("Farbe und Schnitt", 120, "Färben, waschen, schneiden, föhnen"),
    OfferingText(
        "Beratung Farbe", 15, "Wir sehen uns Ihr Haar an und sagen Ihnen, was es kostet", thing=False, step=15
    ),
)
_TEXTS = {"kfz": _GARAGE, "mode": _FASHION, "salon": _SALON}


def starting_offerings(country: str, trade: str) -> list[OfferingText]:
    """What a shop of this trade begins with, in its country's words and spelling."""
    name, inspected = _INSPECTION[country]
    words = {"{inspection}": name, "{inspected}": inspected, "{paper}": _PAPER[country]}

    def said(text: str) -> str:
        return spell(words.get(text, text), country)

    return [
        replace(
            each,
            name=said(each.name),
            description=said(each.description),
            bring=said(each.bring),
            repeat_months=_INSPECTED_EVERY[country] if each.name == "{inspection}" else each.repeat_months,
        )
        for each in _TEXTS[trade]
    ]
