"""One Theke a data folder: a lock file held for life, and a note of where the holder answers.

The note and the token lie beside the lock, not in it: Windows lets nobody read a locked file.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from services.errors import BusyError, InvalidInputError
from services.private_files import write_private

_LOCK, _NOTE, _TOKEN = "theke.lock", "running.json", "backup.token"
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"}
_OURS = {_LOCK, _NOTE, _TOKEN, "backups", "files", "secrets.json", "restore.json", "renew-database", *_OF_THE_SYSTEM}
_OUR_STARTS = ("theke.duckdb", "theke.log", "restore-", "vor-Wiederherstellung-")


class FolderLock:
    """The held lock of a data folder; made by `hold_folder` only."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self.folder = folder
        self._descriptor = descriptor

    def announce(self, port: int) -> None:
        """Write where this process answers on 127.0.0.1, and a fresh token for `start.py backup`."""
        write_private(self.folder / _TOKEN, secrets.token_urlsafe(32))
        write_private(self.folder / _NOTE, json.dumps({"port": port, "pid": os.getpid()}))

    def release(self) -> None:
        """Let the folder go; harmless when called twice."""
        if self._descriptor < 0:
            return
        _forget_note(self.folder)
        os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def hold_folder(folder: Path) -> FolderLock:
    """Take the folder for this process, making it if need be, and close it to other users (0700).

    Raises BusyError, naming the address, when another process has it, and InvalidInputError when the folder holds
    other things and no Theke.
    """
    if _belongs_to_others(folder):
        raise InvalidInputError(
            "In diesem Ordner liegen andere Dinge und keine Theke. Bitte einen leeren nehmen: {folder}", folder=folder
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if _take(descriptor):
        _close_to_others(folder)
        _forget_note(folder)  # of a holder that was killed
        return FolderLock(folder, descriptor)
    os.close(descriptor)
    address = _noted_address(folder)
    if address:
        raise BusyError("Theke läuft schon: {address}", address=address)
    raise BusyError("Ein anderes Programm von Theke arbeitet gerade mit diesen Daten. Bitte gleich noch einmal.")


def running_address(folder: Path) -> str:
    """Where the Theke of this folder answers, '' when none runs.

    Raises BusyError when the folder is held by one that does not answer yet, or by a backup.
    """
    if not (folder / _LOCK).exists():
        return ""
    try:
        hold_folder(folder).release()
    except BusyError:
        if address := _noted_address(folder):
            return address
        raise
    return ""


def backup_token(folder: Path) -> str:
    """The token that the running process wrote for `start.py backup`, '' when none runs."""
    try:
        return (folder / _TOKEN).read_text(encoding="ascii")
    except OSError:
        return ""


def is_backup_token(folder: Path, given: str) -> bool:
    """Whether `given` opens the backup route of the running process."""
    token = backup_token(folder)
    return bool(token) and hmac.compare_digest(token.encode(), given.encode())


def _belongs_to_others(folder: Path) -> bool:
    """Theke shuts its folder to other users and clears up in it: a home or the program's own is not for that."""
    if not folder.is_dir() or (folder / "theke.duckdb").exists() or any((folder / "backups").glob("theke-*.zip")):
        return False
    return any(path.name not in _OURS and not path.name.startswith(_OUR_STARTS) for path in folder.iterdir())


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _close_to_others(folder: Path) -> None:
    """A folder that was open before is shut, unless it is somebody else's or one that all share, like /tmp."""
    if sys.platform != "win32":
        status = folder.stat()
        if status.st_uid == os.getuid() and not status.st_mode & stat.S_ISVTX:
            with suppress(OSError):  # a file system without modes
                folder.chmod(0o700)


def _forget_note(folder: Path) -> None:
    for name in (_NOTE, _TOKEN):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _noted_address(folder: Path) -> str:
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        return f"http://127.0.0.1:{int(note['port'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


if __name__ == "__main__":
    # start.py asks before it becomes the server; it has the words for «held», the server those for «not ours».
    try:
        with suppress(InvalidInputError):
            sys.stdout.write(running_address(Path(sys.argv[1])))
    except BusyError:
        sys.exit(1)
