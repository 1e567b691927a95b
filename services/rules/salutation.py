"""How a customer is greeted in writing: never guessed from a first name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.records import Customer

# Highest first. Austria names the highest degree before the name, Germany only doctor and professor, Switzerland none.
_TITLES: tuple[tuple[str, str], ...] = (
    (r"(?:univ\.?-?\s*)?prof(?:\.|essor(?:in)?\b)?", "Prof."),
    (r"(?:dr\.?|doktor(?:in)?)", "Dr."),
    (r"(?:dipl\.?-?\s*ing\.?|(?-i:DI)\b)", "DI"),
    (r"mag\.?", "Mag."),
    (r"ing\.?", "Ing."),
)
_SPOKEN = {"AT": {"Prof.", "Dr.", "DI", "Mag.", "Ing."}, "DE": {"Prof.", "Dr."}, "CH": set[str]()}
_AFTER_DOT = r"(?:\s*(?:in|a|med|univ|phil|iur|jur|rer|nat|techn|vet|dent|h\.?c|fh)\.?(?=[\s(),]|$)|\s*\(fh\))*"
_LEADING_TITLE = re.compile(
    r"(?:" + "|".join(pattern for pattern, _ in _TITLES) + r")" + _AFTER_DOT + r"(?=[\s,]|$)\s*", re.IGNORECASE
)
_TRAILING_DEGREE = re.compile(
    r",?\s+(?:(?:B|M)\.?(?:A|Sc|Eng|Ed)\.?|MBA|LL\.?[BM]\.?|Ph\.?\s?D\.?|MAS|CAS|(?:jun|sen|jr|sr)\.)"
    r"(?:\s*\([^)]*\))?$",
    re.IGNORECASE,
)
_ADDRESS_WORD = re.compile(r"(frau|herrn?|hr\.|fr\.|familie|fam\.)\s+", re.IGNORECASE)
_ADDRESS_INITIALS = {"fr": "frau", "he": "herr", "hr": "herr", "fa": "familie"}
_COMPANY = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|og|ohg|ug|gbr|sarl|sàrl|verein|versicherung|autohaus|restaurant|hotel)\b|\be\.\s?[uvk]\.",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"von", "van", "vom", "de", "der", "den", "zu", "zum", "zur", "di", "da", "del", "della", "dos",
                        "du", "la", "le", "el", "al", "bin", "ten", "ter", "am"})  # fmt: skip


@dataclass(frozen=True)
class PersonName:
    """A name taken apart; what is not known is ''."""

    first: str
    last: str
    salutation: str  # 'frau', 'herr', 'familie' or ''
    title: str  # the highest one, in its short form


def greeting(customer: Customer, country: str) -> str:
    """«Guten Tag Frau Mag. Huber», «Hallo Maria» for Du, «Guten Tag Alex Muster» if no one said Frau or Herr.

    Without a comma; «Guten Tag» alone for a firm, a mail address or a lone name that could be either part.
    """
    person = person_name(customer)
    word, called = person.salutation.capitalize(), person.first
    if customer.form_of_address == "du":
        return _spoken("Hallo", called or (f"{word} {person.last}" if word == "Familie" else ""))
    title = person.title if person.title in _SPOKEN.get(country, set()) else ""
    if not person.last or not (word or title or called):
        return "Guten Tag"
    return _spoken("Guten Tag", word, title, "" if word else called, person.last)


def person_name(customer: Customer) -> PersonName:
    """First name, surname, Frau or Herr, and title of a customer; all '' when the name is no person's."""
    name = " ".join(customer.name.split())
    if not name or re.search(r"[@\d<>]|https?:", name) or _COMPANY.search(name):
        return PersonName("", "", "", "")
    salutation = customer.salutation
    if match := _ADDRESS_WORD.match(name):
        name, salutation = name[match.end() :], salutation or _ADDRESS_INITIALS[match[1].casefold()[:2]]
    bare, own_title = _without_titles(name)
    if salutation == "familie":
        return PersonName("", bare, salutation, "")
    first, last = split_name(bare)
    if not last and (own_title or salutation) and customer.form_of_address != "du":
        first, last = "", first
    return PersonName(first, last, salutation, _highest_title(f"{customer.title} {own_title}"))


def split_name(name: str) -> tuple[str, str]:
    """(first names, surname) of «Maria Huber», «Huber, Maria», «Ludwig van der Berg»; a lone word is the first."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and before and after:
        return after, before
    words = before.split()
    if len(words) < 2:
        return before, ""
    begin = next((i for i, word in enumerate(words) if i and word.casefold() in _PARTICLES), len(words) - 1)
    begin = min(begin, len(words) - 1)
    return " ".join(words[:begin]), " ".join(words[begin:])


def _spoken(*words: str) -> str:
    return " ".join(filter(None, words))


def _without_titles(name: str) -> tuple[str, str]:
    """The name without the degrees before and after it, and those before it."""
    rest, titles = name, ""
    while (match := _LEADING_TITLE.match(rest)) and match.end() < len(rest):
        titles, rest = f"{titles} {match[0]}", rest[match.end() :]
    while match := _TRAILING_DEGREE.search(rest):
        rest = rest[: match.start()]
    return rest.strip(" ,"), titles.strip()


def _highest_title(titles: str) -> str:
    for pattern, short in _TITLES:
        if re.search(rf"(?<![\w-]){pattern}(?![\w-])", titles, re.IGNORECASE):
            return short
    return ""
