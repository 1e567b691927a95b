"""What the two links of a page open: that of the form its own words, that of our mails everything of one customer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import data.customers
import data.promises
from data.records import Actor, Channel, CloseReason
from data.status_pages import StatusPage
from services.closing import close_inquiry, merge_inquiries
from services.errors import InvalidInputError
from services.inquiries import require_inquiry
from services.inquiry_form import ask
from services.noting import Outcome, log_call, note_contact
from services.own_inquiries import Standing, add_to_inquiry, ask_for_call, owed_until
from services.promises import call_windows, promise_callback
from services.replies import forward_inquiry, preview_reply, send_reply
from services.sending import send_due
from services.shop import Shop
from services.status_pages import page_for_mail
from tests.bookable import at
from tests.builders import FrozenClock, let_leave, letter, only_inquiry, receive
from tests.services.test_inquiry_form import MARIA, form
from tests.services.test_status_pages import anna, garage, own, page, reply, sent_text, words

__all__ = ["anna", "garage", "page"]
SECRET_WORDS = "Kanarienvogel"
NUMBER, OTHER = "+436641234567", "+436999999999"


def calls(shop: Shop, inquiry_id: int) -> list[tuple[str, datetime, str]]:
    return [(call.phone, call.due_at, call.source) for call in data.promises.promises_of(shop.store, inquiry_id)]


def promise(shop: Shop, actor: Actor, inquiry_id: int, phone: str = NUMBER, due_at: datetime | None = None) -> int:
    due = due_at or at(23, 15)
    return promise_callback(shop, actor, inquiry_id, staff_id=0, phone=phone, due_at=due, topic="Rechnung")


def tomorrow(shop: Shop) -> datetime:
    return next(each.due_at for each in call_windows(shop.store, shop.now()) if each.from_at > at(24, 6))


def told_by_phone(shop: Shop, actor: Actor, reach: str) -> int:
    return note_contact(
        shop, actor, who="Maria Hofer", need="Frage", reach=reach, channel=Channel.CALL, outcome=Outcome.MESSAGE
    )


def test_no_link_leads_the_shops_call_to_another_number(garage: Shop, page: StatusPage, anna: Actor) -> None:
    promise(garage, anna, page.inquiry_id)
    ask_for_call(garage, page.secret, "0699 9999999", tomorrow(garage), "Bitte anrufen")
    assert calls(garage, page.inquiry_id) == [
        (NUMBER, at(23, 15), "shop"),
        (OTHER, tomorrow(garage), "status"),
    ]
    assert [call.on_card for call in data.promises.promises_of(garage.store, page.inquiry_id)] == [False, False]


def test_after_a_merge_a_page_moves_only_its_own_call(garage: Shop, page: StatusPage, anna: Actor) -> None:
    receive(garage, letter("Bitte rufen Sie mich an", sender="erna@example.org"))
    other = int(garage.store.read("SELECT max(id) FROM inquiry")[0][0])
    promise(garage, anna, other)
    merge_inquiries(garage, anna, other, page.inquiry_id)
    for phone in ("0699 9999999", "0664 1234567", "0699 9999999"):
        ask_for_call(garage, page.secret, phone, tomorrow(garage), f"Bitte anrufen: {phone}")
    assert calls(garage, other) == [(NUMBER, at(23, 15), "shop"), (OTHER, tomorrow(garage), "status")]


def test_what_the_mails_link_asked_for_the_forms_link_does_not_move(garage: Shop, page: StatusPage) -> None:
    ask_for_call(garage, page.mail_secret, "0664 1234567", tomorrow(garage), "Bitte anrufen")
    ask_for_call(garage, page.secret, "0699 9999999", None, "Bitte gleich anrufen")
    assert (NUMBER, tomorrow(garage), "mail") in calls(garage, page.inquiry_id)
    assert own(garage, page).page.phone == "0699 9999999"
    ask_for_call(garage, page.mail_secret, "0677 7777777", None, "Lieber hier")
    assert own(garage, page).page.phone == "0699 9999999"


def test_a_call_that_the_customer_moved_to_tomorrow_is_not_late_today(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    promise(garage, anna, page.inquiry_id)
    ask_for_call(garage, page.secret, "0664 1234567", tomorrow(garage), "Bitte morgen")
    assert calls(garage, page.inquiry_id) == [(NUMBER, tomorrow(garage), "status")]
    clock.now = at(23, 17)
    assert (own(garage, page).standing, own(garage, page).told) == (Standing.WAITING, tomorrow(garage))


def test_who_types_an_address_that_is_not_known_yet_reads_no_mail_of_it(
    garage: Shop, page: StatusPage, anna: Actor
) -> None:
    reply(garage, anna, page.inquiry_id, f"Liebe Frau Hofer, {SECRET_WORDS}")
    receive(garage, letter(f"Das war nicht ich! {SECRET_WORDS}", subject=f"Re: [#{page.inquiry_id}]"))
    seen = own(garage, page)
    assert [(line.ours, line.sealed) for line in seen.lines] == [(False, False), (True, True)]
    assert SECRET_WORDS not in "".join(words(garage, page))
    assert len(words(garage, page, page.mail_secret)) == 3


def test_of_a_phone_alone_nothing_said_by_the_mails_link_is_shown_to_the_forms(garage: Shop, anna: Actor) -> None:
    told_by_phone(garage, anna, "0664 1234567")
    with garage.store.write() as tx:
        customer = only_inquiry(garage).customer_id
        contact = {"kind": "mail", "address": MARIA, "shown": MARIA}
        data.customers.add_contact(tx, customer, **contact, now=garage.now())
    asked = ask(garage, form(mail="", phone="0664 1234567", words="Fremd"))
    reply(garage, anna, asked.inquiry_id)
    assert asked.mail_secret in sent_text(garage)  # it went to the customer's own address
    add_to_inquiry(garage, asked.mail_secret, SECRET_WORDS)
    assert words(garage, asked) == ["Fremd", ""]
    assert SECRET_WORDS in words(garage, asked, asked.mail_secret)


def test_no_answer_leads_to_the_page_of_somebody_else(garage: Shop, anna: Actor) -> None:
    receive(garage, letter("Frage von B", sender="b@example.org"))
    talk = only_inquiry(garage).id
    other = ask(garage, form(mail="", phone="0664 1234567", words="Privates von P"))
    merge_inquiries(garage, anna, talk, other.inquiry_id)
    reply(garage, anna, talk)
    assert "/s/" not in sent_text(garage)
    assert page_for_mail(garage.store, other.inquiry_id, "b@example.org") is None


def test_no_answer_leads_to_the_page_of_who_was_erased(garage: Shop, page: StatusPage, anna: Actor) -> None:
    receive(garage, letter("Noch eine"))
    talk = int(garage.store.read("SELECT max(id) FROM inquiry")[0][0])
    merge_inquiries(garage, anna, talk, page.inquiry_id)
    assert page_for_mail(garage.store, talk, MARIA) is not None
    with garage.store.write() as tx:
        tx.run("UPDATE customer SET erased_at = $now", {"now": garage.now()})
    assert page_for_mail(garage.store, talk, MARIA) is None


def test_no_third_person_gets_the_link(garage: Shop, page: StatusPage, anna: Actor) -> None:
    reply(garage, anna, page.inquiry_id, "Bitte das Kennzeichen.")
    quoted = "\n".join(f"> {line}" for line in sent_text(garage).splitlines())
    receive(garage, letter(f"W-123\n\nAm Montag schrieb Kfz:\n{quoted}", subject=f"Re: x [#{page.inquiry_id}]"))
    forward_inquiry(garage, anna, page.inquiry_id, address="teile@example.org", note="Bitte", form_key="fwd")
    let_leave(garage)
    assert "W-123" in sent_text(garage)
    assert "So steht Ihre Anfrage: https://kfz-muster.example/s/…\n" in sent_text(garage)
    assert page.mail_secret not in sent_text(garage)


def test_a_copy_to_somebody_else_carries_no_link(garage: Shop, page: StatusPage, anna: Actor) -> None:
    version, copy = require_inquiry(garage.store, page.inquiry_id).version, "versicherung@example.org"
    assert "/s/" not in preview_reply(garage, anna, page.inquiry_id, body="Ja.", cc=copy).text
    send_reply(garage, anna, page.inquiry_id, body="Ja.", cc=copy, seen_version=version, form_key="cc")
    assert let_leave(garage)
    assert "/s/" not in sent_text(garage)


def test_after_a_merge_who_was_not_answered_is_told_that_we_are_late(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    other = ask(garage, form("two", mail="erna@example.org", words="B"))
    merge_inquiries(garage, anna, other.inquiry_id, page.inquiry_id)
    clock.forward(minutes=1)
    reply(garage, anna, other.inquiry_id)
    assert (own(garage, page).standing, own(garage, page).told) == (Standing.WAITING, page.answer_by)
    clock.now = at(25, 10)
    assert (own(garage, page).standing, own(garage, page).told) == (Standing.LATE, page.answer_by)
    close_inquiry(garage, anna, other.inquiry_id, CloseReason.ANSWERED)
    assert own(garage, page).standing is Standing.CLOSED


def test_the_promised_answer_is_owed_until_a_person_gave_it(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    assert owed_until(garage.store, page, garage.now()) == page.answer_by
    log_call(garage, anna, page.inquiry_id, reached=False)
    reply(garage, anna, page.inquiry_id, leaves=False)
    assert owed_until(garage.store, page, garage.now()) == page.answer_by
    clock.forward(minutes=1)
    send_due(garage)
    assert owed_until(garage.store, page, garage.now()) is None
    clock.now = at(24, 8)
    add_to_inquiry(garage, page.secret, "Und die Reifen?")
    assert owed_until(garage.store, page, garage.now()) == at(24, 12)
    log_call(garage, anna, page.inquiry_id, reached=True)
    promise(garage, anna, page.inquiry_id, due_at=at(24, 15))
    assert owed_until(garage.store, page, garage.now()) is None
    clock.now = at(24, 16)
    assert owed_until(garage.store, page, garage.now()) == own(garage, page).told == at(24, 15)


def test_a_late_call_is_what_is_owed_however_far_the_answer_lies_ahead(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    promise(garage, anna, page.inquiry_id, due_at=page.answer_by - timedelta(minutes=20))
    clock.now = page.answer_by - timedelta(minutes=10)
    late = own(garage, page)
    assert (late.standing, late.told) == (Standing.LATE, page.answer_by - timedelta(minutes=20))
    assert owed_until(garage.store, page, garage.now()) == late.told


def test_an_english_page_is_led_to_in_english(garage: Shop, anna: Actor) -> None:
    asked = ask(garage, form(language="en"))
    assert "Where your inquiry stands: https://" in preview_reply(garage, anna, asked.inquiry_id, body="Yes.").text


@pytest.mark.parametrize("phone", ["0900 123456", "+43 900 123456", "0930 123456", "+882 13 300 655"])
def test_no_customer_makes_us_call_a_costly_number(garage: Shop, page: StatusPage, phone: str) -> None:
    with pytest.raises(InvalidInputError, match="Diese Nummer rufen wir nicht an"):
        ask_for_call(garage, page.secret, phone, None, "Bitte anrufen")


def test_a_call_ends_the_wait_on_the_page_of_whoever_gave_a_phone(garage: Shop, anna: Actor) -> None:
    asked = ask(garage, form(mail="", phone="0664 1234567"))
    log_call(garage, anna, asked.inquiry_id, reached=True, words=SECRET_WORDS)
    assert own(garage, asked).standing is Standing.ANSWERED
    assert words(garage, asked)[1:] == [""]
