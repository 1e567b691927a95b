"""C3: dates that cannot be right, and the many that only look so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.dates_in_text import HALF_YEAR, WEEKDAYS, dates_in
from services.rules.hints import Hint
from services.rules.text_check import blocking_hints, check_reply

TODAY = date(2026, 11, 22)  # a Sunday
HOLIDAYS = {date(2026, 12, 8), date(2026, 12, 25), date(2027, 1, 1)}
MONTHS = "Jänner Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def is_closed(day: date) -> bool:
    return day.weekday() >= 5 or day in HOLIDAYS or date(2026, 12, 24) <= day <= date(2027, 1, 6)


def hints(sentence: str, today: date | None = TODAY) -> list[Hint]:
    found = check_reply(f"Guten Tag Frau Huber,\n\n{sentence}", today=today, is_closed=is_closed)
    return [hint for hint in found if hint.rule == "C3"]


def written(day: date, weekday: str, form: int) -> str:
    """`day` beside a weekday, in one of the ways people write both; the last two without a year."""
    numbers, month = f"{day.day}.{day.month}.", MONTHS[day.month - 1]
    return [
        f"{weekday}, {day:%d.%m.%Y}",
        f"{weekday}, den {day.day}. {month} {day.year}",
        f"{weekday} ({numbers}{day.year})",
        f"{weekday}vormittag, {day:%d.%m.%y}",
        f"{weekday[:2]}, {day:%d.%m.%Y}",
        f"{weekday}, {numbers}",
        f"{weekday}, dem {day.day}. {month}",
    ][form]


FORMS = st.integers(0, 6)
# Two digits of a year are this century's, and a 29 February without a year is the next one.
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
AHEAD = st.integers(0, HALF_YEAR)


@settings(max_examples=400, deadline=None)
@given(today=DAYS, ahead=AHEAD, form=FORMS)
def test_a_weekday_that_fits_its_date_gets_no_remark(today: date, ahead: int, form: int) -> None:
    day = today + timedelta(ahead)
    assert hints(f"Wir sehen uns am {written(day, WEEKDAYS[day.weekday()], form)}.", today) == []


@settings(max_examples=400, deadline=None)
@given(today=DAYS, ahead=AHEAD, off=st.integers(1, 6), form=FORMS)
def test_a_weekday_that_does_not_fit_is_found_in_every_form(today: date, ahead: int, off: int, form: int) -> None:
    day = today + timedelta(ahead)
    wrong = WEEKDAYS[(day.weekday() + off) % 7]
    (hint,) = hints(f"Wir sehen uns am {written(day, wrong, form)}.", today)
    assert hint.plain == WEEKDAYS[day.weekday()]
    assert hint.place.startswith(wrong[:2])
    assert hint.blocks == (form < 4)


@settings(max_examples=200, deadline=None)
@given(day=DAYS, off=st.integers(1, 6), form=st.integers(0, 3))
def test_a_written_year_needs_no_today(day: date, off: int, form: int) -> None:
    right, wrong = WEEKDAYS[day.weekday()], WEEKDAYS[(day.weekday() + off) % 7]
    assert blocking_hints(f"Am {written(day, right, form)}.") == []
    assert [hint.plain for hint in blocking_hints(f"Am {written(day, wrong, form)}.")] == [right]


@settings(max_examples=300, deadline=None)
@given(today=DAYS, back=st.integers(1, 365 - HALF_YEAR - 1), form=FORMS)
def test_a_day_told_of_is_no_appointment(today: date, back: int, form: int) -> None:
    day = today - timedelta(back)
    assert hints(f"Ihre Mail vom {written(day, WEEKDAYS[day.weekday()], form)} ist da.", today) == []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("0123456789., –-/:DienstagFr€ \nMai")), max_size=60))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    for found in dates_in(text):
        assert text[found.start : found.end].strip() == found.place
        found.meant(TODAY)
    assert all(hint.place in " ".join(text.split()) for hint in hints(text))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("am Dienstag, den 24. November", [date(2026, 11, 24)]),
        ("Di, 24.11. oder Mi. 25.11.", [date(2026, 11, 24), date(2026, 11, 25)]),
        ("24.11.2026, 24. 11. 2026, 24.11.26", [date(2026, 11, 24)] * 3),
        ("24. Nov. um 10 Uhr", [date(2026, 11, 24)]),
        ("am 5. Jänner, am 5. Feber, am 5. März", [date(2027, 1, 5), date(2027, 2, 5), date(2027, 3, 5)]),
        ("Mittwoch, 14.10.", [date(2026, 10, 14)]),
        ("Donnerstag, 14.10.", [date(2027, 10, 14)]),
        ("14.10.", [date(2027, 10, 14)]),
        ("29.2.", [date(2028, 2, 29)]),
        ("31.11.2026", [None]),
        ("heute, 22.11.", [TODAY]),
        ("€ 24.10. und CHF 12.12. und Fr. 24.10.", []),
        ("um 14.10. oder 9.30 Uhr, Version 3.4.1, 0316.12.11.55, 24.11", []),
    ],
)
def test_dates_are_read_as_people_mean_them(text: str, days: list[date | None]) -> None:
    assert [found.meant(TODAY) for found in dates_in(text)] == days


def test_both_words_for_saturday_are_known() -> None:
    assert [found.weekday for found in dates_in("Sonnabend, 28.11. oder SAMSTAG, 28.11.")] == [5, 5]


@pytest.mark.parametrize("text", ["Mo–Fr 24.11.", "Montag und Mittwoch, 24.11.2026", "Montag/Mittwoch, 24.11."])
def test_a_date_beside_several_weekdays_is_held_against_none(text: str) -> None:
    (found,) = dates_in(text)
    assert found.weekday is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Ihr Termin ist am Mittwoch, 18.11.2026, um 10 Uhr.",
        "Ihr Termin: Dienstag, 17. November, 10 Uhr",
        "Holen Sie das Auto bis Freitag, 20.11.2026, 18 Uhr ab.",
    ],
)
def test_an_appointment_on_a_day_that_is_over_is_asked_about(sentence: str) -> None:
    assert [(hint.sentence[:26], hint.blocks) for hint in hints(sentence)] == [("«{place}» ist schon vorbei", False)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Kommen Sie am Samstag, 28.11., um 10 Uhr.",
        "1. Sonntag, 29. November, 10:00 Uhr",
        "2. Dienstag, 8. Dezember, 14:30",
        "Ihr Auto kann ab Samstag, 28.11. abgeholt werden.",
        "Bitte bringen Sie das Auto am 28.12.2026 um 8 Uhr vorbei.",
    ],
)
def test_a_visit_on_a_closed_day_is_asked_about(sentence: str) -> None:
    assert [(hint.sentence[:36], hint.blocks) for hint in hints(sentence)] == [
        ("«{place}»: An diesem Tag ist geschlo", False)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ihre Nachricht vom Sonntag, 22.11., habe ich gelesen.",
        "Ihre Mail vom Samstag, 21. November, ist angekommen.",
        "Ihr Auto wurde am 12.11.2026 um 10 Uhr abgeholt.",
        "Sie waren zuletzt am Montag, 9.3.2026, bei uns.",
        "Zum Termin am 12.11.2026 liegt Ihnen die Rechnung bei.",
        "Ihr Termin am 12.11.2026 hat 45 Minuten gedauert.",
        "Nach dem Termin am 18.11.2026 ist uns das Geräusch aufgefallen.",
        "Den Termin haben wir vom 18.11.2026 auf Dienstag, 24.11.2026, 10 Uhr verschoben.",
        "Das Fahrzeug hat die Erstzulassung 12.03.2015.",
        "Ihre Bestellung vom Sonntag, 15.11.2026, ist fertig zur Abholung.",
        "Am Dienstag, 8. Dezember, haben wir geschlossen.",
        "Wir sind ab 24.12. im Betriebsurlaub, ab Donnerstag, 7. Jänner, um 8 Uhr wieder da.",
        "Vom 24.12. bis 6.1. haben wir zu.",
        "Das Angebot gilt bis Donnerstag, 31.12.2026.",
        "Geben Sie mir bis Sonntag, 29. November, 18 Uhr, kurz Bescheid.",
        "Wir haben ausnahmsweise am Samstag, 28.11., von 9 bis 12 Uhr für Sie offen.",
        "Leider geht es am Samstag, 28.11., nicht, aber am Montag, 30.11., um 9 Uhr.",
        "Passt Ihnen Montag oder Dienstag, 24.11., um 10 Uhr?",
        "Montag, 23.11. bis Freitag, 27.11. sind wir von 8 bis 18 Uhr da.",
        "Ihr Gutschein gilt am Sonntag, 29.11. im ganzen Haus.",
        "Der Leihwagen steht von Freitag, 27.11., 16 Uhr, bis Montag, 30.11., 9 Uhr für Sie bereit.",
        "Das kostet Fr. 24.10.",
        "Ich rufe Sie am 25.11. um 14.10. Uhr an.",
        "Heute, Sonntag, 22.11.2026, ist Ihr Auto fertig.",
    ],
)
def test_a_date_with_an_innocent_reading_gets_no_remark(sentence: str) -> None:
    assert hints(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie schrieben «Montag, 24.11.2026». Passt Dienstag?",
        "Meinten Sie Montag, 24.11.2026, oder Dienstag?",
        "Mo, 24.11.2026, um 10 Uhr",
        "So, 24.11. passt gut.",
    ],
)
def test_a_doubtful_weekday_is_a_hint_and_does_not_block(sentence: str) -> None:
    assert [hint.blocks for hint in hints(sentence)] == [False]


def test_a_text_of_any_size_is_looked_at_in_a_moment() -> None:
    assert len(hints("Montag, 24.11.2026, 10 Uhr " * 4_000)) == 4_000
