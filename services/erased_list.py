"""Who was erased, so that a restored backup brings nobody back: numbers and sums alone, no word about anybody.

The list lies beside the backups, in the data folder and at the second place: the database that knows all this is the
one a restore replaces, and a broken one could not be asked. The list alone knows who was erased in a state that was
replaced. A number may come again after a restore, for somebody else, so a card is known by the moment of its making,
too. The sums are those of mails that the mailbox may still hold.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import data.mails
import data.privacy
from data.mails import ErasedMail
from data.privacy import ErasedCard
from data.store import Reader
from services.errors import ShopError
from services.private_files import write_private

ERASED = "erased.txt"
_HEAD = "# Gelöschte Karten und Mails, nur Nummern und Summen: Theke löscht sie wieder, wenn eine Sicherung sie bringt."
_NONE = "-"
_UNREADABLE = (
    "Die Liste der Gelöschten lässt sich nicht lesen: {file}. Bitte machen Sie sie lesbar, oder nehmen Sie sie weg. "
    "Ohne sie kommt mit einer alten Sicherung zurück, wer nur in ihr steht."
)


class ErasedListError(ShopError):
    """Die Liste der Gelöschten lässt sich nicht lesen."""


@dataclass
class ErasedList:
    """All that was erased, as far as it is known in one place."""

    cards: list[ErasedCard] = field(default_factory=list)
    mails: list[ErasedMail] = field(default_factory=list)


def keep_erased(db: Reader, folder: Path, *others: Path) -> None:
    """Write the list in this folder of backups anew, durably: all that it, the lists in others and the database know.

    Only whom an owner decided to keep, later than the list says, goes from it: that the database knows a name proves
    nothing, it may have come out of a backup. Call it before an erasure is committed: who was to be gone may stand
    there once too often, never once too little. Raises OSError, and ErasedListError before anything is written.
    """
    known = read_erased(folder, *others)
    if data.privacy.knows_erasures(db):
        spared = data.privacy.spared_cards(db, [card.customer_id for card in known.cards])
        kept = {(card.customer_id, card.created_at): card.withdrawn_at for card in spared}
        cards = [
            card
            for card in known.cards
            if kept.get((card.customer_id, card.created_at), card.erased_at) <= card.erased_at
        ]
        mails = [*known.mails, *data.mails.list_erased(db)]
        known = ErasedList([*cards, *data.privacy.list_erased_cards(db)], mails)
    write_erased(folder, known)


def write_erased(folder: Path, erased: ErasedList) -> None:
    """Make this the list of the folder, durably, each card and mail once; no file where there is nothing to tell."""
    cards = {
        (
            one.customer_id,
            one.created_at,
        ): f"card {one.customer_id} {one.created_at.isoformat()} {one.erased_at.isoformat()}"
        for one in erased.cards
    }
    mails = dict.fromkeys(f"mail {one.sha256} {one.content_key} {one.message_id or _NONE}" for one in erased.mails)
    if cards or mails or (folder / ERASED).exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(folder / ERASED, "\n".join([_HEAD, *cards.values(), *mails, ""]))


def read_erased(*folders: Path) -> ErasedList:
    """What the lists in these folders of backups know; a line that cannot be read costs no other. ErasedListError for a
    file that is there and cannot be read."""
    found = ErasedList()
    for folder in folders:
        for line in _lines(folder / ERASED):
            with suppress(ValueError):
                _take(line, found)
    return found


def _take(line: str, found: ErasedList) -> None:
    kind, one, two, three = line.split()
    if kind == "card":
        found.cards.append(ErasedCard(int(one), _moment(two), _moment(three)))
    elif kind == "mail":
        found.mails.append(ErasedMail(one, two, "" if three == _NONE else three))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ErasedListError(_UNREADABLE, file=file) from error
