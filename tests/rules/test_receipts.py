"""Whether a receipt goes out: one rule, whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.receipts import (
    LATEST,
    MANY,
    MOST_AN_HOUR,
    ReceiptFacts,
    ReceiptFate,
    normal_address,
    receipt_verdict,
)

GOOD = ReceiptFacts("maria@example.org", frozenset({"info@kfz.example"}), True, False, timedelta(0), True, 1, 0, 0)


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        ({}, ReceiptFate.WRITTEN),
        ({"address": ""}, ReceiptFate.OWN),
        ({"address": "info@kfz.example"}, ReceiptFate.OWN),
        ({"is_person": False}, ReceiptFate.MACHINE),
        ({"answers_ours": True}, ReceiptFate.LOOP),
        ({"known_for": LATEST}, ReceiptFate.WRITTEN),
        ({"known_for": LATEST + timedelta(seconds=1)}, ReceiptFate.LATE),
        ({"has_time": False}, ReceiptFate.LATE),
        ({"to_address": 1}, ReceiptFate.RECENT),
        ({"from_address": MANY}, ReceiptFate.WRITTEN),
        ({"from_address": MANY + 1}, ReceiptFate.MANY),
        ({"this_hour": MOST_AN_HOUR - 1}, ReceiptFate.WRITTEN),
        ({"this_hour": MOST_AN_HOUR}, ReceiptFate.MANY),
        ({"by_hand": True}, ReceiptFate.BY_HAND),
        ({"call_only": True}, ReceiptFate.CALL_ONLY),
    ],
)
def test_each_reason(change: dict[str, object], fate: ReceiptFate) -> None:
    assert receipt_verdict(replace(GOOD, **change)) is fate  # type: ignore[arg-type]


@settings(max_examples=100)
@given(
    st.builds(
        ReceiptFacts,
        address=st.sampled_from(["", "a@example.org", "info@kfz.example"]),
        own=st.just(frozenset({"info@kfz.example"})),
        is_person=st.booleans(),
        answers_ours=st.booleans(),
        known_for=st.integers(0, 120).map(lambda minutes: timedelta(minutes=minutes)),
        has_time=st.booleans(),
        from_address=st.integers(0, 30),
        to_address=st.integers(0, 2),
        this_hour=st.integers(0, 40),
        by_hand=st.booleans(),
        call_only=st.booleans(),
    )
)
def test_nothing_is_written_while_a_single_reason_speaks_against_it(facts: ReceiptFacts) -> None:
    against = [
        not facts.address,
        facts.address in facts.own,
        not facts.is_person,
        facts.answers_ours,
        facts.known_for > LATEST,
        not facts.has_time,
        facts.from_address > MANY,
        facts.to_address > 0,
        facts.this_hour >= MOST_AN_HOUR,
        facts.by_hand,
        facts.call_only,
    ]
    assert (receipt_verdict(facts) is ReceiptFate.WRITTEN) is not any(against)


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("Maria.Hofer@Example.ORG", "maria.hofer@example.org"),
        ("maria+shop@example.org", "maria@example.org"),
        ("maria+a+b@example.org", "maria@example.org"),
        ("m.a.r.i.a@gmail.com", "maria@gmail.com"),
        ("maria+x@googlemail.com", "maria@gmail.com"),
        ("maria@müller.example", "maria@xn--mller-kva.example"),
        ("maria@example.org.", "maria@example.org"),
        ("+x@example.org", ""),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_one_person_behind_many_spellings(written: str, person: str) -> None:
    assert normal_address(written) == person
