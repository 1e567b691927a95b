"""Who works here, their PINs, and who is signed in.

A session is a random token in a cookie; the store keeps only its SHA-256, so a stolen backup opens nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

import data.inquiries
import data.promises
import data.staff
from data.records import Actor, Staff, StaffRole
from data.store import Reader, Store, Transaction
from services.attempts import Limit, count_failure, locked_until
from services.errors import InvalidInputError, NotAllowedError, NotFoundError, ShopError, SignedOutError, require
from services.shop import Shop
from services.typed import needed_line, phone_line, short_line

SESSION_LENGTH = timedelta(days=30)
PERSON_LIMIT = Limit(5, timedelta(minutes=5))
# Everybody's slips meet at the address of a shared tablet: a quiet while forgives those that locked nothing.
ADDRESS_LIMIT = Limit(20, timedelta(minutes=5), pause=timedelta(minutes=5))
LANGUAGES = frozenset({"de", "en"})
PIN_LENGTHS = {StaffRole.OWNER: 6, StaffRole.STAFF: 4}
LONGEST_PIN = 12
_hasher = PasswordHasher()


class WrongPinError(ShopError):
    """Die PIN stimmt nicht."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left  # attempts before the lock


class LockedError(ShopError):
    """Zu viele falsche Versuche. Bitte warten Sie ein paar Minuten."""

    def __init__(self, until: datetime, *, person: bool) -> None:
        super().__init__()
        self.until = until
        self.person = person  # the name is locked; else the device's address


@dataclass(frozen=True)
class LeftBehind:
    """What somebody who leaves the team leaves to the others."""

    name: str
    inquiries: int  # open ones that become everybody's
    callbacks: int  # promised ones that `heir` takes over
    heir: str  # a name


@dataclass(frozen=True)
class NewPerson:
    """Somebody to be added, already checked; the PIN only as its hash, '' without one."""

    name: str
    role: StaffRole
    pin_hash: str
    job_title: str = ""
    phone: str = ""
    language: str = "de"


def list_staff(db: Reader) -> list[Staff]:
    """Everybody, also those who left (`active` is False): owners first, then in the order of joining."""
    return data.staff.list_staff(db)


def require_staff(db: Reader, staff_id: int) -> Staff:
    """The person; raises NotFoundError."""
    return require(data.staff.read_staff(db, staff_id), "Diese Person gibt es im Team nicht.")


def require_active(db: Reader, staff_id: int) -> Staff:
    """Somebody who works here now; raises NotFoundError."""
    person = require_staff(db, staff_id)
    if not person.active:
        raise NotFoundError("Diese Person arbeitet nicht mehr hier.")
    return person


def list_without_pin(db: Reader) -> set[int]:
    """Ids of the active people who have no PIN yet and so cannot sign in."""
    return data.staff.list_without_pin(db)


def require_owner(actor: Actor) -> None:
    """Raises NotAllowedError for anybody but an owner."""
    if actor.role is not StaffRole.OWNER:
        raise NotAllowedError()


def new_person(
    name: str, role: StaffRole, pin: str, *, job_title: str = "", phone: str = "", language: str = "de"
) -> NewPerson:
    """Check what was typed and hash the PIN ('' for none yet); raises InvalidInputError."""
    return NewPerson(
        name=_checked_name(name),
        role=role,
        pin_hash=choose_pin(pin, role) if pin else "",
        job_title=short_line(job_title, 80),
        phone=phone_line(phone),
        language=_checked_language(language),
    )


def choose_pin(pin: str, role: StaffRole) -> str:
    """The hash of a PIN that a person has just thought of; raises InvalidInputError as `hash_pin` does, and for a PIN
    of one digit or a plain run, which everybody tries first.
    """
    pin_hash = hash_pin(pin, role)
    digits = [int(digit) for digit in re.sub(r"\s", "", pin)]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise InvalidInputError("Diese PIN errät jeder zuerst. Bitte keine gleichen Ziffern und keine Reihe wie 1234.")
    return pin_hash


def hash_pin(pin: str, role: StaffRole) -> str:
    """The argon2 hash. Raises InvalidInputError: only digits, an owner's at least six, others' at least four."""
    digits = re.sub(r"\s", "", pin)
    if not re.fullmatch(r"[0-9]+", digits) or not PIN_LENGTHS[role] <= len(digits) <= LONGEST_PIN:
        raise InvalidInputError(
            "Die PIN besteht nur aus Ziffern: mindestens {least}, höchstens {most}.",
            least=PIN_LENGTHS[role],
            most=LONGEST_PIN,
        )
    return _hasher.hash(digits)


def enrol(tx: Transaction, person: NewPerson, now: datetime) -> int:
    """Add a person in the caller's transaction; the id."""
    return data.staff.insert_staff(tx, asdict(person), now)


def add_staff(
    shop: Shop,
    actor: Actor,
    *,
    name: str,
    job_title: str = "",
    phone: str = "",
    role: StaffRole = StaffRole.STAFF,
    pin: str = "",
    language: str = "de",
) -> int:
    """Add a person; the id. Without a PIN they appear in the team and cannot sign in yet.

    Raises NotAllowedError, and InvalidInputError also for a name that somebody in the team has.
    """
    require_owner(actor)
    if role is StaffRole.OWNER and not pin:
        raise InvalidInputError("Wer Inhaber ist, braucht eine PIN mit mindestens sechs Ziffern.")
    person = new_person(name, role, pin, job_title=job_title, phone=phone, language=language)
    with shop.store.write() as tx:
        _refuse_namesake(tx, person.name)
        return enrol(tx, person, shop.now())


def change_staff(
    shop: Shop,
    actor: Actor,
    staff_id: int,
    *,
    name: str | None = None,
    job_title: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    role: StaffRole | None = None,
    pin: str = "",
) -> None:
    """Change what is given, all or nothing. People may change their own phone, language and PIN, owners everything.

    Who becomes an owner needs a new PIN of six digits in the same step. Raises NotAllowedError, InvalidInputError.
    """
    if staff_id != actor.staff_id or name is not None or job_title is not None or role is not None:
        require_owner(actor)
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = _checked_name(name)
    if job_title is not None:
        changes["job_title"] = short_line(job_title, 80)
    if phone is not None:
        changes["phone"] = phone_line(phone)
    if language is not None:
        changes["language"] = _checked_language(language)
    with shop.store.write() as tx:
        person = require_staff(tx, staff_id)
        if changes.get("name", person.name) != person.name:
            _refuse_namesake(tx, str(changes["name"]), but=staff_id)
        data.staff.change_staff(tx, staff_id, {**changes, **_role_changes(tx, person, role, pin)})
        if pin:
            _give_pin(tx, actor, replace(person, role=role or person.role), pin)


def left_behind(shop: Shop, actor: Actor, staff_id: int) -> LeftBehind:
    """What taking this person off the team would leave to the others; raises NotAllowedError, NotFoundError."""
    require_owner(actor)
    person = require_staff(shop.store, staff_id)
    inquiries, callbacks = data.staff.count_left_behind(shop.store, staff_id)
    heir = require_staff(shop.store, _heir(shop.store, actor, staff_id))
    return LeftBehind(person.name, inquiries, callbacks, heir.name)


def deactivate_staff(shop: Shop, actor: Actor, staff_id: int) -> None:
    """Take a person off the sign-in page and end their sessions; their words stay under their name.

    Their open inquiries are open to all again, and who takes them off inherits their promised callbacks; those of an
    owner who takes herself off go to another owner.

    Raises NotAllowedError for non-owners and InvalidInputError for the last owner who can sign in.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        _require_another_owner(tx, require_staff(tx, staff_id))
        data.staff.change_staff(tx, staff_id, {"active": False, "pin_hash": ""})
        data.staff.delete_sessions(tx, staff_id)
        data.inquiries.release_inquiries(tx, staff_id)
        data.promises.inherit_promises(tx, staff_id, _heir(tx, actor, staff_id))


def reactivate_staff(shop: Shop, actor: Actor, staff_id: int) -> None:
    """Put a person who had left back; they need a new PIN.

    Raises NotAllowedError, and InvalidInputError if somebody in the team has their name by now.
    """
    require_owner(actor)
    with shop.store.write() as tx:
        _refuse_namesake(tx, require_staff(tx, staff_id).name, but=staff_id)
        data.staff.change_staff(tx, staff_id, {"active": True})


def set_pin(shop: Shop, actor: Actor, staff_id: int, pin: str) -> None:
    """Give a person a new PIN: one's own, or as owner anybody's. Their other sessions end, their lock is lifted.

    Raises NotAllowedError, InvalidInputError.
    """
    if staff_id != actor.staff_id:
        require_owner(actor)
    with shop.store.write() as tx:
        _give_pin(tx, actor, require_staff(tx, staff_id), pin)


def renew_owner_pin(store: Store, staff_id: int, pin: str) -> None:
    """Give an owner who forgot the PIN a new one, from the PC's own terminal: all their sessions end, all locks are
    lifted. Raises NotFoundError for anybody but an owner who works here, InvalidInputError.
    """
    with store.write() as tx:
        person = require_active(tx, staff_id)
        if person.role is not StaffRole.OWNER:
            raise NotFoundError("Diese Person ist nicht Inhaber.")
        data.staff.change_staff(tx, staff_id, {"pin_hash": choose_pin(pin, person.role)})
        data.staff.delete_sessions(tx, staff_id)
        data.staff.drop_all_attempts(tx)


def sign_in(shop: Shop, staff_id: int, pin: str, address: str) -> str:
    """Check a PIN; the token for the cookie, good for 30 days.

    Five failures lock the person, twenty the address: for 5 minutes, then 10, 20, at most a day. The right PIN makes
    the person's next lock a short one again. Raises WrongPinError, LockedError.
    """
    now = shop.now()
    with shop.store.write() as tx:
        # The PIN is checked under the write lock: a hundred guesses at once cannot slip past the count.
        failure = _failure(tx, staff_id, pin, address, now)
        token = "" if failure else start_session(tx, staff_id, now)
    if failure:
        raise failure
    return token


def sign_in_lock(shop: Shop, staff_id: int, address: str) -> LockedError | None:
    """The lock that holds a person at this address off right now, or None."""
    return _lock(shop.store, staff_id, address, shop.now())


def start_session(tx: Transaction, staff_id: int, now: datetime) -> str:
    """Sign a person in within the caller's transaction; the token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    data.staff.drop_attempts(tx, f"staff:{staff_id}")
    data.staff.insert_session(tx, session_name(token), staff_id, now, now + SESSION_LENGTH)
    return token


def sign_out(shop: Shop, token: str) -> None:
    """End the session of this token; harmless when it has ended."""
    with shop.store.write() as tx:
        data.staff.delete_session(tx, session_name(token))


def sign_out_everywhere(shop: Shop, actor: Actor, staff_id: int | None = None) -> None:
    """End all sessions of a person, also the present one: one's own, or as owner anybody's. Raises NotAllowedError."""
    person = actor.staff_id if staff_id is None else staff_id
    if person != actor.staff_id:
        require_owner(actor)
    with shop.store.write() as tx:
        data.staff.delete_sessions(tx, person)


def session_name(token: str) -> str:
    """SHA-256 of a token in hex: the name under which a session is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def session_of(shop: Shop, token: str) -> Actor | None:
    """Who holds this token, or None."""
    return data.staff.find_actor(shop.store, session_name(token), shop.now()) if token else None


def actor_of(shop: Shop, session: str) -> Actor:
    """Who acts in a session (the hash the gate hands on), read anew; raises SignedOutError."""
    actor = data.staff.find_actor(shop.store, session, shop.now()) if session else None
    if actor is None:
        raise SignedOutError()
    return actor


def _failure(tx: Transaction, staff_id: int, pin: str, address: str, now: datetime) -> ShopError | None:
    locked = _lock(tx, staff_id, address, now)
    if locked or _fits(data.staff.read_pin_hash(tx, staff_id), pin):
        return locked
    at_address = count_failure(tx, f"address:{address}", ADDRESS_LIMIT, now)
    left = min(count_failure(tx, f"staff:{staff_id}", PERSON_LIMIT, now), at_address)
    return _lock(tx, staff_id, address, now) or WrongPinError(left)


def _lock(db: Reader, staff_id: int, address: str, now: datetime) -> LockedError | None:
    person = locked_until(db, f"staff:{staff_id}", now)
    if person:
        return LockedError(person, person=True)
    device = locked_until(db, f"address:{address}", now)
    return LockedError(device, person=False) if device else None


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return bool(pin_hash) and len(pin) <= 4 * LONGEST_PIN and _hasher.verify(pin_hash, re.sub(r"\s", "", pin))
    except (VerificationError, InvalidHashError):
        return False


def _give_pin(tx: Transaction, actor: Actor, person: Staff, pin: str) -> None:
    data.staff.change_staff(tx, person.id, {"pin_hash": choose_pin(pin, person.role)})
    data.staff.delete_sessions(tx, person.id, but=actor.session)
    data.staff.drop_attempts(tx, f"staff:{person.id}")


def _heir(db: Reader, actor: Actor, leaver: int) -> int:
    """Who takes over: the one who acts, or for themselves the first other owner (themselves if there is none)."""
    if actor.staff_id != leaver:
        return actor.staff_id
    others = [p.id for p in list_staff(db) if p.active and p.role is StaffRole.OWNER and p.id != leaver]
    return others[0] if others else leaver


def _refuse_namesake(db: Reader, name: str, *, but: int = 0) -> None:
    names = {person.name.casefold() for person in list_staff(db) if person.active and person.id != but}
    if name.casefold() in names:
        raise InvalidInputError("Im Team heißt schon jemand so. Ein Zusatz hilft, etwa der erste Buchstabe.")


def _role_changes(tx: Transaction, person: Staff, role: StaffRole | None, pin: str) -> dict[str, object]:
    if role is None or role is person.role:
        return {}
    if role is StaffRole.STAFF:
        _require_another_owner(tx, person)
    elif not pin:
        raise InvalidInputError("Wer Inhaber ist, braucht eine PIN mit mindestens sechs Ziffern.")
    return {"role": role}


def _require_another_owner(tx: Transaction, person: Staff) -> None:
    if person.role is StaffRole.OWNER and not data.staff.count_owners(tx, without=person.id):
        raise InvalidInputError("Mindestens eine Person mit PIN muss Inhaber bleiben.")


def _checked_name(name: str) -> str:
    return needed_line(name, "Bitte schreiben Sie einen Namen.", 80)


def _checked_language(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInputError("Diese Sprache kennt Theke noch nicht.")
    return language
