"""Reading a mailbox: a real server for what must work, a scripted one for what servers should not do."""

from __future__ import annotations

import base64
import dataclasses
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from data.records import MailAccount, MailFolder
from services.errors import MailProblemError
from services.mail import imap_inbox, problems
from services.mail.account_check import IMAP_WORKS, NO_SENT, SMTP_WORKS, check_account
from services.mail.fetching import chunks, read_answer
from services.mail.imap_inbox import ImapMailbox, open_mailbox
from services.mail.parsing import parse_mail
from tests.mail_servers import (
    HOST,
    MailServers,
    SmtpScript,
    TestCertificates,
    account_for,
    free_port,
    scripted_imap,
    smtp_server,
    tcp_server,
    tls_proxy,
)

INBOX, SENT = MailFolder.INBOX, MailFolder.SENT
MORNING = datetime(2026, 11, 2, 8, 15, tzinfo=UTC)


def mail(number: int, text: str = "Hallo") -> bytes:
    head = f"From: k{number}@huber.example\r\nSubject: Nr {number}\r\nMessage-ID: <m{number}@huber.example>\r\n"
    return f"{head}\r\n{text}\r\n".encode("latin-1")


@contextmanager
def opened(servers: MailServers, account: MailAccount) -> Iterator[ImapMailbox]:
    mailbox = open_mailbox(account, servers.password)
    yield mailbox
    mailbox.close()


@contextmanager
def scripted(answers: dict[str, list[bytes]]) -> Iterator[ImapMailbox]:
    with tcp_server(scripted_imap(answers)) as port:
        mailbox = open_mailbox(account_for("x@muster.example", imap=port), "pw")
        yield mailbox
        mailbox.close()


def test_mails_come_with_their_exact_bytes_and_their_arrival(servers: MailServers) -> None:
    account = servers.account("lesen@muster.example")
    servers.put(account.address, mail(1, "Grüße \x80"), at=MORNING)

    with opened(servers, account) as mailbox:
        found = list(mailbox.fetch(INBOX, mailbox.uids(INBOX)))

    assert [(one.content, one.received_at) for one in found] == [(mail(1, "Grüße \x80"), MORNING)]


def test_reading_marks_nothing_as_read(servers: MailServers) -> None:
    account = servers.account("flags@muster.example")
    servers.put(account.address, mail(1))

    with opened(servers, account) as mailbox:
        list(mailbox.fetch(INBOX, mailbox.uids(INBOX)))

    with servers.box(account.address) as box:
        assert next(box.fetch(mark_seen=False)).flags in {(), ("\\Recent",)}


def test_no_command_could_change_anything() -> None:
    said: list[str] = []
    sizes = [b"* 1 FETCH (UID 7 RFC822.SIZE 1)", b"%TAG% OK"]
    answers = {
        "UID FETCH 7 (UID RFC822": sizes,
        "UID FETCH 7 (UID INTERNAL": [b"* 1 FETCH (UID 7 BODY[] {1}\r\nb)", b"%TAG% OK"],
        "UID SEARCH": [b"* SEARCH 7", b"%TAG% OK"],
        "LIST": [b'* LIST (\\Sent) "/" "Sent"', b"%TAG% OK"],
    }
    with tcp_server(scripted_imap(answers, said)) as port:
        mailbox = open_mailbox(account_for("x@muster.example", imap=port), "pw")
        assert len(list(mailbox.fetch(INBOX, mailbox.uids(INBOX, after=3)))) == 1
        assert mailbox.in_sent("<a@b.example>", MORNING.date())
        mailbox.close()

    commands = {" ".join(line.split()[:2]) if line.startswith("UID") else line.split()[0] for line in said}
    assert commands == {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LIST", "LOGOUT"}
    assert all("BODY.PEEK[" in line for line in said if "BODY" in line)


def test_uids_after_a_bookmark_are_only_the_new_ones(servers: MailServers) -> None:
    account = servers.account("neu@muster.example")
    for number in range(3):
        servers.put(account.address, mail(number))

    with opened(servers, account) as mailbox:
        uids = mailbox.uids(INBOX)
        state = mailbox.state(INBOX)

        assert len(uids) == 3
        assert mailbox.uids(INBOX, after=uids[1]) == [uids[2]]
        assert mailbox.uids(INBOX, after=uids[2]) == []
        assert state.uidnext == uids[2] + 1


def test_uids_since_a_day_leave_older_mails_out(servers: MailServers) -> None:
    account = servers.account("alt@muster.example")
    servers.put(account.address, mail(1), at=MORNING - timedelta(days=60))
    servers.put(account.address, mail(2), at=MORNING)

    with opened(servers, account) as mailbox:
        recent = mailbox.uids(INBOX, since=date(2026, 10, 20))

    assert len(recent) == 1


def test_more_than_a_chunk_is_fetched_once_each_and_missing_uids_are_not_invented(servers: MailServers) -> None:
    account = servers.account("viele@muster.example")
    with servers.box(account.address) as box:
        for number in range(130):
            box.append(mail(number), "INBOX")

    with opened(servers, account) as mailbox:
        uids = mailbox.uids(INBOX)
        found = list(mailbox.fetch(INBOX, [*uids, uids[0], 999_999]))

    assert [one.uid for one in found] == uids
    assert [one.content for one in found] == [mail(number) for number in range(130)]


def test_no_uids_fetch_nothing(servers: MailServers) -> None:
    account = servers.account("leer@muster.example")
    servers.put(account.address, mail(1))

    with opened(servers, account) as mailbox:
        assert list(mailbox.fetch(INBOX, [])) == []


def test_a_copy_lands_in_sent_and_is_found_by_its_id(servers: MailServers) -> None:
    account = servers.account("gesendet@muster.example")

    with opened(servers, account) as mailbox:
        before = mailbox.in_sent("<m7@huber.example>", MORNING.date())
        mailbox.append_to_sent(mail(7), MORNING)
        after = mailbox.in_sent("<m7@huber.example>", MORNING.date())
        copies = list(mailbox.fetch(SENT, mailbox.uids(SENT)))

    assert (before, after) == (False, True)
    assert [(one.content, one.received_at) for one in copies] == [(mail(7), MORNING)]


@pytest.mark.parametrize("name", ["Gesendet", "Gesendete Objekte", "INBOX.Sent", "INBOX/Gesendete Elemente"])
def test_the_sent_folder_is_known_by_its_usual_names(name: str) -> None:
    line = f'* LIST (\\HasNoChildren) "{"." if "." in name else "/"}" "{name}"'.encode()
    with scripted({"LIST": [b'* LIST () "/" "Archiv"', line, b"%TAG% OK"]}) as mailbox:
        assert mailbox.sent_folder() == name


def test_the_flag_names_the_sent_folder_and_the_shops_choice_comes_first() -> None:
    lines = [b'* LIST (\\Sent) "/" "Raus"', b'* LIST () "/" "Sent"', b'* LIST () "/" "Werkstatt"', b"%TAG% OK"]
    with tcp_server(scripted_imap({"LIST": lines})) as port:
        account = account_for("x@muster.example", imap=port)
        flagged = open_mailbox(account, "pw").sent_folder()
        chosen = open_mailbox(dataclasses.replace(account, sent_folder="Werkstatt"), "pw").sent_folder()
        gone = open_mailbox(dataclasses.replace(account, sent_folder="Weg"), "pw").sent_folder()

    assert (flagged, chosen, gone) == ("Raus", "Werkstatt", "Raus")


def test_without_a_sent_folder_a_sentence_says_so() -> None:
    answers = {"LIST": [b'* LIST () "/" "INBOX"', b"%TAG% OK"]}
    with scripted(answers) as mailbox, pytest.raises(MailProblemError) as caught:
        mailbox.append_to_sent(b"x", MORNING)

    assert caught.value.msgid == problems.NO_SENT_FOLDER


def test_answers_in_any_order_find_their_own_mails() -> None:
    lines = [
        (b'1 (UID 7 INTERNALDATE " 2-Nov-2026 09:15:00 +0100" BODY[] {1}', b"a"),
        b")",
        b"9 (FLAGS (\\Seen))",
        (b"2 (BODY[] {13}", b"3 (UID 99 x)\r\n"),
        b' UID 8 INTERNALDATE "02-Nov-2026 08:15:00 +0000")',
        b'3 (UID 9 INTERNALDATE "02-Nov-2026 08:15:00 +0000" BODY[] NIL)',
        b'4 (UID 10 BODY[] "a \\"b\\"")',
        None,
    ]

    found = {one.uid: one for one in read_answer(lines)}

    assert {uid: one.content for uid, one in found.items()} == {7: b"a", 8: b"3 (UID 99 x)\r\n", 9: None, 10: b'a "b"'}
    assert found[7].received_at == found[8].received_at == MORNING


def test_a_mail_that_vanished_is_not_yielded_and_shifts_no_other() -> None:
    sizes = [b"* 1 FETCH (UID 7 RFC822.SIZE 1)", b"* 2 FETCH (UID 8 RFC822.SIZE 1)", b"%TAG% OK"]
    bodies = [b"* 1 FETCH (UID 7 BODY[] NIL)", b"* 2 FETCH (UID 8 BODY[] {1}\r\nb)", b"%TAG% OK"]
    with scripted({"UID FETCH 7,8 (UID RFC822": sizes, "UID FETCH 7,8 (UID INTERNAL": bodies}) as mailbox:
        found = list(mailbox.fetch(INBOX, [7, 8]))

    assert [(one.uid, one.content) for one in found] == [(8, b"b")]


def test_a_huge_mail_comes_as_its_beginning_and_says_so(servers: MailServers, monkeypatch: pytest.MonkeyPatch) -> None:
    account = servers.account("riesig@muster.example")
    servers.put(account.address, mail(1, "Anfang " + "x" * 3000))
    servers.put(account.address, mail(2))
    monkeypatch.setattr(imap_inbox, "LARGEST_MAIL", 2000)

    with opened(servers, account) as mailbox:
        huge, small = mailbox.fetch(INBOX, mailbox.uids(INBOX))

    parsed = parse_mail(huge.content, own_addresses=frozenset())
    assert huge.content.startswith(b"X-Theke-Cut: ")
    assert parsed.subject == "Nr 1"
    assert parsed.body.startswith("Anfang")
    assert [one.refusal != "" for one in parsed.attachments] == [True]
    assert small.content == mail(2)


def test_chunks_hold_few_mails_and_few_bytes() -> None:
    sizes = {**dict.fromkeys(range(1, 251), 10), 300: 5000, 301: 900, 302: 200}

    assert [len(chunk) for chunk in chunks(sizes, 1000)] == [100, 100, 50, 1, 1, 1]
    assert [uid for chunk in chunks(sizes, 1000) for uid in chunk] == list(sizes)


def test_a_wrong_password_says_so(servers: MailServers) -> None:
    with pytest.raises(MailProblemError) as caught:
        open_mailbox(servers.account("falsch@muster.example"), "anders")

    assert caught.value.msgid == problems.WRONG_PASSWORD
    assert caught.value.permanent


@pytest.mark.parametrize("password", ["Größe", 'a"b\\c', "a\r\nb", ""])
def test_any_password_is_only_ever_refused(servers: MailServers, password: str) -> None:
    with pytest.raises(MailProblemError) as caught:
        open_mailbox(servers.account("umlaut@muster.example"), password)

    assert caught.value.msgid == problems.WRONG_PASSWORD


def test_a_password_with_umlauts_goes_by_authenticate_plain() -> None:
    said: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        for line in connection.makefile("rb"):
            said.append(line.strip())
            tag = (said[-2] if said[-2:-1] and b"AUTHENTICATE" in said[-2] else line).split()[0]
            connection.sendall(
                b"+ \r\n" if b"AUTHENTICATE" in line else b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"
            )

    with tcp_server(talk) as port:
        open_mailbox(account_for("x@muster.example", imap=port), "Größe").close()

    assert base64.b64decode(said[2]) == "\0x@muster.example\0Größe".encode()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"NO [ALERT] Application-specific password required", problems.APP_PASSWORD),
        (b"NO [ALERT] Your account is not enabled for IMAP use.", problems.IMAP_OFF),
        (b"NO [UNAVAILABLE] Temporary authentication failure", problems.BUSY),
        (b"NO [ALERT] Too many simultaneous connections", problems.BUSY),
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials", problems.WRONG_PASSWORD),
    ],
)
def test_a_refused_login_says_what_to_do(answer: bytes, sentence: str) -> None:
    with tcp_server(scripted_imap({"LOGIN": [b"%TAG% " + answer]})) as port, pytest.raises(MailProblemError) as caught:
        open_mailbox(account_for("x@muster.example", imap=port), "pw")

    assert caught.value.msgid == sentence
    assert HOST in str(caught.value)


def test_an_unknown_authority_is_refused_and_a_known_one_read(
    servers: MailServers, certificates: TestCertificates
) -> None:
    address = servers.account("tls@muster.example").address
    servers.put(address, mail(1))
    with tls_proxy(servers.imap_port, certificates.server) as port:
        account = account_for(address, imap=port, imap_tls="ssl")
        with pytest.raises(MailProblemError) as caught:
            open_mailbox(account, servers.password)
        mailbox = open_mailbox(account, servers.password, context=certificates.client)
        uids = mailbox.uids(INBOX)
        mailbox.close()

    assert caught.value.msgid == problems.BAD_CERTIFICATE
    assert len(uids) == 1


def test_a_server_without_starttls_gets_no_password() -> None:
    answers = {"LOGIN": [b"%TAG% OK"]}
    with tcp_server(scripted_imap(answers)) as port, pytest.raises(MailProblemError) as caught:
        open_mailbox(account_for("x@muster.example", imap=port, imap_tls="starttls"), "pw")

    assert caught.value.msgid == problems.NO_TLS


def test_unencrypted_is_for_this_computer_only() -> None:
    account = account_for("x@muster.example")
    account = dataclasses.replace(account, imap=dataclasses.replace(account.imap, host="mail.muster.example"))

    with pytest.raises(MailProblemError) as caught:
        open_mailbox(account, "pw")

    assert caught.value.msgid == problems.PLAIN_REFUSED


def test_a_closed_port_is_named_and_may_be_tried_again() -> None:
    with pytest.raises(MailProblemError) as caught:
        open_mailbox(account_for("x@muster.example", imap=free_port()), "pw")

    assert caught.value.msgid == problems.NO_CONNECTION
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "answer", [[b""], [b"* STATUS INBOX (UIDNEXT 3)", b"%TAG% OK"], [b"* STATUS nonsense", b"%TAG% OK"], [b"%TAG% NO"]]
)
def test_whatever_a_server_says_comes_out_as_one_error(answer: list[bytes]) -> None:
    with scripted({"STATUS": answer}) as mailbox, pytest.raises(MailProblemError) as caught:
        mailbox.state(INBOX)

    assert caught.value.msgid in {problems.BROKEN_OFF, problems.NOT_UNDERSTOOD}
    assert not caught.value.permanent


def test_a_line_that_drops_while_fetching_ends_in_one_error_and_closing_is_harmless() -> None:
    answers = {"UID FETCH 1,2 (UID RFC822": [b"* 1 FETCH (UID 1 RFC822.SIZE 9)", b"%TAG% OK"], "UID FETCH": [b""]}
    with scripted(answers) as mailbox, pytest.raises(MailProblemError) as caught:
        list(mailbox.fetch(INBOX, [1, 2]))

    assert caught.value.msgid == problems.BROKEN_OFF


def test_an_account_check_logs_in_on_both_sides_and_sends_nothing(servers: MailServers) -> None:
    script = SmtpScript()
    with smtp_server(script) as port:
        imap_only = servers.account("pruefen@muster.example")
        account = dataclasses.replace(imap_only, smtp=dataclasses.replace(imap_only.smtp, port=port))
        good, bad = check_account(account, servers.password), check_account(account, "falsch")

    assert (good.ok, good.imap_sentence, good.smtp_sentence, good.sent_folder) == (True, IMAP_WORKS, SMTP_WORKS, "Sent")
    assert (bad.ok, bad.imap_sentence, bad.smtp_sentence) == (False, problems.WRONG_PASSWORD, problems.WRONG_PASSWORD)
    assert bad.imap_values["host"] == HOST
    assert script.envelopes == []


def test_an_account_check_asks_for_the_sent_folder_where_none_is_found() -> None:
    with tcp_server(scripted_imap({"LIST": [b"%TAG% OK"]})) as port:
        check = check_account(account_for("x@muster.example", imap=port, smtp=free_port()), "pw")

    assert (check.ok, check.imap_sentence, check.sent_folder) == (False, NO_SENT, "")
    assert check.smtp_sentence == problems.NO_CONNECTION


def _drip(first: bytes = b"* OK ") -> Callable[[socket.socket], None]:
    """One byte at a time and never a whole answer: no timeout for silence ever comes."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    return talk


def test_a_greeting_that_drips_ends_in_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_inbox, "_PATIENCE", 0.5)
    with tcp_server(_drip()) as port, pytest.raises(MailProblemError) as caught:
        open_mailbox(account_for("x@muster.example", imap=port), "pw")

    assert caught.value.msgid == problems.TIMED_OUT


def test_an_answer_that_drips_ends_in_one_error_and_so_does_the_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(connection: socket.socket) -> None:
        for line in connection.makefile("rb"):
            tag = line.split()[0]
            if b"STATUS" in line or b"LOGOUT" in line:
                _drip(b"* ")(connection)
            capability = b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in line else b""
            connection.sendall(capability + tag + b" OK done\r\n")

    def greet_and_talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        talk(connection)

    monkeypatch.setattr(imap_inbox, "_PATIENCE", 1.0)
    monkeypatch.setattr(imap_inbox, "_GOODBYE", 0.5)
    with tcp_server(greet_and_talk) as port:
        mailbox = open_mailbox(account_for("x@muster.example", imap=port), "pw")
        with pytest.raises(MailProblemError) as caught:
            mailbox.state(INBOX)
        mailbox.close()
        other = open_mailbox(account_for("x@muster.example", imap=port), "pw")
        other.close()

    assert caught.value.msgid == problems.TIMED_OUT


def test_a_large_answer_may_take_longer_than_a_small_one() -> None:
    assert imap_inbox._patience_for(40_000_000) > 30 * imap_inbox._patience_for(0)
