"""Opening the real shop: its folder, its lock, and sentences instead of tracebacks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import data.store
from data.store import StoreBrokenError
from services.backup_command import main as command
from services.backups import make_backup
from services.demo import build_demo
from services.errors import (
    BusyError,
    DamagedError,
    InvalidInputError,
    MissingDataError,
    NewerDataError,
    UnopenedError,
)
from services.process import ProcessSettings
from services.setup import mark_set_up
from services.shop import Shop
from services.wiring import open_shop
from tests.builders import MONDAY


@pytest.fixture
def careless_user() -> Iterator[None]:
    """Whose files everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def readable_by_others(folder: Path) -> list[str]:
    return [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def set_up(shop: Shop) -> None:
    with shop.store.write() as tx:
        mark_set_up(tx, MONDAY)


def test_a_folder_is_open_once_and_free_afterwards(tmp_path: Path) -> None:
    process = ProcessSettings(folder=tmp_path / "data")
    shop = open_shop(process)
    with pytest.raises(BusyError, match="läuft schon"):
        open_shop(process)
    shop.close()
    open_shop(process).close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_damaged_database_is_a_sentence_and_lets_the_folder_go(tmp_path: Path) -> None:
    (tmp_path / "theke.duckdb").write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(DamagedError, match="Sicherung"):
            open_shop(ProcessSettings(folder=tmp_path))


def test_a_database_of_a_newer_theke_is_refused(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path))
    with shop.store.write() as tx:
        tx.insert("migration", {"name": "0999_later.sql", "applied_at": MONDAY})
    shop.close()
    for _ in range(2):
        with pytest.raises(NewerDataError, match="stammt von einer neueren Theke"):
            open_shop(ProcessSettings(folder=tmp_path))


@pytest.mark.parametrize(
    ("words", "may", "sentence"),
    [
        ("Could not write file: No space left on device", True, "kein Platz"),
        ("Cannot open file: Permission denied", False, "darf die Datenbank nicht"),
        ("Could not read from file: Input/output error", True, "Input/output error"),
    ],
)
def test_a_whole_database_that_the_system_keeps_shut_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, may: bool, sentence: str
) -> None:
    def shut(*_: Path, **__: bool) -> None:
        raise StoreBrokenError(f"IO Error: {words}\nand more")

    monkeypatch.setattr(data.store, "_connect", shut)
    monkeypatch.setattr(os, "access", lambda *_: may)
    with pytest.raises(UnopenedError, match=sentence) as told:
        open_shop(ProcessSettings(folder=tmp_path))
    assert "An den Daten ist nichts kaputt" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_shop_whose_database_is_gone_is_not_started_anew(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path))
    made = [make_backup(shop, now=MONDAY + timedelta(days=day)) for day in range(2)]
    shop.close()
    (tmp_path / "theke.duckdb").unlink()
    with pytest.raises(MissingDataError, match="restore") as told:
        open_shop(ProcessSettings(folder=tmp_path))
    assert str(made[1].path) in str(told.value)
    assert not (tmp_path / "theke.duckdb").exists()
    assert command(["restore", str(made[1].path), "--data", str(tmp_path), "--yes"]) == 0
    open_shop(ProcessSettings(folder=tmp_path)).close()


def test_mails_without_a_database_and_without_a_backup_are_not_started_anew_either(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path))
    shop.files.keep(b"From: Maria")
    shop.close()
    (tmp_path / "theke.duckdb").unlink()
    with pytest.raises(MissingDataError, match="zweiten Ort"):
        open_shop(ProcessSettings(folder=tmp_path))
    assert not (tmp_path / "theke.duckdb").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize("name", ["holidays.jpg", ".bashrc", "start.py"])
def test_a_folder_of_other_things_is_refused_and_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    tmp_path.chmod(0o755)
    with pytest.raises(InvalidInputError, match="andere Dinge"):
        open_shop(ProcessSettings(folder=tmp_path))
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_of_theke_may_hold_other_things_too(tmp_path: Path) -> None:
    open_shop(ProcessSettings(folder=tmp_path)).close()
    (tmp_path / "read me.txt").write_text("")
    shop = open_shop(ProcessSettings(folder=tmp_path))
    assert shop.folder == tmp_path
    shop.close()


def test_a_demo_never_reaches_a_mail_server(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path, demo=True))
    assert type(shop.mailer).__name__ == "DryRunMailer"
    assert getattr(shop.mailbox, "__name__", "") == "DryRunMailbox"
    shop.close()


@pytest.mark.parametrize(("made_as_demo", "words"), [(False, "echter Betrieb"), (True, "python3 start.py demo")])
def test_neither_a_demo_nor_a_shop_opens_as_the_other(tmp_path: Path, made_as_demo: bool, words: str) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path, demo=made_as_demo))
    (build_demo if made_as_demo else set_up)(shop)
    shop.close()
    for _ in range(2):  # the refusal lets the folder go
        with pytest.raises(InvalidInputError, match=words):
            open_shop(ProcessSettings(folder=tmp_path, demo=not made_as_demo))
    open_shop(ProcessSettings(folder=tmp_path, demo=made_as_demo)).close()


def test_a_folder_that_is_not_set_up_may_become_either(tmp_path: Path) -> None:
    for demo in (True, False, True):
        shop = open_shop(ProcessSettings(folder=tmp_path, demo=demo))
        assert shop.process.demo is demo
        shop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_what_theke_writes_is_for_its_user_only_however_it_was_started(tmp_path: Path, careless_user: None) -> None:
    folder = tmp_path / "theke"
    folder.mkdir()
    shop = open_shop(ProcessSettings(folder=folder))
    shop.files.keep(b"From: Maria")
    shop.secrets.set("mail_password", "geheim")
    make_backup(shop, now=MONDAY)
    assert readable_by_others(folder) == []
    shop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_what_a_restore_and_a_backup_write_is_for_their_user_only(tmp_path: Path, careless_user: None) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path / "theke"))
    shop.files.keep(b"From: Maria")
    made = make_backup(shop, now=MONDAY)
    shop.close()
    os.umask(0o022)
    folder = tmp_path / "new"
    folder.mkdir()
    assert command(["restore", str(made.path), "--data", str(folder), "--yes"]) == 0
    assert command(["backup", "--data", str(folder)]) == 0
    assert readable_by_others(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_a_folder_that_everybody_shares_keeps_its_modes(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    open_shop(ProcessSettings(folder=tmp_path)).close()
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
