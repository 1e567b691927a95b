"""A digest over real SMTP and IMAP: it arrives as plain text, and in the shop's own mailbox it is no inquiry."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from data.records import OpeningHours, StaffRole
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.notices import look_after_notices
from services.settings import put_settings
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, letter, make_shop
from tests.mail_servers import PASSWORD, MailServers, SmtpScript, mail_devel, smtp_server

OPEN_ALWAYS = OpeningHours("Europe/Vienna", (((0, 1440),),) * 7)


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_devel() as running:
        yield running


@pytest.fixture
def own() -> str:
    """The shop's own address, new for each test."""
    return f"info-{time.monotonic_ns()}@kfz-muster.example"


@pytest.fixture
def waiting(tmp_path: Path, servers: MailServers, own: str) -> Iterator[Shop]:
    """Somebody without a name has waited too long in a shop that never closes; its owner reads the shop's mailbox."""
    shop = make_shop(tmp_path, clock=FrozenClock(datetime.now(UTC)))
    shop.mailbox, shop.mailer = open_mailbox, YagmailMailer()
    shop.secrets.set("mail_password", PASSWORD)
    connect(shop, replace(servers.account(own), connected_at=shop.now() - timedelta(hours=1)))
    hire(shop, "Sandra Kofler", StaffRole.OWNER)
    with shop.store.write() as tx:
        wishes = {"owner_mail": own, "digest": True, "hours": OPEN_ALWAYS, "closed_on_holidays": False}
        put_settings(tx, wishes, shop.now())
    servers.put(own, letter(sender="fabio.rossi@example.org"), at=shop.now())
    assert isinstance(shop.clock, FrozenClock)
    shop.clock.forward(seconds=2)
    fetch_mail(shop)
    shop.clock.forward(hours=5)
    yield shop
    shop.close()


def test_a_digest_to_the_shops_own_mailbox_arrives_once_and_is_no_inquiry(
    waiting: Shop, servers: MailServers, own: str
) -> None:
    look_after_notices(waiting)
    look_after_notices(waiting)
    fetch_mail(waiting)
    _asked, digest = (email.message_from_bytes(raw, policy=email.policy.default) for raw in servers.mails(own))
    assert isinstance(digest, EmailMessage)
    assert digest["Subject"] == "Eine Anfrage wartet auf Antwort"
    assert digest["Auto-Submitted"] == "auto-generated"
    assert digest["To"].addresses[0].addr_spec == own
    assert digest.get_content_type() == "text/plain"
    assert "fabio.rossi@example.org: Mein Golf" in digest.get_content()
    assert waiting.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    assert waiting.store.read("SELECT count(*) FROM message")[0][0] == 1


def test_a_server_that_drops_after_data_gets_one_digest(waiting: Shop, servers: MailServers, own: str) -> None:
    script = SmtpScript(drop_after_data=True)
    with smtp_server(script) as port:
        account = servers.account(own)
        connect(waiting, replace(account, smtp=replace(account.smtp, port=port)))
        for _ in range(3):
            with pytest.raises(Exception, match="nicht sicher"):
                look_after_notices(waiting)
    assert len(script.raw) == 1
