"""«Fertig zur Abholung»: the whole message by one tap, with price, time and a name; never twice unasked."""

from __future__ import annotations

import pytest

from data.booking_records import Booking, BookingState
from data.records import Actor, Channel
from services.booking_days import open_booking
from services.bookings import enter_booking, mark_booking
from services.closing import merge_inquiries, reopen_inquiry
from services.customers import change_customer
from services.drafts import save_draft
from services.errors import EmptyPlaceholderError, InvalidInputError, NotAllowedError, TakenError, UnseenMessageError
from services.inquiries import require_inquiry
from services.noting import Outcome, log_call, note_contact
from services.promises import just_kept, list_promises, undo_reached
from services.ready import (
    note_ready_said,
    payment_words,
    plan_ready_call,
    read_ready,
    save_payment_words,
    send_ready,
)
from services.replies import send_reply, take_back_reply
from services.shop import Shop
from services.templates import delete_template, list_templates, seed_templates
from tests.bookable import at, book, entry, open_reachable_garage
from tests.builders import FrozenClock, Furnish, hire, let_leave, letter, only_inquiry, receive


def open_shop(shop: Shop) -> None:
    open_reachable_garage(shop)
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "kfz")


@pytest.fixture
def furniture() -> Furnish:
    return open_shop


@pytest.fixture
def job(garage: Shop, sandra: Actor, clock: FrozenClock) -> Booking:
    """Maria's tyres, changed at two o'clock on Monday."""
    made = book(garage, at(23, 14))
    clock.now = at(23, 15)
    mark_booking(garage, sandra, made.id, BookingState.DONE)
    return made


def send(shop: Shop, actor: Actor, job: Booking, key: str = "one", *, again: bool = False, **said: str) -> int:
    note = read_ready(shop, actor, job.inquiry_id, job.id, said)
    return send_ready(shop, actor, job.inquiry_id, job.id, said, seen_version=note.version, form_key=key, again=again)


def test_a_booking_with_a_price_needs_no_word_of_a_person(garage: Shop, sandra: Actor, job: Booking) -> None:
    note = read_ready(garage, sandra, job.inquiry_id, job.id)
    assert note.is_complete
    assert note.mail == "maria.huber@example.org"
    assert "kann ab sofort abgeholt werden" in note.text
    assert "Gesamtpreis: € 49,00 inkl. USt." in note.text
    assert "Bezahlen: bar oder mit Karte" in note.text
    assert "heute, 17:00 Uhr" in note.text
    assert note.text.endswith("Sandra Kofler")
    assert note.subject.startswith("Reifenwechsel: fertig")


def test_one_tap_queues_it_and_it_leaves(garage: Shop, sandra: Actor, job: Booking) -> None:
    message_id = send(garage, sandra, job)
    assert send(garage, sandra, job) == message_id
    told = read_ready(garage, sandra, job.inquiry_id, job.id).told
    assert told is not None
    assert told.is_queued
    sent = [mail.text for mail in let_leave(garage) if "abgeholt werden" in mail.text]
    assert len(sent) == 1
    inquiry = require_inquiry(garage.store, job.inquiry_id)
    assert inquiry.first_response_at is None, "nobody had asked anything"
    assert inquiry.state == "closed"


def test_never_twice_unasked_and_again_when_asked_or_taken_back(garage: Shop, sandra: Actor, job: Booking) -> None:
    first = send(garage, sandra, job)
    with pytest.raises(TakenError):
        send(garage, sandra, job, "two")
    assert send(garage, sandra, job, "three", again=True) != first
    take_back_reply(garage, sandra, send(garage, sandra, job, "three", again=True))
    take_back_reply(garage, sandra, first)
    assert read_ready(garage, sandra, job.inquiry_id, job.id).told is None
    assert send(garage, sandra, job, "four")


def test_a_message_of_the_customer_is_read_first(garage: Shop, sandra: Actor) -> None:
    receive(garage, letter("Ist mein Auto fertig?"))
    inquiry = only_inquiry(garage)
    said = {"preis": "120"}
    with pytest.raises(UnseenMessageError):
        send_ready(garage, sandra, inquiry.id, None, said, seen_version=0, form_key="one")
    send_ready(garage, sandra, inquiry.id, None, said, seen_version=inquiry.version, form_key="one")
    let_leave(garage)
    assert require_inquiry(garage.store, inquiry.id).waiting_since is None


def test_a_price_nobody_knows_is_asked_for(garage: Shop, sandra: Actor) -> None:
    receive(garage, letter("Ist mein Auto fertig?"))
    inquiry = only_inquiry(garage)
    note = read_ready(garage, sandra, inquiry.id)
    assert note.missing == ("preis",)
    assert not note.is_complete
    with pytest.raises(EmptyPlaceholderError):
        send_ready(garage, sandra, inquiry.id, seen_version=inquiry.version, form_key="one")
    assert "€ 1.249,50 inkl. USt." in read_ready(garage, sandra, inquiry.id, None, {"preis": "1249,5"}).text
    with pytest.raises(InvalidInputError):
        read_ready(garage, sandra, inquiry.id, None, {"preis": "ungefähr 100"})


def test_an_inquiry_whose_visit_was_just_now_is_about_that_job(garage: Shop, sandra: Actor, job: Booking) -> None:
    assert read_ready(garage, sandra, job.inquiry_id).booking_id == job.id


def test_who_has_only_a_phone_becomes_a_call(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    job = open_booking(garage, sandra, enter_booking(garage, sandra, entry(at(23, 14)))).booking
    clock.now = at(23, 15)
    note = read_ready(garage, sandra, job.inquiry_id, job.id)
    assert (note.mail, note.phone) == ("", "+43512555873")
    with pytest.raises(InvalidInputError):
        send(garage, sandra, job)
    plan_ready_call(garage, sandra, job.inquiry_id, job.id)
    assert [one.topic for one in list_promises(garage, sandra)] == ["Fertig zur Abholung"]
    note_ready_said(garage, sandra, job.inquiry_id, job.id)
    assert read_ready(garage, sandra, job.inquiry_id, job.id).told
    with pytest.raises(TakenError):
        note_ready_said(garage, sandra, job.inquiry_id, job.id)


def test_who_wants_to_be_called_gets_no_mail(garage: Shop, sandra: Actor) -> None:
    job = book(garage, at(23, 14), phone="0664 1234567")
    change_customer(garage, sandra, job.customer_id, preferred="phone")
    assert read_ready(garage, sandra, job.inquiry_id, job.id).mail == ""


def test_what_is_typed_in_the_reply_box_stays(garage: Shop, sandra: Actor, job: Booking) -> None:
    save_draft(garage, sandra, job.inquiry_id, body="Noch etwas", subject="", cc="", seen_version=0)
    send(garage, sandra, job)
    drafts = garage.store.read("SELECT body FROM draft")
    assert drafts == [("Noch etwas",)]


def test_a_template_that_was_deleted_or_changed(garage: Shop, sandra: Actor, job: Booking) -> None:
    own = next(one for one in list_templates(garage, sandra) if one.code == "V10b")
    with garage.store.write() as tx:
        tx.run("UPDATE template SET body = 'Bitte zum {tor} kommen: {preis}' WHERE code = 'V10b'")
    assert read_ready(garage, sandra, job.inquiry_id, job.id).missing == ("tor",)
    assert read_ready(garage, sandra, job.inquiry_id, job.id, {"tor": "Hoftor"}).text == (
        "Bitte zum Hoftor kommen: € 49,00"
    )
    delete_template(garage, sandra, own.id)
    assert "kann ab sofort abgeholt werden" in read_ready(garage, sandra, job.inquiry_id, job.id).text


def test_how_people_pay_is_the_owners_word(garage: Shop, sandra: Actor, job: Booking) -> None:
    save_payment_words(garage, sandra, " nur bar ")
    assert payment_words(garage.store) == "nur bar"
    assert "Bezahlen: nur bar" in read_ready(garage, sandra, job.inquiry_id, job.id).text
    with pytest.raises(InvalidInputError):
        save_payment_words(garage, sandra, " ")
    with pytest.raises(NotAllowedError):
        save_payment_words(garage, hire(garage, "Amir Haddad"), "bar")


def test_in_the_evening_it_says_when_the_shop_opens_again(
    garage: Shop, sandra: Actor, job: Booking, clock: FrozenClock
) -> None:
    clock.now = at(27, 18)
    text = read_ready(garage, sandra, job.inquiry_id, job.id).text
    assert "kann ab Montag, 30. November, 8:00 Uhr abgeholt werden" in text
    assert "bis Montag, 30. November, 17:00 Uhr" in text


def test_it_goes_along_with_a_merge(garage: Shop, sandra: Actor, clock: FrozenClock) -> None:
    receive(garage, letter("Ist mein Auto fertig?"))
    first = only_inquiry(garage)
    other = note_contact(
        garage,
        sandra,
        who="Maria Hofer",
        need="Ist es fertig?",
        reach="maria.hofer@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )
    clock.forward(minutes=1)
    said = {"preis": "120"}
    version = require_inquiry(garage.store, other).version
    send_ready(garage, sandra, other, None, said, seen_version=version, form_key="one")
    merge_inquiries(garage, sandra, first.id, other)
    assert read_ready(garage, sandra, first.id).told


def test_a_bounced_one_was_not_said(garage: Shop, sandra: Actor, job: Booking) -> None:
    message_id = send(garage, sandra, job)
    let_leave(garage)
    with garage.store.write() as tx:
        tx.run("UPDATE outbox SET bounced_at = $now WHERE message_id = $id", {"now": garage.now(), "id": message_id})
    assert read_ready(garage, sandra, job.inquiry_id, job.id).told is None


def priced(shop: Shop, cents: int | None) -> None:
    with shop.store.write() as tx:
        tx.run("UPDATE booking SET price_cents = $cents", {"cents": cents})


def test_the_price_that_was_shown_is_the_one_that_leaves(garage: Shop, sandra: Actor, job: Booking) -> None:
    note = read_ready(garage, sandra, job.inquiry_id, job.id)
    assert note.price == "49,00"
    priced(garage, 9900)
    seen = {"seen_version": note.version, "form_key": "one"}
    with pytest.raises(InvalidInputError, match="geändert"):
        send_ready(garage, sandra, job.inquiry_id, job.id, seen_text=note.text, **seen)  # type: ignore[arg-type]
    shown = read_ready(garage, sandra, job.inquiry_id, job.id, {"preis": "312,40"})
    assert "Gesamtpreis: € 312,40" in shown.text


@pytest.mark.parametrize("typed", [{}, {"preis": ""}, {"preis": "0"}])
def test_no_price_and_a_price_of_nothing_are_asked_for(
    garage: Shop, sandra: Actor, job: Booking, typed: dict[str, str]
) -> None:
    if not typed:
        priced(garage, 0)
    note = read_ready(garage, sandra, job.inquiry_id, job.id, typed)
    assert note.missing == ("preis",)
    assert not note.is_complete


def test_one_tap_ends_no_wait(garage: Shop, sandra: Actor, clock: FrozenClock, job: Booking) -> None:
    clock.forward(minutes=1)
    reply = letter("Quietschen die Bremsen noch?", sender="Maria Huber <maria.huber@example.org>")
    receive(garage, reply.replace(b"Subject: ", f"Subject: [#{job.inquiry_id}] ".encode(), 1))
    note = read_ready(garage, sandra, job.inquiry_id, job.id)
    assert note.question == "Quietschen die Bremsen noch?"
    assert not note.is_complete


def test_said_is_said_two_weeks_later_too(garage: Shop, sandra: Actor, job: Booking, clock: FrozenClock) -> None:
    send(garage, sandra, job)
    let_leave(garage)
    clock.now = at(8, 10, month=12)
    note = read_ready(garage, sandra, job.inquiry_id)
    assert note.booking_id is None
    assert note.told
    clock.now = at(1, 10, month=3, year=2027)
    assert not read_ready(garage, sandra, job.inquiry_id).told


def test_taken_back_changed_and_sent_as_a_reply_it_is_said(garage: Shop, sandra: Actor, job: Booking) -> None:
    text = take_back_reply(garage, sandra, send(garage, sandra, job))
    (subject,) = garage.store.read("SELECT subject FROM draft")[0]
    version = require_inquiry(garage.store, job.inquiry_id).version
    send_reply(
        garage,
        sandra,
        job.inquiry_id,
        body=text.replace("49,00", "89,00"),
        subject=subject,
        seen_version=version,
        form_key="reply",
    )
    assert read_ready(garage, sandra, job.inquiry_id, job.id).told
    with pytest.raises(TakenError):
        send(garage, sandra, job, "two")


@pytest.fixture
def called(garage: Shop, sandra: Actor, clock: FrozenClock) -> Booking:
    """Hr. Novak's tyres; he has no mail address."""
    job = open_booking(garage, sandra, enter_booking(garage, sandra, entry(at(23, 14)))).booking
    clock.now = at(23, 15)
    return job


def test_a_planned_call_is_planned_once_and_done_when_it_was_said(garage: Shop, sandra: Actor, called: Booking) -> None:
    planned = plan_ready_call(garage, sandra, called.inquiry_id, called.id)
    assert plan_ready_call(garage, sandra, called.inquiry_id, called.id) == planned
    note_ready_said(garage, sandra, called.inquiry_id, called.id)
    assert list_promises(garage, sandra) == []
    assert garage.store.read("SELECT count(*) FROM pickup") == [(1,)]


def test_the_planned_call_that_reached_says_it_until_it_is_undone(garage: Shop, sandra: Actor, called: Booking) -> None:
    plan_ready_call(garage, sandra, called.inquiry_id, called.id)
    log_call(garage, sandra, called.inquiry_id, reached=True, as_promised=True)
    assert read_ready(garage, sandra, called.inquiry_id, called.id).told
    reopen_inquiry(garage, sandra, called.inquiry_id)
    undo_reached(garage, sandra, just_kept(garage, called.inquiry_id)[0].id)
    assert not read_ready(garage, sandra, called.inquiry_id, called.id).told


def test_after_a_merge_it_greets_whose_job_it_is(garage: Shop, sandra: Actor, job: Booking) -> None:
    peter = note_contact(
        garage,
        sandra,
        who="Peter Privat",
        need="Reifen",
        reach="peter@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )
    reopen_inquiry(garage, sandra, job.inquiry_id)
    merge_inquiries(garage, sandra, peter, job.inquiry_id)
    note = read_ready(garage, sandra, peter, job.id)
    assert (note.name, note.mail) == ("Maria Huber", "maria.huber@example.org")
    assert "Huber" in note.text
    assert "Privat" not in note.text


def test_braces_in_the_words_for_paying_would_block_every_message(garage: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Klammern"):
        save_payment_words(garage, sandra, "bar {oder} Karte")
