"""Reading a posted form: bounded, tolerant of bad bytes, and with one sentence a field for what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.errors import InvalidInputError, ShopError

FORM_SIZE = 256 * 1024  # a long thread pasted into a form is refused in a sentence and given back
DRAFT_SIZE = 1024 * 1024
BODY = "theke.body"  # where in a request's scope `bodies.Bodies` lays what was posted
_FIELDS = 200
T = TypeVar("T")


class TooLargeError(ShopError):
    """Das ist zu groß."""


class TooSlowError(ShopError):
    """Das ist nicht ganz angekommen. Bitte versuchen Sie es noch einmal."""


def read_body(request: Request) -> bytes:
    """The body of a request, read already within the limits of `bodies`; raises TooLargeError, TooSlowError."""
    body: bytes | ShopError = request.scope[BODY]
    if isinstance(body, ShopError):
        raise body
    return body


def read_fields(request: Request) -> dict[str, str]:
    """The fields of a posted form, the last of each name; raises TooLargeError, TooSlowError, InvalidInputError."""
    body = read_body(request).decode("utf-8", "replace")
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
