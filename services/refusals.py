"""What refused us for good is not asked all day long: providers lock accounts and addresses for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.errors import MailProblemError

FREE_TRIES = 3  # in a row
PAUSE = timedelta(hours=1)  # between the tries after these


@dataclass
class Refusals:
    """The mail server's permanent refusals in a row, in memory: a new start tries anew."""

    count: int = 0
    problem: MailProblemError | None = None
    next_at: datetime | None = None
    wishes: int = 0  # how often a person asked for a try at once

    def spare(self, now: datetime) -> None:
        """Raises the last refusal, without asking the server, while the next try is not due."""
        if self.problem and self.next_at and self.count >= FREE_TRIES and now < self.next_at <= now + PAUSE:
            raise self.problem.with_traceback(None)

    def add(self, problem: MailProblemError, now: datetime) -> None:
        """One more refusal."""
        self.count, self.problem, self.next_at = self.count + 1, problem, now + PAUSE

    def forget(self) -> None:
        """The server let us in."""
        self.count, self.problem, self.next_at = 0, None, None

    def try_at_once(self) -> None:
        """A person has checked or changed something: the next try is due, and a job that rests wakes up for it."""
        self.next_at = None
        self.wishes += 1
