"""Reading the answer to FETCH as imaplib gives it: pairs of head and literal, tails, NIL and uninvited lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{1,60})"')
_QUOTED_BODY = re.compile(rb'\bBODY\[\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')
_START = re.compile(rb"^\d+ \(")

Line = bytes | tuple[bytes, bytes] | None


@dataclass(frozen=True)
class Fetched:
    """One mail of an answer; `content` is None where the server gave none (gone in the meantime)."""

    uid: int
    size: int  # bytes
    received_at: datetime  # aware UTC
    content: bytes | None


def read_answer(lines: Sequence[Line]) -> Iterator[Fetched]:
    """The mails of an answer. UID and date may stand before or behind the literal; both are read from its own pair."""
    for told, content in _grouped(lines):
        uid = _UID.search(told)
        if uid:
            yield Fetched(int(uid.group(1)), _size(told), _received_at(told), content)


def chunks(sizes: Mapping[int, int], most_bytes: int, most: int = 100) -> Iterator[list[int]]:
    """UIDs in order, at most `most` and together at most `most_bytes`; a larger mail stands alone."""
    chunk: list[int] = []
    total = 0
    for uid, size in sizes.items():
        if chunk and (len(chunk) >= most or total + size > most_bytes):
            yield chunk
            chunk, total = [], 0
        chunk.append(uid)
        total += size
    if chunk:
        yield chunk


def _grouped(lines: Sequence[Line]) -> Iterator[tuple[bytes, bytes | None]]:
    """(everything told about one mail, its literal)."""
    told, content, started = b"", None, False
    for line in lines:
        if isinstance(line, bytes) and not _START.match(line):
            told += b" " + line
            continue
        if started:
            yield told, _or_quoted(told, content)
        if line is None:
            told, content, started = b"", None, False
            continue
        told, content = (line, None) if isinstance(line, bytes) else (line[0], line[1])
        started = True
    if started:
        yield told, _or_quoted(told, content)


def _or_quoted(told: bytes, content: bytes | None) -> bytes | None:
    quoted = _QUOTED_BODY.search(told) if content is None else None
    return re.sub(rb"\\(.)", rb"\1", quoted.group(1)) if quoted else content


def _size(told: bytes) -> int:
    match = _SIZE.search(told)
    return int(match.group(1)) if match else 0


def _received_at(told: bytes) -> datetime:
    match = _DATE.search(told)
    try:
        return parsedate_to_datetime(match.group(1).decode("ascii")).astimezone(UTC) if match else datetime.now(UTC)
    except (ValueError, OverflowError):
        # A server without a sensible date: the mail has just been seen.
        return datetime.now(UTC)
