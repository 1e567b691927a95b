"""The table of providers: found by the domain alone, complete enough to fill a form, with a hint in plain German."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from data.records import MailServer
from services.mail import providers
from services.mail.providers import guess, suggest

TABLE = json.loads((Path(providers.__file__).with_name("mail_providers.json")).read_text(encoding="utf-8"))["providers"]
DOMAINS = [domain for provider in TABLE for domain in provider["domains"]]


def test_a_known_domain_fills_the_form() -> None:
    found = suggest("Laden@GMX.at ")

    assert found is not None
    assert found.imap == MailServer("imap.gmx.net", 993, "ssl")
    assert found.smtp == MailServer("mail.gmx.net", 465, "ssl")
    assert (found.name, found.user, found.auth) == ("GMX", "Laden@GMX.at", "password")
    assert "IMAP" in found.hint


def test_where_the_login_is_the_local_part_it_is_suggested() -> None:
    found = suggest("laden@web.de")

    assert found is not None
    assert found.user == "laden"


@pytest.mark.parametrize(("address", "auth"), [("a@gmail.com", "app_password"), ("a@outlook.com", "oauth2")])
def test_what_a_provider_demands_is_said(address: str, auth: str) -> None:
    found = suggest(address)

    assert found is not None
    assert found.auth == auth
    assert found.hint.format(name=found.name) != ""


@pytest.mark.parametrize("address", ["laden@muster.example", "laden", "", "@gmx.at", "gmx.at"])
def test_an_unknown_domain_is_asked_for(address: str) -> None:
    assert suggest(address) is None


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_is_usable_and_asks_nobody(domain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("no network"))

    found = suggest(f"laden@{domain}")

    assert found is not None
    assert all(server.tls in {"ssl", "starttls"} and server.port > 0 for server in (found.imap, found.smtp))
    assert found.hint.format(name=found.name).endswith(".")


def test_domains_stand_once() -> None:
    assert len(DOMAINS) == len(set(DOMAINS))


def test_a_guess_for_a_form_is_encrypted() -> None:
    assert guess("info@muster.example") == (
        MailServer("imap.muster.example", 993, "ssl"),
        MailServer("smtp.muster.example", 465, "ssl"),
    )
