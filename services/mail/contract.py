"""What the house expects of a mailbox and of a mailer: real ones in `imap_inbox` and `smtp_outbox`, fakes in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from data.records import MailAccount, MailFolder


class MailClass(StrEnum):
    """Who speaks in a mail; only PERSON starts a clock."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    RECEIPT = "receipt"
    CALENDAR_REPLY = "calendar_reply"
    SPAM = "spam"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class ParsedAttachment:
    file_name: str  # safe to show, never a path
    media_type: str
    content: bytes
    refusal: str = ""  # '' or a sentence: why it is kept in the raw mail only


@dataclass(frozen=True)
class BounceReport:
    mail_id: str  # Message-ID of our mail, or ''
    action: str  # 'failed', 'delayed' or another word of RFC 3464
    recipient: str
    status: str


@dataclass(frozen=True)
class CalendarReply:
    """What a customer's calendar answered to an event of ours."""

    uid: str
    answer: str  # 'accepted', 'declined' or 'tentative'


@dataclass(frozen=True)
class ParsedMail:
    mail_class: MailClass
    message_id: str  # '<…>' or ''
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender_name: str
    sender_address: str  # lower case; of a contact form: the customer's
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    recipient_name: str  # display name of the first To, for mails found in Sent
    subject: str
    sent_at: datetime | None  # aware UTC, None when unreadable
    body: str
    quoted: str  # what was folded away
    language: str  # 'de', 'en' or ''
    attachments: tuple[ParsedAttachment, ...] = ()
    bounce: BounceReport | None = None
    calendar_reply: CalendarReply | None = None
    form_sender: str = ""  # the machine address that carried a contact form's mail
    machine_hint: bool = False  # a weak sign of a machine: shown like any other mail, never answered by ourselves


@dataclass(frozen=True)
class RawMail:
    uid: int
    content: bytes
    received_at: datetime  # INTERNALDATE, aware UTC


@dataclass(frozen=True)
class FolderState:
    uidvalidity: int
    uidnext: int


class Mailbox(Protocol):
    """One read-only session; every failure comes out as MailProblemError."""

    def state(self, folder: MailFolder) -> FolderState: ...

    def uids(self, folder: MailFolder, *, after: int = 0, since: date | None = None) -> list[int]: ...

    def fetch(self, folder: MailFolder, uids: Sequence[int]) -> Iterator[RawMail]: ...

    def in_sent(self, mail_id: str, since: date) -> bool: ...

    def append_to_sent(self, content: bytes, sent_at: datetime) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class OutgoingFile:
    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class OutgoingCalendar:
    """A calendar event that travels in a mail, see `calendar_events`."""

    method: str  # 'REQUEST' or 'CANCEL'
    content: str


@dataclass(frozen=True)
class OutgoingMail:
    """All that a mail to a customer is made of; nothing of it is a template or HTML."""

    mail_id: str
    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    text: str
    date: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = field(default=())
    calendar: OutgoingCalendar | None = None
    automatic: bool = False


class Mailer(Protocol):
    """At most one DATA per call. Returns when the server accepted.

    Raises MailProblemError: `permanent` (the server said no for good), `unsure` (DATA had begun), else try later.
    """

    def send(self, account: MailAccount, password: str, mail: OutgoingMail) -> bytes: ...


OpenMailbox = Callable[[MailAccount, str], Mailbox]
