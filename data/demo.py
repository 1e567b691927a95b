"""The words of the demo: a garage in Innsbruck, its people and their customers. All invented.

`services.demo` plays them through the same use cases that a real shop uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.report_records import Avoidable

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
    """A customer writes. Ages in minutes before the demo starts; the answer's age 0 = not answered.

    `template` is the code of the template that the answer began with.
    """

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
    template: str = ""


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


@dataclass(frozen=True)
class Callback:
    """A call that is promised to somebody who wrote: `due` in minutes from now, or the customer asked for it.

    `tries`: (age, outcome) of calls that did not reach.
    """

    age: int
    name: str
    phone: str
    topic: str
    owner: int = 0
    due: int = 0
    asked: bool = False
    tries: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Visit:
    """A booking. `day` counts open days: 0 is today or else the next one, -1 the one before; `clock` is local.

    With `online` the customer chooses the first free time from then on; `age` in minutes before the demo starts.
    """

    age: int
    name: str
    reach: str
    offering: str
    day: int
    clock: str
    wanted: tuple[str, ...] = ()
    note: str = ""
    answer: str = ""
    online: bool = False
    came: bool = True


@dataclass(frozen=True)
class Wished:
    """Something that is not there; `days` until when, counted from today.

    With `told` the customer heard `told` minutes before the demo starts that it is there; with `fetched` they have it.
    """

    age: int
    name: str
    reach: str
    words: str
    days: int = 28
    cents: int | None = None
    expected: str = ""
    source: str = ""
    told: int = 0
    fetched: bool = False


@dataclass(frozen=True)
class Noted:
    """What somebody notes of a customer's inquiry, `age` minutes before the demo starts."""

    age: int
    name: str
    reason: str
    avoidable: Avoidable = Avoidable.NO
    kept: bool | None = None
    praised: bool = False


@dataclass(frozen=True)
class Known:
    """What the shop knows of a customer by now; `survey` and `reminded`: how they agreed to be asked,
    and to be called when something is due; `familiar`: they are on first-name terms.
    """

    name: str
    contact: str = ""
    likes: str = ""
    preferred: str = ""
    sent_by: str = ""
    survey: str = ""
    reminded: str = ""
    familiar: bool = False


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
        template="V10a",
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
        template="V2",
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
        template="V12a",
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
        template="V2",
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
        template="V2",
        closed=True,
        answer="Hallo Frau Auer,\n\ngern: Dienstag, 11:00 Uhr. Bitte bringen Sie den Zulassungsschein mit.",
    ),
    Mail(
        9 * DAY,
        "Katharina Fuchs",
        "k.fuchs@example.org",
        "Stoßdämpfer hinten",
        "Guten Tag, was kosten neue Stoßdämpfer hinten bei meinem Skoda Fabia, Baujahr 2017, mit Einbau?",
        owner=0,
        answer_age=9 * DAY - 120,
        template="V6",
        closed=True,
        answer="Guten Tag Frau Fuchs,\n\nIhr Gesamtpreis für beide Stoßdämpfer hinten mit Einbau: € 389 inkl. USt. Der"
        " Preis gilt bis Ende des Monats. Sollen wir das machen?",
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
CALLBACKS = (
    Callback(210, "Maria Hofer", "+436765553108", "Ob es bei den 412 Euro bleibt", due=-20,
             tries=((95, "not_reached"), (31, "mailbox"))),
    Callback(20, "Dr. Christina Mayr-Oberhuber", "+436605550993", "Klimaanlage riecht", asked=True),
)  # fmt: skip
# Each when the answer has just left, the mail or the call has just come in.
BOOKED = "Termin vereinbaren"
NOTED = (
    Noted(11 * DAY - 231, "Miriam Auer", BOOKED, kept=True),
    Noted(9 * DAY - 121, "Katharina Fuchs", "Was kostet das?", kept=True),
    Noted(8 * DAY - 96, "Georg Haas", BOOKED, kept=True),
    Noted(5 * DAY - 51, "Renate Thaler", "Etwas anderes", praised=True),
    Noted(DAY + 149, "Stefan Egger", BOOKED, Avoidable.INFO_MISSING),
    Noted(219, "Maria Hofer", "Wo ist mein Auto?", Avoidable.STATUS_ASKED),
    Noted(199, "Lisa Moser", BOOKED, kept=True),
    Noted(171, "Thomas Brandstätter", "Beschwerde", Avoidable.OUR_ERROR),
)
KNOWN = (
    Known("Katharina Fuchs", contact="0664 555 09 14"),
    Known("Dr. Christina Mayr-Oberhuber", likes="Termine nach der Ordination, ab 16 Uhr"),
    Known("Stefan Egger", familiar=True),
    Known("Gerhard Singer", contact="0664 555 08 26"),
    Known("Rosa Lechthaler", reminded="Am Tresen: «Rufen Sie mich an, wenn das Pickerl wieder fällig ist.»"),
    Known("Miriam Auer", contact="miriam@auer-keramik.example.org", likes="Termine am Freitag",
          survey="Beim Abholen: «Ja, fragen Sie ruhig.»"),
    Known("Lisa Moser", likes="Kaffee mit Hafermilch, kurze Wege", preferred="phone", sent_by="Miriam Auer"),
)  # fmt: skip
SECOND_CARD = ("Georg Haas", "0676 555 20 81")  # once by mail, once by telephone
EARLIER = Mail(
    40 * DAY, "Josef Pichler", "josef.pichler@example.org", "Anhängerkupplung",
    "Macht ihr auch Anhängerkupplungen für einen Dacia Duster?",
)  # fmt: skip
NOTE = "Bremsscheiben sind da, wird bis Mittag fertig. Preis bleibt."
_TYRE = "Winterreifen, 205/55 R16"
WISHES = (
    Wished(6 * DAY, "Peter Lang", "0664 555 03 11", _TYRE, cents=41600),
    Wished(5 * DAY, "Claudia Steiner", "c.steiner@example.org", _TYRE, cents=41600),
    Wished(3 * DAY, "Markus Wieser", "markus.wieser@example.org", _TYRE),
    Wished(4 * DAY, "Anna Reiter", "anna.reiter@example.org", "Winterreifen, 195/65 R15", days=21),
    Wished(12 * DAY, "Hannes Moser", "0512 555 874", "Dachbox, 400 Liter", 42, 38900, "Ende nächster Woche",
           "Großhandel Pfeifer"),
    Wished(26 * DAY, "Sabine Kirchmair", "0664 555 07 63", "Felgenschloss, M12", -2, 5900),
    Wished(16 * DAY, "Ulrike Plank", "ulrike.plank@example.org", "Gummimatten Octavia", told=DAY + 60),
    Wished(30 * DAY, "Verena Pichler", "0660 555 21 90", "Schneeketten, 205/55 R16", cents=8900, told=9 * DAY,
           fetched=True),
)  # fmt: skip
NEWSLETTER = Mail(300, "Reifen Großhandel", "news@reifen.example.org", "Winteraktion: 20 % auf alles",
                  "Nur diese Woche: Winterreifen zum Aktionspreis.")  # fmt: skip

# Total prices in cents by the name that a new garage's offerings have; on request is what nobody can promise unseen.
PRICES = {
    "Reifenwechsel": 4900,
    "Pickerl (§ 57a)": 7900,
    "Ölwechsel mit Filter": 13900,
    "Klimaservice": 9900,
    "Jahresservice": 24900,
    "Geräusch oder Warnlampe": 3900,
}
ON_REQUEST = "Geräusch oder Warnlampe"
_FIRST, _SECOND = ("Amir", "Bühne 1"), ("Lukas", "Bühne 2")
VISITS = (
    Visit(9 * DAY, "Peter Lang", "0664 555 03 11", "Reifenwechsel", -1, "10:00", _SECOND, came=False),
    Visit(8 * DAY, "Verena Pichler", "0660 555 21 90", "Jahresservice", -1, "13:00", _FIRST),
    Visit(7 * DAY, "Georg Haas", "georg.haas@example.org", "Reifenwechsel", 0, "08:00", _SECOND,
          "Passat, die Räder lagern bei uns"),
    Visit(10 * DAY, "Miriam Auer", "miriam.auer@example.org", "Pickerl (§ 57a)", 0, "11:00", _FIRST, "Seat Ibiza"),
    Visit(5 * DAY, "Hannes Moser", "0512 555 874", "Ölwechsel mit Filter", 0, "09:00", _SECOND, "Transporter"),
    Visit(4 * DAY, "Claudia Steiner", "c.steiner@example.org", "Jahresservice", 0, "13:30", _FIRST),
    Visit(3 * DAY, "Dominik Huber", "0676 555 18 02", "Klimaservice", 0, "15:00", ("Lukas",)),
    Visit(3 * DAY, "Elif Yılmaz", "elif.yilmaz@example.org", "Reifenwechsel", 0, "16:00", _SECOND),
    Visit(2 * DAY, "Josef Schwaiger", "0512 555 880", "Pickerl (§ 57a)", 1, "08:00", _FIRST),
    Visit(2 * DAY, "Anna Reiter", "anna.reiter@example.org", "Reifenwechsel", 1, "09:30",
          answer="Sie lagern bei Ihnen", online=True),
    Visit(DAY, "Markus Wieser", "markus.wieser@example.org", "Jahresservice", 1, "13:00", online=True),
    Visit(DAY, "Sabine Kirchmair", "0664 555 07 63", "Ölwechsel mit Filter", 2, "10:00", _SECOND),
    Visit(42, "Barbara Nagl", "barbara.nagl@example.org", ON_REQUEST, 1, "10:00",
          answer="Beim Bremsen schleift es vorne links.", online=True),
    Visit(5 * DAY, "Gerhard Singer", "gerhard.singer@example.org", "Klimaservice", -1, "15:00", ("Lukas",)),
    # Some time ago, over lunch, which no made-up past reaches.
    Visit(16 * DAY, "Dr. Christina Mayr-Oberhuber", "c.mayr@example.org", "Klimaservice", -8, "12:00", ("Lukas",)),
    Visit(375 * DAY, "Rosa Lechthaler", "0676 555 30 18", "Pickerl (§ 57a)", -245, "12:00", _FIRST),
    Visit(500 * DAY, "Walter Kogler", "0664 555 06 40", "Reifenwechsel", -330, "12:00", _SECOND),
    Visit(410 * DAY, "Walter Kogler", "0664 555 06 40", "Ölwechsel mit Filter", -270, "12:00", _SECOND),
    Visit(325 * DAY, "Walter Kogler", "0664 555 06 40", "Reifenwechsel", -210, "12:00", _SECOND),
    Visit(235 * DAY, "Walter Kogler", "0664 555 06 40", "Klimaservice", -150, "12:00", _SECOND),
)  # fmt: skip
FOLLOWED_UP = {"Jahresservice": 1}  # days after which somebody asks whether all is well
