"""Which language a page speaks to somebody who is not signed in, and the switch in its head.

The switch is a plain link that adds ?sprache= to the page's own address: it works without JavaScript.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.catalogues import LANGUAGES, translator
from services.errors import ShopError
from services.settings import is_set_up, shop_settings
from services.shop import Shop

CHOICE = "sprache"  # the cookie and the word in the address
_YEAR = 365 * 24 * 60 * 60
_LONGEST_HEADER = 500
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*")


def language_of(shop: Shop, request: Request) -> str:
    """The visitor's choice, else the shop's language; before the set-up has decided it, what the browser asks for."""
    chosen = request.cookies.get(CHOICE, "")
    if chosen in LANGUAGES:
        return chosen
    shops = shop_settings(shop.store).language
    return shops if is_set_up(shop.store) else wished_language(request.headers.get("accept-language", "")) or shops


def wished_language(header: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) wishes for most, or ''."""
    wishes = sorted(map(_wish, header[:_LONGEST_HEADER].split(",")), key=lambda wish: -wish[1])
    return next((language for language, weight in wishes if weight and language in LANGUAGES), "")


def say(language: str, error: ShopError) -> str:
    """The sentence of an error in `language`."""
    sentence = translator(language)(error.msgid)
    return sentence.format(**error.values) if error.values else sentence


def is_switch(request: Request) -> bool:
    """Whether a link of the switch was followed."""
    return request.method in {"GET", "HEAD"} and CHOICE in request.query_params


def switch(request: Request, *, secure: bool) -> Response:
    """The same page without the choice in its address, and the cookie that keeps it if we know the language."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != CHOICE]
    # One slash at the beginning: «//host» would be another server's page, and browsers read «\\» as a slash too.
    address = "/" + quote(request.scope["path"]).lstrip("/") + (f"?{urlencode(rest)}" if rest else "")
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    chosen = request.query_params[CHOICE]
    if chosen in LANGUAGES:
        response.set_cookie(CHOICE, chosen, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return response


def _wish(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";")
    found = _WEIGHT.fullmatch(weight)
    return tag.strip().split("-")[0].casefold(), float(found[1]) if found else 0.0 if weight else 1.0
