"""Streamlit's page is told to keep its own dialogs to itself."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from pages.login.host_config import ADDRESS, HostConfig


def told(*middleware: Middleware) -> dict[str, object]:
    app = Starlette(routes=create_host_config_routes(None), middleware=list(middleware))
    given: dict[str, object] = TestClient(app).get(ADDRESS).json()
    return given


def test_a_lost_connection_opens_no_dialog_over_what_somebody_types() -> None:
    assert told(Middleware(HostConfig))["blockErrorDialogs"] is True


def test_no_other_site_may_steer_the_page() -> None:
    assert told(Middleware(HostConfig))["allowedOrigins"] == []


def test_all_that_streamlits_page_asks_for_is_answered() -> None:
    assert set(told(Middleware(HostConfig))) == set(told())


def test_every_other_address_goes_on() -> None:
    app = Starlette(routes=[], middleware=[Middleware(HostConfig)])
    assert TestClient(app).get("/_stcore/health").status_code == 404
