from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from data.booking_records import Block, Offering, Resource, ResourceKind
from data.records import Closure, OpeningHours
from services.rules.slots import (
    Calendar,
    Refusal,
    Span,
    Start,
    find_starts,
    minute_of,
    moment_of,
    pick_resources,
    refusals,
)
from tests.rules.naive_slots import Diary, grid_of_day, naive_picks, naive_refusals, naive_starts

ZONES = ["Europe/Vienna", "Europe/Berlin", "Europe/Zurich"]
VIENNA = ZoneInfo("Europe/Vienna")
OPEN = ((480, 720), (780, 1080))  # 8–12 and 13–18
HOURS = OpeningHours("Europe/Vienna", (OPEN, OPEN, OPEN, OPEN, OPEN, (), ()))
NIGHT = OpeningHours("Europe/Vienna", (((0, 1440),),) * 7)
MONDAY, TUESDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 6)
SPRING, AUTUMN, NEW_YEARS_EVE = date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
AMIR, LUKAS, LIFT_1, LIFT_2 = 1, 2, 11, 12
few = settings(max_examples=60, deadline=None)


def resource(ident: int, week: tuple[tuple[Span, ...], ...] = (), *, active: bool = True) -> Resource:
    kind = ResourceKind.PERSON if ident < 10 else ResourceKind.THING
    return Resource(id=ident, kind=kind, name=f"R{ident}", week=week, position=ident, active=active)


def offering(groups: tuple[tuple[int, ...], ...] = ((AMIR,),), **fields: int) -> Offering:
    plain = Offering(
        id=1,
        name="Reifenwechsel",
        description="",
        duration=60,
        buffer_before=0,
        buffer_after=0,
        step=60,
        price_cents=None,
        online=True,
        instant=True,
        notice_minutes=0,
        horizon_days=400,
        cancel_minutes=0,
        daily_limit=0,
        bring="",
        question="",
        choices="",
        groups=groups,
        position=1,
        active=True,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def calendar(
    hours: OpeningHours = HOURS,
    people: Sequence[Resource] = (),
    *,
    taken: dict[int, list[Span]] | None = None,
    blocks: Sequence[Block] = (),
    holidays: frozenset[date] = frozenset(),
    booked: dict[date, int] | None = None,
) -> Calendar:
    known = people or [resource(ident) for ident in (AMIR, LUKAS, LIFT_1, LIFT_2)]
    return Calendar(hours, holidays, {one.id: one for one in known}, taken or {}, blocks, booked or {})


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIENNA)


def span(day: date, begin: str, end: str) -> Span:
    return minute_of(at(day, begin)), minute_of(at(day, end))


def clocks(wanted: Offering, known: Calendar, day: date, now: datetime = LONG_AGO) -> str:
    """The starts of a day as the clock on the wall shows them."""
    starts = find_starts(wanted, known, now=now, first=day, last=day)
    return " ".join(start.at.astimezone(VIENNA).strftime("%H:%M") for start in starts)


def chosen(wanted: Offering, known: Calendar, moment: datetime) -> tuple[int, ...] | None:
    day = moment.astimezone(VIENNA).date()
    starts = find_starts(wanted, known, now=LONG_AGO, first=day, last=day)
    return next((start.resources for start in starts if start.at == moment), None)


def test_minutes_count_from_1970_and_are_rounded_down() -> None:
    assert minute_of(datetime(1970, 1, 2, 0, 1, 59, tzinfo=UTC)) == 1441
    assert moment_of(1441) == datetime(1970, 1, 2, 0, 1, tzinfo=UTC)
    assert minute_of(at(MONDAY, "09:00")) == minute_of(datetime(2026, 11, 30, 8, tzinfo=UTC))


def test_each_opening_begins_a_grid_and_the_job_ends_before_closing() -> None:
    wanted = offering(duration=45, step=40)
    mornings, afternoons = "08:00 08:40 09:20 10:00 10:40", "13:00 13:40 14:20 15:00 15:40 16:20 17:00"
    assert clocks(wanted, calendar(), MONDAY) == f"{mornings} {afternoons}"


def test_a_job_that_ends_at_closing_fits_and_one_of_five_minutes_more_does_not() -> None:
    assert clocks(offering(duration=300, step=300), calendar(), MONDAY) == "13:00"
    assert clocks(offering(duration=305, step=5), calendar(), MONDAY) == ""


def test_an_odd_booking_leaves_the_later_starts_where_they_are() -> None:
    known = calendar(taken={AMIR: [span(MONDAY, "08:10", "08:25")]})
    assert clocks(offering(duration=30, step=30), known, MONDAY)[:11] == "08:30 09:00"


def test_touching_bookings_leave_no_gap_and_a_gap_of_its_length_takes_a_job() -> None:
    around = [("13:00", "18:00"), ("08:00", "09:00"), ("10:00", "12:00")]
    known = calendar(taken={AMIR: [span(MONDAY, *clock) for clock in around]})
    assert clocks(offering(), known, MONDAY) == "09:00"


def test_bookings_inside_one_another_hide_nothing_behind_them() -> None:
    known = calendar(taken={AMIR: [span(MONDAY, "08:00", "17:00"), span(MONDAY, "09:00", "10:00")]})
    assert clocks(offering(), known, MONDAY) == "17:00"


def test_the_buffers_of_both_bookings_add_up() -> None:
    footprint = span(MONDAY, "08:45", "10:15")  # a booking from nine to ten with a quarter of an hour around it
    known = calendar(taken={AMIR: [footprint, span(MONDAY, "12:00", "18:00")]})
    assert clocks(offering(step=5, buffer_before=30), known, MONDAY) == "10:45 10:50 10:55 11:00"
    assert clocks(offering(step=5, buffer_before=10), known, MONDAY)[:5] == "10:25"


def test_the_buffer_behind_is_another_than_the_one_before() -> None:
    known = calendar(taken={AMIR: [span(MONDAY, "10:00", "18:00")]})
    assert clocks(offering(step=5, buffer_before=30), known, MONDAY)[-5:] == "09:00"
    assert clocks(offering(step=5, buffer_after=30), known, MONDAY)[-5:] == "08:30"


def test_buffers_may_lie_outside_the_opening_hours_but_not_in_a_block() -> None:
    wanted = offering(duration=240, step=240, buffer_before=60, buffer_after=60)
    assert clocks(wanted, calendar(), MONDAY) == "08:00 13:00"
    early = Block(1, AMIR, at(MONDAY, "06:00"), at(MONDAY, "07:05"), "Arzt")
    assert clocks(wanted, calendar(blocks=[early]), MONDAY) == "13:00"


def test_a_block_for_all_holds_everybody_and_one_for_lukas_only_him() -> None:
    everybody = Block(1, None, at(MONDAY, "08:00"), at(MONDAY, "17:00"), "Inventur")
    assert clocks(offering(((AMIR, LUKAS),)), calendar(blocks=[everybody]), MONDAY) == "17:00"
    lukas = replace(everybody, resource_id=LUKAS)
    assert clocks(offering(((LUKAS,),)), calendar(blocks=[lukas]), MONDAY) == "17:00"
    assert chosen(offering(((LUKAS, AMIR),)), calendar(blocks=[lukas]), at(MONDAY, "09:00")) == (AMIR,)


def test_a_block_with_seconds_holds_the_whole_minutes_it_touches() -> None:
    block = Block(1, AMIR, at(MONDAY, "08:59:30"), at(MONDAY, "10:00:01"), "Telefon")
    assert clocks(offering(), calendar(blocks=[block]), MONDAY)[:5] == "11:00"
    assert clocks(offering(), calendar(blocks=[replace(block, ends_at=at(MONDAY, "10:00"))]), MONDAY)[:5] == "10:00"


def test_notice_is_real_time_and_inclusive() -> None:
    wanted = offering(notice_minutes=120)
    assert clocks(wanted, calendar(), MONDAY, at(MONDAY, "07:00"))[:5] == "09:00"
    assert clocks(wanted, calendar(), MONDAY, at(MONDAY, "07:00:01"))[:5] == "10:00"
    assert clocks(wanted, calendar(), MONDAY, at(MONDAY, "16:00:01")) == ""


def test_notice_over_the_changing_of_the_clocks_counts_hours_that_pass() -> None:
    wanted, known = offering(notice_minutes=120), calendar(NIGHT)
    assert clocks(wanted, known, SPRING, at(SPRING, "01:30"))[:5] == "05:00"


def test_the_horizon_is_the_last_day_that_counts() -> None:
    wanted, now = offering(horizon_days=1, step=240), at(MONDAY, "23:59")
    starts = find_starts(wanted, calendar(), now=now, first=MONDAY, last=MONDAY + timedelta(days=9))
    assert [start.at for start in starts] == [at(TUESDAY, "08:00"), at(TUESDAY, "13:00"), at(TUESDAY, "17:00")]


def test_a_day_that_has_its_limit_takes_no_more() -> None:
    wanted, known = offering(daily_limit=2), calendar(booked={MONDAY: 2, TUESDAY: 1})
    assert clocks(wanted, known, MONDAY) == ""
    assert clocks(wanted, known, TUESDAY) != ""
    assert clocks(replace(wanted, daily_limit=0), known, MONDAY) != ""


def test_holidays_closures_and_days_opened_by_way_of_exception() -> None:
    closures = (
        Closure(TUESDAY, TUESDAY, "Betriebsausflug"),
        Closure(SUNDAY, SUNDAY, "Adventsonntag", ((600, 720),)),
    )
    known = calendar(replace(HOURS, closures=closures), holidays=frozenset({MONDAY}))
    assert [clocks(offering(), known, day) for day in (MONDAY, TUESDAY, SUNDAY)] == ["", "", "10:00 11:00"]


def test_a_resource_works_when_both_it_and_the_shop_do() -> None:
    mornings = (((420, 630),), (), (), (), (), (), ())  # Monday 7:00–10:30
    known = calendar(people=[resource(AMIR, mornings)])
    assert clocks(offering(step=30), known, MONDAY) == "08:00 08:30 09:00 09:30"
    assert clocks(offering(), known, TUESDAY) == ""


def test_a_resource_that_never_works_is_not_one_without_hours_of_its_own() -> None:
    known = calendar(people=[resource(AMIR, ((),) * 7), resource(LUKAS)])
    assert clocks(offering(((AMIR,),)), known, MONDAY) == ""
    assert chosen(offering(((AMIR, LUKAS),)), known, at(MONDAY, "09:00")) == (LUKAS,)


def test_hours_of_a_resource_that_touch_the_break_do_not_open_it() -> None:
    through = (((480, 1080),),) * 7
    assert clocks(offering(duration=120, step=60), calendar(people=[resource(AMIR, through)]), MONDAY) == (
        "08:00 09:00 10:00 13:00 14:00 15:00 16:00"
    )


def test_intervals_that_touch_are_one_opening() -> None:
    halves = replace(HOURS, week=((((480, 720), (720, 1080)),)) * 7)
    assert clocks(offering(duration=90, step=90), calendar(halves), MONDAY) == "08:00 09:30 11:00 12:30 14:00 15:30"


def test_jobs_run_across_midnight_and_the_grid_begins_anew() -> None:
    club = replace(HOURS, week=(((1200, 1440),), ((0, 120),), (), (), (), (), ()))  # Monday 20:00 – Tuesday 2:00
    wanted = offering(duration=90, step=50)
    assert clocks(wanted, calendar(club), MONDAY) == "20:00 20:50 21:40 22:30 23:20"
    assert clocks(wanted, calendar(club), TUESDAY) == "00:00"


def test_a_job_of_three_days_fits_into_a_weekend_open_all_night() -> None:
    friday, monday = ((720, 1440),), ((0, 720),)
    known = calendar(replace(HOURS, week=(monday, (), (), (), friday, *NIGHT.week[:2])))
    assert clocks(offering(duration=4320, step=60), known, SUNDAY - timedelta(days=2)) == "12:00"


def test_the_skipped_hour_has_no_starts_and_the_double_one_twice_as_many() -> None:
    known = calendar(replace(NIGHT, week=(((60, 240),),) * 7))
    assert clocks(offering(), known, SPRING) == "01:00 03:00"
    assert clocks(offering(), known, AUTUMN) == "01:00 02:00 02:00 03:00"


def test_in_the_night_of_the_change_a_long_job_ends_on_another_clock() -> None:
    known = calendar(replace(NIGHT, week=(((0, 360),),) * 7))
    assert clocks(offering(duration=300, step=30), known, SPRING) == "00:00"
    assert clocks(offering(duration=300, step=30), known, AUTUMN) == "00:00 00:30 01:00 01:30 02:00"


def test_the_grid_goes_on_over_the_change_of_the_clocks() -> None:
    assert clocks(offering(duration=30, step=90), calendar(NIGHT), SPRING)[:17] == "00:00 01:30 04:00"


def test_days_across_the_end_of_the_year_are_in_order() -> None:
    wanted, known = offering(duration=1440, step=720), calendar(NIGHT)
    starts = find_starts(wanted, known, now=LONG_AGO, first=NEW_YEARS_EVE, last=NEW_YEARS_EVE + timedelta(days=1))
    assert [start.at for start in starts] == [
        at(day, clock) for day in (NEW_YEARS_EVE, date(2027, 1, 1)) for clock in ("00:00", "12:00")
    ]


def test_a_start_needs_one_of_each_group_at_the_same_time() -> None:
    taken = {AMIR: [span(MONDAY, "08:00", "10:00")], LIFT_1: [span(MONDAY, "09:00", "18:00")]}
    assert clocks(offering(((AMIR,), (LIFT_1,))), calendar(taken=taken), MONDAY) == ""
    assert clocks(offering(((AMIR, LUKAS), (LIFT_1,))), calendar(taken=taken), MONDAY) == "08:00"


def test_the_first_of_a_group_is_preferred() -> None:
    wanted = offering(((LUKAS, AMIR), (LIFT_2, LIFT_1)))
    assert chosen(wanted, calendar(), at(MONDAY, "09:00")) == (LUKAS, LIFT_2)


def test_groups_that_overlap_get_two_resources_and_never_one_twice() -> None:
    assert chosen(offering(((AMIR, LUKAS), (AMIR, LUKAS))), calendar(), at(MONDAY, "09:00")) == (AMIR, LUKAS)
    assert chosen(offering(((AMIR, LUKAS), (AMIR,))), calendar(), at(MONDAY, "09:00")) == (LUKAS, AMIR)
    assert clocks(offering(((AMIR,), (AMIR,))), calendar(), MONDAY) == ""


def test_inactive_and_unknown_resources_serve_nobody() -> None:
    known = calendar(people=[resource(AMIR, active=False), resource(LUKAS)])
    assert clocks(offering(((AMIR, 999),)), known, MONDAY) == ""
    assert pick_resources(offering(((AMIR, 999),)), known, at(MONDAY, "09:00")) is None
    assert chosen(offering(((AMIR, 999, LUKAS),)), known, at(MONDAY, "09:00")) == (LUKAS,)


@pytest.mark.parametrize("groups", [(), ((),), ((AMIR,), ())])
def test_what_nobody_can_do_cannot_be_booked(groups: tuple[tuple[int, ...], ...]) -> None:
    assert clocks(offering(groups), calendar(), MONDAY) == ""
    assert pick_resources(offering(groups), calendar(), at(MONDAY, "09:00")) is None


def test_no_days_no_starts() -> None:
    assert find_starts(offering(), calendar(), now=LONG_AGO, first=TUESDAY, last=MONDAY) == []
    assert find_starts(offering(), calendar(), now=at(SUNDAY, "09:00"), first=MONDAY, last=TUESDAY) == []


def test_staff_get_the_resource_they_want_if_it_is_free_else_another() -> None:
    wanted = offering(((AMIR, LUKAS), (LIFT_1, LIFT_2)))
    known = calendar(taken={LIFT_2: [span(MONDAY, "10:00", "11:00")]})
    assert pick_resources(wanted, known, at(MONDAY, "09:00")) == (AMIR, LIFT_1)
    assert pick_resources(wanted, known, at(MONDAY, "09:00"), [LIFT_2]) == (AMIR, LIFT_2)
    assert pick_resources(wanted, known, at(MONDAY, "09:00"), [LIFT_2, LUKAS]) == (LUKAS, LIFT_2)
    assert pick_resources(wanted, known, at(MONDAY, "10:00"), [LIFT_2]) == (AMIR, LIFT_1)


def test_of_two_wanted_both_are_taken_though_the_order_of_the_groups_says_otherwise() -> None:
    wanted = offering(((AMIR, LUKAS), (AMIR, LIFT_1)))
    assert pick_resources(wanted, calendar(), at(MONDAY, "09:00"), [AMIR, LUKAS]) == (LUKAS, AMIR)


def test_staff_may_book_at_night_and_on_any_minute_but_nothing_that_is_held() -> None:
    block = Block(1, None, at(SUNDAY, "05:00"), at(SUNDAY, "06:00"), "Strom aus")
    known = calendar(blocks=[block], taken={AMIR: [span(SUNDAY, "03:00", "04:00")]})
    assert pick_resources(offering(), known, at(SUNDAY, "01:37")) == (AMIR,)
    assert pick_resources(offering(), known, at(SUNDAY, "02:01")) is None
    assert pick_resources(offering(), known, at(SUNDAY, "04:00")) == (AMIR,)
    assert pick_resources(offering(buffer_after=5), known, at(SUNDAY, "04:00")) is None


def test_who_is_at_work_is_picked_before_who_has_a_day_off() -> None:
    off = resource(AMIR, ((),) * 7)
    known = calendar(people=[off, resource(LUKAS)])
    assert pick_resources(offering(((AMIR, LUKAS),)), known, at(MONDAY, "09:00")) == (LUKAS,)
    assert pick_resources(offering(((AMIR, LUKAS),)), known, at(MONDAY, "09:00"), [AMIR]) == (AMIR,)
    assert pick_resources(offering(((AMIR,),)), known, at(MONDAY, "09:00")) == (AMIR,)


@pytest.mark.parametrize(
    ("day", "clock", "broken"),
    [
        (MONDAY, "10:00", set()),
        (MONDAY, "08:00", {Refusal.PAST}),
        (MONDAY, "09:00", {Refusal.NOTICE}),
        (MONDAY, "10:30", {Refusal.GRID}),
        (MONDAY, "12:00", {Refusal.HOURS, Refusal.GRID}),
        (MONDAY, "17:30", {Refusal.HOURS, Refusal.GRID}),
        (TUESDAY, "10:00", {Refusal.LIMIT}),
        (date(2026, 12, 7), "08:00", set()),
        (date(2026, 12, 8), "08:00", {Refusal.HORIZON}),
        (SUNDAY, "10:00", {Refusal.HOURS, Refusal.GRID}),
    ],
)
def test_each_rule_that_a_start_breaks_is_told(day: date, clock: str, broken: set[Refusal]) -> None:
    wanted = offering(notice_minutes=90, horizon_days=7, daily_limit=1)
    known = calendar(booked={TUESDAY: 1})
    now = at(MONDAY, "08:30")
    assert refusals(wanted, known, now=now, at=at(day, clock), resources=(AMIR,)) == broken


def test_hours_are_those_of_the_resources_that_were_chosen() -> None:
    known = calendar(people=[resource(AMIR, ((),) * 7), resource(LUKAS)])
    wanted = offering(((AMIR, LUKAS),))
    ask = at(MONDAY, "09:00")
    assert refusals(wanted, known, now=LONG_AGO, at=ask, resources=(AMIR,)) == {Refusal.HOURS}
    assert refusals(wanted, known, now=LONG_AGO, at=ask, resources=(LUKAS,)) == frozenset()


# From here on: whatever the shop is like, the fast rule and the slow one agree.

days = st.one_of(
    *(st.integers(-2, 2).map(lambda n, d=d: d + timedelta(days=n)) for d in (SPRING, AUTUMN, NEW_YEARS_EVE)),
    st.just(MONDAY),
)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
    return tuple((b * 15, e * 15) for b, e in zip(edges[::2], edges[1::2], strict=False))


open_days = st.one_of(
    st.just(((0, 1440),)), st.just(((0, 1440),)), st.just(OPEN), st.just(((0, 150), (720, 1440))), intervals()
)
weeks = st.lists(open_days, min_size=7, max_size=7).map(tuple)


@st.composite
def shops_hours(draw: st.DrawFn, day: date) -> OpeningHours:
    closures = [
        Closure(first, first + timedelta(days=draw(st.integers(0, 2))), "zu", draw(open_days))
        for first in draw(st.lists(st.integers(-2, 3).map(lambda n: day + timedelta(days=n)), max_size=2))
    ]
    return OpeningHours(draw(st.sampled_from(ZONES)), draw(weeks), tuple(closures))


@st.composite
def offerings(draw: st.DrawFn) -> Offering:
    group = st.lists(st.sampled_from([1, 2, 3, 4, 1, 2, 3, 5]), min_size=2, max_size=3, unique=True).map(tuple)
    buffers = st.sampled_from([0, 0, 5, 15, 40])
    return offering(
        draw(st.lists(group, min_size=1, max_size=2).map(tuple)),
        duration=5 * draw(st.one_of(st.integers(1, 24), st.integers(1, 24), st.integers(1, 400))),
        step=5 * draw(st.integers(1, 18)),
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        notice_minutes=draw(st.sampled_from([0, 0, 0, 60, 1441])),
        horizon_days=draw(st.sampled_from([400, 400, 2, 1, 0])),
        daily_limit=draw(st.sampled_from([0, 0, 0, 2, 1])),
    )


@st.composite
def calendars(draw: st.DrawFn, day: date) -> Calendar:
    noon = minute_of(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    times = st.builds(lambda b, n: (noon + b, noon + b + n), st.integers(-1500, 3000), st.integers(1, 300))
    own = st.one_of(st.just(()), st.just(()), st.just(()), weeks)
    people = [resource(ident, draw(own), active=draw(st.integers(0, 9)) < 9) for ident in range(1, 5)]
    blocked = draw(st.lists(st.tuples(times, st.sampled_from([None, 1, 2, 3])), max_size=2))
    return calendar(
        draw(shops_hours(day)),
        people,
        taken=draw(st.dictionaries(st.integers(1, 4), st.lists(times, max_size=5))),
        blocks=[Block(n, who, moment_of(b), moment_of(e), "") for n, ((b, e), who) in enumerate(blocked)],
        holidays=draw(st.frozensets(st.integers(-1, 3).map(lambda n: day + timedelta(days=n)), max_size=1)),
        booked={day + timedelta(days=n): draw(st.sampled_from([0, 0, 1, 2])) for n in range(3)},
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Offering, Calendar, datetime, date]:
    """An offering, a calendar, now, and the day it is about."""
    day = draw(days)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    seconds = draw(st.one_of(st.integers(-190_000, 0), st.just(-4000), st.integers(-20_000, 90_000)))
    return draw(offerings()), draw(calendars(day)), midnight + timedelta(seconds=seconds), day


def check_resources(wanted: Offering, known: Calendar, start: Start) -> None:
    """One resource of each group, none twice, each free and at work."""
    diary = Diary(wanted, known)
    assert all(one in group for one, group in zip(start.resources, wanted.groups, strict=True))
    assert len(set(start.resources)) == len(start.resources)
    assert all(diary.is_free(one, minute_of(start.at)) for one in start.resources)
    assert all(diary.works_through(one, minute_of(start.at)) for one in start.resources)


@few
@given(cases(), st.integers(0, 2))
def test_the_starts_are_those_of_walking_minute_by_minute(
    case: tuple[Offering, Calendar, datetime, date], length: int
) -> None:
    wanted, known, now, day = case
    last = day + timedelta(days=length)
    starts = find_starts(wanted, known, now=now, first=day, last=last)
    event(f"starts: {'some' if starts else 'none'}")
    assert starts == naive_starts(wanted, known, now, day, last)
    for start in starts[:: max(1, len(starts) // 5)]:
        check_resources(wanted, known, start)


@few
@given(cases(), st.data())
def test_a_start_that_breaks_no_rule_and_is_free_is_one_that_customers_see(
    case: tuple[Offering, Calendar, datetime, date], data: st.DataObject
) -> None:
    wanted, known, now, day = case
    diary = Diary(wanted, known)
    choices = [one for one in diary.choices() if all(ident in known.resources for ident in one)]
    resources = data.draw(st.sampled_from(choices)) if choices else (1,)
    grid = grid_of_day(diary, day)
    noon = minute_of(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    anywhere = st.integers(-600, 600).map(lambda n: noon + n)
    minute = data.draw(st.one_of(st.sampled_from(grid), anywhere) if grid else anywhere)
    broken = refusals(wanted, known, now=now, at=moment_of(minute), resources=resources)
    assert broken == naive_refusals(wanted, known, now, moment_of(minute), resources)
    narrow = replace(wanted, groups=tuple((one,) for one in resources))
    starts = find_starts(narrow, known, now=now, first=day, last=day)
    free = all(diary.is_free(one, minute) for one in resources)
    event(f"broken: {len(broken)}, free: {free}")
    assert (Start(moment_of(minute), tuple(resources)) in starts) == (free and not broken)


@few
@given(cases(), st.integers(-600, 600), st.lists(st.integers(1, 5), max_size=3, unique=True))
def test_staff_get_a_choice_exactly_if_there_is_one_and_no_other_has_more_of_what_they_want(
    case: tuple[Offering, Calendar, datetime, date], ahead: int, liked: list[int]
) -> None:
    wanted, known, _, day = case
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(minutes=ahead)
    picks = naive_picks(wanted, known, moment)
    choice = pick_resources(wanted, known, moment, liked)
    event(f"choices: {min(len(picks), 2)}")
    assert (choice in picks) if picks else (choice is None)
    if choice is not None:
        best = max(Counter(one in liked for one in pick)[True] for pick in picks)
        assert sum(one in liked for one in choice) == best


@few
@given(cases(), st.integers(1, 4), st.integers(-600, 1200), st.integers(1, 300))
def test_one_more_booking_never_frees_a_time(
    case: tuple[Offering, Calendar, datetime, date], who: int, ahead: int, length: int
) -> None:
    wanted, known, now, day = case
    begin = minute_of(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) + ahead
    more = replace(known, taken={**known.taken, who: [*known.taken.get(who, ()), (begin, begin + length)]})
    last = day + timedelta(days=1)
    before, after = (
        {start.at for start in find_starts(wanted, one, now=now, first=day, last=last)} for one in (known, more)
    )
    assert after <= before
