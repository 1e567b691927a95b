"""Filing: which conversation a mail belongs to, and what it does to the clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import data.customers
import data.inquiries
import data.mails
import data.messages
import data.outbox
from data.records import (
    Channel,
    MailAccount,
    MailFate,
    MailFolder,
    MessageRole,
    OutboxRow,
    OutboxState,
)
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.customers import clean_name
from services.mail.contract import MailClass, ParsedMail
from services.rules.folding import fold
from services.rules.threads import match_order, plain_subject, subject_token

FOLDED_LENGTH = 100_000
UNREADABLE = "Diese Mail ließ sich nicht lesen. Sie liegt unverändert im Postfach."


@dataclass(frozen=True)
class Place:
    """Where a mail lies: the mailbox («user@host»), its folder, and the number the server gave it there."""

    mailbox: str
    folder: MailFolder
    uidvalidity: int
    uid: int


@dataclass(frozen=True)
class KeptFile:
    """An attachment whose content is in the vault; `sha256` is '' for a refused one."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    refusal: str


@dataclass(frozen=True)
class ReadMail:
    """A mail on its way in: raw and parsed, all of it safe in the vault."""

    place: Place
    received_at: datetime
    sha256: str
    content_key: str
    parsed: ParsedMail
    attachments: tuple[KeptFile, ...]


def file_mail(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> None:
    """Give one mail its place, in the caller's transaction; the same mail read again makes no second message."""
    parsed = mail.parsed
    known = data.mails.known_of(
        tx,
        message_id=parsed.message_id,
        content_key=mail.content_key,
        sha256=mail.sha256,
        sender=parsed.sender_address,
    )
    if known.twin_fate:
        fate = MailFate.NOT_CUSTOMER if known.twin_fate == MailFate.NOT_CUSTOMER else MailFate.DUPLICATE
        _record(tx, mail, fate, known.twin_inquiry, now)
    elif mail.place.folder == MailFolder.SENT or _is_copy_of_ours(account, parsed):
        _file_sent(tx, account, mail, known.own_message, now)
    elif known.own_message is not None:
        _record(tx, mail, MailFate.OWN_COPY, None, now)
    elif parsed.bounce is not None and _file_bounce(tx, account, mail, now):
        return
    elif known.ignored:
        _record(tx, mail, MailFate.NOT_CUSTOMER, None, now)
    elif parsed.mail_class in {MailClass.PERSON, MailClass.UNREADABLE}:
        _file_customer(tx, account, mail, now)
    else:
        _file_machine(tx, account, mail, now)


def _is_copy_of_ours(account: MailAccount, parsed: ParsedMail) -> bool:
    """Something we wrote to others that came back as a copy; what we wrote to ourselves alone is a contact form."""
    own = account.address.lower()
    others = {address.lower() for address in (*parsed.to, *parsed.cc)} - {own}
    return parsed.sender_address == own and bool(others)


def file_unreadable(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> None:
    """The last resort for a mail that broke its filing: one received becomes an inquiry that says so, with a clock."""
    if mail.place.folder == MailFolder.SENT:
        _record(tx, mail, MailFate.UNREADABLE, None, now)
        return
    customer_id = data.customers.insert_customer(
        tx, name="Unbekannter Absender", folded="unbekannter absender", language="de", now=now
    )
    inquiry_id = _new_inquiry(tx, customer_id, "Mail nicht lesbar", "customer", mail, now)
    values = {
        "inquiry_id": inquiry_id,
        "kind": Channel.MAIL,
        "role": _role(account, mail, MessageRole.CUSTOMER),
        "body": UNREADABLE,
        "mail_sha256": mail.sha256,
        "happened_at": mail.received_at,
    }
    data.messages.insert_message(tx, values, now)
    _record(tx, mail, MailFate.UNREADABLE, inquiry_id, now)
    refresh_clock(tx, inquiry_id)


def _record(tx: Transaction, mail: ReadMail, fate: MailFate, inquiry_id: int | None, now: datetime) -> None:
    values = {
        "sha256": mail.sha256,
        "content_key": mail.content_key,
        "mailbox": mail.place.mailbox,
        "folder": mail.place.folder,
        "uidvalidity": mail.place.uidvalidity,
        "uid": mail.place.uid,
        "message_id": mail.parsed.message_id,
        "sender_address": mail.parsed.sender_address,
        "fate": fate,
        "inquiry_id": inquiry_id,
        "stored_at": now,
    }
    data.mails.record_mail(tx, values)


def _file_bounce(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> bool:
    """A report about a mail of ours: «failed» takes the answer back (rule 4), «delayed» is only shown."""
    report = mail.parsed.bounce
    ours = data.outbox.find_by_mail_id(tx, [report.mail_id]) if report and report.mail_id else []
    if report is None or not ours:
        return False
    inquiry_id = _inquiry_of(tx, ours[0])
    _mark_bounced(tx, ours[0], report.action, report.recipient, mail.received_at)
    _add_message(tx, account, mail, inquiry_id, MessageRole.MACHINE, now)
    _record(tx, mail, MailFate.MACHINE, inquiry_id, now)
    refresh_clock(tx, inquiry_id)
    return True


def _mark_bounced(tx: Transaction, row: OutboxRow, action: str, recipient: str, at: datetime) -> None:
    if recipient and recipient.lower() != row.recipient.lower() and recipient.lower() in row.cc.lower():
        return  # only a copy did not arrive: the customer has the answer
    if action == "failed":
        changes: dict[str, Any] = {"bounced_at": at}
        if row.state in {OutboxState.SENDING, OutboxState.UNSURE}:
            changes |= {"state": OutboxState.SENT, "sent_at": row.attempted_at or at}
        data.outbox.change_outgoing(tx, row.message_id, row.state, **changes)
    elif action == "delayed":
        data.outbox.change_outgoing(tx, row.message_id, row.state, delayed_at=at)


def _inquiry_of(db: Reader, row: OutboxRow) -> int:
    message = data.messages.read_message(db, row.message_id)
    if message is None:
        raise LookupError(f"outbox row {row.message_id} without message")
    return message.inquiry_id


def _file_customer(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> None:
    mail = _after_what_it_answers(tx, mail)
    forwarded = _forward_it_answers(tx, mail.parsed)
    if forwarded is not None:
        _add_message(tx, account, mail, forwarded, MessageRole.THIRD_PERSON, now)
        _record(tx, mail, MailFate.MESSAGE, forwarded, now)
        refresh_clock(tx, forwarded)
        return
    inquiry_id = _find_thread(tx, mail.parsed, mail.parsed.sender_address)
    if inquiry_id is None:
        customer_id = _customer_of(tx, mail.parsed, now)
        inquiry_id = _new_inquiry(tx, customer_id, mail.parsed.subject, "customer", mail, now)
    else:
        data.inquiries.change_inquiry(tx, inquiry_id, snoozed_until_at=None)
    _add_message(tx, account, mail, inquiry_id, _role(account, mail, MessageRole.CUSTOMER), now)
    readable = mail.parsed.mail_class == MailClass.PERSON
    _record(tx, mail, MailFate.MESSAGE if readable else MailFate.UNREADABLE, inquiry_id, now)
    refresh_clock(tx, inquiry_id)


def _forward_it_answers(db: Reader, parsed: ParsedMail) -> int | None:
    """The inquiry that we forwarded to this sender, if that is what the mail answers."""
    for row in data.outbox.find_by_mail_id(db, list(match_order(parsed.in_reply_to, parsed.references))):
        message = data.messages.read_message(db, row.message_id)
        if message and message.role == MessageRole.FORWARD and row.recipient.lower() == parsed.sender_address:
            return _visible(db, message.inquiry_id)
    return None


def _after_what_it_answers(db: Reader, mail: ReadMail) -> ReadMail:
    """A mail that answers ours came after it, whatever the two clocks say: else it would look answered already."""
    ids = list(match_order(mail.parsed.in_reply_to, mail.parsed.references))
    sent = [row.sent_at for row in data.outbox.find_by_mail_id(db, ids) if row.sent_at]
    latest = max(sent, default=mail.received_at)
    return replace(mail, received_at=latest + timedelta(seconds=1)) if latest >= mail.received_at and sent else mail


def _file_machine(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> None:
    """Greyed on its conversation, or kept apart without a clock (rule 3); it never reopens or wakes anything."""
    inquiry_id = _find_thread(tx, mail.parsed, mail.parsed.sender_address)
    if inquiry_id is None:
        customer_id = _customer_of(tx, mail.parsed, now)
        inquiry_id = _new_inquiry(tx, customer_id, mail.parsed.subject, "machine", mail, now)
    _add_message(tx, account, mail, inquiry_id, MessageRole.MACHINE, now)
    _record(tx, mail, MailFate.MACHINE, inquiry_id, now)
    refresh_clock(tx, inquiry_id)


def _file_sent(tx: Transaction, account: MailAccount, mail: ReadMail, own: int | None, now: datetime) -> None:
    """A mail in Sent: our own copy settles an unsure reply, one written elsewhere is an answer (rule 1)."""
    inquiry_id: int | None = None
    fate = MailFate.OWN_COPY
    if own is not None:
        inquiry_id = _settle(tx, own, mail.received_at)
    elif mail.parsed.mail_class == MailClass.PERSON:
        inquiry_id = _find_answered(tx, mail.parsed)
        if inquiry_id is not None:
            fate = MailFate.MESSAGE
            _add_message(tx, account, mail, inquiry_id, _role(account, mail, MessageRole.ANSWER), now)
    _record(tx, mail, fate, inquiry_id, now)
    if inquiry_id is not None:
        refresh_clock(tx, inquiry_id)


def _settle(tx: Transaction, own: int, at: datetime) -> int:
    """Found in Sent: what was unsure, or was being sent when the process died, did leave; its inquiry."""
    row = data.outbox.read_outgoing(tx, own)
    if row is None:
        raise LookupError(f"message {own} without outbox row")
    if row.state in {OutboxState.UNSURE, OutboxState.SENDING}:
        data.outbox.change_outgoing(
            tx, row.message_id, row.state, state=OutboxState.SENT, sent_at=row.attempted_at or at, problem=""
        )
    return _inquiry_of(tx, row)


def _find_answered(tx: Transaction, parsed: ParsedMail) -> int | None:
    for recipient in (*parsed.to, *parsed.cc):
        inquiry_id = _find_thread(tx, parsed, recipient.lower())
        if inquiry_id is not None and recipient.lower() in data.messages.people_of(tx, inquiry_id):
            return inquiry_id
    for recipient in parsed.to:
        waiting = data.inquiries.waiting_of_address(tx, recipient.lower())
        alike = [i for i, subject in waiting if plain_subject(subject) == plain_subject(parsed.subject)]
        if len(alike) == 1:
            return alike[0]
    return None


def _find_thread(db: Reader, parsed: ParsedMail, person: str) -> int | None:
    """By our own Message-ID, a known foreign one from the same people, or the subject's number and a known person."""
    ids = list(match_order(parsed.in_reply_to, parsed.references))
    own = {row.mail_id: row for row in data.outbox.find_by_mail_id(db, ids)}
    for mail_id in ids:
        if mail_id in own:
            return _visible(db, _inquiry_of(db, own[mail_id]))
    for mail_id, inquiry_id, _ in data.messages.find_by_message_ids(db, ids):
        if mail_id and person in data.messages.people_of(db, inquiry_id):
            return _visible(db, inquiry_id)
    token = subject_token(parsed.subject)
    if token is not None and person in data.messages.people_of(db, token):
        return _visible(db, token)
    return None


def _visible(db: Reader, inquiry_id: int) -> int | None:
    """The inquiry itself or the one it was merged into; None when somebody dismissed it."""
    inquiry = data.inquiries.read_inquiry(db, inquiry_id)
    if inquiry is not None and inquiry.merged_into is not None:
        inquiry = data.inquiries.read_inquiry(db, inquiry.merged_into)
    return None if inquiry is None or inquiry.dismissed else inquiry.id


def _customer_of(tx: Transaction, parsed: ParsedMail, now: datetime) -> int:
    address = parsed.sender_address
    known = data.customers.find_by_contact(tx, "mail", address) if address else []
    if known:
        return known[0].id
    name = clean_name(parsed.sender_name) or address or "Unbekannter Absender"
    customer_id = data.customers.insert_customer(
        tx, name=name, folded=fold(f"{name} {address}"), language=parsed.language or "de", now=now
    )
    if address:
        data.customers.add_contact(tx, customer_id, kind="mail", address=address, shown=address, now=now)
    return customer_id


def _new_inquiry(
    tx: Transaction, customer_id: int, subject: str, started_by: str, mail: ReadMail, now: datetime
) -> int:
    values = {
        "customer_id": customer_id,
        "channel": Channel.MAIL,
        "started_by": started_by,
        "subject": clean_name(subject),
        "last_message_at": mail.received_at,
    }
    return data.inquiries.insert_inquiry(tx, values, now)


def _role(account: MailAccount, mail: ReadMail, role: MessageRole) -> MessageRole:
    """Mail from before the set-up has no clock (rule 12)."""
    if mail.received_at >= account.connected_at:
        return role
    return MessageRole.EARLIER_CUSTOMER if role == MessageRole.CUSTOMER else MessageRole.EARLIER_ANSWER


def _add_message(
    tx: Transaction, account: MailAccount, mail: ReadMail, inquiry_id: int, role: MessageRole, now: datetime
) -> None:
    parsed = mail.parsed
    unreadable = parsed.mail_class == MailClass.UNREADABLE
    message_id = data.messages.insert_message(
        tx,
        {
            "inquiry_id": inquiry_id,
            "kind": Channel.MAIL,
            "role": role,
            "sender_name": clean_name(parsed.sender_name),
            "sender_address": parsed.sender_address,
            "subject": clean_name(parsed.subject),
            "body": parsed.body or (UNREADABLE if unreadable else ""),
            "quoted": parsed.quoted,
            "folded": fold(
                f"{parsed.subject} {parsed.sender_name} {parsed.sender_address} {parsed.body}"[:FOLDED_LENGTH]
            ),
            "message_id": parsed.message_id,
            "reference_ids": " ".join([*parsed.references, *parsed.in_reply_to][-20:]),
            "mail_sha256": mail.sha256,
            "happened_at": mail.received_at,
        },
        now,
    )
    for file in mail.attachments:
        data.messages.insert_attachment(tx, {"message_id": message_id, **asdict(file)})
