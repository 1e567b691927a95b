"""The demo's inquiries by the form, each with a page of its own: played on its moved clock like a real shop's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from data.demo_forms import FORMS, Asked
from data.records import Actor
from services.inquiries import hand_over, require_inquiry
from services.inquiry_form import InquiryForm, ask
from services.letters import HOLD
from services.own_inquiries import add_to_inquiry
from services.replies import send_reply
from services.sending import send_due
from services.shop import Shop

Scene = tuple[int, Callable[[], None]]


def form_scenes(shop: Shop, people: list[Actor]) -> Iterator[Scene]:
    """(minutes before the start, what happens then) of all forms and of what came of them."""
    for asked in FORMS:
        yield asked.age, partial(_ask, shop, people, asked)
        if asked.added:
            yield asked.added_age, partial(_add, shop, asked)
        if asked.answer:
            yield asked.answer_age, partial(_answer, shop, people, asked)


def _form(asked: Asked) -> InquiryForm:
    key = f"demo form {asked.mail}"
    return InquiryForm(asked.words, asked.name, asked.mail, asked.phone, False, None, key, "de")


def _ask(shop: Shop, people: list[Actor], asked: Asked) -> None:
    page = ask(shop, _form(asked))
    if asked.owner is not None:
        actor = people[asked.owner]
        hand_over(shop, actor, page.inquiry_id, actor.staff_id)


def _add(shop: Shop, asked: Asked) -> None:
    add_to_inquiry(shop, ask(shop, _form(asked)).secret, asked.added)  # the same form again leads to its page


def _answer(shop: Shop, people: list[Actor], asked: Asked) -> None:
    inquiry_id = ask(shop, _form(asked)).inquiry_id
    actor, version = people[asked.owner or 0], require_inquiry(shop.store, inquiry_id).version
    key = f"demo form {inquiry_id}"
    send_reply(shop, actor, inquiry_id, body=asked.answer, seen_version=version, form_key=key)
    later = shop.now() + HOLD
    send_due(replace(shop, clock=partial(_stand_at, later)))


def _stand_at(moment: datetime) -> datetime:
    return moment
