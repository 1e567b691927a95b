"""Mails that somebody drops as files: filed by the same rules as those of the inbox, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

import data.mails
import data.settings
from data.files import FileVault
from data.records import Actor, MailAccount, MailFate, MailFolder, MailServer
from data.store import Reader
from services.errors import InvalidInputError
from services.filing import file_mails
from services.intake import IDS_A_MAIL, keep_and_parse
from services.mail.contract import MailClass
from services.recognition import Place, ReadMail
from services.settings import mail_account
from services.shop import Shop
from services.typed import check_address, one_line

MOST_MEGABYTES = 25
MOST_BYTES = MOST_MEGABYTES * 1_000_000
MAILBOX = "eml"
_NOWHERE = MailServer("", 0, "none")
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_HEADERS = ("From", "Date", "Subject", "To", "Message-ID")
_NO_MAIL = "«{name}» ist keine Mail, die sich lesen lässt."
_OURS = "«{name}» kommt von uns selbst. Solche Mails versteht Theke erst, wenn das Postfach verbunden ist."
_WHO_ARE_WE = "Welche E-Mail-Adresse ist unsere eigene? Diese Angabe fehlt noch."
_OWN = "own_address"


@dataclass(frozen=True)
class FiledMail:
    """What became of a dropped mail; `inquiry_id` is where it stands, None where it stands nowhere."""

    fate: MailFate
    inquiry_id: int | None

    @property
    def is_new(self) -> bool:
        """Whether it can be read now and could not before."""
        return self.fate in {MailFate.MESSAGE, MailFate.MACHINE} and self.inquiry_id is not None


def file_eml(shop: Shop, actor: Actor, file_name: str, content: bytes) -> FiledMail:
    """File a mail as if it had come into the inbox at its own date; works without a connected mailbox, too.

    One that is known already is DUPLICATE, however it came the first time. Raises InvalidInputError for what is no mail
    or longer than 25 MB; without a mailbox also for mail of the shop itself, which could be taken for a customer's, and
    as long as nobody said which address that is.
    """
    name = one_line(file_name)[:80]
    if len(content) > MOST_BYTES:
        raise InvalidInputError("«{name}» ist zu groß. Höchstens {limit} MB.", name=name, limit=MOST_MEGABYTES)
    content = _as_servers_send(content)
    received_at = _received_at(content, name, shop.now())
    place = Place(MAILBOX, MailFolder.INBOX, 0, _number(content))
    connected = mail_account(shop.store)
    account = connected or _no_account(shop.store, shop.now())
    known = data.mails.fate_of(shop.store, MAILBOX, place.uid)
    if known is not None:
        return FiledMail(MailFate.DUPLICATE, known[1])
    refused = frozenset() if connected else frozenset({account.address})
    mail = _read(shop.files, place, content, received_at, account, name, refused)
    with shop.store.write() as tx:
        tx.reserve_ids(IDS_A_MAIL + len(mail.attachments) + 1)
        file_mails(tx, account, [mail], shop.now())
        fate, inquiry_id = data.mails.fate_of(tx, MAILBOX, place.uid) or (MailFate.OWN_COPY, None)
    return FiledMail(MailFate(fate), inquiry_id)


def own_address(db: Reader) -> str:
    """The shop's own address in lower case: that of the mailbox, else what somebody said, '' as long as nobody did."""
    account = mail_account(db)
    return account.address.lower() if account else data.settings.read_setting(db, _OWN) or ""


def save_own_address(shop: Shop, actor: Actor, address: str) -> None:
    """Say which address is the shop's own while no mailbox is connected. Raises InvalidInputError for what is none."""
    if not address.strip():
        raise InvalidInputError(_WHO_ARE_WE)
    with shop.store.write() as tx:
        data.settings.write_setting(tx, _OWN, check_address(address).lower(), shop.now())


def _as_servers_send(content: bytes) -> bytes:
    """With the line ends of a mail server where a mail has no Message-ID: it is known again by its bytes alone."""
    if BytesHeaderParser(policy=compat32).parsebytes(content)["Message-ID"]:
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _read(
    files: FileVault,
    place: Place,
    content: bytes,
    received_at: datetime,
    account: MailAccount,
    name: str,
    refused: frozenset[str],
) -> ReadMail:
    with files.together() as keep:
        mail = keep_and_parse(place, content, received_at, account, keep)
        if mail.parsed.mail_class is MailClass.UNREADABLE:
            raise InvalidInputError(_NO_MAIL, name=name)  # nothing of it stays
        if refused & {mail.parsed.sender_address.lower(), mail.parsed.form_sender.lower()}:
            raise InvalidInputError(_OURS, name=name)
    return mail


def _number(content: bytes) -> int:
    """In place of the number that a server gives: the same file has the same one."""
    return int.from_bytes(hashlib.sha256(content).digest()[:7])


def _received_at(content: bytes, name: str, now: datetime) -> datetime:
    """When it was written, by its own word, at most `now`; `now` where it does not say. No mail says nothing at all."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(content)
    if not any(headers[header] for header in _HEADERS):
        raise InvalidInputError(_NO_MAIL, name=name)
    try:
        said = parsedate_to_datetime(str(headers["Date"]))
    except (ValueError, TypeError, OverflowError):
        return now
    aware = said if said.tzinfo else said.replace(tzinfo=UTC)
    return min(aware.astimezone(UTC), now) if aware >= _OLDEST else now


def _no_account(db: Reader, now: datetime) -> MailAccount:
    """Stands for the mailbox that a shop has not connected; «Vorher» ends with the set-up."""
    address = own_address(db)
    if not address:
        raise InvalidInputError(_WHO_ARE_WE)
    since = data.settings.changed_at(db, "set_up_done") or now
    return MailAccount(address, "", _NOWHERE, _NOWHERE, "", since)


def file_emls(
    shop: Shop, actor: Actor, files: Iterable[tuple[str, bytes]]
) -> tuple[list[FiledMail], list[InvalidInputError]]:
    """The same for several, given as (name, content): what became of them, and why some were refused."""
    filed: list[FiledMail] = []
    refused: list[InvalidInputError] = []
    for name, content in files:
        try:
            filed.append(file_eml(shop, actor, name, content))
        except InvalidInputError as problem:
            refused.append(problem)
    return filed, refused
