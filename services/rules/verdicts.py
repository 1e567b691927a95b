"""How a shop is doing, in one word: from the share in goal, where it comes from, and who waits for days."""

from __future__ import annotations

from enum import StrEnum

from data.report_records import Share

RISE = 3.0  # points; less is chance in the numbers a small shop has
FAR = 20.0  # points below the goal: no longer a matter of a busy week


class Verdict(StrEnum):
    GOOD = "good"
    BETTER = "better"
    MORE = "more"  # neither in goal nor alarming nor rising
    BURNING = "burning"
    TOO_LITTLE = "too_little"


def judge(now: Share, then: Share, over_three_days: int, goal: float) -> Verdict:
    """The verdict of a period against an earlier one; `goal` in percent, `over_three_days` wait at this moment.

    Who waits for days outweighs every share: the share looks back, they are waiting now.
    """
    if over_three_days > 0:
        return Verdict.BURNING
    if now.percent is None:
        return Verdict.TOO_LITTLE
    if now.percent >= goal:
        return Verdict.GOOD
    if then.percent is not None and now.percent - then.percent >= RISE:
        return Verdict.BETTER
    return Verdict.BURNING if now.percent <= goal - FAR else Verdict.MORE
