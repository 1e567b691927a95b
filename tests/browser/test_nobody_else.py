"""No page and no process contacts anyone but the mail servers entered: seen in the browser and at the socket."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Come
from tests.browser.theke import Theke
from tests.mail_servers import HOST, MailServers

pytestmark = pytest.mark.browser
SCREENS = ("/heute", "/anfragen", "/kunden", "/team", "/vorlagen", "/einstellungen", "/einstellungen?teil=postfach")


def _walk(theke: Theke, come: Come) -> list[str]:
    sandra = come(theke, "Sandra Kofler", fresh=True)
    for screen in SCREENS:
        sandra.open(screen)
    sandra.open("/anfragen")
    sandra.tap(sandra.page.locator("button.row").first)
    sandra.page.wait_for_url("**/gespraech*")
    sandra.settle()
    return sandra.foreign


def _elsewhere(theke: Theke, allowed: set[int]) -> set[tuple[str, str, int]]:
    """What it contacted besides this machine's mail ports and itself (it asks its own /health once)."""
    own = {("tcp", HOST, port) for port in allowed | {theke.port}}
    names = {("name", HOST, port) for port in allowed | {theke.port, 0}}
    return theke.connections() - own - names


def test_the_demo_contacts_nobody_at_all(demo: Theke, come: Come) -> None:
    assert _walk(demo, come) == []
    assert _elsewhere(demo, set()) == set()
    assert ("tcp", HOST, demo.port) in demo.connections()  # the watch works: the welcome asks Theke's own /health


def test_a_shop_contacts_its_own_mail_servers_only(garage: Theke, servers: MailServers, come: Come) -> None:
    assert _walk(garage, come) == []
    assert _elsewhere(garage, {servers.imap_port, servers.smtp_port}) == set()
    assert ("tcp", HOST, servers.imap_port) in garage.connections()
