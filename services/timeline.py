"""A customer's history over all channels: what was written, said, booked, wished and rated (S2-2, S1-3)."""

from __future__ import annotations

from dataclasses import dataclass

import data.customers
import data.timeline
from data.records import Actor
from data.timeline import Contact, TimelineEntry
from services.shop import Shop

PAGE = 50
LAST = 3  # visits beside a reply


@dataclass(frozen=True)
class Timeline:
    """The newest entries, and whether there are older ones."""

    entries: list[TimelineEntry]
    more: bool


def customer_timeline(shop: Shop, actor: Actor, customer_id: int, *, limit: int = PAGE) -> Timeline:
    """The newest `limit` entries of the customer, the newest first; what is still to come stands on top."""
    kept = data.customers.kept_id(shop.store, customer_id)
    entries = data.timeline.list_entries(shop.store, kept, limit + 1)
    return Timeline(entries[:limit], len(entries) > limit)


def last_contacts(shop: Shop, actor: Actor, customer_id: int, *, without: int = 0) -> list[Contact]:
    """The last three bookings and conversations before now, without the inquiry one is in, the newest first."""
    return data.timeline.last_contacts(shop.store, customer_id, shop.now(), without=without, limit=LAST)
