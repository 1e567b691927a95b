"""A database file without the bytes of what was deleted: written anew at the next start, once somebody was erased.

The file drops what was changed only when it needs the room, so a note is left for the next start, which copies every
row into a new file and lets that take the old one's place. Stopped anywhere, the old file is whole and the note stays.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from data.copies import CopyFailedError, renew_in_child
from data.files import fsync_folder
from services.backup_archive import DATABASE
from services.private_files import write_private

log = logging.getLogger(__name__)

NOTE = "renew-database"
_ROOM_TO_SPARE = 50_000_000  # bytes that must stay free


def ask_renewal(folder: Path) -> None:
    """The next start writes the database anew. Call it before a deletion is committed: once too often is harmless."""
    write_private(folder / NOTE, "")


def renew_database(folder: Path) -> bool:
    """Write the database anew if that was asked for; whether it was done. Call it with the folder held and before the
    database is opened. When it does not work the old file stays, and the next start tries again."""
    note, database, new = folder / NOTE, folder / DATABASE, folder / f"{DATABASE}.new"
    if not note.exists() or not database.exists():
        return False
    try:
        new.unlink(missing_ok=True)
        if shutil.disk_usage(folder).free < database.stat().st_size + _ROOM_TO_SPARE:
            log.warning("database not written anew: too little room")
            return False
        renew_in_child(database, new)
        new.replace(database)
        fsync_folder(folder)
        note.unlink()
    except (CopyFailedError, OSError) as error:
        log.warning("database not written anew reason=%s", error)
        new.unlink(missing_ok=True)
        return False
    log.info("database written anew")
    return True
