"""Ending an inquiry, undoing that, joining two, and putting aside what is no customer's; only people do."""

from __future__ import annotations

from datetime import datetime, timedelta

import data.bookings
import data.ideas
import data.inquiries
import data.mails
import data.messages
import data.outbox
import data.pickups
import data.promises
import data.wishes
import data.wrap_ups
from data.booking_records import BookingState
from data.records import (
    Actor,
    CloseReason,
    Dismissed,
    Inquiry,
    InquiryState,
    MailAccount,
    Message,
    MessageRole,
    PromiseState,
)
from data.store import Reader, Transaction
from data.wrap_ups import Instead
from services.clock import refresh_clock
from services.customers import refuse_erased
from services.errors import InvalidInputError, require
from services.ideas import require_informed
from services.inquiries import require_inquiry, require_written_to
from services.settings import mail_account
from services.shop import Shop
from services.wish_ends import end_with_inquiry, revive_with_inquiry
from services.wrap_ups import keep_offered, require_offered

REMEMBERED = timedelta(days=30)  # so long a list shows what was taken for no inquiry


def close_inquiry(
    shop: Shop, actor: Actor, inquiry_id: int, reason: CloseReason, *, offered: Instead | None = None
) -> None:
    """End an inquiry with its reason; only a person does (rule 11). `offered` is what somebody was offered instead.

    Raises InvalidInputError for «beantwortet» while somebody waits and while a customer's idea waits for its word,
    UnofferedError for «anders erledigt» where the customer asked whether something is there and nothing was offered.
    """
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        if reason == CloseReason.ANSWERED and inquiry.waiting_since is not None:
            raise InvalidInputError(
                "Hier wartet noch jemand auf Antwort. Antworten Sie zuerst, oder wählen Sie einen anderen Grund."
            )
        require_informed(tx, inquiry.id)
        if offered is not None:
            keep_offered(tx, inquiry.id, offered, shop.now())
        require_offered(tx, inquiry.id, reason)
        note_close(tx, inquiry.id, actor, reason, shop.now())
        refresh_clock(tx, inquiry.id)


def note_close(tx: Transaction, inquiry_id: int, actor: Actor | None, reason: CloseReason, now: datetime) -> None:
    """Close in the caller's transaction: open promises end, nothing is planned any more. Without an `actor` a restore
    does again what somebody had done."""
    for promise in data.promises.promises_of(tx, inquiry_id):
        data.promises.end_promise(tx, promise.id, PromiseState.WITHDRAWN, now)
    data.inquiries.change_inquiry(tx, inquiry_id, snoozed_until_at=None, next_step="", next_step_at=None)
    data.inquiries.add_event(tx, inquiry_id, "closed", now, staff_id=actor.staff_id if actor else None, detail=reason)


def close_earlier(shop: Shop, actor: Actor) -> int:
    """«Alle erledigt»: close what stood unanswered before the set-up (rule 12); how many."""
    with shop.store.write() as tx:
        rows = data.inquiries.list_rows(tx, states=(InquiryState.EARLIER,), limit=100_000)
        for row in rows:
            note_close(tx, row.id, actor, CloseReason.EARLIER, shop.now())
            refresh_clock(tx, row.id)
    return len(rows)


def reopen_inquiry(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """Undo a close: the clock is as if it had not happened. Raises NotFoundError, also where the person was erased."""
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        if inquiry.state != InquiryState.CLOSED:
            return
        data.inquiries.add_event(tx, inquiry.id, "reopened", shop.now(), staff_id=actor.staff_id)
        refresh_clock(tx, inquiry.id)


def merge_inquiries(shop: Shop, actor: Actor, into_id: int, from_id: int) -> None:
    """Join two open inquiries; the older wait of both goes on (rule 2). Drafts, owner and what was noted go along."""
    now = shop.now()
    with shop.store.write() as tx:
        into, gone = require_inquiry(tx, into_id), require_inquiry(tx, from_id)
        _check_merge(into, gone)
        data.messages.move_messages(tx, gone.id, into.id)
        data.mails.move_mails(tx, gone.id, into.id)
        data.outbox.move_drafts(tx, gone.id, into.id)
        data.bookings.move_bookings(tx, gone.id, into.id)
        data.wrap_ups.move_wrap_ups(tx, gone.id, into.id)
        data.wishes.move_wishes(tx, gone.id, into.id)
        data.pickups.move_pickups(tx, gone.id, into.id)
        data.ideas.move_ideas(tx, gone.id, into.id)
        data.inquiries.redirect_merged(tx, gone.id, into.id)
        data.inquiries.change_inquiry(
            tx, into.id, owner_id=into.owner_id or gone.owner_id, snoozed_until_at=_wake_of(into, gone)
        )
        data.inquiries.add_event(tx, into.id, "merged", now, staff_id=actor.staff_id, detail=str(gone.id))
        refresh_clock(tx, into.id)


def _check_merge(into: Inquiry, gone: Inquiry) -> None:
    if into.id == gone.id:
        raise InvalidInputError("Das ist dieselbe Anfrage.")
    if InquiryState.CLOSED in (into.state, gone.state):
        raise InvalidInputError("Nur offene Anfragen lassen sich zusammenführen.")


def _wake_of(into: Inquiry, gone: Inquiry) -> datetime | None:
    """Only what was put off on both sides stays put off, until the earlier time."""
    if into.snoozed_until_at is None or gone.snoozed_until_at is None:
        return None
    return min(into.snoozed_until_at, gone.snoozed_until_at)


def dismiss_inquiry(shop: Shop, actor: Actor, inquiry_id: int, *, always: bool) -> None:
    """«Keine Kundenanfrage»: gone from every list and figure, a tombstone on its mails; `always` for the sender."""
    now = shop.now()
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        end_with_inquiry(tx, inquiry.id, now)
        data.inquiries.change_inquiry(tx, inquiry.id, dismissed=True)
        _drop_requests(tx, inquiry.id, actor, now)
        data.mails.mark_not_customer(tx, inquiry.id)
        note_close(tx, inquiry.id, actor, CloseReason.NO_INQUIRY, now)
        for address in _senders(tx, inquiry.id) if always else ():
            data.mails.ignore_sender(tx, address, actor.staff_id, now)
        refresh_clock(tx, inquiry.id)


def _drop_requests(tx: Transaction, inquiry_id: int, actor: Actor, now: datetime) -> None:
    """A request that was no customer's holds no time any more; nobody is told."""
    for booking in data.bookings.bookings_of_inquiry(tx, inquiry_id):
        if booking.state is BookingState.REQUESTED:
            data.bookings.release(tx, booking.id)
            data.bookings.change_booking(tx, booking.id, state=BookingState.DECLINED, lapses_at=None)
            data.bookings.add_event(tx, booking.id, "declined", now, staff_id=actor.staff_id)


def list_dismissed(shop: Shop, actor: Actor) -> list[Dismissed]:
    """What somebody took for no customer's in the last 30 days, the newest first."""
    return data.inquiries.list_dismissed(shop.store, shop.now() - REMEMBERED)


def restore_inquiry(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """«Doch eine Kundenanfrage» after all: back with the clock it had, its tombstones gone, its sender welcome again.

    One that is not dismissed stays as it is. Raises NotFoundError.
    """
    with shop.store.write() as tx:
        inquiry = require(data.inquiries.read_inquiry(tx, inquiry_id), "Diese Anfrage gibt es nicht mehr.")
        if not inquiry.dismissed:
            return
        refuse_erased(tx, inquiry.id)
        data.inquiries.change_inquiry(tx, inquiry.id, dismissed=False)
        revive_with_inquiry(tx, inquiry.id)
        data.mails.unmark_not_customer(tx, inquiry.id)
        for address in _senders(tx, inquiry.id):
            data.mails.forget_ignored(tx, address)
        data.inquiries.add_event(tx, inquiry.id, "reopened", shop.now(), staff_id=actor.staff_id)
        if inquiry.started_by == "machine" and inquiry.first_contact_at is None:
            _hear_machines(tx, inquiry.id)
        refresh_clock(tx, inquiry.id)


def _senders(db: Reader, inquiry_id: int) -> set[str]:
    """Who wrote, but neither we nor a mail server: their reports about our own mails must stay visible."""
    incoming = {MessageRole.CUSTOMER, MessageRole.EARLIER_CUSTOMER, MessageRole.MACHINE}
    account = mail_account(db)
    own = {account.address.lower()} if account else set()
    messages = data.messages.list_messages(db, inquiry_id)
    senders = {m.sender_address for m in messages if m.role in incoming and m.sender_address} - own
    return {address for address in senders if address.partition("@")[0] not in {"mailer-daemon", "postmaster"}}


def treat_as_inquiry(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """«Doch eine Kundenanfrage»: a mail that was taken for a machine's starts its clock from when it came.

    Raises InvalidInputError where a person has written already.
    """
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        if inquiry.state != InquiryState.MACHINE:
            raise InvalidInputError("Hier hat schon ein Mensch geschrieben.")
        _hear_machines(tx, inquiry.id)
        data.inquiries.add_event(tx, inquiry.id, "treated_as_inquiry", shop.now(), staff_id=actor.staff_id)
        refresh_clock(tx, inquiry.id)


def _hear_machines(tx: Transaction, inquiry_id: int) -> None:
    """What was taken for a machine's counts as a customer's."""
    account = mail_account(tx)
    for message in data.messages.list_messages(tx, inquiry_id):
        if message.role == MessageRole.MACHINE:
            data.messages.change_role(tx, message.id, _role_of(message, account))


def _role_of(message: Message, account: MailAccount | None) -> MessageRole:
    """Mail from before the set-up has no clock (rule 12)."""
    earlier = account is not None and message.happened_at < account.connected_at
    return MessageRole.EARLIER_CUSTOMER if earlier else MessageRole.CUSTOMER
