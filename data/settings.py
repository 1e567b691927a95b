"""The shop's settings: one row a name, the value as JSON text that only services.settings reads."""

from __future__ import annotations

from datetime import datetime

from data.store import Reader, Transaction


def read_settings(db: Reader) -> dict[str, str]:
    """All settings by name."""
    return {str(name): str(value) for name, value in db.read("SELECT name, value FROM setting")}


def read_setting(db: Reader, name: str) -> str | None:
    """One setting, or None when it was never set."""
    rows = db.read("SELECT value FROM setting WHERE name = $name", {"name": name})
    return str(rows[0][0]) if rows else None


def changed_at(db: Reader, name: str) -> datetime | None:
    """When a setting was set last, or None."""
    rows = db.read("SELECT changed_at FROM setting WHERE name = $name", {"name": name})
    return rows[0][0] if rows else None


def write_setting(tx: Transaction, name: str, value: str, now: datetime) -> None:
    """Set one setting, whether it was there or not."""
    tx.run(
        """INSERT INTO setting (name, value, changed_at) VALUES ($name, $value, $now)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at""",
        {"name": name, "value": value, "now": now},
    )


def drop_setting(tx: Transaction, name: str) -> None:
    """Forget one setting; harmless when it was never set."""
    tx.run("DELETE FROM setting WHERE name = $name", {"name": name})
