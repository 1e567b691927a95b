"""Copies of the database file, made and opened by a child process only.

Closing any descriptor on the open database file in the server's own process would drop DuckDB's lock on it, so the
server never touches the file: `python -m data.copies copy|fresh|renew …` does.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.store import Reader, Transaction

ROOT = Path(__file__).resolve().parents[1]
_CHUNK = 1024 * 1024


class CopyFailedError(Exception):
    """The child could not copy or open the file; the text is the last line it wrote."""


def copy_in_child(source: Path, target: Path) -> str:
    """Copy a database file durably; the SHA-256 of the copy. Hold the store still around it."""
    return str(_run_child("copy", source, target)["sha256"])


@dataclass(frozen=True)
class FreshCopy:
    """A database that was copied row by row."""

    sha256: str
    tables: dict[str, int]  # rows a table, counted in the file as it lies on the disk


def fresh_in_child(copy: Path, target: Path) -> FreshCopy:
    """Copy the rows of a closed database into a new file, in which nothing is left of what was deleted; it was opened
    and counted."""
    answer = _run_child("fresh", copy, target)
    return FreshCopy(answer["sha256"], {str(table): int(rows) for table, rows in answer["tables"].items()})


def renew_in_child(database: Path, target: Path) -> None:
    """The same for a database that may still have a log, which is folded in first; target holds as much then."""
    _run_child("renew", database, target)


def row_counts(db: Reader) -> dict[str, int]:
    """How many rows every table holds."""
    tables = db.read("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name")
    return {name: int(db.read(f'SELECT count(*) FROM "{name}"')[0][0]) for (name,) in tables}


def applied_migrations(db: Reader) -> list[str]:
    """The names of the migrations this database has seen, in order."""
    return [row[0] for row in db.read("SELECT name FROM migration ORDER BY name")]


def counted_since(db: Reader, moment: datetime) -> tuple[int, int, datetime | None]:
    """Inquiries made and messages stored after `moment`, and when the newest message was stored."""
    inquiries = db.read("SELECT count(*) FROM inquiry WHERE created_at > $moment", {"moment": moment})
    sql = "SELECT count(*) FILTER (stored_at > $moment), max(stored_at) FROM message"
    messages, newest = db.read(sql, {"moment": moment})[0]
    return int(inquiries[0][0]), int(messages), newest


def settle_restored(tx: Transaction, problem: str) -> int:
    """Nothing of a restored database may leave by itself: what was on its way becomes unsure; how many mails.

    Sessions end too, because some may have been revoked since.
    """
    tx.run("DELETE FROM session")
    sql = "UPDATE outbox SET state = 'unsure', problem = $problem WHERE state IN ('queued', 'sending')"
    return tx.run(sql, {"problem": problem})


def _run_child(*arguments: str | Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 our own interpreter and module
        [sys.executable, "-m", "data.copies", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise CopyFailedError(lines[-1] if lines else f"exit code {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _copy(source: Path, target: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return {"sha256": digest.hexdigest()}


def _fresh(copy: Path, target: Path) -> dict[str, Any]:
    # Imported here because the copying child runs while nobody may write, and DuckDB takes a while to load.
    from data.store import copy_rows

    copy_rows(copy, target)
    with target.open("r+b") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": sha256, "tables": _count(target)[0]}


def _renew(database: Path, target: Path) -> dict[str, Any]:
    from data.store import Store

    Store.open_as_it_is(database).close()
    if database.with_name(f"{database.name}.wal").exists():
        raise CopyFailedError("the log was not folded in")
    made = _fresh(database, target)
    if _count(database) != _count(target):
        raise CopyFailedError("the new file does not hold the same")
    return made


def _count(database: Path) -> tuple[dict[str, int], list[str]]:
    """Rows a table, and the migrations; opening read-only leaves the file as it is."""
    from data.store import Store

    store = Store.open_as_it_is(database, read_only=True)
    try:
        return row_counts(store), applied_migrations(store)
    finally:
        store.close()


_COMMANDS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"copy": _copy, "fresh": _fresh, "renew": _renew}


def _main(arguments: list[str]) -> None:
    command, source, target = arguments
    json.dump(_COMMANDS[command](Path(source), Path(target)), sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1:])
