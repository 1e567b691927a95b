"""A chat that was copied from the phone becomes a conversation: each message with its own time, so the wait is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import data.chats
import data.inquiries
import data.messages
import data.settings
from data.chats import KeptLine
from data.records import Actor, Channel, CloseReason, Inquiry, InquiryState, MessageRole
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.closing import note_close
from services.customers import NAME_LENGTH, clean_name, contact_of, find_or_add_customer, require_customer
from services.errors import InvalidInputError
from services.ideas import require_informed
from services.inquiries import require_inquiry
from services.rules.chat_media import MEDIA
from services.rules.folding import fold
from services.rules.pasted_chat import ChatLine, likely_customer, read_chat, senders
from services.settings import mail_account, shop_settings
from services.shop import Shop
from services.staff import list_staff
from services.typed import one_line, short_line, shorten
from services.wrap_ups import require_offered

MOST = 500
_SUBJECT = 78
_SAME_UNDATED = timedelta(days=14)  # so long the same words without a time are the same message
_THEIRS = frozenset({MessageRole.CUSTOMER, MessageRole.EARLIER_CUSTOMER})


@dataclass(frozen=True)
class PastedChat:
    """What was recognised: the messages, who speaks, and who of them is probably the customer."""

    lines: tuple[ChatLine, ...]
    names: tuple[str, ...]
    customer: str


def recognise_chat(shop: Shop, text: str) -> PastedChat | None:
    """The messages in a text that is a chat, or None. Times are aware UTC, none of them in the future."""
    settings = shop_settings(shop.store)
    ours = [settings.name, *(one.name for one in list_staff(shop.store))]
    lines = read_chat(text, ZoneInfo(settings.hours.zone), shop.now(), ours)
    names = senders(lines)
    if not names:
        return None
    return PastedChat(tuple(lines), tuple(names), likely_customer(names, ours))


def goes_on_with(shop: Shop, chat: PastedChat, customer: str) -> Inquiry | None:
    """The inquiry in which this chat lies already in part and that it would go on with; None for a new one."""
    lines = _dated(chat.lines, shop.now())
    kept = _kept(shop.store, lines, clean_name(customer), shop.now(), dated=_has_times(chat))
    return require_inquiry(shop.store, kept[0].inquiry_id) if kept else None


def note_chat(
    shop: Shop, actor: Actor, text: str, *, customer: str, who: str = "", reach: str = "", settled: bool = False
) -> int:
    """Keep the chat; the inquiry's id. What `customer` said is theirs, what anybody else said is ours.

    Messages that are there already are not kept twice: then the new ones go on with that inquiry, and who is the
    customer is put right. `who` is the name on the card, else `customer`; a sender who is a number is reached by it.
    `settled` closes it; else new words of the customer that nobody has answered open a closed one. Raises
    InvalidInputError for what is no chat, for more than 500 messages, for a name that says nothing in it, for `who` or
    `reach` that are too long, and for a close while a customer's idea waits for its word; UnofferedError for a close
    without an answer where the customer asked whether something is there and nothing was offered.
    """
    chat = recognise_chat(shop, text)
    if chat is None or customer not in chat.names:
        raise InvalidInputError("Das ließ sich nicht als Chat lesen.")
    if len(chat.lines) > MOST:
        raise InvalidInputError(
            "Das sind mehr als {limit} Nachrichten. Bitte nur den Teil einfügen, um den es geht.", limit=MOST
        )
    for typed in (who, reach):
        short_line(typed, NAME_LENGTH)
    now, name = shop.now(), clean_name(customer)
    with shop.store.write() as tx:
        lines = _dated(chat.lines, now)
        kept = _kept(tx, lines, name, now, dated=_has_times(chat))
        inquiry_id = kept[0].inquiry_id if kept else _new_inquiry(tx, actor, chat, customer, who, reach, now)
        fresh = _fresh(lines, kept, dated=_has_times(chat))
        for line in fresh:
            _add(tx, actor, inquiry_id, line, name, now)
        _put_right(tx, kept, lines, name, now)
        data.inquiries.wake_inquiries(tx, [inquiry_id])
        refresh_clock(tx, inquiry_id)
        if settled:
            _settle(tx, actor, inquiry_id, now)
        elif _unheard(require_inquiry(tx, inquiry_id), fresh, name):
            data.inquiries.add_event(tx, inquiry_id, "reopened", now, staff_id=actor.staff_id)
            refresh_clock(tx, inquiry_id)
    return inquiry_id


def _has_times(chat: PastedChat) -> bool:
    return any(line.said_at for line in chat.lines)


def _dated(lines: Sequence[ChatLine], now: datetime) -> list[ChatLine]:
    """Each with a time: its own, or that of the message before it, or now where nothing names one."""
    times = [line.said_at for line in lines if line.said_at]
    last = times[0] if times else now
    dated = []
    for line in lines:
        last = line.said_at or last
        dated.append(replace(line, who=clean_name(line.who), said_at=last))
    return dated


def _kept(db: Reader, lines: Sequence[ChatLine], customer: str, now: datetime, *, dated: bool) -> list[KeptLine]:
    """The messages of the inquiry that this chat goes on with, [] without one.

    It is told by what the customer said: two messages, or all there are. What we say may go to many, word for word.
    """
    words = {line.words for line in lines if line.who == customer}
    found: dict[int, list[KeptLine]] = {}
    for line in data.chats.chats_with(db, customer, words, None if dated else now - _SAME_UNDATED):
        found.setdefault(line.inquiry_id, []).append(line)
    hits = {inquiry_id: _hits(lines, kept, customer, dated=dated) for inquiry_id, kept in found.items()}
    best = max(hits, key=lambda inquiry_id: (hits[inquiry_id], inquiry_id), default=0)
    return found[best] if hits.get(best) else []


def _hits(lines: Sequence[ChatLine], kept: Sequence[KeptLine], customer: str, *, dated: bool) -> int:
    """How many of the customer's messages are kept there; 0 where that may be chance."""
    asked = Counter(_key(line, dated=dated) for line in lines if line.who == customer)
    held = Counter(_key(line, dated=dated) for line in kept if line.who == customer)
    hits = (asked & held).total()
    if hits < min(2, asked.total(), held.total()):
        return 0
    if any(line.role in _THEIRS for line in kept if line.who == customer):
        return hits
    # Somebody took them for one of us: then what the others said has to be there, too.
    others = {_key(line, dated=dated) for line in lines if line.who not in ("", customer)}
    return hits if others & {_key(line, dated=dated) for line in kept} else 0


def _key(line: ChatLine | KeptLine, *, dated: bool) -> tuple[str, datetime | None, str]:
    """By what a message is known again; the moment only where the text names one."""
    return line.who, line.said_at if dated else None, line.words


def _fresh(lines: Sequence[ChatLine], kept: Sequence[KeptLine], *, dated: bool) -> list[ChatLine]:
    """Those that are not there yet; what was said twice in a minute was said twice."""
    held = Counter(_key(line, dated=dated) for line in kept)
    fresh = []
    for line in lines:
        key = _key(line, dated=dated)
        if held[key]:
            held[key] -= 1
        else:
            fresh.append(line)
    return fresh


def _put_right(
    tx: Transaction, kept: Sequence[KeptLine], lines: Sequence[ChatLine], customer: str, now: datetime
) -> None:
    """Where another one of this chat was taken for the customer: whose messages are whose, and whose chat it is."""
    names = {line.who for line in lines} - {""}
    wrong = [line for line in kept if line.who in names and (line.role in _THEIRS) != (line.who == customer)]
    if not wrong:
        return
    for line in wrong:
        data.messages.change_role(tx, line.message_id, _role(tx, line.who, customer, line.said_at))
    inquiry = require_inquiry(tx, kept[0].inquiry_id)
    if require_customer(tx, inquiry.customer_id).name in names - {customer}:
        country = shop_settings(tx).country
        name, way = _name_and_way(tx, customer, "", "")
        data.chats.give_to(tx, inquiry.id, find_or_add_customer(tx, country, name=name, reach=way, now=now))


def _unheard(inquiry: Inquiry, fresh: Sequence[ChatLine], customer: str) -> bool:
    """Whether the customer said something before the close that nobody knew of, and nobody answered."""
    if inquiry.state is not InquiryState.CLOSED or inquiry.closed_at is None:
        return False
    answers = [line.said_at for line in fresh if line.said_at and line.who not in ("", customer)]
    last = max(answers, default=None)
    said = [line.said_at for line in fresh if line.said_at and line.who == customer]
    return any(at <= inquiry.closed_at and (last is None or at > last) for at in said)


def _settle(tx: Transaction, actor: Actor, inquiry_id: int, now: datetime) -> None:
    require_informed(tx, inquiry_id)
    waits = require_inquiry(tx, inquiry_id).waiting_since is not None
    reason = CloseReason.DEALT_WITH if waits else CloseReason.ANSWERED
    require_offered(tx, inquiry_id, reason)
    note_close(tx, inquiry_id, actor, reason, now)
    refresh_clock(tx, inquiry_id)


def _new_inquiry(
    tx: Transaction, actor: Actor, chat: PastedChat, customer: str, who: str, reach: str, now: datetime
) -> int:
    name, way = _name_and_way(tx, customer, who, reach)
    customer_id = find_or_add_customer(tx, shop_settings(tx).country, name=name, reach=way, now=now)
    said = [line.words for line in chat.lines if line.who == customer]
    first = next((words for words in said if words not in MEDIA), said[0])
    values = {"customer_id": customer_id, "channel": Channel.CHAT, "owner_id": actor.staff_id}
    subject = shorten(one_line(first), _SUBJECT)
    return data.inquiries.insert_inquiry(tx, {"started_by": "customer", "subject": subject, **values}, now)


def _name_and_way(db: Reader, customer: str, who: str, reach: str) -> tuple[str, str]:
    """The phone shows the number of whom it does not know by name."""
    is_number = contact_of(customer, shop_settings(db).country)[0] == "phone"
    if is_number:
        return who, reach or customer
    return who or customer, reach


def _add(tx: Transaction, actor: Actor, inquiry_id: int, line: ChatLine, customer: str, now: datetime) -> None:
    values = {
        "inquiry_id": inquiry_id,
        "kind": Channel.CHAT,
        "role": _role(tx, line.who, customer, line.said_at or now),
        "staff_id": actor.staff_id if line.who else None,
        "sender_name": line.who,
        "body": line.words,
        "folded": fold(f"{line.who} {line.words}"[:100_000]),
        "happened_at": line.said_at,
    }
    data.messages.insert_message(tx, values, now)


def _role(db: Reader, who: str, customer: str, said_at: datetime) -> MessageRole:
    """Lines of the app itself are nobody's, and what is older than the set-up has no clock (rule 12)."""
    if not who:
        return MessageRole.MACHINE
    account = mail_account(db)
    since = account.connected_at if account else data.settings.changed_at(db, "set_up_done")
    if since is not None and said_at < since:
        return MessageRole.EARLIER_CUSTOMER if who == customer else MessageRole.EARLIER_ANSWER
    return MessageRole.CUSTOMER if who == customer else MessageRole.ANSWER
