"""Mails about bookings put together: which facts, which ways to change them, in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

from data.booking_records import Booking, Offering
from data.records import Customer, ShopSettings, Staff
from services.booking_words import ENGLISH, GERMAN
from services.rules.own_changes import change_deadline_of, is_movable
from services.rules.placeholders import fill
from services.rules.prices import show_price
from services.rules.salutation import greeting
from services.settings import vat_words
from services.template_texts import spell


class LetterKind(StrEnum):
    """What a mail about a booking says."""

    CONFIRMED = "confirmed"  # booked at once, by the customer or by us
    REQUESTED = "requested"  # received, a person will decide
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    MISSED = "missed"


AHEAD = (LetterKind.CONFIRMED, LetterKind.REQUESTED, LetterKind.ACCEPTED, LetterKind.MOVED, LetterKind.REMINDER)
_FACTS = ("leistung", "datum", "uhrzeit", "alt", "dauer", "preis", "ort", "mitbringen", "nummer")
_FACTS_OF_WHAT_IS_GONE = ("leistung", "datum", "uhrzeit", "nummer")


@dataclass(frozen=True)
class Told:
    """All that a mail about a booking can say. Times are aware UTC."""

    booking: Booking
    customer: Customer  # as the mail greets them
    settings: ShopSettings
    offering: Offering | None
    now: datetime
    staff: Staff | None = None  # who decided; None: the mail goes out by itself
    person: str = ""  # with whom the appointment is, '' where that is nobody in particular
    reason: str = ""
    old_start: datetime | None = None
    free: tuple[datetime, ...] = ()  # other times

    @property
    def english(self) -> bool:
        """Whether the customer reads English; everybody else gets German."""
        return self.booking.language == "en"

    @property
    def words(self) -> Mapping[str, str]:
        """The texts in the customer's language."""
        return ENGLISH if self.english else GERMAN

    @property
    def address(self) -> str:
        """Where the shop's pages are, '' if nobody outside can reach them."""
        return self.settings.public_url.rstrip("/")


@dataclass(frozen=True)
class BookingLetter:
    """A mail without the block below it, and the lines to put into that block and under it, '' for none."""

    subject: str
    body: str
    link_line: str
    last_line: str


@dataclass(frozen=True)
class EventTexts:
    """What a calendar shows of a booking."""

    summary: str
    location: str
    description: str
    url: str
    alarm: str
    cancelled_word: str


def write_letter(kind: LetterKind, told: Told) -> BookingLetter:
    """The mail of this kind, complete: no placeholder is left in it."""
    values = _values(told)
    parts = _reminder(told, values) if kind is LetterKind.REMINDER else _parts(kind, told, values)
    parts.append(told.words["closing" if told.staff else "automatic"])
    body = _filled("\n\n".join(["{anrede}", *parts]), told, values)
    link_line = "" if not values["link"] or values["link"] in body else told.words["footer.link"]
    last_line = told.words["not_yours"] if kind in AHEAD and told.booking.staff_id is None else ""
    return BookingLetter(
        subject=" ".join(_filled(told.words[f"{kind}.subject"], told, values).split()),
        body=body.strip(),
        link_line=_filled(link_line, told, values),
        last_line=_filled(last_line, told, values),
    )


def event_texts(told: Told) -> EventTexts:
    """The booking as a calendar event."""
    values, words = _values(told), told.words
    values["titel"] = _titled(told)
    values["dauer_preis"] = _listed(values["dauer"], values["preis"])
    lines = [
        words["event.first"],
        words["mitbringen"] if values["mitbringen"] else "",
        words["event.link"] if values["link"] else "",
        words["event.phone"] if told.settings.phone else "",
    ]
    return EventTexts(
        summary=values["titel"],
        location=values["ort"],
        description=_filled("\n".join(filter(None, lines)), told, values),
        url=values["link"],
        alarm=_filled(words["event.alarm"], told, values),
        cancelled_word=words["event.cancelled"],
    )


def say_time(told: Told, moment: datetime) -> str:
    """«Donnerstag, 26. November, 10:30 Uhr», «Thursday 26 November, 10:30», with the year if it is another one."""
    return f"{_day(told, moment)}, {_clock(told, moment)}"


def _parts(kind: LetterKind, told: Told, values: dict[str, str]) -> list[str]:
    """The paragraphs of every mail but the reminder."""
    words, ahead = told.words, kind in AHEAD
    alone = kind is LetterKind.CANCELLED and told.staff is None
    if not ahead or not told.old_start:
        values["alt"] = ""
    parts = [
        words["cancelled.alone" if alone else kind],
        words["reason"] if told.staff and values["grund"] else "",
        _facts(told, values, _FACTS if ahead else _FACTS_OF_WHAT_IS_GONE),
        _change(told) if ahead else _again(told, alone=alone),
        _way_to_a_person(told, values),
    ]
    return [part for part in parts if part]


def _facts(told: Told, values: Mapping[str, str], names: tuple[str, ...]) -> str:
    return "\n".join(told.words[name] for name in names if values[name])


def _way_to_a_person(told: Told, values: Mapping[str, str]) -> str:
    if values["telefon"]:
        return told.words["person.staff" if told.staff else "person.shop"]
    return told.words["person.mail"] if told.staff else ""  # an automatic mail says so anyway


def _change(told: Told) -> str:
    """How to move or cancel: by the link as long as it works, else by a person."""
    if told.now > change_deadline_of(told.booking, told.offering) and told.settings.phone:
        return told.words["change.call"]
    if not told.address or told.now > change_deadline_of(told.booking, told.offering):
        return told.words["change.answer"]
    return told.words["change.move" if is_movable(told.booking, told.offering) else "change.cancel"]


def _again(told: Told, *, alone: bool) -> str:
    """New choices for somebody whose time is gone; who called off alone is not pressed."""
    online = bool(told.address and told.offering and told.offering.online and told.offering.active)
    if alone or not told.free:
        return told.words["again.book" if online else "again.write"]
    return "\n\n".join([told.words["again.free"], told.words["again.choose" if online else "again.answer"]])


def _reminder(told: Told, values: Mapping[str, str]) -> list[str]:
    """Four lines: when, what, where, and how to give the time back."""
    words = told.words
    where = words["reminder.where"] + (words["reminder.bring"] if values["mitbringen"] else "")
    back = "reminder.link" if told.address else "reminder.answer"
    if told.now > change_deadline_of(told.booking, told.offering) and values["telefon"]:
        back = "reminder.call"
    return ["\n".join([words["reminder"], words["reminder.what"], where, words[back]])]


def _values(told: Told) -> dict[str, str]:
    """The value of each placeholder, '' where there is none."""
    booking, settings = told.booking, told.settings
    price = _price(told)
    duration = _duration(told, booking.ends_at - booking.starts_at)
    return {
        "anrede": _greeted(told),
        "leistung": booking.offering_name,
        "termin": say_time(told, booking.starts_at),
        "datum": _day(told, booking.starts_at),
        "uhrzeit": _clock(told, booking.starts_at),
        "alt": say_time(told, told.old_start) if told.old_start else "",
        "dauer": duration,
        "preis": price,
        "ort": _listed(settings.name, settings.street, settings.town),
        "mitbringen": " ".join(told.offering.bring.split()).rstrip(".") if told.offering else "",
        "nummer": booking.number,
        "grund": told.reason,
        "antwort_bis": say_time(told, booking.lapses_at or booking.starts_at),
        "frist": say_time(told, change_deadline_of(told.booking, told.offering)),
        "wann": _near(told),
        "stichworte": _listed(_with_person(told), duration, price, booking.number),
        "link": f"{told.address}/t/{booking.secret}" if told.address else "",
        "buchen": f"{told.address}/termin",
        "zeiten": "\n".join(f"– {say_time(told, moment)}" for moment in sorted(told.free)),
        "telefon": (told.staff.phone if told.staff else "") or settings.phone,
        "mitarbeiter": told.staff.name if told.staff else "",
    }


def _filled(text: str, told: Told, values: Mapping[str, str]) -> str:
    """Our words in the country's spelling, then the values as they were given."""
    return fill(spell(text, told.settings.country), values, form_of_address=told.customer.form_of_address).text


def _greeted(told: Told) -> str:
    if told.english:
        return f"Hello {told.customer.name},".replace("Hello ,", "Hello,")
    return greeting(told.customer, told.settings.country) + ("" if told.settings.country == "CH" else ",")


def _day(told: Told, moment: datetime) -> str:
    zone = ZoneInfo(told.settings.hours.zone)
    local, today = moment.astimezone(zone), told.now.astimezone(zone)
    year = "" if local.year == today.year else " y"
    if told.english:
        return str(format_date(local, f"EEEE d MMMM{year}", locale="en_GB"))
    return str(format_date(local, f"EEEE, d. MMMM{year}", locale=f"de_{told.settings.country}"))


def _clock(told: Told, moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo(told.settings.hours.zone))
    return f"{local:%H:%M}" if told.english else f"{local:%H:%M} Uhr"


def _near(told: Told) -> str:
    zone = ZoneInfo(told.settings.hours.zone)
    days = (told.booking.starts_at.astimezone(zone).date() - told.now.astimezone(zone).date()).days
    return {0: told.words["today"], 1: told.words["tomorrow"]}.get(days, "")


def _duration(told: Told, span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    shown = [_counted(told, hours, "hour"), _counted(told, minutes, "minute")]
    return " ".join(part for part in shown if part)


def _counted(told: Told, number: int, unit: str) -> str:
    if number == 0:
        return ""
    return told.words[unit] if number == 1 else told.words[f"{unit}s"].replace("{n}", str(number))


def _price(told: Told) -> str:
    """The total that a private customer pays; '' when none was agreed."""
    if told.booking.price_cents is None:
        return ""
    tax = vat_words(told.settings)
    words = ("incl. VAT" if tax else "") if told.english else tax
    return f"{show_price(told.booking.price_cents, told.settings.country, told.booking.language)} {words}".strip()


def _titled(told: Told) -> str:
    values = {"leistung": told.booking.offering_name, "betrieb": told.settings.name}
    return _filled(told.words["at_shop"], told, values) if told.settings.name else told.booking.offering_name


def _with_person(told: Told) -> str:
    values = {"leistung": told.booking.offering_name, "person": told.person}
    return _filled(told.words["with_person"], told, values) if told.person else told.booking.offering_name


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
