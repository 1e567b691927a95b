"""Whether two cards may be one person's. Only ever a proposal: a person decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.rules.folding import fold

# Addresses of a firm's counter, which half a village may share in front of the «@».
_ANYBODY = frozenset({"info", "office", "kontakt", "contact", "mail", "post", "buero", "service", "hallo", "hello"})

# Words before a name that say nothing about whose it is.
_NO_NAME = frozenset({"hr", "herr", "herrn", "fr", "frau", "fam", "familie", "mag", "dr", "dipl", "ing", "prof", "di"})


class Likeness(StrEnum):
    """Why two cards look alike, the strongest first."""

    NAME_AND_WAY = "name_and_way"  # one name, one number or one name in front of the «@»
    NUMBER = "number"  # one number, and the one name is part of the other
    NAME = "name"  # one name, and nothing that speaks against it


@dataclass(frozen=True)
class Traits:
    """What is compared: the name, and normalised mail addresses and numbers."""

    name: str
    mails: frozenset[str]
    phones: frozenset[str]


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """Why the two look like one person, None when they do not.

    A name alone counts when one of the cards has no number or no address: two Josef Hubers with a number and an
    address each are more often father and son. A number alone is a family's.
    """
    mine, theirs = frozenset(fold(one.name).split()), frozenset(fold(other.name).split())
    number = bool(one.phones & other.phones)
    if mine == theirs and len(mine) > 1:
        if number or _locals(one) & _locals(other):
            return Likeness.NAME_AND_WAY
        both = (one.phones and other.phones) or (one.mails and other.mails)
        return None if both else Likeness.NAME
    return Likeness.NUMBER if number and _part_of(mine, theirs) else None


def names_agree(one: str, other: str) -> bool:
    """Whether two names may be one person's: neither has a word that the other lacks, initials and titles apart.

    «J. Huber» and «Dipl.-Ing. Josef Huber» agree; Josef and Maria Huber do not.
    """
    few, many = sorted((_name_words(one), _name_words(other)), key=len)
    return all(any(word.startswith(each) or each.startswith(word) for word in many) for each in few)


@dataclass(frozen=True)
class Unlike:
    """What two names that are not one person's bear in place of each other: the first names, or else all of both."""

    one: str
    other: str
    first_names: bool


def unlike_names(one: str, other: str) -> Unlike | None:
    """What differs in the names of two cards, as people write it; None where one name is all of the other, initials
    and titles apart. Stricter than `names_agree`: Andrea and Andreas share a phone more often than a name."""
    mine, theirs = _written_words(one), _written_words(other)
    few, many = sorted((mine, theirs), key=len)
    if all(_stands_in(word, many) for word in few):
        return None
    if len(few) > 1 and not _stands_in(mine[0], theirs) and not _stands_in(theirs[0], mine):
        return Unlike(mine[0], theirs[0], first_names=True)
    return Unlike(one, other, first_names=False)


def _stands_in(word: str, words: Iterable[str]) -> bool:
    """Whether the word is among the others, in any spelling or by its initial."""
    pairs = (sorted((fold(word), fold(other)), key=len) for other in words)
    return any(short == long or (len(short) == 1 and long.startswith(short)) for short, long in pairs)


def _name_words(name: str) -> list[str]:
    words = (word.strip(".,") for word in fold(name).replace("-", " ").split())
    return [word for word in words if word and word not in _NO_NAME]


def _written_words(name: str) -> list[str]:
    """The words of a name as they are written, the first name first: «Huber, Mag. Anna» begins with Anna."""
    family, _comma, first = name.partition(",")
    return [word.strip(".,") for word in f"{first} {family}".split() if _name_words(word)]


def is_nameless(name: str, ways: Collection[str]) -> bool:
    """Whether a card bears one of its addresses or numbers, as people write them, in place of a name, or nothing."""
    return not name.strip() or name in ways


def fold_card(name: str, ways: Iterable[str]) -> str:
    """Name, addresses and numbers of a card as the search wants them."""
    return fold(" ".join([name, *ways]))


def _locals(person: Traits) -> frozenset[str]:
    return frozenset(mail.partition("@")[0] for mail in person.mails) - _ANYBODY


def _part_of(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)
