"""Where a booking and its conversation meet: the mails of a booking, and what is answered to them, stand in one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.inquiries
import data.messages
from data.booking_records import Booking, BookingState
from data.records import Actor, Channel, CloseReason, MessageRole
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.closing import note_close
from services.entries import Entry, add_entry
from services.ideas import is_untold
from services.inquiries import require_inquiry
from services.replies import may_close_with
from services.rules.folding import fold
from services.settings import shop_settings


def book_in_talk(
    tx: Transaction, customer_id: int, subject: str, actor: Actor | None, inquiry_id: int | None, now: datetime
) -> int:
    """The conversation of a new booking: the inquiry it comes from, or one of its own."""
    if inquiry_id is not None:
        return require_inquiry(tx, inquiry_id).id
    values = {
        "customer_id": customer_id,
        "channel": Channel.CALL if actor else Channel.FORM,
        "started_by": "customer",
        "owner_id": actor.staff_id if actor else None,
        "subject": subject,
    }
    return data.inquiries.insert_inquiry(tx, values, now)


def say_what(tx: Transaction, booking: Booking, actor: Actor | None, now: datetime, *, is_reply: bool = False) -> None:
    """What was booked, as the first line of the conversation, and what it does to the clock.

    A request waits for us like any inquiry. A booking that stands at once, or was agreed with a person, has nobody
    waiting: its conversation is closed until somebody writes. One made out of an inquiry is a note on it.
    """
    if actor is not None:
        role = MessageRole.NOTE if is_reply else MessageRole.ANSWER
        kind = Channel.NOTE if is_reply else Channel.CALL
        add_entry(tx, booking.inquiry_id, actor, Entry(kind, role, described(tx, booking)), now)
        if not is_reply:
            note_close(tx, booking.inquiry_id, actor, CloseReason.BOOKED, now)
    else:
        asked = booking.state is BookingState.REQUESTED
        _say(tx, booking, described(tx, booking), MessageRole.CUSTOMER if asked else MessageRole.MACHINE, now)
        if not asked:
            data.inquiries.add_event(tx, booking.inquiry_id, "closed", now, detail=CloseReason.BOOKED)
    refresh_clock(tx, booking.inquiry_id)


def note_by_customer(tx: Transaction, booking: Booking, words: str, now: datetime) -> None:
    """What the customer did on their own page; it moves no clock."""
    _say(tx, booking, words, MessageRole.MACHINE, now)
    refresh_clock(tx, booking.inquiry_id)


def note_in_talk(tx: Transaction, booking: Booking, actor: Actor, words: str, now: datetime) -> None:
    """What somebody of us did with the booking, for the history."""
    add_entry(tx, booking.inquiry_id, actor, Entry(Channel.NOTE, MessageRole.NOTE, words), now)
    refresh_clock(tx, booking.inquiry_id)


def close_with_letter(tx: Transaction, booking: Booking, actor: Actor, message_id: int, now: datetime) -> None:
    """The person's decision ends the conversation once the letter that tells it has left (rule 10).

    Not where the customer wrote something more, or something is promised or planned: somebody has to look there.
    """
    inquiry = data.inquiries.read_inquiry(tx, booking.inquiry_id)
    if inquiry is None or inquiry.contacts_waiting > 1 or not may_close_with(tx, inquiry) or is_untold(tx, inquiry.id):
        return
    owner_id = inquiry.owner_id or actor.staff_id
    data.inquiries.change_inquiry(tx, inquiry.id, owner_id=owner_id, snoozed_until_at=None)
    data.inquiries.add_event(
        tx, booking.inquiry_id, "closed_with", now, staff_id=actor.staff_id, detail=str(message_id)
    )
    refresh_clock(tx, booking.inquiry_id)


def withdraw(tx: Transaction, booking: Booking, now: datetime) -> None:
    """Who takes a request back waits no longer, unless they asked for something more."""
    inquiry = data.inquiries.read_inquiry(tx, booking.inquiry_id)
    if inquiry is not None and inquiry.contacts_waiting <= 1:
        data.inquiries.add_event(tx, inquiry.id, "closed", now, detail=CloseReason.DEALT_WITH)
        refresh_clock(tx, inquiry.id)


def described(db: Reader, booking: Booking) -> str:
    """The booking in a few lines, in the shop's words."""
    what = "Möchte einen Termin" if booking.state is BookingState.REQUESTED else "Termin"
    first = f"{what}: {booking.offering_name}, {spoken_time(db, booking.starts_at)}"
    lines = [first, booking.answer, booking.note]
    return "\n".join(line for line in lines if line)


def spoken_time(db: Reader, moment: datetime) -> str:
    """«Do 26. November, 10:30 Uhr» in the shop's zone."""
    settings = shop_settings(db)
    local = moment.astimezone(ZoneInfo(settings.hours.zone))
    return f"{format_date(local, 'EEE d. MMMM', locale=f'de_{settings.country}')}, {local:%H:%M} Uhr"


def _say(tx: Transaction, booking: Booking, words: str, role: MessageRole, now: datetime) -> None:
    values = {
        "inquiry_id": booking.inquiry_id,
        "kind": Channel.FORM,
        "role": role,
        "sender_name": booking.customer_name,
        "sender_address": booking.mail,
        "body": words,
        "folded": fold(f"{booking.customer_name} {booking.number} {words}"),
        "happened_at": now,
    }
    data.messages.insert_message(tx, values, now)
