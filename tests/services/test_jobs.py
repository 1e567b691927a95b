"""Background work: heartbeats, trouble in words, and nights in which the PC was off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import data.jobs
import data.store
from data.store import StoreBrokenError
from services import jobs
from services.errors import MailProblemError
from services.jobs import MAIL, Job, JobRunner, fetch_now, job_health, note_absence, run_once
from services.shop import Shop
from tests.builders import FrozenClock, connect, mailbox_of, make_shop


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
