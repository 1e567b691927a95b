"""The running program in front of clients that mean no good, and how it begins and ends."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.login.server import MOST_CONNECTIONS
from services.settings import put_mail_account
from tests.browser.conftest import staged
from tests.browser.theke import Theke
from tests.mail_servers import HOST, account_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and file limits of Unix")


@pytest.fixture(scope="module")
def theke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    """A shop that is set up, without a mailbox."""
    folder = tmp_path_factory.mktemp("server") / "data"
    with staged(folder):
        pass
    running = Theke(folder)
    try:
        yield running.start()
    finally:
        running.stop()


@contextlib.contextmanager
def senders(theke: Theke, count: int, words: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have sent these words and then say nothing more."""
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(count):
            sender = stack.enter_context(socket.create_connection((HOST, theke.port), timeout=5))
            sender.sendall(words)
            sockets.append(sender)
        time.sleep(1)
        yield sockets


def sign_in_page(theke: Theke) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{theke.url}/anmelden", timeout=10) as answer:
        return str(answer.read(), "utf-8")


def seconds_to_answer(theke: Theke) -> float:
    """How long the sign-in page takes."""
    begun = time.monotonic()
    assert "Sandra Kofler" in sign_in_page(theke)
    return time.monotonic() - begun


def half_a_form(theke: Theke) -> bytes:
    """A PIN of somebody who is there, of which one byte of a hundred comes."""
    person = re.findall(r'href="(/anmelden/[0-9]+)', sign_in_page(theke))[0]
    return f"POST {person} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na".encode()


def is_closed(sender: socket.socket) -> bool:
    sender.setblocking(False)
    try:
        return sender.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_half_sent_forms_of_strangers_stop_nobody(theke: Theke) -> None:
    with senders(theke, 60, half_a_form(theke)):
        assert seconds_to_answer(theke) < 5


def test_more_idle_connections_than_there_is_room_for_stop_nobody(theke: Theke) -> None:
    with senders(theke, MOST_CONNECTIONS + 50, b"GET / HTTP/1.1\r\nHo") as idle:
        assert seconds_to_answer(theke) < 5
        assert sum(map(is_closed, idle)) >= 50


def test_the_first_words_are_ours(theke: Theke) -> None:
    end = time.monotonic() + 10
    while "Beenden mit" not in theke.log.read_text() and time.monotonic() < end:
        time.sleep(0.1)
    said = theke.log.read_text()
    assert "Theke läuft" in said
    assert "Streamlit" not in said
    assert "URL" not in said
    assert "Uvicorn" not in said


def test_no_address_that_is_asked_for_stands_in_the_log(theke: Theke) -> None:
    sign_in_page(theke)
    said = theke.log.read_text() + "".join(path.read_text() for path in theke.folder.glob("**/*.log"))
    assert "GET /" not in said
    assert "startup complete" not in said


def test_a_taken_port_is_told_in_one_sentence(theke: Theke, tmp_path: Path) -> None:
    second = Theke(tmp_path / "data", port=theke.port)
    with contextlib.suppress(AssertionError):
        second.start()
    assert second.process is not None
    assert second.process.wait(20) == 1
    said = second.log.read_text()
    assert f"Der Anschluss {theke.port} ist schon belegt" in said
    assert "Traceback" not in said


def test_ctrl_c_ends_in_order_also_with_half_sent_forms(tmp_path: Path) -> None:
    with staged(tmp_path / "data"):
        pass
    theke = Theke(tmp_path / "data").start()
    with senders(theke, 3, half_a_form(theke)):
        assert seconds_to_end(theke) < 10
    assert_quiet_end(theke)


def test_ctrl_c_does_not_wait_for_a_mail_server_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as silent:
        account = account_for("werkstatt@kfz-muster.example", imap=silent.getsockname()[1])
        with staged(tmp_path / "data") as shop, shop.store.write() as tx:
            put_mail_account(tx, account, shop.now())
        theke = Theke(tmp_path / "data").start()
        silent.settimeout(30)
        silent.accept()  # the fetch hangs now
        assert seconds_to_end(theke) < 10
    assert_quiet_end(theke)


def seconds_to_end(theke: Theke) -> float:
    begun = time.monotonic()
    assert theke.process is not None
    theke.process.send_signal(signal.SIGINT)
    theke._stopped.set()
    try:
        assert theke.process.wait(60) == 0
    finally:
        theke.process.kill()
    return time.monotonic() - begun


def assert_quiet_end(theke: Theke) -> None:
    said = theke.log.read_text()
    assert "Traceback" not in said
    assert "leaked" not in said
    assert not (theke.folder / "running.json").exists()  # the folder was let go
    assert not (theke.folder / "theke.duckdb.wal").exists()  # the store was closed
