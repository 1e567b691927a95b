"""Reading a posted form: bounded, tolerant of bad bytes, and with one sentence a field for what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

import anyio.from_thread
from starlette.requests import Request

from services.errors import InvalidInputError, ShopError

FORM_SIZE = 64 * 1024
_FIELDS = 200
T = TypeVar("T")


class TooLargeError(ShopError):
    """Das ist zu groß."""


def read_body(request: Request, limit: int) -> bytes:
    """The body of a request, for handlers that run in a worker thread; raises TooLargeError over `limit` bytes."""
    return anyio.from_thread.run(_drain, request, limit)


def read_fields(request: Request) -> dict[str, str]:
    """The fields of a posted form, the last of each name; raises TooLargeError, InvalidInputError."""
    body = read_body(request, FORM_SIZE).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=_FIELDS))
    except ValueError as error:
        raise InvalidInputError() from error


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    fields: Mapping[str, str]
    errors: dict[str, InvalidInputError] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field as it was typed, '' when it is missing."""
        return self.fields.get(name, "")

    @property
    def typed(self) -> defaultdict[str, str]:
        """The fields for a template: '' for those that are missing."""
        return defaultdict(str, self.fields)

    def take(self, name: str, check: Callable[[str], T]) -> T | None:
        """What `check` makes of a field; None and a noted error when it raises InvalidInputError."""
        try:
            return check(self.text(name))
        except InvalidInputError as error:
            self.errors[name] = error
            return None


async def _drain(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLargeError()
    return bytes(body)
