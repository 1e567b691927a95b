"""One inquiry with all that a person needs to answer it: nothing to leave the page for."""

from __future__ import annotations

from dataclasses import dataclass

import data.customers
import data.inquiries
import data.messages
import data.outbox
import data.promises
import data.ratings
from data.promises import Call
from data.ratings import Rating
from data.records import (
    Actor,
    Attachment,
    Customer,
    CustomerContact,
    Draft,
    DraftAttachment,
    Event,
    Inquiry,
    InquiryRow,
    InquiryState,
    Message,
    OutboxState,
)
from services.customers import require_customer
from services.errors import require
from services.inquiries import InquiryLine, line_of, list_inquiries, require_inquiry
from services.presence import note_presence, others_present
from services.shop import Shop
from services.staff import list_staff

UNDONE = frozenset({OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED, OutboxState.UNSURE})


@dataclass(frozen=True)
class Conversation:
    line: InquiryLine
    inquiry: Inquiry
    customer: Customer
    contacts: list[CustomerContact]
    messages: list[Message]
    attachments: dict[int, list[Attachment]]  # by message
    events: list[Event]
    promises: list[Call]
    draft: Draft | None
    draft_files: list[DraftAttachment]
    others_present: list[str]
    similar: list[InquiryRow]  # open ones of the same customer
    inquiries: int  # of the same customer, this one counted
    rating: Rating | None = None
    on_mailbox: frozenset[int] = frozenset()  # messages that stand for a call in which a mailbox was spoken to

    @property
    def outgoing(self) -> list[Message]:
        """Replies that have not safely arrived: on their way, failed, unsure or returned."""
        return [m for m in self.messages if m.outbox_state in UNDONE or m.bounced_at]


def open_conversation(shop: Shop, actor: Actor, inquiry_id: int) -> Conversation:
    """The whole conversation as it stands now; others see that this person is here.

    Raises NotFoundError for ids that are gone, dismissed or never were.
    """
    inquiry = require_inquiry(shop.store, inquiry_id)
    row = require(data.inquiries.read_row(shop.store, inquiry.id), "Diese Anfrage gibt es nicht mehr.")
    note_presence(shop, actor, inquiry.id)
    siblings = data.inquiries.rows_of_customer(shop.store, inquiry.customer_id)
    return Conversation(
        line=line_of(shop, row),
        inquiry=inquiry,
        customer=require_customer(shop.store, inquiry.customer_id),
        contacts=data.customers.list_contacts(shop.store, inquiry.customer_id),
        messages=data.messages.list_messages(shop.store, inquiry.id),
        attachments=_by_message(data.messages.list_attachments(shop.store, inquiry.id)),
        events=data.inquiries.list_events(shop.store, inquiry.id),
        promises=data.promises.promises_of(shop.store, inquiry.id),
        draft=data.outbox.read_draft(shop.store, inquiry.id, actor.staff_id),
        draft_files=data.outbox.list_draft_files(shop.store, inquiry.id, actor.staff_id),
        others_present=others_present(shop, actor, inquiry.id, list_staff(shop.store)),
        similar=[r for r in siblings if r.id != inquiry.id and r.state != InquiryState.CLOSED],
        inquiries=len(siblings),
        rating=data.ratings.read_rating(shop.store, inquiry.id),
        on_mailbox=data.promises.mailbox_lines(shop.store, inquiry.id),
    )


def next_inquiry(shop: Shop, actor: Actor, inquiry_id: int) -> InquiryLine | None:
    """Who waits on top of the list beside this inquiry; None when nobody does."""
    waiting = list_inquiries(shop, actor).waiting
    return next((line for line in waiting if line.row.id != inquiry_id), None)


def _by_message(attachments: list[Attachment]) -> dict[int, list[Attachment]]:
    grouped: dict[int, list[Attachment]] = {}
    for attachment in attachments:
        grouped.setdefault(attachment.message_id, []).append(attachment)
    return grouped
