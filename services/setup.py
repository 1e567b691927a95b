"""The first start: from an empty shop to an owner who is signed in. Each step is kept as soon as it is right.

Nobody is signed in yet, so these use cases take no actor. The one-time code stands in for it (the pages ask for it),
and all of them refuse once the set-up is done.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import data.settings
from data.records import MailAccount, OpeningHours, ShopSettings, StaffRole
from data.store import Reader, Transaction
from services.attempts import Limit, count_failure, locked_until
from services.errors import InvalidInputError, NotFoundError, ShopError
from services.offerings import seed_offerings
from services.reasons import seed_reasons
from services.settings import (
    account_from_json,
    account_to_json,
    is_set_up,
    put_mail_account,
    put_settings,
    shop_settings,
)
from services.shop import Shop
from services.staff import NewPerson, enrol, start_session
from services.templates import seed_templates

# Does not grow: every start makes another code, and a slip must not keep the owner out for a day.
CODE_LIMIT = Limit(10, timedelta(minutes=15), longest=timedelta(minutes=15), pause=timedelta(minutes=15))
_PEOPLE, _MAIL, _DONE = "set_up_people", "set_up_mail", "set_up_done"

Week = tuple[tuple[tuple[int, int], ...], ...]


def _hours(*spans: float) -> tuple[tuple[int, int], ...]:
    edges = [round(span * 60) for span in spans]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


# What is usual in the trade, to begin with; the owner changes it in the second step.
USUAL_WEEK: dict[str, Week] = {
    "kfz": (_hours(7.5, 12, 13, 17),) * 4 + (_hours(7.5, 13), (), ()),
    "mode": (_hours(9.5, 13, 14, 18),) * 5 + (_hours(9.5, 17), ()),
    "salon": ((), *(_hours(9, 18),) * 4, _hours(8, 13), ()),
}


class WrongCodeError(ShopError):
    """Dieser Code stimmt nicht. Er steht in dem Fenster, in dem Theke gestartet wurde."""


class CodeLockedError(ShopError):
    """Das waren zu viele falsche Codes. Bitte warten Sie eine Viertelstunde."""


@dataclass(frozen=True)
class Progress:
    """What the set-up knows so far."""

    settings: ShopSettings
    shop_known: bool
    hours_known: bool
    people: tuple[NewPerson, ...]  # the owner first
    account: MailAccount | None


def code_mark(shop: Shop) -> str:
    """A hash of the present one-time code for a signed cookie: another code, and it no longer fits."""
    return hashlib.sha256(f"set-up {shop.process.setup_code}".encode()).hexdigest()[:32]


def check_code(shop: Shop, code: str, address: str) -> None:
    """Compare with the code of this start; ten wrong ones lock the address for 15 minutes, also after a restart.

    Raises WrongCodeError, CodeLockedError. Without a code in the process settings nothing fits.
    """
    known, now = shop.process.setup_code, shop.now()
    subject = f"set_up:{address}"
    with shop.store.write() as tx:
        locked = locked_until(tx, subject, now) is not None
        fits = bool(known) and hmac.compare_digest(code.strip().encode("utf-8", "replace"), known.encode())
        if not locked and not fits:
            count_failure(tx, subject, CODE_LIMIT, now)
    if locked:
        raise CodeLockedError()
    if not fits:
        raise WrongCodeError()


def read_progress(db: Reader) -> Progress:
    """What the steps have kept so far."""
    kept = data.settings.read_settings(db)
    people = [NewPerson(**{**each, "role": StaffRole(each["role"])}) for each in json.loads(kept.get(_PEOPLE, "[]"))]
    return Progress(
        settings=shop_settings(db),
        shop_known="name" in kept,
        hours_known="answer_goal_minutes" in kept,  # the hours themselves may have come with the country
        people=tuple(people),
        account=account_from_json(kept[_MAIL]) if _MAIL in kept else None,
    )


def save_shop(
    shop: Shop, *, name: str, street: str, town: str, phone: str, trade: str, country: str, region: str
) -> None:
    """First step: who the shop is and where. Raises InvalidInputError."""
    changes = {"name": name, "street": street, "town": town, "phone": phone, "trade": trade}
    with shop.store.write() as tx:
        _require_unfinished(tx)
        put_settings(tx, {**changes, "country": country, "region": region}, shop.now())


def save_hours(shop: Shop, *, week: Week, closed_on_holidays: bool, goal_minutes: int) -> None:
    """Second step: opening hours (minutes after local midnight) and the goal in business minutes.

    Raises InvalidInputError.
    """
    with shop.store.write() as tx:
        _require_unfinished(tx)
        hours = OpeningHours(shop_settings(tx).hours.zone, week)
        changes = {"hours": hours, "closed_on_holidays": closed_on_holidays, "answer_goal_minutes": goal_minutes}
        put_settings(tx, changes, shop.now())


def save_people(shop: Shop, people: Sequence[NewPerson]) -> None:
    """Third step: the owner, then the others. Raises InvalidInputError for two of one name or an owner without PIN."""
    if not people or people[0].role is not StaffRole.OWNER or not people[0].pin_hash:
        raise InvalidInputError("Wer Inhaber ist, braucht eine PIN mit mindestens sechs Ziffern.")
    twice = [name for name, count in Counter(person.name.casefold() for person in people).items() if count > 1]
    if twice:
        raise InvalidInputError("Zwei Personen heißen gleich. Ein Zusatz hilft, etwa der erste Buchstabe.")
    with shop.store.write() as tx:
        _require_unfinished(tx)
        data.settings.write_setting(tx, _PEOPLE, json.dumps([asdict(person) for person in people]), shop.now())


def save_account(shop: Shop, account: MailAccount | None, password: str = "") -> None:
    """Fourth step: a mailbox whose both sides have let us in, or none for now."""
    shop.secrets.set("mail_password", password)
    with shop.store.write() as tx:
        _require_unfinished(tx)
        if account is None:
            data.settings.drop_setting(tx, _MAIL)
        else:
            data.settings.write_setting(tx, _MAIL, account_to_json(account), shop.now())


def finish_set_up(shop: Shop, language: str = "de") -> str:
    """Make of the steps a shop with people, lists to begin with and perhaps a mailbox; the owner's session token.

    `language` becomes the shop's, and all of these people begin with it. The mailbox counts as connected from this
    moment: what lies in it from before is «Vorher». Raises InvalidInputError when a step is missing or the language is
    not known, NotFoundError when the set-up was done already.
    """
    now = shop.now()
    with shop.store.write() as tx:
        _require_unfinished(tx)
        progress = read_progress(tx)
        if not (progress.shop_known and progress.hours_known and progress.people):
            raise InvalidInputError("Es fehlt noch ein Schritt.")
        put_settings(tx, {"language": language}, now)
        owner, *_ = [enrol(tx, replace(person, language=language), now) for person in progress.people]
        seed_templates(tx, now, progress.settings.country, progress.settings.trade)
        seed_offerings(tx, now, progress.settings.country, progress.settings.trade)
        seed_reasons(tx, progress.settings.trade)
        _connect(tx, progress.account, now)
        mark_set_up(tx, now)
        return start_session(tx, owner, now)


def _connect(tx: Transaction, account: MailAccount | None, now: datetime) -> None:
    if account is not None:
        put_mail_account(tx, replace(account, connected_at=now), now)


def mark_set_up(tx: Transaction, now: datetime) -> None:
    """Note that the set-up is done and forget its steps."""
    for name in (_PEOPLE, _MAIL):
        data.settings.drop_setting(tx, name)
    data.settings.write_setting(tx, _DONE, json.dumps(now.isoformat()), now)


def _require_unfinished(tx: Transaction) -> None:
    if is_set_up(tx):
        raise NotFoundError("Theke ist schon eingerichtet.")
