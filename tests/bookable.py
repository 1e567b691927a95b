"""A garage that can be booked: two mechanics, two lifts, and an offering that needs one of each."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import data.offerings
from data.booking_records import Booking, Offering
from data.records import OpeningHours
from services.bookings import Entry
from services.own_bookings import BookingForm, book_online
from services.settings import put_settings
from services.shop import Shop
from tests.builders import connect

VIENNA = ZoneInfo("Europe/Vienna")
AMIR, LUKAS, LIFT_1, LIFT_2 = 1, 2, 3, 4
NAMES = {AMIR: "Amir", LUKAS: "Lukas", LIFT_1: "Bühne 1", LIFT_2: "Bühne 2"}
TYRES, INSPECTION, VALUATION = 11, 12, 13
WEEK = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
# Like shop settings of a garage that is open Monday to Friday.
HOURS = OpeningHours("Europe/Vienna", (WEEK,) * 5 + ((), ()))
_USUAL: dict[str, Any] = {
    "description": "", "duration": 60, "buffer_before": 0, "buffer_after": 0, "step": 30, "price_cents": 4900,
    "online": True, "instant": True, "notice_minutes": 60, "horizon_days": 30, "cancel_minutes": 120,
    "daily_limit": 0, "bring": "", "question": "", "choices": "", "position": 1, "active": True,
}  # fmt: skip


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A time on the clock of Vienna."""
    return datetime(year, month, day, hour, minute, tzinfo=VIENNA)


def open_door(shop: Shop, **more: Any) -> None:
    """A mailbox and the hours of the garage, nothing to book; `more` settings."""
    connect(shop)
    with shop.store.write() as tx:
        put_settings(tx, {"hours": HOURS, "closed_on_holidays": False, **more}, shop.now())


def open_garage(shop: Shop) -> None:
    """Resources 1 to 4, «Reifenwechsel» (one mechanic and one lift), «Pickerl» (Amir and lift 1, with buffers), and
    «Begutachtung», which is on request and needs a mechanic only."""
    with shop.store.write() as tx:
        put_settings(tx, {"hours": HOURS, "closed_on_holidays": False, "name": "Kfz Muster"}, shop.now())
        for ident, name in NAMES.items():
            kind = "person" if ident in {AMIR, LUKAS} else "thing"
            row = {"id": ident, "kind": kind, "name": name, "week": "", "position": ident, "active": True}
            tx.insert("resource", row)
    groups = ((AMIR, LUKAS), (LIFT_1, LIFT_2))
    offer(shop, TYRES, "Reifenwechsel", groups)
    offer(shop, INSPECTION, "Pickerl", ((AMIR,), (LIFT_1,)), buffer_before=10, buffer_after=15)
    offer(shop, VALUATION, "Begutachtung", ((AMIR, LUKAS),), instant=False, price_cents=None)


def open_reachable_garage(shop: Shop) -> None:
    """The same with a mailbox."""
    connect(shop)
    open_garage(shop)


def offer(shop: Shop, ident: int, name: str, groups: tuple[tuple[int, ...], ...], **changes: Any) -> None:
    """One more offering."""
    with shop.store.write() as tx:
        tx.insert("offering", {"id": ident, "name": name, **_USUAL, **changes})
        for number, group in enumerate(groups):
            for position, resource_id in enumerate(group):
                row = {"offering_id": ident, "group_number": number, "resource_id": resource_id, "position": position}
                tx.insert("offering_resource", row)


def own_hours(shop: Shop, ident: int, *day: tuple[int, int]) -> None:
    """A resource with hours of its own, the same every day."""
    with shop.store.write() as tx:
        tx.run("UPDATE resource SET week = $week WHERE id = $id", {"week": json.dumps([list(day)] * 7), "id": ident})


def offering(shop: Shop, ident: int = TYRES) -> Offering:
    """The offering as it is kept."""
    found = data.offerings.read_offering(shop.store, ident)
    assert found is not None
    return found


def form(when: datetime, key: str, ident: int = TYRES, **changes: Any) -> BookingForm:
    """What Maria types."""
    usual = {"name": "Maria Huber", "mail": "maria.huber@example.org", "phone": "", "answer": "", "language": "de"}
    return BookingForm(offering_id=ident, at=when, form_key=key, **{**usual, **changes})


def book(shop: Shop, when: datetime, key: str = "", ident: int = TYRES, **changes: Any) -> Booking:
    """Maria books online."""
    return book_online(shop, form(when, key or f"{ident} {when.isoformat()}", ident, **changes))


def entry(when: datetime, ident: int = TYRES, **changes: Any) -> Entry:
    """What Sandra enters for a caller."""
    return Entry(**{"offering_id": ident, "at": when, "who": "Hr. Novak", "reach": "0512 555 873", **changes})


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return int(span.total_seconds()) // 60
