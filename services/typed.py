"""What people type into a form field, made harmless to keep: one line, no control characters, a bearable length."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from services.errors import InvalidInputError
from services.rules.prices import parse_amount, parse_price

# They turn the reading direction of whatever stands behind them, so that one name could garble a list.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PHONE = re.compile(r"[+(]?[\d\s()/.\-–]+(?:(?:DW|Kl\.?|Durchwahl|ext\.?)\s*\d+)?", re.IGNORECASE)
FEWEST_DIGITS = 5  # a village shop in Austria may have no more
HIGHEST_PRICE = 10_000_000  # cents; above it a point or comma was forgotten
NO_PRICE = "Der Preis ist zu hoch oder kleiner als null."
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """The text in NFC as one line without control characters; runs of white space become one blank."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    kept = (char for char in spaced if char not in _DIRECTION and unicodedata.category(char) not in _FORBIDDEN)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def shorten(text: str, length: int) -> str:
    """`text` on one line; what is longer than `length` signs is cut at a word, with «…» behind it."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(".,;:") + " …"


def short_line(text: str, limit: int = 120) -> str:
    """One line of at most `limit` characters, '' allowed; raises InvalidInputError when it is longer."""
    line = one_line(text)
    if len(line) > limit:
        raise InvalidInputError("Das ist zu lang. Höchstens {limit} Zeichen.", limit=limit)
    return line


def needed_line(text: str, sentence: str, limit: int = 120) -> str:
    """One line that must say something; raises InvalidInputError with `sentence` when it does not."""
    line = short_line(text, limit)
    if not any(char.isalnum() for char in line):
        raise InvalidInputError(sentence)
    return line


def phone_line(text: str) -> str:
    """A phone number as its owner writes it, '' allowed; raises InvalidInputError for what nobody could dial."""
    line = short_line(text, 40)
    if line and (not _PHONE.fullmatch(line) or sum(char.isdigit() for char in line) < FEWEST_DIGITS):
        raise InvalidInputError("Das ist keine Telefonnummer. Beispiel: 0512 555 870")
    return line


def server_name(text: str) -> str:
    """A server's name or address in lower case; raises InvalidInputError."""
    host = text.strip().lower()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise InvalidInputError("Bitte schreiben Sie den Namen des Servers. Beispiel: imap.example.org")
    return host


def port_number(text: str) -> int:
    """A port from 1 to 65535; raises InvalidInputError."""
    if not re.fullmatch(r"[0-9]{1,5}", text.strip()) or not 0 < int(text) < 65536:
        raise InvalidInputError("Der Anschluss ist eine Zahl, meist 993 oder 465.")
    return int(text)


def check_address(address: str) -> str:
    """The address in the form that mail servers take; InvalidInputError with a sentence for all others."""
    if not address.strip():
        raise InvalidInputError("Die E-Mail-Adresse fehlt noch.")
    try:
        checked = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidInputError(
            "«{address}» ist keine gültige E-Mail-Adresse.", address=one_line(address)[:80]
        ) from None
    return checked.ascii_email or checked.normalized


def price_amount(text: str) -> int | None:
    """Cents of a price as a person wrote it, None for an empty text; raises InvalidInputError."""
    try:
        cents = parse_price(text)
    except ValueError as error:
        raise InvalidInputError(str(error)) from error
    if cents is not None and cents > HIGHEST_PRICE:
        raise InvalidInputError(NO_PRICE)
    return cents


def money_amount(text: str) -> int:
    """Cents of an amount as a person wrote it, 0 for an empty text; raises InvalidInputError."""
    try:
        return parse_amount(text)
    except ValueError as error:
        raise InvalidInputError(str(error)) from error


def free_text(text: str, limit: int) -> str:
    """A text of several lines without control characters, at most one empty line in a row and `limit` characters.

    '' allowed; raises InvalidInputError when it is longer.
    """
    lines = "\n".join(one_line(line) for line in text.splitlines())
    kept = re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
    if len(kept) > limit:
        raise InvalidInputError("Das ist zu lang. Höchstens {limit} Zeichen.", limit=limit)
    return kept
