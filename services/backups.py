"""Backups: a copy of the database that was opened and counted, with all mails and attachments, in one file.

A shop's PC is off at night, so a backup is due 20 hours after the last one, not at a time of day.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import data.jobs
import data.settings
from data.copies import CopyFailedError, applied_migrations, copy_in_child, fresh_in_child, row_counts
from data.records import Actor
from data.store import Reader, Store, Transaction
from services.backup_archive import (
    DATABASE,
    FILES,
    BackupProblemError,
    Manifest,
    write_archive,
)
from services.erased_list import ErasedListError, keep_erased
from services.errors import InvalidInputError
from services.settings import save_settings, shop_settings
from services.shop import Shop, wall_clock
from services.staff import require_owner
from services.typed import short_line

log = logging.getLogger(__name__)

BACKUPS = "backups"
SECOND_COPY = "second_copy"  # the name under which job_run keeps how the last copy into the second place went
BACKUP_MARK = "backup_mark"  # the setting that tells this shop from every other
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


def keep_second_folder(shop: Shop, actor: Actor, folder: str) -> str:
    """Set the second place and put the last backup there at once, '' for none; a sentence when that copy failed.

    Raises NotAllowedError, and InvalidInputError for a folder that is not there, not writable or in the data folder.
    """
    require_owner(actor)
    folder = short_line(folder, 400)
    if folder:
        _check_second_folder(Path(folder), shop.folder)
    save_settings(shop, actor, second_backup_folder=folder)
    with shop.store.write() as tx:
        data.jobs.forget_run(tx, SECOND_COPY)
    newest = list_backups(shop)[:1]
    return _copy_and_note(shop.store, newest[0].path, folder, shop.now()) if folder and newest else ""


def backup_due(shop: Shop, *, now: datetime) -> bool:
    """Whether no backup lies within 20 hours of now; one from a future that a wrong clock made does not count."""
    return all(abs(now - backup.made_at) > DUE_AFTER for backup in list_backups(shop))


def list_backups(shop: Shop) -> list[BackupFile]:
    """What lies in the backup folder, newest first; at the end what a wrong clock dated into the future."""
    future, past = _backups_in(shop.folder / BACKUPS, _by_shops_clock(shop.store, shop.now()))
    return [_described(path) for path in (*reversed(past), *reversed(future))]


def before_migration(folder: Path, clock: Callable[[], datetime] = wall_clock) -> Callable[[Store], None]:
    """For `Store.open(…, before_migration=…)`: backs the data folder up before its database is changed."""

    def keep_what_was(store: Store) -> None:
        made = back_up(store, folder, now=clock())
        log.info("backup before migration file=%s", made.path.name)

    return keep_what_was


def back_up(store: Store, folder: Path, *, now: datetime, second_folder: str = "") -> BackupFile:
    """Back up the data folder of an open store; raises BackupProblemError."""
    now = _by_shops_clock(store, now)
    with _one_at_a_time, _as_sentence():
        backups = folder / BACKUPS
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_partials(backups)
        for path in backups.glob("copy-*"):
            shutil.rmtree(path, ignore_errors=True)
        _check_room(folder)
        _keep_erased(store, backups)
        path = _write_backup(store, folder, now)
        _keep_newest(backups, now)
    made = BackupFile(path, now.astimezone(UTC), path.stat().st_size)
    return replace(made, problem=_copy_and_note(store, path, second_folder, now)) if second_folder else made


def _keep_erased(store: Store, backups: Path) -> None:
    """The list that belongs to the backup. One that cannot be read or written is told where somebody is erased or comes
    back; a backup is worth more."""
    try:
        with store.write(counts=False) as tx:  # nobody is erased meanwhile
            keep_erased(tx, backups)
    except (ErasedListError, OSError) as error:
        log.warning("list of the erased not written reason=%s", error.__cause__ or error)


def _write_backup(store: Store, folder: Path, now: datetime) -> Path:
    with tempfile.TemporaryDirectory(prefix="copy-", dir=folder / BACKUPS) as scratch:
        held, copy = Path(scratch) / "held.duckdb", Path(scratch) / DATABASE
        with store.held_still():
            copy_in_child(folder / DATABASE, held)
            tables, migrations = row_counts(store), tuple(applied_migrations(store))
        made = fresh_in_child(held, copy)  # what was deleted does not go along
        held.unlink()
        if made.tables != tables:
            raise BackupProblemError
        manifest = Manifest(now.astimezone(UTC), migrations, tables, {DATABASE: made.sha256})
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


def _by_shops_clock(db: Reader, moment: datetime) -> datetime:
    """The moment in the shop's zone: files are named by the time that the screens tell."""
    return moment.astimezone(ZoneInfo(shop_settings(db).hours.zone))


def _stem(local: datetime) -> str:
    return f"theke-{local:%Y-%m-%d-%H%M}"


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
    """Past and future apart: whichever of the two a wrong clock made, it pushes nothing of the other out.

    Of several backups of one day the earlier ones go first, so that many taps on one day cost no other day.
    """
    for ordered in _backups_in(folder, now):
        last_of_day = set({_day(path): path for path in ordered}.values())
        expendable = sorted(ordered, key=lambda path: (path in last_of_day, path.stem))
        for path in expendable[: max(0, len(ordered) - KEPT)]:
            path.unlink(missing_ok=True)


def _day(path: Path) -> str:
    return path.stem[: len("theke-2026-11-22")]


def _clear_partials(folder: Path) -> None:
    for path in folder.glob("theke-*.zip.part"):
        path.unlink(missing_ok=True)


def _check_second_folder(folder: Path, data_folder: Path) -> None:
    if not folder.is_absolute():
        raise InvalidInputError("Bitte schreiben Sie den ganzen Pfad. Beispiel: /media/stick/theke")
    if not folder.is_dir():
        raise InvalidInputError("Diesen Ordner gibt es nicht: {folder}. Ist der Datenträger angesteckt?", folder=folder)
    if folder.resolve().is_relative_to(data_folder.resolve()):
        raise InvalidInputError("Dieser Ordner liegt im Datenordner von Theke. Er ginge mit ihm verloren.")
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"theke")
    except OSError as error:
        raise InvalidInputError("In diesen Ordner kann Theke nicht schreiben: {folder}", folder=folder) from error


def _copy_and_note(store: Store, path: Path, second_folder: str, now: datetime) -> str:
    """A sentence when the copy failed, else ''; kept until another copy is made, for all screens to tell."""
    with store.write() as tx:
        place = Path(second_folder) / _own_folder(tx, now)
    problem = _copy_to_second_place(store, path, place, _by_shops_clock(store, now))
    with store.write() as tx:
        data.jobs.record_run(tx, SECOND_COPY, now, now, problem)
    return problem


def _own_folder(tx: Transaction, now: datetime) -> str:
    """A name that no other shop has: on one stick two shops, or one set up anew, push nothing of each other out."""
    mark = data.settings.read_setting(tx, BACKUP_MARK)
    if mark is None:
        mark = secrets.token_hex(4)
        data.settings.write_setting(tx, BACKUP_MARK, mark, now)
    return f"theke-{mark}"


def _copy_to_second_place(db: Reader, path: Path, place: Path, now: datetime) -> str:
    """A sentence when it failed, else ''."""
    partial = place / f"{path.name}.part"
    try:
        place.mkdir(exist_ok=True)  # not its parents: a stick that is not plugged in would be made up and so hidden
        _clear_partials(place)
        copy_in_child(path, partial)
        partial.replace(place / path.name)
        keep_erased(db, place, path.parent)  # a restore from there has to know, too
        _keep_newest(place, now)
    except ErasedListError as error:
        log.warning("second list of the erased not written reason=%s", error.__cause__)
        return str(error)
    except (OSError, CopyFailedError) as error:
        log.warning("second backup failed reason=%s", error)
        return SECOND_FAILED.format(place=place.parent)
    return ""
