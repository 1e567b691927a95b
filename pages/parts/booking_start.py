"""Choosing when a booking begins, and what Theke says about that time before anything is saved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import streamlit as st

from data.booking_records import Booking, Offering
from pages.parts.acting import sentence
from pages.parts.board_data import board_data, clock, free_at, is_held, moment_at
from pages.parts.date_field import date_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import clock_time
from services.availability import free_day
from services.booking_days import show_day
from services.bookings import check_start
from services.errors import InvalidInputError, TakenError
from services.rules.slots import Refusal

OTHER = "other"


def draw_verdict(
    desk: Desk, offering: Offering, at: datetime, wished: tuple[int, ...], *, key: str, moving: int | None = None
) -> None:
    """What speaks against a beginning; the tick `key` overrules customers' rules, nothing overrules what is taken."""
    _ = desk.say
    try:
        broken = check_start(desk.shop, desk.actor, offering.id, at, wanted=wished, moving=moving)
    except TakenError:
        st.error(_("Zu dieser Zeit ist nicht alles frei, was dafür gebraucht wird."), icon=":material/event_busy:")
        return
    except InvalidInputError as error:
        st.error(plain(sentence(error, desk.say)), icon=":material/event_busy:")
        return
    if names := _held(desk, offering, at, wished, moving):
        told = _("So lange ist hier nicht frei: {names}. Der Termin kommt dorthin, wo Zeit ist.")
        st.caption(plain(told.format(names=", ".join(names))))
    if broken:
        words = refusal_words(desk)
        st.warning(plain(" ".join(words[each] for each in Refusal if each in broken)), icon=":material/warning:")
        st.checkbox(_("Trotzdem eintragen"), key=key)


def _held(desk: Desk, offering: Offering, at: datetime, wished: tuple[int, ...], moving: int | None) -> list[str]:
    """The names of those wished for that are taken while the offering would need them."""
    needed = {ident for group in offering.groups for ident in group}
    start = at - timedelta(minutes=offering.buffer_before)
    end = at + timedelta(minutes=offering.duration + offering.buffer_after)
    board = show_day(desk.shop, desk.actor, at.astimezone(desk.speech.zone).date())
    names = {one.id: one.name for one in board.resources if one.id in needed}
    held = [ident for ident in wished if ident in names and is_held(board, ident, start, end, without=moving)]
    return [names[ident] for ident in held]


def refusal_words(desk: Desk) -> dict[Refusal, str]:
    """Which rule for customers a time breaks, as a sentence each."""
    _ = desk.say
    return {
        Refusal.PAST: _("Diese Zeit ist schon vorbei."),
        Refusal.NOTICE: _("So kurzfristig könnten Kunden nicht buchen."),
        Refusal.HORIZON: _("So weit im Voraus könnten Kunden nicht buchen."),
        Refusal.HOURS: _("Da ist geschlossen, oder jemand ist nicht da."),
        Refusal.LIMIT: _("Für diesen Tag sind davon schon genug vergeben."),
        Refusal.GRID: _("Das ist keine der üblichen Beginnzeiten."),
    }


def draw_fields(desk: Desk, prefix: str) -> None:
    """Date and clock as two fields; `typed_start` reads them."""
    _ = desk.say
    with st.container(horizontal=True):
        date_field(_("Datum"), key=f"{prefix}day")
        st.time_input(_("Uhrzeit"), key=f"{prefix}clock")


def put_start(desk: Desk, prefix: str, day: date, minute: int) -> None:
    """What the two fields show first."""
    st.session_state[f"{prefix}day"] = day
    st.session_state[f"{prefix}clock"] = time(*divmod(minute, 60))


def typed_start(desk: Desk, prefix: str) -> datetime:
    """What the two fields say, aware."""
    day = st.session_state.get(f"{prefix}day") or desk.speech.now.astimezone(desk.speech.zone).date()
    at = st.session_state.get(f"{prefix}clock") or time(8)
    return datetime.combine(day, at, desk.speech.zone)


def free_words(desk: Desk, at: datetime) -> str:
    """«Frei: Lukas bis 15:30, Bühne 2 bis 17:00» at that time."""
    _ = desk.say
    local = at.astimezone(desk.speech.zone)
    data = board_data(show_day(desk.shop, desk.actor, local.date()), desk.speech)
    found = free_at(data, local.hour * 60 + local.minute)
    until = [_("{name} bis {time}").format(name=name, time=clock(end)) for name, end in found]
    if not until:
        return _("Zu dieser Zeit ist niemand mehr frei.")
    return _("Frei: {names}").format(names=", ".join(until))


def choose_free(desk: Desk, offering: Offering, booking: Booking, *, prefix: str) -> None:
    """A day and its free times as buttons, any other by the clock; `chosen_free` reads them."""
    _ = desk.say
    day = date_field(_("Datum"), key=f"{prefix}day")
    starts = free_day(desk.shop, offering, day, moving=booking).starts if day else ()
    words = {clock_time(start.at, desk.speech): clock_time(start.at, desk.speech) for start in starts}
    words[OTHER] = _("Andere Zeit")
    label = _("Wann?") if starts else _("An diesem Tag können Kunden nichts buchen.")
    chosen = st.pills(label, list(words), format_func=lambda word: words.get(word, ""), key=f"{prefix}free")
    if chosen == OTHER:
        st.time_input(_("Uhrzeit"), key=f"{prefix}clock")


def chosen_free(desk: Desk, prefix: str) -> datetime | None:
    """The time that was chosen, aware; None while nothing is."""
    chosen, day = st.session_state.get(f"{prefix}free"), st.session_state.get(f"{prefix}day")
    if not chosen or day is None:
        return None
    if chosen == OTHER:
        return typed_start(desk, prefix)
    hours, minutes = map(int, str(chosen).split(":"))
    return moment_at(day, hours * 60 + minutes, desk.speech)
