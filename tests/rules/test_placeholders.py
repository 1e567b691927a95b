from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.placeholders import below_own_line, broken_brace, fill, unfilled
from services.template_texts import starting_templates


def test_known_names_are_filled_and_unknown_ones_stay_in_sight() -> None:
    filled = fill("{anrede} Preis: {preis}, {Tag und Uhrzeit}", {"anrede": "Guten Tag,", "preis": "€ 49,00"})
    assert filled.text == "Guten Tag, Preis: € 49,00, {Tag und Uhrzeit}"
    assert filled.missing == ("Tag und Uhrzeit",)


def test_an_empty_value_counts_as_none() -> None:
    assert fill("{vorname} {vorname|du}", {"vorname": ""}).text == "{vorname} du"


def test_words_after_the_bar_stand_in() -> None:
    assert fill("{preis|nach Aufwand}", {}).text == "nach Aufwand"
    assert fill("{preis|nach Aufwand}", {"preis": "€ 9"}).text == "€ 9"


def test_a_pair_says_sie_or_du() -> None:
    text = "{Ihr/Dein} Auto, {haben Sie/hast Du} Zeit?"
    assert fill(text, {}).text == "Ihr Auto, haben Sie Zeit?"
    assert fill(text, {}, form_of_address="du").text == "Dein Auto, hast Du Zeit?"


def test_a_line_that_comes_out_empty_goes_with_one_blank_line() -> None:
    assert fill("A\n\n{persoenliche_zeile|}\n\nB", {}).text == "A\n\nB"
    assert fill("A\n{persoenliche_zeile|}\nB", {}).text == "A\nB"
    assert fill("A\n\n{persoenliche_zeile|}\n\nB", {"persoenliche_zeile": "Schön!"}).text == "A\n\nSchön!\n\nB"


def test_every_template_that_comes_with_theke_has_room_for_a_line_of_ones_own() -> None:
    for text in starting_templates("DE", "mode"):
        assert below_own_line(text.body) == 2, text.name  # the way to a person, and who writes


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("{anrede}\n\n{persoenliche_zeile|}", 0),
        ("{anrede}\n\n{ Persoenliche_Zeile | }\n\n\nBis bald\nSandra", 1),
        ("{anrede}\n\n{persoenliche_zeile}\n\nBis bald", None),  # that one is a gap already
        ("{anrede}\n\n{persoenliche_zeile|Alles Gute!}\n\nBis bald", None),
        ("{anrede}\n\nBis bald", None),
    ],
)
def test_the_room_for_a_line_of_ones_own_is_known_by_what_stands_below_it(text: str, below: int | None) -> None:
    assert below_own_line(text) == below


def test_a_customers_text_is_never_a_template() -> None:
    values = {"name": "{preis} {0.__class__} {Sie/Du} {x|y}", "preis": "€ 1"}
    assert fill("{name}!", values).text == "{preis} {0.__class__} {Sie/Du} {x|y}!"
    assert fill("{name.__class__} {name[0]} {0}", values).missing == ("name.__class__", "name[0]", "0")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(max_size=30)))
def test_any_text_and_any_value_can_be_filled(text: str, values: dict[str, str]) -> None:
    filled = fill(text, values)
    assert all("{" + name in text.replace("{ ", "{") or name == name.strip() for name in filled.missing)
    assert fill("<{a}>", values).text == (f"<{values['a']}>" if values.get("a") else "<{a}>")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab |/{}\n", max_size=40))
def test_nothing_that_still_asks_for_a_value_slips_through(text: str) -> None:
    filled = fill(text, {})
    assert not filled.missing or unfilled(filled.text)


@pytest.mark.parametrize("text", ["{preis}", "um {uhrzeit", "{}", "XXX Euro", "TODO: Preis", "{persoenliche_zeile|}"])
def test_what_is_not_finished_is_found(text: str) -> None:
    assert unfilled(text)


@pytest.mark.parametrize("text", ["Größe XXL", "XXX-Large", "Größe XXXL", "todos", "alles da", "Gruß ;-}"])
def test_finished_texts_pass(text: str) -> None:
    assert unfilled(text) == ()


def test_a_brace_that_opens_or_closes_nothing_is_broken() -> None:
    assert broken_brace("{offen")
    assert broken_brace("zu}")
    assert not broken_brace("{zu} {x|} {Sie/Du}")
