"""Customers' own port: their pages and nothing else, by nobody's session, and never the end of Theke."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from data.records import Actor, StaffRole
from pages.login.forms import FORM_SIZE
from pages.login.gate import CUSTOMER_PREFIXES, identity_headers, session_cookie
from pages.parts.frame import news
from pages.parts.session import Desk
from pages.web.public_app import public_app
from services.jobs import job_health
from services.process import ProcessSettings
from services.shop import Shop
from services.staff import sign_in
from services.welcome import welcome_text
from tests.browser.conftest import staged
from tests.browser.theke import Theke
from tests.mail_servers import HOST, free_port
from tests.web.conftest import OURS, PAGE, staff_id
from tests.web.test_server import assert_quiet_end, seconds_to_end, senders

STAFF_ONLY = [
    "/anmelden",
    "/abmelden",
    "/einrichten",
    "/heute",
    "/einstellungen",
    "/intern/entwurf",
    "/intern/tagesplan",
    "/intern/sicherung",
    "/_stcore/health",
    "/_stcore/stream",
    "/schrift/figtree.ttf",
    "/termine",
    "/t%2f..%2fheute",
]
OWNER = Actor(1, "Sandra Kofler", StaffRole.OWNER, "de", "s")


def stranger() -> TestClient:
    return TestClient(public_app(OURS), base_url="http://kfz.example", follow_redirects=False)


@pytest.fixture
def outside(shop: Shop) -> TestClient:
    return stranger()


@pytest.mark.parametrize("address", ["/health", "/impressum", "/datenschutz", "/termin"])
def test_customers_pages_are_there(outside: TestClient, address: str) -> None:
    assert outside.get(address).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("address", STAFF_ONLY)
def test_nothing_of_the_staff_is_there(outside: TestClient, address: str, method: str) -> None:
    answer = outside.request(method, address, headers=PAGE)
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text


def test_every_route_of_theirs_and_no_other_is_served() -> None:
    served = {route.path for route in public_app(OURS).routes} - {"/", "/{rest:path}"}
    assert served == {r.path for r in OURS if r.path.split("/")[1] in {prefix[1:] for prefix in CUSTOMER_PREFIXES}}


def test_the_bare_address_leads_to_the_booking(outside: TestClient) -> None:
    assert outside.get("/").headers["location"] == "/termin"


def test_a_session_means_nothing_there(shop: Shop, outside: TestClient) -> None:
    token = sign_in(shop, staff_id(shop, "Amir Haddad"), "4711", "192.168.0.9")
    outside.cookies.set(session_cookie(), token)
    told = {name.decode(): value.decode() for name, value in identity_headers(OWNER)}
    for address in ("/heute", "/intern/plakat"):
        assert outside.get(address, headers={**PAGE, **told}).status_code == 404


def test_the_language_stays(outside: TestClient) -> None:
    outside.cookies.set("sprache", "en")
    assert 'lang="en"' in outside.get("/impressum").text


def test_the_same_guards_and_limits_hold(outside: TestClient) -> None:
    headers = outside.get("/impressum").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert outside.post("/impressum", content=b"x" * (FORM_SIZE + 1)).status_code == 404


def test_pages_are_sent_small(outside: TestClient) -> None:
    for address in ("/termin", "/anfrage/stil.css"):
        assert outside.get(address, headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_before_the_set_up_there_is_nothing_to_see(empty: Shop) -> None:
    assert stranger().get("/impressum").status_code == 404
    assert stranger().get("/einrichten").status_code == 404


def test_everybody_is_told_that_it_is_not_served_and_the_owner_why(shop: Shop) -> None:
    assert not [line for _, line in news(Desk(shop, OWNER), job_health(shop)) if "Termin-Seiten" in line]
    shop.public_port_problem = "Der Anschluss 8502 ist schon belegt oder dem System vorbehalten."
    amir = Actor(2, "Amir", StaffRole.STAFF, "en", "s")
    tone, line = news(Desk(shop, OWNER), job_health(shop))[0]
    assert (tone, "8502" in line) == ("rot", True)
    assert "8502" not in news(Desk(shop, amir), job_health(shop))[0][1]
    assert "Port 8502" in news(Desk(shop, Actor(1, "S", StaffRole.OWNER, "en", "s")), job_health(shop))[0][1]


def test_the_terminal_names_the_port_or_the_problem(tmp_path: Path) -> None:
    process = ProcessSettings(tmp_path, public_port=8502)
    assert ":8502/termin" in welcome_text(process, set_up=True, tablet="")
    told = welcome_text(process, set_up=True, tablet="", problem="Der Anschluss 8502 ist schon belegt.")
    assert "Der Anschluss 8502 ist schon belegt." in told
    assert ":8502/termin" not in told


def test_the_environment_names_the_port() -> None:
    assert ProcessSettings.from_environment({"THEKE_PUBLIC_PORT": "8502"}).public_port == 8502
    assert ProcessSettings.from_environment({"THEKE_PUBLIC_PORT": ""}).public_port == 0


# --- the running program


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Theke, int]]:
    """A running shop, and its port for customers."""
    port = free_port()
    theke = set_up(tmp_path / "data", public_port=port)
    yield theke.start(), port
    theke.stop()


def set_up(folder: Path, *, public_port: int) -> Theke:
    with staged(folder):
        pass
    return Theke(folder, more={"THEKE_PUBLIC_PORT": str(public_port)})


def ask(port: int, address: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{HOST}:{port}{address}", timeout=10) as answer:
            return answer.status, str(answer.read(), "utf-8")
    except urllib.error.HTTPError as error:
        return error.code, str(error.read(), "utf-8")


def wait_for_words(theke: Theke, words: str) -> str:
    until = time.monotonic() + 10
    while words not in theke.log.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    return theke.log.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_both_ports_are_served_and_end_together(both: tuple[Theke, int]) -> None:
    theke, port = both
    assert ask(port, "/health") == (200, "ok")
    assert ask(port, "/impressum")[0] == 200
    assert ask(port, "/anmelden")[0] == 404
    assert ask(theke.port, "/anmelden")[0] == 200
    assert f":{port}/termin" in wait_for_words(theke, "Beenden mit")
    half = b"POST /termin/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na"
    with socket.create_connection((HOST, port)) as sender:
        sender.sendall(half)
        assert seconds_to_end(theke) < 10
    assert_quiet_end(theke)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((HOST, port), timeout=2)


def test_a_crowd_at_the_customers_port_leaves_the_counter_alone(both: tuple[Theke, int]) -> None:
    theke, port = both
    crowd = Theke(theke.folder, port=port)  # the same process by its other port
    with senders(crowd, 60, b"POST /termin/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na"):
        begun = time.monotonic()
        assert ask(theke.port, "/anmelden")[0] == 200
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("own", [True, False], ids=["its own", "another's"])
def test_a_taken_port_is_a_red_line_and_not_the_end(tmp_path: Path, own: bool) -> None:
    with socket.create_server((HOST, 0)) as other:
        theke = set_up(tmp_path / "data", public_port=0)
        port = theke.port if own else other.getsockname()[1]
        theke.more["THEKE_PUBLIC_PORT"] = str(port)
        with contextlib.closing(other):
            try:
                theke.start()
                assert ask(theke.port, "/anmelden")[0] == 200
                assert "Kunden erreichen die Termin-Seiten nicht" in wait_for_words(theke, "Beenden mit")
                assert "Traceback" not in theke.log.read_text()
            finally:
                theke.stop()


def test_the_language_switch_leads_to_no_other_server(shop: Shop) -> None:
    guest = TestClient(public_app(OURS), base_url="http://shop.example", follow_redirects=False)
    for path in ("//evil.example/x", "///evil.example", "/%5Cevil.example"):
        location = guest.get(f"{path}?sprache=de").headers.get("location", "/")
        assert location.startswith("/")
        assert location[1:2] not in {"/", "\\"}
