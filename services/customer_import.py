"""Customers from a list of another program: looked at first, then read in whole or not at all, taken back in one tap.

Who is known stays as they are: of a known card only empty fields are filled, and a note goes below the one that is
there. Known is who has the same mail address and no other name, or the same phone number and name. The file itself is
not kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import data.customer_imports
from data.customer_imports import CardRow, CustomerImport, ImportLine, LineFate, ListedCustomer
from data.records import Actor
from data.store import Reader, Transaction
from services.customers import NAME_LENGTH, TITLE_LENGTH, contact_of
from services.errors import InvalidInputError, require
from services.import_cards import LONGEST_NOTE, Cards, Checked, Placed, TakenBack, Way, take_back
from services.rules.customer_csv import (
    TOO_LONG,
    CustomerList,
    PersonLine,
    UnreadableListError,
    is_rounded,
    read_list,
)
from services.rules.folding import fold
from services.rules.phones import normalise_phone, show_phone
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_owner
from services.typed import one_line, shorten

NOBODY = "In dieser Zeile stehen kein Name und keine Adresse."
NO_MAIL = "Die E-Mail-Adresse dieser Zeile ist keine."
NO_PHONE = "Die Telefonnummer dieser Zeile ist keine. Sie steht in der Notiz."
ROUNDED = "Die Tabelle hat die Telefonnummer dieser Zeile gerundet (1,23E+11). Sie steht so in der Notiz."
LONG_NAME = "Der Name dieser Zeile ist zu lang."
LONG_TITLE = "Der Titel dieser Zeile ist zu lang. Er steht in der Notiz."
STAYS = "Diese Karte bleibt: Sie wird inzwischen verwendet."
SHOWN_LINES, SHOWN_PROBLEMS = 8, 20
_AT_ONCE = 500  # lines between two signs of progress
Progress = Callable[[float], None]


@dataclass(frozen=True)
class PreviewLine:
    """One of the first lines as it would be."""

    line: int
    fate: LineFate
    name: str
    ways: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Preview:
    """What reading a list in would do."""

    lines: int
    columns: tuple[str, ...]  # headings that were understood
    left_out: tuple[str, ...]
    counts: dict[LineFate, int]
    first: tuple[PreviewLine, ...]
    problems: tuple[tuple[int, str], ...]  # (line, sentence) of the first of which something is told
    told: int  # how many these are in all


@dataclass(frozen=True)
class UndoReport:
    """What taking a list back did, in cards."""

    gone: int
    restored: int
    stayed: int


@dataclass
class _Sample:
    first: list[PreviewLine] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[LineFate] = field(default_factory=Counter)
    told: int = 0


def _ignore(share: float) -> None:
    """For callers who show no progress."""


def preview_import(shop: Shop, actor: Actor, content: bytes, progress: Progress = _ignore) -> Preview:
    """What `import_customers` would do with this file; nothing is kept. `progress` gets shares from 0 to 1.

    Raises NotAllowedError, and InvalidInputError for a file that is no list.
    """
    require_owner(actor)
    found = _read(content)
    checked = _checked(found, shop_settings(shop.store).country, progress)
    cards, sample = _cards(shop.store, checked), _Sample()
    for line in checked:
        _note(sample, line, cards.place(line))
    progress(1.0)
    heads = tuple(head for head, name in zip(found.headings, found.fields, strict=True) if name)
    return Preview(
        lines=len(checked),
        columns=heads,
        left_out=found.left_out,
        counts=dict(sample.counts),
        first=tuple(sample.first),
        problems=tuple(sample.problems),
        told=sample.told,
    )


def import_customers(
    shop: Shop, actor: Actor, content: bytes, file_name: str, progress: Progress = _ignore
) -> CustomerImport:
    """Read a list of customers in, in one transaction; what it did. `progress` gets shares from 0 to 1.

    Raises NotAllowedError, and InvalidInputError for a file that is no list; then nothing is kept.
    """
    require_owner(actor)
    checked = _checked(_read(content), shop_settings(shop.store).country, progress)
    name = shorten(one_line(file_name), 120)
    with shop.store.write() as tx:
        tx.reserve_ids(len(checked) + 1)
        import_id = data.customer_imports.insert_import(tx, file_name=name, staff_id=actor.staff_id, now=shop.now())
        cards = _cards(tx, checked, tx.new_id)
        for line in checked:
            data.customer_imports.insert_line(tx, import_id, _row(line, cards.place(line)))
        data.customer_imports.add_cards(tx, cards.added(), shop.now())
        data.customer_imports.fill_cards(tx, cards.changed())
        data.customer_imports.add_ways(tx, cards.new_ways, shop.now())
    progress(1.0)
    return require_import(shop, actor, import_id)


def undo_import(shop: Shop, actor: Actor, import_id: int) -> UndoReport:
    """Take a list back: new cards go unless something else stands on them, filled fields are empty again unless
    somebody changed them since. Raises NotAllowedError, NotFoundError, and InvalidInputError when it was done before.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        if _require(tx, import_id).undone_at is not None:
            raise InvalidInputError("Diese Liste ist schon zurückgenommen.")
        back = _back(tx, import_id)
        data.customer_imports.drop_ways(tx, back.ways)
        data.customer_imports.fill_cards(tx, back.restored)
        data.customer_imports.drop_cards(tx, back.gone)
        data.customer_imports.end_import(tx, import_id, shop.now(), back.stayed, STAYS)
    return UndoReport(len(back.gone), len(back.restored), len(back.stayed))


def list_imports(shop: Shop, actor: Actor) -> list[CustomerImport]:
    """Every list that was read in, the newest first. Raises NotAllowedError."""
    require_owner(actor)
    return data.customer_imports.list_imports(shop.store)


def require_import(shop: Shop, actor: Actor, import_id: int) -> CustomerImport:
    """One list that was read in. Raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    return _require(shop.store, import_id)


def import_lines(
    shop: Shop, actor: Actor, import_id: int, *, only_told: bool = False, limit: int = 1_000_000
) -> list[ImportLine]:
    """The report by line; with `only_told` the lines alone that have a sentence. Raises NotAllowedError."""
    require_owner(actor)
    return data.customer_imports.list_lines(shop.store, import_id, only_told=only_told, limit=limit)


def all_customers(shop: Shop, actor: Actor) -> list[ListedCustomer]:
    """Everybody whom the shop knows, by name. Raises NotAllowedError."""
    require_owner(actor)
    return data.customer_imports.all_customers(shop.store)


def _require(db: Reader, import_id: int) -> CustomerImport:
    return require(data.customer_imports.read_import(db, import_id), "Diese Liste gibt es nicht.")


def _read(content: bytes) -> CustomerList:
    try:
        return read_list(content)
    except UnreadableListError as error:
        raise InvalidInputError(str(error), **error.values) from error


def _checked(found: CustomerList, country: str, progress: Progress) -> list[Checked]:
    """Every line with its addresses normalised; most of the time of an import goes here, before any lock."""
    checked: list[Checked] = []
    for person in found.people():
        checked.append(_check(person, country))
        if len(checked) % _AT_ONCE == 0:
            progress(min(0.9, 0.9 * person.line / max(1, len(found.text))))
    return checked


def _check(person: PersonLine, country: str) -> Checked:
    phones = {text: _phone(text, country) for text in person.phones}
    unread = [text for text, way in phones.items() if way is None]
    name, title = one_line(person.name), one_line(person.title)
    long_title = title if len(title) > TITLE_LENGTH else ""
    note = _note_with(person.note.strip(), long_title, unread)
    mails = list(_mails(person))
    ways = tuple(way for way in (*mails, *phones.values()) if way is not None)
    problem = person.problem or (NO_MAIL if None in mails else _problem(name, note, ways))
    if problem:
        return Checked(person.line, problem=problem)
    return Checked(
        person.line,
        name=name,
        ways=ways,
        salutation=person.salutation,
        title="" if long_title else title,
        form_of_address=person.form,
        language=person.language,
        note=note,
        likes=one_line(person.likes),
        preferred=person.preferred,
        no_ads=person.no_ads,
        told=_told(unread, long_title),
        folded=fold(name),
    )


def _note_with(note: str, title: str, numbers: list[str]) -> str:
    """A title that no card takes and what stood where a number belongs and is none, below the note."""
    lines = [note, f"Titel: {title}" if title else "", *(f"Telefon: {number}" for number in numbers)]
    return "\n".join(filter(None, lines))


def _told(numbers: list[str], title: str) -> str:
    """Why something of the line stands in the note, '' where nothing does."""
    if numbers:
        return ROUNDED if any(map(is_rounded, numbers)) else NO_PHONE
    return LONG_TITLE if title else ""


def _problem(name: str, note: str, ways: Sequence[Way]) -> str:
    if len(name) > NAME_LENGTH:
        return LONG_NAME
    if len(note) > LONGEST_NOTE:
        return TOO_LONG
    return "" if ways or any(map(str.isalnum, name)) else NOBODY


def _mails(person: PersonLine) -> Iterator[Way | None]:
    for text in person.mails:
        way = contact_of(text, "")
        yield way if way[0] == "mail" else None


def _phone(text: str, country: str) -> Way | None:
    number = normalise_phone(text, country) or _without_its_zero(text.strip().removesuffix(".0"), country)
    return ("phone", number, show_phone(number, country)) if number else None


def _without_its_zero(text: str, country: str) -> str:
    """Spreadsheets take the 0 or the + from a number that is nothing but digits; '' where neither fits."""
    digits = text
    if not digits.isascii() or not digits.isdigit():
        return ""
    abroad = {"AT": "43", "DE": "49", "CH": "41"}.get(country, "-")
    if digits.startswith(abroad) and (number := normalise_phone(f"+{digits}", country)):
        return number
    return normalise_phone(f"0{digits}", country)


def _cards(db: Reader, lines: Iterable[Checked], new_id: Callable[[], int] | None = None) -> Cards:
    """The known cards that these lines may be about."""
    mails, phones, names = set(), set(), set()
    for line in lines:
        mails |= {address for kind, address, _shown in line.ways if kind == "mail"}
        phones |= {address for kind, address, _shown in line.ways if kind == "phone"}
        has_phone = any(kind == "phone" for kind, _address, _shown in line.ways)
        names |= set() if has_phone or not line.name else {line.folded}  # its mail may turn out to be somebody else's
    at_mail = data.customer_imports.cards_at(db, "mail", mails)
    at_phone = data.customer_imports.cards_at(db, "phone", phones)
    by_name = data.customer_imports.cards_without_ways(db, names)
    ids = {card for _address, card in (*at_mail, *at_phone)} | set(by_name.values())
    known = data.customer_imports.read_cards(db, ids)
    return Cards(known, data.customer_imports.ways_of(db, ids), at_mail, at_phone, by_name, new_id)


def _row(line: Checked, placed: Placed) -> dict[str, Any]:
    return {
        "line": line.line,
        "fate": placed.fate,
        "customer_id": placed.customer_id,
        "before": json.dumps(placed.change, ensure_ascii=False) if placed.change else "",
        "problem": placed.problem,
    }


def _note(sample: _Sample, line: Checked, placed: Placed) -> None:
    sample.counts[placed.fate] += 1
    sample.told += bool(placed.problem)
    if placed.problem and len(sample.problems) < SHOWN_PROBLEMS:
        sample.problems.append((line.line, placed.problem))
    if placed.fate is not LineFate.REFUSED and len(sample.first) < SHOWN_LINES:
        ways = tuple(shown for _kind, _address, shown in line.ways)
        sample.first.append(PreviewLine(line.line, placed.fate, line.name, ways, line.note))


def _back(tx: Transaction, import_id: int) -> TakenBack:
    lines = [line for line in data.customer_imports.list_lines(tx, import_id) if line.before and line.customer_id]
    ids = {line.customer_id for line in lines if line.customer_id}
    used = data.customer_imports.used_cards(tx, import_id, ids)
    cards: list[CardRow] = data.customer_imports.read_cards(tx, ids)
    away = data.customer_imports.put_away_cards(tx, ids)
    return take_back(lines, cards, data.customer_imports.ways_of(tx, ids), used, away)
