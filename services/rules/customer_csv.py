"""Lists of customers as other programs export them: which column is what, and each line as words or as a problem.

Nothing is believed of such a file: any bytes give lines and sentences, never an error but `UnreadableListError`. The
number of a line is the one a text editor shows, also where a cell holds line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.rules.folding import fold

LARGEST = 20_000_000  # bytes
MOST_LINES = 100_000
DELIMITERS = (";", ",", "\t", "|")
LONGEST_CELL = 5000  # signs of a note, as on the card
MOST_WAYS = 10  # mail addresses and numbers of one person
_LONGEST_RECORD = 100  # lines that a cell in quotation marks may span
_MARK = "\ufffd"

UNCLOSED = "Ein Anführungszeichen wird nicht geschlossen."
UNREADABLE = "In dieser Zeile stehen Zeichen, die sich nicht lesen lassen."
TOO_WIDE = "Diese Zeile hat mehr Felder als die Überschrift."
TOO_LONG = "Ein Feld dieser Zeile ist zu lang."
TOO_MANY = "In dieser Zeile stehen mehr als zehn Adressen."

# What other programs call a column, folded, with letters only.
COLUMNS = {
    "name": """name|kunde|kundin|kundenname|kontakt|kontaktname|vollstaendiger name|full name|display name|anzeigename
        |customer|customer name|ganzer name|name vorname""",
    "first": "vorname|first name|firstname|given name|rufname",
    "last": "nachname|familienname|zuname|last name|lastname|surname|family name",
    "company": "firma|firmenname|company|company name|organisation|organization|organization name|unternehmen",
    "mail": """mail|e mail|email|mailadresse|e mailadresse|emailadresse|e mail adresse|email adresse|mail adresse
        |e mail address|email address""",
    "phone": """telefon|tel|telefonnummer|telefon nr|tel nr|rufnummer|phone|phone number|telephone|festnetz|mobil
        |mobiltelefon|mobilnummer|mobiltelefonnummer|handy|handynummer|mobile|mobile phone|mobile number|cell|cell phone
        |natel|telefon mobil|telefon festnetz""",
    "salutation": "anrede|salutation|geschlecht|gender",
    "title": "titel|title|akad titel|akademischer titel|name prefix",
    "form": "ansprache|du oder sie|sie oder du|du sie|sie du",
    "note": "notiz|notizen|note|notes|bemerkung|bemerkungen|anmerkung|anmerkungen|kommentar|comment|hinweis|info",
    "likes": "vorlieben|likes",
    "language": "sprache|language|korrespondenzsprache",
    "preferred": "kontakt per|kontaktweg|bevorzugter kontakt",
    "no_ads": "werbesperre|keine werbung|no ads|do not contact",
}
_WORDS_ASIDE = frozenset(
    re.split(r"\W", "value privat private geschaeftlich dienstlich work home business primary haupt")
)
_FIELDS = {" ".join(word.split()): field for field, words in COLUMNS.items() for word in words.split("|")}
_FRAU = dict.fromkeys(("frau", "fr", "mrs", "ms", "w", "weiblich", "female", "f"), "frau")
_SALUTATIONS = _FRAU | dict.fromkeys(("herr", "herrn", "hr", "mr", "m", "maennlich", "male"), "herr")
_WAYS_OF_CONTACT = dict.fromkeys(("e mail", "email", "mail"), "mail") | dict.fromkeys(("telefon", "phone"), "phone")
_YES = frozenset({"ja", "j", "yes", "y", "x", "1", "true", "wahr"})
_ROUNDED = re.compile(r"\d([,.]\d+)?E\+\d+", re.IGNORECASE)
_BETWEEN_PHONES = r"(?:,(?!\d+[Ee]\+\d)|[;|\n])+|\s/\s|\s(?:und|oder)\s"
_LANGUAGES = {"englisch": "en", "english": "en", "en": "en"}
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)("?)')


class UnreadableListError(ValueError):
    """The sentence says why no list can be read from the file; `values` fill it."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.values = values


@dataclass(frozen=True)
class PersonLine:
    """One line of the file. With a `problem` it is refused and the rest is empty; `line` counts from 1."""

    line: int
    name: str = ""
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    salutation: str = ""  # 'frau', 'herr' or ''
    title: str = ""
    form: str = ""  # 'du', or '' for nothing said
    note: str = ""
    likes: str = ""
    language: str = ""  # 'en', or '' for nothing said
    preferred: str = ""  # 'mail', 'phone', or '' for nothing said
    no_ads: bool = False  # a ban on advertising; False for nothing said
    problem: str = ""


@dataclass(frozen=True)
class CustomerList:
    """A file that was understood: its columns and its lines, which are read as they are asked for."""

    text: list[str]
    first: int  # place of the first line after the headings
    delimiter: str
    headings: tuple[str, ...]
    fields: tuple[str, ...]  # what each column is, '' for one that is left out

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings of the columns that Theke does not take."""
        return tuple(head for head, field in zip(self.headings, self.fields, strict=True) if head and not field)

    def people(self) -> Iterator[PersonLine]:
        """Each line that is not empty, in order."""
        for line, cells, problem in _records(self.text, self.first, self.delimiter):
            if problem or any(cells):
                yield _person(line, cells, problem, self.fields)


def read_list(content: bytes) -> CustomerList:
    """The list in a file; raises UnreadableListError when it is too large or its headings say nothing."""
    if len(content) > LARGEST:
        raise UnreadableListError("Die Datei ist zu groß. Höchstens {limit} MB.", limit=LARGEST // 1_000_000)
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > MOST_LINES + 2:
        raise UnreadableListError("Die Datei hat zu viele Zeilen. Höchstens {limit}.", limit=MOST_LINES)
    first = 1 if re.fullmatch(r"\s*sep=.\s*", text[0], re.IGNORECASE) else 0
    while first < len(text) and not text[first].strip():
        first += 1
    heading = text[first] if first < len(text) else ""
    found = [_headings(heading, delimiter) for delimiter in DELIMITERS]
    delimiter, headings, fields = max(found, key=lambda each: (len(set(each[2]) - {""}), len(each[1])))
    if not set(fields) & {"name", "first", "last", "company", "mail", "phone"}:
        raise UnreadableListError(
            "Die erste Zeile nennt keine Spalte, die Theke kennt. Sie braucht Überschriften wie Name, E-Mail, Telefon."
        )
    return CustomerList(text, first + 1, delimiter, headings, fields)


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252; single bytes that fit nowhere become a mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    text = content.decode("utf-8-sig", "replace")
    broken = text.count(_MARK)
    if broken and sum(sign > "\x7f" and sign != _MARK for sign in text) <= broken:
        return content.decode("cp1252", "replace")
    return text


def _headings(line: str, delimiter: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    cells = [_cell(cell) for cell in _cells(line, delimiter)[0]]
    return delimiter, tuple(" ".join(cell.split())[:60] for cell in cells), tuple(map(_field, cells))


def _field(heading: str) -> str:
    words = re.sub(r"[^a-z]+", " ", fold(heading[:200])).split()
    return _FIELDS.get(" ".join(words)) or _FIELDS.get(" ".join(w for w in words if w not in _WORDS_ASIDE), "")


def _records(text: list[str], first: int, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(number of the line, cells, problem). A cell that is never closed costs its own line only."""
    place = first
    while place < len(text):
        cells, unclosed, _clean = _cells(text[place], delimiter)
        span, problem = 1, ""
        if unclosed:
            whole = _over_several(text, place, delimiter)
            span, cells, problem = whole if whole else (1, [], UNCLOSED)
        yield place + 1, cells, problem
        place += span


def _over_several(text: list[str], place: int, delimiter: str) -> tuple[int, list[str], str] | None:
    """(how many lines, cells, no problem) of a record whose last cell goes on below; None when nothing closes it."""
    end = place + 1
    while end < min(len(text), place + _LONGEST_RECORD):
        if '"' in text[end]:
            cells, unclosed, clean = _cells("\n".join(text[place : end + 1]), delimiter)
            if not unclosed:
                return (end + 1 - place, cells, "") if clean else None
        end += 1
    return None


def _cells(line: str, delimiter: str) -> tuple[list[str], bool, bool]:
    """The cells of a record, whether its last one is still open, and whether every one ended where it should."""
    if '"' not in line:
        return line.split(delimiter), False, True
    cells: list[str] = []
    place, clean = 0, True
    while True:
        quoted = _QUOTED.match(line, place)
        begin = quoted.end() if quoted else place
        if quoted and not quoted[2]:
            return cells, True, clean
        end = line.find(delimiter, begin)
        rest = line[begin:] if end < 0 else line[begin:end]
        clean = clean and not (quoted and rest.strip())
        cells.append(quoted[1].replace('""', '"') + rest if quoted else rest)
        if end < 0:
            return cells, False, clean
        place = end + 1


def _cell(text: str) -> str:
    """Without control characters and the apostrophe that keeps spreadsheets from reading a formula or a number."""
    kept = "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()
    return kept[1:] if kept[:1] == "'" and (kept[1:2] in {"=", "+", "-", "@"} or kept[1:2].isdigit()) else kept


def _person(line: int, cells: list[str], problem: str, fields: tuple[str, ...]) -> PersonLine:
    problem = problem or _problem_of(cells, len(fields))
    if problem:
        return PersonLine(line, problem=problem)
    told: dict[str, list[str]] = {}
    for field, cell in zip(fields, map(_cell, cells), strict=False):
        if field and cell:
            told.setdefault(field, []).append(cell)
    mails, phones = _ways(told.get("mail", []), r"[,;|\s]+"), _ways(told.get("phone", []), _BETWEEN_PHONES)
    if len(mails) + len(phones) > MOST_WAYS:
        return PersonLine(line, problem=TOO_MANY)
    name, note = _name_and_note(told)
    title, salutation = _one(told, "title"), _one(told, "salutation")
    return PersonLine(
        line,
        name=name,
        mails=mails,
        phones=phones,
        salutation=_salutation(salutation) or _salutation(title),
        title="" if _salutation(title) else title,
        form="du" if fold(_one(told, "form")) in {"du", "per du"} else "",
        note=note,
        likes=_one(told, "likes"),
        language=_LANGUAGES.get(fold(_one(told, "language")), ""),
        preferred=_WAYS_OF_CONTACT.get(fold(_one(told, "preferred")).replace("-", " "), ""),
        no_ads=fold(_one(told, "no_ads")) in _YES,
    )


def _problem_of(cells: list[str], width: int) -> str:
    if any(_MARK in cell for cell in cells):
        return UNREADABLE
    if any(cell.strip() for cell in cells[width:]):
        return TOO_WIDE
    return TOO_LONG if any(len(cell) > LONGEST_CELL for cell in cells) else ""


def _one(told: dict[str, list[str]], field: str) -> str:
    return " ".join(" ".join(told.get(field, [])[:1]).split())


def _ways(cells: list[str], between: str) -> tuple[str, ...]:
    found = [part.strip() for cell in cells for part in re.split(between, cell) if part.strip()]
    return tuple(dict.fromkeys(found))


def is_rounded(text: str) -> bool:
    """Whether a number is one of which a spreadsheet kept the first digits only: «6,64123E+11»."""
    return bool(_ROUNDED.fullmatch(text))


def _name_and_note(told: dict[str, list[str]]) -> tuple[str, str]:
    """A firm without a person's name is the name, else it stands in the note."""
    parted = " ".join(part for part in (_one(told, "first"), _one(told, "last")) if part)
    person, firm = parted or _one(told, "name"), _one(told, "company")
    notes = list(told.get("note", []))
    if person and firm and fold(person) != fold(firm):
        notes.append(f"Firma: {firm}")
    return person or firm, "\n".join(notes)


def _salutation(text: str) -> str:
    return _SALUTATIONS.get(fold(text).rstrip("."), "")
