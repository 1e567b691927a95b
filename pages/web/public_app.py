"""Customers' pages alone on a port of their own (THEKE_PUBLIC_PORT): what a tunnel, a proxy or a router leads to.

Neither set-up nor sign-in nor a screen of the staff is there, and nobody is anybody: what says who is signed in is
dropped before any page sees it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.catalogues import LANGUAGES
from pages.login.bodies import Bodies
from pages.login.gate import CUSTOMER_PREFIXES, guarded, is_within, without_identity
from pages.login.language import CHOICE
from pages.login.render import see_other
from pages.login.server import SideServer
from pages.web.nowhere import METHODS, nowhere
from services.errors import BusyError
from services.shop import Shop

log = logging.getLogger(__name__)
_COOKIE = b"cookie"


class Strangers:
    """In front of customers' pages: everybody is a stranger, and of their cookies only the language counts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            scope, send = _as_stranger(scope), guarded(send)
        await self.app(scope, receive, send)


def public_app(routes: Iterable[Route]) -> Starlette:
    """The app of customers' pages: of `routes` those below customers' prefixes, and «not found» for all else."""
    ours = [route for route in routes if is_within(route.path, CUSTOMER_PREFIXES)]
    rest = [Route("/", _to_booking), Route("/{rest:path}", nowhere, methods=METHODS)]
    middleware = [Middleware(GZipMiddleware), Middleware(Strangers), Middleware(Bodies)]
    return Starlette(routes=[*ours, *rest], middleware=middleware)


@asynccontextmanager
async def public_port(shop: Shop, routes: Sequence[Route]) -> AsyncIterator[None]:
    """Serve customers' pages on their own port, if one is set; a taken port is kept as the shop's problem."""
    server = _open(shop, routes) if shop.process.public_port else None
    try:
        yield
    finally:
        if server is not None:
            await asyncio.to_thread(server.end)


def _open(shop: Shop, routes: Sequence[Route]) -> SideServer | None:
    process = shop.process
    try:
        if process.public_port == process.port:
            raise BusyError("Auf dem Anschluss {port} läuft schon Theke selbst.", port=process.port)
        return SideServer(public_app(routes), process.address, process.public_port)
    except BusyError as problem:
        shop.public_port_problem = str(problem)
        log.error("customers' port %s cannot be served: %s", process.public_port, problem)
        return None


def _to_booking(request: Request) -> Response:
    return see_other("/termin")


def _as_stranger(scope: Scope) -> Scope:
    scope = without_identity(scope)
    rest = [pair for pair in scope["headers"] if pair[0].lower() != _COOKIE]
    chosen = _chosen_language(scope)
    return {**scope, "headers": [*rest, (_COOKIE, f"{CHOICE}={chosen}".encode())] if chosen else rest}


def _chosen_language(scope: Scope) -> str:
    cookies = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == _COOKIE]
    chosen = cookie_parser("; ".join(cookies)).get(CHOICE, "")
    return chosen if chosen in LANGUAGES else ""
