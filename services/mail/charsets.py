"""From bytes to text: labels lie, so every decoding here climbs a ladder and never fails."""

from __future__ import annotations

import base64
import binascii
import codecs
import email.policy
import itertools
import quopri
import re
from email.policy import Compat32

_LATIN = {"", "ascii", "iso8859-1", "iso8859-15", "cp1252"}
# Codecs that are no charsets of mails; two of them need quadratic time.
_NEVER = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"}
_LONGEST_HEADER = 50_000  # characters; reading parameters takes quadratic time
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff\ud800-\udfff]")
_WORD = r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?="
_WORD_RUN = re.compile(rf"{_WORD}(?:\s+{_WORD})*")
_WORD_PARTS = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")


def decode_text(raw: bytes, label: str | None) -> str:
    """`raw` as text, whatever its label says: the label, UTF-8, cp1252, Latin-1, in this order.

    UTF-8 bytes under a Latin label are read as UTF-8: Latin text that is valid UTF-8 by chance does not occur.
    """
    for charset in _ladder(raw, _known_name(label)):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def clean_text(text: str) -> str:
    """`text` with plain line ends and without NUL and other characters that no screen and no store wants."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _CONTROLS.sub("", text)


def one_line(text: str, limit: int = 500) -> str:
    """`text` as one line of at most `limit` characters, fit for a header or a row."""
    return " ".join(clean_text(text[: limit * 20]).split())[:limit]


def mend_header(value: str) -> str:
    """A header as read from the wire with its raw 8-bit bytes and its encoded words made readable for any parser."""
    if not value.isascii():
        value = decode_text(value.encode("utf-8", "surrogateescape"), None)
    return _WORD_RUN.sub(_mend_words, value) if "=?" in value else value


def header_words(value: str) -> str:
    """A mended header's encoded words as text, on one line.

    By the standard library, which keeps spaces between words and folded lines more faithfully than imap_tools.
    """
    plain = " ".join(value[:2000].split())
    return one_line(str(email.policy.default.header_factory("Subject", plain)))


class MendingPolicy(Compat32):
    """Parses like the classic policy, with every header mended as it is read."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and mended value of one header."""
        name, value = super().header_source_parse(sourcelines)
        return name, mend_header(value[:_LONGEST_HEADER])

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header line back as bytes; a forwarded mail is kept as a file this way."""
        return f"{name}: {value}{self.linesep}".encode("utf-8", "surrogateescape")


def _known_name(label: str | None) -> str:
    wanted = (label or "").strip("\"'\\ ").lower()
    try:
        return codecs.lookup(wanted).name if wanted else ""
    except (LookupError, ValueError):
        return wanted


def _ladder(raw: bytes, label: str) -> list[str]:
    if label in _LATIN:
        first = "iso8859-15" if label == "iso8859-15" else "cp1252"
        return ["utf-8", first]
    return ["utf-8", "cp1252"] if label in _NEVER else [label, "utf-8", "cp1252"]


def _mend_words(run: re.Match[str]) -> str:
    # Adjacent words of one charset are joined as bytes first: many programs cut characters in two.
    words = _WORD_PARTS.findall(run.group())
    grouped = itertools.groupby(words, key=lambda word: word[0].lower())
    texts = [decode_text(b"".join(_word_bytes(kind, data) for _, kind, data in group), name) for name, group in grouped]
    return "=?utf-8?b?" + base64.b64encode("".join(texts).encode("utf-8", "replace")).decode() + "?="


def _word_bytes(kind: str, data: str) -> bytes:
    raw = data.encode("utf-8", "replace")
    if kind in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw
