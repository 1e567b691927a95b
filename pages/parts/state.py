"""What an open tab remembers between runs; every key of session_state has its one place here."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import streamlit as st

_ASKED, _SAID, _TROUBLE, _GOTO, _PAGE = "theke/asked", "theke/said", "theke/trouble", "theke/goto", "theke/page"


def ask(dialog: str, *args: Any) -> None:  # noqa: ANN401 - each dialog has its own arguments
    """Open `dialog` at the end of the next full run."""
    st.session_state[_ASKED] = (dialog, args)


def take_asked() -> tuple[str, tuple[Any, ...]] | None:
    """The dialog to open in this run, once."""
    asked: tuple[str, tuple[Any, ...]] | None = st.session_state.pop(_ASKED, None)
    return asked


def tell(sentence: str) -> None:
    """Say `sentence` in a toast at the next full run."""
    st.session_state.setdefault(_SAID, []).append(sentence)


def take_said() -> list[str]:
    """The sentences to say now, once."""
    said: list[str] = st.session_state.pop(_SAID, [])
    return said


def trouble(sentence: str) -> None:
    """Remember why the last tap did not work."""
    st.session_state[_TROUBLE] = sentence


def take_trouble() -> str:
    """Why the last tap did not work, once; '' if it did."""
    return str(st.session_state.pop(_TROUBLE, ""))


def go_to(inquiry_id: int) -> None:
    """Open this inquiry as soon as the page runs again."""
    st.session_state[_GOTO] = inquiry_id


def take_goto() -> int | None:
    """The inquiry to open now, once."""
    target: int | None = st.session_state.pop(_GOTO, None)
    return target


def enter_page(page: str) -> None:
    """Forget kept places of lists and trouble when another page opens; they hold only while a page is open."""
    if st.session_state.get(_PAGE) == page:
        return
    st.session_state[_PAGE] = page
    st.session_state.pop(_TROUBLE, None)
    for key in [key for key in st.session_state if str(key).startswith("theke/list/")]:
        del st.session_state[key]


def kept_list(name: str) -> tuple[str, list[dict[str, Any]]] | None:
    """(filter, rows) of a list as it was last shown on this page."""
    kept: tuple[str, list[dict[str, Any]]] | None = st.session_state.get(f"theke/list/{name}")
    return kept


def keep_list(name: str, wanted: str, rows: list[dict[str, Any]]) -> None:
    """Remember a list as shown under the filter `wanted`."""
    st.session_state[f"theke/list/{name}"] = (wanted, rows)


def forget_list(name: str) -> None:
    """Show the list afresh next time."""
    st.session_state.pop(f"theke/list/{name}", None)


def revision(inquiry_id: int) -> str:
    """Which text the reply box shows; a new one makes it take the server's draft."""
    made: str = st.session_state.setdefault(f"theke/revision/{inquiry_id}", token_hex(8))
    return made


def renew_draft(inquiry_id: int) -> None:
    """The server's draft is now another text."""
    st.session_state[f"theke/revision/{inquiry_id}"] = token_hex(8)


def chosen_template(inquiry_id: int, template_id: int | None = None) -> int | None:
    """The template behind the draft; with `template_id` it is remembered first (0 forgets it)."""
    key = f"theke/template/{inquiry_id}"
    if template_id is not None:
        st.session_state[key] = template_id or None
    chosen: int | None = st.session_state.get(key)
    return chosen


def form_key(form: str) -> str:
    """An idempotency key that stays the same until the form is done."""
    made: str = st.session_state.setdefault(f"theke/form/{form}", token_hex(16))
    return made


def finish_form(form: str) -> None:
    """The form went through: its next use is another one."""
    st.session_state.pop(f"theke/form/{form}", None)


def forget_fields(prefix: str) -> None:
    """Empty the fields of a dialog, so that it opens blank the next time."""
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]
