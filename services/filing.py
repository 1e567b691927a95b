"""Filing: which conversation a mail belongs to, and what it does to the clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import data.bookings
import data.customers
import data.inquiries
import data.mails
import data.messages
import data.notices
import data.outbox
import data.privacy
from data.outbox import OwnMail
from data.records import Channel, MailAccount, MailFate, MailFolder, MessageRole, OutboxState
from data.store import Transaction
from services.clock import refresh_clocks
from services.customers import clean_name
from services.ideas import reopen_untold
from services.mail.contract import MailClass, ParsedMail
from services.recognition import Known, ReadMail, recognise, unrelated
from services.rules.folding import fold
from services.rules.same_person import fold_card
from services.rules.threads import plain_subject

FOLDED_LENGTH = 100_000
BOUNCED = "Die Mail an Sie kam zurück. Stimmt die Adresse unter «Mails an Sie»?"
UNREADABLE = "Diese Mail ließ sich nicht lesen. Sie liegt unverändert im Postfach."


@dataclass(frozen=True)
class _Desk:
    """Where mails are filed: the transaction, what the store knows of them, and the inquiries that they touched."""

    tx: Transaction
    account: MailAccount
    known: Known
    now: datetime
    touched: set[int] = field(default_factory=set)  # their clocks are written anew at the end
    woken: set[int] = field(default_factory=set)  # their snoozing ends

    def clear(self) -> None:
        """Bring the inquiries up to date with what was filed."""
        if self.woken:
            data.inquiries.wake_inquiries(self.tx, self.woken)
        if self.touched:
            refresh_clocks(self.tx, self.touched)
        self.woken.clear()
        self.touched.clear()


def file_mails(tx: Transaction, account: MailAccount, mails: list[ReadMail], now: datetime) -> None:
    """Give each mail its place, in the caller's transaction; the same mail read again makes no second message."""
    for run in unrelated(mails, account.address.lower()):
        desk = _Desk(tx, account, recognise(tx, run), now)
        for mail in run:
            _file_mail(desk, mail)
        desk.clear()


def file_unreadable(tx: Transaction, account: MailAccount, mail: ReadMail, now: datetime) -> None:
    """The last resort for a mail that broke its filing: one received becomes an inquiry that says so, with a clock."""
    desk = _Desk(tx, account, Known(), now)
    if mail.place.folder == MailFolder.SENT:
        _record(desk, mail, MailFate.UNREADABLE, None)
        return
    customer_id = data.customers.insert_customer(
        tx, name="Unbekannter Absender", folded="unbekannter absender", language="de", now=now
    )
    inquiry_id = _new_inquiry(desk, customer_id, "Mail nicht lesbar", "customer", mail)
    values = {
        "inquiry_id": inquiry_id,
        "kind": Channel.MAIL,
        "role": _role(account, mail, MessageRole.CUSTOMER),
        "body": UNREADABLE,
        "mail_sha256": mail.sha256,
        "happened_at": mail.received_at,
    }
    data.messages.insert_message(tx, values, now)
    desk.touched.add(inquiry_id)
    _record(desk, mail, MailFate.UNREADABLE, inquiry_id)
    desk.clear()


def _file_mail(desk: _Desk, mail: ReadMail) -> None:
    parsed, known = mail.parsed, desk.known
    twin = known.twins.get(mail.sha256)
    own = known.ours.get(parsed.message_id)
    if known.is_of_erased(mail):
        _file_erased(desk, mail)
    elif twin is not None:
        fate = MailFate.NOT_CUSTOMER if twin.fate == MailFate.NOT_CUSTOMER else MailFate.DUPLICATE
        _record(desk, mail, fate, twin.inquiry_id)
    elif known.is_notice(parsed, desk.account.address.lower()):
        _file_notice(desk, mail)
    elif mail.place.folder == MailFolder.SENT or _is_copy_of_ours(desk.account, parsed):
        _file_sent(desk, mail, own)
    elif own is not None:
        _record(desk, mail, MailFate.OWN_COPY, None)
    elif parsed.bounce is not None and parsed.bounce.mail_id in known.ours:
        _file_bounce(desk, mail, known.ours[parsed.bounce.mail_id])
    elif parsed.sender_address in known.ignored:
        _record(desk, mail, MailFate.NOT_CUSTOMER, None)
    elif parsed.mail_class in {MailClass.PERSON, MailClass.UNREADABLE}:
        _file_customer(desk, mail)
    else:
        _file_machine(desk, mail)


def _file_erased(desk: _Desk, mail: ReadMail) -> None:
    """It must not come back: it is noted without a name, and its files go again."""
    data.mails.record_erased(desk.tx, _values(desk, mail, MailFate.ERASED, None))
    data.privacy.note_files(desk.tx, [mail.sha256, *(file.sha256 for file in mail.attachments)], desk.now)


def _file_notice(desk: _Desk, mail: ReadMail) -> None:
    """What Theke wrote to the owner is nobody's inquiry; one that came back is told where its address is set."""
    report = mail.parsed.bounce
    if report and report.action == "failed":
        data.notices.mark_bounced(desk.tx, report.mail_id, BOUNCED)
    _record(desk, mail, MailFate.MACHINE if report else MailFate.OWN_COPY, None)


def _is_copy_of_ours(account: MailAccount, parsed: ParsedMail) -> bool:
    """Something we wrote to others that came back as a copy; what we wrote to ourselves alone is a contact form."""
    own = account.address.lower()
    others = {address.lower() for address in (*parsed.to, *parsed.cc)} - {own}
    return parsed.sender_address == own and bool(others)


def _record(desk: _Desk, mail: ReadMail, fate: MailFate, inquiry_id: int | None) -> None:
    data.mails.record_mail(desk.tx, _values(desk, mail, fate, inquiry_id))


def _values(desk: _Desk, mail: ReadMail, fate: MailFate, inquiry_id: int | None) -> dict[str, Any]:
    return {
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
        "stored_at": desk.now,
    }


def _file_bounce(desk: _Desk, mail: ReadMail, ours: OwnMail) -> None:
    """A report about a mail of ours: «failed» takes the answer back (rule 4), «delayed» is only shown."""
    _mark_bounced(desk.tx, ours, mail)
    if (shown := desk.known.shown.get(ours.inquiry_id)) is not None:
        reopen_untold(desk.tx, shown, desk.now)
    _add_message(desk, mail, ours.inquiry_id, MessageRole.MACHINE)
    _record(desk, mail, MailFate.MACHINE, ours.inquiry_id)


def _mark_bounced(tx: Transaction, ours: OwnMail, mail: ReadMail) -> None:
    report, at = mail.parsed.bounce, mail.received_at
    recipient = report.recipient.lower() if report else ""
    if recipient and recipient != ours.recipient.lower() and recipient in ours.cc.lower():
        return  # only a copy did not arrive: the customer has the answer
    if report and report.action == "failed":
        changes: dict[str, Any] = {"bounced_at": at}
        if ours.state in {OutboxState.SENDING, OutboxState.UNSURE}:
            changes |= {"state": OutboxState.SENT, "sent_at": ours.attempted_at or at}
        data.outbox.change_outgoing(tx, ours.message_id, ours.state, **changes)
    elif report and report.action == "delayed":
        data.outbox.change_outgoing(tx, ours.message_id, ours.state, delayed_at=at)


def _file_customer(desk: _Desk, mail: ReadMail) -> None:
    mail = _after_what_it_answers(desk.known, mail)
    forwarded = desk.known.forward_answered(mail.parsed)
    if forwarded is not None:
        _add_message(desk, mail, forwarded, MessageRole.THIRD_PERSON)
        _record(desk, mail, MailFate.MESSAGE, forwarded)
        return
    inquiry_id = desk.known.thread_of(mail.parsed, mail.parsed.sender_address)
    if inquiry_id is None:
        customer_id = _customer_of(desk, mail.parsed)
        inquiry_id = _new_inquiry(desk, customer_id, mail.parsed.subject, "customer", mail)
    else:
        desk.woken.add(inquiry_id)
    _add_message(desk, mail, inquiry_id, _role(desk.account, mail, MessageRole.CUSTOMER))
    readable = mail.parsed.mail_class == MailClass.PERSON
    _record(desk, mail, MailFate.MESSAGE if readable else MailFate.UNREADABLE, inquiry_id)


def _after_what_it_answers(known: Known, mail: ReadMail) -> ReadMail:
    """A mail that answers ours came after it, whatever the two clocks say: else it would look answered already."""
    sent = [own.sent_at for own in known.answered(mail.parsed) if own.sent_at]
    latest = max(sent, default=mail.received_at)
    return replace(mail, received_at=latest + timedelta(seconds=1)) if latest >= mail.received_at and sent else mail


def _file_machine(desk: _Desk, mail: ReadMail) -> None:
    """Greyed on its conversation, or kept apart without a clock (rule 3); it never reopens or wakes anything."""
    inquiry_id = _file_calendar_reply(desk, mail.parsed)
    if inquiry_id is None:
        inquiry_id = desk.known.thread_of(mail.parsed, mail.parsed.sender_address)
    if inquiry_id is None:
        customer_id = _customer_of(desk, mail.parsed)
        inquiry_id = _new_inquiry(desk, customer_id, mail.parsed.subject, "machine", mail)
    _add_message(desk, mail, inquiry_id, MessageRole.MACHINE)
    _record(desk, mail, MailFate.MACHINE, inquiry_id)


def _file_calendar_reply(desk: _Desk, parsed: ParsedMail) -> int | None:
    """What a customer's calendar answers is a hint on the booking whose event it names; people decide."""
    reply = parsed.calendar_reply
    booking = data.bookings.find_by_uid(desk.tx, reply.uid) if reply else None
    if reply is None or booking is None:
        return None
    data.bookings.change_booking(desk.tx, booking.id, calendar_answer=reply.answer)
    data.bookings.add_event(desk.tx, booking.id, "calendar_answer", desk.now, detail=reply.answer)
    return data.inquiries.find_shown(desk.tx, [booking.inquiry_id]).get(booking.inquiry_id)


def _file_sent(desk: _Desk, mail: ReadMail, own: OwnMail | None) -> None:
    """A mail in Sent: our own copy settles an unsure reply, one written elsewhere is an answer (rule 1)."""
    if own is not None:
        _settle(desk, own, mail.received_at)
        _record(desk, mail, MailFate.OWN_COPY, own.inquiry_id)
        return
    inquiry_id: int | None = None
    if mail.parsed.mail_class == MailClass.PERSON:
        inquiry_id = desk.known.thread_continued(mail.parsed) or _waiting_for(desk, mail.parsed)
    if inquiry_id is not None:
        _add_message(desk, mail, inquiry_id, _role(desk.account, mail, MessageRole.ANSWER))
    _record(desk, mail, MailFate.OWN_COPY if inquiry_id is None else MailFate.MESSAGE, inquiry_id)


def _waiting_for(desk: _Desk, parsed: ParsedMail) -> int | None:
    """The only inquiry with this subject in which a recipient waits."""
    desk.clear()  # what was filed just before may have started that wait or ended it
    subject = plain_subject(parsed.subject)
    for recipient in parsed.to:
        waiting = data.inquiries.waiting_of_address(desk.tx, recipient.lower())
        alike = [inquiry_id for inquiry_id, other in waiting if plain_subject(other) == subject]
        if len(alike) == 1:
            return alike[0]
    return None


def _settle(desk: _Desk, own: OwnMail, at: datetime) -> None:
    """Found in Sent: what was unsure, or was being sent when the process died, did leave."""
    if own.state in {OutboxState.UNSURE, OutboxState.SENDING}:
        changes = {"state": OutboxState.SENT, "sent_at": own.attempted_at or at, "problem": ""}
        data.outbox.change_outgoing(desk.tx, own.message_id, own.state, **changes)
        desk.touched.add(own.inquiry_id)


def _customer_of(desk: _Desk, parsed: ParsedMail) -> int:
    address = parsed.sender_address
    if address in desk.known.customers:
        return desk.known.customers[address]
    name = clean_name(parsed.sender_name) or address or "Unbekannter Absender"
    customer_id = data.customers.insert_customer(
        desk.tx, name=name, folded=fold_card(name, [address]), language=parsed.language or "de", now=desk.now
    )
    if address:
        data.customers.insert_contact(desk.tx, customer_id, kind="mail", address=address, shown=address, now=desk.now)
    return customer_id


def _new_inquiry(desk: _Desk, customer_id: int, subject: str, started_by: str, mail: ReadMail) -> int:
    values = {
        "customer_id": customer_id,
        "channel": Channel.MAIL,
        "started_by": started_by,
        "subject": clean_name(subject),
        "last_message_at": mail.received_at,
    }
    return data.inquiries.insert_inquiry(desk.tx, values, desk.now)


def _role(account: MailAccount, mail: ReadMail, role: MessageRole) -> MessageRole:
    """Mail from before the set-up has no clock (rule 12)."""
    if mail.received_at >= account.connected_at:
        return role
    return MessageRole.EARLIER_CUSTOMER if role == MessageRole.CUSTOMER else MessageRole.EARLIER_ANSWER


def _add_message(desk: _Desk, mail: ReadMail, inquiry_id: int, role: MessageRole) -> None:
    parsed = mail.parsed
    unreadable = parsed.mail_class == MailClass.UNREADABLE
    message_id = data.messages.insert_message(
        desk.tx,
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
        desk.now,
    )
    for file in mail.attachments:
        data.messages.insert_attachment(desk.tx, {"message_id": message_id, **asdict(file)})
    desk.touched.add(inquiry_id)
