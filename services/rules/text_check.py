"""Looks at a reply before it goes: few rules, done well. Only C1 blocks; the others are hints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.rules.placeholders import unfilled


@dataclass(frozen=True)
class Hint:
    """What a rule found: `sentence` is a msgid that may name {place} and {plain}, `place` the words in the text."""

    rule: str
    sentence: str
    place: str = ""
    plain: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the text must not go out like this."""
        return self.rule == "C1"

    def words(self, say: Callable[[str], str] = str) -> str:
        """The sentence with the place in it, in the reader's language."""
        return say(self.sentence).format(place=self.place, plain=self.plain)


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
    r"(?:leid|entschuldig\w+|bedauer\w+|verzeihung)\b[^.!?\n]*\b(?:falls|sollten?|wenn)\b"
    r"|\b(?:falls|sollten?)\b[^.!?\n]*\b(?:leid|entschuldig\w+|unannehmlichkeit\w*)|unannehmlichkeit\w*"
)
_THANKS_ONLY = (
    r"(?:vielen |herzlichen |besten |lieben )?dank für (?:ihre|deine|die) (?:\w+ )?(?:anfrage|mail|e-mail|nachricht)"
)
_NO_PERSON = r"\bihr service-?team\b|\bno-?reply\b|\bdiese (?:e-?)?mail wurde automatisch\b"
_FORMAL = re.compile(r"\bIhnen\b|(?<=[a-zäöüß,] )(?:Sie|Ihre?[mnrs]?)\b")
_FAMILIAR = re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure\w?)\b", re.IGNORECASE)
_GREETING = re.compile(r"(?:guten|hallo|liebe|sehr geehrte|grüß|grüezi|servus|moin|hi)\b.{0,80}", re.IGNORECASE)
_NAMELESS = re.compile(
    r"(?:(?:liebe|sehr geehrte)r?(?: frau| herr)?|(?:guten tag|hallo)(?: frau| herr))\s*[-–]?\s*,?", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\b(z|B|d|h|u|a|ca|Nr|Dr|Mag|Ing|Prof|Tel|bzw|inkl|exkl|evtl|St|Str)\.|(?<=\d)\.(?=\s?\S)")
_STAND_IN = "\u2024"  # looks like a full stop and ends no sentence
_WRAPPED_FROM = 50  # a line this long goes on in the next one; shorter ones end on purpose


def check_reply(text: str, *, country: str = "AT", form_of_address: str = "sie") -> list[Hint]:
    """The hints for a reply without its signature, blocking ones first; [] for a text without remarks."""
    return [
        *_unfilled(text),
        *_empty_greeting(text),
        *_answer_first(text),
        *_address(text, form_of_address),
        *_each(text, "A4", "«{place}» klingt wie ein Vorwurf. Sagen Sie, wie es weitergeht.", _BLAME),
        *_each(text, "A5", "«{place}» nimmt die Entschuldigung zurück. «Das tut mir leid» genügt.", _ESCAPE),
        *_each(text, "C8", "«{place}»: Der Kunde möchte wissen, wer schreibt.", _NO_PERSON),
        *_officialese(text),
        *_each(text, "C15", "«{place}»: Wann genau? Ein Tag oder eine Uhrzeit hilft mehr.", _VAGUE),
        *_swiss(text, country),
    ]


def questions_in(text: str) -> list[str]:
    """The questions a customer asked, as written, each once: the checklist «2 von 2 Fragen» (C5). Best effort."""
    found = []
    for sentence in _sentences(text):
        polite = re.match(r"wie geht(?:'s|s| es)", sentence, re.IGNORECASE)
        if sentence.endswith("?") and re.search(r"\w{2}", sentence) and not polite:
            found.append(sentence)
    return list(dict.fromkeys(found))


def _sentences(text: str) -> list[str]:
    """The sentences, each on one line; mails break theirs at some 70 letters."""
    # An address such as https://…?id=1 is no question.
    bare = re.sub(r"(?:https?://|www\.)\S+", "", text)
    masked = _ABBREVIATED.sub(lambda match: match[0].replace(".", _STAND_IN), bare)
    joined = re.sub(rf"(?<=[^\n]{{{_WRAPPED_FROM}}})\n(?=\S)", " ", masked)
    pieces = re.findall(r"[^.!?\n]+[.!?]*", joined)
    return [" ".join(piece.replace(_STAND_IN, ".").split()) for piece in pieces if piece.strip()]


def _each(text: str, rule: str, sentence: str, pattern: str) -> Iterator[Hint]:
    for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
        yield Hint(rule, sentence, match[0].strip())


def _unfilled(text: str) -> Iterator[Hint]:
    for place in unfilled(text):
        yield Hint("C1", "Hier fehlt noch etwas: {place}", place)


def _empty_greeting(text: str) -> Iterator[Hint]:
    first = text.strip().split("\n")[0].strip()
    if _NAMELESS.fullmatch(first):
        yield Hint("C1", "Hier fehlt der Name: {place}", first)


def _answer_first(text: str) -> Iterator[Hint]:
    sentences = [s for s in _sentences(text) if not _GREETING.fullmatch(s.rstrip(",.! "))]
    if sentences and re.fullmatch(_THANKS_ONLY, sentences[0].rstrip(".! "), re.IGNORECASE):
        yield Hint("C4", "Die Antwort zuerst: «{place}» kann weg oder ans Ende.", sentences[0])


def _address(text: str, form_of_address: str) -> Iterator[Hint]:
    formal, familiar = _FORMAL.search(text), _FAMILIAR.search(text)
    if formal and familiar:
        yield Hint("A1", "Sie und Du gemischt: «{place}» und «{plain}».", formal[0], familiar[0])
    elif familiar and form_of_address == "sie":
        yield Hint("A1", "Mit diesem Kunden sind Sie per Sie, hier steht «{place}».", familiar[0])
    elif formal and form_of_address == "du":
        yield Hint("A1", "Mit diesem Kunden sind Sie per Du, hier steht «{place}».", formal[0])


def _officialese(text: str) -> Iterator[Hint]:
    for pattern, plain in _PLAIN_WORDS.items():
        for hint in _each(text, "C12", "«{place}» klingt nach Amt. Einfacher: {plain}.", pattern):
            yield Hint(hint.rule, hint.sentence, hint.place, plain)


def _swiss(text: str, country: str) -> Iterator[Hint]:
    word = re.search(r"\w*ß\w*", text)
    if country == "CH" and word:
        yield Hint("C18", "In der Schweiz mit ss: «{place}».", word[0])
