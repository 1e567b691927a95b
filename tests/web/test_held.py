from __future__ import annotations

from pages.login.held import Held


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_held_text_is_forgotten_five_minutes_after_its_last_change() -> None:
    clock = Seconds()
    held = Held(clock)
    name = held.put("", "4")
    clock.now += 299
    assert held.put(name, "47") == name
    clock.now += 299
    assert held.get(name) == "47"
    clock.now += 2
    assert held.get(name) == ""


def test_nobody_chooses_the_name_of_what_is_held() -> None:
    held = Held()
    assert held.put("mine", "1") != "mine"
    assert len(held.put("", "1")) >= 22


def test_strangers_cannot_fill_the_memory() -> None:
    held = Held()
    first = held.put("", "1")
    last = [held.put("", "2") for _ in range(600)][-1]
    assert held.get(first) == ""
    assert held.get(last) == "2"


def test_what_was_dropped_is_gone() -> None:
    held = Held()
    name = held.put("", "1")
    held.drop(name)
    held.drop(name)
    assert held.get(name) == ""
