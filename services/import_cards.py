"""Which card a line of a list belongs to, what it fills there, and how that is taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from data.customer_imports import CardRow, ImportLine, LineFate
from services.rules.folding import fold
from services.rules.same_person import fold_card, is_nameless, names_agree

MIXED = "Die Adressen dieser Zeile stehen auf den Karten verschiedener Kunden."
NOT_THEIRS = "Die E-Mail-Adresse dieser Zeile steht schon auf der Karte einer anderen Person."
DIFFERS = "Auf der Karte steht schon etwas anderes als in dieser Zeile. Es bleibt, wie es ist."
LONGEST_NOTE = 5000
Way = tuple[str, str, str]  # kind, normalised address, as shown
_FILLED = (
    "name",
    "salutation",
    "title",
    "note",
    "likes",
    "preferred",
    "no_ads",
)  # of a known card, where they are empty
_ONE_WORD = ("salutation", "title", "likes", "preferred")  # of which a card has one, so that another one is told


@dataclass(frozen=True, slots=True)
class Checked:
    """A line whose addresses are normalised; with a `problem` it is refused, `told` costs it nothing."""

    line: int
    name: str = ""
    ways: tuple[Way, ...] = ()
    salutation: str = ""
    title: str = ""
    form_of_address: str = ""
    language: str = ""
    note: str = ""
    likes: str = ""
    preferred: str = ""
    no_ads: bool = False
    problem: str = ""
    told: str = ""
    folded: str = ""  # the name in one spelling

    @property
    def mails(self) -> tuple[str, ...]:
        """The normalised mail addresses."""
        return tuple(address for kind, address, _shown in self.ways if kind == "mail")


@dataclass(frozen=True, slots=True)
class Placed:
    """What a line came to. `change`: fields as they were and became, and the ways that came, to be taken back."""

    fate: LineFate
    customer_id: int | None = None
    change: dict[str, Any] | None = None
    problem: str = ""


@dataclass
class _Card:
    values: dict[str, Any]
    ways: dict[tuple[str, str], str] = field(default_factory=dict)
    is_new: bool = False
    changed: bool = False

    @property
    def id(self) -> int:
        return int(self.values["id"])

    @property
    def is_nameless(self) -> bool:
        """It bears an address in place of a name."""
        return is_nameless(self.values["name"], self.ways.values())

    def row(self) -> dict[str, Any]:
        """The values as they are kept: the search finds the card by what stands on it now."""
        return {**self.values, "folded": fold_card(self.values["name"], self.ways.values())}

    def holds(self, values: dict[str, Any]) -> bool:
        """Whether these stand on it; what was kept of a field that no card has any more says nothing."""
        return all(self.values.get(name, value) == value for name, value in values.items())

    def is_somebody_else(self, name: str) -> bool:
        """Whether it bears a name with which this one does not agree."""
        return bool(name) and not self.is_nameless and not names_agree(self.values["name"], name)


class Cards:
    """The cards that lines may belong to, known ones and those that lines before made."""

    def __init__(
        self,
        known: Iterable[CardRow],
        ways: Iterable[tuple[int, str, str, str]],
        at_mail: Iterable[tuple[str, int]],
        at_phone: Iterable[tuple[str, int]],
        by_name: dict[str, int],
        new_id: Callable[[], int] | None = None,
    ) -> None:
        self._cards = {row.id: _Card(dict(vars(row))) for row in known}
        for customer_id, kind, address, shown in ways:
            self._cards[customer_id].ways[kind, address] = shown
        self._by_mail = dict(at_mail)
        self._by_phone: dict[str, list[int]] = {}
        for address, customer_id in at_phone:
            self._by_phone.setdefault(address, []).append(customer_id)
        self._by_name = by_name
        self._new_id = new_id or count(-1, -1).__next__
        self.new_ways: list[tuple[int, str, str, str]] = []

    def added(self) -> list[dict[str, Any]]:
        """The values of the cards that lines made."""
        return [card.row() for card in self._cards.values() if card.is_new]

    def changed(self) -> list[dict[str, Any]]:
        """The values of the known cards that lines filled."""
        return [card.row() for card in self._cards.values() if card.changed and not card.is_new]

    def place(self, line: Checked) -> Placed:
        """Give the line its card."""
        if line.problem:
            return Placed(LineFate.REFUSED, problem=line.problem)
        line = self._without_strangers_mail(line)
        by_mail = {self._by_mail[address] for address in line.mails if address in self._by_mail}
        if len(by_mail) > 1:
            return Placed(LineFate.REFUSED, problem=MIXED)
        known = next(iter(by_mail), None) or self._namesake(line)
        return self._fill(self._cards[known], line) if known is not None else self._add(line)

    def _without_strangers_mail(self, line: Checked) -> Checked:
        """A mail is filed by its one customer: the line of somebody else with the same address goes without it."""
        theirs = {
            address
            for address in line.mails
            if address in self._by_mail and self._cards[self._by_mail[address]].is_somebody_else(line.name)
        }
        kept = tuple(way for way in line.ways if way[1] not in theirs)
        return replace(line, ways=kept, told=NOT_THEIRS) if theirs else line

    def _namesake(self, line: Checked) -> int | None:
        """Who has one of the numbers and the same name; without any address, who has the same name and no address."""
        if not line.ways:
            return self._by_name.get(line.folded)
        for kind, address, _shown in line.ways:
            for customer_id in self._by_phone.get(address, ()) if kind == "phone" else ():
                if line.name and fold(self._cards[customer_id].values["name"]) == line.folded:
                    return customer_id
        return None

    def _add(self, line: Checked) -> Placed:
        values: dict[str, Any] = {
            "id": self._new_id(),
            "name": line.name or line.ways[0][2],
            "salutation": line.salutation,
            "title": line.title,
            "form_of_address": line.form_of_address or "sie",
            "language": line.language or "de",
            "note": line.note,
            "likes": line.likes,
            "preferred": line.preferred,
            "no_ads": line.no_ads,
        }
        card = self._cards[values["id"]] = _Card(values, is_new=True)
        came = self._reach(card, line)
        if not line.ways:
            self._by_name[line.folded] = card.id
        return Placed(LineFate.ADDED, card.id, {"after": dict(card.values), "ways": came}, line.told)

    def _fill(self, card: _Card, line: Checked) -> Placed:
        wanted = {name: getattr(line, name) for name in _FILLED}
        filled = {
            name: value
            for name, value in wanted.items()
            if value and (card.is_nameless if name == "name" else not card.values[name])
        }
        told = line.told or _told(card, line)
        if (note := _note_below(card.values["note"], line.note)) is not None:
            filled["note"] = note
        before = {name: card.values[name] for name in filled}
        came = self._reach(card, line)
        if not filled and not came:
            return Placed(LineFate.KNOWN, card.id, problem=told)
        card.values |= filled
        card.changed = True
        return Placed(LineFate.CHANGED, card.id, {"before": before, "after": filled, "ways": came}, told)

    def _reach(self, card: _Card, line: Checked) -> list[list[str]]:
        """Put the line's addresses on the card; those that it did not have."""
        came = []
        for kind, address, shown in line.ways:
            if (kind, address) not in card.ways:
                card.ways[kind, address] = shown
                came.append([kind, address])
                self.new_ways.append((card.id, kind, address, shown))
                if kind == "mail":
                    self._by_mail[address] = card.id
                else:
                    self._by_phone.setdefault(address, []).append(card.id)
        return came


def _note_below(note: str, more: str) -> str | None:
    """Both notes, or None where nothing has to change: as when two cards are put together."""
    if not note or not more or f"\n{more}\n" in f"\n{note}\n" or len(note) + len(more) >= LONGEST_NOTE:
        return None
    return f"{note}\n{more}"


def _told(card: _Card, line: Checked) -> str:
    """A sentence where the line says something that found no place on the card."""
    differs = any(getattr(line, name) not in {"", card.values[name]} and card.values[name] for name in _ONE_WORD)
    note = card.values["note"]
    no_room = bool(line.note and note) and len(note) + len(line.note) >= LONGEST_NOTE and line.note not in note
    return DIFFERS if differs or no_room else ""


@dataclass
class TakenBack:
    """What has to be written to take a list back: cards that go, fields as they were, ways that go; and who stays."""

    gone: set[int] = field(default_factory=set)
    restored: list[dict[str, Any]] = field(default_factory=list)
    ways: list[tuple[int, str, str]] = field(default_factory=list)
    stayed: set[int] = field(default_factory=set)


def take_back(
    lines: list[ImportLine],
    cards: Iterable[CardRow],
    ways: Iterable[tuple[int, str, str, str]],
    used: set[int],
    put_away: set[int],
) -> TakenBack:
    """Go the lines of a list backwards. A card it made goes if it is not in `used` and nobody changed it by hand; one
    that is in another card stays as it is."""
    now = {row.id: _Card(dict(vars(row))) for row in cards}
    for customer_id, kind, address, shown in ways:
        now[customer_id].ways[kind, address] = shown
    by_card: dict[int, list[ImportLine]] = {}
    for line in reversed(lines):
        by_card.setdefault(line.customer_id or 0, []).append(line)
    back = TakenBack()
    for customer_id, own in by_card.items():
        if customer_id in put_away:
            back.stayed.add(customer_id)
        elif customer_id in now:
            _take_back_card(back, now[customer_id], own, used)
    return back


def _take_back_card(back: TakenBack, card: _Card, lines: list[ImportLine], used: set[int]) -> None:
    """`lines` of one card, the last first; the one that made it, if any, comes last."""
    was_added = lines[-1].fate is LineFate.ADDED
    before = dict(card.values)
    gone = [way for line in lines if line.fate is LineFate.CHANGED for way in _undo_line(card, json.loads(line.before))]
    if was_added:
        made = json.loads(lines[-1].before)
        as_made = card.holds(made["after"]) and {tuple(way) for way in made["ways"]} == set(card.ways)
        (back.gone if as_made and card.id not in used else back.stayed).add(card.id)
        return
    back.ways += [(card.id, *way) for way in gone]
    if card.values != before or gone:
        back.restored.append(card.row())


def _undo_line(card: _Card, change: dict[str, Any]) -> list[tuple[str, str]]:
    """Put back what nobody has changed since; the ways that went."""
    gone = [(kind, address) for kind, address in change["ways"] if card.ways.pop((kind, address), None) is not None]
    for name, value in change["before"].items():
        if name in card.values and card.values[name] == change["after"][name]:
            card.values[name] = value
    return gone
