"""A list of customers: looked at, read in whole or not at all, and taken back as if it had never been."""

from __future__ import annotations

import time
from typing import Any

import pytest

import data.customer_imports
import data.customers
import services.customer_import
from data.customer_imports import LineFate
from data.merging import TABLES
from data.records import Actor, Channel, Customer, StaffRole
from data.store import Transaction
from services.customer_import import (
    LONG_NAME,
    LONG_TITLE,
    NO_MAIL,
    NO_PHONE,
    NOBODY,
    ROUNDED,
    STAYS,
    all_customers,
    import_customers,
    import_lines,
    list_imports,
    preview_import,
    require_import,
    undo_import,
)
from services.customers import change_customer, find_or_add_customer
from services.errors import InvalidInputError, NotAllowedError
from services.import_cards import DIFFERS, MIXED, NOT_THEIRS
from services.merging import merge_customers
from services.noting import Outcome, note_contact
from services.privacy import erase_customer
from services.rules.customer_csv import TOO_LONG
from services.settings import put_settings
from services.shop import Shop
from tests.builders import MONDAY, hire
from tests.services.everywhere import columns

HEAD = "Name;E-Mail;Telefon;Titel;Notiz\n"
FATES = {LineFate.ADDED, LineFate.CHANGED, LineFate.KNOWN, LineFate.REFUSED}


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    with shop.store.write() as tx:
        put_settings(tx, {"country": "AT", "name": "Kfz Muster"}, shop.now())
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def know(shop: Shop, name: str, reach: str) -> int:
    """Somebody whom the shop knows already."""
    with shop.store.write() as tx:
        return find_or_add_customer(tx, "AT", name=name, reach=reach, now=shop.now())


def read_in(shop: Shop, actor: Actor, rows: str, head: str = HEAD) -> int:
    return import_customers(shop, actor, (head + rows).encode(), "kunden.csv").id


def fates(shop: Shop, actor: Actor, import_id: int) -> list[tuple[int, str, str]]:
    return [(line.line, line.fate.value, line.problem) for line in import_lines(shop, actor, import_id)]


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that an import may touch, ids of new rows apart."""
    columns = {
        "customer": """id, name, salutation, title, form_of_address, language, note, likes, folded, created_at,
            preferred, referred_by, no_ads, merged_into, erased_at""",
        "customer_contact": "kind, address, customer_id, shown, added_at",
        "inquiry": "id, customer_id, subject, state",
        "message": "id, inquiry_id, body",
    }
    return {
        table: sorted(shop.store.read(f"SELECT {names} FROM {table}"), key=repr) for table, names in columns.items()
    }


def test_each_line_is_added_filled_in_known_or_refused(shop: Shop, sandra: Actor) -> None:
    maria, novak = know(shop, "Maria Hofer", "maria@a.at"), know(shop, "Hr. Novak", "0512 555 873")
    rows = (
        "Maria H.;MARIA@a.at;0664 5550127;Mag.;Golf\n"  # her name stays
        "hr. novak;;0512/555873;;\n"
        "Eva Berger;eva@a.at;6645550128;;\n"
        "Eva Berger;eva@a.at;;;Tee\n"
        ";nur@a.at;;;\n"
        "Kein Weg;;;;\n"
        "Kein Weg;;;;\n"
        "Falsch;maria(at)a.at;;;\n"
        "Falsch;;12 intern;;\n"
        ";;;;nichts\n"
        ";maria@a.at eva@a.at;;;\n"
    )
    done = import_customers(shop, sandra, (HEAD + rows).encode(), "kunden.csv")
    assert fates(shop, sandra, done.id) == [
        (2, "changed", ""), (3, "known", ""), (4, "added", ""), (5, "changed", ""), (6, "added", ""), (7, "added", ""),
        (8, "known", ""), (9, "refused", NO_MAIL), (10, "added", NO_PHONE), (11, "refused", NOBODY),
        (12, "refused", MIXED),
    ]  # fmt: skip
    assert (done.added, done.changed, done.known, done.refused) == (4, 2, 2, 3)
    card = data.customers.read_customer(shop.store, maria)
    assert card is not None
    assert (card.name, card.title, card.note) == ("Maria Hofer", "Mag.", "Golf")
    assert [way.address for way in data.customers.list_contacts(shop.store, maria)] == ["maria@a.at", "+436645550127"]
    assert [way.address for way in data.customers.list_contacts(shop.store, novak)] == ["+43512555873"]
    assert data.customers.find_by_contact(shop.store, "phone", "+436645550128")[0].note == "Tee"


def test_the_preview_tells_the_same_and_keeps_nothing(shop: Shop, sandra: Actor) -> None:
    know(shop, "Maria Hofer", "maria@a.at")
    rows = "Maria;maria@a.at;;Mag.;\nEva;eva@a.at;;;\nEva;eva@a.at;;;\nX;x;;;\n"
    before, shares = everything(shop), []
    seen = preview_import(shop, sandra, (HEAD + rows).encode(), shares.append)
    assert seen.counts == dict.fromkeys(FATES, 1)
    assert seen.problems == ((5, NO_MAIL),)
    assert [(line.line, line.fate) for line in seen.first] == [(2, "changed"), (3, "added"), (4, "known")]
    assert everything(shop) == before
    assert not list_imports(shop, sandra)
    assert shares[-1] == 1.0


def test_a_list_read_in_twice_adds_nobody_twice(shop: Shop, sandra: Actor) -> None:
    rows = "Maria;maria@a.at;;;\nHr. Novak;;0512 555873;;\nKein Weg;;;;\n"
    read_in(shop, sandra, rows)
    before = everything(shop)
    again = read_in(shop, sandra, rows)
    assert {fate for _line, fate, _why in fates(shop, sandra, again)} == {"known"}
    assert everything(shop) == before


def test_taking_it_back_leaves_every_row_as_it_was(shop: Shop, sandra: Actor) -> None:
    know(shop, "Maria Hofer", "maria@a.at")
    know(shop, "", "nur@a.at")
    before = everything(shop)
    rows = "M;maria@a.at;0664 5550127;Mag.;Golf\nM;maria@a.at;;;Noch was\nNina;nur@a.at;;;\n"
    rows += "Eva;eva@a.at;;;\nEva;eva@a.at;;Dr.;\n"
    done = read_in(shop, sandra, rows)
    assert everything(shop) != before
    report = undo_import(shop, sandra, done)
    assert everything(shop) == before
    assert (report.gone, report.restored, report.stayed) == (1, 2, 0)
    assert len(import_lines(shop, sandra, done)) == 5
    with pytest.raises(InvalidInputError, match="schon zurückgenommen"):
        undo_import(shop, sandra, done)


def test_what_is_used_or_changed_meanwhile_stays(shop: Shop, sandra: Actor) -> None:
    maria = know(shop, "Maria Hofer", "maria@a.at")
    done = read_in(shop, sandra, "M;maria@a.at;;Mag.;Golf\nEva;eva@a.at;;;\nIda;ida@a.at;;;\nUte;ute@a.at;;;\n")
    note_contact(
        shop, sandra, who="Eva", need="Reifen", reach="eva@a.at", channel=Channel.CALL, outcome=Outcome.MESSAGE
    )
    ida = data.customers.find_by_contact(shop.store, "mail", "ida@a.at")[0].id
    change_customer(shop, sandra, ida, note="von Hand")
    change_customer(shop, sandra, maria, note="Golf, blau")
    report = undo_import(shop, sandra, done)
    assert (report.gone, report.stayed) == (1, 2)
    told = [line.line for line in import_lines(shop, sandra, done, only_told=True)]
    assert told == [3, 4]
    assert {line.problem for line in import_lines(shop, sandra, done, only_told=True)} == {STAYS}
    card = data.customers.read_customer(shop.store, maria)
    assert card is not None
    assert (card.title, card.note) == ("", "Golf, blau")
    assert not data.customers.find_by_contact(shop.store, "mail", "ute@a.at")


def test_a_fault_in_the_middle_leaves_nothing(shop: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(shop)

    def broken(*_args: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(services.customer_import.data.customer_imports, "add_ways", broken)
    with pytest.raises(RuntimeError):
        read_in(shop, sandra, "Eva;eva@a.at;;;\n")
    assert everything(shop) == before
    assert not list_imports(shop, sandra)


def test_only_an_owner_may(shop: Shop) -> None:
    amir = hire(shop, "Amir")
    for service in (
        list_imports,
        all_customers,
        lambda *who: preview_import(*who, b"Name\n"),
        lambda *who: import_customers(*who, b"Name\nEva\n", "kunden.csv"),
        lambda *who: require_import(*who, 1),
        lambda *who: import_lines(*who, 1),
        lambda *who: undo_import(*who, 1),
    ):
        with pytest.raises(NotAllowedError):
            service(shop, amir)
    assert shop.store.read("SELECT name FROM customer") == []


def test_the_preview_shows_some_lines_and_counts_all(shop: Shop, sandra: Actor) -> None:
    rows = "".join(f"Eva {n};eva{n}@a.at;;;\n" for n in range(9)) + "X;x;;;\n" * 21
    seen = preview_import(shop, sandra, (HEAD + rows).encode())
    assert (len(seen.first), len(seen.problems), seen.told, seen.lines) == (8, 20, 21, 30)


def test_what_is_too_long_for_a_card_costs_its_line_only(shop: Shop, sandra: Actor) -> None:
    know(shop, "Maria Hofer", "maria@a.at")
    full, name = "n" * 4990, "N" * 201
    rows = f"{name};n@a.at;;;\nEva;eva@a.at;12 intern;;{full}\n"
    rows += f"Maria;maria@a.at;;;{full}\nMaria;maria@a.at;;;Golf fährt\n"
    done = import_customers(shop, sandra, (HEAD + rows).encode(), f"alle\nkunden{'n' * 200}.csv")
    assert fates(shop, sandra, done.id) == [
        (2, "refused", LONG_NAME), (3, "refused", TOO_LONG), (4, "changed", ""), (5, "known", DIFFERS),
    ]  # fmt: skip
    assert card_at(shop, "mail", "maria@a.at").note == full
    assert done.file_name == "alle …"


def test_whatever_stands_on_a_card_holds_it(shop: Shop, sandra: Actor) -> None:
    names = [*TABLES, "gone", "into", "referred", "referring", "away", "erased", "listed"]
    rows = "".join(f"{name};{name}@a.at;;;\n" for name in [*names, "free", "freed"])
    done = read_in(shop, sandra, rows)
    cards = {name: card_at(shop, "mail", f"{name}@a.at").id for name in [*names, "free", "freed"]}
    with shop.store.write() as tx:
        for table in TABLES:
            tx.insert(table, {column: cards[table] if column == "customer_id" else anything(tx, kind)
                              for column, kind in columns(tx, table)})  # fmt: skip
        merge = {"id": 1, "staff_id": 1, "merged_at": shop.now(), "moved": "{}", "undone_at": shop.now()}
        tx.insert("customer_merge", {**merge, "gone_id": cards["gone"], "into_id": cards["into"]})
        for changes, name in (
            (f"referred_by = {cards['referred']}", "referring"),
            (f"merged_into = {cards['into']}", "away"),
            ("erased_at = now()::TIMESTAMP", "erased"),
        ):
            tx.run(f"UPDATE customer SET {changes} WHERE id = {cards[name]}")
    undo_import(shop, sandra, read_in(shop, sandra, "freed;freed@a.at;;Dr.;\n"))
    read_in(shop, sandra, "listed;listed@a.at;;;\n")
    used = data.customer_imports.used_cards(shop.store, done, cards.values())
    assert {name for name, card in cards.items() if card in used} == set(names)


def anything(tx: Transaction, kind: str) -> Any:
    """A value of this kind that means nothing."""
    return {"VARCHAR": str(tx.new_id()), "BIGINT": tx.new_id(), "TIMESTAMP": MONDAY, "DATE": MONDAY.date()}.get(kind, 1)


def test_who_went_into_another_card_is_read_and_listed_as_that_one(shop: Shop, sandra: Actor) -> None:
    maria, other = know(shop, "Maria Hofer", "maria@a.at"), know(shop, "Maria Hofer", "0664 5550143")
    with shop.store.write() as tx:  # as it was in a shop that merged two cards before their addresses went along
        tx.run("UPDATE customer SET merged_into = $into WHERE id = $id", {"into": other, "id": maria})
    assert fates(shop, sandra, read_in(shop, sandra, "Maria Hofer;maria@a.at;;Mag.;\n")) == [(2, "changed", "")]
    assert [(one.name, one.title) for one in all_customers(shop, sandra)] == [("Maria Hofer", "Mag.")]
    erase_customer(shop, sandra, other)
    assert all_customers(shop, sandra) == []


def test_a_file_that_is_no_list_is_refused(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Überschriften"):
        read_in(shop, sandra, "", head="Artikel;Preis\n")


def test_twenty_thousand_lines_with_broken_ones_are_read_in_and_taken_back(shop: Shop, sandra: Actor) -> None:
    know(shop, "Kunde 3", "kunde3@example.org")
    before, shares = everything(shop), []
    rows = [
        f'"Kunde {n};kaputt' if n % 1000 == 7 else f"Kunde {n};kunde{n}@example.org;0664 {5_000_000 + n};;Notiz {n}"
        for n in range(20_000)
    ]
    content = (HEAD + "\n".join(rows)).encode()
    started = time.process_time()
    done = import_customers(shop, sandra, content, "alle.csv", shares.append)
    spent = time.process_time() - started
    broken = sum(row.startswith('"') for row in rows)
    assert (done.added, done.changed, done.refused) == (20_000 - broken - 1, 1, broken)
    assert len(shares) > 20
    assert shares == sorted(shares)
    report = undo_import(shop, sandra, done.id)
    assert (report.gone, report.restored) == (done.added, 1)
    assert everything(shop) == before
    assert spent < 15


def card_at(shop: Shop, kind: str, address: str) -> Customer:
    (card,) = data.customers.find_by_contact(shop.store, kind, address)
    return card


def test_a_list_that_was_taken_back_leaves_no_word_of_anybody(shop: Shop, sandra: Actor) -> None:
    done = read_in(shop, sandra, "Eva Berger;eva@a.at;;;schwierig\n")
    undo_import(shop, sandra, done)
    assert shop.store.read("SELECT DISTINCT before FROM customer_import_line") == [("",)]


def test_a_shared_mail_fills_no_strangers_card(shop: Shop, sandra: Actor) -> None:
    josef = know(shop, "Josef Huber", "huber@a.at")
    rows = "Maria Huber;huber@a.at;0664 5550127;;Allergie\nAnna Huber;huber@a.at;;;\nJ. Huber;huber@a.at;;;Golf\n"
    done = read_in(shop, sandra, rows)
    assert fates(shop, sandra, done) == [(2, "added", NOT_THEIRS), (3, "added", NOT_THEIRS), (4, "changed", "")]
    maria = card_at(shop, "phone", "+436645550127")
    assert (maria.name, maria.note) == ("Maria Huber", "Allergie")
    assert card_at(shop, "mail", "huber@a.at").id == josef
    assert card_at(shop, "mail", "huber@a.at").note == "Golf"
    before = everything(shop)
    read_in(shop, sandra, rows)
    assert everything(shop) == before


def test_what_a_known_line_brings_is_kept_or_told(shop: Shop, sandra: Actor) -> None:
    rows = "Eva B;e@a.at;;;A\nEva B;e@a.at;;;B\nHans Maier;;;;Golf\nHans Maier;;;;Passat\n"
    rows += "Eva B;e@a.at;;Mag.;A\nEva B;e@a.at;;Dr.;\n"
    done = read_in(shop, sandra, rows)
    assert [line[1:] for line in fates(shop, sandra, done)] == [
        ("added", ""), ("changed", ""), ("added", ""), ("changed", ""), ("changed", ""), ("known", DIFFERS),
    ]  # fmt: skip
    assert card_at(shop, "mail", "e@a.at").note == "A\nB"
    assert undo_import(shop, sandra, done).gone == 2


def test_cards_that_were_put_together_meanwhile_stay_and_are_told(shop: Shop, sandra: Actor) -> None:
    maria, other = know(shop, "Maria Hofer", "maria@a.at"), know(shop, "Maria Hofer", "0664 5550143")
    done = read_in(shop, sandra, "Maria Hofer;maria@a.at;0664 5550127;;Golf\n")
    merge_customers(shop, sandra, other, maria)
    before = everything(shop)
    report = undo_import(shop, sandra, done)
    assert (report.gone, report.restored, report.stayed) == (0, 0, 1)
    assert fates(shop, sandra, done) == [(2, "changed", STAYS)]
    assert everything(shop) == before


@pytest.mark.parametrize(
    ("phone", "numbers", "note", "told"),
    [
        ("0664 5550127 / 0512 555873", {"+436645550127", "+43512555873"}, "", ""),
        ("0664 5550127 und 0512 555873", {"+436645550127", "+43512555873"}, "", ""),
        ("'06645550127", {"+436645550127"}, "", ""),
        ("6645550127.0", {"+436645550127"}, "", ""),
        ("436645550127", {"+436645550127"}, "", ""),
        ("0664 5550127 (abends)", set(), "Telefon: 0664 5550127 (abends)", NO_PHONE),
        ('"6,645550127E+11"', set(), "Telefon: 6,645550127E+11", ROUNDED),
    ],
)
def test_a_number_that_is_none_costs_nobody_the_line(
    shop: Shop, sandra: Actor, phone: str, numbers: set[str], note: str, told: str
) -> None:
    done = read_in(shop, sandra, f"Eva Berger;eva@a.at;{phone};;\n")
    assert fates(shop, sandra, done) == [(2, "added", told)]
    card = card_at(shop, "mail", "eva@a.at")
    ways = data.customers.list_contacts(shop.store, card.id)
    assert ({way.address for way in ways if way.kind == "phone"}, card.note) == (numbers, note)


def test_a_title_too_long_for_a_card_goes_into_the_note_and_is_told(shop: Shop, sandra: Actor) -> None:
    title = "Dipl.-Ing. " * 4
    rows = f"Eva Berger;eva@a.at;;{title};Tee\nEva Berger;eva@a.at;;{title};Tee\nJosef;j@a.at;12 intern;{title};\n"
    done = read_in(shop, sandra, rows)
    assert fates(shop, sandra, done) == [(2, "added", LONG_TITLE), (3, "known", LONG_TITLE), (4, "added", NO_PHONE)]
    eva, josef = card_at(shop, "mail", "eva@a.at"), card_at(shop, "mail", "j@a.at")
    assert (eva.title, eva.note) == ("", f"Tee\nTitel: {title.strip()}")
    assert (josef.title, josef.note) == ("", f"Titel: {title.strip()}\nTelefon: 12 intern")


def test_a_list_that_knew_a_field_more_is_taken_back_without_it(shop: Shop, sandra: Actor) -> None:
    maria = know(shop, "Maria Hofer", "maria@a.at")
    done = read_in(shop, sandra, "Maria Hofer;maria@a.at;;Mag.;\nEva;eva@a.at;;;\n")
    with shop.store.write() as tx:
        for kept in ('"before": {', '"after": {'):
            more = {"kept": kept, "more": kept + '"folded": "x", '}
            tx.run("UPDATE customer_import_line SET before = replace(before, $kept, $more)", more)
    report = undo_import(shop, sandra, done)
    assert (report.gone, report.restored, report.stayed) == (1, 1, 0)
    card = data.customers.read_customer(shop.store, maria)
    assert card is not None
    assert card.title == ""


def test_a_ban_comes_back_with_ones_own_list_and_is_never_lifted(shop: Shop, sandra: Actor) -> None:
    change_customer(shop, sandra, know(shop, "Maria Hofer", "maria@a.at"), no_ads=True)
    rows = "Maria Hofer;maria@a.at;Telefon;nein\nEva Berger;eva@a.at;E-Mail;ja\n"
    done = read_in(shop, sandra, rows, head="Name;E-Mail;Kontakt per;Werbesperre\n")
    maria, eva = card_at(shop, "mail", "maria@a.at"), card_at(shop, "mail", "eva@a.at")
    assert [(card.preferred, card.no_ads) for card in (maria, eva)] == [("phone", True), ("mail", True)]
    report = undo_import(shop, sandra, done)
    assert (report.gone, report.restored, report.stayed) == (1, 1, 0)
    assert card_at(shop, "mail", "maria@a.at").no_ads
