"""Who really wrote: of a contact form's mail the customer, not the machine that carried it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from imap_tools import MailMessage
from imap_tools.utils import EmailAddress

from services.mail.charsets import one_line
from services.mail.classify import is_machine_address

_ADDRESS = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}\b")
_NAME_LINE = re.compile(
    r"^[ \t*]*(?:Ihr |Your )?(?:Vor- und Nachname|Vollständiger Name|Name)[ \t]*\*?[:=][ \t*]*(\S.{0,99})$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Sender:
    """`form_sender` is '' unless a machine carried a customer's words."""

    name: str
    address: str
    reply_to: str
    form_sender: str = ""


def find_sender(mail: MailMessage, text: str, own_addresses: frozenset[str]) -> Sender:
    """The customer of a mail; `text` is its whole text, looked at only where the shop's own address is the sender.

    A mail the shop wrote to somebody else keeps the shop as its sender.
    """
    given = mail.from_values
    plain = Sender(_name(given), _address(given), _address(next(iter(mail.reply_to_values), None)))
    is_own = plain.address in own_addresses
    if not is_own and not is_machine_address(plain.address):
        return plain
    recipients = {address.lower() for address in mail.to}
    if _is_foreign(plain.reply_to, own_addresses) and plain.reply_to not in recipients | {plain.address}:
        name = _name(mail.reply_to_values[0]) or _name_in(text)
        return Sender(name, plain.reply_to, plain.reply_to, plain.address)
    return _sender_in_text(plain, text, recipients, own_addresses) if is_own else plain


def addresses_in(text: str) -> list[str]:
    """The mail addresses in a text, lower case, in order."""
    return [found.lower() for found in _ADDRESS.findall(text[:100_000])]


def _sender_in_text(plain: Sender, text: str, recipients: set[str], own: frozenset[str]) -> Sender:
    if not recipients <= own | {plain.address}:
        return plain
    foreign = [address for address in addresses_in(text) if _is_foreign(address, own)]
    if not foreign:
        return plain
    return Sender(_name_in(text), foreign[0], foreign[0], plain.address)


def _is_foreign(address: str, own: frozenset[str]) -> bool:
    return bool(address) and address not in own and not is_machine_address(address)


def _name_in(text: str) -> str:
    match = _NAME_LINE.search(text[:20_000])
    return one_line(match.group(1), 100).strip(" *") if match else ""


def _address(value: EmailAddress | None) -> str:
    address = one_line(value.email, 254).lower() if value else ""
    return "" if " " in address else address


def _name(value: EmailAddress | None) -> str:
    name = one_line(value.name, 100).strip(" '\"") if value else ""
    return "" if "@" in name and value and name.lower() == value.email.lower() else name
