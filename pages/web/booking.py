"""Customers book: offerings → days and times → name and address. Three taps, two fields, nothing kept before the end.

A time that is gone meanwhile is answered by the three nearest free ones, each one tap away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.booking_records import Offering
from pages.login.forms import read_fields
from pages.login.language import language_of, say
from pages.login.render import see_other
from pages.web.days import minute_text, parse_minute, read_picker
from pages.web.frame import FRAME_ROUTES, for_customers, page_voice, show_page
from pages.web.kept_promise import kept_words
from pages.web.limits import KEY, is_trapped, make_mark, mark_fits, without_nul
from pages.web.promised import answer_words
from services.availability import free_start, nearest_starts
from services.errors import InvalidInputError, NotFoundError
from services.offerings import list_offerings
from services.own_bookings import BookingForm, LostRaceError, book_online, online_offering
from services.public_forms import InvalidFieldsError
from services.settings import mail_account, shop_settings
from services.shop import Shop

_FORM = "termin"
_TYPED = ("name", "mail", "phone", "answer", "note")
_LONGEST_ID = 18  # digits that the store's integers hold


@dataclass(frozen=True)
class Wish:
    """Which offering at which moment, aware UTC."""

    offering: Offering
    at: datetime

    @property
    def address(self) -> str:
        """Where its form is."""
        return f"/termin/{self.offering.id}/angaben"


def show_offerings(shop: Shop, request: Request) -> Response:
    """First step: what can be booked."""
    offerings, account = list_offerings(shop.store, online_only=True), mail_account(shop.store)
    priced = any(offering.price_cents for offering in offerings)
    settings, voice = shop_settings(shop.store), page_voice(shop, request)
    answer = answer_words(shop, voice, settings) if settings.inquiry_form else ""
    mail, promise = account.address if account else "", kept_words(shop, voice)
    return show_page(
        shop, request, "offerings.html", offerings=offerings, priced=priced, mail=mail, answer=answer, promise=promise
    )


def show_times(shop: Shop, request: Request) -> Response:
    """Second step: days with room, or the times of one day."""
    offering, voice = _offering(shop, request), page_voice(shop, request)
    picker = read_picker(shop, request, offering, voice)
    title = voice.long_day(picker.day) if picker.day else offering.name
    goto = f"/termin/{offering.id}/angaben"
    return show_page(
        shop, request, "times.html", offering=offering, picker=picker, title=title, goto=goto, moving=None, back=""
    )


def show_details(shop: Shop, request: Request) -> Response:
    """Third step: who comes; a time that is gone shows the nearest ones instead."""
    offering = _offering(shop, request)
    at = parse_minute(request.query_params.get("zeit", ""))
    if at is None:
        return see_other(f"/termin/{offering.id}")
    wish = Wish(offering, at)
    if free_start(shop.store, offering, at, shop.now()) is None:
        return _taken(shop, request, wish, nearest_starts(shop.store, offering, at, shop.now()), {})
    return _details(shop, request, wish, {})


def book(shop: Shop, request: Request) -> Response:
    """Third step, posted: the receipt, or the same page with what is wrong, or the nearest free times."""
    fields = without_nul(read_fields(request))
    offering = _offering(shop, request)
    at = parse_minute(fields.get("zeit", "") or request.query_params.get("zeit", ""))
    if at is None:
        return see_other(f"/termin/{offering.id}")
    wish, said = Wish(offering, at), page_voice(shop, request).say
    if not mark_fits(shop, _FORM, str(offering.id), fields):
        return _details(shop, request, wish, fields, again=said("Die Seite war zu lange offen"))
    if is_trapped(fields):
        return _details(shop, request, wish, fields, again=said("Das hat nicht geklappt"))
    try:
        booking = book_online(shop, _form(shop, request, wish, fields))
    except InvalidFieldsError as wrong:
        return _details(shop, request, wish, fields, errors=wrong.errors)
    except LostRaceError as lost:
        return _taken(shop, request, wish, lost.nearest, fields)
    return see_other(f"/t/{booking.secret}?fertig")


def _offering(shop: Shop, request: Request) -> Offering:
    text = request.path_params["offering_id"]
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise NotFoundError("Das lässt sich hier nicht mehr buchen.")
    return online_offering(shop.store, int(text))


def _form(shop: Shop, request: Request, wish: Wish, fields: Mapping[str, str]) -> BookingForm:
    typed = {name: fields.get(name, "") for name in _TYPED}
    language = language_of(shop, request)
    return BookingForm(offering_id=wish.offering.id, at=wish.at, form_key=fields[KEY], language=language, **typed)


def _details(
    shop: Shop,
    request: Request,
    wish: Wish,
    fields: Mapping[str, str],
    *,
    errors: Mapping[str, InvalidInputError] | None = None,
    again: str = "",
) -> Response:
    language, offering = language_of(shop, request), wish.offering
    choices = [line.strip() for line in offering.choices.splitlines() if line.strip()] if offering.question else []
    return show_page(
        shop,
        request,
        "details.html",
        status=422 if errors or again else 200,
        offering=offering,
        at=wish.at,
        choices=choices,
        values=defaultdict(str, fields),
        errors={name: say(language, error) for name, error in (errors or {}).items()},
        again=again,
        mark=make_mark(shop, _FORM, str(offering.id)),
        writes=mail_account(shop.store) is not None,
        leaves_time=shop.now() < wish.at - timedelta(minutes=offering.cancel_minutes),
    )


def _taken(
    shop: Shop, request: Request, wish: Wish, nearest: tuple[datetime, ...], fields: Mapping[str, str]
) -> Response:
    """The three nearest times: as buttons that book with what was typed, or as links where nothing was typed yet."""
    offering = wish.offering
    earliest = shop.now() + timedelta(minutes=offering.notice_minutes)
    return show_page(
        shop,
        request,
        "taken.html",
        status=409,
        offering=offering,
        at=wish.at,
        nearest=nearest,
        too_late=wish.at < earliest,
        instant=offering.instant,
        moving=False,
        mark=make_mark(shop, _FORM, str(offering.id)) if fields else None,
        typed={name: fields[name] for name in _TYPED if fields.get(name)},
        who=_who(fields),
        action=f"{wish.address}?zeit={minute_text(wish.at)}" if fields else wish.address,
        all=f"/termin/{offering.id}",
    )


def _who(fields: Mapping[str, str]) -> str:
    """«Maria Huber (maria.huber@example.org)»."""
    reach = fields.get("mail") or fields.get("phone", "")
    return f"{fields.get('name', '')} ({reach})" if reach else fields.get("name", "")


BOOKING_ROUTES = [
    *FRAME_ROUTES,
    Route("/termin", for_customers(show_offerings), methods=["GET"]),
    Route("/termin/{offering_id}", for_customers(show_times), methods=["GET"]),
    Route("/termin/{offering_id}/angaben", for_customers(show_details), methods=["GET"]),
    Route("/termin/{offering_id}/angaben", for_customers(book), methods=["POST"]),
]
