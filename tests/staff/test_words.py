"""Times and waits in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from pages.catalogues import translator
from pages.parts.words import (
    Speech,
    ago,
    chat_words,
    coming_time,
    day_and_time,
    due_word,
    exact_time,
    greeting,
    long_day,
    wait_figure,
)

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)  # Monday, 10:42 in Vienna


def speech(now: datetime = NOW) -> Speech:
    return Speech(translator("de"), Locale("de", "AT"), ZoneInfo("Europe/Vienna"), now)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 Min"), (48, "48 Min"), (60, "1 Std"), (172, "2 Std 52 Min"), (1440, "1 Tag"), (4400, "3 Tage 1 Std")],
)
def test_a_wait_is_told_in_its_two_biggest_units(minutes: int, said: str) -> None:
    assert str(wait_figure(minutes, speech())) == said


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(minutes=5), "heute, 10:37"),
        (timedelta(days=1), "gestern, 10:42"),
        (timedelta(days=3), "Freitag, 10:42"),
        (timedelta(days=30), "24. Oktober, 11:42"),
        (timedelta(days=400), "19.10.2025, 11:42"),
        (timedelta(days=-1), "morgen, 10:42"),
    ],
)
def test_a_day_is_told_as_people_say_it(back: timedelta, said: str) -> None:
    assert day_and_time(NOW - back, speech()) == said


def test_ages_and_deadlines() -> None:
    assert ago(NOW - timedelta(seconds=40), speech()) == "vor 40 s"
    assert ago(NOW - timedelta(days=2), speech()) == "vor 2 Tagen"
    assert due_word(NOW + timedelta(minutes=78), speech()) == "in 1 Std 18\xa0Min"
    assert due_word(NOW - timedelta(minutes=20), speech()) == "seit 20 Min"


def test_january_is_austrian_in_austria() -> None:
    assert long_day(datetime(2027, 1, 5, 12, tzinfo=UTC), speech()) == "Dienstag, 5. Jänner"


def test_people_are_greeted_by_the_shops_clock() -> None:
    assert greeting(speech(), "Sandra Kofler") == "Guten Morgen, Sandra"
    assert greeting(speech(NOW + timedelta(hours=9)), "Sandra") == "Guten Abend, Sandra"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(hours=3), "heute, 13:42"),
        (timedelta(days=1), "morgen, 10:42"),
        (timedelta(days=6), "Sonntag, 10:42"),
        (timedelta(days=7), "Montag 30. November, 10:42"),
        (timedelta(days=-1), "gestern, 10:42"),
        (timedelta(days=-3), "Freitag 20. November, 10:42"),
        (timedelta(days=300), "Sonntag 19. September 2027, 11:42"),
    ],
)
def test_a_day_to_come_cannot_be_taken_for_another(ahead: timedelta, said: str) -> None:
    assert coming_time(NOW + ahead, speech()) == said


def test_a_planned_day_is_told_with_its_date_unless_it_is_near() -> None:
    assert exact_time(NOW + timedelta(days=3), speech()) == "Donnerstag 26. November, 10:42"
    assert exact_time(NOW + timedelta(days=1), speech()) == "morgen, 10:42"


def test_what_a_chat_leaves_out_is_told_in_the_readers_language() -> None:
    said = "Rechnung.pdf (Datei)\n(Bild)\n(Video)\n(Sprachnachricht)\nEin (Bild) sagt mehr"
    assert chat_words(said, translator("de")) == said
    assert chat_words(said, translator("en")) == (
        "Rechnung.pdf (File)\n(Picture)\n(Video)\n(Voice message)\nEin (Bild) sagt mehr"
    )
