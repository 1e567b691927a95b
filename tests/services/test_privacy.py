"""To be forgotten: every table, every word, every file; the figures, the rows and everybody else stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import data.files
import data.messages
import data.outbox
import data.privacy
import data.promises
from data.copies import row_counts
from data.personal_tables import IMPERSONAL, NOBODY, PERSONAL
from data.privacy import rows_of_person
from data.records import Actor, Channel, MailFolder, MessageRole, OutboxState, PromiseState, StaffRole
from services.bookings import enter_booking
from services.closing import merge_inquiries
from services.consents import ADS, note_consent
from services.customers import find_or_add_customer
from services.drafts import attach_file, save_draft
from services.errors import InvalidInputError, NotAllowedError, NotFoundError
from services.inquiries import hand_over, require_inquiry
from services.intake import fetch_mail
from services.jobs import BACKUP, JOBS
from services.noting import Outcome, note_contact
from services.personal_file import give_personal_file, make_personal_file
from services.privacy import (
    StillOpenError,
    delete_files,
    erase_customer,
    list_ended,
    list_requests,
    note_erasure,
    plan_erasure,
    reach_with_sent,
    sweep_files,
    withdraw_request,
)
from services.reports import show_report
from services.rules.periods import Comparison, Period
from services.shop import Shop
from services.wishes import NewWish, note_wish
from tests.bookable import at, entry, open_garage
from tests.builders import MONDAY, SHOP_ADDRESS, connect, hire, letter, mailbox_of, only_inquiry, receive
from tests.services.everywhere import THEN, Person, fill_every_table, kept_files, words_left

SHARED = b"a picture that both sent"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may go as soon as they were kept."""
    monkeypatch.setattr(data.files, "JUST_KEPT", -1.0)


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def eva(shop: Shop, sandra: Actor) -> Person:
    return fill_every_table(shop, "Evakanari", SHARED)


@pytest.fixture
def bert(shop: Shop, eva: Person) -> Person:
    return fill_every_table(shop, "Bertkanari", SHARED)


def figures(shop: Shop, actor: Actor) -> Any:
    """Everything that is computed, the wording of a complaint's cause apart."""
    today = shop.now().date()
    report = show_report(shop, actor, Period("eigen", today - timedelta(days=90), today), Comparison.PREVIOUS)
    causes = tuple(replace(cause, cause="") for cause in report.causes)
    return replace(report, causes=causes, now=None, then=None), counted(report.now), counted(report.then)


def counted(totals: object) -> dict[str, Any]:
    """Every figure of a period: they are counted as they are asked for."""
    names = [name for name, kind in vars(type(totals)).items() if isinstance(kind, cached_property)]
    assert len(names) > 10
    return {name: getattr(totals, name) for name in names}


def test_every_table_is_known_here() -> None:
    sql = "\n".join(path.read_text() for path in sorted(Path("data/migrations").glob("*.sql")))
    tables = set(re.findall(r"CREATE TABLE (\w+)", sql)) | {"migration"}
    assert tables == set(PERSONAL) | set(IMPERSONAL)
    assert not set(PERSONAL) & set(IMPERSONAL)


def test_the_persons_file_holds_every_word(shop: Shop, sandra: Actor, eva: Person, bert: Person) -> None:
    made = make_personal_file(shop, sandra, eva.ids["customer"])
    told = repr(made.sections).lower()
    missing = [
        place for place, word in eva.words.items() if place[1] not in PERSONAL[place[0]].hidden and word not in told
    ]
    assert not missing
    assert not [place for place, word in eva.words.items() if word in told and place[1] in PERSONAL[place[0]].hidden]
    assert not [word for word in bert.words.values() if word in told or word in made.data]


def test_nothing_of_the_person_is_left_anywhere(shop: Shop, sandra: Actor, eva: Person, bert: Person) -> None:
    before, rows = figures(shop, sandra), row_counts(shop.store)
    other = rows_of_person(shop.store, reach_with_sent(shop, bert.ids["customer"]))
    erase_customer(shop, sandra, eva.ids["customer"])
    left = set(words_left(shop, "evakanari"))
    assert left == {f"{table}.{column}" for table, place in PERSONAL.items() for column in place.stays}
    assert kept_files(shop) == {b"Raw mail of Bertkanari", b"Draft file of Bertkanari", SHARED}
    assert figures(shop, sandra) == before
    assert rows_of_person(shop.store, reach_with_sent(shop, bert.ids["customer"])) == other
    gone = {table for table, place in PERSONAL.items() if place.goes}
    after = row_counts(shop.store)
    assert {table: after[table] - rows[table] for table in rows if after[table] != rows[table]} == dict.fromkeys(
        gone, -1
    ) | {"erasure": 1}
    with pytest.raises(NotFoundError):
        give_personal_file(shop, sandra, eva.ids["customer"])


def test_a_cause_that_others_complain_of_stays(shop: Shop, sandra: Actor, eva: Person, bert: Person) -> None:
    with shop.store.write() as tx:
        tx.run("UPDATE complaint SET cause = 'Reifen' WHERE inquiry_id IN (SELECT unnest($ids))", {
            "ids": [eva.ids["inquiry"], bert.ids["inquiry"]]
        })  # fmt: skip
    erase_customer(shop, sandra, eva.ids["customer"])
    assert shop.store.read("SELECT count(*) FROM complaint WHERE cause = 'Reifen'")[0][0] == 2


def written(shop: Shop, sandra: Actor) -> int:
    """Maria wrote, was answered from another program, and her inquiry is closed; her card."""
    receive(shop, letter("Mein Golf, bitte", message_id="<m1@hofer.example>"))
    receive(
        shop,
        letter("Gern", sender=SHOP_ADDRESS, to="Maria Hofer <maria.hofer@example.org>", message_id="<a1@shop.example>"),
        folder=MailFolder.SENT,
    )
    receive(
        shop,
        letter(
            "Noch was", sender=SHOP_ADDRESS, to="maria.hofer@example.org", subject="Neu", message_id="<a2@shop.example>"
        ),
        folder=MailFolder.SENT,
    )
    inquiry = only_inquiry(shop)
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed'")
    return inquiry.customer_id


def test_old_mails_do_not_come_back_and_a_new_one_is_a_strangers(shop: Shop, sandra: Actor) -> None:
    maria = written(shop, sandra)
    erase_customer(shop, sandra, maria)
    assert not kept_files(shop)
    mailbox_of(shop).validity = 2  # the server counts anew: every mail is read again
    fetch_mail(shop)
    delete_files(shop)
    assert not kept_files(shop)
    assert not list(words_left(shop, "maria"))
    assert not list(words_left(shop, "hofer"))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    receive(shop, letter("Ich bin es wieder", message_id="<m2@hofer.example>", In_Reply_To="<m1@hofer.example>"))
    assert shop.store.read("SELECT count(*), count(DISTINCT customer_id) FROM inquiry")[0] == (2, 2)


def test_a_file_waits_while_its_content_was_kept_just_now(
    shop: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = written(shop, sandra)
    monkeypatch.setattr(data.files, "JUST_KEPT", 600.0)
    erase_customer(shop, sandra, maria)
    assert len(kept_files(shop)) == 3
    monkeypatch.setattr(data.files, "JUST_KEPT", -1.0)
    assert delete_files(shop) == 3
    assert delete_files(shop) == 0
    assert not kept_files(shop)


def test_files_that_a_stop_left_go_later(shop: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    maria = written(shop, sandra)

    def killed(_shop: Shop) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.privacy.delete_files", killed)
    with pytest.raises(KeyboardInterrupt):
        erase_customer(shop, sandra, maria)
    assert kept_files(shop)
    assert delete_files(shop) == 3
    assert not kept_files(shop)


def test_what_is_under_way_has_to_be_settled_first(shop: Shop, sandra: Actor) -> None:
    open_garage(shop)
    note_contact(
        shop,
        sandra,
        who="Hr. Novak",
        need="Reifen",
        reach="0512 555 873",
        channel=Channel.CALL,
        outcome=Outcome.WE_CALL,
        promise_at=at(24, 12),
    )
    enter_booking(shop, sandra, entry(at(24, 9)))
    novak = only_customer(shop)
    note_wish(shop, sandra, NewWish("Jeans", at(30, 9).date(), customer_id=novak))
    for sentence, settle in (
        ("Anfragen", "UPDATE inquiry SET state = 'closed'"),
        ("Termine", "UPDATE booking SET starts_at = '2026-11-22 08:00:00', ends_at = '2026-11-22 09:00:00'"),
        ("Rückrufe", "UPDATE promise SET state = 'kept'"),
        ("Wünsche", "UPDATE wish SET state = 'fulfilled'"),
    ):
        assert sentence in plan_erasure(shop, sandra, novak).problem
        with pytest.raises(StillOpenError, match=sentence):
            erase_customer(shop, sandra, novak)
        with shop.store.write() as tx:
            tx.run(settle)
    with shop.store.write() as tx:
        tx.insert("outbox", {
            "message_id": shop.store.read("SELECT min(id) FROM message")[0][0], "mail_id": "<x@y>", "form_key": "x",
            "state": "queued", "recipient_name": "", "recipient": "x", "cc": "", "due_at": MONDAY, "attempts": 0,
            "problem": "",
        })  # fmt: skip
    with pytest.raises(StillOpenError, match="Antworten"):
        erase_customer(shop, sandra, novak)


def only_customer(shop: Shop) -> int:
    rows = shop.store.read("SELECT id FROM customer")
    assert len(rows) == 1
    return int(rows[0][0])


def test_a_merged_card_goes_along_and_a_shared_phone_stays_the_others(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        first = find_or_add_customer(tx, "AT", name="Eva Berger", reach="0512 555 873", now=THEN)
        second = find_or_add_customer(tx, "AT", name="Eva B.", reach="eva@a.at", now=THEN)
        spouse = find_or_add_customer(tx, "AT", name="Jan Berger", reach="0512 555 873", now=THEN)
        tx.run("UPDATE customer SET merged_into = $into WHERE id = $id", {"into": first, "id": second})
    erase_customer(shop, sandra, second)
    names = dict(shop.store.read("SELECT id, name FROM customer"))
    assert names == {first: NOBODY, second: NOBODY, spouse: "Jan Berger"}
    assert shop.store.read("SELECT customer_id FROM customer_contact") == [(spouse,)]


def say_in(shop: Shop, inquiry_id: int, role: MessageRole, **more: Any) -> int:
    """A message about Eva in somebody else's inquiry."""
    values = {"inquiry_id": inquiry_id, "kind": Channel.MAIL, "role": role, "body": "Evakanari", "happened_at": THEN}
    with shop.store.write() as tx:
        return data.messages.insert_message(tx, {**values, **more}, THEN)


def send_in(shop: Shop, inquiry_id: int, **more: Any) -> None:
    """A mail of ours about Eva in somebody else's inquiry, that has left."""
    message = say_in(shop, inquiry_id, MessageRole.ANSWER)
    row = {"message_id": message, "mail_id": f"<{message}@x>", "form_key": str(message), "state": OutboxState.SENT}
    with shop.store.write() as tx:
        data.outbox.insert_outgoing(tx, {**row, "recipient_name": "", "recipient": "j@a.at", "due_at": THEN, **more})


def test_what_is_theirs_in_somebody_elses_inquiry_goes_and_the_rest_stays(shop: Shop, sandra: Actor) -> None:
    open_garage(shop)
    receive(shop, letter("Bremse", sender="Josef Novak <josef@example.org>", message_id="<b@novak.example>"))
    josef = only_inquiry(shop)
    with shop.store.write() as tx:
        eva = find_or_add_customer(tx, "AT", name="Evakanari", reach="eva@a.at", now=THEN)
    when = {"inquiry_id": josef.id, "customer_id": eva}
    booking = enter_booking(shop, sandra, replace(entry(at(24, 9), who="Evakanari", reach="0664 5550128"), **when))
    say_in(shop, josef.id, MessageRole.THIRD_PERSON, sender_address="eva@a.at")
    send_in(shop, josef.id, recipient="Eva@a.at")
    send_in(shop, josef.id, booking_id=booking)
    promise = {"inquiry_id": josef.id, "staff_id": 0, "phone": "+436645550128", "topic": "Evakanari", "due_at": THEN}
    stays = say_in(shop, josef.id, MessageRole.ANSWER, body="Gern, Herr Novak")
    with shop.store.write() as tx:
        data.promises.end_promise(
            tx, data.promises.insert_promise(tx, {**promise, "from_at": None}, THEN), PromiseState.KEPT, THEN
        )
        copied = {"message_id": stays, "mail_id": "<y@x>", "form_key": "y", "state": OutboxState.SENT, "due_at": THEN}
        who = {"recipient_name": "Josef Novak", "recipient": "josef@example.org", "cc": "Eva@a.at, anna@a.at"}
        data.outbox.insert_outgoing(tx, copied | who)
        tx.run("UPDATE booking SET state = 'cancelled'")
    told = repr(make_personal_file(shop, sandra, eva).sections)
    assert "In einer Anfrage von jemand anderem" in told
    assert not [word for word in ("Bremse", "Gern, Herr Novak") if word in told]
    shop.files.keep(b"that no row names")
    erase_customer(shop, sandra, eva)
    assert not [*words_left(shop, "evakanari"), *words_left(shop, "eva@a.at"), *words_left(shop, "5550128")]
    assert shop.store.read("SELECT cc FROM outbox WHERE mail_id = '<y@x>'") == [("anna@a.at",)]
    bodies = [message.body for message in data.messages.list_messages(shop.store, josef.id) if message.body]
    assert bodies == ["Gern, Herr Novak", "Bremse", "Termin: Reifenwechsel, Di. 24. November, 09:00 Uhr"]
    assert [content for content in kept_files(shop) if b"Bremse" not in content] == []


def test_somebody_elses_mail_in_their_inquiry_stays(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter(message_id="<golf@hofer.example>"))
    maria = only_inquiry(shop)
    receive(shop, letter("Meine Bremse", sender="Josef Novak <josef@example.org>", message_id="<b@novak.example>"))
    (josef,) = shop.store.read("SELECT id FROM inquiry WHERE id <> $id", {"id": maria.id})[0]
    merge_inquiries(shop, sandra, maria.id, josef)
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed'")
    erase_customer(shop, sandra, maria.customer_id)
    fates = "SELECT fate, sender_address FROM mail ORDER BY fate"
    assert shop.store.read(fates) == [("erased", ""), ("message", "josef@example.org")]
    assert [b"Meine Bremse" in content for content in kept_files(shop)] == [True]


def test_a_request_that_was_done_is_not_withdrawn_and_staff_withdraw_none(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        eva = find_or_add_customer(tx, "AT", name="Eva", reach="eva@a.at", now=THEN)
    note_erasure(shop, sandra, eva, "visit")
    (request,) = list_requests(shop, sandra)
    with pytest.raises(NotAllowedError):
        withdraw_request(shop, hire(shop, "Amir"), request.id)
    erase_customer(shop, sandra, eva)
    withdraw_request(shop, sandra, request.id)
    assert [(ended.done_at, ended.withdrawn_at) for ended in list_ended(shop, sandra)] == [(shop.now(), None)]


def test_a_request_is_noted_by_anybody_and_confirmed_by_an_owner(shop: Shop, sandra: Actor) -> None:
    amir = hire(shop, "Amir")
    with shop.store.write() as tx:
        eva = find_or_add_customer(tx, "AT", name="Eva", reach="eva@a.at", now=THEN)
    note_erasure(shop, amir, eva, "phone")
    note_erasure(shop, amir, eva, "phone")
    assert [request.customer_id for request in list_requests(shop, sandra)] == [eva]
    for forbidden in (list_requests, list_ended):
        with pytest.raises(NotAllowedError):
            forbidden(shop, amir)
    for forbidden in (erase_customer, plan_erasure, make_personal_file):
        with pytest.raises(NotAllowedError):
            forbidden(shop, amir, eva)
    with pytest.raises(InvalidInputError):
        note_erasure(shop, amir, eva, "by pigeon")
    withdraw_request(shop, sandra, list_requests(shop, sandra)[0].id)
    note_erasure(shop, amir, eva, "mail")
    erase_customer(shop, sandra, eva)
    assert not list_requests(shop, sandra)
    done, withdrawn = list_ended(shop, sandra)
    assert (done.customer_name, done.asked_how, withdrawn.done_at) == (NOBODY, "mail", None)


def test_a_tab_that_was_open_brings_nobody_back(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    open_garage(shop)
    inquiry = only_inquiry(shop)
    maria = inquiry.customer_id
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed'")
    erase_customer(shop, sandra, maria)
    wish = NewWish("Jeans", at(24, 9).date(), who="Maria Hofer", reach="maria.hofer@example.org")
    keep = {"body": "Guten Tag Frau Hofer", "subject": "", "cc": "", "seen_version": 1}
    late: list[Callable[[], object]] = [
        lambda: note_wish(shop, sandra, replace(wish, customer_id=maria)),
        lambda: note_wish(shop, sandra, replace(wish, inquiry_id=inquiry.id)),
        lambda: enter_booking(shop, sandra, replace(entry(at(24, 9), who="Maria"), customer_id=maria)),
        lambda: note_consent(shop, sandra, maria, ADS, given=True, how="Am Pult"),
        lambda: save_draft(shop, sandra, inquiry.id, **keep),  # type: ignore[arg-type]
        lambda: attach_file(shop, sandra, inquiry.id, "Maria Hofer.pdf", b"Maria Hofer"),
        lambda: hand_over(shop, sandra, inquiry.id, None, "Frau Hofer ruft wieder an"),
    ]
    for act in late:
        with pytest.raises(NotFoundError):
            act()
    assert not list(words_left(shop, "hofer"))


def test_a_copy_in_a_draft_goes_too(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    receive(shop, letter(sender="Josef Novak <josef@example.org>", subject="Bremse", message_id="<b@novak.example>"))
    maria, josef = (row[0] for row in shop.store.read("SELECT id FROM inquiry ORDER BY id"))
    keep = {"body": "Guten Tag", "subject": "", "seen_version": 1}
    cc = "Maria.Hofer@example.org; anna@example.org"
    save_draft(shop, sandra, josef, cc=cc, **keep)  # type: ignore[arg-type]
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed' WHERE id = $id", {"id": maria})
    erase_customer(shop, sandra, require_inquiry(shop.store, maria).customer_id)
    assert shop.store.read("SELECT cc FROM draft") == [("anna@example.org",)]


def test_files_that_no_row_names_go(shop: Shop, sandra: Actor, eva: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    named = kept_files(shop)
    shop.files.keep(b"attachment of a mail that was passed over")
    monkeypatch.setattr(data.files, "JUST_KEPT", 600.0)
    shop.files = data.files.FileVault(shop.files.folder)  # a start later
    shop.files.keep(b"attachment of a mail that is being read")
    assert sweep_files(shop) == 1
    assert kept_files(shop) == named | {b"attachment of a mail that is being read"}


def test_an_attachment_of_a_mail_that_was_passed_over_is_not_kept(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        values = {"address": "maria.hofer@example.org", "staff_id": sandra.staff_id, "added_at": shop.now()}
        tx.insert("ignored_sender", values)
        maria = find_or_add_customer(tx, "AT", name="Maria Hofer", reach="maria.hofer@example.org", now=THEN)
    mail = message_from_bytes(letter("Siehe Anhang"), policy=default)
    mail.add_attachment(b"Ausweis von Maria", maintype="application", subtype="pdf", filename="Ausweis.pdf")
    receive(shop, mail.as_bytes())
    assert b"Ausweis von Maria" in kept_files(shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data.files, "JUST_KEPT", 600.0)
        erase_customer(shop, sandra, maria)
    assert b"Ausweis von Maria" in kept_files(shop)
    (job,) = (job for job in JOBS if job.name == BACKUP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.jobs.make_backup", lambda *_args, **_more: None)
        job.work(shop)
    assert not kept_files(shop)


def test_every_column_that_names_a_file_is_looked_at(shop: Shop, sandra: Actor, eva: Person) -> None:
    sums = set(eva.sums.values())
    assert data.privacy.unnamed_files(shop.store, [*sums, "0" * 64]) == {"0" * 64}
    for place in eva.sums:
        table, column = place.split(".")
        with shop.store.write() as tx:
            tx.run(f"UPDATE {table} SET {column} = '' WHERE {column} = '{eva.sums[place]}'")
    assert data.privacy.unnamed_files(shop.store, list(sums)) == sums
