"""What has to stop when nobody needs to hear of a wish any more, and wishes whose conversation goes."""

from __future__ import annotations

from datetime import datetime

import data.inquiries
import data.messages
import data.outbox
import data.promises
import data.wishes
from data.records import CloseReason, OutboxState, PromiseState
from data.store import Transaction
from data.wishes import WishState
from services.clock import refresh_clock

_ALIVE = frozenset({WishState.OPEN, WishState.TOLD, WishState.LAPSED})


def call_off(tx: Transaction, wish_id: int, now: datetime) -> None:
    """Nobody needs to call any more, and the news that has not left stays here; joins the caller's transaction."""
    if (promise_id := data.wishes.open_call(tx, wish_id)) is not None:
        data.promises.end_promise(tx, promise_id, PromiseState.WITHDRAWN, now)
    message_id = data.wishes.unsent_news(tx, wish_id)
    if message_id is None:
        return
    data.outbox.change_outgoing(tx, message_id, OutboxState.QUEUED, state=OutboxState.TAKEN_BACK, problem="")
    if message := data.messages.read_message(tx, message_id):
        refresh_clock(tx, message.inquiry_id)


def end_with_inquiry(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """The conversation was taken for no customer's: nobody waits for anything. Before it is put aside."""
    for wish in data.wishes.wishes_of_inquiry(tx, inquiry_id):
        if wish.state in _ALIVE:
            call_off(tx, wish.id, now)
            data.wishes.change_wish(tx, wish.id, {"state": WishState.DECLINED, "offered": "", "ended_at": now})


def revive_with_inquiry(tx: Transaction, inquiry_id: int) -> None:
    """It was a customer's after all: what ended with it stands again."""
    put_aside = [
        event.happened_at
        for event in data.inquiries.list_events(tx, inquiry_id)
        if event.kind == "closed" and event.detail == CloseReason.NO_INQUIRY
    ]
    for moment in put_aside[-1:]:
        data.wishes.revive_wishes(tx, inquiry_id, moment)
