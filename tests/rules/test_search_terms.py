"""Finding by any spelling: what is typed becomes terms that stand in folded names and E.164 numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.folding import fold
from services.rules.phones import normalise_phone
from services.rules.same_person import Likeness, Traits, likeness, unlike_names
from services.rules.search_terms import search_terms

GRAZ = "+433161234567"


def finds(typed: str, hay: str, country: str = "AT") -> bool:
    return all(any(way in hay for way in term) for term in search_terms(typed, country))


@pytest.mark.parametrize(
    "typed",
    ["0316/1234567", "+43 316 1234567", "0043316 1234567", "0316 123", "(0316) 12 34 567", "+43 (0)316 1234567",
     "4567", "…567", "123 45 67", "Tel. 0316 1234", "0316", "+43", "maria 0316", "0316-1234 hofer maria",
     "MARIA  Hofer", "hófer"],
)  # fmt: skip
def test_every_notation_finds_the_number_and_the_name(typed: str) -> None:
    assert finds(typed, f"maria hofer {GRAZ}")


@pytest.mark.parametrize("typed", ["0317", "9316", "maria 0316 999", "hofer anna", "+49 316", "00491", "7654321"])
def test_another_number_or_name_is_not_found(typed: str) -> None:
    assert not finds(typed, f"maria hofer {GRAZ}")


def test_a_name_with_digits_is_found_by_them() -> None:
    assert finds("firma 24 7", fold("Firma 24 7 GmbH"))
    assert finds("studio 54", fold("Studio 54"))


def test_the_countrys_own_prefix_counts() -> None:
    assert finds("0316", "+41316", "CH")
    assert not finds("0316", "+41316", "AT")


def test_signs_alone_ask_for_nothing() -> None:
    assert search_terms(" – / … ", "AT") == []


@given(st.from_regex(r"0[1-9]{3}[ /-]?[0-9]{3} ?[0-9]{2}", fullmatch=True), st.integers(3, 8))
def test_a_number_is_found_from_its_first_digits_on(written: str, length: int) -> None:
    hay = normalise_phone(written, "AT")
    assert not hay or finds(written[:length].strip(" /-"), hay)


def traits(name: str, *ways: str) -> Traits:
    mails, phones = ([way for way in ways if ("@" in way) is mail] for mail in (True, False))
    return Traits(name, frozenset(mails), frozenset(phones))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (traits("Maria Hofer", "+43"), traits("Hofer Maria", "+43", "m@x"), Likeness.NAME_AND_WAY),
        (traits("Jürgen Groß", "j.gross@a"), traits("Juergen Gross", "j.gross@b"), Likeness.NAME_AND_WAY),
        (traits("Maria Hofer", "+43"), traits("Maria Hofer", "m@x"), Likeness.NAME),
        (traits("Hofer", "+43"), traits("Maria Hofer", "+43"), Likeness.NUMBER),
        (traits("Josef Huber", "+431", "a@x"), traits("Josef Huber", "+432", "b@x"), None),
        (traits("Josef Huber", "info@a"), traits("Josef Huber", "info@b"), None),
        (traits("Josef Huber", "+43"), traits("Anna Huber", "+43"), None),
        (traits("Huber", "+43"), traits("Huber", "h@x"), None),
        (traits("", "+43"), traits("Huber", "+43"), None),
    ],
)
def test_two_cards_look_alike_only_with_a_reason(one: Traits, other: Traits, why: Likeness | None) -> None:
    assert (likeness(one, other), likeness(other, one)) == (why, why)


@pytest.mark.parametrize(
    ("one", "other", "unlike"),
    [
        ("Anna Huber", "Peter Huber", ("Anna", "Peter")),
        ("Huber, Mag. Anna", "Fr. Andrea Huber", ("Anna", "Andrea")),
        ("Andrea Huber", "Andreas Huber", ("Andrea", "Andreas")),
        ("Anna Huber", "Peter Maier", ("Anna", "Peter")),
        ("J. Huber", "Dipl.-Ing. Josef Huber", None),
        ("Huber Anna", "anna  HUBER", None),
        ("Maria Hofer", "Maria Öztürk", ("Maria Hofer", "Maria Öztürk")),
        ("Huber Peter", "Anna Huber", ("Huber Peter", "Anna Huber")),
        ("Familie Huber", "Anna Huber", None),
        ("Jürgen Groß", "GROSS Juergen", None),
        ("Anna Maria Huber", "Huber Anna", None),
        ("Anna", "Peter", ("Anna", "Peter")),
        ("Frau", "Peter", None),
    ],
)
def test_what_two_names_bear_in_place_of_each_other(one: str, other: str, unlike: tuple[str, str] | None) -> None:
    found, back = unlike_names(one, other), unlike_names(other, one)
    assert (found and (found.one, found.other)) == (back and (back.other, back.one)) == unlike
    assert found is None or found.first_names is (unlike != (one, other))
