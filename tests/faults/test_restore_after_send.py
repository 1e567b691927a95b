"""A backup from before a send: after its restore the mail does not leave a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import data.outbox
from data.records import OutboxState
from services.backups import make_backup
from services.intake import fetch_mail
from services.lock import hold_folder
from services.process import ProcessSettings
from services.replies import send_reply
from services.restoring import restore_backup
from services.sending import send_due, settle_interrupted
from services.settings import put_mail_account
from services.shop import Shop, wall_clock
from services.wiring import open_shop
from tests.builders import hire, letter, only_inquiry
from tests.mail_servers import PASSWORD, MailServers, SmtpScript, mail_devel, smtp_server

ADDRESS = "info@kfz-muster.example"


@pytest.fixture
def servers() -> Iterator[MailServers]:
    with mail_devel() as running:
        yield running


def _late(shop: Shop) -> Shop:
    return replace(shop, clock=lambda: wall_clock() + timedelta(days=2))


def _asked(folder: Path, servers: MailServers, port: int) -> Shop:
    shop = open_shop(ProcessSettings(folder=folder))
    shop.secrets.set("mail_password", PASSWORD)
    account = servers.account(ADDRESS)
    with shop.store.write() as tx:
        put_mail_account(tx, replace(account, smtp=replace(account.smtp, port=port)), wall_clock())
    servers.put(ADDRESS, letter())
    fetch_mail(shop)
    return shop


def _state(shop: Shop, message_id: int) -> OutboxState:
    row = data.outbox.read_outgoing(shop.store, message_id)
    assert row is not None
    return row.state


def test_nothing_is_sent_a_second_time_until_a_person_says_so(tmp_path: Path, servers: MailServers) -> None:
    folder, script = tmp_path / "data", SmtpScript()
    with smtp_server(script) as port:
        shop = _asked(folder, servers, port)
        sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
        reply = send_reply(shop, sandra, inquiry.id, body="Ja.", seen_version=inquiry.version, form_key="1")
        backup = make_backup(shop, now=wall_clock())
        assert send_due(_late(shop)) == 1
        shop.close()
        with hold_folder(folder) as lock:
            restore_backup(backup.path, lock, now=wall_clock())
        shop = open_shop(ProcessSettings(folder=folder))
        settle_interrupted(shop)
        assert send_due(_late(shop)) == 0
        assert _state(shop, reply) == OutboxState.UNSURE
        fetch_mail(shop)  # the copy in Sent shows that it did leave
        assert _state(shop, reply) == OutboxState.SENT
        assert send_due(_late(shop)) == 0
        assert len(script.raw) == 1
        shop.close()
