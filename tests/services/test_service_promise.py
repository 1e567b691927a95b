"""The public promise: shown only when switched on, with enough cases, never rounded up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.records import Actor, StaffRole
from data.report_records import Share
from services import service_promise
from services.service_promise import measured_share, promise_words, promised_percent
from services.settings import save_settings
from services.shop import Shop
from tests.builders import FrozenClock, connect, hire
from tests.services.test_ratings import answered, asks


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    connect(shop)
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


def test_off_too_few_and_shameful_say_nothing(shop: Shop, sandra: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"share": Share(19, 20)}
    monkeypatch.setattr(service_promise, "measured_share", lambda _shop: told["share"])
    assert promise_words(shop) is None
    save_settings(shop, sandra, service_promise=True)
    assert promise_words(shop) == Share(19, 20)
    for shy in (Share(19, 19), Share(9, 20), Share(0, 0)):
        told["share"] = shy
        assert promise_words(shop) is None
    told["share"] = Share(10, 20)
    assert promise_words(shop) == Share(10, 20)


def test_it_is_counted_from_what_was_answered_and_kept_for_a_while(
    shop: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    for number in range(3):
        answered(shop, sandra, f"Kunde {number}")
    late = asks(shop, sandra, "Karl Egger")
    clock.forward(days=1)
    assert measured_share(shop) == Share(3, 4)
    answered(shop, sandra, "Noch einer")
    assert measured_share(shop) == Share(3, 4)
    clock.forward(minutes=11)
    assert measured_share(shop) == Share(4, 5)
    clock.now += timedelta(days=120)
    assert measured_share(shop) == Share(0, 0)
    assert late


def test_the_promise_tells_the_figure_that_the_owner_reads_and_never_all_of_what_is_less() -> None:
    shares = [promised_percent(Share(*pair)) for pair in ((189, 200), (199, 200), (20, 20), (30, 33))]
    assert shares == [94, 99, 100, 91]
