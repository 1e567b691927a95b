"""A customer's idea: decided by a person, told to the customer, and only then the inquiry can end."""

from __future__ import annotations

import pytest

from data.ideas import CustomerIdea
from data.records import Actor, CloseReason, InquiryState, StaffRole
from data.status_pages import StatusPage
from services.closing import close_inquiry, dismiss_inquiry, merge_inquiries
from services.errors import InvalidInputError, NotFoundError
from services.ideas import (
    Fate,
    decide_idea,
    ideas_of,
    mark_idea,
    note_informed,
    undecide_idea,
    unmark_idea,
)
from services.inquiries import require_inquiry
from services.inquiry_form import ask
from services.noting import log_call
from services.own_inquiries import add_to_inquiry, open_own_inquiry
from services.ready import send_ready
from services.replies import may_close_with, send_again, send_reply, take_back_reply
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, let_leave, letter, only_inquiry, receive
from tests.services.test_inquiry_form import form
from tests.services.test_replies import _bounce as bounce
from tests.services.test_status_pages import reply

WORDS = "Öffnen Sie doch samstags."


@pytest.fixture
def anna(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Anna Muster", StaffRole.OWNER)


@pytest.fixture
def page(shop: Shop, anna: Actor, clock: FrozenClock) -> StatusPage:
    """A page on which somebody left an idea after our answer."""
    made = ask(shop, form(name="Maria Hofer"))
    reply(shop, anna, made.inquiry_id)
    clock.forward(minutes=5)
    add_to_inquiry(shop, made.secret, WORDS, idea=True)
    clock.forward(minutes=5)
    return made


def idea_of(shop: Shop, page: StatusPage) -> CustomerIdea:
    (idea,) = ideas_of(shop.store, page.inquiry_id)
    return idea


def close(shop: Shop, actor: Actor, page: StatusPage, reason: CloseReason = CloseReason.DEALT_WITH) -> None:
    close_inquiry(shop, actor, page.inquiry_id, reason)


def shown(shop: Shop, page: StatusPage) -> list[tuple[str, str]]:
    ideas = open_own_inquiry(shop.store, page.secret, shop.now()).ideas
    return [(idea.fate, idea.why) for idea in ideas if idea.fate]


def test_an_idea_waits_for_a_decision_and_keeps_the_inquiry_open(shop: Shop, anna: Actor, page: StatusPage) -> None:
    assert (idea_of(shop, page).words, idea_of(shop, page).fate) == (WORDS, "")
    assert shown(shop, page) == []
    for reason in (CloseReason.DEALT_WITH, CloseReason.THANKS_ONLY, CloseReason.DOUBLE):
        with pytest.raises(InvalidInputError):
            close(shop, anna, page, reason)
    assert not may_close_with(shop.store, require_inquiry(shop.store, page.inquiry_id))


def test_it_ends_once_the_customer_knows(shop: Shop, anna: Actor, page: StatusPage) -> None:
    idea = idea_of(shop, page)
    with pytest.raises(InvalidInputError):
        note_informed(shop, anna, idea.id)
    decide_idea(shop, anna, idea.id, Fate.DONE)
    with pytest.raises(InvalidInputError):
        close(shop, anna, page)
    note_informed(shop, anna, idea.id)
    assert idea_of(shop, page).informed_at == shop.now()
    close(shop, anna, page)
    assert require_inquiry(shop.store, page.inquiry_id).state is InquiryState.CLOSED


def test_a_reply_that_left_after_the_decision_informs_by_itself(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    reply(shop, anna, page.inquiry_id, "Wir denken darüber nach.")
    clock.forward(minutes=5)
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DONE)
    assert idea_of(shop, page).informed_at is None, "the reply before knew nothing of it"
    clock.forward(minutes=5)
    waiting = reply(shop, anna, page.inquiry_id, "Ab Jänner!", leaves=False)
    assert idea_of(shop, page).informed_at is None, "it has not left"
    take_back_reply(shop, anna, waiting)
    clock.forward(minutes=1)
    reply(shop, anna, page.inquiry_id, "Ab Februar!")
    assert idea_of(shop, page).informed_at is not None
    close(shop, anna, page, CloseReason.ANSWERED)


def test_a_call_that_reached_informs_too(shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock) -> None:
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DONE)
    clock.forward(minutes=1)
    log_call(shop, anna, page.inquiry_id, reached=False)
    assert idea_of(shop, page).informed_at is None
    log_call(shop, anna, page.inquiry_id, reached=True)
    close(shop, anna, page, CloseReason.ANSWERED)


def test_closing_with_the_reply_that_tells_of_it(shop: Shop, anna: Actor, page: StatusPage) -> None:
    def send(key: str) -> int:
        version = require_inquiry(shop.store, page.inquiry_id).version
        return send_reply(
            shop, anna, page.inquiry_id, body="Ab Jänner!", seen_version=version, form_key=key, close=True
        )

    with pytest.raises(InvalidInputError, match="Idee"):
        send("one")
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DONE)
    send("two")
    let_leave(shop)
    assert require_inquiry(shop.store, page.inquiry_id).state is InquiryState.CLOSED
    assert idea_of(shop, page).informed_at


def test_the_customers_page_tells_what_became_of_it(shop: Shop, anna: Actor, page: StatusPage) -> None:
    idea = idea_of(shop, page)
    with pytest.raises(InvalidInputError):
        decide_idea(shop, anna, idea.id, Fate.DECLINED, " ")
    decide_idea(shop, anna, idea.id, Fate.DECLINED, "Samstags ist niemand da")
    assert shown(shop, page) == [("declined", "Samstags ist niemand da")]
    undecide_idea(shop, anna, idea.id)
    assert shown(shop, page) == []
    decide_idea(shop, anna, idea.id, Fate.DONE)
    assert shown(shop, page) == [("done", "")]


def test_what_is_no_idea_holds_up_nothing(shop: Shop, anna: Actor, page: StatusPage) -> None:
    unmark_idea(shop, anna, idea_of(shop, page).id)
    close(shop, anna, page)
    with pytest.raises(NotFoundError):
        decide_idea(shop, anna, 424242, Fate.DONE)


def test_an_inquiry_that_was_none_goes_with_its_idea(shop: Shop, anna: Actor, page: StatusPage) -> None:
    dismiss_inquiry(shop, anna, page.inquiry_id, always=False)
    assert idea_of(shop, page).fate == ""
    assert shown(shop, page) == []


def test_an_idea_by_mail_is_marked_by_hand_once(shop: Shop, anna: Actor) -> None:
    receive(shop, letter("Eine Klingel wäre gut."))
    inquiry = only_inquiry(shop)
    assert mark_idea(shop, anna, inquiry.id) == mark_idea(shop, anna, inquiry.id)
    assert [idea.words.strip() for idea in ideas_of(shop.store, inquiry.id)] == ["Eine Klingel wäre gut."]


def test_it_goes_along_with_a_merge_and_is_told_on_its_own_page_only(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    other = ask(shop, form("another", name="Maria Hofer"))
    clock.forward(minutes=1)
    merge_inquiries(shop, anna, other.inquiry_id, page.inquiry_id)
    (idea,) = ideas_of(shop.store, other.inquiry_id)
    decide_idea(shop, anna, idea.id, Fate.DONE)
    assert shown(shop, page) == [("done", "")]
    assert shown(shop, other) == []


def test_nothing_is_decided_anew_while_the_reply_that_closes_is_on_its_way(
    shop: Shop, anna: Actor, page: StatusPage
) -> None:
    idea = idea_of(shop, page)
    decide_idea(shop, anna, idea.id, Fate.DONE)
    version = require_inquiry(shop.store, page.inquiry_id).version
    send_reply(shop, anna, page.inquiry_id, body="Ab Jänner!", seen_version=version, form_key="one", close=True)
    with pytest.raises(InvalidInputError, match="schließt"):
        undecide_idea(shop, anna, idea.id)
    with pytest.raises(InvalidInputError, match="schließt"):
        decide_idea(shop, anna, idea.id, Fate.DECLINED, "doch nicht")
    let_leave(shop)
    undecide_idea(shop, anna, idea.id)
    assert require_inquiry(shop.store, page.inquiry_id).state is InquiryState.OPEN


def test_an_idea_in_a_closed_inquiry_opens_it(shop: Shop, anna: Actor, page: StatusPage) -> None:
    unmark_idea(shop, anna, idea_of(shop, page).id)
    close(shop, anna, page)
    mark_idea(shop, anna, page.inquiry_id)
    assert require_inquiry(shop.store, page.inquiry_id).state is InquiryState.OPEN


def test_a_decision_that_came_back_opens_the_closed_inquiry(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DONE)
    clock.forward(minutes=1)
    message_id = reply(shop, anna, page.inquiry_id, "Ab Jänner!")
    close(shop, anna, page)
    receive(shop, bounce(shop, message_id, "failed", "5.1.1"))
    assert idea_of(shop, page).informed_at is None
    assert require_inquiry(shop.store, page.inquiry_id).state is InquiryState.OPEN


def test_the_message_that_something_can_be_fetched_tells_of_no_decision(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DECLINED, "kein Platz")
    clock.forward(minutes=1)
    said = {"preis": "49", "ab wann": "sofort", "bis wann": "heute", "oeffnung_heute": "8 bis 17 Uhr"}
    version = require_inquiry(shop.store, page.inquiry_id).version
    send_ready(shop, anna, page.inquiry_id, None, said, seen_version=version, form_key="one")
    let_leave(shop)
    assert idea_of(shop, page).informed_at is None


def test_words_from_before_the_decision_that_leave_late_tell_nothing(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    message_id = reply(shop, anna, page.inquiry_id, "Wir denken nach.", leaves=False)
    with shop.store.write() as tx:
        tx.run("UPDATE outbox SET state = 'failed' WHERE message_id = $id", {"id": message_id})
    clock.forward(minutes=5)
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DECLINED, "nein")
    clock.forward(minutes=1)
    send_again(shop, anna, message_id)
    let_leave(shop)
    assert idea_of(shop, page).informed_at is None


def test_after_a_merge_an_answer_to_another_person_tells_nothing(
    shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock
) -> None:
    other = ask(shop, form("another", name="Peter Privat", mail="peter@example.org"))
    decide_idea(shop, anna, idea_of(shop, page).id, Fate.DECLINED, "niemand da")
    clock.forward(minutes=1)
    reply(shop, anna, other.inquiry_id, "Ihr Auto ist fertig")
    clock.forward(minutes=1)
    merge_inquiries(shop, anna, other.inquiry_id, page.inquiry_id)
    clock.forward(minutes=1)
    reply(shop, anna, other.inquiry_id, "Ihr Auto ist immer noch fertig")
    (idea,) = ideas_of(shop.store, other.inquiry_id)
    assert idea.informed_at is None
    with pytest.raises(InvalidInputError):
        close_inquiry(shop, anna, other.inquiry_id, CloseReason.DEALT_WITH)


def test_thanks_behind_an_idea_are_no_idea(shop: Shop, anna: Actor, page: StatusPage) -> None:
    unmark_idea(shop, anna, idea_of(shop, page).id)
    add_to_inquiry(shop, page.secret, "Danke!")
    mark_idea(shop, anna, page.inquiry_id)
    assert idea_of(shop, page).words == WORDS
