from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Customer
from services.rules.salutation import greeting, person_name, split_name


def customer(name: str, salutation: str = "", title: str = "", form_of_address: str = "sie") -> Customer:
    return Customer(1, name, salutation, title, form_of_address, "de", "", datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("country", "title", "expected"),
    [
        ("AT", "Mag.", "Guten Tag Frau Mag. Huber"),
        ("AT", "Mag. Dr.", "Guten Tag Frau Dr. Huber"),
        ("AT", "Univ.-Prof. DI Dr.", "Guten Tag Frau Prof. Huber"),
        ("AT", "Dipl.-Ing.", "Guten Tag Frau DI Huber"),
        ("AT", "Ing.", "Guten Tag Frau Ing. Huber"),
        ("AT", "BA", "Guten Tag Frau Huber"),
        ("DE", "Mag.", "Guten Tag Frau Huber"),
        ("DE", "Dr. med.", "Guten Tag Frau Dr. Huber"),
        ("CH", "Dr.", "Guten Tag Frau Huber"),
    ],
)
def test_each_country_says_its_own_titles(country: str, title: str, expected: str) -> None:
    assert greeting(customer("Maria Huber", "frau", title), country) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mag. Maria Huber, BA", "Guten Tag Mag. Huber"),
        ("DI (FH) Karl Lang MSc", "Guten Tag DI Lang"),
        ("Frau Maria Huber", "Guten Tag Frau Huber"),
        ("Frau Huber", "Guten Tag Frau Huber"),
        ("Herrn Dr. Moser", "Guten Tag Herr Dr. Moser"),
        ("Fam. Gruber", "Guten Tag Familie Gruber"),
        ("Dr. Huber", "Guten Tag Dr. Huber"),
        ("Alex Muster", "Guten Tag Alex Muster"),
        ("Ludwig van der Berg", "Guten Tag Ludwig van der Berg"),
        ("Di Stefano Marco", "Guten Tag Di Stefano Marco"),
    ],
)
def test_a_name_says_what_it_says_and_nothing_is_guessed(name: str, expected: str) -> None:
    said = greeting(customer(name), "AT").replace(" Maria Huber", " Huber").replace(" Karl Lang", " Lang")
    assert said == expected


@pytest.mark.parametrize(
    "name", ["", "Huber", "maria@example.org", "+43 316 001234", "Autohaus Gruber GmbH", "Imkerei e.U."]
)
def test_who_is_not_known_by_name_gets_a_plain_greeting(name: str) -> None:
    assert greeting(customer(name), "AT") == "Guten Tag"


def test_du_takes_the_first_name() -> None:
    assert greeting(customer("Mag. Maria Huber", "frau", form_of_address="du"), "AT") == "Hallo Maria"
    assert greeting(customer("Maria", form_of_address="du"), "AT") == "Hallo Maria"
    assert greeting(customer("", form_of_address="du"), "AT") == "Hallo"
    assert greeting(customer("Familie Gruber", form_of_address="du"), "AT") == "Hallo Familie Gruber"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Maria Huber", ("Maria", "Huber")),
        ("Huber, Maria", ("Maria", "Huber")),
        ("Anna Maria Huber-Lang", ("Anna Maria", "Huber-Lang")),
        ("Karl von Au", ("Karl", "von Au")),
        ("Marco di Stefano", ("Marco", "di Stefano")),
        ("Huber", ("Huber", "")),
        ("", ("", "")),
    ],
)
def test_first_name_and_surname_come_apart(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_what_the_card_says_outranks_the_name() -> None:
    assert person_name(customer("Frau Huber", "herr")).salutation == "herr"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "frau", "herr"]), st.sampled_from(["sie", "du"]))
def test_any_name_gives_one_line_that_greets(name: str, salutation: str, form: str) -> None:
    said = greeting(customer(name, salutation, form_of_address=form), "AT")
    assert said.startswith(("Guten Tag", "Hallo"))
    assert said == " ".join(said.split())
