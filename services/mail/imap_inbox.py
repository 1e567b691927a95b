"""Reading the shop's mailbox: read-only, by UID, the exact bytes. The one thing written is the copy in Sent.

Folders are opened with EXAMINE and mails fetched with BODY.PEEK[], so that no flag ever changes; imap_tools' own
flag, delete and move are never called, because they expunge.
"""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from imap_tools import AND, BaseMailBox, FolderInfo, H, ImapToolsError, MailboxLoginError

from data.records import MailAccount, MailFolder, MailServer
from services.errors import MailProblemError
from services.mail.attachments import CUT_HEADER
from services.mail.contract import FolderState, RawMail
from services.mail.fetching import Fetched, chunks, read_answer
from services.mail.lines import SLOWEST, hang_up_after
from services.mail.problems import NO_SENT_FOLDER, NO_TLS, connection_problem, login_problem, require_tls

log = logging.getLogger(__name__)

LARGEST_MAIL = 40_000_000  # bytes; of a larger one only the beginning is fetched
_BEGINNING = 1_000_000  # bytes; the text stands before the files
_TIMEOUT = 30  # seconds of silence
_PATIENCE = 60.0  # seconds for a whole answer, besides the time that its bytes take
_GOODBYE = 5.0  # seconds
_SIZES = "(UID RFC822.SIZE)"
_WHOLE = "(UID INTERNALDATE BODY.PEEK[])"
_CUT = f"(UID INTERNALDATE BODY.PEEK[]<0.{_BEGINNING}>)"
_SENT_NAMES = {
    "sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete objekte", "gesendete elemente",
    "gesendete nachrichten", "gesendete mails", "gesendete e-mails", "envoyés", "inviati",
}  # fmt: skip
# A server that talks nonsense makes imaplib and imap_tools raise these from their parsing.
_FAILURES = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, LookupError, TypeError, AttributeError)


class ImapMailbox:
    """One read-only session; every failure comes out as MailProblemError, after which the session is thrown away."""

    def __init__(self, box: BaseMailBox, account: MailAccount) -> None:
        self._box = box
        self._account = account
        self._sent_name = ""

    def state(self, folder: MailFolder) -> FolderState:
        """UIDVALIDITY and UIDNEXT, one round trip, without opening the folder."""
        with self._talking():
            found = self._box.folder.status(self._name(folder), ("UIDNEXT", "UIDVALIDITY"))
            return FolderState(uidvalidity=found["UIDVALIDITY"], uidnext=found["UIDNEXT"])

    def uids(self, folder: MailFolder, *, after: int = 0, since: date | None = None) -> list[int]:
        """The UIDs above `after`, of mails that arrived on `since` (a day of the server) or later, ascending."""
        with self._talking():
            self._open(folder)
            found = self._box.uids(_criteria(after, since), charset=None)
        # «7:*» always names the last mail, even if its UID is lower.
        return sorted(uid for uid in map(int, found) if uid > after)

    def fetch(self, folder: MailFolder, uids: Sequence[int]) -> Iterator[RawMail]:
        """The mails with their exact bytes, each at most once, chunk by chunk.

        What the server does not give is not yielded: compare with what was wanted. A mail over 40 MB comes as its
        first megabyte with a header X-Theke-Cut on top, which `parse_mail` understands.
        """
        wanted = list(dict.fromkeys(uids))
        for start in range(0, len(wanted), 100):
            yield from self._fetch_some(folder, wanted[start : start + 100])

    def in_sent(self, mail_id: str, since: date) -> bool:
        """Whether a mail with this Message-ID lies in Sent, arrived on the day before `since` or later."""
        with self._talking():
            self._open(MailFolder.SENT)
            criteria = AND(date_gte=since - timedelta(days=1), header=H("Message-ID", mail_id))
            return bool(self._box.uids(str(criteria), charset=None))

    def append_to_sent(self, content: bytes, sent_at: datetime) -> None:
        """Put a copy into Sent, marked as read. Ask `in_sent` first: some providers keep their own copy."""
        with self._talking(len(content)):
            self._box.append(content, self._name(MailFolder.SENT), dt=sent_at, flag_set=["\\Seen"])

    def sent_folder(self) -> str:
        """The name of the folder for sent mail, or ''."""
        with self._talking():
            return self._find_sent()

    def folders(self) -> tuple[str, ...]:
        """The names of the folders that may hold sent mail, without the inbox."""
        with self._talking():
            return tuple(one.name for one in self._openable() if one.name.upper() != "INBOX")

    def close(self) -> None:
        """Say goodbye; harmless on a line that is already dead."""
        _log_out(self._box)

    @contextmanager
    def _talking(self, size: int = 0) -> Iterator[None]:
        """Around one exchange; `size` are the bytes that will cross the line."""
        try:
            with hang_up_after(_patience_for(size), lambda: self._box.client.sock):
                yield
        except _FAILURES as error:
            log.warning("imap failed error=%s", type(error).__name__)
            raise connection_problem(error, self._account.imap) from error

    def _open(self, folder: MailFolder) -> None:
        self._box.folder.set(self._name(folder), readonly=True)

    def _name(self, folder: MailFolder) -> str:
        if folder is MailFolder.INBOX:
            return "INBOX"
        self._sent_name = self._sent_name or self._find_sent()
        if not self._sent_name:
            raise MailProblemError(NO_SENT_FOLDER, permanent=True)
        return self._sent_name

    def _find_sent(self) -> str:
        """The one the shop chose, else the one with the flag, else the one with a usual name."""
        folders = self._openable()
        chosen = [one for one in folders if self._account.sent_folder and one.name == self._account.sent_folder]
        flagged = [one for one in folders if "\\sent" in _flags(one)]
        usual = [one for one in folders if _last_part(one) in _SENT_NAMES]
        return next((one.name for one in [*chosen, *flagged, *usual]), "")

    def _openable(self) -> list[FolderInfo]:
        return [one for one in self._box.folder.list() if "\\noselect" not in _flags(one)]

    def _fetch_some(self, folder: MailFolder, wanted: list[int]) -> Iterator[RawMail]:
        with self._talking():
            self._open(folder)
            sizes = {one.uid: one.size for one in self._ask(wanted, _SIZES)}
        for chunk in chunks(sizes, LARGEST_MAIL):
            is_cut = sizes[chunk[0]] > LARGEST_MAIL
            with self._talking(sum(min(sizes[uid], LARGEST_MAIL) for uid in chunk)):
                answers = self._ask(chunk, _CUT if is_cut else _WHOLE)
            for mail in answers:
                if mail.content is not None:
                    yield RawMail(mail.uid, _mark(mail, sizes[mail.uid]) if is_cut else mail.content, mail.received_at)

    def _ask(self, uids: list[int], what: str) -> list[Fetched]:
        typ, lines = self._box.client.uid("FETCH", ",".join(map(str, uids)), what)
        if typ != "OK":
            raise imaplib.IMAP4.error("FETCH refused")
        answers = {one.uid: one for one in read_answer(lines)}
        return [answers[uid] for uid in uids if uid in answers]


def open_mailbox(account: MailAccount, password: str, *, context: ssl.SSLContext | None = None) -> ImapMailbox:
    """Connect and log in, certificates verified. Raises MailProblemError with what to do about it."""
    server = account.imap
    require_tls(server)
    try:
        box = _connect(server, context or ssl.create_default_context())
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError) as error:
        raise _connect_problem(error, server) from error
    try:
        with hang_up_after(_PATIENCE, lambda: box.client.sock):
            _log_in(box, account.user, password)
    except _FAILURES as error:
        _log_out(box)
        raise _login_failure(error, server) from error
    return ImapMailbox(box, account)


class _Box(BaseMailBox):
    """imap_tools' mailbox around a connection that stands already."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._connected = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._connected


def _connect(server: MailServer, context: ssl.SSLContext) -> BaseMailBox:
    begun: list[imaplib.IMAP4] = []  # imaplib greets inside its constructor: the only way to the socket until then

    class Plain(imaplib.IMAP4):
        def open(self, *where: Any, **options: Any) -> None:  # noqa: ANN401 imaplib's own
            begun.append(self)
            super().open(*where, **options)

    class Encrypted(Plain, imaplib.IMAP4_SSL):
        pass

    def find_socket() -> socket.socket | None:
        return getattr(begun[0], "sock", None) if begun else None

    with hang_up_after(_PATIENCE, find_socket):
        if server.tls == "ssl":
            return _Box(Encrypted(server.host, server.port, timeout=_TIMEOUT, ssl_context=context))
        client = Plain(server.host, server.port, timeout=_TIMEOUT)
        if server.tls == "starttls":
            client.starttls(context)
        return _Box(client)


def _log_out(box: BaseMailBox) -> None:
    with suppress(*_FAILURES), hang_up_after(_GOODBYE, lambda: box.client.sock):
        box.logout()


def _patience_for(size: int) -> float:
    return _PATIENCE + size / SLOWEST


def _log_in(box: BaseMailBox, user: str, password: str) -> None:
    if any(character in f"{user}{password}" for character in "\r\n\0"):
        raise imaplib.IMAP4.error("line end in user or password")
    # LOGIN knows ASCII only. No folder yet: opening one for writing would already change its mails' \Recent.
    log_in = box.login if f"{user}{password}".isascii() else box.login_utf8
    log_in(user, password, initial_folder=None)


def _connect_problem(error: Exception, server: MailServer) -> MailProblemError:
    # STARTTLS that the server does not know, or asked of a port that is encrypted from the start.
    if (
        server.tls == "starttls"
        and ("TLS" in str(error) or "IMAP4_SSL" in str(error))
        and not isinstance(error, OSError)
    ):
        return MailProblemError(NO_TLS, permanent=True, host=server.host, port=server.port)
    return connection_problem(error, server)


def _login_failure(error: Exception, server: MailServer) -> MailProblemError:
    # `abort` is a broken line; `error` and MailboxLoginError are a refusal.
    is_refusal = isinstance(error, MailboxLoginError) or (
        isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)
    )
    if not is_refusal:
        return connection_problem(error, server)
    return login_problem(server, answer=str(error))


def _criteria(after: int, since: date | None) -> str:
    if after and since:
        return str(AND(uid=f"{after + 1}:*", date_gte=since))
    if after:
        return str(AND(uid=f"{after + 1}:*"))
    return str(AND(date_gte=since)) if since else "ALL"


def _flags(folder: FolderInfo) -> set[str]:
    return {flag.lower() for flag in folder.flags}


def _last_part(folder: FolderInfo) -> str:
    return folder.name.rsplit(folder.delim, 1)[-1].casefold() if folder.delim else folder.name.casefold()


def _mark(mail: Fetched, size: int) -> bytes:
    return f"{CUT_HEADER}: {size}\r\n".encode() + (mail.content or b"")
