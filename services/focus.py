"""Focus hours: times in which new things are not signalled, urgent ones excepted, and what came in them afterwards.

Nothing is held back: the list has everything at once for whoever opens it. Switched off until an owner wants them, for
studies disagree whether they help (Kushlev & Dunn 2015 found less stress, others nothing).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import data.focus
import data.settings
from data.records import Actor
from data.store import Reader, Transaction
from services.errors import InvalidInputError
from services.inquiries import InquiryLine, lines_of
from services.rules.focus_times import NEVER, Plan, Week, finished, focus_spans, just_ended, running
from services.rules.opening_hours import Span, business_minutes, is_open
from services.rules.urgency_of_new import Arrival, interrupts
from services.rules.waiting import Urgency
from services.settings import holidays_at, is_day, shop_settings
from services.shop import Shop
from services.staff import require_owner

LOOK_BACK = timedelta(days=4)  # over a weekend with a holiday; what is older is old news
GRACE = timedelta(hours=1)  # so long after a focus time that ended with the day a mail may still leave
_NAME = "focus"


@dataclass(frozen=True)
class FocusHours:
    """Focus hours as the owner sets them: a week in minutes after local midnight, and whether they hold."""

    on: bool
    week: Week


@dataclass(frozen=True)
class FocusDigest:
    """All that came in focus times that are over and that this person has not seen."""

    spans: list[Span]
    lines: list[InquiryLine]  # in the order in which they came
    urgent: frozenset[int]  # the inquiries among them that are urgent

    @property
    def until(self) -> datetime:
        """The end of the last of these times: «Gesehen» holds until then."""
        return self.spans[-1][1]


@dataclass(frozen=True)
class _Kept:
    hours: FocusHours
    plans: tuple[Plan, ...]
    ended: tuple[datetime, ...]


def read_focus_hours(db: Reader) -> FocusHours:
    """The focus hours as they are set; off and empty at first."""
    return _read(db).hours


def save_focus_hours(shop: Shop, actor: Actor, *, on: bool, week: Week) -> None:
    """Set the focus hours of the week; times that are past stay what they were, and one that was ended stays ended.

    Raises NotAllowedError for anybody but an owner, InvalidInputError for times that cannot be, or none at all.
    """
    require_owner(actor)
    if len(week) != 7 or not all(map(is_day, week)):
        raise InvalidInputError("Diese Fokuszeiten überschneiden sich oder enden vor ihrem Anfang.")
    if on and not any(week):
        raise InvalidInputError("Bitte tragen Sie mindestens eine Fokuszeit ein.")
    now = shop.now()
    with shop.store.write() as tx:
        kept = _read(tx)
        plans = (*kept.plans, Plan(now, week if on else NEVER))
        ended = (*kept.ended, now) if _is_ended(tx, kept, now) else kept.ended
        _write(tx, _Kept(FocusHours(on, week), plans, ended), now)


def _is_ended(db: Reader, kept: _Kept, now: datetime) -> bool:
    """Whether somebody ended the focus time that would run now."""
    if not kept.plans:
        return False
    zone, soon = shop_settings(db).hours.zone, now + timedelta(minutes=1)
    planned, left = (focus_spans(kept.plans, ended, zone, now, soon) for ended in ((), kept.ended))
    return running(planned, now) is not None and running(left, now) is None


def focus_until(shop: Shop) -> datetime | None:
    """When the focus time ends that runs now; None while none does."""
    span = _running(shop)
    return span[1] if span else None


def end_focus(shop: Shop, actor: Actor) -> None:
    """End the focus time that runs now, for everybody, today; the next one comes as planned. Harmless without one."""
    now = shop.now()
    if _running(shop) is None:
        return
    with shop.store.write() as tx:
        kept = _read(tx)
        _write(tx, _Kept(kept.hours, kept.plans, (*kept.ended, now)), now)


def pressing_among(shop: Shop, inquiry_ids: list[int]) -> set[int]:
    """Which of these new inquiries are signalled in spite of a focus time; ids of other things are not."""
    span = _running(shop)
    since = span[0] if span else shop.now() - LOOK_BACK
    return _pressing(shop, lines_of(shop, inquiry_ids), since)


def focus_digest(shop: Shop, actor: Actor) -> FocusDigest | None:
    """What came in focus times that are over and that this person has not seen; None when that is nothing."""
    spans = _unseen(shop, actor)
    lines = lines_of(shop, _came(shop, actor, spans))
    return FocusDigest(spans, lines, frozenset(_pressing(shop, lines, spans[0][0]))) if lines else None


def count_unseen(shop: Shop, actor: Actor) -> int:
    """How many inquiries `focus_digest` would list, merged ones aside."""
    return len(_came(shop, actor, _unseen(shop, actor)))


def _unseen(shop: Shop, actor: Actor) -> list[Span]:
    now = shop.now()
    since = max(data.focus.read_seen(shop.store, actor.staff_id) or now - LOOK_BACK, now - LOOK_BACK)
    return finished(_spans(shop.store, since, now), since, now)


def _came(shop: Shop, actor: Actor, spans: list[Span]) -> list[int]:
    if not spans:
        return []
    came = data.focus.came_between(shop.store, spans[0][0], spans[-1][1], actor.staff_id)
    return list(dict.fromkeys(ident for ident, stored_at in came if running(spans, stored_at)))


def mark_seen(shop: Shop, actor: Actor, until: datetime) -> None:
    """This person has seen what came in focus times that ended by `until`."""
    with shop.store.write() as tx:
        data.focus.put_seen(tx, actor.staff_id, min(until, shop.now()))


def holds_back_mail(shop: Shop) -> bool:
    """Whether a mail of Theke to its owner has to wait for the end of a focus time."""
    return _running(shop) is not None


def was_held_back(shop: Shop) -> bool:
    """Whether a focus time of today ended within the hour and kept a mail back until the shop had closed.

    One until midnight takes the day's mail with it: another day's would have to stand for it.
    """
    now = shop.now()
    settings = shop_settings(shop.store)
    span = just_ended(_spans(shop.store, now - GRACE, now), now, GRACE)
    zone = ZoneInfo(settings.hours.zone)
    if span is None or (span[1] - timedelta(minutes=1)).astimezone(zone).date() != now.astimezone(zone).date():
        return False
    holidays = holidays_at(settings, now)
    was_open = business_minutes(settings.hours, holidays, *span) > 0
    return was_open and not is_open(settings.hours, holidays, span[1])


def _pressing(shop: Shop, lines: Collection[InquiryLine], since: datetime) -> set[int]:
    late = {line.row.id for line in lines if line.urgency is Urgency.LATE}
    known = data.focus.read_waiting(shop.store, [line.row.id for line in lines], since)
    now = shop.now()
    return {
        one.id
        for one in known
        if interrupts(Arrival(one.words, one.complaint, one.promise_due_at, one.id in late), now)
    }


def _running(shop: Shop) -> Span | None:
    now = shop.now()
    return running(_spans(shop.store, now, now + timedelta(minutes=1)), now)


def _spans(db: Reader, start: datetime, end: datetime) -> list[Span]:
    kept = _read(db)
    if not kept.plans:
        return []
    return focus_spans(kept.plans, kept.ended, shop_settings(db).hours.zone, start, end)


def _read(db: Reader) -> _Kept:
    text = data.settings.read_setting(db, _NAME)
    if text is None:
        return _Kept(FocusHours(False, NEVER), (), ())
    kept = json.loads(text)
    plans = tuple(Plan(datetime.fromisoformat(since), _week(week)) for since, week in kept["plans"])
    ended = tuple(map(datetime.fromisoformat, kept["ended"]))
    return _Kept(FocusHours(kept["on"], _week(kept["week"])), plans, ended)


def _write(tx: Transaction, kept: _Kept, now: datetime) -> None:
    """Only what a digest can still ask for: the plan in force then and all later ones."""
    old = now - LOOK_BACK - timedelta(days=1)
    gone = sum(plan.since <= old for plan in kept.plans) - 1
    value: dict[str, Any] = {
        "on": kept.hours.on,
        "week": kept.hours.week,
        "plans": [(plan.since.isoformat(), plan.week) for plan in kept.plans[max(0, gone) :]],
        "ended": [moment.isoformat() for moment in kept.ended if moment > old],
    }
    data.settings.write_setting(tx, _NAME, json.dumps(value), now)


def _week(kept: list[list[list[int]]]) -> Week:
    return tuple(tuple((int(begins), int(ends)) for begins, ends in day) for day in kept)
