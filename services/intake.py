"""Mail in: fetch what is new, keep every mail raw, and hand each to `filing` exactly once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import data.jobs
import data.mails
from data.records import Bookmark, MailAccount, MailFolder
from data.store import StoreBrokenError
from services.errors import MailProblemError
from services.filing import file_mails, file_unreadable
from services.mail.contract import FolderState, Mailbox, MailClass, ParsedMail, RawMail
from services.mail.parsing import parse_mail
from services.recognition import KeptFile, Place, ReadMail
from services.settings import mail_account
from services.shop import Shop

log = logging.getLogger(__name__)

CHUNK = 100  # mails in one transaction; a statement costs the same for one as for all of them
FIRST_SYNC = timedelta(days=30)
IDS_A_MAIL = 3  # customer, inquiry, message
NOTHING = ParsedMail(MailClass.UNREADABLE, "", (), (), "", "", "", (), (), "", "", None, "", "", "")
SENT_JOB = "sent"


@dataclass(frozen=True)
class Reading:
    """One folder of one mailbox that is being read."""

    shop: Shop
    account: MailAccount
    mailbox: Mailbox
    folder: MailFolder
    state: FolderState

    @property
    def name(self) -> str:
        """What the store calls this mailbox: another user or host is another mailbox."""
        return mailbox_name(self.account)

    def place(self, uid: int) -> Place:
        """Where a mail of this folder lies."""
        return Place(self.name, self.folder, self.state.uidvalidity, uid)

    def bookmark(self, last_uid: int) -> Bookmark:
        """This folder, read up to `last_uid`."""
        return Bookmark(self.folder, self.state.uidvalidity, last_uid, self.shop.now())


def mailbox_name(account: MailAccount) -> str:
    """«user@host», the key of bookmarks and of mails that were read."""
    return f"{account.user}@{account.imap.host}".lower()


def fetch_mail(shop: Shop) -> int:
    """Read what is new in Inbox and Sent; how many mails. Raises MailProblemError when the Inbox cannot be read.

    A Sent folder that cannot be read is noted as a run of its own, so that it never holds up the Inbox.
    """
    with shop.fetching:  # the job and «Jetzt abrufen» never read the same mails at once
        account = mail_account(shop.store)
        if account is None:
            return 0
        mailbox = shop.mailbox(account, shop.secrets.get("mail_password"))
        try:
            return _sync(shop, account, mailbox, MailFolder.INBOX) + _sync_sent(shop, account, mailbox)
        finally:
            mailbox.close()


def _sync_sent(shop: Shop, account: MailAccount, mailbox: Mailbox) -> int:
    started, problem, count = shop.now(), "", 0
    try:
        count = _sync(shop, account, mailbox, MailFolder.SENT)
    except MailProblemError as error:
        problem = str(error)
    last = data.jobs.read_job_run(shop.store, SENT_JOB)
    if problem != (last.problem if last else ""):
        with shop.store.write() as tx:
            data.jobs.record_run(tx, SENT_JOB, started, shop.now(), problem)
    return count


def _sync(shop: Shop, account: MailAccount, mailbox: Mailbox, folder: MailFolder) -> int:
    reading = Reading(shop, account, mailbox, folder, mailbox.state(folder))
    bookmark = data.mails.read_bookmark(shop.store, reading.name, folder)
    done = 0
    for chunk in _chunks(_wanted(reading, bookmark)):
        with shop.files.together() as keep:
            mails = _read_chunk(reading, chunk, keep)
        _store_chunk(reading, chunk[-1], mails)
        done += len(mails)
    end = reading.state.uidnext - 1
    if bookmark is None or (bookmark.uidvalidity, bookmark.last_uid) != (reading.state.uidvalidity, end):
        with shop.store.write() as tx:
            data.mails.move_bookmark(tx, reading.name, reading.bookmark(end))
    return done


def _wanted(reading: Reading, bookmark: Bookmark | None) -> list[int]:
    """Uids to read: after the bookmark; from a folder that is new to us the last 30 days before the set-up."""
    state = reading.state
    if bookmark is None or bookmark.uidvalidity != state.uidvalidity:
        uids = reading.mailbox.uids(reading.folder, since=(reading.account.connected_at - FIRST_SYNC).date())
    elif state.uidnext > bookmark.last_uid + 1:
        uids = reading.mailbox.uids(reading.folder, after=bookmark.last_uid)
    else:
        uids = []
    return sorted(uid for uid in uids if uid < state.uidnext)


def _chunks(uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), CHUNK):
        yield uids[start : start + CHUNK]


Keep = Callable[[bytes], str]  # into the vault; the SHA-256


def _read_chunk(reading: Reading, chunk: list[int], keep: Keep) -> list[ReadMail]:
    """The mails of a chunk; one that stays away is noted."""
    store, validity = reading.shop.store, reading.state.uidvalidity
    known = data.mails.known_uids(store, reading.name, reading.folder, validity, chunk)
    wanted = [uid for uid in chunk if uid not in known]
    read = _fetch(reading, wanted, keep)
    for uid in wanted:  # a server may leave a mail out of a bulk answer: ask for it alone once
        if uid not in read:
            read |= _fetch(reading, [uid], keep)
    missing = [uid for uid in wanted if uid not in read]
    listed = set(reading.mailbox.uids(reading.folder, after=min(missing) - 1)) if missing else set()
    read |= {uid: _placeholder(reading, uid, keep) for uid in missing if uid in listed}
    return [read[uid] for uid in wanted if uid in read]


def _fetch(reading: Reading, uids: list[int], keep: Keep) -> dict[int, ReadMail]:
    if not uids:
        return {}
    return {raw.uid: _keep_and_parse(reading, raw, keep) for raw in reading.mailbox.fetch(reading.folder, uids)}


def _placeholder(reading: Reading, uid: int, keep: Keep) -> ReadMail:
    """A mail that the server lists but does not hand out."""
    sha256 = keep(f"withheld by the server: {reading.place(uid)}".encode())
    return ReadMail(reading.place(uid), reading.shop.now(), sha256, sha256, NOTHING, ())


def _keep_and_parse(reading: Reading, raw: RawMail, keep: Keep) -> ReadMail:
    received_at = min(raw.received_at, reading.shop.now())
    return keep_and_parse(reading.place(raw.uid), raw.content, received_at, reading.account, keep)


def keep_and_parse(
    place: Place, content: bytes, received_at: datetime, account: MailAccount, keep: Keep
) -> ReadMail:
    """The mail with its content in the vault and none of it in memory."""
    sha256 = keep(content)
    parsed = parse_mail(content, own_addresses=frozenset({account.address.lower()}))
    files = tuple(
        KeptFile(a.file_name, a.media_type, len(a.content), "" if a.refusal else keep(a.content), a.refusal)
        for a in parsed.attachments
    )
    key = _content_key(parsed, files)
    return ReadMail(place, received_at, sha256, key, replace(parsed, attachments=()), files)


def _content_key(parsed: ParsedMail, files: tuple[KeptFile, ...]) -> str:
    parts = (parsed.sender_address, parsed.subject, parsed.body, parsed.quoted, *(file.sha256 for file in files))
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _store_chunk(reading: Reading, last_uid: int, mails: list[ReadMail]) -> None:
    """One transaction a chunk; if a mail breaks it, one transaction a mail, and the broken one is marked unreadable."""
    shop = reading.shop
    try:
        with shop.store.write() as tx:
            tx.reserve_ids(sum(IDS_A_MAIL + len(mail.attachments) for mail in mails) + 1)
            file_mails(tx, reading.account, mails, shop.now())
            data.mails.move_bookmark(tx, reading.name, reading.bookmark(last_uid))
    except StoreBrokenError:
        raise
    except Exception:
        log.exception("chunk of mails not stored at once, trying one by one")
        for mail in mails:
            _store_alone(reading, mail)


def _store_alone(reading: Reading, mail: ReadMail) -> None:
    shop = reading.shop
    try:
        with shop.store.write() as tx:
            file_mails(tx, reading.account, [mail], shop.now())
    except StoreBrokenError:
        raise
    except Exception:
        log.exception("mail not filed, kept as unreadable: uid=%s", mail.place.uid)
        with shop.store.write() as tx:
            file_unreadable(tx, reading.account, mail, shop.now())
