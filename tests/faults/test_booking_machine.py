"""Ten thousand random steps at the counter against a plain model of who holds what."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import data.bookings
import data.offerings
from data.booking_records import HOLDING, Booking, BookingState, Offering
from data.records import Actor, Closure
from services.booking_jobs import lapse_due
from services.bookings import (
    AgainstRulesError,
    cancel_booking,
    confirm_booking,
    decline_booking,
    enter_booking,
    mark_booking,
    move_booking,
)
from services.errors import InvalidInputError, TakenError
from services.own_bookings import LostRaceError, cancel_by_customer, move_by_customer
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import HOURS, INSPECTION, TYRES, VALUATION, at, book, entry, open_garage
from tests.builders import FrozenClock, hire
from tests.services.test_bookings import held

STEPS = int(os.environ.get("THEKE_BOOKING_STEPS", "600"))
REFUSED = (InvalidInputError, TakenError)


@dataclass
class Model:
    """Who holds what, kept by hand: booking → (state, start, resources)."""

    bookings: dict[int, tuple[BookingState, datetime, tuple[int, ...]]] = field(default_factory=dict)

    def free(self, offering: Offering, start: datetime, resources: tuple[int, ...], but: int = 0) -> bool:
        """Whether no other holding booking's buffered time meets this one on these resources."""
        return not any(
            state in HOLDING and ident != but and set(others) & set(resources)
            and _meet(_span(offering, start), _span(OFFERINGS[self.kinds[ident]], begin))
            for ident, (state, begin, others) in self.bookings.items()
        )  # fmt: skip

    kinds: dict[int, int] = field(default_factory=dict)


OFFERINGS: dict[int, Offering] = {}


def _span(offering: Offering, start: datetime) -> tuple[datetime, datetime]:
    first = start - timedelta(minutes=offering.buffer_before)
    return first, start + timedelta(minutes=offering.duration + offering.buffer_after)


def _meet(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _some_time(chance: random.Random) -> datetime:
    return at(24, 7) + timedelta(days=chance.randrange(10), minutes=30 * chance.randrange(22))


class Counter:
    """Does a step in the shop and in the model; both must agree on whether it was possible."""

    def __init__(self, shop: Shop, actor: Actor, clock: FrozenClock, chance: random.Random) -> None:
        self.shop, self.actor, self.clock, self.chance, self.model = shop, actor, clock, chance, Model()
        self.done: dict[str, int] = {}

    def step(self) -> None:
        chosen = self.chance.choices(
            [self.book, self.enter, self.move, self.cancel, self.decide, self.mark, self.close_day, self.wait],
            [30, 20, 20, 12, 8, 6, 2, 2],
        )[0]
        chosen()
        self.done[chosen.__name__] = self.done.get(chosen.__name__, 0) + 1

    def book(self) -> None:
        kind, when = self.chance.choice([TYRES, INSPECTION, VALUATION]), _some_time(self.chance)
        try:
            booking = book(self.shop, when, self.chance.randbytes(8).hex(), kind)
        except LostRaceError:
            return
        self._took(booking)

    def enter(self) -> None:
        kind, when = self.chance.choice([TYRES, INSPECTION]), _some_time(self.chance)
        try:
            ident = enter_booking(self.shop, self.actor, entry(when, kind), despite=self.chance.random() < 0.7)
        except AgainstRulesError:
            return
        except TakenError:
            assert not self._any_way(kind, when), "refused although something was free"
            return
        self._took(self._read(ident))

    def move(self) -> None:
        booking, when = self._some(), _some_time(self.chance)
        if booking is None:
            return
        try:
            if self.chance.random() < 0.5:
                move_by_customer(self.shop, booking.secret, when)
            else:
                move_booking(self.shop, self.actor, booking.id, when, despite=True)
        except REFUSED:
            return
        moved = self._read(booking.id)
        assert self.model.free(OFFERINGS[moved.offering_id], moved.starts_at, moved.resources, but=moved.id)
        self._keep(moved)

    def cancel(self) -> None:
        if (booking := self._some()) is None:
            return
        try:
            if self.chance.random() < 0.5:
                cancel_by_customer(self.shop, booking.secret, "")
            else:
                cancel_booking(self.shop, self.actor, booking.id, "")
        except REFUSED:
            return
        state = self.model.bookings[booking.id][0]
        if state in {BookingState.REQUESTED, BookingState.CONFIRMED}:
            self._state(booking.id, BookingState.CANCELLED)

    def decide(self) -> None:
        if (booking := self._some(BookingState.REQUESTED)) is None:
            return
        if self.chance.random() < 0.7:
            confirm_booking(self.shop, self.actor, booking.id)
            self._state(booking.id, BookingState.CONFIRMED)
        else:
            decline_booking(self.shop, self.actor, booking.id, "")
            self._state(booking.id, BookingState.DECLINED)

    def mark(self) -> None:
        if (booking := self._some(BookingState.CONFIRMED)) is None:
            return
        state = self.chance.choice([BookingState.ARRIVED, BookingState.DONE, BookingState.NO_SHOW])
        mark_booking(self.shop, self.actor, booking.id, state)
        self._state(booking.id, state)

    def close_day(self) -> None:
        day = _some_time(self.chance).date()
        closures = (Closure(day, day, "Betriebsausflug"),) if self.chance.random() < 0.7 else ()
        with self.shop.store.write() as tx:
            put_settings(tx, {"hours": replace(HOURS, closures=closures)}, self.shop.now())

    def wait(self) -> None:
        self.clock.forward(minutes=self.chance.randrange(1, 15))
        lapse_due(self.shop)
        for ident in list(self.model.bookings):
            booking = self._read(ident)
            if booking.state is BookingState.LAPSED:
                self._state(ident, BookingState.LAPSED)

    def _some(self, state: BookingState | None = None) -> Booking | None:
        known = [ident for ident, (kept, *_) in self.model.bookings.items() if state is None or kept is state]
        return self._read(self.chance.choice(known)) if known else None

    def _read(self, ident: int) -> Booking:
        found = data.bookings.read_booking(self.shop.store, ident)
        assert found is not None
        return found

    def _took(self, booking: Booking) -> None:
        assert self.model.free(OFFERINGS[booking.offering_id], booking.starts_at, booking.resources)
        self.model.kinds[booking.id] = booking.offering_id
        self._keep(booking)

    def _keep(self, booking: Booking) -> None:
        self.model.bookings[booking.id] = (booking.state, booking.starts_at, booking.resources)

    def _state(self, ident: int, state: BookingState) -> None:
        self.model.bookings[ident] = (state, *self.model.bookings[ident][1:])

    def _any_way(self, kind: int, when: datetime) -> bool:
        first, *others = OFFERINGS[kind].groups
        ways = [(one, other) for one in first for other in (others[0] if others else ())] or [(one,) for one in first]
        return any(self.model.free(OFFERINGS[kind], when, way) for way in ways)

    def agrees(self) -> None:
        kept = {
            row[0]: (booking.state, booking.starts_at, booking.resources)
            for row in self.shop.store.read("SELECT id FROM booking")
            if (booking := self._read(row[0]))
        }
        assert kept == self.model.bookings
        assert data.bookings.occupied_cells(self.shop.store) == held(self.shop)


def test_the_shop_and_a_plain_model_agree(shop: Shop, clock: FrozenClock) -> None:
    open_garage(shop)
    for ident in (TYRES, INSPECTION, VALUATION):
        found = data.offerings.read_offering(shop.store, ident)
        assert found is not None
        OFFERINGS[ident] = found
    counter = Counter(shop, hire(shop, "Sandra Kofler"), clock, random.Random(7))
    for number in range(STEPS):
        counter.step()
        if number % 200 == 0:
            counter.agrees()
    counter.agrees()
    assert min(counter.done.values()) > 0
    assert len(counter.done) == 8
