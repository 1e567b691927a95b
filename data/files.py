"""Mails and attachments as files named by their SHA-256: written and fsynced before the row that names them,
never changed, read by nothing but this module."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


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
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(exist_ok=True)
        fsync_folder(self.folder)
        partial = target.with_name(f"{sha256}.{secrets.token_hex(4)}.part")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        fsync_folder(target.parent)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content; FileNotFoundError if it was never kept."""
        return self.path(sha256).read_bytes()


def fsync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable. Windows has no descriptor for folders and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
