"""What `start.py backup` and `start.py restore` run: `python -m services.backup_command …`.

While Theke runs, a backup is asked from it over loopback, because only its own process may open the database.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

from data.store import Store, StoreBusyError
from services.backup_archive import DATABASE, BackupProblemError
from services.backups import back_up
from services.erasing_again import ErasedAgain
from services.errors import BusyError, NotFoundError, ShopError
from services.lock import FolderLock, backup_token, hold_folder, running_address
from services.restoring import backup_made_at, finish_restore, restore_backup, what_would_be_lost
from services.settings import shop_settings
from services.shop import wall_clock

log = logging.getLogger(__name__)
_PATIENCE = 1800  # seconds a big backup may take
_YES = {"ja", "j", "yes", "y"}


def main(arguments: list[str]) -> int:
    """Run one command; the exit code. Sentences go to the terminal, German first."""
    parser = argparse.ArgumentParser(prog="start.py")
    parser.add_argument("command", choices=["backup", "restore"])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--yes", action="store_true")
    options = parser.parse_args(arguments)
    os.umask(0o077)  # what lies in a backup is for this user only
    try:
        if options.command == "backup":
            return _backup(options.data)
        with _held_for_restore(options.data) as lock:
            return _restore(options.file, lock, sure=options.yes)
    except (ShopError, StoreBusyError) as error:
        _say(str(error) if isinstance(error, ShopError) else "Die Datenbank ist in einem anderen Programm offen.")
        return 1
    except Exception:
        log.exception("command failed command=%s", options.command)
        _say("Das ist nicht gelungen; an den jetzigen Daten wurde nichts geändert. / This failed; nothing was changed.")
        return 1


def _backup(folder: Path) -> int:
    if not (folder / DATABASE).exists():
        raise NotFoundError("Hier liegen noch keine Daten: {folder}", folder=folder)
    address = running_address(folder)
    file, problem = _ask_running(address, backup_token(folder)) if address else _back_up_here(folder)
    _say(f"Gesichert / saved: {file}")
    if problem:
        _say(problem)
    return 1 if problem else 0


def _back_up_here(folder: Path) -> tuple[str, str]:
    with hold_folder(folder):
        finish_restore(folder)
        store = Store.open_as_it_is(folder / DATABASE)
        try:
            second = shop_settings(store).second_backup_folder
            made = back_up(store, folder, now=wall_clock(), second_folder=second)
        finally:
            store.close()
    return str(made.path), made.problem


def _ask_running(address: str, token: str) -> tuple[str, str]:
    headers = {"X-Theke-Backup": token}
    request = urllib.request.Request(f"{address}/intern/sicherung", method="POST", headers=headers)  # noqa: S310 loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        is_json = error.headers.get_content_type() == "application/json"
        raise BackupProblemError(json.load(error)["problem"] if is_json else "") from error
    except (OSError, ValueError) as error:
        raise BackupProblemError("Theke antwortet nicht. Bitte gleich noch einmal.") from error
    return told["file"], told["problem"]


def _held_for_restore(folder: Path) -> FolderLock:
    try:
        return hold_folder(folder)
    except BusyError as error:
        sentence = (
            f"{error}\nBitte zuerst Theke beenden, dann wiederherstellen. / Please stop Theke first, then restore."
        )
        raise BusyError(sentence) from error


def _restore(file: Path, lock: FolderLock, *, sure: bool) -> int:
    made_at = backup_made_at(file)
    _say(f"Sicherung vom {_local(made_at)}. / Backup of {_local(made_at)}.")
    _tell_loss(made_at, lock)
    if not sure and not _confirmed():
        _say("Es wurde nichts geändert. / Nothing was changed.")
        return 1
    done = restore_backup(file, lock, now=wall_clock())
    _say("Wiederhergestellt. / Restored.")
    if done.aside:
        _say(f"Der Stand von vorher liegt in / what was there before lies in: {done.aside}")
    if done.unsure:
        _say(f"{done.unsure} Mails waren unterwegs: bitte in Theke entscheiden. Von selbst geht nichts hinaus.")
        _say(f"{done.unsure} mails were on their way: please decide in Theke. Nothing leaves by itself.")
    _tell_erased(done.erased)
    if not (lock.folder / "secrets.json").exists():
        _say("Passwörter sind in keiner Sicherung: bitte das Postfach in den Einstellungen neu verbinden.")
        _say("Backups hold no passwords: please connect the mailbox again in the settings.")
    return 0


def _tell_erased(erased: ErasedAgain) -> None:
    """Whom the backup still held, although they had been erased."""
    if erased.people:
        _say(f"Personen, die seither gelöscht wurden und jetzt wieder gelöscht sind: {erased.people}.")
        _say(f"People who had been erased since, and are erased again now: {erased.people}.")
    if erased.undecided:
        _say(f"Löschwünsche, über die Sie in Theke entscheiden (Einstellungen, Daten): {erased.undecided}.")
        _say(f"Requests to be erased that you decide on in Theke (Einstellungen, Daten): {erased.undecided}.")


def _tell_loss(made_at: datetime, lock: FolderLock) -> None:
    try:
        loss = what_would_be_lost(made_at, lock)
    except Exception:
        # The present database may be the very thing that is broken: the restore must go on.
        log.exception("the present database cannot be read")
        _say("Der jetzige Stand lässt sich nicht lesen. / The present state cannot be read.")
        return
    newest = f" (zuletzt / newest: {_local(loss.newest_at)})" if loss.newest_at else ""
    _say(f"Seither kamen {loss.inquiries} Anfragen und {loss.messages} Nachrichten{newest}; sie sind danach nicht da.")
    _say(f"Since then {loss.inquiries} inquiries and {loss.messages} messages came; they will not be there.")


def _confirmed() -> bool:
    _say("Zum Wiederherstellen «ja» tippen. / Type yes to restore.")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in _YES


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%d.%m.%Y %H:%M}"


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
