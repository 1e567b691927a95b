"""The demo's bookings: played on its moved clock through the use cases that customers and staff use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import data.bookings
import data.demo
from data.booking_records import BookingState, Offering
from data.demo import Visit
from data.records import Actor, ShopSettings
from data.report_records import Avoidable
from services.availability import free_day, local_day
from services.bookings import Entry, enter_booking, mark_booking
from services.offerings import list_offerings, list_resources, save_offering
from services.own_bookings import BookingForm, book_online
from services.reasons import list_reasons
from services.rules.opening_hours import day_intervals
from services.sending import send_due
from services.settings import holidays_for, shop_settings
from services.shop import Shop
from services.wrap_ups import note_avoidable, note_kept, note_reason

_DAY = timedelta(days=1)
Scene = tuple[int, Callable[[], None]]


def visit_scenes(shop: Shop, people: list[Actor], start: datetime) -> Iterator[Scene]:
    """(minutes before the start, what happens then) of all bookings, and of what became of those that are past."""
    settings = shop_settings(shop.store)
    yield 14, partial(_ask_afterwards, shop, people[0])
    for visit in data.demo.VISITS:
        at = _moment(settings, start, visit)
        if visit.online:
            yield visit.age, partial(_book, shop, visit, at)
        else:
            yield visit.age, partial(_enter, shop, people[0], visit, at)
            yield from _endings(shop, people[1], visit, at, start)


def _endings(shop: Shop, actor: Actor, visit: Visit, at: datetime, start: datetime) -> Iterator[Scene]:
    """Those of today and before: they came, and are done by now; or nobody came."""
    begun = int((start - at).total_seconds()) // 60
    if begun <= 15:
        return
    came = BookingState.ARRIVED if visit.came else BookingState.NO_SHOW
    yield begun - 15, partial(_mark, shop, actor, visit, came)
    left = begun - _offering(shop, visit).duration
    if visit.came and left > 0:
        yield min(left, begun - 16), partial(_mark, shop, actor, visit, BookingState.DONE)


def _ask_afterwards(shop: Shop, owner: Actor) -> None:
    for offering in list_offerings(shop.store):
        if days := data.demo.FOLLOWED_UP.get(offering.name):
            save_offering(shop, owner, offering.id, follow_up_days=days)


def _moment(settings: ShopSettings, start: datetime, visit: Visit) -> datetime:
    """When the visit begins, aware."""
    hour, minute = visit.clock.split(":")
    day = _open_day(settings, local_day(start, settings), visit.day)
    return datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(settings.hours.zone))


def _open_day(settings: ShopSettings, today: date, count: int) -> date:
    """The `count`-th open day: 0 is today or else the next one, -1 the one before."""
    holidays = holidays_for(settings, today)
    step = _DAY if count >= 0 else -_DAY
    day, left = (today, count) if count >= 0 else (today - _DAY, -1 - count)
    while left or not day_intervals(settings.hours, holidays, day):
        left -= bool(day_intervals(settings.hours, holidays, day))
        day += step
    return day


def _offering(shop: Shop, visit: Visit) -> Offering:
    return next(one for one in list_offerings(shop.store) if one.name == visit.offering)


def _enter(shop: Shop, actor: Actor, visit: Visit, at: datetime) -> None:
    wanted = tuple(one.id for one in list_resources(shop.store) if one.name in visit.wanted)
    entry = Entry(
        offering_id=_offering(shop, visit).id,
        at=at,
        who=visit.name,
        reach=visit.reach,
        note=visit.note,
        wanted=wanted,
        form_key=_key(visit),
    )
    enter_booking(shop, actor, entry, despite=True)
    send_due(shop)


def _book(shop: Shop, visit: Visit, at: datetime) -> None:
    offering = _offering(shop, visit)
    free = free_day(shop, offering, local_day(at, shop_settings(shop.store))).starts
    first = next((each.at for each in free if each.at >= at), None)
    if first is None:
        return
    form = BookingForm(
        offering_id=offering.id,
        at=first,
        name=visit.name,
        mail=visit.reach,
        phone="",
        answer=visit.answer,
        form_key=_key(visit),
        language="de",
    )
    book_online(shop, form)
    send_due(shop)


def _mark(shop: Shop, actor: Actor, visit: Visit, state: BookingState) -> None:
    booking = data.bookings.find_by_form(shop.store, _key(visit))
    if booking is None:
        return
    mark_booking(shop, actor, booking.id, state)
    if state is BookingState.DONE:
        reason = next(one for one in list_reasons(shop.store) if one.name == data.demo.BOOKED)
        note_reason(shop, actor, booking.inquiry_id, reason.id)
        note_avoidable(shop, actor, booking.inquiry_id, Avoidable.NO)
        note_kept(shop, actor, booking.inquiry_id, True)


def _key(visit: Visit) -> str:
    return f"demo visit {visit.name} {visit.day}"
