"""From an empty folder to an own inquiry answered, over real IMAP and SMTP: every screen and every tap is counted."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MARIA, Come
from tests.browser.theke import SETUP_CODE, Theke, Visitor, running
from tests.builders import letter
from tests.mail_servers import HOST, PASSWORD, MailServers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ADDRESS = "info@kfz-muster.example"
MOST_SCREENS, MOST_TAPS, MOST_TAPS_TO_ANSWER, LONGEST_WAY = 6, 25, 3, 45


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Theke]:
    with running(tmp_path / "data") as theke:
        yield theke


def set_up_shop(owner: Visitor) -> None:
    owner.write(owner.page.locator("#name"), "Kfz Muster")
    owner.tap(owner.page.get_by_text("Werkstatt"))
    owner.choose(owner.page.locator("#region"), "AT-7")
    owner.write(owner.page.locator("#telefon"), "0512 555 870")
    owner.tap(owner.button("Weiter zu Öffnungszeiten"))
    owner.settle()
    owner.tap(owner.button("Weiter zum Team"))
    owner.settle()
    owner.write(owner.page.locator("#name0"), "Sandra Kofler")
    owner.write(owner.page.locator("#pin0"), "271828")
    owner.tap(owner.button("Weiter zum Postfach"))
    owner.settle()


def connect_mailbox(owner: Visitor, servers: MailServers) -> None:
    """Servers without encryption are for this machine only and stand in no list: the test adds the entry."""
    owner.write(owner.page.locator("#adresse"), ADDRESS)
    owner.write(owner.page.locator("#passwort"), PASSWORD)
    owner.tap(owner.page.locator("summary"))
    for side, port in (("imap", servers.imap_port), ("smtp", servers.smtp_port)):
        owner.write(owner.page.locator(f"#{side}_host"), HOST)
        owner.write(owner.page.locator(f"#{side}_port"), str(port))
        owner.page.locator(f"#{side}_tls").evaluate("list => list.add(new Option('keine', 'none'))")
        owner.choose(owner.page.locator(f"#{side}_tls"), "none")
    owner.tap(owner.button("Verbinden und prüfen"))
    owner.sees(f"{ADDRESS} ist verbunden", seconds=30)
    owner.tap(owner.button("Einrichtung abschließen"))
    owner.settle()


def answer(owner: Visitor) -> int:
    """By a template, from the open inquiry; the taps it took."""
    before = owner.taps
    text = owner.page.locator("textarea.field")
    owner.tap(owner.button("Rückruf zugesagt"))
    expect(text).to_have_value(re.compile("Guten Tag"))
    owner.fill_holes(text, ["Dienstag, 16 Uhr", "0664 555 01 27"])
    expect(text).to_have_value(re.compile("bis Dienstag, 16 Uhr unter 0664 555 01 27"))
    owner.tap(owner.button("Antwort senden"))
    return owner.taps - before


def wait_for_mail(servers: MailServers, address: str, seconds: float) -> EmailMessage:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if mails := servers.mails(address):
            message = email.message_from_bytes(mails[-1], policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            return message
        time.sleep(1)
    raise AssertionError(f"no mail for {address} within {seconds} s")


def test_from_the_first_start_to_an_own_inquiry_answered(empty: Theke, servers: MailServers, come: Come) -> None:
    servers.account(ADDRESS)
    owner = come(empty)
    owner.open(f"/einrichten?code={SETUP_CODE}")
    set_up_shop(owner)
    connect_mailbox(owner, servers)
    owner.sees("Alle haben eine Antwort")
    servers.put(ADDRESS, letter(sender=f"Maria Hofer <{MARIA}>", message_id="<golf@example.org>"))
    arrived = time.monotonic()
    row = owner.page.locator("button.row", has_text="Maria Hofer")
    row.wait_for(timeout=LONGEST_WAY * 1000)
    on_the_way = time.monotonic() - arrived
    owner.tap(row)
    owner.page.wait_for_url("**/gespraech*")
    owner.settle()
    taps_to_answer = answer(owner)
    owner.sees("hinaus")
    received = wait_for_mail(servers, MARIA, seconds=40)
    print(
        f"\n{owner.taps} taps, {len(owner.screens)} screens, {taps_to_answer} to answer, {on_the_way:.0f} s to the list"
    )
    assert owner.taps <= MOST_TAPS
    assert len(owner.screens) <= MOST_SCREENS, owner.screens
    assert taps_to_answer <= MOST_TAPS_TO_ANSWER
    assert_it_is_right(received)
    owner.open("/heute")
    owner.sees("Alle haben eine Antwort")
    assert owner.errors == []


def assert_it_is_right(received: EmailMessage) -> None:
    assert received["From"] == f'"Sandra Kofler, Kfz Muster" <{ADDRESS}>'
    assert received["To"] == f"Maria Hofer <{MARIA}>"
    assert re.fullmatch(r"Mein Golf: Ich rufe an, .+ \[#\d+\]", received["Subject"])
    assert received["In-Reply-To"] == "<golf@example.org>"
    assert received.get_content_type() == "text/plain"
    text = received.get_content().replace("\r", "")
    assert text.startswith("Guten Tag Maria Hofer,\n\nIhren Rückruf habe ich fest eingeplant")
    assert not re.search(r"[{}]|\n{3}", text.partition("\n-- \n")[0])
    assert text.count("\n-- \n") == 1
