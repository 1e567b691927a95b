"""An automatic receipt over real SMTP and IMAP: its headers, and what comes back brings forth no second one."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from data.records import MailAccount, StaffRole
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.receipts import look_after_receipts
from services.sending import send_due
from services.settings import mail_account, save_settings
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, letter, make_shop
from tests.mail_servers import PASSWORD, MailServers, mail_devel

_BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Message-ID: <bounce@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {mail_id}

--b--
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_devel() as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, servers: MailServers, clock: FrozenClock) -> Iterator[Shop]:
    opened = make_shop(tmp_path, clock=clock)
    opened.mailbox, opened.mailer = open_mailbox, YagmailMailer()
    opened.secrets.set("mail_password", PASSWORD)
    address = f"info-{time.monotonic_ns()}@kfz-muster.example"
    connect(opened, replace(servers.account(address), connected_at=opened.now() - timedelta(hours=1)))
    save_settings(opened, hire(opened, "Sandra Kofler", StaffRole.OWNER), receipts=True)
    clock.forward(minutes=1)
    yield opened
    opened.close()


def account_of(shop: Shop) -> MailAccount:
    found = mail_account(shop.store)
    assert found is not None
    return found


def rounds(shop: Shop) -> int:
    """Mail in, decisions, mail out; how many receipts were written."""
    fetch_mail(shop)
    written = look_after_receipts(shop)
    send_due(shop)
    return written


def test_it_leaves_marked_and_what_comes_back_makes_no_second(
    shop: Shop, servers: MailServers, clock: FrozenClock
) -> None:
    own, customer = account_of(shop).address, f"maria-{time.monotonic_ns()}@example.org"
    servers.put(own, letter(sender=customer, to=own, message_id="<golf@example.org>"), at=clock.now)
    clock.forward(seconds=20)
    assert rounds(shop) == 1
    receipt: Message = email.message_from_bytes(servers.mails(customer)[-1], policy=email.policy.default)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["X-Auto-Response-Suppress"] == "All"
    assert receipt["Precedence"] == "auto_reply"
    assert receipt["In-Reply-To"] == "<golf@example.org>"
    about = {"In_Reply_To": receipt["Message-ID"], "References": receipt["Message-ID"]}
    bounce = _BOUNCE.format(to=own, recipient=customer, mail_id=receipt["Message-ID"]).replace("\n", "\r\n").encode()
    vacation = letter(
        "Bin im Urlaub.", sender=customer, to=own, subject="Abwesend", Auto_Submitted="auto-replied", **about
    )
    unmarked = letter("Bin weg.", sender=customer, to=own, subject=f"Re: {receipt['Subject']}", **about)
    for raw in (bounce, vacation, unmarked):
        servers.put(own, raw, at=clock.forward(minutes=1))
    clock.forward(minutes=1)
    assert rounds(shop) == 0
    assert len(servers.mails(customer)) == 1
    assert isinstance(receipt, EmailMessage)
    waiting = shop.store.read("SELECT count(*) FROM inquiry WHERE waiting_since IS NOT NULL")
    assert waiting == [(1,)]
