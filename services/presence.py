"""Who has an inquiry open right now: kept in memory, because it is only true for seconds."""

from __future__ import annotations

from datetime import timedelta

from data.records import Actor, Staff
from services.shop import Shop

FRESH = timedelta(seconds=45)


def note_presence(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """This person looks at this inquiry now."""
    now = shop.now()
    shop.present = {key: seen for key, seen in shop.present.items() if now - seen < FRESH}
    shop.present[(inquiry_id, actor.staff_id)] = now


def others_present(shop: Shop, actor: Actor, inquiry_id: int, people: list[Staff]) -> list[str]:
    """Names of the others who had this inquiry open within the last 45 seconds."""
    now = shop.now()
    here = {
        staff_id
        for (inquiry, staff_id), seen in shop.present.items()
        if inquiry == inquiry_id and staff_id != actor.staff_id and now - seen < FRESH
    }
    return [person.name for person in people if person.id in here]
