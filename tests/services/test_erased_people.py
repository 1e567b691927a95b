"""Pages that were open when somebody was erased: nothing in them brings a word of that person, or their wait, back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from data.messages import list_messages
from data.records import Actor, CloseReason
from services import ideas
from services.closing import close_inquiry, merge_inquiries, reopen_inquiry
from services.customers import change_customer
from services.errors import NotFoundError
from services.inquiries import plan_next_step, require_inquiry
from services.noting import add_note, log_call
from services.privacy import erase_customer
from services.promises import promise_callback
from services.ratings import IN_SHOP, note_rating
from services.replies import forward_inquiry, send_reply
from services.shop import Shop
from services.wishes import NewWish, extend_wish, note_wish, show_wishes
from services.wrap_ups import describe_complaint, note_deal
from tests.bookable import at
from tests.builders import letter, only_inquiry, receive
from tests.services.test_privacy import sandra, words_left

__all__ = ["sandra"]


def test_nothing_is_promised_planned_told_or_opened_again_of_somebody_erased(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter("Bitte öffnen Sie samstags."))
    inquiry, day, now = only_inquiry(shop), at(24, 9).date(), shop.now()
    ident, maria, idea = inquiry.id, inquiry.customer_id, ideas.mark_idea(shop, sandra, inquiry.id)
    jeans = note_wish(shop, sandra, NewWish("Jeans", day, reach="maria.hofer@example.org", inquiry_id=ident)).wish_id
    ideas.decide_idea(shop, sandra, idea, ideas.Fate.DONE)
    ideas.note_informed(shop, sandra, idea)
    close_inquiry(shop, sandra, ident, CloseReason.DEALT_WITH)
    with shop.store.write() as tx:
        tx.run("UPDATE wish SET state = 'lapsed', ended_at = $now", {"now": now})
    assert show_wishes(shop, sandra).lapsed
    erase_customer(shop, sandra, maria)
    call = {"staff_id": 0, "phone": "0664 555 01 27", "due_at": now + timedelta(hours=1), "topic": "Frau Hofer"}
    mail: dict[str, Any] = {"form_key": "k", "address": "x@example.org", "note": "Frau Hofer"}
    late: list[Callable[[], object]] = [
        lambda: promise_callback(shop, sandra, ident, **call),  # type: ignore[arg-type]
        lambda: plan_next_step(shop, sandra, ident, "Frau Hofer schreiben", None),
        lambda: add_note(shop, sandra, ident, "Frau Hofer ruft wieder an"),
        lambda: log_call(shop, sandra, ident, reached=True, words="Frau Hofer"),
        lambda: send_reply(shop, sandra, ident, body="Frau Hofer", seen_version=inquiry.version, form_key="r"),
        lambda: forward_inquiry(shop, sandra, ident, **mail),
        lambda: note_deal(shop, sandra, ident, wished="Hofers Golf"),
        lambda: describe_complaint(shop, sandra, ident, cause="Hofer", cost_cents=0, solution="Hofer", lost=None),
        lambda: note_rating(shop, sandra, ident, 5, "Hofer ist froh", way=IN_SHOP),
        lambda: ideas.decide_idea(shop, sandra, idea, ideas.Fate.DECLINED, "Frau Hofer will das"),
        lambda: ideas.unmark_idea(shop, sandra, idea),
        lambda: extend_wish(shop, sandra, jeans, day),
        lambda: change_customer(shop, sandra, maria, note="Hofer"),
        lambda: reopen_inquiry(shop, sandra, ident),
    ]
    for act in late:
        with pytest.raises(NotFoundError, match=r"gelöscht|gibt es nicht mehr"):
            act()
    assert not list(words_left(shop, "hofer"))
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == ("closed", None)
    assert not show_wishes(shop, sandra).lapsed


def test_who_was_joined_with_somebody_erased_is_still_answered(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    receive(shop, letter(sender="Josef Novak <josef@example.org>", subject="Bremse", message_id="<b@novak.example>"))
    maria, josef = (row[0] for row in shop.store.read("SELECT id FROM inquiry ORDER BY id"))
    merge_inquiries(shop, sandra, maria, josef)
    with shop.store.write() as tx:
        tx.run("UPDATE inquiry SET state = 'closed'")
    erase_customer(shop, sandra, require_inquiry(shop.store, maria).customer_id)
    add_note(shop, sandra, josef, "Hr. Novak ruft wieder an")
    assert "Hr. Novak ruft wieder an" in [each.body for each in list_messages(shop.store, maria)]
