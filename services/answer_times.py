"""Until when somebody is answered: one rule for every page, letter and list, and the words in which it is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from data.records import ShopSettings
from data.store import Reader
from services.rules.answer_by import answer_by
from services.settings import holidays_at, shop_settings


def answer_by_of(db: Reader, asked_at: datetime) -> datetime | None:
    """Until when somebody who asks at `asked_at` is answered (UTC), by the shop's hours and goal; None when never."""
    return answer_by_with(shop_settings(db), asked_at)


def answer_by_with(settings: ShopSettings, asked_at: datetime) -> datetime | None:
    """The same for a shop whose settings are at hand."""
    return answer_by(settings.hours, holidays_at(settings, asked_at), asked_at, settings.answer_goal_minutes)


def answer_by_words(settings: ShopSettings, language: str, moment: datetime, now: datetime) -> str:
    """«heute, 15:00 Uhr», «Montag, 23. November, 11:00 Uhr», with the year when it is not this one.

    The day is named, not «morgen»: a mail may be read later than it was written.
    """
    zone = ZoneInfo(settings.hours.zone)
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    english = language == "en"
    time = f"{local:%H:%M}" if english else f"{local:%H:%M} Uhr"
    if local.date() == today:
        return f"today, {time}" if english else f"heute, {time}"
    year = "" if local.year == today.year else " y"
    pattern, place = ("EEEE, d MMMM", "en_GB") if english else ("EEEE, d. MMMM", f"de_{settings.country}")
    return f"{format_date(local, pattern + year, locale=place)}, {time}"
