"""Who speaks in a mail: one strong sign is enough, one weak sign never, and a customer is never called a machine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail.classify import is_machine_address
from services.mail.contract import MailClass, ParsedMail
from services.mail.parsing import parse_mail

OWN = frozenset({"laden@muster.example", "werkstatt@muster.example"})


def parsed(*headers: str, sender: str = "Maria <maria@huber.example>", text: str = "Hallo") -> ParsedMail:
    head = "".join(f"{line}\r\n" for line in (f"From: {sender}", "To: laden@muster.example", *headers))
    return parse_mail(f"{head}\r\n{text}\r\n".encode(), own_addresses=OWN)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: AUTO-GENERATED; x=y",
        "auto-submitted: auto-notified",
        "X-Autoreply: yes",
        "X-Autorespond: weg",
        "Precedence: auto_reply",
        "X-Precedence: auto-reply",
        "Return-Path: <>",
    ],
)
def test_one_strong_sign_makes_an_automatic_answer(header: str) -> None:
    assert parsed(header).mail_class is MailClass.AUTO_REPLY


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, RN",
        "Subject: Automatische Antwort: bin weg",
        "Subject: Unzustellbar: wirklich?",
        "List-Unsubscribe: <mailto:x@y.example>",
        "Return-Path: <maria@huber.example>",
        "Precedence: normal",
        "X-Spam-Flag: NO",
        "X-Spam-Status: No, score=-1",
        "X-GMX-Antispam: -2 (not scanned)",
    ],
)
def test_one_weak_sign_hides_nobody(header: str) -> None:
    assert parsed(header).mail_class is MailClass.PERSON


@pytest.mark.parametrize(
    "headers",
    [
        ("Subject: Automatische Antwort: Termin", "X-Auto-Response-Suppress: All"),
        ("Subject: Abwesenheitsnotiz", "Precedence: bulk"),
        ("Subject: Out of Office", "X-MS-Exchange-Inbox-Rules-Loop: maria@huber.example"),
        ("Subject: =?utf-8?q?Automatische_R=C3=BCckmeldung?=", "Precedence: junk"),
    ],
)
def test_two_weak_signs_make_an_automatic_answer(headers: tuple[str, ...]) -> None:
    assert parsed(*headers).mail_class is MailClass.AUTO_REPLY


@pytest.mark.parametrize("header", ["List-Id: <x.example>", "Precedence: bulk", "Precedence: List"])
def test_lists_are_lists(header: str) -> None:
    assert parsed(header).mail_class is MailClass.LIST


@pytest.mark.parametrize("header", ["X-Spam-Flag: yes", "X-Spam-Status: Yes, score=9", "X-UI-Filterresults: junk:10;"])
def test_what_the_provider_calls_spam_is_kept_as_spam(header: str) -> None:
    mail = parsed(header)

    assert (mail.mail_class, mail.body) == (MailClass.SPAM, "Hallo")


@pytest.mark.parametrize("subject", ["Undelivered Mail", "Delivery Status Notification (Failure)", "Unzustellbar: x"])
def test_the_mail_daemon_speaks_of_bounces_only(subject: str) -> None:
    daemon = "Mail Delivery <mailer-daemon@mx.example>"

    assert parsed(f"Subject: {subject}", sender=daemon).mail_class is MailClass.BOUNCE
    assert parsed("Return-Path: <>", sender=daemon).mail_class is MailClass.BOUNCE
    assert parsed(f"Subject: {subject}").mail_class is MailClass.PERSON


def test_a_bounce_without_a_report_says_what_it_knows() -> None:
    bounce = parsed(
        "Return-Path: <>", "References: <a@b.example> <theke-9@muster.example>", sender="mailer-daemon@mx.example"
    ).bounce

    assert bounce is not None
    assert (bounce.mail_id, bounce.action) == ("<theke-9@muster.example>", "")


@pytest.mark.parametrize(
    "address",
    ["noreply@x.example", "no-reply@x.example", "shop-noreply@x.example", "donotreply@x.example", "wordpress@x.example",
     "noreply-123@x.example", "nicht-antworten@x.example", "mailer-daemon@x.example", "kontaktformular@x.example"],
)  # fmt: skip
def test_addresses_that_nobody_reads(address: str) -> None:
    assert is_machine_address(address)


@pytest.mark.parametrize(
    "address",
    ["maria@huber.example", "norbert.reply@x.example", "mailerin@x.example", "formularia@x.example", "info@x.at"],
)
def test_addresses_that_people_read(address: str) -> None:
    assert not is_machine_address(address)


def test_of_a_contact_form_the_customer_is_the_sender() -> None:
    mail = parsed("Reply-To: Eva <eva@kern.example>", "Precedence: bulk", sender="Shop <noreply@form.example>")

    assert (mail.sender_address, mail.sender_name, mail.form_sender) == (
        "eva@kern.example",
        "Eva",
        "noreply@form.example",
    )
    assert mail.mail_class is MailClass.PERSON


def test_a_forms_automatic_answer_is_still_one() -> None:
    mail = parsed("Reply-To: eva@kern.example", "Auto-Submitted: auto-replied", sender="noreply@form.example")

    assert mail.mail_class is MailClass.AUTO_REPLY


@pytest.mark.parametrize("reply_to", ["werkstatt@muster.example", "noreply@form.example", "", "kein-at"])
def test_a_reply_to_that_is_no_customer_changes_nothing(reply_to: str) -> None:
    mail = parsed(f"Reply-To: {reply_to}", sender="noreply@form.example")

    assert (mail.sender_address, mail.form_sender) == ("noreply@form.example", "")


def test_a_persons_reply_to_is_kept_beside_the_sender() -> None:
    mail = parsed("Reply-To: buero@huber.example")

    assert (mail.sender_address, mail.reply_to, mail.form_sender) == ("maria@huber.example", "buero@huber.example", "")


def test_from_the_own_address_the_first_foreign_address_in_the_text_counts() -> None:
    text = "Neue Anfrage an laden@muster.example\nName: Eva Kern\nMail: noreply@form.example, Eva@Kern.example"

    mail = parsed(sender="laden@muster.example", text=text)

    assert (mail.sender_address, mail.sender_name) == ("eva@kern.example", "Eva Kern")


def test_from_the_own_address_without_any_other_it_stays_the_own() -> None:
    mail = parsed(sender="laden@muster.example", text="Notiz an mich")

    assert (mail.sender_address, mail.form_sender) == ("laden@muster.example", "")


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["X-Mailer", "Received", "X-Priority", "Organization", "X-Auto-Response-Suppress"]),
            st.text(st.characters(codec="ascii", exclude_characters="\r\n\0"), max_size=60),
        ),
        max_size=6,
    )
)
def test_harmless_headers_never_make_a_machine(headers: list[tuple[str, str]]) -> None:
    lines = [f"{name}: {value}" for name, value in headers if value.isprintable()]

    assert parsed(*lines).mail_class is MailClass.PERSON
