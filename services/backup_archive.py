"""What a backup looks like: one .zip with `theke.duckdb`, `files/…` and `manifest.json`, everything stored as it is.

Passwords (`secrets.json`) are never in it. A file that is handed in is believed only if its names and sums agree.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from data.files import fsync_folder
from services.errors import ShopError

DATABASE = "theke.duckdb"
FILES = "files"
FORMAT = 1
_MANIFEST = "manifest.json"
_KEPT_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_CHUNK = 1024 * 1024
_NOTE = "Passwörter sind nicht in dieser Sicherung. / This backup holds no passwords."


class BackupProblemError(ShopError):
    """Die Sicherung ist nicht gelungen."""


class BadBackupError(ShopError):
    """Diese Datei ist keine Sicherung von Theke oder sie ist beschädigt."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime  # aware UTC
    migrations: tuple[str, ...]
    tables: dict[str, int]  # rows a table
    sha256: dict[str, str]  # name in the zip → sum


def write_archive(target: Path, database: Path, files: Path, manifest: Manifest) -> None:
    """Write the backup beside `target` and rename it when it lies safely on the disk; OSError when it cannot."""
    partial = target.with_name(target.name + ".part")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.write(database, DATABASE)
            sums = dict(manifest.sha256) | _add_files(archive, files)
            archive.writestr(_MANIFEST, _to_json(manifest, sums))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    fsync_folder(target.parent)


def read_manifest(file: Path) -> Manifest:
    """What the backup says of itself; BadBackupError for anything that is none."""
    with _reading(file) as archive:
        return _manifest_of(archive)


def unpack_archive(file: Path, target: Path) -> Manifest:
    """Unpack a backup into the empty folder `target` and check every sum; BadBackupError if anything disagrees."""
    with _reading(file) as archive:
        manifest = _manifest_of(archive)
        for name, sha256 in manifest.sha256.items():
            _unpack_one(archive, name, sha256, target)
    for folder in {target, *((target / name).parent for name in manifest.sha256)}:
        fsync_folder(folder)
    return manifest


def unpacked_size(file: Path) -> int:
    """How many bytes the backup needs on the disk."""
    with _reading(file) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _add_files(archive: zipfile.ZipFile, files: Path) -> dict[str, str]:
    sums: dict[str, str] = {}
    for path in sorted(files.glob("??/*")):
        name = f"{FILES}/{path.parent.name}/{path.name}"
        if not _KEPT_FILE.fullmatch(name):
            continue  # half-written
        with suppress(FileNotFoundError), path.open("rb") as reading:  # erased since the listing
            entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
            with archive.open(entry, "w") as writing:
                sums[name] = _copy_and_sum(reading, writing)
    return sums


@contextmanager
def _reading(file: Path) -> Iterator[zipfile.ZipFile]:
    if not file.is_file():
        raise BadBackupError("Diese Datei gibt es nicht: {file}", file=file)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, RuntimeError) as error:
        raise BadBackupError from error


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    loaded = json.loads(archive.read(_MANIFEST))
    if loaded["format"] > FORMAT:
        raise BadBackupError("Diese Sicherung stammt von einer neueren Theke. Bitte zuerst Theke erneuern.")
    manifest = Manifest(
        made_at=datetime.fromisoformat(loaded["made_at"]),
        migrations=tuple(loaded["migrations"]),
        tables={str(name): int(rows) for name, rows in loaded["tables"].items()},
        sha256={str(name): str(sum_) for name, sum_ in loaded["sha256"].items()},
    )
    names = [entry.filename for entry in archive.infolist()]
    if sorted(names) != sorted([*manifest.sha256, _MANIFEST]) or DATABASE not in names or not all(map(_is_ours, names)):
        raise BadBackupError
    return manifest


def _is_ours(name: str) -> bool:
    return name in (DATABASE, _MANIFEST) or _KEPT_FILE.fullmatch(name) is not None


def _unpack_one(archive: zipfile.ZipFile, name: str, sha256: str, target: Path) -> None:
    path = target / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(name) as reading, path.open("xb") as writing:
        found = _copy_and_sum(reading, writing)
        writing.flush()
        os.fsync(writing.fileno())
    if found != sha256:
        raise BadBackupError


def _copy_and_sum(reading: IO[bytes], writing: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := reading.read(_CHUNK):
        digest.update(chunk)
        writing.write(chunk)
    return digest.hexdigest()


def _to_json(manifest: Manifest, sums: dict[str, str]) -> str:
    told = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat(), "sha256": sums, "note": _NOTE}
    return json.dumps(told, ensure_ascii=False, indent=1)
