"""The one place that wires real or fake parts into a shop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from data.files import FileVault
from data.store import Store
from services.mail.contract import Mailer, OpenMailbox
from services.process import ProcessSettings, Secrets
from services.refusals import Refusals
from services.report_cache import ReportCache
from services.visit_limits import LOOKS_PER_ADDRESS, LOOKS_PER_SHOP, VisitLimits

Clock = Callable[[], datetime]
Translator = Callable[[str], Callable[[str], str]]


def wall_clock() -> datetime:
    """Now, as aware UTC."""
    return datetime.now(UTC)


def german_only(language: str) -> Callable[[str], str]:
    """The translator of a shop without catalogues: every sentence stays as it is, German."""
    return str


@dataclass
class Shop:
    """Everything a use case needs; handed in as the first argument, never imported."""

    store: Store
    files: FileVault
    secrets: Secrets
    process: ProcessSettings
    mailbox: OpenMailbox
    mailer: Mailer
    clock: Clock = wall_clock
    present: dict[tuple[int, int], datetime] = field(default_factory=dict)  # (inquiry, staff) → last seen
    fetching: threading.RLock = field(default_factory=threading.RLock)
    refusals: Refusals = field(default_factory=Refusals)
    visits: VisitLimits = field(default_factory=VisitLimits)
    looks: VisitLimits = field(default_factory=lambda: VisitLimits(LOOKS_PER_ADDRESS, LOOKS_PER_SHOP))
    reports: ReportCache = field(default_factory=ReportCache)
    public_port_problem: str = ""  # why customers' own port is not served
    translator: Translator = german_only  # by language, for what leaves without a person; the catalogues are the pages'
    release: Callable[[], None] = lambda: None  # lets the data folder go

    @property
    def folder(self) -> Path:
        """Where this shop's data lies."""
        return self.process.folder

    def close(self) -> None:
        """Close the store, then let the folder go."""
        self.store.close()
        self.release()

    def now(self) -> datetime:
        """The shop's clock, aware UTC."""
        return self.clock()


_shop: list[Shop] = []


def use_shop(shop: Shop) -> None:
    """Make `shop` the one that screens and routes of this process serve."""
    _shop[:] = [shop]


def the_shop() -> Shop:
    """The shop of this process; RuntimeError before app.py (or a test) has set it."""
    if not _shop:
        raise RuntimeError("no shop is open in this process")
    return _shop[0]
