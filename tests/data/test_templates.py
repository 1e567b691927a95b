from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data.store import Store
from data.templates import (
    change_template,
    deactivate_template,
    insert_template,
    list_codes,
    list_templates,
    read_template,
)

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return Store.open(None)


def add(store: Store, name: str, code: str = "") -> int:
    with store.write() as tx:
        return insert_template(tx, code=code, name=name, subject="Betreff", body="Zeile 1\n{x} 'Ü'", now=NOW)


def test_templates_come_in_the_order_they_were_added(store: Store) -> None:
    ids = [add(store, name) for name in ("Zweitens", "Erstens")]
    assert [t.id for t in list_templates(store)] == ids
    assert [t.position for t in list_templates(store)] == [1, 2]


def test_a_template_comes_back_as_it_was_kept(store: Store) -> None:
    found = read_template(store, add(store, "Danke", "V12a"))
    assert found is not None
    assert (found.code, found.name, found.subject, found.body) == ("V12a", "Danke", "Betreff", "Zeile 1\n{x} 'Ü'")


def test_a_change_keeps_code_and_place(store: Store) -> None:
    template_id = add(store, "Alt", "V2")
    with store.write() as tx:
        assert change_template(tx, template_id, name="Neu", subject="", body="B", now=NOW)
    found = read_template(store, template_id)
    assert found is not None
    assert (found.code, found.name, found.body, found.position) == ("V2", "Neu", "B", 1)


def test_a_deleted_one_is_gone_for_readers_and_cannot_be_changed(store: Store) -> None:
    template_id = add(store, "Alt", "V2")
    with store.write() as tx:
        assert deactivate_template(tx, template_id, NOW)
        assert not deactivate_template(tx, template_id, NOW)
        assert not change_template(tx, template_id, name="x", subject="", body="y", now=NOW)
    assert list_templates(store) == []
    assert read_template(store, template_id) is None
    assert list_codes(store) == {"V2"}
