"""The verdict over «Auswertung», and what better service may have brought in."""

from __future__ import annotations

import pytest

from data.report_records import Avoidance, Share, Visits
from services.rules.gains import estimate_gain
from services.rules.verdicts import Verdict, judge


@pytest.mark.parametrize(
    ("now", "then", "long", "verdict"),
    [
        (Share(92, 100), Share(92, 100), 0, Verdict.GOOD),
        (Share(90, 100), Share(99, 100), 0, Verdict.GOOD),
        (Share(84, 100), Share(81, 100), 0, Verdict.BETTER),
        (Share(84, 100), Share(82, 100), 0, Verdict.MORE),
        (Share(84, 100), Share(3, 4), 0, Verdict.MORE),
        (Share(70, 100), Share(70, 100), 0, Verdict.BURNING),
        (Share(60, 100), Share(40, 100), 0, Verdict.BETTER),
        (Share(99, 100), Share(99, 100), 1, Verdict.BURNING),
        (Share(4, 4), Share(0, 0), 0, Verdict.TOO_LITTLE),
        (Share(0, 0), Share(0, 0), 2, Verdict.BURNING),
    ],
)
def test_the_verdict_goes_by_share_trend_and_who_waits_for_days(
    now: Share, then: Share, long: int, verdict: Verdict
) -> None:
    assert judge(now, then, long, 90) is verdict


def test_a_gain_is_reckoned_for_as_many_contacts_and_visits() -> None:
    now, then = (Avoidance(100, 50, 20, 200), Visits(95, 5, 0)), (Avoidance(50, 30, 25, 250), Visits(45, 5, 0))
    gain = estimate_gain(now, then, 6000, 5000)
    assert gain is not None
    assert gain.minutes == 300
    assert gain.visits == 5
    assert gain.cents == 5 * 6000 + 5 * 5000
    assert gain.range == (gain.cents // 2, gain.cents)


def test_worse_service_is_told_as_a_loss() -> None:
    now, then = (Avoidance(50, 50, 20, 200), Visits(0, 0, 0)), (Avoidance(50, 30, 10, 80), Visits(0, 0, 0))
    gain = estimate_gain(now, then, 6000, 5000)
    assert gain is not None
    assert gain.visits is None
    assert gain.cents == -12000


def test_too_few_of_both_give_no_estimate() -> None:
    few = Avoidance(4, 4, 1, 10), Visits(2, 1, 0)
    assert estimate_gain(few, few, 6000, 5000) is None
