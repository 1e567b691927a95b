"""«Is Theke up?», and the two pages the law asks of every shop."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.web.booking import BOOKING_ROUTES
from pages.web.frame import for_customers, show_page
from pages.web.inquiry import INQUIRY_ROUTES
from pages.web.nowhere import NOWHERE_ROUTES
from pages.web.own_booking import OWN_BOOKING_ROUTES
from pages.web.status import STATUS_ROUTES
from services.shop import Shop


async def tell_health(request: Request) -> Response:
    """«ok» as long as the process answers; says nothing about the shop."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


def show_imprint(shop: Shop, request: Request) -> Response:
    """Who runs the shop, from its settings."""
    return show_page(shop, request, "imprint.html")


def show_privacy(shop: Shop, request: Request) -> Response:
    """What is kept of a customer and what they may ask for."""
    return show_page(shop, request, "privacy.html")


WEB_ROUTES = [
    Route("/health", tell_health, methods=["GET"]),
    Route("/impressum", for_customers(show_imprint), methods=["GET"]),
    Route("/datenschutz", for_customers(show_privacy), methods=["GET"]),
    *BOOKING_ROUTES,
    *OWN_BOOKING_ROUTES,
    *INQUIRY_ROUTES,
    *STATUS_ROUTES,
    *NOWHERE_ROUTES,
]
