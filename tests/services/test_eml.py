"""Mails dropped as files: filed like those of the inbox, each once, with or without a mailbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import data.messages
from data.records import Actor, InquiryState, MailFate, MessageRole
from services.closing import dismiss_inquiry
from services.eml import MOST_BYTES, file_eml, own_address, save_own_address
from services.errors import InvalidInputError
from services.inquiries import require_inquiry
from services.intake import fetch_mail
from services.receipts import look_after_receipts
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import at, open_garage
from tests.builders import SHOP_ADDRESS, account, connect, hire, letter, mailbox_of, only_inquiry

SAMPLES = Path(__file__).parents[1] / "samples"
DATE = "Mon, 23 Nov 2026 08:15:00 +0100"


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    return hire(shop, "Sandra Kofler")


@pytest.fixture
def connected(shop: Shop) -> Shop:
    connect(shop)
    return shop


def set_up(shop: Shop, days: int) -> None:
    """A shop that was set up so many days ago, without a mailbox."""
    save_own_address(shop, hire(shop, "Amir Haddad"), SHOP_ADDRESS.upper())
    with shop.store.write() as tx:
        values = {"name": "set_up_done", "value": "true", "changed_at": shop.now() - timedelta(days=days)}
        tx.insert("setting", values)


def test_it_waits_since_its_own_date_and_the_raw_mail_is_kept(connected: Shop, sandra: Actor) -> None:
    content = letter(Date=DATE, message_id="<a@b>")
    filed = file_eml(connected, sandra, "Golf.eml", content)
    assert filed.is_new
    inquiry = only_inquiry(connected)
    assert (filed.inquiry_id, inquiry.waiting_since) == (inquiry.id, at(23, 8, 15))
    message = data.messages.list_messages(connected.store, inquiry.id)[0]
    assert connected.files.path(message.mail_sha256).read_bytes() == content
    assert message.sender_address == "maria.hofer@example.org"


def test_the_same_file_twice_and_the_same_mail_from_the_mailbox_are_one(connected: Shop, sandra: Actor) -> None:
    content = letter(Date=DATE, message_id="<a@b>")
    first = file_eml(connected, sandra, "Golf.eml", content)
    assert file_eml(connected, sandra, "Kopie.eml", content).fate is MailFate.DUPLICATE
    mailbox_of(connected).put(b"X-Forwarding: no\r\n" + content, at(23, 8, 16))
    fetch_mail(connected)
    assert only_inquiry(connected).id == first.inquiry_id
    assert only_inquiry(connected).contacts_waiting == 1


def test_what_the_mailbox_had_first_is_known(connected: Shop, sandra: Actor) -> None:
    content = letter(Date=DATE, message_id="<a@b>")
    mailbox_of(connected).put(content, at(23, 8, 16))
    fetch_mail(connected)
    filed = file_eml(connected, sandra, "Golf.eml", content)
    assert (filed.fate, filed.inquiry_id) == (MailFate.DUPLICATE, only_inquiry(connected).id)


def test_what_was_no_customers_does_not_come_back(connected: Shop, sandra: Actor) -> None:
    content = letter(Date=DATE, message_id="<a@b>")
    file_eml(connected, sandra, "Golf.eml", content)
    dismiss_inquiry(connected, sandra, only_inquiry(connected).id, always=False)
    assert not file_eml(connected, sandra, "Golf.eml", content).is_new


@pytest.mark.parametrize("with_mailbox", [True, False])
def test_a_mail_from_before_the_set_up_is_earlier(shop: Shop, sandra: Actor, with_mailbox: bool) -> None:
    if with_mailbox:
        connect(shop, account(shop.now() - timedelta(days=1)))
    else:
        set_up(shop, days=1)
    filed = file_eml(shop, sandra, "alt.eml", letter(Date="Mon, 02 Nov 2026 08:15:00 +0100"))
    assert filed.inquiry_id is not None
    inquiry = require_inquiry(shop.store, filed.inquiry_id)
    assert (inquiry.state, inquiry.waiting_since) == (InquiryState.EARLIER, None)


def test_without_a_mailbox_a_mail_is_an_inquiry_like_any_other(shop: Shop, sandra: Actor) -> None:
    set_up(shop, days=30)
    file_eml(shop, sandra, "Golf.eml", letter(Date=DATE, message_id="<a@b>"))
    answer = letter("Danke!", In_Reply_To="<a@b>", message_id="<c@d>", Date="Mon, 23 Nov 2026 09:00:00 +0100")
    file_eml(shop, sandra, "Danke.eml", answer)
    assert only_inquiry(shop).contacts_waiting == 2


def test_without_a_mailbox_our_own_address_is_asked_for_once(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Adresse"):
        file_eml(shop, sandra, "Golf.eml", letter(Date=DATE))
    with pytest.raises(InvalidInputError):
        save_own_address(shop, sandra, " ")
    save_own_address(shop, sandra, SHOP_ADDRESS)
    assert own_address(shop.store) == SHOP_ADDRESS
    assert file_eml(shop, sandra, "Golf.eml", letter(Date=DATE)).is_new


@pytest.mark.parametrize(
    "ours",
    [
        letter("Um drei.", sender=SHOP_ADDRESS, to="maria.hofer@example.org", message_id="<e@f>", Date=DATE),
        letter("Bitte", sender=SHOP_ADDRESS, to=SHOP_ADDRESS, Reply_To="Maria <maria@example.org>", Date=DATE),
    ],
)
def test_without_a_mailbox_our_own_mail_waits_until_one_is_connected(shop: Shop, sandra: Actor, ours: bytes) -> None:
    set_up(shop, days=30)
    with pytest.raises(InvalidInputError, match="von uns selbst"):
        file_eml(shop, sandra, "x.eml", ours)
    assert shop.store.read("SELECT count(*) FROM mail") == [(0,)]
    connect(shop)
    file_eml(shop, sandra, "x.eml", ours)
    assert shop.store.read("SELECT count(*) FROM mail") == [(1,)]


def test_a_mail_without_a_number_is_one_whatever_its_line_ends(connected: Shop, sandra: Actor) -> None:
    content = letter(Date=DATE)
    assert b"Message-ID" not in content
    file_eml(connected, sandra, "Golf.eml", content)
    mailbox_of(connected).put(content.replace(b"\n", b"\r\n"), at(23, 8, 16))
    fetch_mail(connected)
    assert only_inquiry(connected).contacts_waiting == 1


def test_a_dropped_mail_gets_no_receipt(connected: Shop, sandra: Actor) -> None:
    open_garage(connected)
    with connected.store.write() as tx:
        put_settings(tx, {"receipts": True, "name": "Kfz Muster", "phone": "0512 555 870"}, at(23, 7))
    filed = file_eml(connected, sandra, "x.eml", letter(Date=DATE, message_id="<a@b>"))
    assert filed.inquiry_id is not None
    assert look_after_receipts(connected) == 0
    assert connected.store.read("SELECT inquiry_id, fate FROM receipt") == [(filed.inquiry_id, "by_hand")]


@pytest.mark.parametrize("date", ["Mon, 23 Nov 2099 08:15:00 +0100", "gestern", "", "Thu, 01 Jan 1970 00:00:00 +0000"])
def test_a_date_that_cannot_be_is_now(connected: Shop, sandra: Actor, date: str) -> None:
    file_eml(connected, sandra, "x.eml", letter(Date=date) if date else letter())
    assert only_inquiry(connected).waiting_since == connected.now()


def test_machine_mail_starts_no_clock(connected: Shop, sandra: Actor) -> None:
    filed = file_eml(connected, sandra, "urlaub.eml", (SAMPLES / "vacation_german.eml").read_bytes())
    assert filed.fate is MailFate.MACHINE
    assert filed.inquiry_id is not None
    assert require_inquiry(connected.store, filed.inquiry_id).state is InquiryState.MACHINE


def test_our_own_answer_that_somebody_sent_elsewhere_ends_the_wait(connected: Shop, sandra: Actor) -> None:
    file_eml(connected, sandra, "Golf.eml", letter(Date=DATE, message_id="<a@b>"))
    ours = letter(
        "Um drei Uhr.",
        sender=SHOP_ADDRESS,
        to="maria.hofer@example.org",
        In_Reply_To="<a@b>",
        message_id="<e@f>",
        Date="Mon, 23 Nov 2026 09:15:00 +0100",
    )
    file_eml(connected, sandra, "Antwort.eml", ours)
    inquiry = only_inquiry(connected)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (None, at(23, 9, 15))
    roles = [message.role for message in data.messages.list_messages(connected.store, inquiry.id)]
    assert roles == [MessageRole.CUSTOMER, MessageRole.ANSWER]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing", b"\x00\x01\x02", b"just words\nand more"])
def test_what_is_no_mail_is_refused_and_nothing_stays(connected: Shop, sandra: Actor, content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        file_eml(connected, sandra, "x.eml", content)
    assert connected.store.read("SELECT count(*) FROM mail") == [(0,)]
    assert not list(Path(connected.files.folder).glob("??/*"))


def test_a_mail_that_is_too_long_is_refused(connected: Shop, sandra: Actor) -> None:
    with pytest.raises(InvalidInputError):
        file_eml(connected, sandra, "x.eml", letter() + b"x" * MOST_BYTES)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.eml")), ids=lambda path: path.stem)
def test_every_sample_is_filed_or_refused_with_a_sentence(connected: Shop, sandra: Actor, sample: Path) -> None:
    try:
        filed = file_eml(connected, sandra, sample.name, sample.read_bytes())
    except InvalidInputError:
        assert connected.store.read("SELECT count(*) FROM mail") == [(0,)]
    else:
        assert filed.is_new == (filed.inquiry_id is not None)
        assert file_eml(connected, sandra, "Kopie.eml", sample.read_bytes()).fate is MailFate.DUPLICATE
