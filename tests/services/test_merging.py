"""Two cards of one person: put together without losing a row, taken apart to what they were."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import data.customers
import data.merging
from data.records import Actor, Channel
from services.consents import ADS, list_consents, note_consent
from services.customers import change_customer, find_customers, open_card
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import require_inquiry
from services.merging import likely_doubles, list_merges, merge_customers, preview_merge, unmerge_customers
from services.noting import Outcome, note_contact
from services.rules.same_person import Likeness, Unlike
from services.shop import Shop
from services.wishes import NewWish, note_wish
from tests.builders import FrozenClock, hire, letter, make_shop, receive

MARIA = "maria.hofer@example.org"
_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main'"


def add(shop: Shop, actor: Actor, who: str, reach: str = "") -> int:
    """A customer with an inquiry."""
    said = {"need": f"Bremse, {who} {reach}", "channel": Channel.CALL, "outcome": Outcome.MESSAGE}
    noted = note_contact(shop, actor, who=who, reach=reach, **said)  # type: ignore[arg-type]
    return require_inquiry(shop.store, noted).customer_id


@pytest.fixture
def pair(shop: Shop, amir: Actor) -> tuple[int, int]:
    """Maria Hofer by mail and Maria Hofer by telephone."""
    receive(shop, letter())
    (by_mail,) = shop.store.read("SELECT customer_id FROM inquiry")[0]
    return by_mail, add(shop, amir, "Maria Hofer", "0664 555 01 27")


def holders(shop: Shop) -> dict[str, list[Any]]:
    """Whose every row is, and every word of the cards: what a merge changes and taking apart brings back."""
    kept: dict[str, list[Any]] = {
        table: shop.store.read(f"SELECT id, customer_id FROM {table} ORDER BY id")
        for table in data.merging.TABLES
    }
    kept["contact"] = shop.store.read("SELECT kind, address, customer_id FROM customer_contact ORDER BY ALL")
    kept["customer"] = shop.store.read("SELECT id, referred_by, merged_into FROM customer ORDER BY id")
    return kept


def words(shop: Shop) -> list[Any]:
    """What stands on every card."""
    sql = "SELECT id, name, title, salutation, preferred, likes, note, no_ads, folded FROM customer ORDER BY id"
    return shop.store.read(sql)


def test_no_table_with_a_customer_is_forgotten(shop: Shop) -> None:
    tables = {table for table, column in shop.store.read(_COLUMNS) if column == "customer_id"}
    assert tables == {*data.merging.TABLES, *data.merging.STAYS, "customer_contact"}


def test_no_pointer_to_a_customer_is_forgotten(shop: Shop) -> None:
    columns = {column for table, column in shop.store.read(_COLUMNS) if table == "customer"}
    assert {"referred_by", "merged_into"} <= columns
    assert not {column for column in columns if column.endswith("_id")}


def test_all_goes_over_and_no_clock_moves(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    clocks = shop.store.read("SELECT id, waiting_since, first_contact_at, state, version FROM inquiry ORDER BY id")
    merge_customers(shop, amir, kept, gone)
    card = open_card(shop, amir, kept)
    assert (len(card.inquiries), {contact.address for contact in card.contacts}) == (2, {MARIA, "+436645550127"})
    after = shop.store.read("SELECT id, waiting_since, first_contact_at, state, version FROM inquiry ORDER BY id")
    assert after == clocks
    assert [found.customer.id for found in find_customers(shop, amir, "hofer")] == [kept]
    assert open_card(shop, amir, gone).customer.id == kept


def test_mail_and_calls_from_the_old_address_reach_the_kept_card(
    shop: Shop, amir: Actor, pair: tuple[int, int]
) -> None:
    by_mail, by_phone = pair
    merge_customers(shop, amir, by_phone, by_mail)
    receive(shop, letter("Noch etwas anderes", subject="Reifen"))
    assert add(shop, amir, "Maria Hofer", "0664/5550127") == by_phone
    assert add(shop, amir, "M. Hofer", MARIA) == by_phone
    assert {row[0] for row in shop.store.read("SELECT customer_id FROM inquiry")} == {by_phone}


def test_a_way_that_both_cards_have_stays_on_both(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    change_customer(shop, amir, kept, contact="0664 555 01 27")
    before = holders(shop)
    merge = merge_customers(shop, amir, kept, gone)
    assert len(open_card(shop, amir, kept).contacts) == 2
    assert likely_doubles(shop, amir, kept) == []
    assert add(shop, amir, "Maria Hofer", "0664 555 01 27") == kept
    unmerge_customers(shop, amir, merge)
    assert holders(shop)["contact"] == before["contact"]


def test_empty_fields_are_filled_and_a_second_note_goes_below(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    change_customer(shop, amir, kept, note="Hund im Auto\nVW Golf", title="Dr.")
    change_customer(shop, amir, gone, note="Hund im Auto", title="Mag.", salutation="frau", likes="Kaffee", no_ads=True)
    preview = preview_merge(shop, amir, kept, gone)
    assert (preview.filled, preview.conflicts) == (["salutation", "likes", "note", "no_ads"], ["title"])
    before = words(shop)
    merge = merge_customers(shop, amir, kept, gone)
    customer = open_card(shop, amir, kept).customer
    assert (customer.note, customer.title, customer.salutation) == (
        "Hund im Auto\nVW Golf\nHund im Auto",
        "Dr.",
        "frau",
    )
    assert (customer.likes, customer.no_ads) == ("Kaffee", True)
    unmerge_customers(shop, amir, merge)
    change_customer(shop, amir, kept, no_ads=False)  # stays until somebody lifts it
    assert words(shop) == before


def test_what_was_changed_since_stays(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    change_customer(shop, amir, gone, likes="Kaffee", note="Hund im Auto")
    merge = merge_customers(shop, amir, kept, gone)
    change_customer(shop, amir, kept, likes="Tee", note="Hund im Auto\nZahlt bar")
    newer = add(shop, amir, "Maria Hofer", MARIA)
    unmerge_customers(shop, amir, merge)
    customer = open_card(shop, amir, kept).customer
    assert (customer.likes, customer.note, newer) == ("Tee", "Hund im Auto\nZahlt bar", kept)
    assert (len(open_card(shop, amir, kept).inquiries), len(open_card(shop, amir, gone).inquiries)) == (2, 1)


def test_the_newest_consent_counts_and_a_ban_on_either_card_holds(
    shop: Shop, amir: Actor, pair: tuple[int, int], clock: FrozenClock
) -> None:
    kept, gone = pair
    note_consent(shop, amir, kept, ADS, given=True, how="am Pult")
    clock.forward(days=1)
    note_consent(shop, amir, gone, ADS, given=False, how="am Telefon")
    merge = merge_customers(shop, amir, kept, gone)
    assert [line.given for line in list_consents(shop, amir, kept)] == [False, True]
    unmerge_customers(shop, amir, merge)
    assert [[line.given for line in list_consents(shop, amir, card)] for card in pair] == [[True], [False]]


def test_who_sent_whom_goes_along(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    friend = add(shop, amir, "Josef Novak")
    change_customer(shop, amir, friend, referred_by=gone)
    change_customer(shop, amir, kept, referred_by=gone)
    before = holders(shop)
    merge = merge_customers(shop, amir, kept, gone)
    assert (open_card(shop, amir, kept).referred, open_card(shop, amir, kept).referrer) == (1, None)
    unmerge_customers(shop, amir, merge)
    assert holders(shop) == before


def test_a_name_before_the_marriage_still_finds_the_card(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept = pair[0]
    merge_customers(shop, amir, kept, add(shop, amir, "Maria Öztürk"))
    assert [found.customer.id for found in find_customers(shop, amir, "oeztuerk")] == [kept]


def test_after_ninety_days_they_stay_together(
    shop: Shop, amir: Actor, pair: tuple[int, int], clock: FrozenClock
) -> None:
    merge = merge_customers(shop, amir, *pair)
    clock.forward(days=90)
    assert [each.id for each in list_merges(shop, amir, pair[0])] == [merge]
    clock.forward(minutes=1)
    assert list_merges(shop, amir, pair[0]) == []
    with pytest.raises(InvalidInputError, match="Nach 90 Tagen"):
        unmerge_customers(shop, amir, merge)


def test_a_card_goes_into_no_other_one_twice(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    merge = merge_customers(shop, amir, kept, gone)
    for wrong in ((kept, gone), (gone, kept)):
        with pytest.raises(NotFoundError):
            merge_customers(shop, amir, *wrong)
    with pytest.raises(InvalidInputError, match="schon dieselbe Karte"):
        merge_customers(shop, amir, kept, kept)
    unmerge_customers(shop, amir, merge)
    with pytest.raises(NotFoundError, match="stehen schon für sich"):
        unmerge_customers(shop, amir, merge)


def test_namesakes_are_proposed_unless_something_speaks_against_it(
    shop: Shop, amir: Actor, pair: tuple[int, int]
) -> None:
    by_mail, by_phone = pair
    (double,) = likely_doubles(shop, amir, by_mail)
    assert (double.customer.id, double.why) == (by_phone, Likeness.NAME)
    change_customer(shop, amir, by_phone, contact="maria.hofer@example.net")
    assert likely_doubles(shop, amir, by_mail)[0].why is Likeness.NAME_AND_WAY
    change_customer(shop, amir, by_phone, contact="mh@example.net", drop=["maria.hofer@example.net"])
    assert likely_doubles(shop, amir, by_mail) == []


def test_of_many_namesakes_the_likeliest_three_are_proposed(shop: Shop, amir: Actor) -> None:
    maria = add(shop, amir, "Maria Hofer", "maria@example.org")
    with shop.store.write() as tx:
        for _ in range(21):
            data.customers.insert_customer(tx, name="Maria Hofer", folded="hofer maria", language="de", now=shop.now())
    same = add(shop, amir, "Hofer Maria", "maria@example.net")
    found = likely_doubles(shop, amir, maria)
    assert (found[0].customer.id, found[0].why, len(found)) == (same, Likeness.NAME_AND_WAY, 3)


def test_the_same_note_is_not_said_twice(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    for card in pair:
        change_customer(shop, amir, card, note="Hund im Auto")
    merge_customers(shop, amir, *pair)
    assert open_card(shop, amir, pair[0]).customer.note == "Hund im Auto"


def crowd(shop: Shop, amir: Actor) -> list[int]:
    """Five cards with rows in every table, some ways shared, some words set."""
    people = [add(shop, amir, f"Person {n}", f"0664 555 01 2{n}") for n in range(5)]
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for n, person in enumerate(people):
        change_customer(shop, amir, person, contact="0512 555 99", likes="Kaffee" if n % 2 else "", note=f"Notiz {n}")
        note_consent(shop, amir, person, ADS, given=bool(n % 2), how="am Pult")
        with shop.store.write() as tx:
            tx.insert("erasure", {"id": tx.new_id(), "customer_id": person, "asked_at": at, "asked_how": "",
                                  "staff_id": 1, "kept": ""})  # fmt: skip
    change_customer(shop, amir, people[0], referred_by=people[1])
    change_customer(shop, amir, people[2], referred_by=people[0])
    return people


def apart_next(shop: Shop, actor: Actor, people: list[int]) -> list[int]:
    """The merges that can be undone now: into cards that are in the list."""
    listed = [person for person in people if data.customers.is_listed(shop.store, person)]
    return [merge.id for person in listed for merge in list_merges(shop, actor, person)]


@example(pairs=[(1, 2), (4, 0), (3, 1)], order=[1, 0, 0, 0, 0])
@settings(max_examples=12, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5),
    order=st.lists(st.integers(0, 99), min_size=5, max_size=5),
)
def test_any_merges_taken_apart_bring_every_row_back(pairs: list[tuple[int, int]], order: list[int]) -> None:
    with TemporaryDirectory() as folder, closing(make_shop(Path(folder))) as shop:
        amir = hire(shop, "Amir Hodžić")
        people = crowd(shop, amir)
        whose, told = holders(shop), words(shop)
        for kept, gone in pairs:
            listed = all(data.customers.is_listed(shop.store, people[each]) for each in (kept, gone))
            if listed and kept != gone:
                merge_customers(shop, amir, people[kept], people[gone])
        for turn in order:
            if together := apart_next(shop, amir, people):
                unmerge_customers(shop, amir, together[turn % len(together)])
        assert holders(shop) == whose
        assert [row[-1] for row in words(shop)] == [row[-1] for row in told]
        assert not apart_next(shop, amir, people)


def test_a_ban_that_was_set_meanwhile_stays(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    kept, gone = pair
    change_customer(shop, amir, gone, no_ads=True)
    merge = merge_customers(shop, amir, kept, gone)
    change_customer(shop, amir, kept, no_ads=True)
    unmerge_customers(shop, amir, merge)
    assert [open_card(shop, amir, each).customer.no_ads for each in pair] == [True, True]


def test_mail_that_came_meanwhile_goes_back_with_its_address(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    by_mail, by_phone = pair
    merge = merge_customers(shop, amir, by_phone, by_mail)
    receive(shop, letter("Noch etwas anderes", subject="Reifen", message_id="<reifen@hofer.example>"))
    reifen = max(row.id for row in open_card(shop, amir, by_phone).inquiries)
    note_wish(shop, amir, NewWish("Winterreifen", datetime(2026, 12, 1, tzinfo=UTC).date(), inquiry_id=reifen))
    called = add(shop, amir, "Maria Hofer", "0664/5550127")
    unmerge_customers(shop, amir, merge)
    assert called == by_phone
    assert shop.store.read("SELECT customer_id FROM wish") == [(by_mail,)]
    assert {row.subject for row in open_card(shop, amir, by_mail).inquiries} == {"Mein Golf", "Reifen"}
    assert len(open_card(shop, amir, by_phone).inquiries) == 2


def test_an_address_is_no_name(shop: Shop, amir: Actor) -> None:
    nameless = add(shop, amir, "", "0664 555 01 27")
    maria = add(shop, amir, "Maria Hofer", "maria@example.org")
    assert preview_merge(shop, amir, nameless, maria).filled == ["name"]
    assert preview_merge(shop, amir, nameless, add(shop, amir, "", "0664 555 01 28")).filled == []
    before = [row[:-1] for row in words(shop)]
    merge = merge_customers(shop, amir, nameless, maria)
    assert open_card(shop, amir, nameless).customer.name == "Maria Hofer"
    unmerge_customers(shop, amir, merge)
    assert [row[:-1] for row in words(shop)] == before
    merge_customers(shop, amir, maria, nameless)
    assert open_card(shop, amir, maria).customer.name == "Maria Hofer"


def test_first_names_that_differ_are_pointed_out_and_forbid_nothing(shop: Shop, amir: Actor) -> None:
    anna, peter = add(shop, amir, "Anna Huber", "0664 555 01 27"), add(shop, amir, "Peter Huber", "0664 555 01 27")
    nameless = add(shop, amir, "", "maria@example.org")
    assert preview_merge(shop, amir, anna, peter).unlike == Unlike("Anna", "Peter", first_names=True)
    assert preview_merge(shop, amir, anna, nameless).unlike is None
    assert preview_merge(shop, amir, nameless, anna).unlike is None
    merge_customers(shop, amir, anna, peter)
    assert open_card(shop, amir, peter).customer.name == "Anna Huber"


def test_a_card_in_a_card_comes_out_after_that_one(shop: Shop, amir: Actor, pair: tuple[int, int]) -> None:
    inner, outer = pair
    first = add(shop, amir, "Maria Huber")
    merge = merge_customers(shop, amir, inner, first)
    merge_customers(shop, amir, outer, inner)
    with pytest.raises(InvalidInputError, match="Trennen Sie zuerst diese beiden"):
        unmerge_customers(shop, amir, merge)
