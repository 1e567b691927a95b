"""The pages as a browser meets them: real store, real routes, the gate in front."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

import services.staff
from data.records import Actor, StaffRole
from pages.login.backup_route import BACKUP_ROUTES
from pages.login.bodies import Bodies
from pages.login.gate import Gate, session_cookie
from pages.login.internal import INTERNAL_ROUTES
from pages.login.routes import ROUTES
from pages.web.figure_tables import TABLE_ROUTES
from pages.web.fonts import FONT_ROUTES
from pages.web.health import WEB_ROUTES
from pages.web.personal_file import FILE_ROUTES
from pages.web.printing import PRINT_ROUTES
from services.process import ProcessSettings
from services.setup import USUAL_WEEK, finish_set_up, save_hours, save_people, save_shop
from services.shop import Shop, use_shop
from services.staff import actor_of, new_person
from tests.bookable import open_reachable_garage
from tests.builders import Furnish, make_shop

CODE = "K7-22M"
TABLET = ("192.168.0.7", 50_000)
PAGE = {"accept": "text/html"}
TOLD = {"staff": "x-theke-staff", "origin": "origin"}
SETTLED = {"name": "Kfz Kofler", "street": "Lendplatz 4", "town": "8020 Graz", "phone": "0316 71 22 33"}


def echo(request: Request) -> Response:
    return JSONResponse({name: value for name, value in request.headers.items() if name.startswith("x-theke")})


def page(request: Request) -> Response:
    return HTMLResponse("<h1>Heute</h1>")


async def shell(scope: Scope, receive: Receive, send: Send) -> None:
    """As Streamlit does it: whatever nobody else serves is its own page, and no place for a websocket."""
    assert scope["type"] == "http"
    await HTMLResponse("<title>Streamlit</title>")(scope, receive, send)


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({name: websocket.headers.get(header, "") for name, header in TOLD.items()})
    await websocket.close()


# In the order of app.py
OURS = [
    *ROUTES,
    *INTERNAL_ROUTES,
    *PRINT_ROUTES,
    *TABLE_ROUTES,
    *FILE_ROUTES,
    *BACKUP_ROUTES,
    *FONT_ROUTES,
    *WEB_ROUTES,
]
SCREENS = [
    Route("/heute", page),
    Route("/anfragen", page),
    Route("/wer", echo),
    WebSocketRoute("/_stcore/stream", stream),
    Mount("/", app=shell),
]


@pytest.fixture(autouse=True)
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def set_up(shop: Shop) -> None:
    """An owner (PIN 271828), Amir (PIN 4711) and Mia, who has no PIN yet."""
    save_shop(shop, **SETTLED, trade="kfz", country="AT", region="6")
    save_hours(shop, week=USUAL_WEEK["kfz"], closed_on_holidays=True, goal_minutes=240)
    owner = new_person("Sandra Kofler", StaffRole.OWNER, "271828", job_title="Inhaberin")
    others = [new_person("Amir Haddad", StaffRole.STAFF, "4711"), new_person("Mia Łuczak", StaffRole.STAFF, "")]
    save_people(shop, [owner, *others])
    finish_set_up(shop)


def set_up_garage(shop: Shop) -> None:
    """The same with a mailbox and offerings of which each needs what the garage has."""
    set_up(shop)
    open_reachable_garage(shop)


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> Furnish | None:
    """As much as the test asks for."""
    stages = {"garage": set_up_garage, "shop": set_up}
    return next((furnish for name, furnish in stages.items() if name in request.fixturenames), None)


@pytest.fixture
def empty(tmp_path: Path, furniture: Furnish | None) -> Iterator[Shop]:
    """A shop before its set-up, unless the test asks for one that is further."""
    shop = make_shop(tmp_path, furnish=furniture)
    shop.process = ProcessSettings(folder=tmp_path, setup_code=CODE)
    use_shop(shop)
    yield shop
    shop.close()


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A shop that is set up, see `set_up`."""
    return empty


@pytest.fixture
def garage(shop: Shop) -> Shop:
    """A shop that can be booked, see `set_up_garage`."""
    return shop


def browser(*, address: tuple[str, int] = TABLET) -> TestClient:
    """A fresh browser that shows redirects instead of following them."""
    app = Starlette(routes=[*OURS, *SCREENS], middleware=[Middleware(Gate), Middleware(Bodies)])
    return TestClient(app, base_url="http://theke.local", client=address, follow_redirects=False)


@pytest.fixture
def guest(empty: Shop) -> TestClient:
    return browser()


@pytest.fixture
def amir(shop: Shop) -> TestClient:
    """Amir's browser, signed in."""
    return signed_in(shop, "Amir Haddad", "4711")


def signed_in(shop: Shop, name: str, pin: str) -> TestClient:
    """A browser with somebody's session."""
    client = browser()
    client.cookies.set(session_cookie(), services.staff.sign_in(shop, staff_id(shop, name), pin, "192.168.0.9"))
    return client


def staff_id(shop: Shop, name: str) -> int:
    return next(person.id for person in services.staff.list_staff(shop.store) if person.name == name)


def token_of(html: str) -> str:
    """The form token of a page."""
    return re.search(r'name="beleg" value="([^"]+)"', html)[1]


def attempt_of(html: str) -> str:
    return re.search(r'name="versuch" value="([^"]*)"', html)[1]


@pytest.fixture
def sandra(shop: Shop) -> TestClient:
    """The owner's browser, signed in."""
    return signed_in(shop, "Sandra Kofler", "271828")


@pytest.fixture
def owner(sandra: TestClient, shop: Shop) -> Actor:
    return actor_of(shop, sandra.get("/wer").json()["x-theke-session"])
