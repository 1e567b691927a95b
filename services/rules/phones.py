"""Phone numbers: E.164 inside, the country's own notation outside."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_WRITTEN = re.compile(r"(?:(?:tel|telefon|mobil|handy)\b[.:\s]*)?(\(?(?:\+|0)[\d\s()/.\-–]*)", re.IGNORECASE)
_FEWEST_DIGITS = 6
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_OF_NO_COUNTRY = "001"  # satellites and the like


def normalise_phone(text: str, country: str) -> str:
    """The number in E.164 («+43316001234»), or '' if `text` is no phone number of a possible length.

    `country` ('AT', 'DE', 'CH') decides what a leading 0 means; without 0 or + it is no number one could dial.
    """
    number = _parse(text, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""


def show_phone(e164: str, country: str) -> str:
    """«0316 001234» at home, «+49 30 1234567» for a number of another country; other text comes back as it is."""
    number = _parse(e164, country)
    if number is None:
        return e164
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    # A number too short for its area code loses the 0 here; without it nobody could dial it, so it keeps its +.
    if number.country_code == phonenumbers.country_code_for_region(country) and national.lstrip("(").startswith("0"):
        return national
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def is_costly(text: str, country: str) -> bool:
    """Whether a call to this number costs more than one to a person: 0900 and the like, satellites."""
    number = _parse(text, country)
    if number is None:
        return False
    at_home = phonenumbers.country_code_for_region(country) == number.country_code
    return (
        phonenumbers.number_type(number) in _COSTLY
        or phonenumbers.region_code_for_country_code(number.country_code or 0) == _OF_NO_COUNTRY
        or (at_home and str(number.national_number).startswith("900"))
    )


def _parse(text: str, country: str) -> PhoneNumber | None:
    # «parse» also finds a number inside a sentence or a date; a contact is the whole text, with its prefix, or nothing.
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or sum(letter.isdigit() for letter in text) < _FEWEST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(match[1], country)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
