"""Random notes and bookings beside a random history, written into its store."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from data.report_records import Avoidable
from data.store import Store, Transaction
from tests.services.histories import BEGIN, WHOLE, at
from tests.services.naive_figures import Talk
from tests.services.naive_notes import REASONS, Grumble, Note, Thanks, Visit

_TABLES = ("reason", "wrap_up", "complaint", "praise", "booking", "booking_event")
_STATES = ("done", "done", "no_show", "cancelled", "declined", "confirmed")


@st.composite
def notes_of(draw: st.DrawFn, talks: list[Talk]) -> dict[int, Note]:
    """What somebody noted of some of them."""
    found = {}
    for talk in talks:
        if draw(st.booleans()):
            reason = draw(st.sampled_from([None, *REASONS]))
            avoidable = draw(st.sampled_from(["", *map(str, Avoidable)]))
            found[talk.id] = Note(reason, avoidable, draw(st.sampled_from(["", "yes", "no", "otherwise"])))
    return found


@st.composite
def grumbles_of(draw: st.DrawFn, talks: list[Talk]) -> list[Grumble]:
    """Complaints in some of them, solved or not."""
    found = []
    for talk in talks:
        if draw(st.booleans()):
            noted = draw(st.integers(0, WHOLE))
            solved = draw(st.sampled_from([None, 60, 3_000, 9_000]))
            solved_at = at(min(WHOLE, noted + solved)) if solved else None
            cause = draw(st.sampled_from(["", "Kratzer", " Kratzer", "Zu spät"]))
            cents, lost = draw(st.integers(0, 90_000)), draw(st.sampled_from([None, True, False]))
            found.append(Grumble(talk.id, at(noted), cause, cents, lost, solved_at))
    return found


@st.composite
def thanks_of(draw: st.DrawFn, talks: list[Talk]) -> list[Thanks]:
    """Praise in some of them, passed on or not."""
    found = []
    for talk in talks:
        if draw(st.booleans()):
            noted, passed = draw(st.integers(0, WHOLE)), draw(st.sampled_from([None, 10, 2_880, 2_881, 9_000]))
            found.append(Thanks(talk.id, at(noted), at(min(WHOLE, noted + passed)) if passed else None))
    return found


@st.composite
def visits(draw: st.DrawFn) -> list[Visit]:
    """Bookings of three customers, before, in and after the period."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        made = draw(st.integers(0, WHOLE))
        starts = made + draw(st.integers(0, 12_000))
        gone = at(draw(st.integers(made, starts)))
        state = draw(st.sampled_from(_STATES))
        found.append(Visit(number, draw(st.integers(1, 3)), state, at(starts), at(made), gone))
    return found


def write_notes(
    store: Store, notes: dict[int, Note], grumbles: list[Grumble], thanks: list[Thanks], booked: list[Visit]
) -> None:
    """Put them into the store beside the history."""
    with store.write() as tx:
        for table in _TABLES:
            tx.run(f"DELETE FROM {table}")
        for position, (ident, (name, intent, minutes)) in enumerate(REASONS.items()):
            row = {"id": ident, "name": name, "intent": intent, "minutes": minutes, "position": position}
            tx.insert("reason", {**row, "active": True})
        for talk, note in notes.items():
            kept = {"promise_kept": note.kept == "yes" if note.kept else None, "otherwise": note.kept == "otherwise"}
            said = {"reason_id": note.reason, "avoidable": note.avoidable}
            tx.insert("wrap_up", {"inquiry_id": talk, "changed_at": BEGIN, **said, **kept})
        for one in grumbles:
            facts = {"cause": one.cause, "cost_cents": one.cents, "lost": one.lost, "solved_at": one.solved_at}
            tx.insert("complaint", {"inquiry_id": one.talk, "noted_at": one.noted_at, "solution": "", **facts})
        for praise in thanks:
            moments = {"noted_at": praise.noted_at, "passed_on_at": praise.passed_on_at}
            tx.insert("praise", {"inquiry_id": praise.talk, **moments})
        for visit in booked:
            _write_visit(tx, visit)


_BOOKING: dict[str, Any] = {
    "sequence": 0, "offering_id": 1, "offering_name": "", "customer_name": "", "mail": "", "phone": "", "inquiry_id": 1,
    "buffer_before": 0, "buffer_after": 0, "price_cents": None, "answer": "", "note": "", "language": "de",
    "staff_id": None, "lapses_at": None, "reminder": "none", "calendar_answer": "",
}  # fmt: skip


def _write_visit(tx: Transaction, visit: Visit) -> None:
    keys = dict.fromkeys(("number", "secret", "uid", "form_key"), str(visit.id))
    moments = {"starts_at": visit.starts_at, "ends_at": visit.starts_at, "agreed_at": visit.created_at}
    own = {"id": visit.id, "customer_id": visit.customer, "state": visit.state, "created_at": visit.created_at}
    tx.insert("booking", {**_BOOKING, **keys, **moments, **own})
    if visit.state == "cancelled" and visit.cancelled_at:
        event = {"id": visit.id, "booking_id": visit.id, "staff_id": None, "kind": "cancelled", "detail": ""}
        tx.insert("booking_event", {**event, "happened_at": visit.cancelled_at})
