"""Automatic receipts: to whom one goes, what it says, and what never brings forth another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import data.messages
from data.records import Actor, CloseReason, Customer, MessageRole, OutboxState, StaffRole
from services.closing import close_inquiry, dismiss_inquiry
from services.customers import MAIL_RATHER, PHONE_ONLY, change_customer
from services.errors import MailProblemError, NotAllowedError
from services.inquiries import list_inquiries
from services.inquiry_form import InquiryForm, ask
from services.intake import fetch_mail
from services.jobs import job_health
from services.noting import log_call
from services.receipt_words import GERMAN, Received, harmless_matter, harmless_name, write_receipt
from services.receipts import look_after_receipts, pause_after_restore, paused_until, preview_receipt
from services.replies import begin_letter, send_reply
from services.rules.receipts import ReceiptFate
from services.sending import send_due
from services.settings import save_settings, shop_settings
from services.shop import Shop
from services.status_pages import find_page
from tests.bookable import VALUATION, at, book, open_garage
from tests.builders import (
    FrozenClock,
    connect,
    hire,
    let_leave,
    letter,
    mailbox_of,
    mails_sent,
    only_inquiry,
    receive,
)


@pytest.fixture
def sandra(shop: Shop, clock: FrozenClock) -> Actor:
    """The owner of a shop that confirms what comes in."""
    connect(shop)
    owner = hire(shop, "Sandra Kofler", StaffRole.OWNER)
    save_settings(shop, owner, receipts=True, public_url="https://kfz.example")
    clock.forward(minutes=1)
    return owner


def sent(shop: Shop) -> list[str]:
    """Whom the mails that left went to."""
    return [mail.recipient for mail in mails_sent(shop)]


def confirm(shop: Shop) -> int:
    """One round of both jobs."""
    written = look_after_receipts(shop)
    send_due(shop)
    return written


def test_it_says_what_came_until_when_and_who(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter(message_id="<golf@example.org>"))
    assert confirm(shop) == 1
    mail = mails_sent(shop)[0]
    assert (mail.automatic, mail.in_reply_to) == (True, "<golf@example.org>")
    assert mail.subject.startswith("Eingang bestätigt: Mein Golf [#")
    first, *rest = mail.text.split("\n\n")
    assert first == "Guten Tag Maria Hofer,"
    assert rest[0] == "Diese Bestätigung kommt automatisch: Die Anfrage «Mein Golf» ist angekommen."
    assert rest[1] == "Antwort bis heute, 16:00 Uhr. Die Antwort schreibt ein Mensch."
    assert "Sandra Kofler, Telefon 0512 555 870" in mail.text
    assert "Rückruf gewünscht?" in mail.text
    link = mail.text.partition("https://kfz.example/s/")[2].split()[0]
    page = find_page(shop.store, link)
    assert page is not None
    assert page.inquiry_id == only_inquiry(shop).id


def test_the_clock_runs_on_and_it_is_no_answer(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    before = only_inquiry(shop)
    confirm(shop)
    after = only_inquiry(shop)
    assert (after.waiting_since, after.first_response_at) == (before.waiting_since, None)
    assert [m.role for m in data.messages.list_messages(shop.store, after.id)] == ["customer", "machine"]
    assert data.messages.count_answers(shop.store, shop.now() - timedelta(days=1), shop.now()) == 0


def test_without_a_public_address_the_mail_itself_is_the_way(shop: Shop, sandra: Actor) -> None:
    save_settings(shop, sandra, public_url="")
    receive(shop, letter())
    confirm(shop)
    text = mails_sent(shop)[0].text
    assert GERMAN["call.answer"] in text
    assert "/s/" not in text


def test_the_form_gets_one_too_in_its_language(shop: Shop, sandra: Actor) -> None:
    page = ask(shop, InquiryForm("Is my car ready?", "Ann Lee", "Ann@Example.org", "", False, None, "k1", "en"))
    confirm(shop)
    mail = mails_sent(shop)[0]
    assert (mail.recipient.lower(), mail.in_reply_to) == ("ann@example.org", "")
    assert mail.text.startswith("Hello,\n\nThis confirmation is automatic: your inquiry has arrived.")
    assert mail.subject.startswith("We have received: your inquiry")
    assert page.mail_secret in mail.text


def test_a_form_with_a_phone_alone_gets_none(shop: Shop, sandra: Actor) -> None:
    page = ask(shop, InquiryForm("Rückruf bitte", "", "", "0512 555 871", False, None, "k1", "de"))
    assert confirm(shop) == 0
    assert shop.store.read("SELECT inquiry_id, fate FROM receipt") == [(page.inquiry_id, "own")]


def test_who_wishes_to_be_called_only_gets_no_mail(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter(sender="maria@example.org"))
    maria = only_inquiry(shop).customer_id
    change_customer(shop, sandra, maria, preferred=PHONE_ONLY)
    ask(shop, InquiryForm("Noch eine", "", "Maria@example.org", "", False, None, "k1", "de"))
    assert confirm(shop) == 0
    fates = shop.store.read("SELECT fate FROM receipt")
    assert fates == [(ReceiptFate.CALL_ONLY,)] * 2
    change_customer(shop, sandra, maria, preferred=MAIL_RATHER)
    receive(shop, letter(sender="maria@example.org", subject="Und jetzt?"))
    assert confirm(shop) == 1


def test_one_a_day_and_person_however_the_address_is_spelt(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    for sender in ("maria@example.org", "MARIA@example.org", "maria+x@example.org"):
        receive(shop, letter(sender=sender, subject=f"Frage von {sender}"))
    ask(shop, InquiryForm("Noch eine", "", "Maria+y@example.org", "", False, None, "k2", "de"))
    assert confirm(shop) == 1
    clock.forward(hours=23, minutes=59)
    receive(shop, letter(sender="maria@example.org", subject="Am Tag danach"))
    assert confirm(shop) == 0
    clock.forward(minutes=2)
    receive(shop, letter(sender="maria@example.org", subject="Später"))
    assert confirm(shop) == 1


def test_twenty_an_hour_at_most(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    for number in range(25):
        mailbox_of(shop).put(letter(sender=f"k{number}@example.org", subject=f"Frage {number}"), clock.now)
    fetch_mail(shop)
    assert confirm(shop) == 20
    clock.forward(minutes=61)
    receive(shop, letter(sender="k99@example.org", subject="Frage 99"))
    assert confirm(shop) == 1  # the five that were left out stay so


def test_a_mail_bomb_gets_none(shop: Shop, sandra: Actor) -> None:
    for number in range(11):
        mailbox_of(shop).put(letter(sender=f"bomb+{number}@example.org", subject=f"Bumm {number}"), shop.now())
    fetch_mail(shop)
    assert confirm(shop) == 0
    fates = shop.store.read("SELECT DISTINCT fate FROM receipt")
    assert fates == [("many",)]


WEAK_SIGNS: list[dict[str, str]] = [
    {"List_Unsubscribe": "<mailto:x@example.org>"},
    {"X_Auto_Response_Suppress": "All"},
    {"Precedence": "bulk"},
    {"X_Loop": "yes"},
    {"Authentication_Results": "mx.example; dmarc=fail (p=none)"},
    {"sender": "noreply@example.org"},
    {"sender": "info@kfz-muster.example", "Reply_To": "opfer@example.org"},
    {"subject": "Re: Eingang bestätigt: Frage"},
    {"subject": "Abwesenheitsnotiz: Urlaub"},
]


def test_one_weak_sign_is_enough_to_say_nothing(shop: Shop, sandra: Actor) -> None:
    for number, headers in enumerate(WEAK_SIGNS):
        mailbox_of(shop).put(letter(**{"sender": f"k{number}@example.org", **headers}), shop.now())
    fetch_mail(shop)
    assert confirm(shop) == 0
    fates: dict[str, int] = dict(shop.store.read("SELECT fate, count(*) FROM receipt GROUP BY fate"))
    assert fates == {"machine": 6, "own": 1, "loop": 1}  # of a list nobody waits for anything


def test_what_answers_a_receipt_gets_none_where_its_own_inquiry_is_put_aside(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter(sender="maria@example.org"))
    confirm(shop)
    dismiss_inquiry(shop, sandra, only_inquiry(shop).id, always=False)
    receive(shop, letter(sender="hilfe@example.org", subject="Nr. 17", In_Reply_To=mails_sent(shop)[0].mail_id))
    assert confirm(shop) == 0
    assert shop.store.read("SELECT fate FROM receipt WHERE address = 'hilfe@example.org'") == [("loop",)]


def test_none_to_the_owner_none_for_a_booking_and_none_for_what_we_began(shop: Shop, sandra: Actor) -> None:
    save_settings(shop, sandra, owner_mail="Sandra@privat.example")
    receive(shop, letter(sender="sandra@privat.example"))
    confirm(shop)
    assert shop.store.read("SELECT fate FROM receipt") == [("own",)]
    open_garage(shop)
    book(shop, at(25, 9), ident=VALUATION)
    begun = begin_letter(shop, sandra, name="Josef Novak", address="josef@example.org")
    send_reply(shop, sandra, begun, subject="Bremse", body="Sie ist da.", seen_version=10**9, form_key="f1")
    ours = let_leave(shop)[-1]
    receive(shop, letter("Danke, wann?", sender="josef@example.org", In_Reply_To=ours.mail_id))
    assert confirm(shop) == 0
    assert shop.store.read("SELECT count(*) FROM receipt") == [(1,)]


def test_what_ends_meanwhile_is_not_confirmed_any_more(shop: Shop, sandra: Actor) -> None:
    for number in range(3):
        receive(shop, letter(sender=f"k{number}@example.org", subject=f"Frage {number}"))
    assert look_after_receipts(shop) == 3
    first, second, third = (line.row.id for line in list_inquiries(shop, sandra).waiting)
    dismiss_inquiry(shop, sandra, first, always=False)
    close_inquiry(shop, sandra, second, CloseReason.DEALT_WITH)
    log_call(shop, sandra, third, reached=True, words="Alles besprochen")
    confirm(shop)
    assert sent(shop) == []


def test_none_before_it_was_switched_on_none_late_none_from_before_the_set_up(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    save_settings(shop, sandra, receipts=False)
    receive(shop, letter(sender="frueh@example.org"))
    clock.forward(seconds=1)
    save_settings(shop, sandra, receipts=True)
    receive(shop, letter(sender="vorher@example.org"), at=clock.now - timedelta(days=2))
    clock.forward(seconds=1)
    receive(shop, letter(sender="spaet@example.org", subject="Spät"))
    clock.forward(minutes=61)
    assert confirm(shop) == 0
    fates = shop.store.read("SELECT address, fate FROM receipt")
    assert fates == [("spaet@example.org", "late")]


def test_a_promise_that_would_be_over_is_not_made(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    asked_at = clock.now
    clock.forward(hours=7)  # it was to be answered until 16:00
    receive(shop, letter(), at=asked_at)
    assert confirm(shop) == 0
    assert shop.store.read("SELECT fate FROM receipt") == [("late",)]


def test_none_for_what_ended_or_was_answered(shop: Shop, sandra: Actor) -> None:
    for number in range(3):
        receive(shop, letter(sender=f"k{number}@example.org", subject=f"Frage {number}"))
    first, second, third = (line.row.id for line in list_inquiries(shop, sandra).waiting)
    dismiss_inquiry(shop, sandra, first, always=False)
    close_inquiry(shop, sandra, second, CloseReason.DEALT_WITH)
    send_reply(shop, sandra, third, body="Ihr Auto ist fertig.", seen_version=10**9, form_key="f1")
    assert confirm(shop) == 0


def test_a_reply_takes_back_what_has_not_left(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    receive(shop, letter())
    look_after_receipts(shop)
    inquiry = only_inquiry(shop)
    send_reply(shop, sandra, inquiry.id, body="Ihr Auto ist fertig.", seen_version=10**9, form_key="f1")
    clock.forward(seconds=30)
    confirm(shop)
    assert [mail.text.partition("\n")[0] for mail in mails_sent(shop)] == ["Ihr Auto ist fertig."]


def test_what_goes_wrong_with_it_disturbs_nobody(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    shop.mailer.problem = MailProblemError("Postfach voll.", permanent=True)  # type: ignore[attr-defined]
    confirm(shop)
    [line] = list_inquiries(shop, sandra).waiting
    assert (line.row.outbox_problem, job_health(shop).outbox_problems) == ("", 0)
    confirm(shop)  # it failed for good: it was never said
    assert [m.role for m in data.messages.list_messages(shop.store, line.row.id)] == [MessageRole.CUSTOMER]


def test_one_held_up_is_let_go_when_it_is_old(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    receive(shop, letter())
    shop.mailer.problem = MailProblemError("Kein Netz.")  # type: ignore[attr-defined]
    confirm(shop)
    assert job_health(shop).outbox_waiting == 0
    clock.forward(minutes=61)
    shop.mailer.problem = None  # type: ignore[attr-defined]
    confirm(shop)
    assert sent(shop) == []


def test_after_a_restore_nobody_gets_one_for_a_day(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    receive(shop, letter())
    look_after_receipts(shop)
    with shop.store.write() as tx:
        pause_after_restore(tx, clock.now)
    assert [m.role for m in data.messages.list_messages(shop.store, only_inquiry(shop).id)] == [MessageRole.CUSTOMER]
    receive(shop, letter(sender="neu@example.org", subject="Neu"))
    assert confirm(shop) == 0
    assert paused_until(shop.store, clock.now) == clock.now + timedelta(hours=24)
    clock.forward(hours=24, seconds=1)
    receive(shop, letter(sender="tags.darauf@example.org", subject="Tags darauf"))
    assert confirm(shop) == 1


def test_a_restore_of_a_shop_without_receipts_pauses_none(shop: Shop) -> None:
    with shop.store.write() as tx:
        pause_after_restore(tx, shop.now())
    assert paused_until(shop.store, shop.now()) is None


def test_it_names_whom_the_owner_chose_and_never_an_empty_number(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        tx.run("UPDATE staff SET phone = '0512 555 111'")
    amir = hire(shop, "Amir Hodžić")
    with shop.store.write() as tx:
        tx.run("UPDATE staff SET phone = '' WHERE id = $id", {"id": amir.staff_id})
    settings = shop_settings(shop.store)
    assert "Sandra Kofler, Telefon 0512 555 111." in preview_receipt(shop, sandra, settings).text
    chosen = replace(settings, receipt_staff_id=amir.staff_id)
    assert f"Amir Hodžić, Telefon {settings.phone}." in preview_receipt(shop, sandra, chosen).text
    assert "Wer das liest: Amir Hodžić." in preview_receipt(shop, sandra, replace(chosen, phone="")).text
    with pytest.raises(NotAllowedError):
        preview_receipt(shop, amir, settings)


def test_it_speaks_as_the_card_says_and_without_anybody_to_name(shop: Shop, sandra: Actor) -> None:
    customer = Customer(1, "Eva", "", "", "du", "de", "", shop.now())
    received = Received(customer, shop_settings(shop.store), "Golf", "heute", "", "0512 1", "", "de")
    text = write_receipt(received).text
    assert GERMAN["call.answer.du"] in text
    assert GERMAN["person.nameless"].format(phone="0512 1") in text


def test_a_killed_process_writes_no_second_one(shop: Shop, sandra: Actor) -> None:
    receive(shop, letter())
    assert [look_after_receipts(shop) for _ in range(3)] == [1, 0, 0]
    states = shop.store.read("SELECT state FROM outbox")
    assert states == [(OutboxState.QUEUED,)]


def test_no_stranger_speaks_through_it() -> None:
    assert harmless_matter("Re: Mein «Golf» [#12]") == "Mein Golf"
    for subject in (
        "Tel 0900:123:456",
        "Ruf 0900–123456 an",
        "09.00.1234 55.66.7788",
        "０９００１２３４５６",
        "bit․ly/x",
    ):
        assert harmless_matter(subject) == "", subject
    for subject in ("Gewinn auf evil.com", "http://x", "Ruf 0900 123 456 an", "mail an a@b.example", "!!!", ""):
        assert harmless_matter(subject) == "", subject
    assert harmless_matter("Termin am 24.11.2026 um 10:30?") != ""
    assert harmless_name("Gratis auf evil.com") == ""
    assert harmless_name("Mag. Hofer") == "Mag. Hofer"


def test_the_preview_is_the_text_that_goes_out(shop: Shop, sandra: Actor) -> None:
    shown = preview_receipt(shop, sandra, shop_settings(shop.store))
    assert shown.subject == "Eingang bestätigt: Wann ist mein Golf fertig?"
    assert "Guten Tag Frau Hofer," in shown.text
    assert "Sandra Kofler" in shown.text
