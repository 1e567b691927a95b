"""What stands at an address for everybody that leads nowhere: a plain page of ours, never Streamlit's.

Streamlit answers every address that nobody else serves with its own page, also to customers.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.login.gate import PUBLIC_PREFIXES
from pages.login.render import at_edge
from pages.web.frame import show_page
from services.shop import Shop

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def show_nowhere(shop: Shop, request: Request) -> Response:
    """404 with the shop's name and phone; says nothing about the address."""
    return show_page(shop, request, "nowhere.html", status=404)


nowhere = at_edge(show_nowhere)
# The first route that fits answers: these come after all others below the public prefixes and /intern.
NOWHERE_ROUTES = [
    Route(path, nowhere, methods=METHODS)
    for prefix in (*PUBLIC_PREFIXES, "/intern")
    for path in (prefix, f"{prefix}/{{rest:path}}")
]
