"""What customers see and do by the secret link of their inquiry: where it stands, what was said, one more line, a call.

Nothing of the shop's own is here: no note, no attempt, no other inquiry. Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import data.ideas
import data.inquiries
import data.promises
import data.status_pages
from data.ideas import CustomerIdea
from data.promises import Call
from data.records import Channel, Inquiry, InquiryState, MessageRole, Promise
from data.status_pages import Spoken, StatusPage
from data.store import Reader, Transaction
from services.answer_times import answer_by_of
from services.clock import refresh_clock
from services.customers import contact_of
from services.drafts import SIGNATURE
from services.errors import NotFoundError, require
from services.ideas import ideas_of
from services.inquiry_form import dialled, needed_words, say_by_form, window_ending
from services.own_bookings import DEAD_LINK
from services.promises import BY_MAIL_LINK, ask_callback, is_asked_by
from services.rules.call_windows import CallWindow
from services.rules.own_talk import Merge, Said, belongs
from services.rules.phones import normalise_phone
from services.settings import shop_settings
from services.shop import Shop
from services.staff import list_staff
from services.status_pages import find_page

_DOUBLE_TAP = timedelta(minutes=10)
_OF_CUSTOMER = frozenset({MessageRole.CUSTOMER, MessageRole.EARLIER_CUSTOMER, MessageRole.IDEA})


class Standing(StrEnum):
    """How an inquiry stands, in the customer's eyes."""

    WAITING = "waiting"  # we are to answer
    LATE = "late"  # and have not as promised
    ANSWERED = "answered"
    CLOSED = "closed"  # without an answer of ours
    GONE = "gone"  # somebody took it for no customer's


@dataclass(frozen=True)
class Line:
    """One entry of «Verlauf»; without words it only says that something was said."""

    ours: bool
    who: str  # of ours, '' when it was nobody in particular
    kind: Channel
    at: datetime
    words: str
    sealed: bool  # the words lie in the customer's own mailbox


@dataclass(frozen=True)
class OwnInquiry:
    """All that the page shows. Times are aware UTC."""

    page: StatusPage
    inquiry: Inquiry  # what it was merged into, if it was
    standing: Standing
    told: datetime | None  # until when an answer, or the call, was promised
    new_time: datetime | None  # late: what a person promised since
    owner: str  # who takes care of it, '' for nobody yet
    lines: tuple[Line, ...]
    callback: Promise | None
    sealed: bool  # by the link of the form, which opens only what was said by it: anybody may have typed that address
    ideas: tuple[CustomerIdea, ...]  # those said on this page, whether we have decided about them or not

    @property
    def answer(self) -> Line | None:
        """The last thing that reached the customer."""
        return next((line for line in reversed(self.lines) if line.ours), None)


def open_own_inquiry(db: Reader, secret: str, now: datetime) -> OwnInquiry:
    """The inquiry behind a link; NotFoundError with one sentence for every other text."""
    page = require(find_page(db, secret), DEAD_LINK)
    inquiry = _shown(db, page)
    sealed = secret != page.mail_secret
    lines = _lines(db, page, inquiry, sealed=sealed)
    callback = _callback(db, page, inquiry, by_mail_link=not sealed)
    told = _told(db, page, inquiry, callback, now, answered=any(line.ours for line in lines))
    standing = _standing(inquiry, lines, told, now)
    return OwnInquiry(
        page=page,
        inquiry=inquiry,
        standing=standing,
        told=told,
        new_time=_new_time(inquiry, callback, now) if standing is Standing.LATE else None,
        owner=_owner(db, inquiry),
        lines=lines,
        callback=callback,
        sealed=sealed,
        ideas=tuple(one for one in ideas_of(db, inquiry.id) if one.stream == page.inquiry_id),
    )


def owed_until(db: Reader, page: StatusPage, now: datetime) -> datetime | None:
    """Until when the customer of this page was promised what they still wait for (UTC), as it stands on the page behind
    the link in our mails: an answer, or a call that is late; None once they have it, or wait no longer."""
    inquiry = _shown(db, page)
    callback = _callback(db, page, inquiry, by_mail_link=True)
    answered = any(line.ours for line in _lines(db, page, inquiry, sealed=False))
    return _told(db, page, inquiry, callback, now, answered=answered)


def add_to_inquiry(shop: Shop, secret: str, words: str, *, idea: bool = False) -> None:
    """One more message of the customer; it opens a closed inquiry again and wakes a snoozed one.

    The same words once more within ten minutes are one tap too many. `idea`: marked as one, about which the staff
    decide; nobody waits for an answer to it, so the clock stays as it is. Raises NotFoundError, InvalidInputError for
    no or too many words.
    """
    text = needed_words(words)
    with shop.store.write() as tx:
        page, inquiry = _require_own(tx, secret)
        if _said_just_now(tx, page, inquiry, secret, text, shop.now()):
            return
        if idea:
            _take_idea(tx, page, inquiry, secret, text, shop.now())
        else:
            _hear(tx, page, inquiry, secret, text, shop.now())


def ask_for_call(shop: Shop, secret: str, phone: str, call_by: datetime | None, words: str) -> None:
    """Promise a call in the window that ends at `call_by`, None for as soon as it goes; `words` say so in «Verlauf».

    A second wish moves the first. The number stands on no card: who typed it may not be that customer. Raises
    NotFoundError, InvalidInputError for the number or a window that is over.
    """
    with shop.store.write() as tx:
        page, inquiry = _require_own(tx, secret)
        number = normalise_phone(dialled(tx, phone), shop_settings(tx).country)
        window, now = window_ending(tx, call_by, shop.now()), shop.now()
        source = BY_MAIL_LINK if secret == page.mail_secret else "status"
        _keep_phone(tx, page, secret, phone)
        if not _said_just_now(tx, page, inquiry, secret, words, now):
            _hear(tx, page, inquiry, secret, words, now)
        page_id = page.inquiry_id
        ask_callback(tx, inquiry.id, phone=number, window=window, topic="", source=source, now=now, page_id=page_id)


def window_of(promise: Promise) -> CallWindow:
    """The agreed window of a promised call; one without a beginning begins where it ends."""
    return CallWindow(promise.from_at or promise.due_at, promise.due_at)


def _shown(db: Reader, page: StatusPage) -> Inquiry:
    inquiry = data.inquiries.read_inquiry(db, page.inquiry_id)
    if inquiry is not None and inquiry.merged_into is not None:
        inquiry = data.inquiries.read_inquiry(db, inquiry.merged_into)
    return require(inquiry, DEAD_LINK)


def _require_own(tx: Transaction, secret: str) -> tuple[StatusPage, Inquiry]:
    page = require(find_page(tx, secret), DEAD_LINK)
    inquiry = _shown(tx, page)
    if inquiry.dismissed:
        raise NotFoundError(DEAD_LINK)
    return page, inquiry


def _hear(tx: Transaction, page: StatusPage, inquiry: Inquiry, secret: str, words: str, now: datetime) -> None:
    say_by_form(tx, page, inquiry.id, words, now, by_mail_link=secret == page.mail_secret)
    data.inquiries.wake_inquiries(tx, [inquiry.id])
    refresh_clock(tx, inquiry.id)


def _take_idea(tx: Transaction, page: StatusPage, inquiry: Inquiry, secret: str, words: str, now: datetime) -> None:
    data.inquiries.add_event(tx, inquiry.id, "idea", now)
    by_mail_link = secret == page.mail_secret
    message_id = say_by_form(tx, page, inquiry.id, words, now, by_mail_link=by_mail_link, role=MessageRole.IDEA)
    data.ideas.insert_idea(tx, inquiry.id, message_id)
    refresh_clock(tx, inquiry.id)


def _said_just_now(db: Reader, page: StatusPage, inquiry: Inquiry, secret: str, words: str, now: datetime) -> bool:
    said = [line for line in data.status_pages.list_spoken(db, inquiry.id) if line.stream == page.inquiry_id]
    last = said[-1] if said else None
    if last is not None and last.by_mail_link != (secret == page.mail_secret):
        return False
    return last is not None and last.body == words and now - last.spoken_at < _DOUBLE_TAP


def _keep_phone(tx: Transaction, page: StatusPage, secret: str, phone: str) -> None:
    """On the page, to fill its form in with; never what was typed by the mails' link where the form's would show it."""
    if secret == page.secret or not page.form_key:
        _kind, _address, shown = contact_of(phone, shop_settings(tx).country)
        data.status_pages.change_page(tx, page.inquiry_id, phone=shown)


def _callback(db: Reader, page: StatusPage, inquiry: Inquiry, *, by_mail_link: bool) -> Call | None:
    """The promised call, first the one asked for by this very link. By the link of the form else only one of ours; of a
    merged conversation else only one of ours to the number of this page."""
    promises = data.promises.promises_of(db, inquiry.id)
    own = [each for each in promises if is_asked_by(each, page.inquiry_id, by_mail_link=by_mail_link)]
    ours = [each for each in promises if each.page_id is None]
    if data.status_pages.list_merges(db, inquiry.id):
        number = normalise_phone(page.phone, shop_settings(db).country)
        promises = [each for each in ours if number and each.phone == number]
    elif not by_mail_link:
        promises = ours
    return next(iter([*own, *promises]), None)


def _told(
    db: Reader, page: StatusPage, inquiry: Inquiry, callback: Promise | None, now: datetime, *, answered: bool
) -> datetime | None:
    """Until when this wait ends by our word; of a call that is late, until when that was promised."""
    told = _answer_told(db, page, inquiry, callback, answered=answered)
    if callback and callback.due_at < now and (told is None or told >= now):
        return callback.due_at
    return told


def _answer_told(
    db: Reader, page: StatusPage, inquiry: Inquiry, callback: Promise | None, *, answered: bool
) -> datetime | None:
    """Until when an answer was promised; a later call that the customer wished for is the answer.

    Where another customer's wait of a merged conversation has ended, nobody has answered this one yet.
    """
    waiting = inquiry.waiting_since
    if waiting is None:
        ended = answered or inquiry.state is InquiryState.CLOSED or not data.status_pages.list_merges(db, inquiry.id)
        return None if ended else page.answer_by
    kept = page.answer_by if waiting <= page.created_at else None
    answer = kept or answer_by_of(db, waiting)
    wished = callback.due_at if callback and callback.source != "shop" else None
    return max(filter(None, (answer, wished)), default=None)


def _standing(inquiry: Inquiry, lines: Sequence[Line], told: datetime | None, now: datetime) -> Standing:
    if inquiry.dismissed:
        return Standing.GONE
    if told is not None and told < now:
        return Standing.LATE
    if inquiry.waiting_since is not None:
        return Standing.WAITING
    if any(line.ours for line in lines):
        return Standing.ANSWERED
    return Standing.CLOSED if inquiry.state is InquiryState.CLOSED else Standing.WAITING


def _new_time(inquiry: Inquiry, callback: Promise | None, now: datetime) -> datetime | None:
    """What a person said since: the next step's time, or a call that is promised."""
    times = [inquiry.next_step_at, callback.due_at if callback else None]
    return min((moment for moment in times if moment is not None and moment > now), default=None)


def _owner(db: Reader, inquiry: Inquiry) -> str:
    return next((staff.name for staff in list_staff(db) if staff.id == inquiry.owner_id and staff.active), "")


def _lines(db: Reader, page: StatusPage, inquiry: Inquiry, *, sealed: bool) -> tuple[Line, ...]:
    own = data.inquiries.read_inquiry(db, page.inquiry_id)
    same = own is not None and own.customer_id == inquiry.customer_id
    merges = [Merge(*row) for row in data.status_pages.list_merges(db, inquiry.id)]
    is_ours = belongs(page.inquiry_id, page.mail, merges, same_person=same)
    spoken = [each for each in data.status_pages.list_spoken(db, inquiry.id) if is_ours(_said(each))]
    return tuple(_line(each, sealed=sealed) for each in spoken if not (sealed and _is_hidden(each)))


def _said(spoken: Spoken) -> Said:
    other = spoken.sender_address if spoken.role in _OF_CUSTOMER else spoken.recipient
    return Said(spoken.stream, spoken.spoken_at, other, spoken.kind is Channel.FORM)


def _is_hidden(spoken: Spoken) -> bool:
    """What a customer said on another way than by the link of the form is not for everybody who typed their address."""
    by_form = spoken.kind is Channel.FORM and spoken.staff_id is None and not spoken.by_mail_link
    return spoken.role in _OF_CUSTOMER and not by_form


def _line(spoken: Spoken, *, sealed: bool) -> Line:
    """Words that a person of ours wrote down of a talk stay ours; a mail's words end above the signature."""
    ours = spoken.role not in _OF_CUSTOMER
    line = Line(ours, spoken.staff_name if ours else "", spoken.kind, spoken.spoken_at, "", sealed=False)
    if ours and spoken.kind is Channel.MAIL:
        words = (spoken.body.rpartition(SIGNATURE)[0] or spoken.body).strip()
        return replace(line, words="" if sealed else words, sealed=sealed)
    return line if ours or spoken.staff_id is not None else replace(line, words=spoken.body.strip())
