"""Einstellungen → Postfach: any provider, a real check of both sides before anything is kept, letting go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, MailAccount
from services.mail.account_check import IMAP_WORKS, NO_SENT, SMTP_WORKS, AccountCheck
from services.mail.problems import WRONG_PASSWORD
from services.settings import mail_account
from services.shop import Shop
from tests.builders import SHOP_ADDRESS
from tests.staff.conftest import Open, ask, words

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
