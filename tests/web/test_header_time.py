"""Who is slow with a header loses the connection; who waits for an answer, or between two requests, does not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from pages.login import server

TIME = 0.5
WHOLE = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
UPGRADE = (
    b"GET /socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def quick(request: Request) -> Response:
    return PlainTextResponse("quick")


async def slow(request: Request) -> Response:
    await asyncio.sleep(3 * TIME)
    return PlainTextResponse("slow")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await asyncio.sleep(3 * TIME)
    await websocket.send_text("still here")
    await websocket.close()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that gives a header half a second and has five places."""
    monkeypatch.setattr(server, "HEADER_SECONDS", TIME)
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 5)
    routes = [Route("/quick", quick, methods=["GET", "POST"]), Route("/slow", slow), WebSocketRoute("/socket", talk)]
    running = uvicorn.Server(server._limits(Starlette(routes=routes)))
    with server._listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        running.should_exit = True
        thread.join(20)


def call(port: int, words: bytes) -> socket.socket:
    caller = socket.create_connection(("127.0.0.1", port), timeout=10)
    caller.sendall(words)
    return caller


def all_of(caller: socket.socket) -> bytes:
    """What comes until the other side closes."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while more := caller.recv(4096):
            said += more
    return said


@pytest.mark.parametrize("words", [b"", b"GET /quick HTT"])
def test_who_is_silent_before_the_end_of_the_header_is_given_up(port: int, words: bytes) -> None:
    begun = time.monotonic()
    with call(port, words) as caller:
        assert all_of(caller) == b""
    assert TIME / 2 < time.monotonic() - begun < 8


def test_who_drips_a_header_is_given_up_too(port: int) -> None:
    with call(port, b"GET /quick HTTP/1.1\r\n") as caller, pytest.raises(OSError):
        for number in range(100):
            caller.sendall(b"X-%d: x\r\n" % number)
            time.sleep(TIME / 5)


def test_the_second_request_of_a_connection_has_no_more_time(port: int) -> None:
    with call(port, WHOLE % b"quick") as caller:
        assert caller.recv(4096).startswith(b"HTTP/1.1 200")
        caller.sendall(b"GET /quick HTT")
        begun = time.monotonic()
        all_of(caller)
        assert time.monotonic() - begun < 4  # before the five seconds of an idle connection


def test_a_body_nobody_reads_holds_no_connection(port: int) -> None:
    head = b"POST /quick HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"
    with call(port, head) as caller, pytest.raises(OSError):
        for _ in range(100):
            caller.sendall(b"x")
            time.sleep(TIME / 5)


def test_an_answer_may_take_longer_than_a_header(port: int) -> None:
    with call(port, LAST % b"slow") as caller:
        assert all_of(caller).endswith(b"slow")


def test_a_websocket_lives_on(port: int) -> None:
    with call(port, UPGRADE) as caller:
        assert caller.recv(4096).startswith(b"HTTP/1.1 101")
        assert b"still here" in caller.recv(4096)


def test_where_all_places_are_taken_the_longest_silent_makes_room(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 60)
    first = call(port, b"G")
    time.sleep(0.2)
    others = [call(port, b"G") for _ in range(4)]
    time.sleep(0.2)
    with call(port, LAST % b"quick") as caller:
        assert all_of(caller).endswith(b"quick")
        assert all_of(first) == b""
    for other in [first, *others]:
        other.close()
