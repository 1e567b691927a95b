"""Customers ask: one form without an account, and the receipt that says until when a person answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.login.forms import read_fields
from pages.login.language import language_of, say
from pages.login.render import see_other
from pages.web.frame import for_customers, page_voice, show_page
from pages.web.kept_promise import kept_words
from pages.web.limits import KEY, is_trapped, make_mark, mark_fits, without_nul
from pages.web.promised import answer_words, choices, chosen_end, phone_words
from services.errors import InvalidInputError
from services.inquiry_form import InquiryForm, ask, require_form
from services.public_forms import InvalidFieldsError
from services.settings import shop_settings
from services.shop import Shop

STYLE = "anfrage"
_FORM = "anfrage"


def show_form(shop: Shop, request: Request) -> Response:
    """The empty form."""
    require_form(shop.store)
    return _form_page(shop, request, {})


def send_form(shop: Shop, request: Request) -> Response:
    """The receipt, or the same page with what is wrong."""
    require_form(shop.store)
    fields, said = without_nul(read_fields(request)), page_voice(shop, request).say
    if not mark_fits(shop, _FORM, "", fields):
        return _form_page(shop, request, fields, again=said("Die Seite war zu lange offen"))
    if is_trapped(fields):
        return _form_page(shop, request, fields, again=said("Das hat nicht geklappt"))
    try:
        page = ask(shop, _form(shop, request, fields))
    except InvalidFieldsError as wrong:
        return _form_page(shop, request, fields, errors=wrong.errors)
    return see_other(f"/s/{page.secret}?da")


def _form(shop: Shop, request: Request, fields: Mapping[str, str]) -> InquiryForm:
    typed = {name: fields.get(name, "") for name in ("words", "name", "mail", "phone")}
    return InquiryForm(
        **typed,
        callback=bool(fields.get("callback")),
        call_by=chosen_end(fields.get("call_by", "")),
        form_key=fields[KEY],
        language=language_of(shop, request),
    )


def _form_page(
    shop: Shop,
    request: Request,
    fields: Mapping[str, str],
    *,
    errors: Mapping[str, InvalidInputError] | None = None,
    again: str = "",
) -> Response:
    """The form; with all that was typed, whose 5000 signs may make it heavier than a page should be."""
    settings, voice = shop_settings(shop.store), page_voice(shop, request)
    return show_page(
        shop,
        request,
        "inquiry.html",
        status=422 if errors or again else 200,
        style=STYLE,
        values=defaultdict(str, fields),
        errors={name: phone_words(say(voice.language, error)) for name, error in (errors or {}).items()},
        again=again,
        mark=make_mark(shop, _FORM, ""),
        answer=answer_words(shop, voice, settings),
        promise=kept_words(shop, voice),
        choices=choices(shop, voice, settings),
    )


INQUIRY_ROUTES = [
    Route("/anfrage", for_customers(show_form), methods=["GET"]),
    Route("/anfrage", for_customers(send_form), methods=["POST"]),
]
