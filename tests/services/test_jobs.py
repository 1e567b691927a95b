"""Background work: heartbeats, trouble in words, and nights in which the PC was off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import data.jobs
import data.store
from data.records import MailAccount, StaffRole
from data.store import StoreBrokenError
from services import jobs
from services.errors import BusyError, MailProblemError
from services.jobs import (
    COPIES,
    JOBS,
    MAIL,
    OUTBOX,
    Job,
    JobRunner,
    fetch_now,
    job_health,
    note_absence,
    run_once,
    try_again,
)
from services.settings import connect_mail
from services.shop import Shop
from tests.builders import FakeMailbox, FrozenClock, connect, hire, mailbox_of, make_shop


def test_a_good_fetch_leaves_its_time(shop: Shop) -> None:
    connect(shop)
    assert fetch_now(shop)
    assert job_health(shop).mail_fetched_at == shop.now()


def test_a_broken_mailbox_is_said_and_the_last_good_time_stays(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    fetch_now(shop)
    good = shop.now()
    clock.forward(minutes=5)
    mailbox_of(shop).broken = "Das Passwort stimmt nicht."
    assert not fetch_now(shop)
    health = job_health(shop)
    assert (health.mail_problem, health.mail_fetched_at) == ("Das Passwort stimmt nicht.", good)


def test_an_unexpected_fault_becomes_a_sentence_and_ends_nothing(shop: Shop) -> None:
    def fault(_: Shop) -> None:
        raise ZeroDivisionError

    assert not run_once(shop, MAIL, fault)
    assert "Protokoll" in job_health(shop).mail_problem


def test_a_store_that_gave_up_is_opened_anew(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, in_memory=False)

    def fault(_: Shop) -> None:
        raise StoreBrokenError

    assert not run_once(shop, MAIL, fault)
    assert "Festplatte" in job_health(shop).mail_problem
    shop.close()


@pytest.mark.parametrize(
    "fault",
    [OSError(28, "No space left on device"), StoreBrokenError("Failed to commit: No space left on device")],
)
def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path, fault: Exception) -> None:
    shop = make_shop(tmp_path, in_memory=False)

    def full(_: Shop) -> None:
        raise fault

    assert not run_once(shop, MAIL, full)
    assert "kein Platz mehr" in job_health(shop).mail_problem
    shop.close()


def _runner_of(shop: Shop, work: Callable[[Shop], object]) -> JobRunner:
    return JobRunner(shop, (Job(MAIL, timedelta(milliseconds=10), work),))


def _until(happened: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 20
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(happened())


def test_a_job_goes_on_after_a_heartbeat_that_could_not_be_written(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    really = data.jobs.record_run

    def full_at_first(*run: Any) -> None:
        if len(rounds) < 2:
            raise OSError(28, "No space left on device")
        really(*run)

    monkeypatch.setattr(data.jobs, "record_run", full_at_first)
    monkeypatch.setattr(jobs, "WORST_PAUSE", timedelta(milliseconds=50))
    runner = _runner_of(shop, lambda _: rounds.append(1))
    runner.start()
    assert _until(lambda: job_health(shop).mail_fetched_at)
    runner.stop()


def test_a_job_goes_on_once_a_store_that_did_not_reopen_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop(tmp_path, in_memory=False)
    rounds: list[int] = []
    really = data.store._connect

    def work(_: Shop) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            shop.store._connection.close()
        shop.store.read("SELECT 1")

    def full_at_first(path: Path) -> Any:
        if len(rounds) < 2:
            raise StoreBrokenError("still full")
        return really(path)

    monkeypatch.setattr(data.store, "_connect", full_at_first)
    monkeypatch.setattr(jobs, "WORST_PAUSE", timedelta(milliseconds=50))
    runner = _runner_of(shop, work)
    runner.start()
    assert _until(lambda: len(rounds) > 1 and job_health(shop).mail_fetched_at)
    runner.stop()
    shop.close()


def test_the_jobs_start_although_the_absence_cannot_be_noted(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []

    def full(_: Shop) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "note_absence", full)
    runner = _runner_of(shop, lambda _: rounds.append(1))
    runner.start()
    assert _until(lambda: rounds)
    runner.stop()


def test_a_night_off_is_said_in_the_morning_and_forgotten_later(shop: Shop, clock: FrozenClock) -> None:
    run_once(shop, MAIL, lambda _: None)
    clock.forward(hours=14)
    note_absence(shop)
    assert job_health(shop).away_hours == 14
    clock.forward(hours=5)
    assert job_health(shop).away_hours == 0


def test_a_pc_that_slept_while_theke_ran_is_said_too(shop: Shop, clock: FrozenClock) -> None:
    run_once(shop, MAIL, lambda _: None)
    clock.forward(minutes=5)
    run_once(shop, MAIL, lambda _: None)
    assert job_health(shop).away_hours == 0
    clock.forward(hours=9)
    run_once(shop, "outbox", lambda _: None)
    run_once(shop, MAIL, lambda _: None)
    clock.forward(seconds=20)
    run_once(shop, MAIL, lambda _: None)
    assert job_health(shop).away_hours == 9


def test_a_short_break_is_not_worth_a_word(shop: Shop, clock: FrozenClock) -> None:
    run_once(shop, MAIL, lambda _: None)
    clock.forward(minutes=30)
    note_absence(shop)
    assert job_health(shop).away_hours == 0


def test_the_runner_works_and_stops(shop: Shop) -> None:
    rounds: list[int] = []
    runner = JobRunner(shop, (Job("count", timedelta(milliseconds=10), lambda _: rounds.append(1)),))
    runner.start()
    deadline = time.monotonic() + 10
    while len(rounds) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    runner.stop()
    assert len(rounds) >= 3
    after = len(rounds)
    time.sleep(0.05)
    assert len(rounds) == after


def test_trouble_makes_the_pauses_longer(shop: Shop) -> None:
    rounds: list[int] = []

    def fail(_: Shop) -> None:
        rounds.append(1)
        raise MailProblemError("Server nicht erreicht.")

    runner = JobRunner(shop, (Job("fail", timedelta(milliseconds=10), fail),))
    runner.start()
    time.sleep(0.3)
    runner.stop()
    assert len(rounds) == 1


REFUSED = MailProblemError("Passwort nicht angenommen.", permanent=True)


def _count_logins(shop: Shop, problem: MailProblemError | None = REFUSED) -> list[MailProblemError | None]:
    """Every login from now on; it ends as the last entry of the list says."""
    answers, logins = [problem], []

    def log_in(account: MailAccount, password: str) -> FakeMailbox:
        logins.append(answers[-1])
        if answers[-1]:
            raise answers[-1]
        return FakeMailbox()

    shop.mailbox = log_in
    return logins


def _rounds(shop: Shop, clock: FrozenClock, minutes: int) -> None:
    (work,) = (job.work for job in JOBS if job.name == MAIL)
    for _ in range(minutes // 5):
        run_once(shop, MAIL, work)
        clock.forward(minutes=5)


def test_a_refused_password_is_tried_once_an_hour_after_the_third_time(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    logins = _count_logins(shop)
    _rounds(shop, clock, 24 * 60)
    assert 24 <= len(logins) <= 28
    assert job_health(shop).mail_problem == "Passwort nicht angenommen."


def test_a_server_that_is_only_away_is_tried_all_the_time(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    logins = _count_logins(shop, MailProblemError("Server nicht erreicht."))
    _rounds(shop, clock, 60)
    assert len(logins) == 12


def test_a_person_who_checks_or_fetches_is_not_kept_waiting_by_earlier_refusals(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    logins = _count_logins(shop)
    _rounds(shop, clock, 30)
    assert len(logins) == 3
    try_again(shop)
    _rounds(shop, clock, 30)
    assert len(logins) == 4
    fetch_now(shop)
    assert len(logins) == 5


def test_a_new_password_is_tried_at_once(shop: Shop, clock: FrozenClock) -> None:
    kept = connect(shop)
    logins = _count_logins(shop)
    _rounds(shop, clock, 30)
    connect_mail(shop, hire(shop, "Sandra Kofler", StaffRole.OWNER), kept, "neu")
    _rounds(shop, clock, 5)
    assert len(logins) == 4


def test_missing_copies_ask_for_no_login_either_while_the_password_is_refused(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    _count_logins(shop)
    _rounds(shop, clock, 15)
    (work,) = (job.work for job in JOBS if job.name == COPIES)
    assert not run_once(shop, COPIES, work)


class _Rested(threading.Event):
    """Tells when a loop has begun its pause: a wish from before that moment is not heard."""

    def __init__(self) -> None:
        super().__init__()
        self.rested = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.rested.set()
        return super().wait(timeout)


def test_a_loop_in_a_long_pause_hears_that_a_person_wants_a_new_try(shop: Shop) -> None:
    rounds: list[int] = []

    def fail(_: Shop) -> None:
        rounds.append(1)
        raise MailProblemError("Server nicht erreicht.")

    runner = JobRunner(shop, (Job(MAIL, timedelta(minutes=1), fail),))
    stop = runner._stop = _Rested()
    runner.start()
    assert stop.rested.wait(20)
    try_again(shop)
    assert _until(lambda: len(rounds) == 2)
    runner.stop()


def test_mail_that_was_not_fetched_for_more_than_ten_minutes_is_overdue(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    assert not job_health(shop).mail_overdue
    fetch_now(shop)
    clock.forward(minutes=10)
    assert not job_health(shop).mail_overdue
    clock.forward(seconds=1)
    assert job_health(shop).mail_overdue


def test_fetching_by_hand_does_not_wait_for_a_fetch_that_hangs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SHORT_WAIT", 0.1)
    connect(shop)
    held, done = threading.Event(), threading.Event()

    def hang() -> None:
        with shop.fetching:
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hang)
    thread.start()
    held.wait(20)
    with pytest.raises(BusyError, match="ruft gerade ab"):
        fetch_now(shop)
    done.set()
    thread.join()
    assert fetch_now(shop)


def test_an_outbox_that_fails_is_known_to_the_health(shop: Shop) -> None:
    def fault(_: Shop) -> None:
        raise ZeroDivisionError

    run_once(shop, OUTBOX, fault)
    assert "Protokoll" in job_health(shop).outbox_problem
    run_once(shop, OUTBOX, lambda _: None)
    assert job_health(shop).outbox_problem == ""


@pytest.mark.parametrize("wrong", [datetime(2009, 1, 1, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC)])
def test_a_start_with_a_dead_clock_battery_is_no_absence(shop: Shop, clock: FrozenClock, wrong: datetime) -> None:
    right, clock.now = clock.now, wrong
    run_once(shop, MAIL, lambda _: None)
    clock.now = right
    run_once(shop, MAIL, lambda _: None)
    note_absence(shop)
    assert job_health(shop).away_hours == 0


def test_a_clock_that_was_a_year_ahead_is_no_absence(shop: Shop, clock: FrozenClock) -> None:
    run_once(shop, MAIL, lambda _: None)
    clock.forward(days=365)
    run_once(shop, MAIL, lambda _: None)
    assert job_health(shop).away_hours == 0
