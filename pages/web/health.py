"""«Is Theke up?», and the two pages the law asks of every shop."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.login.language import language_of
from pages.login.render import at_edge, show
from pages.web.nowhere import NOWHERE_ROUTES
from services.errors import NotFoundError
from services.settings import is_set_up, shop_settings
from services.shop import Shop


async def tell_health(request: Request) -> Response:
    """«ok» as long as the process answers; says nothing about the shop."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


def show_imprint(shop: Shop, request: Request) -> Response:
    """Who runs the shop, from its settings."""
    return _legal_page(shop, request, "imprint.html")


def show_privacy(shop: Shop, request: Request) -> Response:
    """What is kept of a customer and what they may ask for."""
    return _legal_page(shop, request, "privacy.html")


def _legal_page(shop: Shop, request: Request, template: str) -> Response:
    if not is_set_up(shop.store):
        raise NotFoundError("Diese Seite gibt es noch nicht.")
    return show(shop, template, language=language_of(shop, request), settings=shop_settings(shop.store))


WEB_ROUTES = [
    Route("/health", tell_health, methods=["GET"]),
    Route("/impressum", at_edge(show_imprint), methods=["GET"]),
    Route("/datenschutz", at_edge(show_privacy), methods=["GET"]),
    *NOWHERE_ROUTES,
]
