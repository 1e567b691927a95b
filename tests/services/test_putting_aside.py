"""What is put aside, for a while or for good: it stays in the figures, and every way leads back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.records import Actor, Channel, CloseReason, InquiryState, MailFate
from services.closing import close_inquiry, dismiss_inquiry, list_dismissed, restore_inquiry
from services.errors import InvalidInputError, NotFoundError
from services.inquiries import list_inquiries, require_inquiry, snooze_inquiry
from services.intake import fetch_mail
from services.noting import Outcome, note_contact
from services.senders import list_ignored_senders
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire, letter, only_inquiry, receive


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler")


def note(shop: Shop, actor: Actor, who: str) -> int:
    call = {"need": "Rückruf wegen Pickerl", "reach": "0512 555 873", "channel": Channel.CALL}
    return note_contact(shop, actor, who=who, **call, outcome=Outcome.MESSAGE)  # type: ignore[arg-type]


def mail_of(shop: Shop, sandra: Actor, **headers: str) -> int:
    """A mail that somebody took for no customer's."""
    connect(shop)
    receive(shop, letter(message_id="<golf@example.org>", **headers))
    return only_inquiry(shop).id


def fates(shop: Shop) -> set[str]:
    return {str(row[0]) for row in shop.store.read("SELECT fate FROM mail")}


def test_who_is_hidden_still_waits_in_the_figure(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    hidden, _seen = note(shop, sandra, "Novak"), note(shop, sandra, "Moser")
    snooze_inquiry(shop, sandra, hidden, shop.now() + timedelta(days=3))
    found = list_inquiries(shop, sandra)
    assert (len(found.waiting), found.waiting_for_us, found.hidden, found.late) == (1, 2, 1, 0)
    clock.forward(days=2)
    assert list_inquiries(shop, sandra).late == 2


def test_a_hidden_one_that_the_customer_owes_an_answer_is_no_wait(shop: Shop, sandra: Actor) -> None:
    ident = note(shop, sandra, "Novak")
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET waiting_since = NULL")
    snooze_inquiry(shop, sandra, ident, shop.now() + timedelta(days=3))
    found = list_inquiries(shop, sandra)
    assert (found.waiting_for_us, found.hidden, len(found.snoozed)) == (0, 0, 1)


@pytest.mark.parametrize("always", [False, True])
def test_what_was_no_inquiry_is_one_again_with_its_old_wait(
    shop: Shop, clock: FrozenClock, sandra: Actor, always: bool
) -> None:
    ident = mail_of(shop, sandra)
    began = require_inquiry(shop.store, ident).waiting_since
    dismiss_inquiry(shop, sandra, ident, always=always)
    clock.forward(hours=2)
    restore_inquiry(shop, sandra, ident)
    back = require_inquiry(shop.store, ident)
    assert (back.state, back.waiting_since) == (InquiryState.OPEN, began)
    assert list_dismissed(shop, sandra) == []
    assert list_ignored_senders(shop, sandra) == []
    assert fates(shop) == {MailFate.MESSAGE}


def test_an_answer_to_what_came_back_joins_it(shop: Shop, sandra: Actor) -> None:
    ident = mail_of(shop, sandra)
    dismiss_inquiry(shop, sandra, ident, always=True)
    restore_inquiry(shop, sandra, ident)
    receive(shop, letter("Und?", subject="Re: Mein Golf", In_Reply_To="<golf@example.org>"))
    assert [line.row.id for line in list_inquiries(shop, sandra).waiting] == [ident]


def test_the_same_mail_read_again_makes_no_second_message(shop: Shop, sandra: Actor) -> None:
    ident = mail_of(shop, sandra)
    dismiss_inquiry(shop, sandra, ident, always=False)
    receive(shop, letter(message_id="<golf@example.org>"))
    restore_inquiry(shop, sandra, ident)
    fetch_mail(shop)
    assert shop.store.read("SELECT count(*) FROM message") == [(1,)]
    assert fates(shop) == {MailFate.MESSAGE, MailFate.DUPLICATE} or fates(shop) == {MailFate.MESSAGE}


def test_a_machines_mail_that_comes_back_is_a_customers(shop: Shop, sandra: Actor) -> None:
    ident = mail_of(shop, sandra, Precedence="bulk", List_Id="<n.example>")
    came = shop.now()
    dismiss_inquiry(shop, sandra, ident, always=False)
    restore_inquiry(shop, sandra, ident)
    back = require_inquiry(shop.store, ident)
    assert (back.state, back.waiting_since) == (InquiryState.OPEN, came)


def test_the_dismissed_of_thirty_days_stand_newest_first(shop: Shop, clock: FrozenClock, sandra: Actor) -> None:
    names = ("Alt", "Novak", "Moser")
    for name in names:
        dismiss_inquiry(shop, sandra, note(shop, sandra, name), always=False)
        clock.forward(days=20)
    assert [row.customer_name for row in list_dismissed(shop, sandra)] == ["Moser"]
    clock.now -= timedelta(days=20)
    assert [row.customer_name for row in list_dismissed(shop, sandra)] == ["Moser", "Novak"]


def test_only_what_was_dismissed_comes_back(shop: Shop, sandra: Actor) -> None:
    ident = note(shop, sandra, "Novak")
    close_inquiry(shop, sandra, ident, CloseReason.DOUBLE)
    restore_inquiry(shop, sandra, ident)
    assert require_inquiry(shop.store, ident).state is InquiryState.CLOSED
    with pytest.raises(NotFoundError):
        restore_inquiry(shop, sandra, 999)


def test_a_closed_one_that_was_dismissed_too_is_open_again(shop: Shop, sandra: Actor) -> None:
    ident = note(shop, sandra, "Novak")
    close_inquiry(shop, sandra, ident, CloseReason.DOUBLE)
    dismiss_inquiry(shop, sandra, ident, always=False)
    restore_inquiry(shop, sandra, ident)
    assert require_inquiry(shop.store, ident).state is InquiryState.OPEN


def test_a_closed_inquiry_is_still_refused_to_be_hidden(shop: Shop, sandra: Actor) -> None:
    ident = note(shop, sandra, "Novak")
    close_inquiry(shop, sandra, ident, CloseReason.DOUBLE)
    with pytest.raises(InvalidInputError):
        snooze_inquiry(shop, sandra, ident, shop.now() + timedelta(hours=1))
