"""Builds the mail to a customer: plain text that is plain, headers that nobody can break out of."""

from __future__ import annotations

import email.policy
import re
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

from services.errors import MailProblemError
from services.mail.charsets import clean_text, one_line
from services.mail.contract import OutgoingCalendar, OutgoingFile, OutgoingMail
from services.mail.problems import BAD_ADDRESS

_ID_HEADERS = {"message-id", "in-reply-to", "references"}
_MOST_REFERENCES = 20  # the first and the newest; longer headers are cut or refused by servers
_LONGEST_LINE = 76
_MAIL_ID = re.compile(r"^<[^<>\s]+@[^<>\s]+>$")


class MailPolicy(email.policy.EmailPolicy):
    """Writes CRLF and pure ASCII. The standard folding would encode long ids and put spaces into names."""

    def fold(self, name: str, value: str) -> str:
        """One header, folded."""
        if name.lower() in _ID_HEADERS:
            return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"
        if isinstance(value, AddressHeader):
            return f"{name}: " + ",\r\n ".join(_address_line(one) for one in value.addresses) + "\r\n"
        if name == "Subject" and not value.isascii():
            return f"{name}: {_encoded_words(value)}\r\n"
        return str(super().fold(name, value))


_POLICY = MailPolicy(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


def compose(mail: OutgoingMail) -> bytes:
    """The mail as it crosses the wire: ASCII, CRLF. Raises MailProblemError (permanent) for an impossible address."""
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(mail.date)
    message["From"] = Address(_shown_name(mail.sender_name), addr_spec=ascii_address(mail.sender))
    message["To"] = Address(_shown_name(mail.recipient_name), addr_spec=ascii_address(mail.recipient))
    if mail.cc:
        message["Cc"] = [Address(addr_spec=ascii_address(address)) for address in mail.cc]
    message["Subject"] = one_line(mail.subject)
    _add_ids(message, mail)
    if mail.automatic:
        _mark_automatic(message, is_answer=bool(mail.in_reply_to))
    _add_text(message, mail.text)
    if mail.calendar:
        _add_calendar(message, mail.calendar)
    for file in mail.files:
        _attach(message, file)
    return message.as_string().encode("ascii")


def recipients_of(mail: OutgoingMail) -> list[str]:
    """The envelope: To and Cc, each once, in order. Raises MailProblemError (permanent) for an impossible address."""
    return list(dict.fromkeys(ascii_address(address) for address in (mail.recipient, *mail.cc)))


def ascii_address(address: str) -> str:
    """`address` with its domain in IDNA; raises MailProblemError (permanent) for what no server would take.

    Umlauts before the @ need SMTPUTF8, which hardly any provider of small shops offers.
    """
    try:
        checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise MailProblemError(BAD_ADDRESS, permanent=True, address=one_line(address, 254)) from error
    if not checked.ascii_email or ("." not in checked.ascii_domain and checked.ascii_domain != "localhost"):
        raise MailProblemError(BAD_ADDRESS, permanent=True, address=checked.normalized)
    return checked.ascii_email


def _shown_name(name: str) -> str:
    return one_line(name, 100)


def _address_line(address: Address) -> str:
    if address.display_name.isascii():
        return str(address)
    return f"{_encoded_words(address.display_name)}\r\n <{address.addr_spec}>"


def _encoded_words(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=70, header_name="Subject").encode(linesep="\r\n")


def _add_ids(message: EmailMessage, mail: OutgoingMail) -> None:
    if not _MAIL_ID.match(mail.mail_id):
        raise ValueError("an outgoing mail needs a Message-ID of its own")
    message["Message-ID"] = mail.mail_id
    answered = mail.in_reply_to if _MAIL_ID.match(mail.in_reply_to) else ""
    if answered:
        message["In-Reply-To"] = answered
    known = [one for one in mail.references if _MAIL_ID.match(one) and one.isascii() and one != answered]
    known = list(dict.fromkeys(known)) + ([answered] if answered else [])
    if known:
        message["References"] = " ".join([known[0], *known[1:][-(_MOST_REFERENCES - 1) :]])


def _mark_automatic(message: EmailMessage, *, is_answer: bool) -> None:
    """RFC 3834: so that no vacation reply answers, and no other help desk."""
    message["Auto-Submitted"] = "auto-replied" if is_answer else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if is_answer:  # older help desks look at this one alone
        message["Precedence"] = "auto_reply"


def _add_text(message: EmailMessage, text: str) -> None:
    text = clean_text(text).rstrip("\n") + "\n"
    is_short = all(len(line) <= _LONGEST_LINE for line in text.split("\n"))
    if text.isascii() and is_short:
        message.set_content(text, charset="utf-8", cte="7bit")
    else:
        message.set_content(text, charset="utf-8", cte="quoted-printable")


def _add_calendar(message: EmailMessage, calendar: OutgoingCalendar) -> None:
    """The same in the words of calendars (RFC 6047, 2.4): without `method` in its header nobody takes it for one.

    In base64, so that no server on the way can break a folded line.
    """
    if calendar.method not in {"REQUEST", "CANCEL"}:
        raise ValueError("a mail carries an invitation or takes one back")
    message.add_alternative(
        calendar.content, subtype="calendar", charset="utf-8", cte="base64", params={"method": calendar.method}
    )


def _attach(message: EmailMessage, file: OutgoingFile) -> None:
    maintype, _, subtype = file.media_type.partition("/")
    if maintype in {"message", "multipart", ""} or not subtype:
        maintype, subtype = "application", "octet-stream"
    message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=one_line(file.file_name, 200))
