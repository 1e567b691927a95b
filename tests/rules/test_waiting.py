from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import InquiryState
from services.rules.waiting import ClockState, Happening, HappeningKind, Urgency, replay, urgency
from tests.rules.naive import walk

K = HappeningKind
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WITHOUT_MERGE = [kind for kind in K if kind != K.MERGED]


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def stream(*entries: tuple[HappeningKind, int] | tuple[HappeningKind, int, str]) -> list[Happening]:
    return [Happening(n, e[0], at(e[1]), e[2] if len(e) > 2 else "") for n, e in enumerate(entries, start=101)]


def clock_of(*entries: tuple[HappeningKind, int] | tuple[HappeningKind, int, str], by: str = "customer") -> ClockState:
    return replay(stream(*entries), started_by=by)


@st.composite
def streams(draw: st.DrawFn, kinds: list[HappeningKind] = WITHOUT_MERGE, most: int = 14) -> list[Happening]:
    """Any happenings; several may share a minute, ids are unique."""
    drawn = draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 60)), max_size=most))
    return [
        Happening(n, kind, at(minute), "dealt_with" if kind == K.CLOSED else "")
        for n, (kind, minute) in enumerate(drawn)
    ]


# After the set-up, as the services really write it: nothing from before.
LIVE = [K.CUSTOMER, K.ANSWER, K.CLOSED, K.REOPENED, K.OTHER]
started = st.sampled_from(["customer", "shop", "machine"])
few = settings(max_examples=100, deadline=None)


def test_the_oldest_unanswered_message_counts_and_nudges_only_add_up() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CUSTOMER, 10), (K.OTHER, 20))
    assert (clock.waiting_since, clock.contacts_waiting) == (at(0), 2)
    assert clock.state == InquiryState.OPEN


def test_an_answer_ends_the_wait_and_is_the_first_response_once() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.ANSWER, 20), (K.CUSTOMER, 30), (K.ANSWER, 90))
    assert clock.waiting_since is None
    assert clock.contacts_waiting == 0
    assert clock.first_response_at == at(20)


def test_a_bounced_answer_gives_the_earlier_wait_back() -> None:
    happenings = stream((K.CUSTOMER, 0), (K.ANSWER, 20), (K.CUSTOMER, 30))
    assert replay(happenings, started_by="customer").waiting_since == at(30)
    assert replay([happenings[0], happenings[2]], started_by="customer").waiting_since == at(0)


def test_a_message_after_the_close_starts_a_fresh_wait_and_keeps_the_first_response() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.ANSWER, 5), (K.CLOSED, 6, "answered"), (K.CUSTOMER, 900))
    assert clock.state == InquiryState.OPEN
    assert (clock.waiting_since, clock.contacts_waiting, clock.reopened) == (at(900), 1, 1)
    assert (clock.first_response_at, clock.closed_at, clock.close_reason) == (at(5), at(6), "answered")


def test_reopening_by_hand_is_as_if_nobody_had_closed() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 5, "double"), (K.REOPENED, 50))
    assert (clock.state, clock.waiting_since, clock.contacts_waiting) == (InquiryState.OPEN, at(0), 1)
    assert (clock.closed_at, clock.close_reason, clock.reopened) == (None, "", 1)


def test_reopening_twice_closed_opens_it() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 5, "double"), (K.CLOSED, 6, "answered"), (K.REOPENED, 50))
    assert clock.state == InquiryState.OPEN
    assert clock.waiting_since == at(0)


def test_an_answer_while_closed_counts_once_the_close_is_undone() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 5, "double"), (K.ANSWER, 9), (K.REOPENED, 50))
    assert clock.waiting_since is None
    assert clock.first_response_at == at(9)


def test_closing_without_an_answer_is_no_first_response() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 5, "dealt_with"))
    assert (clock.state, clock.waiting_since, clock.first_response_at) == (InquiryState.CLOSED, None, None)
    assert (clock.closed_at, clock.close_reason) == (at(5), "dealt_with")


def test_what_the_shop_started_waits_only_after_the_customer_answers() -> None:
    assert clock_of((K.ANSWER, 0), by="shop").waiting_since is None
    clock = clock_of((K.ANSWER, 0), (K.CUSTOMER, 10), (K.ANSWER, 20), by="shop")
    assert clock.first_response_at is None
    assert clock_of((K.ANSWER, 0), (K.CUSTOMER, 10), by="shop").waiting_since == at(10)


def test_a_noted_call_that_is_settled_leaves_no_wait_and_no_response() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 0, "dealt_with"))
    assert (clock.state, clock.waiting_since, clock.first_response_at) == (InquiryState.CLOSED, None, None)


def test_unanswered_mail_from_before_the_set_up_has_no_clock() -> None:
    clock = clock_of((K.EARLIER_ANSWER, 0), (K.EARLIER_CUSTOMER, 5))
    assert (clock.state, clock.waiting_since, clock.first_contact_at) == (InquiryState.EARLIER, None, None)


def test_answered_mail_from_before_the_set_up_is_closed_as_earlier() -> None:
    clock = clock_of((K.EARLIER_CUSTOMER, 0), (K.EARLIER_ANSWER, 5))
    assert (clock.state, clock.close_reason, clock.closed_at) == (InquiryState.CLOSED, "earlier", None)


def test_everything_done_closes_what_stood_unanswered_and_can_be_undone() -> None:
    entries = ((K.EARLIER_CUSTOMER, 0), (K.CLOSED, 5, "earlier"))
    assert clock_of(*entries).state == InquiryState.CLOSED
    assert clock_of(*entries, (K.REOPENED, 6)).state == InquiryState.EARLIER


def test_a_new_message_on_an_earlier_inquiry_waits_from_now_and_counts_as_no_reopening() -> None:
    clock = clock_of((K.EARLIER_CUSTOMER, 0), (K.EARLIER_ANSWER, 5), (K.CUSTOMER, 100))
    assert (clock.state, clock.waiting_since, clock.reopened) == (InquiryState.OPEN, at(100), 0)
    assert clock.first_contact_at == at(100)


def test_answering_an_earlier_inquiry_makes_it_the_customers_turn_without_figures() -> None:
    clock = clock_of((K.EARLIER_CUSTOMER, 0), (K.ANSWER, 100))
    assert (clock.state, clock.waiting_since, clock.first_response_at) == (InquiryState.OPEN, None, None)


def _elsewhere(*entries: tuple[HappeningKind, int]) -> list[Happening]:
    """The same in another inquiry."""
    return [replace(h, id=h.id + 100, stream=1) for h in stream(*entries)]


def _merge_at(minute: int) -> Happening:
    return Happening(999, K.MERGED, at(minute), "1")


def test_merging_lets_the_older_wait_go_on_even_past_the_others_answer() -> None:
    both = [*stream((K.CUSTOMER, 10), (K.ANSWER, 20), (K.CUSTOMER, 30)), *_elsewhere((K.CUSTOMER, 0)), _merge_at(40)]
    assert replay(both, started_by="customer").waiting_since == at(0)
    answered = [*both, Happening(1001, K.ANSWER, at(50))]
    assert replay(answered, started_by="customer").waiting_since is None


def test_merging_two_that_wait_for_the_customer_starts_no_wait() -> None:
    both = [*stream((K.CUSTOMER, 0), (K.ANSWER, 1)), *_elsewhere((K.CUSTOMER, 0), (K.ANSWER, 3)), _merge_at(5)]
    clock = replay(both, started_by="customer")
    assert (clock.waiting_since, clock.contacts_waiting) == (None, 0)


def test_an_answer_that_bounces_after_the_merge_gives_its_wait_back() -> None:
    both = [*stream((K.CUSTOMER, 10), (K.ANSWER, 12)), *_elsewhere((K.CUSTOMER, 4)), _merge_at(20)]
    assert replay(both, started_by="customer").waiting_since == at(4)


def test_merging_two_from_before_the_set_up_stays_before_the_set_up() -> None:
    both = [*stream((K.EARLIER_CUSTOMER, 0)), *_elsewhere((K.EARLIER_CUSTOMER, 1)), _merge_at(5)]
    assert replay(both, started_by="customer").state == InquiryState.EARLIER


@few
@given(streams(kinds=LIVE), streams(kinds=LIVE))
def test_a_merge_takes_the_older_wait_of_any_two_inquiries(one: list[Happening], two: list[Happening]) -> None:
    two = [replace(h, id=h.id + 100, stream=1) for h in two]
    clocks = [replay(part, started_by="customer") for part in (one, two)]
    waits = [clock.waiting_since for clock in clocks if clock.waiting_since]
    merged = replay([*one, *two, _merge_at(61)], started_by="customer")
    assert merged.waiting_since == min(waits, default=None)
    assert merged.contacts_waiting == sum(clock.contacts_waiting for clock in clocks)


def test_what_came_between_writing_and_sending_still_waits() -> None:
    reply = Happening(7, K.ANSWER, at(10), counted_at=at(40))
    clock = replay([Happening(1, K.CUSTOMER, at(0)), reply, Happening(8, K.CUSTOMER, at(20))], started_by="customer")
    assert (clock.waiting_since, clock.contacts_waiting, clock.first_response_at) == (at(20), 1, at(40))


def test_an_answered_close_falls_with_its_answer() -> None:
    clock = clock_of((K.CUSTOMER, 0), (K.CLOSED, 9, "answered"))
    assert (clock.state, clock.waiting_since) == (InquiryState.OPEN, at(0))
    kept = clock_of((K.CUSTOMER, 0), (K.ANSWER, 5), (K.CLOSED, 9, "answered"))
    assert kept.state == InquiryState.CLOSED


@few
@given(streams(most=20), started)
def test_the_rule_agrees_with_the_naive_walk(happenings: list[Happening], by: str) -> None:
    assert replay(happenings, started_by=by) == walk(happenings, by)


@few
@given(streams().flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))), started)
def test_the_order_of_reading_does_not_matter(both: tuple[list[Happening], list[Happening]], by: str) -> None:
    assert replay(both[0], started_by=by) == replay(both[1], started_by=by)


@few
@given(streams(most=20), started)
def test_a_wait_is_a_real_message_and_never_without_contacts(happenings: list[Happening], by: str) -> None:
    clock = replay(happenings, started_by=by)
    spoken = {h.happened_at for h in happenings if h.kind == K.CUSTOMER}
    assert (clock.waiting_since is None) == (clock.contacts_waiting == 0)
    assert clock.waiting_since is None or (clock.waiting_since in spoken and clock.state == InquiryState.OPEN)


@few
@given(streams(), st.integers(0, 90), started)
def test_notes_machines_and_snoozes_change_nothing(happenings: list[Happening], minute: int, by: str) -> None:
    with_note = [*happenings, Happening(500, K.OTHER, at(minute), "snoozed")]
    assert replay(with_note, started_by=by) == replay(happenings, started_by=by)


@few
@given(streams(), st.integers(61, 90), started)
def test_a_nudge_never_makes_a_wait_shorter(happenings: list[Happening], minute: int, by: str) -> None:
    before = replay(happenings, started_by=by)
    after = replay([*happenings, Happening(500, K.CUSTOMER, at(minute))], started_by=by)
    assert after.waiting_since == (before.waiting_since or at(minute))
    assert after.contacts_waiting == before.contacts_waiting + 1


@few
@given(streams(kinds=[K.CUSTOMER, K.ANSWER, K.OTHER]), st.data())
def test_a_bounce_never_makes_a_wait_shorter(happenings: list[Happening], data: st.DataObject) -> None:
    answers = [h for h in happenings if h.kind == K.ANSWER]
    before = replay(happenings, started_by="customer").waiting_since
    if not answers:
        return
    bounced = data.draw(st.sampled_from(answers))
    after = replay([h for h in happenings if h is not bounced], started_by="customer").waiting_since
    assert before is None or (after is not None and after <= before)


@few
@given(streams(kinds=LIVE), st.lists(st.sampled_from(LIVE), max_size=5), started)
def test_the_first_response_stays_the_first(happenings: list[Happening], later: list[HappeningKind], by: str) -> None:
    first = replay(happenings, started_by=by).first_response_at
    more = [Happening(500 + n, kind, at(61 + n)) for n, kind in enumerate(later)]
    after = replay([*happenings, *more], started_by=by).first_response_at
    assert first is None or after == first


@few
@given(streams(kinds=LIVE), st.integers(61, 90), started)
def test_closing_ends_every_wait_and_reopening_gives_it_back(happenings: list[Happening], minute: int, by: str) -> None:
    before = replay(happenings, started_by=by)
    closed = [*happenings, Happening(500, K.CLOSED, at(minute), "double")]
    clock = replay(closed, started_by=by)
    assert (clock.state, clock.waiting_since) == (InquiryState.CLOSED, None)
    assert clock.first_response_at == before.first_response_at
    again = replay([*closed, Happening(501, K.REOPENED, at(minute))], started_by=by)
    if before.state == InquiryState.OPEN:
        assert again == replace(before, reopened=before.reopened + 1)


@few
@given(streams(), started)
def test_what_the_shop_started_never_has_a_first_response(happenings: list[Happening], by: str) -> None:
    clock = replay(happenings, started_by=by)
    assert by != "shop" or clock.first_response_at is None
    assert clock.first_response_at is None or clock.first_contact_at is not None
    assert clock.first_response_at is None or clock.first_response_at >= clock.first_contact_at


def test_urgency_follows_the_goal_in_business_minutes() -> None:
    seen = [urgency(minutes, 240, None, START, waiting=True) for minutes in (0, 179, 180, 240, 241)]
    assert seen == [Urgency.OK, Urgency.OK, Urgency.SOON, Urgency.SOON, Urgency.LATE]


def test_a_broken_promise_is_late_whatever_the_goal_says() -> None:
    assert urgency(0, 240, at(-1), START, waiting=True) == Urgency.LATE
    assert urgency(0, 240, at(-1), START, waiting=False) == Urgency.LATE
    assert urgency(0, 240, at(1), START, waiting=True) == Urgency.OK


def test_nobody_is_late_when_it_is_the_customers_turn() -> None:
    assert urgency(9999, 240, None, START, waiting=False) == Urgency.CUSTOMER
