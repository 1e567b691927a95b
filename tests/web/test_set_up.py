from __future__ import annotations

import json

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from data.records import MailAccount
from pages.login import mail_step
from services.mail.account_check import AccountCheck
from services.settings import is_set_up, mail_account, shop_settings
from services.setup import read_progress
from services.shop import Shop
from services.staff import list_staff, sign_in
from tests.web.conftest import CODE, PAGE, browser, token_of

SHOP = {
    "name": "Kfz Kofler",
    "strasse": "Lendplatz 4",
    "ort": "8020 Graz",
    "telefon": "0316 71",
    "art": "kfz",
    "region": "AT-6",
}
HOURS = {f"tag{day}": "8-12, 13-17" for day in range(5)} | {
    "tag5": "geschlossen",
    "tag6": "",
    "ziel": "240",
    "feiertage": "1",
}
TEAM = {
    "name0": "Sandra Kofler",
    "pin0": "271828",
    "aufgabe": "Inhaberin",
    "name1": "Amir Haddad",
    "pin1": "4711",
    "name2": "Mia",
}
MAIL = {"adresse": "info@gmx.at", "passwort": "geheim-7"}
NASTY = ["<img src=x onerror=alert(1)>", "{{ 7*7 }}", "{name}", "%(name)s", "Żółć & «Söhne»", "👩‍🔧 Werkstatt", "مرحبا"]


@pytest.fixture
def owner(empty: Shop) -> TestClient:
    """The owner's browser, just opened by start.py."""
    client = browser()
    client.get(f"/einrichten?code={CODE}")
    return client


def send(client: TestClient, step: str, fields: dict[str, str]) -> Response:
    html = client.get(f"/einrichten/{step}", headers=PAGE).text
    return client.post(f"/einrichten/{step}", data={"beleg": token_of(html), **fields})


def walk(client: TestClient, *, until: str = "postfach") -> None:
    for step, fields in (("betrieb", SHOP), ("zeiten", HOURS), ("team", TEAM)):
        if step == until:
            return
        assert send(client, step, fields).status_code == 303


def login_says(monkeypatch: pytest.MonkeyPatch, *, ok: bool, sent: str = "Gesendet") -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def check(account: MailAccount, password: str) -> AccountCheck:
        asked.append((account.address, password))
        return AccountCheck(
            ok, "Empfangen geht.", "Das Passwort passt nicht bei {host}.", sent, smtp_values={"host": "mail.gmx.net"}
        )

    monkeypatch.setattr(mail_step, "check_account", check)
    return asked


def test_without_the_code_nothing_is_asked_or_kept(guest: TestClient, empty: Shop) -> None:
    assert "Code" in guest.get("/einrichten").text
    assert guest.get("/einrichten/betrieb").headers["location"] == "/einrichten"
    assert guest.post("/einrichten/betrieb", data=SHOP).headers["location"] == "/einrichten"
    assert not read_progress(empty.store).shop_known


def test_the_code_of_the_address_is_taken_out_of_the_address(guest: TestClient) -> None:
    answer = guest.get(f"/einrichten?code={CODE}")
    assert answer.headers["location"] == "/einrichten/betrieb"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert CODE not in answer.headers["set-cookie"]


def test_the_code_may_be_typed(guest: TestClient) -> None:
    html = guest.get("/einrichten").text
    answer = guest.post("/einrichten", data={"beleg": token_of(html), "code": f" {CODE} "})
    assert answer.headers["location"] == "/einrichten/betrieb"


@pytest.mark.parametrize("code", ["", "x", "k7-22m", "💥", "ä" * 5000])
def test_a_wrong_code_gets_a_sentence(guest: TestClient, code: str) -> None:
    answer = guest.get("/einrichten", params={"code": code})
    assert answer.status_code == 403
    assert "Dieser Code stimmt nicht." in answer.text


def test_ten_wrong_codes_lock_the_address_even_for_the_right_one(guest: TestClient, empty: Shop) -> None:
    for _ in range(10):
        assert guest.get("/einrichten?code=x").status_code == 403
    assert guest.get(f"/einrichten?code={CODE}").status_code == 429
    assert browser(address=("10.0.0.2", 1)).get(f"/einrichten?code={CODE}").status_code == 303
    empty.clock.forward(minutes=15, seconds=1)
    assert guest.get(f"/einrichten?code={CODE}").status_code == 303


def test_a_shop_started_without_a_code_lets_nobody_in(guest: TestClient, empty: Shop) -> None:
    empty.process = type(empty.process)(folder=empty.folder)
    assert guest.get("/einrichten?code=").status_code == 403
    assert "start.py" in guest.get("/einrichten").text


def test_another_start_with_another_code_ends_the_visit(owner: TestClient, empty: Shop) -> None:
    empty.process = type(empty.process)(folder=empty.folder, setup_code="OTHER")
    assert owner.get("/einrichten/betrieb").headers["location"] == "/einrichten"


def test_the_whole_way_ends_signed_in_on_heute(owner: TestClient, empty: Shop) -> None:
    walk(owner)
    html = owner.get("/einrichten/postfach").text
    answer = owner.post("/einrichten/fertig", data={"beleg": token_of(html)})
    assert answer.headers["location"] == "/heute"
    assert owner.get("/heute").status_code == 200
    settings = shop_settings(empty.store)
    assert (settings.name, settings.region, settings.hours.week[0]) == ("Kfz Kofler", "6", ((480, 720), (780, 1020)))
    assert [person.name for person in list_staff(empty.store)] == ["Sandra Kofler", "Amir Haddad", "Mia"]
    assert sign_in(empty, list_staff(empty.store)[0].id, "271828", "x")
    assert empty.store.read("SELECT count(*) FROM template")[0][0] > 5
    assert mail_account(empty.store) is None


def test_once_done_every_door_of_the_set_up_is_shut(shop: Shop) -> None:
    client = browser()
    for path in (f"/einrichten?code={CODE}", "/einrichten/betrieb", "/einrichten/team", "/einrichten/postfach"):
        assert client.get(path).headers["location"] == "/anmelden"
    for path in ("/einrichten", "/einrichten/betrieb", "/einrichten/fertig"):
        assert client.post(path, data=SHOP).headers["location"] == "/anmelden"
    assert shop_settings(shop.store).street == "Lendplatz 4"


def test_no_step_is_reached_ahead_of_its_turn(owner: TestClient) -> None:
    assert owner.get("/einrichten/postfach").headers["location"] == "/einrichten/betrieb"
    walk(owner, until="zeiten")
    assert owner.get("/einrichten/team").headers["location"] == "/einrichten/zeiten"
    assert owner.get("/einrichten/betrieb").status_code == 200


def test_finishing_too_early_keeps_the_set_up_open(owner: TestClient, empty: Shop) -> None:
    html = owner.get("/einrichten/betrieb").text
    answer = owner.post("/einrichten/fertig", data={"beleg": token_of(html)})
    assert answer.status_code == 422
    assert not is_set_up(empty.store)


def test_a_form_without_our_token_changes_nothing_and_keeps_what_was_typed(owner: TestClient, empty: Shop) -> None:
    answer = owner.post("/einrichten/betrieb", data={**SHOP, "beleg": "x"})
    assert answer.status_code == 403
    assert 'value="Lendplatz 4"' in answer.text
    assert not read_progress(empty.store).shop_known


def test_what_is_missing_is_said_above_and_at_the_field(owner: TestClient) -> None:
    answer = send(owner, "betrieb", {**SHOP, "name": "  ", "region": "AT-77"})
    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    assert "Bitte prüfen Sie zwei Angaben" in answer.text
    assert 'href="#name"' in answer.text
    assert 'aria-invalid="true" aria-describedby="name-fehler name-hinweis"' in answer.text
    assert 'value="Lendplatz 4"' in answer.text


def test_an_empty_form_gets_sentences_on_every_step(owner: TestClient) -> None:
    for step, fields in (("betrieb", SHOP), ("zeiten", HOURS), ("team", TEAM), ("postfach", None)):
        assert send(owner, step, {}).status_code == 422
        if fields:
            send(owner, step, fields)


@pytest.mark.parametrize("name", NASTY)
def test_any_name_is_kept_as_typed_and_shown_as_text(owner: TestClient, empty: Shop, name: str) -> None:
    assert send(owner, "betrieb", {**SHOP, "name": name}).status_code == 303
    assert shop_settings(empty.store).name == name
    html = owner.get("/einrichten/zeiten", headers=PAGE).text
    assert "<img src=x" not in html
    assert "49" not in html.split("<main")[0].replace("#", "")[-200:]


def test_ten_kilobytes_of_name_get_a_sentence(owner: TestClient) -> None:
    answer = send(owner, "betrieb", {**SHOP, "name": "ü" * 5000})
    assert answer.status_code == 422
    assert "Höchstens 120 Zeichen" in answer.text


def test_characters_that_turn_a_line_around_are_dropped(owner: TestClient, empty: Shop) -> None:
    send(owner, "betrieb", {**SHOP, "name": "Kfz\u202e relfoK\x00\n\u2066"})
    assert shop_settings(empty.store).name == "Kfz relfoK"


def test_the_country_brings_its_zone_and_the_trade_its_usual_hours(owner: TestClient, empty: Shop) -> None:
    send(owner, "betrieb", {**SHOP, "region": "CH-ZH", "art": "salon"})
    assert 'name="tag0" value="geschlossen"' in owner.get("/einrichten/zeiten").text
    send(owner, "zeiten", HOURS)
    assert shop_settings(empty.store).hours.zone == "Europe/Zurich"


@pytest.mark.parametrize("text", ["8 bis zwölf", "25-26", "12-8", "8-12, 11-13", "x" * 200])
def test_hours_that_cannot_be_get_a_sentence_at_their_day(owner: TestClient, text: str) -> None:
    walk(owner, until="zeiten")
    answer = send(owner, "zeiten", {**HOURS, "tag3": text})
    assert answer.status_code == 422
    assert 'id="tag3-fehler"' in answer.text


def test_a_week_without_an_open_day_is_refused(owner: TestClient) -> None:
    walk(owner, until="zeiten")
    assert (
        "mindestens einen offenen Tag" in send(owner, "zeiten", {**HOURS, **{f"tag{d}": "zu" for d in range(7)}}).text
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"pin0": "12345"},
        {"pin0": "12345a"},
        {"pin0": "123456"},
        {"pin0": "٤٤٤٤٤٤"},
        {"pin1": "123"},
        {"name1": ""},
        {"name1": "sandra kofler"},
        {"name0": ""},
    ],
)
def test_people_who_could_not_sign_in_are_sent_back(owner: TestClient, empty: Shop, wrong: dict[str, str]) -> None:
    walk(owner, until="team")
    assert send(owner, "team", {**TEAM, **wrong}).status_code == 422
    assert not read_progress(empty.store).people


def test_a_kept_pin_is_never_shown_again_and_stays_when_left_empty(owner: TestClient, empty: Shop) -> None:
    walk(owner)
    assert "271828" not in owner.get("/einrichten/team").text
    before = read_progress(empty.store).people
    send(owner, "team", {**TEAM, "pin0": "", "pin1": ""})
    assert read_progress(empty.store).people == before


def test_no_pin_lies_readable_in_the_store(owner: TestClient, empty: Shop) -> None:
    walk(owner)
    kept = json.dumps(empty.store.read("SELECT name, value FROM setting"))
    assert "271828" not in kept
    assert "4711" not in kept


def test_a_mailbox_that_lets_us_in_is_connected_at_the_end(
    owner: TestClient, empty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(owner)
    asked = login_says(monkeypatch, ok=True)
    answer = send(owner, "postfach", MAIL)
    assert "info@gmx.at ist verbunden" in answer.text
    assert asked == [("info@gmx.at", "geheim-7")]
    assert mail_account(empty.store) is None
    empty.clock.forward(minutes=3)
    owner.post("/einrichten/fertig", data={"beleg": token_of(answer.text)})
    account = mail_account(empty.store)
    assert (account.imap.host, account.connected_at) == ("imap.gmx.net", empty.now())
    assert empty.secrets.get("mail_password") == "geheim-7"


@pytest.mark.parametrize("sent", ["Gesendet", ""])
def test_a_mailbox_without_a_folder_for_sent_mail_is_not_all_green(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    walk(owner)
    login_says(monkeypatch, ok=True, sent=sent)
    html = send(owner, "postfach", MAIL).text
    assert ('class="note done"' in html) == bool(sent)
    assert ("Antworten aus Outlook sieht Theke nicht" in html) == (not sent)
    assert ("unter Einstellungen, Postfach" in html) == (not sent)


def test_a_refused_login_says_why_and_keeps_the_password_out_of_the_page(
    owner: TestClient, empty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(owner)
    asked = login_says(monkeypatch, ok=False)
    answer = send(owner, "postfach", MAIL)
    assert answer.status_code == 422
    assert "Das Passwort passt nicht bei mail.gmx.net." in answer.text
    assert "geheim-7" not in answer.text
    held = answer.text.split('name="gemerkt" value="')[1].split('"')[0]
    send(owner, "postfach", {**MAIL, "passwort": "", "gemerkt": held})
    assert asked[-1] == ("info@gmx.at", "geheim-7")
    assert empty.secrets.get("mail_password") == ""


def test_microsoft_is_refused_with_the_reason_before_any_login(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(owner)
    asked = login_says(monkeypatch, ok=True)
    answer = send(owner, "postfach", {**MAIL, "adresse": "werkstatt@outlook.com"})
    assert "Dieses Konto kann Theke noch nicht verwenden" in answer.text
    assert asked == []


def test_servers_of_an_unknown_provider_are_guessed_and_shown_before_any_login(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(owner)
    asked = login_says(monkeypatch, ok=True)
    answer = send(owner, "postfach", {**MAIL, "adresse": "info@kfz-kofler.example"})
    assert 'value="imap.kfz-kofler.example"' in answer.text
    assert asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"adresse": "kein-at"},
        {"adresse": "a@b@c"},
        {"adresse": "jürgen@gmx.at"},
        {"adresse": "x@y.example\r\nBcc: z@z.example"},
        {"passwort": ""},
        {"passwort": "x" * 600},
        {"imap_host": "bad host", "smtp_host": "smtp.example.org"},
        {"imap_host": "i.example.org", "imap_port": "99999", "smtp_host": "s.example.org"},
        {"imap_host": "i.example.org", "imap_port": "143", "imap_tls": "none", "smtp_host": "s.example.org"},
    ],
)
def test_a_mailbox_that_cannot_be_is_not_tried(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    walk(owner)
    asked = login_says(monkeypatch, ok=True)
    assert send(owner, "postfach", {**MAIL, **wrong}).status_code == 422
    assert asked == []


@pytest.mark.parametrize("token", ["", "x.y.z"])
def test_no_step_takes_a_form_that_is_not_ours(owner: TestClient, empty: Shop, token: str) -> None:
    walk(owner)
    before = empty.store.read("SELECT name, value FROM setting ORDER BY name")
    for step, fields in (("betrieb", SHOP), ("zeiten", HOURS), ("team", TEAM), ("postfach", MAIL)):
        assert owner.post(f"/einrichten/{step}", data={**fields, "beleg": token}).status_code == 403
    assert owner.post("/einrichten/fertig", data={"beleg": token}).headers["location"] == "/einrichten/postfach"
    assert empty.store.read("SELECT name, value FROM setting ORDER BY name") == before


def test_another_mailbox_may_be_chosen_before_the_end(
    owner: TestClient, empty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(owner)
    login_says(monkeypatch, ok=True)
    html = send(owner, "postfach", MAIL).text
    owner.post("/einrichten/postfach", data={"beleg": token_of(html), "anderes": "1"})
    assert read_progress(empty.store).account is None
    assert empty.secrets.get("mail_password") == ""
