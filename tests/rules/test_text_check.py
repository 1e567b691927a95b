from __future__ import annotations

import pytest

from services.rules.text_check import check_reply, questions_in

GOOD = """Guten Tag Frau Huber,

Ihr Golf ist am Freitag, 27. November, um 10:30 Uhr fertig. Der Gesamtpreis ist € 149,00 inkl. USt.

Wenn etwas nicht passt, rufen Sie mich an: 0316 001234.

Herzliche Grüße
Anna Muster"""


def rules(text: str, **options: str) -> list[str]:
    return [hint.rule for hint in check_reply(text, **options)]


def test_a_good_reply_gets_no_remark() -> None:
    assert check_reply(GOOD) == []


def test_only_an_unfinished_text_blocks() -> None:
    hints = check_reply("Guten Tag Frau Huber,\n\nes kostet {preis}, zeitnah.")
    assert [(hint.rule, hint.blocks) for hint in hints] == [("C1", True), ("C15", False)]
    assert hints[0].words() == "Hier fehlt noch etwas: {preis}"


@pytest.mark.parametrize("greeting", ["Sehr geehrte Frau ,", "Liebe ,", "Guten Tag Herr -,"])
def test_a_greeting_without_a_name_blocks(greeting: str) -> None:
    assert rules(f"{greeting}\n\nIhr Auto ist da.")[0] == "C1"


@pytest.mark.parametrize("greeting", ["Guten Tag,", "Hallo,", "Hallo Maria,"])
def test_a_plain_greeting_is_fine(greeting: str) -> None:
    assert rules(f"{greeting}\n\ndas Auto ist da.") == []


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Vielen Dank für Ihre Anfrage. Das Auto ist da.", "C4"),
        ("Sie haben leider vergessen, den Schlüssel abzugeben.", "A4"),
        ("Wie bereits erwähnt ist das Auto da.", "A4"),
        ("Es tut mir leid, falls Sie warten mussten.", "A5"),
        ("Wir entschuldigen uns für die Unannehmlichkeiten.", "A5"),
        ("Es antwortet Ihr Serviceteam.", "C8"),
        ("Bezüglich der Bremse ist alles gut.", "C12"),
        ("Wir melden uns schnellstmöglich.", "C15"),
        ("Das Auto ist in Kürze fertig.", "C15"),
    ],
)
def test_each_rule_finds_its_words(sentence: str, rule: str) -> None:
    assert rules(f"Guten Tag Frau Huber,\n\n{sentence}") == [rule]


def test_sie_and_du_do_not_mix() -> None:
    assert rules("Hallo Maria,\n\ndein Auto ist da, bitte holen Sie es.") == ["A1"]
    assert rules("Hallo Maria,\n\ndein Auto ist da.", form_of_address="sie") == ["A1"]
    assert rules("Hallo Maria,\n\nbitte holen Sie es.", form_of_address="du") == ["A1"]
    assert rules("Hallo Maria,\n\ndein Auto ist da.", form_of_address="du") == []


def test_swiss_texts_do_without_the_sharp_s() -> None:
    assert rules("Guten Tag\n\nDie Straße ist frei.", country="CH") == ["C18"]
    assert rules("Guten Tag\n\nDie Straße ist frei.", country="DE") == []


def test_a_hint_offers_the_plain_word() -> None:
    (hint,) = check_reply("Hallo,\n\nsämtliche Räder sind da.")
    assert (hint.place, hint.plain) == ("sämtliche", "alle")
    assert "alle" in hint.words()


def test_questions_are_found_whole_even_when_the_mail_breaks_its_lines() -> None:
    text = (
        "Guten Tag,\n\nich habe eine Frage zum Golf meiner Tochter: Was kostet\n"
        "der große Service z. B. mit neuen Bremsen hinten?\n\n"
        "Und geht es noch am 24.11. oder am 25.11.?\nWie geht es Ihnen?\nLink: https://a.example/?x=1 ok\n\nDanke!"
    )
    found = questions_in(text)
    assert len(found) == 2
    assert found[0].endswith("Was kostet der große Service z. B. mit neuen Bremsen hinten?")
    assert found[1] == "Und geht es noch am 24.11. oder am 25.11.?"


def test_no_question_is_no_list_and_a_repeated_one_stands_once() -> None:
    assert questions_in("Ich hätte gern einen Termin.") == []
    assert questions_in("Wann? Wann? ???") == ["Wann?"]
