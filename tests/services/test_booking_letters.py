"""Mails of bookings on their way: who gets which, in what role, with which calendar event, and what a reply does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from icalendar import Calendar

import data.bookings
import data.customers
import data.inquiries
import data.messages
import data.outbox
from data.booking_records import Booking, BookingState
from data.records import Actor, Channel, Message, MessageRole, OutboxState
from services.booking_letters import LetterKind, calendar_event_of, publish_of, queue_booking_letter
from services.bookings import cancel_booking, confirm_booking, decline_booking, enter_booking, move_booking
from services.customers import change_customer
from services.mail.composing import compose
from services.mail.contract import OutgoingMail
from services.own_bookings import cancel_by_customer, correct_address, move_by_customer
from services.sending import send_due
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import INSPECTION, VALUATION, at, book, entry, open_garage, open_reachable_garage
from tests.builders import SHOP_ADDRESS, FakeMailer, FrozenClock, Furnish, connect, letter, only_inquiry, receive

SITE = "https://kfz-muster.example"


def open_on_the_net(shop: Shop) -> None:
    open_reachable_garage(shop)
    with shop.store.write() as tx:
        put_settings(tx, {"public_url": SITE, "street": "Musterstraße 12"}, shop.now())


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> Furnish | None:
    return open_on_the_net if "garage" in request.fixturenames else None


def sent(shop: Shop) -> list[OutgoingMail]:
    """All that has left."""
    send_due(shop)
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    return mailer.sent


def queue(shop: Shop, booking: Booking, kind: LetterKind, actor: Actor | None = None) -> Message:
    """A letter of this kind, and nothing but its message."""
    with shop.store.write() as tx:
        message_id = queue_booking_letter(shop, tx, booking, kind, actor=actor)
    assert message_id is not None
    message = data.messages.read_message(shop.store, message_id)
    assert message is not None
    return message


def method_of(shop: Shop, message: Message) -> str:
    part = data.outbox.read_calendar_part(shop.store, message.id)
    return part[0] if part else ""


def test_an_automatic_letter_is_the_shops_and_leaves_at_once(garage: Shop) -> None:
    booking = book(garage, at(25, 9))

    [mail] = sent(garage)
    assert (mail.sender_name, mail.sender) == ("Kfz Muster", SHOP_ADDRESS)
    assert (mail.recipient_name, mail.recipient) == ("Maria Huber", "maria.huber@example.org")
    assert mail.automatic
    assert f"[#{booking.inquiry_id}]" in mail.subject
    assert f"{SITE}/t/{booking.secret}" in mail.text
    assert mail.text.endswith("Nicht von Ihnen? Dann antworten Sie kurz, wir löschen den Termin.")


def test_it_is_a_machines_word_and_moves_no_clock(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    message = queue(garage, booking, LetterKind.REMINDER)

    assert (message.role, message.staff_id, message.kind) == (MessageRole.MACHINE, None, Channel.MAIL)
    assert (message.outbox_state, message.due_at) == (OutboxState.QUEUED, garage.now())
    sent(garage)
    inquiry = only_inquiry(garage)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (None, None)


def test_a_decision_is_an_answer_signed_by_who_made_it(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(30, 9), ident=VALUATION)
    assert only_inquiry(garage).waiting_since == garage.now()
    assert confirm_booking(garage, sandra, booking.id)

    mail = sent(garage)[-1]
    assert mail.sender_name == "Sandra Kofler, Kfz Muster"
    assert not mail.automatic
    assert "Herzliche Grüße\nSandra Kofler\n\n-- \nSandra Kofler\n" in mail.text
    assert only_inquiry(garage).waiting_since is None


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (LetterKind.CONFIRMED, "REQUEST"),
        (LetterKind.ACCEPTED, "REQUEST"),
        (LetterKind.MOVED, "REQUEST"),
        (LetterKind.CANCELLED, "CANCEL"),
        (LetterKind.REQUESTED, ""),
        (LetterKind.DECLINED, ""),
        (LetterKind.LAPSED, ""),
        (LetterKind.REMINDER, ""),
        (LetterKind.MISSED, ""),
    ],
)
def test_which_letters_carry_an_event(garage: Shop, sandra: Actor, kind: LetterKind, method: str) -> None:
    booking = book(garage, at(25, 9))

    assert method_of(garage, queue(garage, booking, kind)) == method
    assert method_of(garage, queue(garage, booking, kind, sandra)) == method


def test_nothing_is_taken_back_that_was_never_in_a_calendar(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(30, 9), ident=VALUATION)
    sent(garage)
    cancel_booking(garage, sandra, booking.id, "Wir sind an dem Tag nicht da.")

    assert [mail.calendar for mail in sent(garage)] == [None, None]


def test_the_event_keeps_its_uid_and_its_sequence_grows(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9))
    sent(garage)
    move_by_customer(garage, booking.secret, at(26, 14))
    sent(garage)
    move_booking(garage, sandra, booking.id, at(27, 10))
    cancel_booking(garage, sandra, booking.id, "Die Bühne ist defekt.")

    calendars = [mail.calendar for mail in sent(garage) if mail.calendar]
    events = [Calendar.from_ical(each.content).walk("VEVENT")[0] for each in calendars]
    assert [each.method for each in calendars] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for event in events} == {booking.uid}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2, 3]
    assert [event.decoded("DTSTART") for event in events] == [at(25, 9), at(26, 14), at(27, 10), at(27, 10)]
    assert {str(event["ORGANIZER"]) for event in events} == {f"mailto:{SHOP_ADDRESS}"}
    assert events[-1]["SUMMARY"] == "Abgesagt: Reifenwechsel bei Kfz Muster"


def test_the_letter_is_fit_for_the_wire(garage: Shop) -> None:
    book(garage, at(25, 9), name="Jörg Größer")

    raw = compose(sent(garage)[0])
    assert raw.isascii()
    assert b'text/calendar; charset="utf-8"; method="REQUEST"' in b" ".join(raw.split())


def test_nobody_to_write_to_or_nothing_to_write_with_is_none(shop: Shop, sandra: Actor) -> None:
    open_garage(shop)
    written = book(shop, at(25, 9))
    connect(shop)
    called = book(shop, at(25, 10), mail="", phone="0664 555 01 27")

    assert shop.store.read("SELECT message_id FROM outbox") == []
    with shop.store.write() as tx:
        assert queue_booking_letter(shop, tx, called, LetterKind.CONFIRMED) is None
        assert queue_booking_letter(shop, tx, written, LetterKind.CONFIRMED) is not None


def test_a_letter_whose_transaction_fails_was_never_written(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    before = garage.store.read("SELECT count(*) FROM message")

    with pytest.raises(KeyboardInterrupt), garage.store.write() as tx:
        queue_booking_letter(garage, tx, booking, LetterKind.REMINDER)
        raise KeyboardInterrupt
    assert garage.store.read("SELECT count(*) FROM message") == before
    assert len(garage.store.read("SELECT message_id FROM calendar_part")) == 1


def test_the_confirmation_goes_to_the_corrected_address_only(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    sent(garage)
    correct_address(garage, booking.secret, "maria@neu.example")

    assert [mail.recipient for mail in sent(garage)] == ["maria.huber@example.org", "maria@neu.example"]


def test_the_greeting_follows_the_card_of_the_same_name(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9))
    change_customer(garage, sandra, booking.customer_id, salutation="frau", title="Dr.", form_of_address="sie")
    assert queue(garage, booking, LetterKind.REMINDER).body.startswith("Guten Tag Frau Dr. Huber,\n")

    change_customer(garage, sandra, booking.customer_id, form_of_address="du")
    assert queue(garage, booking, LetterKind.REMINDER).body.startswith("Hallo Maria,\n\nDein Termin ist")


def test_who_books_under_another_name_is_not_greeted_as_the_card_is(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(25, 9))
    change_customer(garage, sandra, booking.customer_id, salutation="frau", form_of_address="du")
    other = book(garage, at(26, 9), name="Peter Huber")

    assert other.customer_id == booking.customer_id
    assert queue(garage, other, LetterKind.REMINDER).body.startswith("Guten Tag Peter Huber,\n")


@pytest.mark.parametrize(
    "name", ["Win at http://spam.example", "Ruf 0900 123", "www.spam.example", "SPAM.COM lesen", "a@b"]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_name_that_carries_an_address_reaches_nobody(garage: Shop, name: str, language: str) -> None:
    booking = book(garage, at(25, 9), name=name, language=language)

    [mail] = sent(garage)
    assert mail.text.startswith(("Guten Tag,\n", "Hello,\n"))
    assert mail.recipient_name == ""
    assert mail.calendar is not None
    assert name not in compose(mail).decode() + mail.text + mail.calendar.content
    assert name not in publish_of(garage.store, booking, garage.now())


def test_a_customers_own_words_go_into_no_mail(garage: Shop) -> None:
    booking = book(garage, at(25, 9), note="Kaufen Sie Pillen")
    cancel_by_customer(garage, booking.secret, "Kaufen Sie Pillen")

    assert not [mail for mail in sent(garage) if "Pillen" in mail.text or "Pillen" in str(mail.calendar)]


def test_who_declines_offers_the_same_hour_on_the_next_days(garage: Shop, sandra: Actor) -> None:
    booking = book(garage, at(26, 10), ident=VALUATION)
    decline_booking(garage, sandra, booking.id, "Der Prüfer ist nicht da.")

    text = sent(garage)[-1].text
    assert "Der Grund: Der Prüfer ist nicht da.\n" in text
    times = [line for line in text.splitlines() if line.startswith("– ")]
    assert times == [
        "– Dienstag, 24. November, 10:00 Uhr",
        "– Mittwoch, 25. November, 10:00 Uhr",
        "– Freitag, 27. November, 10:00 Uhr",
    ]


def test_the_reminder_names_the_one_person_it_is_with(garage: Shop) -> None:
    booking = book(garage, at(25, 9), ident=INSPECTION)

    assert "Pickerl bei Amir, 1 Stunde" in queue(garage, booking, LetterKind.REMINDER).body


def test_a_booking_made_out_of_a_mail_is_confirmed_below_that_mail(garage: Shop, sandra: Actor) -> None:
    receive(garage, letter("Geht es am Mittwoch?", message_id="<frage@example.org>"))
    inquiry = only_inquiry(garage)
    garage.clock.forward(minutes=5)  # type: ignore[attr-defined]
    enter_booking(
        garage,
        sandra,
        entry(at(25, 9), who="Maria Hofer", reach="maria.hofer@example.org", inquiry_id=inquiry.id),
    )

    [mail] = sent(garage)
    assert mail.in_reply_to == "<frage@example.org>"
    assert "Nicht von Ihnen?" not in mail.text
    assert only_inquiry(garage).waiting_since is None


def test_an_answer_to_a_letter_comes_back_to_its_conversation(garage: Shop, clock: FrozenClock) -> None:
    booking = book(garage, at(25, 9))
    [mail] = sent(garage)
    clock.forward(minutes=5)
    answer = letter("Das war ich nicht.", sender="maria.huber@example.org", In_Reply_To=mail.mail_id)
    receive(garage, answer)

    inquiry = only_inquiry(garage)
    assert (inquiry.id, inquiry.waiting_since) == (booking.inquiry_id, clock.now)


def test_the_shop_is_not_taken_for_a_customer_by_its_own_letters(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    correct_address(garage, booking.secret, "maria@neu.example")

    people = data.messages.people_of(garage.store, [booking.inquiry_id])[booking.inquiry_id]
    assert people == {"maria.huber@example.org", "maria@neu.example"}


def test_the_download_is_the_event_without_a_guest(garage: Shop) -> None:
    booking = book(garage, at(25, 9))
    event = calendar_event_of(garage.store, booking, garage.now())
    [published] = Calendar.from_ical(publish_of(garage.store, booking, garage.now())).walk("VEVENT")

    assert (event.uid, event.start, event.end, event.stamp) == (booking.uid, at(25, 9), at(25, 10), garage.now())
    assert event.url == f"{SITE}/t/{booking.secret}"
    assert published["UID"] == booking.uid
    assert "ATTENDEE" not in published


def test_an_english_customer_gets_all_of_it_in_english(garage: Shop) -> None:
    booking = replace(book(garage, at(25, 9), language="en"), state=BookingState.CANCELLED)
    message = queue(garage, booking, LetterKind.CANCELLED)

    part = data.outbox.read_calendar_part(garage.store, message.id)
    assert part is not None
    assert "SUMMARY:Cancelled: Reifenwechsel at Kfz Muster" in part[1]
    assert "\nPhone 0512 555 870, Mon–Fri 8:00–12:00 and 13:00–17:00\n" in message.body
    assert "Uhr" not in message.body
