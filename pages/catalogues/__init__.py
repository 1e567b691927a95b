"""The words in other languages: msgid is the German sentence, `<language>.po` beside this file holds the rest."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"de": "Deutsch", "en": "English"}
_VALUE = re.compile(r"\{(\w+)\}")
_LEAST_WORDS = 12  # letters of its own that a sentence with values needs to be known again


def translator(language: str) -> Callable[[str], str]:
    """The function that turns a German sentence into `language`; unknown languages and words stay German.

    Jobs keep their sentences in the store with the values already in them: these are known again by their shape.
    """
    known = language if language in LANGUAGES else "de"

    def say(sentence: str) -> str:
        return _catalogue(known).get(sentence) or _tell_again(known, sentence)

    return say


@functools.cache
def _catalogue(language: str) -> dict[str, str]:
    source = Path(__file__).with_name(f"{language}.po")
    if not source.exists():
        return {}
    with source.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def _tell_again(language: str, sentence: str) -> str:
    for shape, told in _shapes(language):
        if found := shape.fullmatch(sentence):
            return told.format(**found.groupdict())
    return sentence


@functools.cache
def _shapes(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Every sentence with values as a pattern, beside its translation; the one with most words of its own first."""
    known = [(_VALUE.sub("", german), german, told) for german, told in _catalogue(language).items()]
    known.sort(key=lambda row: len(row[0]), reverse=True)
    return [(_shape(german), told) for own, german, told in known if own != german and len(own) >= _LEAST_WORDS]


def _shape(sentence: str) -> re.Pattern[str]:
    parts = enumerate(_VALUE.split(sentence))  # words and the names of values by turns
    return re.compile("".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in parts), re.DOTALL)
