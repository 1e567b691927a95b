"""Prices and amounts as people write and read them: «49,00», «1.249,00», «49.–», «CHF 49.00». Kept as whole cents."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

WRONG_AMOUNT = "Bitte schreiben Sie den Betrag als Zahl, zum Beispiel 25 oder 25,50."
UNREADABLE = "Bitte schreiben Sie den Preis so: 49,00. Leer heißt: ohne Preis."
_NOISE = re.compile(r"eur(?:o)?|sfr\.?|chf|fr\.|fr(?=\s|\d|$)|€|[\s'’]", re.IGNORECASE)
_ROUND = re.compile(r"[.,](?:-+|–|—)$")  # «49,-»
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?")


def show_price(cents: int, country: str, language: str = "de") -> str:
    """«€ 49,00», in Germany «49,00 €», in Switzerland «CHF 49.00»; in English «€49.00» and «CHF 49.00»."""
    currency = "CHF" if country == "CH" else "EUR"
    locale = f"de_{country}" if language != "en" else "en_CH" if country == "CH" else "en_GB"
    return str(format_currency(Decimal(cents) / 100, currency, locale=locale)).replace("\xa0", " ")


def price_field(cents: int | None, country: str) -> str:
    """The price as it stands in a field, «49,00», '' for none; `parse_price` reads it back."""
    return "" if cents is None else str(format_decimal(Decimal(cents) / 100, "#,##0.00", locale=f"de_{country}"))


def parse_price(text: str) -> int | None:
    """Cents; None for an empty text. Raises ValueError with a German sentence for what is no price.

    Comma and point are both understood, whatever the country: three digits behind one are thousands, one or two cents.
    """
    return _cents(text, UNREADABLE) if _bare(text) else None


def parse_amount(text: str) -> int:
    """Cents of what something costs the shop, 0 for an empty text; understood as `parse_price` does.

    Raises ValueError with a German sentence for what is no amount.
    """
    return _cents(text, WRONG_AMOUNT) if _bare(text) else 0


def _bare(text: str) -> str:
    return _ROUND.sub("", _NOISE.sub("", text))


def _cents(text: str, refusal: str) -> int:
    plain = _bare(text)
    match = _AMOUNT.fullmatch(plain)
    if match is None or len(plain) > 15:
        raise ValueError(refusal)
    whole, cents = re.sub(r"[.,]", "", match[1]), (match[2] or "").ljust(2, "0")
    return int(whole) * 100 + int(cents)
