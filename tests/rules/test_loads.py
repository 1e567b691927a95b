from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from data.booking_records import Block, Resource, ResourceKind
from data.records import OpeningHours
from services.rules.loads import Stretch, bookable_hours, opened_hours
from tests.rules.naive import open_at

VIENNA = ZoneInfo("Europe/Vienna")
WEEK = (((8 * 60, 12 * 60), (13 * 60, 17 * 60 + 30)),) * 5 + (((9 * 60, 12 * 60),), ((60, 4 * 60),))
FIRST, LAST = date(2026, 10, 23), date(2026, 10, 27)  # the clocks change on Sunday, Monday is a holiday
HOLIDAYS = frozenset({date(2026, 10, 26)})
MINUTE = timedelta(minutes=1)
HOURS = OpeningHours("Europe/Vienna", WEEK)
ALL = Stretch(HOURS, HOLIDAYS, FIRST, LAST, datetime(2026, 10, 28, 12, tzinfo=UTC))

resources = st.lists(
    st.builds(
        Resource,
        id=st.integers(1, 3),
        kind=st.just(ResourceKind.THING),
        name=st.just(""),
        week=st.sampled_from([(), (((7 * 60 + 15, 16 * 60),),) * 7, (((10 * 60, 11 * 60),),) * 3 + ((),) * 4]),
        position=st.just(1),
        active=st.just(True),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
)


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    begins = [
        datetime(2026, 10, 23, tzinfo=UTC) + draw(st.integers(0, 6000)) * MINUTE for _ in range(draw(st.integers(0, 4)))
    ]
    return [
        Block(n, draw(st.sampled_from([None, 1, 2, 3])), begin, begin + draw(st.integers(1, 900)) * MINUTE, "")
        for n, begin in enumerate(begins)
    ]


@settings(max_examples=25, deadline=None)
@given(found=resources, away=blocks(), until=st.integers(0, 6500))
def test_bookable_minutes_are_those_a_minute_by_minute_look_finds(
    found: list[Resource], away: list[Block], until: int
) -> None:
    limit = datetime(2026, 10, 22, 22, tzinfo=UTC) + until * MINUTE
    stretch = Stretch(HOURS, HOLIDAYS, FIRST, LAST, limit)
    counted: dict[tuple[int, int], int] = {}
    moment = datetime(2026, 10, 22, 22, tzinfo=UTC)
    while moment < min(limit, datetime(2026, 10, 27, 23, tzinfo=UTC)):
        local = moment.astimezone(VIENNA)
        free = sum(_is_free(one, away, moment) for one in found) if open_at(HOURS, HOLIDAYS, moment) else 0
        if free:
            key = (local.weekday(), local.hour)
            counted[key] = counted.get(key, 0) + free
        moment += MINUTE
    assert dict(bookable_hours(stretch, found, away)) == counted


def _is_free(resource: Resource, away: list[Block], moment: datetime) -> bool:
    blocked = any(b.resource_id in (None, resource.id) and b.starts_at <= moment < b.ends_at for b in away)
    own = not resource.week or open_at(OpeningHours("Europe/Vienna", resource.week), frozenset(), moment)
    return own and not blocked


def test_an_hour_that_the_night_of_the_clocks_has_twice_counts_twice() -> None:
    assert opened_hours(ALL)[6, 2] == 120
    assert opened_hours(ALL)[6, 1] == 60
    assert (0, 9) not in opened_hours(ALL)
