"""Customers: found again by any way to reach them, added without asking for anything, changed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import data.customers
import data.inquiries
from data.records import Actor, Customer, CustomerContact, InquiryRow
from data.store import Reader, Transaction
from services.errors import InvalidInputError, require
from services.rules.folding import fold
from services.rules.phones import normalise_phone, show_phone
from services.settings import shop_settings
from services.shop import Shop
from services.typed import one_line

NAME_LENGTH = 200
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class CustomerCard:
    """A customer with every way to reach them and all their inquiries, newest first."""

    customer: Customer
    contacts: list[CustomerContact]
    inquiries: list[InquiryRow]


@dataclass(frozen=True)
class FoundCustomer:
    """A customer in a list, with every way to reach them, by which namesakes are told apart."""

    customer: Customer
    contacts: list[CustomerContact]


def clean_name(name: str) -> str:
    """One line of at most 200 characters: a name as the customer wrote it."""
    return one_line(name)[:NAME_LENGTH]


def contact_of(text: str, country: str) -> tuple[str, str, str]:
    """(kind, normalised address, as shown) of a mail address or phone number; kind '' for anything else."""
    text = clean_name(text)
    if _MAIL.fullmatch(text):
        return "mail", text.lower(), text
    number = normalise_phone(text, country)
    return ("phone", number, show_phone(number, country)) if number else ("", "", text)


def find_or_add_customer(tx: Transaction, country: str, *, name: str, reach: str, now: datetime) -> int:
    """The customer reached that way, else a new one; what is no address or number goes into the note."""
    kind, address, shown = contact_of(reach, country)
    name = clean_name(name)
    known = data.customers.find_by_contact(tx, kind, address) if kind else []
    for customer in known:
        if not name or fold(customer.name) == fold(name) or kind == "mail":
            return customer.id
    customer_id = data.customers.insert_customer(
        tx, name=name or shown, folded=fold(f"{name} {shown}"), language="de", now=now
    )
    if kind:
        data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)
    elif shown:
        data.customers.change_customer(tx, customer_id, {"note": shown})
    return customer_id


def require_customer(db: Reader, customer_id: int) -> Customer:
    """The customer; NotFoundError if there is none."""
    return require(data.customers.read_customer(db, customer_id), "Diesen Kunden gibt es nicht mehr.")


def change_customer(
    shop: Shop, actor: Actor, customer_id: int, *, contact: str = "", drop: Collection[str] = (), **changes: str
) -> None:
    """Correct the card in one step: the given ones of name, salutation, title, form_of_address and note, one more
    `contact`, and without the (normalised) addresses in `drop`. What was written stays, whatever is removed.

    Raises NotFoundError, and InvalidInputError for a wrong value or a mail address of another customer.
    """
    checked = {name: _CHECKS[name](value) for name, value in changes.items()}
    with shop.store.write() as tx:
        customer = require_customer(tx, customer_id)
        kind, address, shown = _new_contact(tx, customer_id, contact)
        data.customers.drop_contacts(tx, customer_id, set(drop) - {address})
        if kind:
            data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=shop.now())
        ways = [each.shown for each in data.customers.list_contacts(tx, customer_id)]
        folded = fold(" ".join([checked.get("name", customer.name), *ways]))
        data.customers.change_customer(tx, customer_id, {**checked, "folded": folded})


def _new_contact(db: Reader, customer_id: int, text: str) -> tuple[str, str, str]:
    """`contact_of` the text, all empty for none: a family shares a phone, but mail is filed by its one customer."""
    if not text.strip():
        return "", "", ""
    kind, address, shown = contact_of(text, shop_settings(db).country)
    if not kind:
        raise InvalidInputError("Das ist weder eine E-Mail-Adresse noch eine Telefonnummer.")
    others = [each for each in data.customers.find_by_contact(db, kind, address) if each.id != customer_id]
    if others and kind == "mail":
        raise InvalidInputError(
            "«{address}» steht schon auf der Karte von {name}.", address=shown, name=others[0].name
        )
    return kind, address, shown


def _name(text: str) -> str:
    if not (name := clean_name(text)):
        raise InvalidInputError("Der Name fehlt noch.")
    return name


def _one_of(*words: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in words:
            raise InvalidInputError("Bitte wählen Sie die Anrede aus der Liste.")
        return text

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "salutation": _one_of("", "frau", "herr"),
    "title": lambda text: clean_name(text)[:40],
    "form_of_address": _one_of("sie", "du"),
    "note": lambda text: text.replace("\x00", "")[:5000],
}


def find_customers(shop: Shop, actor: Actor, words: str) -> list[FoundCustomer]:
    """Customers whose name, mail or phone fits, by name; with no words the first fifty."""
    country = shop_settings(shop.store).country
    number = normalise_phone(words, country)
    found = data.customers.search_customers(shop.store, [number] if number else fold(words).split())
    contacts = data.customers.contacts_of(shop.store, [customer.id for customer in found])
    return [FoundCustomer(customer, contacts.get(customer.id, [])) for customer in found]


def open_card(shop: Shop, actor: Actor, customer_id: int) -> CustomerCard:
    """The customer as Kunden shows them; NotFoundError if there is none."""
    return CustomerCard(
        customer=require_customer(shop.store, customer_id),
        contacts=data.customers.list_contacts(shop.store, customer_id),
        inquiries=data.inquiries.rows_of_customer(shop.store, customer_id),
    )
