"""What a customer agreed to: noted as it was said, taken back the same way, never assumed.

A survey by mail is advertising, too (BGH VI ZR 225/17, § 174 TKG 2021, Art. 3 (1) (o) UWG CH): each needs a consent of
its own, and «Werbesperre» beats all of them. Theke writes neither; whom one may call for it says rules/occasions.
"""

from __future__ import annotations

import data.consents
import data.customers
from data.consents import Consent
from data.records import Actor
from services.customers import require_kept
from services.errors import InvalidInputError
from services.shop import Shop
from services.typed import needed_line

ADS, SURVEY = "ads", "survey"
KINDS = (ADS, SURVEY)
HOW_LENGTH = 300


def note_consent(shop: Shop, actor: Actor, customer_id: int, kind: str, *, given: bool, how: str) -> int:
    """Add a line to the customer's log: what they agreed to, or took back, and `how` they said it; its id.

    Raises NotFoundError, and InvalidInputError for another kind or without words: who asks for proof gets these.
    """
    if kind not in KINDS:
        raise InvalidInputError("Bitte wählen Sie, worum es geht.")
    words = needed_line(how, "Bitte schreiben Sie, wie die Person das gesagt hat.", HOW_LENGTH)
    with shop.store.write() as tx:
        customer = require_kept(tx, customer_id)
        line = {"customer_id": customer.id, "kind": kind, "given": given, "how": words}
        return data.consents.insert_consent(tx, {**line, "staff_id": actor.staff_id, "noted_at": shop.now()})


def list_consents(shop: Shop, actor: Actor, customer_id: int) -> list[Consent]:
    """The customer's log, newest first; that of the card into which this one went."""
    return data.consents.list_consents(shop.store, data.customers.kept_id(shop.store, customer_id))
