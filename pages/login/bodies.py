"""Reads what is posted to our routes before a worker thread is taken for it, within a size and a time.

There are few threads, and everybody shares them: whoever stops in the middle of a body must not hold one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from pages.login.forms import BODY, DRAFT_SIZE, FORM_SIZE, TooLargeError, TooSlowError
from pages.login.gate import PUBLIC_PREFIXES, is_within
from services.drafts import FILE_SIZE


@dataclass(frozen=True)
class Limit:
    """How much may be posted, in bytes, and how long the whole of it may take, in seconds."""

    size: int
    seconds: float


FORM = Limit(FORM_SIZE, 20)
# One byte more than a file may have: the service says what is wrong. A photo over weak wifi takes its time.
_LIMITS = {"/intern/entwurf": Limit(DRAFT_SIZE, 20), "/intern/anhang": Limit(FILE_SIZE + 1, 120)}


class Bodies:
    """Lays the body of a request to a route of ours, or why there is none, where `forms.read_body` finds it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; those to Streamlit's own addresses go on untouched."""
        if not _is_posted_to_us(scope):
            return await self.app(scope, receive, send)
        body = await _read(receive, limit_of(scope["path"]))
        return None if body is None else await self.app({**scope, BODY: body}, receive, send)


def limit_of(path: str) -> Limit:
    """What may be posted to an address."""
    return _LIMITS.get(path, FORM)


def _is_posted_to_us(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
        return False
    return is_within(scope["path"], (*PUBLIC_PREFIXES, "/intern"))


async def _read(receive: Receive, limit: Limit) -> bytes | TooLargeError | TooSlowError | None:
    """None when the sender is gone."""
    try:
        async with asyncio.timeout(limit.seconds):
            return await _drain(receive, limit.size)
    except TimeoutError:
        return TooSlowError()


async def _drain(receive: Receive, size: int) -> bytes | TooLargeError | None:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > size:
            return TooLargeError()
        more = message.get("more_body", False)
    return bytes(body)
