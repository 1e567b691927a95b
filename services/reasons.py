"""What contacts are about: a list per trade to begin with, which the shop edits."""

from __future__ import annotations

import data.wrap_ups
from data.records import Actor
from data.report_records import Intent
from data.store import Reader, Store, Transaction
from data.wrap_ups import Reason
from services.errors import InvalidInputError, NotFoundError
from services.reason_texts import starting_reasons
from services.settings import is_set_up, shop_settings
from services.shop import Shop
from services.staff import require_owner
from services.typed import needed_line

MOST_MINUTES = 240
_NAME_LENGTH = 60
GONE = "Diesen Grund gibt es nicht mehr."


def list_reasons(db: Reader, *, chosen: int | None = None) -> list[Reason]:
    """The reasons that can be chosen, in the shop's order; the `chosen` one also when it was taken off."""
    return [one for one in data.wrap_ups.list_reasons(db, also_gone=True) if one.active or one.id == chosen]


def require_reason(db: Reader, reason_id: int) -> Reason:
    """A reason that can be chosen; NotFoundError when there is none or it was taken off."""
    reason = data.wrap_ups.read_reason(db, reason_id)
    if reason is None or not reason.active:
        raise NotFoundError(GONE)
    return reason


def save_reason(shop: Shop, actor: Actor, reason_id: int | None, *, name: str, intent: Intent, minutes: int) -> int:
    """Change a reason, or add one when `reason_id` is None; its id. `minutes` is what one such contact takes.

    A name that was taken off comes back with all that was recorded under it. Raises NotAllowedError, NotFoundError,
    InvalidInputError.
    """
    require_owner(actor)
    name = needed_line(name, "Worum geht es? Der Name fehlt noch.", _NAME_LENGTH)
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidInputError("Ein Kontakt dauert 1 bis {limit} Minuten.", limit=MOST_MINUTES)
    with shop.store.write() as tx:
        if reason_id is not None:
            require_reason(tx, reason_id)
        namesake = _namesake(tx, name, reason_id)
        if namesake is not None and namesake.active:
            raise InvalidInputError("Diesen Grund gibt es schon.")
        if namesake is not None and reason_id is not None:
            raise InvalidInputError("Diesen Grund gab es schon einmal. Tragen Sie ihn neu ein, dann kommt er zurück.")
        ident = namesake.id if namesake else reason_id
        if ident is None:
            return data.wrap_ups.insert_reason(tx, name=name, intent=intent, minutes=minutes)
        changes = {"name": name, "intent": intent, "minutes": minutes, "active": True}
        data.wrap_ups.change_reason(tx, ident, changes)
    return ident


def _namesake(db: Reader, name: str, but: int | None) -> Reason | None:
    """Another reason of this name, also one that was taken off."""
    others = (one for one in data.wrap_ups.list_reasons(db, also_gone=True) if one.id != but)
    return next((one for one in others if one.name.casefold() == name.casefold()), None)


def drop_reason(shop: Shop, actor: Actor, reason_id: int) -> None:
    """Take a reason off; what was recorded under it stays. Harmless when it is off. Raises NotAllowedError."""
    require_owner(actor)
    with shop.store.write() as tx:
        data.wrap_ups.change_reason(tx, reason_id, {"active": False})


def seed_reasons(tx: Transaction, trade: str) -> int:
    """Put in what a new shop of this trade begins with, unless it ever had a reason; how many."""
    if data.wrap_ups.has_reasons(tx):
        return 0
    texts = starting_reasons(trade)
    for text in texts:
        data.wrap_ups.insert_reason(tx, name=text.name, intent=text.intent, minutes=text.minutes)
    return len(texts)


def give_reasons(store: Store) -> None:
    """Give a shop that was set up before there were reasons those of its trade; any other is left alone.

    Done when the shop is opened, right after its database was changed to hold them: so no screen has to write before it
    can show a list.
    """
    if data.wrap_ups.has_reasons(store) or not is_set_up(store):
        return
    with store.write() as tx:
        seed_reasons(tx, shop_settings(tx).trade)
