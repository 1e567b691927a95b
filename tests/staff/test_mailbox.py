"""Einstellungen → Postfach: any provider, a real check of both sides before anything is kept, letting go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, MailAccount
from services.jobs import fetch_now
from services.mail.account_check import IMAP_WORKS, NO_SENT, SMTP_WORKS, AccountCheck
from services.mail.problems import WRONG_PASSWORD
from services.settings import mail_account
from services.shop import Shop
from tests.builders import SHOP_ADDRESS, mailbox_of
from tests.staff.conftest import Open, ask, spoken, words

GOOD = AccountCheck(True, IMAP_WORKS, SMTP_WORKS, "Sent")
ADDRESS = "werkstatt@eigener-server.example"


class Check:
    """Stands for the two servers; keeps what it was asked with."""

    def __init__(self, *answers: AccountCheck) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[MailAccount, str]] = []

    def __call__(self, account: MailAccount, password: str) -> AccountCheck:
        self.asked.append((account, password))
        return self.answers.pop(0)


def servers(monkeypatch: pytest.MonkeyPatch, *answers: AccountCheck) -> Check:
    check = Check(*answers)
    monkeypatch.setattr("pages.parts.mailbox.check_account", check)
    return check


@pytest.fixture
def dialog(screen: Open, sandra: Actor) -> AppTest:
    return ask(screen(sandra, "einstellungen", teil="postfach"), "mailbox")


def fill(dialog: AppTest, address: str, password: str = "geheim", **fields: str) -> AppTest:
    dialog.text_input(key="mb-address").set_value(address)
    ask(dialog, "mailbox")
    dialog.text_input(key="mb-password").set_value(password)
    for name, value in fields.items():
        key = f"mb-{address}-{name.replace('_', '-')}"
        (dialog.selectbox if name.endswith("tls") else dialog.text_input)(key=key).set_value(value)
    return dialog


def test_any_provider_is_connected_with_all_it_needs(
    dialog: AppTest, opened: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = servers(monkeypatch, GOOD)
    fill(
        dialog, ADDRESS, user="werkstatt", imap_host="mail.eigener-server.example", smtp_port="587", smtp_tls="starttls"
    )
    dialog.button(key="mb-save").click().run()
    kept = mail_account(opened.store)
    assert kept is not None
    assert (kept.user, kept.imap.host, kept.imap.port) == ("werkstatt", "mail.eigener-server.example", 993)
    assert (kept.smtp.host, kept.smtp.port, kept.smtp.tls) == ("smtp.eigener-server.example", 587, "starttls")
    assert check.asked[0][1] == opened.secrets.get("mail_password") == "geheim"


def test_no_encryption_is_only_offered_for_this_computer(dialog: AppTest) -> None:
    fill(dialog, ADDRESS)
    assert list(dialog.selectbox(key=f"mb-{ADDRESS}-imap-tls").options) == ["SSL/TLS", "STARTTLS"]
    dialog.text_input(key=f"mb-{ADDRESS}-imap-host").set_value("127.0.0.1")
    ask(dialog, "mailbox")
    assert dialog.selectbox(key=f"mb-{ADDRESS}-imap-tls").options[-1] == "ohne (nur dieser Computer)"


def test_a_refused_login_is_told_and_the_old_mailbox_stays(
    dialog: AppTest, opened: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = replace(GOOD, ok=False, imap_sentence=WRONG_PASSWORD, imap_values={"host": "imap.eigener-server.example"})
    servers(monkeypatch, refused)
    fill(dialog, ADDRESS).button(key="mb-save").click().run()
    said = dialog.error[0].value.replace("\\", "").replace("\u2060", "")
    assert "imap.eigener-server.example hat Benutzername oder Passwort nicht angenommen" in said
    kept = mail_account(opened.store)
    assert kept is not None
    assert kept.address == SHOP_ADDRESS


def test_the_folder_for_sent_mail_is_chosen_where_none_is_found(
    dialog: AppTest, opened: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = replace(GOOD, imap_sentence=NO_SENT, sent_folder="", folders=("Ablage", "Hinausgegangen"))
    check = servers(monkeypatch, nowhere, replace(GOOD, sent_folder="Hinausgegangen"))
    fill(dialog, ADDRESS).button(key="mb-save").click().run()
    assert dialog.session_state["mb-folders"] == ("Ablage", "Hinausgegangen")
    dialog.session_state["mb-choice"] = "Hinausgegangen"
    fill(ask(dialog, "mailbox"), ADDRESS).button(key="mb-save").click().run()
    assert check.asked[1][0].sent_folder == "Hinausgegangen"
    kept = mail_account(opened.store)
    assert kept is not None
    assert kept.sent_folder == "Hinausgegangen"


def test_microsoft_says_that_it_cannot_yet(dialog: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    check = servers(monkeypatch)
    fill(dialog, "werkstatt@outlook.com").button(key="mb-save").click().run()
    assert "kann Theke noch nicht verwenden" in dialog.error[0].value
    assert check.asked == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("imap_host", "kein server", "Namen des Servers"), ("smtp_port", "viele", "Anschluss ist eine Zahl")],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(
    dialog: AppTest, monkeypatch: pytest.MonkeyPatch, field: str, value: str, sentence: str
) -> None:
    check = servers(monkeypatch)
    fill(dialog, ADDRESS, **{field: value}).button(key="mb-save").click().run()
    assert sentence in dialog.error[0].value
    assert check.asked == []


def test_the_same_mailbox_keeps_its_password(dialog: AppTest, opened: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.secrets.set("mail_password", "schon da")
    check = servers(monkeypatch, GOOD)
    fill(dialog, SHOP_ADDRESS, password="", user="anders").button(key="mb-save").click().run()
    assert check.asked[0][1] == "schon da"
    kept = mail_account(opened.store)
    assert kept is not None
    assert kept.user == "anders"


def test_a_mailbox_is_let_go_after_one_question(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key="e-leave").click().run()
    assert "Was schon da ist, bleibt in Theke" in words(driver)
    assert mail_account(opened.store) is not None
    driver.button(key="up-save").click().run()
    assert mail_account(opened.store) is None
    assert "Noch ist kein Postfach verbunden" in words(driver)


def test_one_reason_for_both_sides_is_told_once(screen: Open, sandra: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    no = "{host} antwortet nicht. Theke versucht es später noch einmal."
    values: dict[str, object] = {"host": "mail.kfz.example"}
    servers(monkeypatch, AccountCheck(False, no, no, "", imap_values=values, smtp_values=values))
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key="e-check").click().run()
    assert len(driver.error) == 1
    assert driver.error[0].value.count("antwortet nicht") == 1


def test_a_mailbox_that_does_not_answer_is_told_in_one_place(screen: Open, opened: Shop, sandra: Actor) -> None:
    mailbox_of(opened).broken = "mail.kfz.example antwortet nicht."
    fetch_now(opened)
    driver = screen(sandra, "einstellungen", teil="postfach")
    assert spoken(driver).count("antwortet nicht") == 1


def test_a_missing_folder_for_sent_mail_is_said_until_another_is_chosen(
    screen: Open, opened: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_of(opened).no_sent_folder = True
    fetch_now(opened)
    servers(monkeypatch, replace(GOOD, imap_sentence=NO_SENT, sent_folder="", folders=("Ablage", "Hinausgegangen")))
    driver = screen(sandra, "einstellungen", teil="postfach")
    assert "Kein Ordner" in driver.warning[0].value
    driver.button(key="e-sent").click().run()
    driver.selectbox(key="e-sent-folder").set_value("Hinausgegangen")
    mailbox_of(opened).no_sent_folder = False
    driver.button(key="e-sent-save").click().run()
    kept = mail_account(opened.store)
    assert kept is not None
    assert kept.sent_folder == "Hinausgegangen"
    assert not driver.warning


def test_a_mailbox_without_any_other_folder_says_what_to_do(
    screen: Open, opened: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_of(opened).no_sent_folder = True
    fetch_now(opened)
    servers(monkeypatch, replace(GOOD, imap_sentence=NO_SENT, sent_folder=""))
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key="e-sent").click().run()
    assert "legen Sie dort einen Ordner" in driver.error[0].value


def test_a_check_without_a_folder_for_sent_mail_is_not_green(
    screen: Open, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers(monkeypatch, replace(GOOD, imap_sentence=NO_SENT, sent_folder=""), GOOD)
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key="e-check").click().run()
    assert driver.warning
    assert not driver.success
    driver.button(key="e-check").click().run()
    assert driver.success


def test_a_check_does_not_say_again_what_stands_there_already(
    screen: Open, opened: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_of(opened).no_sent_folder = True
    fetch_now(opened)
    servers(monkeypatch, replace(GOOD, imap_sentence=NO_SENT, sent_folder=""))
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key="e-check").click().run()
    assert len(driver.warning) == 1
    assert "Anmeldung funktioniert" in driver.success[0].value
