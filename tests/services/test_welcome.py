"""What stands in the terminal when Theke is up."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from services import welcome
from services.process import ProcessSettings

PROCESS = ProcessSettings(folder=Path("/data/theke"), port=8501, setup_code="ABCD2345")


def test_the_welcome_names_folder_address_and_draws_the_qr_code() -> None:
    text = welcome.welcome_text(PROCESS, set_up=True, tablet="http://192.0.2.7:8501/")

    assert "/data/theke" in text
    assert "http://192.0.2.7:8501/" in text
    assert "█" in text


def test_the_code_is_shown_and_opened_until_the_shop_is_set_up() -> None:
    assert "ABCD2345" in welcome.welcome_text(PROCESS, set_up=False, tablet="")
    assert "ABCD2345" not in welcome.welcome_text(PROCESS, set_up=True, tablet="")
    assert welcome.start_address(PROCESS, set_up=False) == "http://127.0.0.1:8501/einrichten?code=ABCD2345"
    assert welcome.start_address(PROCESS, set_up=True) == "http://127.0.0.1:8501/"


def test_a_pc_without_a_network_has_no_tablet_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(probe: socket.socket, address: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)

    assert welcome.tablet_address(8501) == ""


def test_it_greets_when_the_server_answers_and_opens_no_browser_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(welcome.webbrowser, "open", opened.append)
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        process = ProcessSettings(folder=Path("/data/theke"), port=server.server_port)
        welcome.greet_when_ready(process, set_up=True, environ={"DISPLAY": ":0"})
        next(thread for thread in threading.enumerate() if thread.name == "welcome").join(10)

    assert "Theke läuft." in capsys.readouterr().out
    assert opened == []


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None: ...
