"""What `start.py pin` runs: `python -m services.pin_command --data …`, the way back in for an owner who forgot the PIN.

Whoever may write the data folder on the shop's own PC may do this; nothing over the network leads here.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from data.records import Staff, StaffRole
from data.store import Store
from services.backup_archive import DATABASE
from services.errors import BusyError, InvalidInputError, NotFoundError, ShopError
from services.lock import FolderLock, hold_folder
from services.restoring import finish_restore
from services.staff import list_staff, renew_owner_pin
from services.wiring import open_store

_TRIES = 3


def main(arguments: list[str]) -> int:
    """Ask for an owner and a new PIN, and set it; the exit code. Sentences go to the terminal, German first."""
    parser = argparse.ArgumentParser(prog="start.py pin")
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args(arguments).data
    os.umask(0o077)  # a log of the database is for this user only
    try:
        with _held(folder) as lock:
            _renew(lock.folder)
    except ShopError as error:
        _say(str(error))
        return 1
    except (EOFError, KeyboardInterrupt):
        _say("\nAbgebrochen; geändert wurde nichts. / Stopped; nothing was changed.")
        return 1
    return 0


def _held(folder: Path) -> FolderLock:
    if not (folder / DATABASE).exists():
        raise NotFoundError("Hier liegen noch keine Daten / no data here yet: {folder}", folder=folder)
    try:
        return hold_folder(folder)
    except BusyError as error:
        cure = "Bitte zuerst Theke beenden (Strg+C), dann noch einmal. / Please stop Theke first, then try again."
        sentence = f"{error}\n{cure}"
        raise BusyError(sentence) from error


def _renew(folder: Path) -> None:
    finish_restore(folder)
    store = open_store(folder)
    try:
        owner = _chosen_owner(store)
        _ask_until_it_fits(store, owner)
    finally:
        store.close()
    _say("Die neue PIN gilt. Alle Sperren sind aufgehoben. Theke kann wieder starten: python3 start.py")
    _say("The new PIN is set. All locks are lifted. Theke can start again: python3 start.py")


def _chosen_owner(store: Store) -> Staff:
    owners = [person for person in list_staff(store) if person.active and person.role is StaffRole.OWNER]
    if not owners:
        raise NotFoundError("Hier ist noch niemand Inhaber; bitte zuerst einrichten. / No owner yet: set up first.")
    _say("Inhaber / owners:")
    for number, owner in enumerate(owners, 1):
        _say(f"  {number}  {owner.name}")
    return owners[0] if len(owners) == 1 else owners[_number(len(owners)) - 1]


def _number(most: int) -> int:
    for _ in range(_TRIES):
        answer = input("Wessen PIN? Nummer / whose PIN? Number: ").strip()
        if answer.isdecimal() and 1 <= int(answer) <= most:
            return int(answer)
    raise EOFError


def _ask_until_it_fits(store: Store, owner: Staff) -> None:
    for _ in range(_TRIES):
        pin = getpass.getpass(f"Neue PIN für / new PIN for {owner.name}: ")
        if pin != getpass.getpass("Noch einmal / once more: "):
            _say("Die beiden sind nicht gleich. / The two differ.")
            continue
        try:
            return renew_owner_pin(store, owner.id, pin)
        except InvalidInputError as error:
            _say(f"{error}\nSix digits or more, neither equal ones nor a run such as 123456.")
    raise EOFError


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
