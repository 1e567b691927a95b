"""What people say in the history of the demo garage, and what they are called. All invented.

One sentence a line; mails begin in small letters, for a greeting stands above them. What they want by topic:
`data.demo_topics`.
"""

from __future__ import annotations

WOMEN = """Anna Maria Elisabeth Julia Katharina Lena Sarah Lisa Christina Barbara Claudia Martina Sabine Andrea Petra
Birgit Silvia Monika Renate Ingrid Karin Sophie Magdalena Theresa Johanna Eva Verena Nina Jelena Ayşe Elif Milica
Giulia Zuzana"""
MEN = """Thomas Michael Stefan Andreas Martin Christian Markus Georg Josef Franz Johann Peter Wolfgang Manfred Gerhard
Hannes Lukas Florian David Daniel Simon Matthias Jakob Paul Sebastian Alexander Dominik Patrick Mehmet Goran Marco
Tomáš Emre Luka"""
SURNAMES = """Gruber Huber Bauer Wagner Müller Pichler Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder Fischer
Schmid Winkler Weber Schwarz Maier Schneider Reiter Brunner Lang Baumgartner Auer Wimmer Egger Wolf Lechner Haas Koller
Strasser Aigner Wallner Haider Schwaiger Thaler Kirchmair Rainer Plattner Stocker Unterberger Oberhofer Mair Rieder
Gstrein Kofler Lanthaler Pfeifer Hölzl Neuner Kröll Hauser Schöpf Stöckl Nagl Holzer Walch Zangerl Grißmann Köck
Jovanović Petrović Nikolić Yılmaz Demir Kaya Rossi Bianchi Novak Horvat Kovács Nowak Dvořák Hodžić"""

CARS = """Golf Passat Octavia Fabia Ibiza Leon Polo Touran Caddy Clio Duster Sandero Corsa Astra Fiesta Focus Yaris
Tucson i20 Ceed Mini C3 Panda Kodiaq Multivan"""
DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag"
CLOCKS = ("8 Uhr", "9 Uhr", "10:30 Uhr", "14 Uhr", "15:30 Uhr", "16 Uhr", "17 Uhr")
JOBS = (
    "ein Ölwechsel", "ein Jahresservice", "neue Bremsbeläge vorne", "neue Bremsscheiben hinten", "ein Zahnriemen",
    "eine neue Batterie", "ein Klimaservice", "eine Achsvermessung", "ein neuer Auspuff", "eine Windschutzscheibe",
    "ein Satz Ganzjahresreifen", "eine Anhängerkupplung",
)  # fmt: skip
HELLOS = ("Guten Tag,", "Hallo,", "Grüß Gott,", "Guten Morgen,", "Hallo zusammen,", "Servus,", "Guten Abend,",
          "Sehr geehrte Damen und Herren,")  # fmt: skip
PLEAS = (
    "Danke im Voraus!", "Bitte um eine kurze Rückmeldung.", "Vielen Dank für Ihre Mühe.", "Es eilt ein wenig.",
    "Am besten erreichen Sie mich am Vormittag.", "Ich bin bis 17 Uhr erreichbar.", "Eine kurze Antwort genügt.", "",
    "", "",
)  # fmt: skip
FAREWELLS = ("Liebe Grüße", "Mit freundlichen Grüßen", "Beste Grüße", "Schöne Grüße", "LG", "Freundliche Grüße")
CLOSERS = (
    "Bei Fragen rufen Sie uns gern an.", "Melden Sie sich, wenn noch etwas ist.", "Bis bald in der Werkstatt!",
    "Wir freuen uns auf Sie.", "Schönen Tag noch!", "", "",
)  # fmt: skip

NUDGES = """
ich habe noch keine Antwort bekommen. Bitte melden Sie sich.
ich wollte nur nachfragen, ob meine Nachricht angekommen ist.
gibt es schon etwas? Ich warte seit gestern.
leider habe ich noch nichts gehört. Bitte rufen Sie mich notfalls an.
"""
ADDITIONS = """
noch vergessen: Der Wagen hat 120.000 km.
was ich noch sagen wollte: Baujahr 2016, Diesel.
ach ja, am Freitag geht es bei mir nicht.
falls Sie mich anrufen wollen: am besten zwischen 12 und 13 Uhr.
"""
MORES = """
danke für die schnelle Antwort. Eine Frage noch: Muss ich etwas mitbringen?
das passt. Kann ich das Auto auch schon am Abend davor hinstellen?
gut zu wissen. Wie lange wird es ungefähr dauern?
danke. Geht es auch eine Stunde später?
verstehe. Und was würde es ohne die Teile kosten?
kann ich inzwischen damit fahren, oder besser nicht?
perfekt, so machen wir es. Kann ich mit Karte zahlen?
"""
MORE_REPLIES = """
der Zulassungsschein genügt, sonst brauchen wir nichts.
ja, das geht. Den Schlüssel werfen Sie bitte in den Kasten neben der Tür.
rechnen Sie mit zwei Stunden. Kaffee gibt es bei uns.
eine Stunde später geht auch, wir haben es eingetragen.
fahren können Sie, aber bitte keine langen Strecken mehr.
natürlich, bar oder mit Karte, wie es Ihnen lieber ist.
"""
AGAINS = """
leider ist es doch noch nicht erledigt: Das Geräusch ist wieder da.
noch etwas zu unserer letzten Nachricht: Die Lampe leuchtet wieder.
ich muss mich noch einmal melden, es passt noch nicht ganz.
jetzt ist mir doch noch etwas dazu eingefallen.
"""
AGAIN_REPLIES = """
das schauen wir uns gleich noch einmal an. Kommen Sie einfach vorbei.
danke, dass Sie sich melden. Wir kümmern uns darum.
bringen Sie das Auto morgen um 8 Uhr, wir nehmen es dazwischen.
"""
THANKS = """
super, vielen Dank!
danke, das passt mir gut.
herzlichen Dank für die rasche Hilfe.
alles klar, danke schön!
perfekt, dann bis bald.
"""
BOOKED_REPLIES = """
wir haben Sie eingetragen. Passt etwas nicht, rufen Sie uns bitte an.
gern, der Termin steht.
das geht sich gut aus, hier ist Ihr Termin.
"""
ATTEMPTS = "Nicht erreicht.\nMailbox, um Rückruf gebeten.\nEs war besetzt."
NOTES = """
Teil ist bestellt.
Mit Amir besprochen, geht so in Ordnung.
Preis im System nachgesehen.
Räder liegen in Regal 14.
Kunde ist seit Jahren bei uns.
"""
LETTER = "Ihr Termin steht. Wenn etwas dazwischenkommt, sagen Sie uns bitte bis zum Tag davor Bescheid."
DAY_BEFORE = "morgen ist Ihr Termin bei uns. Wenn etwas dazwischenkommt, rufen Sie uns bitte gleich an."
# What was behind complaints, and what it usually costs, in euros.
CAUSES = (
    ("Auto zu spät fertig", 60), ("Niemand hat zurückgerufen", 20), ("Reparatur hat nicht gehalten", 180),
    ("Rechnung höher als besprochen", 70), ("Kratzer oder Schmutz", 140),
)  # fmt: skip
SOLUTIONS = (
    "Kostenlos nachgebessert", "Entschuldigt und erklärt", "Preisnachlass gegeben", "Ersatzauto gestellt",
    "Rechnung berichtigt",
)  # fmt: skip
MAIL_TIMES = "Zwei feste Zeiten für Mails: 9 und 15 Uhr"
REMINDER = "Erinnerung am Tag davor"
BLOCKED = "Größere Reparatur"
TYRE_CHANGE = "Reifenwechsel"
