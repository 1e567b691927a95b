"""Replying: preview, a send that can be taken back for 20 seconds, and what a person decides when it went wrong."""

from __future__ import annotations

from dataclasses import dataclass

import data.inquiries
import data.messages
import data.outbox
import data.pickups
import data.promises
from data.records import (
    Actor,
    Channel,
    Inquiry,
    InquiryState,
    Message,
    MessageRole,
    OutboxRow,
    OutboxState,
)
from data.store import Reader, Transaction
from services.arrivals import note_reply
from services.clock import refresh_clock
from services.customers import NAME_LENGTH, find_or_add_customer
from services.drafts import SIGNATURE, keep_draft
from services.errors import InvalidInputError, UnseenMessageError, require
from services.ideas import has_undecided, require_informed
from services.inquiries import require_inquiry, require_written_to
from services.letters import (
    Letter,
    copies_of,
    link_line,
    queue_letter,
    recipient_of,
    sender_name,
    sign,
    subject_of,
    without_links,
)
from services.rules.threads import matter_of, plain_subject
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_staff
from services.typed import check_address, short_line

_FORWARDED = "---------- Weitergeleitet ----------"


@dataclass(frozen=True)
class Preview:
    """A reply as the customer will see it."""

    sender: str
    recipient: str
    subject: str
    text: str
    cc: str
    files: tuple[str, ...]


def preview_reply(shop: Shop, actor: Actor, inquiry_id: int, *, body: str, subject: str = "", cc: str = "") -> Preview:
    """The reply with sender, subject, copy, signature and the names of its files; nothing is kept."""
    inquiry = require_inquiry(shop.store, inquiry_id)
    name, address = recipient_of(shop.store, inquiry)
    staff = require_staff(shop.store, actor.staff_id)
    return Preview(
        sender=sender_name(staff, shop_settings(shop.store).name),
        recipient=f"{name} <{address}>",
        subject=subject_of(inquiry, subject),
        text=sign(body, staff, shop_settings(shop.store), link_line(shop.store, inquiry, address, cc)),
        cc=", ".join(copies_of(cc)),
        files=tuple(f.file_name for f in data.outbox.list_draft_files(shop.store, inquiry.id, actor.staff_id)),
    )


def send_reply(
    shop: Shop,
    actor: Actor,
    inquiry_id: int,
    *,
    body: str,
    subject: str = "",
    cc: str = "",
    seen_version: int,
    form_key: str,
    close: bool = False,
    template_id: int | None = None,
) -> int:
    """Queue a reply; it leaves in 20 seconds and stops the clock only once the server took it (rule 10).

    With `close` the person also decides that the inquiry ends as answered: at that very moment, not before, and only if
    the reply leaves; one that a person has to send again leaves it open. `template_id` is the template that the text
    began with. Returns the message's id; the same `form_key` again returns the same id. Raises UnseenMessageError when
    somebody wrote meanwhile, EmptyPlaceholderError for `{…}` left in the text, InvalidInputError for addresses and for
    a close while something is promised or planned.
    """
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return known
        inquiry = require_written_to(tx, inquiry_id)
        if data.messages.unseen_by(tx, inquiry.id, seen_version, actor.staff_id):
            raise UnseenMessageError
        name, address = recipient_of(tx, inquiry)
        words = (subject_of(inquiry, subject), body)
        letter = Letter(name, address, cc, *words, form_key, MessageRole.ANSWER, template_id=template_id)
        message_id = queue_letter(shop, tx, actor, inquiry, letter)
        data.pickups.carry_over(tx, inquiry.id, message_id, letter.subject, shop.now())
        note_reply(shop, tx, inquiry.id, message_id, template_id)
        if inquiry.started_by == "shop" and not inquiry.version:  # nothing was said here yet
            data.inquiries.change_inquiry(tx, inquiry.id, subject=plain_subject(letter.subject))
        data.inquiries.change_inquiry(
            tx, inquiry.id, owner_id=inquiry.owner_id or actor.staff_id, snoozed_until_at=None
        )
        if close:
            _close_with(shop, tx, actor, inquiry, message_id)
    return message_id


def may_close_with(db: Reader, inquiry: Inquiry) -> bool:
    """Whether nothing but this reply is left to do: no promise is open, nothing planned, no idea to be decided."""
    planned = inquiry.next_step or data.promises.promises_of(db, inquiry.id)
    return not planned and not has_undecided(db, inquiry.id)


def _close_with(shop: Shop, tx: Transaction, actor: Actor, inquiry: Inquiry, message_id: int) -> None:
    require_informed(tx, inquiry.id, by_reply=True)
    if not may_close_with(tx, inquiry):
        raise InvalidInputError("Hier ist noch etwas versprochen oder geplant. Erledigen Sie das zuerst.")
    data.inquiries.add_event(tx, inquiry.id, "closed_with", shop.now(), staff_id=actor.staff_id, detail=str(message_id))


def take_back_reply(shop: Shop, actor: Actor, message_id: int) -> str:
    """Stop a reply that has not left yet; its text is the draft again. InvalidInputError when it is too late."""
    return _unsend(shop, actor, message_id, OutboxState.QUEUED, "Zu spät: Diese Antwort ist schon unterwegs.")


def give_up(shop: Shop, actor: Actor, message_id: int) -> str:
    """Take a failed reply back into the draft, to be mended or dropped."""
    return _unsend(shop, actor, message_id, OutboxState.FAILED, "Diese Antwort ist nicht gescheitert.")


def _unsend(shop: Shop, actor: Actor, message_id: int, was: OutboxState, refusal: str) -> str:
    with shop.store.write() as tx:
        message = _require_message(tx, message_id)
        text = _words_of(message)
        if _require_row(tx, message_id).state == OutboxState.TAKEN_BACK:
            return text
        if not data.outbox.change_outgoing(tx, message_id, was, state=OutboxState.TAKEN_BACK, problem=""):
            raise InvalidInputError(refusal)
        if message.role == MessageRole.ANSWER:  # a forward is for somebody else: no draft for the customer
            _back_to_draft(shop, tx, actor, message, text)
        refresh_clock(tx, message.inquiry_id)
    return text


def _words_of(message: Message) -> str:
    return message.body.rpartition(SIGNATURE)[0] or message.body


def forward_of(shop: Shop, message_id: int) -> tuple[str, str] | None:
    """(address, words) of a forward, to be written anew; None for what is no forward. Raises NotFoundError."""
    message = _require_message(shop.store, message_id)
    if message.role != MessageRole.FORWARD:
        return None
    return message.recipient, _words_of(message).partition(_FORWARDED)[0].strip()


def _back_to_draft(shop: Shop, tx: Transaction, actor: Actor, message: Message, text: str) -> None:
    """The text and its files are the draft again, above what was typed meanwhile."""
    inquiry = require_inquiry(tx, message.inquiry_id)
    typed = data.outbox.read_draft(tx, inquiry.id, actor.staff_id)
    body = f"{text}\n\n{typed.body}" if typed and typed.body.strip() else text
    cc = _require_row(tx, message.id).cc
    keep_draft(tx, actor, inquiry.id, body, message.subject, cc, inquiry.version, shop.now())
    for file in data.messages.attachments_of(tx, message.id):
        values: dict[str, object] = {
            "inquiry_id": inquiry.id,
            "staff_id": actor.staff_id,
            "file_name": file.file_name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
        }
        data.outbox.add_draft_file(tx, values)


def send_again(shop: Shop, actor: Actor, message_id: int) -> None:
    """A person's choice for a failed or unsure reply: once more, under the same Message-ID."""
    with shop.store.write() as tx:
        row = _require_row(tx, message_id)
        if row.state not in {OutboxState.FAILED, OutboxState.UNSURE}:
            raise InvalidInputError("Diese Antwort ist nicht offen.")
        data.outbox.change_outgoing(
            tx, message_id, row.state, state=OutboxState.QUEUED, due_at=shop.now(), problem="", attempts=0
        )
        data.messages.restamp(tx, message_id, shop.now())


def confirm_sent(shop: Shop, actor: Actor, message_id: int) -> None:
    """A person's choice for an unsure reply: it did arrive, counted from its attempt (rule 10)."""
    with shop.store.write() as tx:
        row = _require_row(tx, message_id)
        sent_at = row.attempted_at or row.due_at
        if data.outbox.change_outgoing(
            tx, message_id, OutboxState.UNSURE, state=OutboxState.SENT, sent_at=sent_at, problem=""
        ):
            message = _require_message(tx, message_id)
            data.inquiries.add_event(tx, message.inquiry_id, "confirmed_sent", shop.now(), staff_id=actor.staff_id)
            refresh_clock(tx, message.inquiry_id)


def _require_row(db: Reader, message_id: int) -> OutboxRow:
    return require(data.outbox.read_outgoing(db, message_id), "Diese Antwort gibt es nicht mehr.")


def _require_message(db: Reader, message_id: int) -> Message:
    return require(data.messages.read_message(db, message_id), "Diese Nachricht gibt es nicht mehr.")


def begin_letter(shop: Shop, actor: Actor, *, name: str, address: str) -> int:
    """Begin to write to a customer unasked: no clock until the answer comes (rule 6); the inquiry's id.

    One that this person began before and never sent is gone on with. Raises InvalidInputError for the address, and for
    a name that is too long.
    """
    now, reach = shop.now(), check_address(address)
    short_line(name, NAME_LENGTH)
    with shop.store.write() as tx:
        customer_id = find_or_add_customer(tx, shop_settings(tx).country, name=name, reach=reach, now=now)
        values = {"customer_id": customer_id, "channel": Channel.MAIL, "started_by": "shop", "owner_id": actor.staff_id}
        inquiry_id = _begun(tx, actor, customer_id) or data.inquiries.insert_inquiry(tx, values, now)
        data.inquiries.add_event(tx, inquiry_id, "begun", now, staff_id=actor.staff_id, detail=reach.lower())
    return inquiry_id


def _begun(db: Reader, actor: Actor, customer_id: int) -> int | None:
    rows = data.inquiries.rows_of_customer(db, customer_id)
    mine = (row.id for row in rows if row.unsent and row.owner_id == actor.staff_id and row.state == InquiryState.OPEN)
    return next(mine, None)


def forward_inquiry(shop: Shop, actor: Actor, inquiry_id: int, *, address: str, note: str, form_key: str) -> int:
    """Send the customer's last mail on to a third person; the customer still waits."""
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return known
        inquiry = require_written_to(tx, inquiry_id)
        last = data.messages.last_mail_of_customer(tx, inquiry.id)
        quoted = without_links(f"{last.body}\n{last.quoted}".strip() if last else inquiry.snippet)
        sender = f"{last.sender_name} <{last.sender_address}>" if last else ""
        quote = f"{_FORWARDED}\n{sender}\n\n{quoted}"
        reach = check_address(address)
        subject = f"WG: {matter_of(inquiry) or 'Anfrage'}"
        files_of = last.id if last else None
        letter = Letter(reach, reach, "", subject, note, form_key, MessageRole.FORWARD, quote, files_of)
        return queue_letter(shop, tx, actor, inquiry, letter)
