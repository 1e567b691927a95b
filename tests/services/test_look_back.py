"""The weekly look-back: which week, three numbers, one lesson, and what a measure has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from babel import Locale

from data.records import Actor, StaffRole
from data.report_records import Figure, Share
from pages.catalogues import translator
from services.errors import NotAllowedError
from services.look_back import Trial, last_week, look_back, show_trial, this_monday
from services.look_back_words import calls_word, figure_word, look_back_text, trial_word, worth_word
from services.measures import add_measure, end_measure, list_measures
from services.notices import send_look_back
from services.replies import send_reply
from services.rules.standings import Days, Minutes
from services.sending import send_due
from services.settings import put_settings
from services.shop import Shop
from services.templates import seed_templates
from tests.builders import FakeMailer, FrozenClock, connect, hire, letter, receive

GERMAN = Locale("de", "AT")
MONDAY_BEFORE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def sandra(shop: Shop, clock: FrozenClock) -> Actor:
    clock.now = MONDAY_BEFORE - timedelta(days=40)
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def _ask_and_answer(shop: Shop, actor: Actor, clock: FrozenClock, at: datetime, minutes: int, number: int) -> None:
    clock.now = at
    receive(shop, letter(sender=f"Kundin {number} <k{number}@example.org>", message_id=f"<k{number}@example.org>"))
    row = shop.store.read("SELECT id, version FROM inquiry ORDER BY id DESC LIMIT 1")[0]
    clock.forward(minutes=minutes)
    send_reply(shop, actor, row[0], body="Ja.", seen_version=row[1], form_key=str(number))
    clock.forward(seconds=30)
    send_due(shop)


@pytest.fixture
def two_weeks(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    """In the week before five answers, one in goal; last week six, all in goal. Now it is Wednesday after."""
    with shop.store.write() as tx:
        put_settings(tx, {"answer_goal_minutes": 60}, clock.now)
    for number in range(5):
        at = MONDAY_BEFORE - timedelta(days=7 - number)
        _ask_and_answer(shop, sandra, clock, at, 30 if number == 0 else 90, number)
    for number in range(5, 11):
        at = MONDAY_BEFORE + timedelta(days=min(number - 5, 4), minutes=5 * number)
        _ask_and_answer(shop, sandra, clock, at, 20, number)
    clock.now = MONDAY_BEFORE + timedelta(days=9)


def test_last_week_is_the_last_whole_one_from_monday_to_sunday() -> None:
    for day in range(23, 30):
        week = last_week(date(2026, 11, day))
        assert (week.first, week.last, week.days) == (date(2026, 11, 16), date(2026, 11, 22), 7)
    assert this_monday(date(2026, 11, 29)) == date(2026, 11, 23)


@pytest.mark.usefixtures("two_weeks")
def test_the_week_is_told_in_three_numbers_against_the_week_before(shop: Shop, sandra: Actor) -> None:
    back = look_back(shop, sandra)
    goal, first, callbacks = back.numbers
    assert (back.week.first, back.before.last) == (date(2026, 11, 16), date(2026, 11, 15))
    assert (goal.now, goal.before) == (Share(6, 6), Share(1, 5))
    assert isinstance(first.now, Minutes)
    assert (first.now.count, callbacks.now) == (20, None)
    assert "Besser geworden: 100 %" in back.lesson.sentence.format(**back.lesson.values)


def test_a_week_without_anything_has_its_lesson_and_asks_its_question(shop: Shop, sandra: Actor) -> None:
    back = look_back(shop, sandra)
    text = look_back_text(back, translator("de"), GERMAN)
    assert [number.now for number in back.numbers] == [None, None, None]
    assert "Rückrufe gehalten: – (davor nichts)" in text
    assert "In dieser Woche kam keine Anfrage." in text
    assert text.endswith("Was ändern Sie diese Woche? Eintragen können Sie es in Theke unter «Rückblick».")


@pytest.mark.usefixtures("two_weeks")
def test_minutes_that_templates_saved_are_told_as_calls(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        seed_templates(tx, shop.now(), "AT", "kfz")
        tx.run("UPDATE outbox SET template_id = (SELECT min(id) FROM template)")
        put_settings(tx, {"template_minutes": 5}, shop.now())
    back = look_back(shop, sandra)
    assert back.saved_minutes == 6 * 5
    told = "\nVorlagen sparten etwa 30 Min: ≈ 3 Nachfass-Anrufe möglich\n\n"
    assert told in look_back_text(back, translator("de"), GERMAN)
    assert [calls_word(minutes, str) for minutes in (9, 10, 20)] == [
        "",
        "≈ 1 Nachfass-Anruf möglich",
        "≈ 2 Nachfass-Anrufe möglich",
    ]


def test_only_owners_look_back(shop: Shop, sandra: Actor) -> None:
    amir = hire(shop, "Amir Haddad")
    made = _measure(shop, sandra, date(2026, 10, 1), Figure.IN_GOAL)
    with pytest.raises(NotAllowedError):
        look_back(shop, amir)
    with pytest.raises(NotAllowedError):
        show_trial(shop, amir, made.measure)


def _measure(shop: Shop, actor: Actor, begin: date, figure: str) -> Trial:
    made = add_measure(
        shop, actor, title="Wir antworten gleich", figure=figure, staff_id=None, begins_on=begin, due_on=None
    )
    measure = next(each for each in list_measures(shop.store, date.min, date.max) if each.id == made)
    return show_trial(shop, actor, measure)


@pytest.mark.usefixtures("two_weeks")
def test_a_measure_is_told_by_the_four_weeks_before_it_and_the_last_ones(shop: Shop, sandra: Actor) -> None:
    trial = _measure(shop, sandra, date(2026, 11, 16), Figure.IN_GOAL)
    assert (trial.before, trial.since) == (Share(1, 5), Share(6, 6))
    told = "Im Ziel beantwortet: vier Wochen davor 20 %, zuletzt 100 %"
    assert trial_word(trial, translator("de"), GERMAN) == told
    assert told in look_back_text(look_back(shop, sandra), translator("de"), GERMAN)


@pytest.mark.usefixtures("two_weeks")
def test_a_measure_that_ended_counts_to_its_last_day(shop: Shop, sandra: Actor) -> None:
    trial = _measure(shop, sandra, date(2026, 11, 9), Figure.IN_GOAL)
    assert trial.since == Share(7, 11)
    end_measure(shop, sandra, trial.measure.id, date(2026, 11, 15))
    (ended,) = list_measures(shop.store, date(2026, 11, 1), date(2026, 11, 30))
    assert show_trial(shop, sandra, ended).since == Share(1, 5)
    assert look_back(shop, sandra).trial is None


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize(("begin", "figure"), [(date(2026, 12, 1), "in_goal"), (date(2026, 11, 16), "")])
def test_a_measure_without_a_figure_or_yet_to_begin_promises_nothing(
    shop: Shop, sandra: Actor, begin: date, figure: str
) -> None:
    trial = _measure(shop, sandra, begin, figure)
    assert (trial.before, trial.since) == (None, None)
    nothing = "Im Ziel beantwortet: noch nichts zu zählen" if figure else ""
    assert trial_word(trial, translator("de"), GERMAN) == nothing


@pytest.mark.usefixtures("two_weeks")
def test_the_look_back_comes_by_mail_in_the_same_words(shop: Shop, sandra: Actor) -> None:
    with shop.store.write() as tx:
        put_settings(tx, {"owner_mail": "sandra@example.net", "look_back": True}, shop.now())
    assert send_look_back(shop)
    assert not send_look_back(shop)
    assert isinstance(shop.mailer, FakeMailer)
    mail = shop.mailer.sent[-1]
    assert (mail.subject, mail.recipient) == ("Rückblick auf KW 47", "sandra@example.net")
    assert look_back_text(look_back(shop, sandra), translator("de"), GERMAN) in mail.text


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_figure_has_a_word_and_every_worth(language: str) -> None:
    say = translator(language)
    assert len({figure_word(figure, say) for figure in Figure}) == len(Figure)
    told = [worth_word(worth, say, GERMAN) for worth in (Share(3, 4), Share(9, 10), Minutes(200), Days(4.5), None)]
    von, std, days = ("von", "Std", "Tage") if language == "de" else ("of", "h", "days")
    assert told == [f"3 {von} 4", "90 %", f"3 {std} 20", f"4,5 {days}", "–"]
