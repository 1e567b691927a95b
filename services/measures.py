"""Measures: what the shop changes to get better, and on which figure that should show."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import data.measures
from data.records import Actor
from data.report_records import Measure
from data.store import Reader
from services.errors import InvalidInputError, require
from services.rules.standings import COMPARABLE
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_active, require_owner
from services.typed import needed_line

TITLE_LENGTH = 120
_FIGURES = frozenset(COMPARABLE)


def add_measure(
    shop: Shop,
    actor: Actor,
    *,
    title: str,
    figure: str,
    staff_id: int | None,
    begins_on: date,
    due_on: date | None,
) -> int:
    """Note a measure; its id. `figure` is one that can be compared, or ''; days are the shop's local ones.

    Raises NotAllowedError, NotFoundError for a person who does not work here, InvalidInputError for what cannot be.
    """
    require_owner(actor)
    values = {
        "title": needed_line(title, "Was ändern Sie? Ein paar Worte genügen.", TITLE_LENGTH),
        "figure": _checked_figure(figure),
        "staff_id": staff_id,
        "begins_on": begins_on,
        "due_on": due_on,
    }
    if due_on is not None and due_on < begins_on:
        raise InvalidInputError("Der letzte Tag liegt vor dem ersten.")
    with shop.store.write() as tx:
        if staff_id is not None:
            require_active(tx, staff_id)
        return data.measures.insert_measure(tx, values, shop.now())


def end_measure(shop: Shop, actor: Actor, measure_id: int, on: date) -> None:
    """The measure ends with the local day `on`, one that has not begun yet with its first; harmless when it has ended.

    Raises NotAllowedError, NotFoundError.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        measure = require(data.measures.read_measure(tx, measure_id), "Diese Maßnahme gibt es nicht mehr.")
        data.measures.end_measure(tx, measure.id, max(on, measure.begins_on))


def list_measures(db: Reader, first: date, last: date) -> list[Measure]:
    """Measures that ran on one of the local days `first` to `last`, the newest first."""
    return data.measures.list_measures(db, first, last)


def running_measures(db: Reader, today: date) -> list[Measure]:
    """Measures that have not ended, the newest first; also those that begin later."""
    return [each for each in data.measures.list_measures(db, today, date.max) if each.ended_on is None]


def today_of(shop: Shop) -> date:
    """The shop's local day now."""
    return shop.now().astimezone(ZoneInfo(shop_settings(shop.store).hours.zone)).date()


def _checked_figure(figure: str) -> str:
    if figure and figure not in _FIGURES:
        raise InvalidInputError("Diese Kennzahl gibt es nicht.")
    return figure
