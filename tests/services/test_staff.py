from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

import services.staff
from data.records import Actor, Channel, StaffRole
from data.staff import drop_attempts
from data.store import Store
from services.attempts import count_failure, locked_until
from services.errors import InvalidInputError, NotAllowedError, NotFoundError, SignedOutError
from services.noting import Outcome, note_contact
from services.promises import list_promises
from services.shop import Shop
from services.staff import (
    ADDRESS_LIMIT,
    PERSON_LIMIT,
    LockedError,
    WrongPinError,
    actor_of,
    add_staff,
    change_staff,
    deactivate_staff,
    left_behind,
    list_staff,
    list_without_pin,
    reactivate_staff,
    renew_owner_pin,
    require_staff,
    session_name,
    session_of,
    set_pin,
    sign_in,
    sign_in_lock,
    sign_out,
    sign_out_everywhere,
)
from tests.builders import MONDAY, FrozenClock, make_shop

HERE = "192.168.0.7"
OWNER = Actor(1, "Sandra Kofler", StaffRole.OWNER, "de", "s" * 64)


@pytest.fixture(autouse=True)
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="module")
def one() -> Iterator[Store]:
    """One store for all examples of a property."""
    store = Store.open(None)
    yield store
    store.close()


@pytest.fixture
def owner(shop: Shop) -> Actor:
    """Sandra, PIN 271828, signed in."""
    person = add_staff(shop, OWNER, name="Sandra Kofler", role=StaffRole.OWNER, pin="271828")
    return session_of(shop, sign_in(shop, person, "271828", HERE))


@pytest.fixture
def amir(shop: Shop, owner: Actor) -> Actor:
    """Amir, PIN 4711, signed in."""
    person = add_staff(shop, owner, name="Amir Haddad", pin="4711", job_title="Meister")
    return session_of(shop, sign_in(shop, person, "4711", HERE))


def fail(shop: Shop, person: int, times: int = 1, address: str = HERE) -> Exception:
    for _ in range(times):
        with pytest.raises((WrongPinError, LockedError)) as wrong:
            sign_in(shop, person, "0000", address)
    return wrong.value


def lock_minutes(shop: Shop, person: int, rounds: int) -> list[int]:
    """Fail until locked and wait until it ends, so many times; how long each lock lasted."""
    spans = []
    for _ in range(rounds):
        until = fail(shop, person, 5).until
        spans.append(round((until - shop.now()).total_seconds() / 60))
        shop.clock.now = until
    return spans


def test_the_owner_comes_first_in_the_list(shop: Shop, amir: Actor) -> None:
    assert [person.name for person in list_staff(shop.store)] == ["Sandra Kofler", "Amir Haddad"]


@pytest.mark.parametrize(
    ("role", "pin"),
    [
        (StaffRole.OWNER, "12345"),
        (StaffRole.STAFF, "123"),
        (StaffRole.STAFF, "12a4"),
        (StaffRole.STAFF, "1" * 13),
        (StaffRole.OWNER, ""),
    ],
)
def test_a_pin_that_is_too_weak_is_refused(shop: Shop, owner: Actor, role: StaffRole, pin: str) -> None:
    with pytest.raises(InvalidInputError):
        add_staff(shop, owner, name="Mia", role=role, pin=pin)
    assert len(list_staff(shop.store)) == 1


@pytest.mark.parametrize(
    ("role", "pin"),
    [
        (StaffRole.OWNER, "111111"),
        (StaffRole.OWNER, "123456"),
        (StaffRole.OWNER, "65 43 21"),
        (StaffRole.STAFF, "0000"),
        (StaffRole.STAFF, "1234"),
        (StaffRole.STAFF, "7890"),
    ],
)
def test_a_pin_that_everybody_guesses_first_is_refused(shop: Shop, owner: Actor, role: StaffRole, pin: str) -> None:
    mia = add_staff(shop, owner, name="Mia")
    for work in (
        lambda: add_staff(shop, owner, name="Eva", role=role, pin=pin),
        lambda: change_staff(shop, owner, mia, role=role, pin=pin),
        lambda: set_pin(shop, owner, owner.staff_id if role is StaffRole.OWNER else mia, pin),
    ):
        with pytest.raises(InvalidInputError, match="errät"):
            work()
    assert mia in list_without_pin(shop.store)


def test_a_pin_with_a_run_inside_is_nobodys_first_guess(shop: Shop, owner: Actor) -> None:
    assert add_staff(shop, owner, name="Mia", pin="1235")
    assert add_staff(shop, owner, name="Eva", pin="1112")


def test_a_person_without_a_pin_is_in_the_team_and_cannot_sign_in(shop: Shop, owner: Actor) -> None:
    mia = add_staff(shop, owner, name="Mia")
    assert list_without_pin(shop.store) == {mia}
    with pytest.raises(WrongPinError):
        sign_in(shop, mia, "", HERE)


def test_the_pin_is_kept_only_as_a_hash(shop: Shop, amir: Actor) -> None:
    hashes = [row[0] for row in shop.store.read("SELECT pin_hash FROM staff")]
    assert all(text.startswith("$argon2id$") and "4711" not in text for text in hashes)


def test_a_session_tells_who_acts_and_is_read_anew(shop: Shop, owner: Actor, amir: Actor) -> None:
    change_staff(shop, owner, amir.staff_id, role=StaffRole.OWNER, pin="161803")
    session = session_name(sign_in(shop, amir.staff_id, "161803", HERE))
    assert actor_of(shop, session).role is StaffRole.OWNER
    change_staff(shop, owner, amir.staff_id, name="Amir H.", role=StaffRole.STAFF)
    now = actor_of(shop, session)
    assert (now.name, now.role, now.session) == ("Amir H.", StaffRole.STAFF, session)


def test_a_session_dies_with_its_sign_out_its_age_and_its_person(shop: Shop, owner: Actor, amir: Actor) -> None:
    token = sign_in(shop, amir.staff_id, "4711", HERE)
    sign_out(shop, token)
    assert session_of(shop, token) is None
    deactivate_staff(shop, owner, amir.staff_id)
    with pytest.raises(SignedOutError):
        actor_of(shop, amir.session)
    shop.clock.forward(days=30)
    with pytest.raises(SignedOutError):
        actor_of(shop, owner.session)


def test_sessions_that_ran_out_are_forgotten(shop: Shop, owner: Actor) -> None:
    shop.clock.forward(days=31)
    sign_in(shop, owner.staff_id, "271828", HERE)
    assert shop.store.read("SELECT count(*) FROM session") == [(1,)]


@pytest.mark.parametrize("session", ["", "x", "é" * 64, "' OR 1=1 --"])
def test_no_session_is_no_actor(shop: Shop, owner: Actor, session: str) -> None:
    with pytest.raises(SignedOutError):
        actor_of(shop, session)


def test_the_count_of_tries_goes_down_and_then_locks(shop: Shop, amir: Actor) -> None:
    assert [fail(shop, amir.staff_id).left for _ in range(4)] == [4, 3, 2, 1]
    locked = fail(shop, amir.staff_id)
    assert isinstance(locked, LockedError)
    assert (locked.until - shop.now()).total_seconds() == 300
    assert sign_in_lock(shop, amir.staff_id, "10.0.0.1").person


def test_the_right_pin_gives_all_tries_back(shop: Shop, amir: Actor) -> None:
    fail(shop, amir.staff_id, 4)
    sign_in(shop, amir.staff_id, "4711", HERE)
    assert fail(shop, amir.staff_id).left == 4


def test_tries_are_forgotten_a_day_after_the_last_one_and_not_before(shop: Shop, amir: Actor) -> None:
    fail(shop, amir.staff_id, 2)
    shop.clock.forward(hours=23, minutes=59)
    assert fail(shop, amir.staff_id).left == 2
    shop.clock.forward(days=1)
    assert fail(shop, amir.staff_id).left == 4


def test_each_lock_is_twice_as_long_as_the_one_before_up_to_a_day(shop: Shop, amir: Actor) -> None:
    assert lock_minutes(shop, amir.staff_id, 12) == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]


def test_a_right_pin_makes_the_next_lock_a_short_one_again(shop: Shop, amir: Actor) -> None:
    assert lock_minutes(shop, amir.staff_id, 3) == [5, 10, 20]
    sign_in(shop, amir.staff_id, "4711", HERE)
    assert lock_minutes(shop, amir.staff_id, 1) == [5]


def test_a_quiet_day_after_the_last_lock_makes_the_next_one_short_again(shop: Shop, amir: Actor) -> None:
    lock_minutes(shop, amir.staff_id, 3)
    shop.clock.forward(hours=23, minutes=59)
    assert lock_minutes(shop, amir.staff_id, 1) == [40]
    shop.clock.forward(days=1)
    assert lock_minutes(shop, amir.staff_id, 1) == [5]


def test_who_guesses_at_every_free_moment_of_a_month_tries_fewer_than_two_hundred_pins(shop: Shop, amir: Actor) -> None:
    end, tries = shop.now() + timedelta(days=30), 0
    while shop.now() < end:
        tries += 5
        shop.clock.now = fail(shop, amir.staff_id, 5).until
    assert 50 < tries < 200


def test_while_locked_even_the_right_pin_is_refused_and_nothing_lengthens_the_lock(shop: Shop, amir: Actor) -> None:
    until = fail(shop, amir.staff_id, 5).until
    shop.clock.forward(minutes=4)
    with pytest.raises(LockedError) as locked:
        sign_in(shop, amir.staff_id, "4711", HERE)
    assert locked.value.until == until
    shop.clock.forward(minutes=1)
    assert sign_in(shop, amir.staff_id, "4711", HERE)


def test_a_lock_outlives_a_restart(tmp_path: Path) -> None:
    clock = FrozenClock()
    shop = make_shop(tmp_path, in_memory=False, clock=clock)
    person = add_staff(shop, OWNER, name="Amir", pin="4711")
    assert lock_minutes(shop, person, 2) == [5, 10]
    fail(shop, person, 5)
    shop.close()
    again = make_shop(tmp_path, in_memory=False, clock=clock)
    with pytest.raises(LockedError) as locked:
        sign_in(again, person, "4711", HERE)
    assert locked.value.until == clock() + timedelta(minutes=20)
    again.close()


def test_an_address_is_locked_for_longer_each_time_too(shop: Shop) -> None:
    now, spans = shop.now(), []
    for _ in range(3):
        with shop.store.write() as tx:
            left = [count_failure(tx, "address:10.0.0.1", ADDRESS_LIMIT, now) for _ in range(20)]
        until = locked_until(shop.store, "address:10.0.0.1", now)
        assert left[-1] == 0
        spans.append(until - now)
        now = until
    assert spans == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]


def test_a_slip_now_and_then_never_locks_the_tablet_that_all_share(shop: Shop) -> None:
    now = shop.now()
    for _ in range(50):
        with shop.store.write() as tx:
            assert count_failure(tx, "address:10.0.0.1", ADDRESS_LIMIT, now) == 19
        now += timedelta(minutes=5)
    assert locked_until(shop.store, "address:10.0.0.1", now) is None


@given(st.lists(st.integers(0, 2 * 24 * 60), max_size=20))
@settings(deadline=None, max_examples=40)
def test_a_lock_lasts_from_five_minutes_to_a_day_whenever_the_failures_come(one: Store, pauses: list[int]) -> None:
    now = MONDAY
    with one.write() as tx:
        drop_attempts(tx, "staff:1")
        for pause in pauses:
            now = max(now + timedelta(minutes=pause), locked_until(tx, "staff:1", now) or now)
            left = count_failure(tx, "staff:1", PERSON_LIMIT, now)
            until = locked_until(tx, "staff:1", now)
            assert (until is None) == (left > 0)
            assert until is None or timedelta(minutes=5) <= until - now <= timedelta(days=1)


def test_many_guesses_at_once_get_no_more_than_five(shop: Shop, amir: Actor) -> None:
    outcomes: list[type[Exception]] = []

    def guess() -> None:
        try:
            sign_in(shop, amir.staff_id, "0000", HERE)
        except (WrongPinError, LockedError) as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(WrongPinError) == 4
    assert outcomes.count(LockedError) == 12


def test_old_failures_do_not_fill_the_table_for_good(shop: Shop, amir: Actor) -> None:
    for number in range(5):
        fail(shop, amir.staff_id, address=f"10.0.0.{number}")
    shop.clock.forward(days=2)
    fail(shop, amir.staff_id)
    assert shop.store.read("SELECT count(*) FROM sign_in_lock") == [(2,)]


def test_a_new_pin_ends_the_other_sessions_and_lifts_the_lock(shop: Shop, owner: Actor, amir: Actor) -> None:
    fail(shop, amir.staff_id, 5)
    set_pin(shop, owner, amir.staff_id, "5813")
    with pytest.raises(SignedOutError):
        actor_of(shop, amir.session)
    assert sign_in(shop, amir.staff_id, "5813", HERE)
    assert actor_of(shop, owner.session)


def test_people_may_set_their_own_pin_and_stay_signed_in(shop: Shop, amir: Actor) -> None:
    set_pin(shop, amir, amir.staff_id, "5813")
    assert actor_of(shop, amir.session).staff_id == amir.staff_id


def test_what_belongs_to_the_owner_is_refused_to_everybody_else(shop: Shop, owner: Actor, amir: Actor) -> None:
    for work in (
        lambda: add_staff(shop, amir, name="X"),
        lambda: change_staff(shop, amir, amir.staff_id, role=StaffRole.OWNER, pin="161803"),
        lambda: change_staff(shop, amir, amir.staff_id, name="Chef"),
        lambda: change_staff(shop, amir, owner.staff_id, phone="0512 555871"),
        lambda: set_pin(shop, amir, owner.staff_id, "000000"),
        lambda: deactivate_staff(shop, amir, owner.staff_id),
        lambda: reactivate_staff(shop, amir, owner.staff_id),
        lambda: sign_out_everywhere(shop, amir, owner.staff_id),
    ):
        with pytest.raises(NotAllowedError):
            work()
    assert actor_of(shop, owner.session).role is StaffRole.OWNER


def test_people_may_change_their_own_phone_and_language(shop: Shop, amir: Actor) -> None:
    change_staff(shop, amir, amir.staff_id, phone="0316 1", language="en")
    assert require_staff(shop.store, amir.staff_id).phone == "0316 1"
    assert actor_of(shop, amir.session).language == "en"


def test_the_last_owner_stays(shop: Shop, owner: Actor, amir: Actor) -> None:
    for work in (
        lambda: deactivate_staff(shop, owner, owner.staff_id),
        lambda: change_staff(shop, owner, owner.staff_id, role=StaffRole.STAFF),
    ):
        with pytest.raises(InvalidInputError, match="Inhaber"):
            work()
    change_staff(shop, owner, amir.staff_id, role=StaffRole.OWNER, pin="161803")
    deactivate_staff(shop, owner, owner.staff_id)
    assert not require_staff(shop.store, owner.staff_id).active


def test_an_owner_without_a_pin_does_not_count_as_the_other_one(shop: Shop, owner: Actor, amir: Actor) -> None:
    change_staff(shop, owner, amir.staff_id, role=StaffRole.OWNER, pin="161803")
    deactivate_staff(shop, owner, amir.staff_id)
    reactivate_staff(shop, owner, amir.staff_id)
    for work in (
        lambda: deactivate_staff(shop, owner, owner.staff_id),
        lambda: change_staff(shop, owner, owner.staff_id, role=StaffRole.STAFF),
    ):
        with pytest.raises(InvalidInputError, match="PIN"):
            work()
    assert sign_in(shop, owner.staff_id, "271828", HERE)


def test_an_owner_who_forgot_the_pin_gets_a_new_one_and_all_locks_are_lifted(
    shop: Shop, owner: Actor, amir: Actor
) -> None:
    fail(shop, owner.staff_id, 5)
    fail(shop, amir.staff_id, 5)
    renew_owner_pin(shop.store, owner.staff_id, "314159")
    with pytest.raises(SignedOutError):
        actor_of(shop, owner.session)
    assert sign_in(shop, owner.staff_id, "314159", HERE)
    assert sign_in(shop, amir.staff_id, "4711", HERE)


def test_only_an_owner_who_works_here_gets_a_pin_that_way(shop: Shop, owner: Actor, amir: Actor) -> None:
    for person in (amir.staff_id, 99999):
        with pytest.raises(NotFoundError):
            renew_owner_pin(shop.store, person, "314159")
    with pytest.raises(InvalidInputError, match="errät"):
        renew_owner_pin(shop.store, owner.staff_id, "111111")
    assert sign_in(shop, owner.staff_id, "271828", HERE)


def test_an_owner_is_never_made_with_a_short_pin(shop: Shop, owner: Actor, amir: Actor) -> None:
    for pin in ("", "4711"):
        with pytest.raises(InvalidInputError):
            change_staff(shop, owner, amir.staff_id, role=StaffRole.OWNER, pin=pin)
    assert require_staff(shop.store, amir.staff_id).role is StaffRole.STAFF


def test_who_comes_back_needs_a_new_pin(shop: Shop, owner: Actor, amir: Actor) -> None:
    deactivate_staff(shop, owner, amir.staff_id)
    reactivate_staff(shop, owner, amir.staff_id)
    assert amir.staff_id in list_without_pin(shop.store)


def test_signing_out_everywhere_ends_ones_own_sessions_only(shop: Shop, owner: Actor, amir: Actor) -> None:
    second = session_name(sign_in(shop, amir.staff_id, "4711", HERE))
    sign_out_everywhere(shop, amir)
    for session in (amir.session, second):
        with pytest.raises(SignedOutError):
            actor_of(shop, session)
    assert actor_of(shop, owner.session)


def test_a_person_nobody_knows_is_not_found(shop: Shop, owner: Actor) -> None:
    for work in (
        lambda: require_staff(shop.store, 99999),
        lambda: change_staff(shop, owner, 99999, phone="0512 555871"),
        lambda: deactivate_staff(shop, owner, 99999),
    ):
        with pytest.raises(NotFoundError):
            work()
    assert fail(shop, 99999).left == 4


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "🦊", "x" * 81])
def test_a_name_must_be_readable_and_short(shop: Shop, owner: Actor, name: str) -> None:
    with pytest.raises(InvalidInputError):
        add_staff(shop, owner, name=name)
    assert len(list_staff(shop.store)) == 1


def test_two_people_of_one_name_are_refused(shop: Shop, owner: Actor, amir: Actor) -> None:
    mia = add_staff(shop, owner, name="Mia")
    for work in (
        lambda: add_staff(shop, owner, name=" amir  haddad "),
        lambda: change_staff(shop, owner, mia, name="Amir Haddad"),
    ):
        with pytest.raises(InvalidInputError, match="heißt schon jemand so"):
            work()
    change_staff(shop, owner, amir.staff_id, name="AMIR Haddad", phone="0512 555871")
    assert [person.name for person in list_staff(shop.store)] == ["Sandra Kofler", "AMIR Haddad", "Mia"]


def test_the_name_of_somebody_who_left_is_free_and_has_one_holder(shop: Shop, owner: Actor, amir: Actor) -> None:
    deactivate_staff(shop, owner, amir.staff_id)
    assert add_staff(shop, owner, name="Amir Haddad")
    with pytest.raises(InvalidInputError, match="heißt schon jemand so"):
        reactivate_staff(shop, owner, amir.staff_id)


def test_a_new_pin_that_is_too_short_changes_nothing_else(shop: Shop, owner: Actor, amir: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Ziffern"):
        change_staff(shop, owner, amir.staff_id, name="Amir H.", pin="1")
    assert require_staff(shop.store, amir.staff_id).name == "Amir Haddad"


def test_a_pin_among_other_changes_ends_the_old_sessions(shop: Shop, owner: Actor, amir: Actor) -> None:
    change_staff(shop, owner, amir.staff_id, job_title="Lehrling", pin="9087")
    assert sign_in(shop, amir.staff_id, "9087", HERE)
    with pytest.raises(SignedOutError):
        actor_of(shop, amir.session)


def callback(shop: Shop, actor: Actor, until: datetime) -> None:
    note_contact(
        shop,
        actor,
        who="Maria Hofer",
        need="Reifen",
        reach="0664 555 01 43",
        channel=Channel.CALL,
        outcome=Outcome.WE_CALL,
        promise_at=until,
        promise_staff_id=actor.staff_id,
    )


def test_what_somebody_leaves_behind_is_counted_before(shop: Shop, owner: Actor, amir: Actor) -> None:
    assert not left_behind(shop, owner, amir.staff_id).inquiries
    callback(shop, amir, shop.now() + timedelta(hours=2))
    left = left_behind(shop, owner, amir.staff_id)
    assert (left.name, left.inquiries, left.callbacks, left.heir) == ("Amir Haddad", 1, 1, "Sandra Kofler")
    with pytest.raises(NotAllowedError):
        left_behind(shop, amir, amir.staff_id)


def test_an_owner_who_takes_herself_off_leaves_her_callbacks_to_another_owner(
    shop: Shop, owner: Actor, amir: Actor
) -> None:
    change_staff(shop, owner, amir.staff_id, role=StaffRole.OWNER, pin="161803")
    callback(shop, owner, shop.now() + timedelta(hours=2))
    assert left_behind(shop, owner, owner.staff_id).heir == "Amir Haddad"
    deactivate_staff(shop, owner, owner.staff_id)
    assert [p.staff_name for p in list_promises(shop, amir, shop.now() + timedelta(days=1))] == ["Amir Haddad"]
