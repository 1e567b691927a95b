"""What is posted is read in the event loop, within a size and a time, before a worker thread is taken for it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from pages.login import bodies
from pages.login.bodies import FORM, Bodies, Limit, limit_of
from pages.login.forms import FORM_SIZE, TooLargeError, TooSlowError, read_body
from services.drafts import FILE_SIZE

Receive = Callable[[], Awaitable[Message]]


def parts(*chunks: bytes, then: str = "end") -> Receive:
    """A body in pieces; then it ends, the sender goes, or nothing comes any more."""

    async def pieces() -> AsyncIterator[Message]:
        for chunk in chunks:
            yield {"type": "http.request", "body": chunk, "more_body": True}
        if then == "end":
            yield {"type": "http.request", "body": b"", "more_body": False}
        if then == "gone":
            yield {"type": "http.disconnect"}
        await asyncio.sleep(60)

    return pieces().__anext__


def post(receive: Receive, *, path: str = "/anmelden/1", method: str = "POST") -> list[object]:
    """What the app reads of it: the body, or the error; nothing when the app was never asked."""
    read: list[object] = []

    async def app(scope: dict[str, object], receive: Receive, send: object) -> None:
        try:
            read.append(read_body(Request(scope)))
        except (TooLargeError, TooSlowError) as error:
            read.append(type(error))

    async def run() -> None:
        scope = {"type": "http", "path": path, "method": method, "headers": []}
        await Bodies(app)(scope, receive, lambda message: asyncio.sleep(0))

    asyncio.run(run())
    return read


def test_a_body_in_pieces_arrives_whole() -> None:
    assert post(parts(b"pin=", b"4711")) == [b"pin=4711"]


def test_a_body_may_be_as_large_as_its_limit_and_no_larger() -> None:
    assert post(parts(b"x" * FORM_SIZE)) == [b"x" * FORM_SIZE]
    assert post(parts(b"x" * FORM_SIZE, b"x")) == [TooLargeError]
    assert post(parts(b"x" * FORM_SIZE, b"x"), path="/intern/anhang") == [b"x" * (FORM_SIZE + 1)]


def test_a_file_has_a_larger_limit_and_more_time_than_a_form() -> None:
    file = limit_of("/intern/anhang")
    assert file.size > FILE_SIZE
    assert file.seconds > limit_of("/anmelden/7").seconds == FORM.seconds <= 30


def test_a_sender_who_stops_halfway_gets_a_sentence_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FORM", Limit(FORM_SIZE, 0.2))
    begun = time.monotonic()
    assert post(parts(b"p", then="nothing")) == [TooSlowError]
    assert time.monotonic() - begun < 5


def test_a_sender_who_drips_is_not_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    monkeypatch.setattr(bodies, "FORM", Limit(FORM_SIZE, 0.3))
    begun = time.monotonic()
    assert post(drip) == [TooSlowError]
    assert time.monotonic() - begun < 5


def test_for_a_sender_who_is_gone_nothing_is_done() -> None:
    assert post(parts(b"p", then="gone")) == []


def test_streamlits_own_requests_and_plain_reading_pass_untouched() -> None:
    asked: list[str] = []

    async def app(scope: dict[str, object], receive: Receive, send: object) -> None:
        asked.append((await receive())["type"])

    async def run(path: str, method: str) -> None:
        await Bodies(app)({"type": "http", "path": path, "method": method}, parts(), None)

    asyncio.run(run("/_stcore/upload_file/a/b", "PUT"))
    asyncio.run(run("/anmelden", "GET"))
    assert asked == ["http.request", "http.request"]


def test_fifty_half_sent_forms_take_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FORM", Limit(FORM_SIZE, 0.5))
    before = threading.active_count()
    most = 0

    async def app(scope: dict[str, object], receive: Receive, send: object) -> Response:
        return PlainTextResponse("")

    async def run() -> None:
        nonlocal most
        scope = {"type": "http", "path": "/anmelden/1", "method": "POST", "headers": []}
        tasks = [asyncio.create_task(Bodies(app)(scope, parts(b"p", then="nothing"), None)) for _ in range(50)]
        await asyncio.sleep(0.1)
        most = threading.active_count()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert most == before
