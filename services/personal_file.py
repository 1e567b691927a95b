"""Everything that is kept about one person, as they may read it (Art. 15 GDPR) and take it along (Art. 20)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import data.customers
import data.privacy
from data.records import Actor, ShopSettings
from services.personal_words import COLUMNS, COUNTS, STATES, TABLES, word_of
from services.privacy import reach_with_sent
from services.rules.prices import show_price
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_owner

_LONG = 90  # signs; what is longer stands as a text of its own
Row = dict[str, Any]
Rows = dict[str, list[Row]]
# What stands below an inquiry, in this order, and below rows of its own.
_OF_INQUIRY = (
    "message", "event", "promise", "pickup", "customer_idea", "wrap_up", "complaint", "praise", "rating", "status_page",
    "receipt",
)  # fmt: skip
_DRAFTS = ("draft", "draft_attachment")
_OF_MESSAGE = ("outbox", "attachment", "calendar_part")
_ON_THEIR_OWN = (
    "customer", "customer_contact", "consent", "booking", "wish", "mail", "ignored_sender", "customer_merge",
    "customer_import_line", "occasion", "disclosure", "erasure",
)  # fmt: skip
_BELOW = {"promise": ("promise_id", ("call_attempt",)), "booking": ("booking_id", ("booking_event",))}


@dataclass(frozen=True)
class Entry:
    """One row: short facts as (label, value), and longer texts."""

    title: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """What belongs together, in the order in which it happened."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PersonalFile:
    """All of it in German; `data` is the same as JSON, by table."""

    name: str
    made_at: str
    sections: tuple[Section, ...]
    data: str


@dataclass(frozen=True)
class _Reader:
    """How values are told."""

    settings: ShopSettings

    def moment(self, value: datetime) -> str:
        """«22.11.2026, 14:30»."""
        return value.astimezone(ZoneInfo(self.settings.hours.zone)).strftime("%d.%m.%Y, %H:%M")

    def value(self, table: str, column: str, value: Any) -> str:  # noqa: ANN401 a cell
        """In words; '' for what says nothing."""
        if isinstance(value, bool):
            return "ja" if value else "nein"
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return value.strftime("%d.%m.%Y")
        if column.endswith("_cents") and isinstance(value, int):
            return show_price(value, self.settings.country)
        if isinstance(value, int) and (column == "id" or column.endswith(("_id", "_by", "stream", "merged_into"))):
            return ""
        if column in COUNTS and not value:
            return ""
        text = "" if value is None else str(value)
        if column == "detail":
            return self.detail(table, text)
        if column == "before":
            return _brought(text)
        return word_of(table, text) if column in STATES else text

    def detail(self, table: str, text: str) -> str:
        """What an event adds: times as people read them, words of the program in words, and no inner number."""
        if text.isdigit():
            return ""
        try:
            return " → ".join(self.moment(datetime.fromisoformat(part)) for part in text.split())
        except ValueError:
            return word_of(table, text)

    def entry(self, table: str, row: Row) -> Entry:
        """One row as it is told."""
        told = [(COLUMNS.get(name, name), self.value(table, name, value)) for name, value in row.items()]
        is_long = {label: len(text) > _LONG or "\n" in text for label, text in told}
        return Entry(
            TABLES[table],
            tuple((label, text) for label, text in told if text and not is_long[label]),
            tuple((label, text) for label, text in told if text and is_long[label]),
        )


def give_personal_file(shop: Shop, actor: Actor, customer_id: int) -> PersonalFile:
    """Everything about the person, to be handed out; that it was is noted. Raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    made = make_personal_file(shop, actor, customer_id)
    with shop.store.write(counts=False) as tx:
        kept = data.customers.kept_id(tx, customer_id)
        data.privacy.insert_disclosure(tx, customer_id=kept, staff_id=actor.staff_id, now=shop.now())
    return made


def make_personal_file(shop: Shop, actor: Actor, customer_id: int) -> PersonalFile:
    """Everything that is kept about the person now. Raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    rows = data.privacy.rows_of_person(shop.store, reach_with_sent(shop, customer_id))
    reader = _Reader(shop_settings(shop.store))
    kept = data.customers.kept_id(shop.store, customer_id)
    name = next((str(row["name"]) for row in rows["customer"] if row["id"] == kept), "")
    sections = tuple(section for section in _sections(reader, rows) if section.entries)
    told = json.dumps(rows, ensure_ascii=False, indent=1, default=_to_json)
    return PersonalFile(name, reader.moment(shop.now()), sections, told)


def _sections(reader: _Reader, rows: Rows) -> Iterator[Section]:
    for table in _ON_THEIR_OWN[:4]:
        yield Section(TABLES[table], tuple(_entries(reader, rows, table, rows[table])))
    by_inquiry = _by_inquiry(rows)
    for inquiry in sorted(rows["inquiry"], key=lambda row: row["created_at"]):
        subject, day = inquiry["subject"] or "ohne Betreff", reader.moment(inquiry["created_at"])
        own = by_inquiry.pop(inquiry["id"], {})
        entries = (reader.entry("inquiry", inquiry), *_inquiry_entries(reader, rows, own))
        yield Section(f"Anfrage vom {day}: {subject}", entries)
    for own in by_inquiry.values():
        yield Section("In einer Anfrage von jemand anderem", tuple(_inquiry_entries(reader, rows, own)))
    for table in _ON_THEIR_OWN[4:]:
        yield Section(TABLES[table], tuple(_entries(reader, rows, table, rows[table])))


def _by_inquiry(rows: Rows) -> dict[int, Rows]:
    """What stands below each inquiry; what was merged into somebody else's stands where it was said."""
    own = {row["id"] for row in rows["inquiry"]}
    found: dict[int, Rows] = {}
    for table in (*_OF_INQUIRY, *_DRAFTS):
        for row in rows[table]:
            place: int = row["inquiry_id"]
            if place not in own:
                place = row.get("stream", place)
            found.setdefault(place, {}).setdefault(table, []).append(row)
    return found


def _inquiry_entries(reader: _Reader, rows: Rows, own: Rows) -> Iterator[Entry]:
    for table in (*_OF_INQUIRY, *_DRAFTS):
        listed = own.get(table, [])
        if table in {"message", "event"}:
            listed = sorted(listed, key=lambda row: (row["happened_at"], row["id"]))
        yield from _entries(reader, rows, table, listed)


def _entries(reader: _Reader, rows: Rows, table: str, listed: Iterable[Row]) -> Iterator[Entry]:
    key, below = ("message_id", _OF_MESSAGE) if table == "message" else _BELOW.get(table, ("", ()))
    parts = {part: _grouped(rows[part], key) for part in below}
    for row in listed:
        yield reader.entry(table, row)
        for part in below:
            for each in parts[part].get(row["id"], ()):
                yield reader.entry(part, each)


def _grouped(rows: list[Row], key: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _brought(text: str) -> str:
    """What a line of a list brought to the card, in words."""
    try:
        change = json.loads(text)
        told = [f"{COLUMNS[name]}: {value}" for name, value in change["after"].items() if name in COLUMNS and value]
        return ", ".join([*told, *(address for _kind, address in change["ways"])])
    except (ValueError, TypeError, KeyError, AttributeError):
        return text


def _to_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
