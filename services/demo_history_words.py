"""Puts the sentences of `data.demo_words` and `data.demo_topics` together into some thousand different texts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import data.demo_words as said
from data.demo_history import Name, Word
from data.demo_topics import TOPICS, Topic
from services.rules.folding import fold

_MAILS, _NOTES, _REPLIES = 14, 6, 6  # texts made of one sentence


def make_words(seed: int) -> list[Word]:
    """Every text, those of one code one after another: «ask.price», «reply.more», «note» and the like."""
    chance = random.Random(f"{seed} words")  # noqa: S311 a game
    texts = [*_common(chance), *(each for topic in TOPICS for each in _of_topic(chance, topic, TOPICS[topic]))]
    return [
        Word(number, code, subject, body, fold(subject), fold(body), " ".join(body.split()))
        for number, (code, subject, body) in enumerate(texts)
    ]


Text = tuple[str, str, str]  # code, subject, body


def _of_topic(chance: random.Random, name: str, topic: Topic) -> Iterator[Text]:
    for line in _lines(topic.asks) * _MAILS:
        subject, text = _filled(chance, line).split("|")
        yield f"ask.{name}", subject, _mail(chance, text, chance.choice(said.PLEAS))
    for code, lines in (("call", topic.calls), ("settled", topic.settled), ("talk", topic.talks)):
        yield from ((f"{code}.{name}", "", _filled(chance, line)) for line in _lines(lines) * _NOTES)
    for line in _lines(topic.replies) * _REPLIES:
        yield f"reply.{name}", "", f"{_filled(chance, line)} {chance.choice(said.CLOSERS)}".strip()


def _common(chance: random.Random) -> Iterator[Text]:
    mails = {
        "nudge": said.NUDGES,
        "plus": said.ADDITIONS,
        "more": said.MORES,
        "again": said.AGAINS,
        "thanks": said.THANKS,
    }
    for code, lines in mails.items():
        yield from ((code, "", _mail(chance, line, "")) for line in _lines(lines) * _MAILS)
    replies = {"more": said.MORE_REPLIES, "again": said.AGAIN_REPLIES, "booked": said.BOOKED_REPLIES}
    for code, lines in replies.items():
        yield from ((f"reply.{code}", "", line) for line in _lines(lines))
    ours = {"attempt": said.ATTEMPTS, "note": said.NOTES, "letter": said.LETTER, "reminder": said.DAY_BEFORE}
    for code, lines in ours.items():
        yield from ((code, "", line) for line in _lines(lines))
    yield "spoken", "", ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _filled(chance: random.Random, line: str) -> str:
    return line.format(
        car=chance.choice(said.CARS.split()),
        day=chance.choice(said.DAYS.split()),
        clock=chance.choice(said.CLOCKS),
        job=chance.choice(said.JOBS),
    )


def _mail(chance: random.Random, text: str, plea: str) -> str:
    """A customer's mail up to the name, which stands in a line of its own."""
    words = f"{text} {plea}".strip()
    return f"{chance.choice(said.HELLOS)}\n\n{words}\n\n{chance.choice(said.FAREWELLS)}\n"


def make_names() -> list[Name]:
    """Every first name with every surname."""
    people = [("frau", first) for first in said.WOMEN.split()] + [("herr", first) for first in said.MEN.split()]
    return list(_numbered((salutation, first, last) for salutation, first in people for last in said.SURNAMES.split()))


def _numbered(people: Iterable[tuple[str, str, str]]) -> Iterator[Name]:
    for number, (salutation, first, last) in enumerate(people):
        name = f"{first} {last}"
        local = ".".join(_plain(part) for part in (first, last))
        greeting = f"Guten Tag {salutation.capitalize()} {last},"
        yield Name(number, name, fold(name), salutation, local, greeting, fold(greeting))


def _plain(name: str) -> str:
    """A name as it stands in a mail address."""
    return "".join(letter for letter in fold(name) if letter.isascii() and letter.isalnum())
