"""What people note of an inquiry when it ends, one tap each; of an inquiry that was merged it is the other one's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import data.bookings
import data.messages
import data.promises
import data.wishes
import data.wrap_ups
from data.booking_records import BookingState
from data.records import Actor, CloseReason, Inquiry, InquiryState
from data.report_records import Avoidable, Intent
from data.store import Reader, Transaction
from data.wrap_ups import Complaint, Instead, Praise, WrapUp
from services.errors import InvalidInputError, NotFoundError, UnofferedError
from services.inquiries import require_inquiry, require_written_to
from services.reasons import require_reason
from services.shop import Shop
from services.typed import one_line, short_line, shorten

MOST_COST = 10_000_000  # cents
_LENGTH = 200
_PROPOSAL = 60
DEAL = frozenset({"wished", "promised", "delivered"})
NO_COMPLAINT = "Diese Anfrage ist nicht als Beschwerde vermerkt."


@dataclass(frozen=True)
class Noted:
    """All that was noted of one inquiry, and whether there was something to keep to."""

    inquiry_id: int
    wrap_up: WrapUp
    complaint: Complaint | None
    praise: Praise | None
    wished: bool  # a wish of it was noted
    delivered: bool  # closed with an answer, or a booking of it is done: «wie zugesagt?» can be asked
    unmet: bool  # closed without an answer, and about whether something is there: «was haben wir angeboten?»
    first_words: str  # of the customer, shortened: what they probably wished for


def read_noted(shop: Shop, actor: Actor, inquiry_id: int) -> Noted:
    """All that was noted of an inquiry. Raises NotFoundError."""
    inquiry = require_inquiry(shop.store, inquiry_id)
    return Noted(
        inquiry_id=inquiry.id,
        wrap_up=data.wrap_ups.read_wrap_up(shop.store, inquiry.id),
        complaint=data.wrap_ups.read_complaint(shop.store, inquiry.id),
        praise=data.wrap_ups.read_praise(shop.store, inquiry.id),
        wished=bool(data.wishes.wishes_of_inquiry(shop.store, inquiry.id)),
        delivered=_delivered(shop.store, inquiry),
        unmet=_unmet(shop.store, inquiry),
        first_words=shorten(one_line(data.messages.first_words(shop.store, inquiry.id)), _PROPOSAL),
    )


def _delivered(db: Reader, inquiry: Inquiry) -> bool:
    answered = inquiry.first_response_at is not None or inquiry.close_reason == CloseReason.ANSWERED
    if inquiry.state is InquiryState.CLOSED and answered:
        return True
    return any(one.state is BookingState.DONE for one in data.bookings.bookings_of_inquiry(db, inquiry.id))


def _unmet(db: Reader, inquiry: Inquiry) -> bool:
    return inquiry.close_reason == CloseReason.DEALT_WITH and _asks_for_goods(db, inquiry.id)


def _asks_for_goods(db: Reader, inquiry_id: int) -> bool:
    """Whether somebody noted that it is about whether something is there, and nobody noted a wish."""
    reason_id = data.wrap_ups.read_wrap_up(db, inquiry_id).reason_id
    if reason_id is None or data.wishes.wishes_of_inquiry(db, inquiry_id):
        return False
    reason = data.wrap_ups.read_reason(db, reason_id)
    return reason is not None and reason.intent is Intent.AVAILABILITY


def lacks_offer(db: Reader, inquiry_id: int) -> bool:
    """Whether the customer asked whether something is there, and neither a wish nor another next step was noted.

    Such an inquiry is not closed without an answer: nobody goes away with empty hands (S2-7).
    """
    return _asks_for_goods(db, inquiry_id) and not data.wrap_ups.read_wrap_up(db, inquiry_id).offered


def require_offered(db: Reader, inquiry_id: int, reason: CloseReason) -> None:
    """Raises UnofferedError where a close for this reason lacks an offer, see `lacks_offer`."""
    if reason == CloseReason.DEALT_WITH and lacks_offer(db, inquiry_id):
        raise UnofferedError


def read_wrap_up(shop: Shop, actor: Actor, inquiry_id: int) -> WrapUp:
    """Reason, avoidable and kept of an inquiry, empty where nobody noted them. Raises NotFoundError."""
    return data.wrap_ups.read_wrap_up(shop.store, require_inquiry(shop.store, inquiry_id).id)


def note_reason(shop: Shop, actor: Actor, inquiry_id: int, reason_id: int | None) -> None:
    """What it was about; None takes that back. A complaint's reason marks the inquiry as a complaint, too; another one
    takes that mark back as long as nothing more is known of the complaint.

    Raises NotFoundError, also for a reason that was taken off.
    """
    with shop.store.write() as tx:
        inquiry, now = require_inquiry(tx, inquiry_id), shop.now()
        reason = None if reason_id is None else require_reason(tx, reason_id)
        known = data.wrap_ups.read_wrap_up(tx, inquiry.id)
        data.wrap_ups.put_wrap_up(tx, inquiry.id, replace(known, reason_id=reason_id), now)
        if reason and reason.intent is Intent.COMPLAINT:
            data.wrap_ups.mark_complaint(tx, inquiry.id, now)
        elif known.reason_id is not None and require_reason(tx, known.reason_id).intent is Intent.COMPLAINT:
            _drop_bare_complaint(tx, inquiry.id)


def _drop_bare_complaint(tx: Transaction, inquiry_id: int) -> None:
    """A slip of the finger is no complaint; what somebody described is one."""
    noted = data.wrap_ups.read_complaint(tx, inquiry_id)
    if noted and not (noted.cause or noted.cost_cents or noted.solution or noted.solved_at or noted.lost):
        data.wrap_ups.drop_complaint(tx, inquiry_id)


def note_avoidable(shop: Shop, actor: Actor, inquiry_id: int, avoidable: Avoidable | None) -> None:
    """Whether the contact would not have been needed, and why; None takes that back. Raises NotFoundError."""
    _change(shop, inquiry_id, avoidable=avoidable.value if avoidable else "")


def note_kept(shop: Shop, actor: Actor, inquiry_id: int, kept: bool | None) -> None:
    """Whether it went as it was promised; None takes that back. Raises NotFoundError."""
    _change(shop, inquiry_id, promise_kept=kept, otherwise=False)


def note_otherwise(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """Not as it was promised, but something else came; what, `note_deal` keeps. Raises NotFoundError."""
    _change(shop, inquiry_id, promise_kept=False, otherwise=True)


def note_deal(shop: Shop, actor: Actor, inquiry_id: int, **words: str) -> None:
    """What was `wished`, `promised` and `delivered`, each in one line of few words; those not named stay.

    Raises NotFoundError, InvalidInputError for a line that is too long, TypeError for any other name.
    """
    if not words.keys() <= DEAL:
        raise TypeError(f"no such words: {sorted(words.keys() - DEAL)}")
    _change(shop, inquiry_id, **{name: short_line(text, _LENGTH) for name, text in words.items()})


def note_offered(shop: Shop, actor: Actor, inquiry_id: int, offered: Instead | None) -> None:
    """Which next step was offered; None takes that back. Raises NotFoundError."""
    _change(shop, inquiry_id, offered=offered.value if offered else "")


def keep_offered(tx: Transaction, inquiry_id: int, offered: Instead, now: datetime) -> None:
    """Note it in the caller's transaction."""
    known = data.wrap_ups.read_wrap_up(tx, inquiry_id)
    data.wrap_ups.put_wrap_up(tx, inquiry_id, replace(known, offered=offered.value), now)


def keep_callback(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """Note a call that was just promised as what was offered, where the inquiry lacked an offer; see `lacks_offer`."""
    if lacks_offer(tx, inquiry_id):
        keep_offered(tx, inquiry_id, Instead.CALLBACK, now)


def drop_callback(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """A call was taken back: where no other is owed or was made, none was offered."""
    known = data.wrap_ups.read_wrap_up(tx, inquiry_id)
    if known.offered == Instead.CALLBACK and not data.promises.has_promise(tx, inquiry_id):
        data.wrap_ups.put_wrap_up(tx, inquiry_id, replace(known, offered=""), now)


def _change(shop: Shop, inquiry_id: int, **changes: Any) -> None:  # noqa: ANN401 fields of WrapUp
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id) if DEAL & changes.keys() else require_inquiry(tx, inquiry_id)
        known = data.wrap_ups.read_wrap_up(tx, inquiry.id)
        data.wrap_ups.put_wrap_up(tx, inquiry.id, replace(known, **changes), shop.now())


def read_complaint(shop: Shop, actor: Actor, inquiry_id: int) -> Complaint | None:
    """The complaint that was noted of an inquiry, or None. Raises NotFoundError."""
    return data.wrap_ups.read_complaint(shop.store, require_inquiry(shop.store, inquiry_id).id)


def mark_complaint(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """It is a complaint, open; one that was noted before stays as it is. Raises NotFoundError."""
    with shop.store.write() as tx:
        data.wrap_ups.mark_complaint(tx, require_inquiry(tx, inquiry_id).id, shop.now())


def unmark_complaint(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """It was no complaint after all; what was described of it goes, too. Raises NotFoundError."""
    with shop.store.write() as tx:
        data.wrap_ups.drop_complaint(tx, require_inquiry(tx, inquiry_id).id)


def describe_complaint(
    shop: Shop, actor: Actor, inquiry_id: int, *, cause: str, cost_cents: int, solution: str, lost: bool | None
) -> None:
    """What was behind a complaint, what it cost, how it was put right, and whether the customer went for good.

    Marks the inquiry as a complaint if it was not. Raises NotFoundError, InvalidInputError.
    """
    if not 0 <= cost_cents <= MOST_COST:
        raise InvalidInputError("Dieser Betrag kann nicht stimmen.")
    words = {"cause": short_line(cause, _LENGTH), "solution": short_line(solution, _LENGTH)}
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        data.wrap_ups.mark_complaint(tx, inquiry.id, shop.now())
        data.wrap_ups.change_complaint(tx, inquiry.id, {**words, "cost_cents": cost_cents, "lost": lost})


def solve_complaint(shop: Shop, actor: Actor, inquiry_id: int, solved: bool) -> None:
    """The complaint is solved, from the first time that was said; or not, after all.

    Raises NotFoundError, also where no complaint was noted.
    """
    with shop.store.write() as tx:
        inquiry = require_inquiry(tx, inquiry_id)
        complaint = data.wrap_ups.read_complaint(tx, inquiry.id)
        if complaint is None:
            raise NotFoundError(NO_COMPLAINT)
        solved_at = (complaint.solved_at or shop.now()) if solved else None
        data.wrap_ups.change_complaint(tx, inquiry.id, {"solved_at": solved_at})


def mark_praise(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """It is praise; what was noted before stays as it is. Raises NotFoundError."""
    with shop.store.write() as tx:
        data.wrap_ups.mark_praise(tx, require_inquiry(tx, inquiry_id).id, shop.now())


def unmark_praise(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """It was no praise after all. Raises NotFoundError."""
    with shop.store.write() as tx:
        data.wrap_ups.drop_praise(tx, require_inquiry(tx, inquiry_id).id)


def pass_on_praise(shop: Shop, actor: Actor, inquiry_id: int) -> None:
    """The team was told; the first time counts. Marks the inquiry as praise if it was not. Raises NotFoundError."""
    with shop.store.write() as tx:
        inquiry, now = require_inquiry(tx, inquiry_id), shop.now()
        data.wrap_ups.mark_praise(tx, inquiry.id, now)
        data.wrap_ups.pass_on_praise(tx, inquiry.id, now)
