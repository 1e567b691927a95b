"""Which article fits a wish: by any spelling, never in another size."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.rules.wish_matching import Article, Fit, apart, fit, kind_of, size_key, split_article

SIZES = ["128", "182", "42,5", "42", "M", "L", "XXL", "205/55 R16", "195/65 R15", "W32 L34", "500 ml", "400 Liter"]
NAMES = ["Jeans", "Größte Mütze", "T-Shirt", "Winterreifen", "Blühende Rosen", "Felgenschloss"]
COLOURS = ["", "blau", "weiß", "dunkelgrün"]
_RESPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
ARTICLES = st.builds(Article, st.sampled_from(NAMES), st.sampled_from(["", *SIZES]), st.sampled_from(COLOURS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jeans, 128, blau", Article("Jeans", "128", "blau")),
        ("Jeans 128 blau", Article("Jeans", "128", "blau")),
        ("T-Shirt M weiß", Article("T-Shirt", "M", "weiß")),
        ("Kleid, Größe M, dunkelblau-weiß", Article("Kleid", "M", "dunkelblau-weiß")),
        ("Schuhe,42,5, rot", Article("Schuhe", "42,5", "rot")),
        ("Winterreifen 205/55 R16", Article("Winterreifen", "205/55 R16")),
        ("Dachbox, 400 Liter", Article("Dachbox", "400 Liter")),
        ("Hemd Gr. XXL", Article("Hemd", "XXL")),
        ("Kette, lang, Silber", Article("Kette lang", "", "Silber")),
        ("iPhone 15 Hülle", Article("iPhone 15 Hülle")),
        ("Ersatzteil 8K0 615 301", Article("Ersatzteil 8K0 615 301")),
        ("Brot", Article("Brot")),
        ("", Article("")),
    ],
)
def test_a_line_is_taken_apart(text: str, found: Article) -> None:
    assert split_article(text) == found


@pytest.mark.parametrize(
    ("wanted", "arrived", "expected"),
    [
        (Article("Jeans", "128", "blau"), Article("jeans", "128", "Blau"), Fit.FITS),
        (Article("Jeans"), Article("Jeans", "182", "rot"), Fit.FITS),
        (Article("Winterreifen", "205/55 R16"), Article("Winterreifen Conti", "205/55R16"), Fit.SIMILAR),
        (Article("Winterreifen Conti", "205/55 R16"), Article("Winterreifen", "205/55R16"), Fit.SIMILAR),
        (Article("Hemd", "2XL"), Article("Hemd", "XXL"), Fit.FITS),
        (Article("Jeans", "W32 L34"), Article("Jeans", "32/34"), Fit.FITS),
        (Article("Jeans", "128"), Article("Jeans", "182"), Fit.OTHER_SIZE),
        (Article("Jeans 128"), Article("Jeans", "182"), Fit.OTHER_SIZE),
        (Article("Jeans", "128"), Article("Jeans"), Fit.OTHER_SIZE),
        (Article("iPhone 15 Hülle"), Article("iPhone 14 Hülle"), Fit.OTHER_SIZE),
        (Article("iPhone 15 Hülle"), Article("iPhone Hülle"), Fit.OTHER_SIZE),
        (Article("Shirt", "M"), Article("Shirt", "L"), Fit.OTHER_SIZE),
        (Article("Jeans", "128", "blau"), Article("Jeans", "128", "rot"), Fit.OTHER_COLOUR),
        (Article("Jeans", "128", "blau"), Article("Jeans", "128"), Fit.OTHER_COLOUR),
        (Article("Hose", "", "blaue"), Article("Hose", "98", "blau"), Fit.FITS),
        (Article("Winterreifen", "205/55 R16"), Article("Reifen", "205/55 R16"), Fit.SIMILAR),
        (Article("Winterreifen", "205/55 R16"), Article("Reifen", "195/65 R15"), Fit.NONE),
        (Article("Jeans", "128"), Article("Rock", "128"), Fit.NONE),
        (Article("8K0 615 301"), Article("8K0 615 302"), Fit.NONE),
        (Article("Jeans"), Article(""), Fit.NONE),
    ],
)
def test_what_fits_a_wish(wanted: Article, arrived: Article, expected: Fit) -> None:
    assert fit(wanted, arrived) is expected


@pytest.mark.parametrize(
    ("wanted", "arrived", "expected"),
    [
        ("T-Shirt m", "T-Shirt L", Fit.OTHER_SIZE),
        ("Pulli s", "Pulli M", Fit.OTHER_SIZE),
        ("Jacke S/M", "Jacke XL", Fit.OTHER_SIZE),
        ("Jacke S/M", "Jacke s-m", Fit.FITS),
        ("Jacke M lang", "Jacke S", Fit.OTHER_SIZE),
        ("Kleid one size", "Kleid 42", Fit.OTHER_SIZE),
        ("Kleid small", "Kleid L", Fit.OTHER_SIZE),
        ("Kleid x-large", "Kleid XL", Fit.FITS),
        ("Hülle iPhone", "iPhone", Fit.SIMILAR),
        ("iPhone", "iPhone Hülle", Fit.SIMILAR),
        ("iPhone", "iPhone-Hülle", Fit.SIMILAR),
        ("iPhone", "Hülle für iPhone", Fit.SIMILAR),
        ("iPhone", "iPhone 15", Fit.FITS),
        ("iPhone 15", "iPhone 15 Hülle", Fit.SIMILAR),
        ("iPhone Hülle", "iPhone-Hülle", Fit.FITS),
        ("Jeans", "Jeanshose", Fit.SIMILAR),
        ("Jeans", "Jeanshemd", Fit.SIMILAR),
        ("Jeans", "Jeans Hose 501", Fit.SIMILAR),
        ("Jeanshose 501", "Jeans Hose 501", Fit.FITS),
        ("Hose Jeans 501", "Jeans Hose 501", Fit.FITS),
        ("Reifen 205/55 R16", "Winterreifen 205/55 R16", Fit.SIMILAR),
        ("Reifen Winter 205/55 R16", "Winterreifen 205/55 R16", Fit.SIMILAR),
        ("Winter Reifen 205/55 R16", "Winterreifen 205/55R16 91H", Fit.FITS),
        ("Winterreifen 205/55 R16", "Reifenwechsel", Fit.NONE),
        ("Uhr Armband", "Armbanduhr", Fit.SIMILAR),
        ("Jeans 128 lang", "Jeans 128", Fit.SIMILAR),
        ("Ersatzteil 301", "Ersatzteil 8K0 615 301", Fit.OTHER_SIZE),
        ("Brot 1 28", "Brot 128", Fit.OTHER_SIZE),
        ("Shampoo L'Oréal", "Shampoo L'Oréal", Fit.FITS),
        ("Kabel 5 m", "Kabel 6 m", Fit.OTHER_SIZE),
        ("205/55 R16", "205/55 R16 91H", Fit.FITS),
        ("205/55 R16", "Reifen 205/55 R16", Fit.SIMILAR),
        ("Reifen 205/55 R16", "Reifen 205/55 R16 91H", Fit.FITS),
        ("Reifen 205/55 R16 91H", "Reifen 205/55 R16 94V", Fit.OTHER_SIZE),
        ("Levi's 501, 36/32", "Levi's 501 36/32", Fit.FITS),
        ("Levi's 501, 36/32", "Levi's 505 36/32", Fit.OTHER_SIZE),
        ("38½", "38,5", Fit.FITS),
        ("Schuhe 38½", "Schuhe 38.5", Fit.FITS),
        ("Schuhe 38 1/2", "Schuhe 38", Fit.OTHER_SIZE),
        ("BH 75B", "BH 75 B", Fit.FITS),
        ("BH 75B", "BH 75C", Fit.OTHER_SIZE),
        ("Socken 39-42", "Socken 39–42", Fit.FITS),
        ("Socken 39-42", "Socken 3942", Fit.OTHER_SIZE),
        ("rote Jacke 38", "Jacke rot 38", Fit.FITS),
    ],
)
def test_sizes_as_people_write_them(wanted: str, arrived: str, expected: Fit) -> None:
    assert fit(split_article(wanted), split_article(arrived)) is expected


_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
_MORE = st.one_of(st.sampled_from(["Hülle", "Conti", "Gürtel", "Ventil"]), st.text(_LETTERS, min_size=2, max_size=12))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(NAMES),
    _MORE,
    st.sampled_from(["{name} {more}", "{more} {name}", "{name}{more}", "{name}-{more}", "{more} für {name}"]),
    st.sampled_from(["", *SIZES]),
)
def test_a_word_more_is_never_sure_to_be_the_same_article(name: str, more: str, line: str, size: str) -> None:
    assume(split_article(f"Ding {more}") == Article(f"Ding {more}"))  # a word, no size and no colour
    short, long = Article(name, size), Article(line.format(name=name, more=more), size)
    assert Fit.FITS not in {fit(short, long), fit(long, short)}


@settings(max_examples=100, deadline=None)
@given(st.permutations(["Levi's", "Jeans", "Slim"]), st.sampled_from([" ", "-"]), st.sampled_from(["", *SIZES]))
def test_the_same_words_are_the_same_article(words: list[str], between: str, size: str) -> None:
    spaced, joined = Article(" ".join(words), size), Article(between.join(words), size)
    assert {fit(spaced, joined), fit(joined, spaced), fit(spaced, Article("Slim Jeans Levi's", size))} == {Fit.FITS}


@pytest.mark.parametrize(
    ("wanted", "arrived", "expected"),
    [
        ("iPhone 15", "iPhone 15 Hülle, rot", ("", "Hülle")),
        ("Hülle iPhone 15", "iPhone 15", ("Hülle", "")),
        ("Jeans", "Jeanshose", ("Jeans", "Jeanshose")),
        ("Winter Reifen Conti", "Winterreifen 205/55 R16", ("Conti", "")),
        ("Größte Mütze", "MUETZE groesste", ("", "")),
    ],
)
def test_what_one_name_says_more_is_told_as_it_is_written(wanted: str, arrived: str, expected: tuple[str, str]) -> None:
    assert apart(split_article(wanted), split_article(arrived)) == expected


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["xs", "s", "m", "l", "xl", "small", "medium", "large", "s/m", "one size", "42", "38½"]),
    st.sampled_from(["XS", "S", "M", "L", "XL", "S/M", "One Size", "42", "38,5"]),
    st.sampled_from(["{name} {size}", "{name}, {size}", "{name} {size} lang"]),
)
def test_a_size_in_small_letters_is_a_size(name: str, small: str, size: str, line: str) -> None:
    same = {"small": "s", "medium": "m", "large": "l", "38½": "38,5"}.get(small, small) == size.casefold()
    if small[0].isdigit() and "lang" in line:
        line = "{name} lang {size}"
    wanted, arrived = (split_article(line.format(name=name, size=each)) for each in (small, size))
    assert (fit(wanted, arrived) is Fit.FITS) is same


@settings(max_examples=100, deadline=None)
@given(ARTICLES, ARTICLES)
def test_spelling_makes_no_difference_and_another_size_never_fits(wanted: Article, arrived: Article) -> None:
    respelled = Article(*(part.translate(_RESPELLED).upper() for part in (wanted.name, wanted.size, wanted.colour)))
    found = fit(wanted, arrived)
    assert fit(respelled, arrived) is found
    assert kind_of(respelled) == kind_of(wanted)
    if found is Fit.FITS:
        assert not wanted.size or size_key(wanted.size) == size_key(arrived.size)
    if not wanted.colour:
        assert fit(wanted, wanted) is Fit.FITS
    line = ", ".join(filter(None, (wanted.name, wanted.size, wanted.colour)))
    assert fit(split_article(line), wanted) is Fit.FITS
