"""What the shop changed to get better."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from data.report_records import Measure
from data.store import Reader, Transaction

_SELECT = """SELECT m.id, m.title, m.figure, m.staff_id, coalesce(s.name, '') AS staff_name, m.begins_on, m.due_on,
        m.ended_on
    FROM measure m LEFT JOIN staff s ON s.id = m.staff_id"""


def insert_measure(tx: Transaction, values: dict[str, Any], now: datetime) -> int:
    """A new measure; its id."""
    measure_id = tx.new_id()
    tx.insert("measure", {"id": measure_id, "ended_on": None, "created_at": now, **values})
    return measure_id


def read_measure(db: Reader, measure_id: int) -> Measure | None:
    """The measure, or None."""
    found = db.read_as(Measure, f"{_SELECT} WHERE m.id = $id", {"id": measure_id})
    return found[0] if found else None


def end_measure(tx: Transaction, measure_id: int, on: date) -> None:
    """It ends with that local day, unless it has ended before."""
    sql = "UPDATE measure SET ended_on = $day WHERE id = $id AND ended_on IS NULL"
    tx.run(sql, {"id": measure_id, "day": on})


def list_measures(db: Reader, first: date, last: date) -> list[Measure]:
    """Measures that ran on one of the local days `first` to `last`, the newest first."""
    sql = f"""{_SELECT} WHERE m.begins_on <= $last AND coalesce(m.ended_on, $last) >= $first
              ORDER BY m.begins_on DESC, m.id DESC"""
    return db.read_as(Measure, sql, {"first": first, "last": last})
