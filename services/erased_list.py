"""Who was erased, so that a restored backup brings nobody back: numbers and sums alone, no word about anybody.

The list lies beside the backups, in the data folder and at the second place: the database that knows all this is the
one a restore replaces, and a broken one could not be asked. A number may come again after a restore, for somebody else,
so a card is known by the moment of its making, too. The sums are those of mails that the mailbox may still hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from data.mails import ErasedMail
from services.private_files import write_private

ERASED = "erased.txt"
_HEAD = "# Gelöschte Karten und Mails, nur Nummern und Summen: Theke löscht sie wieder, wenn eine Sicherung sie bringt."
_NONE = "-"


@dataclass(frozen=True)
class ErasedCard:
    """One card of somebody who was erased; times are aware UTC."""

    customer_id: int
    created_at: datetime
    erased_at: datetime


@dataclass
class ErasedList:
    """All that was erased, as far as it is known in one place."""

    cards: list[ErasedCard] = field(default_factory=list)
    mails: list[ErasedMail] = field(default_factory=list)


def note_erased(folder: Path, erased: ErasedList) -> None:
    """Add to the list in this folder of backups, durably. Call it before the erasure is committed: whom an owner wanted
    to be gone may stand there once too often, never once too little."""
    cards = (f"card {one.customer_id} {one.created_at.isoformat()} {one.erased_at.isoformat()}" for one in erased.cards)
    mails = (f"mail {one.sha256} {one.content_key} {one.message_id or _NONE}" for one in erased.mails)
    _add(folder, [*cards, *mails])


def add_erased(source: Path, target: Path) -> None:
    """What the list in one folder of backups knows stands in the other's too; OSError when that cannot be written."""
    _add(target, _lines(source))


def read_erased(folder: Path) -> ErasedList:
    """The list of this folder; a line that cannot be read costs no other."""
    found = ErasedList()
    for line in _lines(folder):
        with suppress(ValueError):
            kind, one, two, three = line.split()
            if kind == "card":
                found.cards.append(ErasedCard(int(one), _moment(two), _moment(three)))
            elif kind == "mail":
                found.mails.append(ErasedMail(one, two, "" if three == _NONE else three))
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def _add(folder: Path, lines: Iterable[str]) -> None:
    known = dict.fromkeys(_lines(folder))
    if new := [line for line in lines if line not in known]:
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(folder / ERASED, "\n".join([_HEAD, *known, *new, ""]))


def _lines(folder: Path) -> list[str]:
    """Without the first one, which is for people; empty when there is no list."""
    with suppress(FileNotFoundError):
        text = (folder / ERASED).read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if line and not line.startswith("#")]
    return []
