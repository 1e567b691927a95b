"""What customers agreed to and what they took back: a log in which nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.store import Reader, Transaction


@dataclass(frozen=True)
class Consent:
    """One line of the log."""

    id: int
    kind: str  # 'ads' or 'survey'
    given: bool  # False: taken back
    how: str  # where and in which words
    staff_name: str  # who wrote it down, '' for the customer alone
    noted_at: datetime


def insert_consent(tx: Transaction, values: dict[str, Any]) -> int:
    """A new line of the log; its id. `values` needs customer_id, kind, given, how, staff_id and noted_at."""
    consent_id = tx.new_id()
    tx.insert("consent", {"id": consent_id, **values})
    return consent_id


def list_consents(db: Reader, customer_id: int) -> list[Consent]:
    """The customer's log, newest first."""
    sql = """SELECT k.id, k.kind, k.given, k.how, coalesce(s.name, '') AS staff_name, k.noted_at
             FROM consent k LEFT JOIN staff s ON s.id = k.staff_id
             WHERE k.customer_id = $id ORDER BY k.noted_at DESC, k.id DESC"""
    return db.read_as(Consent, sql, {"id": customer_id})
