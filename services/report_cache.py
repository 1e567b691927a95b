"""The last reports, kept as long as nothing changed: a tap on their page need not compute them anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST = 12  # a report is about 100 kB


@dataclass
class ReportCache:
    """By what was asked: the report, the minute it is of, and how often the store had changed by then."""

    kept: dict[Hashable, tuple[datetime, int, Any]] = field(default_factory=dict)

    def get(self, asked: Hashable, moment: datetime, changes: int, make: Callable[[], Any]) -> Any:  # noqa: ANN401
        """What `make` gave for `asked` in this minute, as long as the store is as it was; else what it gives now."""
        minute = moment.replace(second=0, microsecond=0)
        found = self.kept.get(asked)
        if found is None or found[:2] != (minute, changes):
            found = (minute, changes, make())
            self.kept.pop(asked, None)
            self.kept[asked] = found
            for oldest in list(self.kept)[:-MOST]:
                self.kept.pop(oldest, None)
        return found[2]
