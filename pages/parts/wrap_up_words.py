"""How screens call what people note of an inquiry when it ends."""

from __future__ import annotations

from collections.abc import Callable

from data.report_records import Avoidable, Intent
from data.wrap_ups import Instead


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


def deal_words(say: Callable[[str], str]) -> dict[str, str]:
    """The answers to «Wie zugesagt?»."""
    _ = say
    return {"yes": _("Ja"), "no": _("Nein"), "otherwise": _("Anders")}


def instead_words(say: Callable[[str], str]) -> dict[Instead, str]:
    """The answers to «Was haben wir angeboten?»."""
    _ = say
    return {
        Instead.OTHER_SIZE: _("Andere Größe, anderer Artikel"),
        Instead.ORDERED: _("Bestellt"),
        Instead.WISH: _("Wunsch notiert"),
        Instead.OTHER_SHOP: _("Anderes Geschäft genannt"),
        Instead.CALLBACK: _("Rückruf"),
    }


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
