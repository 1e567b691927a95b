"""What a page without JavaScript keeps between two taps: on the server, for minutes, under a name nobody can guess."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LIFETIME = 300.0
_MOST = 500


@dataclass
class Held:
    """Short texts in memory, each forgotten five minutes after it was last changed; a restart forgets them all."""

    seconds: Callable[[], float] = time.monotonic
    _texts: dict[str, tuple[float, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str) -> str:
        """The text under `name`, or ''."""
        with self._lock:
            self._forget_old()
            return self._texts.get(name, (0.0, ""))[1]

    def put(self, name: str, text: str) -> str:
        """Keep `text` under `name` (a new one if that is not known any more); the name."""
        with self._lock:
            self._forget_old()
            if name not in self._texts:
                name = secrets.token_urlsafe(16)
            self._texts.pop(name, None)
            self._texts[name] = (self.seconds(), text)
            while len(self._texts) > _MOST:
                del self._texts[next(iter(self._texts))]
            return name

    def drop(self, name: str) -> None:
        """Forget `name`; harmless when it is gone."""
        with self._lock:
            self._texts.pop(name, None)

    def _forget_old(self) -> None:
        oldest = self.seconds() - _LIFETIME
        for name in [name for name, (kept_at, _) in self._texts.items() if kept_at < oldest]:
            del self._texts[name]
