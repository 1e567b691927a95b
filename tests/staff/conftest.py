"""The staff's screens as a person sees them: the shell run by Streamlit's own test driver on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data.records import Actor, StaffRole
from services.shop import Shop, use_shop
from services.staff import session_name, start_session
from services.templates import seed_templates
from tests.bookable import open_garage
from tests.builders import Furnish, connect, hire

ROOT = Path(__file__).parents[2]
Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def packages_searched_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for components at every opened page, which takes 0.1 s."""
    with pytest.MonkeyPatch.context() as patch:
        found = manifest_scanner.scan_component_manifests()
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: list(found))
        yield


def sign_in(shop: Shop, person: Actor) -> str:
    """The session of somebody who has just signed in."""
    with shop.store.write() as tx:
        return session_name(start_session(tx, person.staff_id, shop.now()))


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    """The owner."""
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def amir(shop: Shop) -> Actor:
    """Works here."""
    return hire(shop, "Amir Hodžić")


def open_office(shop: Shop) -> None:
    """A mailbox and templates."""
    connect(shop)
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "kfz")


def open_office_and_garage(shop: Shop) -> None:
    """The same with two people and two lifts that can be booked."""
    open_office(shop)
    open_garage(shop)


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> Furnish | None:
    """As much as the test asks for."""
    stages = {"garage": open_office_and_garage, "opened": open_office}
    return next((furnish for name, furnish in stages.items() if name in request.fixturenames), None)


@pytest.fixture
def opened(shop: Shop) -> Shop:
    """A shop with a mailbox and templates that the screens serve."""
    use_shop(shop)
    return shop


@pytest.fixture
def garage(opened: Shop) -> Shop:
    """The same with two people and two lifts that can be booked; it is Monday, 10:42."""
    return opened


@pytest.fixture
def screen(opened: Shop) -> Open:
    """Opens a page as a person: `screen(sandra, "anfragen")`."""

    def open_page(person: Actor, page: str = "heute", **query: str) -> AppTest:
        driver = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=30)
        driver.user = {"session": sign_in(opened, person), "name": person.name, "language": "de"}
        for name, value in query.items():
            driver.query_params[name] = value
        return driver.switch_page(f"staff/{page}.py").run()

    return open_page


def words(driver: AppTest) -> str:
    """All that a page says through Streamlit's own elements."""
    kinds = ("title", "subheader", "caption", "markdown", "text", "error", "button", "metric")
    said = [str(getattr(element, "label", "") or element.value) for kind in kinds for element in driver.get(kind)]
    return "\n".join(said)


def spoken(driver: AppTest) -> str:
    """The page's words without what keeps Markdown from reading them."""
    return words(driver).replace("\\", "").replace("\u2060", "")


def data_of(driver: AppTest, component: str) -> Any:
    """What one of our components was given to draw."""
    protos = [element.proto for element in driver.get("bidi_component")]
    return next(json.loads(proto.json) for proto in protos if proto.component_name == component)


def ask(driver: AppTest, dialog: str, *args: object) -> AppTest:
    """The page with a dialog open, as after a tap on its button."""
    driver.session_state["theke/asked"] = (dialog, args)
    return driver.run()
