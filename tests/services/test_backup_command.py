"""`start.py backup` and `restore`, the route they ask, and the lock that keeps them apart from a running Theke."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.login.backup_route import BACKUP_ROUTES
from services.backup_command import main as command
from services.backups import BACKUPS, BackupFile, list_backups
from services.errors import BusyError
from services.lock import backup_token, hold_folder
from services.shop import Shop, use_shop
from tests.services.kept import in_second_process, setting_names


def test_the_command_backs_up_while_no_theke_runs(kept_shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    kept_shop.close()

    assert command(["backup", "--data", str(kept_shop.folder)]) == 0

    (made,) = (kept_shop.folder / BACKUPS).iterdir()
    assert str(made) in capsys.readouterr().out


def test_the_command_makes_no_backup_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["backup", "--data", str(tmp_path)]) == 1
    assert "noch keine Daten" in capsys.readouterr().out


def test_the_command_restores_after_a_yes_only(
    kept_shop: Shop, backup: BackupFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("nein\nja\n"))
    arguments = ["restore", str(backup.path), "--data", str(kept_shop.folder)]

    assert command(arguments) == 1
    assert setting_names(kept_shop.folder) == {"before", "after"}
    assert command(arguments) == 0
    assert setting_names(kept_shop.folder) == {"before"}
    assert "2 Mails waren unterwegs" in capsys.readouterr().out


def test_the_command_restores_over_a_database_that_cannot_be_read(
    kept_shop: Shop, backup: BackupFile, capsys: pytest.CaptureFixture[str]
) -> None:
    (kept_shop.folder / "theke.duckdb").write_bytes(b"broken" * 5000)

    assert command(["restore", str(backup.path), "--data", str(kept_shop.folder), "--yes"]) == 0

    assert "lässt sich nicht lesen" in capsys.readouterr().out
    assert setting_names(kept_shop.folder) == {"before"}


def test_the_route_makes_a_backup_for_the_token_only(kept_shop: Shop) -> None:
    use_shop(kept_shop)
    client = TestClient(Starlette(routes=BACKUP_ROUTES))
    with hold_folder(kept_shop.folder) as lock:
        assert client.post("/intern/sicherung", headers={"X-Theke-Backup": ""}).status_code == 403
        lock.announce(8765)
        assert client.post("/intern/sicherung", headers={"X-Theke-Backup": "guess"}).status_code == 403
        token = backup_token(kept_shop.folder)
        answer = client.post("/intern/sicherung", headers={"X-Theke-Backup": token})

    assert answer.status_code == 200
    assert Path(answer.json()["file"]) == list_backups(kept_shop)[0].path


def test_only_one_holds_the_folder(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from services.lock import hold_folder; hold_folder(Path(sys.argv[1]))"
    with hold_folder(tmp_path) as lock:
        lock.announce(8765)
        other = in_second_process(code, tmp_path)
        with pytest.raises(BusyError, match="8765"):
            hold_folder(tmp_path)

    assert "BusyError" in other.stderr
    assert in_second_process(code, tmp_path).returncode == 0


def test_the_token_is_private_and_gone_with_the_lock(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "theke") as lock:
        lock.announce(8765)
        assert (tmp_path / "theke" / "backup.token").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "theke").stat().st_mode & 0o777 == 0o700

    assert sorted(path.name for path in (tmp_path / "theke").iterdir()) == ["theke.lock"]


def test_the_note_of_a_killed_theke_misleads_nobody(tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text('{"port": 8765}')

    with hold_folder(tmp_path), pytest.raises(BusyError) as refused:
        hold_folder(tmp_path)

    assert "8765" not in str(refused.value)
