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


def test_an_unfinished_text_blocks_and_style_does_not() -> None:
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


def greets(greeting: str, surname: str = "Huber", known: str = "Maria Huber") -> list[str]:
    found = check_reply(f"{greeting}\n\nIhr Auto ist da.", surname=surname, known=known, form_of_address="")
    return [hint.place for hint in found if hint.rule == "C2"]


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        ("Guten Tag Frau Moser,", "Moser"),
        ("Sehr geehrter Herr Dr. Moser!", "Dr. Moser"),
        ("Liebe Familie Özdemir,", "Özdemir"),
        ("Grüß Gott Frau Mag. Moser-Berger", "Mag. Moser-Berger"),
        ("Guten Tag Alex Moser,", "Alex Moser"),
        ("Guten Tag Frau Moser, Ihr Auto ist fertig.", "Moser"),
    ],
)
def test_a_greeting_for_somebody_else_is_noticed_and_does_not_block(greeting: str, name: str) -> None:
    assert greets(greeting) == [name]
    (hint,) = check_reply(f"{greeting}\n\nIhr Auto ist da.", surname="Huber", known="Maria Huber")
    assert not hint.blocks
    assert hint.words() == f"Die Anrede nennt «{name}», der Name ist Huber."


@pytest.mark.parametrize(
    "greeting",
    [
        "Guten Tag Frau Huber,",
        "Guten Tag Frau Mag. HUBER",
        "Liebe Frau Huber-Moser,",
        "Guten Tag Herr und Frau Huber,",
        "Liebe Frau Huber, lieber Herr Moser,",
        "Guten Tag Maria Huber,",
        "Hallo Maria,",
        "Hallo Sepp,",
        "Guten Tag,",
        "Sehr geehrte Damen und Herren,",
        "Sehr geehrte Frau Doktor,",
        "Lieber Herr Nachbar,",
        "Hallo Ihr Lieben,",
        "Liebe Kundin, lieber Kunde,",
        "Herr Moser hat Ihr Auto repariert.",
        "Guten Tag, Herr Moser aus der Werkstatt hat Ihr Auto repariert.",
    ],
)
def test_a_greeting_that_may_be_right_gets_no_remark(greeting: str) -> None:
    assert greets(greeting) == []


def test_whoever_signed_or_writes_from_the_address_is_no_stranger() -> None:
    assert greets("Guten Tag Herr Moser,", known="Maria Huber\nLG Peter Moser") == []
    assert greets("Guten Tag Herr Müller,", known="p.mueller@example.org") == []
    assert greets("Guten Tag Herr Moser,", surname="", known="Autohaus Huber GmbH") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Wir melden uns.",
        "Ich melde mich bei Ihnen.",
        "Ich schaue nach und gebe Bescheid.",
        "Ich rufe Sie gern zurück.",
        "Ich kläre das mit der Werkstatt.",
        "Das klären wir. Bis bald!",
    ],
)
def test_a_promise_without_any_time_is_asked_for_one(sentence: str) -> None:
    assert rules(f"Guten Morgen Frau Huber,\n\n{sentence}") == ["C7"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ich melde mich morgen.",
        "Wir melden uns bis Freitag.",
        "Ich rufe Sie um 16 Uhr an.",
        "Wir melden uns am 24.11.",
        "Wir melden uns nächste Woche.",
        "Ich kläre das. Am Nachmittag wissen Sie mehr.",
        "Wir melden uns, sobald das Teil da ist.",
        "Wenn Sie mir Ihre Nummer schicken, rufe ich Sie gern zurück.",
        "Das klären wir am Telefon.",
        "Melden Sie sich, rufen Sie mich gern an.",
        "Ihr Auto ist da.",
    ],
)
def test_a_promise_with_a_time_or_none_at_all_gets_no_remark(sentence: str) -> None:
    assert rules(f"Guten Morgen Frau Huber,\n\n{sentence}") == []


def test_only_the_longest_sentence_is_called_long() -> None:
    words = "wort " * 22
    assert rules(f"Hallo,\n\nDas {words.strip()}.") == ["C10"]
    (hint,) = check_reply(f"Hallo,\n\nDas {words}hier. Ein {words}und noch eines.")
    assert (hint.plain, hint.place.split()[0]) == ("26", "Ein")


@pytest.mark.parametrize(
    "text",
    [
        f"Das {'wort ' * 20}auch.",
        f"{'wort ' * 15}kostet 149. Danach {'wort ' * 15}gut.",
        f"Enthalten: {', '.join(['Filter'] * 30)}.",
        f"{'wort ' * 15}so: {'wort ' * 15}gut.",
        "\n".join(["- " + "wort " * 12] * 5),
        f"{'wort ' * 15}am 24. November {'wort ' * 3}gut.",
    ],
)
def test_what_is_no_long_sentence_gets_no_remark(text: str) -> None:
    assert rules(f"Hallo,\n\n{text}") == []


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
