"""Promised callbacks: a person or whoever is free, a number, a window; kept, tried, moved or withdrawn by one tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import data.inquiries
import data.messages
import data.pickups
import data.promises
import data.status_pages
from data.promises import Call, CallOutcome
from data.records import Actor, Channel, Inquiry, InquiryState, MessageRole, OpeningHours, Promise, PromiseState
from data.store import Reader, Transaction
from services.answer_times import answer_by_of
from services.availability import day_bounds
from services.clock import refresh_clock
from services.entries import Entry, add_entry
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import require_inquiry, require_written_to
from services.rules import call_windows as rules
from services.rules.call_windows import CallWindow
from services.rules.phones import normalise_phone
from services.settings import holidays_at, shop_settings
from services.shop import Shop
from services.staff import require_active
from services.typed import one_line, short_line
from services.wrap_ups import drop_callback, keep_callback

TOPIC_LENGTH = 79  # signs that a row shows whole; one of 80 was cut in a word when it was noted, in times gone by
ANYBODY = 0  # the staff_id of a promise that whoever is free keeps
BY_MAIL_LINK = "mail"  # the source of what was asked for by the link that only our mails carry
READY_CALL = "Fertig zur Abholung"  # the topic of a call that says so: reached, it is said
DOUBLE_TAP = timedelta(seconds=10)
UNDO_TIME = timedelta(days=1)  # so long a call that was noted as reached can be taken back
T = TypeVar("T")


def call_windows(db: Reader, now: datetime) -> list[CallWindow]:
    """The next windows in which a customer can be called, inside opening hours; empty for a shop that never opens."""
    return _with_hours(db, now, rules.next_windows)


def usual_window(db: Reader, now: datetime) -> CallWindow:
    """What is promised if nobody says another time: two hours of opening time, on one day if possible."""
    return _with_hours(db, now, rules.usual_window)


def _with_hours(db: Reader, now: datetime, rule: Callable[[OpeningHours, frozenset[date], datetime], T]) -> T:
    settings = shop_settings(db)
    return rule(settings.hours, holidays_at(settings, now), now)


def promise_callback(
    shop: Shop,
    actor: Actor,
    inquiry_id: int,
    *,
    staff_id: int,
    phone: str,
    due_at: datetime,
    topic: str = "",
    from_at: datetime | None = None,
) -> int:
    """Promise a call of `staff_id` (0: whoever is free) from `from_at` to `due_at`; the promise's id. The clock goes
    on. Who asked whether something is there is offered something by it (S2-7). Raises InvalidInputError for a window
    that is past or ends before it begins, for no phone number and for a `topic` that is too long; NotFoundError, also
    where the person was erased."""
    now = shop.now()
    check_window(from_at, due_at, now)
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        number = normalise_phone(phone, shop_settings(tx).country)
        if not number:
            raise InvalidInputError("Bitte schreiben Sie die Telefonnummer, unter der wir zurückrufen.")
        if staff_id != ANYBODY:
            require_active(tx, staff_id)
            data.inquiries.change_inquiry(tx, inquiry.id, owner_id=staff_id)
        data.inquiries.add_event(tx, inquiry.id, "promised", now, staff_id=actor.staff_id)
        keep_callback(tx, inquiry.id, now)
        values = {
            "inquiry_id": inquiry.id,
            "staff_id": staff_id,
            "phone": number,
            "topic": _topic(topic, inquiry),
            "due_at": due_at,
            "from_at": from_at,
        }
        return data.promises.insert_promise(tx, values, now)


def check_window(from_at: datetime | None, due_at: datetime, now: datetime) -> None:
    """Raises InvalidInputError for a window that is past or ends before it begins."""
    if due_at <= now:
        raise InvalidInputError("Diese Zeit ist schon vorbei.")
    if from_at is not None and from_at >= due_at:
        raise InvalidInputError("Das Ende muss nach dem Anfang liegen.")


def _topic(topic: str, inquiry: Inquiry) -> str:
    return short_line(topic, TOPIC_LENGTH) or inquiry.subject


def ask_callback(
    tx: Transaction,
    inquiry_id: int,
    *,
    phone: str,
    window: CallWindow | None,
    topic: str,
    source: str,
    now: datetime,
    page_id: int | None = None,
) -> int:
    """A customer asks for a call at `phone` (E.164) on the page `page_id`; the promise's id.

    `source`: 'form' or 'status' by the link of a form, BY_MAIL_LINK by that in our mails. Whoever owns the inquiry
    calls, else whoever is free; without a window it is due when the goal for answers ends. An open promise that may be
    moved from there takes the new time: nobody is called twice. Raises InvalidInputError for a `topic` that is too
    long. Joins the caller's transaction.
    """
    inquiry = require_inquiry(tx, inquiry_id)
    goal = timedelta(minutes=shop_settings(tx).answer_goal_minutes)
    from_at, due_at = (window.from_at, window.due_at) if window else (None, answer_by_of(tx, now) or now + goal)
    data.inquiries.add_event(tx, inquiry.id, "callback_asked", now, detail=source)
    known = _movable(tx, inquiry, phone, source, page_id)
    if known is not None:
        data.promises.move_promise(tx, known.id, due_at, now, from_at=from_at)
        said = _topic(topic, inquiry) if topic.strip() else known.topic
        data.promises.ask_again(tx, known.id, phone, said, source)
        return known.id
    values = {
        "inquiry_id": inquiry.id,
        "staff_id": inquiry.owner_id or ANYBODY,
        "phone": phone,
        "topic": _topic(topic, inquiry),
        "due_at": due_at,
        "from_at": from_at,
        "source": source,
        "page_id": page_id,
    }
    return data.promises.insert_promise(tx, values, now)


def _movable(db: Reader, inquiry: Inquiry, phone: str, source: str, page_id: int | None) -> Call | None:
    """The open promise that may be moved from there: the one asked for by that very link, else the shop's own to the
    same number. Anybody may have typed a customer's address into a form: nobody leads our call to another number, and
    after a merge nobody touches what was promised to somebody else."""
    promises = data.promises.promises_of(db, inquiry.id)
    by_mail = source == BY_MAIL_LINK
    own = (each for each in promises if is_asked_by(each, page_id, by_mail_link=by_mail))
    alike = (each for each in promises if each.page_id is None and each.phone == phone)
    merged = bool(data.status_pages.list_merges(db, inquiry.id))
    return next(own, None) or (None if merged else next(alike, None))


def is_asked_by(call: Call, page_id: int | None, *, by_mail_link: bool) -> bool:
    """Whether a call was asked for on this page, by that one of its two links."""
    return call.page_id is not None and call.page_id == page_id and (call.source == BY_MAIL_LINK) == by_mail_link


def keep_promise(shop: Shop, actor: Actor, promise_id: int) -> None:
    """«Erreicht»: the call took place and ends the wait. Raises NotFoundError for a promise that has ended."""
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        entry = Entry(Channel.CALL, MessageRole.ANSWER, "")
        note_attempt(tx, actor, promise, CallOutcome.REACHED, _line(tx, promise, actor, entry, shop), shop.now())
        refresh_clock(tx, promise.inquiry_id)


def try_promise(shop: Shop, actor: Actor, promise_id: int, outcome: CallOutcome = CallOutcome.NOT_REACHED) -> datetime:
    """«Nicht erreicht» or «Mailbox»: counted and shown; when to call again (UTC). The clock goes on (rule 2).

    Tapped once more within ten seconds it was the same call, and the last tap says what came of it. Raises
    NotFoundError for a promise that has ended.
    """
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        same = data.promises.last_miss(tx, promise.id, shop.now() - DOUBLE_TAP)
        if same is not None:
            data.promises.change_outcome(tx, same, outcome)
            return promise.next_try_at or promise.due_at
        entry = Entry(Channel.CALL, MessageRole.ATTEMPT, "")
        again = note_attempt(tx, actor, promise, outcome, _line(tx, promise, actor, entry, shop), shop.now())
        refresh_clock(tx, promise.inquiry_id)
    return again or promise.due_at


def _line(tx: Transaction, promise: Promise, actor: Actor, entry: Entry, shop: Shop) -> int:
    return add_entry(tx, promise.inquiry_id, actor, entry, shop.now())


def note_attempt(
    tx: Transaction, actor: Actor, promise: Promise, outcome: CallOutcome, message_id: int, now: datetime
) -> datetime | None:
    """One call of an open promise, whose line in the conversation is `message_id`; when to call again, None if reached.

    A promise of nobody, and an inquiry of nobody, become that of who called: they know what was said and tried. Joins
    the caller's transaction.
    """
    take_if_unowned(tx, promise.inquiry_id, actor)
    data.promises.insert_attempt(tx, promise.id, message_id, outcome, now)
    data.promises.take_promise(tx, promise.id, actor.staff_id)
    if outcome is CallOutcome.REACHED:
        data.promises.end_promise(tx, promise.id, PromiseState.KEPT, now)
        if promise.topic == READY_CALL and not data.pickups.is_said_by(tx, message_id):
            data.pickups.insert_pickup(tx, promise.inquiry_id, None, message_id, now)
        return None
    again = _next_try(tx, promise, now)
    data.promises.count_try(tx, promise.id, now, again)
    return again


def take_if_unowned(tx: Transaction, inquiry_id: int, actor: Actor) -> None:
    """An inquiry of nobody becomes that of who spoke with the customer; in the caller's transaction."""
    if require_inquiry(tx, inquiry_id).owner_id is None:
        data.inquiries.change_inquiry(tx, inquiry_id, owner_id=actor.staff_id)


def _next_try(db: Reader, promise: Promise, now: datetime) -> datetime:
    def plan(hours: OpeningHours, holidays: frozenset[date], moment: datetime) -> datetime:
        tries, due_at, from_at = promise.tries + 1, promise.due_at, promise.from_at
        return rules.next_try(hours, holidays, moment, tries=tries, due_at=due_at, from_at=from_at)

    return _with_hours(db, now, plan)


def undo_reached(shop: Shop, actor: Actor, promise_id: int) -> datetime:
    """«Doch nicht erreicht»: the call counts as one that did not reach, and the wait is as if it had not ended.

    All promises that this call kept are open again. When to call again (UTC). Raises InvalidInputError for a closed
    inquiry and when the call is a day old, for then others may have relied on it; NotFoundError for a
    promise that no call has kept.
    """
    now = shop.now()
    with shop.store.write() as tx:
        promise = data.promises.read_promise(tx, promise_id)
        line = data.promises.reached_line(tx, promise_id)
        if promise is None or line is None or promise.state != PromiseState.KEPT:
            raise NotFoundError("Diesen Anruf gibt es nicht mehr.")
        if line[1] < now - UNDO_TIME or require_inquiry(tx, promise.inquiry_id).state == InquiryState.CLOSED:
            raise InvalidInputError("Das lässt sich nicht mehr ändern. Sagen Sie einen neuen Rückruf zu.")
        again = _next_try(tx, promise, now)
        for each in data.promises.kept_by(tx, line[0]):
            data.promises.unkeep(tx, each.id, _next_try(tx, each, now))
        data.messages.change_role(tx, line[0], MessageRole.ATTEMPT)
        refresh_clock(tx, promise.inquiry_id)
    return again


def just_kept(shop: Shop, inquiry_id: int) -> list[Call]:
    """The calls of this inquiry that reached and can still be taken back, the newest first."""
    return data.promises.kept_since(shop.store, inquiry_id, shop.now() - UNDO_TIME)


def withdraw_promise(shop: Shop, actor: Actor, promise_id: int, reason: str) -> None:
    """«Zurücknehmen»: no call is owed any more; the `reason` stands as a note. The clock goes on.

    Raises InvalidInputError without a reason, NotFoundError for a promise that has ended.
    """
    words = one_line(reason)
    if not words:
        raise InvalidInputError("Bitte sagen Sie, warum.")
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        data.promises.end_promise(tx, promise.id, PromiseState.WITHDRAWN, shop.now())
        data.inquiries.add_event(tx, promise.inquiry_id, "promise_withdrawn", shop.now(), staff_id=actor.staff_id)
        _line(tx, promise, actor, Entry(Channel.NOTE, MessageRole.NOTE, words), shop)
        drop_callback(tx, promise.inquiry_id, shop.now())
        refresh_clock(tx, promise.inquiry_id)


def move_promise(shop: Shop, actor: Actor, promise_id: int, due_at: datetime, from_at: datetime | None = None) -> None:
    """Another time was agreed. Raises InvalidInputError as `check_window` does, NotFoundError for a promise that has
    ended."""
    check_window(from_at, due_at, shop.now())
    with shop.store.write() as tx:
        promise = _require_open(tx, promise_id)
        data.promises.move_promise(tx, promise.id, due_at, shop.now(), from_at=from_at)
        data.inquiries.add_event(tx, promise.inquiry_id, "promise_moved", shop.now(), staff_id=actor.staff_id)


def list_promises(shop: Shop, actor: Actor, until: datetime | None = None) -> list[Call]:
    """Open promises due or to be tried again before `until`, or all; late ones first."""
    return data.promises.open_promises(shop.store, until)


@dataclass(frozen=True)
class CallQueue:
    """Promised calls in the order in which somebody should dial."""

    today: list[Call]  # due or to be tried again until the end of today, what is late on top
    later: list[Call]
    late: int  # past their time


def call_queue(shop: Shop, actor: Actor) -> CallQueue:
    """All open promises. Of what is late comes first what nobody has to wait for, then what is planned for later."""
    now = shop.now()
    calls = sorted(list_promises(shop, actor), key=lambda call: _urgency(call, now))
    tomorrow = day_bounds(now, shop_settings(shop.store))[1]
    today = [call for call in calls if _next_time(call) < tomorrow]
    later = [call for call in calls if _next_time(call) >= tomorrow]
    return CallQueue(today, later, late=sum(call.due_at < now for call in calls))


def _urgency(call: Call, now: datetime) -> tuple[bool, bool, datetime]:
    planned = call.next_try_at if call.next_try_at is not None and call.next_try_at > now else None
    return call.due_at >= now, planned is not None and call.due_at < now, planned or call.due_at


def _next_time(call: Call) -> datetime:
    return min(call.due_at, call.next_try_at or call.due_at)


def require_promise(shop: Shop, promise_id: int) -> Call:
    """The open promise; NotFoundError if it has ended."""
    return _require_open(shop.store, promise_id)


def promise_states(shop: Shop, actor: Actor, promise_ids: list[int]) -> dict[int, PromiseState]:
    """How these promises stand."""
    return data.promises.read_states(shop.store, promise_ids)


def _require_open(db: Reader, promise_id: int) -> Call:
    promise = data.promises.read_promise(db, promise_id)
    if promise is None or promise.state != PromiseState.OPEN:
        raise NotFoundError("Dieser Rückruf ist schon erledigt.")
    return promise
