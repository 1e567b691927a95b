"""«Ware da»: who waits for what has come, each letter as it will go out, and telling them all.

A message speaks of the one article that this customer asked for and of nothing else: so it is no advertising (§ 7 UWG,
§ 174 TKG 2021), and goes also to who wants none. The wish and the words in which it was noted are the proof.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import data.customers
import data.inquiries
import data.promises
import data.templates
import data.wishes
from data.records import Actor, Channel, Customer, CustomerContact, Inquiry, MessageRole
from data.store import Reader, Transaction
from data.wishes import Wish, WishState
from services.availability import local_day
from services.customers import require_customer
from services.errors import InvalidInputError, ShopError, TakenError
from services.inquiries import require_inquiry
from services.letters import Letter, queue_letter, subject_of
from services.promises import usual_window
from services.rules.opening_hours import day_intervals
from services.rules.threads import plain_subject
from services.rules.wish_matching import Article, Fit, fit
from services.settings import holidays_between, shop_settings
from services.shop import Shop
from services.staff import require_staff
from services.templates import FilledTemplate, fill_texts, known_values, own_or_shipped
from services.wish_ends import call_off
from services.wish_words import ARRIVED, values_of, wish_words
from services.wishes import CHANGED, NO_REACH, REMEMBERED, require_wish

HELD_DAYS = 3  # days with opening hours
SHOWN = 50  # so many letters are read before they leave; more than that nobody reads
_FARTHEST = 60
_ORDER = list(Fit)
TOLD_ALREADY = "{name} weiß es schon."


class Way(StrEnum):
    """How a customer will hear of it."""

    MAIL = "mail"
    CALL = "call"
    NONE = "none"


@dataclass(frozen=True)
class Arrival:
    """What has come: until when it is held for each, and what it costs (None: nobody says)."""

    held_until: date
    price_cents: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A wish, how what has come fits it, how its customer is reached and what they will read."""

    wish: Wish
    fit: Fit
    way: Way
    reach: str  # the mail address or the number, as it is shown
    text: str  # '' for a call, and after the first `SHOWN`
    has_question: bool = False  # they wait for an answer to something else, which this message is not

    @property
    def ticked(self) -> bool:
        """Whether they are told unless somebody unticks them: only what was asked for, only who still waits."""
        quiet = self.wish.trouble in {"", "taken_back", "withdrawn"}
        return self.fit is Fit.FITS and self.wish.state is WishState.OPEN and quiet and self.way is not Way.NONE


@dataclass
class Told:
    """What came of telling: how many mails are on their way and calls promised, who knew already, what went wrong."""

    mails: int = 0
    calls: int = 0
    known: int = 0
    problems: list[tuple[str, ShopError]] = field(default_factory=list)  # (name, why)


def usual_hold(db: Reader, today: date) -> date:
    """The third day with opening hours after today; in three days where the shop names no hours."""
    settings = shop_settings(db)
    days = [today + timedelta(days=number) for number in range(1, _FARTHEST)]
    holidays = holidays_between(settings, today, days[-1])
    opened = [day for day in days if day_intervals(settings.hours, holidays, day)]
    return opened[HELD_DAYS - 1] if len(opened) >= HELD_DAYS else today + timedelta(days=HELD_DAYS)


def find_waiting(shop: Shop, actor: Actor, article: Article, arrival: Arrival) -> list[Waiting]:
    """All who wait for it, those for whom it fits first; then other sizes, other colours and what is only similar.

    Each of the first `SHOWN` with the letter as it will go out.
    """
    db, since = shop.store, shop.now() - REMEMBERED
    wanted = {each: fit(Article(*each[:3]), article) for each in data.wishes.wanted_articles(db, since)}
    fitting = {each: how for each, how in wanted.items() if how is not Fit.NONE}
    if not fitting:
        return []
    states, kinds = [WishState.OPEN, WishState.LAPSED], {each[3] for each in fitting}
    found: list[tuple[Wish, Fit]] = [
        (one, how)
        for one in data.wishes.list_wishes(db, states, since, kinds=kinds)
        if (how := fitting.get((one.article, one.size, one.colour, one.kind)))
    ]
    found.sort(key=lambda pair: (_ORDER.index(pair[1]), pair[0].state != WishState.OPEN, pair[0].id))
    return _described(shop, actor, found, arrival)


def _described(shop: Shop, actor: Actor, found: list[tuple[Wish, Fit]], arrival: Arrival) -> list[Waiting]:
    db, writer = shop.store, _Writer(shop, actor)
    people = {one.customer_id for one, _how in found}
    contacts, customers = data.customers.contacts_of(db, list(people)), data.customers.read_customers(db, people)
    more = data.wishes.waiting_for_more(db, [one.id for one, _how in found])
    waiting = []
    for place, (one, how) in enumerate(found):
        customer = customers[one.customer_id]
        way, reach = _way_to(customer, contacts.get(customer.id, []))
        text = writer.write(one, customer, arrival).body if way is Way.MAIL and place < SHOWN else ""
        waiting.append(Waiting(one, how, way, reach.shown if reach else "", text, one.id in more))
    return waiting


class _Writer:
    """What all letters have in common, read once."""

    def __init__(self, shop: Shop, actor: Actor) -> None:
        self.db, self.now = shop.store, shop.now()
        self.settings = shop_settings(shop.store)
        self.staff = require_staff(shop.store, actor.staff_id)
        self.subject, self.body = own_or_shipped(shop.store, self.settings, ARRIVED)

    def write(self, wish: Wish, customer: Customer, arrival: Arrival) -> FilledTemplate:
        values = {
            **known_values(customer, self.staff, self.settings, wish_words(wish), self.now),
            **values_of(wish, self.settings, reserved=arrival.held_until, price_cents=arrival.price_cents),
        }
        return fill_texts(self.subject, self.body, values, customer.form_of_address, self.settings)


def _way_to(customer: Customer, contacts: list[CustomerContact]) -> tuple[Way, CustomerContact | None]:
    """By mail, or by a call for who has no mail address or wants to be called."""
    mail = next((one for one in contacts if one.kind == "mail"), None)
    phone = next((one for one in contacts if one.kind == "phone"), None)
    if phone and (mail is None or customer.preferred == "phone"):
        return Way.CALL, phone
    return (Way.MAIL, mail) if mail else (Way.NONE, None)


def tell_waiting(shop: Shop, actor: Actor, arrival: Arrival, texts: Mapping[int, str]) -> Told:
    """Tell the customers of these wishes, in the given text where it is not ''; what came of it.

    One message to one customer each, in its own transaction: one that cannot be told holds up no other. Mails leave in
    20 seconds and can be taken back; calls are promised for the usual window. Who was told already is not told again.
    Raises InvalidInputError for a day that is past.
    """
    if arrival.held_until < local_day(shop.now(), shop_settings(shop.store)):
        raise InvalidInputError("Der letzte Tag, an dem wir es zurücklegen, ist schon vorbei.")
    told, writer = Told(), _Writer(shop, actor)
    for wish_id, text in texts.items():
        try:
            with shop.store.write() as tx:
                way = _tell(shop, tx, actor, writer, require_wish(tx, wish_id), arrival, text)
        except TakenError:
            told.known += 1
        except ShopError as problem:
            told.problems.append((_name_of(shop.store, wish_id), problem))
        else:
            told.mails += way is Way.MAIL
            told.calls += way is Way.CALL
    return told


def _name_of(db: Reader, wish_id: int) -> str:
    wish = data.wishes.read_wish(db, wish_id)
    return wish.customer_name if wish else ""


def _tell(shop: Shop, tx: Transaction, actor: Actor, writer: _Writer, wish: Wish, arrival: Arrival, text: str) -> Way:
    """Claim the wish and put the message on its way, both or neither."""
    if wish.state not in {WishState.OPEN, WishState.LAPSED} or wish.heard_at is not None:
        raise TakenError(TOLD_ALREADY, name=wish.customer_name)
    customer = require_customer(tx, wish.customer_id)
    way, reach = _way_to(customer, data.customers.list_contacts(tx, customer.id))
    if reach is None:
        raise InvalidInputError(NO_REACH)
    filled = writer.write(wish, customer, arrival)
    inquiry = _conversation_for(shop, tx, actor, wish, filled.subject, way, reach)
    news = dict[str, object].fromkeys(("told_message_id", "told_promise_id", "ended_at", "told_at"))
    if way is Way.CALL:
        news["told_promise_id"] = promised = _promise(shop, tx, actor, inquiry, wish, reach.address)
        data.wishes.note_news(tx, wish.id, None, promised)
    else:
        words = (subject_of(inquiry, filled.subject), text.strip() or filled.body)
        key, name = secrets.token_hex(16), customer.name
        letter = Letter(name, reach.address, "", *words, key, MessageRole.ANSWER, of_draft=False)
        news["told_message_id"] = message_id = queue_letter(shop, tx, actor, inquiry, letter)
        data.wishes.note_news(tx, wish.id, message_id, None)
    held = {"state": WishState.TOLD, "reserved_until_on": arrival.held_until, "inquiry_id": inquiry.id}
    data.wishes.change_wish(tx, wish.id, {**news, **held})
    return way


def _conversation_for(
    shop: Shop, tx: Transaction, actor: Actor, wish: Wish, subject: str, way: Way, reach: CustomerContact
) -> Inquiry:
    """The wish's own; a new one where that has become somebody else's, by joining and parting again, or where the
    customer waits for an answer that this message is not.
    """
    inquiry = require_inquiry(tx, wish.inquiry_id)
    if inquiry.customer_id == wish.customer_id and not data.wishes.waiting_for_more(tx, [wish.id]):
        return inquiry
    now, channel = shop.now(), Channel.MAIL if way is Way.MAIL else Channel.CALL
    values = {"customer_id": wish.customer_id, "channel": channel, "started_by": "shop", "owner_id": actor.staff_id}
    begun = data.inquiries.insert_inquiry(tx, {**values, "subject": plain_subject(subject)}, now)
    data.inquiries.add_event(tx, begun, "begun", now, staff_id=actor.staff_id, detail=reach.address)
    return require_inquiry(tx, begun)


def _promise(shop: Shop, tx: Transaction, actor: Actor, inquiry: Inquiry, wish: Wish, phone: str) -> int:
    now = shop.now()
    values = {
        "inquiry_id": inquiry.id,
        "staff_id": actor.staff_id,
        "phone": phone,
        "topic": call_topic(wish),
        "due_at": usual_window(tx, now).due_at,
    }
    data.inquiries.add_event(tx, inquiry.id, "promised", now, staff_id=actor.staff_id)
    return data.promises.insert_promise(tx, values, now)


def call_topic(wish: Wish) -> str:
    """«Jeans 128 ist da»: in the shop's language, beside a number to dial."""
    return f"{wish_words(wish)} ist da"


def note_told(shop: Shop, actor: Actor, wish_id: int, held_until: date) -> None:
    """The customer was told in person or on the phone just now; no message and no call is needed any more.

    Raises NotFoundError, TakenError when they knew, or the wish ended meanwhile.
    """
    now = shop.now()
    with shop.store.write() as tx:
        wish = require_wish(tx, wish_id)
        if wish.heard_at is not None:
            raise TakenError(TOLD_ALREADY, name=wish.customer_name)
        if wish.state in {WishState.DECLINED, WishState.FULFILLED}:
            raise TakenError(CHANGED)
        call_off(tx, wish.id, now)
        changes = {"state": WishState.TOLD, "told_at": now, "reserved_until_on": held_until, "ended_at": None}
        data.wishes.change_wish(tx, wish.id, changes)


def note_reply(shop: Shop, tx: Transaction, inquiry_id: int, message_id: int, template_id: int | None) -> None:
    """A reply that began with the template «Ware da» tells the customer of the one wish of its conversation that is
    still open; of several nobody knows which. Joins the caller's transaction.
    """
    template = data.templates.read_template(tx, template_id) if template_id else None
    if template is None or template.code != ARRIVED:
        return
    wishes = data.wishes.wishes_of_inquiry(tx, inquiry_id)
    still = [one for one in wishes if one.state is WishState.OPEN]
    if len(still) != 1:
        return
    held = usual_hold(tx, local_day(shop.now(), shop_settings(tx)))
    told = {"told_message_id": message_id, "told_promise_id": None, "told_at": None, "ended_at": None}
    data.wishes.change_wish(tx, still[0].id, {**told, "state": WishState.TOLD, "reserved_until_on": held})
    data.wishes.note_news(tx, still[0].id, message_id, None)
