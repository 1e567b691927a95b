"""Background work: each job claims its work by conditional updates, may be killed anywhere, and leaves a heartbeat."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import data.inquiries
import data.jobs
import data.outbox
import data.settings
from data.records import JobRun
from data.store import StoreBrokenError, Transaction
from services.backups import SECOND_COPY, backup_due, make_backup
from services.booking_jobs import look_after_bookings
from services.errors import BusyError, DiskFullError, MailProblemError, ShopError, disk_is_full
from services.intake import SENT_JOB, fetch_mail
from services.notices import look_after_notices
from services.privacy import delete_files, sweep_files
from services.receipts import look_after_receipts
from services.sending import copy_missing, send_due
from services.settings import mail_account
from services.shop import Shop
from services.wishes import lapse_wishes

log = logging.getLogger(__name__)

MAIL, OUTBOX, COPIES, BOOKINGS, NOTICES, BACKUP = "mail", "outbox", "copies", "bookings", "notices", "backup"
RECEIPTS = "receipts"
WORST_PAUSE = timedelta(minutes=5)
AWAY = timedelta(hours=1)
LONGEST_AWAY = timedelta(days=60)  # more than that is a clock that was wrong, and so is a day before the first Theke
FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)
OVERDUE = timedelta(minutes=10)  # twice the worst pause between two fetches
SHORT_WAIT = 5.0  # seconds that a person waits for a fetch that is under way
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
    second_copy_problem: str = ""  # the last backup is there, but not in the second place
    sent_problem: str = ""  # why answers written in another program are not seen
    mail_overdue: bool = False  # nothing was fetched for more than ten minutes, with or without a known reason
    outbox_problem: str = ""  # why the work of sending itself does not run
    outbox_waiting: int = 0  # replies that could not leave so far and are tried again
    public_port_problem: str = ""  # why customers' own port is not served


def job_health(shop: Shop) -> JobHealth:
    """How the jobs are doing now."""
    runs = {run.name: run for run in data.jobs.list_job_runs(shop.store)}
    mail, outbox, sent, backup, copy = (runs.get(name) for name in (MAIL, OUTBOX, SENT_JOB, BACKUP, SECOND_COPY))
    fetched_at = mail.succeeded_at if mail else None
    has_mailbox = mail_account(shop.store) is not None
    return JobHealth(
        has_mailbox=has_mailbox,
        mail_fetched_at=fetched_at,
        mail_problem=mail.problem if mail else "",
        backup_problem=backup.problem if backup else "",
        outbox_problems=data.inquiries.count_problems(shop.store),
        away_hours=_away_hours(shop),
        jobs=list(runs.values()),
        second_copy_problem=copy.problem if copy else "",
        sent_problem=sent.problem if sent and has_mailbox else "",
        mail_overdue=has_mailbox and fetched_at is not None and shop.now() - fetched_at > OVERDUE,
        outbox_problem=outbox.problem if outbox else "",
        outbox_waiting=data.outbox.count_held_up(shop.store),
        public_port_problem=shop.public_port_problem,
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
    except Exception as error:
        log.exception("job failed: %s", name)
        full = disk_is_full(error)
        problems.append(str(DiskFullError()) if full else "Unerwarteter Fehler. Einzelheiten stehen im Protokoll.")


def _work(shop: Shop, work: Callable[[Shop], object]) -> None:
    try:
        work(shop)
    except StoreBrokenError as error:
        log.exception("store invalidated, reopening")
        shop.store.reopen()
        raise (DiskFullError if disk_is_full(error) else StoreLostError) from error


def _heartbeat(shop: Shop, name: str, started: datetime, problem: str) -> None:
    last = data.jobs.read_job_run(shop.store, name)
    unchanged = last is not None and last.problem == problem and last.finished_at is not None
    if name == OUTBOX and unchanged and last and started - last.started_at < HEARTBEAT:
        return  # it runs every second: one line a minute is enough
    with shop.store.write(counts=False) as tx:
        if name == MAIL and last and last.finished_at:
            _remember_gap(tx, last.finished_at, shop.now())  # the PC may sleep while Theke lives
        if name == MAIL and last and last.problem and not problem:
            data.outbox.retry_now(tx, shop.now())  # the line is back: replies need not sit out their pause
        data.jobs.record_run(tx, name, started, shop.now(), problem)


def _fetch(shop: Shop) -> None:
    try:
        fetch_mail(shop)
    except MailProblemError as problem:
        if problem.permanent:
            shop.refusals.add(problem, shop.now())
        raise
    shop.refusals.forget()


def _fetch_sparingly(shop: Shop) -> None:
    shop.refusals.spare(shop.now())
    _fetch(shop)


def _copy_sparingly(shop: Shop) -> None:
    shop.refusals.spare(shop.now())
    copy_missing(shop)


def _back_up(shop: Shop) -> None:
    delete_files(shop)  # of people who were to be forgotten: no new backup shall hold them
    if backup_due(shop, now=shop.now()):
        sweep_files(shop)
        make_backup(shop, now=shop.now())


def _look_after(shop: Shop) -> None:
    """What happens to bookings and wishes while nobody looks."""
    look_after_bookings(shop)
    lapse_wishes(shop)


@dataclass(frozen=True)
class Job:
    name: str
    pause: timedelta
    work: Callable[[Shop], object]


JOBS = (
    Job(MAIL, timedelta(seconds=20), _fetch_sparingly),
    Job(OUTBOX, timedelta(seconds=1), send_due),
    Job(COPIES, timedelta(minutes=10), _copy_sparingly),
    Job(BOOKINGS, timedelta(minutes=1), _look_after),
    Job(RECEIPTS, timedelta(seconds=20), look_after_receipts),
    Job(NOTICES, timedelta(minutes=1), look_after_notices),
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
            self._rest(pause.total_seconds())

    def _rest(self, seconds: float) -> None:
        """Until the pause is over, the loops end, or a person wants a try at once."""
        wishes, until = self._shop.refusals.wishes, time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and wishes == self._shop.refusals.wishes:
            if self._stop.wait(min(left, 1.0)):
                return


def note_absence(shop: Shop) -> None:
    """Remember when nobody was at the counter: from the last heartbeat to this start, if longer than an hour."""
    beats = [run.finished_at for run in data.jobs.list_job_runs(shop.store) if run.finished_at]
    if beats:
        with shop.store.write() as tx:
            _remember_gap(tx, max(beats), shop.now())


def _remember_gap(tx: Transaction, since: datetime, until: datetime) -> None:
    if since >= FIRST_DAY and AWAY < until - since <= LONGEST_AWAY:
        value = json.dumps({"since": since.isoformat(), "until": until.isoformat()})
        data.settings.write_setting(tx, "away", value, until)


def fetch_now(shop: Shop) -> bool:
    """«Jetzt abrufen»: whether it went well; the reason stands in the health.

    Raises BusyError when another fetch is under way and takes more than a few seconds.
    """
    if not shop.fetching.acquire(timeout=SHORT_WAIT):
        raise BusyError("Theke ruft gerade ab, und das dauert noch. Bitte sehen Sie in ein paar Minuten wieder nach.")
    try:
        return run_once(shop, MAIL, _fetch)
    finally:
        shop.fetching.release()


def try_again(shop: Shop) -> None:
    """After «Verbindung prüfen»: fetch at once, also where earlier refusals or faults have made the pause long."""
    shop.refusals.try_at_once()
