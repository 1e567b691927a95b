"""Mails and attachments as files named by their SHA-256: written and fsynced before the row that names them,
never changed, read by nothing but this module."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_SYNCS_AT_ONCE = 8
_REMEMBERED = 600.0
JUST_KEPT = _REMEMBERED  # seconds within which the row that names a kept content may still be on its way


class FileVault:
    """Content-addressed files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: OrderedDict[str, float] = OrderedDict()  # when a content was kept last, the longest ago first
        self._deciding = threading.Lock()  # nothing is deleted between the note that it is kept and the look for it
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the content lies; ValueError for anything that is no hash (never a path from outside)."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a sha256")
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Write `content` durably, once; its SHA-256."""
        with self.together() as keep:
            return keep(content)

    @contextmanager
    def together(self) -> Iterator[Callable[[bytes], str]]:
        """A `keep` for many contents that are all durable when the block ends; the disk is waited for once.

        Nothing but the SHA-256 stays in memory. A block that fails leaves nothing behind.
        """
        partials: dict[Path, Path] = {}
        folders: set[Path] = set()

        def keep(content: bytes) -> str:
            sha256 = hashlib.sha256(content).hexdigest()
            target = self.path(sha256)
            folders.add(target.parent)  # of a known content too: who wrote it may have died before this
            if not self.note_kept(sha256) and target not in partials:
                target.parent.mkdir(exist_ok=True)
                partials[target] = target.with_name(f"{sha256}.{secrets.token_hex(4)}.part")
                partials[target].write_bytes(content)
            return sha256

        try:
            yield keep
            _side_by_side(_fsync_file, partials.values())
            for target, partial in partials.items():
                partial.replace(target)
            _side_by_side(fsync_folder, [self.folder, *folders])
        finally:
            for partial in partials.values():
                partial.unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """The content; FileNotFoundError if it was never kept."""
        return self.path(sha256).read_bytes()

    def head(self, sha256: str, size: int) -> bytes:
        """The first `size` bytes; FileNotFoundError if it was never kept."""
        with self.path(sha256).open("rb") as file:
            return file.read(size)

    def delete(self, sha256: str) -> bool:
        """Take a content off the disk that no row names; False, and nothing done, when it was kept just now.

        Call it where nobody can write a row meanwhile. Harmless when it is gone already.
        """
        path = self.path(sha256)
        with self._deciding:
            if time.monotonic() - self._kept.get(sha256, -JUST_KEPT) < JUST_KEPT:
                return False
            path.unlink(missing_ok=True)
        if path.parent.exists():
            fsync_folder(path.parent)
        return True

    def note_kept(self, sha256: str) -> bool:
        """For a while this content is not deleted: its row is on its way. Whether it lies here already."""
        now = time.monotonic()
        with self._deciding:
            self._kept.pop(sha256, None)
            self._kept[sha256] = now
            while now - next(iter(self._kept.values())) > _REMEMBERED:
                self._kept.popitem(last=False)
            return self.path(sha256).exists()

    def contents(self) -> set[str]:
        """The SHA-256 of every content that lies here."""
        return {path.name for path in self.folder.glob("??/*") if not path.suffix}

    def clear_partials(self) -> None:
        """Take away what a stop left half-written."""
        for path in self.folder.glob("??/*.part"):
            if time.time() - path.stat().st_mtime > JUST_KEPT:
                path.unlink(missing_ok=True)


def _side_by_side(sync: Callable[[Path], None], paths: Iterable[Path]) -> None:
    """Sync all `paths`; the file system then waits for the disk once for several of them."""
    with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
        list(pool.map(sync, paths))  # the list raises what a thread raised


def _fsync_file(path: Path) -> None:
    with path.open("r+b") as file:  # Windows refuses to sync what is open for reading
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable. Windows has no descriptor for folders and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
