"""Mails and attachments as files named by their SHA-256: written and fsynced before the row that names them,
never changed, read by nothing but this module."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_SYNCS_AT_ONCE = 8


class FileVault:
    """Content-addressed files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
            if target not in partials and not target.exists():
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
