"""How screens say times, waits and states; times come in as aware UTC and are told in the shop's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton

from data.records import Channel, CloseReason
from services.inquiries import InquiryLine
from services.rules.chat_media import FILE, PICTURE, VIDEO, VOICE

_DAY = 24 * 60
_HALF_A_YEAR = 182  # days; from here on a date needs its year


@dataclass(frozen=True)
class Speech:
    """Whose words, in which place, at which moment."""

    say: Callable[[str], str]
    locale: Locale
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True)
class Figure:
    """A wait in three sizes: **3** Tage 1 Std."""

    lead: str
    unit: str
    rest: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.lead, self.unit, self.rest) if part)


def wait_figure(minutes: int, speech: Speech) -> Figure:
    """A wait of `minutes` of wall time, its first unit to be set big."""
    _ = speech.say
    minutes = max(0, minutes)
    if minutes < 60:
        return Figure(str(minutes), _("Min"))
    if minutes < _DAY:
        hours, rest = divmod(minutes, 60)
        return Figure(str(hours), _("Std"), f"{rest} {_('Min')}" if rest else "")
    days, rest = divmod(minutes, _DAY)
    return Figure(str(days), _("Tag") if days == 1 else _("Tage"), f"{rest // 60} {_('Std')}" if rest >= 60 else "")


def open_span(line: InquiryLine, speech: Speech) -> str:
    """«3 Std 10 Min Öffnungszeit» of a wait, '' where nobody waits or the shop was open all the while."""
    _ = speech.say
    if line.row.waiting_since is None or line.business_minutes >= line.wall_minutes:
        return ""
    return _("{span} Öffnungszeit").format(span=wait_figure(line.business_minutes, speech))


def clock_time(at: datetime, speech: Speech) -> str:
    """«14:42» in the shop's zone."""
    return at.astimezone(speech.zone).strftime("%H:%M")


def day_word(at: datetime, speech: Speech) -> str:
    """«heute», «gestern», «morgen», «Freitag» within six days, else «23. November» or «23.11.2025»."""
    _ = speech.say
    day, today = at.astimezone(speech.zone).date(), speech.now.astimezone(speech.zone).date()
    distance = (day - today).days
    near = {-1: _("gestern"), 0: _("heute"), 1: _("morgen")}
    if distance in near:
        return near[distance]
    if abs(distance) < 7:
        return format_date(day, "EEEE", locale=speech.locale)
    if day.year == today.year:
        return format_skeleton("MMMMd", day, locale=speech.locale)
    return format_date(day, "dd.MM.y", locale=speech.locale)


def day_and_time(at: datetime, speech: Speech) -> str:
    """«heute, 14:42», «Freitag, 09:41»."""
    return f"{day_word(at, speech)}, {clock_time(at, speech)}"


def due_time(at: datetime, speech: Speech) -> str:
    """«11:30» today, else as `coming_time` says it."""
    return coming_time(at, speech) if _days_ahead(at, speech) else clock_time(at, speech)


def past_time(at: datetime, speech: Speech) -> str:
    """«11:30» today, else «gestern, 11:30», «Donnerstag, 15:09»."""
    return day_and_time(at, speech) if _days_ahead(at, speech) else clock_time(at, speech)


def coming_time(at: datetime, speech: Speech) -> str:
    """«heute, 14:42», «morgen, 08:00», «Freitag, 09:41» within six days from now, else as `exact_time` says it."""
    ahead = _days_ahead(at, speech)
    return day_and_time(at, speech) if -1 <= ahead < 7 else exact_time(at, speech)


def exact_time(at: datetime, speech: Speech) -> str:
    """«heute, 14:42», «morgen, 08:00», else «Donnerstag 27. November, 09:00»: it cannot be taken for another day."""
    ahead = _days_ahead(at, speech)
    if -1 <= ahead <= 1:
        return day_and_time(at, speech)
    pattern = "EEEE d. MMMM" if speech.locale.language == "de" else "EEEE d MMMM"
    pattern += " y" if abs(ahead) > _HALF_A_YEAR else ""
    return f"{format_date(at.astimezone(speech.zone), pattern, locale=speech.locale)}, {clock_time(at, speech)}"


def _days_ahead(at: datetime, speech: Speech) -> int:
    return (at.astimezone(speech.zone).date() - speech.now.astimezone(speech.zone).date()).days


def long_day(at: datetime, speech: Speech) -> str:
    """«Montag, 23. November»."""
    return weekday_and_date(at.astimezone(speech.zone).date(), speech)


def weekday_and_date(day: date, speech: Speech) -> str:
    """«Montag, 23. November» of a day on the shop's calendar."""
    pattern = "EEEE, d. MMMM" if speech.locale.language == "de" else "EEEE, d MMMM"
    return format_date(day, pattern, locale=speech.locale)


def short_span(minutes: int, speech: Speech) -> str:
    """«48 Min», «1 Std 18 Min», «3 Tage» of `minutes`."""
    _ = speech.say
    minutes = max(0, minutes)
    if minutes < 60:
        return f"{minutes} {_('Min')}"
    if minutes < _DAY:
        hours, rest = divmod(minutes, 60)
        return f"{hours} {_('Std')} {rest}\xa0{_('Min')}" if rest and hours < 5 else f"{hours} {_('Std')}"
    days = minutes // _DAY
    return f"{days} {_('Tag') if days == 1 else _('Tage')}"


def due_word(at: datetime, speech: Speech) -> str:
    """«in 48 Min» or, when it is past, «seit 20 Min»."""
    _ = speech.say
    minutes = int((at - speech.now).total_seconds() // 60)
    if minutes >= 0:
        return _("in {span}").format(span=short_span(minutes, speech))
    return _("seit {span}").format(span=short_span(-minutes, speech))


def ago(at: datetime, speech: Speech) -> str:
    """«vor 40 s», «vor 3 Min», «vor 2 Std»."""
    _ = speech.say
    seconds = max(0, int((speech.now - at).total_seconds()))
    if seconds < 60:
        return _("vor {seconds} s").format(seconds=seconds)
    if seconds < 60 * _DAY:
        return _("vor {span}").format(span=short_span(seconds // 60, speech))
    days = seconds // (60 * _DAY)
    return _("vor einem Tag") if days == 1 else _("vor {days} Tagen").format(days=days)


def greeting(speech: Speech, name: str) -> str:
    """«Guten Morgen, Sandra» by the shop's clock and the first word of the name."""
    _ = speech.say
    hour = speech.now.astimezone(speech.zone).hour
    first = name.split(" ")[0] if name else ""
    if hour < 11:
        return _("Guten Morgen, {name}").format(name=first)
    return (_("Guten Tag, {name}") if hour < 18 else _("Guten Abend, {name}")).format(name=first)


CHANNEL_ICONS = {
    Channel.MAIL: "mail",
    Channel.CALL: "call",
    Channel.VISIT: "storefront",
    Channel.VOICEMAIL: "voicemail",
    Channel.CHAT: "chat",
    Channel.FORM: "language",
    Channel.REVIEW: "reviews",
    Channel.NOTE: "sticky_note_2",
}


def channel_word(channel: Channel, say: Callable[[str], str]) -> str:
    """How people call the channel."""
    _ = say
    return {
        Channel.MAIL: _("E-Mail"),
        Channel.CALL: _("Telefon"),
        Channel.VISIT: _("Vor Ort"),
        Channel.VOICEMAIL: _("Anrufbeantworter"),
        Channel.CHAT: _("WhatsApp"),
        Channel.FORM: _("Website"),
        Channel.REVIEW: _("Online-Bewertung"),
        Channel.NOTE: _("Notiz"),
    }[channel]


def stored(sentence: str, say: Callable[[str], str]) -> str:
    """A sentence that a job kept, in the reader's language where the catalogue knows it whole."""
    return say(sentence) if sentence else ""  # gettext answers '' with the catalogue's own header


def chat_words(words: str, say: Callable[[str], str]) -> str:
    """What was said in a chat; what ends a line in place of a picture or a file in the reader's language."""
    _ = say
    media = {PICTURE: _("(Bild)"), VIDEO: _("(Video)"), VOICE: _("(Sprachnachricht)"), FILE: _("(Datei)")}
    for medium, told in media.items():
        words = re.sub(rf"{re.escape(medium)}$", told, words, flags=re.M)
    return words


def name_or(name: str, say: Callable[[str], str]) -> str:
    """The customer's name, or that there is none yet."""
    _ = say
    return name or _("Ohne Namen")


def close_word(reason: CloseReason | str, say: Callable[[str], str]) -> str:
    """How people call the reason of a close."""
    _ = say
    words = {
        CloseReason.ANSWERED: _("beantwortet"),
        CloseReason.DEALT_WITH: _("anders erledigt"),
        CloseReason.THANKS_ONLY: _("nur ein Danke"),
        CloseReason.DOUBLE: _("doppelt"),
        CloseReason.NO_INQUIRY: _("keine Kundenanfrage"),
        CloseReason.EARLIER: _("vorher erledigt"),
        CloseReason.BOOKED: _("Termin eingetragen"),
    }
    return words.get(CloseReason(reason), "") if reason else ""


def hidden_until(until: datetime | None, speech: Speech) -> str:
    """«Ausgeblendet bis morgen, 08:00» of an inquiry put off `until` then, '' when it is in sight."""
    _ = speech.say
    if until is None or until <= speech.now:
        return ""
    return _("Ausgeblendet bis {time}").format(time=coming_time(until, speech))


def hidden_words(count: int, say: Callable[[str], str]) -> str:
    """That `count` who wait are hidden until their time."""
    _ = say
    if count == 1:
        return _("Eine Anfrage ist ausgeblendet, bis ihre Zeit kommt.")
    return _("{count} sind ausgeblendet, bis ihre Zeit kommt.").format(count=count)


# Urgency and outbox words: icon, tone of the row, word. The same everywhere.
def urgency_badge(urgency: str, say: Callable[[str], str]) -> tuple[str, str]:
    """Icon and word of an urgency («late», «soon», «ok», «customer»)."""
    _ = say
    return {
        "late": ("error", _("Überfällig")),
        "soon": ("hourglass_top", _("Bald fällig")),
        "ok": ("check_circle", _("Im Ziel")),
        "customer": ("pause_circle", _("Beim Kunden")),
    }[urgency]


def outbox_problem_word(problem: str, say: Callable[[str], str]) -> str:
    """What is wrong with the last answer of an inquiry («failed», «unsure», «bounced»), '' if nothing."""
    _ = say
    return {
        "failed": _("Antwort nicht hinausgegangen"),
        "unsure": _("Antwort unsicher"),
        "bounced": _("Antwort kam zurück"),
    }.get(problem, "")


def rating_word(value: int, say: Callable[[str], str]) -> str:
    """«Zufrieden» in the language of `say`; `value` 5, very content … 1, very discontent."""
    _ = say
    words = {
        5: _("Sehr zufrieden"),
        4: _("Zufrieden"),
        3: _("Teils, teils"),
        2: _("Unzufrieden"),
        1: _("Sehr unzufrieden"),
    }
    return words[value]
