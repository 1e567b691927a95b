"""Which lines of a conversation belong on one customer's page, when inquiries were merged.

Merging is a decision of the shop, and two people may have asked: each page keeps the lines of its own stream. What is
said after the merge belongs to it as well where it went to, or came from, the address of that page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Merge:
    """From then on the stream `gone` went on in `into`."""

    gone: int
    into: int
    happened_at: datetime


@dataclass(frozen=True)
class Said:
    """What the rule needs to know of a line. `other`: the customer's side of a mail, '' where nobody knows it."""

    stream: int
    happened_at: datetime
    other: str
    is_form: bool


def belongs(own: int, address: str, merges: Iterable[Merge], *, same_person: bool) -> Callable[[Said], bool]:
    """Whether a line belongs on the page of stream `own` at the mail `address`.

    `same_person`: all that was merged is one customer's. Without a merge every line of the stream belongs there.
    """
    ordered = sorted(merges, key=lambda merge: merge.happened_at)

    def is_ours(said: Said) -> bool:
        before = [merge for merge in ordered if merge.happened_at < said.happened_at]
        if said.stream == own and (said.is_form or not any(own in {merge.gone, merge.into} for merge in before)):
            return True
        if said.stream not in {own, _now(own, before)} or said.is_form:
            return False
        if said.other:
            return said.other.lower() == address.lower()
        return same_person

    return is_ours


def _now(own: int, before: list[Merge]) -> int:
    """The stream in which `own` goes on after these merges."""
    stream = own
    for merge in before:
        stream = merge.into if merge.gone == stream else stream
    return stream
