"""Looks at a reply before it goes: few rules, done well.

Only what is certainly wrong blocks: a gap in the text (C1), and of C3 a weekday written in full beside a date with its
year that falls on another day. All else has an innocent reading and is a hint. Without a year, last year's date may be
meant; «So, 24.11.» may be no Sunday; a day that is over or closed may be told of («Ihre Mail vom …», «am 8. Dezember
ist geschlossen»); a greeting with another surname (C2) may be right after a wedding, or for a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from services.rules.date_check import IsClosed, date_hints
from services.rules.dates_in_text import MONTH, WEEKDAYS, dates_in
from services.rules.greeted import GREETING, stranger_greeted
from services.rules.hints import Hint
from services.rules.placeholders import unfilled
from services.rules.sentences import sentences

MOST_WORDS = 22  # in a sentence (C10)

_PLAIN_WORDS = {
    r"diesbezüglich\w*|bezüglich": "zu",
    r"hinsichtlich": "zu",
    r"dies(?:er|e|es)selbe\w*|selbige\w*": "dieser, diese, dieses",
    r"zu gegebener zeit": "ein Datum",
    r"wir bitten um kenntnisnahme": "der Satz kann weg",
    r"(?:anbei|hiermit) (?:übersende|erhalten|sende)\w*": "hier ist",
    r"in erwartung": "ich freue mich auf",
    r"unsererseits": "wir",
    r"mittels": "mit",
    r"aufgrund (?:von|der|des)": "wegen",
    r"sämtliche\w*": "alle",
    r"rück(?:äußerung|äusserung)": "Antwort",
    r"verbleiben (?:wir|ich)": "der Satz kann weg",
}
_VAGUE = r"demnächst|in kürze|schnellst\s?möglich\w*|so (?:bald|schnell) wie möglich|baldmöglichst|zeitnah\w*|in bälde"
_BLAME = (
    r"(?:haben sie|hast du|sie haben|du hast)(?: \w+){0,3} (?:vergessen|übersehen|versäumt|falsch \w+)"
    r"|(?:hätten sie|hättest du|sie hätten|du hättest)(?: \w+){0,5} (?:müssen|sollen)"
    r"|wie bereits (?:erwähnt|gesagt|mitgeteilt|geschrieben)|leider müssen sie|leider musst du"
)
_ESCAPE = (
    r"(?:leid|entschuldig\w+|bedauer\w+|verzeihung)\b[^.!?\n]{0,200}\b(?:falls|sollten?|wenn)\b"
    r"|\b(?:falls|sollten?)\b[^.!?\n]{0,200}\b(?:leid|entschuldig\w+|unannehmlichkeit\w*)|unannehmlichkeit\w*"
)
_THANKS_ONLY = (
    r"(?:vielen |herzlichen |besten |lieben )?dank für (?:ihre|deine|die) (?:\w+ )?(?:anfrage|mail|e-mail|nachricht)"
)
_NO_PERSON = r"\bihr service-?team\b|\bno-?reply\b|\bdiese (?:e-?)?mail wurde automatisch\b"
_FORMAL = re.compile(r"\bIhnen\b|(?<=[a-zäöüß,] )(?:Sie|Ihre?[mnrs]?)\b")
_FAMILIAR = re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure\w?)\b", re.IGNORECASE)
_NAMELESS = re.compile(
    r"(?:(?:liebe|sehr geehrte)r?(?: frau| herr)?|(?:guten tag|hallo)(?: frau| herr))\s*[-–]?\s*,?", re.IGNORECASE
)
_PROMISE = re.compile(
    r"\b(?:(?:ich )?melde (?:ich )?mich|(?:wir )?melden (?:wir )?uns"
    r"|(?:ich rufe|rufe ich|wir rufen|rufen wir)\b[^.!?\n]{0,40}?\b(?:an|zurück)"
    r"|(?:ich schaue?|schaue? ich|wir schauen|schauen wir)\b[^.!?\n]{0,40}?\bnach"
    r"|(?:ich gebe|gebe ich|wir geben|geben wir)\b[^.!?\n]{0,40}?\bbescheid"
    r"|ich kläre|kläre ich|wir klären|klären wir)\b",
    re.IGNORECASE,
)
_DEPENDS = re.compile(r"\b(?:sobald|wenn|falls|sollten?|bevor|beim|telefon\w*|gemeinsam|vor ort)\b", re.IGNORECASE)
_ANY_TIME = re.compile(
    r"\b(?:heute|übermorgen|bis(?! bald| dann)|uhr|kw|\w*woche\w*|monat\w*|tagen?|\w*stunden?|minuten|früh|sofort"
    rf"|gleich|danach|(?:{'|'.join(WEEKDAYS)})\w*|{MONTH}|{_VAGUE})\b|(?<!guten )\b(?:morgen|\w*mittags?|abends?)\b"
    r"|\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
_PART_OF_SENTENCE = re.compile(rf"[:;]\s|(?<=\d)\.\s(?=[A-ZÄÖÜ])(?!{MONTH})")


def check_reply(
    text: str,
    *,
    country: str = "AT",
    form_of_address: str = "sie",
    surname: str = "",
    known: str = "",
    today: date | None = None,
    is_closed: IsClosed = lambda _: False,
) -> list[Hint]:
    """The hints for a reply without its signature, blocking ones first; [] for a text without remarks.

    `surname` is the customer's, '' if not known; `known` every text in which a name of theirs may stand; `today` the
    shop's local day, `is_closed` whether it does not open on a day at all.
    """
    hints = [
        *_unfilled(text),
        *_empty_greeting(text),
        *_stranger(text, surname, known),
        *date_hints(text, today, is_closed),
        *_answer_first(text),
        *_address(text, form_of_address),
        *_each(text, "A4", "«{place}» klingt wie ein Vorwurf. Sagen Sie, wie es weitergeht.", _BLAME),
        *_each(text, "A5", "«{place}» nimmt die Entschuldigung zurück. «Das tut mir leid» genügt.", _ESCAPE),
        *_no_next_step(text),
        *_each(text, "C8", "«{place}»: Der Kunde möchte wissen, wer schreibt.", _NO_PERSON),
        *_long_sentence(text),
        *_officialese(text),
        *_each(text, "C15", "«{place}»: Wann genau? Ein Tag oder eine Uhrzeit hilft mehr.", _VAGUE),
        *_swiss(text, country),
    ]
    return sorted(hints, key=lambda hint: not hint.blocks)


def blocking_hints(text: str) -> list[Hint]:
    """The hints of `check_reply` that block: the same for every customer and on every day."""
    hints = [*_unfilled(text), *_empty_greeting(text), *date_hints(text, None, lambda _: False)]
    return [hint for hint in hints if hint.blocks]


def questions_in(text: str) -> list[str]:
    """The questions a customer asked, as written, each once: the checklist «2 von 2 Fragen» (C5). Best effort."""
    found = []
    for sentence in sentences(text, wrapped=True):
        polite = re.match(r"wie geht(?:'s|s| es)", sentence, re.IGNORECASE)
        if sentence.endswith("?") and re.search(r"\w{2}", sentence) and not polite:
            found.append(sentence)
    return list(dict.fromkeys(found))


def _each(text: str, rule: str, sentence: str, pattern: str) -> Iterator[Hint]:
    for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
        yield Hint(rule, sentence, match[0].strip())


def _unfilled(text: str) -> Iterator[Hint]:
    for place in unfilled(text):
        yield Hint("C1", "Hier fehlt noch etwas: {place}", place, blocks=True)


def _empty_greeting(text: str) -> Iterator[Hint]:
    first = text.strip().split("\n")[0].strip()
    if _NAMELESS.fullmatch(first):
        yield Hint("C1", "Hier fehlt der Name: {place}", first, blocks=True)


def _stranger(text: str, surname: str, known: str) -> Iterator[Hint]:
    if name := stranger_greeted(text, surname, known):
        yield Hint("C2", "Die Anrede nennt «{place}», der Name ist {plain}.", name, surname)


def _answer_first(text: str) -> Iterator[Hint]:
    said = [s for s in sentences(text, wrapped=True) if not GREETING.fullmatch(s.rstrip(",.! "))]
    if said and re.fullmatch(_THANKS_ONLY, said[0].rstrip(".! "), re.IGNORECASE):
        yield Hint("C4", "Die Antwort zuerst: «{place}» kann weg oder ans Ende.", said[0])


def _address(text: str, form_of_address: str) -> Iterator[Hint]:
    formal, familiar = _FORMAL.search(text), _FAMILIAR.search(text)
    if formal and familiar:
        yield Hint("A1", "Sie und Du gemischt: «{place}» und «{plain}».", formal[0], familiar[0])
    elif familiar and form_of_address == "sie":
        yield Hint("A1", "Mit diesem Kunden sind Sie per Sie, hier steht «{place}».", familiar[0])
    elif formal and form_of_address == "du":
        yield Hint("A1", "Mit diesem Kunden sind Sie per Du, hier steht «{place}».", formal[0])


def _no_next_step(text: str) -> Iterator[Hint]:
    """C7: a promise in a text that names no time at all; one that waits for something is fair."""
    if _ANY_TIME.search(text) or dates_in(text):
        return
    promises = (_PROMISE.search(sentence) for sentence in sentences(text) if not _DEPENDS.search(sentence))
    if promise := next(filter(None, promises), None):
        yield Hint("C7", "«{place}»: Wann genau? Ein Tag oder eine Uhrzeit hilft mehr.", promise[0])


def _long_sentence(text: str) -> Iterator[Hint]:
    """C10: the longest sentence, if over 22 words; what a colon parts is counted apart, a list not at all."""
    parts = [part for sentence in sentences(text) for part in _PART_OF_SENTENCE.split(sentence)]
    counted = [[word for word in part.split() if any(map(str.isalnum, word))] for part in parts]
    said = [words for words in counted if sum(word.endswith(",") for word in words) * 4 < len(words)]
    longest = max(said, key=len, default=[])
    if len(longest) > MOST_WORDS:
        begin = " ".join(longest[:6])
        yield Hint("C10", "«{place} …»: {plain} Wörter. Zwei kurze Sätze liest man leichter.", begin, str(len(longest)))


def _officialese(text: str) -> Iterator[Hint]:
    for pattern, plain in _PLAIN_WORDS.items():
        for hint in _each(text, "C12", "«{place}» klingt nach Amt. Einfacher: {plain}.", pattern):
            yield Hint(hint.rule, hint.sentence, hint.place, plain)


def _swiss(text: str, country: str) -> Iterator[Hint]:
    word = re.search(r"\b\w*ß\w*", text)
    if country == "CH" and word:
        yield Hint("C18", "In der Schweiz mit ss: «{place}».", word[0])
