"""Small files that are the shop's own: passwords, tokens, notes to the next start."""

from __future__ import annotations

import os
from pathlib import Path

from data.files import fsync_folder


def write_private(path: Path, text: str) -> None:
    """Write the file for this user only (0600), durably; at any moment it holds the old text or all of the new."""
    partial = path.with_name(f"{path.name}.part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    fsync_folder(path.parent)
