"""Gives the demo garage a past of any size: the story, words and appointments are made here, the rest by SQL."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import data.demo
import data.demo_words
import data.settings
import data.templates
from data.booking_records import ResourceKind
from data.demo_history import Change, Colleague, Hour, OpenSpan, Past, write_history
from data.demo_ratings import rate_history
from data.demo_topics import TOPICS
from data.records import ShopSettings, Staff
from data.report_records import Figure
from data.store import Reader, Transaction
from services.demo_history_days import Story, list_days, spans_of, tell_story, topics_of
from services.demo_history_visits import Pair, plan_visits
from services.demo_history_words import make_names, make_words
from services.errors import InvalidInputError
from services.offerings import list_offerings, list_resources
from services.process import NO_HISTORY, DemoHistory
from services.reasons import list_reasons
from services.rules.folding import fold
from services.settings import holidays_between, shop_settings
from services.shop import Shop
from services.staff import list_staff
from services.templates import signature

log = logging.getLogger(__name__)

_MARK = "demo_history"
_DAY = timedelta(days=1)
_YEAR = 365.25
_BEFORE = 30 * _DAY  # opening hours known from before the history begins
_LEAST = 90 * 60  # seconds of opening time in which the last ones can still be answered
_CALM = 18 * 3600  # the same for whoever comes back
FEWEST, SHORTEST, LONGEST = 50, 0.1, 50


def check_history(wish: DemoHistory) -> None:
    """Raise InvalidInputError for a history that cannot be."""
    if wish.inquiries and not (wish.inquiries >= FEWEST and SHORTEST <= wish.years <= LONGEST):
        raise InvalidInputError(
            "Eine Vorgeschichte hat mindestens {fewest} Anfragen und geht über ein Zehntel bis {longest} Jahre.",
            fewest=FEWEST,
            longest=LONGEST,
        )


def begin_history(shop: Shop, wish: DemoHistory, start: datetime) -> None:
    """Note what the demo that begins at `start` is to get, so that a next start goes on where this one is stopped."""
    if wish.inquiries:
        with shop.store.write() as tx:
            _note(tx, wish, start, is_done=False)


def keep_history(shop: Shop, wish: DemoHistory) -> None:
    """Leave a demo that is built as it is, but finish a history that was stopped.

    Raises InvalidInputError when somebody asks for another one than it holds.
    """
    noted = history_of(shop.store)
    asked = replace(wish, asked=False) if wish.inquiries else NO_HISTORY
    if wish.asked and asked != (noted[0] if noted else NO_HISTORY):
        raise InvalidInputError(
            "In diesem Ordner liegt schon eine Werkstatt zum Ausprobieren mit einer anderen Vorgeschichte; eine neue"
            " braucht einen anderen Ordner: --data ORDNER"
        )
    finish_history(shop)


def finish_history(shop: Shop) -> None:
    """Build the history that was noted, unless that is done."""
    noted = history_of(shop.store)
    if noted is None or noted[2]:
        return
    wish, start, _ = noted
    log.info("making up the past of the demo: %s inquiries in %s years", wish.inquiries, wish.years)
    past = _make_past(shop.store, wish, start)
    with shop.store.write() as tx:
        write_history(tx, past)
        rate_history(tx)
        _note(tx, wish, start, is_done=True)
    log.info("the past of the demo is made up")


def _note(tx: Transaction, wish: DemoHistory, start: datetime, *, is_done: bool) -> None:
    kept = {"inquiries": wish.inquiries, "years": wish.years, "seed": wish.seed}
    text = json.dumps({**kept, "start": start.isoformat(), "is_done": is_done})
    data.settings.write_setting(tx, _MARK, text, start)


def history_of(db: Reader) -> tuple[DemoHistory, datetime, bool] | None:
    """The history of this demo, when it starts, and whether it is there; None for a demo without one."""
    text = data.settings.read_setting(db, _MARK)
    if not text:
        return None
    kept = json.loads(text)
    wish = DemoHistory(int(kept["inquiries"]), float(kept["years"]), int(kept["seed"]))
    return wish, datetime.fromisoformat(kept["start"]), bool(kept["is_done"])


def _make_past(db: Reader, wish: DemoHistory, start: datetime) -> Past:
    settings = shop_settings(db)
    zone = ZoneInfo(settings.hours.zone)
    today = start.astimezone(zone).date()
    first = today - timedelta(days=round(wish.years * _YEAR))
    spans = spans_of(settings.hours, holidays_between(settings, first - _BEFORE, today), first - _BEFORE, start)
    story = tell_story(first, _last_day(spans, today, zone))
    days = list_days(story, settings.hours, spans, wish.seed)
    slots, absences = plan_visits(
        story,
        [span for span in spans if span.begins >= days[0].midnight],
        _pairs(db),
        [one for one in list_offerings(db) if one.instant],
        zone,
        inquiries=wish.inquiries,
        until=_visits_end(spans, today, zone),
        seed=wish.seed,
    )
    people = list_staff(db)
    return Past(
        seed=wish.seed,
        inquiries=wish.inquiries,
        guests=max(20, wish.inquiries // 5),
        begins=days[0].midnight,
        calm=_calm(spans, start),
        now=start,
        address=data.demo.ADDRESS,
        shop_name=settings.name,
        label=data.demo_words.BLOCKED,
        owner_id=people[0].id,
        days=days,
        spans=spans,
        shares=list(topics_of(story, days)),
        reasons=_reasons(db),
        words=make_words(wish.seed),
        names=make_names(),
        hours=_HOURS,
        people=[_colleague(number, person, settings) for number, person in enumerate([None, *people])],
        templates=[template.id for template in data.templates.list_templates(db)],
        slots=slots,
        absences=absences,
        changes=_changes(story),
        causes=data.demo_words.CAUSES,
        solutions=data.demo_words.SOLUTIONS,
    )


def _last_day(spans: list[OpenSpan], today: date, zone: ZoneInfo) -> date:
    """Yesterday, or an earlier day after which the shop was open long enough to answer what had come."""
    day = today - _DAY
    total = _opened(spans, None)
    while total - _opened(spans, datetime.combine(day + _DAY, time(), zone)) < _LEAST:
        day -= _DAY
    return day


def _visits_end(spans: list[OpenSpan], today: date, zone: ZoneInfo) -> datetime:
    """The last open day before today, today and what is to come belong to the visits of the small demo."""
    latest = max(day for span in spans if (day := span.begins.astimezone(zone).date()) < today)
    return datetime.combine(latest, time(), zone)


def _opened(spans: list[OpenSpan], until: datetime | None) -> int:
    """Seconds of opening before a moment, or all of them."""
    return sum(
        int(((span.ends if until is None else min(span.ends, until)) - span.begins).total_seconds())
        for span in spans
        if until is None or span.begins < until
    )


def _calm(spans: list[OpenSpan], start: datetime) -> datetime:
    """Two days before the start, or earlier where the shop was mostly closed since."""
    total = _opened(spans, None)
    ends = [span.ends for span in spans if total - span.before >= _CALM + (span.ends - span.begins).total_seconds()]
    return min(ends[-1], start - 2 * _DAY)


def _pairs(db: Reader) -> list[Pair]:
    resources = list_resources(db)
    things = [one.id for one in resources if one.kind is ResourceKind.THING]
    persons = [one.id for one in resources if one.kind is ResourceKind.PERSON]
    return [Pair(person, thing) for person, thing in zip(persons, things, strict=False)]


def _reasons(db: Reader) -> dict[str, int]:
    """The shop's reason for each topic: the one of that name, else its last one."""
    reasons = {reason.name: reason.id for reason in list_reasons(db)}
    return {name: reasons.get(topic.reason, next(reversed(reasons.values()))) for name, topic in TOPICS.items()}


def _colleague(number: int, person: Staff | None, settings: ShopSettings) -> Colleague:
    block = signature(person, settings)
    sender = f"{person.name}, {settings.name}" if person else settings.name
    return Colleague(number, person.id if person else None, sender, block, fold(block))


def _changes(story: Story) -> list[Change]:
    return [
        Change(data.demo_words.MAIL_TIMES, Figure.IN_GOAL, story.mails),
        Change(data.demo_words.REMINDER, Figure.NO_SHOWS, story.reminder),
    ]


def _hours(kind: str, weights: tuple[int, ...]) -> list[Hour]:
    total, before = sum(weights), [sum(weights[:hour]) for hour in range(24)]
    return [Hour(kind, hour, before[hour] / total) for hour in range(24) if weights[hour]]


# How mails and voicemails spread over the hours of a day, on open days and on closed ones.
_HOURS = [
    *_hours("mail", (1, 0, 0, 0, 0, 0, 2, 7, 16, 17, 15, 12, 5, 10, 11, 10, 9, 7, 4, 5, 5, 4, 2, 1)),
    *_hours("closed", (1, 0, 0, 0, 0, 0, 1, 3, 7, 10, 11, 9, 6, 5, 5, 6, 7, 8, 8, 8, 7, 5, 3, 1)),
    *_hours("voicemail", (0, 0, 0, 0, 0, 0, 2, 9, 1, 1, 1, 1, 10, 1, 1, 1, 1, 1, 9, 7, 3, 1, 0, 0)),
]
