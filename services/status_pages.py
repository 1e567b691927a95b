"""The customer's own page of an inquiry: made once, found by its secret, and whom a mail of ours may lead there."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import data.customers
import data.inquiries
import data.messages
import data.status_pages
from data.records import Actor, ShopSettings
from data.status_pages import StatusPage
from data.store import Reader, Transaction
from services.answer_times import answer_by_of
from services.customers import require_customer
from services.inquiries import require_inquiry
from services.shop import Shop

_SECRET = re.compile(r"[\w-]{22}", re.ASCII)


def page_of(tx: Transaction, inquiry_id: int, now: datetime) -> StatusPage:
    """The page of this inquiry; made in the caller's transaction when there is none, from the customer's card.

    Only a mail of ours leads to one that is made here. Raises NotFoundError without the inquiry.
    """
    known = data.status_pages.read_page(tx, inquiry_id)
    if known is not None:
        return known
    inquiry = require_inquiry(tx, inquiry_id)
    customer = require_customer(tx, inquiry.customer_id)
    last = data.messages.last_mail_of_customer(tx, inquiry_id)
    ways = {contact.kind: contact.shown for contact in reversed(data.customers.list_contacts(tx, customer.id))}
    page = StatusPage(
        inquiry_id=inquiry_id,
        secret=new_secret(),
        mail_secret=new_secret(),
        form_key="",
        answer_by=answer_by_of(tx, inquiry.waiting_since) if inquiry.waiting_since else None,
        name=customer.name,
        mail=(last.sender_address if last else "") or ways.get("mail", ""),
        phone=ways.get("phone", ""),
        language=customer.language,
        created_at=now,
    )
    data.status_pages.insert_page(tx, page)
    return page


def new_secret() -> str:
    """128 bits that nobody can guess, as they stand in an address."""
    return secrets.token_urlsafe(16)


def find_page(db: Reader, secret: str) -> StatusPage | None:
    """The page behind a link, or None for every other text and for a customer who was erased."""
    return data.status_pages.find_by_secret(db, secret) if _SECRET.fullmatch(secret) else None


def status_link(settings: ShopSettings, page: StatusPage) -> str:
    """Where the page is, for a mail of ours to the customer; '' while nobody outside can reach it."""
    return f"{settings.public_url.rstrip('/')}/s/{page.mail_secret}" if settings.public_url else ""


def page_for_mail(db: Reader, inquiry_id: int, recipient: str) -> StatusPage | None:
    """The page that a mail from this conversation to `recipient` may lead to, or None.

    Of several that merging brought together the recipient's own; nobody is led to the page of somebody else. One that
    knows no mail address is its customer's, at an address on the card.
    """
    reach = recipient.lower()
    pages = data.status_pages.pages_of(db, inquiry_id)
    own = next((page for page in pages if page.mail.lower() == reach), None)
    return own or next((page for page in pages if not page.mail and _is_theirs(db, page, inquiry_id, reach)), None)


def _is_theirs(db: Reader, page: StatusPage, inquiry_id: int, reach: str) -> bool:
    inquiry = data.inquiries.read_inquiry(db, inquiry_id)
    if inquiry is None or page.inquiry_id != inquiry.id:
        return False
    return any(each.address == reach for each in data.customers.list_contacts(db, inquiry.customer_id))


def page_of_talk(shop: Shop, actor: Actor, inquiry_id: int) -> StatusPage | None:
    """The customer's page of this conversation for the staff, its own before those that merging brought; or None."""
    return next(iter(data.status_pages.pages_of(shop.store, inquiry_id)), None)


def are_several_people(shop: Shop, actor: Actor, inquiry_ids: list[int]) -> bool:
    """Whether the pages of these conversations belong to different addresses: put together they stay several pages."""
    pages = [page for each in inquiry_ids for page in data.status_pages.pages_of(shop.store, each)]
    return len({page.mail.lower() or page.phone for page in pages}) > 1
