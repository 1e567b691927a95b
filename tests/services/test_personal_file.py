"""One person's file: everything in the order it happened, for owners, noted, and quick."""

from __future__ import annotations

import ast
import json
import time
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest

import data.messages
from data.booking_records import BookingState, Reminder
from data.customer_imports import LineFate
from data.occasion_records import OccasionKind, OccasionState
from data.promises import CallOutcome
from data.records import (
    Actor,
    Channel,
    CloseReason,
    InquiryState,
    MailFate,
    MailFolder,
    MessageRole,
    OutboxState,
    PromiseState,
    StaffRole,
)
from data.report_records import Avoidable
from data.wishes import WishState
from services.bookings import enter_booking, move_booking
from services.customer_import import import_customers
from services.ideas import Fate
from services.inquiries import hand_over
from services.personal_file import Entry, PersonalFile, give_personal_file, make_personal_file
from services.personal_words import word_of
from services.privacy import erase_customer
from services.rules.receipts import ReceiptFate
from services.shop import Shop
from services.wishes import Offered
from tests.bookable import at, entry, open_garage
from tests.builders import connect, hire, letter, only_inquiry, receive

PICTURE = letter("Im Anhang", message_id="<bild@hofer.example>")


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def entries(made: PersonalFile, title: str) -> list[Entry]:
    return [entry for section in made.sections for entry in section.entries if entry.title == title]


def test_it_tells_card_inquiry_and_booking_in_german(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    open_garage(shop)
    maria = only_inquiry(shop).customer_id
    enter_booking(shop, sandra, entry(at(24, 9), who="Frau Ganz-Anders", reach="maria.hofer@example.org"))
    made = make_personal_file(shop, sandra, maria)
    assert made.name == "Maria Hofer"
    (booking,) = entries(made, "Termin")
    assert ("Beginn", "24.11.2026, 09:00") in booking.facts
    assert ("Name", "Frau Ganz-Anders") in booking.facts
    assert ("Werbesperre", "nein") in entries(made, "Kundenkarte")[0].facts
    assert "Guten Tag, wann ist mein Golf fertig?" in repr(entries(made, "Nachricht"))
    assert ("Art", "E-Mail") in entries(made, "Adressen und Nummern")[0].facts
    assert [section.title for section in made.sections if "Mein Golf" in section.title]
    told = json.loads(made.data)
    assert told["customer"][0]["name"] == "Maria Hofer"
    assert told["booking"][0]["starts_at"].startswith("2026-11-24T08:00")


def test_that_it_was_handed_out_is_noted_without_a_name(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    maria = only_inquiry(shop).customer_id
    give_personal_file(shop, sandra, maria)
    given = shop.store.read("SELECT customer_id, staff_id, given_at FROM disclosure")
    assert given == [(maria, sandra.staff_id, shop.now())]
    assert entries(make_personal_file(shop, sandra, maria), "Auskunft")
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed'")
    erase_customer(shop, sandra, maria)
    assert shop.store.read("SELECT count(*) FROM disclosure")[0][0] == 1


def test_five_hundred_messages_take_no_time(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    inquiry = only_inquiry(shop)
    with shop.store.write() as tx:
        for number in range(500):  # the last one read was written first, as in a mailbox that is read from its end
            values = {"inquiry_id": inquiry.id, "kind": "mail", "role": "customer", "body": f"Nachricht {number} " * 20}
            then = shop.now() + timedelta(minutes=500 - number)
            data.messages.insert_message(tx, {**values, "happened_at": then}, then)
    started = time.process_time()
    made = make_personal_file(shop, sandra, inquiry.customer_id)
    assert time.process_time() - started < 2
    told = [dict(entry.texts).get("Text", "").partition(" Nachricht")[0] for entry in entries(made, "Nachricht")]
    assert told == ["", *(f"Nachricht {number}" for number in reversed(range(500)))]


def kinds_of_events() -> set[str]:
    """The kinds that the program writes, as far as they stand in a call, and those that it works out."""
    found = {"requested", "booked", "planned", "step_done", "reopened", *map(str, BookingState)}
    for path in Path("services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_event" and len(node.args) > 2:
                kind = node.args[2]
                found |= {str(kind.value)} if isinstance(kind, ast.Constant) else set()
    assert len(found) > 20
    return found


def test_every_word_of_the_program_is_told_in_german() -> None:
    enums: tuple[type[StrEnum], ...] = (
        Avoidable, BookingState, CallOutcome, Channel, CloseReason, Fate, InquiryState, LineFate, MailFate, MailFolder,
        MessageRole, OccasionKind, OccasionState, Offered, OutboxState, PromiseState, ReceiptFate, Reminder, WishState,
    )  # fmt: skip
    said = {str(word) for enum in enums for word in enum} | kinds_of_events() | {"accepted", "tentative"}
    assert not {word for word in said if word_of("event", word) == word}


def test_no_inner_number_time_or_sign_stands_on_the_page(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    open_garage(shop)
    inquiry = only_inquiry(shop)
    hand_over(shop, sandra, inquiry.id, sandra.staff_id)
    booked = enter_booking(shop, sandra, entry(at(24, 9), reach="maria.hofer@example.org", inquiry_id=inquiry.id))
    move_booking(shop, sandra, booked, at(24, 11))
    made = make_personal_file(shop, sandra, inquiry.customer_id)
    (handed,) = [each for each in entries(made, "Verlauf") if ("Art", "im Team weitergegeben") in each.facts]
    assert "Einzelheit" not in dict(handed.facts)
    moved = next(each for each in entries(made, "Verlauf des Termins") if ("Art", "verschoben") in each.facts)
    assert dict(moved.facts)["Einzelheit"] == "24.11.2026, 09:00 → 24.11.2026, 11:00"
    assert "Versuche" not in dict(entries(made, "Versand")[0].facts)


def test_what_a_list_brought_is_told_in_words(shop: Shop, sandra: Actor) -> None:
    import_customers(shop, sandra, b"Name;E-Mail;Notiz\nEva;eva@a.at;Golf\n", "liste.csv")
    eva = shop.store.read("SELECT id FROM customer")[0][0]
    (line,) = entries(make_personal_file(shop, sandra, eva), "Zeile einer eingelesenen Liste")
    assert "Name: Eva, " in dict(line.facts)["Was die Zeile änderte"]
    assert "{" not in repr(line)
