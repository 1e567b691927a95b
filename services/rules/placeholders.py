"""Placeholders of templates: `{anrede}`, `{preis|nach Aufwand}`, `{Ihr/Dein}`.

`{name}` is a value; a name nobody knows stays visible, for a person to replace. `{name|words}` has words for the case
that there is no value. `{left/right}` is the one way to say Sie and Du in one text: left for Sie, right for Du, so that
verbs come along («{haben Sie/hast Du}»). Values are put in by one pass and never looked at again: a customer's text is
not a template, and nothing here formats, evaluates or reaches into objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

OWN_LINE = "persoenliche_zeile"  # nobody knows its value: it goes, and the reply box offers its place (S1-3)
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,200})\}")
# What must not leave the house (rule C1). The reply box looks for it too: no syntax that only Python knows.
UNFILLED = re.compile(r"\{[^{}\n]{0,200}\}|\{(?=\w)[^{}\s]{0,40}|(?<![\w-])(?:XXX+|TODO)(?![\w-])")


@dataclass(frozen=True)
class Filled:
    """A text with its values, and the names that had none, each once, in order."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str], *, form_of_address: str = "sie") -> Filled:
    """Put `values` (names in small letters) in; an empty value counts as none. Lines left empty close up."""
    missing: list[str] = []

    def replacement(match: re.Match[str]) -> str:
        name, bar, fallback = match[1].partition("|")
        if not bar and "/" in name:
            formal, _, familiar = name.partition("/")
            return familiar if form_of_address == "du" else formal
        value = values.get(name.strip().casefold(), "")
        if not value and not bar:
            missing.append(name.strip())
            return match[0]
        return value or fallback

    return Filled(_replace_lines(text, replacement), tuple(dict.fromkeys(missing)))


def below_own_line(text: str) -> int | None:
    """How many paragraphs stand below a template's room for a line of one's own; None for one without such a room."""
    for match in _PLACEHOLDER.finditer(text):
        name, bar, fallback = match[1].partition("|")
        if name.strip().casefold() == OWN_LINE and bar and not fallback.strip():
            return sum(bool(part.strip()) for part in re.split(r"\n\s*\n", text[match.end() :]))
    return None


def unfilled(text: str) -> tuple[str, ...]:
    """What must not leave the house (rule C1): `{…}`, an open `{word`, XXX, TODO; each once, in order."""
    return tuple(dict.fromkeys(UNFILLED.findall(text)))


def broken_brace(text: str) -> bool:
    """Whether a brace is left that opens or closes no placeholder."""
    return bool(re.search(r"[{}]", _PLACEHOLDER.sub("", text)))


def _replace_lines(text: str, replacement: Callable[[re.Match[str]], str]) -> str:
    """Line by line, so that a line whose placeholders all came out empty goes, and one blank line with it."""
    lines: list[str] = []
    closing_up = False
    for line in text.split("\n"):
        filled = _PLACEHOLDER.sub(replacement, line)
        if line.strip() and not filled.strip():
            closing_up = not lines or not lines[-1].strip()
        elif not (closing_up and not line.strip()):
            closing_up = False
            lines.append(filled)
    return "\n".join(lines)
