"""The page behind a customer's secret link: the booking, and moving it or calling it off.

Opening a page changes nothing: mail scanners follow every link. What changes something is posted from a page of ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.booking_records import Booking, BookingState, Offering
from pages.login.forms import read_fields
from pages.login.language import language_of, say
from pages.login.render import see_other
from pages.web.days import minute_text, parse_minute, read_picker
from pages.web.frame import by_secret, page_voice, show_page
from pages.web.limits import make_mark, mark_fits, without_nul
from pages.web.voice import Voice
from services.availability import free_start, nearest_starts
from services.booking_letters import publish_of
from services.bookings import as_booked
from services.errors import InvalidInputError, NotFoundError
from services.offerings import require_offering
from services.own_bookings import (
    LostRaceError,
    booking_of_secret,
    cancel_by_customer,
    change_deadline,
    correct_address,
    may_change,
    may_move,
    move_by_customer,
)
from services.settings import mail_account, shop_settings
from services.shop import Shop

_CANCEL, _MOVE, _ADDRESS = "absagen", "verschieben", "adresse"
_FRESH = ("fertig", "verschoben", "adresse")  # how a page is reached that says what has just been done
_OVER = (BookingState.DONE, BookingState.NO_SHOW)
_STALE = "Die Seite war zu lange offen"
_NO_NAME = re.compile(r"[^a-z0-9]+")
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "à": "a", "ç": "c"})


def show_own_booking(shop: Shop, request: Request) -> Response:
    """The booking as it is now."""
    return _own_page(shop, request, _booking(shop, request))


def show_move(shop: Shop, request: Request) -> Response:
    """Days and times as for a new booking, its own time among them; with `zeit` the question whether to move there."""
    booking = _booking(shop, request)
    if not may_move(shop.store, booking, shop.now()):
        return see_other(_address(booking))
    at = parse_minute(request.query_params.get("zeit", ""))
    if at is not None:
        return _check_move(shop, request, booking, at)
    offering, voice = as_booked(shop.store, booking), page_voice(shop, request)
    picker = read_picker(shop, request, offering, voice, moving=booking)
    title = voice.long_day(picker.day) if picker.day else voice.say("Termin verschieben")
    goto, back = f"{_address(booking)}/verschieben", _address(booking)
    return show_page(
        shop, request, "times.html", offering=offering, picker=picker, title=title, goto=goto, moving=booking, back=back
    )


def move(shop: Shop, request: Request) -> Response:
    """Move to the posted time, or show the three nearest when it is gone."""
    booking, fields = _booking(shop, request), read_fields(request)
    at = parse_minute(fields.get("zeit", ""))
    if at is None:
        return see_other(f"{_address(booking)}/verschieben")
    if not mark_fits(shop, _MOVE, booking.secret, fields):
        return _move_question(shop, request, booking, at, again=True)
    try:
        move_by_customer(shop, booking.secret, at)
    except LostRaceError as lost:
        return _taken(shop, request, booking, at, lost.nearest)
    except InvalidInputError as refused:
        return _own_page(shop, request, booking, problem=refused)
    return see_other(f"{_address(booking)}?verschoben")


def cancel(shop: Shop, request: Request) -> Response:
    """Call the booking off; one that is called off stays so."""
    booking, fields = _booking(shop, request), without_nul(read_fields(request))
    reason = fields.get("grund", "")
    if not mark_fits(shop, _CANCEL, booking.secret, fields):
        return _own_page(shop, request, booking, problem=InvalidInputError(_STALE), reason=reason)
    try:
        cancel_by_customer(shop, booking.secret, reason)
    except InvalidInputError as refused:
        return _own_page(shop, request, booking, problem=refused, reason=reason)
    return see_other(f"{_address(booking)}?abgesagt")


def go_back(shop: Shop, request: Request) -> Response:
    """An address that is only posted to, opened anew: back to the booking."""
    return see_other(_address(_booking(shop, request)))


def show_address(shop: Shop, request: Request) -> Response:
    """Where its mails go, to be corrected."""
    booking = _booking(shop, request)
    return _address_page(shop, request, booking, booking.mail) if _is_written(shop, booking) else go_back(shop, request)


def change_address(shop: Shop, request: Request) -> Response:
    """Another address; the confirmation goes out again, to there."""
    booking, fields = _booking(shop, request), read_fields(request)
    typed = fields.get("mail", "").replace("\0", "")
    if not mark_fits(shop, _ADDRESS, booking.secret, fields):
        return _address_page(shop, request, booking, typed, again=True)
    try:
        changed = correct_address(shop, booking.secret, typed)
    except InvalidInputError as wrong:
        return _address_page(shop, request, booking, typed, error=wrong)
    return see_other(f"{_address(changed)}?adresse")


def send_calendar(shop: Shop, request: Request) -> Response:
    """The booking as a file for the customer's calendar."""
    booking = _booking(shop, request)
    if _phase(shop, booking) != "standing":
        raise NotFoundError("Dieser Termin steht nicht im Kalender.")
    name = _NO_NAME.sub("-", shop_settings(shop.store).name.lower().translate(_PLAIN)).strip("-")
    headers = {"Content-Disposition": f'attachment; filename="termin-{name or "theke"}.ics"'}
    content = publish_of(shop.store, booking, shop.now())
    return Response(content, media_type="text/calendar", headers=headers)


def _booking(shop: Shop, request: Request) -> Booking:
    return booking_of_secret(shop.store, request.path_params["secret"])


def _address(booking: Booking) -> str:
    return f"/t/{booking.secret}"


def _is_written(shop: Shop, booking: Booking) -> bool:
    """Whether mails about it go out and their address can still be corrected."""
    return bool(booking.mail) and mail_account(shop.store) is not None and may_change(shop.store, booking, shop.now())


def _phase(shop: Shop, booking: Booking) -> str:
    """The state as the customer sees it: 'requested', 'standing', 'over', 'cancelled', 'declined' or 'lapsed'."""
    now, state = shop.now(), booking.state
    if state is BookingState.REQUESTED:
        return "requested" if now < booking.starts_at else "lapsed"
    if state in {BookingState.CANCELLED, BookingState.DECLINED, BookingState.LAPSED}:
        return state.value
    return "over" if state in _OVER or now >= booking.ends_at else "standing"


def _head(voice: Voice, phase: str, done: str) -> str:
    _ = voice.say
    if phase == "standing" and done in {"fertig", "verschoben"}:
        return _("Ihr Termin steht") if done == "fertig" else _("Ihr Termin ist verschoben")
    return {
        "standing": _("Ihr Termin ist bestätigt"),
        "requested": _("Ihre Terminanfrage ist da"),
        "over": _("Dieser Termin ist vorbei"),
        "cancelled": _("Ihr Termin ist abgesagt"),
        "declined": _("Diese Zeit geht leider nicht"),
        "lapsed": _("Wir haben nicht rechtzeitig geantwortet"),
    }[phase]


def _own_page(
    shop: Shop, request: Request, booking: Booking, *, problem: InvalidInputError | None = None, reason: str = ""
) -> Response:
    """The booking; after a refused «absagen» with what went wrong and the `reason` that was typed."""
    voice, phase = page_voice(shop, request), _phase(shop, booking)
    sentence = say(voice.language, problem) if problem else ""
    done = next((name for name in _FRESH if name in request.query_params), "")
    offering = _offering(shop, booking)
    return show_page(
        shop,
        request,
        "own_booking.html",
        status=422 if problem else 200,
        booking=booking,
        phase=phase,
        head=_head(voice, phase, done),
        fresh=bool(done),
        thanks="abgesagt" in request.query_params,
        problem=sentence,
        stale=problem is not None and problem.msgid == _STALE,
        reason=reason,
        minutes=int((booking.ends_at - booking.starts_at).total_seconds()) // 60,
        written=bool(booking.mail) and mail_account(shop.store) is not None,
        changeable=may_change(shop.store, booking, shop.now()),
        movable=may_move(shop.store, booking, shop.now()),
        begun=shop.now() >= booking.starts_at,
        decided_by=booking.lapses_at,
        deadline=change_deadline(shop.store, booking),
        cancel=make_mark(shop, _CANCEL, booking.secret),
        things=[thing.strip() for thing in re.split(r"[;\n]", offering.bring) if thing.strip()] if offering else [],
        book_again=f"/termin/{offering.id}" if offering and offering.online else "/termin",
    )


def _offering(shop: Shop, booking: Booking) -> Offering | None:
    """What was booked, as long as it is offered."""
    try:
        return require_offering(shop.store, booking.offering_id)
    except NotFoundError:
        return None


def _check_move(shop: Shop, request: Request, booking: Booking, at: datetime) -> Response:
    offering = as_booked(shop.store, booking)
    if at == booking.starts_at:
        return see_other(_address(booking))
    if free_start(shop.store, offering, at, shop.now(), moving=booking) is None:
        return _taken(shop, request, booking, at, nearest_starts(shop.store, offering, at, shop.now(), moving=booking))
    return _move_question(shop, request, booking, at)


def _move_question(shop: Shop, request: Request, booking: Booking, at: datetime, *, again: bool = False) -> Response:
    mark, status = make_mark(shop, _MOVE, booking.secret), 422 if again else 200
    return show_page(shop, request, "move_check.html", status=status, booking=booking, at=at, mark=mark, again=again)


def _taken(shop: Shop, request: Request, booking: Booking, at: datetime, nearest: tuple[datetime, ...]) -> Response:
    address = f"{_address(booking)}/verschieben"
    posted = request.method == "POST"
    return show_page(
        shop,
        request,
        "taken.html",
        status=409,
        at=at,
        nearest=tuple(moment for moment in nearest if moment != booking.starts_at),
        too_late=at < shop.now() + timedelta(minutes=as_booked(shop.store, booking).notice_minutes),
        moving=True,
        mark=make_mark(shop, _MOVE, booking.secret) if posted else None,
        typed={},
        action=f"{address}?zeit={minute_text(at)}" if posted else address,
        all=address,
    )


def _address_page(
    shop: Shop,
    request: Request,
    booking: Booking,
    typed: str,
    *,
    error: InvalidInputError | None = None,
    again: bool = False,
) -> Response:
    language = language_of(shop, request)
    return show_page(
        shop,
        request,
        "own_address.html",
        status=422 if error or again else 200,
        booking=booking,
        values=defaultdict(str, mail=typed),
        errors={"mail": say(language, error)} if error else {},
        again=again,
        mark=make_mark(shop, _ADDRESS, booking.secret),
    )


OWN_BOOKING_ROUTES = [
    Route("/t/{secret}", by_secret(show_own_booking), methods=["GET"]),
    Route("/t/{secret}/verschieben", by_secret(show_move), methods=["GET"]),
    Route("/t/{secret}/verschieben", by_secret(move), methods=["POST"]),
    Route("/t/{secret}/absagen", by_secret(go_back), methods=["GET"]),
    Route("/t/{secret}/absagen", by_secret(cancel), methods=["POST"]),
    Route("/t/{secret}/adresse", by_secret(show_address), methods=["GET"]),
    Route("/t/{secret}/adresse", by_secret(change_address), methods=["POST"]),
    Route("/t/{secret}/termin.ics", by_secret(send_calendar), methods=["GET"]),
]
