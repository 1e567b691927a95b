"""Templates: kept by everybody on the team, proposed to a person, never sent by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_date

import data.templates
from data.records import Actor, Customer, Inquiry, ShopSettings, Staff, Template
from data.store import Reader, Store, Transaction
from services.errors import InvalidInputError, require
from services.rules.hours_text import WEEKDAYS, show_intervals, show_week
from services.rules.opening_hours import day_intervals, next_opening
from services.rules.placeholders import broken_brace, fill
from services.rules.salutation import greeting, person_name
from services.rules.threads import matter_of
from services.settings import holidays_for, is_set_up, shop_settings, vat_words
from services.shop import Shop, wall_clock
from services.staff import require_staff
from services.template_texts import TemplateText, earlier_templates, spell, starting_templates
from services.typed import one_line

NAME_LENGTH = 80
SUBJECT_LENGTH = 200
BODY_LENGTH = 20_000
NOTHING_AGREED: Mapping[str, str] = MappingProxyType({})
_MATTER_LENGTH = 60
_WEEK = timedelta(days=7)
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The signature for a customer who reads English: in the customer's language, not in that of who works here.
_ENGLISH = {
    "Telefon": "Phone",
    "Datenschutz": "Privacy",
    "{days} {times} Uhr": "{days} {times}",
    "{times} und {last}": "{times} and {last}",
}
_SAMPLE = Customer(0, "Maria Huber", "frau", "", "sie", "de", "", datetime.min.replace(tzinfo=UTC))
_VAT = re.compile(r" ?\{\s*steuer\s*(\|[^{}\n]*)?\}", re.IGNORECASE)


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
    return require(data.templates.read_template(db, template_id), "Diese Vorlage gibt es nicht mehr.")


def own_or_shipped(db: Reader, settings: ShopSettings, code: str) -> tuple[str, str]:
    """(subject, body) of the shop's own template that came under this code, or of the shipped one if it was deleted."""
    own = [(one.subject, one.body) for one in data.templates.list_templates(db) if one.code == code]
    shipped = starting_templates(settings.country, settings.trade)
    return next(iter(own), None) or next((one.subject, one.body) for one in shipped if one.code == code)


def save_template(shop: Shop, actor: Actor, template_id: int | None, *, name: str, subject: str, body: str) -> int:
    """Change a template, or add one when `template_id` is None; its id.

    Raises InvalidInputError for an empty or overlong text, a brace left open or the name of another template on offer,
    NotFoundError for a deleted template.
    """
    name, subject = one_line(name), one_line(subject)
    body = body.replace("\r\n", "\n").replace("\x00", "").strip()
    _check(name, subject, body)
    with shop.store.write() as tx:
        if template_id is None:
            _refuse_same_name(tx, name)
            return data.templates.insert_template(tx, code="", name=name, subject=subject, body=body, now=shop.now())
        if require_template(tx, template_id).name != name:
            _refuse_same_name(tx, name, but=template_id)
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


def give_templates(store: Store) -> None:
    """Give a shop that was set up before a template was shipped that template; one that was deleted stays deleted.

    Done when the shop is opened. One whose name the shop has given to another is left out. One that still reads to the
    letter as it was shipped earlier gets its new words; what the shop has changed stays as it is.
    """
    if is_set_up(store):
        _add_missing(store)
        _renew_unchanged(store)


def _add_missing(store: Store) -> None:
    settings, known = shop_settings(store), data.templates.list_codes(store)
    names = {template.name.casefold() for template in data.templates.list_templates(store)}
    texts = [text for text in starting_templates(settings.country, settings.trade) if text.code not in known]
    missing = [text for text in texts if text.name.casefold() not in names]
    if missing:
        with store.write() as tx:
            for text in missing:
                values = {"code": text.code, "name": text.name, "subject": text.subject, "body": text.body}
                data.templates.insert_template(tx, **values, now=wall_clock())


def _renew_unchanged(store: Store) -> None:
    settings = shop_settings(store)
    shipped = {text.code: text for text in starting_templates(settings.country, settings.trade)}
    earlier = earlier_templates(settings.country, settings.trade)
    for own in data.templates.list_templates(store):
        if TemplateText(own.code, own.name, own.subject, own.body) in earlier:
            new = shipped[own.code]
            with store.write() as tx:
                values = {"name": new.name, "subject": new.subject, "body": new.body}
                data.templates.change_template(tx, own.id, **values, now=wall_clock())


def fill_template(
    template: Template,
    *,
    customer: Customer,
    staff: Staff,
    settings: ShopSettings,
    inquiry: Inquiry,
    now: datetime,
    agreed: Mapping[str, str] = NOTHING_AGREED,
) -> FilledTemplate:
    """The template for this customer; what is not known stays visible as `{name}`. `now` is aware UTC.

    `agreed` are further values by name, see `agreed.agreed_values`.
    Words of the template follow the country's spelling and the customer's Sie or Du; names stay as they were given.
    """
    values = {**known_values(customer, staff, settings, matter_of(inquiry), now), **agreed}
    return fill_texts(template.subject, template.body, values, customer.form_of_address, settings)


def preview_template(shop: Shop, actor: Actor, *, subject: str, body: str, form_of_address: str) -> FilledTemplate:
    """How a template reads in a mail to a made-up customer («sie» or «du»), signature and all; nothing is kept."""
    settings, staff = shop_settings(shop.store), require_staff(shop.store, actor.staff_id)
    values = sample_values(staff, settings, shop.now(), form_of_address)
    filled = fill_texts(subject, body, values, form_of_address, settings)
    return replace(filled, body=f"{filled.body}\n\n{signature(staff, settings)}")


def sample_values(staff: Staff, settings: ShopSettings, now: datetime, form_of_address: str) -> dict[str, str]:
    """A value for each name that a reply to a made-up customer could have, see `known_values` and `agreed_values`."""
    local = now.astimezone(ZoneInfo(settings.hours.zone))
    customer = replace(_SAMPLE, form_of_address=form_of_address)
    return {
        **known_values(customer, staff, settings, "Frage zu meinem Termin", now),
        "nummer des kunden": "0664 123 45 67",
        "tag und uhrzeit des rückrufs": f"{_day(local.date() + timedelta(days=1), settings.country)}, 10:00 Uhr",
        "uhrzeit des versuchs": "9:15",
        "ergebnis des versuchs": "niemanden erreicht",
        "artikel": "Jeans",
        "groesse": "Größe 128",
        "farbe": "Farbe blau",
        "voraussichtlich": "KW 49",
        "reserviert_bis": _day(local.date() + timedelta(days=3), settings.country),
        "spätestens": _day(local.date() + timedelta(days=28), settings.country),
    }


def known_values(
    customer: Customer, staff: Staff, settings: ShopSettings, matter: str, now: datetime
) -> dict[str, str]:
    """What Theke can say itself, by the placeholder's name; '' where it does not know. For `matter` see `matter_of`."""
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
        "oeffnung_heute": _hours_of(settings, today, now),
        "anliegen_kurz": _shortened(matter),
        "steuer": vat_words(settings),
    }


def signature(staff: Staff | None, settings: ShopSettings, *, language: str = "de", link: str = "") -> str:
    """The block below every mail: «-- », who, where, phone and hours, `link`, what the law asks of registered firms.

    look/public.md section 5. Empty fields leave no gap; the privacy link needs the shop's public address. Where nobody
    signs (`staff` is None) the shop does. `link` is a whole line.
    """
    say = _in_english if language == "en" else str
    phone = (staff.phone if staff else "") or settings.phone
    week = show_week(settings.hours.week, _ENGLISH_DAYS if language == "en" else WEEKDAYS, say)
    lines = [
        _listed(staff.name, staff.job_title) if staff else "",
        _listed(settings.name, settings.street, settings.town),
        _listed(f"{say('Telefon')} {phone}", week) if phone else "",
        link,
        *settings.legal_footer.splitlines(),
        f"{say('Datenschutz')}: {settings.public_url.rstrip('/')}/datenschutz" if settings.public_url else "",
    ]
    return "\n".join(["-- ", *(line.strip() for line in lines if line.strip())])


def _in_english(text: str) -> str:
    return _ENGLISH.get(text, text)


def _check(name: str, subject: str, body: str) -> None:
    if not name:
        raise InvalidInputError("Die Vorlage braucht einen Namen.")
    if not body:
        raise InvalidInputError("Die Vorlage ist noch leer.")
    if len(name) > NAME_LENGTH or len(subject) > SUBJECT_LENGTH or len(body) > BODY_LENGTH:
        raise InvalidInputError("Das ist zu lang für eine Vorlage.")
    if broken_brace(subject) or broken_brace(body):
        raise InvalidInputError("Eine geschwungene Klammer steht allein. Jeder Platzhalter braucht zwei.")


def fill_texts(
    subject: str, body: str, values: Mapping[str, str], form_of_address: str, settings: ShopSettings
) -> FilledTemplate:
    """A subject and a text with these values, in the country's spelling; see `fill_template`."""
    above = fill(_worded(subject, settings), values, form_of_address=form_of_address)
    below = fill(_worded(body, settings), values, form_of_address=form_of_address)
    missing = tuple(dict.fromkeys(above.missing + below.missing))
    return FilledTemplate(" ".join(above.text.split()), below.text.strip(), missing)


def _worded(text: str, settings: ShopSettings) -> str:
    """In the country's spelling; without {steuer} where the shop pays no VAT, so that no gap waits to be filled."""
    return spell(_VAT.sub("", text) if settings.small_business else text, settings.country)


def _refuse_same_name(db: Reader, name: str, *, but: int = 0) -> None:
    names = {template.name.casefold() for template in data.templates.list_templates(db) if template.id != but}
    if name.casefold() in names:
        raise InvalidInputError("Eine Vorlage mit diesem Namen gibt es schon.")


def _hours_of(settings: ShopSettings, today: date, now: datetime) -> str:
    """Today's hours. On a closed day it says so and when the shop opens next, and never leaves a hole in a mail."""
    holidays = holidays_for(settings, today)
    intervals = day_intervals(settings.hours, holidays, today)
    if intervals:
        return f"{show_intervals(intervals)} Uhr"
    opening = next_opening(settings.hours, holidays, now)
    if opening is None:
        return "nach Vereinbarung"
    local = opening.astimezone(ZoneInfo(settings.hours.zone))
    near = local.date() - today < _WEEK
    day = format_date(local, "EEEE", locale=f"de_{settings.country}") if near else _day(local, settings.country)
    return f"geschlossen, wieder ab {day}, {local.hour}:{local:%M} Uhr"


def _day(day: date, country: str) -> str:
    return format_date(day, "EEEE, d. MMMM", locale=f"de_{country}")


def _shortened(subject: str) -> str:
    """A matter short enough for a subject line, cut between words."""
    if len(subject) <= _MATTER_LENGTH:
        return subject
    return subject[:_MATTER_LENGTH].rpartition(" ")[0].rstrip(" ,;:-–") + " …"


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
