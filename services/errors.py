"""What can go wrong in a shop's words. The message is a sentence for the owner; its German text is the msgid.

Shown at three edges only: a staff page, a route, a job. Everything else is logged with a short id.
"""

from __future__ import annotations

import errno
from typing import TypeVar

T = TypeVar("T")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class ShopError(Exception):
    """Das geht so nicht."""

    def __init__(self, msgid: str = "", **values: object) -> None:
        self.msgid = msgid or (type(self).__doc__ or "").strip()
        self.values = values
        super().__init__(self.msgid.format(**values) if values else self.msgid)


class NotFoundError(ShopError):
    """Das gibt es nicht mehr."""


def require(found: T | None, sentence: str) -> T:
    """What was found; raises NotFoundError with `sentence` when nothing was."""
    if found is None:
        raise NotFoundError(sentence)
    return found


class NotAllowedError(ShopError):
    """Das darf nur, wer Inhaber ist."""


class SignedOutError(ShopError):
    """Sie sind abgemeldet."""


class InvalidInputError(ShopError):
    """Bitte prüfen Sie Ihre Angaben."""


class UnofferedError(InvalidInputError):
    """Bitte wählen Sie, was Sie stattdessen angeboten haben."""


class UnseenMessageError(ShopError):
    """Inzwischen ist etwas Neues gekommen. Bitte lesen Sie es, bevor Sie senden."""


class EmptyPlaceholderError(ShopError):
    """Hier fehlt noch etwas: {missing}"""


class MailProblemError(ShopError):
    """Der Mailserver hat abgelehnt.

    `permanent`: the same again would fail again; `unsure`: the mail may have left.
    """

    def __init__(self, msgid: str, *, permanent: bool = False, unsure: bool = False, **values: object) -> None:
        super().__init__(msgid, **values)
        self.permanent = permanent
        self.unsure = unsure


class TakenError(ShopError):
    """Diese Zeit wurde gerade vergeben. Bitte wählen Sie eine andere."""


class TooManyTriesError(ShopError):
    """Das waren gerade sehr viele Versuche. Bitte in 10 Minuten noch einmal, oder rufen Sie an."""


class BusyError(ShopError):
    """Theke läuft schon."""


class DamagedError(ShopError):
    """Die Datenbank lässt sich nicht öffnen. Bitte stellen Sie die letzte Sicherung wieder her: {folder}"""


class MissingDataError(ShopError):
    """Die Datenbank fehlt."""


class NewerDataError(ShopError):
    """Die Datenbank stammt von einer neueren Theke. Bitte zuerst Theke erneuern; geändert wurde nichts."""


class UnopenedError(ShopError):
    """Die Datenbank lässt sich nicht öffnen. An den Daten ist nichts kaputt."""


class DiskFullError(ShopError):
    """Auf der Festplatte von Theke ist kein Platz mehr. Bitte machen Sie Platz; dann geht es von selbst weiter."""


def disk_is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind an error, however deep; DuckDB tells it only in words."""
    while error is not None:
        if getattr(error, "errno", None) in _FULL or "No space left" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
