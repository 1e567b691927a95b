"""Random histories around the end of summer time, written into a store as the services would leave them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from data.records import Closure, OpeningHours
from data.report_records import Basis
from data.store import Store, Transaction
from services.clock import refresh_clocks
from services.rules.opening_hours import open_intervals
from tests.services.naive_figures import Ground, Promised, Said, Talk

MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 10, 14, 22, 0, tzinfo=UTC)  # midnight in Vienna; the clocks change on 25 October
NOW = datetime(2026, 11, 4, 9, 17, tzinfo=UTC)
WHOLE = (NOW - BEGIN) // MINUTE - 1
_LUNCH = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))
HOURS = OpeningHours(
    "Europe/Vienna",
    (_LUNCH, _LUNCH, _LUNCH, _LUNCH, ((8 * 60, 17 * 60),), ((9 * 60, 12 * 60),), ()),
    (
        Closure(date(2026, 10, 28), date(2026, 10, 29), "Betriebsurlaub"),
        Closure(date(2026, 10, 25), date(2026, 10, 25), "Nacht der Uhren", ((60, 4 * 60),)),
    ),
)
HOLIDAYS = frozenset({date(2026, 10, 26)})
_TABLES = ("inquiry", "message", "event", "outbox", "promise", "customer")
_KINDS = ("customer", "customer", "answer", "mail", "unsent", "closed", "reopened", "mail_close", "unsent_close")
_REASONS = ("answered", "answered", "dealt_with", "thanks_only", "double", "booked")


def grounds(goal: int = 120) -> tuple[Basis, Ground]:
    """The same period for the SQL and for the naive reader: from the fourth to the fourteenth day."""
    start, end = BEGIN + timedelta(days=3), BEGIN + timedelta(days=14, hours=1)
    opened = open_intervals(HOURS, HOLIDAYS, date(2026, 10, 18), date(2026, 11, 4))
    basis = Basis(start, end, NOW, tuple(opened), goal, HOURS.zone)
    return basis, Ground(start, end, NOW, HOURS, HOLIDAYS, goal, _MEMORY)


_MEMORY: dict[datetime, bool] = {}


def at(minute: int) -> datetime:
    return BEGIN + minute * MINUTE


@st.composite
def talks(draw: st.DrawFn, most: int = 6) -> list[Talk]:
    """Inquiries with anything said in any order; some are one in the end."""
    ids = iter(range(1000, 100_000))
    found = [draw(_talk(number, ids)) for number in range(1, draw(st.integers(0, most)) + 1)]
    for gone in found[3:5]:
        if draw(st.booleans()):
            into = found[0]
            moment = max((s.at for s in (*gone.said, *into.said)), default=BEGIN) + MINUTE
            into.merged.append((next(ids), gone.id, moment))
            into.said += gone.said
            found.remove(gone)
    return found


@st.composite
def _talk(draw: st.DrawFn, number: int, ids: Any) -> Talk:
    channel, started_by = draw(st.sampled_from(("mail", "call", "form"))), draw(st.sampled_from(_STARTED))
    begun = draw(st.integers(0, WHOLE))
    said = []
    for kind, gap in draw(st.lists(st.tuples(st.sampled_from(_KINDS), st.integers(0, 4000)), max_size=8)):
        begun += gap if said else 0
        if begun >= WHOLE:
            break
        kind, _, close = kind.partition("_")
        said.append(_said(draw, next(ids), number, kind, begun))
        if close:  # sent anew, a reply may stand after the close that went with it
            at_close = said[-1].at + draw(st.sampled_from([0, 0, -1])) * MINUTE
            said.append(Said(next(ids), number, "closed", at_close, "answered", reply=said[-1]))
    first = min((s.at for s in said), default=at(min(begun, WHOLE)))
    dismissed, customer = draw(st.integers(0, 9)) == 0, draw(st.integers(1, 3))
    return Talk(number, channel, started_by, first, dismissed, customer, [], said)


_STARTED = ("customer", "customer", "customer", "machine", "shop")


def _said(draw: st.DrawFn, ident: int, talk: int, kind: str, minute: int) -> Said:
    if kind == "closed":
        return Said(ident, talk, kind, at(minute), draw(st.sampled_from(_REASONS)))
    if kind in ("mail", "unsent"):
        sent = at(minute + draw(st.integers(0, 300))) if kind == "mail" else None
        return Said(ident, talk, "answer", at(minute), mail=True, sent_at=sent)
    return Said(ident, talk, kind, at(minute))


@st.composite
def promises(draw: st.DrawFn) -> list[Promised]:
    """Promised calls: kept, tried, withdrawn or forgotten."""
    return [draw(_promise()) for _ in range(draw(st.integers(0, 8)))]


@st.composite
def _promise(draw: st.DrawFn) -> Promised:
    due, state = draw(st.integers(0, WHOLE)), draw(st.sampled_from(("open", "kept", "withdrawn")))
    tried = state == "kept" or draw(st.booleans())
    first = at(min(WHOLE, due + draw(st.integers(-300, 300)))) if tried else None
    done = at(min(WHOLE, due + draw(st.integers(-600, 900)))) if state != "open" else None
    missed = at(max(0, due - draw(st.integers(1, 2000)))) if draw(st.integers(0, 3)) == 0 else None
    return Promised(1, at(due), state, draw(st.integers(0, 2)), first, done, missed)


def write(store: Store, found: list[Talk], promised: list[Promised] = []) -> None:  # noqa: B006 never changed
    """Put a history into the emptied store and let the clock derive its columns."""
    with store.write() as tx:
        for table in _TABLES:
            tx.run(f"DELETE FROM {table}")
        for ident in (1, 2, 3):
            tx.insert("customer", {**_CUSTOMER, "id": ident, "created_at": known_since(ident)})
        for talk in found:
            _write_talk(tx, talk)
        for number, promise in enumerate(promised):
            values = {"phone": "", "topic": "", "staff_id": 1, "last_try_at": promise.first_try_at, "created_at": BEGIN}
            tx.insert("promise", {"id": number, "inquiry_id": promise.talk, **values, **_facts(promise)})
        refresh_clocks(tx, [talk.id for talk in found])


def _facts(promise: Promised) -> dict[str, Any]:
    return {
        "due_at": promise.due_at,
        "state": promise.state,
        "tries": promise.tries,
        "first_try_at": promise.first_try_at,
        "done_at": promise.done_at,
        "missed_at": promise.missed_at,
    }


def known_since(customer: int) -> datetime:
    """When a customer was first heard of."""
    return BEGIN + (customer - 1) * timedelta(days=6)


_CUSTOMER = {
    "name": "Maria Hofer",
    "salutation": "",
    "title": "",
    "form_of_address": "sie",
    "language": "de",
    "note": "",
    "folded": "",
}
_INQUIRY = {
    "subject": "",
    "owner_id": None,
    "next_step": "",
    "next_step_at": None,
    "snoozed_until_at": None,
    "merged_into": None,
    "state": "open",
    "waiting_since": None,
    "contacts_waiting": 0,
    "first_contact_at": None,
    "first_response_at": None,
    "closed_at": None,
    "close_reason": "",
    "reopened": 0,
    "last_message_at": BEGIN,
    "snippet": "",
    "version": 0,
}


def _write_talk(tx: Transaction, talk: Talk) -> None:
    own = {"id": talk.id, "customer_id": talk.customer, "channel": talk.channel, "started_by": talk.started_by}
    tx.insert("inquiry", {**_INQUIRY, **own, "dismissed": talk.dismissed, "created_at": talk.created_at})
    for ident, gone, moment in talk.merged:
        other = {"id": gone, "customer_id": 1, "channel": "mail", "started_by": "customer", "merged_into": talk.id}
        tx.insert("inquiry", {**_INQUIRY, **other, "dismissed": False, "created_at": talk.created_at})
        _write_event(tx, talk.id, Said(ident, talk.id, "merged", moment, str(gone)))
    for entry in talk.said:
        if entry.kind in ("closed", "reopened"):
            _write_event(tx, talk.id, entry)
        else:
            _write_message(tx, talk.id, entry)


def _write_event(tx: Transaction, talk: int, entry: Said) -> None:
    where = {"inquiry_id": talk, "stream": entry.stream, "staff_id": 1, "happened_at": entry.at}
    kind, detail = ("closed_with", str(entry.reply.id)) if entry.reply else (entry.kind, entry.reason)
    tx.insert("event", {"id": entry.id, "kind": kind, "detail": detail, **where})


def _write_message(tx: Transaction, talk: int, entry: Said) -> None:
    names = "sender_name sender_address subject body quoted folded message_id reference_ids mail_sha256"
    empty = dict.fromkeys(names.split(), "")
    kind = "mail" if entry.mail or entry.kind == "customer" else "call"
    where = {"inquiry_id": talk, "stream": entry.stream, "happened_at": entry.at, "stored_at": entry.at}
    tx.insert("message", {"id": entry.id, "kind": kind, "role": entry.kind, "staff_id": 1, **empty, **where})
    if entry.mail:
        _write_outbox(tx, entry)


def _write_outbox(tx: Transaction, entry: Said) -> None:
    values = {
        "message_id": entry.id,
        "mail_id": f"<{entry.id}@x>",
        "form_key": str(entry.id),
        "state": "sent" if entry.sent_at or entry.id % 2 else "queued",
        "recipient_name": "",
        "recipient": "m@example.org",
        "cc": "",
        "due_at": entry.at,
        "attempts": 1,
        "attempted_at": entry.at,
        "sent_at": entry.sent_at or (entry.at if entry.id % 2 else None),
        "bounced_at": None if entry.sent_at or not entry.id % 2 else entry.at + MINUTE,
        "delayed_at": None,
        "problem": "",
        "booking_id": None,
    }
    tx.insert("outbox", values)
