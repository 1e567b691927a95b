"""Backups with real files, and a second process that is really refused."""

from __future__ import annotations

import hashlib
import secrets
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from data import store as store_module
from data.copies import copy_in_child, fresh_in_child, row_counts
from data.records import Actor, StaffRole
from data.store import Store
from services import backups as backups_module
from services.backup_archive import BackupProblemError, read_manifest
from services.backups import (
    BACKUPS,
    KEPT,
    back_up_now,
    backup_due,
    before_migration,
    keep_second_folder,
    list_backups,
    make_backup,
)
from services.errors import InvalidInputError, NotAllowedError
from services.jobs import BACKUP, JOBS, job_health, run_once
from services.settings import shop_settings
from services.shop import Shop
from tests.builders import MONDAY, FrozenClock, hire, make_shop
from tests.services.kept import DELETED, in_second_process, leave_deleted_words, put_setting


def test_a_backup_holds_the_database_and_every_kept_file(kept_shop: Shop) -> None:
    sha256 = kept_shop.files.keep(b"From: Maria")
    put_setting(kept_shop.store, "name", "Kfz Muster")

    made = make_backup(kept_shop, now=MONDAY)

    with zipfile.ZipFile(made.path) as archive:
        assert set(archive.namelist()) == {"theke.duckdb", f"files/{sha256[:2]}/{sha256}", "manifest.json"}
        assert archive.testzip() is None
    assert read_manifest(made.path).tables["setting"] == 1
    assert made.problem == ""


def test_a_backup_holds_no_passwords(kept_shop: Shop) -> None:
    kept_shop.secrets.set("mail_password", "geheim-4711")

    made = make_backup(kept_shop, now=MONDAY)

    assert b"geheim-4711" not in made.path.read_bytes()
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_second_process_is_still_refused_the_file_after_a_backup(kept_shop: Shop) -> None:
    make_backup(kept_shop, now=MONDAY)

    code = "import sys; from pathlib import Path; from data.store import Store; Store.open(Path(sys.argv[1]))"
    other = in_second_process(code, kept_shop.folder / "theke.duckdb")

    assert other.returncode != 0
    assert "StoreBusyError" in other.stderr


def test_a_backup_while_others_write_is_one_moment(kept_shop: Shop) -> None:
    stop = threading.Event()

    def write_pairs() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with kept_shop.store.write() as tx:
                for side in ("left", "right"):
                    tx.insert("setting", {"name": f"{side}-{number}", "value": "1", "changed_at": MONDAY})

    writer = threading.Thread(target=write_pairs)
    writer.start()
    made = [make_backup(kept_shop, now=MONDAY + timedelta(days=day)) for day in range(3)]
    stop.set()
    writer.join()

    rows = [read_manifest(backup.path).tables["setting"] for backup in made]
    assert all(count % 2 == 0 for count in rows)
    assert rows == sorted(rows)
    assert rows[-1] > 0


def test_opening_a_copy_leaves_it_as_it_is(kept_shop: Shop, tmp_path: Path) -> None:
    copy, fresh = tmp_path / "it's a copy.duckdb", tmp_path / "it's fresh.duckdb"
    with kept_shop.store.held_still():
        sha256 = copy_in_child(kept_shop.folder / "theke.duckdb", copy)

    made = fresh_in_child(copy, fresh)

    assert made.tables == row_counts(kept_shop.store)
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == sha256
    assert hashlib.sha256(fresh.read_bytes()).hexdigest() == made.sha256
    assert {path.name for path in tmp_path.glob("it*")} == {copy.name, fresh.name}


def test_a_backup_holds_nothing_that_was_deleted(kept_shop: Shop) -> None:
    sql = "SELECT table_name, sql FROM duckdb_tables() UNION SELECT index_name, sql FROM duckdb_indexes() ORDER BY ALL"
    leave_deleted_words(kept_shop.store)
    put_setting(kept_shop.store, "stays", secrets.token_hex(500_000))  # behind it, so that the file does not shrink
    made = make_backup(kept_shop, now=MONDAY)
    with zipfile.ZipFile(made.path) as archive:
        archive.extract("theke.duckdb", kept_shop.folder / "unpacked")
    unpacked = Store.open_as_it_is(kept_shop.folder / "unpacked" / "theke.duckdb")
    assert unpacked.read(sql) == kept_shop.store.read(sql)
    unpacked.close()
    kept_shop.close()
    assert DELETED.encode() in (kept_shop.folder / "theke.duckdb").read_bytes()
    assert DELETED.encode() not in made.path.read_bytes()


def test_the_newest_fourteen_are_kept(kept_shop: Shop) -> None:
    folder = kept_shop.folder / BACKUPS
    folder.mkdir()
    for day in range(1, 20):
        (folder / f"theke-2026-10-{day:02}-1200.zip").write_bytes(b"")
    (folder / "urlaub.zip").write_bytes(b"")

    made = make_backup(kept_shop, now=MONDAY)

    assert len(list_backups(kept_shop)) == KEPT
    assert list_backups(kept_shop)[0] == made
    assert (folder / "urlaub.zip").exists()


def test_two_backups_of_one_minute_are_two_files(kept_shop: Shop) -> None:
    first = make_backup(kept_shop, now=MONDAY)
    second = make_backup(kept_shop, now=MONDAY)

    assert first.path != second.path
    assert [backup.path for backup in list_backups(kept_shop)] == [second.path, first.path]


@pytest.mark.parametrize(("hours", "due"), [(0, False), (19.9, False), (20.1, True), (-30, True)])
def test_a_backup_is_due_twenty_hours_after_the_last(kept_shop: Shop, hours: float, due: bool) -> None:
    assert backup_due(kept_shop, now=MONDAY)

    make_backup(kept_shop, now=MONDAY)

    assert backup_due(kept_shop, now=MONDAY + timedelta(hours=hours)) is due


def test_a_backup_from_a_wrong_future_is_not_followed_by_one_every_ten_minutes(kept_shop: Shop) -> None:
    make_backup(kept_shop, now=MONDAY + timedelta(days=3650))
    assert backup_due(kept_shop, now=MONDAY)

    make_backup(kept_shop, now=MONDAY)

    assert not backup_due(kept_shop, now=MONDAY + timedelta(minutes=10))
    assert backup_due(kept_shop, now=MONDAY + timedelta(hours=21))


@pytest.mark.parametrize("year", ["2004", "2099"])
def test_a_wrong_clock_costs_no_backup_of_the_right_time(kept_shop: Shop, clock: FrozenClock, year: str) -> None:
    folder = kept_shop.folder / BACKUPS
    folder.mkdir()
    right = {f"theke-2026-10-{day:02}-1200.zip" for day in range(1, KEPT)}
    wrong = {f"theke-{year}-10-{day:02}-1200.zip" for day in range(1, 20)}
    for name in right | wrong:
        (folder / name).write_bytes(b"")

    made = make_backup(kept_shop, now=MONDAY)

    assert list_backups(kept_shop)[0] == made
    assert right < {backup.path.name for backup in list_backups(kept_shop)}
    assert len(list_backups(kept_shop)) <= 2 * KEPT


def test_a_backup_under_a_clock_that_fell_back_is_there_afterwards(kept_shop: Shop) -> None:
    for day in range(KEPT):
        make_backup(kept_shop, now=MONDAY + timedelta(days=day))

    made = make_backup(kept_shop, now=MONDAY - timedelta(days=9000))

    assert made.path.exists()


def test_the_second_place_gets_the_same_file(kept_shop: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    put_setting(kept_shop.store, "second_backup_folder", str(stick))

    made = make_backup(kept_shop, now=MONDAY)

    assert made.problem == ""
    (copied,) = stick.glob("*/*")
    assert (copied.name, copied.read_bytes()) == (made.path.name, made.path.read_bytes())


def test_two_shops_on_one_stick_push_nothing_of_each_other_out(kept_shop: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    theirs = stick / "theke-0a1b2c3d"
    theirs.mkdir(parents=True)
    for day in range(1, KEPT + 1):
        (theirs / f"theke-2026-10-{day:02}-1200.zip").write_bytes(b"")
    put_setting(kept_shop.store, "second_backup_folder", str(stick))

    for day in range(2):
        make_backup(kept_shop, now=MONDAY + timedelta(days=day))

    assert len(list(theirs.iterdir())) == KEPT
    assert sorted(len(list(place.iterdir())) for place in stick.iterdir()) == [2, KEPT]


def test_many_backups_of_one_day_cost_no_other_day(kept_shop: Shop) -> None:
    folder = kept_shop.folder / BACKUPS
    folder.mkdir()
    days = {f"theke-2026-10-{day:02}-1200.zip" for day in range(1, KEPT)}
    taps = {f"theke-2026-10-20-12{minute:02}.zip" for minute in range(30)}
    for name in days | taps:
        (folder / name).write_bytes(b"")

    make_backup(kept_shop, now=MONDAY)

    left = {path.name for path in folder.glob("*.zip")}
    assert len(left & taps) == 1
    assert max(taps) in left
    assert len(left & days) == KEPT - 2


def test_a_second_place_that_is_not_there_is_told_and_the_backup_stays(kept_shop: Shop, tmp_path: Path) -> None:
    put_setting(kept_shop.store, "second_backup_folder", str(tmp_path / "stick"))

    made = make_backup(kept_shop, now=MONDAY)

    assert "Ist der Datenträger angesteckt" in made.problem
    assert made.path.exists()
    assert not (tmp_path / "stick").exists()


def test_a_second_place_that_cannot_be_written_is_told(kept_shop: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.write_bytes(b"")  # no folder, so nothing can be written there
    put_setting(kept_shop.store, "second_backup_folder", str(stick))

    made = make_backup(kept_shop, now=MONDAY)

    assert "nicht gelungen" in made.problem
    assert stick.read_bytes() == b""


@pytest.fixture
def owner(kept_shop: Shop) -> Actor:
    return hire(kept_shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_backup_is_named_by_the_shops_own_clock(kept_shop: Shop) -> None:
    assert make_backup(kept_shop, now=MONDAY).path.name == "theke-2026-11-23-1042.zip"  # 9:42 in UTC


def test_a_missing_second_place_stays_told_until_a_copy_works(kept_shop: Shop, owner: Actor, stick: Path) -> None:
    keep_second_folder(kept_shop, owner, str(stick))
    assert job_health(kept_shop).second_copy_problem == ""
    stick.rename(stick.with_name("abgezogen"))
    (job,) = (job for job in JOBS if job.name == BACKUP)

    assert run_once(kept_shop, BACKUP, job.work)
    assert run_once(kept_shop, BACKUP, job.work)  # not due any more

    health = job_health(kept_shop)
    assert str(stick) in health.second_copy_problem
    assert health.backup_problem == ""
    stick.with_name("abgezogen").rename(stick)
    assert back_up_now(kept_shop, owner).problem == ""
    assert job_health(kept_shop).second_copy_problem == ""


def test_a_new_second_place_gets_the_last_backup_at_once(kept_shop: Shop, owner: Actor, stick: Path) -> None:
    made = make_backup(kept_shop, now=kept_shop.now())
    keep_second_folder(kept_shop, owner, f" {stick} ")
    assert shop_settings(kept_shop.store).second_backup_folder == str(stick)
    assert [copied.read_bytes() for copied in stick.glob("*/*")] == [made.path.read_bytes()]


def test_giving_the_second_place_up_ends_its_trouble(kept_shop: Shop, owner: Actor, stick: Path) -> None:
    keep_second_folder(kept_shop, owner, str(stick))
    stick.rmdir()
    make_backup(kept_shop, now=kept_shop.now())
    assert job_health(kept_shop).second_copy_problem
    keep_second_folder(kept_shop, owner, "")
    assert job_health(kept_shop).second_copy_problem == ""
    assert "second_copy" not in {run.name for run in job_health(kept_shop).jobs}


def test_a_second_place_that_cannot_be_one_is_refused(kept_shop: Shop, owner: Actor, stick: Path) -> None:
    (stick / "datei").write_bytes(b"")
    (kept_shop.folder / BACKUPS).mkdir()
    for wrong, sentence in (
        ("sicherung", "ganzen Pfad"),
        (stick / "nicht da", "gibt es nicht"),
        (stick / "datei", "gibt es nicht"),
        (kept_shop.folder, "Datenordner"),
        (kept_shop.folder / BACKUPS, "Datenordner"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            keep_second_folder(kept_shop, owner, str(wrong))
    assert shop_settings(kept_shop.store).second_backup_folder == ""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which not even root may write")
def test_a_second_place_must_let_us_write(kept_shop: Shop, owner: Actor) -> None:
    with pytest.raises(InvalidInputError, match="nicht schreiben"):
        keep_second_folder(kept_shop, owner, "/proc/self")


def test_only_an_owner_chooses_the_second_place(kept_shop: Shop, stick: Path) -> None:
    with pytest.raises(NotAllowedError):
        keep_second_folder(kept_shop, hire(kept_shop, "Amir"), str(stick))
    assert shop_settings(kept_shop.store).second_backup_folder == ""


def test_too_little_room_is_told_before_anything_is_written(kept_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups_module, "_ROOM_TO_SPARE", 10**18)

    with pytest.raises(BackupProblemError, match="fehlt Platz"):
        make_backup(kept_shop, now=MONDAY)

    assert list_backups(kept_shop) == []


def test_what_a_killed_backup_left_is_cleared(kept_shop: Shop) -> None:
    folder = kept_shop.folder / BACKUPS
    (folder / "copy-abc").mkdir(parents=True)
    (folder / "theke-2026-10-01-1200.zip.part").write_bytes(b"half")

    made = make_backup(kept_shop, now=MONDAY)

    assert list(folder.iterdir()) == [made.path]


def test_an_update_backs_up_what_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_shop(tmp_path, in_memory=False).close()
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    for file in store_module.MIGRATIONS.glob("*.sql"):
        (migrations / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (migrations / "9999_bell.sql").write_text("CREATE TABLE bell (id BIGINT);", encoding="utf-8")
    monkeypatch.setattr(store_module, "MIGRATIONS", migrations)

    Store.open(tmp_path / "theke.duckdb", before_migration=before_migration(tmp_path, lambda: MONDAY)).close()

    (made,) = (tmp_path / BACKUPS).glob("*.zip")
    assert "bell" not in read_manifest(made).tables
    assert "9999_bell.sql" not in read_manifest(made).migrations


def test_neither_a_new_database_nor_a_current_one_is_backed_up_at_start(tmp_path: Path) -> None:
    for _ in range(2):
        Store.open(tmp_path / "theke.duckdb", before_migration=before_migration(tmp_path)).close()

    assert not (tmp_path / BACKUPS).exists()
