"""Heartbeats of the background jobs."""

from __future__ import annotations

from datetime import datetime

from data.records import JobRun
from data.store import Reader, Transaction


def list_job_runs(db: Reader) -> list[JobRun]:
    """The last run of every job, by name."""
    sql = "SELECT name, started_at, finished_at, succeeded_at, problem FROM job_run ORDER BY name"
    return db.read_as(JobRun, sql)


def read_job_run(db: Reader, name: str) -> JobRun | None:
    """The last run of one job, or None."""
    return next((run for run in list_job_runs(db) if run.name == name), None)


def record_run(tx: Transaction, name: str, started_at: datetime, finished_at: datetime, problem: str) -> None:
    """Note how a run went; `problem` is a sentence, or '' for success."""
    succeeded_at = None if problem else finished_at
    tx.run(
        """INSERT INTO job_run (name, started_at, finished_at, succeeded_at, problem)
           VALUES ($name, $started, $finished, $succeeded, $problem)
           ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, finished_at = excluded.finished_at,
               succeeded_at = coalesce(excluded.succeeded_at, job_run.succeeded_at), problem = excluded.problem""",
        {"name": name, "started": started_at, "finished": finished_at, "succeeded": succeeded_at, "problem": problem},
    )


def forget_run(tx: Transaction, name: str) -> None:
    """Forget how a job went that is no longer done."""
    tx.run("DELETE FROM job_run WHERE name = $name", {"name": name})
