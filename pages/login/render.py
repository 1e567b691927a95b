"""Turns a template into an answer, and whatever goes wrong in a handler into a page with a sentence."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from pages.catalogues import LANGUAGES, translator
from pages.login.edge import answer
from pages.login.gate import is_https
from pages.login.language import CHOICE, is_switch, language_of, say, switch
from pages.login.tokens import FIELD
from services.errors import NotFoundError, ShopError
from services.settings import shop_settings
from services.shop import Shop, the_shop

HERE = Path(__file__).parent
Handler = Callable[[Shop, Request], Response]
Explain = Callable[[Shop, Request, ShopError | None, str], Response]
_POLICY = (
    "default-src 'none'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; script-src 'nonce-{nonce}'"
)
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


def show(shop: Shop, template: str, *, language: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 a page's values
    """The page `template` in `language`, never cached, never framed, with no script but its own."""
    nonce = secrets.token_urlsafe(16)
    page = _environment(language).get_template(template)
    html = page.render(shop_name=shop_settings(shop.store).name, nonce=nonce, style=_style_address(), **values)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY.format(nonce=nonce)}
    return HTMLResponse(html, status, headers | {"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"})


def see_other(address: str) -> Response:
    """Go on at `address` with GET."""
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def at_edge(handler: Handler, explain: Explain | None = None) -> Callable[[Request], Response]:
    """A route's endpoint: ShopErrors become a page with their sentence, all else is logged under a short id.

    A link of the language switch leads back to where it stands. `explain` draws another page than that of the staff.
    """

    @functools.wraps(handler)
    def endpoint(request: Request) -> Response:
        shop = the_shop()
        work = _switch if is_switch(request) else handler
        return answer(lambda: work(shop, request), functools.partial(explain or _sorry, shop, request))

    return endpoint


def send_style(request: Request) -> Response:
    """The one stylesheet of sign-in and set-up; its address changes with its content."""
    return FileResponse(HERE / "login.css", media_type="text/css", headers=_FOR_GOOD)


def send_mark(request: Request) -> Response:
    """The mark, for the browser's tab."""
    return FileResponse(HERE / "theke.svg", media_type="image/svg+xml", headers=_FOR_GOOD)


def _switch(shop: Shop, request: Request) -> Response:
    return switch(request, secure=is_https(shop, request.scope))


def _sorry(shop: Shop, request: Request, error: ShopError | None, failure: str) -> Response:
    status = 500 if error is None else 404 if isinstance(error, NotFoundError) else 422
    language = language_of(shop, request)
    sentence = say(language, error) if error else ""
    return show(shop, "sorry.html", language=language, status=status, sentence=sentence, failure=failure)


@functools.cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE.parent / "web" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(language=language, languages=LANGUAGES, choice=CHOICE, field=FIELD)
    # `newstyle` would read every «%» of a sentence as a placeholder.
    say_it = translator(language)
    environment.install_gettext_callables(say_it, lambda one, many, n: say_it(one if n == 1 else many), newstyle=False)  # type: ignore[attr-defined]
    return environment


@functools.cache
def _style_address() -> str:
    digest = hashlib.sha256((HERE / "login.css").read_bytes()).hexdigest()[:12]
    return f"/anmelden/login.css?{digest}"
