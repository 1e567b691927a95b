"""What keeps the customers' forms from being flooded, forged or filled in by machines."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from pages.login.forms import BODY
from pages.login.gate import visitor_address
from pages.login.tokens import FIELD, make_token, token_fits
from services.errors import TooManyTriesError
from services.shop import Shop
from services.visit_limits import VisitLimits

KEY = "schluessel"
TRAP = "webseite"  # nobody sees this field; whoever fills it in is a machine
_HOME = 64  # bits of an IPv6 address that one household or phone is given whole


@dataclass(frozen=True)
class Mark:
    """What a form carries: its random key, and the signature that it was ours and for what it is used."""

    key: str
    token: str


def count_post(shop: Shop, request: Request) -> None:
    """Count one posted form; raises TooManyTriesError with the `seconds` to wait."""
    _count(shop, request, shop.visits)


def count_look(shop: Shop, request: Request) -> None:
    """The same for one look at a secret page: many more, but no endless guessing and no endless work."""
    _count(shop, request, shop.looks)


def drop_foreign(request: Request) -> None:
    """Take a form that another site posts from its own page as an empty one: nothing of it is done or shown here.

    All browsers of today say so by `Sec-Fetch-Site`; one that does not is still held by the mark.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        request.scope[BODY] = b""


def _count(shop: Shop, request: Request, limits: VisitLimits) -> None:
    wait = limits.admit(visitor_key(visitor_address(shop, request.scope)), shop.now())
    if wait is not None:
        raise TooManyTriesError(seconds=max(1, int(wait.total_seconds())))


def visitor_key(address: str) -> str:
    """The address, of IPv6 its first 64 bits: the rest changes as the visitor likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, _HOME), strict=False))


def make_mark(shop: Shop, form: str, about: str) -> Mark:
    """A fresh mark for a form of one kind about one thing: an offering, a booking."""
    key = secrets.token_urlsafe(16)
    return Mark(key, make_token(shop, form, f"{about} {key}"))


def mark_fits(shop: Shop, form: str, about: str, fields: Mapping[str, str]) -> bool:
    """Whether the posted fields carry a mark that was made for this, within half a day."""
    return token_fits(shop, form, f"{about} {fields.get(KEY, '')}", fields.get(FIELD, ""))


def is_trapped(fields: Mapping[str, str]) -> bool:
    """Whether a machine filled in what people do not see."""
    return bool(fields.get(TRAP))


def without_nul(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without the sign that no page may show."""
    return {name: text.replace("\0", "") for name, text in fields.items()}
