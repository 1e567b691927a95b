"""The templates a new shop starts with; from then on they are the shop's own and live in the store.

How they are written: the first sentence answers, prices are totals, one next step with a date, a way
to a person, room for one line of one's own. `{Sie/Du}` pairs are explained in `rules/placeholders.py`. The first word
after the greeting is a noun or a form of address, because only these have a capital letter in all three countries.
`$ware` is what the trade hands over; ß becomes ss for Swiss shops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_WARE = {
    "kfz": "{Ihr/Dein} Fahrzeug",
    "mode": "{Ihre/Deine} Bestellung",
    "salon": "{Ihre/Deine} Bestellung",
}
_CLOSING = """

Herzliche Grüße
{mitarbeiter}"""


@dataclass(frozen=True)
class TemplateText:
    """One template as it comes with Theke; `code` finds it again when more are shipped."""

    code: str
    name: str
    subject: str
    body: str


_TEXTS = (
    TemplateText(
        "V2",
        "Terminvorschlag",
        "{anliegen_kurz|Termin}: zwei Vorschläge, {heute}",
        """{anrede}

{Sie können/Du kannst} zwischen zwei Terminen wählen:

1. {erster Termin mit Wochentag und Uhrzeit}
2. {zweiter Termin mit Wochentag und Uhrzeit}

Dauer: ungefähr {dauer}
Gesamtpreis: {preis} {steuer}

{persoenliche_zeile|}

Ein kurzes Ja mit der Zahl genügt. Bis {bis wann} halten wir beide Zeiten für {Sie/Dich} frei. Passt keine davon? Dann \
{rufen Sie/ruf} mich gern an: {telefon}.""",
    ),
    TemplateText(
        "V6",
        "Preisauskunft",
        "{anliegen_kurz|Preisauskunft}: Preis, {heute}",
        """{anrede}

{Ihr/Dein} Gesamtpreis für {leistung}: {preis} {steuer}

Darin enthalten: {umfang}
Nicht enthalten: {was nicht enthalten ist}

Dieser Preis ist {verbindlich oder unverbindlich} und gilt bis {gültig bis}.

{persoenliche_zeile|}

Sollen wir das machen? {Geben Sie/Gib} mir bis {bis wann} kurz Bescheid, dann suche ich gleich einen Termin. \
Fragen beantworte ich gern am Telefon: {telefon}.""",
    ),
    TemplateText(
        "V8a",
        "Rückruf zugesagt",
        "{anliegen_kurz|Rückruf}: Ich rufe an, {heute}",
        """{anrede}

{Ihren/Deinen} Rückruf habe ich fest eingeplant: Ich melde mich bis {Tag und Uhrzeit des Rückrufs} unter \
{Nummer des Kunden}.

Es geht um: {anliegen_kurz|unser Gespräch}

{persoenliche_zeile|}

Ist eine andere Zeit besser? {Schreiben Sie/Schreib} mir einfach zurück, oder {rufen Sie/ruf} mich an: {telefon}.""",
    ),
    TemplateText(
        "V8b",
        "Nicht erreicht",
        "{anliegen_kurz|Rückruf}: mein Anruf, {heute}",
        """{anrede}

{Ihren/Deinen} Rückruf habe ich heute um {Uhrzeit des Versuchs} Uhr versucht und \
{Ergebnis des Versuchs|niemanden erreicht}.

Mein nächster Versuch: spätestens {Tag und Uhrzeit des Rückrufs}.

{persoenliche_zeile|}

Schneller geht es so: Meine Nummer ist {telefon}. Oder {Sie schreiben/Du schreibst} mir, wann es gut passt.""",
    ),
    TemplateText(
        "V9a",
        "Wunsch notiert",
        "{artikel|Wunsch}: notiert, {heute}",
        """{anrede}

{Ihren/Deinen} Wunsch habe ich heute notiert:

{artikel}
{groesse|}
{farbe|}

Voraussichtlich da: {voraussichtlich|steht noch nicht fest}

{Sie hören/Du hörst} von mir, sobald es da ist, spätestens am {spätestens}.

{persoenliche_zeile|}

Hat es sich erledigt? Eine kurze Nachricht bis dahin genügt, oder ein Anruf: {telefon}.""",
    ),
    TemplateText(
        "V9b",
        "Ware da",
        "{artikel|Wunsch}: ist da, {heute}",
        """{anrede}

{Ihr/Dein} Wunsch ist da und liegt bereit:

{artikel}
{groesse|}
{farbe|}
Preis: {preis|nenne ich gern am Telefon}

Bis {reserviert_bis} lege ich es für {Sie/Dich} zurück. {Kommen Sie/Komm} einfach bis dahin vorbei.

{persoenliche_zeile|}

Passt es nicht mehr? Eine kurze Nachricht genügt, oder ein Anruf: {telefon}.""",
    ),
    TemplateText(
        "V10a",
        "Stand der Dinge",
        "{anliegen_kurz|Anfrage}: Stand, {heute}",
        """{anrede}

{Ihr/Dein} Auftrag, Stand {heute}: {stand}

Fertig wird es voraussichtlich: {Tag und Uhrzeit}

{persoenliche_zeile|}

Ändert sich daran etwas, {hören Sie/hörst Du} vorher von mir. Fragen beantworte ich gern: {telefon}.""",
    ),
    TemplateText(
        "V10b",
        "Fertig zur Abholung",
        "{anliegen_kurz|Abholung}: fertig, {heute}",
        """{anrede}

$ware ist fertig und kann ab {ab wann} abgeholt werden.

Gesamtpreis: {preis} {steuer}
Bezahlen: {bar, mit Karte oder auf Rechnung}
Öffnungszeit heute: {oeffnung_heute}

{persoenliche_zeile|}

{Schaffen Sie/Schaffst Du} es bis {bis wann}? Wenn nicht, genügt eine kurze Nachricht oder ein Anruf: {telefon}.""",
    ),
    TemplateText(
        "V12a",
        "Danke",
        "{anliegen_kurz|Danke}: danke, {heute}",
        """{anrede}

{Ihr/Dein} Lob für {anlass} hat uns sehr gefreut.

Ich habe es heute an {weitergegeben an} weitergegeben.

{persoenliche_zeile|}

Bis zum nächsten Mal. Wenn {Sie etwas brauchen, erreichen Sie/Du etwas brauchst, erreichst Du} mich unter {telefon}.""",
    ),
    TemplateText(
        "V12b",
        "Absage mit Empfehlung",
        "{anliegen_kurz|Anfrage}: unsere Antwort, {heute}",
        """{anrede}

{Ihren/Deinen} Wunsch können wir nicht erfüllen: {grund}

Gut aufgehoben {sind Sie/bist Du} damit bei: {empfehlung mit Telefonnummer}

{persoenliche_zeile|}

Soll ich dort für {Sie/Dich} nachfragen? Ein kurzes Ja bis {bis wann} genügt, oder ein Anruf: {telefon}.""",
    ),
)


# As they were shipped before: who never changed one gets its new words.
_EARLIER = (
    TemplateText(
        "V8b",
        "Nicht erreicht",
        "{anliegen_kurz|Rückruf}: mein Anruf, {heute}",
        """{anrede}

{Ihren/Deinen} Rückruf habe ich heute um {Uhrzeit des Versuchs} Uhr versucht und niemanden erreicht.

Mein nächster Versuch: spätestens {Tag und Uhrzeit des Rückrufs}

{persoenliche_zeile|}

Schneller geht es so: Meine Nummer ist {telefon}. Oder {Sie schreiben/Du schreibst} mir, wann es gut passt.""",
    ),
)


def starting_templates(country: str, trade: str) -> list[TemplateText]:
    """The templates for a shop of this country ('AT', 'DE', 'CH') and trade ('kfz', 'mode', 'salon')."""
    return _finished(_TEXTS, country, trade)


def earlier_templates(country: str, trade: str) -> list[TemplateText]:
    """Those of them that said something else in an earlier Theke, as such a shop was given them then."""
    return _finished(_EARLIER, country, trade)


def _finished(texts: Iterable[TemplateText], country: str, trade: str) -> list[TemplateText]:
    ware = _WARE.get(trade, _WARE["mode"])
    return [
        TemplateText(
            text.code,
            text.name,
            text.subject,
            spell(text.body.replace("$ware", ware) + _CLOSING, country),
        )
        for text in texts
    ]


def spell(text: str, country: str) -> str:
    """Words of ours in the country's spelling: Switzerland writes ss. Never for names, they stay as given."""
    return text.replace("ß", "ss") if country == "CH" else text
