"""Plays the demo shop: the words of `data.demo` go through the same use cases as a real shop's, on a moved clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from functools import partial

import data.demo
import data.settings
from data.demo import Call, Callback, Mail, Noted
from data.promises import CallOutcome, promises_of
from data.records import Actor, Channel, CloseReason, MailAccount, MailServer, StaffRole
from data.store import Reader
from services.closing import close_inquiry
from services.demo_customers import know_customers
from services.demo_forms import form_scenes
from services.demo_history import begin_history, check_history, finish_history, keep_history
from services.demo_ratings import rating_scenes
from services.demo_visits import visit_scenes
from services.demo_ways import way_scenes
from services.demo_wishes import wish_scenes
from services.inquiries import hand_over, list_inquiries, plan_next_step, require_inquiry
from services.intake import fetch_mail
from services.letters import HOLD
from services.mail.contract import RawMail
from services.mail.dry_run import DryRunMailbox, DryRunMailer
from services.noting import Outcome, add_note, note_contact
from services.offerings import seed_offerings
from services.process import NO_HISTORY, DemoHistory
from services.promises import ask_callback, call_windows, promise_callback, try_promise
from services.reasons import list_reasons, seed_reasons
from services.replies import send_reply
from services.sending import send_due
from services.settings import is_set_up, put_mail_account, put_settings
from services.setup import mark_set_up
from services.shop import Shop
from services.staff import NewPerson, enrol, hash_pin
from services.templates import list_templates, seed_templates
from services.wrap_ups import mark_praise, note_avoidable, note_kept, note_reason, pass_on_praise

_MARK = "demo"
Scene = tuple[int, Callable[[], None]]


class DemoClock:
    """A clock that the demo sets to when something happened."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment being played, aware UTC."""
        return self.now


@dataclass(frozen=True)
class DemoPins:
    owner: str
    staff: str


def demo_pins() -> DemoPins:
    """What the sign-in page of the demo tells everybody."""
    return DemoPins(data.demo.OWNER_PIN, data.demo.STAFF_PIN)


def is_demo(db: Reader) -> bool:
    """Whether `build_demo` made this shop; `open_shop` opens it as nothing else."""
    return data.settings.read_setting(db, _MARK) is not None


def build_demo(shop: Shop, history: DemoHistory = NO_HISTORY) -> None:
    """Fill an empty shop with the demo garage and its past; a shop that is set up is left alone. No mail leaves.

    Raises InvalidInputError for a history that cannot be, or another one than the demo has.
    """
    check_history(history)
    if is_set_up(shop.store):
        keep_history(shop, history)
        return
    start = shop.now()
    begin_history(shop, history, start)
    inbox: list[RawMail] = []
    clock = DemoClock(start)
    stage = replace(shop, mailbox=partial(DryRunMailbox, inbox=inbox), mailer=DryRunMailer(), clock=clock)
    people = _open_shop(stage, start)
    for age, play in sorted(_scenes(stage, inbox, people, start), key=lambda scene: -scene[0]):
        clock.now = start - timedelta(minutes=age)
        play()
    clock.now = start
    finish_history(shop)


def _open_shop(shop: Shop, start: datetime) -> list[Actor]:
    """Settings, people, templates and a mailbox that leads nowhere; the people, the owner first."""
    nowhere = MailServer("127.0.0.1", 9, "none")
    opened = start - timedelta(days=35)
    account = MailAccount(data.demo.ADDRESS, data.demo.ADDRESS, nowhere, nowhere, "", opened)
    with shop.store.write() as tx:
        put_settings(tx, data.demo.SHOP, start)
        put_mail_account(tx, account, start)
        seed_templates(tx, start, "AT", "kfz")
        ids = [
            enrol(tx, NewPerson(p.name, role, hash_pin(pin, role), p.job_title, data.demo.SHOP["phone"]), start)
            for p, role, pin in _cast()
        ]
        seed_offerings(tx, start, "AT", "kfz", prices=data.demo.PRICES, on_request={data.demo.ON_REQUEST})
        seed_reasons(tx, "kfz")
        data.settings.write_setting(tx, _MARK, "true", start)
        mark_set_up(tx, start)
    return [
        Actor(staff_id, person.name, role, "de", "demo")
        for staff_id, (person, role, _) in zip(ids, _cast(), strict=True)
    ]


def _cast() -> list[tuple[data.demo.Person, StaffRole, str]]:
    owner = (data.demo.OWNER, StaffRole.OWNER, data.demo.OWNER_PIN)
    return [owner, *((person, StaffRole.STAFF, data.demo.STAFF_PIN) for person in data.demo.TEAM)]


def _scenes(shop: Shop, inbox: list[RawMail], people: list[Actor], start: datetime) -> Iterator[Scene]:
    """(minutes before the start, what happens then)."""
    for mail in (*data.demo.MAILS, data.demo.EARLIER):
        yield from _mail_scenes(shop, inbox, people, start, mail)
    for call in data.demo.CALLS:
        yield call.age, partial(_call, shop, people, call, start)
    for callback in data.demo.CALLBACKS:
        yield callback.age, partial(_promise, shop, people, callback, start)
        for age, outcome in callback.tries:
            yield age, partial(_try, shop, people[callback.owner], callback, CallOutcome(outcome))
    yield from visit_scenes(shop, people, start)
    yield from wish_scenes(shop, people, start)
    yield from form_scenes(shop, people)
    yield from way_scenes(shop, people, start)
    yield from rating_scenes(shop, people)
    yield 15, partial(know_customers, shop, people[0])
    for noted in data.demo.NOTED:
        yield noted.age, partial(_note_end, shop, people[0], noted)
    newsletter = data.demo.NEWSLETTER
    bulk = {"Precedence": "bulk", "List_Id": "<news.reifen.example.org>"}
    yield newsletter.age, partial(_arrive, shop, inbox, newsletter, newsletter.text, "<news@demo.example>", bulk)


def _mail_scenes(shop: Shop, inbox: list[RawMail], people: list[Actor], start: datetime, mail: Mail) -> Iterator[Scene]:
    first, again = make_msgid(domain="demo.example"), make_msgid(domain="demo.example")
    yield mail.age, partial(_arrive, shop, inbox, mail, mail.text, first, {})
    if mail.owner is not None:
        yield mail.age - 1, partial(_take, shop, people[mail.owner], mail, start)
    if mail.nudge:
        yield mail.nudge_age, partial(_arrive, shop, inbox, mail, mail.nudge, again, {"In_Reply_To": first})
        yield mail.nudge_age - 30, partial(_note, shop, people[1], mail)
    if mail.answer and mail.owner is not None:
        yield mail.answer_age, partial(_answer, shop, people[mail.owner], mail)


def _arrive(shop: Shop, inbox: list[RawMail], mail: Mail, text: str, mail_id: str, headers: dict[str, str]) -> None:
    letter = EmailMessage()
    letter["From"] = formataddr((mail.name, mail.address))
    letter["To"], letter["Subject"], letter["Message-ID"] = data.demo.ADDRESS, mail.subject, mail_id
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    inbox.append(RawMail(len(inbox) + 1, letter.as_bytes(), shop.now()))
    fetch_mail(shop)


def _inquiry_of(shop: Shop, actor: Actor, mail: Mail) -> tuple[int, int]:
    """(id, newest message) of the inquiry of this mail's sender."""
    inquiry_id = _find(shop, actor, mail.name)
    return inquiry_id, require_inquiry(shop.store, inquiry_id).version


def _find(shop: Shop, actor: Actor, name: str) -> int:
    """The inquiry of a customer, an open one if there is any."""
    found = list_inquiries(shop, actor, words=name)
    return (found.waiting + found.with_customer + found.earlier + found.found)[0].row.id


def _take(shop: Shop, actor: Actor, mail: Mail, start: datetime) -> None:
    inquiry_id, _ = _inquiry_of(shop, actor, mail)
    hand_over(shop, actor, inquiry_id, actor.staff_id)
    if mail.next_step:
        plan_next_step(shop, actor, inquiry_id, mail.next_step, start + timedelta(minutes=75))


def _note(shop: Shop, actor: Actor, mail: Mail) -> None:
    add_note(shop, actor, _inquiry_of(shop, actor, mail)[0], data.demo.NOTE)


def _answer(shop: Shop, actor: Actor, mail: Mail) -> None:
    inquiry_id, version = _inquiry_of(shop, actor, mail)
    codes = {template.code: template.id for template in list_templates(shop, actor)}
    key, template = f"demo {inquiry_id}", codes.get(mail.template)
    send_reply(shop, actor, inquiry_id, body=mail.answer, seen_version=version, form_key=key, template_id=template)
    later = replace(shop, clock=DemoClock(shop.now() + HOLD))
    send_due(later)
    if mail.closed:
        close_inquiry(later, actor, inquiry_id, CloseReason.ANSWERED)


def _call(shop: Shop, people: list[Actor], call: Call, start: datetime) -> None:
    outcome = Outcome.SETTLED if call.settled else Outcome.WE_CALL if call.promise else Outcome.MESSAGE
    note_contact(
        shop,
        people[call.owner],
        who=call.name,
        need=call.need,
        reach=call.phone,
        channel=Channel(call.channel),
        outcome=outcome,
        promise_at=start + timedelta(minutes=call.promise) if call.promise else None,
        promise_staff_id=people[call.owner].staff_id,
    )


def _promise(shop: Shop, people: list[Actor], call: Callback, start: datetime) -> None:
    owner = people[call.owner]
    inquiry_id, topic = _find(shop, owner, call.name), call.topic
    if not call.asked:
        due_at, caller = start + timedelta(minutes=call.due), owner.staff_id
        promise_callback(shop, owner, inquiry_id, staff_id=caller, phone=call.phone, due_at=due_at, topic=topic)
        return
    with shop.store.write() as tx:
        now = shop.now()
        window = call_windows(tx, now)[1]
        ask_callback(tx, inquiry_id, phone=call.phone, window=window, topic=topic, source="status", now=now)


def _try(shop: Shop, actor: Actor, call: Callback, outcome: CallOutcome) -> None:
    (promise,) = promises_of(shop.store, _find(shop, actor, call.name))
    try_promise(shop, actor, promise.id, outcome)


def _note_end(shop: Shop, actor: Actor, noted: Noted) -> None:
    inquiry_id = _find(shop, actor, noted.name)
    reasons = {reason.name: reason.id for reason in list_reasons(shop.store)}
    note_reason(shop, actor, inquiry_id, reasons[noted.reason])  # which marks a complaint as one
    note_avoidable(shop, actor, inquiry_id, noted.avoidable)
    note_kept(shop, actor, inquiry_id, noted.kept)
    if noted.praised:
        mark_praise(shop, actor, inquiry_id)
        pass_on_praise(shop, actor, inquiry_id)
