"""Calendar events in mails: what a booking is to the customer's calendar, and what that calendar answers.

RFC 5545 (the format), RFC 5546 (REQUEST, CANCEL, PUBLISH, REPLY), RFC 6047 (how they travel in a mail). Single events
in UTC need no time zone of their own, which is where calendars disagree most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from icalendar import Alarm, Calendar, Event, vCalAddress, vText
from icalendar.parser import Contentline

from services.mail.charsets import clean_text, one_line
from services.mail.contract import CalendarReply

PRODUCT = "-//Theke//Theke//DE"
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
_LONGEST_REPLY = 50_000  # characters; real ones have one or two thousand
_LONGEST_UID = 255
_LONGEST_NAME = 100


@dataclass(frozen=True)
class CalendarEvent:
    """A booking as a calendar shows it. Times are aware UTC; '' leaves a line out."""

    uid: str  # the same for the whole life of the booking
    sequence: int  # grows with every move and with the cancellation
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    url: str
    organizer_name: str
    organizer_mail: str  # the address the mail comes from: calendars obey no other
    attendee_name: str
    attendee_mail: str
    alarm_text: str
    stamp: datetime  # when this was said
    cancelled_word: str = "Abgesagt"  # in the customer's language


def request(event: CalendarEvent) -> str:
    """The invitation for a mail; sent again with a higher sequence it moves the event. CRLF, folded at 75 octets."""
    inner = _inner(event, event.summary, "CONFIRMED")
    _invite(inner, event)
    _remind(inner, event)
    return _wrapped("REQUEST", inner)


def cancel(event: CalendarEvent) -> str:
    """What takes the event out of the calendar again: only a REQUEST that was sent before can be undone like this."""
    inner = _inner(event, f"{event.cancelled_word}: {event.summary}", "CANCELLED")
    _invite(inner, event)
    return _wrapped("CANCEL", inner)


def publish(event: CalendarEvent) -> str:
    """The event for a download: nobody is invited, so nothing is answered."""
    inner = _inner(event, event.summary, "CONFIRMED")
    _remind(inner, event)
    return _wrapped("PUBLISH", inner)


def read_reply(text: str) -> CalendarReply | None:
    """What a calendar answers (METHOD:REPLY) to the event it names; None for anything else. Never raises."""
    method = uid = answer = ""
    for inside, name, value, partstat in _lines(text):
        if inside == "VCALENDAR" and name == "METHOD":
            method = value.strip().upper()
        elif inside == "VEVENT" and name == "UID":
            uid = uid or value.strip()
        elif inside == "VEVENT" and name == "ATTENDEE":
            answer = answer or _ANSWERS.get(partstat, "")
    if method != "REPLY" or not uid or not answer or len(uid) > _LONGEST_UID:
        return None
    return CalendarReply(uid, answer)


def _wrapped(method: str, inner: Event) -> str:
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", PRODUCT), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(inner)
    return str(calendar.to_ical(), "utf-8")


def _inner(event: CalendarEvent, summary: str, status: str) -> Event:
    inner = Event()
    for name, value in (
        ("uid", event.uid),
        ("sequence", event.sequence),
        ("dtstamp", event.stamp),
        ("dtstart", event.start),
        ("dtend", event.end),
        ("summary", one_line(summary)),
        ("location", one_line(event.location)),
        ("description", clean_text(event.description).strip()),
        ("url", one_line(event.url)),
        ("status", status),
        ("transp", "OPAQUE"),
    ):
        if value != "":
            inner.add(name, value)
    if event.organizer_mail:
        inner.add("organizer", _person(event.organizer_name, event.organizer_mail))
    return inner


def _invite(inner: Event, event: CalendarEvent) -> None:
    """Without RSVP: the booking stands whether or not somebody taps «Ja»."""
    guest = _person(event.attendee_name, event.attendee_mail)
    for name, value in (
        ("CUTYPE", "INDIVIDUAL"),
        ("ROLE", "REQ-PARTICIPANT"),
        ("PARTSTAT", "NEEDS-ACTION"),
        ("RSVP", "FALSE"),
    ):
        guest.params[name] = value
    inner.add("attendee", guest)


def _remind(inner: Event, event: CalendarEvent) -> None:
    if event.alarm_text:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", vText("-PT24H"))  # hours: a day, as the package writes it, may have 23 or 25
        alarm.add("description", one_line(event.alarm_text))
        inner.add_component(alarm)


def _person(name: str, mail: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{one_line(mail)}")
    shown = one_line(name, _LONGEST_NAME).replace('"', "'")  # many calendars know no way to write a quote in a name
    if shown:
        person.params["CN"] = shown
    return person


def _lines(text: str) -> Iterator[tuple[str, str, str, str]]:
    """(component, name, value, PARTSTAT) of each line that can be read, in order; all but the value in capitals."""
    unfolded = clean_text(text[:_LONGEST_REPLY]).lstrip("\ufeff\n").replace("\n ", "").replace("\n\t", "")
    inside: list[str] = []
    for line in unfolded.split("\n"):
        try:
            name, params, value = Contentline(line.strip()).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        if name.upper() == "BEGIN":
            inside.append(value.strip().upper())
        elif name.upper() == "END" and inside:
            inside.pop()
        else:
            yield (inside[-1] if inside else "", name.upper(), str(value), str(params.get("PARTSTAT", "")).upper())
