"""A mailbox at no server and a mailer that sends nothing: for the demo, where no mail may leave."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from data.records import MailAccount, MailFolder
from services.mail.composing import compose
from services.mail.contract import FolderState, OutgoingMail, RawMail

log = logging.getLogger(__name__)


class DryRunMailer:
    """Accepts every mail with a possible address and drops it."""

    def send(self, account: MailAccount, password: str, mail: OutgoingMail) -> bytes:
        """The bytes that would have left. Raises MailProblemError for an impossible address, like the real one."""
        content = compose(mail)
        log.info("dry run, nothing sent id=%s bytes=%d", mail.mail_id, len(content))
        return content


class DryRunMailbox:
    """A mailbox into which nothing comes but what it is given."""

    def __init__(self, account: MailAccount | None = None, password: str = "", inbox: Sequence[RawMail] = ()) -> None:
        """Takes what `open_mailbox` takes, so that it can stand in its place."""
        self._inbox = inbox

    def state(self, folder: MailFolder) -> FolderState:
        """How far the inbox goes; Sent is empty."""
        return FolderState(uidvalidity=1, uidnext=len(self._mails(folder)) + 1)

    def uids(self, folder: MailFolder, *, after: int = 0, since: date | None = None) -> list[int]:
        """The uids after one."""
        return [mail.uid for mail in self._mails(folder) if mail.uid > after]

    def fetch(self, folder: MailFolder, uids: Sequence[int]) -> Iterator[RawMail]:
        """The mails with these uids."""
        return iter([mail for mail in self._mails(folder) if mail.uid in uids])

    def in_sent(self, mail_id: str, since: date) -> bool:
        """Always, so that no copy is wanted."""
        return True

    def append_to_sent(self, content: bytes, sent_at: datetime) -> None:
        """Nothing happens."""

    def close(self) -> None:
        """Nothing happens."""

    def _mails(self, folder: MailFolder) -> Sequence[RawMail]:
        return self._inbox if folder == MailFolder.INBOX else ()
