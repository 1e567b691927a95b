"""How screens call what people note of an inquiry when it ends."""

from __future__ import annotations

from collections.abc import Callable

from data.report_records import Avoidable, Intent


def avoidable_words(say: Callable[[str], str]) -> dict[Avoidable, str]:
    """The answers to «War der Kontakt vermeidbar?», the most usual first."""
    _ = say
    return {
        Avoidable.NO: _("Nein"),
        Avoidable.STATUS_ASKED: _("Stand nachgefragt"),
        Avoidable.PROMISE_BROKEN: _("Zusage nicht gehalten"),
        Avoidable.INFO_MISSING: _("Angabe fehlte"),
        Avoidable.OUR_ERROR: _("Unser Fehler"),
        Avoidable.ASKED_TWICE: _("Musste zweimal fragen"),
    }


def avoidable_word(kind: str, say: Callable[[str], str]) -> str:
    """Why a contact was avoidable; '' for one that was not, what nobody knows as it is."""
    if kind == Avoidable.NO:
        return ""
    return avoidable_words(say)[Avoidable(kind)] if kind in set(Avoidable) else kind


def intent_words(say: Callable[[str], str]) -> dict[Intent, str]:
    """What a reason of contact is."""
    _ = say
    return {
        Intent.APPOINTMENT: _("Termin"),
        Intent.PRICE: _("Preis"),
        Intent.AVAILABILITY: _("Verfügbarkeit"),
        Intent.STATUS: _("Stand der Dinge"),
        Intent.INVOICE: _("Rechnung"),
        Intent.COMPLAINT: _("Beschwerde"),
        Intent.OTHER: _("Anderes"),
    }
