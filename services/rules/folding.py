"""One spelling for every way to write a word: what search compares."""

from __future__ import annotations

import unicodedata

_SPELLED_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ı": "i",
    }
)


def fold(text: str) -> str:
    """Small letters without accents, umlauts spelled out, single spaces: Müller = Mueller, Straße = STRASSE.

    Folding twice changes nothing.
    """
    spelled = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLED_OUT)
    letters = (letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
    return " ".join("".join(letters).casefold().split())
