"""Mail out: claims a queued row, sends it at most once, settles what a crash left behind, copies it into Sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import data.messages
import data.outbox
from data.records import MailAccount, Message, MessageRole, OutboxRow, OutboxState
from services.clock import refresh_clock
from services.errors import MailProblemError
from services.letters import HOLD
from services.mail.composing import compose
from services.mail.contract import Mailbox, OutgoingCalendar, OutgoingFile, OutgoingMail
from services.settings import mail_account
from services.shop import Shop

log = logging.getLogger(__name__)

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))
INTERRUPTED = "Theke wurde beim Senden unterbrochen. Ob die Mail ankam, ist nicht sicher."
NO_MAILBOX = "Es ist kein E-Mail-Postfach verbunden."
UNFINISHED = "Diese Antwort ist nicht hinausgegangen: Ein Anhang ließ sich nicht lesen. Bitte hängen Sie ihn neu an."
COPY_AFTER = timedelta(minutes=15)  # by then the round that sent the mail has had its own try
COPY_UNTIL = timedelta(days=2)


def send_due(shop: Shop) -> int:
    """Send everything whose 20 seconds are over; how many the server took.

    One thread sends, so whatever is «sending» when a round begins was left behind by an earlier one: it is settled.
    """
    settle_interrupted(shop)
    account = mail_account(shop.store)
    due = [row for row in data.outbox.list_queued(shop.store) if _is_due(row, shop.now())]
    if account is None:
        for row in due:
            _fail(shop, row, NO_MAILBOX)
        return 0
    return sum(_send(shop, account, row) for row in due)


def _is_due(row: OutboxRow, now: datetime) -> bool:
    """Its time has come, or lies further ahead than it was ever put: then the clock was set back meanwhile."""
    longest = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1] if row.attempts else HOLD
    return not now < row.due_at <= now + longest


def _fail(shop: Shop, row: OutboxRow, problem: str) -> None:
    message = data.messages.read_message(shop.store, row.message_id)
    if message is not None:
        _change(shop, message, OutboxState.QUEUED, state=OutboxState.FAILED, problem=problem)


def _send(shop: Shop, account: MailAccount, row: OutboxRow) -> bool:
    message = data.messages.read_message(shop.store, row.message_id)
    if message is None:
        return False
    try:
        letter = _letter(shop, account, row, message, shop.now())
    except (OSError, ValueError):
        log.exception("reply cannot be put together: message=%s", row.message_id)
        _change(shop, message, OutboxState.QUEUED, state=OutboxState.FAILED, problem=UNFINISHED)
        return False
    password = shop.secrets.get("mail_password")
    with shop.store.write() as tx:
        if not data.outbox.claim(tx, row.message_id, shop.now()):
            return False
    try:
        content = shop.mailer.send(account, password, letter)
    except MailProblemError as problem:
        _note_problem(shop, row, message, problem)
        return False
    _change(shop, message, OutboxState.SENDING, state=OutboxState.SENT, sent_at=shop.now(), problem="")
    _copy_at_once(shop, account, row, content)
    return True


def _letter(shop: Shop, account: MailAccount, row: OutboxRow, message: Message, at: datetime) -> OutgoingMail:
    files = data.messages.attachments_of(shop.store, message.id)
    calendar = data.outbox.read_calendar_part(shop.store, message.id)
    references = tuple(message.reference_ids.split())
    return OutgoingMail(
        mail_id=row.mail_id,
        sender_name=message.sender_name,
        sender=account.address,
        recipient_name=row.recipient_name,
        recipient=row.recipient,
        subject=message.subject,
        text=message.body,
        date=at,
        in_reply_to=references[-1] if references else "",
        references=references,
        cc=tuple(address for address in row.cc.split(", ") if address),
        files=tuple(OutgoingFile(f.file_name, f.media_type, shop.files.read(f.sha256)) for f in files),
        calendar=OutgoingCalendar(*calendar) if calendar else None,
        automatic=message.staff_id is None and message.role == MessageRole.MACHINE,
    )


def _change(shop: Shop, message: Message, was: OutboxState, **changes: Any) -> None:  # noqa: ANN401 columns
    with shop.store.write() as tx:
        data.outbox.change_outgoing(tx, message.id, was, **changes)
        refresh_clock(tx, message.inquiry_id)


def _note_problem(shop: Shop, row: OutboxRow, message: Message, problem: MailProblemError) -> None:
    """Unsure waits for a person; «no for good» is failed; anything before DATA is tried again, ever more slowly."""
    attempts = row.attempts
    changes: dict[str, object] = {"problem": str(problem)}
    if problem.unsure:
        changes["state"] = OutboxState.UNSURE
    elif problem.permanent or attempts >= len(BACK_OFF):
        changes["state"] = OutboxState.FAILED
    else:
        changes |= {"state": OutboxState.QUEUED, "due_at": shop.now() + BACK_OFF[attempts]}
    log.warning("reply not sent: message=%s state=%s", row.message_id, changes["state"])
    _change(shop, message, OutboxState.SENDING, **changes)


def _copy_at_once(shop: Shop, account: MailAccount, row: OutboxRow, content: bytes) -> None:
    """The mail has left, so a problem here is only logged: `copy_missing` tries again."""
    try:
        with _open_mailbox(shop, account) as mailbox:
            _copy_to_sent(shop, mailbox, row, shop.now(), lambda: content)
    except MailProblemError:
        log.warning("copy in Sent not written: message=%s", row.message_id)


def copy_missing(shop: Shop) -> int:
    """Put the copies into Sent that did not get there when the mail left, for two days; how many lie there now.

    Raises MailProblemError when the mailbox does not answer.
    """
    account, now = mail_account(shop.store), shop.now()
    rows = data.outbox.list_uncopied(shop.store, now - COPY_UNTIL, now - COPY_AFTER)
    if account is None or not rows:
        return 0
    with _open_mailbox(shop, account) as mailbox:
        return sum(_copy_later(shop, mailbox, account, row) for row in rows)


def _copy_later(shop: Shop, mailbox: Mailbox, account: MailAccount, row: OutboxRow) -> bool:
    message = data.messages.read_message(shop.store, row.message_id)
    if message is None or message.sender_address != account.address:
        return False  # it left from another mailbox
    sent_at = row.sent_at or shop.now()
    try:
        written = partial(_letter, shop, account, row, message, row.attempted_at or sent_at)
        _copy_to_sent(shop, mailbox, row, sent_at, lambda: compose(written()))
    except (OSError, ValueError):
        log.exception("copy cannot be put together: message=%s", row.message_id)
        return False
    return True


def _copy_to_sent(
    shop: Shop, mailbox: Mailbox, row: OutboxRow, sent_at: datetime, content: Callable[[], bytes]
) -> None:
    """A copy in Sent, unless the provider put one there."""
    if not mailbox.in_sent(row.mail_id, _yesterday(sent_at)):
        mailbox.append_to_sent(content(), sent_at)
    with shop.store.write() as tx:
        data.outbox.mark_copied(tx, row.message_id, shop.now())


def settle_interrupted(shop: Shop) -> None:
    """What a crash or a fault left in «sending» is found in Sent, or becomes «unsure»; never sent again by itself."""
    for row in data.outbox.left_sending(shop.store):
        found = _is_in_sent(shop, row)
        changes: dict[str, object] = (
            {"state": OutboxState.SENT, "sent_at": row.attempted_at, "problem": ""}
            if found
            else {"state": OutboxState.UNSURE, "problem": INTERRUPTED}
        )
        message = data.messages.read_message(shop.store, row.message_id)
        if message is not None:
            _change(shop, message, OutboxState.SENDING, **changes)


def _is_in_sent(shop: Shop, row: OutboxRow) -> bool:
    account = mail_account(shop.store)
    if account is None:
        return False
    try:
        with _open_mailbox(shop, account) as mailbox:
            return mailbox.in_sent(row.mail_id, _yesterday(row.attempted_at or shop.now()))
    except MailProblemError:
        return False


@contextmanager
def _open_mailbox(shop: Shop, account: MailAccount) -> Iterator[Mailbox]:
    mailbox = shop.mailbox(account, shop.secrets.get("mail_password"))
    try:
        yield mailbox
    finally:
        mailbox.close()


def _yesterday(moment: datetime) -> date:
    return (moment - timedelta(days=1)).date()
