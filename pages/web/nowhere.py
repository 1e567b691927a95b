"""What stands at an address for everybody that leads nowhere: a plain page of ours, never Streamlit's.

Streamlit answers every address that nobody else serves with its own page, also to customers.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.login.gate import PUBLIC_PREFIXES
from pages.login.language import language_of
from pages.login.render import at_edge, show
from services.settings import shop_settings
from services.shop import Shop

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def show_nowhere(shop: Shop, request: Request) -> Response:
    """404 with the shop's name and phone; says nothing about the address."""
    settings = shop_settings(shop.store)
    return show(shop, "nowhere.html", language=language_of(shop, request), status=404, settings=settings)


_nowhere = at_edge(show_nowhere)
# The first route that fits answers: these come after all others below the public prefixes and /intern.
NOWHERE_ROUTES = [
    Route(path, _nowhere, methods=_METHODS)
    for prefix in (*PUBLIC_PREFIXES, "/intern")
    for path in (prefix, f"{prefix}/{{rest:path}}")
]
