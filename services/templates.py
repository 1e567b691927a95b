"""Templates: kept by everybody on the team, proposed to a person, never sent by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.templates
from data.records import Actor, Customer, Inquiry, ShopSettings, Staff, Template
from data.store import Reader, Transaction
from services.errors import InvalidInputError, NotFoundError
from services.rules.hours_text import show_intervals, show_week
from services.rules.opening_hours import day_intervals
from services.rules.placeholders import broken_brace, fill
from services.rules.salutation import greeting, person_name
from services.rules.threads import plain_subject
from services.settings import holidays_for
from services.shop import Shop
from services.template_texts import spell, starting_templates

NAME_LENGTH = 80
SUBJECT_LENGTH = 200
BODY_LENGTH = 20_000
_MATTER_LENGTH = 60
# What a private customer is told about a total price; shops without VAT take {steuer} out of their templates.
_VAT_WORDS = {"AT": "inkl. USt.", "DE": "inkl. MwSt.", "CH": "inkl. MWST"}


@dataclass(frozen=True)
class FilledTemplate:
    """A template with what Theke knows; `missing` are the names that wait for a person and block the send."""

    subject: str
    body: str
    missing: tuple[str, ...]


def list_templates(shop: Shop, actor: Actor) -> list[Template]:
    """The templates on offer, in the shop's order."""
    return data.templates.list_templates(shop.store)


def require_template(db: Reader, template_id: int) -> Template:
    """The template; NotFoundError if somebody has deleted it."""
    template = data.templates.read_template(db, template_id)
    if template is None:
        raise NotFoundError("Diese Vorlage gibt es nicht mehr.")
    return template


def save_template(shop: Shop, actor: Actor, template_id: int | None, *, name: str, subject: str, body: str) -> int:
    """Change a template, or add one when `template_id` is None; its id.

    Raises InvalidInputError for an empty or overlong text or a brace left open, NotFoundError for a deleted template.
    """
    name, subject = " ".join(name.split()), " ".join(subject.split())
    body = body.replace("\r\n", "\n").replace("\x00", "").strip()
    _check(name, subject, body)
    with shop.store.write() as tx:
        if template_id is None:
            return data.templates.insert_template(tx, code="", name=name, subject=subject, body=body, now=shop.now())
        require_template(tx, template_id)
        data.templates.change_template(tx, template_id, name=name, subject=subject, body=body, now=shop.now())
    return template_id


def delete_template(shop: Shop, actor: Actor, template_id: int) -> None:
    """Take a template off the list; NotFoundError when it is gone already."""
    with shop.store.write() as tx:
        require_template(tx, template_id)
        data.templates.deactivate_template(tx, template_id, shop.now())


def seed_templates(tx: Transaction, now: datetime, country: str, trade: str) -> int:
    """Put in the templates a new shop starts with, but none it ever had; how many."""
    known = data.templates.list_codes(tx)
    fresh = [text for text in starting_templates(country, trade) if text.code not in known]
    for text in fresh:
        data.templates.insert_template(
            tx, code=text.code, name=text.name, subject=text.subject, body=text.body, now=now
        )
    return len(fresh)


def fill_template(
    template: Template, *, customer: Customer, staff: Staff, settings: ShopSettings, inquiry: Inquiry, now: datetime
) -> FilledTemplate:
    """The template for this customer; what is not known stays visible as `{name}`. `now` is aware UTC.

    Words of the template follow the country's spelling and the customer's Sie or Du; names stay as they were given.
    """
    values = known_values(customer, staff, settings, inquiry, now)
    subject = fill(spell(template.subject, settings.country), values, form_of_address=customer.form_of_address)
    body = fill(spell(template.body, settings.country), values, form_of_address=customer.form_of_address)
    missing = tuple(dict.fromkeys(subject.missing + body.missing))
    return FilledTemplate(" ".join(subject.text.split()), body.text.strip(), missing)


def known_values(
    customer: Customer, staff: Staff, settings: ShopSettings, inquiry: Inquiry, now: datetime
) -> dict[str, str]:
    """What Theke can say itself, by the placeholder's name; '' where it does not know."""
    today = now.astimezone(ZoneInfo(settings.hours.zone)).date()
    person = person_name(customer)
    return {
        "anrede": greeting(customer, settings.country) + ("" if settings.country == "CH" else ","),
        "vorname": person.first,
        "nachname": person.last,
        "mitarbeiter": staff.name,
        "telefon": staff.phone or settings.phone,
        "betrieb": settings.name,
        "strasse": settings.street,
        "ort": settings.town,
        "heute": format_date(today, "EEEE, d. MMMM y", locale=f"de_{settings.country}"),
        "oeffnung_heute": _hours_of(settings, today),
        "anliegen_kurz": _shortened(plain_subject(inquiry.subject)),
        "steuer": _VAT_WORDS.get(settings.country, ""),
    }


def signature(staff: Staff, settings: ShopSettings) -> str:
    """The block below every mail: «-- », who, where, phone and hours, what the law asks of registered firms.

    look/public.md section 5. Empty fields leave no gap; the privacy link needs the shop's public address.
    """
    phone, week = staff.phone or settings.phone, show_week(settings.hours.week)
    lines = [
        _listed(staff.name, staff.job_title),
        _listed(settings.name, settings.street, settings.town),
        _listed(f"Telefon {phone}", week) if phone else "",
        *settings.legal_footer.splitlines(),
        f"Datenschutz: {settings.public_url.rstrip('/')}/datenschutz" if settings.public_url else "",
    ]
    return "\n".join(["-- ", *(line.strip() for line in lines if line.strip())])


def _check(name: str, subject: str, body: str) -> None:
    if not name:
        raise InvalidInputError("Die Vorlage braucht einen Namen.")
    if not body:
        raise InvalidInputError("Die Vorlage ist noch leer.")
    if len(name) > NAME_LENGTH or len(subject) > SUBJECT_LENGTH or len(body) > BODY_LENGTH:
        raise InvalidInputError("Das ist zu lang für eine Vorlage.")
    if broken_brace(subject) or broken_brace(body):
        raise InvalidInputError("Eine geschwungene Klammer steht allein. Jeder Platzhalter braucht zwei.")


def _hours_of(settings: ShopSettings, today: date) -> str:
    """Today's hours; '' on a closed day, so that a person sees the gap before a customer stands at the door."""
    intervals = day_intervals(settings.hours, holidays_for(settings, today), today)
    return f"{show_intervals(intervals)} Uhr" if intervals else ""


def _shortened(subject: str) -> str:
    """A matter short enough for a subject line, cut between words."""
    if len(subject) <= _MATTER_LENGTH:
        return subject
    return subject[:_MATTER_LENGTH].rpartition(" ")[0].rstrip(" ,;:-–") + " …"


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
