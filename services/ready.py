"""«Fertig zur Abholung»: the whole message from what Theke knows, sent by one tap, and never twice unasked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.bookings
import data.customers
import data.messages
import data.outbox
import data.pickups
import data.promises
import data.settings
from data.booking_records import Booking, BookingState
from data.pickups import Pickup
from data.promises import Call, CallOutcome
from data.records import Actor, Channel, Customer, Inquiry, MessageRole, ShopSettings
from data.store import Reader
from services.clock import refresh_clock
from services.customers import require_customer
from services.entries import Entry, add_entry
from services.errors import InvalidInputError, ShopError, TakenError, UnseenMessageError
from services.inquiries import require_inquiry
from services.letters import Letter, queue_letter, recipient_of, subject_of
from services.promises import READY_CALL, note_attempt, promise_callback, usual_window
from services.rules.pickup import pickup_time
from services.rules.prices import price_field, show_price
from services.rules.threads import matter_of
from services.settings import holidays_for, shop_settings
from services.shop import Shop
from services.staff import require_owner, require_staff
from services.templates import fill_texts, known_values, own_or_shipped
from services.typed import needed_line, price_amount

READY = "V10b"
USUAL_PAYMENT = "bar oder mit Karte"
NOTHING: Mapping[str, str] = MappingProxyType({})
_PAYMENT = "pickup_payment"
_PAYING = "bar, mit karte oder auf rechnung"  # the template's own name for it
_PRICE = "preis"
_LATELY = timedelta(weeks=8)  # so long what was said in a conversation is about the job that it asks for now
_AT_HAND = timedelta(days=14)  # so long after a visit its conversation is about that job
_FETCHED = frozenset({BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.DONE})


@dataclass(frozen=True)
class ReadyNote:
    """The message as it would go out. `mail` is '' where there is nobody to write to, or they want to be called."""

    inquiry_id: int
    booking_id: int | None
    name: str
    mail: str
    phone: str  # to dial, '' where none is known
    subject: str
    text: str
    missing: tuple[str, ...]  # what a person has to say first, by the placeholder's name
    price: str | None  # as it stands in a field, '' where nobody knows it, None where the message names none
    question: str | None  # what the customer said and nobody has answered, None where nobody waits
    told: Pickup | None
    version: int  # what the person saw of the conversation

    @property
    def is_complete(self) -> bool:
        """Whether one tap is enough. Not while somebody waits: it would end their wait without an answer."""
        return bool(self.mail) and not self.missing and self.question is None and self.told is None


def visit_at_hand(db: Reader, inquiry: Inquiry, now: datetime) -> bool:
    """Whether this conversation is about somebody who was here in the last two weeks."""
    return _booking(db, inquiry, None, now) is not None


def payment_words(db: Reader) -> str:
    """How people pay when they fetch something, as it stands in the message."""
    kept = data.settings.read_setting(db, _PAYMENT)
    return str(json.loads(kept)) if kept else USUAL_PAYMENT


def save_payment_words(shop: Shop, actor: Actor, words: str) -> None:
    """Change that. Raises NotAllowedError for anybody but an owner, InvalidInputError for no words."""
    require_owner(actor)
    line = needed_line(words, "Wie kann man bezahlen? Diese Angabe fehlt noch.")
    if set(line) & set("{}"):
        raise InvalidInputError("Bitte ohne geschwungene Klammern.")
    with shop.store.write() as tx:
        data.settings.write_setting(tx, _PAYMENT, json.dumps(line), shop.now())


def read_ready(
    shop: Shop, actor: Actor, inquiry_id: int, booking_id: int | None = None, said: Mapping[str, str] = NOTHING
) -> ReadyNote:
    """The message for this booking or, without one, for what is at hand in this inquiry.

    `said` is what a person added, by the placeholder's name. Raises NotFoundError, InvalidInputError for a price that
    is none.
    """
    return _note(shop, shop.store, actor, inquiry_id, booking_id, said)


def send_ready(
    shop: Shop,
    actor: Actor,
    inquiry_id: int,
    booking_id: int | None = None,
    said: Mapping[str, str] = NOTHING,
    *,
    seen_version: int,
    form_key: str,
    again: bool = False,
    seen_text: str | None = None,
) -> int:
    """Queue the message; it leaves in 20 seconds. Its id, the same one for the same `form_key`.

    Raises TakenError where it was said before, unless `again`; UnseenMessageError when the customer wrote meanwhile;
    EmptyPlaceholderError; InvalidInputError where there is nobody to write to, and where the text is not `seen_text`
    any more.
    """
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return known
        note = _note(shop, tx, actor, inquiry_id, booking_id, said)
        _refuse_twice(note, shop_settings(tx), again)
        if data.messages.unseen_by(tx, note.inquiry_id, seen_version, actor.staff_id):
            raise UnseenMessageError
        if not note.mail:
            raise InvalidInputError("Hier gibt es keine E-Mail-Adresse, an die wir schreiben. Bitte rufen Sie an.")
        if seen_text is not None and note.text != seen_text:
            raise InvalidInputError("Preis oder Zeit haben sich inzwischen geändert. Bitte noch einmal ansehen.")
        inquiry = require_inquiry(tx, note.inquiry_id)
        words = (subject_of(inquiry, note.subject), note.text)
        letter = Letter(note.name, note.mail, "", *words, form_key, MessageRole.ANSWER, of_draft=False)
        message_id = queue_letter(shop, tx, actor, inquiry, letter)
        data.pickups.insert_pickup(tx, inquiry.id, note.booking_id, message_id, shop.now())
    return message_id


def note_ready_said(shop: Shop, actor: Actor, inquiry_id: int, booking_id: int | None, *, again: bool = False) -> None:
    """The customer heard it on the phone just now: an answer like any call that reached, also the planned one.

    Raises TakenError.
    """
    with shop.store.write() as tx:
        note = _note(shop, tx, actor, inquiry_id, booking_id, NOTHING)
        _refuse_twice(note, shop_settings(tx), again)
        line = add_entry(tx, note.inquiry_id, actor, Entry(Channel.CALL, MessageRole.ANSWER, READY_CALL), shop.now())
        data.pickups.insert_pickup(tx, note.inquiry_id, note.booking_id, line, shop.now())
        for call in _planned(tx, note.inquiry_id):
            note_attempt(tx, actor, call, CallOutcome.REACHED, line, shop.now())
        refresh_clock(tx, note.inquiry_id)


def plan_ready_call(shop: Shop, actor: Actor, inquiry_id: int, booking_id: int | None = None) -> int:
    """A call to say so becomes a task of the person who taps; the promise's id, that of the open one if there is one.

    Raises InvalidInputError without a number.
    """
    note = read_ready(shop, actor, inquiry_id, booking_id)
    if planned := _planned(shop.store, note.inquiry_id):
        return planned[0].id
    due_at = usual_window(shop.store, shop.now()).due_at
    return promise_callback(
        shop, actor, note.inquiry_id, staff_id=actor.staff_id, phone=note.phone, due_at=due_at, topic=READY_CALL
    )


def _planned(db: Reader, inquiry_id: int) -> list[Call]:
    """The open calls that are to say it."""
    return [call for call in data.promises.promises_of(db, inquiry_id) if call.topic == READY_CALL]


def _refuse_twice(note: ReadyNote, settings: ShopSettings, again: bool) -> None:
    if note.told and not again:
        at = note.told.told_at.astimezone(ZoneInfo(settings.hours.zone))
        raise TakenError("Das wurde schon gemeldet, am {day} um {time} Uhr.", day=f"{at:%d.%m.}", time=f"{at:%H:%M}")


def _note(
    shop: Shop, db: Reader, actor: Actor, inquiry_id: int, booking_id: int | None, said: Mapping[str, str]
) -> ReadyNote:
    inquiry, now = require_inquiry(db, inquiry_id), shop.now()
    booking = _booking(db, inquiry, booking_id, now)
    customer = require_customer(db, booking.customer_id if booking else inquiry.customer_id)  # two after a merge
    settings = shop_settings(db)
    template = own_or_shipped(db, settings, READY)
    filled = fill_texts(
        *template, _values(db, actor, inquiry, customer, booking, said, now), customer.form_of_address, settings
    )
    name, mail, phone = _reach(db, inquiry, customer, booking)
    return ReadyNote(
        inquiry_id=inquiry.id,
        booking_id=booking.id if booking else None,
        name=name,
        mail=mail,
        phone=phone,
        subject=filled.subject,
        text=filled.body,
        missing=filled.missing,
        price=price_field(_cents(booking), settings.country) if _names_price(template) else None,
        question=_question(db, inquiry),
        told=data.pickups.last_pickup(
            db, inquiry.id, booking.id if booking else None, booking.starts_at if booking else now - _LATELY
        ),
        version=inquiry.version,
    )


def _booking(db: Reader, inquiry: Inquiry, booking_id: int | None, now: datetime) -> Booking | None:
    """The one that is named, or else the last visit of this conversation."""
    found = data.bookings.bookings_of_inquiry(db, inquiry.id)
    if booking_id is not None:
        return next((one for one in found if one.id == booking_id), None)
    since = now - _AT_HAND
    visits = [one for one in found if one.state in _FETCHED and since <= one.starts_at <= now]
    return visits[-1] if visits else None


def _names_price(template: tuple[str, str]) -> bool:
    return any(f"{{{_PRICE}" in text.casefold() for text in template)


def _question(db: Reader, inquiry: Inquiry) -> str | None:
    if inquiry.waiting_since is None:
        return None
    said = [one.body for one in data.messages.list_messages(db, inquiry.id) if one.role is MessageRole.CUSTOMER]
    return said[-1].strip() if said else ""


def _values(
    db: Reader,
    actor: Actor,
    inquiry: Inquiry,
    customer: Customer,
    booking: Booking | None,
    said: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    settings = shop_settings(db)
    matter = booking.offering_name if booking else matter_of(inquiry)
    values = {
        **known_values(customer, require_staff(db, actor.staff_id), settings, matter, now),
        **_times(settings, now),
        _PRICE: _price(_cents(booking), settings),
        _PAYING: payment_words(db),
    }
    for name, words in said.items():
        if name.casefold() == _PRICE:
            values[_PRICE] = _price(price_amount(words), settings)  # what was emptied is not known
        elif words.strip():
            values[name.casefold()] = words.strip()
    return values


def _cents(booking: Booking | None) -> int | None:
    """The price of the job; one that costs nothing has none that could be asked for."""
    return (booking.price_cents or None) if booking else None


def _price(cents: int | None, settings: ShopSettings) -> str:
    return show_price(cents, settings.country) if cents else ""


def _times(settings: ShopSettings, now: datetime) -> dict[str, str]:
    """«sofort» or the next opening, and until when; '' for a shop that never opens, so that a person says it."""
    zone = ZoneInfo(settings.hours.zone)
    today = now.astimezone(zone).date()
    found = pickup_time(settings.hours, holidays_for(settings, today), now)
    if found is None:
        return {}

    def words(moment: datetime) -> str:
        local = moment.astimezone(zone)
        day = "heute" if local.date() == today else format_date(local, "EEEE, d. MMMM", locale=f"de_{settings.country}")
        return f"{day}, {local.hour}:{local:%M} Uhr"

    return {"ab wann": words(found.from_at) if found.from_at else "sofort", "bis wann": words(found.until)}


def _reach(db: Reader, inquiry: Inquiry, customer: Customer, booking: Booking | None) -> tuple[str, str, str]:
    """(name, mail address, number to dial); no address of who wants to be called."""
    contacts = data.customers.list_contacts(db, customer.id)
    phones = [booking.phone if booking else "", *(one.address for one in contacts if one.kind == "phone")]
    phone = next(filter(None, phones), "")
    if phone and customer.preferred == "phone":
        return customer.name, "", phone
    if booking and booking.mail:
        return booking.customer_name, booking.mail, phone
    try:
        return (*recipient_of(db, inquiry), phone)
    except ShopError:
        return customer.name, "", phone
