"""What somebody types to find a customer: words in any spelling, numbers in any notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import phonenumbers

from services.rules.folding import fold

FEWEST_DIGITS = 3  # «…1234»: the last digits of a number are enough
_PHONE_SIGNS = re.compile(r"[+\d()/.\-–…]+")
_LABEL = re.compile(r"(tel|telefon|mobil|handy)[.:]*")


def search_terms(text: str, country: str) -> list[list[str]]:
    """One term for each word and each number in `text`, each with all its spellings: whoever is looked for has one
    spelling of every term in their folded name, their mail addresses or their numbers in E.164.

    `country` ('AT', 'DE', 'CH') decides what a leading 0 stands for.
    """
    words = fold(text).split()
    terms: list[list[str]] = []
    for is_number, group in groupby(words, lambda word: bool(_PHONE_SIGNS.fullmatch(word))):
        parts = list(group)
        digits = sum(letter.isdigit() for part in parts for letter in part)
        if is_number and digits >= FEWEST_DIGITS:
            terms = [term for term in terms if not _LABEL.fullmatch(term[0])]
            terms.append([*_spellings("".join(parts), country), " ".join(parts)])
        else:
            terms += [[part] for part in parts if _says_something(part)]
    return terms


def _says_something(word: str) -> bool:
    return any(letter.isalnum() for letter in word)


def _spellings(written: str, country: str) -> Iterator[str]:
    """How a number, or a piece of one, stands in E.164; without its own prefix it may also be a piece from within."""
    abroad = written.startswith(("+", "00", "(+", "(00"))
    plain = written.replace("(0)", "") if abroad else written
    digits = "".join(letter for letter in plain if letter.isdecimal())
    if abroad:
        yield "+" + digits.removeprefix("00") if not written.lstrip("(").startswith("+") else "+" + digits
    elif digits.startswith("0"):
        yield f"+{phonenumbers.country_code_for_region(country)}{digits[1:]}"
        yield digits
    else:
        yield digits
