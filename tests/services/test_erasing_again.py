"""Who was erased after a backup does not come back, neither with it nor out of the mailbox; and nobody else goes."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.customers import add_contact
from data.files import FileVault
from data.mails import list_erased
from data.personal_tables import NOBODY, PERSONAL
from data.privacy import ErasedCard, rows_of_person
from data.receipts import insert_receipt
from data.records import Actor, InquiryState, MailFolder, StaffRole
from data.store import Reader
from services.backup_archive import BadBackupError
from services.backup_command import main as command
from services.backups import BACKUPS, make_backup
from services.bookings import enter_booking
from services.closing import merge_inquiries
from services.customers import find_or_add_customer
from services.erased_list import ERASED, ErasedList, ErasedListError, keep_erased, read_erased, write_erased
from services.erasing_again import ErasedAgain, erase_again
from services.inquiries import require_inquiry
from services.intake import fetch_mail
from services.lock import hold_folder
from services.merging import merge_customers, unmerge_customers
from services.privacy import (
    KEPT,
    erase_customer,
    list_ended,
    list_requests,
    note_erasure,
    reach_with_sent,
    withdraw_request,
)
from services.promises import promise_callback
from services.renewing import NOTE
from services.replies import begin_letter, send_reply
from services.shop import Shop
from services.wishes import NewWish, note_wish
from tests.bookable import VALUATION, at, book, entry, open_garage
from tests.builders import (
    MONDAY,
    SHOP_ADDRESS,
    FrozenClock,
    connect,
    hire,
    letter,
    mailbox_of,
    make_shop,
    only_inquiry,
    receive,
)
from tests.services.everywhere import THEN, fill_every_table, kept_files, words_left
from tests.services.kept import bring_back, put_setting, rewritten

MARIA = "maria.hofer@example.org"
NOVAK = "Josef Novak <josef@novak.example>"
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
        assert [request.customer_id for request in list_requests(shop, sandra)] == [peter]
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
    enter_booking(shop, sandra, entry(at(27, 9), who="Josef Novak"))
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
    assert read("SELECT state, phone FROM promise") == [("withdrawn", "")]
    assert read("SELECT state FROM wish") == [("declined",)]
    assert read("SELECT DISTINCT state FROM outbox") == [("taken_back",)]
    assert not list_requests(shop, sandra)
    assert [(request.asked_how, request.kept) for request in list_ended(shop, sandra)] == [("letter", KEPT)]


def test_the_list_outlives_the_database_and_no_mail_is_taken_in_again(kept_shop: Shop, sandra: Actor) -> None:
    receive(kept_shop, letter(message_id="<golf@hofer.example>"))
    made = make_backup(kept_shop, now=MONDAY)
    receive(kept_shop, letter("Bremse", sender=NOVAK, message_id="<bremse@novak.example>"))
    receive(kept_shop, letter("Ohne Kennung", sender=NOVAK, subject="Reifen"))
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
        assert {*list_erased(shop.store)} == {*read_erased(shop.folder / BACKUPS).mails}  # no sum of a sum
        assert not [*words_left(shop, "novak"), *words_left(shop, "hofer")]
        receive(shop, letter("Ich bin es wieder", sender=NOVAK, message_id="<neu@novak.example>"))
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
    (kept_shop.folder / BACKUPS / ERASED).unlink()  # a list that was lost is written again
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
    assert [request.customer_id for request in list_requests(shop, sandra)] == [peter]
    assert again(shop, anna, peter) == ErasedAgain(1, 0)
    assert names(shop) == [NOBODY, NOBODY]
    assert again(shop, anna, peter) == ErasedAgain(0, 0)


@pytest.mark.parametrize("way", ["mail", "call", "receipt"])
def test_whose_address_is_somebody_elses_by_now_is_left_to_the_owner(shop: Shop, way: str) -> None:
    sandra = owner(shop)
    receive(shop, letter("Josefs eigene Worte", sender=NOVAK))
    josef = only_inquiry(shop)
    maria = know(shop, "Maria Hofer", "0664 5550127")
    if way == "mail":
        with shop.store.write() as tx:  # when the backup was made, only her card bore it
            tx.run("UPDATE customer_contact SET customer_id = $id WHERE kind = 'mail'", {"id": maria})
    elif way == "call":
        promise_callback(shop, sandra, josef.id, staff_id=0, phone="0664 5550127", due_at=at(26, 12))
    else:
        with shop.store.write() as tx:
            add_contact(tx, maria, kind="mail", address=MARIA, shown=MARIA, now=THEN)
            insert_receipt(tx, josef.id, MARIA, "written", THEN)

    assert again(shop, maria) == ErasedAgain(0, 1)

    assert names(shop) == ["Josef Novak", "Maria Hofer"]
    said = "SELECT sender_address, contains(body, 'Josefs eigene Worte') FROM message WHERE role = 'customer'"
    assert shop.store.read(said) == [("josef@novak.example", True)]
    assert shop.store.read("SELECT state FROM promise") == [("open",)] * (way == "call")
    assert [request.customer_id for request in list_requests(shop, sandra)] == [maria]
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET created_at = $then", {"then": THEN})
    assert again(shop, maria, josef.customer_id) == ErasedAgain(2, 0)  # who is in the list is nobody else


def test_two_people_of_one_conversation_stay_away(shop: Shop) -> None:
    sandra = owner(shop)
    receive(shop, letter(message_id="<golf@hofer.example>"))
    maria = only_inquiry(shop)
    receive(shop, letter("Bremse", sender=NOVAK, message_id="<bremse@novak.example>"))
    (josef,) = shop.store.read("SELECT id, customer_id FROM inquiry WHERE id <> $id", {"id": maria.id})
    merge_inquiries(shop, sandra, maria.id, josef[0])
    erase(shop, sandra, josef[1])
    left = list_erased(shop.store)
    erase(shop, sandra, maria.customer_id)
    assert {*left} < {*list_erased(shop.store)}
    mailbox_of(shop).validity = 2  # the server counts anew: every mail is read again
    fetch_mail(shop)
    assert names(shop) == [NOBODY] * 2
    assert not [*words_left(shop, "novak"), *words_left(shop, "hofer")]


def test_what_was_begun_and_never_sent_waits_for_nobody(shop: Shop) -> None:
    sandra = owner(shop)
    inquiry_id = begin_letter(shop, sandra, name="Maria Hofer", address=MARIA)
    customer_id = require_inquiry(shop.store, inquiry_id).customer_id
    assert again(shop, customer_id, made_at=MONDAY) == ErasedAgain(1, 0)
    assert require_inquiry(shop.store, inquiry_id).state == InquiryState.CLOSED


def test_each_mail_from_sent_is_opened_once_for_all(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    owner(shop)
    for name in ("eva", "bert"):
        told = letter(name, sender=SHOP_ADDRESS, to=f"{name}@a.at", message_id=f"<{name}@shop.example>")
        receive(shop, told, folder=MailFolder.SENT)
    eva, bert = know(shop, "Eva", "eva@a.at"), know(shop, "Bert", "bert@a.at")
    opened_heads, head = list[str](), FileVault.head

    def counted(vault: FileVault, sha256: str, size: int) -> bytes:
        opened_heads.append(sha256)
        return head(vault, sha256, size)

    monkeypatch.setattr(FileVault, "head", counted)

    assert again(shop, eva, bert) == ErasedAgain(2, 0)

    assert sorted(opened_heads) == sorted({*opened_heads})
    assert shop.store.read("SELECT fate FROM mail") == [("erased",)] * 2


def test_a_list_that_cannot_be_read_is_named_and_nothing_changes(
    kept_shop: Shop, sandra: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maria = know(kept_shop, "Maria Hofer", MARIA)
    stick = tmp_path / "stick"
    (stick / ERASED).mkdir(parents=True)
    own = kept_shop.folder / BACKUPS / ERASED
    own.mkdir(parents=True)
    made = make_backup(kept_shop, now=MONDAY)  # a backup is worth more than the list
    with pytest.raises(ErasedListError, match=re.escape(str(own))):
        erase_customer(kept_shop, sandra, maria)
    assert names(kept_shop) == ["Maria Hofer"]
    own.rmdir()
    kept_shop.close()

    moved = Path(shutil.copy(made.path, stick))
    assert command(["restore", str(moved), "--data", str(kept_shop.folder), "--yes"]) == 1
    assert str(stick / ERASED) in capsys.readouterr().out

    (stick / ERASED).rmdir()
    (stick / ERASED).write_text(f"card {maria} {THEN.isoformat()} {THEN.isoformat()}", encoding="utf-8")
    with pytest.raises(BadBackupError):
        bring_back(rewritten(moved, stick / "broken.zip", **{"theke.duckdb": b"another"}), kept_shop.folder)
    assert not own.exists()
    assert not [*kept_shop.folder.glob("restore*"), *kept_shop.folder.glob("vor-*")]


def test_a_disk_that_is_full_at_the_end_keeps_no_half_restore(
    kept_shop: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = know(kept_shop, "Maria Hofer", MARIA)
    made = make_backup(kept_shop, now=MONDAY)
    erase(kept_shop, sandra, maria)
    kept_shop.close()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("ask_renewal", "write_private"):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(f"services.restoring.{step}", full)
            bring_back(made.path, kept_shop.folder)
        assert not list(kept_shop.folder.glob("restore*"))
    assert names_in(kept_shop.folder) == [NOBODY]


def test_an_erasure_that_fails_erases_nobody_and_one_that_works_stands_in_the_list(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandra, maria = owner(shop), know(shop, "Maria Hofer", MARIA)

    def full(_db: Reader, _folder: Path) -> None:
        raise OSError("no disk")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no disk"):
        patch.setattr("services.privacy.keep_erased", full)
        erase_customer(shop, sandra, maria)
    assert names(shop) == ["Maria Hofer"]
    erase_customer(shop, sandra, maria)
    assert read_erased(shop.folder / BACKUPS).cards == [ErasedCard(maria, THEN, shop.now())]


def test_only_whom_an_owner_decided_to_keep_goes_from_the_list(shop: Shop, clock: FrozenClock) -> None:
    sandra = owner(shop)
    maria, josef = know(shop, "Maria Hofer", MARIA), know(shop, "Josef Novak", "0512 555 873")
    anna, peter = know(shop, "Anna Huber", "anna@a.at"), know(shop, "Peter Huber", "peter@a.at")
    merge_customers(shop, sandra, anna, peter)
    backups = shop.folder / BACKUPS
    for card in (anna, maria, josef):
        note_erasure(shop, sandra, card, "mail")
    early, *later = list_requests(shop, sandra)[::-1]
    withdraw_request(shop, sandra, early.id)  # and erased all the same, a day later
    by_name = {card: ErasedCard(card, THEN, clock.forward(days=1)) for card in (maria, josef, peter)}
    elsewhere = ErasedCard(maria, THEN + timedelta(days=1), MONDAY)  # the same number in a state that was replaced
    write_erased(backups, ErasedList([*by_name.values(), elsewhere]))

    keep_erased(shop.store, backups)
    assert read_erased(backups).cards == [*by_name.values(), elsewhere]

    clock.forward(days=1)
    for request in later:
        withdraw_request(shop, sandra, request.id)
    assert read_erased(backups).cards == [by_name[early.customer_id], elsewhere]


def test_a_request_of_a_restore_stays_with_its_card_when_two_are_taken_apart(shop: Shop) -> None:
    sandra = owner(shop)
    anna, peter = know(shop, "Anna Huber", "0512 555 873"), know(shop, "Peter Huber", "peter@a.at")
    merge = merge_customers(shop, sandra, anna, peter)
    write_erased(shop.folder / BACKUPS, ErasedList([ErasedCard(peter, THEN, MONDAY)]))
    again(shop, peter)
    unmerge_customers(shop, sandra, merge)
    keep_erased(shop.store, shop.folder / BACKUPS)
    assert [card.customer_id for card in read_erased(shop.folder / BACKUPS).cards] == [peter]
    (request,) = list_requests(shop, sandra)
    erase_customer(shop, sandra, request.customer_id)
    assert names(shop) == ["Anna Huber", NOBODY]


def test_who_is_in_the_list_with_one_card_of_two_counts_as_somebody_else(shop: Shop) -> None:
    sandra = owner(shop)
    receive(shop, letter("Josefs eigene Worte", sender=NOVAK))
    josef = only_inquiry(shop).customer_id
    maria, eva = know(shop, "Maria Hofer", MARIA), know(shop, "Eva Novak", "eva@novak.example")
    merge_customers(shop, sandra, josef, eva)
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET created_at = $then", {"then": THEN})
        sql = "UPDATE customer_contact SET customer_id = $id WHERE address = 'josef@novak.example'"
        tx.run(sql, {"id": maria})
    assert again(shop, maria, josef) == ErasedAgain(0, 2)
    assert set(words_left(shop, "eigene worte"))


def test_a_database_that_knows_no_erasures_yet_takes_none_from_the_list(shop: Shop) -> None:
    maria = ErasedCard(know(shop, "Maria Hofer", MARIA), THEN, MONDAY)
    write_erased(shop.folder / BACKUPS, ErasedList([maria]))
    with shop.store.write() as tx:
        tx.run("ALTER TABLE customer DROP COLUMN erased_at")
    keep_erased(shop.store, shop.folder / BACKUPS)
    assert read_erased(shop.folder / BACKUPS).cards == [maria]


def test_a_folder_with_nothing_but_a_note_to_renew_is_ours(tmp_path: Path) -> None:
    (tmp_path / NOTE).touch()
    with hold_folder(tmp_path) as lock:
        assert lock.folder == tmp_path
