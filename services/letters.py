"""Letters: a mail that a person wants to send becomes a message and a row of the outbox."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import make_msgid

import data.customers
import data.inquiries
import data.messages
import data.outbox
import data.receipts
import data.status_pages
from data.records import Actor, Channel, Inquiry, MailAccount, Message, MessageRole, ShopSettings, Staff
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.customers import clean_name, require_customer
from services.errors import EmptyPlaceholderError, InvalidInputError
from services.rules.folding import fold
from services.rules.placeholders import unfilled
from services.rules.text_check import blocking_hints
from services.rules.threads import matter_of
from services.settings import mail_account, shop_settings
from services.shop import Shop
from services.staff import require_staff
from services.status_pages import page_for_mail, status_link
from services.templates import signature
from services.typed import check_address, one_line

HOLD = timedelta(seconds=20)
_OWN_LINK = re.compile(r"/([st])/[\w-]{22}(?![\w-])")  # of whatever address the shop has or had


@dataclass(frozen=True)
class Letter:
    """A mail that a person wants to send."""

    name: str
    address: str
    cc: str
    subject: str
    body: str
    form_key: str
    role: MessageRole
    quoted: str = ""  # somebody else's words below ours: never looked through for placeholders
    files_of: int | None = None  # the message whose attachments go along with a forward
    template_id: int | None = None  # the template it began with
    of_draft: bool = True  # it takes the place of the actor's draft and carries its files


def queue_letter(shop: Shop, tx: Transaction, actor: Actor, inquiry: Inquiry, letter: Letter) -> int:
    """Make the message and its outbox row out of a letter and the actor's draft files; the message's id."""
    _check_text(letter)
    account = _require_account(tx)
    now = shop.now()
    staff = require_staff(tx, actor.staff_id)
    answered = data.messages.last_mail_of_customer(tx, inquiry.id) if letter.role == MessageRole.ANSWER else None
    link = link_line(tx, inquiry, letter.address, letter.cc) if letter.role == MessageRole.ANSWER else ""
    text = sign(f"{letter.body.strip()}\n\n{letter.quoted}", staff, shop_settings(tx), link)
    mail_id = new_mail_id(account)
    message_id = data.messages.insert_message(
        tx,
        {
            "inquiry_id": inquiry.id,
            "kind": Channel.MAIL,
            "role": letter.role,
            "staff_id": actor.staff_id,
            "sender_name": sender_name(staff, shop_settings(tx).name),
            "sender_address": account.address,
            "subject": letter.subject,
            "body": text,
            "folded": fold(text[:100_000]),
            "message_id": mail_id,
            "reference_ids": references_to(answered),
            "happened_at": now,
        },
        now,
    )
    data.outbox.insert_outgoing(
        tx,
        {
            "message_id": message_id,
            "mail_id": mail_id,
            "form_key": letter.form_key,
            "recipient_name": letter.name,
            "recipient": check_address(letter.address),
            "cc": ", ".join(check_address(address) for address in copies_of(letter.cc)),
            "due_at": now + HOLD,
            "template_id": letter.template_id,
        },
    )
    if letter.role == MessageRole.ANSWER and letter.of_draft:
        _move_files(tx, actor, inquiry.id, message_id)
    elif letter.role != MessageRole.ANSWER:
        _copy_files(tx, letter.files_of, message_id)
    if letter.role == MessageRole.ANSWER:
        data.receipts.take_back(tx, inquiry.id)  # nobody needs to hear any more that somebody will answer
    refresh_clock(tx, inquiry.id)
    return message_id


def copies_of(cc: str) -> list[str]:
    """The addresses of a copy as they were typed, with comma or semicolon between them."""
    return [address.strip() for address in cc.replace(";", ",").split(",") if address.strip()]


def sign(text: str, staff: Staff, settings: ShopSettings, link: str = "") -> str:
    """The text with the signature block below it, and in that block `link`, a whole line."""
    return f"{text.strip()}\n\n{signature(staff, settings, link=link)}"


def link_line(db: Reader, inquiry: Inquiry, recipient: str, cc: str) -> str:
    """«So steht Ihre Anfrage: …» for a reply to `recipient`; '' without a page of theirs or a public address, and where
    a third person gets a copy."""
    settings, page = shop_settings(db), page_for_mail(db, inquiry.id, recipient)
    link = status_link(settings, page) if page else ""
    if page is None or not link or copies_of(cc):
        return ""
    if page.language == "en":
        return f"Where your inquiry stands: {link}"
    whose = "Deine" if require_customer(db, inquiry.customer_id).form_of_address == "du" else "Ihre"
    return f"So steht {whose} Anfrage: {link}"


def without_links(text: str) -> str:
    """A customer's words for a third person: without the secrets that open the customer's own pages."""
    return _OWN_LINK.sub(r"/\1/…", text)


def _check_text(letter: Letter) -> None:
    if not letter.body.strip() and not letter.quoted:
        raise InvalidInputError("Die Antwort ist noch leer.")
    missing = unfilled(letter.subject) + unfilled(letter.body)
    if missing:
        raise EmptyPlaceholderError(missing=", ".join(dict.fromkeys(missing)))
    for hint in blocking_hints(letter.body):
        raise InvalidInputError(hint.sentence, place=hint.place, plain=hint.plain)


def new_mail_id(account: MailAccount) -> str:
    """A Message-ID that nobody can guess; raises InvalidInputError for a mailbox with an impossible address."""
    return make_msgid(domain=check_address(account.address).partition("@")[2])


def references_to(answered: Message | None) -> str:
    """The Message-IDs by which a reply stands below the mail it answers, oldest first; '' for none."""
    if answered is None:
        return ""
    return " ".join([*answered.reference_ids.split(), answered.message_id][-20:]).strip()


def _copy_files(tx: Transaction, files_of: int | None, message_id: int) -> None:
    """A forward carries what the customer sent; the draft to the customer stays as it is."""
    for file in data.messages.attachments_of(tx, files_of) if files_of else ():
        if not file.refusal:
            data.messages.insert_attachment(tx, {**asdict(file), "id": tx.new_id(), "message_id": message_id})


def _move_files(tx: Transaction, actor: Actor, inquiry_id: int, message_id: int) -> None:
    for file in data.outbox.list_draft_files(tx, inquiry_id, actor.staff_id):
        data.messages.insert_attachment(tx, {**asdict(file), "id": tx.new_id(), "message_id": message_id})
    data.outbox.drop_draft(tx, inquiry_id, actor.staff_id)


def sender_name(staff: Staff, shop_name: str) -> str:
    """«Sandra Kofler, Kfz Muster»: a person first, never «Ihr Serviceteam»."""
    return clean_name(f"{staff.name}, {shop_name}" if shop_name else staff.name)


def subject_of(inquiry: Inquiry, subject: str) -> str:
    """The subject with the inquiry's number, the second anchor after the Message-ID; `usual_subject` for none.

    Raises InvalidInputError where there is no usual one: a letter to somebody who did not ask.
    """
    text = one_line(subject) or usual_subject(inquiry)
    if not text:
        raise InvalidInputError("Der Betreff fehlt noch.")
    token = f"[#{inquiry.id}]"
    return text if token in text else f"{text} {token}"


def usual_subject(inquiry: Inquiry) -> str:
    """The subject of a reply to which nobody gave another, without the number; '' for a letter just begun."""
    if inquiry.started_by == "shop" and inquiry.first_contact_at is None:
        return matter_of(inquiry)
    return "Re: " + (matter_of(inquiry) or "Ihre Anfrage")


def recipient_of(db: Reader, inquiry: Inquiry) -> tuple[str, str]:
    """(name, address) a reply goes to: who wrote last, else whom we wrote to first, else what was typed into the form,
    else the customer's mail address.

    Raises InvalidInputError when there is none.
    """
    customer = require_customer(db, inquiry.customer_id)
    known = [c.address for c in data.customers.list_contacts(db, customer.id) if c.kind == "mail"]
    mail = data.messages.last_mail_of_customer(db, inquiry.id)
    if mail and mail.sender_address and mail.sender_address not in known:
        return mail.sender_name or mail.sender_address, mail.sender_address
    begun = [e.detail for e in data.inquiries.list_events(db, inquiry.id) if e.kind == "begun" and e.detail in known]
    page = data.status_pages.read_page(db, inquiry.id)
    typed = [page.mail] if page and page.mail else []
    addresses = [mail.sender_address, *known] if mail and mail.sender_address else [*begun[-1:], *typed, *known]
    if not addresses:
        raise InvalidInputError("Zu diesem Kunden fehlt eine E-Mail-Adresse. Rufen Sie an, oder tragen Sie eine ein.")
    return customer.name, addresses[0]


def _require_account(db: Reader) -> MailAccount:
    account = mail_account(db)
    if account is None:
        raise InvalidInputError("Noch ist kein E-Mail-Postfach verbunden. Das geht unter Einstellungen.")
    return account
