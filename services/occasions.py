"""«Anlässe»: reasons to call one customer, found in the shop's own data. Never a campaign: people call, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import data.inquiries
import data.occasions
from data.occasion_records import Occasion, OccasionKind, OccasionState
from data.occasions import Asked
from data.records import Actor, Channel, MessageRole
from data.store import Reader, Transaction
from services.clock import refresh_clock
from services.entries import Entry, add_entry
from services.errors import NotFoundError
from services.rules import occasions as rules
from services.rules.occasions import Call, by_person, is_timely, may_call
from services.settings import shop_settings
from services.shop import Shop

MOST = 8  # of each kind: nobody calls more in a day, and a longer list is a campaign
_SEARCHED = 60  # of each kind, and of those who agreed to the same
GONE = "Dieser Anlass ist schon erledigt."
Key = tuple[str, int]  # kind and subject
_CACHE = ("occasions",)
_DAY = timedelta(days=1)
_PUT_OFF_AGAIN = 60 * _DAY  # so long one can be put off after its time


@dataclass(frozen=True)
class Occasions:
    """Whom to call, and who has not agreed to be called: one speaks to them when they come."""

    calls: list[Call]
    held: list[Call]
    more: bool = False  # there are others, which move up


def list_occasions(shop: Shop, actor: Actor) -> Occasions:
    """All that stands today, found anew each minute and when anything changed: a consent taken back holds at once."""
    found: Occasions = shop.reports.get(_CACHE, shop.now(), shop.store.changes, lambda: _find(shop))
    return found


def finish_call(shop: Shop, actor: Actor, keys: Sequence[Key], *, reached: bool, note: str = "") -> None:
    """Done. A call that `reached` is noted in the conversation with its `note`, else the note alone.

    Raises NotFoundError when somebody was faster.
    """
    _decide(shop, actor, keys, OccasionState.DONE, note, reached=reached)


def skip_call(shop: Shop, actor: Actor, keys: Sequence[Key], note: str = "") -> None:
    """Not this time; it comes back when there is a new reason. Raises NotFoundError when somebody was faster."""
    _decide(shop, actor, keys, OccasionState.SKIPPED, note)


def put_off_call(shop: Shop, actor: Actor, keys: Sequence[Key]) -> None:
    """In a week again. Raises NotFoundError when somebody was faster."""
    _decide(shop, actor, keys, OccasionState.LATER, "")


def read_fates(shop: Shop, actor: Actor, keys: Sequence[Key]) -> list[OccasionState]:
    """What became of these, as far as somebody decided."""
    known = [data.occasions.read_decided(shop.store, OccasionKind(kind), ident) for kind, ident in keys]
    return [one.state for one in known if one]


def key_of(occasion: Occasion) -> Key:
    """By what an occasion is known."""
    return occasion.kind.value, occasion.subject_id


def _decide(
    shop: Shop, actor: Actor, keys: Sequence[Key], state: OccasionState, note: str, *, reached: bool = False
) -> None:
    standing = {key_of(one): one for one in _all(list_occasions(shop, actor))}
    chosen = [standing[key] for key in keys if key in standing]
    now = shop.now()
    with shop.store.write() as tx:
        open_ones = [one for one in chosen if not _is_decided(tx, one)]
        if not open_ones:
            raise NotFoundError(GONE)
        again_on = _today(tx, now) + rules.PUT_OFF if state is OccasionState.LATER else None
        for one in open_ones:
            data.occasions.decide(tx, one.kind, one.subject_id, state, now, again_on)
        _note(tx, actor, open_ones[0].inquiry_id, note, reached, now)


def _all(found: Occasions) -> list[Occasion]:
    return [one for call in (*found.calls, *found.held) for one in call.reasons]


def _is_decided(db: Reader, one: Occasion) -> bool:
    """Also put off a moment ago by another tab: its row stood there until now."""
    decided = data.occasions.read_decided(db, one.kind, one.subject_id)
    if decided is None or decided.decided_at < one.at:
        return False
    return decided.state is not OccasionState.LATER or decided.again_on != one.again_on


def _note(tx: Transaction, actor: Actor, inquiry_id: int, note: str, reached: bool, now: datetime) -> None:
    """One call is one line of one conversation, however many reasons there were."""
    shown = data.inquiries.find_shown(tx, [inquiry_id]).get(inquiry_id)
    if shown is None or not (reached or note.strip()):
        return
    entry = Entry(Channel.CALL, MessageRole.ANSWER, note) if reached else Entry(Channel.NOTE, MessageRole.NOTE, note)
    add_entry(tx, shown, actor, entry, now)
    refresh_clock(tx, shown)


def _find(shop: Shop) -> Occasions:
    db, now = shop.store, shop.now()
    zone, today = _zone(db), _today(db, now)
    timely = [one for one in _search(db, now) if is_timely(one, today, zone)]
    country = shop_settings(db).country
    free = [one for one in timely if may_call(one, country)]
    held = [one for one in timely if not may_call(one, country)]
    shown, hidden = _first_of_each(free), _first_of_each(held)
    return Occasions(by_person(shown), by_person(hidden), len(shown) + len(hidden) < len(timely))


def _first_of_each(found: Sequence[Occasion]) -> list[Occasion]:
    """The newest of each kind."""
    return [one for kind in OccasionKind for one in [each for each in found if each.kind is kind][:MOST]]


def _search(db: Reader, now: datetime) -> list[Occasion]:
    """All kinds, a day generous on each side: the rule has the last word, on the shop's calendar."""
    today = _today(db, now)
    asked, tomorrow = Asked(today, _SEARCHED), datetime.combine(today + _DAY, time(), _zone(db))
    days, months = data.occasions.longest_waits(db)

    def before(*spans: timedelta) -> datetime:
        return tomorrow - sum(spans, timedelta())

    since = before(rules.AFTER_SOLUTION, rules.STILL_NEWS, _PUT_OFF_AGAIN)
    found = data.occasions.solved_complaints(db, asked, since, before(rules.AFTER_SOLUTION - _DAY))
    found += data.occasions.open_offers(
        db, asked, before(rules.OFFER_OLD, _PUT_OFF_AGAIN), before(rules.OFFER_OPEN - _DAY)
    )
    if days:
        since = before(rules.STILL_NEWS, _PUT_OFF_AGAIN)
        found += data.occasions.done_jobs(db, asked, since - days * _DAY, tomorrow, since, tomorrow + _DAY)
    if months:
        since = before(rules.AFTER_DUE, _PUT_OFF_AGAIN)
        until = tomorrow + rules.BEFORE_DUE + _DAY
        found += data.occasions.work_due(db, asked, since - months * 31 * _DAY, since, until)
    return found + data.occasions.quiet_regulars(
        db,
        asked,
        before(rules.LONGEST_QUIET, _DAY),
        before(rules.LEAST_QUIET - _DAY),
        tomorrow,
        fewest=rules.FEWEST_VISITS,
        factor=rules.STAYS_AWAY,
    )


def _zone(db: Reader) -> ZoneInfo:
    return ZoneInfo(shop_settings(db).hours.zone)


def _today(db: Reader, now: datetime) -> date:
    return now.astimezone(_zone(db)).date()
