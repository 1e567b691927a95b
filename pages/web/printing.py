"""What the shop prints on A4: the list of a day for the counter, and the poster for the window. For the team only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import segno
from babel.dates import format_date
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.booking_records import Block, Booking, BookingState, ResourceKind
from data.records import Actor, Promise, ShopSettings
from pages.login.internal import behind_gate
from pages.login.render import show
from pages.web.look_back_print import print_look_back
from pages.web.voice import Voice, voice_of
from services.availability import day_start
from services.booking_days import BoardDay, show_day
from services.errors import InvalidInputError
from services.promises import list_promises
from services.rules.hours_text import show_week
from services.rules.phones import show_phone
from services.settings import shop_settings
from services.shop import Shop
from services.typed import shorten

_HERE = (BookingState.ARRIVED, BookingState.DONE)
_YEARS = range(2000, 2100)
_NOTE, _TOPIC = 90, 60  # signs; what is longer stands on the screen
_MOST_ABSENCES = 4
# Millimetres of A4 that are left for the table's rows and what stands below them, and what each of these takes.
_ROOM, _PADDING, _TEXT_LINE, _TIGHT_ROW = 229, 4.3, 5, 8.5
_BELOW, _CALL, _TIGHT_CALL, _WALK_IN = 16, 12.5, 7.5, 8
_MOST_LINES, _FEWEST_LINES = 6, 2
# Signs that stand on one line of a column, in a wide font.
_NAME, _CONTACT, _OFFERING, _NOTE_LINE = 23, 26, 19, 25


class Layout(StrEnum):
    """How close the rows stand: as they like, tight, or over more than one page."""

    WIDE = "wide"
    TIGHT = "tight"
    LONG = "long"


@dataclass(frozen=True)
class Row:
    """A booking on the list; `here` says that they have come."""

    begins: str
    ends: str
    name: str
    contact: str
    offering: str
    needs: str
    note: str
    here: bool

    @property
    def height(self) -> float:
        """Millimetres it takes in the wide layout."""
        who = _lines(self.name, _NAME) + _lines(self.contact, _CONTACT)
        what = _lines(self.offering, _OFFERING) + _lines(self.needs, _OFFERING)
        return _PADDING + _TEXT_LINE * max(2, who, what, min(3, -(-len(self.note) // _NOTE_LINE)))


@dataclass(frozen=True)
class Call:
    """A promised call on the list."""

    due: str
    name: str
    phone: str
    topic: str
    tried: str


def print_day(shop: Shop, actor: Actor, request: Request) -> Response:
    """The list of ?tag=, today's without it; InvalidInputError for what is no day."""
    settings = shop_settings(shop.store)
    voice = voice_of(settings, actor.language, shop.now())
    day = _asked_day(request.query_params.get("tag", ""), voice)
    board = show_day(shop, actor, day)
    rows = [_row(booking, board, voice) for booking in board.bookings]
    calls = [_call(promise, day, voice) for promise in _promised(shop, actor, day, voice, settings)]
    layout, lines = lay_out([row.height for row in rows], len(calls))
    return show(
        shop,
        "day_list.html",
        language=actor.language,
        title=_full_day(day, voice),
        facts=_facts(board, voice),
        rows=rows,
        calls=calls,
        layout=layout,
        lines=lines,
        printed=voice.when(voice.now),
    )


def print_poster(shop: Shop, actor: Actor, request: Request) -> Response:
    """The poster in the language of customers' pages; without their address a sentence that says where to enter it."""
    settings = shop_settings(shop.store)
    if not settings.public_url:
        return show(shop, "no_poster.html", language=actor.language)
    voice = voice_of(settings, settings.language, shop.now())
    address = f"{settings.public_url}/termin"
    hours = show_week(settings.hours.week, [voice.weekday_of(day) for day in range(7)], voice.say)
    shown = address.partition("://")[2]
    return show(
        shop,
        "poster.html",
        language=voice.language,
        code=qr_code(address),
        address=shown,
        settings=settings,
        hours=hours,
    )


def lay_out(heights: Sequence[float], calls: int) -> tuple[Layout, int]:
    """How to set rows of so many millimetres and the promised calls on one page if they fit, and how many lines for
    walk-ins are left."""
    used = sum(heights)
    if used + (_BELOW + calls * _CALL if calls else 0) <= _ROOM:
        lines = int((_ROOM - used - _BELOW) // _WALK_IN)
        return Layout.WIDE, min(lines, _MOST_LINES) if lines >= _FEWEST_LINES else 0
    tight = len(heights) * _TIGHT_ROW + (_BELOW + calls * _TIGHT_CALL if calls else 0)
    return (Layout.TIGHT if tight <= _ROOM else Layout.LONG), 0


def qr_code(address: str) -> Markup:
    """The code of an address as an inline SVG with its quiet zone; level M bears scratches and a dim window."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    return Markup(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#26221c"))  # noqa: S704 drawn here


def _asked_day(text: str, voice: Voice) -> date:
    try:
        day = date.fromisoformat(text) if text else voice.today
    except ValueError as error:
        raise InvalidInputError() from error
    if day.year not in _YEARS:
        raise InvalidInputError()
    return day


def _full_day(day: date, voice: Voice) -> str:
    pattern = "EEEE, d MMMM y" if voice.language == "en" else "EEEE, d. MMMM y"
    return format_date(day, pattern, locale=voice.locale)


def _promised(shop: Shop, actor: Actor, day: date, voice: Voice, settings: ShopSettings) -> Sequence[Promise]:
    """Calls due that day; on today's list also those that are late."""
    begin, end = (day_start(each, settings) for each in (day, day + timedelta(days=1)))
    since = datetime.min.replace(tzinfo=UTC) if day == voice.today else begin
    return [promise for promise in list_promises(shop, actor, end) if promise.due_at >= since]


def _facts(board: BoardDay, voice: Voice) -> list[str]:
    """«10 Termine», «Anna nicht da 8:00–13:00», «geöffnet 7:30–12:00, 13:00–17:00 Uhr»."""
    _ = voice.say
    count = len(board.bookings)
    told = _("Ein Termin") if count == 1 else _("{count} Termine").format(count=count) if count else _("Keine Termine")
    spans = ", ".join(_span(begin, end, voice) for begin, end in board.open)
    hours = _("geöffnet {times} Uhr").format(times=spans) if spans else _("geschlossen")
    away = [_absence(block, board, voice) for block in board.blocks]
    return [told, *away[:_MOST_ABSENCES], *(["…"] if len(away) > _MOST_ABSENCES else []), hours]


def _absence(block: Block, board: BoardDay, voice: Voice) -> str:
    _ = voice.say
    whom = next((one for one in board.resources if one.id == block.resource_id), None)
    if block.resource_id is not None and whom is None:
        return block.label
    away = _("{name} nicht da") if whom and whom.kind is ResourceKind.PERSON else _("{name} gesperrt")
    told = away.format(name=whom.name if whom else _("Alles"))
    begins, ends = (voice.day_of(moment) for moment in (block.starts_at, block.ends_at - timedelta(minutes=1)))
    whole = begins < board.day < ends or _spans_opening(block, board)
    return told if whole else f"{told} {_span(block.starts_at, block.ends_at, voice)}"


def _spans_opening(block: Block, board: BoardDay) -> bool:
    return bool(board.open) and block.starts_at <= board.open[0][0] and block.ends_at >= board.open[-1][1]


def _row(booking: Booking, board: BoardDay, voice: Voice) -> Row:
    names = {one.id: one.name for one in board.resources}
    return Row(
        begins=_on_day(booking.starts_at, board.day, voice),
        ends=_on_day(booking.ends_at, board.day, voice),
        name=booking.customer_name or voice.say("Ohne Namen"),
        contact=show_phone(booking.phone, voice.country) if booking.phone else booking.mail,
        offering=booking.offering_name,
        needs=" · ".join(names[ident] for ident in booking.resources if ident in names),
        note=_note(booking, voice),
        here=booking.state in _HERE,
    )


def _lines(text: str, width: int) -> int:
    return 2 if len(text) > width else 1


def _note(booking: Booking, voice: Voice) -> str:
    _ = voice.say
    states = {BookingState.REQUESTED: _("noch nicht bestätigt"), BookingState.NO_SHOW: _("kam nicht")}
    parts = [states.get(booking.state, ""), booking.answer, booking.note]
    return shorten("; ".join(part for part in parts if part), _NOTE)


def _call(promise: Promise, day: date, voice: Voice) -> Call:
    _ = voice.say
    return Call(
        due=_window(promise, day, voice),
        name=promise.customer_name or voice.say("Ohne Namen"),
        phone=show_phone(promise.phone, voice.country),
        topic=shorten(promise.topic, _TOPIC),
        tried=_("{count}-mal versucht").format(count=promise.tries) if promise.tries else "",
    )


def _window(promise: Promise, day: date, voice: Voice) -> str:
    """«10:00–12:00» of a window that begins on the day it ends, else «bis 12:00»."""
    if promise.from_at and voice.day_of(promise.from_at) == voice.day_of(promise.due_at) == day:
        return _span(promise.from_at, promise.due_at, voice)
    return voice.say("bis {time}").format(time=_on_day(promise.due_at, day, voice))


def _on_day(moment: datetime, day: date, voice: Voice) -> str:
    """The time, on another day with its date."""
    other = voice.day_of(moment)
    return voice.clock(moment) if other == day else f"{voice.short_day(other)} {voice.clock(moment)}"


def _span(begin: datetime, end: datetime, voice: Voice) -> str:
    return f"{voice.clock(begin)}–{voice.clock(end)}"


PRINT_ROUTES = [
    Route("/intern/tagesplan", behind_gate(print_day, changes=False), methods=["GET"]),
    Route("/intern/rueckblick", behind_gate(print_look_back, changes=False), methods=["GET"]),
    Route("/intern/plakat", behind_gate(print_poster, changes=False), methods=["GET"]),
]
