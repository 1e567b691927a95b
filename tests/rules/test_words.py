"""Folding, phone numbers and what in a mail's head ties it to a conversation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.folding import fold
from services.rules.phones import normalise_phone, show_phone
from services.rules.threads import match_order, plain_subject, subject_token


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "MUELLER"),
        ("Mu\u0308ller", "Mueller"),
        ("Straße", "strasse"),
        ("STRASSE", "straße"),
        ("José  Peña", "jose pena"),
        ("Łódź", "lodz"),
        ("Crème", "CREME"),
    ],
)
def test_words_alike_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("0316 / 123 45 67", "AT", "+433161234567"),
        ("+43 (0)316 123456", "AT", "+43316123456"),
        ("(0316) 12 34 56", "AT", "+43316123456"),
        ("0043 664 123 45 67", "DE", "+436641234567"),
        ("Tel.: 030 1234567", "DE", "+49301234567"),
        ("044.123.45.67", "CH", "+41441234567"),
        ("123456", "AT", ""),
        ("24.11.2026", "AT", ""),
        ("morgen um 0900", "AT", ""),
        ("0316", "AT", ""),
        ("name0316123456@example.org", "AT", ""),
        ("", "AT", ""),
    ],
)
def test_a_number_has_one_notation_and_anything_else_none(text: str, country: str, expected: str) -> None:
    assert normalise_phone(text, country) == expected


def test_numbers_are_shown_as_people_dial_them() -> None:
    assert show_phone("+41441234567", "CH") == "044 123 45 67"
    assert show_phone("+41441234567", "AT") == "+41 44 123 45 67"
    assert show_phone("kein Telefon", "AT") == "kein Telefon"


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"0[1-9][0-9]{5,9}", fullmatch=True), st.sampled_from(["AT", "DE", "CH"]))
def test_a_number_shown_is_read_back_as_the_same(text: str, country: str) -> None:
    number = normalise_phone(text, country)
    assert not number or normalise_phone(show_phone(number, country), country) == number


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: AW: WG: Mein Golf [#4711]", "Mein Golf"),
        ("AW:Re[2]: Termin", "Termin"),
        ("[#12] Fwd:  Zwei\n Zeilen", "Zwei Zeilen"),
        ("Reparatur: Bremse", "Reparatur: Bremse"),
        ("Re: ", ""),
    ],
)
def test_a_subject_loses_its_prefixes_and_token(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain


def test_the_last_token_counts_and_a_number_alone_is_none() -> None:
    assert subject_token("Re: [#12] und [#34]") == 34
    assert subject_token("Rechnung #12 [12]") is None


def test_message_ids_are_searched_from_the_nearest() -> None:
    assert match_order(["<c@z>"], ["<a@x>", "<b@y>", "<c@z>"]) == ("<c@z>", "<b@y>", "<a@x>")
