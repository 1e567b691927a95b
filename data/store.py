"""The only door to DuckDB: one connection, one process, one write lock.

Nobody of us ever opens the database file itself: closing any descriptor on it in this process drops DuckDB's lock.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb

from data.cells import as_is, enums_of, from_store, to_store

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
# DuckDB goes by the memory that new rows reserve, 8 MB for any fifty mails: with a smaller log each chunk of mails
# would be followed by a checkpoint, which takes 0.2 s at 10 000 inquiries and 0.9 s at 100 000. A log this long takes
# about 4 s to be read after a crash.
LOG_SIZE = "16MB"
STORAGE = "v1.5.0"  # the form in which DuckDB writes its file
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
}
Params = Mapping[str, Any]
Row = tuple[Any, ...]
T = TypeVar("T")


class StoreBusyError(Exception):
    """The database file is held by another process."""


class StoreBrokenError(Exception):
    """The database does not open, does not commit (disk full), or has invalidated itself (disk full, checksum).

    What was not committed is gone, everything before is kept; reopening may help.
    """


class DuplicateKeyError(Exception):
    """A row with this key is there already; the transaction is lost."""


class StoreDamagedError(StoreBrokenError):
    """What lies in the file is not, or no longer, a whole database; whatever else keeps it shut leaves it whole."""


class StoreNewerError(Exception):
    """A newer Theke has changed the database: this code would misread it."""


class Reader(Protocol):
    """What a query needs; the store and a transaction both are one."""

    def read(self, sql: str, params: Params | None = None) -> list[Row]: ...

    def read_as(self, cls: type[T], sql: str, params: Params | None = None) -> list[T]: ...


class _Reading:
    """Reading through a cursor; always drained, because an open result keeps DuckDB from checkpointing."""

    def _rows(self, sql: str, params: Params | None) -> tuple[list[str], list[Row]]:
        raise NotImplementedError

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        """Rows as tuples, times as aware UTC."""
        return self._rows(sql, params)[1]

    def read_as(self, cls: type[T], sql: str, params: Params | None = None) -> list[T]:
        """Rows as records of `cls`; the columns must bear the names of its fields."""
        names, rows = self._rows(sql, params)
        enums = enums_of(cls)
        readers = [enums.get(name, as_is) for name in names]
        return [cls(**{n: read(v) for n, read, v in zip(names, readers, row, strict=True)}) for row in rows]


class Transaction(_Reading):
    """One transaction under the process-wide write lock; made by `Store.write()` only.

    Inserted rows are gathered and go to the database before the next statement, all of a table at once: a statement
    costs DuckDB about a millisecond, however many rows it brings.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._reserved = iter(range(0))
        self._gathered: dict[tuple[str, ...], list[list[Any]]] = {}

    def _rows(self, sql: str, params: Params | None) -> tuple[list[str], list[Row]]:
        self.insert_gathered()
        return _execute(self._cursor, sql, params)

    def run(self, sql: str, params: Params | None = None) -> int:
        """Number of rows changed."""
        rows = self._rows(sql, params)[1]
        return int(rows[0][0]) if rows and isinstance(rows[0][0], int) else 0

    def insert(self, table: str, values: Params) -> None:
        """Add one row; `table` and the column names are ours, never from outside."""
        self._gathered.setdefault((table, *values), []).append(list(values.values()))

    def insert_gathered(self) -> None:
        """Hand the gathered rows to the database; it happens by itself before every statement and the end."""
        gathered, self._gathered = self._gathered, {}
        for (table, *names), rows in gathered.items():
            columns, many = ", ".join(names), len(rows) > 1
            marks = ", ".join(f"unnest(${name})" if many else f"${name}" for name in names)
            values = map(list, zip(*rows, strict=True)) if many else rows[0]
            sql = f"INSERT INTO {table} ({columns}) SELECT {marks}"
            _execute(self._cursor, sql, dict(zip(names, values, strict=True)))

    def update(self, table: str, rows: Sequence[Params]) -> None:
        """Change rows found by their `id`, all in one statement; every one of `rows` names the same columns."""
        names = list(rows[0])
        sets = ", ".join(f"{name} = new.{name}" for name in names if name != "id")
        columns = ", ".join(f"unnest(${name}) AS {name}" for name in names)
        values = {name: [row[name] for row in rows] for name in names}
        self.run(f"UPDATE {table} SET {sets} FROM (SELECT {columns}) AS new WHERE {table}.id = new.id", values)

    def new_id(self) -> int:
        """A fresh id, out of the reserved ones if there are any; rolled back with the transaction."""
        reserved = next(self._reserved, None)
        return self._take_ids(1) if reserved is None else reserved

    def reserve_ids(self, how_many: int) -> None:
        """Take many ids in one statement, for bulk work; what is not used leaves a gap."""
        last = self._take_ids(how_many)
        self._reserved = iter(range(last - how_many + 1, last + 1))

    def _take_ids(self, how_many: int) -> int:
        sql = "UPDATE counter SET value = value + $n WHERE name = 'id' RETURNING value"
        return int(_execute(self._cursor, sql, {"n": how_many})[1][0][0])


class Store(_Reading):
    """The open database of one shop."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self._path = path
        self._lost = False  # reopening failed: the next use tries again
        self._ended = False
        self._lock = threading.RLock()
        self._writing = threading.local()
        self.changes = 0  # transactions committed since it was opened, without those that `write` was told to leave out

    @classmethod
    def open(cls, path: Path | None, *, before_migration: Callable[[Store], None] | None = None) -> Store:
        """Open (and create) the database at `path`; None keeps it in memory.

        `before_migration` is called with the open store when an older database is about to be changed.
        Raises StoreBusyError when another process holds the file, StoreNewerError, StoreDamagedError, and
        StoreBrokenError when something else, such as a full disk or a missing right, keeps it shut.
        """
        existed = path is not None and path.exists()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            store = cls(_connect(path), path)
        except StoreBrokenError:
            _drop_stillborn(None if existed else path)
            raise
        try:
            with _naming_what_keeps_it_shut():
                store.migrate(before_migration if existed else None)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open_as_it_is(cls, path: Path, *, read_only: bool = False) -> Store:
        """Open an existing database without migrating it, for copies and backups; FileNotFoundError without one."""
        if not path.exists():
            raise FileNotFoundError(path)
        return cls(_connect(path, read_only=read_only), path)

    def _rows(self, sql: str, params: Params | None) -> tuple[list[str], list[Row]]:
        cursor = self._cursor()
        try:
            return _execute(cursor, sql, params)
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if self._lost:
            self.reopen()
        with _naming_breakage():
            return self._connection.cursor()

    @contextmanager
    def write(self, *, counts: bool = True) -> Iterator[Transaction]:
        """One transaction under the process lock: all of it is kept, or nothing.

        `counts` is False for what no figure is computed from, such as a heartbeat: `changes` stays as it is.
        """
        with self._lock:
            if getattr(self._writing, "now", False):
                raise RuntimeError("a transaction is already open in this thread: pass tx on")
            cursor = self._cursor()
            self._writing.now = True
            try:
                _execute(cursor, "BEGIN", None)
                transaction = Transaction(cursor)
                yield transaction
                transaction.insert_gathered()
                _execute(cursor, "COMMIT", None)  # where a full disk shows
                self.changes += counts
            except BaseException:
                _roll_back(cursor)
                raise
            finally:
                self._writing.now = False
                cursor.close()

    def migrate(self, before: Callable[[Store], None] | None = None) -> list[str]:
        """Apply what is missing, in order, each in its own transaction; the names applied.

        `before` is called once with this store if anything is missing. Raises StoreNewerError, then nothing is written.
        """
        self.read("CREATE TABLE IF NOT EXISTS migration (name VARCHAR PRIMARY KEY, applied_at TIMESTAMP NOT NULL)")
        if unknown := self._applied() - {file.name for file in MIGRATIONS.glob("*.sql")}:
            raise StoreNewerError(", ".join(sorted(unknown)))
        missing = self.missing_migrations()
        if missing and before:
            before(self)
        for file in missing:
            with self.write() as tx:
                for statement in _statements(file.read_text(encoding="utf-8")):
                    tx.run(statement)
                tx.insert("migration", {"name": file.name, "applied_at": datetime.now(UTC)})
        return [file.name for file in missing]

    def missing_migrations(self) -> list[Path]:
        """The migration files this database has not seen, in order."""
        applied = self._applied()
        return [file for file in sorted(MIGRATIONS.glob("*.sql")) if file.name not in applied]

    def _applied(self) -> set[str]:
        return {row[0] for row in self.read("SELECT name FROM migration")}

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Nobody writes and everything lies in the main file: the moment in which a child process may copy it."""
        with self._lock:
            cursor = self._cursor()
            try:
                _execute(cursor, "FORCE CHECKPOINT", None)
            finally:
                cursor.close()
            yield

    def reopen(self) -> None:
        """Open anew after DuckDB invalidated itself (StoreBrokenError): committed work is in the log and comes back.

        Raises StoreBrokenError or StoreBusyError when that fails, or when the store was closed; every later use tries
        again.
        """
        with self._lock:
            if self._ended:
                raise StoreBrokenError("the store was closed")
            if self._answers():
                return  # another thread was first
            self._lost = True
            self._connection.close()
            self._connection = _connect(self._path)
            self._lost = False

    def _answers(self) -> bool:
        try:
            self._connection.cursor().execute("SELECT 1").fetchall()
        except duckdb.Error:
            return False
        return True

    def close(self) -> None:
        """Checkpoint and let the file go, for good; harmless when called twice."""
        with self._lock:
            self._ended = True
            self._connection.close()


def _connect(path: Path | None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        **_LIMITS,
        "enable_external_access": "false",
        "storage_compatibility_version": STORAGE,
    }
    with _naming_what_keeps_it_shut():
        connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)
    try:
        for setting in ("TimeZone='UTC'", f"wal_autocheckpoint='{LOG_SIZE}'"):
            connection.execute(f"SET GLOBAL {setting}").fetchall()
        connection.execute("SET lock_configuration=true").fetchall()
    except duckdb.Error as error:  # a cursor in another thread still holds the broken instance
        connection.close()
        raise StoreBrokenError(str(error)) from error
    return connection


def copy_rows(source: Path, target: Path) -> None:
    """Copy a closed database row by row into a new file, durably: that holds nothing of what was changed or deleted,
    which stays in the old one as bytes until their room is needed.

    Whatever DuckDB raises when it cannot.
    """
    config: dict[str, str | bool | int | float | list[str]] = {**_LIMITS, "temp_directory": f"{target}.tmp"}
    with closing(duckdb.connect(":memory:", config=config)) as connection:
        connection.execute(f"ATTACH {_quoted(source)} AS old (READ_ONLY)").fetchall()
        connection.execute(f"ATTACH {_quoted(target)} AS fresh (STORAGE_VERSION '{STORAGE}')").fetchall()
        connection.execute("COPY FROM DATABASE old TO fresh").fetchall()
        connection.execute("FORCE CHECKPOINT fresh").fetchall()
        connection.execute("DETACH fresh").fetchall()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


# DuckDB has one kind of error for a locked file, a missing right and a file that is cut off: the words tell them apart.
_LOCKED = re.compile(r"set lock on file|used by another")
_NEWER = re.compile(r"storage versions? (number|greater)|newer version of duckdb", re.IGNORECASE)
_DAMAGED = re.compile(r"not a valid DuckDB|not read enough bytes|corrupt|checksum", re.IGNORECASE)
_MISREAD = (duckdb.SerializationException, duckdb.InternalException)


@contextmanager
def _naming_what_keeps_it_shut() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        words = str(error)
        if _LOCKED.search(words):
            raise StoreBusyError(words) from error
        if _NEWER.search(words):
            raise StoreNewerError(words) from error
        damaged = isinstance(error, _MISREAD) or _DAMAGED.search(words)
        raise (StoreDamagedError if damaged else StoreBrokenError)(words) from error


def _drop_stillborn(path: Path | None) -> None:
    """A new file that a full disk left empty would look like a damaged database at the next start."""
    if path is not None and path.exists() and not path.stat().st_size:
        path.unlink()


@contextmanager
def _naming_breakage() -> Iterator[None]:
    """DuckDB says «invalidated» of a broken instance, «already closed» of a connection that was given up, «failed to
    commit» when the disk has no room for its log."""
    try:
        yield
    except duckdb.ConstraintException as error:
        if "duplicate key" not in str(error).lower():  # a missing value, say, is a mistake of ours
            raise
        raise DuplicateKeyError(str(error)) from error
    except (duckdb.FatalException, duckdb.ConnectionException, duckdb.TransactionException) as error:
        raise StoreBrokenError(str(error)) from error


def _execute(cursor: duckdb.DuckDBPyConnection, sql: str, params: Params | None) -> tuple[list[str], list[Row]]:
    with _naming_breakage():
        cursor.execute(sql, {name: to_store(value) for name, value in (params or {}).items()})
        names = [column[0] for column in cursor.description or []]
        return names, [tuple(map(from_store, row)) for row in cursor.fetchall()]


def _statements(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        log.exception("rollback failed")
