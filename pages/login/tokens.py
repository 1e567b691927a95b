"""Signed form tokens: a form that was not ours, or not for this visitor, is refused. No cookie is needed."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from services.shop import Shop

TOKEN_HEADER = "X-Theke-Form"  # noqa: S105 the name, not a token
FIELD = "beleg"
SIGN_OUT = "abmelden"  # the form that the sign-out page and the screens' menu share
_PAGE_AGE = 12 * 60 * 60
_SCREEN_AGE = 30 * 24 * 60 * 60  # a tab may stay open as long as its session lives
_SCREENS = "screens"


def make_token(shop: Shop, form: str, bound: str) -> str:
    """A token for one form, bound to a visitor's address or session."""
    return _serializer(shop, form).dumps(bound)


def token_fits(shop: Shop, form: str, bound: str, token: str, *, max_age: int = _PAGE_AGE) -> bool:
    """Whether `token` was made for this form and visitor, not longer than `max_age` seconds ago."""
    try:
        return bool(_serializer(shop, form).loads(token, max_age=max_age) == bound)
    except BadSignature:
        return False


def form_token(shop: Shop, session: str) -> str:
    """What a staff screen sends as X-Theke-Form to the internal routes; `session` is the actor's."""
    return make_token(shop, _SCREENS, session)


def form_token_fits(shop: Shop, session: str, token: str) -> bool:
    """Whether a request to an internal route comes from a screen of this session."""
    return token_fits(shop, _SCREENS, session, token, max_age=_SCREEN_AGE)


def _serializer(shop: Shop, form: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(shop.secrets.key("form_key"), salt=f"form {form}")
