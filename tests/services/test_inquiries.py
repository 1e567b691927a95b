"""What people do with an inquiry, and what it does to the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import data.messages
from data.records import Channel, CloseReason, InquiryState, MessageRole, StaffRole
from services.closing import close_earlier, close_inquiry, merge_inquiries, reopen_inquiry
from services.conversations import open_conversation
from services.customers import change_customer
from services.drafts import save_draft
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import Who, hand_over, list_inquiries, plan_next_step, require_inquiry, snooze_inquiry
from services.intake import fetch_mail
from services.noting import Outcome, add_note, log_call, note_contact
from services.promises import keep_promise, list_promises, promise_callback, try_promise
from services.rules.waiting import Urgency
from services.shop import Shop
from services.staff import deactivate_staff
from tests.builders import FrozenClock, connect, hire, letter, mailbox_of, receive


def _note(shop: Shop, who: str = "Hr. Novak", outcome: Outcome = Outcome.MESSAGE, **more: object) -> int:
    actor = hire(shop, "Sandra Kofler")
    return note_contact(
        shop,
        actor,
        who=who,
        need="Rückruf wegen Pickerl",
        reach="0512 555 873",
        channel=Channel.CALL,
        outcome=outcome,
        **more,  # type: ignore[arg-type]
    )


def test_a_message_taken_at_the_counter_starts_the_clock(shop: Shop) -> None:
    inquiry = require_inquiry(shop.store, _note(shop))
    assert (inquiry.waiting_since, inquiry.state) == (shop.now(), InquiryState.OPEN)


def test_a_settled_call_has_no_wait_and_no_first_response(shop: Shop) -> None:
    inquiry = require_inquiry(shop.store, _note(shop, outcome=Outcome.SETTLED))
    assert (inquiry.waiting_since, inquiry.first_response_at, inquiry.state) == (None, None, InquiryState.CLOSED)


def test_we_call_back_starts_the_clock_and_promises(shop: Shop) -> None:
    due = shop.now() + timedelta(hours=2)
    inquiry = require_inquiry(shop.store, _note(shop, outcome=Outcome.WE_CALL, promise_at=due))
    promise = list_promises(shop, hire(shop, "Amir"), shop.now() + timedelta(days=1))[0]
    assert (promise.due_at, promise.phone, promise.inquiry_id) == (due, "+43512555873", inquiry.id)
    assert inquiry.waiting_since == shop.now()


def test_a_promise_needs_a_time_in_the_future(shop: Shop) -> None:
    with pytest.raises(InvalidInputError):
        _note(shop, outcome=Outcome.WE_CALL, promise_at=shop.now() - timedelta(minutes=1))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 0


def test_a_noted_name_is_one_line_that_turns_no_reading_direction(shop: Shop) -> None:
    _note(shop, "Maria\u202e\x07\n Hofer")
    (line,) = list_inquiries(shop, hire(shop, "Amir")).waiting
    assert line.row.customer_name == "Maria Hofer"


@pytest.mark.parametrize("field", ["who", "reach"])
def test_a_name_that_is_too_long_is_refused_and_never_cut(shop: Shop, field: str) -> None:
    sandra = hire(shop, "Sandra Kofler", StaffRole.OWNER)
    said = {"who": "Maria", "need": "Bremse", "reach": "", field: "Ö" * 10_000}
    with pytest.raises(InvalidInputError, match="zu lang"):
        note_contact(shop, sandra, channel=Channel.CALL, outcome=Outcome.MESSAGE, **said)  # type: ignore[arg-type]


def test_a_broken_promise_goes_to_the_top_and_is_late(shop: Shop, clock: FrozenClock) -> None:
    _note(shop, "Erste")
    clock.forward(minutes=10)
    _note(shop, "Zweite", Outcome.WE_CALL, promise_at=shop.now() + timedelta(minutes=5))
    clock.forward(minutes=6)
    lines = list_inquiries(shop, hire(shop, "Amir")).waiting
    assert [line.row.customer_name for line in lines] == ["Zweite", "Erste"]
    assert lines[0].urgency == Urgency.LATE


def test_a_call_that_did_not_reach_ends_nothing(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    log_call(shop, amir, inquiry_id, reached=False)
    assert require_inquiry(shop.store, inquiry_id).waiting_since is not None
    log_call(shop, amir, inquiry_id, reached=True, words="Passt Dienstag.")
    assert require_inquiry(shop.store, inquiry_id).waiting_since is None


def test_a_kept_promise_ends_the_wait_a_tried_one_does_not(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    promise = promise_callback(
        shop, amir, inquiry_id, staff_id=amir.staff_id, phone="0664 1234567", due_at=shop.now() + timedelta(hours=1)
    )
    try_promise(shop, amir, promise)
    assert require_inquiry(shop.store, inquiry_id).waiting_since is not None
    keep_promise(shop, amir, promise)
    assert require_inquiry(shop.store, inquiry_id).waiting_since is None
    with pytest.raises(NotFoundError):
        keep_promise(shop, amir, promise)


def test_a_noted_call_keeps_the_promised_callback_only_if_it_was_that_call(shop: Shop) -> None:
    inquiry_id, amir, soon = _note(shop), hire(shop, "Amir"), shop.now() + timedelta(hours=1)
    promise_callback(shop, amir, inquiry_id, staff_id=amir.staff_id, phone="0664 1234567", due_at=soon)
    log_call(shop, amir, inquiry_id, reached=True, words="Nur eine Frage zum Modell.")
    log_call(shop, amir, inquiry_id, reached=False, as_promised=True)
    assert [promise.tries for promise in list_promises(shop, amir, soon + timedelta(hours=1))] == [1]
    log_call(shop, amir, inquiry_id, reached=True, as_promised=True)
    assert list_promises(shop, amir, soon + timedelta(hours=1)) == []


def test_a_next_step_is_not_planned_for_a_time_that_is_past(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    with pytest.raises(InvalidInputError, match="vorbei"):
        plan_next_step(shop, amir, inquiry_id, "Lager fragen", shop.now() - timedelta(minutes=1))
    assert require_inquiry(shop.store, inquiry_id).next_step == ""


def test_a_next_step_of_too_many_words_is_refused_and_not_cut(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    with pytest.raises(InvalidInputError, match="Das ist zu lang"):
        plan_next_step(shop, amir, inquiry_id, "Lager " * 21, None)
    assert require_inquiry(shop.store, inquiry_id).next_step == ""


def test_a_closed_inquiry_cannot_be_put_off(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    close_inquiry(shop, amir, inquiry_id, CloseReason.DOUBLE)
    with pytest.raises(InvalidInputError, match="geschlossen"):
        snooze_inquiry(shop, amir, inquiry_id, shop.now() + timedelta(days=1))


def test_who_leaves_the_team_leaves_no_inquiry_and_no_promise_behind(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    sandra = hire(shop, "Sandra", StaffRole.OWNER)
    soon = shop.now() + timedelta(hours=1)
    promise_callback(shop, amir, inquiry_id, staff_id=amir.staff_id, phone="0664 1234567", due_at=soon)
    deactivate_staff(shop, sandra, amir.staff_id)
    assert require_inquiry(shop.store, inquiry_id).owner_id is None
    assert [p.staff_id for p in list_promises(shop, sandra, soon + timedelta(hours=1))] == [sandra.staff_id]


def test_notes_handing_over_planning_and_snoozing_leave_the_clock_alone(shop: Shop, clock: FrozenClock) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    since = require_inquiry(shop.store, inquiry_id).waiting_since
    clock.forward(hours=1)
    add_note(shop, amir, inquiry_id, "Teil ist da.")
    hand_over(shop, amir, inquiry_id, amir.staff_id, "Machst du?")
    plan_next_step(shop, amir, inquiry_id, "Lager fragen", shop.now() + timedelta(hours=1))
    snooze_inquiry(shop, amir, inquiry_id, shop.now() + timedelta(hours=2))
    after = require_inquiry(shop.store, inquiry_id)
    assert (after.waiting_since, after.owner_id, after.next_step) == (since, amir.staff_id, "Lager fragen")


def test_closing_as_answered_is_refused_while_somebody_waits(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    with pytest.raises(InvalidInputError, match="wartet noch jemand"):
        close_inquiry(shop, amir, inquiry_id, CloseReason.ANSWERED)
    close_inquiry(shop, amir, inquiry_id, CloseReason.DOUBLE)
    assert require_inquiry(shop.store, inquiry_id).first_response_at is None


def test_reopening_gives_the_wait_back(shop: Shop, clock: FrozenClock) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    since = require_inquiry(shop.store, inquiry_id).waiting_since
    clock.forward(hours=3)
    close_inquiry(shop, amir, inquiry_id, CloseReason.DEALT_WITH)
    reopen_inquiry(shop, amir, inquiry_id)
    assert require_inquiry(shop.store, inquiry_id).waiting_since == since


def test_merging_keeps_the_older_wait_even_if_the_other_was_answered(shop: Shop, clock: FrozenClock) -> None:
    first, amir = _note(shop), hire(shop, "Amir")
    since = require_inquiry(shop.store, first).waiting_since
    clock.forward(hours=1)
    second = _note(shop, "Hr. Novak")
    log_call(shop, amir, second, reached=True)
    merge_inquiries(shop, amir, second, first)
    assert require_inquiry(shop.store, first).id == second
    assert require_inquiry(shop.store, second).waiting_since == since


def test_a_chain_of_merges_leads_to_the_last(shop: Shop, clock: FrozenClock) -> None:
    amir, ids = hire(shop, "Amir"), []
    for who in ("A", "B", "C"):
        ids.append(_note(shop, who))
        clock.forward(minutes=1)
    merge_inquiries(shop, amir, ids[1], ids[0])
    merge_inquiries(shop, amir, ids[2], ids[1])
    assert {require_inquiry(shop.store, each).id for each in ids} == {ids[2]}
    assert require_inquiry(shop.store, ids[0]).contacts_waiting == 3


def test_merging_keeps_drafts_the_owner_and_wakes_what_waits(shop: Shop, clock: FrozenClock) -> None:
    amir, first = hire(shop, "Amir"), _note(shop)
    clock.forward(minutes=1)
    second = _note(shop)
    for number, inquiry_id in enumerate((first, second)):
        save_draft(shop, amir, inquiry_id, body=f"Text {number}", subject="", cc="", seen_version=1)
    hand_over(shop, amir, second, None)
    snooze_inquiry(shop, amir, second, shop.now() + timedelta(days=1))
    merge_inquiries(shop, amir, second, first)
    merged = open_conversation(shop, amir, second)
    assert merged.draft is not None
    assert merged.draft.body == "Text 1\n\nText 0"
    assert (merged.inquiry.owner_id is not None, merged.inquiry.snoozed_until_at) == (True, None)


def test_merging_two_that_do_not_wait_starts_no_wait(shop: Shop, clock: FrozenClock) -> None:
    amir, first = hire(shop, "Amir"), _note(shop)
    close_inquiry(shop, amir, first, CloseReason.DEALT_WITH)
    reopen_inquiry(shop, amir, first)
    clock.forward(minutes=1)
    log_call(shop, amir, first, reached=True)
    second = _note(shop)
    log_call(shop, amir, second, reached=True)
    merge_inquiries(shop, amir, second, first)
    assert require_inquiry(shop.store, second).waiting_since is None


def test_friday_evening_to_monday_morning_is_half_an_hour(shop: Shop, clock: FrozenClock) -> None:
    clock.now = datetime(2026, 11, 20, 16, 50, tzinfo=UTC)  # Friday 17:50 in Vienna, closes 18:00
    connect(shop)
    receive(shop, letter(), at=clock.now)
    clock.now = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)  # Monday 8:20, opens 8:00
    line = list_inquiries(shop, hire(shop, "Amir")).waiting[0]
    assert line.business_minutes == 30
    assert line.wall_minutes == 62 * 60 + 30


def test_more_newsletters_than_fit_hide_nobody_who_waits(shop: Shop) -> None:
    connect(shop)
    _note(shop)
    for number in range(210):
        bulk = letter("Aktion", sender=f"n{number}@example.net", Precedence="bulk", message_id=f"<n{number}@x.example>")
        mailbox_of(shop).put(bulk, shop.now())
    fetch_mail(shop)
    found = list_inquiries(shop, hire(shop, "Amir"))
    assert (len(found.waiting), len(found.machine)) == (1, 200)


def test_a_double_tap_notes_once(shop: Shop) -> None:
    amir = hire(shop, "Amir")
    said = {"who": "Novak", "need": "Pickerl", "reach": "", "channel": Channel.CALL, "outcome": Outcome.MESSAGE}
    assert note_contact(shop, amir, **said) == note_contact(shop, amir, **said)  # type: ignore[arg-type]


def test_the_same_words_for_another_customer_are_another_inquiry(shop: Shop) -> None:
    amir = hire(shop, "Amir")
    said = {"need": "Bitte um Rückruf", "reach": "", "channel": Channel.CALL, "outcome": Outcome.MESSAGE}
    first = note_contact(shop, amir, who="Novak", **said)  # type: ignore[arg-type]
    add_note(shop, amir, first, "Reifen")
    ids = {first, note_contact(shop, amir, who="Huber", **said)}  # type: ignore[arg-type]
    ids.add(note_contact(shop, amir, who="Novak", **{**said, "need": "Reifen"}))  # type: ignore[arg-type]
    assert len(ids) == 3


def test_a_callback_needs_a_number_and_somebody_who_works_here(shop: Shop) -> None:
    amir, later = hire(shop, "Amir"), shop.now() + timedelta(hours=1)
    said = {"who": "Novak", "need": "Pickerl", "channel": Channel.CALL, "outcome": Outcome.WE_CALL, "promise_at": later}
    with pytest.raises(InvalidInputError, match="Telefonnummer"):
        note_contact(shop, amir, reach="", **said)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        note_contact(shop, amir, reach="0512 555 873", promise_staff_id=99_999, **said)  # type: ignore[arg-type]


def test_the_search_finds_a_number_after_a_rename_and_the_words_of_a_call(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    customer = require_inquiry(shop.store, inquiry_id).customer_id
    change_customer(
        shop, amir, customer, name="Josef Novak", salutation="herr", title="", form_of_address="sie", note=""
    )
    log_call(shop, amir, inquiry_id, reached=False, words="Mailbox besprochen")
    for words in ("555873", "josef", "besprochen"):
        assert len(list_inquiries(shop, amir, words=words).waiting) == 1


def test_the_filters_show_mine_and_nobodys(shop: Shop) -> None:
    inquiry_id, amir = _note(shop), hire(shop, "Amir")
    assert not list_inquiries(shop, amir, who=Who.MINE).waiting
    hand_over(shop, amir, inquiry_id, None)
    assert len(list_inquiries(shop, amir, who=Who.UNOWNED).waiting) == 1
    assert not list_inquiries(shop, amir, channel="mail").waiting


@pytest.mark.parametrize("words", ["Müller", "mueller", "MÜLLER", "pickerl müller", "rückruf"])
def test_the_search_finds_every_spelling(shop: Shop, words: str) -> None:
    _note(shop, "Jürgen Müller")
    assert len(list_inquiries(shop, hire(shop, "Amir"), words=words).waiting) == 1


def test_the_search_finds_closed_ones_apart(shop: Shop) -> None:
    _note(shop, "Elena Winkler", Outcome.SETTLED)
    found = list_inquiries(shop, hire(shop, "Amir"), words="winkler")
    assert (len(found.found), len(found.waiting)) == (1, 0)


def test_all_earlier_ones_are_closed_at_once(shop: Shop) -> None:
    connect(shop)
    receive(shop, letter(), at=shop.now() - timedelta(days=5))
    assert close_earlier(shop, hire(shop, "Amir")) == 1
    assert not list_inquiries(shop, hire(shop, "Eva")).earlier


def test_an_empty_note_and_a_missing_inquiry_are_refused_with_a_sentence(shop: Shop) -> None:
    amir = hire(shop, "Amir")
    with pytest.raises(InvalidInputError):
        add_note(shop, amir, _note(shop), "  ")
    with pytest.raises(NotFoundError, match="nicht mehr"):
        add_note(shop, amir, 999, "x")


def test_a_note_is_kept_as_written(shop: Shop) -> None:
    inquiry_id = _note(shop)
    add_note(shop, hire(shop, "Amir"), inquiry_id, "![](http://x) {{7*7}} <b>")
    note = data.messages.list_messages(shop.store, inquiry_id)[-1]
    assert (note.role, note.body) == (MessageRole.NOTE, "![](http://x) {{7*7}} <b>")
