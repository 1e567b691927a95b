"""What the process is told at its start (environment) and what it must keep secret (secrets.json)."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from services.private_files import write_private


@dataclass(frozen=True)
class DemoHistory:
    """The past that a new demo gets; `asked`: somebody asked for it, it is not just the usual one."""

    inquiries: int = 3000
    years: float = 2.0
    seed: int = 1
    asked: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> DemoHistory:
        """THEKE_DEMO_INQUIRIES (0 = none), THEKE_DEMO_YEARS, THEKE_DEMO_SEED; what is not said is as usual."""
        told = {name: environ.get(f"THEKE_DEMO_{name.upper()}", "") for name in ("inquiries", "years", "seed")}
        return cls(
            inquiries=int(told["inquiries"] or cls.inquiries),
            years=float(told["years"] or cls.years),
            seed=int(told["seed"] or cls.seed),
            asked=any(told.values()),
        )


NO_HISTORY = DemoHistory(inquiries=0)


@dataclass(frozen=True)
class ProcessSettings:
    """Read once at start; the shop's own settings live in the store."""

    folder: Path
    address: str = "127.0.0.1"  # where the server listens; start.py opens it to the shop's network
    port: int = 8501
    demo: bool = False
    setup_code: str = ""
    public_port: int = 0  # serves customers' pages alone; 0 = no such port
    history: DemoHistory = NO_HISTORY

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> ProcessSettings:
        """THEKE_DATA, THEKE_ADDRESS, THEKE_PORT, THEKE_PUBLIC_PORT, THEKE_DEMO, THEKE_SETUP_CODE, and those of
        `DemoHistory`."""
        folder = environ.get("THEKE_DATA")
        return cls(
            folder=Path(folder).expanduser().resolve() if folder else user_data_path("theke", appauthor=False),
            address=environ.get("THEKE_ADDRESS", "127.0.0.1"),
            port=int(environ.get("THEKE_PORT", "8501")),
            demo=environ.get("THEKE_DEMO") == "1",
            setup_code=environ.get("THEKE_SETUP_CODE", ""),
            public_port=int(environ.get("THEKE_PUBLIC_PORT") or 0),
            history=DemoHistory.from_environment(environ),
        )


class Secrets:
    """Passwords and keys in one file (0600), written atomically; never in the store, never in a backup's database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, name: str) -> str:
        """The secret, or ''."""
        return self._read().get(name, "")

    def set(self, name: str, value: str) -> None:
        """Keep a secret durably; '' forgets it."""
        with self._lock:
            self._write({**self._read(), name: value})

    def key(self, name: str) -> str:
        """A random key of 256 bits that is made at first use and then stays."""
        with self._lock:
            known = self._read()
            if not known.get(name):
                known[name] = secrets.token_hex(32)
                self._write(known)
            return known[name]

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        loaded = json.loads(self._path.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in loaded.items()}

    def _write(self, values: Mapping[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_private(self._path, json.dumps(values))
