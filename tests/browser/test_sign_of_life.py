"""A page whose server sleeps says so by itself: the connection stands, but nothing comes over it any more."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from pages.parts.frame import PULSE_SECONDS
from tests.browser.conftest import Come, build_garage
from tests.browser.theke import running
from tests.mail_servers import account_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
TOLD = "document.documentElement.dataset.silent"


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows puts no single process to sleep")
def test_a_page_says_since_when_its_server_sleeps_and_takes_it_back(tmp_path: Path, come: Come) -> None:
    build_garage(tmp_path / "data", account_for("info@kfz-muster.example"), inquiries=1)
    with running(tmp_path / "data") as theke:
        sandra = come(theke, "Sandra Kofler", fresh=True)
        sandra.page.clock.install()
        sandra.open("/heute")
        sandra.page.wait_for_timeout(PULSE_SECONDS * 1000 + 2000)
        sandra.page.clock.fast_forward(30_000)  # less than a pulse that was heard may be old
        assert sandra.page.evaluate(TOLD) is None
        sandra.page.wait_for_timeout(3000)  # a page that is being made may be silent for longer
        sandra.settle()
        assert theke.process is not None
        theke.process.send_signal(signal.SIGSTOP)
        try:
            sandra.page.clock.fast_forward(45_000)
            sandra.page.wait_for_function(TOLD, timeout=60_000)
            assert re.search(r"Keine Verbindung zu Theke \(seit \d\d:\d\d\)", sandra.page.evaluate(TOLD))
            assert sandra.page.evaluate("getComputedStyle(document.documentElement, '::after').opacity") == "1"
        finally:
            theke.process.send_signal(signal.SIGCONT)
        sandra.page.wait_for_function(f"!{TOLD}", timeout=40_000)
