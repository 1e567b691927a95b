"""The shapes of what is kept. Every floor speaks these; they hold no behaviour beyond reading themselves.

Times are aware UTC, minutes are integers, ids are made by the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class StaffRole(StrEnum):
    OWNER = "owner"
    STAFF = "staff"


class Channel(StrEnum):
    """How a message came or went, and how an inquiry began."""

    MAIL = "mail"
    CALL = "call"
    VISIT = "visit"
    VOICEMAIL = "voicemail"
    CHAT = "chat"
    FORM = "form"
    REVIEW = "review"
    NOTE = "note"


class MessageRole(StrEnum):
    """What a message does to the waiting clock."""

    CUSTOMER = "customer"  # the customer speaks: starts a wait
    ANSWER = "answer"  # a person of the shop spoke to the customer: ends it
    ATTEMPT = "attempt"  # a call that did not reach: shown, ends nothing
    NOTE = "note"  # internal
    IDEA = "idea"  # of the customer, marked as one on their own page: shown, no clock
    FORWARD = "forward"  # to a third person: shown, no clock
    THIRD_PERSON = "third_person"  # their answer: shown, no clock
    MACHINE = "machine"  # auto-reply, bounce, list, receipt, calendar reply
    EARLIER_CUSTOMER = "earlier_customer"  # from before the set-up: no clock
    EARLIER_ANSWER = "earlier_answer"


class InquiryState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    EARLIER = "earlier"  # «Vorher»: from before the set-up, unanswered
    MACHINE = "machine"  # only machines have spoken: no clock


class CloseReason(StrEnum):
    ANSWERED = "answered"
    DEALT_WITH = "dealt_with"
    THANKS_ONLY = "thanks_only"
    DOUBLE = "double"
    NO_INQUIRY = "no_inquiry"
    EARLIER = "earlier"
    BOOKED = "booked"  # a booking that stands, without a question


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    TAKEN_BACK = "taken_back"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class MailFolder(StrEnum):
    INBOX = "inbox"
    SENT = "sent"


class MailFate(StrEnum):
    """What became of a mail that was read."""

    MESSAGE = "message"
    DUPLICATE = "duplicate"
    OWN_COPY = "own_copy"
    NOT_CUSTOMER = "not_customer"
    UNREADABLE = "unreadable"
    MACHINE = "machine"
    ERASED = "erased"  # of somebody who was to be forgotten


@dataclass(frozen=True)
class Staff:
    id: int
    name: str
    job_title: str
    phone: str
    role: StaffRole
    language: str
    active: bool


@dataclass(frozen=True)
class Actor:
    """Who acts: read anew from the session row on every run."""

    staff_id: int
    name: str
    role: StaffRole
    language: str
    session: str


@dataclass(frozen=True)
class Customer:
    id: int
    name: str
    salutation: str  # 'frau', 'herr' or ''
    title: str
    form_of_address: str  # 'sie' or 'du'
    language: str
    note: str
    created_at: datetime
    preferred: str = ""  # '' nobody said, 'mail' or 'phone' («nur Telefon»)
    likes: str = ""
    referred_by: int | None = None  # the customer who sent this one
    no_ads: bool = False  # «Werbesperre», beats every consent


@dataclass(frozen=True)
class CustomerContact:
    kind: str  # 'mail' or 'phone'
    address: str  # normalised
    customer_id: int
    shown: str  # as the customer wrote it


@dataclass(frozen=True)
class Inquiry:
    id: int
    customer_id: int
    subject: str
    channel: Channel
    started_by: str  # 'customer', 'shop' or 'machine'
    owner_id: int | None
    next_step: str
    next_step_at: datetime | None
    snoozed_until_at: datetime | None
    merged_into: int | None
    dismissed: bool
    created_at: datetime
    state: InquiryState
    waiting_since: datetime | None
    contacts_waiting: int
    first_contact_at: datetime | None
    first_response_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    reopened: int
    last_message_at: datetime
    snippet: str
    version: int  # id of the newest message


@dataclass(frozen=True)
class InquiryRow:
    """One row of the list, as SQL gives it."""

    id: int
    customer_id: int
    customer_name: str
    subject: str
    snippet: str
    channel: Channel
    state: InquiryState
    waiting_since: datetime | None
    contacts_waiting: int
    last_message_at: datetime
    owner_id: int | None
    owner_name: str
    next_step: str
    next_step_at: datetime | None
    snoozed_until_at: datetime | None
    promise_due_at: datetime | None
    outbox_problem: str  # '', 'failed', 'unsure' or 'bounced'
    unsent: bool  # a letter of ours that was begun and of which nothing has left


@dataclass(frozen=True)
class Dismissed:
    """An inquiry that somebody took for no customer's, and since when."""

    id: int
    customer_name: str
    subject: str
    snippet: str
    channel: Channel
    dismissed_at: datetime


@dataclass(frozen=True)
class Attachment:
    id: int
    message_id: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    refusal: str  # why it is not offered, or ''


@dataclass(frozen=True)
class Message:
    """One entry of a conversation; the last columns come from the outbox and are empty for all others."""

    id: int
    inquiry_id: int
    kind: Channel
    role: MessageRole
    staff_id: int | None
    staff_name: str
    sender_name: str
    sender_address: str
    subject: str
    body: str
    quoted: str
    message_id: str
    reference_ids: str
    mail_sha256: str
    happened_at: datetime
    outbox_state: str
    due_at: datetime | None
    bounced_at: datetime | None
    delayed_at: datetime | None
    problem: str
    recipient: str
    cc: str


@dataclass(frozen=True)
class OutboxRow:
    message_id: int
    mail_id: str
    state: OutboxState
    recipient_name: str
    recipient: str
    cc: str
    due_at: datetime
    attempts: int
    attempted_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    problem: str


@dataclass(frozen=True)
class Event:
    id: int
    inquiry_id: int
    staff_id: int | None
    kind: str
    detail: str
    happened_at: datetime


@dataclass(frozen=True)
class Promise:
    id: int
    inquiry_id: int
    customer_name: str
    staff_id: int
    staff_name: str
    phone: str
    topic: str
    due_at: datetime
    state: PromiseState
    tries: int
    last_try_at: datetime | None
    from_at: datetime | None = None  # when the agreed window begins
    next_try_at: datetime | None = None
    source: str = "shop"  # 'shop', 'form', 'status' or 'mail'


@dataclass(frozen=True)
class Draft:
    inquiry_id: int
    staff_id: int
    subject: str
    body: str
    cc: str
    seen_version: int
    saved_at: datetime


@dataclass(frozen=True)
class DraftAttachment:
    id: int
    file_name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Template:
    id: int
    code: str
    name: str
    subject: str
    body: str
    position: int
    active: bool


@dataclass(frozen=True)
class Bookmark:
    folder: MailFolder
    uidvalidity: int
    last_uid: int
    moved_at: datetime


@dataclass(frozen=True)
class JobRun:
    name: str
    started_at: datetime
    finished_at: datetime | None
    succeeded_at: datetime | None
    problem: str


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    tls: str  # 'ssl', 'starttls' or 'none' (127.0.0.1 only)


@dataclass(frozen=True)
class MailAccount:
    """The shop's mailbox; the password is kept apart, in secrets.json."""

    address: str
    user: str
    imap: MailServer
    smtp: MailServer
    sent_folder: str  # '' = found by its flag
    connected_at: datetime


@dataclass(frozen=True)
class Closure:
    """A day or a range that differs from the weekly hours: closed, or open at `intervals` only."""

    first: date
    last: date
    label: str
    intervals: tuple[tuple[int, int], ...] = ()  # minutes after local midnight


@dataclass(frozen=True)
class OpeningHours:
    """Weekly intervals in minutes after local midnight (24:00 = 1440), Monday first, and the days that differ."""

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True)
class ShopSettings:
    name: str
    trade: str  # 'kfz', 'mode' or 'salon'
    country: str  # 'AT', 'DE' or 'CH'
    region: str  # subdivision code of `holidays`
    street: str
    town: str
    phone: str
    legal_footer: str
    hours: OpeningHours
    closed_on_holidays: bool
    answer_goal_minutes: int  # business minutes
    public_url: str
    trusted_proxies: str
    second_backup_folder: str
    language: str
    small_business: bool  # pays no VAT (§ 6 (1) 27 UStG AT, § 19 UStG DE, Art. 10 MWSTG CH): no word of it at prices
    hourly_rate_cents: int = 3500  # what an hour of work costs the shop: an estimate behind «ca. 240 €»
    template_minutes: int = 3  # what a reply from a template saves, an estimate
    missed_visit_cents: int = 6000  # what a booking costs to which nobody comes, an estimate
    owner_mail: str = ""  # where Theke writes to the owner
    digest: bool = False  # one mail a day, before goals are missed
    look_back: bool = False  # the weekly look-back by mail on Monday
    inquiry_form: bool = True  # customers can write at /anfrage
    receipts: bool = False  # an automatic receipt for each new inquiry
    receipt_staff_id: int = 0  # whom it names
    service_promise: bool = False  # customers' pages say how often the promise was kept
    ratings: bool = True  # the customer's own page asks how content they were
