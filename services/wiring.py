"""Opens the real shop: the data folder's lock, the store with a backup before each migration, real or dry mail."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack
from pathlib import Path

from data.files import FileVault
from data.store import Store, StoreBrokenError, StoreBusyError, StoreDamagedError, StoreNewerError
from services.backup_archive import DATABASE, FILES
from services.backups import BACKUPS, before_migration
from services.demo import is_demo
from services.errors import (
    BusyError,
    DamagedError,
    InvalidInputError,
    MissingDataError,
    NewerDataError,
    ShopError,
    UnopenedError,
    disk_is_full,
)
from services.lock import hold_folder
from services.mail.dry_run import DryRunMailbox, DryRunMailer
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.process import ProcessSettings, Secrets
from services.reasons import give_reasons
from services.renewing import renew_database
from services.restoring import finish_restore
from services.settings import is_set_up
from services.shop import Shop
from services.templates import give_templates

log = logging.getLogger(__name__)


def open_shop(process: ProcessSettings) -> Shop:
    """The shop in `process.folder`, made if it is new.

    Raises BusyError when another process has it open, what `open_store` raises, and InvalidInputError for a folder
    that is not Theke's, or when a demo's is opened as a shop's or the other way round.
    """
    os.umask(0o077)  # whatever this process writes is for its user only
    with ExitStack() as undo:
        lock = hold_folder(process.folder)
        undo.callback(lock.release)
        finish_restore(process.folder)
        renew_database(process.folder)
        store = open_store(process.folder)
        undo.callback(store.close)
        _check_kind(store, process)
        give_reasons(store)
        give_templates(store)
        lock.announce(process.port)
        undo.pop_all()
    return Shop(
        store=store,
        files=FileVault(process.folder / "files"),
        secrets=Secrets(process.folder / "secrets.json"),
        process=process,
        mailbox=DryRunMailbox if process.demo else open_mailbox,
        mailer=DryRunMailer() if process.demo else YagmailMailer(),
        release=lock.release,
    )


def _check_kind(store: Store, process: ProcessSettings) -> None:
    """A real shop opened as a demo would drop every reply while its clocks stop."""
    if not is_set_up(store) or is_demo(store) == process.demo:
        return
    if process.demo:
        raise InvalidInputError(
            "In diesem Ordner liegt ein echter Betrieb. Für die Werkstatt zum Ausprobieren bitte einen anderen nehmen:"
            " {folder}",
            folder=process.folder,
        )
    raise InvalidInputError(
        "In diesem Ordner liegt die Werkstatt zum Ausprobieren; sie startet mit «python3 start.py demo»: {folder}",
        folder=process.folder,
    )


def open_store(folder: Path) -> Store:
    """The database of a folder that this process holds, made if the folder is new and changed if it is older.

    Raises BusyError, BackupProblemError, NewerDataError, MissingDataError, and DamagedError or UnopenedError.
    """
    _require_database(folder)
    try:
        return Store.open(folder / DATABASE, before_migration=before_migration(folder))
    except StoreBusyError:
        raise BusyError("Ein anderes Programm hat die Datenbank von Theke geöffnet. Bitte schließen Sie es.") from None
    except StoreNewerError:
        raise NewerDataError from None
    except StoreDamagedError as error:
        log.error("database is damaged: %s", error)
        raise DamagedError(folder=folder / BACKUPS) from None
    except StoreBrokenError as error:
        raise _unopened(folder / DATABASE, error) from None


def _require_database(folder: Path) -> None:
    """A shop whose database is gone must not go on as an empty one, whose backups would push the good ones out."""
    if (folder / DATABASE).exists():
        return
    found = sorted((folder / BACKUPS).glob("theke-*.zip"), key=lambda path: path.stem)
    if found:
        raise MissingDataError(
            "Die Datenbank fehlt, die Sicherungen eines Betriebs sind noch da. Die letzte zurückholen mit:"
            ' python3 start.py restore "{file}" --data "{folder}"',
            file=found[-1],
            folder=folder,
        )
    if any((folder / FILES).glob("??/*")):
        raise MissingDataError(
            "Die Datenbank fehlt, die Mails eines Betriebs sind noch da. Liegt am zweiten Ort eine Sicherung?"
            ' Zurückholen mit: python3 start.py restore DATEI --data "{folder}"',
            folder=folder,
        )


def _unopened(database: Path, error: StoreBrokenError) -> ShopError:
    if disk_is_full(error):
        return UnopenedError("Auf der Festplatte ist kein Platz mehr. An den Daten ist nichts kaputt.")
    if not (os.access(database.parent, os.W_OK) and os.access(database, os.R_OK | os.W_OK)):
        return UnopenedError(
            "Theke darf die Datenbank nicht lesen oder nicht ändern. An den Daten ist nichts kaputt: {file}",
            file=database,
        )
    reason = str(error).partition("\n")[0]
    return UnopenedError(
        "Die Datenbank lässt sich nicht öffnen ({reason}). An den Daten ist nichts kaputt.", reason=reason
    )
