"""What the demo's shop knows of its customers: told once, on their cards."""

from __future__ import annotations

from typing import Any

import data.demo
from data.demo import Known
from data.records import Actor
from services.consents import ADS, SURVEY, note_consent
from services.customers import change_customer, find_customers, find_or_add_customer
from services.settings import shop_settings
from services.shop import Shop


def know_customers(shop: Shop, actor: Actor) -> None:
    """Fill in the cards of some, and add a second one of somebody who called after writing."""
    for known in data.demo.KNOWN:
        _tell(shop, actor, known)
    name, phone = data.demo.SECOND_CARD
    with shop.store.write() as tx:
        find_or_add_customer(tx, shop_settings(tx).country, name=name, reach=phone, now=shop.now())


def _tell(shop: Shop, actor: Actor, known: Known) -> None:
    customer_id = _find(shop, actor, known.name)
    sender = _find(shop, actor, known.sent_by) if known.sent_by else None
    likes, preferred = known.likes, known.preferred
    form = "du" if known.familiar else "sie"
    told: dict[str, Any] = {"likes": likes, "preferred": preferred, "form_of_address": form, "referred_by": sender}
    change_customer(shop, actor, customer_id, contact=known.contact, **told)
    for kind, how in ((SURVEY, known.survey), (ADS, known.reminded)):
        if how:
            note_consent(shop, actor, customer_id, kind, given=True, how=how)


def _find(shop: Shop, actor: Actor, name: str) -> int:
    return find_customers(shop, actor, name)[0].customer.id
