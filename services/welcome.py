"""What stands in the terminal when Theke is up: where the data lies, the address for the tablet and its QR code."""

from __future__ import annotations

import io
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping
from urllib.parse import quote

import segno

from services.process import ProcessSettings

_PATIENCE = 120  # seconds until the server must answer


def greet_when_ready(
    process: ProcessSettings, *, set_up: bool, problem: str = "", environ: Mapping[str, str] = os.environ
) -> None:
    """Wait in a thread until the server answers, then print the welcome and open the browser.

    `problem` is why customers' own port is not served.
    The browser is opened only when start.py asked for it (THEKE_OPEN_BROWSER=1) and there is a screen.
    """
    browser = environ.get("THEKE_OPEN_BROWSER") == "1" and _has_screen(environ)
    threading.Thread(target=_greet, args=(process, set_up, problem, browser), name="welcome", daemon=True).start()


def start_address(process: ProcessSettings, *, set_up: bool) -> str:
    """What to open on this PC: the counter, or the set-up with its code."""
    own = f"http://127.0.0.1:{process.port}/"
    return own if set_up or not process.setup_code else f"{own}einrichten?code={quote(process.setup_code)}"


def tablet_address(port: int) -> str:
    """What to open on a tablet in the same network, '' when this PC is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # picks the network card; a datagram socket sends nothing by this
            host = probe.getsockname()[0]
        except OSError:
            return ""
    return "" if host.startswith(("127.", "0.")) else f"http://{host}:{port}/"


def welcome_text(process: ProcessSettings, *, set_up: bool, tablet: str, problem: str = "") -> str:
    """The lines for the terminal, German first; the QR code in blocks."""
    lines = [
        "",
        "Theke läuft. / Theke is running.",
        f"  Auf diesem PC / on this PC:  {start_address(process, set_up=set_up)}",
        f"  Daten / data:                {process.folder}",
    ]
    if not set_up and process.setup_code:
        lines.append(f"  Code zum Einrichten / set-up code:  {process.setup_code}")
    if process.public_port and not problem:
        lines.append(f"  Nur für Kunden / for customers only:  http://127.0.0.1:{process.public_port}/termin")
    if tablet:
        lines += [f"  Auf dem Tablet / on the tablet: {tablet}", "", _qr_code(tablet)]
    if problem:
        lines.append(_red(f"Kunden erreichen die Termin-Seiten nicht. {problem} / Customers cannot reach their pages."))
    lines.append("Beenden mit Strg+C / stop with Ctrl+C")
    return "\n".join(lines) + "\n"


def _greet(process: ProcessSettings, set_up: bool, problem: str, browser: bool) -> None:
    if not _answers(f"http://127.0.0.1:{process.port}/health"):
        return
    tablet = "" if process.address == "127.0.0.1" else tablet_address(process.port)
    sys.stdout.write(welcome_text(process, set_up=set_up, tablet=tablet, problem=problem))
    sys.stdout.flush()
    if browser:
        webbrowser.open(start_address(process, set_up=set_up))


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with opener.open(address, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


def _red(sentence: str) -> str:
    return f"\x1b[31m{sentence}\x1b[0m" if sys.stdout.isatty() and sys.platform != "win32" else sentence


def _has_screen(environ: Mapping[str, str]) -> bool:
    # Without one, Python would open a text browser in the terminal that Theke runs in.
    return sys.platform in ("win32", "darwin") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _qr_code(address: str) -> str:
    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()
