"""Imported lists of customers: what each line did, so that it can be told and taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.customers import insert_contact
from data.store import Reader, Transaction


class LineFate(StrEnum):
    """What a line of a list came to."""

    ADDED = "added"
    CHANGED = "changed"  # empty fields of a known card were filled
    KNOWN = "known"  # all of it stood on a card already
    REFUSED = "refused"


@dataclass(frozen=True)
class CustomerImport:
    """One list that was read in; the counts are lines."""

    id: int
    file_name: str
    imported_at: datetime
    undone_at: datetime | None
    added: int
    changed: int
    known: int
    refused: int


@dataclass(frozen=True)
class ImportLine:
    """One line; `before` is JSON, see the service; `customer_name` is the card's of today, '' without one."""

    line: int
    fate: LineFate
    customer_id: int | None
    before: str
    problem: str
    customer_name: str


@dataclass(frozen=True)
class CardRow:
    """The fields of a card that a list may fill, as they are kept."""

    id: int
    name: str
    salutation: str
    title: str
    form_of_address: str
    language: str
    note: str
    likes: str
    preferred: str
    no_ads: bool


_CARD = """SELECT id, name, salutation, title, form_of_address, language, note, likes, preferred, no_ads
           FROM customer"""


def cards_at(db: Reader, kind: str, addresses: Collection[str]) -> list[tuple[str, int]]:
    """(address, card) of these normalised addresses or numbers, oldest card first; of a card that went into another,
    that other."""
    sql = """SELECT DISTINCT k.address, coalesce(c.merged_into, c.id) AS id, min(c.created_at)
             FROM customer_contact k JOIN customer c ON c.id = k.customer_id
             WHERE k.kind = $kind AND k.address IN (SELECT unnest($addresses)) AND c.erased_at IS NULL
             GROUP BY 1, 2 ORDER BY 3, 2"""
    params = {"kind": kind, "addresses": list(addresses)}
    return [(str(row[0]), int(row[1])) for row in db.read(sql, params)] if addresses else []


def cards_without_ways(db: Reader, folded_names: Collection[str]) -> dict[str, int]:
    """By folded name the cards of people who left no address and no number."""
    sql = """SELECT folded, min(id) FROM customer
             WHERE folded IN (SELECT unnest($names)) AND merged_into IS NULL AND erased_at IS NULL
                 AND id NOT IN (SELECT customer_id FROM customer_contact)
             GROUP BY folded"""
    return {str(row[0]): int(row[1]) for row in db.read(sql, {"names": list(folded_names)})} if folded_names else {}


def read_cards(db: Reader, ids: Collection[int]) -> list[CardRow]:
    """These cards as they are."""
    return db.read_as(CardRow, f"{_CARD} WHERE id IN (SELECT unnest($ids))", {"ids": list(ids)}) if ids else []


def ways_of(db: Reader, ids: Collection[int]) -> list[tuple[int, str, str, str]]:
    """(card, kind, address, as shown) of every way to reach these customers."""
    sql = """SELECT customer_id, kind, address, shown FROM customer_contact
             WHERE customer_id IN (SELECT unnest($ids)) ORDER BY customer_id, kind, added_at DESC, address"""
    return [(int(r[0]), str(r[1]), str(r[2]), str(r[3])) for r in db.read(sql, {"ids": list(ids)})] if ids else []


def add_cards(tx: Transaction, cards: Sequence[dict[str, Any]], now: datetime) -> None:
    """New cards with the fields of `CardRow` and `folded`, their name and ways as the search wants them."""
    for card in cards:
        tx.insert("customer", {**card, "created_at": now})


def fill_cards(tx: Transaction, cards: Sequence[dict[str, Any]]) -> None:
    """Set the same fields, found by their `id`."""
    if cards:
        tx.update("customer", cards)


def add_ways(tx: Transaction, ways: Sequence[tuple[int, str, str, str]], now: datetime) -> None:
    """(card, kind, address, as shown) that no card has yet."""
    for customer_id, kind, address, shown in ways:
        insert_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)


def drop_ways(tx: Transaction, ways: Sequence[tuple[int, str, str]]) -> None:
    """Take (card, kind, address) away again."""
    sql = """DELETE FROM customer_contact USING (
                 SELECT unnest($ids) AS id, unnest($kinds) AS kind, unnest($addresses) AS address) gone
             WHERE customer_contact.customer_id = gone.id AND customer_contact.kind = gone.kind
                 AND customer_contact.address = gone.address"""
    if ways:
        ids, kinds, addresses = map(list, zip(*ways, strict=True))
        tx.run(sql, {"ids": ids, "kinds": kinds, "addresses": addresses})


def drop_cards(tx: Transaction, ids: Collection[int]) -> None:
    """Take cards away with every way to reach them."""
    if ids:
        tx.run("DELETE FROM customer_contact WHERE customer_id IN (SELECT unnest($ids))", {"ids": list(ids)})
        tx.run("DELETE FROM customer WHERE id IN (SELECT unnest($ids))", {"ids": list(ids)})


def used_cards(db: Reader, import_id: int, ids: Collection[int]) -> set[int]:
    """Which of these cards something else stands on: an inquiry, a booking, a wish, a consent, another card, a later
    list, or a word to be forgotten."""
    sql = """
        WITH asked AS (SELECT unnest($ids) AS id)
        SELECT customer_id FROM inquiry WHERE customer_id IN (FROM asked)
        UNION SELECT customer_id FROM booking WHERE customer_id IN (FROM asked)
        UNION SELECT customer_id FROM wish WHERE customer_id IN (FROM asked)
        UNION SELECT customer_id FROM consent WHERE customer_id IN (FROM asked)
        UNION SELECT customer_id FROM erasure WHERE customer_id IN (FROM asked)
        UNION SELECT customer_id FROM disclosure WHERE customer_id IN (FROM asked)
        UNION SELECT gone_id FROM customer_merge WHERE gone_id IN (FROM asked)
        UNION SELECT into_id FROM customer_merge WHERE into_id IN (FROM asked)
        UNION SELECT referred_by FROM customer WHERE referred_by IN (FROM asked)
        UNION SELECT id FROM customer WHERE id IN (FROM asked) AND (merged_into IS NOT NULL OR erased_at IS NOT NULL
            OR referred_by IS NOT NULL)
        UNION SELECT l.customer_id FROM customer_import_line l JOIN customer_import i ON i.id = l.import_id
            WHERE l.customer_id IN (FROM asked) AND l.import_id <> $import AND i.undone_at IS NULL"""
    return {int(row[0]) for row in db.read(sql, {"ids": list(ids), "import": import_id})} if ids else set()


def put_away_cards(db: Reader, ids: Collection[int]) -> set[int]:
    """Which of these cards went into another one."""
    sql = "SELECT id FROM customer WHERE id IN (SELECT unnest($ids)) AND merged_into IS NOT NULL"
    return {int(row[0]) for row in db.read(sql, {"ids": list(ids)})} if ids else set()


def insert_import(tx: Transaction, *, file_name: str, staff_id: int, now: datetime) -> int:
    """A new import; its id."""
    import_id = tx.new_id()
    values = {"id": import_id, "file_name": file_name, "staff_id": staff_id, "imported_at": now, "undone_at": None}
    tx.insert("customer_import", values)
    return import_id


def insert_line(tx: Transaction, import_id: int, values: dict[str, Any]) -> None:
    """What a line did: line, fate, customer_id, before, problem."""
    tx.insert("customer_import_line", {"import_id": import_id, **values})


_IMPORTS = """
    SELECT i.id, i.file_name, i.imported_at, i.undone_at, count(*) FILTER (l.fate = 'added') AS added,
        count(*) FILTER (l.fate = 'changed') AS changed, count(*) FILTER (l.fate = 'known') AS known,
        count(*) FILTER (l.fate = 'refused') AS refused
    FROM customer_import i LEFT JOIN customer_import_line l ON l.import_id = i.id"""


def list_imports(db: Reader) -> list[CustomerImport]:
    """Every list that was read in, the newest first."""
    return db.read_as(CustomerImport, _IMPORTS + " GROUP BY ALL ORDER BY i.imported_at DESC, i.id DESC")


def read_import(db: Reader, import_id: int) -> CustomerImport | None:
    """One list that was read in, or None."""
    found = db.read_as(CustomerImport, _IMPORTS + " WHERE i.id = $id GROUP BY ALL", {"id": import_id})
    return found[0] if found else None


def list_lines(db: Reader, import_id: int, *, only_told: bool = False, limit: int = 1_000_000) -> list[ImportLine]:
    """The lines of a list in order; with `only_told` those alone of which a problem is told."""
    sql = """SELECT l.line, l.fate, l.customer_id, l.before, l.problem, coalesce(c.name, '') AS customer_name
             FROM customer_import_line l LEFT JOIN customer c ON c.id = l.customer_id
             WHERE l.import_id = $id AND (NOT $told OR l.problem <> '') ORDER BY l.line LIMIT $limit"""
    return db.read_as(ImportLine, sql, {"id": import_id, "told": only_told, "limit": limit})


def end_import(tx: Transaction, import_id: int, now: datetime, stayed: Collection[int], why: str) -> None:
    """The list was taken back and its lines forget what they changed; those of cards in `stayed` say `why` it is still
    there."""
    tx.run("UPDATE customer_import SET undone_at = $now WHERE id = $id", {"id": import_id, "now": now})
    tx.run("UPDATE customer_import_line SET before = '' WHERE import_id = $id", {"id": import_id})
    sql = """UPDATE customer_import_line SET problem = $why
             WHERE import_id = $id AND fate IN ('added', 'changed') AND customer_id IN (SELECT unnest($stayed))"""
    if stayed:
        tx.run(sql, {"id": import_id, "why": why, "stayed": list(stayed)})


@dataclass(frozen=True)
class ListedCustomer:
    """A customer with all that is written on their card; several addresses are parted by commas."""

    name: str
    salutation: str
    title: str
    form_of_address: str
    language: str
    mails: str
    phones: str
    note: str
    likes: str
    preferred: str
    no_ads: bool
    created_at: datetime


def all_customers(db: Reader) -> list[ListedCustomer]:
    """Everybody whom the shop knows, by name."""
    sql = """
        SELECT c.name, c.salutation, c.title, c.form_of_address, c.language,
            coalesce(string_agg(k.shown, ', ' ORDER BY k.added_at, k.address) FILTER (k.kind = 'mail'), '') AS mails,
            coalesce(string_agg(k.shown, ', ' ORDER BY k.added_at, k.address) FILTER (k.kind = 'phone'), '') AS phones,
            c.note, c.likes, c.preferred, c.no_ads, c.created_at
        FROM customer c LEFT JOIN customer_contact k ON k.customer_id = c.id
        WHERE c.merged_into IS NULL AND c.erased_at IS NULL
        GROUP BY c.id, c.name, c.salutation, c.title, c.form_of_address, c.language, c.note, c.likes, c.preferred,
            c.no_ads, c.created_at, c.folded
        ORDER BY c.folded, c.id"""
    return db.read_as(ListedCustomer, sql)
