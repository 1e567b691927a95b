"""Promised calls: windows, tries and what comes after them, asked by customers, taken back, and their figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import data.promises
from data.promises import CallOutcome
from data.records import Actor, Channel, CloseReason, InquiryState, MessageRole, StaffRole
from data.report_records import Callbacks
from services import promises
from services.closing import close_inquiry, merge_inquiries
from services.conversations import open_conversation
from services.drafts import offer_template, save_draft
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import hand_over, list_inquiries, require_inquiry
from services.noting import Outcome, log_call, note_contact
from services.rules.call_windows import CallWindow
from services.rules.opening_hours import is_open
from services.settings import holidays_for, put_settings, shop_settings
from services.shop import Shop
from services.staff import deactivate_staff
from services.templates import seed_templates
from services.today import show_today
from tests.builders import FrozenClock, connect, hire, letter, only_inquiry, receive
from tests.services.test_reports import Week, at

NUMBER = "+436645551234"
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
def sandra(shop: Shop, clock: FrozenClock) -> Actor:
    clock.now = at(2, 8)
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def week(shop: Shop, clock: FrozenClock, sandra: Actor) -> Week:
    return Week(shop, clock, sandra)


@pytest.fixture
def talk(week: Week) -> int:
    return week.asks(at(16, 9))


def promise(shop: Shop, who: Actor, inquiry_id: int, **more: object) -> int:
    """A call by noon of Monday the 16th."""
    values = {"staff_id": who.staff_id, "phone": NUMBER, "due_at": at(16, 12), **more}
    return promises.promise_callback(shop, who, inquiry_id, **values)  # type: ignore[arg-type]


def ask(shop: Shop, inquiry_id: int, window: CallWindow | None = None, topic: str = "Preis") -> int:
    """The customer asks for a call on their own page."""
    with shop.store.write() as tx:
        return promises.ask_callback(
            tx, inquiry_id, phone=NUMBER, window=window, topic=topic, source="status", now=shop.now()
        )


def waits(shop: Shop, inquiry_id: int) -> bool:
    return require_inquiry(shop.store, inquiry_id).waiting_since is not None


def only(shop: Shop) -> data.promises.Call:
    (call,) = data.promises.open_promises(shop.store)
    return call


def test_what_a_call_is_about_is_kept_whole_or_refused(shop: Shop, sandra: Actor, talk: int) -> None:
    with pytest.raises(InvalidInputError, match="zu lang"):
        promise(shop, sandra, talk, topic="x" * (promises.TOPIC_LENGTH + 1))
    promise(shop, sandra, talk, topic=" x" * (promises.TOPIC_LENGTH // 2))
    assert len(only(shop).topic) == promises.TOPIC_LENGTH - 2


def test_the_windows_on_offer_follow_the_shops_hours_and_holidays(shop: Shop, week: Week) -> None:
    with shop.store.write() as tx:
        put_settings(tx, {"country": "AT", "region": "9", "closed_on_holidays": True}, shop.now())
    evening = datetime(2026, 12, 7, 17, 50, tzinfo=VIENNA)  # the 8th is a holiday
    offered, settings = promises.call_windows(shop.store, evening), shop_settings(shop.store)
    assert offered[0].from_at.astimezone(VIENNA).day == 9
    assert all(is_open(settings.hours, holidays_for(settings, evening.date()), window.from_at) for window in offered)


def test_a_try_before_the_window_does_not_keep_the_promise(
    shop: Shop,
    week: Week,
    sandra: Actor,
    talk: int,
) -> None:
    ident = promise(shop, sandra, talk, from_at=at(16, 11))
    week.clock.now = at(16, 10)
    again = promises.try_promise(shop, sandra, ident, CallOutcome.MAILBOX)
    assert again == at(16, 11)
    assert (only(shop).tries, only(shop).last_outcome, only(shop).next_try_at) == (1, "mailbox", again)
    assert week.report(at(17, 8)).now.callbacks == Callbacks(kept=0, late=0, open=1, tried=0, reached_first=0)
    week.clock.now = at(16, 11, 5)
    promises.keep_promise(shop, sandra, ident)
    assert week.report(at(17, 8)).now.callbacks == Callbacks(kept=1, late=0, open=0, tried=1, reached_first=0)


def test_a_mailbox_is_no_reaching_at_the_first_try(
    shop: Shop,
    week: Week,
    sandra: Actor,
    talk: int,
) -> None:
    ident = promise(shop, sandra, talk)
    promises.try_promise(shop, sandra, ident, CallOutcome.MAILBOX)
    assert waits(shop, talk)
    promises.keep_promise(shop, sandra, ident)
    assert not waits(shop, talk)
    assert week.report(at(17, 8)).now.callbacks == Callbacks(kept=1, late=0, open=0, tried=1, reached_first=0)


def test_a_tried_promise_stays_open_past_its_time(shop: Shop, week: Week, sandra: Actor, talk: int) -> None:
    promises.try_promise(shop, sandra, promise(shop, sandra, talk))
    week.clock.now = at(17, 9)
    queue = promises.call_queue(shop, sandra)
    assert (len(queue.today), queue.later, queue.late) == (1, [], 1)


def test_the_queue_has_what_can_be_called_at_once_before_what_is_planned(
    shop: Shop,
    week: Week,
    sandra: Actor,
) -> None:
    talks = [week.asks(at(16, 9, minute)) for minute in range(4)]
    tried, late, soon = (promise(shop, sandra, one) for one in talks[:3])
    later = promise(shop, sandra, talks[3], due_at=at(18, 9))
    promises.move_promise(shop, sandra, soon, at(16, 17))
    week.clock.now = at(16, 13)
    promises.try_promise(shop, sandra, tried)
    queue = promises.call_queue(shop, sandra)
    assert [call.id for call in queue.today] == [late, tried, soon]
    assert [call.id for call in queue.later] == [later]
    assert show_today(shop, sandra).calls == 4


def test_who_was_not_reached_after_all_waits_as_before(shop: Shop, week: Week, sandra: Actor, talk: int) -> None:
    since, ident = require_inquiry(shop.store, talk).waiting_since, promise(shop, sandra, talk)
    week.clock.now = at(16, 10)
    promises.keep_promise(shop, sandra, ident)
    assert [call.id for call in promises.just_kept(shop, talk)] == [ident]
    week.clock.now = at(16, 10, 1)
    assert promises.undo_reached(shop, sandra, ident) > shop.now()
    inquiry = require_inquiry(shop.store, talk)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (since, None)
    assert (only(shop).tries, only(shop).last_outcome, promises.just_kept(shop, talk)) == (1, "not_reached", [])
    assert open_conversation(shop, sandra, talk).messages[-1].role is MessageRole.ATTEMPT
    assert week.report(at(17, 8)).now.callbacks == Callbacks(kept=1, late=0, open=0, tried=1, reached_first=0)
    with pytest.raises(NotFoundError):
        promises.undo_reached(shop, sandra, ident)


@pytest.mark.parametrize("how", ["closed", "old"])
def test_what_others_relied_on_is_not_taken_back(
    shop: Shop,
    week: Week,
    sandra: Actor,
    talk: int,
    how: str,
) -> None:
    ident = promise(shop, sandra, talk)
    promises.keep_promise(shop, sandra, ident)
    if how == "closed":
        close_inquiry(shop, sandra, talk, CloseReason.ANSWERED)
    else:
        week.clock.now = at(17, 12)
    with pytest.raises(InvalidInputError):
        promises.undo_reached(shop, sandra, ident)
    assert not waits(shop, talk)


def test_a_noted_call_that_was_the_promised_one_can_be_taken_back_too(shop: Shop, sandra: Actor, talk: int) -> None:
    ident = promise(shop, sandra, talk)
    log_call(shop, sandra, talk, reached=True, words="Alles klar.", as_promised=True)
    promises.undo_reached(shop, sandra, ident)
    assert waits(shop, talk)


def test_all_that_one_call_kept_is_taken_back_together(shop: Shop, sandra: Actor, talk: int) -> None:
    both = {promise(shop, sandra, talk), promise(shop, sandra, talk, due_at=at(17, 10))}
    log_call(shop, sandra, talk, reached=True, as_promised=True)
    promises.undo_reached(shop, sandra, min(both))
    assert {call.id for call in data.promises.open_promises(shop.store)} == both
    assert promises.just_kept(shop, talk) == []
    assert waits(shop, talk)


def test_a_second_tap_is_the_same_call(shop: Shop, week: Week, sandra: Actor, talk: int) -> None:
    ident = promise(shop, sandra, talk)
    again = promises.try_promise(shop, sandra, ident)
    assert promises.try_promise(shop, sandra, ident, CallOutcome.MAILBOX) == again
    assert (only(shop).tries, only(shop).last_outcome) == (1, "mailbox")
    week.clock.forward(seconds=11)
    promises.try_promise(shop, sandra, ident)
    assert only(shop).tries == 2


def test_who_reaches_somebody_takes_care_of_an_inquiry_of_nobody(shop: Shop, sandra: Actor, talk: int) -> None:
    hand_over(shop, sandra, talk, None)
    promises.keep_promise(shop, sandra, promise(shop, sandra, talk, staff_id=promises.ANYBODY))
    assert require_inquiry(shop.store, talk).owner_id == sandra.staff_id


def test_a_noted_callback_needs_a_window_that_ends_after_it_begins(shop: Shop, sandra: Actor, week: Week) -> None:
    week.clock.now = at(16, 9)
    with pytest.raises(InvalidInputError):
        note_contact(
            shop, sandra, who="X", need="y", reach=NUMBER, channel=Channel.CALL, outcome=Outcome.WE_CALL,
            promise_at=at(16, 12), promise_from=at(16, 15),
        )  # fmt: skip


def test_withdrawing_needs_a_reason_and_leaves_the_clock(shop: Shop, sandra: Actor, talk: int) -> None:
    ident = promise(shop, sandra, talk)
    with pytest.raises(InvalidInputError):
        promises.withdraw_promise(shop, sandra, ident, " \n")
    promises.withdraw_promise(shop, sandra, ident, "Kommt selbst vorbei")
    assert data.promises.open_promises(shop.store) == []
    assert waits(shop, talk)
    note = open_conversation(shop, sandra, talk).messages[-1]
    assert (note.role, note.body) == (MessageRole.NOTE, "Kommt selbst vorbei")
    with pytest.raises(NotFoundError):
        promises.try_promise(shop, sandra, ident)


@pytest.mark.parametrize(("begin", "due"), [(at(16, 12), at(16, 12)), (None, at(16, 9))])
def test_a_window_must_end_after_it_begins_and_after_now(
    shop: Shop,
    sandra: Actor,
    talk: int,
    begin: datetime | None,
    due: datetime,
) -> None:
    with pytest.raises(InvalidInputError):
        promise(shop, sandra, talk, from_at=begin, due_at=due)


def test_a_customer_who_asks_is_called_by_whoever_is_free_or_by_the_owner_of_the_inquiry(
    shop: Shop,
    week: Week,
    sandra: Actor,
    talk: int,
) -> None:
    hand_over(shop, sandra, talk, None)
    ask(shop, talk)
    call = only(shop)
    assert (call.staff_id, call.staff_name, call.source, call.from_at) == (0, "", "status", None)
    assert call.due_at == at(16, 14)  # when the goal of four hours ends, across lunch
    other = week.asks(at(16, 9, 5))
    hand_over(shop, sandra, other, sandra.staff_id)
    ask(shop, other)
    assert [one.staff_id for one in data.promises.promises_of(shop.store, other)] == [sandra.staff_id]


def test_asking_again_moves_the_call_instead_of_doubling_it(shop: Shop, week: Week, sandra: Actor, talk: int) -> None:
    ident = promise(shop, sandra, talk, topic="Rechnung")
    promises.try_promise(shop, sandra, ident)
    window = CallWindow(at(17, 8), at(17, 12))
    assert ask(shop, talk, window, "  ") == ident
    assert only(shop).source == "status"
    call = only(shop)
    assert (call.from_at, call.due_at, call.phone, call.topic) == (window.from_at, window.due_at, NUMBER, "Rechnung")
    assert (call.tries, call.next_try_at) == (1, None)
    week.clock.now = at(17, 9)
    promises.keep_promise(shop, sandra, ident)
    assert week.report(at(18, 8)).now.callbacks == Callbacks(kept=1, late=0, open=0, tried=1, reached_first=0)


def test_who_tries_a_call_of_nobody_goes_on_with_it(shop: Shop, sandra: Actor, talk: int) -> None:
    ident = promise(shop, sandra, talk, staff_id=promises.ANYBODY)
    assert only(shop).staff_name == ""
    amir = hire(shop, "Amir")
    deactivate_staff(shop, sandra, hire(shop, "Lukas").staff_id)  # inherits nothing of what is nobody's
    assert only(shop).staff_id == promises.ANYBODY
    promises.try_promise(shop, amir, ident)
    assert only(shop).staff_name == "Amir"


def test_a_merged_inquiry_brings_its_promises_and_tries_along(shop: Shop, week: Week, sandra: Actor) -> None:
    first, second = week.asks(at(16, 9)), week.asks(at(16, 9, 1))
    ident = promise(shop, sandra, second)
    promises.try_promise(shop, sandra, ident, CallOutcome.MAILBOX)
    merge_inquiries(shop, sandra, first, second)
    call = only(shop)
    assert (call.inquiry_id, call.tries, call.last_outcome) == (first, 1, "mailbox")
    promises.keep_promise(shop, sandra, ident)
    assert not waits(shop, first)
    promises.undo_reached(shop, sandra, ident)
    assert waits(shop, first)


def test_the_letter_about_a_missed_call_knows_both_times_and_spares_a_draft(shop: Shop, clock: FrozenClock) -> None:
    amir = hire(shop, "Amir Hodžić", StaffRole.OWNER)
    connect(shop)
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "kfz")
    receive(shop, letter())
    talk = only_inquiry(shop)
    ident = promises.promise_callback(
        shop, amir, talk.id, staff_id=promises.ANYBODY, phone=NUMBER, due_at=shop.now() + timedelta(minutes=30)
    )
    promises.try_promise(shop, amir, ident)
    due = only(shop).due_at.astimezone(VIENNA)
    assert only(shop).has_mail
    tried = shop.now().astimezone(VIENNA)
    assert offer_template(shop, amir, talk.id, "V8b")
    draft = open_conversation(shop, amir, talk.id).draft
    assert draft is not None
    assert f"heute um {tried.hour}:{tried:%M} Uhr versucht und niemanden erreicht." in draft.body
    assert f", {due.hour}:{due:%M} Uhr.\n" in draft.body
    assert "{" not in draft.body
    save_draft(shop, amir, talk.id, body="Schon begonnen", subject="", cc="", seen_version=talk.version)
    assert offer_template(shop, amir, talk.id, "V8b") == 0
    assert replace(draft, body="Schon begonnen").body == open_conversation(shop, amir, talk.id).draft.body  # type: ignore[union-attr]


def test_the_letter_after_a_mailbox_says_so_and_names_no_minute(shop: Shop, clock: FrozenClock) -> None:
    amir = hire(shop, "Amir Hodžić", StaffRole.OWNER)
    connect(shop)
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "kfz")
    receive(shop, letter())
    talk, due = only_inquiry(shop), shop.now() + timedelta(minutes=30)
    ident = promises.promise_callback(shop, amir, talk.id, staff_id=promises.ANYBODY, phone=NUMBER, due_at=due)
    clock.forward(hours=7)
    planned = promises.try_promise(shop, amir, ident, CallOutcome.MAILBOX).astimezone(VIENNA)
    assert offer_template(shop, amir, talk.id, "V8b")
    talked = open_conversation(shop, amir, talk.id)
    assert talked.draft is not None
    assert "Uhr versucht und auf die Mailbox gesprochen." in talked.draft.body
    assert f", {planned.hour}:{planned:%M} Uhr" not in talked.draft.body
    assert f", {planned.hour + 2}:{planned:%M} Uhr.\n" in talked.draft.body
    assert talked.on_mailbox == {talked.messages[-1].id}


def test_who_asks_again_comes_before_others_of_the_same_urgency(shop: Shop, week: Week, sandra: Actor) -> None:
    week.clock.now = at(16, 9)
    receive(shop, letter("Wann ist er fertig?", message_id="<1@example.org>"), at=at(16, 9))
    asked, older = only_inquiry(shop).id, week.asks(at(16, 8, 30))
    week.clock.now = at(16, 10)
    assert [line.row.id for line in list_inquiries(shop, sandra).waiting] == [older, asked]
    since = require_inquiry(shop.store, asked).waiting_since
    again = letter("Und?", message_id="<2@example.org>", In_Reply_To="<1@example.org>")
    receive(shop, again, at=at(16, 9, 30))
    lines = list_inquiries(shop, sandra).waiting
    assert (lines[0].row.id, lines[0].row.waiting_since) == (asked, since)
    week.clock.now = at(16, 13, 45)  # the older one is past its goal, the other not yet
    assert [line.row.id for line in list_inquiries(shop, sandra).waiting] == [older, asked]
    assert require_inquiry(shop.store, asked).state is InquiryState.OPEN
