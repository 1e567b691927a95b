"""Which waited-for article an arrived one is. «128» is not «182», «M» not «L»; people decide about near misses.

One way to compare: words without case, accents, umlauts and hyphens; a size without its «Größe», «42,5» like «42.5»,
«205/55 R16» like «205/55R16 91H», «2XL» like «XXL», «W32 L34» like «32/34», «38½» like «38,5», «small» like «S».

Sure is only the same name: the same words in whatever order, apart or as one («Winter Reifen», «Winterreifen»). A word
more may be a make («Winterreifen Conti») or the very thing («iPhone Hülle»), and a compound is what its last part
names, whatever it begins with («Jeanshose», «Jeanshemd»): no rule can tell, so that they are similar at most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.rules.folding import fold

_PART = re.compile(r"[;\n]|,(?!(?<=\d,)\d)")  # a comma between digits is a decimal one
_NAMED = r"(?:gr(?:ö(?:ß|ss)e|oesse)?\.?|size)\s*"
_LOAD = r"\d{2,3}\s?[A-Z](?:\s?XL)?\b"
_TYRE = rf"\d{{2,3}}/\d{{2}}\s?Z?R\s?\d{{2}}(?:C\b)?(?:\s?{_LOAD})?"
_TROUSERS = r"W\s?\d{2}\s?/?\s?L\s?\d{2}"
_UNIT = r"(?:cm|mm|ml|m|liter|l|kg|g|zoll)\b"
_PIECE = r"\d{1,3}(?:[.,]\d|\s?½|\s1/2)?"
_BARE = rf"(?:(?:EU|UK|US)\s?)?{_PIECE}(?:\s?[/–—-]\s?\d{{1,3}})?"
_NUMBER = rf"{_BARE}(?:\s?{_UNIT})?"
_CUP = r"\d{2,3}\s?(?:AA|DD|[A-K])"
_LETTER = r"(?:\d?X{0,6}[SL]|M|(?:x{1,3}-?)?(?:small|large)|medium)"
_ONE_SIZE = r"one[\s-]?size|einheitsgr(?:ö(?:ß|ss)e|oesse)"
_LETTERS = rf"{_LETTER}(?:\s?[/–—-]\s?{_LETTER})?|{_ONE_SIZE}"
_SIZE = re.compile(rf"(?:{_NAMED})?({_TYRE}|{_TROUSERS}|{_NUMBER}|{_CUP}|{_LETTERS})", re.IGNORECASE)
# A letter is a size where it stands alone: not in «L'Oréal», «M+S», «S-Klasse», and not behind a number as in «5 m».
_ANYWHERE = re.compile(
    rf"(?<!\w)(?:({_TYRE}|{_TROUSERS})|{_NAMED}({_NUMBER}|{_LETTERS}))(?!\w)"
    rf"|(?<![^\s(,])(?<!\d\s)({_LETTERS})(?![^\s),;.])",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(rf"(?<=\s)({_NUMBER}|{_CUP})$", re.IGNORECASE)
_WAIST_LENGTH = re.compile(r"\d{2}/\d{2}")
_WORDED = {"small": "s", "medium": "m", "large": "l"}
_WORN = re.compile(rf"{_TROUSERS}|{_BARE}|{_CUP}|{_LETTER}(?:\s?[/–—-]\s?{_LETTER})?", re.IGNORECASE)
_BASE = (
    "schwarz weiss grau blau rot gruen gelb braun beige rosa lila violett orange tuerkis pink silber gold creme bunt"
)
_SHADE = "hell dunkel himmel marine nacht tief royal stahl moos oliv wein kirsch pastell neon alt perl mint senf rost"
_COLOUR = re.compile(
    rf"(?:(?:{'|'.join(_SHADE.split())})?(?:{'|'.join(_BASE.split())})(?:e[nrs]?)?"
    r"|[a-z]+farben|bordeaux|anthrazit|petrol|khaki|natur|oliv|mint)"
)
_SHORTEST = 4  # letters that make one word a part of another: «Reifen» in «Winterreifen»


@dataclass(frozen=True)
class Article:
    """What is wanted, or what has come; '' for what nobody said."""

    name: str
    size: str = ""
    colour: str = ""


class Fit(StrEnum):
    """How an arrived article fits a wish; only FITS is what was asked for."""

    FITS = "fits"
    OTHER_SIZE = "other_size"
    OTHER_COLOUR = "other_colour"
    SIMILAR = "similar"
    NONE = "none"


def split_article(text: str) -> Article:
    """«Jeans, 128, blau» and «Jeans 128 blau» as article, size and colour; what is neither stays with the article."""
    first, *others = [part.strip() for part in _PART.split(text)]
    found = Article(first)
    for part in filter(None, others):
        size = _SIZE.fullmatch(part)
        if size and not found.size:
            found = replace(found, size=size[1].strip())
        elif _is_colour(part) and not found.colour:
            found = replace(found, colour=part)
        else:
            found = replace(found, name=f"{found.name} {part}".strip())
    return _size_out_of_name(_colour_out_of_name(found))


def fit(wanted: Article, arrived: Article) -> Fit:
    """How `arrived` fits the wish: it has the same words, the size is the same, and so is the colour; a size, a number
    or a colour that the wish does not name may be any.
    """
    wanted, arrived = _level(wanted, arrived)
    ours, theirs = _names(wanted, arrived)
    if not ours or not theirs:
        same = bool(wanted.size) and _size_fits(wanted, arrived)
        return (Fit.SIMILAR if ours or theirs else Fit.FITS) if same else Fit.NONE
    if not _same_name(ours, theirs):
        near = _similar(ours, theirs) and _size_fits(wanted, arrived)
        return Fit.SIMILAR if near else Fit.NONE
    if not (_numbers(ours) <= _numbers(theirs) and _size_fits(wanted, arrived)):
        return Fit.OTHER_SIZE
    if _plain(ours) != _plain(theirs):
        return Fit.SIMILAR
    return Fit.FITS if _shades(wanted.colour) <= _shades(arrived.colour) else Fit.OTHER_COLOUR


def apart(wanted: Article, arrived: Article) -> tuple[str, str]:
    """(what only the wish's name says, what only the arrived article's does), as it is written; no numbers."""
    wanted, arrived = _level(wanted, arrived)
    ours, theirs = map(_plain, _names(wanted, arrived))
    return _written(wanted.name, ours - theirs), _written(arrived.name, theirs - ours)


def kind_of(article: Article) -> str:
    """Article and size in one spelling: wishes with the same are for the same thing, whatever the colour."""
    article = _taken_apart(article)
    return f"{' '.join(sorted(_words(article.name)))} {size_key(article.size)}".strip()


def size_key(size: str) -> str:
    """A size in the one spelling by which it is compared; a tyre's without its load, which `_load` tells."""
    text = re.sub(r"\s?½|(?<=\d)\s1/2(?!\d)", ".5", without_size_word(size))
    text = re.sub(r"(?<=\d),(?=\d)", ".", fold(re.sub("[–—]", "-", text)))
    text = re.sub(r"(?<=[\dsml])\s*-\s*(?=[\dsmlx])", "/", text)
    text = re.sub(r"[\s-]+", "", text).replace("liter", "l")
    text = re.sub(r"^(\d+/\d+)z?r(\d{2}c?)(?:\d{2,3}[a-z](?:xl)?)?$", r"\1r\2", text)
    text = re.sub(r"^w(\d+)/?l(\d+)$", r"\1/\2", text)
    text = re.sub("|".join(_WORDED), lambda match: _WORDED[match[0]], text)
    return re.sub(r"(?<!\d)([2-9])x(?=[sl](?:/|$))", lambda match: "x" * int(match[1]), text)


def without_size_word(size: str) -> str:
    """The size without «Größe», «Gr.» or «Size» before it."""
    return re.sub(rf"^{_NAMED}(?=\S)", "", size.strip(), flags=re.IGNORECASE)


def is_worn_size(size: str) -> bool:
    """Whether it is one of clothes or shoes, of which people say «Größe»: no measure, no tyre, no word."""
    return _WORN.fullmatch(size.strip()) is not None


def _size_fits(wanted: Article, arrived: Article) -> bool:
    if not wanted.size.strip():
        return True
    asked, come = _load(wanted.size), _load(arrived.size)
    return size_key(wanted.size) == size_key(arrived.size) and (not asked or not come or asked == come)


def _load(size: str) -> str:
    """Load and speed of a tyre, «91h»; '' where nobody says."""
    match = re.search(rf"R\s?\d{{2}}C?\s?({_LOAD})$", size.strip(), re.IGNORECASE)
    return re.sub(r"\s", "", match[1]).casefold() if match else ""


def _level(wanted: Article, arrived: Article) -> tuple[Article, Article]:
    """Both taken apart; a size that one of them names is found in the other's name, too: «iPhone 15 Hülle»."""
    wanted, arrived = _taken_apart(wanted), _taken_apart(arrived)
    return _sized_like(wanted, arrived), _sized_like(arrived, wanted)


def _sized_like(article: Article, other: Article) -> Article:
    """With its one number as its size where that is the other's; of several nobody knows which is one."""
    numbers = [part for part in article.name.split() if _numbers(_words(part))]
    if article.size.strip() or len(numbers) != 1 or size_key(numbers[0]) != size_key(other.size):
        return article
    name = " ".join(part for part in article.name.split() if part != numbers[0])
    return replace(article, name=name, size=numbers[0])


def _taken_apart(article: Article) -> Article:
    if not article.size.strip() and _SIZE.fullmatch(article.name.strip()):  # «205/55 R16» and nothing else
        return replace(article, name="", size=article.name)
    return _size_out_of_name(_colour_out_of_name(article))


def _is_colour(text: str) -> bool:
    words = _words(text.replace("-", " ").replace("/", " "))
    return bool(words) and all(_COLOUR.fullmatch(word) for word in words)


def _colour_out_of_name(found: Article) -> Article:
    words = found.name.split()
    at = next((at for at, word in enumerate(words) if _is_colour(word)), None)
    if found.colour or at is None or len(words) == 1:
        return found
    return replace(found, name=" ".join([*words[:at], *words[at + 1 :]]), colour=words[at])


def _size_out_of_name(found: Article) -> Article:
    """A number at the end is a size, unless numbers stand before it: then they are a part's number, all together."""
    if found.size.strip():
        return found
    match = _ANYWHERE.search(found.name)
    if match is None:
        match = _AT_THE_END.search(found.name)
        behind_number = match and re.search(r"\d\S*\s*$", found.name[: match.start()])
        if match and behind_number and not _WAIST_LENGTH.fullmatch(match[1]):
            return found
    if match is None or not (name := f"{found.name[: match.start()]} {found.name[match.end() :]}".strip()):
        return found
    size = next(group for group in match.groups() if group)
    return replace(found, name=" ".join(name.split()), size=size.strip())


def _in_order(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[./][^\W_]+)*", fold(re.sub("[–—]", "-", text)).replace("-", ""))


def _words(text: str) -> frozenset[str]:
    return frozenset(_in_order(text))


def _names(wanted: Article, arrived: Article) -> tuple[frozenset[str], frozenset[str]]:
    """The words of both names, each written apart or as one as in the other."""
    ours, theirs = _in_order(wanted.name), _in_order(arrived.name)
    return frozenset(_joined(ours, theirs)), frozenset(_joined(theirs, ours))


def _joined(words: Sequence[str], known: Collection[str]) -> Sequence[str]:
    """Two or three words in a row as one, where that is one of the `known`; numbers stay what they are."""
    for run in (3, 2):
        for at in range(len(words) - run + 1):
            one = "".join(words[at : at + run])
            if one in known and not one.isdigit():
                return _joined([*words[:at], one, *words[at + run :]], known)
    return words


def _written(name: str, words: frozenset[str]) -> str:
    return " ".join(part for part in name.split() if _words(part) & words)


def _shades(colour: str) -> frozenset[str]:
    """A colour's words without their endings: «blaue» is «blau»."""
    return frozenset(re.sub(r"e[nrs]?$", "", word) for word in _words(colour))


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(sign.isdigit() for sign in word))


def _plain(words: frozenset[str]) -> frozenset[str]:
    return words - _numbers(words)


def _same_name(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """All words of one are in the other, numbers aside; where there are no words, all numbers have to be the same."""
    plain, other = _plain(ours), _plain(theirs)
    if not plain or not other:
        return bool(ours) and ours == theirs
    return plain <= other or other <= plain


def _similar(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Every word of the shorter name is a part of one of the other, or the other way round."""
    few, many = sorted((ours, theirs), key=lambda words: (len(words), sorted(words)))
    return bool(few) and all(any(_part_of(one, other) for other in many) for one in few)


def _part_of(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and short in long
