"""The main job over real IMAP and SMTP: a mail comes, waits, is answered, and the answer to it comes back."""

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

import data.outbox
from data.records import InquiryState, MailAccount, OutboxState
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.replies import begin_letter, send_reply
from services.sending import send_due, settle_interrupted
from services.settings import mail_account, put_mail_account
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, letter, make_shop, only_inquiry
from tests.mail_servers import PASSWORD, MailServers, SmtpScript, mail_devel, smtp_server

MARIA = "maria.hofer@example.org"


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_devel() as running:
        yield running


@pytest.fixture
def real_shop(tmp_path: Path, servers: MailServers, request: pytest.FixtureRequest) -> Iterator[Shop]:
    shop = make_shop(tmp_path, clock=FrozenClock(datetime.now(UTC)))
    shop.mailbox, shop.mailer = open_mailbox, YagmailMailer()
    shop.secrets.set("mail_password", PASSWORD)
    address = f"info-{time.monotonic_ns()}@kfz-muster.example"
    connect(shop, replace(servers.account(address), connected_at=shop.now() - timedelta(hours=1)))
    yield shop
    shop.close()


def _account(shop: Shop) -> MailAccount:
    found = mail_account(shop.store)
    assert found is not None
    return found


def _ask(shop: Shop, servers: MailServers, content: bytes) -> None:
    servers.put(_account(shop).address, content, at=shop.now())
    _later(shop, seconds=2)
    fetch_mail(shop)


def _later(shop: Shop, **span: float) -> None:
    assert isinstance(shop.clock, FrozenClock)
    shop.clock.forward(**span)


def _answer(shop: Shop, body: str) -> None:
    inquiry = only_inquiry(shop)
    send_reply(shop, hire(shop, "Sandra Kofler"), inquiry.id, body=body, seen_version=inquiry.version, form_key=body)
    _later(shop, seconds=20)
    assert send_due(shop) == 1


def _newest(servers: MailServers, address: str, folder: str = "INBOX") -> EmailMessage:
    message = email.message_from_bytes(servers.mails(address, folder)[-1], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_received_mail_is_right_to_the_letter(real_shop: Shop, servers: MailServers) -> None:
    _ask(real_shop, servers, letter(message_id="<q1@example.org>", sender=f"Maria Hofer <{MARIA}>"))
    _answer(real_shop, "Guten Tag Frau Hofer,\n\nIhr Golf ist fertig. Preis: 412,00 €\n\n<b>bis 18 Uhr</b>")
    mail = _newest(servers, MARIA)
    assert mail["From"] == f'"Sandra Kofler, Kfz Muster" <{_account(real_shop).address}>'
    assert mail["To"] == f"Maria Hofer <{MARIA}>"
    assert mail["Subject"] == f"Re: Mein Golf [#{only_inquiry(real_shop).id}]"
    assert (mail["In-Reply-To"], mail["References"]) == ("<q1@example.org>", "<q1@example.org>")
    assert mail.get_content_type() == "text/plain"
    assert "Ihr Golf ist fertig. Preis: 412,00 €\n\n<b>bis 18 Uhr</b>\n\n-- \n" in mail.get_content().replace("\r", "")


def test_the_customers_answer_comes_back_into_the_thread(real_shop: Shop, servers: MailServers) -> None:
    _ask(real_shop, servers, letter(sender=f"Maria Hofer <{MARIA}>"))
    _answer(real_shop, "Ja, ab 14 Uhr.")
    assert only_inquiry(real_shop).waiting_since is None
    _later(real_shop, hours=1)
    ours = _newest(servers, MARIA)["Message-ID"]
    _ask(real_shop, servers, letter("Danke, und morgen?", sender=f"Maria <{MARIA}>", In_Reply_To=str(ours)))
    inquiry = only_inquiry(real_shop)
    assert (inquiry.state, inquiry.contacts_waiting) == (InquiryState.OPEN, 1)
    assert inquiry.waiting_since is not None


def test_the_copy_in_sent_is_there_once_and_is_no_second_answer(real_shop: Shop, servers: MailServers) -> None:
    _ask(real_shop, servers, letter(sender=f"Maria Hofer <{MARIA}>"))
    _answer(real_shop, "Ja.")
    fetch_mail(real_shop)
    assert len(servers.mails(_account(real_shop).address, "Sent")) == 1
    assert real_shop.store.read("SELECT count(*) FROM message")[0][0] == 2


def test_an_answer_from_another_mail_program_stops_the_clock(real_shop: Shop, servers: MailServers) -> None:
    _ask(real_shop, servers, letter(message_id="<q9@example.org>", sender=f"Maria Hofer <{MARIA}>"))
    elsewhere = letter("Ist fertig.", sender=_account(real_shop).address, to=MARIA, In_Reply_To="<q9@example.org>")
    _later(real_shop, seconds=5)
    servers.put(_account(real_shop).address, elsewhere, folder="Sent", at=real_shop.now())
    _later(real_shop, seconds=5)
    fetch_mail(real_shop)
    assert only_inquiry(real_shop).waiting_since is None


def test_nothing_in_the_mailbox_is_changed_by_reading(real_shop: Shop, servers: MailServers) -> None:
    _ask(real_shop, servers, letter(sender=f"Maria Hofer <{MARIA}>"))
    with servers.box(_account(real_shop).address) as box:
        box.folder.set("INBOX", readonly=True)
        assert [mail.flags for mail in box.fetch(mark_seen=False)] in ([()], [("\\Recent",)])


def _through(shop: Shop, port: int) -> None:
    account = _account(shop)
    with shop.store.write() as tx:
        put_mail_account(tx, replace(account, smtp=replace(account.smtp, port=port)), shop.now())


def test_a_server_that_drops_after_data_gets_one_copy_and_the_reply_is_unsure(
    real_shop: Shop, servers: MailServers
) -> None:
    _ask(real_shop, servers, letter(sender=f"Maria Hofer <{MARIA}>"))
    script = SmtpScript(drop_after_data=True)
    with smtp_server(script) as port:
        _through(real_shop, port)
        inquiry = only_inquiry(real_shop)
        reply = send_reply(
            real_shop, hire(real_shop, "Sandra"), inquiry.id, body="Ja.", seen_version=inquiry.version, form_key="1"
        )
        for _ in range(3):
            _later(real_shop, minutes=30)
            send_due(real_shop)
        settle_interrupted(real_shop)
    row = data.outbox.read_outgoing(real_shop.store, reply)
    assert row is not None
    assert (row.state, len(script.raw)) == (OutboxState.UNSURE, 1)
    assert only_inquiry(real_shop).waiting_since is not None


def test_a_name_full_of_markup_arrives_as_it_is(real_shop: Shop, servers: MailServers) -> None:
    name = 'Müller, "Jörg" <b>'
    sandra = hire(real_shop, "Sandra")
    begun = begin_letter(real_shop, sandra, name=name, address="joerg@example.org")
    body = "/etc/hostname\n![](http://127.0.0.1:9/x)"
    send_reply(
        real_shop, sandra, begun, body=body, subject="Ihr 2. Termin: fertig", seen_version=0, form_key="1"
    )
    _later(real_shop, seconds=20)
    assert send_due(real_shop) == 1
    mail = _newest(servers, "joerg@example.org")
    assert mail["To"].addresses[0].display_name == name
    assert not list(mail.iter_attachments())
    assert mail.get_content().startswith("/etc/hostname\n![](http://127.0.0.1:9/x)")
