"""A shop for tests: a real store, a clock that stands still, and mail parts written by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

import data.inquiries
import data.staff
from data.files import FileVault
from data.records import (
    Actor,
    Inquiry,
    MailAccount,
    MailFolder,
    MailServer,
    OpeningHours,
    ShopSettings,
    StaffRole,
)
from data.store import Store
from services.errors import MailProblemError
from services.intake import fetch_mail
from services.mail.contract import FolderState, OutgoingMail, RawMail
from services.process import ProcessSettings, Secrets
from services.sending import send_due
from services.settings import put_mail_account, put_settings
from services.shop import Shop

MONDAY = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)  # 10:42 in Vienna
SHOP_ADDRESS = "info@kfz-muster.example"
Furnish = Callable[[Shop], object]


_DAY = ((480, 720), (780, 1080))
KFZ_MUSTER = ShopSettings(
    name="Kfz Muster",
    trade="kfz",
    country="AT",
    region="6",
    street="Musterstraße 12",
    town="8010 Graz",
    phone="0316 00 12 34",
    legal_footer="FN 123456a, LG Graz",
    hours=OpeningHours("Europe/Vienna", (_DAY, _DAY, _DAY, _DAY, ((450, 780),), (), ())),
    closed_on_holidays=True,
    answer_goal_minutes=240,
    public_url="",
    trusted_proxies="",
    second_backup_folder="",
    language="de",
    small_business=False,
)


class FrozenClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class FakeMailbox:
    """Two folders in memory, with the uids that a server would give."""

    folders: dict[MailFolder, list[RawMail]] = field(default_factory=lambda: {f: [] for f in MailFolder})
    validity: int = 1
    withheld: set[int] = field(default_factory=set)
    broken: str = ""
    no_sent_folder: bool = False

    def put(self, content: bytes, received_at: datetime, folder: MailFolder = MailFolder.INBOX) -> int:
        uid = len(self.folders[folder]) + 1
        self.folders[folder].append(RawMail(uid, content, received_at))
        return uid

    def open(self, account: MailAccount, password: str) -> FakeMailbox:
        if self.broken:
            raise MailProblemError(self.broken)
        return self

    def state(self, folder: MailFolder) -> FolderState:
        if folder == MailFolder.SENT and self.no_sent_folder:
            raise MailProblemError("Kein Ordner.")
        return FolderState(self.validity, len(self.folders[folder]) + 1)

    def uids(self, folder: MailFolder, *, after: int = 0, since: date | None = None) -> list[int]:
        mails = self.folders[folder]
        return [m.uid for m in mails if m.uid > after and (since is None or m.received_at.date() >= since)]

    def fetch(self, folder: MailFolder, uids: Sequence[int]) -> Iterator[RawMail]:
        return iter([m for m in self.folders[folder] if m.uid in uids and m.uid not in self.withheld])

    def in_sent(self, mail_id: str, since: date) -> bool:
        return any(mail_id.encode() in m.content for m in self.folders[MailFolder.SENT])

    def append_to_sent(self, content: bytes, sent_at: datetime) -> None:
        self.put(content, sent_at, MailFolder.SENT)

    def close(self) -> None: ...


@dataclass
class FakeMailer:
    """Takes every mail, or raises what a test asks for."""

    sent: list[OutgoingMail] = field(default_factory=list)
    problem: MailProblemError | None = None

    def send(self, account: MailAccount, password: str, mail: OutgoingMail) -> bytes:
        if self.problem is not None:
            raise self.problem
        self.sent.append(mail)
        return f"Message-ID: {mail.mail_id}\r\nSubject: {mail.subject}\r\n\r\n{mail.text}".encode()


@cache
def _place() -> tempfile.TemporaryDirectory[str]:
    """Where the databases of passing shops lie; it goes with the process."""
    return tempfile.TemporaryDirectory(prefix="theke-shops-")


@cache
def _migrated() -> bytes:
    """A database file that has seen every migration, made once a process.

    Its small blocks make it an eighth as long. Nobody has it open while it is read.
    """
    path = Path(_place().name, "migrated.duckdb")
    small = {"default_block_size": "16384", "storage_compatibility_version": "v1.5.0"}
    store = Store(duckdb.connect(str(path), config=small), path)
    store.migrate()
    store.close()
    return path.read_bytes()


@cache
def _furnished(furnish: Furnish, now: datetime) -> tuple[bytes, dict[Path, bytes]]:
    """Database and other files that `furnish` leaves of an empty shop at that moment, made once a process."""
    with tempfile.TemporaryDirectory(prefix="theke-furnished-") as name:
        shop = _open_shop(folder := Path(name), database := _passing_database(_migrated()), FrozenClock(now))
        furnish(shop)
        shop.store.close()
        # What it did to these would be missing in every other shop.
        assert (shop.now(), mailbox_of(shop), shop.mailer) == (now, FakeMailbox(), FakeMailer())
        files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    content = database.read_bytes()
    database.unlink()
    return content, files


_numbers = count(1)


def _passing_database(content: bytes) -> Path:
    """A file of its own for a shop that ends with its test."""
    path = Path(_place().name, f"{next(_numbers)}.duckdb")
    path.write_bytes(content)
    return path


def make_shop(
    folder: Path, *, in_memory: bool = True, clock: FrozenClock | None = None, furnish: Furnish | None = None
) -> Shop:
    """A shop on a real store, empty or as `furnish` leaves it.

    `in_memory` says that its database goes with it: it lies in no folder that a test sees, on a file made beforehand,
    which is opened in a third of the time that the migrations take in memory. `furnish` runs but once a process for
    each moment that a clock shows: it must be one and the same function, and leave nothing outside database and folder.
    """
    clock = clock or FrozenClock()
    if not in_memory:
        assert furnish is None
        return _open_shop(folder, folder / "theke.duckdb", clock)
    content, files = _furnished(furnish, clock.now) if furnish else (_migrated(), {})
    for name, written in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(written)
    shop = _open_shop(folder, database := _passing_database(content), clock)
    shop.release = lambda: database.unlink(missing_ok=True)
    return shop


def _open_shop(folder: Path, database: Path, clock: FrozenClock) -> Shop:
    mailbox, mailer = FakeMailbox(), FakeMailer()
    return Shop(
        store=Store.open(database),
        files=FileVault(folder / "files"),
        secrets=Secrets(folder / "secrets.json"),
        process=ProcessSettings(folder=folder),
        mailbox=mailbox.open,
        mailer=mailer,
        clock=clock,
    )


def account(connected_at: datetime = MONDAY - timedelta(days=60)) -> MailAccount:
    """A mailbox at a server that exists nowhere."""
    server = MailServer("127.0.0.1", 1, "none")
    return MailAccount(SHOP_ADDRESS, SHOP_ADDRESS, server, server, "", connected_at)


def letter(
    text: str = "Guten Tag, wann ist mein Golf fertig?",
    *,
    sender: str = "Maria Hofer <maria.hofer@example.org>",
    to: str = SHOP_ADDRESS,
    subject: str = "Mein Golf",
    message_id: str = "",
    **headers: str,
) -> bytes:
    """A plain mail; `headers` with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def hire(shop: Shop, name: str, role: StaffRole = StaffRole.STAFF) -> Actor:
    """Somebody who works here and is signed in."""
    with shop.store.write() as tx:
        staff_id = data.staff.insert_staff(
            tx,
            {"name": name, "job_title": "", "phone": "0512 555 870", "role": role, "language": "de", "pin_hash": ""},
            shop.now(),
        )
    return Actor(staff_id, name, role, "de", f"session-{staff_id}")


def connect(shop: Shop, mail: MailAccount | None = None) -> MailAccount:
    """A shop with a name and a mailbox."""
    mail = mail or account(shop.now() - timedelta(days=1))
    with shop.store.write() as tx:
        put_mail_account(tx, mail, shop.now())
        put_settings(tx, {"name": "Kfz Muster", "phone": "0512 555 870", "town": "6020 Innsbruck"}, shop.now())
    return mail


def mailbox_of(shop: Shop) -> FakeMailbox:
    """The fake mailbox behind a shop made by `make_shop`."""
    return shop.mailbox.__self__  # type: ignore[attr-defined]


def receive(shop: Shop, content: bytes, *, at: datetime | None = None, folder: MailFolder = MailFolder.INBOX) -> None:
    """A mail arrives and is fetched."""
    mailbox_of(shop).put(content, at or shop.now(), folder)
    fetch_mail(shop)


def mails_sent(shop: Shop) -> list[OutgoingMail]:
    """All that left, in that order."""
    assert isinstance(shop.mailer, FakeMailer)
    return shop.mailer.sent


def let_leave(shop: Shop) -> list[OutgoingMail]:
    """The twenty seconds are over and what waited leaves; all that left so far."""
    assert isinstance(shop.clock, FrozenClock)
    shop.clock.forward(seconds=21)
    send_due(shop)
    return mails_sent(shop)


def only_inquiry(shop: Shop) -> Inquiry:
    """The one inquiry there is."""
    rows = shop.store.read("SELECT id FROM inquiry WHERE merged_into IS NULL")
    assert len(rows) == 1
    found = data.inquiries.read_inquiry(shop.store, rows[0][0])
    assert found is not None
    return found
