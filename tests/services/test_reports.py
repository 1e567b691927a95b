"""The key figures against numbers reckoned by hand, on inquiries that went through the services."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.records import Actor, Channel, CloseReason, StaffRole
from data.report_records import AgeClass, Avoidable, Callbacks, Figure, Share, TemplateUse
from services.closing import close_inquiry, dismiss_inquiry, reopen_inquiry
from services.errors import NotAllowedError
from services.noting import Outcome, log_call, note_contact
from services.promises import keep_promise, list_promises, move_promise, promise_callback, try_promise
from services.reasons import list_reasons, seed_reasons
from services.replies import send_reply
from services.reports import Report, list_cases, list_quotes, own_contacts, show_report, week_report
from services.rules.periods import OWN, Comparison, Period
from services.sending import send_due
from services.settings import put_settings
from services.shop import Shop
from services.wrap_ups import (
    describe_complaint,
    mark_complaint,
    mark_praise,
    note_avoidable,
    note_kept,
    note_reason,
    pass_on_praise,
    solve_complaint,
)
from tests.builders import FrozenClock, connect, hire, letter, only_inquiry, receive

# A week without a holiday: Monday 16 to Sunday 22 November 2026, 8–12 and 13–18 o'clock in Vienna (UTC + 1).
WEEK = Period(OWN, date(2026, 11, 16), date(2026, 11, 22))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the shop's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


MONDAY_AFTER = at(23, 8)


@pytest.fixture
def sandra(shop: Shop, clock: FrozenClock) -> Actor:
    clock.now = at(2, 8)
    connect(shop)
    with shop.store.write() as tx:
        put_settings(tx, {"answer_goal_minutes": 240, "hourly_rate_cents": 3000}, shop.now())
        seed_reasons(tx, "kfz")
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


class Week:
    """Plays a week at the counter."""

    def __init__(self, shop: Shop, clock: FrozenClock, actor: Actor) -> None:
        self.shop, self.clock, self.actor = shop, clock, actor
        self.count = 0

    def asks(self, when: datetime, channel: Channel = Channel.CALL) -> int:
        """A customer leaves word."""
        self.clock.now, self.count = when, self.count + 1
        return note_contact(
            self.shop,
            self.actor,
            who=f"Kunde {self.count}",
            need=f"Frage {self.count}",
            reach=f"0512 555 {self.count:03}",
            channel=channel,
            outcome=Outcome.MESSAGE,
        )

    def answers(self, inquiry_id: int, when: datetime) -> None:
        self.clock.now = when
        log_call(self.shop, self.actor, inquiry_id, reached=True, words="Alles besprochen.")

    def closes(self, inquiry_id: int, when: datetime, reason: CloseReason = CloseReason.ANSWERED) -> None:
        self.clock.now = when
        close_inquiry(self.shop, self.actor, inquiry_id, reason)

    def report(self, now: datetime = MONDAY_AFTER, period: Period = WEEK) -> Report:
        self.clock.now = now
        return show_report(self.shop, self.actor, period, Comparison.PREVIOUS)

    def cases(self, figure: Figure) -> list[int]:
        return [line.row.id for line in list_cases(self.shop, self.actor, figure, WEEK)]


@pytest.fixture
def week(shop: Shop, clock: FrozenClock, sandra: Actor) -> Week:
    return Week(shop, clock, sandra)


def test_first_answers_count_in_business_minutes_and_what_is_open_past_the_goal_is_a_miss(week: Week) -> None:
    quick, friday, late, never = (week.asks(at(*when)) for when in ((16, 9), (20, 17, 50), (17, 9), (18, 9)))
    week.answers(quick, at(16, 9, 40))  # 40 minutes
    week.answers(late, at(17, 15))  # 9–12 and 13–15: 300 minutes, one hour past the goal
    week.answers(friday, at(23, 8, 20))  # ten minutes on Friday, twenty on Monday
    answers = week.report(at(23, 9)).now.answers
    # never: Wednesday 9–18 without lunch 480, Thursday and Friday 540 each, Monday 60
    assert (answers.answered, answers.in_goal, answers.late_open, answers.waiting) == (3, 2, 1, 0)
    assert (answers.median, answers.p90) == (40, 480 + 540 + 540 + 60)
    assert answers.share == Share(2, 4)
    assert answers.share.percent is None  # four cases: the count is told
    assert week.cases(Figure.IN_GOAL) == [never, late]
    assert never != quick


def test_the_share_of_a_shop_that_answers_nothing_falls_to_nought(week: Week) -> None:
    for minute in range(6):
        week.asks(at(16, 9, minute))
    assert week.report(at(16, 10)).now.answers.share == Share(0, 0)  # still in time
    assert week.report(at(17, 10)).now.answers.share.percent == 0


def test_closing_without_an_answer_is_counted_apart(week: Week) -> None:
    week.closes(week.asks(at(16, 9)), at(16, 10), CloseReason.DEALT_WITH)
    answers = week.report().now.answers
    assert (answers.answered, answers.late_open, answers.unanswered, answers.median) == (0, 0, 1, None)


def test_weeks_and_channels_tell_the_same_inquiries(week: Week) -> None:
    week.answers(week.asks(at(16, 9)), at(16, 10))
    week.answers(week.asks(at(17, 9), Channel.VOICEMAIL), at(17, 11))
    report = week.report()
    assert [(one.week, one.answered) for one in report.answer_weeks] == [(date(2026, 11, 16), 2)]
    assert [(one.channel, one.median) for one in report.answer_channels] == [("call", 60), ("voicemail", 120)]


def test_the_backlog_has_five_ages_and_the_oldest_is_more_than_three_days(week: Week) -> None:
    for when in ((16, 9), (20, 9), (22, 20), (23, 6), (23, 7, 30)):
        week.asks(at(*when))
    assert [one.count for one in week.report(at(23, 8)).backlog] == [1, 1, 1, 1, 1]
    assert week.report(at(23, 8)).backlog[-1] == AgeClass(3 * 24 * 60, None, 1)


def test_a_resolution_leaves_out_the_time_in_which_it_was_the_customers_turn(week: Week) -> None:
    talk = week.asks(at(16, 9))
    week.answers(talk, at(16, 10))  # 60 minutes with us
    week.closes(talk, at(18, 10))
    resolution = week.report().now.resolutions
    assert (resolution.closed, resolution.open, resolution.median) == (1, 0, 60)
    assert resolution.wall_median == 49 * 60


def test_solved_at_once_is_one_answer_and_only_ripe_after_seven_days(week: Week) -> None:
    once, twice = week.asks(at(16, 9)), week.asks(at(16, 9, 30))
    for talk, hours in ((once, (10,)), (twice, (10, 11))):
        for hour in hours:
            week.answers(talk, at(16, hour))
        week.closes(talk, at(16, 12))
    assert week.report(at(22, 12)).now.solved_at_once == Share(0, 0)
    assert week.report(at(23, 13)).now.solved_at_once == Share(1, 2)
    assert week.cases(Figure.SOLVED_AT_ONCE) == [twice]


def test_what_a_colleague_opens_again_by_mistake_is_no_return_of_the_customer(week: Week) -> None:
    talk = week.asks(at(16, 9))
    week.answers(talk, at(16, 10))
    week.closes(talk, at(16, 11))
    reopen_inquiry(week.shop, week.actor, talk)
    week.closes(talk, at(16, 12))
    assert week.report().now.reopened == Share(0, 1)


def test_a_promised_call_is_kept_by_a_try_inside_its_time(week: Week, shop: Shop, sandra: Actor) -> None:
    talks = [week.asks(at(16, 9, minute)) for minute in range(4)]
    for talk in talks:
        promise_callback(shop, sandra, talk, staff_id=sandra.staff_id, phone="0512 555 1", due_at=at(16, 12))
    kept, tried, late, _forgotten = (p.id for p in list_promises(shop, sandra, at(17, 0)))
    week.clock.now = at(16, 11)
    keep_promise(shop, sandra, kept)
    try_promise(shop, sandra, tried)
    week.clock.now = at(16, 13)
    keep_promise(shop, sandra, tried)
    keep_promise(shop, sandra, late)
    report = week.report(at(17, 8))
    assert report.now.callbacks == Callbacks(kept=2, late=1, open=1, tried=3, reached_first=2)
    assert week.cases(Figure.CALLBACKS) == [talks[3], talks[2]]


def test_a_call_that_was_put_off_after_its_time_stays_broken(week: Week, shop: Shop, sandra: Actor) -> None:
    talks = [week.asks(at(16, 9, minute)) for minute in range(2)]
    for talk in talks:
        promise_callback(shop, sandra, talk, staff_id=sandra.staff_id, phone="0512 555 1", due_at=at(16, 12))
    in_time, too_late = (p.id for p in list_promises(shop, sandra, at(17, 0)))
    week.clock.now = at(16, 11)
    move_promise(shop, sandra, in_time, at(17, 10))
    week.clock.now = at(16, 15)
    move_promise(shop, sandra, too_late, at(17, 10))
    week.clock.now = at(17, 9)
    for promise in (in_time, too_late):
        keep_promise(shop, sandra, promise)
    callbacks = week.report(at(18, 8)).now.callbacks
    assert (callbacks.kept, callbacks.late, callbacks.open) == (1, 1, 0)
    assert week.cases(Figure.CALLBACKS) == [talks[1]]


def test_sending_and_closing_in_one_go_is_solved_at_once_until_the_customer_writes_again(
    week: Week, shop: Shop, sandra: Actor
) -> None:
    week.clock.now = at(16, 9)
    receive(shop, letter(message_id="<1@example.org>"), at=at(16, 9))
    talk = only_inquiry(shop)
    reply = {"body": "Morgen um 9.", "seen_version": talk.version, "form_key": "k", "close": True}
    send_reply(shop, sandra, talk.id, **reply)  # type: ignore[arg-type]
    week.clock.now = at(16, 9, 30)
    send_due(shop)
    report = week.report(at(24, 8))
    assert (report.now.solved_at_once, report.now.reopened) == (Share(1, 1), Share(0, 1))
    again = letter("Doch noch eine Frage.", message_id="<2@example.org>", In_Reply_To="<1@example.org>")
    receive(shop, again, at=at(18, 9))
    report = week.report(at(24, 9))
    assert report.now.reopened == Share(1, 1)
    assert week.cases(Figure.REOPENED) == [talk.id]


def test_what_theke_writes_by_itself_is_no_reply(week: Week, shop: Shop, sandra: Actor) -> None:
    week.clock.now = at(16, 9)
    receive(shop, letter(), at=at(16, 9))
    talk = only_inquiry(shop)
    send_reply(shop, sandra, talk.id, body="Morgen.", seen_version=talk.version, form_key="k", template_id=None)
    week.clock.now = at(16, 10)
    send_due(shop)
    with shop.store.write() as tx:
        tx.run("UPDATE message SET role = 'machine' WHERE role = 'answer'")
    assert week.report().now.templates == TemplateUse(0, 0)
    with shop.store.write() as tx:
        tx.run("UPDATE message SET role = 'answer' WHERE role = 'machine'")
    assert week.report().now.templates == TemplateUse(1, 0)


def test_praise_is_quoted_as_it_was_said_and_not_with_the_question_before_it(
    week: Week, shop: Shop, sandra: Actor
) -> None:
    week.clock.now = at(16, 9)
    receive(shop, letter("Haben Sie einen Termin?", message_id="<1@example.org>"), at=at(16, 9))
    thanks = letter("Großartige Arbeit!", message_id="<2@example.org>", In_Reply_To="<1@example.org>")
    week.clock.now = at(17, 9)
    receive(shop, thanks, at=at(17, 9))
    week.clock.now = at(17, 10)
    mark_praise(shop, sandra, only_inquiry(shop).id)
    week.clock.now = at(17, 11)
    receive(shop, letter("Bis morgen.", message_id="<3@example.org>", In_Reply_To="<1@example.org>"), at=at(17, 11))
    assert [quote.words for quote in list_quotes(shop, sandra)] == ["Großartige Arbeit!"]


def test_weeks_and_months_in_which_nothing_happened_keep_their_place(week: Week) -> None:
    week.answers(week.asks(at(2, 9)), at(2, 10))
    week.answers(week.asks(at(16, 9)), at(16, 10))
    report = week.report(at(23, 8), Period(OWN, date(2026, 10, 20), date(2026, 11, 22)))
    mondays = [date(2026, 10, 19) + timedelta(weeks=number) for number in range(5)]
    assert [one.week for one in report.answer_weeks] == mondays
    assert [one.answered for one in report.answer_weeks] == [0, 0, 1, 0, 1]
    assert report.complaint_months == ()  # none ever


def test_a_short_period_says_nothing_about_the_weekdays_it_has_not(week: Week) -> None:
    week.asks(at(16, 9))
    report = week.report(at(23, 8), Period(OWN, date(2026, 11, 16), date(2026, 11, 16)))
    assert {cell.weekday for cell in report.hours} == {0}


def test_contacts_stand_in_their_hour_and_those_at_closed_doors_are_counted(week: Week) -> None:
    for when in ((16, 9, 5), (16, 9, 55), (16, 12, 30), (22, 19)):
        week.asks(at(*when))
    cells = {(cell.weekday, cell.hour): cell for cell in week.report().hours}
    assert len(cells) == 168
    assert (cells[0, 9].contacts, cells[0, 9].outside, cells[0, 9].opened) == (2, 0, 1.0)
    assert (cells[0, 12].contacts, cells[0, 12].outside, cells[0, 12].opened) == (1, 1, 0.0)
    assert (cells[6, 19].contacts, cells[6, 19].outside) == (1, 1)


def test_reasons_cost_their_minutes_and_the_avoidable_ones_their_money(week: Week, shop: Shop, sandra: Actor) -> None:
    status = next(one for one in list_reasons(shop.store) if one.intent == "status")
    first, second, third = (week.asks(at(16, 9, minute)) for minute in range(3))
    for talk, why in ((first, Avoidable.STATUS_ASKED), (second, Avoidable.NO)):
        note_reason(shop, sandra, talk, status.id)
        note_avoidable(shop, sandra, talk, why)
    report = week.report()
    assert [(one.name, one.contacts, one.minutes, one.avoidable) for one in report.reasons] == [
        (status.name, 2, 2 * status.minutes, 1)
    ]
    avoidance = report.now.avoidance
    assert (avoidance.contacts, avoidance.noted, avoidance.avoidable, avoidance.minutes) == (3, 2, 1, status.minutes)
    assert [(kind.kind, kind.contacts) for kind in avoidance.kinds] == [("status_asked", 1)]
    assert week.cases(Figure.AVOIDABLE) == [first]
    assert third != first


def test_a_complaint_is_solved_in_time_within_five_open_days(week: Week, shop: Shop, sandra: Actor) -> None:
    quick, slow, fresh = (week.asks(at(16, 9, minute)) for minute in range(3))
    for talk in (quick, slow):
        mark_complaint(shop, sandra, talk)
    describe_complaint(shop, sandra, quick, cause="Kratzer", cost_cents=12_000, solution="Poliert", lost=False)
    describe_complaint(shop, sandra, slow, cause="Kratzer", cost_cents=3_000, solution="", lost=True)
    week.clock.now = at(23, 17)  # the fifth open day after it
    solve_complaint(shop, sandra, quick, True)
    week.clock.now = at(24, 9)
    mark_complaint(shop, sandra, fresh)
    report = week.report(at(25, 9), Period(OWN, date(2026, 11, 16), date(2026, 11, 25)))
    complaints = report.now.complaints
    assert (complaints.count, complaints.solved_in_time, complaints.judged, complaints.lost) == (3, 1, 2, 1)
    assert (complaints.cost_cents, complaints.jobs, complaints.inquiries) == (15_000, 0, 3)
    assert [(cause.cause, cause.count, cause.cost_cents) for cause in report.causes] == [("Kratzer", 2, 15_000)]


def test_praise_counts_as_passed_on_within_two_days(week: Week, shop: Shop, sandra: Actor) -> None:
    for days in (1, 3, None):
        talk = week.asks(at(16, 9, days or 0))
        mark_praise(shop, sandra, talk)
        if days:
            week.clock.now = at(16, 9) + timedelta(days=days)
            pass_on_praise(shop, sandra, talk)
    praises = week.report().now.praises
    assert (praises.count, praises.passed_on, praises.waiting) == (3, 1, 1)


def test_only_what_somebody_said_about_a_promise_is_counted(week: Week, shop: Shop, sandra: Actor) -> None:
    for minute, kept in ((0, True), (1, False), (2, None)):
        talk = week.asks(at(16, 9, minute))
        week.answers(talk, at(16, 10))
        week.closes(talk, at(16, 11))
        if kept is not None:
            note_kept(shop, sandra, talk, kept)
    assert week.report().now.promises_kept == Share(1, 2)


def test_a_strangers_newsletter_is_in_no_figure(week: Week, shop: Shop, sandra: Actor) -> None:
    dismiss_inquiry(shop, sandra, week.asks(at(16, 9)), always=False)
    report = week.report()
    assert report.now.answers.share == Share(0, 0)
    assert sum(cell.contacts for cell in report.hours) == 0
    assert report.now.avoidance.contacts == 0


def test_quotes_are_the_customers_words_and_own_contacts_are_ones_own(week: Week, shop: Shop, sandra: Actor) -> None:
    amir = hire(shop, "Amir Haddad")
    talk = week.asks(at(16, 9))
    mark_praise(shop, sandra, talk)
    week.answers(talk, at(16, 10))
    week.clock.now = at(17, 9)
    assert [(quote.kind, quote.words) for quote in list_quotes(shop, amir)] == [("praise", "Frage 1")]
    assert (own_contacts(shop, sandra), own_contacts(shop, amir)) == (1, 0)
    now, then = week_report(shop, amir)
    assert (now.answers.answered, then.answers.answered) == (1, 0)


def test_only_an_owner_sees_the_whole(week: Week, shop: Shop) -> None:
    amir = hire(shop, "Amir Haddad")
    with pytest.raises(NotAllowedError):
        show_report(shop, amir, WEEK, Comparison.PREVIOUS)
    with pytest.raises(NotAllowedError):
        list_cases(shop, amir, Figure.IN_GOAL, WEEK)


@pytest.mark.parametrize("figure", Figure)
def test_every_figure_finds_its_cases_or_none(week: Week, figure: Figure) -> None:
    week.asks(at(16, 9))
    week.clock.now = at(23, 9)
    assert isinstance(week.cases(figure), list)
