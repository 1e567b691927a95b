"""Focus hours: what came in them stands in the digest and nothing else, urgent ones pass, mails to the owner wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.records import Actor, Channel, OpeningHours, StaffRole
from services import focus, noting, wrap_ups
from services.errors import InvalidInputError, NotAllowedError
from services.focus import FocusDigest, focus_digest, focus_until
from services.notices import look_after_notices, save_wishes
from services.noting import Outcome
from services.promises import promise_callback
from services.rules.focus_times import NEVER, Week
from services.settings import put_settings
from services.shop import Shop
from tests.builders import MONDAY, FakeMailer, FrozenClock, connect, hire, letter, receive

MORNING, LUNCH = (540, 630), (690, 810)  # 9:00–10:30 and 11:30–13:30 in Vienna
DAILY: Week = ((MORNING, LUNCH),) * 5 + ((), ())


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    with shop.store.write() as tx:
        put_settings(tx, {"closed_on_holidays": False}, shop.now())
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def at(clock: FrozenClock, hour: int, minute: int = 0, day: int = 0) -> None:
    """The clock stands at this time of Vienna, `day` days after Monday, 23 November."""
    clock.now = MONDAY.replace(hour=hour - 1, minute=minute) + timedelta(days=day)


def plan(shop: Shop, owner: Actor, clock: FrozenClock, week: Week = DAILY) -> None:
    at(clock, 8)
    focus.save_focus_hours(shop, owner, on=True, week=week)


def write(shop: Shop, name: str, text: str = "Guten Tag, was kostet ein Ölwechsel?") -> int:
    receive(shop, letter(text, sender=f"{name} <{name.lower()}@example.org>", subject=f"Von {name}"))
    return int(shop.store.read("SELECT max(id) FROM inquiry")[0][0])


def names(digest: FocusDigest | None) -> list[str]:
    return [line.row.customer_name for line in digest.lines] if digest else []


def test_off_at_first_and_set_by_the_owner_alone(shop: Shop, sandra: Actor) -> None:
    assert focus.read_focus_hours(shop.store) == focus.FocusHours(False, NEVER)
    assert focus_until(shop) is None
    with pytest.raises(NotAllowedError):
        focus.save_focus_hours(shop, hire(shop, "Amir"), on=True, week=DAILY)
    for week in (NEVER, (((540, 500),), *NEVER[1:]), (((540, 600), (590, 700)), *NEVER[1:]), DAILY[:6]):
        with pytest.raises(InvalidInputError):
            focus.save_focus_hours(shop, sandra, on=True, week=week)


def test_the_digest_lists_exactly_what_came_in_both_times_of_a_day(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    plan(shop, sandra, clock)
    told = ((8, 59, "Vorher"), (9, 0, "Erste"), (10, 29, "Letzte"), (10, 30, "Danach"), (12, 30, "Mittags"))
    for hour, minute, name in (*told, (14, 0, "Spät")):
        at(clock, hour, minute)
        write(shop, name)
        if name == "Letzte":
            assert focus_until(shop) == clock.now + timedelta(minutes=1)
            assert focus_digest(shop, sandra) is None  # nothing before its end
        if name == "Danach":
            assert focus_until(shop) is None
            assert names(focus_digest(shop, sandra)) == ["Erste", "Letzte"]
    digest = focus_digest(shop, sandra)
    assert names(digest) == ["Erste", "Letzte", "Mittags"]
    assert digest
    assert not digest.urgent
    focus.mark_seen(shop, sandra, digest.until)
    assert focus_digest(shop, sandra) is None
    assert names(focus_digest(shop, hire(shop, "Amir"))) == [
        "Erste",
        "Letzte",
        "Mittags",
    ]  # each sees it for themselves


def test_machines_and_own_notes_are_no_news_and_a_second_message_is(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    amir = hire(shop, "Amir")
    plan(shop, sandra, clock)
    at(clock, 8, 30)
    write(shop, "Maria")
    at(clock, 9, 10)
    write(shop, "Maria", "Haben Sie meine Mail?")
    receive(shop, letter("Aktion!", sender="News <news@example.org>", Precedence="bulk", List_Id="<n.example.org>"))
    call: dict[str, Any] = {
        "need": "Bittet um Rückruf",
        "reach": "0512 555 873",
        "channel": Channel.CALL,
        "outcome": Outcome.MESSAGE,
    }
    noting.note_contact(shop, amir, who="Hr. Novak", **call)
    at(clock, 10, 30)
    assert names(focus_digest(shop, sandra)) == ["Maria", "Hr. Novak"]
    assert names(focus_digest(shop, amir)) == ["Maria"]


def test_ended_early_it_holds_what_came_until_then(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    plan(shop, sandra, clock)
    at(clock, 9, 20)
    write(shop, "Erste")
    at(clock, 9, 30)
    focus.end_focus(shop, hire(shop, "Amir"))
    assert focus_until(shop) is None
    at(clock, 9, 40)
    write(shop, "Zweite")
    assert names(focus_digest(shop, sandra)) == ["Erste"]
    at(clock, 11, 45)
    assert focus_until(shop) is not None  # the next one comes as planned
    at(clock, 9, 40, day=1)
    assert focus_until(shop) is not None


def test_new_hours_change_nothing_of_the_past_and_old_times_are_forgotten(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    plan(shop, sandra, clock)
    at(clock, 9, 15)
    write(shop, "Erste")
    at(clock, 11)
    focus.save_focus_hours(shop, sandra, on=False, week=DAILY)
    assert focus.read_focus_hours(shop.store) == focus.FocusHours(False, DAILY)
    assert names(focus_digest(shop, sandra)) == ["Erste"]
    at(clock, 12)
    assert focus_until(shop) is None
    at(clock, 11, day=5)
    assert focus_digest(shop, sandra) is None


def test_over_the_night_in_which_the_clocks_change(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    clock.now = datetime(2027, 3, 27, 6, tzinfo=UTC)
    with shop.store.write() as tx:
        put_settings(tx, {"hours": OpeningHours("Europe/Vienna", (((0, 1440),),) * 7)}, shop.now())
    focus.save_focus_hours(shop, sandra, on=True, week=(((60, 240),),) * 7)  # 1:00–4:00, of which one hour is skipped
    for minute, name in ((-1, "Vorher"), (0, "Erste"), (119, "Letzte"), (120, "Danach")):
        clock.now = datetime(2027, 3, 28, 0, tzinfo=UTC) + timedelta(minutes=minute)
        write(shop, name)
    assert names(focus_digest(shop, sandra)) == ["Erste", "Letzte"]


def test_what_is_urgent_passes_and_is_marked(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    plan(shop, sandra, clock)
    at(clock, 9, 5)
    calm, loud = write(shop, "Ruhig"), write(shop, "Laut", "Bitte sofort anrufen!")
    blamed, called = write(shop, "Ärger"), write(shop, "Rückruf")
    wrap_ups.mark_complaint(shop, sandra, blamed)
    due = shop.now() + timedelta(minutes=10)
    promise_callback(shop, sandra, called, staff_id=sandra.staff_id, phone="0512 555 873", due_at=due)
    assert focus.pressing_among(shop, [calm, loud, blamed, called, 4711]) == {loud, blamed, called}
    at(clock, 10, 30)
    digest = focus_digest(shop, sandra)
    assert digest
    assert digest.urgent == {loud, blamed, called}
    at(clock, 9, 10, day=1)  # past the goal, whatever the words
    assert calm in focus.pressing_among(shop, [calm])


def test_mails_to_the_owner_wait_for_the_end(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    save_wishes(shop, sandra, owner_mail="sandra@example.org", digest=True, look_back=False)
    at(clock, 8)
    write(shop, "Wartet")
    plan(shop, sandra, clock, (((780, 1080),),) * 7)  # until the shop closes at 18:00
    at(clock, 17, 59)
    look_after_notices(shop)
    assert not mailer.sent
    at(clock, 18, 1)
    look_after_notices(shop)
    assert len(mailer.sent) == 1


def test_the_mail_of_a_day_never_leaves_as_the_next_day_s(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    mailer = shop.mailer
    assert isinstance(mailer, FakeMailer)
    save_wishes(shop, sandra, owner_mail="sandra@example.org", digest=True, look_back=False)
    with shop.store.write() as tx:
        hours = OpeningHours("Europe/Vienna", (((480, 1440),),) * 7)
        put_settings(tx, {"hours": hours}, shop.now())
    plan(shop, sandra, clock, (((1200, 1440),),) * 7)  # 20:00–24:00
    at(clock, 9)
    write(shop, "Anna")
    for hour, minute, day, mails in ((23, 50, 0, 0), (0, 5, 1, 0), (19, 0, 1, 1)):
        clock.now = MONDAY.replace(hour=0, minute=minute) + timedelta(days=day, hours=hour - 1)
        look_after_notices(shop)
        assert len(mailer.sent) == mails


def test_saving_the_hours_starts_no_focus_time_that_was_ended(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    plan(shop, sandra, clock)
    at(clock, 9, 30)
    focus.end_focus(shop, sandra)
    at(clock, 9, 40)
    focus.save_focus_hours(shop, sandra, on=True, week=DAILY)
    assert focus_until(shop) is None
    at(clock, 9, 45)
    write(shop, "Danach")
    at(clock, 11)
    assert focus_digest(shop, sandra) is None
    at(clock, 12)
    assert focus_until(shop) is not None
