"""The web server within limits: how many connections, how long a client may be silent, how long an end may take.

Streamlit's own start passes none of them on to uvicorn; an app of its kind may be served by any ASGI server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.errors import BusyError

MOST_CONNECTIONS = 300  # ten tablets and PCs use some seventy
HEADER_SECONDS = 20
_FILES = 4096  # what may be open at a time, where the system lets us: connections, the store, mails
_END_SECONDS = 3  # for answers under way when Theke is ended, and again for what does not let go of its thread
_LARGEST_MESSAGE = 16 * 1024 * 1024  # of a screen to the server; files have a route of their own


class HeaderTimeProtocol(H11Protocol):
    """HTTP/1.1 that gives up who has not sent a whole header in time; uvicorn waits for ever once a byte came."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """When all places are taken, whoever has been silent longest gives theirs up."""
        super().connection_made(transport)
        self._wait_for_header()
        if len(self.connections) > MOST_CONNECTIONS:
            silent = [one for one in self.connections if isinstance(one, HeaderTimeProtocol) and one._deadline]
            min(silent, key=HeaderTimeProtocol.gives_up_at).give_up()

    def data_received(self, data: bytes) -> None:
        """A header that began must end in time; from its end on others watch: `bodies`, Streamlit's pings."""
        super().data_received(data)
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self not in self.connections:  # or it became a websocket's
            self._stop_waiting()
        elif self._deadline is None:
            self._wait_for_header()

    def shutdown(self) -> None:
        """Theke ends: who is in the middle of sending is not waited for."""
        super().shutdown()
        if self.cycle is not None and self.cycle.more_body:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def gives_up_at(self) -> float:
        """When the header must have come, on the event loop's clock."""
        return self._deadline.when() if self._deadline else float("inf")

    def give_up(self) -> None:
        """Let the connection go without a word."""
        self._stop_waiting()
        self.transport.abort()

    def _wait_for_header(self) -> None:
        self._deadline = self.loop.call_later(HEADER_SECONDS, self.give_up)

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None


def serve(app: ASGIApp, address: str, port: int) -> None:
    """Serve until Ctrl+C or a termination signal. Raises BusyError when the port cannot be had."""
    with _listen(address, port) as listening, contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(_limits(app)).run(sockets=[listening])


class SideServer:
    """A second port of this process within the same limits, with threads of its own: a crowd there slows nobody here.

    Raises BusyError when the port cannot be had.
    """

    def __init__(self, app: ASGIApp, address: str, port: int) -> None:
        self._listening = _listen(address, port)
        self._server = uvicorn.Server(_limits(app))
        self._thread = threading.Thread(target=self._run, name="theke-public", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Take nobody in any more and wait a few seconds for answers under way."""
        self._server.should_exit = True
        self._thread.join(_END_SECONDS + 1)

    def _run(self) -> None:
        with self._listening:
            self._server.run(sockets=[self._listening])  # signals are the first server's: this is not the main thread


def end_soon() -> None:
    """End the process in a few seconds, whatever still holds a thread; for when the store is closed."""
    watch = threading.Timer(_END_SECONDS, end)
    watch.daemon = True
    watch.start()


def end() -> None:
    """End the process now: no thread is waited for, no job stumbles over the store that is closed."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _limits(app: ASGIApp) -> uvicorn.Config:
    _allow_files()
    logging.getLogger("uvicorn.access").disabled = True  # an address may be a secret link; Streamlit gives it a handler
    return uvicorn.Config(
        app,
        http=HeaderTimeProtocol,
        ws="websockets-sansio",  # as Streamlit starts it
        ws_ping_interval=30,
        ws_ping_timeout=30,
        ws_max_size=_LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        backlog=128,  # where files run short, asyncio complains once a place
        timeout_graceful_shutdown=_END_SECONDS,
        access_log=False,
        log_config=None,  # Streamlit's settings hold for these too: warnings, and no more
    )


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise BusyError("Der Anschluss {port} ist schon belegt oder dem System vorbehalten.", port=port) from error


def _allow_files() -> None:
    if sys.platform == "win32":  # knows no such limit
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
