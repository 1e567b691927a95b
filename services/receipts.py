"""Automatic receipts: one mail for a new inquiry, which names itself automatic and stops no clock (domain.md V1).

Decided once for each inquiry, in the transaction that writes the mail. It is a machine's message like the mails about
bookings; what goes wrong with it is no answer that failed, so it simply stays away.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

import data.messages
import data.outbox
import data.receipts
import data.settings
import data.staff
from data.outbox import RECEIPT_KEY
from data.receipts import Undecided
from data.records import Actor, Channel, Customer, Inquiry, MailAccount, MessageRole, ShopSettings, Staff, StaffRole
from data.store import Reader, Transaction
from services.answer_times import answer_by_of, answer_by_words
from services.clock import refresh_clock
from services.customers import PHONE_ONLY, clean_name, require_customer
from services.errors import MailProblemError, ShopError
from services.inquiries import require_inquiry
from services.letters import new_mail_id, references_to, subject_of
from services.mail.classify import is_machine_address
from services.mail.composing import ascii_address
from services.mail.contract import MailClass, ParsedMail
from services.mail.parsing import parse_mail
from services.receipt_words import (
    SAMPLE_NAME,
    SAMPLES,
    ReceiptWords,
    Received,
    harmless_name,
    is_receipt_subject,
    write_receipt,
)
from services.rules.folding import fold
from services.rules.receipts import (
    LATEST,
    MANY_IN,
    ONCE_IN,
    ReceiptFacts,
    ReceiptFate,
    normal_address,
    receipt_verdict,
)
from services.rules.threads import matter_of
from services.settings import mail_account, shop_settings
from services.shop import Shop
from services.staff import require_owner
from services.status_pages import page_of, status_link

log = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)
_LOOKED_AT = timedelta(days=1)  # what is older is late anyway
_FROM = "receipts_from"  # a setting of its own: before that moment nothing is answered


def look_after_receipts(shop: Shop) -> int:
    """Decide about every new inquiry, and let go what has not left and is not needed; how many were written."""
    since = receipts_since(shop.store, shop.now())
    _let_go(shop, shop.now())
    if since is None:
        return 0
    found = data.receipts.list_undecided(shop.store, max(since, shop.now() - _LOOKED_AT))
    return sum(_decided(shop, one, since) for one in found)


def receipts_since(db: Reader, now: datetime) -> datetime | None:
    """From which moment on inquiries get a receipt: since it was switched on, and never what came before a restore.

    None while it is switched off or no mailbox is connected.
    """
    if not shop_settings(db).receipts or mail_account(db) is None:
        return None
    moments = [data.settings.changed_at(db, "receipts"), _pause_ends(db)]
    return max((moment for moment in moments if moment), default=now)


def pause_after_restore(tx: Transaction, now: datetime) -> None:
    """After a restore nobody knows who had a receipt: for a day nobody gets one, and what was queued is not sent."""
    data.receipts.settle_restored(tx)
    if data.settings.changed_at(tx, "receipts") is None:
        return  # it was never switched on
    data.settings.write_setting(tx, _FROM, (now + ONCE_IN).isoformat(), now)


def paused_until(db: Reader, now: datetime) -> datetime | None:
    """Until when receipts rest after a restore, None when they do not."""
    ends = _pause_ends(db)
    return ends if ends and ends > now else None


def preview_receipt(shop: Shop, actor: Actor, settings: ShopSettings) -> ReceiptWords:
    """The receipt as it would go out now with these settings, to somebody who asks what one asks there.

    Raises NotAllowedError.
    """
    require_owner(actor)
    now = shop.now()
    person, phone = _named(shop.store, settings)
    until = answer_by_of(shop.store, now) or now
    sample = Received(
        customer=Customer(0, SAMPLE_NAME, "frau", "", "sie", settings.language, "", now),
        settings=settings,
        subject=SAMPLES.get(settings.trade, ""),
        until=answer_by_words(settings, settings.language, until, now),
        person=person,
        phone=phone,
        link=f"{settings.public_url.rstrip('/')}/s/…" if settings.public_url else "",
        language=settings.language,
    )
    return write_receipt(sample)


def is_mail_of_a_person(parsed: ParsedMail) -> bool:
    """Whether nothing at all about a mail speaks of a machine, a list or a forged sender."""
    return parsed.mail_class is MailClass.PERSON and not parsed.machine_hint


def _pause_ends(db: Reader) -> datetime | None:
    kept = data.settings.read_setting(db, _FROM)
    return datetime.fromisoformat(kept) if kept else None


def _let_go(shop: Shop, now: datetime) -> None:
    gone = data.receipts.stale(shop.store, now - LATEST)
    if gone:
        with shop.store.write() as tx:
            for inquiry_id in gone:
                data.receipts.take_back(tx, inquiry_id)


def _decided(shop: Shop, found: Undecided, since: datetime) -> bool:
    """One that cannot be decided holds up no other."""
    try:
        return _decide(shop, found, since)
    except ShopError:
        log.exception("receipt not decided: inquiry=%s", found.inquiry_id)
        return False


def _decide(shop: Shop, found: Undecided, since: datetime) -> bool:
    """Claim and letter are one transaction, so an inquiry gets one receipt at most, whenever the process dies."""
    parsed = _parsed(shop, found)
    now = shop.now()
    with shop.store.write() as tx:
        asked = data.receipts.read_undecided(tx, found.inquiry_id, since)
        account = mail_account(tx)
        if asked is None or account is None:
            return False
        inquiry = require_inquiry(tx, asked.inquiry_id)
        recipient = _recipient(tx, asked, now)
        fate = receipt_verdict(_facts(tx, account, asked, inquiry, parsed, recipient, now))
        data.receipts.insert_receipt(tx, inquiry.id, normal_address(recipient), fate, now)
        if fate is ReceiptFate.WRITTEN:
            _write(tx, account, inquiry, asked, recipient, now)
    return fate is ReceiptFate.WRITTEN


def _parsed(shop: Shop, found: Undecided) -> ParsedMail | None:
    """The mail with its signs of a machine, read anew from the vault; None for a form, or when it cannot be read."""
    account = mail_account(shop.store)
    if not found.mail_sha256 or account is None:
        return None
    try:
        raw = shop.files.read(found.mail_sha256)
    except OSError:
        log.exception("mail of an inquiry is not in the vault: inquiry=%s", found.inquiry_id)
        return None
    return parse_mail(raw, own_addresses=frozenset({account.address.lower()}))


def _recipient(tx: Transaction, asked: Undecided, now: datetime) -> str:
    """Whom the receipt goes to, '' for nobody: who wrote the mail, or what was typed into the form."""
    address = asked.sender_address if asked.channel == Channel.MAIL else page_of(tx, asked.inquiry_id, now).mail
    try:
        return ascii_address(address) if address else ""
    except MailProblemError:
        return ""


def _facts(
    db: Reader,
    account: MailAccount,
    asked: Undecided,
    inquiry: Inquiry,
    parsed: ParsedMail | None,
    recipient: str,
    now: datetime,
) -> ReceiptFacts:
    address, own, by_mail = normal_address(recipient), _own(db, account), asked.channel == Channel.MAIL
    until = answer_by_of(db, asked.asked_at)
    return ReceiptFacts(
        address=address,
        own=own | {address} if parsed and normal_address(parsed.form_sender) in own else own,  # it may be forged
        is_person=not is_machine_address(address)
        and (not by_mail or (parsed is not None and is_mail_of_a_person(parsed))),
        answers_ours=_answers_ours(db, inquiry, parsed),
        known_for=now - asked.created_at,
        has_time=until is not None and until > now,
        from_address=_written_by(db, address, now),
        to_address=data.receipts.count_written(db, now - ONCE_IN, address) if address else 0,
        this_hour=data.receipts.count_written(db, now - _HOUR),
        by_hand=by_mail and data.receipts.is_by_hand(db, asked.mail_sha256),
        call_only=require_customer(db, inquiry.customer_id).preferred == PHONE_ONLY,
    )


def _own(db: Reader, account: MailAccount) -> frozenset[str]:
    mails = (account.address, account.user, shop_settings(db).owner_mail)
    return frozenset(normal_address(mail) for mail in mails) - {""}


def _answers_ours(db: Reader, inquiry: Inquiry, parsed: ParsedMail | None) -> bool:
    """It refers to an automatic mail of ours, or its subject says so where servers have changed what it refers to."""
    if is_receipt_subject(inquiry.subject):
        return True
    ids = [*parsed.in_reply_to, *parsed.references] if parsed else []
    return MessageRole.MACHINE in data.receipts.own_roles(db, ids)


def _written_by(db: Reader, address: str, now: datetime) -> int:
    """How many mails and forms came from this person, whatever stands behind a «+»."""
    return sum(
        count for sender, count in data.receipts.senders_since(db, now - MANY_IN) if normal_address(sender) == address
    )


def _named(db: Reader, settings: ShopSettings) -> tuple[str, str]:
    """(name, phone) of the person whom the receipt names: the chosen one, else who owns the shop."""
    people = [each for each in data.staff.list_staff(db) if each.active]
    chosen: Staff | None = next((each for each in people if each.id == settings.receipt_staff_id), None)
    person = chosen or next((each for each in people if each.role is StaffRole.OWNER), None)
    return (person.name, person.phone or settings.phone) if person else ("", settings.phone)


def _write(
    tx: Transaction, account: MailAccount, inquiry: Inquiry, asked: Undecided, recipient: str, now: datetime
) -> None:
    received = _received(tx, inquiry, asked, now)
    words, mail_id = write_receipt(received), new_mail_id(account)
    first = data.messages.read_message(tx, asked.message_id) if asked.channel == Channel.MAIL else None
    values = {
        "inquiry_id": inquiry.id,
        "kind": Channel.MAIL,
        "role": MessageRole.MACHINE,
        "sender_name": clean_name(received.settings.name),
        "sender_address": account.address,
        "subject": subject_of(inquiry, words.subject),
        "body": words.text,
        "folded": fold(words.text),
        "message_id": mail_id,
        "reference_ids": references_to(first),
        "happened_at": now,
    }
    outgoing = {
        "message_id": data.messages.insert_message(tx, values, now),
        "mail_id": mail_id,
        "form_key": f"{RECEIPT_KEY}{inquiry.id}",
        "recipient_name": received.customer.name,
        "recipient": recipient,
        "due_at": now,
    }
    data.outbox.insert_outgoing(tx, outgoing)
    refresh_clock(tx, inquiry.id)


def _received(tx: Transaction, inquiry: Inquiry, asked: Undecided, now: datetime) -> Received:
    settings = shop_settings(tx)
    page = page_of(tx, inquiry.id, now) if settings.public_url or asked.channel == Channel.FORM else None
    person, phone = _named(tx, settings)
    customer = require_customer(tx, inquiry.customer_id)
    typed = asked.channel == Channel.FORM  # to whatever address was typed, too: no word of it is said back
    language = page.language if page else customer.language
    until = (page.answer_by if page else None) or answer_by_of(tx, asked.asked_at) or now
    return Received(
        customer=replace(customer, name="" if typed else harmless_name(customer.name)),
        settings=settings,
        subject="" if typed else matter_of(inquiry),
        until=answer_by_words(settings, language, until, now),
        person=person,
        phone=phone,
        link=status_link(settings, page) if page else "",
        language=language,
    )
