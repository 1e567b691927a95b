"""Whatever happened, the SQL and the naive reading of the list of happenings tell the same figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import data.report_bookings
import data.report_closings
import data.reports
from data.store import Store
from tests.services import naive_figures as naive
from tests.services import naive_notes as told
from tests.services.histories import grounds, known_since, promises, talks, write
from tests.services.naive_figures import Promised, Talk
from tests.services.naive_notes import Visit
from tests.services.note_histories import grumbles_of, notes_of, thanks_of, visits, write_notes

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = Store.open(None)
    yield opened
    opened.close()


@many
@given(found=talks(), goal=st.sampled_from([1, 60, 120, 480]))
def test_answers_resolutions_and_returns_are_what_a_naive_reader_finds(
    store: Store, found: list[Talk], goal: int
) -> None:
    write(store, found)
    basis, ground = grounds(goal)
    assert data.reports.first_answers(store, basis) == naive.first_answers(found, ground)
    following, resolved = data.reports.waits(store, basis)
    assert following == naive.next_answers(found, ground)
    assert resolved == naive.resolutions(found, ground)
    once, again = data.reports.returns(store, basis)
    assert once == naive.solved_at_once(found, ground)
    assert again == naive.reopened(found, ground)
    assert data.reports.contacts_by_hour(store, basis) == naive.contacts_by_hour(found, ground)


@many
@given(found=promises())
def test_kept_and_broken_promises_are_what_a_naive_reader_finds(store: Store, found: list[Promised]) -> None:
    write(store, [Talk(1, created_at=grounds()[0].start)], found)
    basis, ground = grounds()
    assert data.reports.callbacks(store, basis) == naive.callbacks(found, ground)


@many
@given(found=talks(), booked=visits(), chance=st.data())
def test_notes_and_bookings_are_what_a_naive_reader_finds(
    store: Store, found: list[Talk], booked: list[Visit], chance: st.DataObject
) -> None:
    notes, grumbles, thanks = (chance.draw(of(found)) for of in (notes_of, grumbles_of, thanks_of))
    write(store, found)
    write_notes(store, notes, grumbles, thanks, booked)
    counted = [] if any(talk.id == 1 and talk.dismissed for talk in found) else booked  # all are of the first inquiry
    basis, ground = grounds()
    days = sorted({begin.replace(hour=0, minute=0) for begin, _ in basis.opened})
    closings, bookings = data.report_closings, data.report_bookings
    assert closings.reason_costs(store, basis) == told.reason_costs(found, notes, ground)
    avoided, kept = closings.noted(store, basis)
    assert avoided == told.avoidance(found, notes, ground)
    assert kept == told.promises_kept(found, notes, booked, ground)
    complained = closings.complaints(store, basis, days, avoided.contacts)
    assert complained == told.complaints(grumbles, found, counted, days, ground)
    assert closings.causes(store, basis) == told.causes(grumbles, found, ground)
    assert closings.praises(store, basis) == told.praises(thanks, found, ground)
    assert closings.funnel(store, basis) == told.funnel(found, notes, booked, known_since, ground)
    assert bookings.visits(store, basis) == told.visits(counted, ground)
    assert bookings.lead_days(store, basis) == told.lead_days(counted, ground)
    assert bookings.returning(store, basis) == told.returning(counted, ground)
