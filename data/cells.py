"""Values on their way into the database and out of it: times in UTC, enums as their words."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

_PLAIN = frozenset({str, int, bool, float})
_ENUMS: dict[type[Any], dict[str, type[StrEnum]]] = {}  # by record


def to_store(value: Any) -> Any:
    """As the database keeps it; ValueError for a time without zone."""
    if value is None or type(value) in _PLAIN:  # most of a million values of a long list
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without zone must not enter the store")
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [to_store(item) for item in value]
    return value


def from_store(value: Any) -> Any:
    """As the program knows it: times are aware UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def as_is(value: Any) -> Any:
    """The reader of a column that needs none."""
    return value


def enums_of(cls: type[Any]) -> dict[str, type[StrEnum]]:
    """The fields of a record that are enums; looked up once, for it takes as long as a small query."""
    if cls not in _ENUMS:
        hints = typing.get_type_hints(cls)
        _ENUMS[cls] = {
            name: hint for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, StrEnum)
        }
    return _ENUMS[cls]
