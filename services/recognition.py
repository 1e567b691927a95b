"""Recognition: what the store knows of mails before they are filed, asked for many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import data.customers
import data.inquiries
import data.mails
import data.messages
import data.notices
import data.outbox
from data.mails import Twin
from data.outbox import OwnMail
from data.records import MailFate, MailFolder, MessageRole
from data.store import Reader
from services.mail.contract import MailClass, ParsedMail
from services.rules.threads import match_order, subject_token


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


def unrelated(mails: Iterable[ReadMail], own_address: str) -> Iterator[list[ReadMail]]:
    """The mails in order, in runs in which none asks for what is filed of another, so that a run is recognised at once.

    A run ends before a mail that shares a person, a Message-ID or all of its content with one in it.
    """
    run: list[ReadMail] = []
    seen: set[str] = set()
    for mail in mails:
        ties = _ties(mail, own_address)
        if ties & seen:
            yield run
            run, seen = [], set()
        run.append(mail)
        seen |= ties
    if run:
        yield run


def _ties(mail: ReadMail, own_address: str) -> set[str]:
    """All by which filing one mail may find what was filed of another."""
    return {mail.sha256, _sender(mail), *_ids(mail.parsed), *_written_to(mail, own_address)} - {""}


def _ids(parsed: ParsedMail) -> set[str]:
    """Every Message-ID that a mail bears or speaks of."""
    returned = [parsed.bounce.mail_id] if parsed.bounce else []
    return {parsed.message_id, *parsed.in_reply_to, *parsed.references, *returned} - {""}


def _sender(mail: ReadMail) -> str:
    """Who wrote to us, '' of what we wrote."""
    return "" if mail.place.folder == MailFolder.SENT else mail.parsed.sender_address


def _written_to(mail: ReadMail, own_address: str) -> set[str]:
    """To whom we wrote, nobody of what others wrote."""
    is_ours = mail.place.folder == MailFolder.SENT or mail.parsed.sender_address == own_address
    return {address.lower() for address in (*mail.parsed.to, *mail.parsed.cc)} if is_ours else set()


@dataclass(frozen=True)
class Known:
    """What the store knows of a run of mails."""

    twins: dict[str, Twin] = field(default_factory=dict)  # by SHA-256
    ours: dict[str, OwnMail] = field(default_factory=dict)  # our own mails, by Message-ID
    threads: dict[str, list[int]] = field(default_factory=dict)  # inquiries, by the Message-ID of a mail in them
    shown: dict[int, int] = field(default_factory=dict)  # inquiry → itself or what it was merged into, unless dismissed
    people: dict[int, set[str]] = field(default_factory=dict)  # the customer's side of each of these inquiries
    customers: dict[str, int] = field(default_factory=dict)  # by address
    ignored: set[str] = field(default_factory=set)  # addresses that are never a customer's
    notices: set[str] = field(default_factory=set)  # Message-IDs of Theke's mails to the owner

    def is_notice(self, parsed: ParsedMail, own_address: str) -> bool:
        """Whether a mail is one of Theke's to the owner, or only a machine's or the shop's own answer to one.

        Servers that give a mail a new Message-ID leave the old one in References. Where the owner reads the shop's own
        mailbox, what quotes a customer's address would look like that customer's contact form. A restore may have lost
        the row of a notice: what we sent ourselves is known by its mark too, which from others would prove nothing.
        """
        if parsed.message_id in self.notices:
            return True
        ids = _ids(parsed)
        is_own = own_address in {parsed.sender_address, parsed.form_sender.lower()}
        is_machine = parsed.mail_class not in {MailClass.PERSON, MailClass.UNREADABLE}
        is_marked = any(mail_id.startswith(data.notices.MARK) for mail_id in ids)
        return (is_own and is_marked) or ((is_own or is_machine) and not self.notices.isdisjoint(ids))

    def is_of_erased(self, mail: ReadMail) -> bool:
        """Whether a mail was read before and its person forgotten since, or is ours to one, or came back of that."""
        twin, report = self.twins.get(mail.sha256), mail.parsed.bounce
        ids = (mail.parsed.message_id, report.mail_id if report else "")
        return (twin is not None and twin.fate == MailFate.ERASED) or any(
            mail_id in self.ours and self.ours[mail_id].is_erased for mail_id in ids
        )

    def answered(self, parsed: ParsedMail) -> list[OwnMail]:
        """The mails of ours that this one answers, nearest relative first; none to somebody who was forgotten."""
        ids = match_order(parsed.in_reply_to, parsed.references)
        return [self.ours[mail_id] for mail_id in ids if mail_id in self.ours and not self.ours[mail_id].is_erased]

    def thread_of(self, parsed: ParsedMail, person: str) -> int | None:
        """The inquiry by our own Message-ID, a known foreign one from the same people, or number and known person.

        None also when somebody dismissed it.
        """
        answered = self.answered(parsed)
        if answered:
            return self.shown.get(answered[0].inquiry_id)
        for mail_id in match_order(parsed.in_reply_to, parsed.references):
            for inquiry_id in self.threads.get(mail_id, []):
                if person in self.people[inquiry_id]:
                    return self.shown.get(inquiry_id)
        token = subject_token(parsed.subject)
        if token is not None and person in self.people[token]:
            return self.shown.get(token)
        return None

    def forward_answered(self, parsed: ParsedMail) -> int | None:
        """The inquiry that we forwarded to this sender, if that is what the mail answers."""
        for own in self.answered(parsed):
            if own.role == MessageRole.FORWARD and own.recipient.lower() == parsed.sender_address:
                return self.shown.get(own.inquiry_id)
        return None

    def thread_continued(self, parsed: ParsedMail) -> int | None:
        """The inquiry that a mail of ours, written elsewhere, goes on with: by thread and a recipient known in it."""
        for recipient in (*parsed.to, *parsed.cc):
            inquiry_id = self.thread_of(parsed, recipient.lower())
            if inquiry_id is not None and recipient.lower() in self.people[inquiry_id]:
                return inquiry_id
        return None


def recognise(db: Reader, mails: list[ReadMail]) -> Known:
    """All that filing these mails asks of the store, in a dozen statements however many they are."""
    parsed = [mail.parsed for mail in mails]
    senders = [sender for mail in mails if (sender := _sender(mail))]
    named = list({mail_id for one in parsed for mail_id in _ids(one)})
    ours = data.outbox.find_own(db, named)
    threads = data.messages.find_threads(db, list({i for one in parsed for i in (*one.in_reply_to, *one.references)}))
    tokens = {token for one in parsed if (token := subject_token(one.subject)) is not None}
    inquiries = tokens.union(*threads.values(), (own.inquiry_id for own in ours.values()))
    shown = data.inquiries.find_shown(db, list(inquiries))
    return Known(
        twins=data.mails.find_twins(db, [(m.sha256, m.parsed.message_id, m.content_key) for m in mails]),
        ours=ours,
        threads=threads,
        shown=shown,
        people=data.messages.people_of(db, list(inquiries.union(shown.values()))),
        customers=data.customers.find_by_mail(db, senders),
        ignored=data.mails.find_ignored(db, senders),
        notices=data.notices.find_notices(db, named),
    )
