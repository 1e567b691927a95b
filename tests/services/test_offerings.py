"""What can be booked: checked as typed, kept in order, seeded for every trade, never cut from under a booking."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import data.offerings
from data.booking_records import ResourceKind
from data.records import Actor, StaffRole
from services.errors import InvalidInputError, NotAllowedError, NotFoundError
from services.offerings import (
    MOST_GROUPS,
    add_block,
    drop_block,
    drop_offering,
    drop_resource,
    list_blocks,
    list_offerings,
    list_resources,
    move_offering,
    offering_fields,
    read_offering,
    require_offering,
    save_offering,
    save_resource,
    seed_offerings,
)
from services.setup import USUAL_WEEK, finish_set_up, save_hours, save_people, save_shop
from services.shop import Shop
from services.staff import new_person
from tests.bookable import AMIR, INSPECTION, LIFT_1, LUKAS, TYRES, VALUATION, at, book, open_garage
from tests.builders import connect, hire

WEEK = (((8 * 60, 12 * 60),), (), (), (), (), (), ())


@pytest.fixture
def owner(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def amir(shop: Shop) -> Actor:
    return hire(shop, "Amir Haddad")


@pytest.fixture
def garage(shop: Shop) -> Shop:
    open_garage(shop)
    return shop


def save(shop: Shop, owner: Actor, ident: int | None = None, **fields: Any) -> int:
    usual = {"name": "Klimaservice", "groups": ((AMIR, LUKAS),)} if ident is None else {}
    return save_offering(shop, owner, ident, **{**usual, **fields})


def test_a_new_offering_stands_last_with_everything_that_was_typed(garage: Shop, owner: Actor) -> None:
    typed = {
        "name": "Klimaservice",
        "description": "Mit Desinfektion",
        "duration": 75,
        "buffer_before": 5,
        "buffer_after": 240,
        "step": 15,
        "price_cents": 9900,
        "online": False,
        "instant": False,
        "notice_minutes": 0,
        "horizon_days": 365,
        "cancel_minutes": 60,
        "daily_limit": 3,
        "bring": "Nichts",
        "question": "Welches Kältemittel?",
        "choices": "R134a\nR1234yf",
        "follow_up_days": 3,
        "repeat_months": 24,
        "groups": ((LUKAS, AMIR), (LIFT_1,)),
    }
    ident = save(garage, owner, **typed)
    kept = require_offering(garage.store, ident)
    assert offering_fields(kept) == typed
    assert list_offerings(garage.store)[-1] == kept
    assert ident not in {one.id for one in list_offerings(garage.store, online_only=True)}


def test_only_what_is_given_changes(garage: Shop, owner: Actor) -> None:
    before = require_offering(garage.store, TYRES)
    save(garage, owner, TYRES, price_cents=5400)
    assert require_offering(garage.store, TYRES) == replace(before, price_cents=5400)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("description", "x" * 501),
        ("bring", "x" * 501),
        ("question", "x" * 201),
        ("duration", 0),
        ("duration", 1445),
        ("duration", 42),
        ("duration", True),
        ("buffer_before", -5),
        ("buffer_after", 245),
        ("buffer_after", 7),
        ("step", 0),
        ("step", 12),
        ("price_cents", -1),
        ("price_cents", 10_000_001),
        ("notice_minutes", 60 * 24 * 60 + 1),
        ("horizon_days", 0),
        ("horizon_days", 366),
        ("cancel_minutes", 60 * 24 * 14 + 1),
        ("daily_limit", 501),
        ("groups", ()),
        ("groups", ((),)),
        ("groups", ((999,),)),
        ("groups", ((AMIR,), (AMIR,))),
        ("groups", ((AMIR, LUKAS), (LUKAS, AMIR), (AMIR, LUKAS))),
        ("groups", ((AMIR,), (LUKAS,), (LIFT_1,), (4,))),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(garage: Shop, owner: Actor, field: str, wrong: object) -> None:
    before = list_offerings(garage.store)
    for ident in (None, TYRES):
        with pytest.raises(InvalidInputError):
            save(garage, owner, ident, **{field: wrong})
    assert list_offerings(garage.store) == before


@pytest.mark.parametrize("choices", ["Eine", "\n".join(str(number) for number in range(13)), "Ja\n" + "x" * 81])
def test_choices_are_a_few_short_lines(garage: Shop, owner: Actor, choices: str) -> None:
    with pytest.raises(InvalidInputError):
        save(garage, owner, question="Wo?", choices=choices)


def test_choices_are_made_clean_and_need_their_question(garage: Shop, owner: Actor) -> None:
    ident = save(garage, owner, question="Wo sind\nIhre Räder?", choices=" mit \r\n\nlager\nmit\x00\n")
    kept = require_offering(garage.store, ident)
    assert (kept.question, kept.choices) == ("Wo sind Ihre Räder?", "mit\nlager")
    with pytest.raises(InvalidInputError, match="fehlt noch die Frage"):
        save(garage, owner, ident, question="")


def test_two_of_one_name_are_refused_but_not_after_one_is_gone(garage: Shop, owner: Actor) -> None:
    with pytest.raises(InvalidInputError, match="gibt es hier schon"):
        save(garage, owner, name="reifenWECHSEL")
    assert save(garage, owner, TYRES, name="REIFENWECHSEL") == TYRES
    drop_offering(garage, owner, TYRES)
    assert save(garage, owner, name="Reifenwechsel")


def test_an_unknown_field_is_a_mistake_of_ours(garage: Shop, owner: Actor) -> None:
    with pytest.raises(TypeError):
        save(garage, owner, position=1)


def test_only_owners_change_what_can_be_booked(garage: Shop, amir: Actor) -> None:
    for change in (
        lambda: save(garage, amir),
        lambda: drop_offering(garage, amir, TYRES),
        lambda: move_offering(garage, amir, TYRES, 1),
        lambda: save_resource(garage, amir, None, name="Bühne 3", kind=ResourceKind.THING),
        lambda: drop_resource(garage, amir, LUKAS),
    ):
        with pytest.raises(NotAllowedError):
            change()


def test_a_dropped_offering_is_gone_from_lists_and_known_to_old_bookings(garage: Shop, owner: Actor) -> None:
    drop_offering(garage, owner, TYRES)
    drop_offering(garage, owner, TYRES)
    assert TYRES not in {one.id for one in list_offerings(garage.store)}
    with pytest.raises(NotFoundError):
        require_offering(garage.store, TYRES)
    with pytest.raises(NotFoundError):
        save(garage, owner, TYRES, duration=30)
    kept = read_offering(garage.store, TYRES)
    assert kept is not None
    assert not kept.active


@pytest.mark.parametrize(
    ("by", "order"),
    [
        (1, [INSPECTION, TYRES, VALUATION]),
        (5, [INSPECTION, VALUATION, TYRES]),
        (0, [TYRES, INSPECTION, VALUATION]),
        (-3, [TYRES, INSPECTION, VALUATION]),
    ],
)
def test_an_offering_moves_in_the_list(garage: Shop, owner: Actor, by: int, order: list[int]) -> None:
    move_offering(garage, owner, TYRES, by)
    assert [one.id for one in list_offerings(garage.store)] == order
    assert [one.position for one in list_offerings(garage.store)] == [1, 2, 3]


def test_persons_come_before_things_and_bring_their_hours(garage: Shop, owner: Actor) -> None:
    ident = save_resource(garage, owner, None, name=" Eva ", kind=ResourceKind.PERSON, week=WEEK)
    assert [one.name for one in list_resources(garage.store)] == ["Amir", "Lukas", "Eva", "Bühne 1", "Bühne 2"]
    assert list_resources(garage.store)[2].week == WEEK
    save_resource(garage, owner, ident, name="Eva", kind=ResourceKind.PERSON)
    assert list_resources(garage.store)[2].week == ()


@pytest.mark.parametrize(
    "week", [WEEK[:6], (((720, 480),), *WEEK[1:]), (((480, 600), (540, 660)), *WEEK[1:]), (((0, 1500),), *WEEK[1:])]
)
def test_hours_that_cannot_be_are_refused(garage: Shop, owner: Actor, week: Any) -> None:
    with pytest.raises(InvalidInputError):
        save_resource(garage, owner, LUKAS, name="Lukas", kind=ResourceKind.PERSON, week=week)


def test_a_resource_is_a_name_of_its_own_that_is_there(garage: Shop, owner: Actor) -> None:
    with pytest.raises(InvalidInputError, match="gibt es hier schon"):
        save_resource(garage, owner, None, name="AMIR", kind=ResourceKind.PERSON)
    with pytest.raises(InvalidInputError, match="Name fehlt"):
        save_resource(garage, owner, None, name=" - ", kind=ResourceKind.PERSON)
    with pytest.raises(NotFoundError):
        save_resource(garage, owner, 999, name="Eva", kind=ResourceKind.PERSON)


def test_a_resource_that_an_offering_needs_alone_stays(garage: Shop, owner: Actor) -> None:
    with pytest.raises(InvalidInputError, match="geht es nicht bei"):
        drop_resource(garage, owner, AMIR)  # «Pickerl» has nobody else
    drop_resource(garage, owner, LUKAS)
    assert require_offering(garage.store, TYRES).groups == ((AMIR,), (LIFT_1, 4))
    assert LUKAS in {one.id for one in data.offerings.list_all_resources(garage.store)}


def test_the_last_two_for_two_groups_both_stay(garage: Shop, owner: Actor) -> None:
    save(garage, owner, groups=((AMIR, LUKAS), (LUKAS, AMIR)))
    with pytest.raises(InvalidInputError, match="Klimaservice"):
        drop_resource(garage, owner, LUKAS)


def test_a_resource_that_a_booking_holds_stays_until_it_is_over(garage: Shop, owner: Actor, clock: Any) -> None:
    connect(garage)
    book(garage, at(25, 9))
    drop_offering(garage, owner, INSPECTION)
    with pytest.raises(InvalidInputError, match="noch Termine"):
        drop_resource(garage, owner, AMIR)
    clock.now = at(25, 10)
    drop_resource(garage, owner, AMIR)
    drop_resource(garage, owner, AMIR)
    assert AMIR not in {one.id for one in list_resources(garage.store)}


def test_everybody_notes_when_somebody_is_away(garage: Shop, amir: Actor) -> None:
    one = add_block(garage, amir, LUKAS, at(24, 8), at(24, 12), " Kurs\n")
    everybody = add_block(garage, amir, None, at(25, 0), at(27, 0), "")
    found = list_blocks(garage.store, at(24, 11), at(25, 1))
    assert [(b.id, b.resource_id, b.label) for b in found] == [(one, LUKAS, "Kurs"), (everybody, None, "")]
    assert list_blocks(garage.store, at(24, 12), at(25, 0)) == []
    drop_block(garage, amir, one)
    drop_block(garage, amir, one)
    assert [b.id for b in list_blocks(garage.store, at(23, 0), at(30, 0))] == [everybody]


def test_an_absence_ends_after_it_began_and_is_of_somebody(garage: Shop, amir: Actor) -> None:
    moment: datetime = at(24, 8)
    for end in (moment, moment - timedelta(minutes=5)):
        with pytest.raises(InvalidInputError):
            add_block(garage, amir, None, moment, end, "")
    with pytest.raises(NotFoundError):
        add_block(garage, amir, 999, moment, at(24, 9), "")


@pytest.mark.parametrize("trade", ["kfz", "mode", "salon"])
@pytest.mark.parametrize("country", ["AT", "DE", "CH"])
def test_every_new_shop_begins_with_offerings_that_stand_every_check(
    shop: Shop, owner: Actor, country: str, trade: str
) -> None:
    with shop.store.write() as tx:
        seeded = seed_offerings(tx, shop.now(), country, trade)
        assert seed_offerings(tx, shop.now(), country, trade) == 0
    listed = list_offerings(shop.store)
    assert len(listed) == seeded
    assert seeded >= 2
    for one in listed:
        assert one.online
        assert one.instant
        assert one.price_cents is None
        assert len(one.groups) <= MOST_GROUPS
        save_offering(shop, owner, one.id, **offering_fields(one))
    assert country != "CH" or not any("ß" in f"{one.name}{one.description}{one.bring}" for one in listed)


def test_the_garages_inspection_is_called_as_in_its_country(shop: Shop) -> None:
    with shop.store.write() as tx:
        seed_offerings(tx, shop.now(), "AT", "kfz")
    assert "Pickerl (§ 57a)" in {one.name for one in list_offerings(shop.store)}


@pytest.mark.parametrize(
    ("team", "persons"),
    [
        ([], ["Werkstatt"]),
        (["Amir Haddad", "Lukas Egger"], ["Amir", "Lukas"]),
        (["Amir Haddad", "Amir Egger"], ["Amir Haddad", "Amir Egger"]),
    ],
)
def test_the_team_does_the_work_or_else_the_garage(
    shop: Shop, owner: Actor, team: list[str], persons: list[str]
) -> None:
    for name in team:
        hire(shop, name)
    with shop.store.write() as tx:
        seed_offerings(tx, shop.now(), "AT", "kfz", prices={"Reifenwechsel": 4900}, on_request={"Jahresservice"})
    names = {one.id: one.name for one in list_resources(shop.store)}
    first = list_offerings(shop.store)[0]
    assert [[names[one] for one in group] for group in first.groups] == [persons, ["Bühne 1", "Bühne 2"]]
    assert first.price_cents == 4900
    assert [one.name for one in list_offerings(shop.store) if not one.instant] == ["Jahresservice"]


def test_a_shop_that_was_just_set_up_can_be_booked(shop: Shop) -> None:
    place = {"street": "", "town": "", "phone": "", "country": "DE", "region": ""}
    save_shop(shop, name="Haar & Mehr", trade="salon", **place)
    save_hours(shop, week=USUAL_WEEK["salon"], closed_on_holidays=True, goal_minutes=240)
    owner, eva = (StaffRole.OWNER, "908172"), (StaffRole.STAFF, "")
    save_people(shop, [new_person(f"{name} Berg", *who) for name, who in (("Ute", owner), ("Eva", eva))])
    finish_set_up(shop)
    assert [one.name for one in list_resources(shop.store)] == ["Eva", "Stuhl 1", "Stuhl 2"]
    assert "Ansatz färben" in {one.name for one in list_offerings(shop.store, online_only=True)}
