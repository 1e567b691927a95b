"""What contacts are about in a new shop, to begin with, by its trade; minutes are estimates that the shop corrects."""

from __future__ import annotations

from dataclasses import dataclass

from data.report_records import Intent


@dataclass(frozen=True)
class ReasonText:
    """One reason as it comes with Theke; `minutes` of work that one such contact takes."""

    name: str
    intent: Intent
    minutes: int


_END = (
    ReasonText("Rechnung unklar", Intent.INVOICE, 6),
    ReasonText("Beschwerde", Intent.COMPLAINT, 10),
    ReasonText("Habt ihr offen?", Intent.OTHER, 2),
    ReasonText("Etwas anderes", Intent.OTHER, 4),
)
_TEXTS: dict[str, tuple[ReasonText, ...]] = {
    "kfz": (
        ReasonText("Wo ist mein Auto?", Intent.STATUS, 4),
        ReasonText("Was kostet das?", Intent.PRICE, 6),
        ReasonText("Termin vereinbaren", Intent.APPOINTMENT, 5),
        ReasonText("Termin verschieben", Intent.APPOINTMENT, 4),
        ReasonText("Ist es auf Lager?", Intent.AVAILABILITY, 5),
        *_END,
    ),
    "mode": (
        ReasonText("Ist es auf Lager?", Intent.AVAILABILITY, 5),
        ReasonText("Wann ist es wieder da?", Intent.AVAILABILITY, 4),
        ReasonText("Was kostet das?", Intent.PRICE, 3),
        ReasonText("Ist meine Änderung fertig?", Intent.STATUS, 4),
        ReasonText("Beratung vereinbaren", Intent.APPOINTMENT, 5),
        ReasonText("Umtausch oder Rückgabe", Intent.OTHER, 6),
        *_END,
    ),
    "salon": (
        ReasonText("Termin vereinbaren", Intent.APPOINTMENT, 4),
        ReasonText("Termin verschieben", Intent.APPOINTMENT, 4),
        ReasonText("Termin absagen", Intent.APPOINTMENT, 3),
        ReasonText("Was kostet das?", Intent.PRICE, 4),
        ReasonText("Was ist mit meinem Termin?", Intent.STATUS, 3),
        ReasonText("Gutschein oder Pflege kaufen", Intent.AVAILABILITY, 4),
        *_END,
    ),
}


def starting_reasons(trade: str) -> tuple[ReasonText, ...]:
    """What a shop of this trade begins with, the most usual on top."""
    return _TEXTS[trade]
