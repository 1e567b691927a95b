"""Random days at the counter: the stored clock equals the replay, and a naive one that knows nothing of ours."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import data.inquiries
import data.outbox
from data.records import CloseReason, InquiryState, MailFolder, OutboxState
from services.clock import derive_columns, refresh_clock
from services.closing import close_inquiry, reopen_inquiry
from services.inquiries import snooze_inquiry
from services.noting import add_note, log_call
from services.replies import send_reply
from services.sending import send_due
from services.shop import Shop
from tests.builders import (
    MONDAY,
    SHOP_ADDRESS,
    FakeMailer,
    FrozenClock,
    connect,
    hire,
    letter,
    make_shop,
    only_inquiry,
    receive,
)

ACTIONS = (
    *("write", "auto", "note", "reply", "last_reply", "bounce", "elsewhere"),
    *("reached", "missed", "close", "reopen", "snooze"),
)


@dataclass
class Day:
    """A shop, and what a naive observer wrote down: (time, kind) of what counts."""

    shop: Shop
    clock: FrozenClock
    seen: list[tuple[datetime, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        connect(self.shop)
        self.sandra = hire(self.shop, "Sandra Kofler")
        self.step = 0

    def act(self, action: str, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        self.step += 1
        getattr(self, f"do_{action}")()

    def _mail(self, text: str, *, folder: MailFolder = MailFolder.INBOX, **headers: str) -> None:
        people = ["maria@example.org", SHOP_ADDRESS]
        sender, to = people if folder == MailFolder.INBOX else reversed(people)
        ids = {"message_id": f"<{self.step}@x.example>", "In_Reply_To": "<1@x.example>"}
        mail = letter(text, sender=sender, to=to, **ids, **headers)
        receive(self.shop, mail, folder=folder)

    def do_write(self) -> None:
        self._mail(f"Frage {self.step}")
        self.seen.append((self.clock.now, "customer", 0))

    def do_auto(self) -> None:
        self._mail("Ich bin im Urlaub", Auto_Submitted="auto-replied")

    def do_note(self) -> None:
        add_note(self.shop, self.sandra, only_inquiry(self.shop).id, "Notiz")

    def do_snooze(self) -> None:
        if only_inquiry(self.shop).state != InquiryState.CLOSED:
            snooze_inquiry(self.shop, self.sandra, only_inquiry(self.shop).id, MONDAY.replace(year=2030))

    def do_reply(self, *, close: bool = False) -> int:
        inquiry = only_inquiry(self.shop)
        options: dict[str, Any] = {"seen_version": inquiry.version, "form_key": f"k{self.step}", "close": close}
        reply = send_reply(self.shop, self.sandra, inquiry.id, body="Ja.", **options)
        self.clock.forward(seconds=20)
        assert send_due(self.shop) == 1
        self.seen.append((self.clock.now, "answer", reply))
        return reply

    def do_last_reply(self) -> None:
        if only_inquiry(self.shop).state == InquiryState.OPEN:
            self.seen.append((self.clock.now, "closed", self.do_reply(close=True)))
            assert only_inquiry(self.shop).state == InquiryState.CLOSED

    def do_bounce(self) -> None:
        replies = [entry for entry in self.seen if entry[2]]
        if replies:
            with self.shop.store.write() as tx:
                data.outbox.change_outgoing(tx, replies[-1][2], OutboxState.SENT, bounced_at=self.clock.now)
                refresh_clock(tx, only_inquiry(self.shop).id)
            self.seen = [entry for entry in self.seen if entry[2] != replies[-1][2]]

    def do_elsewhere(self) -> None:
        self._mail(f"Antwort {self.step}", folder=MailFolder.SENT)
        self.seen.append((self.clock.now, "answer", 0))

    def do_reached(self) -> None:
        log_call(self.shop, self.sandra, only_inquiry(self.shop).id, reached=True)
        self.seen.append((self.clock.now, "answer", 0))

    def do_missed(self) -> None:
        log_call(self.shop, self.sandra, only_inquiry(self.shop).id, reached=False)

    def do_close(self) -> None:
        if only_inquiry(self.shop).state == InquiryState.OPEN:
            close_inquiry(self.shop, self.sandra, only_inquiry(self.shop).id, CloseReason.DEALT_WITH)
            self.seen.append((self.clock.now, "closed", 0))

    def do_reopen(self) -> None:
        if only_inquiry(self.shop).state == InquiryState.CLOSED:
            self.seen.remove([entry for entry in self.seen if entry[1] == "closed"][-1])
        reopen_inquiry(self.shop, self.sandra, only_inquiry(self.shop).id)

    def naive_wait(self) -> datetime | None:
        wait = None
        for at, kind, _ in self.seen:
            wait = (wait or at) if kind == "customer" else None
        return wait


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 3000)), max_size=12))
def test_stored_columns_equal_the_replay_and_the_naive_clock(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FrozenClock()
        shop = make_shop(Path(folder), clock=clock)
        day = Day(shop, clock)
        try:
            day.act("write", 1)
            for action, minutes in steps:
                day.act(action, minutes)
                inquiry = only_inquiry(shop)
                entries = [e for e in data.inquiries.list_entries(shop.store, [inquiry.id]) if e.counts]
                derived = derive_columns(entries, inquiry.started_by)
                assert {name: getattr(inquiry, name) for name in derived} == derived
                assert inquiry.waiting_since == day.naive_wait()
                assert inquiry.waiting_since is None or inquiry.waiting_since <= clock.now
        finally:
            shop.close()


def test_no_job_closes_or_answers_by_itself(shop: Shop, clock: FrozenClock) -> None:
    day = Day(shop, clock)
    day.act("write", 1)
    for _ in range(50):
        clock.forward(hours=30)
        receive(shop, letter("Werbung", sender="x@example.net", Precedence="bulk", message_id=f"<{clock.now}@x>"))
        send_due(shop)
    waiting = shop.store.read("SELECT count(*) FROM inquiry WHERE waiting_since IS NOT NULL AND state = 'open'")
    assert waiting[0][0] == 1
    assert isinstance(shop.mailer, FakeMailer)
    assert not shop.mailer.sent
