"""Replying: preview, a send that can be taken back for 20 seconds, and what a person decides when it went wrong."""

from __future__ import annotations

from dataclasses import dataclass

import data.inquiries
import data.messages
import data.outbox
from data.records import Actor, Channel, Message, MessageRole, OutboxRow, OutboxState
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.customers import clean_name, find_or_add_customer
from services.drafts import SIGNATURE, keep_draft
from services.errors import InvalidInputError, NotFoundError, UnseenMessageError
from services.inquiries import require_inquiry
from services.letters import Letter, check_address, queue_letter, recipient_of, sender_name, sign, subject_of
from services.rules.threads import plain_subject
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_staff


@dataclass(frozen=True)
class Preview:
    """A reply as the customer will see it."""

    sender: str
    recipient: str
    subject: str
    text: str


def preview_reply(shop: Shop, actor: Actor, inquiry_id: int, *, body: str, subject: str = "") -> Preview:
    """The reply with sender, subject and signature; nothing is kept."""
    inquiry = require_inquiry(shop.store, inquiry_id)
    name, address = recipient_of(shop.store, inquiry)
    staff = require_staff(shop.store, actor.staff_id)
    return Preview(
        sender=sender_name(staff, shop_settings(shop.store).name),
        recipient=f"{name} <{address}>",
        subject=subject_of(inquiry, subject),
        text=sign(body, staff, shop_settings(shop.store)),
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
) -> int:
    """Queue a reply; it leaves in 20 seconds and stops the clock only once the server took it (rule 10).

    Returns the message's id; the same `form_key` again returns the same id. Raises UnseenMessageError when somebody
    wrote meanwhile, EmptyPlaceholderError for `{…}` left in the text, InvalidInputError for addresses.
    """
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return known
        inquiry = require_inquiry(tx, inquiry_id)
        if data.messages.unseen_by(tx, inquiry.id, seen_version, actor.staff_id):
            raise UnseenMessageError
        name, address = recipient_of(tx, inquiry)
        letter = Letter(name, address, cc, subject_of(inquiry, subject), body, form_key, MessageRole.ANSWER)
        message_id = queue_letter(shop, tx, actor, inquiry, letter)
        if inquiry.owner_id is None:
            data.inquiries.change_inquiry(tx, inquiry.id, owner_id=actor.staff_id)
        data.inquiries.change_inquiry(tx, inquiry.id, snoozed_until_at=None)
    return message_id


def take_back_reply(shop: Shop, actor: Actor, message_id: int) -> str:
    """Stop a reply that has not left yet; its text is the draft again. InvalidInputError when it is too late."""
    return _unsend(shop, actor, message_id, OutboxState.QUEUED, "Zu spät: Diese Antwort ist schon unterwegs.")


def give_up(shop: Shop, actor: Actor, message_id: int) -> str:
    """Take a failed reply back into the draft, to be mended or dropped."""
    return _unsend(shop, actor, message_id, OutboxState.FAILED, "Diese Antwort ist nicht gescheitert.")


def _unsend(shop: Shop, actor: Actor, message_id: int, was: OutboxState, refusal: str) -> str:
    with shop.store.write() as tx:
        message = _require_message(tx, message_id)
        text = message.body.rpartition(SIGNATURE)[0] or message.body
        if _require_row(tx, message_id).state == OutboxState.TAKEN_BACK:
            return text
        if not data.outbox.change_outgoing(tx, message_id, was, state=OutboxState.TAKEN_BACK, problem=""):
            raise InvalidInputError(refusal)
        if message.role == MessageRole.ANSWER:  # a forward is for somebody else: no draft for the customer
            _back_to_draft(shop, tx, actor, message, text)
        refresh_clock(tx, message.inquiry_id)
    return text


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
    row = data.outbox.read_outgoing(db, message_id)
    if row is None:
        raise NotFoundError("Diese Antwort gibt es nicht mehr.")
    return row


def _require_message(db: Reader, message_id: int) -> Message:
    message = data.messages.read_message(db, message_id)
    if message is None:
        raise NotFoundError("Diese Nachricht gibt es nicht mehr.")
    return message


def write_first(shop: Shop, actor: Actor, *, name: str, address: str, subject: str, body: str, form_key: str) -> int:
    """Write to a customer unasked: no clock until the answer comes (rule 6); the inquiry's id."""
    now = shop.now()
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return _require_message(tx, known).inquiry_id
        if not clean_name(subject):
            raise InvalidInputError("Der Betreff fehlt noch.")
        reach = check_address(address)
        customer_id = find_or_add_customer(tx, shop_settings(tx).country, name=name, reach=reach, now=now)
        values = {
            "customer_id": customer_id,
            "channel": Channel.MAIL,
            "started_by": "shop",
            "owner_id": actor.staff_id,
            "subject": clean_name(subject),
        }
        inquiry_id = data.inquiries.insert_inquiry(tx, values, now)
        inquiry = require_inquiry(tx, inquiry_id)
        letter = Letter(
            clean_name(name) or reach, reach, "", subject_of(inquiry, subject), body, form_key, MessageRole.ANSWER
        )
        queue_letter(shop, tx, actor, inquiry, letter)
    return inquiry_id


def forward_inquiry(shop: Shop, actor: Actor, inquiry_id: int, *, address: str, note: str, form_key: str) -> int:
    """Send the customer's last mail on to a third person; the customer still waits."""
    with shop.store.write() as tx:
        known = data.outbox.message_of_form(tx, form_key)
        if known is not None:
            return known
        inquiry = require_inquiry(tx, inquiry_id)
        last = data.messages.last_mail_of_customer(tx, inquiry.id)
        quoted = f"{last.body}\n{last.quoted}".strip() if last else inquiry.snippet
        sender = f"{last.sender_name} <{last.sender_address}>" if last else ""
        quote = f"---------- Weitergeleitet ----------\n{sender}\n\n{quoted}"
        reach = check_address(address)
        subject = f"WG: {plain_subject(inquiry.subject) or 'Anfrage'}"
        files_of = last.id if last else None
        letter = Letter(reach, reach, "", subject, note, form_key, MessageRole.FORWARD, quote, files_of)
        return queue_letter(shop, tx, actor, inquiry, letter)
