"""A field for one day. Which days make sense a service says in a sentence, not Streamlit by keeping the day before."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import streamlit as st

# Without bounds of its own a field reaches ten years around its first day: what somebody types outside of them is not
# taken, and the day that stood there before is saved without a word.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def date_field(
    label: str,
    first: date | Literal["today"] | None = "today",
    *,
    key: str,
    **more: Any,  # noqa: ANN401 what st.date_input takes besides
) -> date | None:
    """Draw it; the day in it, None for an empty one. A day in the state that no field can show becomes the nearest."""
    kept = st.session_state.get(key)
    if isinstance(kept, date) and kept != reachable(kept):
        st.session_state[key] = reachable(kept)
    day = st.date_input(label, first, min_value=EARLIEST, max_value=LATEST, format="DD.MM.YYYY", key=key, **more)
    return day if isinstance(day, date) else None


def reachable(day: date) -> date:
    """The nearest day that a field can show."""
    return min(max(day, EARLIEST), LATEST)
