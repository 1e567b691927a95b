"""A list on an open page: rows keep their place while the world changes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.dom import script
from pages.parts.rows import keep_places


def row(ident: int, text: str = "") -> dict[str, object]:
    return {"id": ident, "text": text, "tone": "late", "flag": "", "alert": "", "badge": None}


def test_changed_rows_stay_in_place_and_new_ones_are_only_counted() -> None:
    kept = keep_places([row(1), row(2)], [row(3), row(2, "neu"), row(1)], "Erledigt")
    assert [item["id"] for item in kept.items] == [1, 2]
    assert kept.items[1]["text"] == "neu"
    assert kept.new == 1


def test_a_row_that_is_done_stays_grey_until_the_next_look() -> None:
    kept = keep_places([row(1), row(2)], [row(2)], "Erledigt")
    assert kept.items[0]["gone"]
    assert kept.items[0]["badge"] == {"icon": "check", "word": "Erledigt"}
    assert kept.items[0]["tone"] == "customer"


def test_a_row_that_comes_back_is_alive_again() -> None:
    gone = keep_places([row(1)], [], "Erledigt").items
    assert not keep_places(gone, [row(1)], "Erledigt").items[0].get("gone")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_places_never_move(shown: list[int], fresh: list[int]) -> None:
    kept = keep_places([row(i) for i in shown], [row(i) for i in fresh], "Erledigt")
    assert [item["id"] for item in kept.items] == shown
    assert kept.new == len(set(fresh) - set(shown))


def test_the_nodes_of_every_component_are_built_by_the_same_functions() -> None:
    scripts = [script(name) for name in ("rows.js", "thread.js", "reply.js")]
    assert [text.count("const make = ") for text in scripts] == [1, 1, 1]
    assert all(text.index("const make = ") < text.index("export default") for text in scripts)


def test_what_one_made_oneself_comes_in_behind_the_row_before_it() -> None:
    kept = keep_places([row(1), row(2)], [row(1), row(5), row(6), row(2)], "Erledigt", own={6})
    assert ([item["id"] for item in kept.items], kept.new) == ([1, 6, 2], 1)
    first = keep_places([row(1)], [row(7), row(1)], "Erledigt", own={7})
    assert [item["id"] for item in first.items] == [7, 1]


def test_a_row_of_a_promise_is_ones_own_by_its_inquiry() -> None:
    promise = {**row(40), "target": 7}
    assert keep_places([row(1)], [promise], "Erledigt", own={7}).new == 0


def test_a_row_that_ended_says_how_and_is_not_struck_out() -> None:
    kept = keep_places([{**row(1), "acts": [{"name": "kept"}]}], [], "Nicht mehr hier", ended={1: "Erreicht"})
    (item,) = kept.items
    assert (item["badge"]["word"], item["over"], item["gone"], item["acts"]) == ("Erreicht", True, False, [])
