"""What contacts are about: a list for every trade, edited by the owner, never lost for what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.records import Actor, StaffRole
from data.report_records import Intent
from services.errors import InvalidInputError, NotAllowedError, NotFoundError
from services.process import ProcessSettings
from services.reasons import MOST_MINUTES, drop_reason, give_reasons, list_reasons, save_reason, seed_reasons
from services.settings import TRADES, put_settings
from services.setup import USUAL_WEEK, finish_set_up, mark_set_up, save_hours, save_people, save_shop
from services.shop import Shop
from services.staff import new_person
from services.wiring import open_shop
from tests.builders import MONDAY, hire


@pytest.fixture
def owner(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def garage(shop: Shop) -> Shop:
    with shop.store.write() as tx:
        seed_reasons(tx, "kfz")
    return shop


def names(shop: Shop) -> list[str]:
    return [reason.name for reason in list_reasons(shop.store)]


def ident(shop: Shop, name: str) -> int:
    return next(reason.id for reason in list_reasons(shop.store) if reason.name == name)


@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_begins_with_reasons_that_can_be_saved_as_they_are(shop: Shop, owner: Actor, trade: str) -> None:
    with shop.store.write() as tx:
        assert seed_reasons(tx, trade) >= 8
        assert seed_reasons(tx, trade) == 0
    seeded = list_reasons(shop.store)
    assert [reason.position for reason in seeded] == list(range(1, len(seeded) + 1))
    for reason in seeded:
        assert 2 <= reason.minutes <= 10
        assert "ß" not in reason.name  # they are the same in Switzerland
        save_reason(shop, owner, reason.id, name=reason.name, intent=reason.intent, minutes=reason.minutes)
    assert list_reasons(shop.store) == seeded
    assert {Intent.PRICE, Intent.APPOINTMENT, Intent.STATUS, Intent.COMPLAINT} <= {one.intent for one in seeded}


def test_the_set_up_brings_the_reasons_of_the_trade(shop: Shop) -> None:
    place = {"street": "", "town": "", "phone": "", "country": "AT", "region": ""}
    save_shop(shop, name="Salon Reiter", trade="salon", **place)
    save_hours(shop, week=USUAL_WEEK["salon"], closed_on_holidays=True, goal_minutes=240)
    save_people(shop, [new_person(name="Anna Reiter", pin="482913", role=StaffRole.OWNER)])
    finish_set_up(shop)
    assert "Termin absagen" in names(shop)


def test_a_shop_from_before_gets_the_reasons_of_its_trade_when_it_is_opened(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path / "theke"))
    assert names(shop) == []  # not set up: the set-up will ask for the trade
    with shop.store.write() as tx:
        put_settings(tx, {"trade": "mode"}, MONDAY)
        mark_set_up(tx, MONDAY)
    shop.close()
    shop = open_shop(ProcessSettings(folder=tmp_path / "theke"))
    assert "Umtausch oder Rückgabe" in names(shop)
    shop.close()


def test_whoever_took_all_reasons_off_does_not_get_them_again(garage: Shop, owner: Actor) -> None:
    with garage.store.write() as tx:
        mark_set_up(tx, MONDAY)
    for reason in list_reasons(garage.store):
        drop_reason(garage, owner, reason.id)
    give_reasons(garage.store)
    assert names(garage) == []


def test_a_new_reason_stands_at_the_end_and_can_be_changed(garage: Shop, owner: Actor) -> None:
    added = save_reason(garage, owner, None, name="  Leihwagen\n frei? ", intent=Intent.AVAILABILITY, minutes=3)
    assert names(garage)[-1] == "Leihwagen frei?"
    save_reason(garage, owner, added, name="Ist ein Leihwagen frei?", intent=Intent.AVAILABILITY, minutes=7)
    assert (names(garage)[-1], list_reasons(garage.store)[-1].minutes) == ("Ist ein Leihwagen frei?", 7)


def test_a_reason_that_was_taken_off_is_offered_no_more_but_keeps_its_name(garage: Shop, owner: Actor) -> None:
    gone = ident(garage, "Habt ihr offen?")
    drop_reason(garage, owner, gone)
    drop_reason(garage, owner, gone)
    assert "Habt ihr offen?" not in names(garage)
    assert [one.name for one in list_reasons(garage.store, chosen=gone) if one.id == gone] == ["Habt ihr offen?"]
    with pytest.raises(NotFoundError):
        save_reason(garage, owner, gone, name="Offen?", intent=Intent.OTHER, minutes=2)


def test_the_same_name_again_brings_back_the_one_that_was_taken_off(garage: Shop, owner: Actor) -> None:
    gone = ident(garage, "Habt ihr offen?")
    drop_reason(garage, owner, gone)
    assert save_reason(garage, owner, None, name="habt ihr offen?", intent=Intent.OTHER, minutes=4) == gone
    assert names(garage)[-2] == "habt ihr offen?"


@pytest.mark.parametrize(
    ("name", "minutes", "sentence"),
    [
        ("", 5, "fehlt noch"),
        ("?!", 5, "fehlt noch"),
        ("x" * 61, 5, "zu lang"),
        ("was kostet DAS?", 5, "schon"),
        ("Leihwagen", 0, "Minuten"),
        ("Leihwagen", MOST_MINUTES + 1, "Minuten"),
    ],
)
def test_what_cannot_be_a_reason_is_refused(garage: Shop, owner: Actor, name: str, minutes: int, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        save_reason(garage, owner, None, name=name, intent=Intent.OTHER, minutes=minutes)
    assert len(names(garage)) == 9


def test_no_reason_takes_the_name_of_another_one_even_of_one_taken_off(garage: Shop, owner: Actor) -> None:
    drop_reason(garage, owner, ident(garage, "Habt ihr offen?"))
    with pytest.raises(InvalidInputError, match="gab es schon einmal"):
        save_reason(
            garage, owner, ident(garage, "Etwas anderes"), name="Habt ihr offen?", intent=Intent.OTHER, minutes=2
        )


def test_only_the_owner_edits_reasons(garage: Shop) -> None:
    amir = hire(garage, "Amir Haddad")
    with pytest.raises(NotAllowedError):
        save_reason(garage, amir, None, name="Leihwagen", intent=Intent.OTHER, minutes=5)
    with pytest.raises(NotAllowedError):
        drop_reason(garage, amir, ident(garage, "Etwas anderes"))
