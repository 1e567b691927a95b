"""Choosing a time by one tap: the next sensible ones of the shop's hours as buttons, any other by date and clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.records import OpeningHours
from pages.parts.date_field import date_field
from pages.parts.session import Desk
from pages.parts.words import coming_time
from services.rules.opening_hours import day_intervals, is_open, next_opening
from services.settings import holidays_for

OTHER = "other"
AFTERNOON = 16  # o'clock: late enough for today's work, early enough to be kept
_HOUR = timedelta(hours=1)
_SOONEST = timedelta(minutes=15)
_EVERY_DAY = (((8 * 60, 18 * 60),),) * 7  # of a shop that names no hours


@dataclass(frozen=True)
class ShopTime:
    """Now, and when the shop is open."""

    now: datetime
    hours: OpeningHours
    holidays: frozenset[date]

    @property
    def zone(self) -> ZoneInfo:
        """Where the shop is."""
        return ZoneInfo(self.hours.zone)


def shop_time(desk: Desk) -> ShopTime:
    """The shop's time for this run."""
    now, settings = desk.speech.now, desk.settings
    return ShopTime(now, settings.hours, holidays_for(settings, now.astimezone(desk.speech.zone).date()))


def usual_times(shop: ShopTime, *, soon: bool) -> list[datetime]:
    """What one mostly chooses, in order, aware and within the opening hours: this afternoon, the next two openings.

    Before them the next opening if the shop is closed. With `soon`, which is for a time by which something is done,
    first in about an hour, and an hour after an opening instead of at it.
    """
    if next_opening(shop.hours, shop.holidays, shop.now) is None:
        shop = ShopTime(shop.now, replace(shop.hours, week=_EVERY_DAY, closures=()), frozenset())
    first = _half_hour(shop.now + timedelta(minutes=45))
    begin = _opening(shop, first)
    day = begin.date()
    monday = day + timedelta(days=7 - day.weekday())
    wanted = [first.astimezone(shop.zone)] if soon and begin == first else []
    wanted += [_after(shop, begin, soon=soon)] if begin != first else []
    wanted += [_afternoon(shop, day)]
    wanted += [_after(shop, _opening(shop, _midnight(shop, on)), soon=soon) for on in (day + timedelta(days=1), monday)]
    ahead = (moment for moment in wanted if moment > shop.now + _SOONEST)
    return sorted({moment for moment in ahead if is_open(shop.hours, shop.holidays, moment)})


def _opening(shop: ShopTime, moment: datetime) -> datetime:
    """`moment` if the shop is open then, else when it opens next."""
    return (next_opening(shop.hours, shop.holidays, moment) or moment).astimezone(shop.zone)


def _after(shop: ShopTime, opening: datetime, *, soon: bool) -> datetime:
    """An hour after the opening, if it is for a time by which something is done and the shop is still open then."""
    later = (opening.astimezone(shop.now.tzinfo) + _HOUR).astimezone(shop.zone)
    return later if soon and is_open(shop.hours, shop.holidays, later) else opening


def _afternoon(shop: ShopTime, day: date) -> datetime:
    """Four o'clock, or an hour before the shop closes where it is closed then or that is past."""
    usual = _midnight(shop, day) + timedelta(hours=AFTERNOON)
    if usual > shop.now + _SOONEST and is_open(shop.hours, shop.holidays, usual):
        return usual
    closing = max((end for _start, end in day_intervals(shop.hours, shop.holidays, day)), default=0)
    return _midnight(shop, day) + timedelta(minutes=max(0, closing - 60))


def _midnight(shop: ShopTime, day: date) -> datetime:
    return datetime.combine(day, time(), shop.zone)


def _half_hour(moment: datetime) -> datetime:
    """The next full or half hour."""
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full + timedelta(minutes=-(-moment.minute // 30) * 30)


def choose_time(
    desk: Desk, label: str, *, key: str, soon: bool = False, optional: bool = False, planned: datetime | None = None
) -> None:
    """The widgets; `chosen_time` reads them. What is `planned` already stands first and is chosen."""
    _ = desk.say
    usual = usual_times(shop_time(desk), soon=soon)
    ahead = [planned.astimezone(desk.speech.zone)] if planned and planned > desk.speech.now else []
    words = {moment.isoformat(): coming_time(moment, desk.speech) for moment in (*ahead, *usual)}
    chosen = st.session_state.get(key)
    if chosen and chosen != OTHER and chosen not in words:  # offered when the dialog opened
        words[chosen] = coming_time(datetime.fromisoformat(chosen), desk.speech)
    words[OTHER] = _("Andere Zeit")
    st.pills(
        label,
        list(words),
        format_func=lambda option: words.get(option, ""),
        default=None if optional and not ahead else next(iter(words)),
        required=not optional,
        key=key,
    )
    if st.session_state.get(key) == OTHER:
        today = desk.speech.now.astimezone(desk.speech.zone).date()
        with st.container(horizontal=True):
            later = next((moment.date() for moment in usual if moment.date() > today), today)
            date_field(_("Datum"), later, key=f"{key}-day")
            st.time_input(_("Uhrzeit"), time(9), key=f"{key}-clock")


def chosen_time(desk: Desk, key: str) -> datetime | None:
    """What was chosen, aware; None if nothing."""
    chosen = st.session_state.get(key)
    if not chosen:
        return None
    if chosen != OTHER:
        return datetime.fromisoformat(chosen)
    day, clock = st.session_state.get(f"{key}-day"), st.session_state.get(f"{key}-clock")
    return datetime.combine(day, clock, desk.speech.zone) if day and clock else None
