"""Only the channels in use are shown; a pasted chat is a conversation whose wait is true."""

from __future__ import annotations

import pytest

import data.messages
from data.records import Actor, Channel, InquiryState, MessageRole, StaffRole
from pages.parts.words import CHANNEL_ICONS, channel_word
from services.channels import CHANNELS, NOTED, noted_channels, save_channels, used_channels
from services.errors import InvalidInputError, NotAllowedError
from services.inquiries import list_inquiries, require_inquiry
from services.noting import Outcome, note_contact
from services.pasted import note_chat, recognise_chat
from services.reports import show_report
from services.rules.periods import Comparison, Period
from services.settings import save_settings, shop_settings
from services.shop import Shop
from tests.bookable import at, open_garage
from tests.builders import FrozenClock, connect, hire

CHAT = """[20.11.26, 16:00:00] Maria Hofer: Guten Tag, wann ist mein Golf fertig?
[20.11.26, 16:05:00] Kfz Muster: Morgen
[23.11.26, 08:30:00] Maria Hofer: Und jetzt?
[23.11.26, 08:31:00] Maria Hofer: <Medien ausgeschlossen>"""


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    actor = hire(shop, "Sandra Kofler", StaffRole.OWNER)
    save_settings(shop, actor, name="Kfz Muster")
    return actor


def without(*gone: Channel) -> list[Channel]:
    return [channel for channel in CHANNELS if channel not in gone]


def test_all_are_in_use_at_first_and_have_a_word_and_an_icon(shop: Shop) -> None:
    assert used_channels(shop.store) == CHANNELS
    assert set(CHANNELS) == set(Channel) - {Channel.NOTE}
    assert all(channel_word(channel, str) and CHANNEL_ICONS[channel] for channel in Channel)
    assert len({channel_word(channel, str) for channel in Channel}) == len(Channel)


def test_what_is_switched_off_is_gone_from_what_is_shown(shop: Shop, sandra: Actor) -> None:
    save_channels(shop, sandra, without(Channel.CHAT, Channel.MAIL))
    assert set(used_channels(shop.store)) == set(without(Channel.CHAT, Channel.MAIL))
    assert Channel.CHAT not in noted_channels(shop.store)
    save_channels(shop, sandra, CHANNELS)
    assert noted_channels(shop.store) == NOTED


def test_the_form_has_one_switch_for_both(shop: Shop, sandra: Actor) -> None:
    save_channels(shop, sandra, without(Channel.FORM))
    assert not shop_settings(shop.store).inquiry_form
    save_settings(shop, sandra, inquiry_form=True)
    assert Channel.FORM in used_channels(shop.store)
    save_settings(shop, sandra, inquiry_form=False)
    assert Channel.FORM not in used_channels(shop.store)


def test_mail_stays_while_a_mailbox_is_connected(shop: Shop, sandra: Actor) -> None:
    save_channels(shop, sandra, without(Channel.MAIL, Channel.CHAT))
    connect(shop)
    assert Channel.MAIL in used_channels(shop.store)
    save_channels(shop, sandra, without(Channel.MAIL, Channel.CHAT))
    assert set(used_channels(shop.store)) == set(without(Channel.CHAT))


def test_requests_for_a_time_keep_their_channel_without_the_form(shop: Shop, sandra: Actor) -> None:
    save_channels(shop, sandra, without(Channel.FORM))
    assert Channel.FORM not in used_channels(shop.store)
    open_garage(shop)
    assert Channel.FORM in used_channels(shop.store)
    assert not shop_settings(shop.store).inquiry_form


def test_one_way_to_note_something_stays_and_only_an_owner_chooses(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError):
        save_channels(shop, sandra, [Channel.MAIL, Channel.FORM])
    with pytest.raises(NotAllowedError):
        save_channels(shop, hire(shop, "Amir Haddad"), CHANNELS)


def test_it_is_gone_from_the_charts_and_stays_in_the_figures_and_the_list(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    for channel in (Channel.CHAT, Channel.VISIT):
        note_contact(shop, sandra, who="M", need=channel, reach="", channel=channel, outcome=Outcome.MESSAGE)
    clock.forward(hours=1)
    day = at(23, 0).date()
    period = Period("", day, day)
    before = show_report(shop, sandra, period, Comparison.PREVIOUS)
    save_channels(shop, sandra, without(Channel.CHAT))
    after = show_report(shop, sandra, period, Comparison.PREVIOUS)
    assert {one.channel for one in before.answer_channels} == {"chat", "visit"}
    assert {one.channel for one in after.answer_channels} == {"visit"}
    assert after.now.answers == before.now.answers
    assert len(list_inquiries(shop, sandra).waiting) == 2


def paste(shop: Shop, actor: Actor, text: str = CHAT, customer: str = "Maria Hofer", **more: str) -> int:
    return note_chat(shop, actor, text, customer=customer, **more)  # type: ignore[arg-type]


def test_each_message_keeps_its_own_time_so_the_wait_is_true(shop: Shop, sandra: Actor) -> None:
    inquiry = require_inquiry(shop.store, paste(shop, sandra))
    assert inquiry.channel is Channel.CHAT
    assert inquiry.waiting_since == at(23, 8, 30)
    assert inquiry.contacts_waiting == 2
    assert (inquiry.first_contact_at, inquiry.first_response_at) == (at(20, 16), at(20, 16, 5))
    assert inquiry.subject == "Guten Tag, wann ist mein Golf fertig?"
    roles = [message.role for message in data.messages.list_messages(shop.store, inquiry.id)]
    assert roles == [MessageRole.CUSTOMER, MessageRole.ANSWER, MessageRole.CUSTOMER, MessageRole.CUSTOMER]


def test_who_is_the_customer_is_proposed_and_can_be_the_other_one(shop: Shop, sandra: Actor) -> None:
    chat = recognise_chat(shop, CHAT)
    assert chat is not None
    assert (chat.names, chat.customer, len(chat.lines)) == (("Maria Hofer", "Kfz Muster"), "Maria Hofer", 4)
    other = require_inquiry(shop.store, paste(shop, sandra, customer="Kfz Muster"))
    assert other.waiting_since is None


def test_the_same_chat_grown_goes_on_with_its_inquiry(shop: Shop, sandra: Actor) -> None:
    first = paste(shop, sandra)
    assert paste(shop, sandra) == first
    grown = f"{CHAT}\n[23.11.26, 09:00:00] Kfz Muster: Um drei"
    assert paste(shop, sandra, grown) == first
    assert len(data.messages.list_messages(shop.store, first)) == 5
    assert require_inquiry(shop.store, first).waiting_since is None


def test_a_settled_one_is_closed_and_a_number_is_reached_by_it(shop: Shop, sandra: Actor) -> None:
    text = CHAT.replace("Maria Hofer", "+43 664 1234567")
    inquiry_id = note_chat(shop, sandra, text, customer="+43 664 1234567", settled=True)
    inquiry = require_inquiry(shop.store, inquiry_id)
    assert (inquiry.state, inquiry.close_reason) == (InquiryState.CLOSED, "dealt_with")
    phones = shop.store.read("SELECT address FROM customer_contact WHERE kind = 'phone'")
    assert phones == [("+436641234567",)]


def test_without_times_it_was_now(shop: Shop, sandra: Actor) -> None:
    inquiry_id = paste(shop, sandra, "Maria: Guten Abend\nMaria: Ist er fertig?", "Maria")
    assert require_inquiry(shop.store, inquiry_id).waiting_since == shop.now()


@pytest.mark.parametrize(("text", "customer"), [("Guten Tag", "Maria"), (CHAT, "Erika"), ("", "")])
def test_what_is_no_chat_of_that_customer_is_refused(shop: Shop, sandra: Actor, text: str, customer: str) -> None:
    with pytest.raises(InvalidInputError):
        paste(shop, sandra, text, customer)


def test_a_whole_history_is_refused(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError):
        paste(shop, sandra, "\n".join(f"[20.11.26, 16:00:00] Maria: {n}" for n in range(501)), "Maria")


def test_every_way_can_be_noted_by_hand(shop: Shop, sandra: Actor) -> None:
    for channel in NOTED:
        inquiry_id = note_contact(
            shop, sandra, who="Maria", need=f"Über {channel}", reach="", channel=channel, outcome=Outcome.MESSAGE
        )
        assert require_inquiry(shop.store, inquiry_id).channel is channel
