"""What can be booked, who and what is needed for it, and when they are away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import data.offerings
from data.booking_records import Block, Offering, Resource, ResourceKind
from data.offerings import Groups, Week
from data.records import Actor, Staff, StaffRole
from data.store import Reader, Transaction
from services.errors import InvalidInputError, NotFoundError, require
from services.offering_texts import NOBODY, THINGS, OfferingText, starting_offerings
from services.settings import is_day
from services.shop import Shop
from services.staff import list_staff, require_owner
from services.typed import HIGHEST_PRICE, NO_PRICE, needed_line, one_line, short_line

MOST_GROUPS = 3
MOST_CHOICES = 12
_CHOICE_LENGTH = 80
_HOUR = 60
_DAY = 24 * _HOUR
_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "description": "",
        "duration": 30,
        "buffer_before": 0,
        "buffer_after": 0,
        "step": 30,
        "price_cents": None,
        "online": True,
        "instant": True,
        "notice_minutes": 4 * _HOUR,
        "horizon_days": 60,
        "cancel_minutes": 2 * _HOUR,
        "daily_limit": 0,
        "bring": "",
        "question": "",
        "choices": "",
        "follow_up_days": 0,
        "repeat_months": 0,
    }
)
_NO_PRICES: Mapping[str, int] = MappingProxyType({})
GONE = "Diese Leistung gibt es nicht mehr."
RESOURCE_GONE = "Diesen Eintrag gibt es nicht mehr."


def list_offerings(db: Reader, *, online_only: bool = False) -> list[Offering]:
    """The offerings in the shop's order; `online_only` leaves out what customers cannot book by themselves."""
    return data.offerings.list_offerings(db, online_only=online_only)


def read_offering(db: Reader, offering_id: int) -> Offering | None:
    """The offering, also one that was taken off (`active` is False), or None."""
    return data.offerings.read_offering(db, offering_id)


def require_offering(db: Reader, offering_id: int) -> Offering:
    """An offering that can be booked now; NotFoundError when there is none or it was taken off."""
    offering = require(data.offerings.read_offering(db, offering_id), GONE)
    if not offering.active:
        raise NotFoundError(GONE)
    return offering


def list_resources(db: Reader) -> list[Resource]:
    """Who and what can be needed: persons first, then things."""
    return data.offerings.list_resources(db)


def offering_fields(offering: Offering | None) -> dict[str, Any]:
    """The fields that `save_offering` takes, as they are; of a new offering as they begin."""
    if offering is None:
        return {"name": "", "groups": (), **_DEFAULTS}
    return {name: getattr(offering, name) for name in ("name", "groups", *_DEFAULTS)}


def save_offering(shop: Shop, actor: Actor, offering_id: int | None, **fields: Any) -> int:  # noqa: ANN401
    """Change the given fields of an offering, or add one when `offering_id` is None; its id.

    Fields are those of `Offering`, without id, position and active. Bookings made before keep their time and price.
    Raises NotAllowedError, NotFoundError, InvalidInputError.
    """
    require_owner(actor)
    if unknown := set(fields) - {"groups", *_CHECKS}:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    with shop.store.write() as tx:
        known = None if offering_id is None else require_offering(tx, offering_id)
        wanted = {**offering_fields(known), **fields}
        values, groups = _checked(wanted), _checked_groups(tx, wanted["groups"])
        _refuse_namesake(values["name"], {one.id: one.name for one in list_offerings(tx)}, offering_id)
        if offering_id is None:
            return data.offerings.insert_offering(tx, values, groups)
        data.offerings.change_offering(tx, offering_id, values)
        data.offerings.change_groups(tx, offering_id, groups)
    return offering_id


def move_offering(shop: Shop, actor: Actor, offering_id: int, by: int) -> None:
    """Move an offering by so many places in the list, up where `by` is negative. Raises NotAllowedError."""
    require_owner(actor)
    with shop.store.write() as tx:
        order = [one.id for one in list_offerings(tx)]
        if offering_id not in order:
            return
        place = max(0, order.index(offering_id) + by)
        order.remove(offering_id)
        order.insert(place, offering_id)
        data.offerings.put_in_order(tx, order)


def drop_offering(shop: Shop, actor: Actor, offering_id: int) -> None:
    """Take an offering off; bookings of it stay. Harmless when it is off. Raises NotAllowedError."""
    require_owner(actor)
    with shop.store.write() as tx:
        data.offerings.change_offering(tx, offering_id, {"active": False})


def save_resource(
    shop: Shop, actor: Actor, resource_id: int | None, *, name: str, kind: ResourceKind, week: Week = ()
) -> int:
    """Change a resource, or add one when `resource_id` is None; its id.

    `week` are its own hours, seven days in minutes after local midnight, () = the shop's.
    Raises NotAllowedError, NotFoundError, InvalidInputError.
    """
    require_owner(actor)
    name = needed_line(name, "Wie heißt die Person oder das Gerät? Der Name fehlt noch.", 80)
    _check_week(week)
    with shop.store.write() as tx:
        names = {one.id: one.name for one in list_resources(tx)}
        if resource_id is not None and resource_id not in names:
            raise NotFoundError(RESOURCE_GONE)
        _refuse_namesake(name, names, resource_id)
        if resource_id is None:
            return data.offerings.insert_resource(tx, kind=kind, name=name, week=week)
        values = {"name": name, "kind": kind, "week": data.offerings.week_to_text(week)}
        data.offerings.change_resource(tx, resource_id, values)
    return resource_id


def drop_resource(shop: Shop, actor: Actor, resource_id: int) -> None:
    """Take a resource off; offerings go on with the others of their groups. Harmless when it is off.

    Raises NotAllowedError, and InvalidInputError while an offering could not do without it or a booking holds it.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        needing = [one.name for one in list_offerings(tx) if not _enough(_without(one.groups, resource_id))]
        if needing:
            raise InvalidInputError("Ohne diesen Eintrag geht es nicht bei: {names}", names=", ".join(needing))
        if data.offerings.is_held(tx, resource_id, shop.now()):
            raise InvalidInputError("Dafür sind noch Termine eingetragen. Bitte verschieben Sie diese zuerst.")
        data.offerings.leave_groups(tx, resource_id)
        data.offerings.change_resource(tx, resource_id, {"active": False})


def list_blocks(db: Reader, start: datetime, end: datetime) -> list[Block]:
    """Absences that touch [start, end), the earliest first."""
    return data.offerings.list_blocks(db, start, end)


def add_block(
    shop: Shop, actor: Actor, resource_id: int | None, starts_at: datetime, ends_at: datetime, label: str
) -> int:
    """Note when a resource is away (None: all of them); its id. Bookings that stand stay as they are.

    Raises NotFoundError, and InvalidInputError when it ends before it begins.
    """
    if ends_at <= starts_at:
        raise InvalidInputError("Das Ende muss nach dem Anfang liegen.")
    words = short_line(label)
    with shop.store.write() as tx:
        if resource_id is not None and resource_id not in {one.id for one in list_resources(tx)}:
            raise NotFoundError(RESOURCE_GONE)
        when = {"starts_at": starts_at, "ends_at": ends_at, "label": words}
        values = {"resource_id": resource_id, "staff_id": actor.staff_id, **when}
        return data.offerings.insert_block(tx, values, shop.now())


def drop_block(shop: Shop, actor: Actor, block_id: int) -> None:
    """Take an absence back; harmless when it is gone."""
    with shop.store.write() as tx:
        data.offerings.delete_block(tx, block_id)


def seed_offerings(
    tx: Transaction,
    now: datetime,
    country: str,
    trade: str,
    *,
    prices: Mapping[str, int] = _NO_PRICES,
    on_request: Collection[str] = (),
) -> int:
    """Put in what a new shop of this trade has on offer, unless it ever had an offering; how many.

    Persons are those of the team who are not owners. `prices` in cents by the offering's name; others have none. Those
    named in `on_request` stand only when the shop has said yes.
    """
    if data.offerings.has_offerings(tx):
        return 0
    persons = _insert_resources(tx, ResourceKind.PERSON, _first_names(list_staff(tx)) or [NOBODY[trade]])
    things = _insert_resources(tx, ResourceKind.THING, THINGS[trade])
    texts = starting_offerings(country, trade)
    for text in texts:
        values = {**_DEFAULTS, **_fields_of_text(text), "price_cents": prices.get(text.name)}
        values["instant"] = text.name not in on_request
        data.offerings.insert_offering(tx, values, (persons, things) if text.thing else (persons,))
    return len(texts)


def _insert_resources(tx: Transaction, kind: ResourceKind, names: Sequence[str]) -> tuple[int, ...]:
    return tuple(data.offerings.insert_resource(tx, kind=kind, name=name) for name in names)


def _first_names(staff: Sequence[Staff]) -> list[str]:
    """First names of those who are not owners; whole names where two share the first one."""
    names = [person.name for person in staff if person.active and person.role is not StaffRole.OWNER]
    count = Counter(name.split()[0] for name in names)
    return [name.split()[0] if count[name.split()[0]] == 1 else name for name in names]


def _fields_of_text(text: OfferingText) -> dict[str, Any]:
    return {
        "name": text.name,
        "description": text.description,
        "duration": text.duration,
        "step": text.step,
        "buffer_after": text.buffer_after,
        "bring": text.bring,
        "question": text.question,
        "choices": text.choices,
        "repeat_months": text.repeat_months,
    }


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: check(fields[name]) for name, check in _CHECKS.items()}
    if values["choices"] and not values["question"]:
        raise InvalidInputError("Zu diesen Antworten fehlt noch die Frage.")
    return values


def _checked_groups(db: Reader, wanted: Sequence[Sequence[int]]) -> Groups:
    known = {resource.id for resource in list_resources(db)}
    groups = tuple(tuple(dict.fromkeys(one for one in group if one in known)) for group in wanted if group)
    if not groups or not all(groups):
        raise InvalidInputError("Wer oder was wird gebraucht? Bitte wählen Sie mindestens einen Eintrag.")
    if len(groups) > MOST_GROUPS:
        raise InvalidInputError("Mehr als {limit} Dinge zugleich kann ein Termin nicht brauchen.", limit=MOST_GROUPS)
    if not _enough(groups):
        raise InvalidInputError("Dasselbe wird zweimal gebraucht. Bitte wählen Sie für jede Zeile etwas anderes dazu.")
    return groups


def _without(groups: Groups, resource_id: int) -> Groups:
    return tuple(tuple(one for one in group if one != resource_id) for group in groups)


def _enough(groups: Groups, used: frozenset[int] = frozenset()) -> bool:
    """Whether every group can have a resource of its own at the same time."""
    if not groups:
        return True
    return any(_enough(groups[1:], used | {one}) for one in groups[0] if one not in used)


def _check_week(week: Week) -> None:
    if week and (len(week) != 7 or not all(map(is_day, week))):
        raise InvalidInputError("Diese Zeiten überschneiden sich oder enden vor ihrem Anfang.")


def _refuse_namesake(name: str, names: Mapping[int, str], but: int | None) -> None:
    if name.casefold() in {known.casefold() for ident, known in names.items() if ident != but}:
        raise InvalidInputError("Diesen Namen gibt es hier schon. Ein Zusatz hilft.")


def _text(limit: int) -> Callable[[str], str]:
    return lambda value: short_line(value, limit)


def _number(least: int, most: int, sentence: str, *, step: int = 1) -> Callable[[object], int]:
    def check(value: object) -> int:
        if type(value) is not int or not least <= value <= most or value % step:
            raise InvalidInputError(sentence)
        return value

    return check


def _price(value: object) -> int | None:
    if value is None:
        return None
    return _number(0, HIGHEST_PRICE, NO_PRICE)(value)


def _choices(value: str) -> str:
    lines = list(dict.fromkeys(filter(None, map(one_line, value.splitlines()))))
    if len(lines) == 1:
        raise InvalidInputError("Zum Auswählen braucht es mindestens zwei Antworten, jede in einer eigenen Zeile.")
    if len(lines) > MOST_CHOICES:
        raise InvalidInputError("Mehr als {limit} Antworten liest niemand. Bitte kürzen Sie.", limit=MOST_CHOICES)
    return "\n".join(short_line(line, _CHOICE_LENGTH) for line in lines)


_FIVE = "Puffer gehen in Schritten von fünf Minuten, höchstens vier Stunden."
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: needed_line(value, "Wie heißt die Leistung? Der Name fehlt noch."),
    "description": _text(500),
    "duration": _number(5, _DAY, "Die Dauer geht in Schritten von fünf Minuten, höchstens ein Tag.", step=5),
    "buffer_before": _number(0, 4 * _HOUR, _FIVE, step=5),
    "buffer_after": _number(0, 4 * _HOUR, _FIVE, step=5),
    "step": _number(5, 4 * _HOUR, "Termine beginnen alle 5 Minuten bis alle 4 Stunden.", step=5),
    "price_cents": _price,
    "online": bool,
    "instant": bool,
    "notice_minutes": _number(0, 60 * _DAY, "Die Vorlaufzeit ist höchstens 60 Tage."),
    "horizon_days": _number(1, 365, "Buchen kann man 1 bis 365 Tage im Voraus."),
    "cancel_minutes": _number(0, 14 * _DAY, "Die Frist zum Absagen ist höchstens 14 Tage lang."),
    "daily_limit": _number(0, 500, "An einem Tag gehen höchstens 500 Termine. 0 heißt: so viele, wie Platz haben."),
    "bring": _text(500),
    "question": _text(200),
    "choices": _choices,
    "follow_up_days": _number(0, 365, "Nachfragen kann man 1 bis 365 Tage danach. 0 heißt: gar nicht."),
    "repeat_months": _number(0, 120, "Wieder fällig wird etwas nach 1 bis 120 Monaten. 0 heißt: nie."),
}
