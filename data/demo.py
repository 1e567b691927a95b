"""The words of the demo: a garage in Innsbruck, its people and their customers. All invented.

`services.demo` plays them through the same use cases that a real shop uses.
"""

from __future__ import annotations

from dataclasses import dataclass

SHOP = {
    "name": "Kfz Kofler",
    "trade": "kfz",
    "country": "AT",
    "region": "7",
    "street": "Amraser Straße 12",
    "town": "6020 Innsbruck",
    "phone": "0512 555 870",
    "legal_footer": "Kfz Kofler e.U., Firmenbuch FN 000000x, UID ATU00000000",
}
ADDRESS = "werkstatt@kfz-kofler.example"
OWNER_PIN = "123456"
STAFF_PIN = "2468"


@dataclass(frozen=True)
class Person:
    name: str
    job_title: str


OWNER = Person("Sandra Kofler", "Inhaberin")
TEAM = (Person("Amir Haddad", "Meister"), Person("Lukas Egger", "Lehrling"))


@dataclass(frozen=True)
class Mail:
    """A customer writes. Ages in minutes before the demo starts; the answer's age 0 = not answered."""

    age: int
    name: str
    address: str
    subject: str
    text: str
    nudge_age: int = 0
    nudge: str = ""
    owner: int | None = None
    answer_age: int = 0
    answer: str = ""
    next_step: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Call:
    """A call or a walk-in that somebody noted; `promise` in minutes from now, 0 = none."""

    age: int
    name: str
    phone: str
    need: str
    channel: str
    owner: int = 0
    promise: int = 0
    settled: bool = False


DAY = 24 * 60
MAILS = (
    Mail(
        3 * DAY + 60,
        "Maria Hofer",
        "maria.hofer@example.org",
        "Mein Golf",
        "Guten Tag,\n\nist mein Golf schon fertig? Ich brauche ihn am Dienstag früh.\n\nMaria Hofer",
        nudge_age=220,
        owner=0,
        nudge="Guten Tag, wann ist mein Golf fertig? Ich habe am Donnerstag schon einmal geschrieben und brauche das"
        " Auto am Dienstag früh. Bleibt es bei den 412 Euro?",
    ),
    Mail(
        155,
        "Jelena Petrović",
        "jelena.petrovic@example.org",
        "Winterreifen Octavia",
        "Hallo,\nwas kostet der Wechsel auf Winterreifen bei einem Škoda Octavia, und habt ihr diese Woche noch einen"
        " Termin? Am besten ab 16 Uhr.\nLiebe Grüße\nJelena",
        owner=0,
        next_step="Preis nennen, Termin anbieten",
    ),
    Mail(
        115,
        "Autohaus Lechner GmbH",
        "lager@lechner.example.org",
        "Ersatzteil 8K0 615 301",
        "Sehr geehrte Damen und Herren,\n\nErsatzteil 8K0 615 301 für Mittwoch, bitte um Bestätigung der Lieferung.\n\n"
        "Mit freundlichen Grüßen\nAutohaus Lechner GmbH",
        owner=2,
        next_step="Lager fragen",
    ),
    Mail(
        26,
        "Dr. Christina Mayr-Oberhuber",
        "c.mayr@example.org",
        "Klimaanlage riecht",
        "Grüß Gott, seit dem Service riecht meine Klimaanlage muffig. Kann ich damit noch fahren, und was würde eine"
        " Desinfektion kosten?",
    ),
    Mail(
        9,
        "Fabio Rossi",
        "fabio.rossi@example.org",
        "Offerta / Angebot Bremsen",
        "Buongiorno, guten Tag, ich hätte gern ein Angebot für neue Bremsen hinten, Alfa Giulietta 2015. Grazie!",
    ),
    Mail(
        2 * DAY,
        "Elisabeth Gruber",
        "e.gruber@example.org",
        "Unfallschaden",
        "Guten Tag, anbei die Fotos von der Stoßstange. Was meinen Sie, zahlt das die Versicherung?",
        owner=1,
        answer_age=2 * DAY - 70,
        answer="Guten Tag Frau Gruber,\n\ndas zahlt in der Regel die Haftpflicht der Gegenseite. Bitte schicken Sie uns"
        " noch die Schadennummer, dann melden wir alles Weitere.",
    ),
    Mail(
        DAY + 200,
        "Stefan Egger",
        "stefan.egger@example.org",
        "Termin Bremsen vorne",
        "Hallo Amir, geht auch Donnerstag um 13 Uhr?",
        owner=1,
        answer_age=DAY + 150,
        answer="Hallo Stefan,\n\nDonnerstag, 13:00 Uhr passt. Bis dann!",
    ),
    Mail(
        5 * DAY,
        "Renate Thaler",
        "renate.thaler@example.org",
        "Danke!",
        "Amir hat mir am Samstag noch den Reifen geflickt, obwohl schon zu war. Das vergesse ich euch nicht.",
        owner=0,
        answer_age=5 * DAY - 50,
        closed=True,
        answer="Liebe Frau Thaler,\n\nwir haben es Amir weitergesagt. Er hat sich sehr gefreut. Danke!",
    ),
    Mail(
        8 * DAY,
        "Georg Haas",
        "georg.haas@example.org",
        "Reifenwechsel",
        "Guten Morgen, wann hätten Sie Zeit für den Reifenwechsel bei meinem Passat?",
        owner=2,
        answer_age=8 * DAY - 95,
        closed=True,
        answer="Guten Morgen Herr Haas,\n\nam Montag um 9:30 Uhr oder am Mittwoch um 14:00 Uhr. Ein kurzes Ja genügt.",
    ),
    Mail(
        11 * DAY,
        "Miriam Auer",
        "miriam.auer@example.org",
        "Pickerl Seat Ibiza",
        "Hallo, mein Pickerl läuft Ende des Monats ab. Bitte um einen Termin.",
        owner=0,
        answer_age=11 * DAY - 230,
        closed=True,
        answer="Hallo Frau Auer,\n\ngern: Dienstag, 11:00 Uhr. Bitte bringen Sie den Zulassungsschein mit.",
    ),
)
CALLS = (
    Call(172, "Thomas Brandstätter", "0664 555 01 27",
         "Beim Abholen hat der Kotflügel einen Kratzer gehabt, der vorher nicht da war. Das kann nicht sein.",
         "call", owner=1, promise=48),
    Call(48, "Hr. Novak", "0512 555 873", "Bittet um Rückruf wegen Pickerl, geht am besten vor Mittag.",
         "voicemail", owner=1, promise=78),
    Call(200, "Lisa Moser", "0660 555 44 10", "Klimaservice für den Mini, alles besprochen.", "visit", settled=True),
)  # fmt: skip
EARLIER = Mail(
    40 * DAY, "Josef Pichler", "josef.pichler@example.org", "Anhängerkupplung",
    "Macht ihr auch Anhängerkupplungen für einen Dacia Duster?",
)  # fmt: skip
NOTE = "Bremsscheiben sind da, wird bis Mittag fertig. Preis bleibt."
NEWSLETTER = Mail(300, "Reifen Großhandel", "news@reifen.example.org", "Winteraktion: 20 % auf alles",
                  "Nur diese Woche: Winterreifen zum Aktionspreis.")  # fmt: skip
