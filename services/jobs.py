"""Background work: each job claims its work by conditional updates, may be killed anywhere, and leaves a heartbeat."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import data.inquiries
import data.jobs
import data.settings
from data.records import JobRun
from data.store import StoreBrokenError, Transaction
from services.backup_archive import BackupProblemError
from services.backups import backup_due, make_backup
from services.errors import ShopError
from services.intake import fetch_mail
from services.sending import copy_missing, send_due
from services.settings import mail_account
from services.shop import Shop

log = logging.getLogger(__name__)

MAIL, OUTBOX, COPIES, BACKUP = "mail", "outbox", "copies", "backup"
WORST_PAUSE = timedelta(minutes=5)
AWAY = timedelta(hours=1)
HEARTBEAT = timedelta(seconds=60)


@dataclass(frozen=True)
class JobHealth:
    """What the frame of every screen says about the machine behind it."""

    has_mailbox: bool
    mail_fetched_at: datetime | None  # last success
    mail_problem: str
    backup_problem: str
    outbox_problems: int
    away_hours: int  # «Theke war 14 Std. aus», 0 once it is old news
    jobs: list[JobRun]


def job_health(shop: Shop) -> JobHealth:
    """How the jobs are doing now."""
    runs = {run.name: run for run in data.jobs.list_job_runs(shop.store)}
    mail, backup = runs.get(MAIL), runs.get(BACKUP)
    return JobHealth(
        has_mailbox=mail_account(shop.store) is not None,
        mail_fetched_at=mail.succeeded_at if mail else None,
        mail_problem=mail.problem if mail else "",
        backup_problem=backup.problem if backup else "",
        outbox_problems=data.inquiries.count_problems(shop.store),
        away_hours=_away_hours(shop),
        jobs=list(runs.values()),
    )


def _away_hours(shop: Shop) -> int:
    known = data.settings.read_setting(shop.store, "away")
    if not known:
        return 0
    away = json.loads(known)
    since, until = (datetime.fromisoformat(away[name]) for name in ("since", "until"))
    return int((until - since) / timedelta(hours=1)) if shop.now() - until < timedelta(hours=4) else 0


class StoreLostError(ShopError):
    """Die Datenbank musste neu geöffnet werden. Ist die Festplatte voll?"""


def run_once(shop: Shop, name: str, work: Callable[[Shop], object]) -> bool:
    """Run a job's work now and note how it went; whether it went well. Never raises."""
    started = shop.now()
    with _edge(name) as problems:
        _work(shop, work)
    with _edge(name) as unnoted:
        _heartbeat(shop, name, started, "".join(problems))
    return not problems and not unnoted


@contextmanager
def _edge(name: str) -> Iterator[list[str]]:
    """The one edge where jobs catch everything, so that no fault ends a thread; the sentence of what went wrong."""
    problems: list[str] = []
    try:
        yield problems
    except ShopError as error:
        problems.append(str(error))
    except Exception:
        log.exception("job failed: %s", name)
        problems.append("Unerwarteter Fehler. Einzelheiten stehen im Protokoll.")


def _work(shop: Shop, work: Callable[[Shop], object]) -> None:
    try:
        work(shop)
    except StoreBrokenError as error:
        log.exception("store invalidated, reopening")
        shop.store.reopen()
        raise StoreLostError from error


def _heartbeat(shop: Shop, name: str, started: datetime, problem: str) -> None:
    last = data.jobs.read_job_run(shop.store, name)
    unchanged = last is not None and last.problem == problem and last.finished_at is not None
    if name == OUTBOX and unchanged and last and started - last.started_at < HEARTBEAT:
        return  # it runs every second: one line a minute is enough
    with shop.store.write() as tx:
        if name == MAIL and last and last.finished_at:
            _remember_gap(tx, last.finished_at, shop.now())  # the PC may sleep while Theke lives
        data.jobs.record_run(tx, name, started, shop.now(), problem)


def _back_up(shop: Shop) -> None:
    if backup_due(shop, now=shop.now()):
        made = make_backup(shop, now=shop.now())
        if made.problem:  # the backup is there, but not in the second place
            raise BackupProblemError(made.problem)


@dataclass(frozen=True)
class Job:
    name: str
    pause: timedelta
    work: Callable[[Shop], object]


JOBS = (
    Job(MAIL, timedelta(seconds=20), fetch_mail),
    Job(OUTBOX, timedelta(seconds=1), send_due),
    Job(COPIES, timedelta(minutes=10), copy_missing),
    Job(BACKUP, timedelta(minutes=10), _back_up),
)


class JobRunner:
    """One thread a job, started and stopped by the app's lifespan."""

    def __init__(self, shop: Shop, jobs: tuple[Job, ...] = JOBS) -> None:
        self._shop = shop
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(job,), name=f"theke-{job.name}", daemon=True) for job in jobs
        ]

    def start(self) -> None:
        """Note how long Theke was away and start the loops."""
        with _edge("absence"):
            note_absence(self._shop)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask all loops to end and wait for the work at hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _loop(self, job: Job) -> None:
        pause = job.pause
        while not self._stop.is_set():
            went_well = run_once(self._shop, job.name, job.work)
            pause = job.pause if went_well else min(max(pause * 2, timedelta(seconds=5)), WORST_PAUSE)
            self._stop.wait(pause.total_seconds())


def note_absence(shop: Shop) -> None:
    """Remember when nobody was at the counter: from the last heartbeat to this start, if longer than an hour."""
    beats = [run.finished_at for run in data.jobs.list_job_runs(shop.store) if run.finished_at]
    if beats:
        with shop.store.write() as tx:
            _remember_gap(tx, max(beats), shop.now())


def _remember_gap(tx: Transaction, since: datetime, until: datetime) -> None:
    if until - since > AWAY:
        value = json.dumps({"since": since.isoformat(), "until": until.isoformat()})
        data.settings.write_setting(tx, "away", value, until)


def fetch_now(shop: Shop) -> bool:
    """«Jetzt abrufen»: whether it went well; the reason stands in the health."""
    return run_once(shop, MAIL, fetch_mail)
