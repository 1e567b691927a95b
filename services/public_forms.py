"""What strangers send by a form of our pages: every field is looked at, and all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from services.errors import InvalidInputError
from services.typed import check_address, one_line

T = TypeVar("T")


class InvalidFieldsError(InvalidInputError):
    """Bitte prüfen Sie Ihre Angaben."""

    def __init__(self, errors: dict[str, InvalidInputError]) -> None:
        super().__init__()
        self.errors = errors


class FormFields:
    """Takes the fields of one form, one after the other, and remembers what is wrong with which."""

    def __init__(self) -> None:
        self._errors: dict[str, InvalidInputError] = {}

    def take(self, name: str, check: Callable[[], T], instead: T) -> T:
        """The field as `check` returns it; `instead` where it raises InvalidInputError."""
        try:
            return check()
        except InvalidInputError as error:
            self._errors[name] = error
            return instead

    def need_reach(self, mail: str, phone: str) -> None:
        """One of both is enough; a wrong one has its own sentence already."""
        if not self._errors.keys() & {"mail", "phone"} and not (mail or phone):
            self._errors["mail"] = InvalidInputError("Schreiben Sie uns eine E-Mail-Adresse oder eine Telefonnummer.")

    def refuse_wrong(self) -> None:
        """Raises InvalidFieldsError with a sentence for each wrong field, if there is one."""
        if self._errors:
            raise InvalidFieldsError(self._errors)


def mail_line(text: str) -> str:
    """A mail address, '' allowed; raises InvalidInputError for one that is not whole."""
    line = one_line(text)
    if not line:
        return ""
    try:
        return check_address(line).lower()
    except InvalidInputError:
        raise InvalidInputError("Diese Adresse ist nicht vollständig. Beispiel: name@example.org") from None
