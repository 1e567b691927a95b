"""A limit for a whole answer: a socket's own timeout begins anew with every byte that drips in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

SLOWEST = 20_000  # bytes a second; a line below that counts as hanging


@contextmanager
def hang_up_after(seconds: float, find_socket: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Shut the line when what is inside takes longer. Raises TimeoutError then, whatever the library made of it."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        line = find_socket()
        if line is not None:
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)  # below TLS, whose state belongs to the other thread

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():  # also without a failure: half an answer, cut off by us, can look like a whole one
            raise TimeoutError("no whole answer in time")
