"""Whatever became of wishes, the SQL and a naive reading of each tell the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import data.report_wishes
from data.report_records import Basis, Unmet, Wishes, WishFunnel
from data.store import Store
from services.rules.wish_matching import Article, kind_of

ZONE = ZoneInfo("Europe/Vienna")
BEGIN = datetime(2026, 10, 19, tzinfo=ZONE).astimezone(UTC)  # a week later the clocks go back
END = BEGIN + timedelta(days=14)
NOW = BEGIN + timedelta(days=11, hours=5)
_DAYS = st.integers(0, 20 * 24).map(lambda hours: BEGIN + timedelta(hours=hours - 72))


@dataclass(frozen=True)
class Told:
    """One wish as a person would tell it."""

    created_at: datetime
    days: int  # until when, after it was noted
    state: str
    way: str  # '', 'said', 'mail', 'bounced', 'call', 'open call'
    told_at: datetime
    ended_at: datetime
    offered: str
    missed: int | None  # days before the last agreed day that an earlier one passed
    size: str
    cents: int | None

    @property
    def heard_at(self) -> datetime | None:
        return self.told_at if self.way in {"said", "mail", "call"} else None

    @property
    def until(self) -> date:
        return local(self.created_at) + timedelta(days=self.days)

    @property
    def due(self) -> date:
        return self.until - timedelta(days=self.missed or 0)


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


@st.composite
def wishes(draw: st.DrawFn) -> Told:
    made = draw(_DAYS)
    return Told(
        created_at=made,
        days=draw(st.integers(0, 8)),
        state=draw(st.sampled_from(["open", "told", "fulfilled", "declined", "lapsed"])),
        way=draw(st.sampled_from(["", "", "said", "mail", "bounced", "call", "open call"])),
        told_at=made + timedelta(hours=draw(st.integers(0, 200))),
        ended_at=made + timedelta(hours=draw(st.integers(0, 260))),
        offered=draw(st.sampled_from(["", "ordered"])),
        missed=draw(st.sampled_from([None, None, 1, 3])),
        size=draw(st.sampled_from(["128", "134"])),
        cents=draw(st.sampled_from([None, 4000, 5000])),
    )


def decided(one: Told) -> tuple[datetime, bool] | None:
    """(when it was decided, whether the customer was told in time); None for who no longer wanted it before."""
    heard = one.heard_at
    if heard and local(heard) <= one.due:
        return heard, True
    in_time = one.state == "declined" and heard is None and local(one.ended_at) <= one.due
    if in_time:
        return None if not one.offered else (one.ended_at, False)
    end = datetime.combine(one.due + timedelta(days=1), datetime.min.time(), ZONE).astimezone(UTC)
    return end, False


def lacking(one: Told) -> bool:
    return not one.heard_at and one.state != "fulfilled"


def withdrawn(one: Told) -> bool:
    return one.state == "declined" and not one.offered and one.heard_at is None


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = Store.open(None)
    with opened.write() as tx:
        tx.insert("inquiry", {"id": 1, "customer_id": 1, "dismissed": False, **_inquiry()})
    yield opened
    opened.close()


def _inquiry() -> dict[str, Any]:
    texts = dict.fromkeys(("subject", "next_step", "close_reason", "snippet"), "")
    moments = dict.fromkeys(("created_at", "last_message_at"), BEGIN)
    numbers = dict.fromkeys(("contacts_waiting", "reopened", "version"), 0)
    return {**texts, **moments, **numbers, "channel": "visit", "started_by": "customer", "state": "closed"}


def write(store: Store, found: list[Told]) -> None:
    with store.write() as tx:
        for table in ("wish", "outbox", "promise"):
            tx.run(f"DELETE FROM {table}")
        for number, one in enumerate(found, 1):
            _write_news(tx, number, one)
            texts = dict.fromkeys(("colour", "folded", "note", "expected", "expected_source"), "")
            kind = kind_of(Article("Jeans", one.size))
            missed = one.due if one.missed else None
            own = {"article": "Jeans", "size": one.size, "kind": kind, "state": one.state, "offered": one.offered}
            said = {
                "told_message_id": number if one.way in {"mail", "bounced"} else None,
                "told_promise_id": number if one.way in {"call", "open call"} else None,
                "told_at": one.told_at if one.way == "said" else None,
            }
            moments = {"created_at": one.created_at, "ended_at": one.ended_at, "until_on": one.until}
            nothing = dict.fromkeys(("reserved_until_on", "first_heard_at"))
            row = {"id": number, "customer_id": 1, "inquiry_id": 1, "price_cents": one.cents, "missed_on": missed}
            tx.insert("wish", {**texts, **row, **own, **said, **moments, **nothing})


def _write_news(tx: Any, number: int, one: Told) -> None:
    if one.way in {"mail", "bounced"}:
        texts = dict.fromkeys(("recipient_name", "recipient", "cc", "problem"), "")
        back = one.told_at if one.way == "bounced" else None
        row = {"message_id": number, "mail_id": f"<{number}>", "form_key": str(number), "state": "sent", "attempts": 1}
        tx.insert("outbox", {**row, **texts, "due_at": one.told_at, "sent_at": one.told_at, "bounced_at": back})
    if one.way in {"call", "open call"}:
        kept = one.way == "call"
        row = {"id": number, "inquiry_id": 1, "staff_id": 1, "phone": "1", "topic": "", "tries": 0, "source": "shop"}
        moments = {"due_at": one.told_at, "created_at": one.created_at, "done_at": one.told_at if kept else None}
        tx.insert("promise", {**row, **moments, "state": "kept" if kept else "open"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(wishes(), max_size=9))
def test_told_missed_and_unmet_wishes_are_what_a_naive_reader_finds(store: Store, found: list[Told]) -> None:
    write(store, found)
    basis = Basis(BEGIN, END, NOW, (), 240, "Europe/Vienna")
    ends = [(one, end) for one in found if (end := decided(one)) and BEGIN <= end[0] < END and end[0] <= NOW]
    hits = [one for one, (_when, hit) in ends if hit]
    days = [(local(one.told_at) - local(one.created_at)).days for one in hits]
    expected = Wishes(len(hits), len(ends), median_low(days) if days else None)
    assert data.report_wishes.wishes(store, basis) == expected
    noted = [one for one in found if BEGIN <= one.created_at < END]
    fetched = sum(one.state == "fulfilled" for one in noted)
    assert data.report_wishes.wish_funnel(store, basis) == WishFunnel(
        len(noted), sum(one.heard_at is not None for one in noted), fetched
    )
    unmet = {size: [one for one in noted if one.size == size and lacking(one)] for size in ("128", "134")}
    sizes = {size: [one for one in each if not withdrawn(one)] for size, each in unmet.items()}
    assert {one.name: one for one in data.report_wishes.unmet_wishes(store, basis)} == {
        f"Jeans {size}": Unmet(f"Jeans {size}", len(each), _missed(each)) for size, each in sizes.items() if each
    }


def _missed(each: list[Told]) -> int | None:
    known = [one.cents for one in each if one.cents is not None]
    return round(sum(known) / len(known) * len(each)) if known else None
