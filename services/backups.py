"""Backups: a copy of the database that was opened and counted, with all mails and attachments, in one file.

A shop's PC is off at night, so a backup is due 20 hours after the last one, not at a time of day.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.copies import CopyFailedError, applied_migrations, copy_in_child, count_in_child, row_counts
from data.records import Actor
from data.store import Store
from services.backup_archive import (
    DATABASE,
    FILES,
    BackupProblemError,
    Manifest,
    write_archive,
)
from services.settings import shop_settings
from services.shop import Shop, wall_clock
from services.staff import require_owner

log = logging.getLogger(__name__)

BACKUPS = "backups"
KEPT = 14
DUE_AFTER = timedelta(hours=20)
SECOND_FAILED = "Die zweite Sicherung nach {place} ist nicht gelungen. Ist der Datenträger angesteckt und Platz frei?"
_ROOM_TO_SPARE = 50_000_000  # bytes that must stay free
_NAME = re.compile(r"theke-\d{4}-\d\d-\d\d-\d{4}(-\d+)?\.zip")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class BackupFile:
    """One backup; `problem` is a sentence when its copy in the second place failed."""

    path: Path
    made_at: datetime  # aware UTC
    size: int  # bytes
    problem: str = ""


def make_backup(shop: Shop, *, now: datetime) -> BackupFile:
    """Back the shop up now, also into the second place if the settings name one.

    Raises BackupProblemError with a sentence when there is no backup afterwards.
    """
    return back_up(shop.store, shop.folder, now=now, second_folder=shop_settings(shop.store).second_backup_folder)


def back_up_now(shop: Shop, actor: Actor) -> BackupFile:
    """The button «Jetzt sichern»; raises NotAllowedError for anybody but an owner, BackupProblemError."""
    require_owner(actor)
    return make_backup(shop, now=shop.now())


def backup_due(shop: Shop, *, now: datetime) -> bool:
    """Whether no backup lies within 20 hours of now; one from a future that a wrong clock made does not count."""
    return all(abs(now - backup.made_at) > DUE_AFTER for backup in list_backups(shop))


def list_backups(shop: Shop) -> list[BackupFile]:
    """What lies in the backup folder, newest first; at the end what a wrong clock dated into the future."""
    future, past = _backups_in(shop.folder / BACKUPS, shop.now())
    return [_described(path) for path in (*reversed(past), *reversed(future))]


def before_migration(folder: Path, clock: Callable[[], datetime] = wall_clock) -> Callable[[Store], None]:
    """For `Store.open(…, before_migration=…)`: backs the data folder up before its database is changed."""

    def keep_what_was(store: Store) -> None:
        made = back_up(store, folder, now=clock())
        log.info("backup before migration file=%s", made.path.name)

    return keep_what_was


def back_up(store: Store, folder: Path, *, now: datetime, second_folder: str = "") -> BackupFile:
    """Back up the data folder of an open store; raises BackupProblemError."""
    with _one_at_a_time, _as_sentence():
        backups = folder / BACKUPS
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_partials(backups)
        for path in backups.glob("copy-*"):
            shutil.rmtree(path, ignore_errors=True)
        _check_room(folder)
        path = _write_backup(store, folder, now)
        _keep_newest(backups, now)
    made = BackupFile(path, now, path.stat().st_size)
    return replace(made, problem=_copy_to_second_place(path, second_folder, now)) if second_folder else made


def _write_backup(store: Store, folder: Path, now: datetime) -> Path:
    with tempfile.TemporaryDirectory(prefix="copy-", dir=folder / BACKUPS) as scratch:
        copy = Path(scratch) / DATABASE
        with store.held_still():
            sha256 = copy_in_child(folder / DATABASE, copy)
            tables = row_counts(store)
        if count_in_child(copy) != tables:
            raise BackupProblemError
        manifest = Manifest(now.astimezone(UTC), tuple(applied_migrations(store)), tables, {DATABASE: sha256})
        target = _free_name(folder / BACKUPS, now)
        write_archive(target, copy, folder / FILES, manifest)
    os.utime(target, (now.timestamp(), now.timestamp()))  # its age is read from here, without opening it
    return target


@contextmanager
def _as_sentence() -> Iterator[None]:
    try:
        yield
    except CopyFailedError as error:
        log.exception("the copy of the database failed")
        raise BackupProblemError from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise BackupProblemError("Für die Sicherung ist auf der Festplatte kein Platz mehr.") from error
        raise BackupProblemError("Die Sicherung ist nicht gelungen: {reason}", reason=error.strerror) from error


def _check_room(folder: Path) -> None:
    kept = sum(path.stat().st_size for path in (folder / FILES).glob("??/*"))
    needed = 2 * (folder / DATABASE).stat().st_size + kept + _ROOM_TO_SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        sentence = "Für die Sicherung fehlt Platz auf der Festplatte: {needed} MB nötig, {free} MB frei."
        raise BackupProblemError(sentence, needed=needed // 1_000_000, free=free // 1_000_000)


def _free_name(backups: Path, now: datetime) -> Path:
    stem = _stem(now)
    names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    return next(path for name in names if not (path := backups / f"{name}.zip").exists())


def _stem(moment: datetime) -> str:
    return f"theke-{moment.astimezone():%Y-%m-%d-%H%M}"


def _backups_in(folder: Path, now: datetime) -> tuple[list[Path], list[Path]]:
    """(from the future, all others), each oldest first. By their names: a copy on a stick has another file time."""
    found = [path for path in folder.glob("theke-*.zip") if _NAME.fullmatch(path.name)]
    ordered = sorted(found, key=lambda path: path.stem)
    latest = _stem(now + DUE_AFTER)
    return [path for path in ordered if path.stem > latest], [path for path in ordered if path.stem <= latest]


def _described(path: Path) -> BackupFile:
    status = path.stat()
    return BackupFile(path, datetime.fromtimestamp(status.st_mtime, UTC), status.st_size)


def _keep_newest(folder: Path, now: datetime) -> None:
    """Past and future apart: whichever of the two a wrong clock made, it pushes nothing of the other out."""
    for ordered in _backups_in(folder, now):
        for path in ordered[:-KEPT]:
            path.unlink(missing_ok=True)


def _clear_partials(folder: Path) -> None:
    for path in folder.glob("theke-*.zip.part"):
        path.unlink(missing_ok=True)


def _copy_to_second_place(path: Path, second_folder: str, now: datetime) -> str:
    """A sentence when it failed, else ''."""
    place = Path(second_folder)
    partial = place / f"{path.name}.part"
    try:
        _clear_partials(place)
        # A place that is not there is a stick that is not plugged in: making it would hide that.
        copy_in_child(path, partial)
        partial.replace(place / path.name)
        _keep_newest(place, now)
    except (OSError, CopyFailedError) as error:
        log.warning("second backup failed reason=%s", error)
        return SECOND_FAILED.format(place=place)
    return ""
