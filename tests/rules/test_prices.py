"""Prices as people of three countries write them, and as they read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.prices import parse_amount, parse_price, price_field, show_price


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("49", 4900),
        ("49,00", 4900),
        ("49.5", 4950),
        ("0", 0),
        ("€ 49", 4900),
        ("49,00 EUR", 4900),
        ("49,-", 4900),
        ("49,–", 4900),
        ("Fr. 49.–", 4900),
        ("CHF 1'249.50", 124950),
        ("1’249.50", 124950),
        ("1.249,00", 124900),
        ("1,249.00", 124900),
        ("1.249", 124900),
        ("12 490", 1249000),
        ("", None),
        ("  ", None),
    ],
)
def test_a_price_is_read_as_people_write_it(text: str, cents: int | None) -> None:
    assert parse_price(text) == cents


@pytest.mark.parametrize("text", ["abc", "-5", "49,00,00,0", "1.2.3", "49,123,4567", "nach Aufwand", "9" * 40])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="49,00"):
        parse_price(text)


@given(st.integers(0, 10_000_000), st.sampled_from(["AT", "DE", "CH"]))
def test_what_stands_in_the_field_is_read_back(cents: int, country: str) -> None:
    assert parse_price(price_field(cents, country)) == cents
    assert parse_price(show_price(cents, country)) == cents
    assert parse_price(show_price(cents, country, "en")) == cents
    assert parse_price(price_field(None, country)) is None


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("25", 2500),
        ("25,50", 2550),
        ("25.50", 2550),
        ("1.200", 120_000),
        ("1.200,00 €", 120_000),
        ("€ 25,-", 2500),
        ("CHF 1'200.50", 120_050),
        ("Fr. 25.–", 2500),
        ("0", 0),
        ("", 0),
        ("  ", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize("text", ["viel", "-25", "25,5055", "1.2.3", "25 oder 30", "ca. 25", "9" * 40])
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="25,50"):
        parse_amount(text)
