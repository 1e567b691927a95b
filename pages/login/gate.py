"""The gate in front of everything: who has no session sees the customers' pages and the sign-in, nothing else.

Pure ASGI, because Starlette's own middleware class never sees a websocket, and the staff's screens are one.
"""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.records import Actor
from pages.login.language import language_of, say
from services.errors import SignedOutError
from services.settings import is_set_up, shop_settings
from services.shop import Shop, the_shop
from services.staff import session_of

log = logging.getLogger(__name__)
# Whole segments: /anfrage does not open /anfragen. What has no route below one of them is pages.web.nowhere's.
CUSTOMER_PREFIXES = ("/termin", "/t", "/anfrage", "/s", "/impressum", "/datenschutz", "/health")
PUBLIC_PREFIXES = (
    *CUSTOMER_PREFIXES,
    "/anmelden",
    "/abmelden",
    "/einrichten",
    "/schrift",
    "/intern/sicherung",  # asks for its own token, see backup_route
)
# Both are asked by an open tab that has lost its connection. Below them Streamlit would answer with its own page.
PUBLIC_ADDRESSES = frozenset({"/_stcore/health", "/_stcore/host-config"})
# Never the place of a person who navigates: without a session these answer 401, not the sign-in page.
MACHINE_PREFIXES = ("/_stcore", "/media", "/component", "/intern")
# Where a person who is signed in may navigate; anything else leads to Heute, never to Streamlit's own page.
STAFF_PAGES = (
    "/heute",
    "/anfragen",
    "/rueckrufe",
    "/gespraech",
    "/kalender",
    "/auswertung",
    "/kunden",
    "/anlaesse",
    "/wuensche",
    "/vorlagen",
    "/rueckblick",
    "/leistungen",
    "/team",
    "/einstellungen",
)
IDENTITY_HEADERS = ("X-Theke-Staff", "X-Theke-Name", "X-Theke-Role", "X-Theke-Session", "X-Theke-Language")
_IDENTITY = frozenset(name.lower().encode() for name in IDENTITY_HEADERS)
_POLICY_VIOLATION = 1008
_LOOK_UPS = 8  # at a time
_PORTS = {"http": 80, "https": 443}

Networks = list[ipaddress.IPv4Network | ipaddress.IPv6Network]
Origin = tuple[str, str, int]  # scheme, host, port (RFC 6454)


class Gate:
    """Lets nobody through without a session, and tells the app in trusted headers who it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Threads of its own: where all others work or wait, people must still get in.
        self.threads = CapacityLimiter(_LOOK_UPS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket; what a client sends under our identity headers is dropped in any case."""
        if scope["type"] not in {"http", "websocket"}:
            return await self.app(scope, receive, send)
        scope = without_identity(scope)
        public = scope["type"] == "http" and is_public(scope["path"])
        shop = the_shop()
        actor = None if public else await to_thread.run_sync(_known, shop, scope, limiter=self.threads)
        if actor is not None:
            if _is_lost(scope):
                return await RedirectResponse("/heute", 303)(scope, receive, guarded(send))
            scope["headers"] = [*_without_origin(scope), *identity_headers(actor)]
        elif not public:
            return await self._turn_away(shop, scope, receive, send)
        return await self.app(scope, receive, guarded(send))

    async def _turn_away(self, shop: Shop, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        response = await to_thread.run_sync(_refusal, shop, scope, limiter=self.threads)
        return await response(scope, receive, guarded(send))


def is_public(path: str) -> bool:
    """Whether everybody may ask for `path`, also without a session."""
    return path in PUBLIC_ADDRESSES or is_within(path, PUBLIC_PREFIXES)


def is_within(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether `path` is one of `prefixes` or lies below one, by whole segments."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def session_cookie() -> str:
    """The name of the session cookie: with the port, because all Thekes of one PC share a browser's cookies."""
    return f"theke_{the_shop().process.port}"


def session_token(scope: Scope) -> str:
    """The token in the session cookie, or ''."""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(session_cookie(), "")


def is_from_own_page(shop: Shop, scope: Scope) -> bool:
    """Whether the page that asks is ours: its Origin is the address that was asked, or the setting `public_url`.

    The latter for a proxy that puts a Host of its own. A request without Origin comes from no page.
    """
    headers = Headers(scope=scope)
    asked = f"{'https' if is_https(shop, scope) else 'http'}://{headers.get('host', '')}"
    origin = _origin(headers.get("origin", ""))
    return origin is not None and origin in {_origin(asked), _origin(shop_settings(shop.store).public_url)}


def identity_headers(actor: Actor) -> list[tuple[bytes, bytes]]:
    """Who is signed in, as headers; the name percent-encoded, because a header is Latin-1."""
    values = (str(actor.staff_id), quote(actor.name), actor.role.value, actor.session, actor.language)
    return [(name.lower().encode(), value.encode()) for name, value in zip(IDENTITY_HEADERS, values, strict=True)]


def visitor_address(shop: Shop, scope: Scope) -> str:
    """The IP address a request comes from.

    X-Forwarded-For is believed only of a peer in the setting `trusted_proxies`; then the nearest address that is no
    such proxy counts, because a client can write what it likes in front of it.
    """
    peer, proxies = _peer(scope), _proxies(shop)
    header = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    hops = [hop.strip() for hop in header.split(",") if hop.strip()]
    while hops and _is_in(peer, proxies):
        peer = hops.pop()
    return _plain_address(peer)


def is_https(shop: Shop, scope: Scope) -> bool:
    """Whether the browser speaks TLS, with us or with a trusted proxy before us."""
    told = Headers(scope=scope).get("x-forwarded-proto", "") if _is_in(_peer(scope), _proxies(shop)) else ""
    return (told.strip() or scope["scheme"]) in {"https", "wss"}


def without_identity(scope: Scope) -> Scope:
    """The request without what a client sent under our identity headers."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in _IDENTITY]}


def guarded(send: Send) -> Send:
    """Adds what every answer needs; what a route has set itself stays."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Referrer-Policy", "same-origin")
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_guarded


def _known(shop: Shop, scope: Scope) -> Actor | None:
    """Who is signed in; nobody for a websocket that a page of another address opens with this browser's cookie."""
    actor = session_of(shop, session_token(scope))
    if actor and scope["type"] == "websocket" and not is_from_own_page(shop, scope):
        log.warning("websocket of another page refused (docs/reaching-theke.md)")
        return None
    return actor


def _without_origin(scope: Scope) -> list[tuple[bytes, bytes]]:
    # Streamlit asks a foreign server for our address about an Origin that is not the Host. We have decided already.
    drop = scope["type"] == "websocket"
    return [pair for pair in scope["headers"] if not (drop and pair[0].lower() == b"origin")]


def _refusal(shop: Shop, scope: Scope) -> Response:
    if not _navigates(scope):
        sentence = say(language_of(shop, Request(scope)), SignedOutError())
        return PlainTextResponse(sentence, 401, {"Cache-Control": "no-store"})
    if not is_set_up(shop.store):
        return RedirectResponse("/einrichten", 303)
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse("/anmelden" if wanted == "/" else f"/anmelden?weiter={quote(wanted, safe='')}", 303)


def _is_lost(scope: Scope) -> bool:
    """Whether somebody who is signed in navigates to an address that is no page of ours."""
    if scope["type"] != "http" or not _navigates(scope):
        return False
    return scope["path"].rstrip("/") not in {"", *STAFF_PAGES}


def _navigates(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    page = "text/html" in headers.get("accept", "") or headers.get("sec-fetch-mode") == "navigate"
    return page and scope["method"] in {"GET", "HEAD"} and not is_within(scope["path"], MACHINE_PREFIXES)


def _origin(address: str) -> Origin | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _proxies(shop: Shop) -> Networks:
    return [ipaddress.ip_network(word) for word in shop_settings(shop.store).trusted_proxies.replace(",", " ").split()]


def _is_in(address: str, networks: Networks) -> bool:
    try:
        parsed = ipaddress.ip_address(_plain_address(address))
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _plain_address(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
