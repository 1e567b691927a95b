"""The day board as data: what stands where, what is free, and what a row of the week tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from data.booking_records import Block, Booking, BookingState, Reminder, Resource, ResourceKind
from pages.parts.board_data import (
    board_data,
    counted,
    first_place,
    free_at,
    local_minute,
    meet,
    moment_at,
    picks,
    week_item,
    without,
)
from pages.parts.words import Speech
from services.booking_days import BoardDay

ZONE = ZoneInfo("Europe/Vienna")
MONDAY = date(2026, 11, 23)
WEEK: tuple[tuple[tuple[int, int], ...], ...] = ()
AMIR = Resource(1, ResourceKind.PERSON, "Amir", WEEK, 1, True)
LUKAS = Resource(2, ResourceKind.PERSON, "Lukas", WEEK, 3, True)
LIFT = Resource(3, ResourceKind.THING, "Bühne 1", WEEK, 2, True)
OPEN = ((8, 0, 12, 0), (13, 0, 17, 0))


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def speech(now: datetime | None = None) -> Speech:
    return Speech(lambda text: text, Locale("de", "AT"), ZONE, now or at(6))


def booking(ident: int, start: datetime, minutes: int = 60, **changes: Any) -> Booking:
    usual = Booking(
        ident, "K-7F3A", "s", "u", 0, 11, "Reifenwechsel", 5, "Georg Haas", "", "", 70 + ident, BookingState.CONFIRMED,
        start, start + timedelta(minutes=minutes), 0, 0, None, "VW Passat", "", "de", None, start, start, None,
        Reminder.NONE, "", (AMIR.id, LIFT.id),
    )  # fmt: skip
    return replace(usual, **changes)


def board(*bookings: Booking, day: date = MONDAY, **changes: Any) -> BoardDay:
    opened = [(at(a, b, day), at(c, d, day)) for a, b, c, d in OPEN]
    whole = BoardDay(day, [AMIR, LIFT, LUKAS], list(bookings), [], [], opened, [], {})
    return replace(whole, **changes)


def items(data: dict[str, Any], name: str, kind: str) -> list[dict[str, Any]]:
    (column,) = [column for column in data["columns"] if column["name"] == name]
    return [item for item in column["items"] if item["kind"] == kind]


def spans(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(f"{one['from'] // 60}:{one['from'] % 60:02}", f"{one['to'] // 60}:{one['to'] % 60:02}") for one in found]


def test_people_stand_before_things_and_the_day_spans_the_hours() -> None:
    data = board_data(board(), speech(), "kfz")
    assert [column["name"] for column in data["columns"]] == ["Amir", "Lukas", "Bühne 1"]
    assert [column["icon"] for column in data["columns"]] == ["person", "person", "car_repair"]
    assert (data["start"], data["end"], data["now"]) == (8 * 60, 17 * 60, 6 * 60)
    assert board_data(board(day=date(2026, 11, 24)), speech())["now"] is None


def test_what_lies_outside_the_hours_makes_the_day_longer() -> None:
    data = board_data(board(booking(1, at(6, 45)), booking(2, at(17, 10), 30)), speech())
    assert (data["start"], data["end"]) == (6 * 60 + 30, 18 * 60)
    assert [band["word"] for band in items(data, "Amir", "band")] == ["Geschlossen", "Mittag", "Geschlossen"]


def test_a_booking_stands_in_each_of_its_columns_but_in_full_only_once() -> None:
    data = board_data(board(booking(1, at(9, 30))), speech())
    (full,), (short,) = items(data, "Amir", "booking"), items(data, "Bühne 1", "booking")
    assert (full["who"], full["lines"], full["quiet"]) == ("Georg Haas", ["Reifenwechsel", "VW Passat"], False)
    assert (short["who"], short["lines"], short["quiet"]) == ("Haas", ["VW Passat"], True)
    assert full["label"] == "09:30 – 10:30, Georg Haas, Reifenwechsel"
    assert items(data, "Lukas", "booking") == []


@pytest.mark.parametrize(("answer", "line"), [("Welches Auto? VW Passat", "VW Passat"), ("Welches?", "Welches?")])
def test_of_a_question_only_the_answer_is_shown(answer: str, line: str) -> None:
    (shown,) = items(board_data(board(booking(1, at(9), answer=answer)), speech()), "Bühne 1", "booking")
    assert shown["lines"] == [line]


def test_where_only_a_thing_is_needed_it_tells_all() -> None:
    (shown,) = items(board_data(board(booking(1, at(9), resources=(LIFT.id,))), speech()), "Bühne 1", "booking")
    assert (shown["who"], shown["quiet"]) == ("Georg Haas", False)


@pytest.mark.parametrize(
    ("name", "short"),
    [("Autohaus Lechner GmbH", "Autohaus Lechner GmbH"), ("Hr. Novak", "Novak"), ("", "Ohne Namen")],
)
def test_a_narrow_column_calls_people_by_their_surname(name: str, short: str) -> None:
    (shown,) = items(board_data(board(booking(1, at(9), customer_name=name)), speech()), "Bühne 1", "booking")
    assert shown["who"] == short


def test_free_is_what_neither_bookings_with_their_buffers_nor_blocks_nor_the_past_hold() -> None:
    held = booking(1, at(9), buffer_before=10, buffer_after=15)
    away = Block(4, AMIR.id, at(15), at(16), "Zahnarzt")
    data = board_data(board(held, blocks=[away]), speech(at(8, 5)))
    assert spans(items(data, "Amir", "gap")) == [("10:15", "12:00"), ("13:00", "15:00"), ("16:00", "17:00")]
    assert spans(items(data, "Lukas", "gap")) == [("8:15", "12:00"), ("13:00", "17:00")]
    assert spans(items(data, "Amir", "pad")) == [("8:50", "9:00"), ("10:00", "10:15")]
    assert free_at(data, 8 * 60 + 20) == [("Amir", 530), ("Lukas", 720), ("Bühne 1", 530)]


def test_less_than_three_quarters_of_an_hour_is_no_offer() -> None:
    data = board_data(board(booking(1, at(8, 40)), booking(2, at(10, 25))), speech())
    assert spans(items(data, "Amir", "gap")) == [("9:40", "10:25"), ("13:00", "17:00")]


def test_nothing_is_offered_on_a_day_that_is_over() -> None:
    data = board_data(board(), speech(at(7, day=date(2026, 11, 24))))
    assert not [item for column in data["columns"] for item in column["items"] if item["kind"] == "gap"]


def test_a_tap_picks_full_and_half_hours_that_leave_room() -> None:
    assert picks((8 * 60 + 15, 10 * 60)) == [495, 510, 540, 570]
    assert picks((600, 645)) == [600]


def test_own_hours_are_shown_as_away_and_never_offered() -> None:
    half = replace(LUKAS, week=(((8 * 60, 12 * 60),),) * 7)
    data = board_data(board(resources=[AMIR, half]), speech())
    assert [(band["word"], band["from"]) for band in items(data, "Lukas", "band")] == [
        ("Mittag", 720),
        ("Nicht da", 780),
    ]
    assert spans(items(data, "Lukas", "gap")) == [("8:00", "12:00")]


def test_a_block_over_days_ends_at_the_edges_of_the_board() -> None:
    away = Block(4, None, at(0, day=date(2026, 11, 20)), at(0, day=date(2026, 11, 28)), "")
    (block,) = items(board_data(board(blocks=[away]), speech()), "Bühne 1", "block")
    assert (block["id"], block["from"], block["to"], block["word"]) == (4, 480, 1020, "Gesperrt")


def test_a_closed_day_is_one_band_and_still_shows_who_there_is() -> None:
    data = board_data(board(open=[]), speech())
    assert spans(items(data, "Amir", "band")) == [("8:00", "17:00")]
    assert first_place(board(open=[]), speech()) == 8 * 60


@pytest.mark.parametrize(("minutes", "quarter"), [(60, 16), (45, 16), (30, 22), (15, 44), (10, 44)])
def test_a_short_booking_stretches_the_day_until_a_finger_hits_it(minutes: int, quarter: int) -> None:
    assert board_data(board(booking(1, at(9), minutes)), speech())["quarter"] == quarter


@pytest.mark.parametrize(
    ("state", "style", "word"),
    [
        (BookingState.REQUESTED, "ask", "Bestätigen"),
        (BookingState.ARRIVED, "now", "Läuft"),
        (BookingState.DONE, "done", "Fertig"),
        (BookingState.NO_SHOW, "noshow", "Kam nicht"),
    ],
)
def test_how_a_booking_stands_is_told_in_words_too(state: BookingState, style: str, word: str) -> None:
    (shown,) = items(board_data(board(booking(1, at(9), state=state)), speech()), "Amir", "booking")
    assert (shown["style"], shown["word"]) == (style, word)
    assert shown["label"].endswith(word)


def test_what_needs_a_look_is_told_on_the_booking() -> None:
    one, two = booking(1, at(9), calendar_answer="declined"), booking(2, at(11))
    shown = items(board_data(board(one, two, problems={72: "bounced"}), speech()), "Amir", "booking")
    assert [each["alert"] for each in shown] == ["Im Kalender abgesagt", "Mail kam zurück"]


def test_what_reaches_over_midnight_ends_at_the_edge() -> None:
    late = booking(1, at(23), 120)
    (shown,) = items(board_data(board(late), speech()), "Amir", "booking")
    assert (shown["from"], shown["to"]) == (23 * 60, 24 * 60)


def test_minutes_are_those_of_the_clock_also_when_it_changes() -> None:
    spring = date(2027, 3, 28)
    nine = moment_at(spring, 9 * 60, speech())
    assert nine.astimezone(UTC) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert local_minute(nine, spring, speech()) == 9 * 60


def test_spans_are_cut() -> None:
    assert without([(0, 10), (20, 30)], [(5, 22), (29, 40)]) == [(0, 5), (22, 29)]
    assert without([(0, 10)], [(0, 0), (10, 12)]) == [(0, 10)]
    assert meet([(0, 10), (20, 30)], [(5, 25)]) == [(5, 10), (20, 25)]


def test_the_head_counts_bookings_and_what_is_to_be_confirmed() -> None:
    asked = booking(2, at(10), state=BookingState.REQUESTED)
    assert counted(board(), speech()) == "Keine Termine"
    assert counted(board(open=[]), speech()) == "Geschlossen"
    assert counted(board(booking(1, at(9))), speech()) == "Ein Termin"
    assert counted(board(booking(1, at(9)), asked), speech()) == "2 Termine, einer ist noch zu bestätigen"


def test_a_row_of_the_week_tells_how_many_come_and_when_there_is_room() -> None:
    item = week_item(board(booking(1, at(8), 120)), speech())
    assert (item["title"], item["lead"], item["text"]) == ("Montag, 23. November", "1", "Ein Termin")
    assert [fact["text"] for fact in item["meta"]] == ["ab 08:00", "Frei ab 08:00"]
    assert date.fromordinal(item["id"]) == MONDAY
    full = [booking(n, at(8), 600, resources=(n,)) for n in (1, 2, 3)]
    assert week_item(board(*full), speech())["meta"][-1]["text"] == "Nichts mehr frei"
    assert week_item(board(open=[]), speech())["meta"] == []
