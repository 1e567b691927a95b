"""Wishes from the counter to the news that it is there: everybody told once, nobody told of anything else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import data.customers
import data.inquiries
import data.messages
import data.outbox
import data.promises
import data.report_wishes
import data.reports
import data.wishes
from data.records import Actor, InquiryState, OutboxState, StaffRole
from data.report_records import Figure, Share, Unmet, WishFunnel
from data.wishes import Wish, WishState
from services.arrivals import Arrival, Told, Way, find_waiting, note_told, tell_waiting, usual_hold
from services.closing import dismiss_inquiry, merge_inquiries
from services.customers import find_customers
from services.drafts import offer_template
from services.errors import InvalidInputError, MailProblemError, TakenError
from services.inquiries import list_inquiries, require_inquiry
from services.noting import Outcome, note_contact
from services.promises import keep_promise
from services.replies import take_back_reply
from services.reports import list_cases, wanted_most
from services.rules.periods import OWN, Period
from services.rules.wish_matching import Article, Fit
from services.settings import shop_settings
from services.shop import Shop
from services.tally import view_of
from services.templates import seed_templates
from services.typed import HIGHEST_PRICE, price_amount
from services.wishes import (
    LET_GO,
    NewWish,
    Offered,
    change_wish,
    count_to_decide,
    decline_wish,
    expect_wish,
    extend_wish,
    fulfil_wish,
    lapse_wishes,
    note_wish,
    reopen_wish,
    require_wish,
    show_wishes,
    wishes_of,
    withdraw_wish,
)
from tests.builders import FrozenClock, connect, hire, let_leave, letter, only_inquiry, receive

TODAY = date(2026, 11, 23)  # a Monday; open Monday to Friday
UNTIL = date(2026, 12, 21)
HELD = Arrival(date(2026, 11, 26), 4990)
JEANS = Article("Jeans", "128", "blau")
PROMISE = "Wir melden uns, sobald es da ist, spätestens bis 21. Dezember."


@pytest.fixture
def amir(shop: Shop) -> Actor:
    connect(shop)
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "mode")
    return hire(shop, "Amir Hodžić", StaffRole.OWNER)


def wish(shop: Shop, actor: Actor, words: str, who: str, reach: str, **more: object) -> int:
    """Noted at the counter; its id."""
    values = {"article": "", "words": words, "who": who, "reach": reach, "until_on": UNTIL, **more}
    return note_wish(shop, actor, NewWish(**values), promise=PROMISE).wish_id  # type: ignore[arg-type]


def now_is(shop: Shop, wish_id: int) -> Wish:
    return require_wish(shop.store, wish_id)


def tell(shop: Shop, actor: Actor, *wish_ids: int, arrival: Arrival = HELD) -> Told:
    return tell_waiting(shop, actor, arrival, dict.fromkeys(wish_ids, ""))


def test_of_ten_who_wait_nine_are_told_each_once_and_of_that_alone(shop: Shop, amir: Actor) -> None:
    by_mail = [wish(shop, amir, "Jeans, 128, blau", f"Kundin {n}", f"k{n}@example.org") for n in range(6)]
    by_phone = [wish(shop, amir, "jeans 128", f"Kunde {n}", f"0664 555 000{n}") for n in range(3)]
    other = wish(shop, amir, "Jeans, 182, blau", "Zu groß", "gross@example.org")
    wish(shop, amir, "Rock, 128", "Andere", "rock@example.org")
    found = find_waiting(shop, amir, JEANS, HELD)
    ticked = [one.wish.id for one in found if one.ticked]
    assert sorted(ticked) == sorted([*by_mail, *by_phone])
    assert [(one.wish.id, one.fit) for one in found if not one.ticked] == [(other, Fit.OTHER_SIZE)]
    assert tell(shop, amir, *ticked) == Told(6, 3, 0, [])
    assert tell(shop, amir, *ticked) == Told(0, 0, 9, [])
    sent = let_leave(shop)
    assert sorted(mail.recipient for mail in sent) == [f"k{n}@example.org" for n in range(6)]
    assert all(mail.cc == () and "Jeans" in mail.text and "Rock" not in mail.text for mail in sent)
    assert len({mail.subject for mail in sent}) == 6  # each in its own conversation
    assert all(mail.subject.startswith("Jeans: ist da, ") for mail in sent)
    calls = data.promises.open_promises(shop.store, shop.now() + timedelta(days=9))
    assert [call.topic for call in calls] == ["jeans 128 ist da"] * 3
    assert all(call.due_at.date() == TODAY for call in calls)
    assert not [one for one in find_waiting(shop, amir, JEANS, HELD) if one.fit is Fit.FITS]


def test_what_is_noted_at_the_counter_keeps_nobody_waiting_and_the_words_as_proof(shop: Shop, amir: Actor) -> None:
    noted = now_is(shop, wish(shop, amir, "Jeans, 128, blau", "Maria Hofer", "maria@example.org", price_cents=4990))
    inquiry = require_inquiry(shop.store, noted.inquiry_id)
    assert (noted.article, noted.size, noted.colour, noted.note) == ("Jeans", "128", "blau", "Jeans, 128, blau")
    assert (inquiry.state, inquiry.waiting_since, inquiry.first_response_at) == (InquiryState.CLOSED, None, None)
    (said,) = data.messages.list_messages(shop.store, inquiry.id)
    assert said.body == f"Jeans, 128, blau\n\n{PROMISE}"
    assert list_inquiries(shop, amir).waiting == []


def test_a_double_tap_is_one_wish(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    first = wish(shop, amir, "Jeans, 128", "Maria Hofer", "maria@example.org")
    assert wish(shop, amir, "Jeans, 128", "Maria Hofer", "maria@example.org") == first
    clock.forward(seconds=11)
    assert wish(shop, amir, "Jeans, 128", "Maria Hofer", "maria@example.org") != first


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": " "}, "Artikel"),
        ({"reach": "kommt am Samstag"}, "Telefonnummer"),
        ({"until_on": TODAY - timedelta(days=1)}, "vorbei"),
        ({"until_on": date(2036, 1, 1)}, "warten"),
    ],
)
def test_a_wish_that_nobody_could_answer_is_refused(
    shop: Shop, amir: Actor, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why):
        wish(shop, amir, **{"words": "Jeans", "who": "Max", "reach": "max@example.org", **changes})  # type: ignore[arg-type]
    assert not show_wishes(shop, amir).open


def test_a_wish_of_an_inquiry_stands_there_and_the_clock_goes_on(shop: Shop, amir: Actor) -> None:
    receive(shop, letter("Haben Sie die Jeans in 128?"))
    asked = only_inquiry(shop)
    noted = note_wish(shop, amir, NewWish("Jeans", UNTIL, "128", inquiry_id=asked.id, expected="KW 49"))
    assert noted.inquiry_id == asked.id
    assert only_inquiry(shop).waiting_since == asked.waiting_since
    assert offer_template(shop, amir, asked.id, "V9a")
    draft = data.outbox.read_draft(shop.store, asked.id, amir.staff_id)
    assert draft is not None
    assert "Voraussichtlich da: KW 49" in draft.body
    assert "spätestens am Montag, 21. Dezember" in draft.body
    assert draft.subject.startswith("Jeans: notiert, ")
    tell(shop, amir, noted.wish_id)
    assert data.outbox.read_draft(shop.store, asked.id, amir.staff_id) == draft  # what somebody types is not lost
    let_leave(shop)
    assert only_inquiry(shop).waiting_since is None


def test_a_known_customer_is_asked_how_to_reach_them_only_if_nobody_knows(shop: Shop, amir: Actor) -> None:
    with shop.store.write() as tx:
        ident = data.customers.insert_customer(tx, name="Max", folded="max", language="de", now=shop.now())
    with pytest.raises(InvalidInputError):
        note_wish(shop, amir, NewWish("Jeans", UNTIL, customer_id=ident))
    note_wish(shop, amir, NewWish("Jeans", UNTIL, customer_id=ident, reach="Jürgen@example.org"))
    assert [one.customer.id for one in find_customers(shop, amir, "jürgen@")] == [ident]
    note_wish(shop, amir, NewWish("Rock", UNTIL, customer_id=ident))
    assert {one.article for one in wishes_of(shop, amir, ident)} == {"Jeans", "Rock"}


def test_the_mail_address_of_somebody_else_leads_to_nobody_else(shop: Shop, amir: Actor) -> None:
    wish(shop, amir, "Hose", "Maria Hofer", "maria@example.org")
    with shop.store.write() as tx:
        ident = data.customers.insert_customer(tx, name="Max", folded="max", language="de", now=shop.now())
    with pytest.raises(InvalidInputError, match="auf der Karte von Maria Hofer"):
        note_wish(shop, amir, NewWish("Jeans", UNTIL, customer_id=ident, reach="maria@example.org"))


def test_the_letter_names_what_was_wanted_its_price_and_until_when(shop: Shop, amir: Actor) -> None:
    ident = wish(shop, amir, "Jeans, 128, blau", "Maria Hofer", "maria@example.org")
    with shop.store.write() as tx:
        changes = {"form_of_address": "du"}
        data.customers.change_customer(tx, now_is(shop, ident).customer_id, changes)
        tx.run("UPDATE customer SET no_ads = true")  # who wants no advertising asked for this all the same
    (one,) = find_waiting(shop, amir, JEANS, HELD)
    assert one.text.startswith("Hallo Maria,\n\nDein Wunsch ist da und liegt bereit:\n\nJeans\nGröße 128\nFarbe blau\n")
    assert "Preis: € 49,90 inkl. USt." in one.text
    assert "Bis Donnerstag, 26. November lege ich es für Dich zurück." in one.text
    assert "{" not in one.text
    unknown = find_waiting(shop, amir, JEANS, Arrival(HELD.held_until))[0].text
    assert "Preis: nenne ich gern am Telefon" in unknown
    edited = tell_waiting(shop, amir, HELD, {ident: "Hallo Maria, sie ist da!\n\nAmir"})
    assert edited.mails == 1
    said = data.messages.list_messages(shop.store, now_is(shop, ident).inquiry_id)[-1]
    assert said.body.startswith("Hallo Maria, sie ist da!\n\nAmir\n\n-- \nAmir Hodžić")


def test_one_that_cannot_be_told_holds_up_no_other(shop: Shop, amir: Actor) -> None:
    first, second = (wish(shop, amir, "Jeans", f"Kunde {n}", f"k{n}@example.org") for n in range(2))
    told = tell_waiting(shop, amir, HELD, {first: "Noch {preis} dazu", second: ""})
    assert (told.mails, [name for name, _why in told.problems]) == (1, ["Kunde 0"])
    assert now_is(shop, first).state is WishState.OPEN
    with pytest.raises(InvalidInputError):
        tell(shop, amir, first, arrival=Arrival(TODAY - timedelta(days=1)))


def test_who_wants_to_be_called_is_called(shop: Shop, amir: Actor) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org")
    with shop.store.write() as tx:
        person, number = now_is(shop, ident).customer_id, "+436641234567"
        data.customers.add_contact(tx, person, kind="phone", address=number, shown=number, now=shop.now())
        assert _way(shop, amir) is Way.MAIL
        tx.run("UPDATE customer SET preferred = 'phone'")
    assert _way(shop, amir) is Way.CALL
    assert tell(shop, amir, ident).calls == 1
    assert now_is(shop, ident).calling
    (call,) = data.promises.open_promises(shop.store, shop.now() + timedelta(days=1))
    keep_promise(shop, amir, call.id)
    heard = now_is(shop, ident)
    assert (heard.state, heard.heard_at, heard.calling) == (WishState.TOLD, shop.now(), False)


def _way(shop: Shop, actor: Actor) -> Way:
    return find_waiting(shop, actor, Article("Jeans"), HELD)[0].way


def test_a_message_that_did_not_reach_leaves_the_wish_open(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org")
    tell(shop, amir, ident)
    message = data.messages.list_messages(shop.store, now_is(shop, ident).inquiry_id)[-1]
    take_back_reply(shop, amir, message.id)
    assert (now_is(shop, ident).state, now_is(shop, ident).trouble) == (WishState.OPEN, "taken_back")
    shop.mailer.problem = MailProblemError("Nein.", permanent=True)  # type: ignore[attr-defined]
    assert tell(shop, amir, ident).mails == 1
    let_leave(shop)
    assert (now_is(shop, ident).state, now_is(shop, ident).trouble) == (WishState.OPEN, "failed")
    (one,) = find_waiting(shop, amir, Article("Jeans"), HELD)
    assert not one.ticked  # a person has to look at the address first
    shop.mailer.problem = None  # type: ignore[attr-defined]
    tell(shop, amir, ident)
    let_leave(shop)
    assert now_is(shop, ident).heard_at == clock.now
    last = data.messages.list_messages(shop.store, now_is(shop, ident).inquiry_id)[-1]
    with shop.store.write() as tx:
        data.outbox.change_outgoing(tx, last.id, OutboxState.SENT, bounced_at=clock.now)
    assert (now_is(shop, ident).state, now_is(shop, ident).trouble) == (WishState.OPEN, "bounced")


def test_the_hold_is_three_open_days_and_passes_over_the_weekend(shop: Shop, amir: Actor) -> None:
    assert usual_hold(shop.store, TODAY) == date(2026, 11, 26)
    assert usual_hold(shop.store, date(2026, 11, 26)) == date(2026, 12, 1)


def test_fetched_given_up_and_wanted_again(shop: Shop, amir: Actor) -> None:
    fetched, gone, again = (wish(shop, amir, "Jeans", f"K{n}", f"0664 555 000{n}") for n in range(3))
    tell(shop, amir, fetched, gone, again)
    fulfil_wish(shop, amir, fetched)
    withdraw_wish(shop, amir, gone)
    reopen_wish(shop, amir, again)
    states = [now_is(shop, one).state for one in (fetched, gone, again)]
    assert states == [WishState.FULFILLED, WishState.DECLINED, WishState.OPEN]
    assert now_is(shop, fetched).heard_at == shop.now()
    left = data.promises.open_promises(shop.store, shop.now() + timedelta(days=1))
    assert not left  # nobody calls who has it, does not want it or waits again
    assert not show_wishes(shop, amir).told


def test_told_in_person_is_told(shop: Shop, amir: Actor) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org")
    note_told(shop, amir, ident, HELD.held_until)
    with pytest.raises(TakenError):
        note_told(shop, amir, ident, HELD.held_until)
    assert tell(shop, amir, ident).known == 1


def test_what_nobody_could_get_lapses_and_is_listed_for_people_to_decide(
    shop: Shop, amir: Actor, clock: FrozenClock
) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org", until_on=TODAY)
    assert lapse_wishes(shop) == 0
    clock.forward(days=1)
    assert (lapse_wishes(shop), lapse_wishes(shop)) == (1, 0)
    board = show_wishes(shop, amir)
    assert [one.id for one in board.lapsed] == [ident]
    assert count_to_decide(shop, amir) == 1
    extend_wish(shop, amir, ident, UNTIL)
    assert now_is(shop, ident).state is WishState.OPEN
    decline_wish(shop, amir, ident, Offered.ORDERED)
    assert (now_is(shop, ident).state, now_is(shop, ident).offered) == (WishState.DECLINED, "ordered")
    with pytest.raises(ValueError, match="nothing"):
        decline_wish(shop, amir, ident, "nothing")  # type: ignore[arg-type]


def test_what_was_held_in_vain_is_let_go(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org")
    tell(shop, amir, ident)
    let_leave(shop)
    clock.now = datetime(2026, 11, 26, 9, tzinfo=UTC) + LET_GO
    assert lapse_wishes(shop) == 0
    assert count_to_decide(shop, amir) == 1
    clock.forward(days=1)
    assert lapse_wishes(shop) == 1
    assert not show_wishes(shop, amir).lapsed  # they were told


def test_what_was_held_in_vain_is_let_go_after_a_long_holiday_too(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    ident = wish(shop, amir, "Jeans", "Maria", "maria@example.org", until_on=date(2027, 11, 1))
    tell(shop, amir, ident)
    let_leave(shop)
    clock.forward(days=120)
    assert (lapse_wishes(shop), lapse_wishes(shop)) == (1, 0)


def test_an_expected_date_is_of_all_who_wait_for_the_same(shop: Shop, amir: Actor) -> None:
    first = wish(shop, amir, "Jeans, 128, blau", "A", "a@example.org")
    wish(shop, amir, "JEANS 128 rot", "B", "b@example.org")
    wish(shop, amir, "Jeans 134", "C", "c@example.org")
    assert expect_wish(shop, amir, first, expected="KW 49", source="Lieferant Hämmerle, 30.11.") == 2
    assert sorted(one.expected for one in show_wishes(shop, amir).open) == ["", "KW 49", "KW 49"]
    assert [one.customer_name for one in show_wishes(shop, amir, "jeans 134").open] == ["C"]
    change_wish(shop, amir, first, Article("Rock", "M"), until_on=UNTIL, price_cents=100)
    assert (now_is(shop, first).note, now_is(shop, first).kind) == ("Jeans, 128, blau", "rock m")


def test_merging_and_putting_aside_take_the_wish_along(shop: Shop, amir: Actor) -> None:
    receive(shop, letter("Haben Sie die Jeans in 128?"))
    asked = only_inquiry(shop)
    ident = note_wish(shop, amir, NewWish("Jeans", UNTIL, inquiry_id=asked.id)).wish_id
    into = note_contact(
        shop, amir, who="Maria Hofer", need="Jeans?", reach="maria.hofer@example.org", channel=asked.channel,
        outcome=Outcome.MESSAGE,
    )  # fmt: skip
    merge_inquiries(shop, amir, into, asked.id)
    assert now_is(shop, ident).inquiry_id == into
    dismiss_inquiry(shop, amir, into, always=False)
    assert not show_wishes(shop, amir).open


def test_the_figures_of_wishes(shop: Shop, amir: Actor, clock: FrozenClock) -> None:
    told, late, lapsed, refused, gone, waiting = (
        wish(shop, amir, "Jeans, 128", f"K{n}", f"k{n}@example.org", price_cents=5000 if n < 4 else None, until_on=day)
        for n, day in enumerate([UNTIL, TODAY, TODAY, UNTIL, UNTIL, UNTIL])
    )
    clock.forward(days=3)
    tell(shop, amir, told, late)
    let_leave(shop)
    decline_wish(shop, amir, refused, Offered.OTHER_SHOP)
    withdraw_wish(shop, amir, gone)
    lapse_wishes(shop)
    fulfil_wish(shop, amir, told)
    week = Period(OWN, TODAY, TODAY + timedelta(days=6))
    basis = view_of(shop_settings(shop.store), week, shop.now()).basis
    found = data.report_wishes.wishes(shop.store, basis)
    assert (found.share, found.median_days) == (Share(1, 4), 3)
    assert data.report_wishes.wish_funnel(shop.store, basis) == WishFunnel(6, 2, 1)
    assert data.report_wishes.unmet_wishes(shop.store, basis) == [Unmet("Jeans 128", 3, 15000)]
    assert wanted_most(shop, amir) == [Unmet("Jeans 128", 3, 15000)]
    missed = [line.row.id for line in list_cases(shop, amir, Figure.WISHES, week)]
    assert set(missed) == {now_is(shop, one).inquiry_id for one in (late, lapsed, refused)}
    unmet = [line.row.id for line in list_cases(shop, amir, Figure.MISSED_SALES, week)]
    assert set(unmet) == {now_is(shop, one).inquiry_id for one in (lapsed, refused, waiting)}
    extend_wish(shop, amir, lapsed, UNTIL)  # what was agreed too late does not undo the miss
    assert data.report_wishes.wishes(shop.store, basis).share == Share(1, 4)
    clock.forward(days=8)
    once, _again = data.reports.returns(shop.store, view_of(shop_settings(shop.store), week, shop.now()).basis)
    assert once[0] == Share(6, 6)  # the news was promised: no second answer


def test_a_price_with_too_many_digits_is_a_slip_and_refused() -> None:
    assert price_amount("100.000,00") == HIGHEST_PRICE
    with pytest.raises(InvalidInputError, match="zu hoch"):
        price_amount("99999999999999")


def test_a_name_that_is_too_long_is_refused_and_never_cut(shop: Shop, amir: Actor) -> None:
    with pytest.raises(InvalidInputError, match="zu lang"):
        wish(shop, amir, "Jeans, 128", "Ö" * 10_000, "0664 123 45 67")
