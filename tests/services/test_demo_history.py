"""The demo's past: every row as the use cases would have left it, and a story that the figures tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import services.demo_history
from data.booking_records import HOLDING
from data.report_records import Avoidable
from services.clock import refresh_clocks
from services.demo import build_demo
from services.demo_history import history_of
from services.demo_history_days import tell_story
from services.errors import InvalidInputError
from services.process import DemoHistory
from services.rules.folding import fold
from services.rules.holiday_calendar import holidays_of
from services.rules.opening_hours import business_minutes, is_open
from services.rules.phones import normalise_phone, show_phone
from services.settings import shop_settings
from services.shop import Shop
from tests.builders import FrozenClock, make_shop

USUAL = DemoHistory()
SMALL = DemoHistory(inquiries=300, years=0.5, seed=4)
VIENNA = ZoneInfo("Europe/Vienna")
DERIVED = """state, waiting_since, contacts_waiting, first_contact_at, first_response_at, closed_at, close_reason,
    reopened, last_message_at, snippet, version"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A demo with the usual past, on Monday 23 November 2026, 10:42."""
    shop = make_shop(tmp_path_factory.mktemp("old"))
    build_demo(shop, USUAL)
    yield shop
    shop.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Shop]:
    """A demo without a past, of the same moment."""
    shop = make_shop(tmp_path / "small", furnish=build_demo)
    yield shop
    shop.close()


@pytest.fixture
def young(tmp_path: Path) -> Iterator[Shop]:
    """A demo with a small past, of the same moment."""
    shop = make_shop(tmp_path / "young", furnish=build_young)
    yield shop
    shop.close()


def build_young(shop: Shop) -> None:
    build_demo(shop, SMALL)


@pytest.fixture(scope="module")
def first_new(old: Shop) -> int:
    """The first id of the history: those of the small demo lie before it."""
    return first_of_history(old)


def first_of_history(shop: Shop) -> int:
    sql = r"SELECT min(customer_id) FROM customer_contact WHERE regexp_matches(address, '\d@example\.org$')"
    return int(shop.store.read(sql)[0][0])


def holidays() -> frozenset[date]:
    return frozenset(holidays_of("AT", "7", range(2023, 2028)))


def rows(shop: Shop, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    return shop.store.read(sql, params)


def past_bookings(shop: Shop) -> list[tuple[Any, ...]]:
    return rows(
        shop,
        """SELECT id, state, starts_at, ends_at, created_at, inquiry_id FROM booking
           WHERE form_key LIKE 'history %' ORDER BY id""",
    )


def test_the_derived_columns_are_those_that_the_clock_writes(old: Shop) -> None:
    sql = f"SELECT id, {DERIVED} FROM inquiry ORDER BY id"
    before = rows(old, sql)
    with old.store.write() as tx:
        refresh_clocks(tx, [row[0] for row in before])
    assert rows(old, sql) == before
    assert len(before) > USUAL.inquiries


def test_there_are_as_many_inquiries_as_were_asked_for(old: Shop, small: Shop) -> None:
    asked, before = (rows(one, "SELECT count(*) FROM inquiry")[0][0] for one in (old, small))
    assert asked - before == USUAL.inquiries


def test_every_id_is_given_once_by_the_counter(old: Shop) -> None:
    tables = "customer inquiry message event promise booking booking_event measure block".split()
    ids = [row[0] for table in tables for row in rows(old, f"SELECT id FROM {table}")]
    assert len(set(ids)) == len(ids)
    assert max(ids) <= rows(old, "SELECT value FROM counter WHERE name = 'id'")[0][0]


def test_what_bookings_hold_is_taken_and_nothing_else(old: Shop) -> None:
    held = set(
        rows(
            old,
            """SELECT r.resource_id, unnest(range((epoch(b.starts_at)::BIGINT // 60 - b.buffer_before) // 5,
                   ((epoch(b.ends_at)::BIGINT // 60 + b.buffer_after) // 5))), b.id
               FROM booking b JOIN booking_resource r ON r.booking_id = b.id
               WHERE b.state IN (SELECT unnest($states))""",
            states=list(HOLDING),
        )
    )
    assert held == set(rows(old, "SELECT resource_id, cell, booking_id FROM occupancy"))
    assert len({(resource, cell) for resource, cell, _ in held}) == len(held)


def test_bookings_were_made_ahead_for_opening_hours_before_the_days_of_the_small_demo(old: Shop) -> None:
    hours = shop_settings(old.store).hours
    found = past_bookings(old)
    assert len(found) > 1000
    assert all(is_open(hours, holidays(), start) for _, _, start, _, _, _ in found)
    assert all(made < start for _, _, start, _, made, _ in found)
    thursday = datetime(2026, 11, 19, tzinfo=VIENNA)
    assert thursday - timedelta(days=1) < max(end for _, _, _, end, _, _ in found) < thursday + timedelta(days=1)
    states = Counter(state for _, state, _, _, _, _ in found)
    assert set(states) == {"done", "no_show", "cancelled"}
    assert states["done"] > 0.8 * len(found)


def test_what_was_called_off_was_called_off_after_it_was_made_and_before_it_began(old: Shop) -> None:
    wrong = rows(
        old,
        """SELECT count(*) FROM booking b JOIN booking_event e ON e.booking_id = b.id AND e.kind = 'cancelled'
           WHERE e.happened_at <= b.created_at OR e.happened_at >= b.starts_at""",
    )
    assert wrong == [(0,)]


def test_everything_has_happened_before_now(old: Shop) -> None:
    times = {
        "inquiry": ("created_at", "first_response_at", "closed_at", "last_message_at"),
        "message": ("happened_at", "stored_at"),
        "event": ("happened_at",),
        "outbox": ("sent_at", "copied_at"),
        "promise": ("done_at", "first_try_at"),
        "complaint": ("noted_at", "solved_at"),
        "praise": ("noted_at", "passed_on_at"),
        "booking_event": ("happened_at",),
        "wrap_up": ("changed_at",),
        "customer": ("created_at",),
    }
    latest = {
        (table, name): rows(old, f"SELECT max({name}) FROM {table}")[0][0]
        for table, names in times.items()
        for name in names
    }
    assert {what: when for what, when in latest.items() if when > old.now() + timedelta(seconds=30)} == {}


def test_only_a_handful_is_open_and_nobody_waits_for_long(old: Shop, first_new: int) -> None:
    waiting = rows(old, "SELECT waiting_since FROM inquiry WHERE state = 'open' AND id >= $first", first=first_new)
    assert 0 < len(waiting) <= 6
    assert all(old.now() - since < timedelta(days=3) for (since,) in waiting)
    assert rows(old, "SELECT count(*) FROM promise WHERE state = 'open' AND id >= $first", first=first_new) == [(0,)]


def test_whoever_answers_or_closes_does_it_while_the_shop_is_open(old: Shop, first_new: int) -> None:
    hours = shop_settings(old.store).hours
    said = rows(old, "SELECT happened_at FROM message WHERE role = 'answer' AND id >= $first", first=first_new)
    ended = rows(old, "SELECT happened_at FROM event WHERE staff_id IS NOT NULL AND id >= $first", first=first_new)
    minute = timedelta(minutes=1)
    closed = [at for (at,) in said + ended if not any(is_open(hours, holidays(), at - n * minute) for n in (0, 1))]
    assert len(said) > 2000
    assert closed == []


def test_the_same_seed_gives_the_same_shop_and_another_one_another(young: Shop, tmp_path: Path) -> None:
    def built(seed: int) -> Shop:
        shop = make_shop(tmp_path / str(seed))
        build_demo(shop, DemoHistory(SMALL.inquiries, SMALL.years, seed))
        return shop

    def told(shop: Shop) -> list[list[tuple[Any, ...]]]:
        tables = {
            "message": "id, inquiry_id, body, message_id, happened_at",
            "inquiry": "id, customer_id, first_response_at, closed_at",
            "customer": "id, name, folded, created_at",
            "booking": "id, starts_at, state, number, secret",
            "event": "id, kind, detail, happened_at",
            "promise": "id, due_at, first_try_at",
        }
        first = first_of_history(shop)
        found = [
            rows(shop, f"SELECT {columns} FROM {table} WHERE id >= $first ORDER BY id", first=first)
            for table, columns in tables.items()
        ]
        found.append(rows(shop, "SELECT inquiry_id, reason_id, avoidable, promise_kept FROM wrap_up ORDER BY ALL"))
        found.append(rows(shop, "SELECT inquiry_id, cost_cents, solved_at FROM complaint ORDER BY ALL"))
        return found

    first, same, other = young, built(SMALL.seed), built(SMALL.seed + 1)
    assert told(same) == told(first)
    assert told(other) != told(first)
    same.close()
    other.close()


def test_what_a_search_reads_is_the_folded_text(old: Shop, first_new: int) -> None:
    said = rows(
        old,
        """SELECT kind, role, subject, sender_name, sender_address, body, folded FROM message
           WHERE id >= $first AND kind <> 'form' ORDER BY id""",
        first=first_new,
    )
    for kind, role, subject, name, address, body, folded in said:
        is_letter = kind == "mail" and role == "customer"
        shown = f"{subject} {name} {address} {body}" if is_letter else body if kind == "mail" else f"{name} {body}"
        assert folded == fold(shown)


def test_numbers_and_addresses_are_kept_as_a_person_would_type_them(old: Shop) -> None:
    contacts = rows(old, "SELECT kind, address, shown FROM customer_contact")
    for kind, address, shown in contacts:
        if kind == "phone":
            assert (normalise_phone(shown, "AT"), show_phone(address, "AT")) == (address, shown)
        else:
            assert address == shown.lower()
            assert address.endswith((".example.org", "@example.org"))


def test_no_text_has_a_hole(old: Shop) -> None:
    said = "FROM message WHERE role <> 'attempt'"  # a call that reached nobody has no words
    assert rows(old, f"SELECT count(*) {said} AND (body IS NULL OR body LIKE '%{{%' OR trim(body) = '')") == [(0,)]
    assert rows(old, "SELECT count(DISTINCT left(body, 60)) > 700 FROM message") == [(True,)]


def answers_of(shop: Shop, first: date, last: date) -> list[int]:
    """Business minutes to the first answer of what came on these local days."""
    hours = shop_settings(shop.store).hours
    found = rows(
        shop,
        """SELECT first_contact_at, first_response_at FROM inquiry
           WHERE first_response_at IS NOT NULL AND first_contact_at >= $start AND first_contact_at < $end""",
        start=datetime(first.year, first.month, first.day, tzinfo=VIENNA),
        end=datetime(last.year, last.month, last.day, tzinfo=VIENNA) + timedelta(days=1),
    )
    return [business_minutes(hours, holidays(), heard, answered) for heard, answered in found]


def in_goal(minutes: list[int]) -> float:
    return sum(each <= 240 for each in minutes) / len(minutes)


def test_answers_were_good_went_badly_in_one_autumn_and_are_better_than_ever(old: Shop) -> None:
    usual = answers_of(old, date(2025, 1, 1), date(2025, 8, 31))
    bad = answers_of(old, date(2025, 11, 1), date(2025, 12, 31))
    now = answers_of(old, date(2026, 5, 1), date(2026, 11, 22))
    assert 120 <= median(usual) <= 170
    assert 0.78 <= in_goal(usual) <= 0.92
    assert median(bad) > 300
    assert in_goal(answers_of(old, date(2025, 9, 10), date(2025, 11, 30))) < 0.7
    assert median(now) < 110
    assert in_goal(now) > 0.92


def share(shop: Shop, what: str, first: date, last: date) -> float:
    """Of all inquiries of these days of which something was noted, the share for which `what` holds."""
    sql = f"""SELECT avg(CASE WHEN {what} THEN 1.0 ELSE 0.0 END) FROM wrap_up w JOIN reason r ON r.id = w.reason_id
              JOIN inquiry i ON i.id = w.inquiry_id
              WHERE i.created_at::DATE >= $first AND i.created_at::DATE <= $last"""
    return float(rows(shop, sql, first=first, last=last)[0][0])


def test_most_ask_for_their_car_and_less_of_it_is_avoidable_now(old: Shop) -> None:
    reasons = rows(
        old,
        "SELECT r.name, count(*) AS n FROM wrap_up w JOIN reason r ON r.id = w.reason_id GROUP BY 1 ORDER BY n DESC",
    )
    assert reasons[0][0] == "Wo ist mein Auto?"
    avoidable = "w.avoidable NOT IN ('', 'no')"
    assert 0.35 < share(old, avoidable, date(2024, 12, 1), date(2025, 12, 31)) < 0.5
    assert share(old, avoidable, date(2026, 5, 1), date(2026, 11, 22)) < 0.26
    kinds = {row[0] for row in rows(old, "SELECT DISTINCT avoidable FROM wrap_up")}
    assert kinds - {""} == set(Avoidable)


def test_complaints_and_broken_promises_belong_to_the_bad_autumn(old: Shop) -> None:
    complaint = "r.intent = 'complaint'"
    bad, now = (date(2025, 10, 1), date(2025, 12, 31)), (date(2026, 5, 1), date(2026, 11, 22))
    assert share(old, complaint, *bad) > 2 * share(old, complaint, *now)
    assert share(old, "w.promise_kept = false", *bad) > 2 * share(old, "w.promise_kept = false", *now)
    unnoted = rows(
        old,
        """SELECT count(*) FROM wrap_up w JOIN reason r ON r.id = w.reason_id AND r.intent = 'complaint'
           LEFT JOIN complaint c ON c.inquiry_id = w.inquiry_id WHERE c.inquiry_id IS NULL""",
    )
    assert unnoted == [(0,)]


def test_one_contact_in_five_comes_while_the_shop_is_closed(old: Shop) -> None:
    hours = shop_settings(old.store).hours
    heard = [at for (at,) in rows(old, "SELECT happened_at FROM message WHERE role = 'customer'")]
    outside = sum(not is_open(hours, holidays(), at) for at in heard) / len(heard)
    assert 0.15 < outside < 0.3
    by_hour = Counter(at.astimezone(VIENNA).hour for at in heard)
    assert by_hour.most_common(1)[0][0] in {8, 9, 10}


def test_tyres_make_autumn_busy_and_nobody_writes_at_christmas(old: Shop) -> None:
    months = dict(rows(old, "SELECT date_trunc('month', created_at)::DATE, count(*) FROM inquiry GROUP BY 1"))
    assert months[date(2025, 10, 1)] > 1.5 * months[date(2025, 8, 1)]
    assert months[date(2026, 1, 1)] < months[date(2026, 3, 1)]


def test_what_was_changed_is_noted(old: Shop) -> None:
    found = rows(old, "SELECT title, figure, begins_on FROM measure ORDER BY begins_on")
    assert [(title, figure) for title, figure, _ in found] == [
        ("Zwei feste Zeiten für Mails: 9 und 15 Uhr", "in_goal"),
        ("Erinnerung am Tag davor", "no_shows"),
    ]
    assert (found[0][2].month, found[0][2].weekday()) == (1, 0)


@pytest.mark.parametrize(
    ("first", "last", "worse", "mails"),
    [
        (date(2021, 11, 30), date(2026, 11, 29), date(2025, 9, 10), date(2026, 1, 12)),
        (date(2024, 7, 1), date(2027, 6, 30), date(2025, 9, 10), date(2026, 1, 12)),
        (date(2026, 5, 1), date(2027, 6, 30), date(2026, 9, 10), date(2027, 1, 11)),
        (date(2026, 5, 30), date(2026, 11, 29), date(2026, 5, 30), date(2026, 8, 3)),
    ],
)
def test_the_autumn_before_the_last_goes_badly_or_what_there_is(
    first: date, last: date, worse: date, mails: date
) -> None:
    story = tell_story(first, last)
    assert (story.worse, story.mails) == (worse, mails)
    assert story.trouble(mails - timedelta(days=1)) > 0.9
    assert story.trouble(last) < 0.1
    assert story.recovery(last) > 0.9


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 12, 26, 9, 0, tzinfo=VIENNA),  # Christmas on a weekend
        datetime(2027, 3, 28, 1, 30, tzinfo=VIENNA),  # the clocks change
        datetime(2027, 1, 6, 23, 0, tzinfo=VIENNA),  # after two weeks with hardly an open day
    ],
)
def test_whenever_it_starts_nobody_is_left_waiting(shop: Shop, clock: FrozenClock, start: datetime) -> None:
    clock.now = start
    build_demo(shop, SMALL)
    sql = f"SELECT id, {DERIVED} FROM inquiry ORDER BY id"
    before = rows(shop, sql)
    with shop.store.write() as tx:
        refresh_clocks(tx, [row[0] for row in before])
    assert rows(shop, sql) == before
    late = start - timedelta(days=3, hours=2)
    assert rows(shop, "SELECT count(*) FROM inquiry WHERE waiting_since < $late", late=late)[0][0] <= 1  # Maria Hofer
    assert rows(shop, "SELECT max(happened_at) <= $now FROM message", now=start + timedelta(seconds=30)) == [(True,)]


def test_a_demo_without_a_history_stays_as_small_as_it_is(small: Shop) -> None:
    assert history_of(small.store) is None
    assert rows(small, "SELECT count(*) FROM measure") == [(0,)]


@pytest.mark.parametrize("wish", [DemoHistory(49), DemoHistory(100, 0.05), DemoHistory(100, 60.0), DemoHistory(-1)])
def test_a_history_that_cannot_be_is_refused_before_anything_is_built(shop: Shop, wish: DemoHistory) -> None:
    with pytest.raises(InvalidInputError, match="50 Anfragen"):
        build_demo(shop, wish)
    assert rows(shop, "SELECT count(*) FROM staff") == [(0,)]


def test_a_demo_keeps_the_history_it_has_and_another_one_is_refused_with_the_way_out(young: Shop) -> None:
    before = rows(young, "SELECT count(*) FROM message")
    build_demo(young, USUAL)
    build_demo(young, DemoHistory(SMALL.inquiries, SMALL.years, SMALL.seed, asked=True))
    for wish in (DemoHistory(400, asked=True), DemoHistory(0, asked=True)):
        with pytest.raises(InvalidInputError, match="--data"):
            build_demo(young, wish)
    assert rows(young, "SELECT count(*) FROM message") == before


def test_a_history_that_was_stopped_is_finished_at_the_next_start(
    shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(services.demo_history, "write_history", stop)
        build_demo(shop, SMALL)
    small = rows(shop, "SELECT count(*) FROM inquiry")[0][0]
    clock.forward(days=2)
    build_demo(shop, USUAL)
    assert rows(shop, "SELECT count(*) FROM inquiry")[0][0] == small + SMALL.inquiries
    latest = rows(shop, "SELECT max(created_at) FROM inquiry WHERE id >= $first", first=first_of_history(shop))[0][0]
    assert latest < shop.now() - timedelta(days=2)
