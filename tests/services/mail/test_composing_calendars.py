"""Mails that carry a calendar event: their structure, read back from the bytes that cross the wire."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from services.mail.calendar_events import cancel, request
from services.mail.composing import compose
from services.mail.contract import MailClass, OutgoingCalendar, OutgoingFile, OutgoingMail
from services.mail.parsing import parse_mail
from tests.services.mail.test_calendar_events import EVENT

MAIL = OutgoingMail(
    mail_id="<theke-1-abc@muster.example>",
    sender_name="Kfz Müller",
    sender="info@kfz-muster.example",
    recipient_name="Jörg Huber",
    recipient="joerg@huber.example",
    subject="Termin bestätigt: Reifenwechsel am Donnerstag, 26. November, 10:30 Uhr",
    text="Guten Tag Jörg Huber,\n\nIhr Termin ist bestätigt.\n",
    date=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
    calendar=OutgoingCalendar("REQUEST", request(replace(EVENT, summary="Größere Prüfung – Öl"))),
    automatic=True,
)
FILE = OutgoingFile("Preise.pdf", "application/pdf", b"%PDF-1.7 \xff\x00")


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def calendar_part(message: EmailMessage) -> EmailMessage:
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert isinstance(part, EmailMessage)
    return part


def test_text_and_event_are_two_ways_to_say_the_same() -> None:
    message = read(compose(MAIL))

    assert kinds(message) == ["multipart/alternative", "text/plain", "text/calendar"]
    assert message.get_body(("plain",)).get_content().startswith("Guten Tag Jörg Huber,")  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_header_of_the_part_says_method_and_charset(method: str) -> None:
    content = request(EVENT) if method == "REQUEST" else cancel(EVENT)
    part = calendar_part(read(compose(replace(MAIL, calendar=OutgoingCalendar(method, content)))))

    assert part.get_param("method") == method
    assert part.get_content_charset() == "utf-8"
    assert part.get_filename() is None
    assert part.get_content_disposition() is None


def test_the_event_arrives_byte_for_byte_and_a_calendar_reads_it() -> None:
    assert MAIL.calendar is not None
    payload = calendar_part(read(compose(MAIL))).get_payload(decode=True)

    assert payload == MAIL.calendar.content.encode("utf-8")
    calendar = Calendar.from_ical(payload)
    assert calendar["METHOD"] == "REQUEST"
    assert calendar.walk("VEVENT")[0]["SUMMARY"] == "Größere Prüfung – Öl"


@pytest.mark.parametrize("files", [(), (FILE,)])
def test_the_mail_is_pure_ascii_in_short_lines(files: tuple[OutgoingFile, ...]) -> None:
    raw = compose(replace(MAIL, files=files))

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_files_stand_beside_both() -> None:
    message = read(compose(replace(MAIL, files=(FILE,))))

    assert kinds(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/pdf",
    ]
    assert [part.get_content() for part in message.iter_attachments()][-1] == FILE.content


def test_it_is_marked_as_automatic() -> None:
    message = read(compose(MAIL))

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_no_other_method_leaves_by_mail() -> None:
    with pytest.raises(ValueError, match="invitation"):
        compose(replace(MAIL, calendar=OutgoingCalendar('PUBLISH"; x="', request(EVENT))))


def test_a_mail_without_an_event_is_plain_as_before() -> None:
    assert kinds(read(compose(replace(MAIL, calendar=None)))) == ["text/plain"]


def test_our_own_invitation_is_not_taken_for_a_reply() -> None:
    parsed = parse_mail(compose(replace(MAIL, automatic=False)), own_addresses=frozenset())

    assert parsed.mail_class is MailClass.PERSON
    assert parsed.calendar_reply is None
    assert parsed.body.startswith("Guten Tag Jörg Huber,")
