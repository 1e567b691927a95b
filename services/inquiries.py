"""The list of inquiries and everything people do with one, apart from replying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import data.customers
import data.inquiries
import data.mails
import data.messages
import data.promises
from data.records import (
    Actor,
    Channel,
    Inquiry,
    InquiryRow,
    InquiryState,
    MessageRole,
    ShopSettings,
)
from data.store import Reader, Transaction
from services.answer_times import answer_by_with
from services.clock import refresh_clock
from services.customers import refuse_erased
from services.entries import Entry, add_entry
from services.errors import InvalidInputError, NotFoundError
from services.rules.folding import fold
from services.rules.opening_hours import add_business_minutes, business_minutes
from services.rules.waiting import Urgency, urgency
from services.settings import holidays_at, shop_settings
from services.shop import Shop
from services.staff import require_active
from services.typed import short_line

STEP_LENGTH = 120
_RANKS = (Urgency.LATE, Urgency.SOON, Urgency.OK, Urgency.CUSTOMER)


class Who(StrEnum):
    """Whose inquiries the list shows."""

    ALL = "all"
    MINE = "mine"
    UNOWNED = "unowned"


@dataclass(frozen=True)
class InquiryLine:
    """A row with its waiting time: wall and business minutes since `row.waiting_since`."""

    row: InquiryRow
    urgency: Urgency
    wall_minutes: int
    business_minutes: int
    answer_by: datetime | None


@dataclass(frozen=True)
class InquiryList:
    waiting: list[InquiryLine]
    with_customer: list[InquiryLine]
    drafts: list[InquiryLine]  # letters of ours that were begun and never left
    snoozed: list[InquiryLine]
    earlier: list[InquiryLine]
    machine: list[InquiryLine]
    found: list[InquiryLine]  # what a search found among the closed ones

    @property
    def hidden(self) -> int:
        """How many of the snoozed wait for us."""
        return sum(line.row.waiting_since is not None for line in self.snoozed)

    @property
    def waiting_for_us(self) -> int:
        """All who wait for us; hiding one changes no figure."""
        return len(self.waiting) + self.hidden

    @property
    def late(self) -> int:
        """How many of them are past their goal or promise."""
        return sum(line.urgency == Urgency.LATE for line in (*self.waiting, *self.snoozed))


def list_inquiries(shop: Shop, actor: Actor, *, who: Who = Who.ALL, channel: str = "", words: str = "") -> InquiryList:
    """The inquiries that are not closed; of the waiting ones overdue promises on top, then by urgency, and of the same
    urgency who asks again before the longest waiting.

    With `words` the search runs over customers and texts of all inquiries, closed ones included.
    """
    rows = _rows(shop.store, actor, who, channel, words)
    lines = _lines(shop, rows)
    now = shop.now()
    opened = [line for line in lines if line.row.state == InquiryState.OPEN]
    awake = [line for line in opened if not _asleep(line.row, now)]
    waiting = [line for line in awake if line.row.waiting_since]
    return InquiryList(
        waiting=sorted(waiting, key=lambda line: _order(line, now)),
        with_customer=[line for line in awake if not line.row.waiting_since and not line.row.unsent],
        drafts=[line for line in awake if line.row.unsent],
        snoozed=[line for line in opened if _asleep(line.row, now)],
        earlier=[line for line in lines if line.row.state == InquiryState.EARLIER],
        machine=[line for line in lines if line.row.state == InquiryState.MACHINE],
        found=[line for line in lines if line.row.state == InquiryState.CLOSED],
    )


def line_of(shop: Shop, row: InquiryRow) -> InquiryLine:
    """One row with its waiting time."""
    return _lines(shop, [row])[0]


def lines_of(shop: Shop, inquiry_ids: list[int]) -> list[InquiryLine]:
    """These inquiries in this order, each with its waiting time; merged and dismissed ones are left out."""
    rows = {row.id: row for row in data.inquiries.read_rows(shop.store, inquiry_ids)}
    return _lines(shop, [rows[ident] for ident in inquiry_ids if ident in rows])


def _rows(db: Reader, actor: Actor, who: Who, channel: str, words: str) -> list[InquiryRow]:
    folded = fold(words).split()
    if folded:
        found = data.inquiries.search_rows(db, folded)
        return [row for row in found if _fits(row, actor, who, channel)]
    return data.inquiries.list_rows(
        db,
        states=(InquiryState.OPEN, InquiryState.EARLIER, InquiryState.MACHINE),
        owner_id=actor.staff_id if who == Who.MINE else None,
        unowned=who == Who.UNOWNED,
        channel=channel,
    )


def _fits(row: InquiryRow, actor: Actor, who: Who, channel: str) -> bool:
    owned = {Who.ALL: True, Who.MINE: row.owner_id == actor.staff_id, Who.UNOWNED: row.owner_id is None}
    return owned[who] and channel in {"", row.channel}


def _asleep(row: InquiryRow, now: datetime) -> bool:
    return row.snoozed_until_at is not None and row.snoozed_until_at > now


def _order(line: InquiryLine, now: datetime) -> tuple[bool, int, bool, datetime]:
    promise = line.row.promise_due_at
    kept, once = not (promise and promise < now), line.row.contacts_waiting <= 1
    return kept, _RANKS.index(line.urgency), once, line.row.waiting_since or now


def _lines(shop: Shop, rows: list[InquiryRow]) -> list[InquiryLine]:
    settings = shop_settings(shop.store)
    added = data.inquiries.list_additions(shop.store, [row.id for row in rows if row.contacts_waiting > 1])
    told = [_asked_again(row, [at for ident, at in added if ident == row.id], settings) for row in rows]
    return [_line(row, settings, shop.now()) for row in told]


def _asked_again(row: InquiryRow, added: list[datetime], settings: ShopSettings) -> InquiryRow:
    """Whoever adds something on their own page before the promised answer is over has not asked again."""
    if not added or row.waiting_since is None:
        return row
    told = answer_by_with(settings, row.waiting_since)
    in_time = sum(told is None or at < told for at in added)
    return replace(row, contacts_waiting=max(1, row.contacts_waiting - in_time))


def _line(row: InquiryRow, settings: ShopSettings, now: datetime) -> InquiryLine:
    if row.waiting_since is None:
        return InquiryLine(row, Urgency.CUSTOMER, _minutes(now - row.last_message_at), 0, None)
    holidays = holidays_at(settings, now)
    elapsed = business_minutes(settings.hours, holidays, row.waiting_since, now)
    goal = settings.answer_goal_minutes
    return InquiryLine(
        row,
        urgency(elapsed, goal, row.promise_due_at, now, waiting=True),
        _minutes(now - row.waiting_since),
        elapsed,
        add_business_minutes(settings.hours, holidays, row.waiting_since, goal),
    )


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def require_inquiry(db: Reader, inquiry_id: int) -> Inquiry:
    """The inquiry, or the one it was merged into; NotFoundError if there is none or somebody put it aside."""
    inquiry = data.inquiries.read_inquiry(db, inquiry_id)
    if inquiry is not None and inquiry.merged_into is not None:
        inquiry = data.inquiries.read_inquiry(db, inquiry.merged_into)
    if inquiry is None or inquiry.dismissed:
        raise NotFoundError("Diese Anfrage gibt es nicht mehr.")
    return inquiry


def require_written_to(db: Reader, inquiry_id: int) -> Inquiry:
    """The same for words about its customer; NotFoundError also where the person was erased."""
    inquiry = require_inquiry(db, inquiry_id)
    refuse_erased(db, inquiry.id)
    return inquiry


def hand_over(shop: Shop, actor: Actor, inquiry_id: int, staff_id: int | None, note: str = "") -> None:
    """Give an inquiry an owner, or none; the clock goes on (rule 2)."""
    now = shop.now()
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        if staff_id is not None:
            require_active(tx, staff_id)
        data.inquiries.change_inquiry(tx, inquiry.id, owner_id=staff_id)
        data.inquiries.add_event(
            tx, inquiry.id, "handed_over", now, staff_id=actor.staff_id, detail=str(staff_id or "")
        )
        if note.strip():
            add_entry(tx, inquiry.id, actor, Entry(Channel.NOTE, MessageRole.NOTE, note), now)
            refresh_clock(tx, inquiry.id)


def plan_next_step(shop: Shop, actor: Actor, inquiry_id: int, text: str, at: datetime | None) -> None:
    """What comes next and, if not None, until when; it takes the place of what was planned before.

    Raises InvalidInputError without words or for too many, for a time that is past and for a closed inquiry.
    """
    step = short_line(text, STEP_LENGTH)
    if not step:
        raise InvalidInputError("Bitte schreiben Sie, was als Nächstes kommt.")
    if at is not None and at <= shop.now():
        raise InvalidInputError("Diese Zeit ist schon vorbei.")
    with shop.store.write() as tx:
        inquiry = _require_not_closed(tx, inquiry_id)
        _put_step(shop, tx, actor, inquiry, step, at)


def finish_next_step(shop: Shop, actor: Actor, inquiry_id: int, step: str) -> None:
    """The planned `step` is done, or not wanted any more. Raises InvalidInputError when another one is planned now."""
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        if inquiry.next_step != step:
            raise InvalidInputError("Inzwischen ist etwas anderes geplant.")
        _put_step(shop, tx, actor, inquiry, "", None)


def _put_step(shop: Shop, tx: Transaction, actor: Actor, inquiry: Inquiry, step: str, at: datetime | None) -> None:
    kind, detail = ("planned", step) if step else ("step_done", inquiry.next_step)
    data.inquiries.change_inquiry(tx, inquiry.id, next_step=step, next_step_at=at)
    data.inquiries.add_event(tx, inquiry.id, kind, shop.now(), staff_id=actor.staff_id, detail=detail)


def _require_not_closed(db: Reader, inquiry_id: int) -> Inquiry:
    inquiry = require_written_to(db, inquiry_id)
    if inquiry.state == InquiryState.CLOSED:
        raise InvalidInputError("Diese Anfrage ist geschlossen. Öffnen Sie sie zuerst wieder.")
    return inquiry


def snooze_inquiry(shop: Shop, actor: Actor, inquiry_id: int, until: datetime | None) -> None:
    """Hide an inquiry until a time; None shows it again. A message of the customer wakes it, the clock never stops
    (rule 2). Raises InvalidInputError for a time that is past and for a closed inquiry."""
    if until is not None and until <= shop.now():
        raise InvalidInputError("Diese Zeit ist schon vorbei.")
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id) if until is None else _require_not_closed(tx, inquiry_id)
        data.inquiries.change_inquiry(tx, inquiry.id, snoozed_until_at=until)
        data.inquiries.add_event(tx, inquiry.id, "snoozed", shop.now(), staff_id=actor.staff_id)
