"""After somebody was erased the next start writes the database anew; stopped anywhere, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import data.copies
from data.copies import CopyFailedError
from data.records import StaffRole
from data.store import Store
from services import renewing
from services.customers import find_or_add_customer
from services.privacy import erase_customer
from services.renewing import NOTE, ask_renewal, renew_database
from services.shop import Shop
from tests.builders import hire
from tests.services.kept import DELETED, ROOT, leave_deleted_words, put_setting, setting_names


@pytest.fixture
def folder(kept_shop: Shop) -> Path:
    """Of a shop that is closed; somebody was erased, and one row lies in the log only."""
    leave_deleted_words(kept_shop.store)
    put_setting(kept_shop.store, "name", "Kfz Muster")
    ask_renewal(kept_shop.folder)
    kept_shop.close()
    assert holds_deleted(kept_shop.folder)
    return kept_shop.folder


def holds_deleted(folder: Path) -> bool:
    return DELETED.encode() in (folder / "theke.duckdb").read_bytes()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if "duckdb" in path.name or path.name == NOTE}


def test_the_next_start_leaves_nothing_of_what_was_deleted(folder: Path) -> None:
    (folder / "theke.duckdb.new").write_bytes(b"half")  # a start before this one was killed
    assert renew_database(folder)
    assert not holds_deleted(folder)
    assert names(folder) == {"theke.duckdb"}
    assert setting_names(folder) == {"name"}
    Store.open(folder / "theke.duckdb").close()
    assert not renew_database(folder)


def test_a_log_that_a_crash_left_is_folded_in_first(folder: Path) -> None:
    code = """import os, sys; from pathlib import Path; from data.store import Store
store = Store.open(Path(sys.argv[1]))
with store.write() as tx:
    tx.run("UPDATE setting SET name = 'later' WHERE name = 'name'")
os._exit(9)"""
    subprocess.run([sys.executable, "-c", code, str(folder / "theke.duckdb")], cwd=ROOT, check=False)
    assert "theke.duckdb.wal" in names(folder)
    assert renew_database(folder)
    assert names(folder) == {"theke.duckdb"}
    assert setting_names(folder) == {"later"}


def test_stopped_anywhere_the_old_file_is_whole_and_the_note_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = renewing.renew_in_child

    def killed_child(database: Path, new: Path) -> None:
        new.write_bytes(b"half")
        raise CopyFailedError("exit code -9")

    def killed_before_it_changed_places(database: Path, new: Path) -> None:
        real(database, new)
        raise KeyboardInterrupt

    monkeypatch.setattr(renewing, "renew_in_child", killed_child)
    assert not renew_database(folder)
    monkeypatch.setattr(renewing, "renew_in_child", killed_before_it_changed_places)
    with pytest.raises(KeyboardInterrupt):
        renew_database(folder)
    monkeypatch.setattr(renewing, "renew_in_child", real)
    monkeypatch.setattr(renewing, "_ROOM_TO_SPARE", 10**18)
    assert not renew_database(folder)
    assert setting_names(folder) == {"name"}
    assert NOTE in names(folder)
    monkeypatch.undo()
    assert renew_database(folder)


def test_a_damaged_file_is_left_as_it_is(folder: Path) -> None:
    (folder / "theke.duckdb").write_bytes(b"no database" * 1000)
    assert not renew_database(folder)
    assert names(folder) == {"theke.duckdb", NOTE}
    assert (folder / "theke.duckdb").read_bytes() == b"no database" * 1000


def test_a_new_file_that_holds_something_else_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter([({"setting": 1}, []), ({"setting": 1}, []), ({"setting": 2}, [])])
    monkeypatch.setattr(data.copies, "_count", lambda _file: next(counts))
    with pytest.raises(CopyFailedError):
        data.copies._renew(folder / "theke.duckdb", folder / "theke.duckdb.new")


def test_erasing_somebody_asks_for_it(kept_shop: Shop) -> None:
    owner = hire(kept_shop, "Sandra Kofler", StaffRole.OWNER)
    with kept_shop.store.write() as tx:
        eva = find_or_add_customer(tx, "AT", name="Eva", reach="eva@a.at", now=kept_shop.now())
    erase_customer(kept_shop, owner, eva)
    assert (kept_shop.folder / NOTE).exists()
