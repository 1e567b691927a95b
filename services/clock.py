"""The bridge between the stored messages and the pure waiting rule; every service that adds a message calls it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import data.inquiries
from data.inquiries import Entry
from data.records import InquiryState
from data.store import Transaction
from services.rules.waiting import Happening, HappeningKind, replay


def refresh_clock(tx: Transaction, inquiry_id: int) -> None:
    """Derive waiting_since and its sisters anew, in the transaction that changed the conversation."""
    refresh_clocks(tx, [inquiry_id])


def refresh_clocks(tx: Transaction, inquiry_ids: Iterable[int]) -> None:
    """The same for many at once."""
    data.inquiries.refresh_clocks(tx, inquiry_ids, derive_columns)


def derive_columns(entries: list[Entry], started_by: str) -> dict[str, Any]:
    """The derived columns of an inquiry as the rule sees them; a conversation of machines alone has no clock."""
    happenings = [
        Happening(e.id, HappeningKind(e.kind), e.happened_at, e.detail, e.stream, e.counted_at) for e in entries
    ]
    clock = replay(happenings, started_by=started_by)
    only_machines = started_by == "machine" and not happenings
    return {
        "state": InquiryState.MACHINE if only_machines else clock.state,
        "waiting_since": clock.waiting_since,
        "contacts_waiting": clock.contacts_waiting,
        "first_contact_at": clock.first_contact_at,
        "first_response_at": clock.first_response_at,
        "closed_at": clock.closed_at,
        "close_reason": clock.close_reason,
        "reopened": clock.reopened,
    }
