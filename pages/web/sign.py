"""What stands over and under every page of the customers: the shop, its phone and until when somebody answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from data.records import ShopSettings
from pages.web.voice import Voice
from services.rules.hours_text import show_week
from services.rules.opening_hours import day_intervals, is_open, next_opening
from services.rules.phones import normalise_phone
from services.settings import holidays_for

_POSTCODE = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} +")
_BEFORE_TIME = re.compile(r"(?<=[^\W\d]) (?=\d)")
_NEAR = 7  # days in which a weekday can be taken for no other


@dataclass(frozen=True)
class Sign:
    """The shop as its pages name it; '' for what is not known."""

    name: str
    town: str  # without the postcode
    phone: str
    dial: str  # behind `tel:`
    answered: str  # «heute bis 17:00 Uhr», «ab Mi 7:30 Uhr»
    address: str
    hours: str


def sign_of(settings: ShopSettings, voice: Voice) -> Sign:
    """The sign of the shop at this moment."""
    town = _POSTCODE.sub(lambda code: f"{code[0].rstrip()}\xa0", settings.town)
    parts, names = (settings.street, town), [voice.weekday_of(day) for day in range(7)]
    return Sign(
        name=settings.name,
        town=_POSTCODE.sub("", settings.town),
        phone=settings.phone.replace(" ", "\xa0"),
        dial=dial_of(settings.phone, settings.country),
        answered=_answered(settings, voice),
        address=", ".join(part for part in parts if part),
        hours=_BEFORE_TIME.sub("\xa0", show_week(settings.hours.week, names, voice.say)).replace(" Uhr", "\xa0Uhr"),
    )


def dial_of(phone: str, country: str) -> str:
    """The number as a phone dials it; what is no whole number is dialled as it stands."""
    return normalise_phone(phone, country) or "".join(sign for sign in phone if sign in "+0123456789")


def _answered(settings: ShopSettings, voice: Voice) -> str:
    """A weekday of the next six days, else the date: an honest number beats a bold one."""
    _, now = voice.say, voice.now
    holidays = holidays_for(settings, voice.today)
    opening = next_opening(settings.hours, holidays, now)
    if opening is None:
        return ""
    if is_open(settings.hours, holidays, now):
        closing = max(end for _begin, end in day_intervals(settings.hours, holidays, voice.today))
        return _("heute bis {time}").format(time=voice.hour_of(closing))
    return _from(voice, opening)


def _from(voice: Voice, opening: datetime) -> str:
    _, day = voice.say, voice.day_of(opening)
    local = opening.astimezone(voice.zone)
    time = voice.hour_of(local.hour * 60 + local.minute)
    if day == voice.today:
        return _("heute ab {time}").format(time=time)
    if (day - voice.today).days < _NEAR:
        return _("ab {day} {time}").format(day=voice.weekday(day), time=time)
    return _("ab {day}").format(day=voice.short_day(day))
