"""The history of the demo shop, written in bulk: the rows that real customers and people would have left behind.

The caller brings the story as lists (days, topics, texts, appointments); here it is played for every inquiry by SQL
over temporary tables, then written into the shop's own ones. Chance is a hash of the inquiry, what is asked, and the
seed: the same seed gives the same shop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from data.demo_history_rows import ROWS
from data.demo_history_talks import TALKS
from data.demo_history_visits import VISITS
from data.store import Transaction

_NAMED = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class OpenSpan:
    """An opening interval, and for how many seconds the shop was open before it."""

    begins: datetime
    ends: datetime
    before: int


@dataclass(frozen=True)
class Day:
    """A local day. `floor`: the volume of all days before; `median` minutes, `spread` of its logarithm; else chances.

    called: a promised call is made in time; held: it went as promised; again: the customer comes back; solved: a
    complaint is solved within five days; lost: its customer went; template: a reply began with one.
    """

    number: int
    midnight: datetime
    floor: float
    opened: bool = False
    before: int = 0  # seconds of opening before this day
    length: int = 0  # seconds of opening on it
    median: float = 0.0
    spread: float = 0.0
    called: float = 0.0
    held: float = 0.0
    again: float = 0.0
    solved: float = 0.0
    lost: float = 0.0
    template: float = 0.0


@dataclass(frozen=True)
class Share:
    """Of a day and topic: the share of all topics before it, how often it was avoidable, and why."""

    day: int
    topic: str
    floor: float
    avoidable: float
    kinds: Sequence[str]


@dataclass(frozen=True)
class Word:
    """A text; a customer's mail lacks the name below it. `flat`: the body on one line."""

    number: int
    code: str
    subject: str
    body: str
    folded_subject: str
    folded: str
    flat: str


@dataclass(frozen=True)
class Name:
    """What somebody is called, addressed and greeted; `local` is the beginning of a mail address."""

    number: int
    name: str
    folded: str
    salutation: str
    local: str
    greeting: str
    folded_greeting: str


@dataclass(frozen=True)
class Hour:
    """When mails come on an open day, on a closed one, and voicemails: the share of the day before this hour."""

    kind: str
    hour: int
    floor: float


@dataclass(frozen=True)
class Colleague:
    """Somebody who answers, with the block below their mails; number 0 is the shop itself."""

    number: int
    staff_id: int | None
    sender: str
    signature: str
    folded: str


@dataclass(frozen=True)
class Slot:
    """An appointment. `way`: how it was made ('asked', 'phone', 'online'); `fate`: 'done', 'no_show', 'late', 'early'.

    `ahead`: seconds from its making to its beginning, about; `spoken`: as our texts tell it.
    """

    number: int
    begins: datetime
    ends: datetime
    person_id: int
    thing_id: int | None
    offering_id: int
    offering_name: str
    price_cents: int | None
    buffer_before: int
    buffer_after: int
    answer: str
    way: str
    fate: str
    ahead: int
    reminded: bool
    spoken: str
    folded: str


@dataclass(frozen=True)
class Absence:
    """A resource taken for longer work."""

    resource_id: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Change:
    """A measure that was taken, by the local day on which it began."""

    title: str
    figure: str
    begins_on: date


@dataclass(frozen=True)
class Past:
    """All that the history is made of."""

    seed: int
    inquiries: int
    guests: int
    begins: datetime
    calm: datetime  # nobody comes back after that
    now: datetime
    address: str
    shop_name: str
    label: str
    owner_id: int
    days: Sequence[Day]
    spans: Sequence[OpenSpan]
    shares: Sequence[Share]
    reasons: Mapping[str, int]  # by topic
    words: Sequence[Word]
    names: Sequence[Name]
    hours: Sequence[Hour]
    people: Sequence[Colleague]
    templates: Sequence[int]
    slots: Sequence[Slot]
    absences: Sequence[Absence]
    changes: Sequence[Change]
    causes: Sequence[tuple[str, int]]
    solutions: Sequence[str]


def write_history(tx: Transaction, past: Past) -> None:
    """Add the history to an empty shop's people, templates, reasons and offerings, all in the caller's transaction."""
    own = sum(slot.way != "asked" for slot in past.slots)
    params = {
        **_plain_params(past),
        "talks": past.inquiries - own,
        "weight": past.days[-1].floor,
        "last": sum(int((span.ends - span.begins).total_seconds()) for span in past.spans),
        "calm": past.calm,
        "colleagues": len(past.people) - 1,
    }
    _bring(tx, past)
    for sql in (*TALKS, *VISITS):
        _run(tx, sql, params)
    params |= _reserve(tx, past)
    for sql in ROWS:
        _run(tx, sql, params)
    _insert_changes(tx, past, params["change_base"])


def _plain_params(past: Past) -> dict[str, Any]:
    return {
        "seed": past.seed,
        "guests": past.guests,
        "begins": past.begins,
        "now": past.now,
        "address": past.address,
        "domain": past.address.partition("@")[2],
        "shop_name": past.shop_name,
        "label": past.label,
        "owner": past.owner_id,
        "templates": list(past.templates),
        "causes": [cause for cause, _ in past.causes],
        "costs": [cost for _, cost in past.causes],
        "solutions": list(past.solutions),
    }


def _bring(tx: Transaction, past: Past) -> None:
    """The story as temporary tables."""
    _table(tx, "past_days", Day, past.days)
    _table(tx, "past_spans", OpenSpan, past.spans)
    _table(tx, "past_shares", Share, past.shares)
    _table(tx, "past_words", Word, past.words)
    _table(tx, "past_names", Name, past.names)
    _table(tx, "past_hours", Hour, past.hours)
    _table(tx, "past_people", Colleague, past.people)
    _table(tx, "past_slots", Slot, past.slots)
    _table(tx, "past_absences", Absence, past.absences)
    sql = "CREATE TEMP TABLE past_reasons AS SELECT unnest($topics) AS topic, unnest($ids)::BIGINT AS reason_id"
    tx.run(sql, {"topics": list(past.reasons), "ids": list(past.reasons.values())})


_TYPES = {"datetime": "TIMESTAMP", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "str": "VARCHAR"}


def _table(tx: Transaction, table: str, cls: type[Any], rows: Sequence[object]) -> None:
    """A temporary table of records, a column for each of their fields."""
    types = {each.name: _type_of(str(each.type)) for each in fields(cls)}
    columns = ", ".join(f"unnest(${name}::{kind}[]) AS {name}" for name, kind in types.items())
    values = {name: [getattr(row, name) for row in rows] for name in types}
    tx.run(f"CREATE TEMP TABLE {table} AS SELECT {columns}", values)


def _type_of(hint: str) -> str:
    return "VARCHAR[]" if hint.startswith("Sequence") else _TYPES[hint.partition(" ")[0]]


def _run(tx: Transaction, sql: str, params: Mapping[str, Any]) -> None:
    tx.run(sql, {name: params[name] for name in set(_NAMED.findall(sql))})


_KINDS = {
    "guest_base": "past_guests",
    "inquiry_base": "past_inquiries",
    "message_base": "past_lines",
    "event_base": "past_ends",
    "promise_base": "past_promises",
    "booking_base": "past_visits",
    "news_base": "past_news",
    "block_base": "past_absences",
}


def _reserve(tx: Transaction, past: Past) -> dict[str, int]:
    """Ids for all rows of the history, a stretch for each table: what comes before the first of it."""
    counts = {base: int(tx.read(f"SELECT count(*) FROM {table}")[0][0]) for base, table in _KINDS.items()}
    tx.reserve_ids(sum(counts.values()) + len(past.changes))
    base = tx.new_id() - 1
    bases = {}
    for name, count in counts.items():
        bases[name] = base
        base += count
    return {**bases, "change_base": base}


def _insert_changes(tx: Transaction, past: Past, base: int) -> None:
    for ident, change in enumerate(past.changes, base + 1):
        values = {"id": ident, "title": change.title, "figure": change.figure, "staff_id": past.owner_id}
        dates = {"begins_on": change.begins_on, "due_on": None, "ended_on": None, "created_at": past.now}
        tx.insert("measure", {**values, **dates})
