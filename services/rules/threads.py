"""What in a mail's head ties it to a conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.records import Channel, Inquiry

_TOKEN = re.compile(r"\[#(\d{1,18})\]")
_PREFIX = re.compile(r"\s*(?:re|aw|antw|antwort|wg|fwd?|sv|tr|rif)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*", re.IGNORECASE)


def match_order(in_reply_to: Sequence[str], references: Sequence[str]) -> tuple[str, ...]:
    """The Message-IDs to look for, nearest relative first: In-Reply-To, then References from the newest."""
    return tuple(dict.fromkeys([*in_reply_to, *reversed(references)]))


def subject_token(subject: str) -> int | None:
    """The inquiry's number in «[#4711]», the last one if there are several; a hint only, anybody can write it."""
    found = _TOKEN.findall(subject)
    return int(found[-1]) if found else None


def plain_subject(subject: str) -> str:
    """The subject without «Re:», «AW:», «WG:», «Fwd:», without the token, on one line."""
    plain = " ".join(_TOKEN.sub(" ", subject).split())
    while match := _PREFIX.match(plain):
        plain = plain[match.end() :]
    return plain.strip()


def matter_of(inquiry: Inquiry) -> str:
    """The matter in words fit for the customer's eyes: a mail's own subject; '' for what we noted for ourselves."""
    return plain_subject(inquiry.subject) if inquiry.channel in {Channel.MAIL, Channel.FORM} else ""
