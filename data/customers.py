"""Customers: a person with any number of mail addresses and phones, or none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from data.records import Customer, CustomerContact
from data.store import Reader, Transaction

_COLUMNS = """id, name, salutation, title, form_of_address, language, note, created_at, preferred, likes, referred_by,
    no_ads"""
_EDITED = frozenset(
    {"name", "salutation", "title", "form_of_address", "language", "note", "folded", "preferred", "likes"}
    | {"referred_by", "no_ads"}
)


def insert_customer(tx: Transaction, *, name: str, folded: str, language: str, now: datetime) -> int:
    """A new customer addressed by Sie; the id. `folded` is the name as the search wants it."""
    customer_id = tx.new_id()
    tx.insert(
        "customer",
        {
            "id": customer_id,
            "name": name,
            "salutation": "",
            "title": "",
            "form_of_address": "sie",
            "language": language,
            "note": "",
            "folded": folded,
            "created_at": now,
            "preferred": "",
            "likes": "",
            "no_ads": False,
        },
    )
    return customer_id


def read_customer(db: Reader, customer_id: int) -> Customer | None:
    """The customer, or None."""
    found = db.read_as(Customer, f"SELECT {_COLUMNS} FROM customer WHERE id = $id", {"id": customer_id})
    return found[0] if found else None


def read_customers(db: Reader, customer_ids: Collection[int]) -> dict[int, Customer]:
    """These customers, by id."""
    sql = f"SELECT {_COLUMNS} FROM customer WHERE id IN (SELECT unnest($ids))"
    return {one.id: one for one in db.read_as(Customer, sql, {"ids": list(customer_ids)})} if customer_ids else {}


def change_customer(tx: Transaction, customer_id: int, changes: dict[str, Any]) -> None:
    """Set the columns that people edit."""
    if not set(changes) <= _EDITED:
        raise ValueError(f"no such column: {sorted(set(changes) - _EDITED)}")
    sets = ", ".join(f"{name} = ${name}" for name in changes)
    tx.run(f"UPDATE customer SET {sets} WHERE id = $id", {**changes, "id": customer_id})


def insert_contact(tx: Transaction, customer_id: int, *, kind: str, address: str, shown: str, now: datetime) -> None:
    """The first way to reach a new customer."""
    values = {"kind": kind, "address": address, "customer_id": customer_id, "shown": shown, "added_at": now}
    tx.insert("customer_contact", values)


def add_contact(tx: Transaction, customer_id: int, *, kind: str, address: str, shown: str, now: datetime) -> None:
    """One more way to reach the customer; known ones are left as they are."""
    tx.run(
        """INSERT INTO customer_contact (kind, address, customer_id, shown, added_at)
           VALUES ($kind, $address, $id, $shown, $now) ON CONFLICT DO NOTHING""",
        {"kind": kind, "address": address, "id": customer_id, "shown": shown, "now": now},
    )


def drop_contacts(tx: Transaction, customer_id: int, addresses: Collection[str]) -> None:
    """The customer is no longer known by these normalised addresses and numbers; messages keep their senders."""
    sql = "DELETE FROM customer_contact WHERE customer_id = $id AND address IN (SELECT unnest($addresses))"
    if addresses:
        tx.run(sql, {"id": customer_id, "addresses": sorted(addresses)})


def list_contacts(db: Reader, customer_id: int) -> list[CustomerContact]:
    """Ways to reach the customer, newest first."""
    return contacts_of(db, [customer_id]).get(customer_id, [])


def contacts_of(db: Reader, customer_ids: list[int]) -> dict[int, list[CustomerContact]]:
    """Ways to reach each of these customers, newest first, by customer."""
    sql = """SELECT kind, address, customer_id, shown FROM customer_contact
             WHERE customer_id IN (SELECT unnest($ids)) ORDER BY kind, added_at DESC, address"""
    contacts: dict[int, list[CustomerContact]] = {}
    for contact in db.read_as(CustomerContact, sql, {"ids": customer_ids}) if customer_ids else []:
        contacts.setdefault(contact.customer_id, []).append(contact)
    return contacts


def find_by_contact(db: Reader, kind: str, address: str) -> list[Customer]:
    """Customers reached under this normalised address or number, newest first; only such as stand in the list."""
    sql = f"""SELECT {_COLUMNS} FROM customer WHERE merged_into IS NULL AND erased_at IS NULL AND id IN (
                  SELECT customer_id FROM customer_contact WHERE kind = $kind AND address = $address)
              ORDER BY created_at DESC"""
    return db.read_as(Customer, sql, {"kind": kind, "address": address})


def find_by_mail(db: Reader, addresses: list[str]) -> dict[str, int]:
    """The newest customer with each of these normalised mail addresses, by address."""
    sql = """SELECT k.address, arg_max(c.id, c.created_at)
             FROM customer_contact k JOIN customer c ON c.id = k.customer_id
             WHERE k.kind = 'mail' AND k.address IN (SELECT unnest($addresses))
                 AND c.merged_into IS NULL AND c.erased_at IS NULL
             GROUP BY k.address"""
    return {str(row[0]): int(row[1]) for row in db.read(sql, {"addresses": addresses})} if addresses else {}


_SEARCH = f"""
    WITH known AS (SELECT coalesce(merged_into, id) AS id, string_agg(folded, ' ') AS names FROM customer GROUP BY ALL),
         reached AS (SELECT customer_id, string_agg(address, ' ') AS ways FROM customer_contact GROUP BY ALL),
         found AS (SELECT {_COLUMNS}, folded FROM customer JOIN known USING (id)
                   LEFT JOIN reached ON reached.customer_id = id WHERE merged_into IS NULL AND erased_at IS NULL
                       AND len(list_filter($terms::VARCHAR[][], lambda term: NOT list_bool_or(list_transform(
                           term, lambda way: contains(concat_ws(' ', names, ways), way))))) = 0)"""


def search_customers(db: Reader, terms: list[list[str]], limit: int = 50) -> list[Customer]:
    """Customers who have one spelling of every term in their name, a mail address or a number; by folded name.

    Whoever was put together is found by the names of all their cards; erased people are not found.
    """
    sql = f"{_SEARCH} SELECT {_COLUMNS} FROM found ORDER BY folded, id LIMIT $limit"
    return db.read_as(Customer, sql, {"terms": terms, "limit": limit})


def count_customers(db: Reader, terms: list[list[str]]) -> int:
    """How many the same search finds."""
    return int(db.read(f"{_SEARCH} SELECT count(*) FROM found", {"terms": terms})[0][0])


def kept_id(db: Reader, customer_id: int) -> int:
    """The card that took this one's place, else itself."""
    rows = db.read("SELECT coalesce(merged_into, id) FROM customer WHERE id = $id", {"id": customer_id})
    return int(rows[0][0]) if rows else customer_id


def is_listed(db: Reader, customer_id: int) -> bool:
    """Whether the card is there, in no other one's place, and not erased."""
    sql = "SELECT 1 FROM customer WHERE id = $id AND merged_into IS NULL AND erased_at IS NULL"
    return bool(db.read(sql, {"id": customer_id}))


def is_erased_ones(db: Reader, inquiry_id: int) -> bool:
    """Whether the inquiry is one of somebody who was erased, and none that somebody else's was merged into."""
    erased = """SELECT 1 FROM inquiry i JOIN customer c ON c.id = i.customer_id
                WHERE i.id = $id AND c.erased_at IS NOT NULL"""
    if not db.read(erased, {"id": inquiry_id}):
        return False  # so nearly always: nobody's messages are looked through
    others = """SELECT 1 FROM message m JOIN inquiry i ON i.id = m.stream
                JOIN customer c ON c.id = i.customer_id AND c.erased_at IS NULL WHERE m.inquiry_id = $id LIMIT 1"""
    return not db.read(others, {"id": inquiry_id})


def count_referred(db: Reader, customer_id: int) -> int:
    """How many customers this one sent, under whichever card that was said."""
    sql = """SELECT count(*) FROM customer WHERE merged_into IS NULL AND erased_at IS NULL AND id <> $id
             AND referred_by IN (SELECT id FROM customer WHERE coalesce(merged_into, id) = $id)"""
    return int(db.read(sql, {"id": customer_id})[0][0])
