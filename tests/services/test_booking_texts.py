"""What the mails of bookings say: every kind, in both languages, in all three countries, with and without a link."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.booking_records import Booking, BookingState, Offering, Reminder
from data.records import Customer, ShopSettings, Staff, StaffRole
from services.booking_texts import AHEAD, BookingLetter, LetterKind, Told, event_texts, write_letter
from services.booking_words import ENGLISH, GERMAN
from services.rules.placeholders import broken_brace, unfilled
from services.rules.text_check import blocking_hints
from services.settings import COUNTRIES
from services.templates import signature
from tests.builders import KFZ_MUSTER

NOW = datetime(2026, 11, 24, 8, 41, tzinfo=UTC)  # a Tuesday, 9:41 in Vienna
START = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # 10:30 in Vienna
SECRET = "uJ4cGq8mJm1v2n3b4C5d6E"
LINK = f"https://kfz.example/t/{SECRET}"
SHOP = replace(KFZ_MUSTER, public_url="https://kfz.example/")
BOOKING = Booking(
    id=7, number="M-4QP7", secret=SECRET, uid="4f1c@theke", sequence=0, offering_id=1, offering_name="Reifenwechsel",
    customer_id=3, customer_name="Maria Huber", mail="maria@huber.example", phone="", inquiry_id=9,
    state=BookingState.CONFIRMED, starts_at=START, ends_at=START + timedelta(minutes=30), buffer_before=0,
    buffer_after=0, price_cents=4900, answer="", note="", language="de", staff_id=None, created_at=NOW, agreed_at=NOW,
    lapses_at=None, reminder=Reminder.DUE, calendar_answer="", resources=(1, 3),
)  # fmt: skip
OFFERING = Offering(
    id=1, name="Reifenwechsel", description="", duration=30, buffer_before=0, buffer_after=0, step=30,
    price_cents=4900, online=True, instant=True, notice_minutes=60, horizon_days=30, cancel_minutes=120, daily_limit=0,
    bring="Ihre Räder, falls sie nicht bei uns lagern.", question="", choices="", groups=((1,),), position=1,
    active=True,
)  # fmt: skip
MARIA = Customer(3, "Maria Huber", "frau", "Mag.", "sie", "de", "", NOW)
ANNA = Staff(1, "Anna Muster", "Inhaberin", "0316 00 12 35", StaffRole.OWNER, "de", True)
FREE = (START + timedelta(days=4), START + timedelta(days=1))
TOLD = Told(BOOKING, MARIA, SHOP, OFFERING, NOW, person="Amir")
VARIANTS = list(itertools.product(("AT", "DE", "CH"), ("", SHOP.public_url), (None, 4900), (None, ANNA), ("sie", "du")))


def told(**changes: Any) -> Told:
    """TOLD with columns of the booking, settings and others changed by their own names."""
    booking, settings = {}, {}
    for name in list(changes):
        if name in Booking.__dataclass_fields__:
            booking[name] = changes.pop(name)
        elif name in ShopSettings.__dataclass_fields__ and name != "name":
            settings[name] = changes.pop(name)
    return replace(TOLD, booking=replace(BOOKING, **booking), settings=replace(SHOP, **settings), **changes)


def whole(letter: BookingLetter) -> str:
    return "\n".join([letter.subject, letter.body, letter.link_line, letter.last_line])


def test_both_languages_say_the_same_with_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return {name for name in re.findall(r"\{([^{}]+)\}", text) if "/" not in name}

    assert GERMAN.keys() == ENGLISH.keys()
    assert {name for name in GERMAN if values(GERMAN[name]) != values(ENGLISH[name])} == set()
    assert [text for text in (*GERMAN.values(), *ENGLISH.values()) if broken_brace(text)] == []


@pytest.mark.parametrize(("kind", "language"), list(itertools.product(LetterKind, ("de", "en"))))
def test_every_letter_is_whole(kind: LetterKind, language: str) -> None:
    for country, address, price, staff, form in VARIANTS:
        letter = write_letter(
            kind,
            told(
                language=language, country=country, public_url=address, price_cents=price, staff=staff, free=FREE,
                customer=replace(MARIA, form_of_address=form), reason="Die Bühne ist defekt.", old_start=NOW,
                hours=replace(SHOP.hours, zone=COUNTRIES[country]),
            ),
        )  # fmt: skip
        text = whole(letter)
        assert unfilled(text) == ()
        assert not re.search(r"[{}]|\bNone\b|  |\n\n\n| ,", text)
        assert "ß" not in text.replace(SHOP.street, "") or country != "CH"
        assert text.count(SECRET) == bool(address)  # each mail names the link once
        assert ("http" in text) == bool(address)
        assert ("49" in text) == (price is not None and kind in AHEAD)
        assert "Reifenwechsel" in letter.subject
        assert ("automatisch" in text or "automatically" in text) == (staff is None)
        assert (ANNA.name in text) == (staff is not None)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_german_letter_passes_the_check_of_replies_and_keeps_to_sie_or_du(kind: LetterKind) -> None:
    formal, familiar = r"\bSie\b|\bIhre?n?\b", r"\bD(?:u|ir|ich|eine?n?)\b"
    no_bring = replace(OFFERING, bring="")
    for staff, form in itertools.product((None, ANNA), ("sie", "du")):
        customer = replace(MARIA, form_of_address=form)
        body = write_letter(kind, told(staff=staff, free=FREE, customer=customer, offering=no_bring)).body
        assert list(blocking_hints(body)) == []
        assert bool(re.search(formal, body)) == (form == "sie")
        assert bool(re.search(familiar, body)) == (form == "du")


def test_a_confirmation_word_for_word() -> None:
    letter = write_letter(LetterKind.CONFIRMED, TOLD)

    assert letter.subject == "Termin bestätigt: Reifenwechsel am Donnerstag, 26. November, 10:30 Uhr"
    assert letter.body == (
        "Guten Tag Frau Mag. Huber,\n\n"
        "Ihr Termin ist bestätigt.\n\n"
        "Leistung: Reifenwechsel\n"
        "Datum: Donnerstag, 26. November\n"
        "Uhrzeit: 10:30 Uhr\n"
        "Dauer: 30 Minuten\n"
        "Preis: € 49,00 inkl. USt.\n"
        "Ort: Kfz Muster, Musterstraße 12, 8010 Graz\n"
        "Bitte mitbringen: Ihre Räder, falls sie nicht bei uns lagern\n"
        "Nummer: M-4QP7\n\n"
        "Passt es doch nicht? Bis Donnerstag, 26. November, 08:30 Uhr können Sie den Termin selbst verschieben oder "
        f"absagen:\n{LINK}\n\n"
        "Lieber mit einem Menschen sprechen? Sie erreichen uns unter 0316 00 12 34.\n\n"
        "Diese Mail kommt automatisch. Eine Antwort darauf liest ein Mensch."
    )
    assert letter.last_line == "Nicht von Ihnen? Dann antworten Sie kurz, wir löschen den Termin."


def test_a_reminder_is_four_lines() -> None:
    letter = write_letter(LetterKind.REMINDER, told(now=START - timedelta(hours=23)))

    assert letter.body.split("\n\n")[1].split("\n") == [
        "Ihr Termin ist morgen, am Donnerstag, 26. November, 10:30 Uhr.",
        "Reifenwechsel bei Amir, 30 Minuten, € 49,00 inkl. USt., M-4QP7",
        "Ort: Kfz Muster, Musterstraße 12, 8010 Graz. Bitte mitbringen: Ihre Räder, falls sie nicht bei uns lagern",
        f"Kommt etwas dazwischen? Hier sagen Sie ab, dann wird die Zeit frei: {LINK}",
    ]


@pytest.mark.parametrize(
    ("before", "said"), [(timedelta(hours=4), "ist heute, am"), (timedelta(hours=47), "ist am Donnerstag")]
)
def test_a_reminder_says_today_and_tomorrow_only_when_it_is(before: timedelta, said: str) -> None:
    assert said in write_letter(LetterKind.REMINDER, told(now=START - before)).body


def test_an_english_confirmation() -> None:
    letter = write_letter(LetterKind.CONFIRMED, told(language="en"))

    assert letter.subject == "Appointment confirmed: Reifenwechsel on Thursday 26 November, 10:30"
    assert letter.body.startswith("Hello Maria Huber,\n\nYour appointment is confirmed.\n\nService: Reifenwechsel\n")
    assert "Price: €49.00 incl. VAT\n" in letter.body


@pytest.mark.parametrize(
    ("country", "small", "price"),
    [
        ("AT", False, "€ 49,00 inkl. USt."),
        ("DE", False, "49,00 € inkl. MwSt."),
        ("CH", False, "CHF 49.00 inkl. MWST"),
        ("DE", True, "49,00 €"),
    ],
)
def test_the_price_is_a_total_in_the_words_of_the_country(country: str, small: bool, price: str) -> None:
    letter = write_letter(LetterKind.CONFIRMED, told(country=country, small_business=small))

    assert f"Preis: {price}\n" in letter.body


def test_a_swiss_greeting_has_no_comma_and_goes_on_with_a_capital() -> None:
    for kind in LetterKind:
        letter = write_letter(kind, told(country="CH"))
        assert re.match(r"Guten Tag Frau Huber\n\n[A-ZÄÖÜ]", letter.body)


def test_january_has_its_austrian_name_and_another_year_is_told() -> None:
    later = datetime(2027, 1, 7, 9, 30, tzinfo=UTC)
    letter = write_letter(LetterKind.CONFIRMED, told(starts_at=later, ends_at=later + timedelta(minutes=90)))

    assert "Donnerstag, 7. Jänner 2027" in letter.body
    assert "Dauer: 1 Stunde 30 Minuten\n" in letter.body


def test_a_request_says_until_when_we_answer_and_that_it_does_not_stand_yet() -> None:
    lapses = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    letter = write_letter(LetterKind.REQUESTED, told(state=BookingState.REQUESTED, lapses_at=lapses))

    assert "bestätigt ist er noch nicht. Wir antworten bis Mittwoch, 25. November, 10:00 Uhr." in letter.body


def test_a_moved_booking_names_both_times() -> None:
    letter = write_letter(LetterKind.MOVED, told(old_start=START - timedelta(days=1)))

    assert "Uhrzeit: 10:30 Uhr\nBisher: Mittwoch, 25. November, 10:30 Uhr\n" in letter.body
    assert "Bisher" not in write_letter(LetterKind.CONFIRMED, TOLD).body


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "selbst verschieben oder absagen:"),
        ({"offering": replace(OFFERING, instant=False)}, "selbst absagen:"),  # agreed by a person
        ({"offering": replace(OFFERING, instant=False), "state": BookingState.REQUESTED}, "selbst verschieben oder"),
        ({"offering": replace(OFFERING, online=False)}, "selbst absagen:"),
        ({"public_url": ""}, "antworten Sie einfach auf diese Mail."),
        ({"now": START - timedelta(minutes=119)}, "Rufen Sie uns bitte an."),
        ({"now": START - timedelta(minutes=119), "phone": ""}, "antworten Sie einfach auf diese Mail."),
    ],
)
def test_the_way_to_change_is_one_that_works(changes: dict[str, Any], said: str) -> None:
    assert said in write_letter(LetterKind.CONFIRMED, _told_with_shops_phone(changes)).body


def _told_with_shops_phone(changes: dict[str, Any]) -> Told:
    phone = changes.pop("phone", SHOP.phone)
    made = told(**changes)
    return replace(made, settings=replace(made.settings, phone=phone))


@pytest.mark.parametrize(
    ("kind", "staff"),
    [
        (LetterKind.DECLINED, ANNA),
        (LetterKind.CANCELLED, ANNA),
        (LetterKind.LAPSED, None),
        (LetterKind.MISSED, ANNA),
    ],
)
def test_whose_time_is_gone_gets_new_choices_and_no_reproach(kind: LetterKind, staff: Staff | None) -> None:
    body = write_letter(kind, told(staff=staff, free=FREE)).body

    assert "– Freitag, 27. November, 10:30 Uhr\n– Montag, 30. November, 10:30 Uhr\n" in body
    assert "https://kfz.example/termin\n" in body
    assert not re.search(r"leider|vergessen|versäumt|nicht erschienen|müssen|hätten", body)


def test_without_free_times_the_customer_may_say_which_days_suit() -> None:
    letter = write_letter(LetterKind.DECLINED, told(staff=ANNA, public_url=""))

    assert "Schreiben Sie einfach zurück, welche Tage gut passen." in letter.body


def test_a_reason_is_told_by_a_person_and_never_played_back_to_who_wrote_it() -> None:
    assert "Der Grund: Krank.\n" in write_letter(LetterKind.CANCELLED, told(staff=ANNA, reason="Krank.")).body
    alone = write_letter(LetterKind.CANCELLED, told(reason="Krank."))
    assert "Krank" not in alone.body
    assert "Danke, dass Sie Bescheid geben." in alone.body


def test_only_who_booked_online_is_asked_whether_it_was_them() -> None:
    assert write_letter(LetterKind.CONFIRMED, told(staff_id=1)).last_line == ""
    assert write_letter(LetterKind.DECLINED, TOLD).last_line == ""


def test_words_of_outside_are_never_a_template() -> None:
    letter = write_letter(LetterKind.CONFIRMED, told(offering_name="{telefon} {nummer|x} {Sie/Du}"))

    assert "Leistung: {telefon} {nummer|x} {Sie/Du}\n" in letter.body


def test_a_calendar_shows_what_where_and_how_to_change_it() -> None:
    texts = event_texts(TOLD)

    assert texts.summary == "Reifenwechsel bei Kfz Muster"
    assert texts.location == "Kfz Muster, Musterstraße 12, 8010 Graz"
    assert texts.description == (
        "Nummer M-4QP7. 30 Minuten, € 49,00 inkl. USt.\n"
        "Bitte mitbringen: Ihre Räder, falls sie nicht bei uns lagern\n"
        f"Verschieben oder absagen: {LINK}\n"
        "Telefon 0316 00 12 34"
    )
    assert texts.url == LINK
    assert texts.alarm == "Morgen 10:30 Uhr: Reifenwechsel bei Kfz Muster"


def test_a_bare_shop_has_a_calendar_event_too() -> None:
    bare = replace(TOLD, settings=replace(SHOP, name="", street="", town="", phone="", public_url=""), offering=None)
    texts = event_texts(bare)

    assert (texts.summary, texts.location, texts.url) == ("Reifenwechsel", "", "")
    assert texts.description == "Nummer M-4QP7. 30 Minuten, € 49,00 inkl. USt."


def test_the_shop_signs_what_goes_out_by_itself() -> None:
    assert signature(None, SHOP, link=f"Termin ansehen: {LINK}") == (
        "-- \n"
        "Kfz Muster, Musterstraße 12, 8010 Graz\n"
        "Telefon 0316 00 12 34, Mo–Do 8:00–12:00 und 13:00–18:00 Uhr, Fr 7:30–13:00 Uhr\n"
        f"Termin ansehen: {LINK}\n"
        "FN 123456a, LG Graz\n"
        "Datenschutz: https://kfz.example/datenschutz"
    )
    assert signature(None, SHOP, language="en").splitlines()[2] == (
        "Phone 0316 00 12 34, Mon–Thu 8:00–12:00 and 13:00–18:00, Fri 7:30–13:00"
    )
