"""Words from outside stay words wherever Streamlit reads Markdown."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.plain import plain
from services.typed import shorten

HOSTILE = [
    "![bild](http://boese.example/x.png)",
    "[klick](http://boese.example)",
    ":material/error: :smile: :red[rot]",
    "$x^2$ und $$y$$",
    "<b>fett</b> <script>x</script>",
    "www.boese.example http://boese.example name@boese.example",
    "1. Punkt",
    "# Titel",
    "-> und -- und <-",
    "a | b `code` **fett** _schief_ ~~weg~~",
    "&lt;b&gt;",
]
ACTIVE = re.compile(r"(?<!\\)[\\`*_{}\[\]()<>#+\-.!|~$&:@=^](?!\\)")


def shown(text: str) -> str:
    """What a reader sees of it: backslashes of escapes and invisible joiners are gone."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_it_reads_letter_by_letter_as_it_was_written(text: str) -> None:
    assert shown(plain(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_with_a_meaning_is_left_alone(text: str) -> None:
    escaped = re.sub(r"\\.\u2060", "", plain(text))
    assert not re.search(r"[\\`*_{}\[\]()<>#$&:@|~]", escaped)


def test_an_address_is_broken_up_even_after_its_backslashes_are_gone() -> None:
    read = re.sub(r"\\(.)", r"\1", plain("http://a.b www.a.b x@a.b :material/x:"))
    assert "://" not in read
    assert "www." not in read
    assert not re.search(r"@\w", read)
    assert not re.search(r":material", read)


def test_a_long_name_can_break_at_its_hyphen() -> None:
    assert plain("Theresia Mayr-Oberhuber") == "Theresia Mayr-Oberhuber"
    assert plain("- eins -> zwei--drei") == "\\-\u2060 eins \\-\u2060\\>\u2060 zwei\\-\u2060\\-\u2060drei"


def test_lines_become_one_and_direction_marks_go() -> None:
    assert plain("Maria\r\n\n# Hofer\u202egpj.exe\u2028x\x00") == "Maria \\#\u2060 Hofergpj\\.\u2060exe x"


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80))
def test_any_text_keeps_its_letters(text: str) -> None:
    kept = [sign for sign in shown(plain(text)) if sign.isalnum()]
    assert kept == [sign for sign in text if sign.isalnum()]


def test_shortening_cuts_between_words() -> None:
    assert shorten("Wann ist mein Golf fertig?", 14) == "Wann ist mein …"
    assert shorten("kurz", 14) == "kurz"
