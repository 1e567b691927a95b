"""Wishes: noted at the counter, kept until the article is there, never ended without something to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import data.customers
import data.inquiries
import data.wishes
import data.wrap_ups
from data.records import Actor, Channel, CloseReason, MessageRole, ShopSettings
from data.report_records import Intent
from data.store import Reader, Transaction
from data.wishes import Wish, WishState
from data.wrap_ups import WrapUp
from services.availability import local_day
from services.clock import refresh_clock
from services.closing import note_close
from services.customers import (
    NAME_LENGTH,
    clean_name,
    contact_of,
    find_or_add_customer,
    learn_contact,
    refold,
    require_kept,
)
from services.entries import Entry, add_entry
from services.errors import InvalidInputError, TakenError, require
from services.inquiries import require_inquiry
from services.rules.folding import fold
from services.rules.wish_matching import Article, kind_of, split_article
from services.settings import shop_settings
from services.shop import Shop
from services.typed import needed_line, one_line, short_line, shorten
from services.wish_ends import call_off
from services.wish_words import article_words

USUAL_DAYS = 28
DOUBLE_TAP = timedelta(seconds=10)
LONGEST = timedelta(days=730)
LET_GO = timedelta(days=14)  # after the last day on which it was held
REMEMBERED = timedelta(days=30)
_LENGTH, _WORDS_LENGTH, _PART_LENGTH = 120, 300, 40  # of the article, of all that was said, of size and colour
_SUBJECT = 78
_ALIVE = (WishState.OPEN, WishState.TOLD, WishState.LAPSED)
_NEWS = ("told_at", "told_message_id", "told_promise_id", "reserved_until_on")
CHANGED = "Das hat inzwischen schon jemand entschieden. Bitte sehen Sie noch einmal nach."
GONE = "Diesen Wunsch gibt es nicht mehr."
NO_REACH = "Wie erreichen wir sie? Es fehlt eine Telefonnummer oder E-Mail-Adresse."


class Offered(StrEnum):
    """What was offered where the wish cannot come true: «nichts» is not a choice."""

    OTHER_SIZE = "other_size"
    ORDERED = "ordered"
    OTHER_SHOP = "other_shop"
    CALLBACK = "callback"


@dataclass(frozen=True)
class NewWish:
    """A wish as it was typed. Who it is for: a known customer, the one of the inquiry, or whoever `reach` leads to."""

    article: str
    until_on: date
    size: str = ""
    colour: str = ""
    words: str = ""  # as they were said; the article where nobody typed them
    who: str = ""
    reach: str = ""
    price_cents: int | None = None
    expected: str = ""
    expected_source: str = ""
    customer_id: int = 0
    inquiry_id: int = 0
    channel: Channel = Channel.VISIT


@dataclass(frozen=True)
class NotedWish:
    wish_id: int
    inquiry_id: int
    until_on: date


def note_wish(shop: Shop, actor: Actor, new: NewWish, *, promise: str = "") -> NotedWish:
    """Keep a wish and the words in which it was asked for; what became of it.

    A wish of an inquiry joins its conversation and leaves its clock alone. Any other begins one of its own in which
    nobody waits: it was asked and promised in person, `promise` in these words. The same wish of the same customer
    within ten seconds is one. Raises InvalidInputError, NotFoundError.
    """
    now = shop.now()
    with shop.store.write() as tx:
        settings = shop_settings(tx)
        words = _words_of(new)
        values = _checked(new, words, local_day(now, settings))
        customer_id = _customer_of(shop, tx, new, settings)
        known = data.wishes.noted_just_now(tx, words, customer_id, now - DOUBLE_TAP)
        if known is not None:
            wish = require_wish(tx, known)
            return NotedWish(wish.id, wish.inquiry_id, wish.until_on)
        inquiry_id = _inquiry_of(shop, tx, actor, new, customer_id, f"{words}\n\n{promise}")
        kept = {**values, "customer_id": customer_id, "inquiry_id": inquiry_id}
        wish_id = data.wishes.insert_wish(tx, kept, now)
    return NotedWish(wish_id, inquiry_id, new.until_on)


def _words_of(new: NewWish) -> str:
    return short_line(new.words, _WORDS_LENGTH) or article_words(*map(one_line, (new.article, new.size, new.colour)))


def _checked(new: NewWish, words: str, today: date) -> dict[str, object]:
    article = split_article(words) if not new.article.strip() else Article(new.article, new.size, new.colour)
    for typed in (new.who, new.reach):
        short_line(typed, NAME_LENGTH)
    return {
        **_article_values(article),
        "note": words,
        "price_cents": new.price_cents,
        "until_on": _day_ahead(new.until_on, today),
        "expected": short_line(new.expected, _LENGTH),
        "expected_source": short_line(new.expected_source, _LENGTH),
    }


def _article_values(article: Article) -> dict[str, object]:
    name = needed_line(article.name, "Was wird gesucht? Der Artikel fehlt noch.", _LENGTH)
    kept = Article(name, short_line(article.size, _PART_LENGTH), short_line(article.colour, _PART_LENGTH))
    folded = fold(article_words(kept.name, kept.size, kept.colour))
    return {"article": name, "size": kept.size, "colour": kept.colour, "kind": kind_of(kept), "folded": folded}


def _day_ahead(day: date, today: date) -> date:
    if day < today:
        raise InvalidInputError("Dieser Tag ist schon vorbei.")
    if day > today + LONGEST:
        raise InvalidInputError("So lange kann niemand warten. Bitte wählen Sie einen früheren Tag.")
    return day


def _customer_of(shop: Shop, tx: Transaction, new: NewWish, settings: ShopSettings) -> int:
    if new.inquiry_id:
        customer_id = require_kept(tx, require_inquiry(tx, new.inquiry_id).customer_id).id
    elif new.customer_id:
        customer_id = require_kept(tx, new.customer_id).id
    else:
        if not contact_of(new.reach, settings.country)[0]:
            raise InvalidInputError(NO_REACH)
        return find_or_add_customer(tx, settings.country, name=new.who, reach=new.reach, now=shop.now())
    _learn_reach(tx, customer_id, new.reach, shop.now())
    return customer_id


def _learn_reach(tx: Transaction, customer_id: int, reach: str, now: datetime) -> None:
    """A known customer has to be reachable, too: nobody could keep the promise."""
    if learn_contact(tx, customer_id, reach, now):
        refold(tx, customer_id)
    elif not data.customers.list_contacts(tx, customer_id):
        raise InvalidInputError(NO_REACH)


def _inquiry_of(shop: Shop, tx: Transaction, actor: Actor, new: NewWish, customer_id: int, words: str) -> int:
    now = shop.now()
    if new.inquiry_id:
        inquiry_id = require_inquiry(tx, new.inquiry_id).id
        data.inquiries.add_event(tx, inquiry_id, "wished", now, staff_id=actor.staff_id)
        return inquiry_id
    subject = shorten(_words_of(new), _SUBJECT)
    values = {"customer_id": customer_id, "channel": new.channel, "owner_id": actor.staff_id, "subject": subject}
    inquiry_id = data.inquiries.insert_inquiry(tx, {"started_by": "customer", **values}, now)
    entry = Entry(new.channel, MessageRole.ANSWER, words, speaker=clean_name(new.who))
    add_entry(tx, inquiry_id, actor, entry, now)
    _note_reason(tx, inquiry_id, now)
    note_close(tx, inquiry_id, actor, CloseReason.ANSWERED, now)
    refresh_clock(tx, inquiry_id)
    return inquiry_id


def _note_reason(tx: Transaction, inquiry_id: int, now: datetime) -> None:
    """What it was about is known where the shop has one name for it."""
    reasons = [one for one in data.wrap_ups.list_reasons(tx) if one.intent is Intent.AVAILABILITY]
    if len(reasons) == 1:
        data.wrap_ups.put_wrap_up(tx, inquiry_id, WrapUp(reasons[0].id), now)


def require_wish(db: Reader, wish_id: int) -> Wish:
    """The wish; NotFoundError if there is none."""
    return require(data.wishes.read_wish(db, wish_id), GONE)


def change_wish(
    shop: Shop, actor: Actor, wish_id: int, article: Article, *, until_on: date, price_cents: int | None
) -> None:
    """Correct what is wanted, until when, and what it would cost; a later day takes up one that had lapsed.

    The words in which it was asked for stay. Raises NotFoundError, InvalidInputError, TakenError when it came or ended
    meanwhile.
    """
    values = {**_article_values(article), "price_cents": price_cents}
    with shop.store.write() as tx:
        wish = _still(tx, wish_id, WishState.OPEN, WishState.LAPSED)
        if until_on != wish.until_on or wish.state is WishState.LAPSED:
            values |= _put_off(wish, until_on, shop_settings(tx), shop.now())
        data.wishes.change_wish(tx, wish.id, values)


def extend_wish(shop: Shop, actor: Actor, wish_id: int, until_on: date) -> None:
    """Wait on until another day. Raises NotFoundError, InvalidInputError, TakenError when it came or ended."""
    with shop.store.write() as tx:
        wish = _still(tx, wish_id, WishState.OPEN, WishState.LAPSED)
        data.wishes.change_wish(tx, wish.id, _put_off(wish, until_on, shop_settings(tx), shop.now()))


def _still(tx: Transaction, wish_id: int, *states: WishState) -> Wish:
    """The wish, as long as it stands in one of these ways: a second tab undoes nothing that the first one did."""
    wish = require_wish(tx, wish_id)
    if wish.state not in states:
        raise TakenError(CHANGED)
    return wish


def _put_off(wish: Wish, until_on: date, settings: ShopSettings, now: datetime) -> Mapping[str, object]:
    """It waits again. One whose day had passed without news stays missed at that day, and what was told stays told
    then, whatever is agreed afterwards.
    """
    today = local_day(now, settings)
    changes: dict[str, object] = {"until_on": _day_ahead(until_on, today), "state": WishState.OPEN, "ended_at": None}
    heard_on = local_day(wish.heard_at, settings) if wish.heard_at else today
    if wish.until_on < heard_on:
        changes["missed_on"] = wish.until_on
    if wish.heard_at:
        changes |= {"first_heard_at": wish.heard_at, **dict.fromkeys(_NEWS)}
    return changes


def expect_wish(shop: Shop, actor: Actor, wish_id: int, *, expected: str, source: str) -> int:
    """When it will probably come and who said so: of all open wishes for the same, for it is the article that comes.

    How many they are. Raises NotFoundError, InvalidInputError.
    """
    changes = {"expected": short_line(expected, _LENGTH), "expected_source": short_line(source, _LENGTH)}
    with shop.store.write() as tx:
        wish = require_wish(tx, wish_id)
        same = [one.id for one in data.wishes.list_wishes(tx, [WishState.OPEN], shop.now(), kinds=[wish.kind])]
        for one in {*same, wish.id}:
            data.wishes.change_wish(tx, one, changes)
    return len({*same, wish.id})


def fulfil_wish(shop: Shop, actor: Actor, wish_id: int) -> None:
    """«Abgeholt»: the customer has it, which they cannot without having heard of it.

    Raises NotFoundError, TakenError when it ended otherwise meanwhile.
    """
    now = shop.now()
    with shop.store.write() as tx:
        wish = _still(tx, wish_id, *_ALIVE, WishState.FULFILLED)
        if wish.state is not WishState.FULFILLED:
            call_off(tx, wish.id, now)
            changes = {"state": WishState.FULFILLED, "ended_at": now, "told_at": wish.heard_at or now}
            data.wishes.change_wish(tx, wish.id, changes)


def decline_wish(shop: Shop, actor: Actor, wish_id: int, offered: Offered) -> None:
    """«Gibt es nicht mehr», and what was offered instead. Raises NotFoundError, TakenError when it came meanwhile."""
    changes = {"state": WishState.DECLINED, "offered": Offered(offered)}
    _end(shop, wish_id, changes, WishState.OPEN, WishState.LAPSED)


def withdraw_wish(shop: Shop, actor: Actor, wish_id: int) -> None:
    """«Will nicht mehr»: the customer's own choice, to be offered nothing. Raises NotFoundError, TakenError."""
    _end(shop, wish_id, {"state": WishState.DECLINED, "offered": ""}, *_ALIVE)


def _end(shop: Shop, wish_id: int, changes: Mapping[str, object], *states: WishState) -> None:
    with shop.store.write() as tx:
        wish = _still(tx, wish_id, *states)
        call_off(tx, wish.id, shop.now())
        data.wishes.change_wish(tx, wish.id, {**changes, "ended_at": wish.ended_at or shop.now()})


def reopen_wish(shop: Shop, actor: Actor, wish_id: int) -> None:
    """Nobody fetched it and it is wanted all the same: it waits again, and the next news is told once more.

    Until its day, or for four weeks where that has passed. That it was told, and when, stays what it was. Raises
    NotFoundError, TakenError when it ended meanwhile.
    """
    now = shop.now()
    with shop.store.write() as tx:
        wish, settings = _still(tx, wish_id, WishState.TOLD), shop_settings(tx)
        today = local_day(now, settings)
        until = wish.until_on if wish.until_on >= today else today + timedelta(days=USUAL_DAYS)
        call_off(tx, wish.id, now)
        data.wishes.change_wish(tx, wish.id, {**_put_off(wish, until, settings, now), **dict.fromkeys(_NEWS)})


def lapse_wishes(shop: Shop) -> int:
    """Wishes whose day has passed without news have lapsed, and so has what nobody fetched for two weeks; how many.

    Nobody is told: people decide what to say.
    """
    now = shop.now()
    today = local_day(now, shop_settings(shop.store))
    if not data.wishes.overdue_wishes(shop.store, today, today - LET_GO):
        return 0
    with shop.store.write() as tx:
        overdue = data.wishes.overdue_wishes(tx, today, today - LET_GO)
        for wish_id in overdue:
            data.wishes.change_wish(tx, wish_id, {"state": WishState.LAPSED, "ended_at": now})
    return len(overdue)


@dataclass(frozen=True)
class WishBoard:
    """All wishes about which something can be done."""

    open: list[Wish]
    told: list[Wish]  # held for somebody, those whose time is over first
    lapsed: list[Wish]  # without news, for 30 days


def show_wishes(shop: Shop, actor: Actor, words: str = "") -> WishBoard:
    """The wishes that hold these words, in any spelling: of the article, of who waits."""
    states, since = [WishState.OPEN, WishState.TOLD, WishState.LAPSED], shop.now() - REMEMBERED
    found = data.wishes.list_wishes(shop.store, states, since, fold(words).split())
    told = [one for one in found if one.state is WishState.TOLD]
    return WishBoard(
        open=[one for one in found if one.state is WishState.OPEN],
        told=sorted(told, key=lambda one: (one.reserved_until_on or date.max, one.id)),
        lapsed=[one for one in found if one.state is WishState.LAPSED],
    )


def wishes_for_same(shop: Shop, actor: Actor, wish_id: int) -> list[Wish]:
    """The open wishes for the same article in the same size, in any colour. Raises NotFoundError."""
    kind = require_wish(shop.store, wish_id).kind
    return data.wishes.list_wishes(shop.store, [WishState.OPEN], shop.now(), kinds=[kind])


def count_to_decide(shop: Shop, actor: Actor) -> int:
    """How many somebody has to decide about today: lapsed ones, and what is held until today at the latest."""
    today = local_day(shop.now(), shop_settings(shop.store))
    return data.wishes.count_to_decide(shop.store, today, shop.now() - REMEMBERED)


def wishes_of(shop: Shop, actor: Actor, customer_id: int) -> list[Wish]:
    """What this customer waits for, what is held for them, and what lapsed in the last 30 days without news."""
    since, every = shop.now() - REMEMBERED, data.wishes.wishes_of_customer(shop.store, customer_id)
    shown = {WishState.OPEN, WishState.TOLD}
    return [one for one in every if one.state in shown or (one.state is WishState.LAPSED and _unheard(one, since))]


def _unheard(wish: Wish, since: datetime) -> bool:
    return wish.heard_at is None and (wish.ended_at is None or wish.ended_at >= since)
