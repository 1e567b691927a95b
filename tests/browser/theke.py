"""Theke as a running program, and a person at a browser in front of it who counts taps and screens."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, WebError, expect

from data.demo import OWNER_PIN, STAFF_PIN
from tests.mail_servers import HOST, free_port

ROOT = Path(__file__).parents[2]
PINS = {"Sandra Kofler": OWNER_PIN}  # everybody else has STAFF_PIN
SETUP_CODE = "einmal-und-nie-wieder"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# The last two draw the suggestions below the address bar: two more renderers for each window, a second of computing.
# The others are what Playwright switches off in Chromium; this list takes the place of its own.
SWITCHED_OFF = (
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    f"--disable-features={','.join(SWITCHED_OFF)}",
]
# Streamlit's client first looks for its server under the page's own address; the 404 is the answer it reckons with.
_PROBE = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
# A datagram socket that is never written to: `welcome.tablet_address` picks the network card by it.
_NEVER_SENT_TO = ("udp", "192.0.2.1", 9)
# Text of the page with that in our components' shadow roots; what is not drawn is left out.
DEEP_TEXT = """() => {
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (["SCRIPT", "STYLE", "NOSCRIPT"].includes(node.tagName)) return "";
      const style = getComputedStyle(node);
      if (style.display === "none" || style.visibility === "hidden") return "";
      if (node.tagName === "TEXTAREA" || node.tagName === "INPUT") return "\\n" + node.value + "\\n";
    }
    const children = [...(node.shadowRoot ? node.shadowRoot.childNodes : []), ...node.childNodes];
    const apart = node.nodeType === Node.ELEMENT_NODE && getComputedStyle(node).display !== "inline";
    return children.map(read).join(apart ? "\\n" : "");
  };
  return read(document.body);
}"""


def find_chromium() -> str:
    """Debian's chromium, or another one that is installed; '' when there is none."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), "")


@dataclass
class Theke:
    """The app as `python app.py` runs it, on a data folder of its own."""

    folder: Path
    demo: bool = False
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)  # what else the process is told
    process: subprocess.Popen[bytes] | None = None
    inquiries: dict[int, int] = field(default_factory=dict)  # «Anliegen 1» → its id
    contacted: set[tuple[str, str, int]] = field(default_factory=set)  # as seen from outside, by polling
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.folder.with_suffix(".log")

    def start(self) -> Theke:
        """Run it and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("THEKE_")}
        environment |= {
            "THEKE_DATA": str(self.folder),
            "THEKE_PORT": str(self.port),
            "THEKE_SETUP_CODE": SETUP_CODE,
            "THEKE_OPEN_BROWSER": "0",
            "THEKE_DEMO": "1" if self.demo else "0",
            "THEKE_DEMO_INQUIRIES": "0",
            "PYTHONPATH": str(Path(__file__).parent / "watch"),
            "WATCHED_SOCKETS": str(self.folder.with_suffix(".sockets")),
            **self.more,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._stopped.clear()
        threading.Thread(target=self._poll, args=(psutil.Process(self.process.pid),), daemon=True).start()
        self._wait(60)
        return self

    def stop(self) -> None:
        """End it as a closed terminal does."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """End it as a pulled plug does (kill -9)."""
        self._end(lambda process: process.kill())

    def connections(self) -> set[tuple[str, str, int]]:
        """(tcp or udp, host, port) of all that this process and its children ever connected to, asked or sent to."""
        path = self.folder.with_suffix(".sockets")
        told = {tuple(json.loads(line)) for line in path.read_text().splitlines()} if path.exists() else set()
        return (told | self.contacted) - {_NEVER_SENT_TO}

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        self._stopped.set()
        if self.process is not None:
            how(self.process)
            self.process.wait(40)
            self.process = None

    def _wait(self, seconds: float) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, f"app.py ended:\n{self.log.read_text()[-2000:]}"
            with contextlib.suppress(urllib.error.URLError, OSError), opener.open(f"{self.url}/health", timeout=5):
                return
            time.sleep(0.1)
        raise TimeoutError(f"app.py does not answer:\n{self.log.read_text()[-2000:]}")

    def _poll(self, process: psutil.Process) -> None:
        while not self._stopped.wait(1):  # more often, this alone would keep a fifth of a core busy
            with contextlib.suppress(psutil.Error):
                for connection in process.net_connections("inet"):
                    # Connections to our own port are the browser's.
                    if connection.raddr and connection.laddr and connection.laddr.port != self.port:
                        kind = "tcp" if connection.type == 1 else "udp"
                        self.contacted.add((kind, connection.raddr.ip, connection.raddr.port))


@contextlib.contextmanager
def running(folder: Path, *, demo: bool = False) -> Iterator[Theke]:
    """Theke on `folder`, stopped at the end."""
    theke = Theke(folder, demo=demo)
    try:
        yield theke.start()
    finally:
        theke.stop()


@dataclass
class Visitor:
    """A person at a browser. Knows what went wrong in it, and how many taps and screens the way took."""

    theke: Theke
    context: BrowserContext
    page: Page
    taps: int = 0
    screens: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def ears(self) -> dict[str, Callable[[Any], None]]:
        """What is listened to in the browser, by the name of its event."""
        return {"console": self.hear, "request": self.watch, "weberror": self.fail}

    def open(self, address: str) -> None:
        """Go to an address of Theke as by a bookmark."""
        self.page.goto(self.theke.url + address)
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands still; the sign-in pages do at once."""
        self.page.wait_for_load_state()
        if self.page.locator("#inhalt").count() == 0:
            self.page.wait_for_selector(f"{IDLE} h1", timeout=30_000)
        self._note_screen()

    def tap(self, what: Locator) -> None:
        """One tap."""
        what.click()
        self.taps += 1

    def write(self, what: Locator, text: str) -> None:
        """Type into a field: a tap to get there unless the cursor stands in it, none for the typing."""
        if not what.evaluate("node => node.getRootNode().activeElement === node"):
            self.tap(what)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def fill_holes(self, text: Locator, words: list[str]) -> None:
        """Type a word into each `{…}` of the reply: one tap to reach the first, the arrow keys from there."""
        keys = self.page.keyboard
        selected = text.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
        if not selected.startswith("{"):
            self.tap(self.page.locator("button.hole").first)
        for word in words:
            at, end, hole, length = text.evaluate(
                "box => [box.selectionStart, box.selectionEnd, box.value.search(/[{][^{}\\n]+[}]/),"
                " box.value.match(/[{][^{}\\n]+[}]/)[0].length]"
            )
            if at != hole or end != hole + length:
                for _ in range(hole - at):
                    keys.press("ArrowRight")
                for _ in range(length):
                    keys.press("Shift+ArrowRight")
            keys.insert_text(word)

    def choose(self, what: Locator, value: str) -> None:
        """Pick from a list: one tap."""
        what.select_option(value)
        self.taps += 1

    def button(self, name: str) -> Locator:
        """The button of this name, also in our components."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """The field of this label."""
        return self.page.get_by_label(name, exact=True)

    def sees(self, words: str, *, seconds: float = 15) -> None:
        """Wait until the words are in sight."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible(timeout=seconds * 1000)

    def text(self) -> str:
        """All that is written on the page, our components' words and fields too."""
        return str(self.page.evaluate(DEEP_TEXT))

    def _note_screen(self) -> None:
        path = urlsplit(self.page.url).path
        if not self.screens or self.screens[-1] != path:
            self.screens.append(path)

    def hear(self, message: ConsoleMessage) -> None:
        """The browser's console: keep what is an error."""
        if message.type == "error" and not _PROBE.search(urlsplit(message.location.get("url", "")).path):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def fail(self, error: WebError) -> None:
        """Keep what no script caught."""
        self.errors.append(str(error.error))

    def watch(self, request: Request) -> None:
        """Keep every address that is not ours."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != f"{HOST}:{self.theke.port}":
            self.foreign.append(request.url)


class Visits:
    """Opens browsers and keeps those of whom it has signed in: who comes again finds the cookie and the files there."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[str, BrowserContext] = {}  # of nobody who is here now
        self._homes: dict[int, str] = {}  # the key under which a visitor's browser is kept
        self.open: list[Visitor] = []

    def come(self, theke: Theke, name: str = "", *, fresh: bool = False, **look: Any) -> Visitor:
        """Somebody opens a browser, signed in as `name` if given; `fresh` signs in anew, in a browser of its own."""
        look = {"viewport": {"width": 1024, "height": 768}, "locale": "de-AT", "timezone_id": "Europe/Vienna", **look}
        key = json.dumps([theke.url, name, look], sort_keys=True)
        kept = None if fresh or not name else self._kept.pop(key, None)
        context = kept or self._browser.new_context(**look)
        context.set_default_timeout(15_000)
        visitor = Visitor(theke, context, context.new_page())
        for event, heard in visitor.ears.items():
            context.on(event, heard)  # type: ignore[call-overload]
        self.open.append(visitor)
        if name and not kept:
            sign_in(visitor, name)
        if name and not fresh:
            self._homes[id(visitor)] = key
        return visitor

    def leave(self, *, failed: bool = False) -> None:
        """Close the pages; the browsers too unless they are to be found again."""
        for visitor in self.open:
            home = self._homes.pop(id(visitor), "")
            if failed or not home or home in self._kept:
                visitor.context.close()
                continue
            for event, heard in visitor.ears.items():
                visitor.context.remove_listener(event, heard)
            for page in visitor.context.pages:
                page.close()
            self._kept[home] = visitor.context
        self.open.clear()


def sign_in(visitor: Visitor, name: str, pin: str = "") -> None:
    """By tile and PIN."""
    visitor.open("/anmelden")
    visitor.page.locator(".people a", has_text=name).click()
    visitor.page.fill("#p", pin or PINS.get(name, STAFF_PIN))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/heute")
    visitor.settle()
