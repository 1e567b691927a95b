"""The news of a wish: to the right person, in the right conversation, once, and never undone by a second tab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

import data.messages
import data.outbox
import data.promises
import data.report_wishes
from data.records import Actor, OutboxState
from data.report_records import Share, WishFunnel
from data.templates import list_templates
from data.wishes import WishState
from services import arrivals
from services.arrivals import Arrival, find_waiting, note_told, tell_waiting, usual_hold
from services.closing import dismiss_inquiry, merge_inquiries, restore_inquiry
from services.drafts import offer_template
from services.errors import MailProblemError, TakenError
from services.inquiries import require_inquiry
from services.merging import merge_customers, unmerge_customers
from services.privacy import plan_erasure
from services.replies import send_again, send_reply
from services.rules.periods import OWN, Period
from services.rules.wish_matching import Article
from services.settings import put_settings, shop_settings
from services.shop import Shop
from services.tally import view_of
from services.wishes import (
    NewWish,
    Offered,
    count_to_decide,
    decline_wish,
    extend_wish,
    fulfil_wish,
    lapse_wishes,
    note_wish,
    reopen_wish,
    show_wishes,
    withdraw_wish,
)
from tests.builders import FrozenClock, let_leave, letter, mails_sent, only_inquiry, receive
from tests.services.test_wishes import HELD, TODAY, UNTIL, amir, now_is, tell, wish

__all__ = ["amir"]
JEANS = Article("Jeans", "128")
ANNA = "Anna Alt <anna@example.org>"


def ask(shop: Shop, actor: Actor, sender: str = ANNA, words: str = "Jeans") -> tuple[int, int]:
    """Somebody asks by mail and their wish is noted: (inquiry, wish)."""
    receive(shop, letter(f"{words} 128?", sender=sender, subject=words))
    ident = int(shop.store.read("SELECT max(id) FROM inquiry")[0][0])
    return ident, note_wish(shop, actor, NewWish(words, UNTIL, "128", inquiry_id=ident)).wish_id


def sent(shop: Shop) -> list[str]:
    return [mail.recipient for mail in mails_sent(shop)]


def figures(shop: Shop) -> tuple[Share, WishFunnel, int]:
    """Of November: told in time, what became of all, how many never came."""
    view = view_of(shop_settings(shop.store), Period(OWN, date(2026, 11, 1), date(2026, 11, 30)), shop.now())
    found = data.report_wishes.wishes(shop.store, view.basis)
    unmet = data.report_wishes.unmet_wishes(shop.store, view.basis)
    return found.share, data.report_wishes.wish_funnel(shop.store, view.basis), sum(one.count for one in unmet)


def test_after_cards_were_joined_and_parted_the_letter_goes_to_whose_wish_it_is(
    shop: Shop, amir: Actor, clock: FrozenClock
) -> None:
    (first, wish_id), (second, _other) = ask(shop, amir), ask(shop, amir, "Berta <berta@example.org>", "Rock")
    anna, berta = (require_inquiry(shop.store, each).customer_id for each in (first, second))
    clock.forward(hours=1)
    merge = merge_customers(shop, amir, anna, berta)
    merge_inquiries(shop, amir, second, first)
    unmerge_customers(shop, amir, merge)
    assert require_inquiry(shop.store, now_is(shop, wish_id).inquiry_id).customer_id == berta
    (one,) = find_waiting(shop, amir, JEANS, HELD)
    tell(shop, amir, wish_id)
    let_leave(shop)
    assert sent(shop) == [one.reach] == ["anna@example.org"]
    own = require_inquiry(shop.store, now_is(shop, wish_id).inquiry_id)
    assert (own.customer_id, own.waiting_since) == (anna, None)
    assert "Jeans" in own.subject
    assert require_inquiry(shop.store, second).waiting_since is not None  # Berta's question stands


def test_a_conversation_of_somebody_else_gets_no_letter_of_ours(shop: Shop, amir: Actor) -> None:
    (first, wish_id), (second, _other) = ask(shop, amir), ask(shop, amir, "Berta <berta@example.org>", "Rock")
    merge_inquiries(shop, amir, second, first)
    tell(shop, amir, wish_id)
    let_leave(shop)
    assert sent(shop) == ["anna@example.org"]
    assert now_is(shop, wish_id).inquiry_id not in {first, second}


def test_another_question_waits_on(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident, wish_id = ask(shop, amir)
    clock.forward(hours=1)
    receive(shop, letter("Und die Rechnung ist falsch!", sender=ANNA, subject=f"Re: Jeans [#{ident}]"))
    waiting = require_inquiry(shop.store, ident).waiting_since
    (one,) = find_waiting(shop, amir, JEANS, HELD)
    assert one.has_question
    tell(shop, amir, wish_id)
    let_leave(shop)
    assert require_inquiry(shop.store, ident).waiting_since == waiting is not None
    assert now_is(shop, wish_id).inquiry_id != ident


def test_a_reply_that_began_with_the_template_tells_the_wish(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident, wish_id = ask(shop, amir)
    template = offer_template(shop, amir, ident, "V9b")
    draft = data.outbox.read_draft(shop.store, ident, amir.staff_id)
    assert draft is not None
    assert "Bis Donnerstag, 26. November lege ich es" in draft.body
    seen = only_inquiry(shop).version
    form = {"subject": draft.subject, "body": draft.body, "form_key": "k", "seen_version": seen}
    send_reply(shop, amir, ident, **form, template_id=template)  # type: ignore[arg-type]
    let_leave(shop)
    told = now_is(shop, wish_id)
    assert (told.state, told.heard_at, told.reserved_until_on) == (
        WishState.TOLD, clock.now, usual_hold(shop.store, TODAY),
    )  # fmt: skip
    assert not find_waiting(shop, amir, JEANS, HELD)
    assert tell(shop, amir, wish_id).known == 1


def test_another_template_tells_nothing(shop: Shop, amir: Actor) -> None:
    ident, wish_id = ask(shop, amir)
    other = next(one.id for one in list_templates(shop.store) if one.code != "V9b")
    send_reply(shop, amir, ident, body="Wir fragen nach.", form_key="k", seen_version=only_inquiry(shop).version,
               template_id=other)  # fmt: skip
    assert now_is(shop, wish_id).state is WishState.OPEN


ENDS: list[Callable[[Shop, Actor, int], None]] = [
    fulfil_wish,
    withdraw_wish,
    reopen_wish,
    lambda shop, actor, ident: note_told(shop, actor, ident, HELD.held_until),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("reach", ["anna@example.org", "0664 555 0001"])
def test_what_is_settled_within_twenty_seconds_is_not_told_any_more(
    shop: Shop, amir: Actor, end: Callable[[Shop, Actor, int], None], reach: str
) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", reach)
    tell(shop, amir, ident)
    end(shop, amir, ident)
    let_leave(shop)
    assert sent(shop) == []
    assert not data.promises.open_promises(shop.store, shop.now() + timedelta(days=9))


def test_a_second_tab_undoes_nothing(shop: Shop, amir: Actor) -> None:
    fetched, gone, told = (wish(shop, amir, "Jeans, 128", f"K{n}", f"k{n}@example.org") for n in range(3))
    tell(shop, amir, fetched, told)
    let_leave(shop)
    fulfil_wish(shop, amir, fetched)
    fulfil_wish(shop, amir, fetched)  # a double tap
    decline_wish(shop, amir, gone, Offered.ORDERED)
    with pytest.raises(TakenError):
        decline_wish(shop, amir, told, Offered.ORDERED)
    with pytest.raises(TakenError):
        extend_wish(shop, amir, told, UNTIL)
    for verb in (reopen_wish, withdraw_wish, ENDS[-1]):
        with pytest.raises(TakenError):
            verb(shop, amir, fetched)
    for verb in (fulfil_wish, reopen_wish, ENDS[-1]):
        with pytest.raises(TakenError):
            verb(shop, amir, gone)
    states = [now_is(shop, one).state for one in (fetched, gone, told)]
    assert states == [WishState.FULFILLED, WishState.DECLINED, WishState.TOLD]


def test_what_was_no_inquiry_waits_for_nothing_until_it_is_one_again(shop: Shop, amir: Actor) -> None:
    ident, wish_id = ask(shop, amir)
    tell(shop, amir, wish_id)
    person = require_inquiry(shop.store, ident).customer_id
    dismiss_inquiry(shop, amir, ident, always=False)
    assert not plan_erasure(shop, amir, person).problem
    (row,) = shop.store.read("SELECT state FROM outbox")
    assert row == (OutboxState.TAKEN_BACK,)
    restore_inquiry(shop, amir, ident)
    assert now_is(shop, wish_id).state is WishState.OPEN
    assert tell(shop, amir, wish_id).mails == 1


def test_the_first_missed_day_stays_the_missed_one(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org", until_on=TODAY)
    for days in (2, 40):
        clock.forward(days=days)
        lapse_wishes(shop)
        extend_wish(shop, amir, ident, clock.now.date() + timedelta(days=5))
    assert shop.store.read("SELECT missed_on FROM wish") == [(TODAY,)]


def test_told_late_and_wanted_again_stays_late(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org", until_on=TODAY)
    clock.forward(days=2)
    lapse_wishes(shop)
    tell(shop, amir, ident)
    let_leave(shop)
    assert figures(shop) == (Share(0, 1), WishFunnel(1, 1, 0), 0)
    reopen_wish(shop, amir, ident)
    assert figures(shop) == (Share(0, 1), WishFunnel(1, 1, 0), 0)


def test_told_in_time_and_never_fetched_is_told_once(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org")
    tell(shop, amir, ident)
    let_leave(shop)
    november = figures(shop)
    assert november == (Share(1, 1), WishFunnel(1, 1, 0), 0)
    clock.forward(days=40)
    assert lapse_wishes(shop) == 1
    later = Arrival(clock.now.date() + timedelta(days=3))
    assert find_waiting(shop, amir, JEANS, later) == []
    assert tell(shop, amir, ident, arrival=later).known == 1
    extend_wish(shop, amir, ident, clock.now.date() + timedelta(days=9))  # wanted all the same
    assert now_is(shop, ident).state is WishState.OPEN
    tell(shop, amir, ident, arrival=later)
    let_leave(shop)
    assert len(sent(shop)) == 2
    assert figures(shop) == november
    assert shop.store.read("SELECT count(*) FROM wish_news") == [(2,)]


def test_what_lapsed_long_ago_is_asked_nobody(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org", until_on=TODAY)
    clock.forward(days=1)
    lapse_wishes(shop)
    (one,) = find_waiting(shop, amir, JEANS, Arrival(UNTIL))
    assert (one.wish.state, one.ticked) == (WishState.LAPSED, False)
    clock.forward(days=31)
    assert find_waiting(shop, amir, JEANS, Arrival(date(2027, 1, 8))) == []


def test_a_mail_mended_after_the_wish_lapsed_is_seen(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org", until_on=TODAY)
    shop.mailer.problem = MailProblemError("Nein.", permanent=True)  # type: ignore[attr-defined]
    tell(shop, amir, ident, arrival=Arrival(date(2026, 12, 10)))
    let_leave(shop)
    clock.forward(days=3)
    lapse_wishes(shop)
    assert [one.id for one in show_wishes(shop, amir).lapsed] == [ident]
    shop.mailer.problem = None  # type: ignore[attr-defined]
    message = shop.store.read("SELECT told_message_id FROM wish")[0][0]
    send_again(shop, amir, message)
    let_leave(shop)
    board = show_wishes(shop, amir)
    assert ([one.id for one in board.told], board.lapsed) == ([ident], [])


def test_fetched_is_told_even_if_the_mail_comes_back_later(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans, 128", "Anna", "anna@example.org", price_cents=5000)
    tell(shop, amir, ident)
    let_leave(shop)
    heard = now_is(shop, ident).heard_at
    clock.forward(hours=2)
    fulfil_wish(shop, amir, ident)
    last = data.messages.list_messages(shop.store, now_is(shop, ident).inquiry_id)[-1]
    with shop.store.write() as tx:
        data.outbox.change_outgoing(tx, last.id, OutboxState.SENT, bounced_at=clock.now)
    assert now_is(shop, ident).heard_at == heard
    assert figures(shop) == (Share(1, 1), WishFunnel(1, 1, 1), 0)


def test_only_the_first_letters_are_written_before_they_leave(
    shop: Shop, amir: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "SHOWN", 2)
    for number in range(3):
        wish(shop, amir, "Jeans, 128", f"K{number}", f"k{number}@example.org")
    found = find_waiting(shop, amir, JEANS, HELD)
    assert [bool(one.text) for one in found] == [True, True, False]
    assert all(one.ticked for one in found)
    assert tell_waiting(shop, amir, HELD, {one.wish.id: one.text for one in found}).mails == 3
    assert count_to_decide(shop, amir) == 0


@pytest.mark.parametrize(
    ("size", "country", "line"),
    [
        ("128", "AT", "Größe 128"),
        ("128", "CH", "Grösse 128"),
        ("Gr. 128", "AT", "Größe 128"),
        ("M", "AT", "Größe M"),
        ("500 ml", "AT", "500 ml"),
        ("205/55 R16", "AT", "205/55 R16"),
    ],
)
def test_a_size_is_said_as_people_say_it(shop: Shop, amir: Actor, size: str, country: str, line: str) -> None:
    with shop.store.write() as tx:
        put_settings(tx, {"country": country}, shop.now())
    note_wish(shop, amir, NewWish("Ding", UNTIL, size, "blau", who="Anna", reach="anna@example.org"))
    (one,) = find_waiting(shop, amir, Article("Ding", size, "blau"), HELD)
    assert f"\nDing\n{line}\nFarbe blau\n" in one.text
