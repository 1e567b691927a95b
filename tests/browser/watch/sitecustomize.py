"""Runs inside the app under test: notes every address that the process or a child of it connects, sends or asks for."""

import json
import os
import sys

_FILE = os.environ.get("WATCHED_SOCKETS", "")


def _note(event: str, details: tuple) -> None:  # type: ignore[type-arg]
    if event in {"socket.connect", "socket.sendto"}:
        socket, address = details
        if not isinstance(address, tuple):  # a socket within this machine
            return
        kind = "udp" if int(socket.type) == 2 else "tcp"
        line = [kind, str(address[0]), int(address[1])]
    elif event == "socket.getaddrinfo":
        line = ["name", str(details[0]), int(details[1] or 0) if str(details[1] or 0).isdigit() else 0]
    else:
        return
    descriptor = os.open(_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, (json.dumps(line) + "\n").encode())
    os.close(descriptor)


if _FILE:
    sys.addaudithook(_note)
