"""Ideas of customers: decided by a person, told to the customer, and only then done with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import data.ideas
import data.inquiries
import data.messages
from data.ideas import CustomerIdea
from data.records import Actor, InquiryState, Message, MessageRole
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.customers import refuse_erased
from services.errors import InvalidInputError, require
from services.inquiries import require_inquiry
from services.shop import Shop
from services.typed import needed_line

WHY_LENGTH = 200
_THEIRS = frozenset({MessageRole.CUSTOMER, MessageRole.IDEA})


class Fate(StrEnum):
    """What became of an idea."""

    DONE = "done"
    DECLINED = "declined"


def ideas_of(db: Reader, inquiry_id: int) -> list[CustomerIdea]:
    """The ideas of an inquiry, the oldest first."""
    return data.ideas.list_ideas(db, inquiry_id)


def open_ideas(shop: Shop, actor: Actor) -> list[CustomerIdea]:
    """All ideas about which nobody has decided, the oldest first."""
    return data.ideas.list_undecided(shop.store)


def mark_idea(shop: Shop, actor: Actor, inquiry_id: int) -> int:
    """What the customer said since our last answer is an idea, of several messages the longest: «Danke!» is none. Its
    id, that of the known one where it is marked already. It opens a closed inquiry.

    Raises NotFoundError, InvalidInputError where the customer has said nothing, and while a reply that closes the
    inquiry is on its way.
    """
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        said = _said_last(data.messages.list_messages(tx, inquiry.id))
        if said is None:
            raise InvalidInputError("Hier steht noch nichts vom Kunden.")
        known = data.ideas.find_idea(tx, said.id)
        if known is not None:
            return known
        _keep_open(tx, actor, inquiry.id, shop.now())
        data.inquiries.add_event(tx, inquiry.id, "idea", shop.now(), staff_id=actor.staff_id)
        return data.ideas.insert_idea(tx, inquiry.id, said.id)


def _said_last(messages: Sequence[Message]) -> Message | None:
    """The longest message of the customer's last run that no answer of ours breaks, of two alike the later."""
    run: list[Message] = []
    answered = False
    for message in messages:
        if message.role in _THEIRS:
            run, answered = [message] if answered else [*run, message], False
        elif message.role is MessageRole.ANSWER:
            answered = True
    return max(reversed(run), key=lambda message: len(message.body), default=None)


def unmark_idea(shop: Shop, actor: Actor, idea_id: int) -> None:
    """It was no idea after all: whoever ticked it as one waits for an answer; harmless when it is gone."""
    with shop.store.write() as tx:
        idea = data.ideas.read_idea(tx, idea_id)
        if idea is None:
            return
        refuse_erased(tx, idea.inquiry_id)
        data.ideas.drop_idea(tx, idea_id)
        if data.messages.change_role_of(tx, idea.message_id, MessageRole.IDEA, MessageRole.CUSTOMER):
            data.inquiries.wake_inquiries(tx, [idea.inquiry_id])
            refresh_clock(tx, idea.inquiry_id)


def decide_idea(shop: Shop, actor: Actor, idea_id: int, fate: Fate, why: str = "") -> None:
    """It is done, or will not be, with the reason that the customer reads; a closed inquiry opens until they know.

    Raises NotFoundError, InvalidInputError for no reason, and while a reply that closes the inquiry is on its way.
    """
    declined = fate is Fate.DECLINED
    reason = needed_line(why, "Bitte schreiben Sie, warum nicht. Der Kunde liest es.", WHY_LENGTH) if declined else ""
    with shop.store.write() as tx:
        idea = require_idea(tx, idea_id)
        _keep_open(tx, actor, idea.inquiry_id, shop.now())
        data.ideas.change_idea(tx, idea.id, fate=fate, why=reason, decided_at=shop.now(), told_at=None)


def undecide_idea(shop: Shop, actor: Actor, idea_id: int) -> None:
    """Think about it once more; a closed inquiry opens.

    Raises NotFoundError, InvalidInputError while a reply that closes the inquiry is on its way.
    """
    with shop.store.write() as tx:
        idea = require_idea(tx, idea_id)
        _keep_open(tx, actor, idea.inquiry_id, shop.now())
        data.ideas.change_idea(tx, idea.id, fate="", why="", decided_at=None, told_at=None)


def _keep_open(tx: Transaction, actor: Actor, inquiry_id: int, now: datetime) -> None:
    """Where something is to be decided or told, the inquiry stands in the list; not where nobody is to be told."""
    refuse_erased(tx, inquiry_id)
    if data.ideas.is_closing(tx, inquiry_id):
        raise InvalidInputError(
            "Hier geht gerade eine Antwort hinaus, die diese Anfrage schließt. Bitte zuerst zurückholen oder abwarten."
        )
    _reopen(tx, inquiry_id, now, actor.staff_id)


def _reopen(tx: Transaction, inquiry_id: int, now: datetime, staff_id: int | None) -> None:
    inquiry = require_inquiry(tx, inquiry_id)
    if inquiry.state is InquiryState.CLOSED:
        data.inquiries.add_event(tx, inquiry.id, "reopened", now, staff_id=staff_id)
        refresh_clock(tx, inquiry.id)


def reopen_untold(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """The mail that told of a decision came back: a closed inquiry opens again. Joins the caller's transaction."""
    if is_untold(tx, inquiry_id):
        _reopen(tx, inquiry_id, now, None)


def is_untold(db: Reader, inquiry_id: int) -> bool:
    """Whether the customer does not know yet what was decided about an idea of theirs."""
    return any(idea.decided_at and idea.informed_at is None for idea in ideas_of(db, inquiry_id))


def note_informed(shop: Shop, actor: Actor, idea_id: int) -> None:
    """The customer knows what became of it. Raises NotFoundError, InvalidInputError where nobody has decided."""
    with shop.store.write() as tx:
        idea = require_idea(tx, idea_id)
        if idea.decided_at is None:
            raise InvalidInputError("Zuerst entscheiden: umgesetzt, oder machen wir nicht.")
        told = idea.informed_at or shop.now()
        data.ideas.change_idea(tx, idea.id, fate=idea.fate, why=idea.why, decided_at=idea.decided_at, told_at=told)


def require_idea(db: Reader, idea_id: int) -> CustomerIdea:
    """The idea; NotFoundError if there is none."""
    return require(data.ideas.read_idea(db, idea_id), "Diese Idee gibt es nicht mehr.")


def has_undecided(db: Reader, inquiry_id: int) -> bool:
    """Whether an idea of it waits for a decision."""
    return any(idea.decided_at is None for idea in ideas_of(db, inquiry_id))


def require_informed(db: Reader, inquiry_id: int, *, by_reply: bool = False) -> None:
    """Raises InvalidInputError while the customer does not know what became of their idea.

    `by_reply`: a reply is about to leave, which tells them of what was decided.
    """
    if has_undecided(db, inquiry_id):
        raise InvalidInputError("Hier wartet eine Idee des Kunden. Bitte entscheiden Sie zuerst, was daraus wird.")
    if not by_reply and is_untold(db, inquiry_id):
        raise InvalidInputError("Der Kunde weiß noch nicht, was aus seiner Idee wurde. Bitte sagen Sie es ihm zuerst.")
