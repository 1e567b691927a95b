"""The set-up's door and frame: the one-time code, the signed cookie it earns, the way from step to step, the end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from pages.login.forms import Form, read_fields
from pages.login.gate import is_https, visitor_address
from pages.login.language import language_of, say
from pages.login.render import at_edge, see_other, show
from pages.login.sign_in import START, let_in
from pages.login.tokens import FIELD, make_token, token_fits
from services.errors import ShopError
from services.settings import is_set_up
from services.setup import (
    CodeLockedError,
    Progress,
    WrongCodeError,
    check_code,
    code_mark,
    finish_set_up,
    read_progress,
)
from services.shop import Shop

COOKIE = "theke_einrichten"
STEPS = ("betrieb", "zeiten", "team", "postfach")
_FORM = "einrichten"
_AGE = 12 * 60 * 60


@dataclass(frozen=True)
class Visit:
    """Who brought the code, as the signed cookie names it, and the language they read."""

    name: str
    language: str


StepHandler = Callable[[Shop, Request, Visit], Response]


def open_set_up(shop: Shop, request: Request) -> Response:
    """The address start.py opens: with the right ?code= into the first open step, else the page that asks for it."""
    if is_set_up(shop.store):
        return see_other("/anmelden")
    if "code" in request.query_params:
        return _try_code(shop, request, request.query_params["code"])
    if _visitor(shop, request):
        return see_other(next_step(read_progress(shop.store)))
    return _code_page(shop, request)


def enter_code(shop: Shop, request: Request) -> Response:
    """The code as somebody typed it."""
    if is_set_up(shop.store):
        return see_other("/anmelden")
    fields = read_fields(request)
    if not token_fits(shop, _FORM, visitor_address(shop, request.scope), fields.get(FIELD, "")):
        return _code_page(shop, request, status=403)
    return _try_code(shop, request, fields.get("code", ""))


def finish(shop: Shop, request: Request, visit: Visit) -> Response:
    """The last button: the shop is set up, the owner signed in, the set-up closed for good.

    The language it was done in becomes the shop's.
    """
    if not posted_here(shop, visit, read_fields(request)):
        return see_other(step_address("postfach"))
    response = let_in(shop, request, finish_set_up(shop, visit.language), START)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=is_https(shop, request.scope))
    return response


def show_end(shop: Shop, request: Request, visit: Visit) -> Response:
    """Where «finish» answered with a page that is loaded again: the step that is still open."""
    return see_other(next_step(read_progress(shop.store)))


def in_set_up(handler: StepHandler) -> Callable[[Request], Response]:
    """A step's endpoint: only while the set-up is open, only for who brought the code, and not ahead of its turn."""

    def guarded(shop: Shop, request: Request) -> Response:
        if is_set_up(shop.store):
            return see_other("/anmelden")
        visitor = _visitor(shop, request)
        if not visitor:
            return see_other("/einrichten")
        wanted = request.url.path.rsplit("/", 1)[-1]
        first_open = next_step(read_progress(shop.store))
        if wanted in STEPS and _is_after(wanted, first_open):
            return see_other(first_open)
        return handler(shop, request, Visit(visitor, language_of(shop, request)))

    return at_edge(guarded)


def step_address(step: str) -> str:
    """Where a step lies."""
    return f"/einrichten/{step}"


def next_step(progress: Progress) -> str:
    """The address of the first step that is not yet done."""
    done = (progress.shop_known, progress.hours_known, bool(progress.people), False)
    return step_address(STEPS[done.index(False)])


def step_token(shop: Shop, visit: Visit) -> str:
    """The token of a set-up form for this visit."""
    return make_token(shop, _FORM, visit.name)


def posted_here(shop: Shop, visit: Visit, fields: dict[str, str]) -> bool:
    """Whether a form comes from a page of this visit."""
    return token_fits(shop, _FORM, visit.name, fields.get(FIELD, ""))


def sentences(visit: Visit, form: Form) -> dict[str, str]:
    """What is wrong, field by field, in the visitor's language."""
    return {name: say(visit.language, error) for name, error in form.errors.items()}


def _try_code(shop: Shop, request: Request, code: str) -> Response:
    try:
        check_code(shop, code, visitor_address(shop, request.scope))
    except WrongCodeError as error:
        return _code_page(shop, request, error, status=403)
    except CodeLockedError as error:
        return _code_page(shop, request, error, status=429)
    response = see_other(next_step(read_progress(shop.store)))
    visit = _signer(shop).dumps([code_mark(shop), secrets.token_urlsafe(16)])
    response.set_cookie(
        COOKIE, visit, max_age=_AGE, httponly=True, samesite="lax", secure=is_https(shop, request.scope)
    )
    return response


def _code_page(shop: Shop, request: Request, error: ShopError | None = None, *, status: int = 200) -> Response:
    language = language_of(shop, request)
    return show(
        shop,
        "set_up_code.html",
        language=language,
        status=status,
        errors={"code": say(language, error)} if error else {},
        token=make_token(shop, _FORM, visitor_address(shop, request.scope)),
        known=bool(shop.process.setup_code),
    )


def _visitor(shop: Shop, request: Request) -> str:
    try:
        mark, visitor = _signer(shop).loads(request.cookies.get(COOKIE, ""), max_age=_AGE)
    except (BadSignature, ValueError):
        return ""
    return str(visitor) if mark == code_mark(shop) else ""


def _signer(shop: Shop) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(shop.secrets.key("form_key"), salt="set-up visit")


def _is_after(step: str, address: str) -> bool:
    return STEPS.index(step) > STEPS.index(address.rsplit("/", 1)[-1])
