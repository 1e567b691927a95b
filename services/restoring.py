"""Bring a backup back: the present state is set aside, never deleted, and nothing leaves by itself afterwards. Whoever
was erased since is erased again.

The new state is unpacked and checked beside the old one. Then a note is written and the two change places; if the
machine stops in between, `finish_restore` goes on from the note at the next start.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import data.bookings
import data.notices
from data.copies import counted_since, row_counts, settle_restored
from data.files import FileVault, fsync_folder
from data.store import MIGRATIONS, Store
from services.backup_archive import (
    DATABASE,
    FILES,
    BadBackupError,
    read_manifest,
    unpack_archive,
    unpacked_size,
)
from services.backups import BACKUPS
from services.erased_list import ErasedList, read_erased, write_erased
from services.erasing_again import ErasedAgain, erase_again
from services.lock import FolderLock
from services.notices import notice_keys
from services.private_files import write_private
from services.receipts import pause_after_restore
from services.renewing import ask_renewal
from services.settings import shop_settings

_PLAN = "restore.json"
_ROOM_TO_SPARE = 50_000_000
# The write-ahead log goes first: it must never meet the other database.
_MOVED = (f"{DATABASE}.wal", DATABASE, FILES)
_UNSURE = "Aus einer Sicherung zurückgeholt: Diese Mail ist vielleicht schon hinausgegangen."


@dataclass(frozen=True)
class Loss:
    """What a restore would set aside; `newest_at` is None when there is no message."""

    inquiries: int
    messages: int
    newest_at: datetime | None


@dataclass(frozen=True)
class Restored:
    made_at: datetime
    aside: Path | None  # where the state from before lies now
    unsure: int  # mails that a person must decide on
    erased: ErasedAgain  # who had been erased since the backup


def backup_made_at(file: Path) -> datetime:
    """When the backup was made, aware UTC; BadBackupError when it is none, or one of a newer Theke."""
    manifest = read_manifest(file)
    if set(manifest.migrations) - {path.name for path in MIGRATIONS.glob("*.sql")}:
        raise BadBackupError("Diese Sicherung stammt von einer neueren Theke. Bitte zuerst Theke erneuern.")
    return manifest.made_at


def what_would_be_lost(made_at: datetime, lock: FolderLock) -> Loss:
    """What has come since `made_at`; whatever DuckDB raises when the present database cannot be read."""
    present = lock.folder / DATABASE
    if not present.exists():
        return Loss(0, 0, None)
    store = Store.open_as_it_is(present)
    try:
        return Loss(*counted_since(store, made_at))
    finally:
        store.close()


def restore_backup(file: Path, lock: FolderLock, *, now: datetime) -> Restored:
    """Put the backup in the place of the present state, which is kept in a folder beside it.

    The held lock is the proof that no Theke runs. Who was erased is known from the lists in the data folder and beside
    the backup; afterwards that of the data folder knows both. Raises BadBackupError, and ErasedListError for a list
    that cannot be read; then nothing has changed.
    """
    folder = lock.folder
    finish_restore(folder)
    backup_made_at(file)
    _check_room(file, folder)
    time = f"{now.astimezone():%Y-%m-%d-%H%M%S}"
    new, aside = folder / f"restore-{time}.part", folder / f"vor-Wiederherstellung-{time}"
    erased = read_erased(folder / BACKUPS, file.parent)
    new.mkdir(mode=0o700)
    try:
        restored = _prepare(file, new, now, erased)
        write_erased(folder / BACKUPS, erased)
        if restored.erased.people:
            ask_renewal(folder)
        write_private(folder / _PLAN, json.dumps({"new": new.name, "aside": aside.name}))
    except BaseException:
        (folder / _PLAN).unlink(missing_ok=True)  # first: half of what goes now must never take the other's place
        shutil.rmtree(new, ignore_errors=True)
        raise
    finish_restore(folder)
    return replace(restored, aside=aside if aside.exists() else None)


def finish_restore(folder: Path) -> bool:
    """Carry a restore that was interrupted to its end; whether there was one. Call it with the folder held."""
    note = folder / _PLAN
    if not note.exists():
        return False
    plan = json.loads(note.read_text(encoding="utf-8"))
    new, aside = folder / plan["new"], folder / plan["aside"]
    for name in _MOVED:
        if (new / name.removesuffix(".wal")).exists():
            _change_places(folder / name, new / name, aside / name)
    note.unlink()
    fsync_folder(folder)
    shutil.rmtree(new, ignore_errors=True)
    return True


def _change_places(present: Path, new: Path, aside: Path) -> None:
    """Safe to repeat: what has been set aside once stays there."""
    if present.exists() and not aside.exists():
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        present.rename(aside)
    if new.exists():
        new.rename(present)


def _prepare(file: Path, new: Path, now: datetime, erased: ErasedList) -> Restored:
    manifest = unpack_archive(file, new)
    (new / FILES).mkdir(mode=0o700, exist_ok=True)
    store = Store.open_as_it_is(new / DATABASE)
    try:
        if row_counts(store) != manifest.tables:
            raise BadBackupError
        store.migrate()
        with store.write() as tx:
            pause_after_restore(tx, now)  # before the others: a receipt is nobody's to decide
            unsure = settle_restored(tx, _UNSURE)
            data.bookings.settle_restored(tx, now)
            data.notices.settle_restored(tx, notice_keys(shop_settings(tx), now), now, _UNSURE)
        again = erase_again(store, FileVault(new / FILES), erased, now)
    finally:
        store.close()
    return Restored(manifest.made_at, None, unsure, again)


def _check_room(file: Path, folder: Path) -> None:
    needed, free = unpacked_size(file) + _ROOM_TO_SPARE, shutil.disk_usage(folder).free
    if free < needed:
        sentence = "Zum Wiederherstellen fehlt Platz auf der Festplatte: {needed} MB nötig, {free} MB frei."
        raise BadBackupError(sentence, needed=needed // 1_000_000, free=free // 1_000_000)
