"""Mail servers for tests, all on 127.0.0.1: a real one that keeps mail, and SMTP servers that misbehave on purpose."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from imap_tools import MailBoxUnencrypted

from data.records import MailAccount, MailServer

HOST = "127.0.0.1"
PASSWORD = "geheim"
CONNECTED_AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class MailServers:
    """Where mail-devel listens; every address has a mailbox at once, with the same password."""

    imap_port: int
    smtp_port: int
    password: str = PASSWORD

    def account(self, address: str) -> MailAccount:
        """The account of `address`, with a folder «Sent» that exists."""
        with self.box(address) as box:
            if not box.folder.exists("Sent"):
                box.folder.create("Sent")
        return account_for(address, imap=self.imap_port, smtp=self.smtp_port)

    @contextlib.contextmanager
    def box(self, address: str) -> Iterator[MailBoxUnencrypted]:
        """The mailbox of `address` as its owner's mail program has it: may write."""
        with MailBoxUnencrypted(HOST, self.imap_port, timeout=10).login(address, self.password) as box:
            yield box

    def put(self, address: str, raw: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Lay a mail into a folder, as if it had come."""
        with self.box(address) as box:
            box.append(raw, folder, dt=at)

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """What lies in a folder, oldest first."""
        with self.box(address) as box:
            box.folder.set(folder)
            return [mail.obj.as_bytes() for mail in box.fetch(mark_seen=False)]


def account_for(
    address: str, *, imap: int = 1, smtp: int = 1, tls: str = "none", imap_tls: str = "none", user: str = ""
) -> MailAccount:
    """An account on this machine."""
    return MailAccount(
        address=address,
        user=user or address,
        imap=MailServer(HOST, imap, imap_tls),
        smtp=MailServer(HOST, smtp, tls),
        sent_folder="",
        connected_at=CONNECTED_AT,
    )


@contextlib.contextmanager
def mail_devel() -> Iterator[MailServers]:
    """A running mail-devel; stopped by its own process id."""
    imap, smtp = free_port(), free_port()
    command = [sys.executable, "-m", "mail_devel", "--host", HOST, "--multi-user", "--password", PASSWORD, "--no-http"]
    ports = ["--imap-port", str(imap), "--smtp-port", str(smtp)]
    process = subprocess.Popen([*command, *ports], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(imap)
        wait_for_port(smtp)
        yield MailServers(imap, smtp)
    finally:
        process.terminate()
        process.wait(10)


@dataclass
class SmtpScript:
    """What a misbehaving server says; None lets the mail through. `at_end` and `at_data` may also drop or wait."""

    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_mail: str | None = None
    at_end: str | None = None
    drop_after_data: bool = False
    drop_at_rcpt: bool = False
    wait: float = 0
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0

    @property
    def raw(self) -> list[bytes]:
        """The mails that arrived whole, byte for byte."""
        return [envelope.original_content or b"" for envelope in self.envelopes]

    async def handle_EHLO(  # noqa: N802 aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.drop_at_rcpt:
            server.transport.abort()
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_end:
            return self.at_end
        self.envelopes.append(envelope)
        if self.drop_after_data:
            server.transport.abort()
        await asyncio.sleep(self.wait)
        return "250 OK"


@contextlib.contextmanager
def smtp_server(
    script: SmtpScript, *, tls: str = "none", context: ssl.SSLContext | None = None, auth: bool = True
) -> Iterator[int]:
    """The port of an SMTP server that behaves as `script` says."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        script.logins.append((data.login.decode(), data.password.decode()))
        # handled=True would leave the client without an answer.
        return AuthResult(success=data.password.decode() in {PASSWORD, "Größe"}, handled=False)

    port = free_port()
    options = {"authenticator": check, "auth_require_tls": False} if auth else {}
    controller = Controller(
        script,
        hostname=HOST,
        port=port,
        ssl_context=context if tls == "ssl" else None,
        tls_context=context if tls == "starttls" else None,
        **options,
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@dataclass(frozen=True)
class TestCertificates:
    """An authority of the test's own: `server` for the servers, `client` for a client that trusts it."""

    __test__ = False
    server: ssl.SSLContext
    client: ssl.SSLContext


def make_certificates(name: str = HOST) -> TestCertificates:
    """Certificates for `name` that nobody but `client` trusts."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return TestCertificates(server, client)


@contextlib.contextmanager
def tcp_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that hands every connection to `talk` in a thread of its own."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=_talk_and_close, args=(talk, connection), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


@contextlib.contextmanager
def tls_proxy(target_port: int, context: ssl.SSLContext) -> Iterator[int]:
    """The port of a TLS front for a plain server, because mail-devel's IMAP has none."""

    def talk(connection: socket.socket) -> None:
        with (
            context.wrap_socket(connection, server_side=True) as outer,
            socket.create_connection((HOST, target_port)) as inner,
        ):
            threading.Thread(target=_pump, args=(inner, outer), daemon=True).start()
            _pump(outer, inner)

    with tcp_server(talk) as port:
        yield port


def scripted_imap(answers: dict[str, list[bytes]], said: list[str] | None = None) -> Callable[[socket.socket], None]:
    """A `talk` for tcp_server: greets and answers each command by its name (or «UID FETCH»), «OK» to all others.

    `said` collects the commands.

    `%TAG%` in a line is replaced; a line b"" drops the connection.
    """

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK IMAP4rev1 ready\r\n")
        for line in connection.makefile("rb"):
            tag, _, command = line.strip().partition(b" ")
            if said is not None:
                said.append(command.decode("latin-1"))
            for answer in _answers_to(command.decode("latin-1"), answers):
                if not answer:
                    return
                done = b" done" if answer in {b"%TAG% OK", b"%TAG% NO"} else b""
                connection.sendall(answer.replace(b"%TAG%", tag) + done + b"\r\n")

    return talk


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = 20) -> None:
    """Return when somebody listens; TimeoutError otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def _answers_to(command: str, answers: dict[str, list[bytes]]) -> list[bytes]:
    for name, lines in answers.items():
        if command.upper().startswith(name):
            return lines
    if command.upper().startswith("CAPABILITY"):
        return [b"* CAPABILITY IMAP4rev1 AUTH=PLAIN", b"%TAG% OK"]
    return [b"%TAG% OK"]


def _talk_and_close(talk: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with contextlib.suppress(OSError), connection:
        talk(connection)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
