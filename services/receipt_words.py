"""The automatic receipt in words, in the customer's language: what came, until when a person answers, who that is.

It says neither Sie nor Du but in its greeting, asks for nothing and advertises nothing: in an automatic mail even one
sentence of that kind is unlawful (BGH VI ZR 134/15), and so is asking how content somebody is (BGH VI ZR 225/17).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from data.records import Customer, ShopSettings
from services.rules.salutation import greeting
from services.rules.threads import plain_subject
from services.template_texts import spell
from services.templates import signature
from services.typed import shorten

_LONGEST_MATTER = 60
# Anybody can type a subject and a name, and the receipt goes to whatever address they gave: nothing in it is a message.
_NO_MATTER = re.compile(r"[/\\@<>|]|https?:|\w[.\u3002][^\W\d]{2,}|(?:\d\D*){7,}")
_DATE = re.compile(r"\b[0-3]?\d\. ?(?:0?[1-9]|1[0-2])\. ?(?:20\d\d|\d{2})?(?!\d)")
_NO_NAME = re.compile(r"[/@\\\d]|\w[.\u3002\uff0e\uff61]\w{2,}")

GERMAN: Mapping[str, str] = MappingProxyType(
    {
        "subject": "Eingang bestätigt: {matter}",
        "matter": "Anfrage",
        "came": "Diese Bestätigung kommt automatisch: Die Anfrage «{matter}» ist angekommen.",
        "came.plain": "Diese Bestätigung kommt automatisch: Die Anfrage ist angekommen.",
        "by": "Antwort bis {until}. Die Antwort schreibt ein Mensch.",
        "person": "Lieber gleich mit einem Menschen sprechen? {person}, Telefon {phone}.",
        "person.nameless": "Lieber gleich mit einem Menschen sprechen? Telefon {phone}.",
        "person.no_phone": "Wer das liest: {person}.",
        "call.link": "Rückruf gewünscht? Hier geht das, und hier steht, wie weit die Anfrage ist:\n{link}",
        "call.answer": "Rückruf gewünscht? Antworten Sie einfach auf diese Mail, mit Telefonnummer und passender Zeit.",
        "call.answer.du": "Rückruf gewünscht? Antworte einfach auf diese Mail, mit Telefonnummer und passender Zeit.",
    }
)
ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "subject": "We have received: {matter}",
        "matter": "your inquiry",
        "came": "This confirmation is automatic: your inquiry «{matter}» has arrived.",
        "came.plain": "This confirmation is automatic: your inquiry has arrived.",
        "by": "Answer by {until}. A person will write it.",
        "person": "Rather speak to a person? {person}, phone {phone}.",
        "person.nameless": "Rather speak to a person? Phone {phone}.",
        "person.no_phone": "Who reads this: {person}.",
        "call.link": "Would you like us to call you back? Ask here, and see how your inquiry is getting on:\n{link}",
        "call.answer": "Would you like us to call you back? Just answer this mail with your number and a good time.",
        "call.answer.du": "Would you like us to call you back? Just answer this mail with your number and a good time.",
    }
)
SAMPLE_NAME = "Maria Hofer"
SAMPLES = {
    "kfz": "Wann ist mein Golf fertig?",
    "mode": "Gibt es die Jeans in Größe 128?",
    "salon": "Haare färben am Freitag?",
}
_OPENINGS = tuple(plain_subject(words["subject"].partition("{")[0]) for words in (GERMAN, ENGLISH))


@dataclass(frozen=True)
class Received:
    """All that a receipt can say."""

    customer: Customer  # as the card knows them
    settings: ShopSettings
    subject: str
    until: str  # «heute, 15:00 Uhr»
    person: str  # whom one can ask, '' for nobody
    phone: str
    link: str  # the customer's own page, '' while nobody outside can reach it
    language: str


@dataclass(frozen=True)
class ReceiptWords:
    subject: str
    text: str


def write_receipt(received: Received) -> ReceiptWords:
    """Subject and text with the block below it, in English for «en», else in German as the country spells it."""
    english = received.language == "en"
    words, matter = ENGLISH if english else GERMAN, harmless_matter(received.subject)
    values = {
        "matter": matter or words["matter"],
        "until": received.until,
        "person": received.person,
        "phone": received.phone,
        "link": received.link,
    }
    names = ("came" if matter else "came.plain", "by", _person_line(received), _call_line(received))
    country = received.settings.country
    said = [
        _greeting(received, english=english),
        *(spell(words[name], country).format(**values) for name in names if name),
    ]
    block = signature(None, received.settings, language="en" if english else "de")
    return ReceiptWords(words["subject"].format(**values), "\n\n".join([*said, block]))


def harmless_matter(subject: str) -> str:
    """What was asked, short, to be said back to whatever address was given; '' where it may be somebody's message."""
    matter = shorten(re.sub(r"\[#\d+\]", "", plain_subject(subject)), _LONGEST_MATTER).replace("«", "").replace("»", "")
    plain = _DATE.sub("", unicodedata.normalize("NFKC", matter), count=1)  # wide digits and dots are digits and dots
    return "" if _NO_MATTER.search(plain) or not any(char.isalnum() for char in matter) else matter


def harmless_name(name: str) -> str:
    """A name as it may be said to whatever address was given; '' where a number or an address hides in it."""
    return "" if _NO_NAME.search(name) else name


def is_receipt_subject(subject: str) -> bool:
    """Whether a subject is that of a receipt like ours, of this Theke or another, with «Re:» before it or not."""
    return plain_subject(subject).startswith(_OPENINGS)


def _greeting(received: Received, *, english: bool) -> str:
    """The greeting that the rules give."""
    customer = replace(received.customer, name=harmless_name(received.customer.name))
    if english:
        return f"Hello {customer.name},".replace("Hello ,", "Hello,")
    return greeting(customer, received.settings.country) + ("" if received.settings.country == "CH" else ",")


def _person_line(received: Received) -> str:
    if received.phone:
        return "person" if received.person else "person.nameless"
    return "person.no_phone" if received.person else ""


def _call_line(received: Received) -> str:
    if received.link:
        return "call.link"
    return "call.answer.du" if received.customer.form_of_address == "du" else "call.answer"
