"""The settings of known mail providers, by the domain of an address alone: no DNS, no network."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.records import MailServer

_FILE = Path(__file__).with_name("mail_providers.json")
_BY_AUTH = {
    "app_password": "{name} verlangt ein eigenes Passwort für Mailprogramme (App-Passwort). "
    "Sie erstellen es in den Einstellungen Ihres Mailkontos.",
    "oauth2": "{name} nimmt keine Passwörter von Mailprogrammen mehr an. Dieses Konto kann Theke noch nicht verwenden.",
    "bridge": "{name} geht nur mit dem Zusatzprogramm Proton Mail Bridge auf diesem Computer.",
}
_BY_PROVIDER = {
    "gmx": "Schalten Sie bei GMX zuerst den Abruf über IMAP ein: Einstellungen, dann «POP3/IMAP Abruf».",
    "gmx.com": "Schalten Sie bei GMX zuerst den Abruf über IMAP ein: Einstellungen, dann «POP3/IMAP Abruf».",
    "web.de": "Schalten Sie bei WEB.DE zuerst den Abruf über IMAP ein: Einstellungen, dann «POP3/IMAP Abruf».",
    "gmail": "Gmail verlangt die Bestätigung in zwei Schritten und dann ein App-Passwort mit 16 Buchstaben.",
    "t-online": "T-Online verlangt ein eigenes Passwort für E-Mail-Programme. Sie legen es im Kundencenter fest.",
    "bluewin": "Bluewin verlangt ein eigenes E-Mail-Passwort. Sie legen es im Kundencenter von Swisscom fest.",
    "zoho.eu": "Schalten Sie bei Zoho zuerst den Zugang über IMAP ein.",
}
_USUAL = "Melden Sie sich mit Ihrer Mailadresse und dem Passwort Ihres Mailkontos an."


@dataclass(frozen=True)
class Suggestion:
    """How to reach a provider; `auth`: 'password', 'app_password', 'oauth2' or 'bridge', `hint`: a msgid."""

    name: str
    imap: MailServer
    smtp: MailServer
    user: str
    auth: str
    hint: str


def suggest(address: str) -> Suggestion | None:
    """The settings for an address of a known provider, else None (then ask; `guess` fills the form)."""
    local, _, domain = address.strip().lower().rpartition("@")
    provider = _by_domain().get(domain) if local else None
    if provider is None:
        return None
    return Suggestion(
        name=provider["name"],
        imap=MailServer(**provider["imap"]),
        smtp=MailServer(**provider["smtp"]),
        user=local if provider["username"] == "localpart" else address.strip(),
        auth=provider["auth"],
        hint=_BY_PROVIDER.get(provider["id"]) or _BY_AUTH.get(provider["auth"], _USUAL),
    )


def guess(address: str) -> tuple[MailServer, MailServer]:
    """(IMAP, SMTP) as most hosters name them, for a form to begin with; nothing is asked of anybody."""
    domain = address.strip().lower().rpartition("@")[2]
    return MailServer(f"imap.{domain}", 993, "ssl"), MailServer(f"smtp.{domain}", 465, "ssl")


@functools.cache
def _by_domain() -> dict[str, dict[str, Any]]:
    providers = json.loads(_FILE.read_text(encoding="utf-8"))["providers"]
    return {domain: provider for provider in providers for domain in provider["domains"]}
