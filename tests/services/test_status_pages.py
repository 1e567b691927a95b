"""The customer's own page: what it shows and never shows, how the inquiry stands, and what they can do there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import data.customers
import data.inquiries
import data.promises
import data.status_pages
from data.records import Actor, Channel, CloseReason, InquiryState, StaffRole
from data.status_pages import StatusPage
from services.answer_times import answer_by_words
from services.closing import close_inquiry, dismiss_inquiry, merge_inquiries, restore_inquiry
from services.errors import InvalidInputError, NotFoundError
from services.ideas import open_ideas, unmark_idea
from services.inquiries import hand_over, lines_of, plan_next_step, require_inquiry
from services.inquiry_form import ask
from services.noting import Outcome, add_note, log_call, note_contact
from services.own_inquiries import OwnInquiry, Standing, add_to_inquiry, ask_for_call, open_own_inquiry
from services.promises import call_windows, promise_callback
from services.ratings import may_rate
from services.replies import forward_inquiry, preview_reply, send_reply, take_back_reply
from services.settings import put_settings, shop_settings
from services.shop import Shop
from services.status_pages import find_page, page_of, status_link
from tests.bookable import at, open_door
from tests.builders import FrozenClock, hire, let_leave, letter, mails_sent, only_inquiry, receive
from tests.services.test_inquiry_form import MARIA, WORDS, form

SECRET_WORDS = "Kanarienvogel"
ANNA = "Anna Muster"


@pytest.fixture
def garage(shop: Shop) -> Shop:
    open_door(shop, public_url="https://kfz-muster.example")
    return shop


@pytest.fixture
def anna(shop: Shop) -> Actor:
    return hire(shop, ANNA, StaffRole.OWNER)


@pytest.fixture
def page(garage: Shop) -> StatusPage:
    return ask(garage, form(name="Maria Hofer"))


def own(shop: Shop, page: StatusPage, secret: str = "") -> OwnInquiry:
    return open_own_inquiry(shop.store, secret or page.secret, shop.now())


def words(shop: Shop, page: StatusPage, secret: str = "") -> list[str]:
    return [line.words for line in own(shop, page, secret).lines]


def reply(shop: Shop, actor: Actor, inquiry_id: int, text: str = "Ja, das geht.", *, leaves: bool = True) -> int:
    version = require_inquiry(shop.store, inquiry_id).version
    key = f"{inquiry_id} {text} {shop.now()}"
    message_id = send_reply(shop, actor, inquiry_id, body=text, seen_version=version, form_key=key)
    if leaves:
        let_leave(shop)
    return message_id


def sent_text(shop: Shop) -> str:
    return mails_sent(shop)[-1].text


def test_it_says_who_takes_care_and_until_when(garage: Shop, page: StatusPage, anna: Actor) -> None:
    assert (own(garage, page).standing, own(garage, page).told, own(garage, page).owner) == ("waiting", at(23, 16), "")
    hand_over(garage, anna, page.inquiry_id, anna.staff_id)
    assert own(garage, page).owner == ANNA
    assert words(garage, page) == [WORDS]


def test_late_it_says_so_and_a_new_time_only_if_a_person_set_one(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    clock.now = at(23, 16)
    assert own(garage, page).standing is Standing.WAITING
    clock.now = at(23, 16, 1)
    late = own(garage, page)
    assert (late.standing, late.told, late.new_time) == (Standing.LATE, at(23, 16), None)
    plan_next_step(garage, anna, page.inquiry_id, SECRET_WORDS, at(24, 10))
    assert own(garage, page).new_time == at(24, 10)
    promise_callback(garage, anna, page.inquiry_id, staff_id=anna.staff_id, phone="0664 1234567", due_at=at(24, 9))
    assert own(garage, page).new_time == at(24, 9)


def test_answered_once_the_server_took_the_answer_and_not_before(garage: Shop, page: StatusPage, anna: Actor) -> None:
    message_id = reply(garage, anna, page.inquiry_id, leaves=False)
    assert (own(garage, page).standing, words(garage, page)) == (Standing.WAITING, [WORDS])
    take_back_reply(garage, anna, message_id)
    reply(garage, anna, page.inquiry_id, "Ja, um 89 Euro.")
    assert [(line.words, line.sealed) for line in own(garage, page).lines] == [(WORDS, False), ("", True)]
    answered = own(garage, page, page.mail_secret)
    assert answered.standing is Standing.ANSWERED
    assert [(line.ours, line.who, line.words) for line in answered.lines] == [
        (False, "", WORDS),
        (True, ANNA, "Ja, um 89 Euro."),
    ]
    assert answered.answer is not None
    assert answered.answer.at == garage.now()


def test_an_answer_that_came_back_was_none(garage: Shop, page: StatusPage, anna: Actor) -> None:
    message_id = reply(garage, anna, page.inquiry_id)
    with garage.store.write() as tx:
        tx.run("UPDATE outbox SET bounced_at = sent_at WHERE message_id = $id", {"id": message_id})
    assert words(garage, page) == [WORDS]


def test_nothing_of_the_shop_itself_is_shown(garage: Shop, page: StatusPage, anna: Actor) -> None:
    ident, inner = page.inquiry_id, SECRET_WORDS
    add_note(garage, anna, ident, inner)
    log_call(garage, anna, ident, words=inner, reached=False)
    forward_inquiry(garage, anna, ident, address="teile@example.org", note=inner, form_key="fwd")
    receive(garage, letter(inner, subject=f"Abwesend [#{ident}]", Auto_Submitted="auto-replied"))
    plan_next_step(garage, anna, ident, inner, None)
    hand_over(garage, anna, ident, None, inner)
    log_call(garage, anna, ident, words=inner, reached=True)
    assert isinstance(garage.clock, FrozenClock)
    garage.clock.forward(seconds=11)  # the same words noted at once are a double tap
    others = note_contact(
        garage, anna, who="Maria Hofer", need=inner, reach=MARIA, channel=Channel.CALL, outcome=Outcome.MESSAGE
    )
    with garage.store.write() as tx:
        data.inquiries.change_inquiry(tx, ident, subject=inner)
    shown = own(garage, page)
    assert [(line.ours, line.kind, line.words) for line in shown.lines] == [
        (False, Channel.FORM, WORDS),
        (True, Channel.CALL, ""),
    ]
    assert inner not in re.sub(r"inquiry=Inquiry\(.*?\), standing", "", repr(shown))
    theirs = _page(garage, others)
    assert [(line.kind, line.words) for line in own(garage, theirs, theirs.mail_secret).lines] == [(Channel.CALL, "")]


def _page(shop: Shop, inquiry_id: int) -> StatusPage:
    with shop.store.write() as tx:
        return page_of(tx, inquiry_id, shop.now())


def test_who_typed_a_known_address_sees_own_words_and_that_there_is_an_answer(garage: Shop, anna: Actor) -> None:
    receive(garage, letter(f"Privat: {SECRET_WORDS}"))
    page = ask(garage, form("stranger"))
    reply(garage, anna, page.inquiry_id, f"Guten Tag Frau Hofer, {SECRET_WORDS}")
    receive(garage, letter(f"Danke, {SECRET_WORDS}", subject=f"Re: Anfrage [#{page.inquiry_id}]"))
    seen = own(garage, page)
    assert [(line.ours, line.words, line.sealed) for line in seen.lines] == [(False, WORDS, False), (True, "", True)]
    assert SECRET_WORDS not in re.sub(r"inquiry=Inquiry\(.*?\), standing", "", repr(seen))
    # The mail went to Maria: her link opens it.
    assert f"So steht Ihre Anfrage: https://kfz-muster.example/s/{page.mail_secret}\n" in sent_text(garage)
    assert words(garage, page, page.mail_secret)[1] == f"Guten Tag Frau Hofer, {SECRET_WORDS}"
    add_to_inquiry(garage, page.mail_secret, f"Ich bin es: {SECRET_WORDS}")
    add_to_inquiry(garage, page.secret, "Und ich der Fremde")
    assert [line for line in words(garage, page) if line] == [WORDS, "Und ich der Fremde"]
    assert words(garage, page, page.mail_secret)[-2:] == [f"Ich bin es: {SECRET_WORDS}", "Und ich der Fremde"]


def test_after_a_merge_each_page_keeps_its_own_words(garage: Shop, page: StatusPage, anna: Actor) -> None:
    other = ask(garage, form("other", mail="erna@example.org", words="Ernas Frage"))
    merge_inquiries(garage, anna, page.inquiry_id, other.inquiry_id)
    assert words(garage, other) == ["Ernas Frage"]
    assert words(garage, page) == [WORDS]
    assert isinstance(garage.clock, FrozenClock)
    garage.clock.forward(minutes=1)
    reply(garage, anna, other.inquiry_id, "Liebe Maria")  # goes to where the inquiry was asked from
    assert words(garage, other) == ["Ernas Frage"]
    assert words(garage, page, page.mail_secret) == [WORDS, "Liebe Maria"]
    assert page.mail_secret in sent_text(garage)
    add_to_inquiry(garage, other.secret, "Und noch etwas")
    assert words(garage, other) == ["Ernas Frage", "Und noch etwas"]
    assert words(garage, page, page.mail_secret) == [WORDS, "Liebe Maria"]
    assert data.inquiries.list_rows(garage.store, states=(InquiryState.OPEN,))[0].contacts_waiting == 1


def test_two_inquiries_of_one_person_become_one_page_after_the_merge(
    garage: Shop, page: StatusPage, anna: Actor
) -> None:
    receive(garage, letter("Die Mail davor"))
    by_mail = garage.store.read("SELECT max(id) FROM inquiry")[0][0]
    merge_inquiries(garage, anna, by_mail, page.inquiry_id)
    assert isinstance(garage.clock, FrozenClock)
    garage.clock.forward(minutes=1)
    reply(garage, anna, by_mail, "Zu beidem: ja.")
    assert words(garage, page, page.mail_secret) == [WORDS, "Zu beidem: ja."]


def test_adding_starts_the_wait_again_and_opens_what_was_closed(
    garage: Shop, page: StatusPage, anna: Actor, clock: FrozenClock
) -> None:
    reply(garage, anna, page.inquiry_id)
    close_inquiry(garage, anna, page.inquiry_id, CloseReason.ANSWERED)
    clock.now = at(24, 9)
    for _ in range(2):  # a second tap says nothing twice
        add_to_inquiry(garage, page.secret, " Noch etwas.\r\n")
    again = own(garage, page)
    assert (again.standing, again.told) == (Standing.WAITING, at(24, 14))
    assert (again.inquiry.waiting_since, again.inquiry.contacts_waiting, again.inquiry.reopened) == (at(24, 9), 1, 1)
    with pytest.raises(InvalidInputError, match="Schreiben Sie kurz"):
        add_to_inquiry(garage, page.secret, " ")


def test_an_idea_is_marked_for_the_staff(garage: Shop, page: StatusPage, anna: Actor) -> None:
    reply(garage, anna, page.inquiry_id)
    add_to_inquiry(garage, page.secret, "Öffnen Sie doch samstags.", idea=True)
    assert "idea" in [event.kind for event in data.inquiries.list_events(garage.store, page.inquiry_id)]
    found = own(garage, page)
    assert (found.standing, found.inquiry.waiting_since) == (Standing.ANSWERED, None)
    assert may_rate(garage.store, page.inquiry_id)
    (idea,) = open_ideas(garage, anna)
    assert (idea.inquiry_id, idea.words) == (page.inquiry_id, "Öffnen Sie doch samstags.")
    unmark_idea(garage, anna, idea.id)
    assert own(garage, page).inquiry.waiting_since == garage.now(), "whoever had no idea waits for an answer"
    assert open_ideas(garage, anna) == []


def test_an_idea_in_a_wait_is_no_second_question(garage: Shop, page: StatusPage, anna: Actor) -> None:
    before = own(garage, page).inquiry
    add_to_inquiry(garage, page.secret, "Öffnen Sie doch samstags.", idea=True)
    after = own(garage, page).inquiry
    assert (after.waiting_since, after.contacts_waiting) == (before.waiting_since, 1)
    assert words(garage, page)[-1] == "Öffnen Sie doch samstags."


def test_what_is_added_before_the_promised_answer_asks_not_again(
    garage: Shop, page: StatusPage, clock: FrozenClock
) -> None:
    def asked() -> tuple[int, int]:
        line = lines_of(garage, [page.inquiry_id])[0]
        return line.row.contacts_waiting, own(garage, page).inquiry.contacts_waiting

    clock.forward(minutes=1)
    add_to_inquiry(garage, page.secret, "Er ist von 2016.")
    ask_for_call(garage, page.secret, "0664 123 45 67", None, "Bitte rufen Sie mich an.")
    assert asked() == (1, 3)
    assert page.answer_by is not None
    clock.now = page.answer_by
    add_to_inquiry(garage, page.secret, "Und?")
    assert asked() == (2, 4)


def test_a_call_is_asked_for_once_and_moved(garage: Shop, page: StatusPage, clock: FrozenClock) -> None:
    with pytest.raises(InvalidInputError, match="Unter welcher Nummer"):
        ask_for_call(garage, page.secret, "", None, "x")
    first, second = call_windows(garage.store, garage.now())[1:3]
    ask_for_call(garage, page.secret, "0664 123 45 67", first.due_at, "Bitte anrufen: eins")
    clock.forward(minutes=1)
    ask_for_call(garage, page.secret, "0664 123 45 67", second.due_at, "Bitte anrufen: zwei")
    promise = own(garage, page).callback
    assert promise is not None
    assert (promise.from_at, promise.due_at, promise.source) == (second.from_at, second.due_at, "status")
    assert len(data.promises.promises_of(garage.store, page.inquiry_id)) == 1
    assert words(garage, page)[1:] == ["Bitte anrufen: eins", "Bitte anrufen: zwei"]
    assert garage.store.read("SELECT kind, address FROM customer_contact") == [("mail", MARIA)]
    # The call that was wished for is the answer: before its time nobody is late.
    clock.now = at(24, 9)
    assert (own(garage, page).standing, own(garage, page).told) == (Standing.WAITING, second.due_at)
    clock.now = second.due_at + timedelta(minutes=1)
    assert own(garage, page).standing is Standing.LATE


def test_put_aside_it_stands_neutral_and_takes_nothing(garage: Shop, page: StatusPage, anna: Actor) -> None:
    dismiss_inquiry(garage, anna, page.inquiry_id, always=False)
    assert own(garage, page).standing is Standing.GONE
    with pytest.raises(NotFoundError):
        add_to_inquiry(garage, page.secret, "Hallo?")
    restore_inquiry(garage, anna, page.inquiry_id)
    assert own(garage, page).standing is Standing.WAITING


def test_closed_without_an_answer_is_just_closed(garage: Shop, page: StatusPage, anna: Actor) -> None:
    close_inquiry(garage, anna, page.inquiry_id, CloseReason.DEALT_WITH)
    assert own(garage, page).standing is Standing.CLOSED


@pytest.mark.parametrize("secret", ["", "x" * 22, "é" * 22, "' OR 1=1", "x" * 5000])
def test_no_other_text_opens_anything(garage: Shop, page: StatusPage, secret: str) -> None:
    assert find_page(garage.store, secret) is None
    with pytest.raises(NotFoundError, match=re.escape("Dieser Link gilt nicht mehr.")):
        open_own_inquiry(garage.store, secret, garage.now())


def test_of_an_erased_customer_the_link_is_dead(garage: Shop, page: StatusPage) -> None:
    with garage.store.write() as tx:
        tx.run("UPDATE customer SET erased_at = $now", {"now": garage.now()})
    assert find_page(garage.store, page.secret) is None
    assert find_page(garage.store, page.mail_secret) is None


def test_looking_changes_nothing(garage: Shop, page: StatusPage) -> None:
    before = garage.store.changes
    own(garage, page)
    assert garage.store.changes == before


def test_only_replies_to_who_has_a_page_carry_its_link(garage: Shop, page: StatusPage, anna: Actor) -> None:
    text = preview_reply(garage, anna, page.inquiry_id, body="Ja.").text
    assert f"\n\n-- \n{ANNA}" in text
    assert text.count(page.mail_secret) == 1
    reply(garage, anna, page.inquiry_id)
    assert f"So steht Ihre Anfrage: https://kfz-muster.example/s/{page.mail_secret}" in sent_text(garage)
    assert words(garage, page, page.mail_secret) == [WORDS, "Ja, das geht."]
    forward_inquiry(garage, anna, page.inquiry_id, address="teile@example.org", note="Bitte", form_key="fwd")
    let_leave(garage)
    assert page.mail_secret not in sent_text(garage)
    with garage.store.write() as tx:
        data.customers.change_customer(tx, _customer(garage), {"form_of_address": "du"})
    assert "So steht Deine Anfrage: " in preview_reply(garage, anna, page.inquiry_id, body="Ja.").text
    with garage.store.write() as tx:
        put_settings(tx, {"public_url": ""}, garage.now())
    assert "Anfrage: " not in preview_reply(garage, anna, page.inquiry_id, body="Ja.").text


def _customer(shop: Shop) -> int:
    return only_inquiry(shop).customer_id


def test_a_page_made_for_a_mail_knows_its_sender_and_is_made_once(garage: Shop) -> None:
    receive(garage, letter())
    inquiry = only_inquiry(garage)
    page = _page(garage, inquiry.id)
    assert (page.mail, page.name, page.answer_by) == (MARIA, "Maria Hofer", at(23, 16))
    assert _page(garage, inquiry.id) == page
    assert status_link(shop_settings(garage.store), page).endswith(f"/s/{page.mail_secret}")
    assert status_link(replace(shop_settings(garage.store), public_url=""), page) == ""


@pytest.mark.parametrize(
    ("moment", "german", "english"),
    [
        (at(23, 15), "heute, 15:00 Uhr", "today, 15:00"),
        (at(30, 11), "Montag, 30. November, 11:00 Uhr", "Monday, 30 November, 11:00"),
        (at(4, 9, 30, month=1, year=2027), "Montag, 4. Jänner 2027, 09:30 Uhr", "Monday, 4 January 2027, 09:30"),
    ],
)
def test_the_time_is_said_with_its_day(garage: Shop, moment: Any, german: str, english: str) -> None:
    settings = shop_settings(garage.store)
    assert answer_by_words(settings, "de", moment, garage.now()) == german
    assert answer_by_words(settings, "en", moment, garage.now()) == english
