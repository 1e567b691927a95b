"""Ten thousand hostile or looping mails bring no loop: at most one receipt a person and day, none to machines.

Most of them go through the decision alone, with the same parser and the same rule; some hundreds through the whole
house. Each receipt that is written comes back in one of many ways: bounced, answered by a machine with or without a
mark, quoted, copied, under another Message-ID.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from data.records import StaffRole
from services.intake import fetch_mail
from services.mail.classify import is_machine_address
from services.mail.composing import compose
from services.mail.contract import ParsedMail
from services.mail.parsing import parse_mail
from services.receipt_words import is_receipt_subject
from services.receipts import is_mail_of_a_person, look_after_receipts
from services.rules.receipts import (
    MANY_IN,
    MOST_AN_HOUR,
    ONCE_IN,
    ReceiptFacts,
    ReceiptFate,
    normal_address,
    receipt_verdict,
)
from services.sending import send_due
from services.settings import mail_account, save_settings
from services.shop import Shop
from tests.builders import SHOP_ADDRESS, FrozenClock, account, connect, hire, mailbox_of, mails_sent, make_shop

MAILS = 10_000
HOUSED = 80  # of them through the whole house
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OWN = frozenset({SHOP_ADDRESS})
PEOPLE = [f"kunde{number}@example.org" for number in range(60)]
MACHINES = ["noreply@shop.example", "MAILER-DAEMON@mx.example", "do-not-reply@x.example", "formular@web.example"]
HEADERS = {
    "auto": ["Auto-Submitted: auto-replied"],
    "exchange": ["X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: a@x.example"],
    "list": ["List-Id: <l.example>", "List-Unsubscribe: <mailto:l@example.org>", "Precedence: list"],
    "newsletter": ["List-Unsubscribe: <https://n.example/u>"],
    "bulk": ["Precedence: bulk"],
    "robot": ["X-Loop: robot@x.example"],
    "forged": ["Authentication-Results: mx.example; spf=fail; dmarc=fail header.from=example.org"],
    "empty": ["Return-Path: <>"],
    "spam": ["X-Spam-Flag: YES"],
}


@dataclass(frozen=True)
class Written:
    """A receipt that was written, as the mails that come back see it."""

    to: str
    mail_id: str
    subject: str


def mail(sender: str, subject: str, *lines: str, to: str = SHOP_ADDRESS, text: str = "Guten Tag, geht das?") -> bytes:
    """Raw, so that headers can be as broken as they come."""
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", *lines]
    return "\r\n".join([*head, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text]).encode()


def stranger(dice: random.Random, number: int) -> bytes:
    """A person, a machine, a flood of one person's spellings, our own name, a list."""
    kind, unique = dice.random(), f"Message-ID: <m{number}@sender.example>"
    person = dice.choice(PEOPLE)
    if kind < 0.25:
        return mail(person, f"Frage {number}", unique)
    if kind < 0.45:
        local, _, domain = person.partition("@")
        return mail(f"{local.upper()}+{number}@{domain}", f"Frage {number}", unique)
    if kind < 0.55:
        return mail(dice.choice(MACHINES), f"Hinweis {number}", unique)
    if kind < 0.65:
        return mail(SHOP_ADDRESS, f"An mich {number}", unique, text=f"E-Mail: opfer{number}@example.com")
    if kind < 0.7:
        return mail(SHOP_ADDRESS, "Formular", unique, f"Reply-To: opfer{number}@example.com")
    return mail(f"v{number}@example.net", f"Frage {number}", unique, *HEADERS[dice.choice(list(HEADERS))])


def echo(dice: random.Random, written: Written, number: int) -> list[bytes]:
    """What a receipt brings back, some of it many times over."""
    to, subject, about = written.to, written.subject, f"In-Reply-To: {written.mail_id}"
    local, _, domain = to.partition("@")

    def new(copy: int = 0) -> str:
        return f"Message-ID: <e{number}-{copy}@echo.example>"

    ways = [
        [mail("MAILER-DAEMON@mx.example", "Undelivered Mail", new(), about, "Return-Path: <>")],
        [mail(to, f"AW: {subject}", new(), about, "Auto-Submitted: auto-replied")],
        [mail(to, f"Re: {subject}", new(), about)],  # a vacation answer without any mark
        [mail(to, f"Eingang bestätigt: {subject}", new())],  # a help desk whose server drops headers and changes ids
        [mail(to, f"Ticket {number}-{copy} eröffnet", new(copy)) for copy in range(5)],
        [mail(SHOP_ADDRESS, subject, f"Message-ID: {written.mail_id}", to=to)],  # our own mail, sent back to us
        [mail(f"m{copy}@liste.example", f"Re: {subject}", new(copy), about) for copy in range(8)],  # a list explodes
        [mail(f"{local}+{copy}@{domain}", "Hallo?", new(copy)) for copy in range(4)],  # every spelling answers
    ]
    return dice.choice(ways)


@dataclass
class Ledger:
    """What the store would know: who wrote when, and what was written to whom."""

    heard: deque[tuple[datetime, str]] = field(default_factory=deque)
    told: list[tuple[datetime, str]] = field(default_factory=list)
    ours: dict[str, Written] = field(default_factory=dict)

    def facts(self, parsed: ParsedMail, now: datetime) -> ReceiptFacts:
        address = normal_address(parsed.sender_address)
        self.heard.append((now, address))
        while self.heard[0][0] <= now - MANY_IN:
            self.heard.popleft()
        recent = [(at, to) for at, to in self.told[-400:] if at > now - ONCE_IN]
        return ReceiptFacts(
            address=address,
            own=OWN | {address} if parsed.form_sender in OWN else OWN,
            is_person=not is_machine_address(address) and is_mail_of_a_person(parsed),
            answers_ours=is_receipt_subject(parsed.subject) or any(i in self.ours for i in parsed.in_reply_to),
            known_for=timedelta(0),
            has_time=True,
            from_address=sum(1 for _, who in self.heard if who == address),
            to_address=sum(1 for _, to in recent if to == address),
            this_hour=sum(1 for at, _ in recent if at > now - timedelta(hours=1)),
        )


def test_ten_thousand_hostile_mails_bring_no_loop() -> None:
    dice, ledger, now = random.Random(7), Ledger(), START
    waiting: deque[bytes] = deque()
    for number in range(MAILS):
        raw = waiting.popleft() if waiting and dice.random() < 0.5 else stranger(dice, number)
        now += timedelta(seconds=dice.randrange(30))
        parsed = parse_mail(raw, own_addresses=OWN)
        if receipt_verdict(ledger.facts(parsed, now)) is ReceiptFate.WRITTEN:
            ledger.told.append((now, normal_address(parsed.sender_address)))
            written = Written(parsed.sender_address, f"<r{number}@kfz-muster.example>", f"Eingang bestätigt: {number}")
            ledger.ours[written.mail_id] = written
            waiting.extend(echo(dice, written, number))
    assert len(ledger.told) > 60
    check(ledger.told)


def check(told: list[tuple[datetime, str]]) -> None:
    """The promises of the rule, counted from what was written alone."""
    by_person: dict[str, list[datetime]] = {}
    for at, address in told:
        by_person.setdefault(address, []).append(at)
        assert not is_machine_address(address)
        assert address not in OWN
        # Every `example.net` bore a sign of a machine, `liste.example` answered a receipt, `example.com` never wrote.
        assert address.endswith("@example.org")
    for moments in by_person.values():
        assert all(later - earlier >= ONCE_IN for earlier, later in pairwise(moments))
    moments = [at for at, _ in told]
    for place, at in enumerate(moments):
        assert sum(1 for other in moments[place:] if other < at + timedelta(hours=1)) <= MOST_AN_HOUR


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def kfz(tmp_path: Path, clock: FrozenClock) -> Iterator[Shop]:
    yield from _shop(tmp_path / "kfz", SHOP_ADDRESS, clock)


@pytest.fixture
def mode(tmp_path: Path, clock: FrozenClock) -> Iterator[Shop]:
    yield from _shop(tmp_path / "mode", "hallo@mode-muster.example", clock)


def _shop(folder: Path, address: str, clock: FrozenClock) -> Iterator[Shop]:
    folder.mkdir()
    shop = make_shop(folder, clock=clock)
    from_ = account(clock.now - timedelta(days=1))
    connect(shop, type(from_)(address, address, from_.imap, from_.smtp, "", from_.connected_at))
    save_settings(shop, hire(shop, "Sandra Kofler", StaffRole.OWNER), receipts=True)
    clock.forward(seconds=1)
    yield shop
    shop.close()


def test_hundreds_of_them_through_the_whole_house(kfz: Shop, clock: FrozenClock) -> None:
    dice, mailbox = random.Random(11), mailbox_of(kfz)
    for number in range(HOUSED):
        mailbox.put(stranger(dice, number), clock.now)
    seen = 0
    for round_ in range(4):
        fetch_mail(kfz)
        look_after_receipts(kfz)
        send_due(kfz)
        for own in mails_sent(kfz)[seen:]:
            for raw in echo(dice, Written(own.recipient, own.mail_id, own.subject), 1000 * round_ + seen):
                mailbox.put(raw, clock.now)
            mailbox.put(compose(own), clock.now)  # and the provider lays a copy into the inbox
            seen += 1
        clock.forward(minutes=20)
    told = Counter(normal_address(own.recipient) for own in mails_sent(kfz))
    assert 0 < len(told) <= MOST_AN_HOUR
    assert set(told.values()) == {1}
    assert not any(is_machine_address(address) or address in OWN for address in told)
    waits = kfz.store.read("SELECT count(*) FROM inquiry WHERE first_response_at IS NOT NULL")
    assert waits == [(0,)]


@pytest.mark.parametrize("strip", [False, True], ids=["as sent", "stripped of every header"])
def test_two_shops_that_confirm_to_each_other_end_after_one_each(
    kfz: Shop, mode: Shop, clock: FrozenClock, *, strip: bool
) -> None:
    pair = ((kfz, mode), (mode, kfz))
    for here, there in pair:
        mailbox_of(here).put(mail(address_of(there), "Haben Sie einen Lieferwagen?", to=address_of(here)), clock.now)
    seen = {address_of(kfz): 0, address_of(mode): 0}
    for round_ in range(6):
        for here, there in pair:
            fetch_mail(here)
            look_after_receipts(here)
            send_due(here)
            for own in mails_sent(here)[seen[address_of(here)] :]:
                raw = compose(own)
                if strip:  # the worst server there is: nothing is left but who wrote to whom
                    raw = mail(
                        own.sender, f"Nachricht {round_}", f"Message-ID: <s{round_}-{own.sender}>", to=own.recipient
                    )
                mailbox_of(there).put(raw, clock.now)
                seen[address_of(here)] += 1
        clock.forward(minutes=5)
    assert list(seen.values()) == [1, 1]


def address_of(shop: Shop) -> str:
    """The shop's mailbox."""
    found = mail_account(shop.store)
    assert found is not None
    return found.address
