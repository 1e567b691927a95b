"""Sign-in and sign-out: a name, a PIN, a cookie. Works without JavaScript."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.records import Staff, StaffRole
from pages.login.forms import read_fields
from pages.login.gate import is_https, session_cookie, session_token, visitor_address
from pages.login.held import Held
from pages.login.language import language_of
from pages.login.render import at_edge, see_other, show
from pages.login.tokens import FIELD, SIGN_OUT, TOKEN_HEADER, form_token_fits, make_token, token_fits
from services.demo import demo_pins
from services.errors import NotFoundError
from services.settings import is_set_up, shop_settings
from services.shop import Shop
from services.staff import (
    LONGEST_PIN,
    SESSION_LENGTH,
    LockedError,
    WrongPinError,
    list_staff,
    list_without_pin,
    session_name,
    session_of,
    sign_in,
    sign_in_lock,
    sign_out,
)

START = "/heute"
_FORM = "pin"
_LONGEST_TARGET = 500
_digits = Held()


def show_people(shop: Shop, request: Request) -> Response:
    """«Wer sind Sie?»: a tile a person; somebody who is signed in goes on at once."""
    target = safe_target(request.query_params.get("weiter", ""))
    if not is_set_up(shop.store):
        return see_other("/einrichten")
    if session_of(shop, session_token(request.scope)):
        return see_other(target)
    team = [person for person in list_staff(shop.store) if person.active]
    without_pin = list_without_pin(shop.store)
    people = [{"person": one, "initials": initials(one.name), "ready": one.id not in without_pin} for one in team]
    owners = [person.name for person in team if person.role is StaffRole.OWNER]
    owner = owners[0] if owners else ""
    pins = demo_pins() if shop.process.demo else None
    return show(
        shop,
        "sign_in.html",
        language=language_of(shop, request),
        people=people,
        owner=owner,
        hour=_local(shop, shop.now()).hour,
        target=target,
        pins=pins,
    )


def show_pin(shop: Shop, request: Request) -> Response:
    """The PIN page of one person."""
    person = _require_person(shop, request)
    if person.id in list_without_pin(shop.store):
        return see_other("/anmelden")
    return _pin_page(shop, request, person, target=request.query_params.get("weiter", ""))


def enter_pin(shop: Shop, request: Request) -> Response:
    """A tapped digit, or the PIN: then signed in, or the page again with what is wrong."""
    person = _require_person(shop, request)
    fields = read_fields(request)
    target, attempt = fields.get("weiter", ""), fields.get("versuch", "")
    address = visitor_address(shop, request.scope)
    if not token_fits(shop, _FORM, address, fields.get(FIELD, "")):
        return _pin_page(shop, request, person, target=target, problem="stale", status=403)
    if "ziffer" in fields:
        return _pin_page(shop, request, person, target=target, attempt=_tap(attempt, fields["ziffer"]))
    pin = fields.get("pin") or _digits.get(attempt)
    _digits.drop(attempt)
    if not pin:
        return _pin_page(shop, request, person, target=target, problem="empty", status=422)
    try:
        token = sign_in(shop, person.id, pin, address)
    except WrongPinError as wrong:
        return _pin_page(shop, request, person, target=target, problem="wrong", left=wrong.left, status=422)
    except LockedError:
        return _pin_page(shop, request, person, target=target, status=429)
    sign_out(shop, session_token(request.scope))
    return let_in(shop, request, token, safe_target(target))


def let_in(shop: Shop, request: Request, token: str, target: str) -> Response:
    """Go to `target` with the session cookie set for as long as the session lives."""
    response = see_other(target)
    response.set_cookie(
        session_cookie(),
        token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_https(shop, request.scope),
    )
    return response


def show_sign_out(shop: Shop, request: Request) -> Response:
    """«Abmelden?»: a page with the one button, so that a plain link can lead here."""
    actor = session_of(shop, session_token(request.scope))
    if actor is None:
        return see_other("/anmelden")
    token = make_token(shop, SIGN_OUT, actor.session)
    return show(shop, "sign_out.html", language=actor.language, name=actor.name, token=token)


def leave(shop: Shop, request: Request) -> Response:
    """End the session of this browser and show the names; only from our own page or screens."""
    token = session_token(request.scope)
    session = session_name(token)
    from_page = token_fits(shop, SIGN_OUT, session, read_fields(request).get(FIELD, ""))
    if not from_page and not form_token_fits(shop, session, request.headers.get(TOKEN_HEADER, "")):
        return see_other("/abmelden")
    sign_out(shop, token)
    response = see_other("/anmelden")
    response.delete_cookie(session_cookie(), httponly=True, samesite="lax", secure=is_https(shop, request.scope))
    return response


def safe_target(wanted: str) -> str:
    """A place inside the staff's screens to go on at; anything that could lead elsewhere becomes /heute."""
    inside = wanted.startswith("/") and not wanted.startswith("//") and len(wanted) <= _LONGEST_TARGET
    plain = inside and wanted.isascii() and wanted.isprintable() and not set(wanted) & set("\\<>\"' ")
    return wanted if plain and not wanted.startswith(("/anmelden", "/abmelden", "/einrichten", "/intern")) else START


def initials(name: str) -> str:
    """One or two letters for a person's round mark."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def _first_name(name: str) -> str:
    return next((word for word in name.split() if not word.endswith(".")), name)


def _tap(attempt: str, digit: str) -> str:
    held = _digits.get(attempt)
    if digit == "weg":
        return _digits.put(attempt, held[:-1])
    return _digits.put(attempt, (held + digit)[:LONGEST_PIN] if digit in set("0123456789") else held)


def _pin_page(
    shop: Shop,
    request: Request,
    person: Staff,
    *,
    target: str,
    attempt: str = "",
    problem: str = "",
    left: int = 0,
    status: int = 200,
) -> Response:
    address, now = visitor_address(shop, request.scope), shop.now()
    lock = sign_in_lock(shop, person.id, address)
    free_at = _local(shop, lock.until + timedelta(seconds=59)) if lock else None  # shown in whole minutes
    return show(
        shop,
        "pin.html",
        language=language_of(shop, request),
        status=status,
        person=person,
        first_name=_first_name(person.name),
        hour=_local(shop, now).hour,
        target=safe_target(target),
        attempt=attempt,
        dots=len(_digits.get(attempt)),
        longest=LONGEST_PIN,
        problem="locked" if lock else problem,
        left=left,
        lock=lock,
        free_at=free_at,
        free_tomorrow=bool(free_at and free_at.date() > _local(shop, now).date()),
        wait_seconds=int((lock.until - now).total_seconds()) + 2 if lock else 0,
        token=make_token(shop, _FORM, address),
    )


def _require_person(shop: Shop, request: Request) -> Staff:
    wanted = request.path_params["staff_id"]
    for person in list_staff(shop.store):
        if person.active and str(person.id) == wanted:
            return person
    raise NotFoundError("Diese Person gibt es im Team nicht.")


def _local(shop: Shop, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(shop_settings(shop.store).hours.zone))


SIGN_IN_ROUTES = [
    Route("/anmelden", at_edge(show_people), methods=["GET"]),
    Route("/anmelden/{staff_id}", at_edge(show_pin), methods=["GET"]),
    Route("/anmelden/{staff_id}", at_edge(enter_pin), methods=["POST"]),
    Route("/abmelden", at_edge(show_sign_out), methods=["GET"]),
    Route("/abmelden", at_edge(leave), methods=["POST"]),
]
