"""Customers: found again by any way to reach them, added without asking for anything, changed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import data.customers
import data.inquiries
from data.records import Actor, Customer, CustomerContact, InquiryRow
from data.store import Reader, Transaction
from services.errors import InvalidInputError, NotFoundError, require
from services.rules.folding import fold
from services.rules.phones import normalise_phone, show_phone
from services.rules.same_person import fold_card
from services.rules.search_terms import search_terms
from services.settings import shop_settings
from services.shop import Shop
from services.typed import one_line, short_line

NAME_LENGTH = 200
LIKES_LENGTH = 200
TITLE_LENGTH, NOTE_LENGTH = 40, 5000
ERASED = "Diese Person wurde gelöscht. Hier lässt sich nichts mehr notieren."
MAIL_RATHER, PHONE_ONLY = "mail", "phone"  # how somebody wants to be reached, '' when nobody said
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class CustomerCard:
    """A customer with every way to reach them, their newest hundred inquiries, and who sent whom."""

    customer: Customer
    contacts: list[CustomerContact]
    inquiries: list[InquiryRow]
    referrer: Customer | None = None  # who sent this one
    referred: int = 0  # how many this one sent


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
        tx, name=name or shown, folded=fold_card(name or shown, [shown]), language="de", now=now
    )
    if kind:
        data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)
    elif shown:
        data.customers.change_customer(tx, customer_id, {"note": shown})
    return customer_id


def require_customer(db: Reader, customer_id: int) -> Customer:
    """The customer; NotFoundError if there is none."""
    return require(data.customers.read_customer(db, customer_id), "Diesen Kunden gibt es nicht mehr.")


def require_listed(db: Reader, customer_id: int) -> Customer:
    """The customer as they stand in the list; NotFoundError for a card that went into another or was erased."""
    if not data.customers.is_listed(db, customer_id):
        raise NotFoundError("Diesen Kunden gibt es nicht mehr.")
    return require_customer(db, customer_id)


def require_kept(db: Reader, customer_id: int) -> Customer:
    """Whom a screen means by this id, by the card that took its place if it went into another; NotFoundError for one
    that was erased meanwhile. Take it wherever an id comes from a screen, which may be old."""
    return require_listed(db, data.customers.kept_id(db, customer_id))


def refuse_erased(db: Reader, inquiry_id: int) -> None:
    """Raises NotFoundError for an inquiry of somebody who was erased: a page that was open brings no word of them
    back, and nobody waits there. Ask it wherever people write into an inquiry, or open it again."""
    if data.customers.is_erased_ones(db, inquiry_id):
        raise NotFoundError(ERASED)


def change_customer(
    shop: Shop, actor: Actor, customer_id: int, *, contact: str = "", drop: Collection[str] = (), **changes: object
) -> None:
    """Correct the card in one step: the given ones of its fields, one more `contact`, and without the (normalised)
    addresses in `drop`. What was written stays, whatever is removed.

    The fields are name, salutation, title, form_of_address, language, note, preferred, likes, referred_by (the id of
    the customer who sent this one, or None) and no_ads. Raises NotFoundError, and InvalidInputError for a wrong value
    or a mail address of another customer.
    """
    checked = {name: _CHECKS[name](value) for name, value in changes.items()}
    with shop.store.write() as tx:
        require_listed(tx, customer_id)
        if checked.get("referred_by") != require_customer(tx, customer_id).referred_by:
            _check_referrer(tx, customer_id, checked.get("referred_by"))
        address = learn_contact(tx, customer_id, contact, shop.now())
        data.customers.drop_contacts(tx, customer_id, set(drop) - {address})
        if checked:
            data.customers.change_customer(tx, customer_id, checked)
        refold(tx, customer_id)


def refold(tx: Transaction, customer_id: int) -> None:
    """Keep the name and the ways to reach the customer as the search wants them, after either changed."""
    ways = [each.shown for each in data.customers.list_contacts(tx, customer_id)]
    name = require_customer(tx, customer_id).name
    data.customers.change_customer(tx, customer_id, {"folded": fold_card(name, ways)})


def _check_referrer(db: Reader, customer_id: int, referrer: int | None) -> None:
    if referrer is None:
        return
    if referrer == customer_id:
        raise InvalidInputError("Niemand empfiehlt sich selbst.")
    require_listed(db, referrer)


def learn_contact(tx: Transaction, customer_id: int, text: str, now: datetime) -> str:
    """One more way to reach the customer, in the caller's transaction; its normalised address, '' for an empty text.

    `refold` after it. A family shares a phone, but mail is filed by its one customer: raises InvalidInputError for the
    mail address of another one, and for what is neither an address nor a number.
    """
    if not text.strip():
        return ""
    kind, address, shown = contact_of(text, shop_settings(tx).country)
    if not kind:
        raise InvalidInputError("Das ist weder eine E-Mail-Adresse noch eine Telefonnummer.")
    others = [each for each in data.customers.find_by_contact(tx, kind, address) if each.id != customer_id]
    if others and kind == "mail":
        raise InvalidInputError("«{address}» steht schon auf der Karte von {name}.", address=shown, name=others[0].name)
    data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)
    return address


def _name(text: str) -> str:
    if not (name := short_line(text, NAME_LENGTH)):
        raise InvalidInputError("Der Name fehlt noch.")
    return name


def _note(text: object) -> str:
    note = str(text).replace("\x00", "")
    if len(note) > NOTE_LENGTH:
        raise InvalidInputError("Das ist zu lang. Höchstens {limit} Zeichen.", limit=NOTE_LENGTH)
    return note


def _one_of(*words: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in words:
            raise InvalidInputError("Bitte wählen Sie die Anrede aus der Liste.")
        return text

    return check


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "salutation": _one_of("", "frau", "herr"),
    "title": lambda text: short_line(text, TITLE_LENGTH),
    "form_of_address": _one_of("sie", "du"),
    "language": _one_of("de", "en"),
    "note": _note,
    "preferred": _one_of("", MAIL_RATHER, PHONE_ONLY),
    "likes": lambda text: short_line(str(text), LIKES_LENGTH),
    "referred_by": lambda ident: int(ident) if ident else None,
    "no_ads": bool,
}


def find_customers(shop: Shop, actor: Actor, words: str) -> list[FoundCustomer]:
    """Customers whose name, mail or phone fits in any spelling, by name; with no words the first fifty."""
    found = data.customers.search_customers(shop.store, search_terms(words, shop_settings(shop.store).country))
    contacts = data.customers.contacts_of(shop.store, [customer.id for customer in found])
    return [FoundCustomer(customer, contacts.get(customer.id, [])) for customer in found]


def count_found(shop: Shop, actor: Actor, words: str) -> int:
    """How many `find_customers` would find if it told of more than fifty."""
    return data.customers.count_customers(shop.store, search_terms(words, shop_settings(shop.store).country))


def open_card(shop: Shop, actor: Actor, customer_id: int) -> CustomerCard:
    """The customer as Kunden shows them, by the card that took its place if it went into another; NotFoundError if
    there is none."""
    kept = data.customers.kept_id(shop.store, customer_id)
    customer = require_customer(shop.store, kept)
    return CustomerCard(
        customer=customer,
        contacts=data.customers.list_contacts(shop.store, kept),
        inquiries=data.inquiries.rows_of_customer(shop.store, kept),
        referrer=_referrer(shop.store, customer),
        referred=data.customers.count_referred(shop.store, kept),
    )


def _referrer(db: Reader, customer: Customer) -> Customer | None:
    """Who sent this one, as long as that person's card is there."""
    sender = data.customers.kept_id(db, customer.referred_by) if customer.referred_by else customer.id
    known = sender != customer.id and data.customers.is_listed(db, sender)
    return data.customers.read_customer(db, sender) if known else None
