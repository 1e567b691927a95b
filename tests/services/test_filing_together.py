"""Many mails filed together leave what the same mails leave one by one: who writes, answers, bounces or comes twice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import data.customers
import data.mails
import data.outbox
from data.records import MailFolder, OutboxState
from services import intake
from services.closing import dismiss_inquiry, merge_inquiries
from services.inquiries import snooze_inquiry
from services.intake import fetch_mail
from services.replies import forward_inquiry, send_reply
from services.sending import send_due
from services.shop import Shop
from tests.builders import MONDAY, SHOP_ADDRESS, FrozenClock, connect, hire, letter, mailbox_of, make_shop, receive

PEOPLE = ("anna", "ben", "cleo", "dora", "emil", "fred")
WRITERS = ("anna", "anna2", "ben", "dora", "fred", SHOP_ADDRESS, "")  # anna2: her other address
KINDS = ("letter", "letter", "letter", "auto", "failed", "delayed", "sent", "sent")
SUBJECTS = ("Mein Golf", "Re: Mein Golf", "Rechnung", "Re: Mein Golf [#{}]")
OURS = 4  # mails that the shop has sent: to Anna, to Ben (unsure), to Cleo, a forward to Fred


@dataclass(frozen=True)
class Drawn:
    """A mail of a random stream; `refers` below OURS names a mail of ours, from there on one of the stream itself."""

    kind: str
    person: str
    subject: str
    refers: tuple[int, ...]
    bears: int  # its own Message-ID, 0 = none: several mails may claim the same
    text: int


DRAWN = st.builds(
    Drawn,
    kind=st.sampled_from(KINDS),
    person=st.sampled_from(WRITERS),
    subject=st.sampled_from(SUBJECTS),
    refers=st.lists(st.integers(0, OURS + 3), max_size=2).map(tuple),
    bears=st.integers(0, OURS + 3),
    text=st.integers(0, 2),
)


def _address(person: str) -> str:
    return f"{person}@example.org" if person.isalnum() else person


def _mail(drawn: Drawn, ours: list[str], token: int) -> bytes:
    ids = [*ours, *(f"<{number}@example.org>" for number in range(4))]
    headers = {"In_Reply_To": " ".join(ids[number] for number in drawn.refers)} if drawn.refers else {}
    if drawn.kind == "auto":
        headers["Auto_Submitted"] = "auto-replied"
    sender, to = _address(drawn.person), SHOP_ADDRESS
    if drawn.kind == "sent":
        sender, to = to, sender
    if drawn.kind in {"failed", "delayed"}:
        return _report(drawn, ids[drawn.bears])
    bears = ids[drawn.bears] if drawn.bears else ""
    subject = drawn.subject.format(token)
    return letter(f"Text {drawn.text}", sender=sender, to=to, subject=subject, message_id=bears, **headers)


def _report(drawn: Drawn, mail_id: str) -> bytes:
    return f"""From: mailer-daemon@{drawn.person or "mx"}.example
Subject: Undelivered Mail {drawn.text}
Content-Type: multipart/report; report-type=delivery-status; boundary="D"

--D
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {_address(drawn.person)}
Action: {drawn.kind}

--D
Content-Type: message/rfc822

Message-ID: {mail_id}

Guten Tag
--D--
""".encode()


@pytest.fixture(scope="module")
def busy_folder() -> Iterator[Path]:
    """Six people have written; the shop answered three, forwarded one, merged, dismissed, snoozed and ignored."""
    with tempfile.TemporaryDirectory() as folder:
        shop = make_shop(Path(folder), in_memory=False, clock=FrozenClock())
        connect(shop)
        for person in PEOPLE:
            receive(shop, letter("Frage", sender=_address(person), message_id=f"<first-{person}@example.org>"))
        _be_busy(shop)
        shop.close()
        yield Path(folder)


def _be_busy(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    anna, ben, cleo, dora, emil, fred = [row[0] for row in shop.store.read("SELECT id FROM inquiry ORDER BY id")]
    for inquiry_id in (anna, ben, cleo):
        version = shop.store.read("SELECT version FROM inquiry WHERE id = $id", {"id": inquiry_id})[0][0]
        send_reply(shop, sandra, inquiry_id, body="Ja.", seen_version=version, form_key=str(inquiry_id))
    forward_inquiry(shop, sandra, dora, address="fred@example.org", note="Bitte.", form_key="forward")
    shop.clock = FrozenClock(MONDAY + timedelta(minutes=1))
    assert send_due(shop) == OURS
    with shop.store.write() as tx:
        reply = tx.read("SELECT id FROM message WHERE inquiry_id = $id AND role = 'answer'", {"id": ben})[0][0]
        data.outbox.change_outgoing(tx, reply, OutboxState.SENT, state=OutboxState.UNSURE)
        data.mails.ignore_sender(tx, "dora@example.org", sandra.staff_id, shop.now())
        first = data.customers.find_by_contact(tx, "mail", _address("anna"))[0].id
        data.customers.add_contact(tx, first, kind="mail", address=_address("anna2"), shown="", now=shop.now())
    snooze_inquiry(shop, sandra, anna, MONDAY + timedelta(days=9))
    merge_inquiries(shop, sandra, cleo, fred)
    dismiss_inquiry(shop, sandra, emil, always=False)


def _picture(shop: Shop) -> dict[str, list[Any]]:
    """All that was filed, without the ids, which depend on the chunks."""
    inquiries = """
        SELECT (SELECT list((m.body, m.role, m.sender_address, m.happened_at) ORDER BY m.happened_at, m.body, m.role)
                FROM message m WHERE m.inquiry_id = i.id) AS messages,
            i.subject, i.state, i.waiting_since, i.contacts_waiting, i.first_contact_at, i.first_response_at,
            i.reopened, i.last_message_at, i.snippet, i.snoozed_until_at, i.dismissed, c.name
        FROM inquiry i JOIN customer c ON c.id = i.customer_id"""
    mails = """SELECT folder, uid, fate, i.subject, i.state, i.waiting_since, i.last_message_at
               FROM mail LEFT JOIN inquiry i ON i.id = mail.inquiry_id"""
    others = {
        "customers": "SELECT c.name, k.address FROM customer c LEFT JOIN customer_contact k ON k.customer_id = c.id",
        "outbox": "SELECT recipient, state, sent_at, bounced_at, delayed_at FROM outbox",
    }
    asked = {"inquiries": inquiries, "mails": mails, **others}
    return {name: sorted(shop.store.read(sql), key=repr) for name, sql in asked.items()}


def _filed(busy_folder: Path, stream: list[Drawn], chunk: int) -> dict[str, list[Any]]:
    """What is there after the stream was fetched in chunks of this size."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "CHUNK", chunk)
        shutil.copytree(busy_folder, folder, dirs_exist_ok=True)
        shop = make_shop(Path(folder), in_memory=False, clock=FrozenClock(MONDAY + timedelta(days=1)))
        ours = [row[0] for row in shop.store.read("SELECT mail_id FROM outbox ORDER BY message_id")]
        token = shop.store.read("SELECT min(id) FROM inquiry")[0][0]
        mailbox_of(shop).validity = 2
        for minute, drawn in enumerate(stream):
            is_sent = drawn.kind == "sent" and drawn.text > 0  # the others come back to us as a copy
            at = MONDAY + timedelta(minutes=minute)
            mailbox_of(shop).put(_mail(drawn, ours, token), at, MailFolder.SENT if is_sent else MailFolder.INBOX)
        assert fetch_mail(shop) == len(stream)
        picture = _picture(shop)
        shop.close()
        return picture


TO_ANNA, ASIDE = 0, OURS  # what a mail may refer to or bear: ours, and the first of the stream
ALIKE = [Drawn("letter", "", "Mein Golf", (), 0, 0)] * 2
OTHER_ADDRESS = [
    Drawn("letter", "anna", "Rechnung", (), ASIDE, 0),
    Drawn("letter", "anna2", "Re: Rechnung", (ASIDE,), 0, 1),
]
KNOWN_SINCE = [  # Ben answers what we wrote to Anna; what we then write to him under her number belongs there
    Drawn("letter", "ben", "Re: Mein Golf", (TO_ANNA,), 0, 0),
    Drawn("sent", "ben", "Re: Mein Golf [#{}]", (), 0, 0),
]
ANSWERED_ASIDE = [  # once the report came, Anna waits in two inquiries with this subject
    Drawn("letter", "anna", "Mein Golf", (), 0, 0),
    Drawn("sent", "anna", "Mein Golf", (), 0, 0),
    Drawn("failed", "anna", "Mein Golf", (), TO_ANNA, 0),
]
ANSWERED_JUST_NOW = [
    Drawn("letter", "anna", "Rechnung", (), ASIDE, 0),
    Drawn("sent", "anna2", "Re: Rechnung", (ASIDE,), 0, 1),
    Drawn("sent", "anna", "Rechnung", (), 0, 2),
]


@pytest.mark.timeout(300)
@example(stream=ALIKE)
@example(stream=OTHER_ADDRESS)
@example(stream=KNOWN_SINCE)
@example(stream=ANSWERED_ASIDE)
@example(stream=ANSWERED_JUST_NOW)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stream=st.lists(DRAWN, min_size=2, max_size=16))
def test_mails_filed_together_leave_what_they_leave_one_by_one(busy_folder: Path, stream: list[Drawn]) -> None:
    assert _filed(busy_folder, stream, chunk=100) == _filed(busy_folder, stream, chunk=1)
