"""To be forgotten: anybody notes the wish, an owner confirms it, the person is made nameless in every table at once.

Rows stay, so that clocks and figures stay what they were. The files go from the disk after that; a job finishes what a
stop in between has left.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import data.customers
import data.privacy
from data.files import FileVault
from data.privacy import Blockers, Erasure, Reach
from data.records import Actor
from data.store import Reader, Store, Transaction
from services.backups import BACKUPS
from services.clock import refresh_clocks
from services.customers import require_customer
from services.erased_list import keep_erased
from services.errors import InvalidInputError, NotFoundError
from services.renewing import ask_renewal
from services.settings import mail_account
from services.shop import Shop
from services.staff import require_owner

log = logging.getLogger(__name__)

WAYS = ("mail", "phone", "visit", "letter")  # how somebody asked to be forgotten
KEPT = "Es bleiben Termine mit Tag, Leistung und Preis, ohne Namen."
_COUNTED = ("customer_contact", "wish", "attachment", "mail")
_AT_ONCE = 100  # files in one transaction
_HEAD = 64 * 1024  # bytes in which the addresses of a mail stand


class StillOpenError(InvalidInputError):
    """Vor dem Löschen muss alles mit dieser Person erledigt sein."""


@dataclass(frozen=True)
class ErasurePlan:
    """What forgetting somebody would take away, for the owner to see first."""

    name: str
    cards: int
    addresses: int
    inquiries: int
    messages: int
    bookings: int  # stay, nameless
    wishes: int
    files: int
    problem: str  # why it cannot be done yet, or ''
    problem_count: int
    request: Erasure | None  # that waits


def note_erasure(shop: Shop, actor: Actor, customer_id: int, how: str) -> None:
    """Somebody asked to be forgotten; a second request of the same person changes nothing. Anybody may note it.

    Raises NotFoundError, InvalidInputError.
    """
    if how not in WAYS:
        raise InvalidInputError()
    with shop.store.write() as tx:
        reach = reach_in(tx, customer_id)
        if data.privacy.open_erasure(tx, reach.people) is None:
            insert_request(tx, customer_id, how=how, staff_id=actor.staff_id, now=shop.now())


def withdraw_request(shop: Shop, actor: Actor, erasure_id: int) -> None:
    """The person stays after all, also when a backup is restored; a mail that a restore kept away from the shop stays
    away. Raises NotAllowedError, ErasedListError."""
    require_owner(actor)
    with shop.store.write() as tx:
        data.privacy.withdraw_erasure(tx, erasure_id, shop.now())
    with shop.store.write(counts=False) as tx:  # only now: nobody goes from the list too early
        keep_erased(tx, shop.folder / BACKUPS)


def list_requests(shop: Shop, actor: Actor) -> list[Erasure]:
    """Requests that wait for the owner, the oldest first. Raises NotAllowedError."""
    require_owner(actor)
    return data.privacy.list_erasures(shop.store, is_open=True)


def list_ended(shop: Shop, actor: Actor) -> list[Erasure]:
    """Requests that were done or withdrawn, the newest first. Raises NotAllowedError."""
    require_owner(actor)
    return data.privacy.list_erasures(shop.store, is_open=False)


def plan_erasure(shop: Shop, actor: Actor, customer_id: int) -> ErasurePlan:
    """What would go, and why it cannot go yet. Raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    reach = reach_in(shop.store, customer_id)
    counts = {table: data.privacy.count_rows(shop.store, reach, table) for table in _COUNTED}
    problem, count = _problem(data.privacy.blockers_of(shop.store, reach, shop.now()))
    return ErasurePlan(
        name=require_customer(shop.store, customer_id).name,
        cards=len(reach.people),
        addresses=counts["customer_contact"],
        inquiries=len(reach.inquiries),
        messages=len(reach.messages),
        bookings=len(reach.bookings),
        wishes=counts["wish"],
        files=counts["attachment"] + counts["mail"],
        problem=problem,
        problem_count=count,
        request=data.privacy.open_erasure(shop.store, reach.people),
    )


def erase_customer(shop: Shop, actor: Actor, customer_id: int) -> None:
    """Make the person nameless in every table, in one transaction, and delete their files. There is no way back.

    Raises NotAllowedError, NotFoundError, ErasedListError, and StillOpenError as long as something with them is under
    way.
    """
    require_owner(actor)
    reach = reach_with_sent(shop, customer_id)
    with shop.store.write() as tx:
        reach = replace(reach_in(tx, customer_id), raw=reach.raw)
        problem, count = _problem(data.privacy.blockers_of(tx, reach, shop.now()))
        if problem:
            raise StillOpenError(problem, count=count)
        ask_renewal(shop.folder)
        forget_person(tx, reach, actor.staff_id, shop.now())
        keep_erased(tx, shop.folder / BACKUPS)
    log.info("customer erased")
    delete_files(shop)
    sweep_files(shop)


def forget_person(tx: Transaction, reach: Reach, staff_id: int | None, now: datetime) -> None:
    """Make all cards in `reach` nameless in every table, and note that it was done. Joins the caller's transaction.

    `staff_id` is who confirmed it, None where that is not known.
    """
    request = data.privacy.open_erasure(tx, reach.people)
    erasure_id = request.id if request else insert_request(tx, reach.people[0], staff_id=staff_id or 0, now=now)
    refresh_clocks(tx, data.privacy.erase_person(tx, reach, now))
    kept = KEPT if reach.bookings else ""
    data.privacy.finish_erasure(tx, erasure_id, staff_id=staff_id, kept=kept, now=now)


def insert_request(tx: Transaction, customer_id: int, *, how: str = "", staff_id: int, now: datetime) -> int:
    """Note in the caller's transaction that this person is to be forgotten; the id of the request."""
    kept = data.customers.kept_id(tx, customer_id)
    return data.privacy.insert_erasure(tx, customer_id=kept, how=how, staff_id=staff_id, now=now)


def delete_files(shop: Shop) -> int:
    """Delete the files of forgotten people that nobody else's row names; how many. Safe to repeat and to be killed.

    A file that was kept again a moment ago waits for the next round: its row may be on its way.
    """
    noted, gone = data.privacy.noted_files(shop.store), 0
    for some in _in_parts(noted):
        with shop.store.write(counts=False) as tx:  # nobody can name a file meanwhile
            unnamed = data.privacy.unnamed_files(tx, some)
            deleted = {sha256 for sha256 in some if sha256 in unnamed and shop.files.delete(sha256)}
            data.privacy.forget_files(tx, (set(some) - unnamed) | deleted)
        gone += len(deleted)
    return gone


def sweep_files(shop: Shop) -> int:
    """Delete the files that no row ever named, or none names any more; how many.

    They came with mails that were passed over, or were taken off a draft. Nobody would find them for somebody who is to
    be forgotten. Safe to repeat and to be killed; one that was kept a moment ago waits.
    """
    return sweep_loose(shop.store, shop.files)


def sweep_loose(store: Store, files: FileVault) -> int:
    """The same in a store and a vault that are no running shop's."""
    files.clear_partials()
    loose, gone = data.privacy.unnamed_files(store, files.contents()), 0
    for some in _in_parts(sorted(loose)):
        with store.write(counts=False) as tx:
            gone += sum(files.delete(sha256) for sha256 in sorted(data.privacy.unnamed_files(tx, some)))
    return gone


def _in_parts(sums: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(sums), _AT_ONCE):
        yield sums[start : start + _AT_ONCE]


def reach_with_sent(shop: Shop, customer_id: int) -> Reach:
    """All that hangs on the person, also mails to them that were written elsewhere and stand in no conversation."""
    reach = reach_in(shop.store, customer_id)
    has_mail = any("@" in address for address in reach.addresses)
    return with_sent(reach, sent_heads(shop.store, shop.files)) if has_mail else reach


def with_sent(reach: Reach, heads: Mapping[str, bytes]) -> Reach:
    """The reach with those of these mails in whose head one of its addresses stands."""
    marks = [address.encode() for address in reach.addresses if "@" in address]
    to_them = (sha256 for sha256, head in heads.items() if any(mark in head for mark in marks))
    return replace(reach, raw=[*reach.raw, *to_them])


def sent_heads(db: Reader, files: FileVault) -> dict[str, bytes]:
    """The heads, in small letters, of mails from Sent that stand in no conversation, by their SHA-256."""
    heads = {}
    for sha256 in data.privacy.unplaced_sent_mails(db):
        with suppress(FileNotFoundError):
            heads[sha256] = files.head(sha256, _HEAD).lower().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return heads


def reach_in(db: Reader, customer_id: int) -> Reach:
    """All rows that hang on the person with this card, and on every card that went into theirs; NotFoundError."""
    if not data.customers.is_listed(db, data.customers.kept_id(db, customer_id)):
        raise NotFoundError("Diesen Kunden gibt es nicht mehr.")
    account = mail_account(db)
    return data.privacy.reach_of(db, customer_id, account.address if account else "")


def _problem(blockers: Blockers) -> tuple[str, int]:
    """(what has to be settled first, how many of it); '' when nothing has."""
    sentences = (
        (blockers.inquiries, "Noch offen: Anfragen ({count}). Bitte schließen Sie sie zuerst ab."),
        (blockers.bookings, "Noch offen: Termine ({count}). Bitte sagen Sie sie zuerst ab oder beenden Sie sie."),
        (blockers.promises, "Noch offen: versprochene Rückrufe ({count}). Bitte erledigen Sie sie zuerst."),
        (blockers.wishes, "Noch offen: Wünsche ({count}). Bitte beenden Sie sie zuerst."),
        (
            blockers.replies,
            "Noch nicht hinausgegangen: Antworten ({count}). Bitte warten Sie oder nehmen Sie sie zurück.",
        ),
    )
    return next(((sentence, len(rows)) for rows, sentence in sentences if rows), ("", 0))
