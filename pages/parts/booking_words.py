"""Bookings in words: how they stand, when they are, and as rows of the list component."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from data.booking_records import Booking, BookingState, Resource
from data.records import Customer
from pages.parts.words import Speech, clock_time, coming_time, name_or, short_span, urgency_badge, wait_figure
from services.booking_days import Request
from services.rules.salutation import person_name

Item = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How a state shows: its style, its icon and its word, both '' for what needs none."""

    style: str
    icon: str
    word: str


def state_look(state: BookingState, say: Callable[[str], str]) -> Look:
    """The look of a booking in this state."""
    _ = say
    return {
        BookingState.REQUESTED: Look("ask", "help", _("Bestätigen")),
        BookingState.CONFIRMED: Look("ok", "", ""),
        BookingState.ARRIVED: Look("now", "timelapse", _("Läuft")),
        BookingState.DONE: Look("done", "check", _("Fertig")),
        BookingState.NO_SHOW: Look("noshow", "person_off", _("Kam nicht")),
        BookingState.CANCELLED: Look("gone", "event_busy", _("Abgesagt")),
        BookingState.DECLINED: Look("gone", "block", _("Abgelehnt")),
        BookingState.LAPSED: Look("gone", "timer_off", _("Abgelaufen")),
    }[state]


def alert_word(booking: Booking, problem: str, say: Callable[[str], str]) -> str:
    """What somebody should look at: `problem` with its mail ('failed', 'unsure', 'bounced'), or an answer of their
    calendar; '' if nothing."""
    _ = say
    if booking.calendar_answer == "declined":
        return _("Im Kalender abgesagt")
    words = {"failed": _("Mail nicht hinaus"), "unsure": _("Mail unsicher"), "bounced": _("Mail kam zurück")}
    return words.get(problem, "")


def surname(name: str, speech: Speech) -> str:
    """The name by which a narrow place calls somebody; a firm's stays whole."""
    known = Customer(0, name, "", "", "sie", "de", "", speech.now)
    return person_name(known).last or name_or(name, speech.say)


def answer_alone(answer: str) -> str:
    """«VW Passat» of «Welches Auto? VW Passat»: the answer to the offering's question, for a narrow place."""
    question, mark, rest = answer.partition("? ")
    return rest if mark and rest else question


def span_words(booking: Booking, speech: Speech) -> str:
    """«10:30–11:30» in the shop's zone."""
    return f"{clock_time(booking.starts_at, speech)}–{clock_time(booking.ends_at, speech)}"


def length_words(booking: Booking, speech: Speech) -> str:
    """«60 Min», «2 Std»."""
    return duration_words((booking.ends_at - booking.starts_at) // timedelta(minutes=1), speech)


def duration_words(minutes: int, speech: Speech) -> str:
    """«45 Min», «90 Min», «2 Std» of a duration in minutes."""
    _ = speech.say
    return f"{minutes} {_('Min')}" if (minutes % 60 and minutes < 180) or minutes == 60 else short_span(minutes, speech)


def booking_item(booking: Booking, resources: list[Resource], speech: Speech, *, problem: str = "") -> Item:
    """A row of «Termine heute»: the time, who, what and with whom, how it stands."""
    look = state_look(booking.state, speech.say)
    names = [one.name for one in resources if one.id in booking.resources]
    return {
        "id": booking.id,
        "lead": clock_time(booking.starts_at, speech),
        "unit": "",
        "rest": "",
        "tone": {"done": "customer", "gone": "customer", "ask": "soon", "noshow": "late"}.get(look.style, "ok"),
        "badge": {"icon": look.icon, "word": look.word} if look.word else None,
        "title": name_or(booking.customer_name, speech.say),
        "flag": "",
        "text": " · ".join([booking.offering_name, *names]),
        "alert": alert_word(booking, problem, speech.say),
        "owner": "",
    }


def request_item(request: Request, speech: Speech) -> Item:
    """A row of «Wollen einen Termin»: the wait, who, what and when."""
    booking, line = request.booking, request.line
    waits = line is not None and line.row.waiting_since is not None
    figure = wait_figure(line.wall_minutes, speech) if line and waits else None
    tone = str(line.urgency) if line and waits else "ok"
    icon, word = urgency_badge(tone, speech.say)
    return {
        "id": booking.id,
        "lead": figure.lead if figure else "",
        "unit": figure.unit if figure else "",
        "rest": "",
        "tone": tone,
        "badge": {"icon": icon, "word": word} if tone == "late" else None,
        "title": name_or(booking.customer_name, speech.say),
        "flag": "",
        "text": f"{booking.offering_name}, {length_words(booking, speech)}",
        "alert": "",
        "meta": [{"icon": "schedule", "text": coming_time(booking.starts_at, speech)}],
        "owner": "",
    }
