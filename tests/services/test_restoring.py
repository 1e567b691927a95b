"""The way back from a backup: nothing is lost, nothing foreign comes in, nothing leaves by itself."""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from data.store import Store
from services.backup_archive import BadBackupError, read_manifest
from services.backup_command import main as command
from services.backups import BackupFile, make_backup
from services.lock import hold_folder
from services.restoring import Loss, finish_restore, what_would_be_lost
from services.shop import Shop
from tests.builders import MONDAY, make_shop
from tests.services.kept import bring_back, rewritten, setting_names


def test_restore_brings_back_the_state_and_sets_the_present_one_aside(kept_shop: Shop, backup: BackupFile) -> None:
    done = bring_back(backup.path, kept_shop.folder)

    assert setting_names(kept_shop.folder) == {"before"}
    assert done.aside is not None
    assert setting_names(done.aside) == {"before", "after"}
    assert len(list((kept_shop.folder / "files").glob("??/*"))) == 1
    assert len(list((done.aside / "files").glob("??/*"))) == 2
    assert backup.path.exists()


def test_after_a_restore_nothing_leaves_by_itself(kept_shop: Shop, backup: BackupFile) -> None:
    done = bring_back(backup.path, kept_shop.folder)

    store = Store.open_as_it_is(kept_shop.folder / "theke.duckdb")
    states = dict(store.read("SELECT mail_id, state FROM outbox"))
    store.close()
    assert done.unsure == 2
    assert states == {"queued": "unsure", "sending": "unsure", "sent": "sent", "failed": "failed"}


def test_a_restore_ends_every_session(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, in_memory=False)
    with shop.store.write() as tx:
        tx.insert("session", {"token_hash": "x", "staff_id": 1, "created_at": MONDAY, "expires_at": MONDAY})
    made = make_backup(shop, now=MONDAY)
    shop.close()

    bring_back(made.path, tmp_path)

    store = Store.open_as_it_is(tmp_path / "theke.duckdb")
    assert store.read("SELECT token_hash FROM session") == []
    store.close()


def test_restore_on_a_new_machine_needs_nothing_but_the_file(backup: BackupFile, tmp_path: Path) -> None:
    done = bring_back(backup.path, tmp_path / "new")

    assert done.aside is None
    assert setting_names(tmp_path / "new") == {"before"}


def test_passwords_of_this_machine_stay(kept_shop: Shop, backup: BackupFile) -> None:
    kept_shop.secrets.set("mail_password", "geheim")

    bring_back(backup.path, kept_shop.folder)

    assert kept_shop.secrets.get("mail_password") == "geheim"


def test_restore_is_refused_while_theke_runs(
    kept_shop: Shop, backup: BackupFile, capsys: pytest.CaptureFixture[str]
) -> None:
    with hold_folder(kept_shop.folder) as lock:
        lock.announce(8765)
        code = command(["restore", str(backup.path), "--data", str(kept_shop.folder), "--yes"])

    assert code == 1
    assert "http://127.0.0.1:8765" in capsys.readouterr().out
    assert setting_names(kept_shop.folder) == {"before", "after"}


def test_a_damaged_backup_is_refused_and_nothing_changes(kept_shop: Shop, backup: BackupFile, tmp_path: Path) -> None:
    content = bytearray(backup.path.read_bytes())
    content[5000] ^= 0xFF
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)

    with pytest.raises(BadBackupError, match="beschädigt"):
        bring_back(damaged, kept_shop.folder)

    assert setting_names(kept_shop.folder) == {"before", "after"}
    assert not list(kept_shop.folder.glob("restore*"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a zip", b"hello" * 99])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(BadBackupError):
        bring_back(tmp_path / "x.zip", tmp_path / "data")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil", "files/ab/cd", "C:evil", "secrets.json"])
def test_a_backup_with_foreign_names_is_refused(backup: BackupFile, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(backup.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["sha256"][name] = hashlib.sha256(b"evil").hexdigest()
    forged = rewritten(backup.path, tmp_path / "forged.zip", **{"manifest.json": json.dumps(manifest).encode()})
    with zipfile.ZipFile(forged, "a") as archive:
        archive.writestr(name, b"evil")

    with pytest.raises(BadBackupError):
        bring_back(forged, tmp_path / "data")

    assert not list(tmp_path.rglob("evil"))


def test_a_changed_attachment_is_refused(backup: BackupFile, tmp_path: Path) -> None:
    (name,) = [name for name in read_manifest(backup.path).sha256 if name.startswith("files/")]
    forged = rewritten(backup.path, tmp_path / "forged.zip", **{name: b"another"})

    with pytest.raises(BadBackupError):
        bring_back(forged, tmp_path / "data")


@pytest.mark.parametrize("change", [{"format": 99}, {"migrations": ["9999_later.sql"]}])
def test_a_backup_of_a_newer_theke_is_refused(backup: BackupFile, tmp_path: Path, change: dict[str, object]) -> None:
    with zipfile.ZipFile(backup.path) as archive:
        manifest = json.loads(archive.read("manifest.json")) | change
    newer = rewritten(backup.path, tmp_path / "newer.zip", **{"manifest.json": json.dumps(manifest).encode()})

    with pytest.raises(BadBackupError, match="neueren Theke"):
        bring_back(newer, tmp_path / "data")


def test_the_log_of_the_present_database_never_meets_the_other(kept_shop: Shop, backup: BackupFile) -> None:
    (kept_shop.folder / "theke.duckdb.wal").write_bytes(b"of a killed Theke")

    done = bring_back(backup.path, kept_shop.folder)

    assert done.aside is not None
    assert (done.aside / "theke.duckdb.wal").exists()
    assert not (kept_shop.folder / "theke.duckdb.wal").exists()


@pytest.mark.parametrize("moves", range(6))
def test_a_restore_that_is_killed_between_is_finished_at_the_next_start(
    kept_shop: Shop, backup: BackupFile, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, left = Path.rename, iter(range(moves))

    def until_killed(path: Path, target: Path) -> Path:
        next(left)
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", until_killed)
        with pytest.raises(StopIteration) if moves < 4 else nullcontext():
            bring_back(backup.path, kept_shop.folder)

    assert finish_restore(kept_shop.folder) is (moves < 4)
    assert setting_names(kept_shop.folder) == {"before"}
    (aside,) = kept_shop.folder.glob("vor-Wiederherstellung-*")
    assert setting_names(aside) == {"before", "after"}
    assert not list(kept_shop.folder.glob("restore*"))


def test_what_came_since_the_backup_is_counted(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, in_memory=False)
    with shop.store.write() as tx:
        texts = dict.fromkeys(
            ("subject", "body", "quoted", "folded", "message_id", "reference_ids", "mail_sha256", "kind", "role"), ""
        ) | {"sender_name": "", "sender_address": "", "inquiry_id": 1, "stream": 1}
        for hour in (-1, 1, 2):
            moment = MONDAY + timedelta(hours=hour)
            tx.insert("message", texts | {"id": tx.new_id(), "happened_at": moment, "stored_at": moment})
    shop.close()

    with hold_folder(tmp_path) as lock:
        assert what_would_be_lost(MONDAY, lock) == Loss(0, 2, MONDAY + timedelta(hours=2))
