"""What was agreed with a customer and tried, as words for a template; only what stands in Theke, never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.customers
import data.messages
import data.promises
from data.records import Inquiry, MessageRole, Promise, ShopSettings, Staff
from data.store import Reader
from services.rules.call_windows import usual_window
from services.rules.phones import show_phone
from services.settings import holidays_at


def agreed_values(db: Reader, inquiry: Inquiry, staff: Staff, settings: ShopSettings, now: datetime) -> dict[str, str]:
    """By the placeholder's name: until when the person who writes calls, their try today, the customer's number.

    '' for what is not known, or not for certain: somebody else's promise, one that is past, one of two numbers.
    """
    zone = ZoneInfo(settings.hours.zone)
    promises = data.promises.promises_of(db, inquiry.id)
    tried = _tried(db, inquiry, staff, now.astimezone(zone))
    # Who tried in vain today calls again, whoever had promised it.
    own = [promise for promise in promises if promise.staff_id == staff.id or (tried and promise.tries)]
    ahead = [call for promise in own if (call := _called_by(promise, settings, now)) > now]
    return {
        "nummer des kunden": _number(db, inquiry, promises, settings.country),
        "tag und uhrzeit des rückrufs": _day_and_time(ahead[0].astimezone(zone), settings.country) if ahead else "",
        "uhrzeit des versuchs": f"{tried[0].hour}:{tried[0]:%M}" if tried else "",
        "ergebnis des versuchs": _outcome(on_mailbox=tried[1]) if tried else "",
    }


def _called_by(promise: Promise, settings: ShopSettings, now: datetime) -> datetime:
    """The promised time; where that will be over, the end of the window in which the planned next try lies: nobody is
    told of the very minute."""
    planned = promise.next_try_at
    if planned is None or planned <= now or planned < promise.due_at:
        return promise.due_at
    return usual_window(settings.hours, holidays_at(settings, planned), planned).due_at


def _outcome(*, on_mailbox: bool) -> str:
    return "auf die Mailbox gesprochen" if on_mailbox else "niemanden erreicht"


def _number(db: Reader, inquiry: Inquiry, promises: Sequence[Promise], country: str) -> str:
    contacts = data.customers.list_contacts(db, inquiry.customer_id)
    numbers = {p.phone for p in promises} or {c.address for c in contacts if c.kind == "phone"}
    return show_phone(numbers.pop(), country) if len(numbers) == 1 else ""


def _day_and_time(local: datetime, country: str) -> str:
    day = format_date(local, "EEEE, d. MMMM", locale=f"de_{country}")
    return f"{day}, {local.hour}:{local:%M} Uhr"


def _tried(db: Reader, inquiry: Inquiry, staff: Staff, today: datetime) -> tuple[datetime, bool] | None:
    """When this person last called in vain today, and whether a mailbox was spoken to."""
    mailbox = data.promises.mailbox_lines(db, inquiry.id)
    tries = [
        (message.happened_at.astimezone(today.tzinfo), message.id in mailbox)
        for message in data.messages.list_messages(db, inquiry.id)
        if message.role is MessageRole.ATTEMPT and message.staff_id == staff.id
    ]
    return tries[-1] if tries and tries[-1][0].date() == today.date() else None
