"""Calendar events as they are written, read back by a parser, and what calendars answer."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from services.mail.calendar_events import CalendarEvent, cancel, publish, read_reply, request
from services.mail.contract import CalendarReply

VIENNA = ZoneInfo("Europe/Vienna")
START = datetime(2026, 11, 26, 10, 30, tzinfo=VIENNA)
EVENT = CalendarEvent(
    uid="4f1c@theke",
    sequence=0,
    start=START.astimezone(UTC),
    end=(START + timedelta(minutes=30)).astimezone(UTC),
    summary="Reifenwechsel bei Kfz Muster",
    location="Kfz Muster, Musterstraße 12, 8010 Graz",
    description="Nummer M-4QP7.\nBitte mitbringen: Räder; Adapter",
    url="https://kfz-muster.example/t/abc",
    organizer_name="Kfz Muster",
    organizer_mail="info@kfz-muster.example",
    attendee_name="Maria Huber",
    attendee_mail="maria@huber.example",
    alarm_text="Morgen 10:30 Uhr: Reifenwechsel bei Kfz Muster",
    stamp=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
)
REPLY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Google Inc//Google Calendar 70.9054//EN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20261126T093000Z
DTSTAMP:20261124T100000Z
ORGANIZER;CN=Kfz Muster:mailto:info@kfz-muster.example
UID:4f1c@theke
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN="Huber; Mar
 ia":mailto:maria@huber.example
SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""


def read(text: str) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return calendar, event


def test_an_invitation_says_all_that_a_calendar_needs() -> None:
    calendar, event = read(request(EVENT))

    assert (calendar["METHOD"], calendar["VERSION"], bool(calendar["PRODID"])) == ("REQUEST", "2.0", True)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("4f1c@theke", 0, "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (EVENT.start, EVENT.end)
    assert event.decoded("DTSTAMP") == EVENT.stamp
    assert (event["SUMMARY"], event["LOCATION"], event["URL"]) == (EVENT.summary, EVENT.location, EVENT.url)
    assert event["DESCRIPTION"] == EVENT.description


def test_the_organizer_is_who_sends_and_nobody_has_to_answer() -> None:
    _, event = read(request(EVENT))

    assert event["ORGANIZER"] == "mailto:info@kfz-muster.example"
    assert event["ORGANIZER"].params["CN"] == "Kfz Muster"
    guest = event["ATTENDEE"]
    assert guest == "mailto:maria@huber.example"
    assert (guest.params["RSVP"], guest.params["PARTSTAT"]) == ("FALSE", "NEEDS-ACTION")


def test_a_phone_reminds_24_hours_before() -> None:
    _, event = read(request(EVENT))

    [alarm] = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", EVENT.alarm_text)
    assert "\r\nTRIGGER:-PT24H\r\n" in request(EVENT)


def test_a_cancellation_names_the_same_event_with_a_higher_sequence() -> None:
    calendar, event = read(cancel(replace(EVENT, sequence=3)))

    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("4f1c@theke", 3, "CANCELLED")
    assert event["SUMMARY"] == "Abgesagt: Reifenwechsel bei Kfz Muster"
    assert event["ORGANIZER"] == "mailto:info@kfz-muster.example"
    assert event["ATTENDEE"] == "mailto:maria@huber.example"
    assert not event.walk("VALARM")


def test_a_download_invites_nobody() -> None:
    calendar, event = read(publish(replace(EVENT, organizer_mail="")))

    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event
    assert "ORGANIZER" not in event


@pytest.mark.parametrize(
    ("local", "written"),
    [
        (datetime(2026, 10, 24, 14, 30, tzinfo=VIENNA), "20261024T123000Z"),  # the day before the clocks go back
        (datetime(2026, 10, 25, 14, 30, tzinfo=VIENNA), "20261025T133000Z"),
        (datetime(2027, 3, 27, 14, 30, tzinfo=VIENNA), "20270327T133000Z"),
        (datetime(2027, 3, 28, 14, 30, tzinfo=VIENNA), "20270328T123000Z"),  # the day on which they go forward
    ],
)
def test_half_past_two_in_vienna_stays_so_on_both_sides_of_the_clock_change(local: datetime, written: str) -> None:
    start = local.astimezone(UTC)
    text = request(replace(EVENT, start=start, end=start + timedelta(hours=1)))

    assert f"\r\nDTSTART:{written}\r\n" in text
    read_back = read(text)[1].decoded("DTSTART").astimezone(VIENNA)
    assert (read_back.date(), read_back.hour, read_back.minute) == (local.date(), 14, 30)


def test_lines_are_folded_at_75_octets_and_umlauts_stay_whole() -> None:
    words = "Bremsflüssigkeit, Scheibenwischerblätter; Öl – größer\n" * 20
    text = request(replace(EVENT, description=words, attendee_name="Jörg " * 20))

    lines = text.encode("utf-8").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)
    assert b"\n" not in b"".join(lines)
    assert read(text)[1]["DESCRIPTION"] == words.strip()


def test_separators_of_the_format_are_escaped() -> None:
    text = publish(replace(EVENT, summary="A; b, c\\d", description="eins\nzwei; drei, vier"))

    assert "SUMMARY:A\\; b\\, c\\\\d" in text
    assert "DESCRIPTION:eins\\nzwei\\; drei\\, vier" in text


@pytest.mark.parametrize("field", ["summary", "location", "description", "attendee_name", "organizer_name", "url"])
def test_nobody_breaks_out_of_a_line(field: str) -> None:
    hostile = 'x"\r\nATTENDEE:mailto:boss@elsewhere.example\nEND:VEVENT\u2028\x00;PARTSTAT=ACCEPTED:"'
    text = request(replace(EVENT, **{field: hostile}))

    _, event = read(text)
    assert event["ATTENDEE"] == "mailto:maria@huber.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert text.count("\r\nATTENDEE") == text.count("\r\nEND:VEVENT") == 1


def test_a_reply_is_understood() -> None:
    assert read_reply(REPLY) == CalendarReply("4f1c@theke", "declined")


@pytest.mark.parametrize(
    ("told", "meant"), [("ACCEPTED", "accepted"), ("tentative", "tentative"), ("Declined", "declined")]
)
def test_the_three_answers(told: str, meant: str) -> None:
    assert read_reply(REPLY.replace("DECLINED", told)) == CalendarReply("4f1c@theke", meant)


@pytest.mark.parametrize(
    "text",
    [
        REPLY.replace("METHOD:REPLY", "METHOD:REQUEST"),
        REPLY.replace("METHOD:REPLY\n", ""),
        REPLY.replace("UID:4f1c@theke\n", ""),
        REPLY.replace("DECLINED", "DELEGATED"),
        REPLY.replace("4f1c@theke", "x" * 300),
        "",
        "Maria hat abgesagt.",
    ],
)
def test_what_is_no_reply_is_none(text: str) -> None:
    assert read_reply(text) is None


def test_a_reply_with_broken_lines_and_odd_line_ends_is_still_one() -> None:
    broken = "\ufeff" + REPLY.replace("VERSION:2.0", "VERSION\n=?;;:\n;:=").replace("\n", "\r\n")

    assert read_reply(broken) == CalendarReply("4f1c@theke", "declined")
    assert read_reply(REPLY.replace("\n", "\r")) == CalendarReply("4f1c@theke", "declined")


def test_what_stands_in_a_time_zone_or_an_alarm_is_not_the_event() -> None:
    alarm = "BEGIN:VALARM\nUID:alarm@other\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\nEND:VALARM\n"

    assert read_reply(REPLY.replace("DTSTART", alarm + "DTSTART", 1)) == CalendarReply("4f1c@theke", "declined")


@pytest.mark.parametrize(
    "flood", ["BEGIN:VEVENT\n" * 200_000, "A;" * 500_000, 'ATTENDEE;CN="' * 100_000, ":" * 2_000_000, "\n " * 900_000]
)
def test_a_flood_is_read_to_a_limit_only(flood: str) -> None:
    began = time.monotonic()

    assert read_reply(flood) is None
    assert time.monotonic() - began < 2


@given(st.text() | st.lists(st.sampled_from([*REPLY.splitlines(), ";", ":", '"', "=", " ", "\\"])).map("\n".join))
def test_nothing_that_is_read_as_a_reply_raises(text: str) -> None:
    reply = read_reply(text)

    assert reply is None or reply.answer in {"accepted", "declined", "tentative"}
