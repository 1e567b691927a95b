"""A text cut into sentences: dates, amounts and abbreviations end none."""

from __future__ import annotations

import re

from services.rules.dates_in_text import MONTH

_ABBREVIATED = re.compile(
    r"\b(z|B|d|h|u|a|ca|Nr|Dr|Mag|Ing|Prof|Tel|bzw|inkl|exkl|evtl|St|Str)\.|(?<=\d)\.(?=\s?\S)"
    rf"|\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\.(?=,?\s?\d)|(?<=\d\.\s){MONTH}\."
)
_STAND_IN = "\u2024"  # looks like a full stop and ends no sentence
_WRAPPED_FROM = 50  # a line this long goes on in the next one; shorter ones end on purpose


def sentences(text: str, *, wrapped: bool = False) -> list[str]:
    """The sentences, each on one line; `wrapped` for a mail that breaks its lines at some 70 letters. Best effort."""
    # An address such as https://…?id=1 is no question.
    bare = re.sub(r"(?:https?://|www\.)\S+", "", text)
    masked = _ABBREVIATED.sub(lambda match: match[0].replace(".", _STAND_IN), bare)
    joined = re.sub(rf"(?<=[^\n]{{{_WRAPPED_FROM}}})\n(?=\S)", " ", masked) if wrapped else masked
    pieces = re.findall(r"[^.!?\n]+[.!?]*", joined)
    return [" ".join(piece.replace(_STAND_IN, ".").split()) for piece in pieces if piece.strip()]
