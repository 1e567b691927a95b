"""Two cards of one person: proposed by what they share, put together by a person, taken apart again within 90 days.

What belongs to one card goes over to the other; the card itself stays, out of sight, with its own words. The kept
card's fields win, its empty ones are filled, and a second note goes below the first. Inquiries and their clocks are
not touched: only whose they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import data.customers
import data.merging
from data.merging import Merge, Moved
from data.records import Actor, Customer, CustomerContact
from data.store import Reader, Transaction
from services.customers import refold, require_customer, require_listed
from services.errors import InvalidInputError, require
from services.rules.folding import fold
from services.rules.same_person import Likeness, Traits, Unlike, is_nameless, likeness, unlike_names
from services.shop import Shop

UNDO_FOR = timedelta(days=90)
MOST_PROPOSED = 3
_FILLED = ("name", "salutation", "title", "preferred", "likes", "note", "referred_by", "no_ads")
_COMPARED = ("name", "salutation", "title", "form_of_address", "language", "preferred", "likes")
_APPENDED = "note below"
_ORDER = list(Likeness)


@dataclass(frozen=True)
class Double:
    """A card that may be the same person's, and why."""

    customer: Customer
    contacts: list[CustomerContact]
    why: Likeness


@dataclass(frozen=True)
class MergePreview:
    """What would happen to two cards."""

    kept: Customer
    gone: Customer
    contacts: list[str]  # that go over, as people write them
    counts: dict[str, int]  # rows that go over, by table: 'inquiry', 'booking', 'wish', 'consent' …
    filled: list[str]  # fields of the kept card that are empty and take the other's words
    conflicts: list[str]  # fields in which both say something and the kept card wins
    unlike: Unlike | None = None  # what speaks against one person: a family shares a phone


def likely_doubles(shop: Shop, actor: Actor, customer_id: int) -> list[Double]:
    """Cards that may be this person's, the likeliest first, at most three. Raises NotFoundError."""
    db = shop.store
    customer = require_customer(db, customer_id)
    words = [[word] for word in fold(customer.name).split()]
    namesakes = data.customers.search_customers(db, words, limit=20) if words else []
    alike = data.customers.read_customers(db, data.merging.reached_alike(db, customer_id))
    others = {one.id: one for one in [*namesakes, *alike.values()] if one.id != customer_id}
    contacts = data.customers.contacts_of(db, [customer_id, *others])
    mine = _traits(customer, contacts)
    found = [
        Double(one, contacts.get(one.id, []), why)
        for one in others.values()
        if (why := likeness(mine, _traits(one, contacts)))
    ]
    return sorted(found, key=lambda double: (_ORDER.index(double.why), double.customer.id))[:MOST_PROPOSED]


def _traits(customer: Customer, contacts: dict[int, list[CustomerContact]]) -> Traits:
    ways = contacts.get(customer.id, [])
    mails = frozenset(each.address for each in ways if each.kind == "mail")
    return Traits(customer.name, mails, frozenset(each.address for each in ways if each.kind == "phone"))


def preview_merge(shop: Shop, actor: Actor, kept_id: int, gone_id: int) -> MergePreview:
    """What putting the two cards together would do. Raises NotFoundError, and InvalidInputError for one card twice."""
    kept, gone = _pair(shop.store, kept_id, gone_id)
    moved = data.merging.rows_to_move(shop.store, gone_id, kept_id)
    over = {address for _kind, address in moved["customer_contact"]}
    ways = _ways(shop.store, kept, gone)
    words = _new_words(kept, gone, ways)
    filled = [name for name in _FILLED if name in words]
    return MergePreview(
        kept=kept,
        gone=gone,
        contacts=[each.shown for each in data.customers.list_contacts(shop.store, gone_id) if each.address in over],
        counts={table: len(moved[table]) for table in data.merging.TABLES if moved[table]},
        filled=filled,
        conflicts=[name for name in _COMPARED if name not in filled and _differ(kept, gone, name)],
        unlike=_unlike(kept.name, gone.name, ways),
    )


def _unlike(one: str, other: str, ways: Collection[str]) -> Unlike | None:
    """An address in the place of a name speaks against nobody."""
    return None if is_nameless(one, ways) or is_nameless(other, ways) else unlike_names(one, other)


def merge_customers(shop: Shop, actor: Actor, kept_id: int, gone_id: int) -> int:
    """Put the second card into the first, in one step; the id of the record by which they can be taken apart.

    Raises NotFoundError for a card that is not listed, InvalidInputError for one card twice or no other (0).
    """
    with shop.store.write() as tx:
        kept, gone = _pair(tx, kept_id, gone_id)
        moved = data.merging.rows_to_move(tx, gone_id, kept_id)
        words = _new_words(kept, gone, _ways(tx, kept, gone))
        if words:
            data.customers.change_customer(tx, kept_id, words)
        data.merging.hand_over(tx, moved, gone_id, kept_id)
        data.merging.put_away(tx, gone_id, kept_id)
        refold(tx, kept_id)
        who = {"gone_id": gone_id, "into_id": kept_id, "staff_id": actor.staff_id, "merged_at": shop.now()}
        return data.merging.insert_merge(tx, who, {**moved, "fields": _noted(kept, words), "name": [kept.name]})


def _pair(db: Reader, kept_id: int, gone_id: int) -> tuple[Customer, Customer]:
    if not gone_id:
        raise InvalidInputError("Bitte wählen Sie die andere Karte.")
    if kept_id == gone_id:
        raise InvalidInputError("Das ist schon dieselbe Karte.")
    return require_listed(db, kept_id), require_listed(db, gone_id)


def _ways(db: Reader, kept: Customer, gone: Customer) -> set[str]:
    """How people write the addresses and numbers of both."""
    contacts = data.customers.contacts_of(db, [kept.id, gone.id])
    return {each.shown for listed in contacts.values() for each in listed}


def _new_words(kept: Customer, gone: Customer, ways: Collection[str]) -> dict[str, Any]:
    """What the kept card takes from the other: words where it has none, a name for an address, a «Werbesperre», a
    second note."""
    words = {name: getattr(gone, name) for name in _FILLED if not getattr(kept, name) and getattr(gone, name)}
    if is_nameless(kept.name, ways) and not is_nameless(gone.name, ways):
        words["name"] = gone.name
    if kept.note and gone.note and kept.note != gone.note:
        words["note"] = f"{kept.note}\n{gone.note}"
    return words


def _noted(kept: Customer, words: dict[str, Any]) -> list[str]:
    """The fields that changed, by name alone: the new words stand on the card that went."""
    names = [name for name in words if not (name == "note" and kept.note)]
    return [*names, *([_APPENDED] if "note" in words and kept.note else [])]


def _differ(kept: Customer, gone: Customer, name: str) -> bool:
    mine, theirs = getattr(kept, name), getattr(gone, name)
    return bool(theirs) and mine != theirs


def list_merges(shop: Shop, actor: Actor, customer_id: int) -> list[Merge]:
    """The cards that went into this one and may still be taken out, the newest first."""
    merges = data.merging.merges_into(shop.store, customer_id)
    return [merge for merge in merges if shop.now() - merge.merged_at <= UNDO_FOR]


def unmerge_customers(shop: Shop, actor: Actor, merge_id: int) -> int:
    """Take the two cards apart; the id of the card that stands in the list again.

    What went over and is still there goes back, with what was begun since from its addresses alone; all else that has
    come since stays, and a «Werbesperre» does. Raises NotFoundError when they are apart already or the kept card is
    erased, InvalidInputError after 90 days or while the kept card is in another one.
    """
    with shop.store.write() as tx:
        merge = require(data.merging.read_merge(tx, merge_id), "Diese beiden Karten stehen schon für sich.")
        if shop.now() - merge.merged_at > UNDO_FOR:
            raise InvalidInputError("Nach 90 Tagen lassen sich zwei Karten nicht mehr trennen.")
        if data.customers.kept_id(tx, merge.into_id) != merge.into_id:
            raise InvalidInputError("Diese Karte steht inzwischen in einer anderen. Trennen Sie zuerst diese beiden.")
        kept, gone = require_listed(tx, merge.into_id), require_customer(tx, merge.gone_id)
        data.merging.put_away(tx, gone.id, None)
        data.merging.hand_over(tx, data.merging.begun_since(tx, merge), kept.id, gone.id)
        data.merging.hand_over(tx, merge.moved, kept.id, gone.id)
        _give_back(tx, merge.moved, kept, gone)
        for customer in (kept, gone):
            refold(tx, customer.id)
        data.merging.end_merge(tx, merge_id, shop.now())
    return gone.id


def _give_back(tx: Transaction, moved: Moved, kept: Customer, gone: Customer) -> None:
    """What the fields were that were filled from the other card, where nobody changed them since.

    A «Werbesperre» stays: nobody can tell whether it was asked for again meanwhile.
    """
    fields = moved.get("fields", [])
    before = {"referred_by": None, "name": next(iter(moved.get("name", [])), "")}
    words: dict[str, Any] = {
        name: before.get(name, "")
        for name in fields
        if name in _FILLED and name != "no_ads" and getattr(kept, name) == getattr(gone, name)
    }
    if _APPENDED in fields:
        words["note"] = _without(kept.note, gone.note)
    if words:
        data.customers.change_customer(tx, kept.id, words)


def _without(note: str, part: str) -> str:
    """The note without the lines that came from the other card, as long as they stand together."""
    lines, gone = note.split("\n"), part.split("\n")
    for start in range(len(lines) - len(gone), -1, -1):
        if lines[start : start + len(gone)] == gone:
            return "\n".join(lines[:start] + lines[start + len(gone) :])
    return note
