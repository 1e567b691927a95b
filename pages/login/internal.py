"""What the staff's screens send and fetch beside Streamlit: drafts, files on a draft, attachments of mails.

All of it lies behind the gate; what changes something also needs the form token of the screen.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data.records import Actor
from pages.catalogues import translator
from pages.login.edge import answer
from pages.login.forms import TooLargeError, TooSlowError, read_body
from pages.login.tokens import TOKEN_HEADER, form_token_fits
from services.attachments import open_attachment
from services.drafts import attach_file, remove_file, save_draft
from services.errors import InvalidInputError, NotAllowedError, NotFoundError, ShopError, SignedOutError
from services.shop import Shop, the_shop
from services.staff import actor_of

_LARGEST_ID = 2**63 - 1
# Shown as what they are when opened from the download folder; all else is told to be unknown.
_PLAIN_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"})
Work = Callable[[Shop, Actor, Request], Response]


class ForeignFormError(ShopError):
    """Diese Seite ist nicht mehr gültig. Bitte laden Sie sie neu."""


def keep_draft(shop: Shop, actor: Actor, request: Request) -> Response:
    """Save what a person has typed; {"saved_at": UTC, "body"} when it is kept, `body` only if it is another one."""
    given = _json(request)
    body = _text(given.get("body"))
    kept = save_draft(
        shop,
        actor,
        _number(given.get("inquiry")),
        body=body,
        subject=_text(given.get("subject")),
        cc=_text(given.get("cc")),
        seen_version=_number(given.get("seen_version")),
        known=_text(given["known"]) if "known" in given else None,
    )
    other = {} if kept.body == body else {"body": kept.body}
    return JSONResponse({"saved_at": kept.saved_at.isoformat(), **other})


def add_file(shop: Shop, actor: Actor, request: Request) -> Response:
    """Put the posted bytes on the draft of ?inquiry= as ?name=; {"id", "name"} when it is kept."""
    inquiry, name = _number(request.query_params.get("inquiry")), request.query_params.get("name", "")
    content = read_body(request)
    return JSONResponse({"id": attach_file(shop, actor, inquiry, name, content), "name": name})


def drop_file(shop: Shop, actor: Actor, request: Request) -> Response:
    """Take the file ?id= off one's own draft."""
    remove_file(shop, actor, _number(request.query_params.get("id")))
    return JSONResponse({})


def send_attachment(shop: Shop, actor: Actor, request: Request) -> Response:
    """An attachment of a customer's mail, always as a download and never shown by the browser itself."""
    found, content = open_attachment(shop, actor, address_id(request.path_params["attachment_id"]))
    kind = found.media_type if found.media_type in _PLAIN_TYPES else "application/octet-stream"
    return Response(content, media_type=kind, headers=download_headers(found.file_name))


def behind_gate(work: Work, *, changes: bool) -> Callable[[Request], Response]:
    """An internal route's endpoint: who acts is read anew; ShopErrors answer with their sentence as JSON."""

    @functools.wraps(work)
    def endpoint(request: Request) -> Response:
        shop, reader = the_shop(), _Reader()

        def checked() -> Response:
            actor = actor_of(shop, request.headers.get("x-theke-session", ""))
            reader.language = actor.language
            if changes and not form_token_fits(shop, actor.session, request.headers.get(TOKEN_HEADER, "")):
                raise ForeignFormError()
            return work(shop, actor, request)

        return answer(checked, functools.partial(_problem, request, reader))

    return endpoint


@dataclass
class _Reader:
    language: str = "de"  # until it is known who asks


def _problem(request: Request, reader: _Reader, error: ShopError | None, failure: str) -> Response:
    said = translator(reader.language)
    if error is None:
        sentence, status = said("Da ist etwas schiefgegangen ({id})").format(id=failure), 500
    else:
        sentence, status = said(error.msgid), _status(error)
        sentence = sentence.format(**error.values) if error.values else sentence
    headers = {"Cache-Control": "no-store"}
    if request.method == "GET":  # a link was followed: a person reads this
        return PlainTextResponse(sentence, status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def _status(error: ShopError) -> int:
    known = {SignedOutError: 401, ForeignFormError: 403, NotAllowedError: 403, NotFoundError: 404}
    return {**known, TooSlowError: 408, TooLargeError: 413}.get(type(error), 422)


def download_headers(file_name: str) -> dict[str, str]:
    """Of a file that the browser puts away under this name, whatever it holds, and shows nowhere."""
    ascii_name = "".join(
        char if char.isalnum() or char in " .-_" else "_" for char in file_name.encode("ascii", "replace").decode()
    )
    return {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(file_name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def _json(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(read_body(request))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError() from error
    if not isinstance(given, dict):
        raise InvalidInputError()
    return given


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise InvalidInputError()
    return (value or "").encode("utf-8", "replace").decode()  # half a surrogate pair is no text the store can keep


def address_id(text: str) -> int:
    """The id in an address; raises NotFoundError, because Python refuses to read thousands of digits."""
    try:
        return _number(text)
    except InvalidInputError:
        raise NotFoundError() from None


def _number(value: object) -> int:
    """A positive whole number that the store can hold; raises InvalidInputError."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_ID:
        raise InvalidInputError()
    return value


INTERNAL_ROUTES = [
    Route("/intern/entwurf", behind_gate(keep_draft, changes=True), methods=["POST"]),
    Route("/intern/anhang", behind_gate(add_file, changes=True), methods=["POST"]),
    Route("/intern/anhang", behind_gate(drop_file, changes=True), methods=["DELETE"]),
    Route("/intern/anhang/entfernen", behind_gate(drop_file, changes=True), methods=["POST"]),
    Route("/intern/datei/{attachment_id}", behind_gate(send_attachment, changes=False), methods=["GET"]),
]
