"""Customers: a person with any number of mail addresses and phones, or none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from data.records import Customer, CustomerContact
from data.store import Reader, Transaction

_COLUMNS = "id, name, salutation, title, form_of_address, language, note, created_at"


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
        },
    )
    return customer_id


def read_customer(db: Reader, customer_id: int) -> Customer | None:
    """The customer, or None."""
    found = db.read_as(Customer, f"SELECT {_COLUMNS} FROM customer WHERE id = $id", {"id": customer_id})
    return found[0] if found else None


def change_customer(tx: Transaction, customer_id: int, changes: dict[str, Any]) -> None:
    """Set the columns that people edit."""
    allowed = {"name", "salutation", "title", "form_of_address", "language", "note", "folded"}
    if not set(changes) <= allowed:
        raise ValueError(f"no such column: {sorted(set(changes) - allowed)}")
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
             WHERE customer_id IN (SELECT unnest($ids)) ORDER BY kind, added_at DESC"""
    contacts: dict[int, list[CustomerContact]] = {}
    for contact in db.read_as(CustomerContact, sql, {"ids": customer_ids}) if customer_ids else []:
        contacts.setdefault(contact.customer_id, []).append(contact)
    return contacts


def find_by_contact(db: Reader, kind: str, address: str) -> list[Customer]:
    """Customers reached under this normalised address or number, newest first."""
    sql = f"""SELECT {_COLUMNS} FROM customer WHERE id IN (
                  SELECT customer_id FROM customer_contact WHERE kind = $kind AND address = $address)
              ORDER BY created_at DESC"""
    return db.read_as(Customer, sql, {"kind": kind, "address": address})


def find_by_mail(db: Reader, addresses: list[str]) -> dict[str, int]:
    """The newest customer with each of these normalised mail addresses, by address."""
    sql = """SELECT k.address, arg_max(c.id, c.created_at)
             FROM customer_contact k JOIN customer c ON c.id = k.customer_id
             WHERE k.kind = 'mail' AND k.address IN (SELECT unnest($addresses)) GROUP BY k.address"""
    return {str(row[0]): int(row[1]) for row in db.read(sql, {"addresses": addresses})} if addresses else {}


def search_customers(db: Reader, folded_words: list[str], limit: int = 50) -> list[Customer]:
    """Customers whose name, mail or phone holds every word (already folded), by name."""
    sql = f"""SELECT {_COLUMNS} FROM customer c WHERE NOT EXISTS (
                  SELECT 1 FROM unnest($words) AS t(word)
                  WHERE NOT contains(c.folded, word) AND NOT EXISTS (
                      SELECT 1 FROM customer_contact k WHERE k.customer_id = c.id AND contains(k.address, word)))
              ORDER BY name LIMIT $limit"""
    return db.read_as(Customer, sql, {"words": folded_words, "limit": limit})
