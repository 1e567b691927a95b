"""The door to DuckDB: transactions, times, threads, and who else may open the file."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import data.store
from data.records import Customer
from data.store import Store, StoreBrokenError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _set(store: Store, name: str, value: str) -> None:
    with store.write() as tx:
        tx.run("DELETE FROM setting WHERE name = $name", {"name": name})
        tx.insert("setting", {"name": name, "value": value, "changed_at": NOON})


def test_a_failed_transaction_leaves_nothing() -> None:
    store = Store.open(None)
    with pytest.raises(RuntimeError, match="boom"), store.write() as tx:
        tx.insert("setting", {"name": "a", "value": "1", "changed_at": NOON})
        raise RuntimeError("boom")
    assert store.read("SELECT name FROM setting") == []


def test_times_come_back_aware_and_equal_from_any_zone() -> None:
    store = Store.open(None)
    vienna = datetime(2026, 7, 1, 14, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    with store.write() as tx:
        tx.insert("setting", {"name": "a", "value": "1", "changed_at": vienna})
    assert store.read("SELECT changed_at FROM setting")[0][0] == vienna


def test_a_time_without_zone_is_refused() -> None:
    store = Store.open(None)
    with pytest.raises(ValueError, match="zone"), store.write() as tx:
        tx.insert("setting", {"name": "a", "value": "1", "changed_at": NOON.replace(tzinfo=None)})
    assert store.read("SELECT count(*) FROM setting")[0][0] == 0


@pytest.mark.parametrize("text", ["Łukasz 🚗", "a\nb", "'; DROP TABLE setting; --", "\u202egnp.exe", "x" * 100_000])
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    store = Store.open(None)
    _set(store, "a", text)
    assert store.read("SELECT value FROM setting") == [(text,)]


def test_a_second_transaction_in_the_same_thread_is_a_mistake() -> None:
    store = Store.open(None)
    with store.write(), pytest.raises(RuntimeError, match="pass tx on"), store.write():
        pass
    assert store.read("SELECT 1") == [(1,)]


def test_writers_in_many_threads_lose_nothing() -> None:
    store = Store.open(None)

    def work() -> None:
        for _ in range(20):
            with store.write() as tx:
                tx.insert("setting", {"name": str(tx.new_id()), "value": "", "changed_at": NOON})

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read("SELECT count(DISTINCT name) FROM setting")[0][0] == 160


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.duckdb")
    _set(store, "a", "1")
    store._connection.close()
    store.reopen()
    _set(store, "b", "2")
    store.close()
    again = Store.open(tmp_path / "x.duckdb")
    assert [row[0] for row in again.read("SELECT name FROM setting ORDER BY name")] == ["a", "b"]


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.duckdb")
    code = "import sys; from pathlib import Path; from data.store import *; Store.open(Path(sys.argv[1]))"
    other = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x.duckdb")], capture_output=True, text=True, check=False,
        cwd=Path(data.store.__file__).parents[1],
    )  # fmt: skip
    store.close()
    assert "StoreBusyError" in other.stderr


def test_the_store_reaches_no_other_file(tmp_path: Path) -> None:
    store = Store.open(None)
    with pytest.raises(Exception, match=r"disabled|Permission"):
        store.read(f"SELECT content FROM read_text('{tmp_path}')")
    with pytest.raises(Exception, match=r"locked|configuration"):
        store.read("SET enable_external_access = true")


def test_rows_become_records_with_their_types() -> None:
    store = Store.open(None)
    sql = """SELECT 1 AS id, 'M' AS name, '' AS salutation, '' AS title, 'du' AS form_of_address, 'de' AS language,
             '' AS note, TIMESTAMP '2026-11-22 12:00:00' AS created_at"""
    assert store.read_as(Customer, sql) == [Customer(1, "M", "", "", "du", "de", "", NOON)]


def test_every_migration_is_applied_once(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.duckdb")
    assert store.migrate() == []
    assert store.read("SELECT count(*) FROM migration")[0][0] == len(list(data.store.MIGRATIONS.glob("*.sql")))


def test_ids_grow_and_are_rolled_back_with_the_transaction() -> None:
    store = Store.open(None)
    with store.write() as tx:
        first = tx.new_id()
        tx.reserve_ids(2)
        assert [tx.new_id(), tx.new_id()] == [first + 1, first + 2]
    with pytest.raises(RuntimeError), store.write() as tx:
        tx.new_id()
        raise RuntimeError
    with store.write() as tx:
        assert tx.new_id() == first + 3


FULL_DISK = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from data.store import Store, StoreBrokenError
path = Path(sys.argv[1])
store = Store.open(path)
def fill(rounds):
    for _ in range(rounds):
        with store.write() as tx:
            for _ in range(20):
                value = os.urandom(3000).hex()
                tx.insert("setting", {"name": str(tx.new_id()), "value": value, "changed_at": datetime.now(UTC)})
        print("kept", flush=True)
fill(40)
with store.held_still():  # the file is now bigger than the log may become: the checkpoint meets the limit first
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100_000, most))
for attempt in (lambda: fill(100), lambda: store.write().__enter__(), lambda: store.read("SELECT 1")):
    try:
        attempt()
    except StoreBrokenError:
        print("broken")
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
store.reopen()
print("rows", store.read("SELECT count(*) FROM setting")[0][0])
fill(1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit")
def test_a_disk_that_is_full_at_commit_breaks_the_store_and_loses_nothing_committed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "x.duckdb")], capture_output=True, text=True, check=False,
        cwd=Path(data.store.__file__).parents[1],
    )  # fmt: skip
    told = done.stdout.split("broken\n")
    kept = told[0].count("kept")
    assert done.returncode == 0, done.stderr
    assert len(told) == 4
    assert 40 < kept < 140
    assert told[3].splitlines()[0] == f"rows {kept * 20}"


def test_reopening_that_failed_is_tried_again_at_the_next_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(tmp_path / "x.duckdb")
    _set(store, "a", "1")

    def still_full(path: Path) -> None:
        raise StoreBrokenError("still full")

    with monkeypatch.context() as full:
        full.setattr(data.store, "_connect", still_full)
        store._connection.close()
        for use in (store.reopen, lambda: store.read("SELECT 1"), lambda: _set(store, "b", "2")):
            with pytest.raises(StoreBrokenError, match="still full"):
                use()
    assert store.read("SELECT name FROM setting") == [("a",)]
    store.close()


def test_a_closed_store_stays_closed(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.duckdb")
    store.close()
    for use in (lambda: store.read("SELECT 1"), store.reopen):
        with pytest.raises(StoreBrokenError, match="closed"):
            use()
    Store.open(tmp_path / "x.duckdb").close()
