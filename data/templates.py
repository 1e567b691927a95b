"""Templates of replies. A deleted one stays as an inactive row, so that nothing brings it back."""

from __future__ import annotations

from datetime import datetime

from data.records import Template
from data.store import Reader, Transaction

_COLUMNS = "id, code, name, subject, body, position, active"


def list_templates(db: Reader) -> list[Template]:
    """The active ones in the shop's order."""
    return db.read_as(Template, f"SELECT {_COLUMNS} FROM template WHERE active ORDER BY position, id")


def read_template(db: Reader, template_id: int) -> Template | None:
    """The active template, or None."""
    sql = f"SELECT {_COLUMNS} FROM template WHERE id = $id AND active"
    found = db.read_as(Template, sql, {"id": template_id})
    return found[0] if found else None


def list_codes(db: Reader) -> set[str]:
    """The codes of all templates that ever were, deleted ones too."""
    return {str(row[0]) for row in db.read("SELECT code FROM template")}


def insert_template(tx: Transaction, *, code: str, name: str, subject: str, body: str, now: datetime) -> int:
    """A new template at the end of the list; its id."""
    template_id = tx.new_id()
    last = tx.read("SELECT coalesce(max(position), 0) FROM template")[0][0]
    tx.insert(
        "template",
        {
            "id": template_id,
            "code": code,
            "name": name,
            "subject": subject,
            "body": body,
            "position": int(last) + 1,
            "active": True,
            "changed_at": now,
        },
    )
    return template_id


def change_template(tx: Transaction, template_id: int, *, name: str, subject: str, body: str, now: datetime) -> bool:
    """Whether there was an active template to change."""
    sql = """UPDATE template SET name = $name, subject = $subject, body = $body, changed_at = $now
             WHERE id = $id AND active"""
    return tx.run(sql, {"id": template_id, "name": name, "subject": subject, "body": body, "now": now}) > 0


def deactivate_template(tx: Transaction, template_id: int, now: datetime) -> bool:
    """Whether there was an active template to take off the list."""
    sql = "UPDATE template SET active = false, changed_at = $now WHERE id = $id AND active"
    return tx.run(sql, {"id": template_id, "now": now}) > 0
