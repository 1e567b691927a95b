"""Replying and sending: what leaves, when, how often, and what stops the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

import data.inquiries
import data.mails
import data.messages
import data.outbox
import data.templates
from data.records import Actor, Channel, CloseReason, InquiryState, MailFolder, MessageRole, OutboxState
from services.closing import close_inquiry, dismiss_inquiry, merge_inquiries, reopen_inquiry
from services.conversations import open_conversation
from services.customers import change_customer
from services.drafts import attach_file, save_draft, use_template
from services.errors import (
    EmptyPlaceholderError,
    InvalidInputError,
    MailProblemError,
    NotFoundError,
    UnseenMessageError,
)
from services.inquiries import list_inquiries, plan_next_step, require_inquiry
from services.letters import recipient_of
from services.noting import Outcome, log_call, note_contact
from services.replies import (
    begin_letter,
    confirm_sent,
    forward_inquiry,
    forward_of,
    give_up,
    preview_reply,
    send_again,
    send_reply,
    take_back_reply,
)
from services.sending import send_due, settle_interrupted
from services.shop import Shop
from services.typed import check_address
from tests.builders import FakeMailer, FrozenClock, account, connect, hire, letter, mailbox_of, only_inquiry, receive


@pytest.fixture(autouse=True)
def _asked(shop: Shop) -> None:
    connect(shop)
    receive(shop, letter(message_id="<1@example.org>"))


def _mailer(shop: Shop) -> FakeMailer:
    assert isinstance(shop.mailer, FakeMailer)
    return shop.mailer


def _reply(shop: Shop, body: str = "Guten Tag Frau Hofer,\n\nIhr Golf ist fertig.", **more: Any) -> int:
    sandra = hire(shop, "Sandra Kofler")
    inquiry = only_inquiry(shop)
    options = {"seen_version": inquiry.version, "form_key": "form-1", **more}
    return send_reply(shop, sandra, inquiry.id, body=body, **options)


def _write(shop: Shop, actor: Actor, inquiry_id: int, body: str = "Fertig.", **more: Any) -> int:
    seen = require_inquiry(shop.store, inquiry_id).version
    return send_reply(shop, actor, inquiry_id, body=body, seen_version=seen, form_key=f"{body} {more}", **more)


def _state(shop: Shop, message_id: int) -> OutboxState:
    row = data.outbox.read_outgoing(shop.store, message_id)
    assert row is not None
    return row.state


def test_a_reply_waits_twenty_seconds_and_only_then_stops_the_clock(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    clock.forward(seconds=19)
    assert send_due(shop) == 0
    assert only_inquiry(shop).waiting_since is not None
    sent = clock.forward(seconds=1)
    assert send_due(shop) == 1
    assert (only_inquiry(shop).waiting_since, only_inquiry(shop).first_response_at) == (None, sent)


def test_the_mail_that_leaves_answers_the_customer_in_her_thread(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    mail = _mailer(shop).sent[0]
    assert (mail.recipient, mail.recipient_name) == ("maria.hofer@example.org", "Maria Hofer")
    assert mail.subject == f"Re: Mein Golf [#{only_inquiry(shop).id}]"
    assert (mail.in_reply_to, mail.sender_name) == ("<1@example.org>", "Sandra Kofler, Kfz Muster")
    assert mail.text.startswith("Guten Tag Frau Hofer,\n\nIhr Golf ist fertig.\n\n-- \nSandra Kofler")


def test_a_double_tap_sends_one_mail(shop: Shop, clock: FrozenClock) -> None:
    first = _reply(shop)
    assert _reply(shop) == first
    clock.forward(seconds=20)
    send_due(shop)
    assert len(_mailer(shop).sent) == 1


def test_a_reply_that_is_taken_back_never_leaves_and_is_the_draft_again(shop: Shop, clock: FrozenClock) -> None:
    message_id, sandra = _reply(shop), hire(shop, "Sandra Kofler")
    assert take_back_reply(shop, sandra, message_id).endswith("Ihr Golf ist fertig.")
    clock.forward(seconds=60)
    assert send_due(shop) == 0
    draft = open_conversation(shop, sandra, only_inquiry(shop).id).draft
    assert draft is not None
    assert draft.body.endswith("Ihr Golf ist fertig.")


def test_taking_back_too_late_is_said(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    with pytest.raises(InvalidInputError, match="Zu spät"):
        take_back_reply(shop, hire(shop, "Sandra"), message_id)


@pytest.mark.parametrize("body", ["Ihr {artikel} ist da.", "Preis: {preis}", "Termin am XXX"])
def test_an_empty_placeholder_blocks_the_send_and_is_named(shop: Shop, body: str) -> None:
    with pytest.raises(EmptyPlaceholderError, match="Hier fehlt noch"):
        _reply(shop, body)
    assert shop.store.read("SELECT count(*) FROM outbox")[0][0] == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [("Ihr Termin: Montag, 24.11.2026, 10 Uhr", "ist ein Dienstag"), ("Guten Tag Frau ,\n\nfertig.", "fehlt der Name")],
)
def test_what_is_wrong_for_certain_is_not_sent(shop: Shop, body: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        _reply(shop, body)
    assert shop.store.read("SELECT count(*) FROM outbox")[0][0] == 0


def test_what_may_be_right_is_sent(shop: Shop) -> None:
    assert _reply(shop, "Guten Tag Frau Moser,\n\nIhr Termin: Montag, 24.11., 10 Uhr. Wir melden uns.")


def test_a_send_is_stopped_when_something_unseen_came(shop: Shop) -> None:
    seen = only_inquiry(shop).version
    receive(shop, letter("Hat sich erledigt!", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    with pytest.raises(UnseenMessageError):
        _reply(shop, seen_version=seen)


def test_a_long_subject_leaves_as_it_was_typed(shop: Shop, clock: FrozenClock) -> None:
    subject = " ".join(["Kostenvoranschlag"] * 20)
    _reply(shop, subject=subject)
    clock.forward(seconds=20)
    send_due(shop)
    assert _mailer(shop).sent[0].subject == f"{subject} [#{only_inquiry(shop).id}]"


def test_what_we_noted_for_ourselves_never_becomes_the_subject_of_a_mail(shop: Shop) -> None:
    sandra = hire(shop, "Sandra")
    noted = note_contact(
        shop,
        sandra,
        who="Hr. Novak",
        need="Mühsamer Kunde, will schon wieder Rabatt",
        reach="novak@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )
    words = {"code": "X", "name": "X", "subject": "{anliegen_kurz|Stand}", "body": "Ja, gern."}
    with shop.store.write() as tx:
        chosen = data.templates.insert_template(tx, **words, now=shop.now())
    assert use_template(shop, sandra, noted, chosen).subject == "Stand"
    assert "Rabatt" not in preview_reply(shop, sandra, noted, body="Ja, gern.").subject


def test_after_a_merge_who_saw_it_may_answer_and_who_did_not_is_stopped(shop: Shop) -> None:
    first, sandra = only_inquiry(shop), hire(shop, "Sandra")
    receive(shop, letter(message_id="<2@example.org>", subject="Etwas anderes"))
    other = next(line.row.id for line in list_inquiries(shop, sandra).waiting if line.row.id != first.id)
    merge_inquiries(shop, sandra, first.id, other)
    with pytest.raises(UnseenMessageError):
        _reply(shop, seen_version=first.version)
    assert _reply(shop, seen_version=only_inquiry(shop).version)


def test_an_unsure_reply_waits_for_a_person_and_keeps_the_clock(shop: Shop, clock: FrozenClock) -> None:
    message_id, sandra = _reply(shop), hire(shop, "Sandra")
    attempt = clock.forward(seconds=20)
    _mailer(shop).problem = MailProblemError("Verbindung abgerissen.", unsure=True)
    send_due(shop)
    assert _state(shop, message_id) == OutboxState.UNSURE
    clock.forward(hours=1)
    assert send_due(shop) == 0
    assert only_inquiry(shop).waiting_since is not None
    confirm_sent(shop, sandra, message_id)
    assert only_inquiry(shop).first_response_at == attempt


def test_sending_again_uses_the_same_message_id(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    clock.forward(seconds=20)
    _mailer(shop).problem = MailProblemError("Adresse unbekannt.", permanent=True)
    send_due(shop)
    before = data.outbox.read_outgoing(shop.store, message_id)
    _mailer(shop).problem = None
    send_again(shop, hire(shop, "Sandra"), message_id)
    send_due(shop)
    assert before is not None
    assert before.state == OutboxState.FAILED
    assert [mail.mail_id for mail in _mailer(shop).sent] == [before.mail_id]


def test_a_failed_reply_can_be_taken_back_into_the_draft(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    clock.forward(seconds=20)
    _mailer(shop).problem = MailProblemError("Adresse unbekannt.", permanent=True)
    send_due(shop)
    assert "Golf" in give_up(shop, hire(shop, "Sandra"), message_id)
    assert _state(shop, message_id) == OutboxState.TAKEN_BACK


def test_a_server_that_says_later_is_asked_ever_more_slowly(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    _mailer(shop).problem = MailProblemError("Später.")
    clock.forward(seconds=20)
    for pause in (60, 300, 900, 3600, 10800):
        send_due(shop)
        assert _state(shop, message_id) == OutboxState.QUEUED
        clock.forward(seconds=pause)
    send_due(shop)
    assert _state(shop, message_id) == OutboxState.FAILED


def _bounce(shop: Shop, message_id: int, action: str, status: str) -> bytes:
    row = data.outbox.read_outgoing(shop.store, message_id)
    assert row is not None
    return (
        "From: MAILER-DAEMON@mx.example.org\nTo: info@kfz-muster.example\nSubject: Undelivered Mail\n"
        "Return-Path: <>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; maria.hofer@example.org\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {row.mail_id}\nSubject: x\n\n--b--\n"
    ).encode()


def test_a_final_bounce_gives_the_earlier_clock_back(shop: Shop, clock: FrozenClock) -> None:
    since = only_inquiry(shop).waiting_since
    message_id = _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    receive(shop, _bounce(shop, message_id, "failed", "5.1.1"))
    inquiry = only_inquiry(shop)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (since, None)
    row = open_conversation(shop, hire(shop, "Sandra"), inquiry.id).line.row
    assert row.outbox_problem == "bounced"


def test_a_delayed_report_changes_nothing(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    receive(shop, _bounce(shop, message_id, "delayed", "4.4.1"))
    assert only_inquiry(shop).waiting_since is None


def test_the_customers_answer_lands_in_the_thread_with_a_fresh_wait(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    again = clock.forward(hours=2)
    receive(shop, letter("Danke, wann?", sender="Maria <privat@example.net>",
                         In_Reply_To=_mailer(shop).sent[0].mail_id))  # fmt: skip
    assert only_inquiry(shop).waiting_since == again


def test_an_answer_stamped_before_our_reply_still_waits(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    sent = clock.forward(seconds=20)
    send_due(shop)
    stamped_by_a_slow_clock = sent - timedelta(minutes=3)
    reply = letter("Danke, wann?", In_Reply_To=_mailer(shop).sent[0].mail_id)
    clock.forward(minutes=1)
    receive(shop, reply, at=stamped_by_a_slow_clock)
    assert only_inquiry(shop).waiting_since == sent + timedelta(seconds=1)


def test_a_mail_that_comes_while_the_reply_waits_still_waits(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    between = clock.forward(seconds=10)
    receive(shop, letter("Noch etwas!", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    clock.forward(seconds=10)
    send_due(shop)
    assert (only_inquiry(shop).waiting_since, only_inquiry(shop).contacts_waiting) == (between, 1)


def test_a_bounce_after_closing_opens_the_inquiry_again(shop: Shop, clock: FrozenClock) -> None:
    since, sandra = only_inquiry(shop).waiting_since, hire(shop, "Sandra")
    message_id = _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    close_inquiry(shop, sandra, only_inquiry(shop).id, CloseReason.ANSWERED)
    receive(shop, _bounce(shop, message_id, "failed", "5.1.1"))
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == (InquiryState.OPEN, since)


def test_a_bounced_reply_is_no_problem_any_more_once_it_was_answered(shop: Shop, clock: FrozenClock) -> None:
    message_id, sandra = _reply(shop), hire(shop, "Sandra")
    clock.forward(seconds=20)
    send_due(shop)
    receive(shop, _bounce(shop, message_id, "failed", "5.1.1"))
    assert data.inquiries.count_problems(shop.store) == 1
    log_call(shop, sandra, only_inquiry(shop).id, reached=True)
    assert data.inquiries.count_problems(shop.store) == 0


def test_reports_about_our_mails_are_seen_even_if_their_sender_is_never_a_customer(
    shop: Shop, clock: FrozenClock
) -> None:
    message_id, sandra = _reply(shop), hire(shop, "Sandra")
    with shop.store.write() as tx:
        data.mails.ignore_sender(tx, "mailer-daemon@mx.example.org", sandra.staff_id, shop.now())
    clock.forward(seconds=20)
    send_due(shop)
    receive(shop, _bounce(shop, message_id, "failed", "5.1.1"))
    assert only_inquiry(shop).waiting_since is not None


def test_the_answer_to_a_forward_is_shown_without_a_clock(shop: Shop, clock: FrozenClock) -> None:
    sandra, before = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    forward_inquiry(shop, sandra, before.id, address="lager@lieferant.example.org", note="Lieferbar?", form_key="f")
    clock.forward(seconds=20)
    send_due(shop)
    sent = _mailer(shop).sent[0].mail_id
    receive(shop, letter("Ja, morgen.", sender="lager@lieferant.example.org", In_Reply_To=sent))
    after = only_inquiry(shop)
    assert (after.waiting_since, after.contacts_waiting) == (before.waiting_since, 1)
    assert data.messages.list_messages(shop.store, after.id)[-1].role == MessageRole.THIRD_PERSON
    assert recipient_of(shop.store, after) == ("Maria Hofer", "maria.hofer@example.org")


def test_a_forward_that_is_taken_back_is_no_draft_to_the_customer(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    forward = forward_inquiry(shop, sandra, inquiry.id, address="chef@example.org", note="Intern!", form_key="f")
    take_back_reply(shop, sandra, forward)
    assert open_conversation(shop, sandra, inquiry.id).draft is None


def test_a_reply_that_is_taken_back_stands_above_what_was_typed_meanwhile(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    first = send_reply(shop, sandra, inquiry.id, body="Eins\n\n-- \nzwei", seen_version=inquiry.version, form_key="1")
    save_draft(shop, sandra, inquiry.id, body="Noch etwas", subject="", cc="", seen_version=1)
    take_back_reply(shop, sandra, first)
    draft = open_conversation(shop, sandra, inquiry.id).draft
    assert draft is not None
    assert draft.body == "Eins\n\n-- \nzwei\n\nNoch etwas"


def test_a_slow_page_cannot_bring_a_sent_text_back_as_a_draft(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    send_reply(shop, sandra, inquiry.id, body="Ja, gern.", seen_version=inquiry.version, form_key="1")
    save_draft(shop, sandra, inquiry.id, body="Ja, gern.", subject="", cc="", seen_version=1)
    assert open_conversation(shop, sandra, inquiry.id).draft is None


def test_a_shop_with_an_umlaut_in_its_address_can_answer(shop: Shop, clock: FrozenClock) -> None:
    connect(shop, replace(account(shop.now() - timedelta(days=1)), address="info@müller-kfz.example.org"))
    _reply(shop)
    clock.forward(seconds=20)
    assert send_due(shop) == 1
    assert _mailer(shop).sent[0].mail_id.endswith("@xn--mller-kfz-q9a.example.org>")


def test_a_long_list_of_copies_is_kept_whole(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    many = ", ".join(f"person{n}@example.org" for n in range(30))
    save_draft(shop, sandra, inquiry.id, body="x", subject="", cc=many, seen_version=1)
    draft = open_conversation(shop, sandra, inquiry.id).draft
    assert draft is not None
    assert draft.cc == many


def test_after_a_crash_a_mail_found_in_sent_is_sent_and_another_is_unsure(shop: Shop, clock: FrozenClock) -> None:
    message_id = _reply(shop)
    clock.forward(seconds=20)
    with shop.store.write() as tx:
        data.outbox.claim(tx, message_id, shop.now())
    settle_interrupted(shop)
    assert _state(shop, message_id) == OutboxState.UNSURE
    row = data.outbox.read_outgoing(shop.store, message_id)
    assert row is not None
    receive(shop, letter(message_id=row.mail_id), folder=MailFolder.SENT)
    assert _state(shop, message_id) == OutboxState.SENT
    assert not _mailer(shop).sent


def test_a_copy_goes_into_sent_once(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    clock.forward(seconds=20)
    send_due(shop)
    assert len(mailbox_of(shop).folders[MailFolder.SENT]) == 1


def test_writing_first_has_no_clock_until_the_answer(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra Kofler")
    inquiry_id = begin_letter(shop, sandra, name="Georg Haas", address="georg@example.org")
    _write(shop, sandra, inquiry_id, subject="Ihr Passat")
    clock.forward(seconds=20)
    send_due(shop)
    assert require_inquiry(shop.store, inquiry_id).waiting_since is None
    asked = clock.forward(hours=1)
    receive(shop, letter("Wann?", sender="georg@example.org", In_Reply_To=_mailer(shop).sent[0].mail_id))
    inquiry = require_inquiry(shop.store, inquiry_id)
    assert (inquiry.waiting_since, inquiry.first_response_at) == (asked, None)


def test_forwarding_leaves_the_customer_waiting(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra Kofler")
    forward_inquiry(shop, sandra, only_inquiry(shop).id, address="chef@example.org", note="Kannst du?", form_key="f")
    clock.forward(seconds=20)
    send_due(shop)
    assert only_inquiry(shop).waiting_since is not None
    assert "wann ist mein Golf fertig" in _mailer(shop).sent[0].text
    roles = [m.role for m in data.messages.list_messages(shop.store, only_inquiry(shop).id)]
    assert roles[-1] == MessageRole.FORWARD


def test_a_forward_carries_the_customers_files_and_leaves_my_draft_alone(shop: Shop, clock: FrozenClock) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    photo = EmailMessage()
    photo["From"], photo["To"], photo["Subject"] = "maria.hofer@example.org", "info@kfz-muster.example", "Foto"
    photo["In-Reply-To"] = "<1@example.org>"
    photo.set_content("Anbei das Foto")
    photo.add_attachment(b"JPEG", maintype="image", subtype="jpeg", filename="schaden.jpg")
    receive(shop, photo.as_bytes())
    save_draft(shop, sandra, inquiry.id, body="An Frau Hofer", subject="", cc="", seen_version=1)
    attach_file(shop, sandra, inquiry.id, "angebot.pdf", b"%PDF")
    forward_inquiry(shop, sandra, inquiry.id, address="lager@example.org", note="Bitte prüfen", form_key="f")
    clock.forward(seconds=20)
    send_due(shop)
    assert [file.file_name for file in _mailer(shop).sent[0].files] == ["schaden.jpg"]
    kept = open_conversation(shop, sandra, inquiry.id)
    assert kept.draft is not None
    assert [file.file_name for file in kept.draft_files] == ["angebot.pdf"]


def test_nothing_is_done_to_an_inquiry_that_a_colleague_put_aside(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    dismiss_inquiry(shop, hire(shop, "Amir"), inquiry.id, always=False)
    with pytest.raises(NotFoundError):
        _reply(shop)
    with pytest.raises(NotFoundError):
        save_draft(shop, sandra, inquiry.id, body="x", subject="", cc="", seen_version=1)


def test_taking_back_twice_is_harmless(shop: Shop) -> None:
    message_id, sandra = _reply(shop), hire(shop, "Sandra Kofler")
    assert take_back_reply(shop, sandra, message_id) == take_back_reply(shop, sandra, message_id)


def test_a_customer_who_writes_in_braces_can_be_forwarded(shop: Shop) -> None:
    receive(shop, letter("Preis {unklar} XXX?", message_id="<3@example.org>", In_Reply_To="<1@example.org>"))
    sandra = hire(shop, "Sandra Kofler")
    assert forward_inquiry(shop, sandra, only_inquiry(shop).id, address="chef@example.org", note="", form_key="f")


def test_files_of_the_draft_leave_with_the_reply(shop: Shop, clock: FrozenClock) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    attach_file(shop, sandra, inquiry.id, "../../Angebot Ö.pdf", b"%PDF-1.4")
    send_reply(shop, sandra, inquiry.id, body="Anbei.", seen_version=inquiry.version, form_key="k")
    clock.forward(seconds=20)
    send_due(shop)
    file = _mailer(shop).sent[0].files[0]
    assert (file.file_name, file.media_type, file.content) == (".._.._Angebot Ö.pdf", "application/pdf", b"%PDF-1.4")


def test_a_draft_is_kept_for_each_person_and_replaced_by_the_newest(shop: Shop) -> None:
    sandra, amir, inquiry = hire(shop, "Sandra"), hire(shop, "Amir"), only_inquiry(shop)
    for text in ("Guten", "Guten Tag"):
        save_draft(shop, sandra, inquiry.id, body=text, subject="", cc="", seen_version=1)
    draft = open_conversation(shop, sandra, inquiry.id).draft
    assert draft is not None
    assert draft.body == "Guten Tag"
    assert open_conversation(shop, amir, inquiry.id).draft is None


def test_two_people_at_one_inquiry_see_each_other(shop: Shop, clock: FrozenClock) -> None:
    sandra, amir, inquiry = hire(shop, "Sandra"), hire(shop, "Amir"), only_inquiry(shop)
    open_conversation(shop, amir, inquiry.id)
    assert open_conversation(shop, sandra, inquiry.id).others_present == ["Amir"]
    clock.forward(seconds=60)
    assert open_conversation(shop, sandra, inquiry.id).others_present == []


def test_the_preview_is_what_leaves(shop: Shop, clock: FrozenClock) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    shown = preview_reply(shop, sandra, inquiry.id, body="Ja.")
    send_reply(shop, sandra, inquiry.id, body="Ja.", seen_version=inquiry.version, form_key="k")
    clock.forward(seconds=20)
    send_due(shop)
    mail = _mailer(shop).sent[0]
    assert (shown.text, shown.subject, shown.sender) == (mail.text, mail.subject, mail.sender_name)


@pytest.mark.parametrize("bad", ["kunde", "a@b\nBcc: x@y.z", "a@", "<b>@x.y", "ü@example.org", "a b@example.org"])
def test_a_bad_address_is_refused_with_a_sentence(bad: str) -> None:
    with pytest.raises(InvalidInputError, match="keine gültige"):
        check_address(bad)


def test_a_name_with_an_umlaut_domain_is_sent_in_ascii() -> None:
    assert check_address("info@müller.example.org") == "info@xn--mller-kva.example.org"


def test_without_a_mailbox_the_reply_is_refused_and_the_draft_stays(shop: Shop) -> None:
    with shop.store.write() as tx:
        tx.run("DELETE FROM setting WHERE name = 'mail_account'")
    with pytest.raises(InvalidInputError, match="Postfach"):
        _reply(shop)


def test_the_reply_counts_from_the_time_the_server_took_it(shop: Shop, clock: FrozenClock) -> None:
    _reply(shop)
    _mailer(shop).problem = MailProblemError("Später.")
    clock.forward(seconds=20)
    send_due(shop)
    _mailer(shop).problem = None
    taken = clock.forward(minutes=1)
    send_due(shop)
    assert only_inquiry(shop).first_response_at == taken
    assert taken - shop.now() == timedelta(0)


def test_a_forward_taken_back_keeps_its_address_and_words(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    words = "Kannst du?\n\nEs eilt."
    message_id = forward_inquiry(
        shop, sandra, only_inquiry(shop).id, address="chef@example.org", note=words, form_key="f"
    )
    take_back_reply(shop, sandra, message_id)
    assert forward_of(shop, message_id) == ("chef@example.org", words)
    assert forward_of(shop, _reply(shop)) is None


def test_the_preview_names_copies_and_files(shop: Shop) -> None:
    sandra, inquiry = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    attach_file(shop, sandra, inquiry.id, "Angebot.pdf", b"%PDF")
    shown = preview_reply(shop, sandra, inquiry.id, body="Ja.", cc=" chef@example.org;x@example.org ")
    assert (shown.cc, shown.files) == ("chef@example.org, x@example.org", ("Angebot.pdf",))


def test_a_reply_may_close_the_inquiry_but_not_before_the_server_took_it(shop: Shop, clock: FrozenClock) -> None:
    sandra, asked = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    _write(shop, sandra, asked.id, close=True)
    clock.forward(seconds=19)
    send_due(shop)
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == (InquiryState.OPEN, asked.waiting_since)
    clock.forward(seconds=1)
    send_due(shop)
    closed = only_inquiry(shop)
    assert (closed.state, closed.close_reason, closed.waiting_since) == (InquiryState.CLOSED, "answered", None)
    assert closed.first_response_at == clock.now


@pytest.mark.parametrize("waits", [True, False])
def test_a_reply_that_never_leaves_closes_nothing(shop: Shop, clock: FrozenClock, waits: bool) -> None:
    sandra, asked = hire(shop, "Sandra Kofler"), only_inquiry(shop)
    if not waits:
        log_call(shop, sandra, asked.id, reached=True)
    take_back_reply(shop, sandra, _write(shop, sandra, asked.id, close=True))
    assert only_inquiry(shop).state == InquiryState.OPEN
    lost = _write(shop, sandra, asked.id, "Noch einmal.", close=True)
    clock.forward(seconds=20)
    _mailer(shop).problem = MailProblemError("Adresse unbekannt.", permanent=True)
    send_due(shop)
    assert (_state(shop, lost), only_inquiry(shop).state) == (OutboxState.FAILED, InquiryState.OPEN)
    _mailer(shop).problem = None
    _write(shop, sandra, asked.id, "Ohne zu schließen.")
    clock.forward(seconds=20)
    send_due(shop)
    assert only_inquiry(shop).state == InquiryState.OPEN


def test_a_closing_reply_that_bounces_opens_the_inquiry_again(shop: Shop, clock: FrozenClock) -> None:
    asked = only_inquiry(shop)
    message_id = _write(shop, hire(shop, "Sandra"), asked.id, close=True)
    clock.forward(seconds=20)
    send_due(shop)
    receive(shop, _bounce(shop, message_id, "failed", "5.1.1"))
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == (InquiryState.OPEN, asked.waiting_since)


def test_who_writes_within_the_twenty_seconds_waits_in_spite_of_the_close(shop: Shop, clock: FrozenClock) -> None:
    _write(shop, hire(shop, "Sandra"), only_inquiry(shop).id, close=True)
    wrote = clock.forward(seconds=5)
    receive(shop, letter("Noch etwas!", message_id="<2@example.org>", In_Reply_To="<1@example.org>"))
    clock.forward(seconds=15)
    send_due(shop)
    assert (only_inquiry(shop).state, only_inquiry(shop).waiting_since) == (InquiryState.OPEN, wrote)


def test_a_closed_reply_can_be_opened_again(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra")
    _write(shop, sandra, only_inquiry(shop).id, close=True)
    clock.forward(seconds=20)
    send_due(shop)
    reopen_inquiry(shop, sandra, only_inquiry(shop).id)
    assert only_inquiry(shop).state == InquiryState.OPEN


def test_nothing_closes_while_something_is_planned(shop: Shop) -> None:
    sandra, asked = hire(shop, "Sandra"), only_inquiry(shop)
    plan_next_step(shop, sandra, asked.id, "Preis nennen", None)
    with pytest.raises(InvalidInputError, match="versprochen oder geplant"):
        _write(shop, sandra, asked.id, close=True)
    assert shop.store.read("SELECT count(*) FROM outbox")[0][0] == 0


def test_a_letter_that_is_begun_is_a_draft_until_it_has_left(shop: Shop, clock: FrozenClock) -> None:
    sandra = hire(shop, "Sandra Kofler")
    begun = begin_letter(shop, sandra, name="Georg Haas", address="Georg@example.org")
    assert begin_letter(shop, sandra, name="Georg Haas", address="georg@example.org") == begun
    assert [line.row.id for line in list_inquiries(shop, sandra).drafts] == [begun]
    with pytest.raises(InvalidInputError, match="Betreff"):
        _write(shop, sandra, begun)
    message_id = _write(shop, sandra, begun, subject="Ihr Passat")
    assert [line.row.id for line in list_inquiries(shop, sandra).with_customer] == [begun]
    take_back_reply(shop, sandra, message_id)
    (draft,) = list_inquiries(shop, sandra).drafts
    assert (draft.row.id, draft.row.snippet, list_inquiries(shop, sandra).with_customer) == (begun, "", [])
    _write(shop, sandra, begun, "Doch fertig.")
    clock.forward(seconds=20)
    send_due(shop)
    assert _mailer(shop).sent[0].subject == f"Ihr Passat [#{begun}]"
    (line,) = list_inquiries(shop, sandra).with_customer
    assert line.row.snippet == "Doch fertig."


def test_a_letter_goes_to_the_address_it_was_begun_for(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    begun = begin_letter(shop, sandra, name="Georg Haas", address="georg@example.org")
    customer = require_inquiry(shop.store, begun).customer_id
    change_customer(shop, sandra, customer, contact="buero@example.org")
    assert recipient_of(shop.store, require_inquiry(shop.store, begun)) == ("Georg Haas", "georg@example.org")
    change_customer(shop, sandra, customer, drop=["georg@example.org"])
    assert recipient_of(shop.store, require_inquiry(shop.store, begun))[1] == "buero@example.org"


def test_a_reply_that_a_colleague_took_back_stops_nobody(shop: Shop) -> None:
    asked, lukas = only_inquiry(shop), hire(shop, "Lukas")
    take_back_reply(shop, lukas, _write(shop, lukas, asked.id))
    assert _write(shop, hire(shop, "Sandra"), asked.id, "Meine Antwort.")


@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [("Georg Haas", " ", "fehlt noch"), ("Ö" * 10_000, "georg@example.org", "zu lang")],
)
def test_a_letter_to_nobody_is_refused_in_a_sentence(shop: Shop, name: str, address: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        begin_letter(shop, hire(shop, "Sandra Kofler"), name=name, address=address)
