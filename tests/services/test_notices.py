"""Mails to the owner: once, in opening hours, only when wanted, and never an inquiry of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import data.jobs
import data.notices
import data.settings
from data.notices import NoticeKind, NoticeState
from data.records import Actor, Channel, MailFolder, OpeningHours, StaffRole
from pages.catalogues import translator
from services import notices
from services.backups import make_backup
from services.errors import InvalidInputError, MailProblemError, NotAllowedError, ShopError
from services.inquiries import list_inquiries
from services.intake import fetch_mail
from services.jobs import JOBS, NOTICES, run_once
from services.look_back import NUMBERS, LookBack, Number, last_week
from services.mail.composing import compose
from services.mail.contract import OutgoingMail
from services.notices import look_after_notices, send_digest, send_look_back
from services.noting import Outcome, note_contact
from services.promises import promise_callback
from services.rules.lessons import Lesson
from services.rules.periods import Comparison, compared
from services.settings import disconnect_mail, put_settings, save_settings, shop_settings
from services.shop import Shop
from tests.builders import (
    MONDAY,
    SHOP_ADDRESS,
    FakeMailer,
    FrozenClock,
    connect,
    hire,
    letter,
    mailbox_of,
    make_shop,
    receive,
)
from tests.services.kept import bring_back

OWNER_MAIL = "sandra@example.net"


def _want(shop: Shop, **changes: Any) -> None:
    with shop.store.write() as tx:
        put_settings(tx, {"owner_mail": OWNER_MAIL, "digest": True, **changes}, shop.now())


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    _want(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def waiting(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    """Maria wrote at 10:42, and three of four hours of opening time are over: it is 14:42."""
    receive(shop, letter())
    clock.forward(hours=4)


def _sent(shop: Shop) -> list[OutgoingMail]:
    assert isinstance(shop.mailer, FakeMailer)
    return shop.mailer.sent


def _problem(shop: Shop, problem: MailProblemError | None) -> None:
    assert isinstance(shop.mailer, FakeMailer)
    shop.mailer.problem = problem


def _told(shop: Shop) -> str:
    """What the machine list says of these mails."""
    run = data.jobs.read_job_run(shop.store, NOTICES)
    assert run is not None
    return run.problem


def _states(shop: Shop) -> list[str]:
    return [row[0] for row in shop.store.read("SELECT state FROM notice ORDER BY key")]


@pytest.mark.usefixtures("waiting")
def test_the_digest_says_who_waits_for_what_since_when_and_how_much_is_left(shop: Shop) -> None:
    assert send_digest(shop)
    (mail,) = _sent(shop)
    assert (mail.sender, mail.recipient, mail.recipient_name) == (SHOP_ADDRESS, OWNER_MAIL, "Sandra Kofler")
    assert mail.subject == "Eine Anfrage wartet auf Antwort"
    assert "Maria Hofer: Mein Golf\n  wartet seit 10:42, noch 1 Std Öffnungszeit" in mail.text
    assert mail.automatic


@pytest.mark.usefixtures("waiting")
def test_one_mail_lists_all_who_wait_and_the_calls_promised_for_today(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    said = {"who": "Josef Novak", "need": "Pickerl", "reach": "0664 555 01 43", "channel": Channel.CALL}
    novak = note_contact(shop, sandra, **said, outcome=Outcome.MESSAGE)  # type: ignore[arg-type]
    due = clock.now + timedelta(hours=1)
    promise_callback(shop, sandra, novak, staff_id=sandra.staff_id, phone="0664 555 01 43", due_at=due)
    receive(shop, letter(sender="Jelena Petrović <jelena@example.org>"), at=clock.now - timedelta(hours=3, minutes=30))
    clock.forward(hours=1, minutes=10)
    send_digest(shop)
    (mail,) = _sent(shop)
    assert mail.subject == "3 Anfragen warten auf Antwort"
    assert "10 Min Öffnungszeit über dem Ziel" in mail.text
    assert "zugesagter Rückruf war fällig um 15:42" in mail.text
    assert "Zugesagte Rückrufe heute:\n- bis 15:42: Josef Novak, 0664 5550143, " in mail.text


@pytest.mark.usefixtures("waiting")
def test_the_next_digest_comes_on_another_day_only(shop: Shop, clock: FrozenClock) -> None:
    for _ in range(4):
        look_after_notices(shop)
        receive(shop, letter(subject="Noch etwas", sender="Neu <neu@example.org>"), at=clock.now - timedelta(hours=4))
        clock.forward(minutes=30)
    assert len(_sent(shop)) == 1
    clock.now = MONDAY + timedelta(days=1)
    look_after_notices(shop)
    assert len(_sent(shop)) == 2
    assert _sent(shop)[0].mail_id != _sent(shop)[1].mail_id


@pytest.mark.usefixtures("sandra")
def test_before_three_quarters_of_the_goal_nobody_is_written_to(shop: Shop, clock: FrozenClock) -> None:
    receive(shop, letter())
    clock.forward(hours=3)  # two of them with the shop open
    assert not send_digest(shop)
    assert _states(shop) == []


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("hours", [4, 14, 20])
def test_while_the_shop_is_closed_nothing_leaves(shop: Shop, clock: FrozenClock, hours: int) -> None:
    clock.forward(hours=hours)  # 18:42, 04:42 and, at noon of the next day, 10:42
    assert send_digest(shop) == (hours == 20)


@pytest.mark.usefixtures("waiting")
def test_without_the_switch_nothing_leaves_and_nothing_is_missing(shop: Shop, sandra: Actor) -> None:
    _want(shop, digest=False)
    disconnect_mail(shop, sandra)
    assert run_once(shop, NOTICES, look_after_notices)
    assert _sent(shop) == []
    assert _states(shop) == []


def _lose_address(shop: Shop) -> None:
    with shop.store.write() as tx:
        data.settings.drop_setting(tx, "owner_mail")


def _lose_mailbox(shop: Shop) -> None:
    with shop.store.write() as tx:
        data.settings.drop_setting(tx, "mail_account")


def _lose_owner(shop: Shop) -> None:
    with shop.store.write() as tx:
        tx.run("UPDATE staff SET active = false")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("digest", [True, False])
@pytest.mark.parametrize(
    ("lose", "lacking"), [(_lose_address, "Adresse"), (_lose_mailbox, "Postfach"), (_lose_owner, "Inhaber")]
)
def test_mails_that_are_wanted_but_cannot_be_written_are_told(
    shop: Shop, digest: bool, lose: Callable[[Shop], None], lacking: str
) -> None:
    _want(shop, digest=digest, look_back=not digest)
    lose(shop)
    assert not run_once(shop, NOTICES, look_after_notices)
    assert _sent(shop) == []
    assert _states(shop) == []
    assert lacking in _told(shop)
    assert translator("en")(_told(shop)) != _told(shop)


@pytest.mark.parametrize("wish", ["digest", "look_back"])
def test_the_address_is_not_cleared_while_a_mail_is_wanted(shop: Shop, sandra: Actor, wish: str) -> None:
    _want(shop, **{"digest": False, wish: True})
    with pytest.raises(InvalidInputError, match="Die Adresse fehlt noch"):
        save_settings(shop, sandra, owner_mail="")
    assert shop_settings(shop.store).owner_mail == OWNER_MAIL
    save_settings(shop, sandra, owner_mail="", digest=False, look_back=False)
    assert shop_settings(shop.store).owner_mail == ""


def test_a_missing_address_keeps_nobody_from_other_settings(shop: Shop, sandra: Actor) -> None:
    _lose_address(shop)
    save_settings(shop, sandra, town="1010 Wien")
    assert shop_settings(shop.store).town == "1010 Wien"


@pytest.mark.usefixtures("waiting")
def test_after_a_crash_between_claim_and_mail_it_is_unsure_and_never_sent(
    shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_hand_over", _die)
    with pytest.raises(KeyboardInterrupt):
        look_after_notices(shop)
    monkeypatch.undo()
    for _ in range(3):
        clock.forward(minutes=20)
        assert not run_once(shop, NOTICES, look_after_notices)
    assert _sent(shop) == []
    assert _states(shop) == ["unsure"]
    assert "nicht sicher" in _told(shop)


def _die(*_: object) -> bool:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("waiting")
def test_a_mail_that_may_have_left_is_not_sent_again(shop: Shop, clock: FrozenClock) -> None:
    _problem(shop, MailProblemError("Der Server antwortet nicht mehr.", unsure=True))
    assert not send_digest(shop)
    _problem(shop, None)
    clock.forward(hours=1)
    assert not send_digest(shop)
    assert _states(shop) == ["unsure"]


@pytest.mark.usefixtures("waiting")
def test_what_failed_before_it_could_leave_is_tried_again_and_then_all_is_well(shop: Shop, clock: FrozenClock) -> None:
    _problem(shop, MailProblemError("Der Server ist nicht zu erreichen."))
    assert not run_once(shop, NOTICES, look_after_notices)
    _problem(shop, None)
    clock.forward(minutes=5)
    assert not run_once(shop, NOTICES, look_after_notices)
    clock.forward(minutes=10)
    assert run_once(shop, NOTICES, look_after_notices)
    assert len(_sent(shop)) == 1
    assert _states(shop) == ["sent"]


@pytest.fixture
def tries(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, str]]:
    """There is no net: when each mail was tried in vain, and its Message-ID."""
    found: list[tuple[datetime, str]] = []

    def refuse(_account: object, _password: str, mail: OutgoingMail) -> bytes:
        found.append((shop.now(), mail.mail_id))
        raise MailProblemError("Der Server ist nicht zu erreichen.")

    monkeypatch.setattr(shop.mailer, "send", refuse)
    return found


@pytest.mark.usefixtures("waiting")
def test_without_a_net_the_pauses_grow_to_an_hour_and_the_day_ends_them(
    shop: Shop, sandra: Actor, clock: FrozenClock, tries: list[tuple[datetime, str]]
) -> None:
    save_settings(shop, sandra, hours=OpeningHours("Europe/Vienna", (((0, 1440),),) * 7))
    begin = clock.now
    while clock.now < datetime(2026, 11, 23, 22, 59, tzinfo=UTC):  # a minute before midnight in Vienna
        send_digest(shop)
        clock.forward(minutes=1)
    minutes = [int((at - begin) / timedelta(minutes=1)) for at, _ in tries]
    assert minutes == [0, 15, 45, 90, *range(150, 540, 60)]
    assert len({mail_id for _, mail_id in tries}) == 1
    clock.forward(minutes=2)
    send_digest(shop)
    assert len({mail_id for _, mail_id in tries}) == 2


@pytest.mark.usefixtures("looked_back", "sandra")
def test_a_look_back_without_a_net_leaves_when_the_net_is_back_days_later(
    shop: Shop, clock: FrozenClock, tries: list[tuple[datetime, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _want(shop, look_back=True, digest=False)
    end = clock.now + timedelta(days=5)
    while clock.now < end:
        assert not send_look_back(shop)
        clock.forward(minutes=20)
    assert len(tries) > 70
    monkeypatch.undo()
    monkeypatch.setattr(notices, "look_back", _empty_look_back)
    clock.forward(hours=1)
    assert send_look_back(shop)
    assert _states(shop) == ["sent"]


@pytest.mark.usefixtures("waiting")
def test_a_clock_put_back_writes_no_second_time(shop: Shop, clock: FrozenClock) -> None:
    _want(shop, look_back=True)
    clock.now = MONDAY + timedelta(days=1)
    look_after_notices(shop)
    assert len(_sent(shop)) == 2
    receive(shop, letter(subject="Noch etwas", sender="Neu <neu@example.org>"), at=MONDAY - timedelta(days=5))
    for days in (0, -7, -40):
        clock.now = MONDAY + timedelta(days=days)
        look_after_notices(shop)
    assert len(_sent(shop)) == 2
    clock.now = MONDAY + timedelta(days=2)
    look_after_notices(shop)
    assert len(_sent(shop)) == 3


@pytest.mark.parametrize(("ahead", "may"), [(1, False), (60, False), (61, True), (4000, True), (-1, True), (0, True)])
def test_a_wildly_wrong_clock_does_not_block_for_ever(shop: Shop, ahead: int, may: bool) -> None:
    with shop.store.write() as tx:
        then = MONDAY + timedelta(days=ahead)
        assert data.notices.claim(tx, NoticeKind.DIGEST, then.date().isoformat() + "x", "<a@x.example>", then)
        assert data.notices.claim(tx, NoticeKind.LOOK_BACK, "2026-11-23", "<c@x.example>", MONDAY)
        assert data.notices.claim(tx, NoticeKind.DIGEST, "2026-11-23", "<b@x.example>", MONDAY) == may


@pytest.mark.usefixtures("waiting")
def test_what_failed_under_a_wrong_clock_did_not_leave_and_blocks_nothing(shop: Shop, clock: FrozenClock) -> None:
    clock.now = MONDAY + timedelta(days=1)
    _problem(shop, MailProblemError("Der Server ist nicht zu erreichen."))
    assert not send_digest(shop)
    _problem(shop, None)
    clock.now = MONDAY + timedelta(hours=4)
    assert send_digest(shop)


@pytest.mark.usefixtures("waiting", "looked_back")
@pytest.mark.parametrize("broken", ["_digest", "_look_back"])
def test_a_fault_in_one_mail_does_not_keep_back_the_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    _want(shop, look_back=True)

    def fault(_post: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(notices, broken, fault)
    assert not run_once(shop, NOTICES, look_after_notices)
    assert "Unerwarteter Fehler" in _told(shop)
    assert len(_sent(shop)) == 1


@pytest.mark.usefixtures("waiting")
def test_a_no_for_good_is_shown_for_the_rest_of_the_day_and_not_tried_again(shop: Shop, clock: FrozenClock) -> None:
    _problem(shop, MailProblemError("Diese Adresse gibt es nicht.", permanent=True))
    run_once(shop, NOTICES, look_after_notices)
    _problem(shop, None)
    clock.forward(hours=1)
    assert not run_once(shop, NOTICES, look_after_notices)
    assert _told(shop) == "Diese Adresse gibt es nicht."
    clock.now = MONDAY + timedelta(days=1)
    assert run_once(shop, NOTICES, look_after_notices)


@pytest.mark.usefixtures("waiting")
def test_two_at_once_send_one_mail(shop: Shop) -> None:
    with shop.store.write() as tx:
        key = notices.notice_keys(shop_settings(tx), shop.now())[NoticeKind.DIGEST]
        taken = [data.notices.claim(tx, NoticeKind.DIGEST, key, f"<{n}@x.example>", shop.now()) for n in range(2)]
    assert taken == [True, False]


@pytest.mark.usefixtures("waiting")
def test_the_language_of_the_shop_is_the_digests(shop: Shop) -> None:
    shop.translator = translator
    _want(shop, language="en")
    send_digest(shop)
    assert _sent(shop)[0].subject == "One inquiry is waiting for an answer"
    assert "opening hours left" in _sent(shop)[0].text


@pytest.mark.parametrize("folder", [MailFolder.INBOX, MailFolder.SENT])
@pytest.mark.parametrize("owner_mail", [OWNER_MAIL, SHOP_ADDRESS])
@pytest.mark.parametrize("renamed", [False, True])
@pytest.mark.parametrize("restored", [False, True])
def test_a_digest_that_comes_back_is_nobodys_inquiry(
    shop: Shop, sandra: Actor, clock: FrozenClock, folder: MailFolder, owner_mail: str, renamed: bool, restored: bool
) -> None:
    """Also when a backup from before it was brought back, so that no row speaks of it."""
    _want(shop, owner_mail=owner_mail)
    receive(shop, letter(sender="fabio.rossi@example.org"))  # without a name: his address stands in the digest
    clock.forward(hours=4)
    send_digest(shop)
    content = compose(_sent(shop)[0])
    assert b"fabio.rossi@example.org" in content
    if renamed:
        content = content.replace(f"Message-ID: {_sent(shop)[0].mail_id}".encode(), b"Message-ID: <new@server.example>")
    if restored:
        with shop.store.write() as tx:
            tx.run("DELETE FROM notice")
    clock.forward(minutes=1)
    receive(shop, content, folder=folder)
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    assert shop.store.read("SELECT count(*) FROM message")[0][0] == 1
    assert shop.store.read("SELECT count(*) FROM customer")[0][0] == 1


@pytest.mark.usefixtures("waiting")
def test_the_owners_vacation_reply_is_nobodys_inquiry_but_their_own_words_are(shop: Shop, clock: FrozenClock) -> None:
    send_digest(shop)
    about = {"sender": OWNER_MAIL, "In_Reply_To": _sent(shop)[0].mail_id}
    clock.forward(minutes=1)
    receive(shop, letter("Ich bin im Urlaub.", subject="Automatische Antwort", Auto_Submitted="auto-replied", **about))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    receive(shop, letter("Ruft bitte Frau Hofer an!", subject="Re: Eine Anfrage", **about))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 2


@pytest.mark.usefixtures("waiting")
def test_a_digest_that_bounces_is_told_in_the_machine_list_and_makes_no_inquiry(shop: Shop, clock: FrozenClock) -> None:
    send_digest(shop)
    clock.forward(minutes=1)
    mailbox_of(shop).put(_bounce(_sent(shop)[0].mail_id), clock.now)
    fetch_mail(shop)
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 1
    assert not run_once(shop, NOTICES, look_after_notices)
    assert "kam zurück" in _told(shop)


@pytest.mark.usefixtures("sandra")
def test_nobody_else_hides_a_mail_behind_the_mark_of_a_notice(shop: Shop) -> None:
    forged = f"{data.notices.MARK}1@kfz-muster.example>"
    receive(shop, letter(message_id=forged))
    receive(shop, letter(sender="Neu <neu@example.org>", References=forged, In_Reply_To=forged))
    assert shop.store.read("SELECT count(*) FROM inquiry")[0][0] == 2


def _bounce(mail_id: str) -> bytes:
    return f"""From: Mail Delivery System <mailer-daemon@mx.example>
To: {SHOP_ADDRESS}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {OWNER_MAIL}
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {mail_id}
Subject: Eine Anfrage

--b--
""".encode()


def test_after_a_restore_nothing_of_this_day_is_sent_again(tmp_path: Path, clock: FrozenClock) -> None:
    shop = make_shop(tmp_path, in_memory=False, clock=clock)
    connect(shop)
    _want(shop, look_back=True)
    hire(shop, "Sandra Kofler", StaffRole.OWNER)
    receive(shop, letter())
    made = make_backup(shop, now=shop.now())
    shop.close()
    bring_back(made.path, tmp_path)
    clock.forward(days=1)
    again = make_shop(tmp_path, in_memory=False, clock=clock)
    assert list_inquiries(again, hire(again, "Amir")).late == 1
    assert not send_digest(again)
    assert not send_look_back(again)
    assert _sent(again) == []
    assert _states(again) == ["unsure", "unsure"]
    again.close()


@pytest.mark.usefixtures("waiting")
def test_what_a_restore_made_unsure_no_longer_speaks_of_the_net(shop: Shop) -> None:
    _problem(shop, MailProblemError("Der Server ist nicht zu erreichen."))
    assert not send_digest(shop)
    with shop.store.write() as tx:
        keys = notices.notice_keys(shop_settings(tx), shop.now())
        data.notices.settle_restored(tx, keys, shop.now(), "Vielleicht schon hinausgegangen.")
    with pytest.raises(ShopError, match=r"^Vielleicht schon hinausgegangen\.$"):
        look_after_notices(shop)


@pytest.fixture
def looked_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-back with nothing in it."""
    monkeypatch.setattr(notices, "look_back", _empty_look_back)


def _empty_look_back(shop: Shop, _actor: Actor) -> LookBack:
    week = last_week(shop.now().date())
    numbers = tuple(Number(figure, None, None) for figure in NUMBERS)
    lesson = Lesson("In dieser Woche kam keine Anfrage.")
    return LookBack(week, compared(week, Comparison.PREVIOUS), numbers, lesson, None)


@pytest.mark.usefixtures("looked_back", "sandra")
def test_the_look_back_comes_once_a_week_on_the_first_day_that_theke_runs(shop: Shop, clock: FrozenClock) -> None:
    _want(shop, look_back=True, digest=False)
    clock.now = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)  # Wednesday, 6:30: nobody is woken
    assert not send_look_back(shop)
    clock.forward(hours=1)
    look_after_notices(shop)
    clock.forward(days=4)  # Sunday
    look_after_notices(shop)
    assert [mail.subject for mail in _sent(shop)] == ["Rückblick auf KW 47"]
    clock.forward(days=1)
    look_after_notices(shop)
    assert [mail.subject for mail in _sent(shop)] == ["Rückblick auf KW 47", "Rückblick auf KW 48"]
    assert "In dieser Woche kam keine Anfrage." in _sent(shop)[1].text
    assert "Was ändern Sie diese Woche?" in _sent(shop)[1].text


@pytest.mark.usefixtures("looked_back", "sandra")
def test_nobody_who_did_not_ask_for_it_gets_a_look_back(shop: Shop) -> None:
    look_after_notices(shop)
    assert _sent(shop) == []


def test_only_owners_say_where_these_mails_go(shop: Shop, sandra: Actor) -> None:
    with pytest.raises(NotAllowedError):
        save_settings(shop, hire(shop, "Amir"), owner_mail="amir@example.org")
    save_settings(shop, sandra, owner_mail="neu@example.org")
    assert shop_settings(shop.store).owner_mail == "neu@example.org"


def test_the_mails_to_the_owner_are_work_in_the_background() -> None:
    assert [job.work for job in JOBS if job.name == NOTICES] == [look_after_notices]


def test_states_are_what_the_store_keeps() -> None:
    assert set(NoticeState) == {"sending", "sent", "failed", "unsure"}
