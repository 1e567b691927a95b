"""From the raw bytes of a mail to what Theke keeps of it. Never raises: one bad mail must not stop the others."""

from __future__ import annotations

import email
import hashlib
import logging
import re
from datetime import UTC, datetime
from email.message import Message

from imap_tools import MailMessage

from services.mail.attachments import CUT_HEADER, attachments_of
from services.mail.bodies import Body, body_of, language_of, part_text
from services.mail.calendar_events import read_reply
from services.mail.charsets import MendingPolicy, clean_text, decode_text, header_words, one_line
from services.mail.classify import bounce_report, classify, has_machine_hint
from services.mail.contract import CalendarReply, MailClass, ParsedMail
from services.mail.parts import Parts, leaves, split_parts
from services.mail.senders import Sender, addresses_in, find_sender

log = logging.getLogger(__name__)

_POLICY = MendingPolicy()
_MAIL_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_ANY_ID = re.compile(r"<[^<>\s]+>")
_MOST_IDS = 100
_MOST_CALENDARS = 5
_SHOWN_OF_UNREADABLE = 20_000  # bytes
_YEARS = range(1980, 2101)


def parse_mail(raw: bytes, *, own_addresses: frozenset[str]) -> ParsedMail:
    """All that Theke keeps of a mail, times as aware UTC. `own_addresses` are the shop's, in lower case.

    Never raises: what cannot be read comes back as UNREADABLE with the raw text for its body.
    """
    try:
        return _parse(raw, own_addresses)
    except Exception as error:  # the one edge where a mail may fail; its words stay out of the log
        digest = hashlib.sha256(raw).hexdigest()[:12]
        log.warning("mail not readable sha256=%s error=%s", digest, type(error).__name__)
        return _unreadable(raw)


def _parse(raw: bytes, own_addresses: frozenset[str]) -> ParsedMail:
    mail = MailMessage.from_bytes(b"")
    mail.obj = email.message_from_bytes(raw, policy=_POLICY)
    if not mail.obj.keys():
        return _unreadable(raw)
    parts = split_parts(mail.obj)
    body = body_of(parts)
    sender = find_sender(mail, f"{body.visible}\n{body.quoted}", own_addresses)
    if sender.form_sender:
        body = body_of(parts, fold=False)
    return _assemble(mail, parts, body, sender)


def _assemble(mail: MailMessage, parts: Parts, body: Body, sender: Sender) -> ParsedMail:
    mail_class = classify(mail.obj, _from_address(mail), is_form=_is_customers_form(sender))
    return ParsedMail(
        mail_class=mail_class,
        message_id=_message_id(mail.obj),
        in_reply_to=_ids(mail.obj, "In-Reply-To"),
        references=_ids(mail.obj, "References"),
        sender_name=sender.name,
        sender_address=sender.address,
        reply_to=sender.reply_to,
        to=_lower(mail.to),
        cc=_lower(mail.cc),
        recipient_name=one_line(mail.to_values[0].name, 100) if mail.to_values else "",
        subject=_subject(mail.obj),
        sent_at=_sent_at(mail),
        body=body.visible,
        quoted=body.quoted,
        language=language_of(body.visible),
        attachments=attachments_of(parts.files, cut=mail.obj.keys()[0] == CUT_HEADER),
        bounce=bounce_report(mail.obj) if mail_class is MailClass.BOUNCE else None,
        calendar_reply=_calendar_reply(mail.obj) if mail_class is MailClass.CALENDAR_REPLY else None,
        form_sender=sender.form_sender,
        machine_hint=has_machine_hint(mail.obj, _from_address(mail)),
    )


def _unreadable(raw: bytes) -> ParsedMail:
    text = clean_text(decode_text(raw[:_SHOWN_OF_UNREADABLE], None)).strip()
    sender_line = re.search(r"^From:.{0,400}$", text, re.IGNORECASE | re.MULTILINE)
    senders = addresses_in(sender_line.group()) if sender_line else []
    return ParsedMail(
        mail_class=MailClass.UNREADABLE,
        message_id="",
        in_reply_to=(),
        references=(),
        sender_name="",
        sender_address=senders[0] if senders else "",
        reply_to="",
        to=(),
        cc=(),
        recipient_name="",
        subject="",
        sent_at=None,
        body=text,
        quoted="",
        language="",
    )


def _calendar_reply(message: Message) -> CalendarReply | None:
    parts = [part for part in leaves(message) if part.get_content_type() == "text/calendar"]
    replies = (read_reply(part_text(part)) for part in parts[:_MOST_CALENDARS])
    return next((reply for reply in replies if reply), None)


def _subject(message: Message) -> str:
    return header_words(str(message.get("Subject") or ""))


def _message_id(message: Message) -> str:
    value = one_line(str(message.get("Message-ID") or ""), 990)
    found = _ANY_ID.search(value)
    if found:
        return found.group()
    return f"<{value}>" if "@" in value and " " not in value else ""


def _ids(message: Message, name: str) -> tuple[str, ...]:
    value = " ".join(str(one)[:100_000] for one in message.get_all(name, []))
    return tuple(_MAIL_ID.findall(clean_text(value)))[-_MOST_IDS:]


def _sent_at(mail: MailMessage) -> datetime | None:
    """None for a missing or impossible date; «-0000» means UTC (RFC 5322, 3.3)."""
    date = mail.date
    if date.year not in _YEARS:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _is_customers_form(sender: Sender) -> bool:
    """A customer's address is of another domain than the machine's; a newsletter's Reply-To is of the same."""
    return bool(sender.form_sender) and sender.address.rpartition("@")[2] != sender.form_sender.rpartition("@")[2]


def _from_address(mail: MailMessage) -> str:
    return mail.from_.lower()


def _lower(addresses: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (one_line(address, 254).lower() for address in addresses)
    return tuple(dict.fromkeys(address for address in cleaned if address))
