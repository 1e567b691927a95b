from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from data.messages import insert_attachment
from data.outbox import list_draft_files, read_draft
from data.records import Actor, Channel
from pages.login.backup_route import BACKUP_ROUTES
from pages.login.internal import INTERNAL_ROUTES
from pages.login.tokens import form_token
from services.noting import Outcome, note_contact
from services.shop import Shop
from services.staff import actor_of
from tests.web.conftest import PAGE, browser


@pytest.fixture
def who(amir: TestClient, shop: Shop) -> Actor:
    return actor_of(shop, amir.get("/wer").json()["x-theke-session"])


@pytest.fixture
def token(shop: Shop, who: Actor) -> dict[str, str]:
    return {"X-Theke-Form": form_token(shop, who.session)}


@pytest.fixture
def inquiry(shop: Shop, who: Actor) -> int:
    return note_contact(
        shop,
        who,
        who="Maria Hofer",
        need="Golf fertig?",
        reach="maria@example.org",
        channel=Channel.CALL,
        outcome=Outcome.MESSAGE,
    )


@pytest.fixture
def attachment(shop: Shop) -> int:
    """An attachment as the mail job keeps it."""
    return keep_attachment(shop, "Schein.pdf", "application/pdf", b"%PDF-1.7")


def keep_attachment(shop: Shop, name: str, kind: str, content: bytes, refusal: str = "") -> int:
    sha256 = shop.files.keep(content)
    values = {
        "message_id": 1,
        "file_name": name,
        "media_type": kind,
        "size": len(content),
        "sha256": sha256,
        "refusal": refusal,
    }
    with shop.store.write() as tx:
        return insert_attachment(tx, values)


def draft(inquiry: int) -> dict[str, object]:
    return {
        "inquiry": inquiry,
        "body": "Guten Tag, 🦊 fertig.",
        "subject": "Ihr Golf",
        "cc": "",
        "seen_version": 1,
    }


def test_a_draft_is_kept_for_the_person_who_types(
    amir: TestClient, shop: Shop, who: Actor, inquiry: int, token: dict[str, str]
) -> None:
    answer = amir.post("/intern/entwurf", json=draft(inquiry), headers=token)
    assert answer.status_code == 200
    assert read_draft(shop.store, inquiry, who.staff_id).body == "Guten Tag, 🦊 fertig."


def test_a_draft_of_another_tab_comes_back_with_both_texts(
    amir: TestClient, inquiry: int, token: dict[str, str]
) -> None:
    first = amir.post("/intern/entwurf", json=draft(inquiry) | {"known": ""}, headers=token).json()
    assert set(first) == {"saved_at"}
    other = draft(inquiry) | {"body": "Am Tresen", "known": ""}
    second = amir.post("/intern/entwurf", json=other, headers=token).json()
    assert second["body"] == "Guten Tag, 🦊 fertig.\n\nAm Tresen"
    third = draft(inquiry) | {"body": "Nur das", "known": second["saved_at"]}
    assert "body" not in amir.post("/intern/entwurf", json=third, headers=token).json()


def test_a_draft_without_the_screens_token_is_refused(amir: TestClient, shop: Shop, who: Actor, inquiry: int) -> None:
    for headers in ({}, {"X-Theke-Form": "x"}, {"X-Theke-Form": form_token(shop, "f" * 64)}):
        assert amir.post("/intern/entwurf", json=draft(inquiry), headers=headers).status_code == 403
    assert read_draft(shop.store, inquiry, who.staff_id) is None


def test_whatever_changes_something_internally_needs_a_token(amir: TestClient) -> None:
    routes = [*INTERNAL_ROUTES, *BACKUP_ROUTES]
    changing = [(method, route.path) for route in routes for method in route.methods - {"GET", "HEAD"}]
    assert len(changing) >= 5
    for method, path in changing:
        assert amir.request(method, path).status_code == 403


def test_nothing_internal_answers_without_a_session(shop: Shop, attachment: int) -> None:
    stranger = browser()
    assert stranger.post("/intern/entwurf", json={}).status_code == 401
    assert stranger.post("/intern/anhang?inquiry=1&name=x", content=b"x").status_code == 401
    assert stranger.get(f"/intern/datei/{attachment}", headers=PAGE).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [{"inquiry": "x"}, {"inquiry": 10**30}, {"inquiry": -1}, {"inquiry": True}, {"body": 7}, {"seen_version": None}],
)
def test_a_draft_that_makes_no_sense_gets_a_sentence(
    amir: TestClient, inquiry: int, token: dict[str, str], changes: dict[str, object]
) -> None:
    answer = amir.post("/intern/entwurf", json=draft(inquiry) | changes, headers=token)
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 90_000, b"\xff", b"null"])
def test_what_is_no_json_gets_a_sentence(amir: TestClient, token: dict[str, str], body: bytes) -> None:
    assert amir.post("/intern/entwurf", content=body, headers=token).status_code == 422


def test_a_draft_for_an_inquiry_that_is_gone_says_so(amir: TestClient, token: dict[str, str]) -> None:
    assert amir.post("/intern/entwurf", json=draft(12345), headers=token).status_code == 404


def test_half_a_character_does_no_harm(amir: TestClient, inquiry: int, token: dict[str, str]) -> None:
    raw = b'{"inquiry": %d, "body": "\\ud83e", "subject": "", "cc": "", "seen_version": 1}' % inquiry
    assert amir.post("/intern/entwurf", content=raw, headers=token).status_code == 200


def test_a_file_is_put_on_the_draft_and_taken_off_again(
    amir: TestClient, shop: Shop, who: Actor, inquiry: int, token: dict[str, str]
) -> None:
    added = amir.post(
        "/intern/anhang", params={"inquiry": inquiry, "name": "Größe.pdf"}, content=b"%PDF", headers=token
    )
    assert [file.file_name for file in list_draft_files(shop.store, inquiry, who.staff_id)] == ["Größe.pdf"]
    assert amir.delete(f"/intern/anhang?inquiry={inquiry}&id={added.json()['id']}", headers=token).status_code == 200
    assert list_draft_files(shop.store, inquiry, who.staff_id) == []


def test_taking_a_file_off_works_by_post_too_and_needs_the_token(
    amir: TestClient, shop: Shop, who: Actor, inquiry: int, token: dict[str, str]
) -> None:
    added = amir.post("/intern/anhang", params={"inquiry": inquiry, "name": "a"}, content=b"x", headers=token).json()[
        "id"
    ]
    assert amir.post(f"/intern/anhang/entfernen?id={added}").status_code == 403
    assert amir.post(f"/intern/anhang/entfernen?id={added}", headers=token).status_code == 200


def test_a_file_over_fifteen_megabytes_is_refused(amir: TestClient, inquiry: int, token: dict[str, str]) -> None:
    url = f"/intern/anhang?inquiry={inquiry}&name=Film.mov"
    answer = amir.post(url, content=b"x" * (15 * 1024 * 1024 + 1), headers=token)
    assert answer.status_code == 422
    assert "15 MB" in answer.json()["error"]
    assert amir.post(url, content=b"x" * (16 * 1024 * 1024), headers=token).status_code == 413


def test_an_attachment_is_only_ever_a_download(amir: TestClient, attachment: int) -> None:
    answer = amir.get(f"/intern/datei/{attachment}")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-disposition"].startswith('attachment; filename="Schein.pdf"')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", "x/y\r\nSet-Cookie: a=b", ""])
def test_no_attachment_is_called_what_a_browser_would_run(amir: TestClient, shop: Shop, kind: str) -> None:
    answer = amir.get(f"/intern/datei/{keep_attachment(shop, 'a.html', kind, b'<script>')}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "name", ['a"; x=".html', "Größe 🦊.pdf", "../../etc/passwd", "a\r\nSet-Cookie: x=1", "ملف.pdf", ""]
)
def test_a_file_name_never_breaks_the_header(amir: TestClient, shop: Shop, name: str) -> None:
    answer = amir.get(f"/intern/datei/{keep_attachment(shop, name, 'application/pdf', b'x')}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].count('"') == 2
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("wanted", ["1", "99999999999999999999999", "0"])
def test_an_attachment_that_is_not_there_is_not_found(amir: TestClient, wanted: str) -> None:
    assert amir.get(f"/intern/datei/{wanted}").status_code == 404


def test_a_refused_attachment_is_not_handed_out(amir: TestClient, shop: Shop) -> None:
    refused = keep_attachment(shop, "x.exe", "application/x-msdownload", b"MZ", "Programme gibt Theke nicht heraus.")
    assert amir.get(f"/intern/datei/{refused}").status_code == 404


def test_an_unexpected_failure_is_logged_under_a_number_and_tells_nothing(
    amir: TestClient, shop: Shop, attachment: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(sha256: str) -> bytes:
        raise OSError("/home/kofler/secret")

    monkeypatch.setattr(shop.files, "read", fail)
    answer = amir.get(f"/intern/datei/{attachment}")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.text.split("(")[1].rstrip(")") in caplog.text
