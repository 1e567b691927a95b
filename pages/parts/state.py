"""What an open tab remembers between runs; every key of session_state has its one place here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

import streamlit as st

_ASKED, _SAID, _TROUBLE, _GOTO = "theke/asked", "theke/said", "theke/trouble", "theke/goto"
_PAGE, _FRESH, _OWN, _LEAVE = "theke/page", "theke/fresh", "theke/own", "theke/leave"
_DIGEST = "theke/digest"
_WHOLE, _BOOKING = "theke/whole", "theke/booking"
_FOR_NOW = ("theke/list/", "theke/figures/", "theke/anyway/")  # kept only while a page is open
T = TypeVar("T")


def ask(dialog: str, *args: Any) -> None:  # noqa: ANN401 - each dialog has its own arguments
    """Open `dialog` at the end of the next full run."""
    st.session_state[_ASKED] = (dialog, args)


def ask_from_part(dialog: str, *args: Any) -> None:  # noqa: ANN401
    """The same for a tap in a timed part, which makes a full run of `take_whole_page`."""
    ask(dialog, *args)
    want_whole_page()


def want_whole_page() -> None:
    """What was tapped in a timed part changes the page around it."""
    st.session_state[_WHOLE] = True


def take_whole_page() -> bool:
    """Whether a timed part has to run the whole page now, once."""
    return bool(st.session_state.pop(_WHOLE, False))


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


def trouble(sentence: str, place: str = "") -> None:
    """Remember why the last tap did not work; `place` is the key of what was tapped, if it shows that itself."""
    st.session_state[_TROUBLE] = (place, sentence)


def take_trouble(place: str = "") -> str:
    """Why the last tap at `place` did not work, once; '' if it did."""
    where, _sentence = st.session_state.get(_TROUBLE, ("", ""))
    return take_any_trouble() if where == place else ""


def take_any_trouble() -> str:
    """The same wherever it was, for a tap on what is no longer there."""
    _place, sentence = st.session_state.pop(_TROUBLE, ("", ""))
    return str(sentence)


def go_to(inquiry_id: int) -> None:
    """Open this inquiry as soon as the page runs again."""
    st.session_state[_GOTO] = inquiry_id


def go_to_booking(booking_id: int) -> None:
    """Open this booking on its day as soon as the page runs again."""
    st.session_state[_BOOKING] = booking_id


def take_booking() -> int | None:
    """The booking to open now, once."""
    target: int | None = st.session_state.pop(_BOOKING, None)
    return target


def leave_for_list() -> None:
    """Go to the list of inquiries as soon as the page runs again: what this page shows is no more."""
    st.session_state[_LEAVE] = True


def take_leave() -> bool:
    """Whether to go to the list now, once."""
    return bool(st.session_state.pop(_LEAVE, False))


def take_goto() -> int | None:
    """The inquiry to open now, once."""
    target: int | None = st.session_state.pop(_GOTO, None)
    return target


def enter_page(page: str) -> None:
    """Forget kept places of lists, figures and trouble when another page opens: they hold while a page is open."""
    st.session_state[_FRESH] = st.session_state.get(_PAGE) != page
    if not st.session_state[_FRESH]:
        return
    st.session_state[_PAGE] = page
    st.session_state.pop(_TROUBLE, None)
    st.session_state.pop(_OWN, None)
    for key in [key for key in st.session_state if str(key).startswith(_FOR_NOW)]:
        del st.session_state[key]


def digest_in_sight(drawn: bool | None = None) -> bool:
    """Whether this page shows what came in focus time since it was last drawn whole; with `drawn` it is remembered."""
    if drawn is not None:
        st.session_state[_DIGEST] = drawn
    return bool(st.session_state.get(_DIGEST, False))


def current_page() -> str:
    """The address of the page that is open."""
    return str(st.session_state.get(_PAGE, ""))


def in_address(key: str, words: Sequence[str]) -> dict[str, Any]:
    """What ties a widget that chooses one of `words` to the address: `st.selectbox(…, **in_address("kanal", words))`.

    The address leaves out the first word. Who comes back to the page finds what they chose last. Streamlit's own
    binding would write labels: a link would lose its filter between two people of different languages.
    """
    kept, wanted = f"theke/choice/{key}", st.query_params.get(key, "")
    if not wanted and st.session_state.get(_FRESH):
        wanted = st.session_state.get(kept, "")
    st.session_state[key] = st.session_state[kept] = wanted if wanted in words else words[0]
    _write_address(key, words[0])
    return {"key": key, "on_change": _write_address, "args": (key, words[0])}


def _write_address(key: str, usual: str) -> None:
    chosen = st.session_state[key]
    if chosen != usual:
        st.query_params[key] = chosen
    else:
        st.query_params.pop(key, None)


def id_in_address(key: str) -> int:
    """The id that the address names, 0 where there is none that could be one."""
    wanted = st.query_params.get(key, "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0


def kept_list(name: str) -> tuple[str, list[dict[str, Any]]] | None:
    """(filter, rows) of a list as it was last shown on this page."""
    kept: tuple[str, list[dict[str, Any]]] | None = st.session_state.get(f"theke/list/{name}")
    return kept


def keep_list(name: str, wanted: str, rows: list[dict[str, Any]]) -> None:
    """Remember a list as shown under the filter `wanted`."""
    st.session_state[f"theke/list/{name}"] = (wanted, rows)


def mark_own(inquiry_id: int) -> None:
    """Somebody at this tab made this inquiry just now: lists show it at once, in its place."""
    st.session_state.setdefault(_OWN, set()).add(inquiry_id)


def own_rows() -> set[int]:
    """The inquiries made at this tab while the page is open."""
    made: set[int] = st.session_state.get(_OWN, set())
    return made


def forget_list(name: str) -> None:
    """Show the list afresh next time."""
    st.session_state.pop(f"theke/list/{name}", None)
    st.session_state.pop(f"theke/list/known/{name}", None)


def known_rows(name: str) -> tuple[str, set[int]] | None:
    """(filter, inquiries) of which this open page has told in the list `name`, also by their number alone."""
    known: tuple[str, set[int]] | None = st.session_state.get(f"theke/list/known/{name}")
    return known


def keep_known(name: str, wanted: str, ids: set[int]) -> None:
    """Remember of which the page has told under the filter `wanted`."""
    st.session_state[f"theke/list/known/{name}"] = (wanted, ids)


def shown_more(name: str) -> int:
    """How many more rows of the list `name` this page shows than at first."""
    more: int = st.session_state.get(f"theke/list/more/{name}", 0)
    return more


def show_more(name: str, step: int) -> None:
    """Show `step` more rows of the list `name` while this page is open."""
    st.session_state[f"theke/list/more/{name}"] = shown_more(name) + step


def figures_of(name: str, now: datetime, count: Callable[[], T], good_for: timedelta) -> T:
    """What `count` found, counted anew when it is older than `good_for`: a timed part must not count every time."""
    key = f"theke/figures/{name}"
    kept: tuple[datetime, T] | None = st.session_state.get(key)
    if kept is None or not timedelta() <= now - kept[0] < good_for:
        kept = st.session_state[key] = (now, count())
    return kept[1]


def forget_figures(name: str) -> None:
    """Count afresh next time."""
    st.session_state.pop(f"theke/figures/{name}", None)


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


def write_anyway(inquiry_id: int) -> None:
    """Show the reply box of a customer who wants to be called, while the page is open."""
    st.session_state[f"theke/anyway/{inquiry_id}"] = True


def writes_anyway(inquiry_id: int) -> bool:
    """Whether somebody wants to write to this customer all the same."""
    return bool(st.session_state.get(f"theke/anyway/{inquiry_id}"))


def sent_form(inquiry_id: int, form_key: str = "") -> str:
    """The form of the last reply that was sent from here, '' if none; with `form_key` it is remembered first."""
    key = f"theke/sent/{inquiry_id}"
    if form_key:
        st.session_state[key] = form_key
    return str(st.session_state.get(key, ""))


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
