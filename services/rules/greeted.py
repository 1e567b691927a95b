"""Whom a letter greets by name, to catch a mail pasted from another customer."""

from __future__ import annotations

import re

from services.rules.folding import fold

GREETING = re.compile(
    r"(?:(?:schönen )?guten|hallo|liebe[rs]?|sehr geehrte[rs]?|werte[rs]?|grüß|grüss|grüezi|servus|moin|hi)\b.{0,80}",
    re.IGNORECASE,
)
_WORD = r"(?:[^\W\d_a-zäöüß][\w.'’-]*|von|van|vom|de|der|den|di|da|zu|zur|zum)"
_TILL_THE_END = r"(?=\s*(?:[,!.:/&–]|-\s|$|und\b))"
_WITH_TITLE = re.compile(rf"\b(?:Frau|Herrn?|Familie|Fam\.|Hr\.|Fr\.)\s+({_WORD}(?:\s{_WORD})*){_TILL_THE_END}")
_FIRST_AND_LAST = re.compile(
    rf"(?:(?:Schönen )?[Gg]uten (?:Tag|Morgen|Abend)|Hallo|Gr(?:üß|üss) Gott|Grüezi|Servus|Moin),?\s"
    rf"({_WORD}(?:\s{_WORD})+)\s*[,!.]?"
)
_NO_NAMES = frozenset({
    "alle", "allerseits", "ba", "beide", "beiden", "bsc", "da", "damen", "de", "den", "der", "di", "direktor",
    "direktorin", "doktor", "doktorin", "dr", "frau", "herr", "herren", "hofrat", "ihr", "ihre", "ing", "ingenieur",
    "ingenieurin", "kollege", "kollegen", "kollegin", "kommerzialrat", "kunde", "kunden", "kundin", "leute", "liebe",
    "lieben", "lieber", "ma", "mag", "magister", "magistra", "mba", "msc", "nachbar", "nachbarin", "pfarrer", "prof",
    "professor", "professorin", "team", "van", "vom", "von", "zu", "zum", "zur", "zusammen", "zwei",
})  # fmt: skip


def stranger_greeted(text: str, surname: str, known: str) -> str:
    """The name in the greeting of `text` that is nowhere in `surname` or `known`, else ''.

    `known` is every text in which a name of this customer may stand: their mails, signatures, addresses. One known part
    of the name is enough, so that spouses, double names and colleagues who signed pass; a first name alone is not
    looked at, and without a `surname` (a firm, a mail address) nothing can be said.
    """
    names = _greeted(text) if surname else []
    ours = set(_words(f"{surname} {known}"))
    if not names or any(word in ours for name in names for word in _names_in(name)):
        return ""
    return names[0]


def _greeted(text: str) -> list[str]:
    first = text.strip().split("\n")[0].strip()
    if not GREETING.fullmatch(first):
        return []
    whole = _FIRST_AND_LAST.fullmatch(first)
    found = _WITH_TITLE.findall(first) or ([whole[1]] if whole else [])
    return [name.rstrip(".") for name in found if _names_in(name)]


def _names_in(name: str) -> list[str]:
    return [word for word in _words(name) if len(word) > 1 and word not in _NO_NAMES]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
