"""Who was erased after a backup does not come back, neither with it nor out of the mailbox; and nobody else goes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.personal_tables import NOBODY, PERSONAL
from data.privacy import rows_of_person
from data.records import Actor, StaffRole
from services.backup_command import main as command
from services.backups import BACKUPS, make_backup
from services.bookings import enter_booking, require_booking
from services.customers import change_customer, find_or_add_customer
from services.erased_list import ERASED, ErasedCard, ErasedList, read_erased
from services.erasing_again import ErasedAgain, erase_again
from services.intake import fetch_mail
from services.lock import hold_folder
from services.merging import merge_customers, unmerge_customers
from services.privacy import KEPT, erase_customer, list_ended, list_requests, note_erasure, reach_with_sent
from services.promises import promise_callback
from services.renewing import NOTE
from services.replies import send_reply
from services.shop import Shop
from services.wishes import NewWish, note_wish
from tests.bookable import VALUATION, at, book, entry, open_garage
from tests.builders import MONDAY, FrozenClock, connect, hire, letter, make_shop, only_inquiry, receive
from tests.services.everywhere import THEN, fill_every_table, kept_files, words_left
from tests.services.kept import bring_back, put_setting

MARIA = "maria.hofer@example.org"
SETTLED = (
    "UPDATE inquiry SET state = 'closed'",
    "UPDATE booking SET state = 'cancelled'",
    "UPDATE promise SET state = 'kept'",
    "UPDATE wish SET state = 'fulfilled'",
    "UPDATE outbox SET state = 'taken_back'",
)


def owner(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def sandra(kept_shop: Shop) -> Actor:
    """Owns a shop that lies on the disk."""
    return owner(kept_shop)


def know(shop: Shop, name: str, reach: str) -> int:
    with shop.store.write() as tx:
        return find_or_add_customer(tx, "AT", name=name, reach=reach, now=THEN)


def erase(shop: Shop, actor: Actor, customer_id: int) -> None:
    """Settle whatever is open, as people would, and erase."""
    with shop.store.write() as tx:
        for sql in SETTLED:
            tx.run(sql)
    erase_customer(shop, actor, customer_id)


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """What lies in a folder now."""
    with closing(make_shop(folder, in_memory=False)) as shop:
        yield shop


def names(shop: Shop) -> list[str]:
    """Of all cards, in the order in which they were made."""
    return [row[0] for row in shop.store.read("SELECT name FROM customer ORDER BY id")]


def names_in(folder: Path) -> list[str]:
    with opened(folder) as shop:
        return names(shop)


def again(shop: Shop, *cards: int, made_at: datetime = THEN) -> ErasedAgain:
    """What a restore does with a backup like this shop, when these cards were erased since."""
    erased = ErasedList([ErasedCard(card, made_at, MONDAY + timedelta(days=1)) for card in cards])
    return erase_again(shop.store, shop.files, erased, MONDAY + timedelta(days=2))


def test_nothing_of_them_is_left_in_any_table_or_file(
    kept_shop: Shop, sandra: Actor, clock: FrozenClock, capsys: pytest.CaptureFixture[str]
) -> None:
    eva, bert = (fill_every_table(kept_shop, f"{name}kanari", b"a picture that both sent") for name in ("Eva", "Bert"))
    anna, peter = know(kept_shop, "Anna Huber", "0512 555 873"), know(kept_shop, "Peter Huber", "peter@a.at")
    merge = merge_customers(kept_shop, sandra, anna, peter)
    made = make_backup(kept_shop, now=clock.now)
    berts = rows_of_person(kept_shop.store, reach_with_sent(kept_shop, bert.ids["customer"]))
    erased_at = clock.forward(days=3)
    erase_customer(kept_shop, sandra, eva.ids["customer"])
    unmerge_customers(kept_shop, sandra, merge)
    erase_customer(kept_shop, sandra, peter)
    kept_shop.close()
    (kept_shop.folder / NOTE).unlink()  # Theke was started since

    assert command(["restore", str(made.path), "--data", str(kept_shop.folder), "--yes"]) == 0

    told = capsys.readouterr().out
    assert "jetzt wieder gelöscht sind: 1." in told
    assert "über die Sie in Theke entscheiden (Einstellungen, Daten): 1." in told
    with opened(kept_shop.folder) as shop:
        stays = {f"{table}.{column}" for table, place in PERSONAL.items() for column in place.stays}
        assert set(words_left(shop, "evakanari")) == stays
        assert rows_of_person(shop.store, reach_with_sent(shop, bert.ids["customer"])) == berts
        assert kept_files(shop) == {b"Raw mail of Bertkanari", b"Draft file of Bertkanari", b"a picture that both sent"}
        ended = {request.done_at: request.customer_name for request in list_ended(shop, sandra)}
        assert ended[erased_at] == NOBODY
        assert [request.customer_id for request in list_requests(shop, sandra)] == [anna]
    assert (kept_shop.folder / NOTE).exists()  # what the backup held lies in the file as bytes


def test_what_was_under_way_then_waits_for_nobody(shop: Shop) -> None:
    sandra = owner(shop)
    open_garage(shop)
    receive(shop, letter())
    inquiry = only_inquiry(shop)
    receive(shop, letter("Von früher", subject="Alt", message_id="<alt@hofer.example>"), at=MONDAY - timedelta(days=9))
    enter_booking(shop, sandra, entry(at(26, 9), who="Maria Hofer", reach=MARIA))
    book(shop, at(26, 11), ident=VALUATION, name="Maria Hofer", mail=MARIA)
    enter_booking(shop, sandra, entry(at(23, 11), who="Maria Hofer", reach=MARIA), despite=True)
    with shop.store.write() as tx:
        tx.run("UPDATE booking SET state = 'arrived' WHERE starts_at = $at", {"at": at(23, 11)})
    promise_callback(shop, sandra, inquiry.id, staff_id=0, phone="0664 5550127", due_at=at(26, 12))
    note_wish(shop, sandra, NewWish("Jeans", at(30, 9).date(), who="Maria Hofer", reach=MARIA))
    send_reply(shop, sandra, inquiry.id, body="Morgen, Frau Hofer.", seen_version=10**9, form_key="f1")
    change_customer(shop, sandra, inquiry.customer_id, contact="0664 5550128")
    booked = require_booking(shop.store, enter_booking(shop, sandra, entry(at(27, 9), who="Josef Novak")))
    promise_callback(shop, sandra, booked.inquiry_id, staff_id=0, phone="0664 5550128", due_at=at(26, 12))
    note_erasure(shop, sandra, inquiry.customer_id, "letter")

    assert again(shop, inquiry.customer_id, made_at=MONDAY) == ErasedAgain(1, 0)

    assert not list(words_left(shop, "hofer"))
    read = shop.store.read
    assert read("SELECT close_reason FROM inquiry WHERE id = $id", {"id": inquiry.id}) == [("dealt_with",)]
    of_maria = "SELECT DISTINCT state, waiting_since FROM inquiry WHERE customer_id = $id"
    assert read(of_maria, {"id": inquiry.customer_id}) == [("closed", None)]
    assert read("SELECT count(*) FROM inquiry WHERE close_reason = 'earlier'") == [(1,)]
    states = "SELECT customer_name, state FROM booking ORDER BY starts_at"
    assert read(states) == [(NOBODY, "done"), (NOBODY, "cancelled"), (NOBODY, "declined"), ("Josef Novak", "confirmed")]
    held = "SELECT DISTINCT b.state FROM occupancy o JOIN booking b ON b.id = o.booking_id ORDER BY 1"
    assert read(held) == [("confirmed",), ("done",)]
    assert read("SELECT state, phone FROM promise") == [("withdrawn", "")] * 2
    assert read("SELECT state FROM wish") == [("declined",)]
    assert read("SELECT DISTINCT state FROM outbox") == [("taken_back",)]
    assert not list_requests(shop, sandra)
    assert [(request.asked_how, request.kept) for request in list_ended(shop, sandra)] == [("letter", KEPT)]


def test_the_list_outlives_the_database_and_no_mail_is_taken_in_again(kept_shop: Shop, sandra: Actor) -> None:
    receive(kept_shop, letter(message_id="<golf@hofer.example>"))
    made = make_backup(kept_shop, now=MONDAY)
    novak = "Josef Novak <josef@novak.example>"
    receive(kept_shop, letter("Bremse", sender=novak, message_id="<bremse@novak.example>"))
    receive(kept_shop, letter("Ohne Kennung", sender=novak, subject="Reifen"))
    for (card,) in kept_shop.store.read("SELECT id FROM customer"):
        erase(kept_shop, sandra, card)
    kept_shop.close()
    written = kept_shop.folder / BACKUPS / ERASED
    assert written.stat().st_mode & 0o077 == 0
    assert not re.search("maria|josef|hofer|novak|golf|@", written.read_text(encoding="utf-8").lower())
    written.write_bytes(b"card x\n\xff\xfe\ncard 1 2 3\n\n" + written.read_bytes() + b"card 99 2026-11-23T09:42")
    (kept_shop.folder / "theke.duckdb").write_bytes(b"broken" * 5000)

    assert bring_back(made.path, kept_shop.folder).erased == ErasedAgain(1, 0)

    with opened(kept_shop.folder) as shop:
        shop.mailbox = kept_shop.mailbox
        assert fetch_mail(shop) == 2
        assert names(shop) == [NOBODY]
        assert not [*words_left(shop, "novak"), *words_left(shop, "hofer")]
        receive(shop, letter("Ich bin es wieder", sender=novak, message_id="<neu@novak.example>"))
        assert names(shop) == [NOBODY, "Josef Novak"]


def test_another_pc_knows_it_from_the_list_beside_the_backup(kept_shop: Shop, sandra: Actor, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    put_setting(kept_shop.store, "second_backup_folder", str(stick))
    maria = know(kept_shop, "Maria Hofer", MARIA)
    made = make_backup(kept_shop, now=MONDAY)
    alone = Path(shutil.copy(made.path, tmp_path / "alone.zip"))
    erase(kept_shop, sandra, maria)
    (copied,) = stick.glob(f"*/{made.path.name}")
    assert not (copied.parent / ERASED).exists()
    make_backup(kept_shop, now=MONDAY + timedelta(days=1))

    assert bring_back(copied, tmp_path / "new").erased == ErasedAgain(1, 0)
    assert names_in(tmp_path / "new") == [NOBODY]
    assert read_erased(tmp_path / "new" / BACKUPS) == read_erased(kept_shop.folder / BACKUPS)  # it has learnt it
    assert bring_back(alone, tmp_path / "newer").erased == ErasedAgain(0, 0)
    assert names_in(tmp_path / "newer") == ["Maria Hofer"]


def test_a_number_that_was_given_anew_is_somebody_else(shop: Shop) -> None:
    josef = know(shop, "Josef Novak", "0512 555 873")
    assert again(shop, josef, made_at=THEN + timedelta(microseconds=1)) == ErasedAgain(0, 0)
    assert names(shop) == ["Josef Novak"]


def test_cards_that_became_one_later_go_both(shop: Shop) -> None:
    first, second = know(shop, "Eva Berger", "0512 555 873"), know(shop, "Eva B.", "eva@a.at")
    assert again(shop, first, second) == ErasedAgain(2, 0)
    assert names(shop) == [NOBODY, NOBODY]


def test_who_shares_a_card_with_somebody_else_is_left_to_the_owner(shop: Shop) -> None:
    sandra = owner(shop)
    anna, peter = know(shop, "Anna Huber", "0512 555 873"), know(shop, "Peter Huber", "peter@a.at")
    merge_customers(shop, sandra, anna, peter)
    assert [again(shop, peter), again(shop, anna)] == [ErasedAgain(0, 1)] * 2
    assert names(shop) == ["Anna Huber", "Peter Huber"]
    assert [request.customer_id for request in list_requests(shop, sandra)] == [anna]
    assert again(shop, anna, peter) == ErasedAgain(1, 0)
    assert names(shop) == [NOBODY, NOBODY]
    assert again(shop, anna, peter) == ErasedAgain(0, 0)


def test_an_erasure_that_fails_erases_nobody_and_one_that_works_stands_in_the_list(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandra, maria = owner(shop), know(shop, "Maria Hofer", MARIA)

    def full(_folder: Path, _erased: ErasedList) -> None:
        raise OSError("no disk")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no disk"):
        patch.setattr("services.privacy.note_erased", full)
        erase_customer(shop, sandra, maria)
    assert names(shop) == ["Maria Hofer"]
    erase_customer(shop, sandra, maria)
    assert read_erased(shop.folder / BACKUPS).cards == [ErasedCard(maria, THEN, shop.now())]


def test_a_folder_with_nothing_but_a_note_to_renew_is_ours(tmp_path: Path) -> None:
    (tmp_path / NOTE).touch()
    with hold_folder(tmp_path) as lock:
        assert lock.folder == tmp_path
