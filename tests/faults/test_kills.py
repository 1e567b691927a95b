"""kill -9 at random moments: nothing that was acknowledged is lost, and nothing is sent twice.

12 kills here; more by `THEKE_KILLS=300 python3 start.py test tests/faults/test_kills.py`.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from data.files import FileVault
from data.records import StaffRole
from data.store import Store
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.process import ProcessSettings, Secrets
from services.settings import put_mail_account
from services.shop import Shop, wall_clock
from services.staff import NewPerson, enrol
from tests.builders import FakeMailer, letter
from tests.mail_servers import PASSWORD, MailServers, SmtpScript, account_for, mail_devel, smtp_server

KILLS = int(os.environ.get("THEKE_KILLS", "12"))
ADDRESS = "info@kfz-muster.example"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def servers() -> Iterator[tuple[MailServers, SmtpScript, int]]:
    script = SmtpScript()
    with ExitStack() as stack:
        mail = stack.enter_context(mail_devel())
        port = stack.enter_context(smtp_server(script))
        yield mail, script, port


def _prepare(folder: Path, mail: MailServers, smtp_port: int) -> None:
    folder.mkdir()
    mail.account(ADDRESS)
    account = account_for(ADDRESS, imap=mail.imap_port, smtp=smtp_port)
    store = Store.open(folder / "theke.duckdb")
    with store.write() as tx:
        put_mail_account(tx, account, wall_clock())
        enrol(tx, NewPerson("Sandra Kofler", StaffRole.OWNER, ""), wall_clock())
    store.close()
    Secrets(folder / "secrets.json").set("mail_password", PASSWORD)


def _deliver(mail: MailServers, kill: int) -> None:
    text = f"Frage {kill}, bitte um Antwort."
    content = letter(text, sender=f"Kunde {kill} <kunde{kill}@example.org>", message_id=f"<{kill}@example.org>")
    mail.put(ADDRESS, content)


def _work_and_be_killed(folder: Path, seed: int, chance: random.Random) -> None:
    """One life of the clerk: it ends by kill -9 a moment after a random number of acknowledged deeds."""
    deeds = len(_acknowledged(folder)) + chance.randrange(1, 40)
    command = [sys.executable, "-m", "tests.faults.counter_clerk", str(folder), str(seed)]
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while child.poll() is None and len(_acknowledged(folder)) < deeds:
        assert time.monotonic() < deadline, "the child did not get on with its work"
        time.sleep(0.01)
    assert child.poll() is None, child.stderr.read() if child.stderr else ""
    time.sleep(chance.uniform(0, 0.1))
    child.kill()
    child.communicate()


def _acknowledged(folder: Path) -> list[dict[str, Any]]:
    acks = folder.parent / "acks.jsonl"
    lines = acks.read_text(encoding="utf-8").splitlines() if acks.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def check_kept(store: Store, vault: FileVault, acks: list[dict[str, Any]]) -> None:
    """Every acknowledged inquiry, reply, file and newest draft is there."""
    words = {row[0]: row[1] for row in store.read("SELECT id, body FROM message")}
    for ack in acks:
        if ack["kind"] == "inquiry":
            sql = "SELECT body FROM message WHERE inquiry_id = $id"
            assert (ack["words"],) in store.read(sql, {"id": ack["id"]})
        elif ack["kind"] == "reply":
            assert words[ack["id"]].startswith(ack["body"])
        elif ack["kind"] == "file":
            assert len(vault.read(ack["sha256"])) == 2000
    replies = {ack["id"] for ack in acks if ack["kind"] == "reply"}
    for inquiry, body in _newest_drafts(acks).items():
        kept = store.read("SELECT body FROM draft WHERE inquiry_id = $id", {"id": inquiry})
        assert kept == [(body,)] or _became_a_reply(store, inquiry, replies)


def _became_a_reply(store: Store, inquiry: int, acknowledged: set[int]) -> bool:
    """Whether a reply used the draft up and the kill came before its acknowledgement."""
    rows = store.read("SELECT id FROM message WHERE inquiry_id = $id AND role = 'answer'", {"id": inquiry})
    return bool({row[0] for row in rows} - acknowledged)


def check_mails(store: Store, vault: FileVault, folder: Path) -> None:
    """Every mail that came stands in the list once, and is kept raw."""
    shop = Shop(store, vault, Secrets(folder / "secrets.json"), ProcessSettings(folder), open_mailbox, FakeMailer())
    fetch_mail(shop)
    snippets = Counter(row[0] for row in store.read("SELECT snippet FROM inquiry WHERE channel = 'mail'"))
    assert snippets == Counter(f"Frage {n}, bitte um Antwort." for n in range(KILLS))
    raw = [vault.read(row[0]) for row in store.read("SELECT sha256 FROM mail WHERE folder = 'inbox'")]
    assert sum(b"bitte um Antwort" in content for content in raw) == KILLS


def _newest_drafts(acks: list[dict[str, Any]]) -> dict[int, str]:
    """The last acknowledged draft of each inquiry, unless a reply used it up since."""
    drafts: dict[int, str] = {}
    for ack in acks:
        if ack["kind"] == "draft":
            drafts[ack["id"]] = ack["body"]
        elif ack["kind"] == "reply":
            drafts.pop(ack["inquiry"], None)
    return drafts


@pytest.mark.timeout(60 + KILLS * 20)
def test_nothing_acknowledged_is_lost_and_nothing_is_sent_twice(
    tmp_path: Path, servers: tuple[MailServers, SmtpScript, int]
) -> None:
    mail, script, smtp_port = servers
    folder, chance = tmp_path / "data", random.Random(7)
    _prepare(folder, mail, smtp_port)
    for kill in range(KILLS):
        _deliver(mail, kill)
        _work_and_be_killed(folder, kill, chance)
    time.sleep(0.5)
    store = Store.open(folder / "theke.duckdb")
    try:
        acks = _acknowledged(folder)
        check_kept(store, FileVault(folder / "files"), acks)
        ids = [re.search(rb"^Message-ID: *(\S+)", raw, re.M | re.I) for raw in script.raw]
        copies = Counter(match[1] for match in ids if match)
        assert sum(1 for n in copies.values() if n > 1) == 0
        assert len(copies) > 0
        check_mails(store, FileVault(folder / "files"), folder)
        assert store.read("SELECT count(*) FROM outbox WHERE state = 'sending'")[0][0] <= 1
        assert len({ack["kind"] for ack in acks}) == 5
    finally:
        store.close()
