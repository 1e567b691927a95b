"""«Anlässe» from a shop's own data: each kind, what ends it, whom nobody may call, and two tabs at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import data.pickups
import data.wishes
import data.wrap_ups
from data.occasion_records import OccasionKind, OccasionState
from data.records import Actor, CloseReason, MessageRole, StaffRole
from data.report_records import Intent
from services import consents, occasions, wrap_ups
from services.closing import close_inquiry
from services.conversations import open_conversation
from services.customers import change_customer
from services.errors import NotFoundError
from services.noting import log_call
from services.occasions import list_occasions
from services.offerings import save_offering
from services.replies import send_reply
from services.rules.occasions import Call
from services.sending import send_due
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import INSPECTION, TYRES, open_garage
from tests.builders import MONDAY, FakeMailer, FrozenClock, connect, hire, letter, receive

DAY = timedelta(days=1)


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    open_garage(shop)
    owner = hire(shop, "Sandra Kofler", StaffRole.OWNER)
    save_offering(shop, owner, TYRES, follow_up_days=3)
    save_offering(shop, owner, INSPECTION, repeat_months=12)
    return owner


def customer(shop: Shop, name: str, **card: Any) -> int:
    with shop.store.write() as tx:
        ident = tx.new_id()
        usual = {"salutation": "", "title": "", "form_of_address": "sie", "language": "de", "note": "", "likes": ""}
        row = {"id": ident, "name": name, "folded": name.lower(), "created_at": shop.now(), "no_ads": False, **usual}
        tx.insert("customer", {**row, **card})
        phone = {"kind": "phone", "address": f"+43512{ident}", "shown": "", "added_at": shop.now()}
        tx.insert("customer_contact", {**phone, "customer_id": ident})
    return ident


def visit(shop: Shop, customer_id: int, at: datetime, offering: int = TYRES, state: str = "done") -> int:
    """A booking as it is kept, without its way there."""
    name = {TYRES: "Reifenwechsel", INSPECTION: "Pickerl"}[offering]
    with shop.store.write() as tx:
        ident, talk = tx.new_id(), tx.new_id()
        tx.insert(
            "inquiry",
            {
                "id": talk, "customer_id": customer_id, "subject": name, "channel": "call", "started_by": "customer",
                "next_step": "", "dismissed": False, "created_at": at, "state": "closed", "contacts_waiting": 0,
                "closed_at": at, "close_reason": "booked", "reopened": 0, "last_message_at": at, "snippet": "",
                "version": 0,
            },
        )  # fmt: skip
        unique = {name: f"{name} {ident}" for name in ("number", "secret", "uid", "form_key")}
        empty = dict.fromkeys(("customer_name", "mail", "phone", "answer", "note", "calendar_answer"), "")
        when = {"starts_at": at, "ends_at": at + timedelta(hours=1), "created_at": at - DAY, "agreed_at": at - DAY}
        numbers = {"sequence": 0, "buffer_before": 0, "buffer_after": 0}
        links = {"offering_id": offering, "offering_name": name, "customer_id": customer_id, "inquiry_id": talk}
        rest = {"id": ident, "state": state, "language": "de", "reminder": "none"}
        tx.insert("booking", {**unique, **empty, **when, **numbers, **links, **rest})
    return ident


def kinds(calls: list[Call]) -> list[list[OccasionKind]]:
    return [[one.kind for one in call.reasons] for call in calls]


def listed(shop: Shop, actor: Actor) -> list[list[OccasionKind]]:
    return kinds(list_occasions(shop, actor).calls)


def keys(call: Call) -> list[occasions.Key]:
    return [occasions.key_of(one) for one in call.reasons]


def test_after_a_job_somebody_is_called_from_its_day_on(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    job = visit(shop, customer(shop, "Maria Hofer"), MONDAY)
    visit(shop, customer(shop, "Kam nicht"), MONDAY, state="no_show")
    visit(shop, customer(shop, "Wird nicht gefragt"), MONDAY, INSPECTION)
    for days, shown in ((2, 0), (3, 1), (17, 1), (18, 0)):
        clock.now = MONDAY + days * DAY
        assert len(listed(shop, sandra)) == shown
    clock.now = MONDAY + 3 * DAY
    (call,) = list_occasions(shop, sandra).calls
    assert (call.reasons[0].subject_id, call.reasons[0].customer_name) == (job, "Maria Hofer")
    assert call.reasons[0].phone.startswith("+43512")


def offer(shop: Shop, sandra: Actor, clock: FrozenClock, *, code: str = "V6") -> int:
    """Maria asks for a price and gets one; her inquiry."""
    receive(shop, letter("Was kostet das?", subject="Bremsen"))
    ident, version = shop.store.read("SELECT id, version FROM inquiry ORDER BY id DESC LIMIT 1")[0]
    with shop.store.write() as tx:
        template = tx.new_id()
        words = {"code": code, "name": code, "subject": "", "body": "", "position": 1, "active": True}
        tx.insert("template", {"id": template, **words, "changed_at": shop.now()})
    form = {"seen_version": version, "form_key": f"form {version}", "template_id": template}
    send_reply(shop, sandra, ident, body="Es kostet 412 Euro.", **form)
    clock.forward(minutes=1)
    send_due(shop)
    return int(ident)


def test_an_offer_stands_open_for_a_week_until_anything_comes(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    talk = offer(shop, sandra, clock)
    close_inquiry(shop, sandra, talk, CloseReason.ANSWERED)
    clock.forward(days=6)
    assert listed(shop, sandra) == []
    clock.forward(days=1)
    assert listed(shop, sandra) == [[OccasionKind.OFFER]]
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    receive(shop, letter("Ja gern", subject="Re: Bremsen", In_Reply_To=mailer.sent[-1].mail_id))
    clock.forward(minutes=1)
    assert listed(shop, sandra) == []


@pytest.mark.parametrize("ends", ["booking", "call", "thanks", "other template"])
def test_what_ends_an_offer(shop: Shop, sandra: Actor, clock: FrozenClock, ends: str) -> None:
    talk = offer(shop, sandra, clock, code="V2" if ends == "other template" else "V6")
    clock.forward(days=2)
    if ends == "booking":
        who = shop.store.read("SELECT customer_id FROM inquiry")[0][0]
        visit(shop, who, shop.now() + 9 * DAY, state="confirmed")
        with shop.store.write() as tx:
            tx.run("UPDATE booking SET created_at = $now", {"now": shop.now()})
    elif ends == "call":
        log_call(shop, sandra, talk, reached=True)
    elif ends == "thanks":
        close_inquiry(shop, sandra, talk, CloseReason.DEALT_WITH)
    clock.forward(days=6)
    assert listed(shop, sandra) == []


def test_any_letter_about_a_price_is_an_offer(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    talk = offer(shop, sandra, clock, code="own")
    with shop.store.write() as tx:
        price = data.wrap_ups.insert_reason(tx, name="Preis", intent=Intent.PRICE, minutes=5)
    wrap_ups.note_reason(shop, sandra, talk, price)
    clock.forward(days=7)
    assert listed(shop, sandra) == [[OccasionKind.OFFER]]


def test_due_work_is_called_for_with_consent_and_else_held(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    year_ago = MONDAY - 355 * DAY
    maria, josef, anna = (customer(shop, name) for name in ("Maria", "Josef", "Anna"))
    for who in (maria, josef, anna):
        visit(shop, who, year_ago - 400 * DAY, INSPECTION)
        visit(shop, who, year_ago, INSPECTION)
    visit(shop, anna, MONDAY + DAY, INSPECTION, state="confirmed")  # she has booked already
    consents.note_consent(shop, sandra, maria, "ads", given=True, how="Bitte erinnern, am Tresen")
    found = list_occasions(shop, sandra)
    assert (kinds(found.calls), kinds(found.held)) == ([[OccasionKind.DUE]], [[OccasionKind.DUE]])
    assert (found.calls[0].customer_id, found.held[0].customer_id) == (maria, josef)
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET no_ads = true WHERE id = $id", {"id": maria})
    clock.forward(minutes=1)
    assert listed(shop, sandra) == []


def test_a_regular_who_stays_away_is_held_and_not_called(shop: Shop, sandra: Actor) -> None:
    loyal, busy, rare, planned = (customer(shop, name) for name in ("Treu", "Schrieb", "Selten", "Kommt"))
    for who in (loyal, busy, planned):
        for weeks in (70, 60, 50, 40):
            visit(shop, who, MONDAY - weeks * 7 * DAY)
    for weeks in (60, 40):
        visit(shop, rare, MONDAY - weeks * 7 * DAY)
    visit(shop, planned, MONDAY + DAY, state="confirmed")
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET last_message_at = $at WHERE customer_id = $id", {"at": MONDAY - DAY, "id": busy})
    found = list_occasions(shop, sandra)
    assert found.calls == []
    (call,) = found.held
    assert (call.customer_id, call.reasons[0].kind, call.reasons[0].days) == (loyal, OccasionKind.QUIET, 70)


def test_one_call_settles_all_reasons_and_is_one_line_in_the_conversation(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    maria = customer(shop, "Maria")
    visit(shop, maria, MONDAY - 4 * DAY)
    visit(shop, maria, MONDAY - 5 * DAY)
    (call,) = list_occasions(shop, sandra).calls
    assert kinds([call]) == [[OccasionKind.FOLLOW_UP, OccasionKind.FOLLOW_UP]]
    occasions.finish_call(shop, sandra, keys(call), reached=True, note="Alles gut, Bremse quietscht nicht mehr")
    assert list_occasions(shop, sandra).calls == []
    talk = open_conversation(shop, sandra, call.reasons[0].inquiry_id)
    assert [(each.role, each.body) for each in talk.messages] == [
        (MessageRole.ANSWER, "Alles gut, Bremse quietscht nicht mehr")
    ]
    with pytest.raises(NotFoundError):  # the other tab
        occasions.finish_call(shop, sandra, keys(call), reached=True)
    assert shop.store.read("SELECT count(*) FROM message") == [(1,)]
    clock.forward(days=1)
    assert list_occasions(shop, sandra).calls == []
    visit(shop, maria, MONDAY - 2 * DAY)
    clock.forward(days=1)
    assert listed(shop, sandra) == [[OccasionKind.FOLLOW_UP]]  # a new job is a new reason


def test_skipped_is_gone_and_put_off_comes_back_in_a_week(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    visit(shop, customer(shop, "Maria"), MONDAY - 4 * DAY)
    visit(shop, customer(shop, "Josef"), MONDAY - 5 * DAY)
    maria, josef = list_occasions(shop, sandra).calls
    occasions.skip_call(shop, sandra, keys(maria), "ist verreist")
    occasions.put_off_call(shop, sandra, keys(josef))
    assert occasions.read_fates(shop, sandra, keys(maria)) == [OccasionState.SKIPPED]
    for days in (0, 6, 7, 13):
        clock.now = MONDAY + days * DAY
        assert [call.customer_id for call in list_occasions(shop, sandra).calls] == [josef.customer_id] * (days >= 7)
    assert shop.store.read("SELECT role, body FROM message") == [("note", "ist verreist")]
    occasions.put_off_call(shop, sandra, keys(josef))
    assert list_occasions(shop, sandra).calls == []


def test_a_week_after_a_complaint_was_solved_and_again_when_it_is_solved_anew(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    receive(shop, letter("Der Lack hat einen Kratzer.", subject="Kratzer"))
    talk = int(shop.store.read("SELECT id FROM inquiry")[0][0])
    wrap_ups.mark_complaint(shop, sandra, talk)
    wrap_ups.solve_complaint(shop, sandra, talk, True)
    clock.forward(days=6)
    assert listed(shop, sandra) == []
    clock.forward(days=1)
    (call,) = list_occasions(shop, sandra).calls
    assert kinds([call]) == [[OccasionKind.COMPLAINT]]
    occasions.finish_call(shop, sandra, keys(call), reached=False)
    assert listed(shop, sandra) == []
    clock.forward(hours=1)
    wrap_ups.solve_complaint(shop, sandra, talk, False)
    wrap_ups.solve_complaint(shop, sandra, talk, True)
    clock.forward(days=7)
    assert listed(shop, sandra) == [[OccasionKind.COMPLAINT]]


def test_found_once_a_minute_as_long_as_nothing_changes(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    found = list_occasions(shop, sandra)
    assert list_occasions(shop, sandra) is found
    visit(shop, customer(shop, "Maria"), MONDAY - 4 * DAY)
    assert len(list_occasions(shop, sandra).calls) == 1


def test_a_consent_that_was_taken_back_holds_at_once(shop: Shop, sandra: Actor) -> None:
    maria = customer(shop, "Maria")
    consents.note_consent(shop, sandra, maria, "ads", given=True, how="am Tresen")
    visit(shop, maria, MONDAY - 380 * DAY, INSPECTION)
    assert listed(shop, sandra) == [[OccasionKind.DUE]]
    consents.note_consent(shop, sandra, maria, "ads", given=False, how="Nie wieder anrufen")
    assert listed(shop, sandra) == []


def test_asking_in_germany_needs_a_consent_and_the_last_word_counts(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        put_settings(tx, {"country": "DE"}, shop.now())
    maria = customer(shop, "Maria")
    visit(shop, maria, MONDAY - 4 * DAY)
    assert listed(shop, sandra) == []
    for given in (True, False, True):  # in the same minute
        consents.note_consent(shop, sandra, maria, consents.SURVEY, given=given, how="Am Pult")
        assert len(listed(shop, sandra)) == given
    for banned in (True, False):
        change_customer(shop, sandra, maria, no_ads=banned)
        assert len(listed(shop, sandra)) != banned
    consents.note_consent(shop, sandra, maria, consents.ADS, given=False, how="Nur fragen, nicht werben")
    assert listed(shop, sandra) == [[OccasionKind.FOLLOW_UP]]


def test_who_agreed_does_not_stand_behind_who_did_not(shop: Shop, sandra: Actor) -> None:
    maria = customer(shop, "Maria")
    consents.note_consent(shop, sandra, maria, "ads", given=True, how="am Tresen")
    visit(shop, maria, MONDAY - 380 * DAY, INSPECTION)
    anybody = visit(shop, customer(shop, "Ohne"), MONDAY - 350 * DAY, INSPECTION)
    with shop.store.write() as tx:  # many like that one
        for table, changes in (("customer", "id + 1000 + n AS id"), ("booking", "id + 1000 + n AS id")):
            more = "customer_id + 1000 + n AS customer_id, number || n AS number, secret || n AS secret, "
            more += "uid || n AS uid, form_key || n AS form_key, starts_at + to_minutes(n) AS starts_at"
            changes += "" if table == "customer" else f", {more}"
            which = "name = 'Ohne'" if table == "customer" else f"id = {anybody}"
            sql = f"INSERT INTO {table} SELECT * REPLACE ({changes}) FROM {table}, range(80) t(n) WHERE {which}"
            tx.run(sql.replace("SELECT *", "SELECT * EXCLUDE (n)"))
    found = list_occasions(shop, sandra)
    assert [call.customer_id for call in found.calls] == [maria]
    assert len(found.held) == occasions.MOST


def test_who_wants_no_advertising_is_not_asked_about_an_offer_either(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    offer(shop, sandra, clock)
    clock.forward(days=7)
    with shop.store.write() as tx:
        tx.run("UPDATE customer SET no_ads = true")
    found = list_occasions(shop, sandra)
    assert (kinds(found.calls), kinds(found.held)) == ([], [[OccasionKind.OFFER]])


@pytest.mark.parametrize("code", ["V9b", "V10b", "wish", "pickup"])
def test_news_that_something_waits_is_no_offer(shop: Shop, sandra: Actor, clock: FrozenClock, code: str) -> None:
    talk = offer(shop, sandra, clock, code=code)
    with shop.store.write() as tx:
        price = data.wrap_ups.insert_reason(tx, name="Preis", intent=Intent.PRICE, minutes=5)
        message = tx.read("SELECT message_id FROM outbox")[0][0]
        if code == "wish":
            data.wishes.note_news(tx, 1, message, None)
        if code == "pickup":
            data.pickups.insert_pickup(tx, talk, None, message, shop.now())
    wrap_ups.note_reason(shop, sandra, talk, price)
    clock.forward(days=7)
    assert listed(shop, sandra) == []
