"""Senders whose mail is never a customer's: who they are, and letting one in again."""

from __future__ import annotations

import data.mails
from data.records import Actor
from services.shop import Shop


def list_ignored_senders(shop: Shop, actor: Actor) -> list[str]:
    """Their addresses, in order."""
    return data.mails.list_ignored(shop.store)


def allow_sender(shop: Shop, actor: Actor, address: str) -> None:
    """From now on mail of this sender comes into the list again; what was put aside stays so."""
    with shop.store.write() as tx:
        data.mails.forget_ignored(tx, address)
