"""Whether a mail account really works: a login on both sides, in plain sentences. Nothing is sent or changed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from data.records import MailAccount
from services.errors import MailProblemError
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer

IMAP_WORKS = "Mails empfangen: funktioniert."
SMTP_WORKS = "Mails senden: Anmeldung funktioniert."
NO_SENT = "Mails empfangen: funktioniert. Der Ordner für gesendete Mails ist nicht zu finden; bitte wählen Sie ihn."


@dataclass(frozen=True)
class AccountCheck:
    """Both sentences are msgids; `imap_values` and `smtp_values` hold what belongs into their {braces}."""

    ok: bool
    imap_sentence: str
    smtp_sentence: str
    sent_folder: str  # '' when none was found
    folders: tuple[str, ...] = ()  # to choose the folder for sent mail from when none was found
    imap_values: dict[str, object] = field(default_factory=dict)
    smtp_values: dict[str, object] = field(default_factory=dict)


def check_account(account: MailAccount, password: str, *, context: ssl.SSLContext | None = None) -> AccountCheck:
    """Log in to both servers. Never raises MailProblemError: its sentence is the result."""
    imap, sent_folder, folders = _try_imap(account, password, context)
    smtp = _try_smtp(account, password, context)
    return AccountCheck(
        ok=imap is None and smtp is None,
        imap_sentence=imap.msgid if imap else IMAP_WORKS if sent_folder else NO_SENT,
        smtp_sentence=smtp.msgid if smtp else SMTP_WORKS,
        sent_folder=sent_folder,
        folders=folders,
        imap_values=imap.values if imap else {},
        smtp_values=smtp.values if smtp else {},
    )


def _try_imap(
    account: MailAccount, password: str, context: ssl.SSLContext | None
) -> tuple[MailProblemError | None, str, tuple[str, ...]]:
    try:
        mailbox = open_mailbox(account, password, context=context)
        try:
            sent_folder = mailbox.sent_folder()
            return None, sent_folder, () if sent_folder else mailbox.folders()
        finally:
            mailbox.close()
    except MailProblemError as problem:
        return problem, "", ()


def _try_smtp(account: MailAccount, password: str, context: ssl.SSLContext | None) -> MailProblemError | None:
    try:
        YagmailMailer(context=context).try_login(account, password)
    except MailProblemError as problem:
        return problem
    return None
