"""Choosing one of a few: all of them in sight, or a list that opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

from pages.parts.session import Desk
from services.staff import list_staff

T = TypeVar("T")


def choose_in_sight(
    label: str,
    words: Mapping[T, str],
    start: T,
    *,
    key: str,
    on_change: Any = "ignore",  # noqa: ANN401
    **look: Any,  # noqa: ANN401
) -> None:
    """All choices side by side, one always chosen, at first `start` or else the first; `words` tells each."""
    st.segmented_control(
        label,
        list(words),
        default=start if start in words else next(iter(words)),
        required=True,
        format_func=lambda choice: words[choice],
        key=key,
        on_change=on_change,
        **look,
    )


def choose_from_list(desk: Desk, label: str, words: Mapping[T, str], start: T, *, key: str, **look: Any) -> None:  # noqa: ANN401
    """A list that opens; at first `start` is chosen, or else the first; `words` tells each."""
    _ = desk.say
    options = list(words)
    st.selectbox(
        label,
        options,
        options.index(start) if start in words else 0,
        format_func=lambda choice: words.get(choice, ""),
        key=key,
        placeholder=_("Bitte wählen"),
        **look,
    )


def choose_staff(desk: Desk, label: str, *, key: str, anybody: bool = False) -> None:
    """A list of the people who work here; it begins with the one at the screen. With `anybody` 0 is whoever is free."""
    _ = desk.say
    people = {person.id: person.name for person in list_staff(desk.shop.store) if person.active}
    people |= {0: _("Wer frei ist")} if anybody else {}
    choose_from_list(desk, label, people, desk.actor.staff_id, key=key)
