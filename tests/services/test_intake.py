"""Mail in: what every kind of mail does to the list and to the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import data.jobs
import data.mails
import data.messages
from data.records import CloseReason, InquiryState, MailFolder, MessageRole
from data.store import StoreBrokenError
from services import filing
from services.closing import close_inquiry, dismiss_inquiry, treat_as_inquiry
from services.errors import InvalidInputError, MailProblemError
from services.inquiries import list_inquiries, snooze_inquiry
from services.intake import fetch_mail
from services.senders import allow_sender, list_ignored_senders
from services.shop import Shop
from tests.builders import (
    SHOP_ADDRESS,
    FrozenClock,
    account,
    connect,
    hire,
    letter,
    mailbox_of,
    only_inquiry,
    receive,
)

MARIA = "Maria Hofer <maria.hofer@example.org>"


@pytest.fixture(autouse=True)
def _connected(shop: Shop) -> None:
    connect(shop)


def _roles(shop: Shop) -> list[MessageRole]:
    return [m.role for m in data.messages.list_messages(shop.store, only_inquiry(shop).id)]


def test_a_mail_becomes_an_inquiry_that_waits_since_it_came(shop: Shop) -> None:
    arrived = shop.now() - timedelta(hours=3)
    receive(shop, letter(), at=arrived)
    inquiry = only_inquiry(shop)
    assert inquiry.waiting_since == arrived
    assert inquiry.subject == "Mein Golf"
    assert inquiry.snippet == "Guten Tag, wann ist mein Golf fertig?"


def test_fetching_again_changes_nothing(shop: Shop) -> None:
    receive(shop, letter())
    assert fetch_mail(shop) == 0
    assert len(_roles(shop)) == 1


def test_a_nudge_keeps_the_first_time_and_is_counted(shop: Shop, clock: FrozenClock) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    first = shop.now()
    clock.forward(hours=5)
    receive(shop, letter("Noch einmal, bitte!", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    inquiry = only_inquiry(shop)
    assert (inquiry.waiting_since, inquiry.contacts_waiting) == (first, 2)


def test_a_stranger_cannot_write_into_a_known_thread(shop: Shop) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    receive(shop, letter(sender="fremd@example.net", message_id="<2@example.net>", In_Reply_To="<1@example.org>"))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 2


def test_the_number_in_the_subject_counts_only_for_a_known_person(shop: Shop) -> None:
    receive(shop, letter())
    token = f"Re: Mein Golf [#{only_inquiry(shop).id}]"
    receive(shop, letter(subject=token))
    receive(shop, letter(sender="fremd@example.net", subject=token))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 2


def test_an_answer_written_elsewhere_stops_the_clock(shop: Shop, clock: FrozenClock) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    answered = clock.forward(hours=1)
    reply = letter(
        "Morgen um 9.", sender=SHOP_ADDRESS, to=MARIA, subject="AW: Mein Golf", In_Reply_To="<1@example.org>"
    )
    receive(shop, reply, folder=MailFolder.SENT)
    inquiry = only_inquiry(shop)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (None, answered)


def test_an_answer_without_references_is_known_by_person_and_subject(shop: Shop) -> None:
    receive(shop, letter())
    receive(shop, letter("Ja.", sender=SHOP_ADDRESS, to=MARIA, subject="Re: Mein Golf"), folder=MailFolder.SENT)
    assert only_inquiry(shop).waiting_since is None


def test_a_mail_to_a_supplier_in_sent_makes_no_inquiry(shop: Shop) -> None:
    receive(shop, letter("Bitte 4 Reifen.", sender=SHOP_ADDRESS, to="lager@example.net"), folder=MailFolder.SENT)
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 0
    assert shop.store.read("SELECT count(*) FROM mail")[0][0] == 1


def test_a_vacation_reply_is_shown_and_moves_nothing(shop: Shop) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    before = only_inquiry(shop)
    receive(shop, letter("Ich bin im Urlaub.", In_Reply_To="<1@example.org>", Auto_Submitted="auto-replied"))
    after = only_inquiry(shop)
    assert (after.waiting_since, after.contacts_waiting) == (before.waiting_since, 1)
    assert _roles(shop)[-1] == MessageRole.MACHINE


def test_a_newsletter_stands_apart_without_a_clock_until_a_person_says_otherwise(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter("Rabatt!", List_Id="<news.example.net>", Precedence="bulk"))
    assert len(list_inquiries(shop, sandra).machine) == 1
    treat_as_inquiry(shop, sandra, only_inquiry(shop).id)
    assert only_inquiry(shop).waiting_since == shop.now()


def test_mail_from_before_the_set_up_has_no_clock(shop: Shop) -> None:
    connect(shop, account(shop.now() - timedelta(days=1)))
    receive(shop, letter(), at=shop.now() - timedelta(days=3))
    inquiry = only_inquiry(shop)
    assert (inquiry.state, inquiry.waiting_since) == (InquiryState.EARLIER, None)


def test_a_customer_who_writes_again_reopens_with_a_fresh_wait(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter(message_id="<1@example.org>"))
    close_inquiry(shop, sandra, only_inquiry(shop).id, CloseReason.DEALT_WITH)
    again = clock.forward(days=2)
    receive(shop, letter("Doch nicht.", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    inquiry = only_inquiry(shop)
    assert (inquiry.state, inquiry.waiting_since, inquiry.reopened) == (InquiryState.OPEN, again, 1)


def test_a_message_of_the_customer_wakes_a_snoozed_inquiry(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter(message_id="<1@example.org>"))
    snooze_inquiry(shop, sandra, only_inquiry(shop).id, shop.now() + timedelta(days=1))
    assert not list_inquiries(shop, sandra).waiting
    clock.forward(hours=1)
    receive(shop, letter("Eilig!", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    assert len(list_inquiries(shop, sandra).waiting) == 1


def test_the_same_mail_delivered_twice_is_one_message(shop: Shop) -> None:
    mail = letter(message_id="<1@example.org>")
    receive(shop, mail)
    receive(shop, b"Received: by alias\r\n" + mail)
    assert len(_roles(shop)) == 1
    assert {row[0] for row in shop.store.read("SELECT fate FROM mail")} == {"message", "duplicate"}


def test_another_text_under_the_same_message_id_is_not_dropped(shop: Shop) -> None:
    receive(shop, letter("Paket 1 ist da.", message_id="<same@example.org>"))
    receive(shop, letter("Paket 2 ist da.", message_id="<same@example.org>"))
    assert shop.store.read("SELECT count(*) FROM message")[0][0] == 2


def test_what_was_dismissed_does_not_come_back(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter(message_id="<1@example.org>"))
    dismiss_inquiry(shop, sandra, only_inquiry(shop).id, always=False)
    mailbox_of(shop).validity = 2
    fetch_mail(shop)
    assert not list_inquiries(shop, sandra).waiting
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1


def test_an_ignored_sender_is_read_and_kept_but_makes_no_inquiry(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter(message_id="<1@example.org>"))
    dismiss_inquiry(shop, sandra, only_inquiry(shop).id, always=True)
    receive(shop, letter("Und noch eins", message_id="<9@example.org>"))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    assert shop.store.read("SELECT count(*) FROM mail")[0][0] == 2
    assert list_ignored_senders(shop, sandra) == ["maria.hofer@example.org"]
    allow_sender(shop, sandra, "maria.hofer@example.org")
    receive(shop, letter("Und wieder", message_id="<10@example.org>"))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 2


def test_a_mail_that_the_server_withholds_is_noted_and_stops_nothing(shop: Shop) -> None:
    mailbox = mailbox_of(shop)
    mailbox.withheld = {1}
    mailbox.put(letter("verloren"), shop.now())
    receive(shop, letter("gut", sender="gut@example.org"))
    bodies = [row[0] for row in shop.store.read("SELECT body FROM message ORDER BY body")]
    assert bodies == ["Diese Mail ließ sich nicht lesen. Sie liegt unverändert im Postfach.", "gut"]


def test_a_mailbox_that_refuses_says_why_and_loses_nothing(shop: Shop) -> None:
    mailbox_of(shop).broken = "Das Passwort stimmt nicht."
    mailbox_of(shop).put(letter(), shop.now())
    with pytest.raises(MailProblemError, match="Passwort"):
        fetch_mail(shop)
    mailbox_of(shop).broken = ""
    assert fetch_mail(shop) == 1


def test_another_mailbox_is_read_from_its_own_beginning(shop: Shop) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    other = account(shop.now() - timedelta(days=1))
    connect(shop, replace(other, address="neu@kfz-muster.example", user="neu@kfz-muster.example"))
    mailbox_of(shop).folders[MailFolder.INBOX].clear()
    receive(shop, letter("Im neuen Postfach", message_id="<2@example.org>"))
    assert shop.store.read("SELECT count(*) FROM message")[0][0] == 2


def test_a_copy_to_ourselves_of_an_answer_written_elsewhere_stops_the_clock(shop: Shop, clock: FrozenClock) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    clock.forward(hours=1)
    copy = letter("Ist fertig.", sender=SHOP_ADDRESS, to=MARIA, In_Reply_To="<1@example.org>", Cc=SHOP_ADDRESS)
    receive(shop, copy)
    assert only_inquiry(shop).waiting_since is None


def test_a_thread_sent_to_somebody_else_is_no_answer_to_the_customer(shop: Shop, clock: FrozenClock) -> None:
    receive(shop, letter(message_id="<1@example.org>"))
    clock.forward(hours=1)
    aside = letter("Was meinen Sie?", sender=SHOP_ADDRESS, to="steuer@example.net", In_Reply_To="<1@example.org>")
    receive(shop, aside, folder=MailFolder.SENT)
    assert only_inquiry(shop).waiting_since is not None


def test_a_machine_mail_from_before_the_set_up_gets_no_clock_later(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    receive(shop, letter("Rabatt!", Precedence="bulk"), at=shop.now() - timedelta(days=10))
    treat_as_inquiry(shop, sandra, only_inquiry(shop).id)
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == (InquiryState.EARLIER, None)
    with pytest.raises(InvalidInputError):
        treat_as_inquiry(shop, sandra, only_inquiry(shop).id)


def test_a_missing_sent_folder_holds_up_nothing(shop: Shop) -> None:
    mailbox_of(shop).no_sent_folder = True
    receive(shop, letter())
    assert only_inquiry(shop).waiting_since == shop.now()
    assert [run.problem for run in data.jobs.list_job_runs(shop.store) if run.name == "sent"] == ["Kein Ordner."]


def test_every_mail_is_kept_raw(shop: Shop) -> None:
    content = letter()
    receive(shop, content)
    assert shop.files.read(shop.store.read("SELECT sha256 FROM mail")[0][0]) == content


def test_a_mail_that_breaks_its_filing_takes_no_other_with_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> str:
        if name == "bumm":
            raise ValueError(name)
        return name

    monkeypatch.setattr(filing, "clean_name", refuse)
    for number, subject in enumerate(["eins", "bumm", "drei"]):
        mail = letter(subject=subject, sender=f"kunde{number}@example.org")
        mailbox_of(shop).put(mail, shop.now())
    assert fetch_mail(shop) == 3
    kept = shop.store.read("SELECT subject, waiting_since IS NOT NULL FROM inquiry ORDER BY id")
    assert sorted(kept) == [("Mail nicht lesbar", True), ("drei", True), ("eins", True)]
    assert [row[0] for row in shop.store.read("SELECT fate FROM mail ORDER BY uid")] == [
        "message", "unreadable", "message",
    ]  # fmt: skip
    assert fetch_mail(shop) == 0


def test_the_bookmark_moves_with_the_mails_or_not_at_all(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreBrokenError("disk full")

    mailbox_of(shop).put(letter(), shop.now())
    with monkeypatch.context() as fault:
        fault.setattr(data.mails, "move_bookmark", full)
        with pytest.raises(StoreBrokenError):
            fetch_mail(shop)
    assert shop.store.read("SELECT count(*) FROM message")[0][0] == 0
    assert shop.store.read("SELECT count(*) FROM bookmark")[0][0] == 0
    assert fetch_mail(shop) == 1
    assert shop.store.read("SELECT last_uid FROM bookmark WHERE folder = 'inbox'") == [(1,)]
