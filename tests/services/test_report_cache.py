from __future__ import annotations

from datetime import timedelta

from data.records import Channel
from services.closing import dismiss_inquiry
from services.jobs import run_once
from services.noting import Outcome, note_contact
from services.report_cache import MOST, ReportCache
from services.reports import week_report
from services.shop import Shop
from tests.builders import MONDAY, FrozenClock, connect, hire


def test_a_report_is_kept_for_its_minute_and_as_long_as_nothing_changed() -> None:
    made: list[int] = []
    cache = ReportCache()

    def make() -> int:
        made.append(1)
        return len(made)

    assert [cache.get("a", MONDAY, 7, make), cache.get("a", MONDAY + timedelta(seconds=17), 7, make)] == [1, 1]
    assert cache.get("a", MONDAY, 8, make) == 2
    assert cache.get("a", MONDAY + timedelta(minutes=1), 8, make) == 3
    assert cache.get("b", MONDAY, 8, make) == 4


def test_only_the_last_ones_are_kept() -> None:
    cache = ReportCache()
    for number in range(3 * MOST):
        cache.get(number, MONDAY, 1, lambda: "")
    assert list(cache.kept) == list(range(2 * MOST, 3 * MOST))


def test_what_somebody_does_shows_at_once_and_a_heartbeat_throws_nothing_away(shop: Shop, clock: FrozenClock) -> None:
    connect(shop)
    sandra = hire(shop, "Sandra Kofler")

    def noted() -> int:
        return week_report(shop, sandra)[0].avoidance.contacts

    assert noted() == 0
    talk = note_contact(
        shop, sandra, who="Anna", need="Frage", reach="0512 555 1", channel=Channel.CALL, outcome=Outcome.SETTLED
    )
    assert noted() == 1
    before = week_report(shop, sandra)[0]
    run_once(shop, "backup", lambda _: None)
    assert week_report(shop, sandra)[0] is before
    dismiss_inquiry(shop, sandra, talk, always=False)
    assert noted() == 0
