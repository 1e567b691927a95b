"""Sending: no reply hangs between here and there, and every one that left has its copy in Sent once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import data.outbox
from data.records import MailFolder, OutboxRow, OutboxState, StaffRole
from data.store import StoreBrokenError
from services import sending
from services.drafts import attach_file
from services.errors import MailProblemError
from services.jobs import COPIES, JOBS, OUTBOX, fetch_now, job_health, run_once
from services.replies import send_reply
from services.sending import copy_missing, send_due
from services.settings import disconnect_mail
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, letter, mailbox_of, only_inquiry, receive


@pytest.fixture(autouse=True)
def asked(shop: Shop, clock: FrozenClock) -> None:
    """Maria asked an hour ago."""
    connect(shop)
    receive(shop, letter(message_id="<1@example.org>"))
    clock.forward(hours=1)


def _reply(shop: Shop, clock: FrozenClock, file: bytes = b"") -> int:
    """A reply whose 20 seconds are over."""
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    if file:
        attach_file(shop, sandra, inquiry.id, "Angebot.pdf", file)
    reply = send_reply(shop, sandra, inquiry.id, body="Ja.", seen_version=inquiry.version, form_key="k")
    clock.forward(seconds=21)
    return reply


def _row(shop: Shop, message_id: int) -> OutboxRow:
    row = data.outbox.read_outgoing(shop.store, message_id)
    assert row is not None
    return row


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def _copies(shop: Shop) -> list[bytes]:
    return [mail.content for mail in mailbox_of(shop).folders[MailFolder.SENT]]


def test_a_lost_attachment_fails_the_reply_with_a_sentence_and_nothing_leaves(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock, file=b"%PDF-1.4")
    for path in shop.files.folder.rglob("*/*"):
        path.unlink()
    assert send_due(shop) == 0
    assert (_row(shop, reply).state, "Anhang" in _row(shop, reply).problem) == (OutboxState.FAILED, True)
    assert job_health(shop).outbox_problems == 1
    assert not shop.mailer.sent  # type: ignore[attr-defined]


def test_a_fault_while_sending_leaves_an_unsure_reply_after_the_next_round(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    shop.mailer.problem = ZeroDivisionError()  # type: ignore[attr-defined]
    assert not run_once(shop, OUTBOX, send_due)
    assert run_once(shop, OUTBOX, send_due)
    assert _row(shop, reply).state == OutboxState.UNSURE
    assert job_health(shop).outbox_problems == 1
    assert only_inquiry(shop).waiting_since is not None


@pytest.mark.parametrize(("provider_copies", "state"), [(False, OutboxState.UNSURE), (True, OutboxState.SENT)])
def test_a_reply_that_left_but_could_not_be_noted_is_settled_and_never_sent_again(
    shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, provider_copies: bool, state: OutboxState
) -> None:
    reply = _reply(shop, clock)
    with monkeypatch.context() as fault:
        fault.setattr(sending, "refresh_clock", _raise(StoreBrokenError("disk full")))
        with pytest.raises(StoreBrokenError):
            send_due(shop)
    if provider_copies:
        mailbox_of(shop).put(letter(message_id=_row(shop, reply).mail_id), shop.now(), MailFolder.SENT)
    send_due(shop)
    assert _row(shop, reply).state == state
    assert len(shop.mailer.sent) == 1  # type: ignore[attr-defined]


def test_a_copy_that_did_not_reach_sent_gets_there_once_the_mailbox_answers(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock, file=b"%PDF-1.4")
    mailbox_of(shop).broken = "Nicht erreichbar."
    assert send_due(shop) == 1
    clock.forward(hours=3)
    assert not run_once(shop, COPIES, copy_missing)
    mailbox_of(shop).broken = ""
    assert [copy_missing(shop), copy_missing(shop)] == [1, 0]
    (copy,) = _copies(shop)
    assert _row(shop, reply).mail_id.encode() in copy
    assert b"Angebot.pdf" in copy


def test_a_provider_that_copies_itself_gets_no_second_copy(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    mailbox_of(shop).broken = "Nicht erreichbar."
    send_due(shop)
    mailbox_of(shop).broken = ""
    mailbox_of(shop).put(letter(message_id=_row(shop, reply).mail_id), shop.now(), MailFolder.SENT)
    clock.forward(hours=3)
    copy_missing(shop)
    assert len(_copies(shop)) == 1


@pytest.mark.parametrize("wait", [timedelta(minutes=5), timedelta(days=2, hours=1)])
def test_a_copy_is_tried_again_neither_at_once_nor_after_two_days(
    shop: Shop, clock: FrozenClock, wait: timedelta
) -> None:
    _reply(shop, clock)
    mailbox_of(shop).broken = "Nicht erreichbar."
    send_due(shop)
    mailbox_of(shop).broken = ""
    clock.now += wait
    assert (copy_missing(shop), _copies(shop)) == (0, [])


def test_a_reply_that_left_through_another_mailbox_is_not_copied_into_this_one(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop, clock)
    mailbox_of(shop).broken = "Nicht erreichbar."
    send_due(shop)
    mailbox_of(shop).broken = ""
    with shop.store.write() as tx:
        tx.run("UPDATE message SET sender_address = 'alt@kfz-muster.example' WHERE role = 'answer'")
    clock.forward(hours=3)
    assert (copy_missing(shop), _copies(shop)) == (0, [])


def test_a_refused_recipient_is_still_told_in_the_servers_words(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    shop.mailer.problem = MailProblemError("Die Adresse gibt es nicht.", permanent=True)  # type: ignore[attr-defined]
    send_due(shop)
    assert (_row(shop, reply).state, _row(shop, reply).problem) == (OutboxState.FAILED, "Die Adresse gibt es nicht.")


def test_missing_copies_are_the_work_of_a_job(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop, clock)
    mailbox_of(shop).broken = "Nicht erreichbar."
    send_due(shop)
    mailbox_of(shop).broken = ""
    clock.forward(hours=3)
    (work,) = (job.work for job in JOBS if job.name == COPIES)
    work(shop)
    assert len(_copies(shop)) == 1


def _state(shop: Shop, reply: int) -> tuple[str, str]:
    row = _row(shop, reply)
    return row.state, row.problem


def test_a_reply_that_could_not_leave_is_counted_from_the_first_try_on(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    assert job_health(shop).outbox_waiting == 0
    shop.mailer.problem = MailProblemError("Server nicht erreicht.")  # type: ignore[attr-defined]
    send_due(shop)
    assert _state(shop, reply) == (OutboxState.QUEUED, "Server nicht erreicht.")
    assert (job_health(shop).outbox_waiting, job_health(shop).outbox_problems) == (1, 0)
    shop.mailer.problem = None  # type: ignore[attr-defined]
    clock.forward(minutes=1)
    assert (send_due(shop), job_health(shop).outbox_waiting) == (1, 0)


def test_a_fetch_that_works_again_sends_what_waits_for_its_next_try(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop, clock)
    shop.mailer.problem = MailProblemError("Server nicht erreicht.")  # type: ignore[attr-defined]
    mailbox_of(shop).broken = "Server nicht erreicht."
    for _ in range(50):
        send_due(shop)
        clock.forward(seconds=30)
    assert not fetch_now(shop)
    shop.mailer.problem, mailbox_of(shop).broken = None, ""  # type: ignore[attr-defined]
    assert send_due(shop) == 0
    assert fetch_now(shop)
    assert send_due(shop) == 1


def test_fetches_that_go_well_all_along_do_not_use_up_the_tries(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    shop.mailer.problem = MailProblemError("Server nicht erreicht.")  # type: ignore[attr-defined]
    for _ in range(10):
        send_due(shop)
        fetch_now(shop)
        clock.forward(seconds=20)
    assert (_row(shop, reply).state, _row(shop, reply).attempts) == (OutboxState.QUEUED, 2)


def test_a_reply_whose_mailbox_was_disconnected_fails_with_the_reason(shop: Shop, clock: FrozenClock) -> None:
    reply = _reply(shop, clock)
    disconnect_mail(shop, hire(shop, "Chefin", StaffRole.OWNER))
    send_due(shop)
    state, problem = _state(shop, reply)
    assert (state, "Postfach" in problem, job_health(shop).outbox_problems) == (OutboxState.FAILED, True, 1)


def test_a_reply_leaves_although_the_clock_was_set_back(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop, clock)
    clock.forward(hours=-1)
    assert send_due(shop) == 1


def test_a_second_try_does_not_wait_for_a_clock_that_was_set_back(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop, clock)
    shop.mailer.problem = MailProblemError("Server nicht erreicht.")  # type: ignore[attr-defined]
    send_due(shop)
    shop.mailer.problem = None  # type: ignore[attr-defined]
    assert send_due(shop) == 0
    clock.forward(hours=-1)
    assert send_due(shop) == 1
