"""What was agreed with a customer and tried, as words for a template; only what stands in Theke, never a guess."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.customers
import data.messages
import data.promises
from data.records import Inquiry, MessageRole, Promise, ShopSettings, Staff
from data.store import Reader
from services.rules.phones import show_phone


def agreed_values(db: Reader, inquiry: Inquiry, staff: Staff, settings: ShopSettings, now: datetime) -> dict[str, str]:
    """By the placeholder's name: the promised call of the person who writes, their try today, the customer's number.

    '' for what is not known, or not for certain: somebody else's promise, one that is past, one of two numbers.
    """
    zone = ZoneInfo(settings.hours.zone)
    promises = data.promises.promises_of(db, inquiry.id)
    own = [promise.due_at for promise in promises if promise.staff_id == staff.id and promise.due_at > now]
    return {
        "nummer des kunden": _number(db, inquiry, promises, settings.country),
        "tag und uhrzeit des rückrufs": _day_and_time(own[0].astimezone(zone), settings.country) if own else "",
        "uhrzeit des versuchs": _tried(db, inquiry, staff, now.astimezone(zone)),
    }


def _number(db: Reader, inquiry: Inquiry, promises: list[Promise], country: str) -> str:
    contacts = data.customers.list_contacts(db, inquiry.customer_id)
    numbers = {p.phone for p in promises} or {c.address for c in contacts if c.kind == "phone"}
    return show_phone(numbers.pop(), country) if len(numbers) == 1 else ""


def _day_and_time(local: datetime, country: str) -> str:
    day = format_date(local, "EEEE, d. MMMM", locale=f"de_{country}")
    return f"{day}, {local.hour}:{local:%M} Uhr"


def _tried(db: Reader, inquiry: Inquiry, staff: Staff, today: datetime) -> str:
    """When this person last called in vain today."""
    tries = [
        message.happened_at.astimezone(today.tzinfo)
        for message in data.messages.list_messages(db, inquiry.id)
        if message.role is MessageRole.ATTEMPT and message.staff_id == staff.id
    ]
    return f"{tries[-1].hour}:{tries[-1]:%M}" if tries and tries[-1].date() == today.date() else ""
