"""The mailer against servers that refuse, vanish and dawdle: at most one copy, and the truth about it."""

from __future__ import annotations

import contextlib
import dataclasses
import email
import email.policy
import importlib.metadata
import socket
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imap_tools import MailMessage

from services.errors import MailProblemError
from services.mail import problems, smtp_outbox
from services.mail.charsets import one_line
from services.mail.composing import compose, recipients_of
from services.mail.contract import OutgoingFile, OutgoingMail
from services.mail.dry_run import DryRunMailbox, DryRunMailer
from services.mail.smtp_outbox import FINAL_ANSWER, Post, YagmailMailer
from tests.mail_servers import (
    PASSWORD,
    MailServers,
    SmtpScript,
    TestCertificates,
    account_for,
    free_port,
    smtp_server,
    tcp_server,
)

SHOP = "laden@muster.example"
CUSTOMER = "kunde@huber.example"


def outgoing(**changes: object) -> OutgoingMail:
    mail = OutgoingMail(
        mail_id="<theke-1-abc@muster.example>",
        sender_name="Autohaus Müller",
        sender=SHOP,
        recipient_name="Jörg Huber",
        recipient=CUSTOMER,
        subject="Ihre Bremsen – Termin am 3. November",
        text="Guten Tag Herr Huber,\n\ndie Bremsen kosten 240 €.\n\n-- \nMaria",
        date=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    )
    return dataclasses.replace(mail, **changes)  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(raw: bytes) -> str:
    part = read(raw).get_body(("plain",))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8")


def send(script: SmtpScript, mail: OutgoingMail | None = None, **options: object) -> bytes:
    with smtp_server(script) as port:
        mailer = YagmailMailer(**{"timeout": 5.0, **options})  # type: ignore[arg-type]
        return mailer.send(account_for(SHOP, smtp=port), PASSWORD, mail or outgoing())


def failure(script: SmtpScript, mail: OutgoingMail | None = None, **options: object) -> MailProblemError:
    with pytest.raises(MailProblemError) as caught:
        send(script, mail, **options)
    return caught.value


def test_an_accepted_mail_arrives_once_and_its_bytes_come_back() -> None:
    script = SmtpScript()

    sent = send(script)

    assert script.raw == [sent]
    assert script.envelopes[0].mail_from == SHOP
    assert script.envelopes[0].rcpt_tos == [CUSTOMER]


def test_plain_text_arrives_byte_for_byte() -> None:
    text = "Grüß Gott,\n\n  eingerückt\n.Punkt am Anfang\nFrom mir\n> Zitat  \n<b>kein HTML</b> & 5 €\n" + "x" * 200
    script = SmtpScript()

    send(script, outgoing(text=text))

    assert text_of(script.raw[0]) == (text + "\n").replace("\n", "\r\n")
    assert [part.get_content_type() for part in read(script.raw[0]).walk()] == ["text/plain"]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("451 4.3.0 later", False), ("421 4.7.0 too many", False), ("550 5.7.1 no", True), ("552 5.3.4 size", True)],
)
def test_an_answer_after_data_is_a_no_and_never_unsure(answer: str, permanent: bool) -> None:
    script = SmtpScript(at_end=answer)

    problem = failure(script)

    assert (problem.permanent, problem.unsure) == (permanent, False)
    assert script.envelopes == []


def test_an_unknown_recipient_is_named() -> None:
    problem = failure(SmtpScript(at_rcpt={CUSTOMER: "550 5.1.1 no such user"}))

    assert problem.permanent
    assert str(problem) == f"Die Adresse {CUSTOMER} gibt es nicht (550)."


def test_a_greylisted_recipient_is_tried_later() -> None:
    problem = failure(SmtpScript(at_rcpt={CUSTOMER: "450 4.2.0 greylisted"}))

    assert (problem.permanent, problem.unsure) == (False, False)


def test_a_refused_copy_stops_the_mail_for_everybody() -> None:
    script = SmtpScript(at_rcpt={"chef@huber.example": "550 5.1.1 unknown"})

    problem = failure(script, outgoing(cc=("chef@huber.example",)))

    assert problem.values["address"] == "chef@huber.example"
    assert script.envelopes == []


def test_a_line_that_drops_after_data_is_unsure_and_the_mail_went_once() -> None:
    script = SmtpScript(drop_after_data=True)

    problem = failure(script)

    assert (problem.unsure, problem.permanent) == (True, False)
    assert len(script.envelopes) == 1
    assert script.connections == 1


def test_a_server_slower_than_our_patience_is_unsure_and_the_mail_went_once() -> None:
    script = SmtpScript(wait=3)

    problem = failure(script, final=1.0)

    assert problem.unsure
    assert len(script.envelopes) == 1


def test_a_server_that_looks_through_the_mail_for_long_is_waited_for() -> None:
    script = SmtpScript(wait=3)

    assert send(script, timeout=1.0) == script.raw[0]


def test_the_final_answer_is_waited_for_as_long_as_the_rule_says() -> None:
    assert FINAL_ANSWER == 600  # RFC 5321, 4.5.3.2.6


@pytest.mark.parametrize("drips_at", [b"", b"EHLO", b"DATA", b".", b"QUIT"])
def test_answers_that_drip_in_hang_nothing(drips_at: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_outbox, "_GOODBYE", 0.5)
    answers = {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 ok\r\n", b"DATA": b"354 go\r\n"}

    def drip(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"2")
            time.sleep(0.05)

    def talk(connection: socket.socket) -> None:
        if not drips_at:
            drip(connection)
        connection.sendall(b"220 ready\r\n")
        in_text = False
        for line in connection.makefile("rb"):
            word = line.strip()[:4].upper()
            if word == drips_at and (not in_text or word == b"."):
                drip(connection)
            if not in_text or word == b".":
                connection.sendall(answers.get(word, b"250 ok\r\n"))
                in_text = word == b"DATA"

    started = time.monotonic()
    with tcp_server(talk) as port, contextlib.suppress(MailProblemError):
        mailer = YagmailMailer(timeout=0.5, final=0.5)
        mailer.send(account_for(SHOP, smtp=port), PASSWORD, outgoing())
        assert drips_at == b"QUIT"
    assert time.monotonic() - started < 8


def test_a_line_that_drops_before_data_is_safe_to_try_again() -> None:
    script = SmtpScript(drop_at_rcpt=True)

    problem = failure(script)

    assert (problem.unsure, problem.permanent) == (False, False)
    assert script.envelopes == []


def test_a_wrong_password_says_so() -> None:
    script = SmtpScript()
    with smtp_server(script) as port, pytest.raises(MailProblemError) as caught:
        YagmailMailer(timeout=5).send(account_for(SHOP, smtp=port), "falsch", outgoing())

    assert caught.value.msgid == problems.WRONG_PASSWORD
    assert caught.value.permanent


def test_a_password_with_umlauts_logs_in() -> None:
    script = SmtpScript()
    with smtp_server(script) as port:
        YagmailMailer(timeout=5).send(account_for(SHOP, smtp=port), "Größe", outgoing())

    assert script.logins == [(SHOP, "Größe")]


def test_the_login_name_need_not_be_the_address() -> None:
    script = SmtpScript()
    with smtp_server(script) as port:
        YagmailMailer(timeout=5).send(account_for(SHOP, smtp=port, user="m0815"), PASSWORD, outgoing())

    assert script.logins[0][0] == "m0815"
    assert script.envelopes[0].mail_from == SHOP


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_an_unknown_authority_is_refused_before_the_password_leaves(tls: str, certificates: TestCertificates) -> None:
    script = SmtpScript()
    with smtp_server(script, tls=tls, context=certificates.server) as port, pytest.raises(MailProblemError) as caught:
        YagmailMailer(timeout=5).send(account_for(SHOP, smtp=port, tls=tls), PASSWORD, outgoing())

    assert caught.value.msgid == problems.BAD_CERTIFICATE
    assert script.logins == []


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_a_trusted_server_gets_the_mail_over_tls(tls: str, certificates: TestCertificates) -> None:
    script = SmtpScript()
    with smtp_server(script, tls=tls, context=certificates.server) as port:
        mailer = YagmailMailer(timeout=5, context=certificates.client)
        sent = mailer.send(account_for(SHOP, smtp=port, tls=tls), PASSWORD, outgoing())

    assert script.raw == [sent]
    assert script.envelopes[0].smtp_utf8 is False


def test_a_server_without_starttls_is_refused() -> None:
    with smtp_server(SmtpScript()) as port, pytest.raises(MailProblemError) as caught:
        YagmailMailer(timeout=5).send(account_for(SHOP, smtp=port, tls="starttls"), PASSWORD, outgoing())

    assert caught.value.msgid == problems.NO_TLS


def test_a_password_never_crosses_a_network_in_clear() -> None:
    account = account_for(SHOP)
    account = dataclasses.replace(account, smtp=dataclasses.replace(account.smtp, host="mail.muster.example"))

    with pytest.raises(MailProblemError) as caught:
        YagmailMailer().send(account, PASSWORD, outgoing())

    assert caught.value.msgid == problems.PLAIN_REFUSED


def test_a_closed_port_and_a_silent_server_are_named() -> None:
    with pytest.raises(MailProblemError) as closed:
        YagmailMailer(timeout=2).send(account_for(SHOP, smtp=free_port()), PASSWORD, outgoing())
    with tcp_server(lambda connection: connection.recv(1) and None) as port, pytest.raises(MailProblemError) as silent:
        YagmailMailer(timeout=1).send(account_for(SHOP, smtp=port), PASSWORD, outgoing())

    assert closed.value.msgid == problems.NO_CONNECTION
    assert silent.value.msgid == problems.TIMED_OUT


def test_headers_stand_once_and_ids_are_folded() -> None:
    references = tuple(f"<{'lang' * 20}{number}@kunde.example>" for number in range(30))
    raw = compose(outgoing(references=references, in_reply_to=references[-1]))
    message = read(raw)

    assert message.get_all("Message-ID") == ["<theke-1-abc@muster.example>"]
    assert message["In-Reply-To"] == references[-1]
    assert str(message["References"]).split() == [references[0], *references[-19:]]
    assert max(len(line) for line in raw.split(b"\r\n")) < 120


def test_the_date_is_the_senders_and_every_line_ends_in_crlf() -> None:
    raw = compose(outgoing())

    assert read(raw)["Date"].datetime == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()


@pytest.mark.parametrize("name", ["Jörg Müller", 'Müller, Jörg "Süß"', "O'Brien; <b@c.example>", "日本 " * 15, ""])
def test_a_name_in_to_comes_through_whole(name: str) -> None:
    # Not the standard library's reader: it puts spaces between the encoded words of a name.
    address = MailMessage.from_bytes(compose(outgoing(recipient_name=name))).to_values[0]

    assert address.email == CUSTOMER
    assert address.name == " ".join(name.split())


@pytest.mark.parametrize("length", range(20, 200, 9))
def test_a_subject_with_umlauts_comes_through_whole(length: int) -> None:
    subject = ("Rückfrage zu Ihrer Größe (Öl, Bremsflüssigkeit) – bis übermorgen 240 € " * 3)[:length].strip()

    assert read(compose(outgoing(subject=subject)))["Subject"] == subject
    assert max(map(len, compose(outgoing(subject=subject)).splitlines())) <= 78


def test_line_ends_in_headers_add_no_header() -> None:
    evil = "Hallo\r\nBcc: boese@example.org\n\nText"
    message = read(compose(outgoing(subject=evil, sender_name=evil, recipient_name=evil)))

    assert message["Bcc"] is None
    assert message["Subject"] == "Hallo Bcc: boese@example.org Text"
    assert "Text" in message["To"].addresses[0].display_name


@settings(deadline=None, max_examples=150)
@given(subject=st.text(max_size=120), name=st.text(max_size=60), text=st.text(max_size=300))
def test_any_words_make_a_mail_with_the_same_headers(subject: str, name: str, text: str) -> None:
    message = read(compose(outgoing(subject=subject, recipient_name=name, text=text)))

    wanted = ["Date", "From", "To", "Subject", "Message-ID"]
    assert [key for key in message if not key.startswith(("Content-", "MIME"))] == wanted
    assert message["To"].addresses[0].addr_spec == CUSTOMER
    assert one_line(str(message["Subject"])) == one_line(subject)


def test_files_keep_their_names_and_bytes() -> None:
    files = (
        OutgoingFile("Angebot für Größe Ä.pdf", "application/pdf", b"%PDF\r\n\x00\xff"),
        OutgoingFile("brief.eml", "message/rfc822", b"From: x\n\n.\n"),
        OutgoingFile("notiz.txt", "text/plain", "Grüße\n.\n".encode()),
        OutgoingFile("a\r\nBcc: b@c.example.png", "image/png", b"\x89PNG"),
    )
    script = SmtpScript()

    send(script, outgoing(files=files))

    found = list(read(script.raw[0]).iter_attachments())
    assert [part.get_filename() for part in found[:3]] == [file.file_name for file in files[:3]]
    assert [part.get_payload(decode=True) for part in found] == [file.content for file in files]
    assert read(script.raw[0])["Bcc"] is None


def test_only_automatic_mail_is_marked_as_such() -> None:
    automatic = read(compose(outgoing(automatic=True, in_reply_to="<a@b.example>")))

    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert read(compose(outgoing()))["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "address",
    ["", "kunde", "jörg@huber.example", "a@b@c.example", "a@b.example\n", "x@gmail", "a b@c.example", "@c.at"],
)
def test_an_impossible_address_is_refused_without_a_connection(address: str) -> None:
    with pytest.raises(MailProblemError) as caught:
        YagmailMailer().send(account_for(SHOP), PASSWORD, outgoing(recipient=address))

    assert caught.value.permanent
    assert caught.value.msgid == problems.BAD_ADDRESS


def test_a_domain_with_umlauts_is_written_in_idna() -> None:
    assert recipients_of(outgoing(recipient="info@müller.example", cc=("info@müller.example",))) == [
        "info@xn--mller-kva.example"
    ]


def test_yagmail_is_the_version_whose_two_methods_are_replaced() -> None:
    assert importlib.metadata.version("yagmail") == "0.16.0"
    parents = Post.__mro__[1].__dict__
    assert {"prepare_send", "_attempt_send", "_login", "send", "login"} <= parents.keys()


def test_the_dry_run_sends_nothing_and_reads_nothing() -> None:
    assert DryRunMailer().send(account_for(SHOP), "", outgoing()) == compose(outgoing())
    assert list(DryRunMailbox(account_for(SHOP), "").fetch(None, [1])) == []  # type: ignore[arg-type]


def test_a_real_server_delivers_what_was_sent(servers: MailServers) -> None:
    account = servers.account("absender@muster.example")

    YagmailMailer().send(account, servers.password, outgoing(sender=account.address, recipient="ziel@muster.example"))

    arrived = servers.mails("ziel@muster.example")
    assert len(arrived) == 1
    assert text_of(arrived[0]).replace("\r\n", "\n") == outgoing().text + "\n"
