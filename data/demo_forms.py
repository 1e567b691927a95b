"""What customers of the demo asked by the form: one waits, one was answered. All invented."""

from __future__ import annotations

from dataclasses import dataclass

_DAY = 24 * 60


@dataclass(frozen=True)
class Asked:
    """Ages in minutes before the demo starts; the answer's age 0 = not answered."""

    age: int
    name: str
    mail: str
    phone: str
    words: str
    added_age: int = 0
    added: str = ""
    owner: int | None = None
    answer_age: int = 0
    answer: str = ""


FORMS = (
    Asked(
        64,
        "Daniela Hörtnagl",
        "daniela.hoertnagl@example.org",
        "0676 555 31 42",
        "Mein Škoda Octavia (2016) quietscht beim Bremsen vorne links. Was kostet es, wenn die Beläge neu müssen, und"
        " kann ich darauf warten?",
        added_age=41,
        added="Donnerstag ginge bei mir am besten.",
        owner=1,
    ),
    Asked(
        3 * _DAY,
        "Ismail Yıldız",
        "ismail.yildiz@example.org",
        "",
        "Guten Tag, lagern Sie auch Reifen ein, die ich nicht bei Ihnen gekauft habe?",
        owner=0,
        answer_age=3 * _DAY - 55,
        answer="Guten Tag Herr Yıldız,\n\nja, gern. Ein Satz kostet € 49,00 inkl. USt. für die Saison, Waschen und"
        " Prüfen ist dabei. Bringen Sie die Räder einfach zum Wechseln mit.",
    ),
)
