"""Builders for tests of backups: what is put into a kept shop and read out of its folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

from data.store import Store
from services.lock import hold_folder
from services.restoring import Restored, restore_backup
from tests.builders import MONDAY

ROOT = Path(__file__).resolve().parents[2]


def put_setting(store: Store, name: str, value: str) -> None:
    with store.write() as tx:
        tx.insert("setting", {"name": name, "value": json.dumps(value), "changed_at": MONDAY})


DELETED = "words that were deleted, about Maria Hofer"


def leave_deleted_words(store: Store) -> None:
    """Rows that were written, came to lie in the file, and were deleted: the file keeps their bytes."""
    with store.write() as tx:
        for number in range(2000):  # too many for one block, and too different to be pressed together
            value = json.dumps(f"{DELETED} {hashlib.sha512(str(number).encode()).hexdigest() * 2}")
            tx.insert("setting", {"name": f"gone-{number}", "value": value, "changed_at": MONDAY})
    with store.held_still():
        pass
    with store.write() as tx:
        tx.run("DELETE FROM setting WHERE name LIKE 'gone-%'")


def put_outgoing(store: Store, **states: str) -> None:
    """One outbox row a state, named by its Message-ID."""
    with store.write() as tx:
        for mail_id, state in states.items():
            row = {"message_id": tx.new_id(), "mail_id": mail_id, "form_key": mail_id, "state": state}
            people = {"recipient_name": "", "recipient": "maria.hofer@example.org", "cc": ""}
            tx.insert("outbox", row | people | {"due_at": MONDAY, "attempts": 0, "problem": ""})


def setting_names(folder: Path) -> set[str]:
    store = Store.open_as_it_is(folder / "theke.duckdb")
    try:
        return {row[0] for row in store.read("SELECT name FROM setting")}
    finally:
        store.close()


def bring_back(file: Path, folder: Path) -> Restored:
    with hold_folder(folder) as lock:
        return restore_backup(file, lock, now=MONDAY + timedelta(days=1))


def rewritten(file: Path, target: Path, **entries: bytes) -> Path:
    """The backup with some entries of other content; names with __ for /."""
    changed = {name.replace("__", "/"): content for name, content in entries.items()}
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return target


def in_second_process(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command_line = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=False)
