"""How often strangers may post a form or open a secret page: in memory, because a new start may begin anew."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
PER_ADDRESS = 20  # several people may share an address: a family, an office, a phone network
PER_SHOP = 600
LOOKS_PER_ADDRESS = 300  # of secret pages, each of which may read a long conversation
LOOKS_PER_SHOP = 6000
_JITTER = timedelta(minutes=1)  # threads take the time before they take the lock


@dataclass
class VisitLimits:
    """What was posted within the window, oldest first; never longer than the limit of the shop."""

    per_address: int = PER_ADDRESS
    per_shop: int = PER_SHOP
    _posts: deque[tuple[datetime, str]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, visitor: str, now: datetime) -> timedelta | None:
        """None, and one more post is counted; or how long the visitor has to wait, and nothing is counted."""
        with self._lock:
            self._forget(now)
            theirs = [moment for moment, who in self._posts if who == visitor]
            if len(theirs) >= self.per_address:
                return theirs[0] + WINDOW - now
            if len(self._posts) >= self.per_shop:
                return self._posts[0][0] + WINDOW - now
            self._posts.append((now, visitor))
            return None

    def _forget(self, now: datetime) -> None:
        """Drop what is past, and what lies ahead because the PC's clock was set back: nobody waits for that."""
        while self._posts and self._posts[0][0] <= now - WINDOW:
            self._posts.popleft()
        while self._posts and self._posts[-1][0] > now + _JITTER:
            self._posts.pop()
