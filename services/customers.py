"""Customers: found again by any way to reach them, added without asking for anything, changed by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import data.customers
import data.inquiries
from data.records import Actor, Customer, CustomerContact, InquiryRow
from data.store import Reader, Transaction
from services.errors import InvalidInputError, NotFoundError
from services.rules.folding import fold
from services.rules.phones import normalise_phone, show_phone
from services.settings import shop_settings
from services.shop import Shop

NAME_LENGTH = 200
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class CustomerCard:
    """A customer with every way to reach them and all their inquiries, newest first."""

    customer: Customer
    contacts: list[CustomerContact]
    inquiries: list[InquiryRow]


def clean_name(name: str) -> str:
    """One line of at most 200 characters: a name as the customer wrote it."""
    return " ".join(name.replace("\x00", "").split())[:NAME_LENGTH]


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
    customer = data.customers.read_customer(db, customer_id)
    if customer is None:
        raise NotFoundError("Diesen Kunden gibt es nicht mehr.")
    return customer


def change_customer(
    shop: Shop,
    actor: Actor,
    customer_id: int,
    *,
    name: str,
    salutation: str,
    title: str,
    form_of_address: str,
    note: str,
) -> None:
    """Correct what the card shows; the name decides the salutation of every template."""
    if not clean_name(name):
        raise InvalidInputError("Der Name fehlt noch.")
    if salutation not in {"", "frau", "herr"} or form_of_address not in {"sie", "du"}:
        raise InvalidInputError("Bitte wählen Sie die Anrede aus der Liste.")
    with shop.store.write() as tx:
        require_customer(tx, customer_id)
        changes = {
            "name": clean_name(name),
            "salutation": salutation,
            "title": clean_name(title)[:40],
            "form_of_address": form_of_address,
            "note": note.replace("\x00", "")[:5000],
            "folded": fold(name),
        }
        data.customers.change_customer(tx, customer_id, changes)


def add_contact(shop: Shop, actor: Actor, customer_id: int, text: str) -> None:
    """One more mail address or phone number of a customer."""
    with shop.store.write() as tx:
        require_customer(tx, customer_id)
        kind, address, shown = contact_of(text, shop_settings(tx).country)
        if not kind:
            raise InvalidInputError("Das ist weder eine E-Mail-Adresse noch eine Telefonnummer.")
        data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=shop.now())


def find_customers(shop: Shop, actor: Actor, words: str) -> list[Customer]:
    """Customers whose name, mail or phone fits, by name; with no words the first fifty."""
    country = shop_settings(shop.store).country
    number = normalise_phone(words, country)
    return data.customers.search_customers(shop.store, [number] if number else fold(words).split())


def open_card(shop: Shop, actor: Actor, customer_id: int) -> CustomerCard:
    """The customer as Kunden shows them; NotFoundError if there is none."""
    return CustomerCard(
        customer=require_customer(shop.store, customer_id),
        contacts=data.customers.list_contacts(shop.store, customer_id),
        inquiries=data.inquiries.rows_of_customer(shop.store, customer_id),
    )
