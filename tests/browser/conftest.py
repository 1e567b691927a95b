"""Real browsers in front of the real program. Without chromium they say so; under CI=true they must run."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from data.records import MailAccount, StaffRole
from services.settings import put_settings
from services.setup import mark_set_up
from services.shop import Shop
from services.staff import NewPerson, enrol, hash_pin
from services.templates import seed_templates
from tests.browser.theke import ARGUMENTS, PINS, ROOT, STAFF_PIN, Theke, Visitor, Visits, find_chromium, running
from tests.builders import FrozenClock, connect, letter, make_shop, receive
from tests.mail_servers import PASSWORD, MailServers, account_for, mail_devel

PICTURES = ROOT / "test-pictures"
PEOPLE = {
    "Sandra Kofler": StaffRole.OWNER,
    "Amir Haddad": StaffRole.STAFF,
    "Lukas Egger": StaffRole.STAFF,  # gets signed out everywhere
    "Nina Auer": StaffRole.STAFF,  # gets locked
}
GARAGE = "werkstatt@kfz-muster.example"
MARIA = "maria.hofer@example.org"
Come = Callable[..., Visitor]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tell the fixtures whether their test failed, so that they can take a picture."""
    outcome: Any = yield
    if outcome.get_result().failed:
        item.stash[FAILED] = True


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    chromium = find_chromium()
    if not chromium:
        missing = "Browser tests need chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=15_000)
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def kept_visits(browser: Browser) -> Visits:
    """The cookies of who has signed in so far."""
    return Visits(browser)


@pytest.fixture
def come(kept_visits: Visits, request: pytest.FixtureRequest) -> Iterator[Come]:
    """`come(theke, "Sandra Kofler")`: a browser of its own; pictures if the test fails; never a request elsewhere."""
    yield kept_visits.come
    foreign = [url for visitor in kept_visits.open for url in visitor.foreign]
    failed = request.node.stash.get(FAILED, False)
    if failed:
        for number, visitor in enumerate(kept_visits.open):
            _take_picture(visitor, PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}-{number}.png")
    kept_visits.leave(failed=failed)
    assert not foreign


def _take_picture(visitor: Visitor, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(Exception):  # a closed page has no picture
        visitor.page.screenshot(path=path)


@pytest.fixture(scope="package")
def servers() -> Iterator[MailServers]:
    """Real IMAP and SMTP."""
    with mail_devel() as started:
        yield started


@pytest.fixture(scope="package")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    """The demo garage."""
    with running(tmp_path_factory.mktemp("demo") / "data", demo=True) as theke:
        yield theke


@pytest.fixture(scope="package")
def garage(browser: Browser, servers: MailServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    """A shop on real mail, with one inquiry for each test that needs its own: «Anliegen 1» and on."""
    folder = tmp_path_factory.mktemp("garage") / "data"
    inquiries = build_garage(folder, servers.account(GARAGE))
    with running(folder) as theke:
        theke.inquiries = inquiries
        yield theke


def build_garage(folder: Path, account: MailAccount, inquiries: int = 33) -> dict[int, int]:
    """Lay a shop that is set up into `folder`, with inquiries of Maria Hofer's; number → id."""
    with staged(folder, account) as shop:
        for number in range(1, inquiries + 1):
            _arrives(shop, number)
        rows = shop.store.read("SELECT subject, id FROM inquiry")
    return {int(subject.split()[-1]): inquiry_id for subject, inquiry_id in rows}


def _arrives(shop: Shop, number: int) -> None:
    sender = f"Maria Hofer {number} <maria.{number}@example.org>"
    content = letter(sender=sender, subject=f"Anliegen {number}", message_id=f"<anliegen-{number}@example.org>")
    receive(shop, content, at=shop.now() - timedelta(minutes=10 * number))


@contextlib.contextmanager
def staged(folder: Path, account: MailAccount | None = None) -> Iterator[Shop]:
    """A shop that is set up, on files, with fake mail: to be filled before the app opens the folder.

    Its clock is a quarter of an hour behind, so that a test can move it without leading into the future.
    """
    folder.mkdir(parents=True, mode=0o700)
    shop = make_shop(folder, in_memory=False, clock=FrozenClock(datetime.now(UTC) - timedelta(minutes=15)))
    account = account or account_for(GARAGE)
    connect(shop, replace(account, connected_at=shop.now() - timedelta(days=1)))
    shop.secrets.set("mail_password", PASSWORD)
    with shop.store.write() as tx:
        put_settings(tx, {"trade": "kfz", "country": "AT", "region": "7", "street": "Amraser Straße 12"}, shop.now())
        seed_templates(tx, shop.now(), "AT", "kfz")
        for name, role in PEOPLE.items():
            pin = hash_pin(PINS.get(name, STAFF_PIN), role)
            enrol(tx, NewPerson(name, role, pin, "", "0512 555 870"), shop.now())
        mark_set_up(tx, shop.now())
    try:
        yield shop
    finally:
        shop.close()
