"""What all pages of the customers share: the sign, the stylesheet, and the page that says what went wrong."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.login.forms import read_fields
from pages.login.language import CHOICE, language_of, say
from pages.login.render import Handler, at_edge, show
from pages.web.days import minute_text
from pages.web.limits import KEY, TRAP, count_look, count_post, drop_foreign, without_nul
from pages.web.sign import sign_of
from pages.web.voice import Voice, voice_of
from services.errors import DiskFullError, NotFoundError, ShopError, TooManyTriesError
from services.settings import is_set_up, shop_settings
from services.shop import Shop

# What all pages share, and behind it what only pages of this kind need: one file a page, kept for good.
_STYLES = {"termin": ("public.css", "booking.css"), "anfrage": ("public.css", "inquiry.css")}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0F6B63"/>'
    '<text x="16" y="23" font-family="system-ui,sans-serif" font-size="20" font-weight="700" text-anchor="middle"'
    ' fill="#fff">{initial}</text></svg>'
)
# Who holds the address of such a page holds the booking: it is told to nobody and kept nowhere.
_SECRET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
_OWN_WORDS = ("words", "answer", "note", "grund")  # the fields of all forms in which somebody writes freely
NOTHING_KEPT = "Wir können gerade nichts speichern. Bitte rufen Sie uns an."


def for_customers(handler: Handler) -> Callable[[Request], Response]:
    """The endpoint of a customers' page: not there before the set-up, and posts are counted."""

    @functools.wraps(handler)
    def opened(shop: Shop, request: Request) -> Response:
        if not is_set_up(shop.store):
            raise NotFoundError("Diese Seite gibt es noch nicht.")
        if request.method == "POST":
            drop_foreign(request)
            count_post(shop, request)
        return handler(shop, request)

    return at_edge(opened, _sorry)


def by_secret(handler: Handler) -> Callable[[Request], Response]:
    """The same for a page behind a secret link, where looks are counted, too."""

    @functools.wraps(handler)
    def counted(shop: Shop, request: Request) -> Response:
        if request.method != "POST":
            count_look(shop, request)
        return handler(shop, request)

    endpoint = for_customers(counted)

    @functools.wraps(handler)
    def guarded(request: Request) -> Response:
        response = endpoint(request)
        response.headers.update(_SECRET)
        return response

    return guarded


def show_page(
    shop: Shop,
    request: Request,
    template: str,
    *,
    status: int = 200,
    style: str = "termin",
    **values: Any,  # noqa: ANN401 a page's values
) -> Response:
    """A customers' page under the shop's sign, in the visitor's language, with the stylesheet of this kind."""
    settings, language = shop_settings(shop.store), language_of(shop, request)
    voice = voice_of(settings, language, shop.now())
    usual = {"settings": settings, "voice": voice, "sign": sign_of(settings, voice), "minute": minute_text}
    usual["posted"] = request.method == "POST"  # then a link to another language would lose what was typed
    names = {"stylesheet": style_address(style), "kept": _kept(request), "key_field": KEY, "trap_field": TRAP}
    return show(shop, template, language=language, status=status, **{**usual, **names, **values})


def page_voice(shop: Shop, request: Request) -> Voice:
    """How this visitor's page says days and times."""
    return voice_of(shop_settings(shop.store), language_of(shop, request), shop.now())


@functools.cache
def style_address(kind: str = "termin") -> str:
    """Where the stylesheet of such pages is; it changes with its content."""
    return f"/{kind}/stil.css?{hashlib.sha256(_style(kind)).hexdigest()[:12]}"


@functools.cache
def _style(kind: str) -> bytes:
    """Without comments and line ends, which only we read."""
    text = b"".join(Path(__file__).with_name(name).read_bytes() for name in _STYLES[kind])
    return re.sub(rb"/\*.*?\*/|\n", b"", text, flags=re.DOTALL)


def send_style(request: Request) -> Response:
    """The one stylesheet of these pages."""
    return Response(_style(request.url.path.split("/")[1]), media_type="text/css", headers=_FOR_GOOD)


def send_icon(shop: Shop, request: Request) -> Response:
    """The shop's initial, for the browser's tab."""
    name = shop_settings(shop.store).name
    initial = next((sign for sign in name.upper() if sign.isalnum()), "T")
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(_ICON.format(initial=initial), media_type="image/svg+xml", headers=headers)


def _kept(request: Request) -> str:
    """The query of this page without the choice of a language, ready to be followed by it."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != CHOICE]
    return f"{urlencode(rest)}&" if rest else ""


def _sorry(shop: Shop, request: Request, error: ShopError | None, failure: str) -> Response:
    """What went wrong, and with it all that was typed; to be sent once more where that may help."""
    told = ShopError(NOTHING_KEPT) if isinstance(error, DiskFullError) else error  # the owner's sentence helps no guest
    sentence = say(language_of(shop, request), told) if told else ""
    typed = _typed(request)
    own_words = [name for name in _OWN_WORDS if typed.get(name)]
    values: dict[str, Any] = {"sentence": sentence, "failure": failure, "typed": typed, "own_words": own_words}
    resend = not isinstance(error, NotFoundError)
    answer = show_page(shop, request, "public_sorry.html", status=_status(error), resend=resend, **values)
    if isinstance(error, TooManyTriesError):
        answer.headers["Retry-After"] = str(error.values["seconds"])
    return answer


def _typed(request: Request) -> defaultdict[str, str]:
    """What was posted; nothing where it cannot be read."""
    try:
        fields = read_fields(request) if request.method == "POST" else {}
    except ShopError:
        fields = {}
    return defaultdict(str, without_nul({name: text for name, text in fields.items() if name != TRAP}))


def _status(error: ShopError | None) -> int:
    if error is None:
        return 500
    known = {NotFoundError: 404, TooManyTriesError: 429, DiskFullError: 503}
    return next((status for kind, status in known.items() if isinstance(error, kind)), 422)


FRAME_ROUTES = [
    *(Route(f"/{kind}/stil.css", send_style, methods=["GET"]) for kind in _STYLES),
    Route("/termin/zeichen.svg", at_edge(send_icon), methods=["GET"]),
]
