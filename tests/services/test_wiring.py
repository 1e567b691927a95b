"""Opening the real shop: its folder, its lock, and sentences instead of tracebacks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.backup_command import main as command
from services.backups import make_backup
from services.demo import build_demo
from services.errors import BusyError, DamagedError, InvalidInputError
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
