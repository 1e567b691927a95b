"""How content customers are: who may say so and when, what is kept, and what the figure makes of it."""

from __future__ import annotations

import ast
import random
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

import data.ratings
import data.report_ratings
import data.settings
from data.records import Actor, Channel, CloseReason, StaffRole
from data.report_records import Basis, Figure, Ratings
from services.closing import close_inquiry, dismiss_inquiry, merge_inquiries, reopen_inquiry
from services.conversations import open_conversation
from services.errors import InvalidInputError, NotFoundError
from services.noting import Outcome, log_call, note_contact
from services.ratings import (
    BY_PHONE,
    IN_SHOP,
    LONGEST_WORDS,
    add_words,
    may_note,
    may_rate,
    note_rating,
    own_rating,
    rate,
    read_rating,
)
from services.reports import list_cases, show_report
from services.rules.periods import OWN, Comparison, Period
from services.settings import save_settings
from services.shop import Shop
from tests.architecture.house import sources, strings
from tests.builders import FrozenClock, connect, hire

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def asks(shop: Shop, actor: Actor, who: str = "Maria Hofer") -> int:
    """A customer leaves word and waits."""
    reach = f"0512 555 {abs(hash(who)) % 900 + 100}"
    return note_contact(
        shop, actor, who=who, need="Wann ist es fertig?", reach=reach, channel=Channel.CALL, outcome=Outcome.MESSAGE
    )


def answered(shop: Shop, actor: Actor, who: str = "Maria Hofer") -> int:
    inquiry_id = asks(shop, actor, who)
    log_call(shop, actor, inquiry_id, reached=True, words="Ist fertig.")
    return inquiry_id


def test_only_what_was_answered_or_closed_can_be_rated(shop: Shop, sandra: Actor, clock: FrozenClock) -> None:
    inquiry_id = asks(shop, sandra)
    assert not may_rate(shop.store, inquiry_id)
    with pytest.raises(InvalidInputError):
        rate(shop, inquiry_id, 5)
    clock.forward(minutes=5)
    log_call(shop, sandra, inquiry_id, reached=True, words="Ist fertig.")
    assert may_rate(shop.store, inquiry_id)
    other = asks(shop, sandra, "Karl Egger")
    close_inquiry(shop, sandra, other, CloseReason.DEALT_WITH)
    assert may_rate(shop.store, other)
    reopen_inquiry(shop, sandra, other)
    assert not may_rate(shop.store, other)


def test_a_second_rating_takes_the_place_and_keeps_the_words_of_the_same_side(shop: Shop, sandra: Actor) -> None:
    inquiry_id = answered(shop, sandra)
    with pytest.raises(NotFoundError):
        add_words(shop, inquiry_id, "zu früh")
    rate(shop, inquiry_id, 2)
    add_words(shop, inquiry_id, "Zu langsam.\nDrei Tage!\x00")
    rate(shop, inquiry_id, 1)
    found = read_rating(shop.store, inquiry_id)
    assert found is not None
    assert (found.value, found.words, found.way) == (1, "Zu langsam.\nDrei Tage!", "status")
    rate(shop, inquiry_id, 4)
    found = read_rating(shop.store, inquiry_id)
    assert found is not None
    assert (found.value, found.words) == (4, "")


def test_what_was_given_by_the_mails_link_the_forms_neither_shows_nor_changes(shop: Shop, sandra: Actor) -> None:
    inquiry_id = answered(shop, sandra)
    rate(shop, inquiry_id, 1, by_mail_link=True)
    add_words(shop, inquiry_id, "Geheim", by_mail_link=True)
    assert own_rating(shop.store, inquiry_id, by_mail_link=False) is None
    with pytest.raises(NotFoundError):
        rate(shop, inquiry_id, 5)
    with pytest.raises(NotFoundError):
        add_words(shop, inquiry_id, "x")
    given = own_rating(shop.store, inquiry_id, by_mail_link=True)
    assert given is not None
    assert (given.value, given.words) == (1, "Geheim")


def test_what_staff_wrote_down_is_not_on_the_page_and_no_customer_writes_on(shop: Shop, sandra: Actor) -> None:
    inquiry_id = answered(shop, sandra)
    note_rating(shop, sandra, inquiry_id, 2, "grantig", way=BY_PHONE)
    assert own_rating(shop.store, inquiry_id, by_mail_link=False) is None
    with pytest.raises(NotFoundError):
        add_words(shop, inquiry_id, "x")
    rate(shop, inquiry_id, 2)
    assert own_rating(shop.store, inquiry_id, by_mail_link=False).words == ""  # type: ignore[union-attr]
    save_settings(shop, sandra, ratings=False)
    with pytest.raises(InvalidInputError):
        add_words(shop, inquiry_id, "x")


@pytest.mark.parametrize("value", [0, 6, -1])
def test_impossible_values_are_refused(shop: Shop, sandra: Actor, value: int) -> None:
    inquiry_id = answered(shop, sandra)
    with pytest.raises(InvalidInputError):
        rate(shop, inquiry_id, value)
    with pytest.raises(InvalidInputError):
        note_rating(shop, sandra, inquiry_id, 5, "x" * (LONGEST_WORDS + 1), way=IN_SHOP)
    assert read_rating(shop.store, inquiry_id) is None


def test_switched_off_asks_nobody_but_what_is_said_can_be_noted(shop: Shop, sandra: Actor) -> None:
    save_settings(shop, sandra, ratings=False)
    inquiry_id = answered(shop, sandra)
    with pytest.raises(InvalidInputError):
        rate(shop, inquiry_id, 5)
    note_rating(shop, sandra, inquiry_id, 5, "Sehr nett!", way=BY_PHONE)
    assert open_conversation(shop, sandra, inquiry_id).rating is not None


def test_nobody_here_changes_what_a_customer_gave(shop: Shop, sandra: Actor) -> None:
    inquiry_id = answered(shop, sandra)
    rate(shop, inquiry_id, 1)
    with pytest.raises(InvalidInputError):
        note_rating(shop, sandra, inquiry_id, 5, way=IN_SHOP)
    with pytest.raises(InvalidInputError):
        note_rating(shop, sandra, answered(shop, sandra, "Karl Egger"), 5, way="status")
    talk = open_conversation(shop, sandra, inquiry_id)
    assert not may_note(talk.inquiry, talk.rating)


def test_it_moves_no_clock_and_stays_with_its_page_when_inquiries_are_joined(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    first, second = answered(shop, sandra), answered(shop, sandra, "Karl Egger")
    before = open_conversation(shop, sandra, second).inquiry
    rate(shop, first, 5)
    clock.forward(minutes=1)
    rate(shop, second, 2)
    assert open_conversation(shop, sandra, second).inquiry == before
    merge_inquiries(shop, sandra, first, second)
    joined = read_rating(shop.store, first)
    assert joined is not None
    assert (joined.inquiry_id, joined.value) == (second, 2)
    rate(shop, first, 4)
    assert [data.ratings.read_own(shop.store, each).value for each in (first, second)] == [4, 2]  # type: ignore[union-attr]


def test_the_figure_counts_the_content_and_lists_the_discontent_first(shop: Shop, sandra: Actor) -> None:
    values = (5, 4, 4, 3, 1, 5, 2)
    ids = [answered(shop, sandra, f"Kunde {number}") for number, _ in enumerate(values)]
    for inquiry_id, value in zip(ids, values, strict=True):
        rate(shop, inquiry_id, value)
    add_words(shop, ids[4], "Nie wieder.")
    dismiss_inquiry(shop, sandra, ids[0], always=False)
    today = shop.now().date()
    period = Period(OWN, today, today)
    report = show_report(shop, sandra, period, Comparison.PREVIOUS)
    assert report.now.ratings.counts == (1, 2, 1, 1, 1)
    assert [month.month for month in report.rating_months] == [today.replace(day=1)]
    cases = [line.row.id for line in list_cases(shop, sandra, Figure.SATISFACTION, period)]
    assert cases[:3] == [ids[4], ids[6], ids[3]]
    assert ids[0] not in cases


@dataclass(frozen=True)
class Said:
    """One inquiry of a random history."""

    id: int
    first_response_at: datetime | None
    dismissed: bool
    merged_into: int | None
    has_page: bool
    rating: tuple[int, str, datetime] | None


def naive_ratings(history: list[Said], start: datetime, end: datetime, asking_since: datetime) -> Ratings:
    """The figure once more, the slow and obvious way."""
    shown = {one.id: one for one in history}
    counts, invited = [0] * 5, set()
    for one in history:
        target = shown[one.merged_into] if one.merged_into else one
        if one.rating and not target.dismissed and start <= one.rating[2] < end:
            counts[5 - one.rating[0]] += 1
        answered_at = target.first_response_at
        if one.has_page and not target.dismissed and answered_at and max(start, asking_since) <= answered_at < end:
            invited.add(target.id)
    by_page = {one.merged_into or one.id for one in history if one.rating and one.rating[1] == "status"}
    replied = invited & by_page
    five, four, three, two, one_ = counts
    return Ratings(five, four, three, two, one_, len(invited), len(replied))


def test_the_query_finds_what_a_naive_reader_finds(shop: Shop) -> None:
    dice, start = random.Random(3), datetime(2026, 10, 1, tzinfo=UTC)
    end = start + timedelta(days=45)
    for _round in range(6):
        history = [_random_inquiry(dice, number, start) for number in range(1, 25)]
        _write(shop, history)
        since = start + timedelta(days=_round * 6)
        with shop.store.write() as tx:
            data.settings.write_setting(tx, "ratings", "true", since)
        basis = Basis(start, end, end, (), 240, "Europe/Vienna")
        total, months = data.report_ratings.ratings(shop.store, basis)
        assert total == naive_ratings(history, start, end, since)
        assert {month.month for month in months} <= {date(2026, m, 1) for m in (10, 11)}
        assert sum(month.share.cases for month in months) == total.share.cases


def _random_inquiry(dice: random.Random, number: int, start: datetime) -> Said:
    def moment() -> datetime:
        return start + timedelta(days=dice.randrange(-10, 55), minutes=dice.randrange(1440))

    merged = dice.randrange(1, number) if number > 3 and dice.random() < 0.15 else None
    rated = (dice.randint(1, 5), dice.choice(["status", "phone", "shop"]), moment())
    return Said(
        id=number,
        first_response_at=moment() if dice.random() < 0.7 else None,
        dismissed=dice.random() < 0.1,
        merged_into=merged if merged is not None and merged <= 3 else None,  # of the first three none is merged
        has_page=dice.random() < 0.6,
        rating=rated if dice.random() < 0.6 else None,
    )


def _write(shop: Shop, history: list[Said]) -> None:
    with shop.store.write() as tx:
        for table in ("inquiry", "status_page", "rating"):
            tx.run(f"DELETE FROM {table}")
        for one in history:
            _write_inquiry(tx, one)


def _write_inquiry(tx: object, one: Said) -> None:
    inquiry = {
        "id": one.id, "customer_id": 1, "subject": "", "channel": "form", "started_by": "customer", "next_step": "",
        "merged_into": one.merged_into, "dismissed": one.dismissed, "created_at": datetime(2026, 9, 1, tzinfo=UTC),
        "state": "closed", "contacts_waiting": 0, "first_response_at": one.first_response_at, "close_reason": "",
        "reopened": 0, "last_message_at": datetime(2026, 9, 1, tzinfo=UTC), "snippet": "", "version": 0,
    }  # fmt: skip
    tx.insert("inquiry", inquiry)  # type: ignore[attr-defined]
    if one.has_page:
        page = {"inquiry_id": one.id, "secret": f"s{one.id}", "mail_secret": f"m{one.id}",
                "form_key": "", "name": "", "mail": "", "phone": "", "language": "de",
                "created_at": datetime(2026, 9, 1, tzinfo=UTC)}  # fmt: skip
        tx.insert("status_page", page)  # type: ignore[attr-defined]
    if one.rating:
        value, way, at = one.rating
        data.ratings.put_rating(tx, data.ratings.Rating(one.id, value, "", way, at))  # type: ignore[arg-type]


# Every file in which words of mails to customers stand.
WRITING = ("template_texts", "booking_words", "receipt_words", "wish_words", "offering_texts")
ASKING = re.compile(
    "bewert|rezension|feedback|umfrage|zufrieden|sternen? |weiterempfehl|google"
    "|\\breview|\\brat(?:e|ing)\\b|survey|satisfied",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", WRITING)
def test_no_mail_of_ours_asks_how_content_somebody_is(name: str) -> None:
    """BGH VI ZR 225/17: a mail that asks for a rating is advertising, whatever else it says."""
    tree = sources()[f"services/{name}.py"]
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    texts = [text for text in strings(tree) if text not in docs]
    assert texts
    assert [text for text in texts if ASKING.search(text)] == []
