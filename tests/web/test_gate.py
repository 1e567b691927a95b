from __future__ import annotations

from dataclasses import replace

import anyio
import pytest
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from data.records import Actor, StaffRole
from pages.login.gate import (
    IDENTITY_HEADERS,
    PUBLIC_PREFIXES,
    Gate,
    _is_lost,
    is_https,
    is_public,
    session_cookie,
    visitor_address,
)
from services.settings import save_settings
from services.shop import Shop
from services.staff import sign_out_everywhere
from tests.web.conftest import PAGE, TABLET, browser

OWNER = Actor(1, "Sandra", StaffRole.OWNER, "de", "x")


def request_from(peer: str, *headers: tuple[str, str], scheme: str = "http") -> dict[str, object]:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return {"type": "http", "client": (peer, 1), "headers": raw, "scheme": scheme}


def test_a_stranger_who_navigates_is_led_to_the_sign_in_and_back_again(shop: Shop) -> None:
    answer = browser().get("/gespraech?anfrage=12", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/anmelden?weiter=%2Fgespraech%3Fanfrage%3D12"


def test_an_empty_shop_leads_to_the_set_up(guest: TestClient) -> None:
    assert guest.get("/", headers=PAGE).headers["location"] == "/einrichten"


@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/1/2", "/media/x.png", "/component/a/b", "/intern/datei/1", "/heute"]
)
def test_what_is_no_navigation_gets_401(shop: Shop, path: str) -> None:
    assert browser().get(path, headers={"accept": "*/*"}).status_code == 401


@pytest.mark.parametrize("path", ["/media/x", "/_stcore/message", "/intern/datei/7"])
def test_streamlits_own_addresses_never_lead_to_a_page(shop: Shop, path: str) -> None:
    assert browser().get(path, headers=PAGE).status_code == 401


def test_a_post_without_session_is_refused_not_redirected(shop: Shop) -> None:
    assert browser().post("/heute", headers=PAGE).status_code == 401


def test_a_websocket_without_session_is_closed_for_policy(shop: Shop) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, browser().websocket_connect("/_stcore/stream"):
        pass
    assert refused.value.code == 1008


HERE = "http://theke.local"
PAGE_HERE = {"Origin": HERE, "Host": "theke.local"}  # the test client asks a host of its own for a websocket


def test_a_websocket_with_a_session_is_told_who_it_is(amir: TestClient) -> None:
    with amir.websocket_connect("/_stcore/stream", headers={"X-Theke-Staff": "1", **PAGE_HERE}) as socket:
        assert socket.receive_json()["staff"] not in {"", "1"}


def opens(client: TestClient, origin: str | None, host: str = "theke.local") -> bool:
    """Whether a page of `origin` gets a websocket; Streamlit must then see no Origin to have an opinion on."""
    headers = {"Host": host} | ({"Origin": origin} if origin is not None else {})
    try:
        with client.websocket_connect("/_stcore/stream", headers=headers) as socket:
            return bool(socket.receive_json()["origin"] == "")
    except WebSocketDisconnect as refused:
        if refused.code != 1008:
            raise
        return False


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        "http://theke.local:9999",
        "https://theke.local",
        "http://theke.local.evil.example",
        "http://theke.local@evil.example",
        "http://[",
        "http://theke.local:x",
        "//theke.local",
        "file://theke.local",
    ],
)
def test_no_other_page_opens_a_websocket_as_the_person_signed_in(amir: TestClient, origin: str | None) -> None:
    assert not opens(amir, origin)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (HERE, "theke.local"),
        ("http://theke.local:80", "theke.local"),
        ("http://THEKE.local", "theke.local:80"),
        ("http://192.168.0.5:8501", "192.168.0.5:8501"),
        ("http://[::1]:8501", "[::1]:8501"),
    ],
)
def test_the_page_of_the_same_address_opens_its_websocket(amir: TestClient, origin: str, host: str) -> None:
    assert opens(amir, origin, host)


def test_behind_a_proxy_that_rewrites_the_host_the_public_address_counts(amir: TestClient, shop: Shop) -> None:
    assert not opens(amir, "https://theke.example", "127.0.0.1:8501")
    save_settings(shop, OWNER, public_url="https://theke.example/laden")
    assert opens(amir, "https://theke.example", "127.0.0.1:8501")
    assert not opens(amir, "https://theke.example:8443", "127.0.0.1:8501")
    assert not opens(amir, "http://theke.example", "127.0.0.1:8501")


def test_behind_a_trusted_proxy_with_tls_the_page_of_its_host_counts(amir: TestClient, shop: Shop) -> None:
    save_settings(shop, OWNER, trusted_proxies=TABLET[0])
    amir.headers["X-Forwarded-Proto"] = "https"
    assert opens(amir, "https://theke.local")
    assert not opens(amir, "http://theke.local")


def test_two_thekes_of_one_pc_do_not_sign_each_other_out(shop: Shop) -> None:
    names = set()
    for port in (8501, 8601):
        shop.process = replace(shop.process, port=port)
        names.add(session_cookie())
    assert len(names) == 2


def test_the_look_up_of_a_session_does_not_wait_for_the_threads_of_slow_work(amir: TestClient) -> None:
    async def all_are_taken() -> int:
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = 1
        async with limiter:
            with anyio.fail_after(5):
                return await _status_of_a_screen(amir)

    assert anyio.run(all_are_taken) == 200


async def _status_of_a_screen(client: TestClient) -> int:
    async def screen(scope: Scope, receive: Receive, send: Send) -> None:
        await Response()(scope, receive, send)

    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    cookie = f"{session_cookie()}={client.cookies[session_cookie()]}".encode()
    scope = {"type": "http", "method": "GET", "path": "/heute", "headers": [(b"cookie", cookie)], "query_string": b""}
    await Gate(screen)(scope, _nothing, send)
    return statuses[0]


async def _nothing() -> Message:
    return {"type": "http.request"}


NOWHERE = [
    "/termin/x/y",
    "/termin/",
    "/t/x/y",
    "/anfrage/x",
    "/s",
    "/anmelden/x/y",
    "/anmelden/",
    "/abmelden/x",
    "/einrichten/zz",
    "/impressum/zz",
    "/health/zz",
    "/schrift",
    "/schrift/zz",
    "/intern/sicherung",
    *(f"{prefix}/<b>nirgends</b>/1" for prefix in PUBLIC_PREFIXES),
]


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_for_everybody_that_leads_nowhere_is_a_plain_page_of_ours(amir: TestClient, path: str) -> None:
    for client in (browser(), amir):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code == 404
        assert "Diese Seite gibt es nicht." in answer.text
        assert "Streamlit" not in answer.text
        assert "nirgends" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_method_finds_a_way_around_that_page(shop: Shop, method: str) -> None:
    for path in ("/anfrage/x", "/s", "/anmelden/x/y"):
        assert browser().request(method, path, headers=PAGE).status_code == 404


def test_the_page_that_leads_nowhere_tells_a_customer_the_phone_and_no_way_to_the_staff(shop: Shop) -> None:
    page = browser().get("/anfrage/x", headers=PAGE).text
    assert "Kfz Kofler" in page
    assert "Anrufen: 0316\xa071\xa022\xa033" in page
    assert "/heute" not in page
    assert "/anmelden" not in page


def test_before_the_set_up_nothing_leads_anywhere_either(guest: TestClient) -> None:
    assert guest.get("/termin", headers=PAGE).status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/zz", "/static/js/index.js", "/app/static/zz", "/_stcore/health/zz", "/_stcore/host-config/zz"]
)
def test_streamlits_files_are_for_people_who_are_signed_in(shop: Shop, path: str) -> None:
    assert browser().get(path, headers={"accept": "*/*"}).status_code == 401
    assert "Streamlit" not in browser().get(path, headers=PAGE).text


@pytest.mark.parametrize("path", ["/_stcore/health", "/_stcore/host-config"])
def test_a_tab_that_lost_its_session_still_learns_that_theke_runs(shop: Shop, path: str) -> None:
    assert browser().get(path).status_code == 200


def test_no_websocket_is_for_everybody(shop: Shop) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, browser().websocket_connect("/termin/x"):
        pass
    assert refused.value.code == 1008


def test_the_public_prefixes_open_whole_segments_only() -> None:
    assert is_public("/anfrage/rueckruf")
    assert is_public("/t/abc")
    for inside in (
        "/anfragen",
        "/team",
        "/termine",
        "/_stcore/healthy",
        "/static/x",
        "/einrichtung",
        "/intern/anhang",
        "/",
    ):
        assert not is_public(inside)


def test_who_is_signed_in_reaches_the_app_as_headers_of_ours_alone(amir: TestClient) -> None:
    forged = dict.fromkeys(IDENTITY_HEADERS, "owner") | {"X-THEKE-ROLE": "owner"}
    told = amir.get("/wer", headers=forged).json()
    assert told["x-theke-role"] == "staff"
    assert told["x-theke-name"] == "Amir%20Haddad"
    assert "owner" not in told.values()


def test_a_stranger_cannot_bring_headers_of_his_own_to_a_public_page(shop: Shop) -> None:
    answer = browser().get("/anmelden", headers={**PAGE, "X-Theke-Staff": "1", "X-Theke-Session": "x"})
    assert answer.status_code == 200


def test_a_revoked_session_is_out_at_the_next_request(amir: TestClient, shop: Shop) -> None:
    assert amir.get("/heute").status_code == 200
    who = amir.get("/wer").json()
    actor = Actor(int(who["x-theke-staff"]), "Amir", StaffRole.STAFF, "de", who["x-theke-session"])
    sign_out_everywhere(shop, actor)
    assert amir.get("/heute", headers=PAGE).headers["location"].startswith("/anmelden")


def test_a_session_ends_after_thirty_days(amir: TestClient, shop: Shop) -> None:
    shop.clock.forward(days=29, hours=23)
    assert amir.get("/heute").status_code == 200
    shop.clock.forward(hours=2)
    assert amir.get("/heute").status_code == 401


@pytest.mark.parametrize("cookie", ["", "nonsense", "ä" * 10, "x" * 5000, "a;theke_8501=b"])
def test_a_cookie_that_is_no_session_opens_nothing(shop: Shop, cookie: str) -> None:
    raw = f"{session_cookie()}={cookie}".encode()
    assert browser().get("/heute", headers={b"cookie": raw}).status_code == 401


def test_staff_documents_are_never_cached_nor_framed(amir: TestClient) -> None:
    headers = amir.get("/heute", headers=PAGE).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/x", "/_stcore/x", "/media/x", "/component/x"])
def test_no_page_of_whatever_address_may_be_framed(amir: TestClient, path: str) -> None:
    answer = amir.get(path, headers={"accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/intern", "/intern/", "/intern/x", "/intern/datei/x", "/intern/datei/1/2"])
def test_nothing_of_streamlits_stands_below_our_internal_addresses(amir: TestClient, path: str) -> None:
    for headers in (PAGE, {"accept": "*/*"}):
        answer = amir.get(path, headers=headers)
        assert answer.status_code == 404
        assert "Streamlit" not in answer.text
    assert browser().get(path, headers=PAGE).status_code == 401


@pytest.mark.parametrize("path", ["/anmelden/", "/intern/datei/"])
@pytest.mark.parametrize("digits", [19, 5000])
def test_a_number_no_store_can_hold_is_an_address_that_is_not_there(amir: TestClient, path: str, digits: int) -> None:
    assert amir.get(path + "9" * digits, headers=PAGE).status_code == 404


def test_a_forwarded_address_is_believed_only_of_a_trusted_proxy(shop: Shop) -> None:
    forwarded = ("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2")
    assert visitor_address(shop, request_from("192.168.0.7", forwarded)) == "192.168.0.7"
    save_settings(shop, OWNER, trusted_proxies="127.0.0.1, 10.0.0.0/8")
    assert visitor_address(shop, request_from("192.168.0.7", forwarded)) == "192.168.0.7"
    assert visitor_address(shop, request_from("127.0.0.1", forwarded)) == "203.0.113.9"
    assert visitor_address(shop, request_from("::ffff:127.0.0.1", forwarded)) == "203.0.113.9"
    assert visitor_address(shop, request_from("127.0.0.1")) == "127.0.0.1"


def test_tls_before_a_proxy_counts_only_when_the_proxy_is_trusted(shop: Shop) -> None:
    told = ("x-forwarded-proto", "https")
    assert not is_https(shop, request_from("127.0.0.1", told))
    assert is_https(shop, request_from("127.0.0.1", scheme="https"))
    save_settings(shop, OWNER, trusted_proxies="127.0.0.1")
    assert is_https(shop, request_from("127.0.0.1", told))


def test_health_says_ok_and_nothing_else(guest: TestClient) -> None:
    assert guest.get("/health").text == "ok"


def test_the_legal_pages_name_the_shop_without_any_session(shop: Shop) -> None:
    for path in ("/impressum", "/datenschutz"):
        answer = browser().get(path, headers=PAGE)
        assert answer.status_code == 200
        assert "Kfz Kofler" in answer.text


def test_the_legal_pages_are_not_there_before_the_set_up(guest: TestClient) -> None:
    assert guest.get("/impressum", headers=PAGE).status_code == 404


def test_who_is_signed_in_and_lost_is_led_to_heute_and_machines_pass() -> None:
    page = {"type": "http", "method": "GET", "headers": [(b"accept", b"text/html")]}
    assert _is_lost({**page, "path": "/gibt-es-nicht"})
    assert not any(_is_lost({**page, "path": path}) for path in ("/", "/heute", "/team/", "/_stcore/health"))
    assert not _is_lost({**page, "path": "/static/x.js", "headers": []})
