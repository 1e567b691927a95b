"""How the customers' pages say until when we answer and when we call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from data.records import ShopSettings
from pages.web.days import minute_text, parse_minute
from pages.web.voice import Voice
from services.answer_times import answer_by_with, answer_by_words
from services.promises import call_windows
from services.rules.call_windows import CallWindow
from services.shop import Shop

_TOGETHER = re.compile(r"(?<=\d\.) |(?<=\d) (?=[A-Z])| (?=Uhr\b)")  # «1. Dezember», «1 December», «08:30 Uhr»
_IN_NUMBER = re.compile(r"(?<=[\d/)]) (?=[\d/(])")
_WEEK = 7  # days, within which a weekday can be taken for no other
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Choice:
    """A window to be called in, as a form offers it; value '' for «as soon as it goes»."""

    value: str
    words: str


def by_words(voice: Voice, settings: ShopSettings, moment: datetime) -> str:
    """«heute, 15:00 Uhr», «Montag, 23. November, 11:00 Uhr»: the same words as in our mails, kept together."""
    words = answer_by_words(settings, voice.language, moment, voice.now)
    kept = _TOGETHER.sub("\xa0", words)
    return kept.replace(", ", ",\xa0") if voice.day_of(moment) == voice.today else kept


def answer_words(shop: Shop, voice: Voice, settings: ShopSettings) -> str:
    """Until when somebody who asks now is answered; '' where the shop does not open."""
    moment = answer_by_with(settings, shop.now())
    return by_words(voice, settings, moment) if moment else ""


def choices(shop: Shop, voice: Voice, settings: ShopSettings) -> list[Choice]:
    """«Möglichst bald (bis Mi 10:00)» and the next windows, each short enough for a phone."""
    _, moment = voice.say, answer_by_with(settings, shop.now())
    soon = _("Möglichst bald (bis {time})").format(time=_short(voice, moment)) if moment else _("Möglichst bald")
    windows = call_windows(shop.store, shop.now())
    return [Choice("", soon), *(Choice(minute_text(each.due_at), _choice(voice, each)) for each in windows)]


def chosen_end(value: str) -> datetime | None:
    """By what its end names the chosen window: None for «as soon as it goes», and what nobody offered is long past."""
    return (parse_minute(value) or _LONG_AGO) if value.strip() else None


def promised_words(voice: Voice, window: CallWindow) -> str:
    """«heute zwischen 13:00 und 15:00 Uhr», «Mittwoch, 25. November, zwischen …»; without a beginning «… bis …».

    The day is named, not «morgen»: it stands beside the time of the answer, which is told like that.
    """
    _, day = voice.say, voice.day_of(window.due_at)
    name, end = _("heute") if day == voice.today else f"{voice.long_day(day)},", voice.hour(window.due_at)
    if window.from_at >= window.due_at:
        return _("{day} bis {time}").format(day=name, time=end)
    return _("{day} zwischen {begin} und {end}").format(day=name, begin=voice.clock(window.from_at), end=end)


def noted_words(voice: Voice, window: CallWindow) -> str:
    """«Notiert: Wir rufen heute zwischen 15:30 und 18:00 Uhr an.», «… am Mittwoch, 25. November, …»."""
    _, when = voice.say, promised_words(voice, window)
    if voice.day_of(window.due_at) == voice.today:
        return _("Notiert: Wir rufen {when} an.").format(when=when)
    return _("Notiert: Wir rufen am {when} an.").format(when=when)


def phone_words(text: str) -> str:
    """A number as it was typed, or a sentence with one, never torn at the end of a line."""
    return _IN_NUMBER.sub("\xa0", text)


def dated_words(voice: Voice, window: CallWindow) -> str:
    """«Mittwoch, 25. November, 13:00 bis 15:00 Uhr»: for what is kept and read on another day."""
    return _between(voice, voice.long_day(voice.day_of(window.due_at)), window, voice.hour(window.due_at))


def _choice(voice: Voice, window: CallWindow) -> str:
    _, day = voice.say, voice.day_of(window.due_at)
    near = {0: _("Heute"), 1: _("Morgen")}.get((day - voice.today).days)
    return _between(voice, near or voice.short_day(day), window, voice.clock(window.due_at))


def _between(voice: Voice, day: str, window: CallWindow, end: str) -> str:
    begin = voice.clock(window.from_at)
    return voice.say("{day}, {begin} bis {end}").format(day=day, begin=begin, end=end)


def _short(voice: Voice, moment: datetime) -> str:
    day, clock = voice.day_of(moment), voice.clock(moment)
    ahead = (day - voice.today).days
    name = voice.weekday(day) if ahead < _WEEK else voice.short_day(day)
    return f"{name}\xa0{clock}" if ahead else clock
