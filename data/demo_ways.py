"""Words of the demo garage's other ways: a chat from the phone, an online review, an idea that became true."""

from __future__ import annotations

from dataclasses import dataclass

CHAT_NAME = "Tobias Ennemoser"
# (minutes before the start, whether the customer speaks, words)
CHAT: tuple[tuple[int, bool, str], ...] = (
    (1500, True, "Servus, macht ihr auch Dachboxen drauf?"),
    (1460, False, "Ja, gern. Für welches Auto?"),
    (1452, True, "Skoda Octavia Kombi, Baujahr 2019"),
    (1451, True, "<Medien ausgeschlossen>"),
    (1440, False, "Passt. Montage € 35,00 inkl. USt., dauert eine halbe Stunde. Donnerstag um 16 Uhr?"),
)
CHAT_AGE = 1430

REVIEW_NAME = "Petra S. (Google)"
REVIEW = "Vier Sterne. Saubere Arbeit, fairer Preis. Nur am Telefon war am Montag lange niemand zu erreichen."
REVIEW_AGE = 2900
REASON = "Etwas anderes"


@dataclass(frozen=True)
class Idea:
    """An idea that came by the form, what we did, and what the customer heard of it."""

    name: str
    mail: str
    words: str
    answer: str
    age: int
    done: int
    answered: int


IDEA = Idea(
    "Renate Plattner",
    "renate.plattner@example.org",
    "Wäre es möglich, dass man das Auto auch am Abend abstellt und den Schlüssel einwirft?",
    """Guten Tag Renate Plattner,

Ihre Idee haben wir umgesetzt: Neben dem Tor hängt jetzt ein Schlüsselkasten mit Einwurf. Sie können Ihr Auto auch \
nach Ladenschluss abstellen.

Danke dafür!

Herzliche Grüße
Sandra Kofler""",
    6100,
    4500,
    4480,
)
