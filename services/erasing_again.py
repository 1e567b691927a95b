"""Who was erased after a backup is erased again in what that backup brings back, before anybody works with it.

What was under way with them had been settled when they were erased; the backup may be older than that, too. Nobody is
told of anything: their words were spoken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import data.bookings
import data.customers
import data.mails
import data.outbox
import data.privacy
import data.promises
import data.wishes
from data.booking_records import BookingState, Reminder
from data.files import FileVault
from data.privacy import Blockers, ErasedCard, Reach
from data.records import CloseReason, InquiryState, OutboxState, PromiseState
from data.store import Store, Transaction
from data.wishes import WishState
from services.bookings import require_booking
from services.clock import refresh_clocks
from services.closing import note_close
from services.erased_list import ErasedList
from services.inquiries import require_inquiry
from services.privacy import forget_person, reach_in, sent_heads, sweep_loose, with_sent
from services.wish_ends import call_off

_ENDS = {
    BookingState.REQUESTED: BookingState.DECLINED,
    BookingState.CONFIRMED: BookingState.CANCELLED,
    BookingState.ARRIVED: BookingState.DONE,
}
_NOT_GONE = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNSURE, OutboxState.FAILED)


@dataclass(frozen=True)
class ErasedAgain:
    """How many people were erased once more, and how many an owner has to decide on."""

    people: int = 0
    undecided: int = 0


def erase_again(store: Store, files: FileVault, erased: ErasedList, now: datetime) -> ErasedAgain:
    """Erase whoever of the list is in the store, in one transaction, and delete their files. No mail of the list will
    be taken in again.

    Whoever shares something in the backup with somebody who was not erased is left, with a request for the owner: a
    card, because the two were taken apart later, or an address in the other's inquiry, which may have changed hands.
    """
    done, left = 0, set[int]()
    with store.write() as tx:
        back = _back_again(tx, erased.cards)
        listed = frozenset(back)
        heads = sent_heads(tx, files) if back else {}
        while back:
            reach = with_sent(reach_in(tx, next(iter(back))), heads)
            cards = [back.pop(card) for card in reach.people if card in back]
            if listed.issuperset(reach.people) and _are_listed(tx, data.privacy.others_in(tx, reach), listed):
                at = max(card.erased_at for card in cards)
                _settle(tx, data.privacy.blockers_of(tx, reach, at), now)
                forget_person(tx, reach, None, at)
                done += 1
            else:
                left.add(_left_to_owner(tx, reach, cards[0].customer_id, now))
        data.mails.add_erased(tx, erased.mails, now)  # last: those of the backup are in the store by now
    if done:
        sweep_loose(store, files)
    return ErasedAgain(done, len(left))


def _back_again(tx: Transaction, cards: Collection[ErasedCard]) -> dict[int, ErasedCard]:
    """The cards that bear a name again, by id; one of the same number that was made at another time is not theirs."""
    made = data.privacy.cards_with_names(tx, [card.customer_id for card in cards])
    return {card.customer_id: card for card in cards if made.get(card.customer_id) == card.created_at}


def _are_listed(tx: Transaction, cards: Collection[int], listed: frozenset[int]) -> bool:
    """Whether the people with these cards are in the list with all their cards."""
    return all(listed.issuperset(reach_in(tx, card).people) for card in cards)


def _left_to_owner(tx: Transaction, reach: Reach, card: int, now: datetime) -> int:
    """Put the card that is in the list among the requests, not the one it went into: the two may be taken apart; the id
    of the card that it shows."""
    if data.privacy.open_erasure(tx, reach.people) is None:
        data.privacy.insert_erasure(tx, customer_id=card, how="", staff_id=0, now=now)
    return data.customers.kept_id(tx, card)


def _settle(tx: Transaction, left: Blockers, now: datetime) -> None:
    """End what the backup still holds as under way."""
    for wish_id in left.wishes:
        call_off(tx, wish_id, now)
        data.wishes.change_wish(tx, wish_id, {"state": WishState.DECLINED, "offered": "", "ended_at": now})
    for booking_id in left.bookings:
        _end_booking(tx, booking_id, now)
    for promise_id in left.promises:
        data.promises.end_promise(tx, promise_id, PromiseState.WITHDRAWN, now)
    for inquiry_id in left.inquiries:
        earlier = require_inquiry(tx, inquiry_id).state == InquiryState.EARLIER
        note_close(tx, inquiry_id, None, CloseReason.EARLIER if earlier else CloseReason.DEALT_WITH, now)
    for message_id in left.replies:
        for was in _NOT_GONE:
            data.outbox.change_outgoing(tx, message_id, was, state=OutboxState.TAKEN_BACK, problem="")
    refresh_clocks(tx, left.inquiries)  # also of one in which nothing was said


def _end_booking(tx: Transaction, booking_id: int, now: datetime) -> None:
    """What it held is free again; who came has been here."""
    state = _ENDS[require_booking(tx, booking_id).state]
    if state is not BookingState.DONE:
        data.bookings.release(tx, booking_id)
    data.bookings.change_booking(tx, booking_id, state=state, lapses_at=None, reminder=Reminder.NONE)
    data.bookings.add_event(tx, booking_id, state.value, now)
