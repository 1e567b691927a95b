"""The shop's settings: one row a name in the store, read anew for every use; and the connected mailbox."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import data.settings
from data.records import Actor, Closure, MailAccount, MailServer, OpeningHours, ShopSettings
from data.store import Reader, Transaction
from services.errors import InvalidInputError, require
from services.rules.holiday_calendar import holidays_of, regions_of
from services.shop import Shop
from services.staff import LANGUAGES, require_owner
from services.typed import check_address, needed_line, one_line, phone_line, short_line

TRADES = ("kfz", "mode", "salon")
COUNTRIES = {"AT": "Europe/Vienna", "DE": "Europe/Berlin", "CH": "Europe/Zurich"}
LONGEST_GOAL = 60 * 100
_LONGEST_FOOTER = 1000
_DAY = 24 * 60
_USUAL_DAY = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))
_USUAL_HOURS = OpeningHours(COUNTRIES["AT"], (_USUAL_DAY,) * 5 + ((), ()))
_DEFAULTS = ShopSettings(
    name="",
    trade="kfz",
    country="AT",
    region="",
    street="",
    town="",
    phone="",
    legal_footer="",
    hours=_USUAL_HOURS,
    closed_on_holidays=True,
    answer_goal_minutes=240,
    public_url="",
    trusted_proxies="",
    second_backup_folder="",
    language="de",
    small_business=False,
)
# Private customers are told total prices (PrAG AT, PAngV DE, PBV CH), in these words.
_VAT_WORDS = {"AT": "inkl. USt.", "DE": "inkl. MwSt.", "CH": "inkl. MWST"}
_MAILBOXES = "mailboxes"
_NAMES = frozenset(field.name for field in fields(ShopSettings))
_ABOUT_NOTICES = frozenset({"owner_mail", "digest", "look_back"})


def shop_settings(db: Reader) -> ShopSettings:
    """The settings as they are; defaults for what was never set (Austria, Mo–Fr 8–12 and 13–18, goal 240 minutes)."""
    kept = {name: json.loads(text) for name, text in data.settings.read_settings(db).items() if name in _NAMES}
    hours = hours_from_json(kept.pop("hours")) if "hours" in kept else _USUAL_HOURS
    return replace(_DEFAULTS, **kept, hours=hours)


def save_settings(shop: Shop, actor: Actor, **changes: Any) -> None:  # noqa: ANN401 fields of ShopSettings
    """Change the given fields of ShopSettings; another country brings its time zone along.

    Raises NotAllowedError for anybody but an owner, InvalidInputError for a value that cannot be.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        put_settings(tx, changes, shop.now())


def add_closure(shop: Shop, actor: Actor, closure: Closure) -> None:
    """Note days that differ from the week. Raises NotAllowedError, InvalidInputError also for the same days twice."""
    require_owner(actor)
    with shop.store.write() as tx:
        hours = shop_settings(tx).hours
        if any((known.first, known.last) == (closure.first, closure.last) for known in hours.closures):
            raise InvalidInputError("Diese Tage stehen schon da. Bitte entfernen Sie zuerst den alten Eintrag.")
        closures = tuple(sorted((*hours.closures, closure), key=lambda each: each.first))
        put_settings(tx, {"hours": replace(hours, closures=closures)}, shop.now())


def drop_closure(shop: Shop, actor: Actor, closure: Closure) -> None:
    """Take such days out again; harmless when they are out. Raises NotAllowedError."""
    require_owner(actor)
    with shop.store.write() as tx:
        hours = shop_settings(tx).hours
        closures = tuple(known for known in hours.closures if known != closure)
        put_settings(tx, {"hours": replace(hours, closures=closures)}, shop.now())


def put_settings(tx: Transaction, changes: Mapping[str, Any], now: datetime) -> None:
    """Check and keep settings in the caller's transaction; raises InvalidInputError."""
    unknown = set(changes) - _NAMES
    if unknown:
        raise TypeError(f"no such settings: {sorted(unknown)}")
    old = shop_settings(tx)
    checked = {name: _CHECKS[name](value) for name, value in changes.items()}
    if checked.get("country", old.country) != old.country:
        checked["hours"] = replace(checked.get("hours", old.hours), zone=COUNTRIES[checked["country"]])
    _check_region(replace(old, **checked))
    if checked.keys() & _ABOUT_NOTICES:
        _check_notices(replace(old, **checked))
    for name, value in checked.items():
        text = json.dumps(asdict(value), default=str) if isinstance(value, OpeningHours) else json.dumps(value)
        data.settings.write_setting(tx, name, text, now)


def vat_words(settings: ShopSettings) -> str:
    """What is said behind a total price, «inkl. USt.»; '' for a small business, which must not say it."""
    return "" if settings.small_business else _VAT_WORDS.get(settings.country, "")


def is_set_up(db: Reader) -> bool:
    """Whether the set-up was finished."""
    return data.settings.read_setting(db, "set_up_done") is not None


def holidays_for(settings: ShopSettings, around: date) -> frozenset[date]:
    """The public holidays that close the shop, from the year before `around` to two years after it."""
    if not settings.closed_on_holidays:
        return frozenset()
    return _holidays(settings.country, settings.region, around.year)


def holidays_at(settings: ShopSettings, moment: datetime) -> frozenset[date]:
    """The same around the shop's day that holds `moment`: about midnight UTC has another one."""
    return holidays_for(settings, moment.astimezone(ZoneInfo(settings.hours.zone)).date())


def holidays_between(settings: ShopSettings, first: date, last: date) -> frozenset[date]:
    """The public holidays that close the shop in the years of these days."""
    if not settings.closed_on_holidays:
        return frozenset()
    return frozenset(holidays_of(settings.country, settings.region, range(first.year, last.year + 1)))


def mail_account(db: Reader) -> MailAccount | None:
    """The connected mailbox, or None; its password is the secret 'mail_password'."""
    text = data.settings.read_setting(db, "mail_account")
    return account_from_json(text) if text else None


def connect_mail(shop: Shop, actor: Actor, account: MailAccount, password: str) -> None:
    """Connect a mailbox. The same address on the same server keeps the moment it was first connected, also when it was
    disconnected in between: who wrote meanwhile waits. Another one is read afresh.

    Raises NotAllowedError for anybody but an owner.
    """
    require_owner(actor)
    shop.secrets.set("mail_password", password)
    with shop.store.write() as tx:
        first = _known_mailboxes(tx).get(_mailbox_mark(account))
        if first:
            account = replace(account, connected_at=datetime.fromisoformat(first))
        put_mail_account(tx, account, shop.now())
    shop.refusals.try_at_once()


def choose_sent_folder(shop: Shop, actor: Actor, folder: str) -> None:
    """Say in which folder of the connected mailbox sent mail lies. Raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    with shop.store.write() as tx:
        account = require(mail_account(tx), "Noch ist kein Postfach verbunden.")
        put_mail_account(tx, replace(account, sent_folder=short_line(folder)), shop.now())


def disconnect_mail(shop: Shop, actor: Actor) -> None:
    """Forget the servers and the password; mails already read stay, and the mailbox is known again if it comes back.

    Raises NotAllowedError.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        data.settings.drop_setting(tx, "mail_account")
    shop.secrets.set("mail_password", "")


def put_mail_account(tx: Transaction, account: MailAccount, now: datetime) -> None:
    """Keep the mailbox in the caller's transaction, and when it was first connected."""
    known, mark = _known_mailboxes(tx), _mailbox_mark(account)
    known.pop(mark, None)
    data.settings.write_setting(tx, _MAILBOXES, json.dumps({**known, mark: account.connected_at.isoformat()}), now)
    data.settings.write_setting(tx, "mail_account", account_to_json(account), now)


def account_to_json(account: MailAccount) -> str:
    """The mailbox as JSON, without the password; ValueError when connected_at has no zone."""
    if account.connected_at.tzinfo is None:
        raise ValueError("connected_at needs a zone")
    return json.dumps({**asdict(account), "connected_at": account.connected_at.isoformat()})


def account_from_json(text: str) -> MailAccount:
    """The mailbox that `account_to_json` wrote."""
    kept = json.loads(text)
    return MailAccount(
        **{
            **kept,
            "imap": MailServer(**kept["imap"]),
            "smtp": MailServer(**kept["smtp"]),
            "connected_at": datetime.fromisoformat(kept["connected_at"]),
        }
    )


def hours_from_json(kept: Mapping[str, Any]) -> OpeningHours:
    """Opening hours as `put_settings` wrote them."""
    week = tuple(tuple((int(start), int(end)) for start, end in day) for day in kept["week"])
    return OpeningHours(str(kept["zone"]), week, tuple(_closure(closure) for closure in kept["closures"]))


def _known_mailboxes(db: Reader) -> dict[str, str]:
    """When each mailbox was first connected, as ISO text; the last one connected stands last."""
    kept: dict[str, str] = json.loads(data.settings.read_setting(db, _MAILBOXES) or "{}")
    return kept


def _mailbox_mark(account: MailAccount) -> str:
    return f"{account.address} {account.imap.host}".casefold()


def _closure(kept: Mapping[str, Any]) -> Closure:
    intervals = tuple((int(start), int(end)) for start, end in kept["intervals"])
    return Closure(date.fromisoformat(kept["first"]), date.fromisoformat(kept["last"]), str(kept["label"]), intervals)


@lru_cache(maxsize=64)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(holidays_of(country, region, range(year - 1, year + 3)))


def _check_region(settings: ShopSettings) -> None:
    if settings.region and settings.region not in {code for code, _ in regions_of(settings.country)}:
        raise InvalidInputError("Bitte wählen Sie das Bundesland oder den Kanton.")


def _check_notices(settings: ShopSettings) -> None:
    """Who clears the address must say that the mails end, else they would end in silence."""
    if (settings.digest or settings.look_back) and not settings.owner_mail:
        raise InvalidInputError("Wohin sollen die Mails gehen? Die Adresse fehlt noch.")


def _one_of(known: tuple[str, ...], sentence: str) -> Callable[[Any], str]:
    def check(value: object) -> str:
        if value not in known:
            raise InvalidInputError(sentence)
        return str(value)

    return check


def _shop_name(value: str) -> str:
    return needed_line(value, "Wie heißt Ihr Betrieb? Der Name fehlt noch.")


def _footer(value: str) -> str:
    lines = [one_line(line) for line in value.replace("\x00", "").splitlines()]
    text = "\n".join(line for line in lines if line)
    if len(text) > _LONGEST_FOOTER:
        sentence = "Die Angaben unter jeder Mail sind zu lang. Höchstens {limit} Zeichen."
        raise InvalidInputError(sentence, limit=_LONGEST_FOOTER)
    return text


def _goal(value: object) -> int:
    if not isinstance(value, int) or not 1 <= value <= LONGEST_GOAL:
        raise InvalidInputError("Bitte wählen Sie, bis wann Sie antworten wollen.")
    return value


def _between(least: int, most: int) -> Callable[[Any], int]:
    def check(value: object) -> int:
        if not isinstance(value, int) or not least <= value <= most:
            raise InvalidInputError("Diese Zahl kann nicht stimmen.")
        return value

    return check


def _owner_mail(value: str) -> str:
    return check_address(value) if value.strip() else ""


def _hours(value: OpeningHours) -> OpeningHours:
    try:
        ZoneInfo(value.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInputError("Diese Zeitzone gibt es nicht.") from error
    days = [*value.week, *(closure.intervals for closure in value.closures)]
    if len(value.week) != 7 or not all(map(is_day, days)):
        raise InvalidInputError("Diese Öffnungszeiten überschneiden sich oder enden vor ihrem Anfang.")
    if any(closure.last < closure.first for closure in value.closures):
        raise InvalidInputError("Der letzte Tag liegt vor dem ersten.")
    return replace(value, closures=tuple(replace(c, label=short_line(c.label)) for c in value.closures))


def is_day(intervals: tuple[tuple[int, int], ...]) -> bool:
    """Whether these can be one day's hours: within the day, in order, none into the next."""
    inside = all(0 <= start < end <= _DAY for start, end in intervals)
    return inside and all(earlier[1] <= later[0] for earlier, later in pairwise(intervals))


def _address(value: str) -> str:
    line = short_line(value, 300).rstrip("/")
    try:
        parts = urlsplit(line)
    except ValueError:
        parts = urlsplit("")
    if line and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise InvalidInputError("Diese Adresse ist nicht vollständig. Beispiel: https://kfz-muster.example")
    return line


def _proxies(value: str) -> str:
    words = short_line(value, 500).replace(",", " ").split()
    try:
        return ", ".join(str(ipaddress.ip_network(word, strict=False)) for word in words)
    except ValueError as error:
        raise InvalidInputError("Bitte nur IP-Adressen, durch Beistriche getrennt.") from error


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _shop_name,
    "trade": _one_of(TRADES, "Bitte wählen Sie, was für ein Betrieb es ist."),
    "country": _one_of(tuple(COUNTRIES), "Bitte wählen Sie das Bundesland oder den Kanton."),
    "region": one_line,
    "street": short_line,
    "town": short_line,
    "phone": phone_line,
    "legal_footer": _footer,
    "hours": _hours,
    "closed_on_holidays": bool,
    "answer_goal_minutes": _goal,
    "public_url": _address,
    "trusted_proxies": _proxies,
    "second_backup_folder": lambda value: short_line(value, 400),
    "language": _one_of(tuple(sorted(LANGUAGES)), "Diese Sprache kennt Theke noch nicht."),
    "small_business": bool,
    "hourly_rate_cents": _between(0, 50_000),
    "template_minutes": _between(0, 120),
    "missed_visit_cents": _between(0, 1_000_000),
    "owner_mail": _owner_mail,
    "digest": bool,
    "look_back": bool,
    "inquiry_form": bool,
    "receipts": bool,
    "receipt_staff_id": int,
    "service_promise": bool,
    "ratings": bool,
}
