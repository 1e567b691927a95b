"""The readable text of a mail: the body chosen, its charset seen through, quotes folded away."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from services.mail.charsets import clean_text, decode_text
from services.mail.folding import fold_quotes
from services.mail.html_texts import bare_words, cut_quotes, html_text
from services.mail.parts import Parts

HTML_LIMIT = 500_000  # characters; tables of this size already take a second
_DATA_URI = re.compile(r"""data:[a-z]+/[^"'<>\s]{100,}""", re.IGNORECASE)
_GERMAN = set("und der die das ich nicht ist mit sie für auf wir ein eine bitte mein haben kann grüße danke".split())  # noqa: SIM905 a word list
_ENGLISH = set("and the is not with you for on we a please my have can thanks regards this that would".split())  # noqa: SIM905 a word list


class Body(NamedTuple):
    """What the customer wrote now, and what was folded away."""

    visible: str
    quoted: str


def body_of(parts: Parts, *, fold: bool = True) -> Body:
    """The text of a mail; with `fold=False` (contact forms) nothing is folded away."""
    plain = "\n\n".join(filter(None, (part_text(part).strip("\n") for part in parts.plain)))
    if plain.strip():
        return Body(*fold_quotes(plain)) if fold else Body(plain.strip(), "")
    return _html_body("\n".join(part_text(part) for part in parts.html), fold=fold)


def part_text(part: Message) -> str:
    """The decoded text of one part."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raw = _nested(part)
    return clean_text(decode_text(raw, _label(part)))


def language_of(text: str) -> str:
    """'de', 'en' or '' by the small words of the first 3000 characters."""
    words = re.findall(r"[a-zäöüß]+", text[:3000].lower())
    german = sum(word in _GERMAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    if german == english:
        return ""
    return "de" if german > english else "en"


def _label(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):
        return ""


def _nested(part: Message) -> bytes:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    return inner.as_bytes() if isinstance(inner, Message) else b""


def _html_body(html: str, *, fold: bool) -> Body:
    html = _DATA_URI.sub("", html)
    html, rest = html[:HTML_LIMIT], bare_words(html[HTML_LIMIT:])
    kept, quotes = cut_quotes(html) if fold else (html, [])
    visible = html_text(kept)
    if not visible:
        visible, quotes = html_text(html) or rest, []
    shown, folded = fold_quotes(visible) if fold else (visible, "")
    rest = "" if shown == rest else rest
    return Body(shown, "\n\n".join(filter(None, [folded, *map(html_text, quotes), rest])))
