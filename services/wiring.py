"""Opens the real shop: the data folder's lock, the store with a backup before each migration, real or dry mail."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack

from data.files import FileVault
from data.store import Store, StoreBrokenError, StoreBusyError
from services.backups import before_migration
from services.demo import is_demo
from services.errors import BusyError, DamagedError, InvalidInputError
from services.lock import hold_folder
from services.mail.dry_run import DryRunMailbox, DryRunMailer
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.process import ProcessSettings, Secrets
from services.restoring import finish_restore
from services.settings import is_set_up
from services.shop import Shop

log = logging.getLogger(__name__)


def open_shop(process: ProcessSettings) -> Shop:
    """The shop in `process.folder`, made if it is new.

    Raises BusyError when another process has it open, BackupProblemError or DamagedError when it cannot be opened,
    InvalidInputError when a demo's folder is opened as a shop's or the other way round.
    """
    os.umask(0o077)  # whatever this process writes is for its user only
    with ExitStack() as undo:
        lock = hold_folder(process.folder)
        undo.callback(lock.release)
        finish_restore(process.folder)
        store = _open_store(process)
        undo.callback(store.close)
        _check_kind(store, process)
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


def _open_store(process: ProcessSettings) -> Store:
    try:
        return Store.open(process.folder / "theke.duckdb", before_migration=before_migration(process.folder))
    except StoreBusyError:
        raise BusyError("Ein anderes Programm hat die Datenbank von Theke geöffnet. Bitte schließen Sie es.") from None
    except StoreBrokenError:
        log.exception("database does not open")
        raise DamagedError(folder=process.folder / "backups") from None
