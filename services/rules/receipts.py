"""Whether an automatic receipt goes out: the rules that keep two machines from talking to each other for ever.

Source: RFC 3834, and what shared inboxes learned the hard way: at most one per person and day, few an hour, none to
machines, lists and ourselves, and none where somebody writes by the dozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ONCE_IN = timedelta(hours=24)
MOST_AN_HOUR = 20
LATEST = timedelta(hours=1)  # after Theke knew of the inquiry
MANY_IN = timedelta(minutes=10)
MANY = 10  # so many of one address within `MANY_IN` are a person's; more are none
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})


class ReceiptFate(StrEnum):
    """What was decided about a receipt: that it was written, or why it was left out."""

    WRITTEN = "written"
    RECENT = "recent"  # this person had one within a day
    MANY = "many"  # too many in this hour, or too many from this address at once
    MACHINE = "machine"  # or what may be one
    LOOP = "loop"  # it answers an automatic mail of ours
    OWN = "own"  # it would go to ourselves, or nowhere
    BY_HAND = "by_hand"  # somebody dropped the mail as a file: a person has it before them
    CALL_ONLY = "call_only"  # the card says «nur Telefon»: no mail to this person
    LATE = "late"  # the inquiry is old, or the promised time would be over


@dataclass(frozen=True)
class ReceiptFacts:
    """What is known of an inquiry at the moment of deciding."""

    address: str  # whom the receipt would go to, as `normal_address` gives it; '' for nobody
    own: frozenset[str]  # addresses of the shop, likewise
    is_person: bool  # no sign at all of a machine, a list or a spammer
    answers_ours: bool  # the mail answers an automatic mail of ours
    known_for: timedelta  # since Theke knows of the inquiry
    has_time: bool  # the time that the receipt would promise is still to come
    from_address: int  # mails of this address within `MANY_IN`
    to_address: int  # receipts to this address within `ONCE_IN`
    this_hour: int  # receipts to everybody
    by_hand: bool = False  # somebody dropped the mail as a file
    call_only: bool = False  # the card says «nur Telefon»


def receipt_verdict(facts: ReceiptFacts) -> ReceiptFate:
    """What is to be done; the reason that says most comes first."""
    if not facts.address or facts.address in facts.own:
        return ReceiptFate.OWN
    if not facts.is_person:
        return ReceiptFate.MACHINE
    if facts.answers_ours:
        return ReceiptFate.LOOP
    if facts.by_hand:
        return ReceiptFate.BY_HAND
    if facts.call_only:
        return ReceiptFate.CALL_ONLY
    if facts.known_for > LATEST or not facts.has_time:
        return ReceiptFate.LATE
    if facts.to_address:
        return ReceiptFate.RECENT
    if facts.from_address > MANY or facts.this_hour >= MOST_AN_HOUR:
        return ReceiptFate.MANY
    return ReceiptFate.WRITTEN


def normal_address(address: str) -> str:
    """The person behind an address: lower case, without «+anything», a domain in ASCII; '' for what is none."""
    local, at, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii") if not domain.isascii() else domain.rstrip(".")
    except UnicodeError:
        return ""
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local and at and domain else ""
