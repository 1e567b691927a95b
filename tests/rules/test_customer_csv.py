"""Lists of other programs: any bytes give lines and sentences, each under the number that an editor shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.customer_csv import (
    LARGEST,
    LONGEST_CELL,
    MOST_LINES,
    MOST_WAYS,
    TOO_LONG,
    TOO_MANY,
    TOO_WIDE,
    UNCLOSED,
    UNREADABLE,
    PersonLine,
    UnreadableListError,
    read_list,
)

HEAD = "Name;E-Mail;Telefon;Notiz\n"


def people(text: str | bytes) -> list[PersonLine]:
    return list(read_list(text if isinstance(text, bytes) else text.encode()).people())


def only(text: str | bytes) -> PersonLine:
    found = people(text)
    assert len(found) == 1
    return found[0]


@given(st.binary(max_size=400) | st.text(st.sampled_from('Näme;,\t|"\n\r\x00=@+1'), max_size=300).map(str.encode))
@settings(max_examples=100)
def test_whatever_the_bytes_nothing_breaks_and_every_number_is_a_line(rest: bytes) -> None:
    content = HEAD.encode() + rest
    found = people(content)
    last = len(content.decode("cp1252", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    numbers = [person.line for person in found]
    assert numbers == sorted(set(numbers))
    assert all(2 <= number <= last for number in numbers)


@given(
    st.lists(st.sampled_from(["Maria;m@a.at;;", '"Hofer;m@a.at;;', '"Ma\nria";;;x', "", ";;;", 'x;y;"z', "a;b;c;d;e"]))
)
@settings(max_examples=60)
def test_a_whole_line_is_read_whatever_stands_around_it(rows: list[str]) -> None:
    text = HEAD + "\n".join([*rows, "Letzte;l@a.at;;"])
    last = people(text)[-1]
    assert (last.line, last.name, last.mails) == (text.count("\n") + 1, "Letzte", ("l@a.at",))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Vorname;Nachname;E-Mail-Adresse;Mobiltelefon", "Maria;Hofer;m@a.at;0664 1"),
        ("Nachname,Vorname,Email,Handy", "Hofer,Maria,m@a.at,0664 1"),
        ("First Name\tLast Name\tE-mail 1 - Value\tPhone 1 - Value", "Maria\tHofer\tm@a.at\t0664 1"),
        ("Kunde|E-Mail|Tel.", "Maria Hofer|m@a.at|0664 1"),
        ("sep=;\nNAME;EMAIL;Telefon (privat)", "Maria Hofer;m@a.at;0664 1"),
    ],
)
def test_columns_go_by_the_headings_of_usual_exports(head: str, row: str) -> None:
    person = only(f"{head}\n{row}\n")
    assert (person.name, person.mails, person.phones) == ("Maria Hofer", ("m@a.at",), ("0664 1",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert only("Name;Notiz\nJörg Weiß;Grüße\n".encode(encoding)).name == "Jörg Weiß"


def test_a_spoiled_sign_in_a_good_file_costs_its_line_only() -> None:
    content = HEAD.encode() + "Jörg Müller;;;Größe\n".encode() + b"Hei\xdfler;;;\n"
    assert [(p.name, p.problem) for p in people(content)] == [("Jörg Müller", ""), ("", UNREADABLE)]


def test_a_quote_that_nobody_closes_costs_its_line_only() -> None:
    found = people(HEAD + '"Hofer;;;\nHuber;h@a.at;;\n"Ber""ger";;;"zwei\nZeilen"\nEnde;;;')
    assert [(p.line, p.name, p.problem) for p in found] == [
        (2, "", UNCLOSED), (3, "Huber", ""), (4, 'Ber"ger', ""), (6, "Ende", ""),
    ]  # fmt: skip
    assert found[2].note == "zwei\nZeilen"
    assert only(HEAD + 'Hofer;;;"eins\nzwei ""zitiert""\ndrei"').note == 'eins\nzwei "zitiert"\ndrei'


def test_broken_lines_say_why() -> None:
    many = ",".join(f"a{number}@a.at" for number in range(MOST_WAYS + 1))
    rows = f"Hofer;;;;fünfte\nHuber;;;{'x' * (LONGEST_CELL + 1)}\nBerger;{many};;\n"
    assert [p.problem for p in people(HEAD + rows)] == [TOO_WIDE, TOO_LONG, TOO_MANY]
    just = f"Huber;;;{'x' * LONGEST_CELL}\nBerger;{many.rpartition(',')[0]};;\n"
    assert [p.problem for p in people(HEAD + just)] == ["", ""]


def test_formulas_are_words_and_nul_is_nothing() -> None:
    person = only(HEAD + "=HYPER\x00LINK(1);a@a.at b@a.at;'+43 512 1;'tis\n")
    assert (person.name, person.mails) == ("=HYPERLINK(1)", ("a@a.at", "b@a.at"))
    assert (person.phones, person.note) == (("+43 512 1",), "'tis")
    assert only(HEAD + "Eva;;;'5 Sterne").note == "5 Sterne"


def test_salutation_form_language_and_firm_find_their_place() -> None:
    head = "Firma;Name;Titel;Anrede;Ansprache;Sprache;Vorlieben;Kundennummer\n"
    found = read_list((head + "Hofer KG;Eva Hofer;Mag.;Frau;Du;Englisch;Tee;17\nHofer KG;;Herr;;;;;\n").encode())
    first, second = found.people()
    assert (first.title, first.salutation, first.form, first.language, first.likes) == (
        "Mag.",
        "frau",
        "du",
        "en",
        "Tee",
    )
    assert (first.name, first.note) == ("Eva Hofer", "Firma: Hofer KG")
    assert (second.name, second.title, second.salutation) == ("Hofer KG", "", "herr")
    assert found.left_out == ("Kundennummer",)


def test_of_two_like_columns_the_first_that_says_something_counts() -> None:
    head = "Name;Titel;Titel;Werbesperre;Kontakt per\n"
    first, second = people(head + "Eva;Mag.;Dr.;ja;E-Mail\nIda;;Dr.;nein;Brief\n")
    assert (first.title, first.no_ads, first.preferred) == ("Mag.", True, "mail")
    assert (second.title, second.no_ads, second.preferred) == ("Dr.", False, "")


def test_empty_lines_before_the_headings_are_passed_over_and_long_headings_cut() -> None:
    found = read_list(f"\nName;{'Spalte ' * 20}\nEva;x\n".encode())
    assert [(person.line, person.name) for person in found.people()] == [(3, "Eva")]
    assert [len(head) for head in found.left_out] == [60]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"Artikel;Preis\nHose;10\n", b"\x00" * 50, b"\xff\xfe"])
def test_a_file_that_is_no_list_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableListError, match="Überschriften"):
        read_list(content)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(UnreadableListError, match="zu groß") as large:
        read_list(b"x" * (LARGEST + 1))
    assert large.value.values == {"limit": 20}  # MB
    with pytest.raises(UnreadableListError, match="zu viele"):
        read_list(b"Name\n" + b"\n" * (MOST_LINES + 1))
    assert read_list(b"Name\n" + b"\n" * MOST_LINES).fields == ("name",)
