"""Mails about bookings on their way: message, outbox row and calendar event, in the caller's transaction."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

import data.bookings
import data.customers
import data.inquiries
import data.messages
import data.offerings
import data.outbox
from data.booking_records import Booking, ResourceKind
from data.records import Actor, Channel, Customer, Inquiry, MailAccount, MessageRole, Staff
from data.store import Reader, Transaction
from services.availability import local_day, nearest_starts
from services.booking_texts import BookingLetter, LetterKind, Told, event_texts, write_letter
from services.clock import refresh_clock
from services.customers import clean_name, require_customer
from services.errors import require
from services.letters import new_mail_id, references_to, sender_name, subject_of
from services.mail.calendar_events import CalendarEvent, cancel, publish, request
from services.rules.folding import fold
from services.settings import mail_account, shop_settings
from services.shop import Shop
from services.staff import require_staff
from services.templates import signature

__all__ = ["LetterKind", "calendar_event_of", "publish_of", "queue_booking_letter"]

_INVITING = (LetterKind.CONFIRMED, LetterKind.ACCEPTED, LetterKind.MOVED)
_WITH_CHOICES = (LetterKind.DECLINED, LetterKind.LAPSED, LetterKind.CANCELLED, LetterKind.MISSED)
_MOST_CHOICES = 3
_LOOKED_AT = 400  # free starts: more than the days around the old one have
_DAY = timedelta(days=1)
_MADE_IT_STAND = {"booked", "confirmed"}
_NO_NAME = re.compile(r"[/@\\\d]|\w[.\u3002\uff0e\uff61]\w{2,}")


def queue_booking_letter(
    shop: Shop,
    tx: Transaction,
    booking: Booking,
    kind: LetterKind,
    *,
    actor: Actor | None = None,
    reason: str = "",
    old_start: datetime | None = None,
) -> int | None:
    """Write the mail of this kind to whoever booked; its message, or None without a mailbox or an address.

    With `actor` a person decided and signs, and the mail is an answer; else it goes out by itself and moves no clock.
    It is due at once: what it tells is true already.
    """
    account = mail_account(tx)
    if account is None or not booking.mail or _is_pointless(tx, booking, kind, actor, shop.now()):
        return None
    if kind is not LetterKind.REMINDER:  # every other one says what is true now
        data.outbox.take_back_automatic(tx, booking.id)
    staff = require_staff(tx, actor.staff_id) if actor else None
    told = _told(tx, booking, shop.now(), staff)
    told = replace(told, reason=reason, old_start=old_start, free=_choices(tx, told, kind))
    message_id = _insert(tx, told, account, write_letter(kind, told))
    _add_event(tx, booking, kind, message_id, shop.now())
    refresh_clock(tx, booking.inquiry_id)
    return message_id


def _is_pointless(db: Reader, booking: Booking, kind: LetterKind, actor: Actor | None, now: datetime) -> bool:
    """Nobody is written to about what is over, nor by itself where somebody took the booking for no customer's."""
    if booking.ends_at <= now and kind not in {LetterKind.LAPSED, LetterKind.DECLINED}:
        return True
    inquiry = data.inquiries.read_inquiry(db, booking.inquiry_id)
    return actor is None and (inquiry is None or inquiry.dismissed)


def calendar_event_of(db: Reader, booking: Booking, now: datetime) -> CalendarEvent:
    """The booking as a calendar event, said at `now`. The organizer is the mailbox that the mails come from."""
    told = _told(db, booking, now, None)
    texts, account = event_texts(told), mail_account(db)
    return CalendarEvent(
        uid=booking.uid,
        sequence=booking.sequence,
        start=booking.starts_at,
        end=booking.ends_at,
        summary=texts.summary,
        location=texts.location,
        description=texts.description,
        url=texts.url,
        organizer_name=told.settings.name,
        organizer_mail=account.address if account else "",
        attendee_name=told.customer.name,
        attendee_mail=booking.mail,
        alarm_text=texts.alarm,
        stamp=now,
        cancelled_word=texts.cancelled_word,
    )


def publish_of(db: Reader, booking: Booking, now: datetime) -> str:
    """The iCalendar file that a customer downloads."""
    return publish(calendar_event_of(db, booking, now))


def _told(db: Reader, booking: Booking, now: datetime, staff: Staff | None) -> Told:
    return Told(
        booking=booking,
        customer=_greeted(db, booking),
        settings=shop_settings(db),
        offering=data.offerings.read_offering(db, booking.offering_id),
        now=now,
        staff=staff,
        person=_person_of(db, booking),
    )


def _greeted(db: Reader, booking: Booking) -> Customer:
    """Whom the mail greets: the card's customer, or the bare name if the booking was made in another one.

    A name in which a number or an address hides is left out: anybody can type it, and the mail goes to anybody.
    """
    card = require_customer(db, booking.customer_id)
    known = {contact.address for contact in data.customers.list_contacts(db, card.id)}
    if fold(card.name) != fold(booking.customer_name) or booking.mail not in known:
        card = replace(card, salutation="", title="", form_of_address="sie")
    return replace(card, name="" if _NO_NAME.search(booking.customer_name) else booking.customer_name)


def _person_of(db: Reader, booking: Booking) -> str:
    """The one person whom the booking holds, '' for none or several."""
    resources = data.offerings.list_all_resources(db)
    persons = [r.name for r in resources if r.id in booking.resources and r.kind is ResourceKind.PERSON]
    return persons[0] if len(persons) == 1 else ""


def _choices(db: Reader, told: Told, kind: LetterKind) -> tuple[datetime, ...]:
    """Other free times to offer at once, if customers may book it: one on each of the nearest days."""
    offering, booking = told.offering, told.booking
    if kind not in _WITH_CHOICES or offering is None or not (offering.active and offering.online):
        return ()
    wanted = max(booking.starts_at, told.now)
    by_day: dict[date, list[datetime]] = {}
    for moment in nearest_starts(db, offering, wanted, told.now, count=_LOOKED_AT):
        by_day.setdefault(local_day(moment, told.settings), []).append(moment)
    if told.staff:  # where we called off, what hinders us may last all day
        by_day.pop(local_day(booking.starts_at, told.settings), None)
    days = list(by_day.values())[:_MOST_CHOICES]
    return tuple(min(day, key=lambda moment: _apart_by_clock(moment, booking.starts_at)) for day in days)


def _apart_by_clock(one: datetime, other: datetime) -> timedelta:
    """How far apart two moments are when only the time of day counts."""
    apart = abs(one - other) % _DAY
    return min(apart, _DAY - apart)


def _insert(tx: Transaction, told: Told, account: MailAccount, written: BookingLetter) -> int:
    """The message and its outbox row; the message's id."""
    booking, staff, settings = told.booking, told.staff, told.settings
    mail_id = new_mail_id(account)
    text = _signed(told, written)
    values = {
        "inquiry_id": booking.inquiry_id,
        "kind": Channel.MAIL,
        "role": MessageRole.ANSWER if staff else MessageRole.MACHINE,
        "staff_id": staff.id if staff else None,
        "sender_name": sender_name(staff, settings.name) if staff else clean_name(settings.name),
        "sender_address": account.address,
        "subject": subject_of(_conversation(tx, booking), written.subject),
        "body": text,
        "folded": fold(text),
        "message_id": mail_id,
        "reference_ids": _references(tx, booking) if staff else "",
        "happened_at": told.now,
    }
    message_id = data.messages.insert_message(tx, values, told.now)
    outgoing = {
        "message_id": message_id,
        "mail_id": mail_id,
        "form_key": secrets.token_hex(16),
        "recipient_name": told.customer.name,
        "recipient": booking.mail,
        "due_at": told.now,
        "booking_id": booking.id,
    }
    data.outbox.insert_outgoing(tx, outgoing)
    return message_id


def _conversation(db: Reader, booking: Booking) -> Inquiry:
    """Also one that somebody put aside: who booked is told all the same what a person decides."""
    return require(data.inquiries.read_inquiry(db, booking.inquiry_id), "Diese Anfrage gibt es nicht mehr.")


def _signed(told: Told, written: BookingLetter) -> str:
    language = "en" if told.english else "de"
    block = signature(told.staff, told.settings, language=language, link=written.link_line)
    return f"{written.body}\n\n{block}\n{written.last_line}".rstrip()


def _references(db: Reader, booking: Booking) -> str:
    """A person's answer stands under the mail it answers, if that came from where it goes to."""
    answered = data.messages.last_mail_of_customer(db, booking.inquiry_id)
    return references_to(answered) if answered and answered.sender_address == booking.mail else ""


def _add_event(tx: Transaction, booking: Booking, kind: LetterKind, message_id: int, now: datetime) -> None:
    """An invitation for what stands; it is taken back only where there was one."""
    event = calendar_event_of(tx, booking, now)
    if kind in _INVITING:
        data.outbox.insert_calendar_part(tx, message_id, "REQUEST", request(event))
    elif kind is LetterKind.CANCELLED and _stood(tx, booking):
        data.outbox.insert_calendar_part(tx, message_id, "CANCEL", cancel(event))


def _stood(db: Reader, booking: Booking) -> bool:
    return any(event.kind in _MADE_IT_STAND for event in data.bookings.list_events(db, booking.id))
