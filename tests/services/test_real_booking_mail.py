"""The mails of a booking over real SMTP and IMAP: invitations that calendars take, and their answers."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

import data.inquiries
from services.bookings import move_booking, require_booking
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.mail.smtp_outbox import YagmailMailer
from services.own_bookings import cancel_by_customer
from services.sending import send_due
from services.settings import mail_account
from services.shop import Shop
from tests.bookable import VIENNA, book, offering, open_garage
from tests.builders import FrozenClock, connect, hire, make_shop
from tests.mail_servers import PASSWORD, MailServers, mail_devel
from tests.services.test_booking_jobs import calendar_reply

MARIA = "maria.huber@example.org"


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with mail_devel() as running:
        yield running


@pytest.fixture
def garage(tmp_path: Path, servers: MailServers) -> Iterator[Shop]:
    """Open since the Friday before the clocks change in October."""
    shop = make_shop(tmp_path, clock=FrozenClock(datetime(2026, 10, 23, 8, 0, tzinfo=UTC)))
    shop.mailbox, shop.mailer = open_mailbox, YagmailMailer()
    shop.secrets.set("mail_password", PASSWORD)
    address = f"info-{time.monotonic_ns()}@kfz-muster.example"
    connect(shop, replace(servers.account(address), connected_at=shop.now() - timedelta(hours=1)))
    open_garage(shop)
    yield shop
    shop.close()


def newest(servers: MailServers) -> EmailMessage:
    message = email.message_from_bytes(servers.mails(MARIA)[-1], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def event_of(message: EmailMessage, method: str) -> icalendar.Event:
    """The one event of the mail's calendar part, which must name its method in the MIME header too (RFC 6047)."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    assert (parts[0].get_param("method"), parts[0].get_content_charset()) == (method, "utf-8")
    calendar = icalendar.Calendar.from_ical(parts[0].get_payload(decode=True))
    assert calendar["METHOD"] == method
    (event,) = calendar.walk("VEVENT")
    assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar
    return event


def test_the_invitation_moves_and_goes_as_calendars_want_it(garage: Shop, servers: MailServers) -> None:
    sandra = hire(garage, "Sandra Kofler")
    first, second = datetime(2026, 10, 26, 14, 30, tzinfo=VIENNA), datetime(2026, 10, 27, 14, 30, tzinfo=VIENNA)
    booking = book(garage, first)  # agreed in summer time, kept in winter time
    assert send_due(garage) == 1
    invited = event_of(newest(servers), "REQUEST")
    assert invited.start == first
    assert invited.start.astimezone(ZoneInfo("Europe/Vienna")).strftime("%H:%M") == "14:30"
    account = mail_account(garage.store)
    assert account is not None
    assert str(invited["ORGANIZER"]).lower() == f"mailto:{account.address}"
    assert str(invited["ATTENDEE"]).lower() == f"mailto:{MARIA}"
    assert invited["ATTENDEE"].params["RSVP"] == "FALSE"
    move_booking(garage, sandra, booking.id, second)
    assert send_due(garage) == 1
    moved = event_of(newest(servers), "REQUEST")
    assert (moved["UID"], moved.start) == (invited["UID"], second)
    assert int(moved["SEQUENCE"]) > int(invited["SEQUENCE"])
    cancel_by_customer(garage, booking.secret, "")
    assert send_due(garage) == 1
    gone = event_of(newest(servers), "CANCEL")
    assert (gone["UID"], gone["STATUS"]) == (invited["UID"], "CANCELLED")
    assert int(gone["SEQUENCE"]) > int(moved["SEQUENCE"])


def test_a_no_from_the_customers_calendar_is_a_hint_and_starts_no_wait(garage: Shop, servers: MailServers) -> None:
    booking = book(garage, datetime(2026, 10, 27, 9, 0, tzinfo=VIENNA))
    send_due(garage)
    account = mail_account(garage.store)
    assert account is not None
    assert isinstance(garage.clock, FrozenClock)
    servers.put(account.address, calendar_reply(booking.uid, "DECLINED"), at=garage.clock.forward(minutes=5))
    garage.clock.forward(minutes=1)
    fetch_mail(garage)
    assert require_booking(garage.store, booking.id).calendar_answer == "declined"
    inquiry = data.inquiries.read_inquiry(garage.store, booking.inquiry_id)
    assert inquiry is not None
    assert inquiry.waiting_since is None
    assert offering(garage).name == booking.offering_name
