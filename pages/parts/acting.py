"""Taps that change something: done once per tap, before the page is drawn, with the actor read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec

import streamlit as st

from data.records import Actor
from pages.parts import state
from pages.parts.failures import failure_sentence
from pages.parts.plain import plain
from pages.parts.session import Desk, current_desk, open_desk
from services.errors import ShopError, SignedOutError
from services.shop import Shop

P = ParamSpec("P")
Work = Callable[[Desk], str | None]
_CLOSES = "theke/closes"  # the open dialog has done its last work
# Where the button was at the very bottom the sentence that takes its place would be cut off.
_INTO_SIGHT = """<script>requestAnimationFrame(() => document.querySelectorAll("[class*=st-key-trouble-]").forEach(
  trouble => trouble.scrollIntoView({block: "nearest"})))</script>"""


def sentence(error: ShopError, say: Callable[[str], str]) -> str:
    """The error's sentence in the person's language."""
    text = say(error.msgid)
    return text.format(**error.values) if error.values else text


def calling(service: Callable[Concatenate[Shop, Actor, P], object], *args: P.args, **options: P.kwargs) -> Work:
    """The work of calling a service for the person at the screen, for a widget that says by itself what came of it."""

    def work(desk: Desk) -> None:
        service(desk.shop, desk.actor, *args, **options)

    return work


def do(work: Work, said: str = "", place: str = "") -> None:
    """Run `work` for the person at the screen, as the callback of a widget."""
    attempt(work, said, place)


def attempt(work: Work, said: str = "", place: str = "") -> bool:
    """Run `work` for the person at the screen; whether it went through.

    Its sentence (or `said`) becomes a toast, a ShopError the trouble that `show_trouble` shows at `place`.
    """
    try:
        desk = current_desk()
    except SignedOutError:
        return False  # the run that follows leaves to the sign-in page
    try:
        told = work(desk) or said
    except ShopError as error:
        state.trouble(sentence(error, desk.say), place)
        return False
    except Exception as error:
        state.trouble(failure_sentence(error, desk.say), place)
        return False
    if told:
        state.tell(told)
    return True


def action(label: str, work: Work, *, key: str, said: str = "", **look: Any) -> bool:  # noqa: ANN401
    """A button on a page that does `work` once per tap; whether it was tapped in this run. Trouble stands above it."""
    show_trouble(key)
    return st.button(label, key=key, on_click=do, args=(work, said, key), **look)


def dialog_button(label: str, dialog: str, *args: Any, key: str, **look: Any) -> None:  # noqa: ANN401
    """A button that opens a dialog by its name, with what that dialog wants to know."""
    st.button(label, key=key, on_click=state.ask, args=(dialog, *args), **look)


def last_action(label: str, work: Work, *, key: str, said: str = "", **look: Any) -> None:  # noqa: ANN401
    """A button of a dialog that does `work` and, when that went through, closes it; else it shows the trouble."""

    def run() -> None:
        st.session_state[_CLOSES] = attempt(work, said, key)

    show_trouble(key)
    st.button(label, key=key, on_click=run, **look)


def way_on(label: str, dialog: str, *args: Any, key: str, **look: Any) -> None:  # noqa: ANN401
    """A button of a dialog that closes it and opens another by its name, with what that one wants to know."""
    if st.button(label, key=key, on_click=state.ask, args=(dialog, *args), **look):
        st.rerun()


def show_trouble(place: str = "") -> None:
    """Why the last tap at `place` did not work; without a place, of what does not show that itself."""
    if trouble := state.take_trouble(place):
        with st.container(key=f"trouble-{place}"):
            st.error(plain(trouble), icon=":material/error:")
            st.html(_INTO_SIGHT, unsafe_allow_javascript=True)


def tell_untold_trouble() -> None:
    """Trouble with something that is no longer on the page, once the page is drawn: it would find no place any more."""
    if trouble := state.take_any_trouble():
        st.toast(plain(trouble), icon=":material/error:", duration="long")


def show_dialog(title: str, body: Callable[[Desk], None], **look: Any) -> None:  # noqa: ANN401
    """Open a dialog; its body is drawn with the desk of each of its own runs."""
    st.session_state.pop(_CLOSES, None)

    @st.dialog(title, **look)
    def shown() -> None:
        if st.session_state.pop(_CLOSES, False):
            st.rerun()
        desk = open_desk()
        with edge(desk.say):
            body(desk)

    shown()


def show_form(
    title: str,
    fields: Callable[[Desk], None],
    label: str | Callable[[Desk], str],
    save: Work,
    *,
    keys: str,
    typed: bool = False,
    said: str = "",
    icon: str | None = None,
    ready: Callable[[Desk], bool] | None = None,
    **look: Any,  # noqa: ANN401
) -> None:
    """Open a dialog of fields whose keys begin with `keys`; its button does `save`, its `label` may go by the fields.

    The button waits until the form is `ready`. When that went through it closes, and its fields are empty the next
    time; else it shows the trouble. `typed` is for words that nobody wants to lose: then only «Verwerfen» closes it
    without saving, no tap beside it or Esc.
    """
    done = f"theke/done/{keys}"

    def run() -> None:
        st.session_state[done] = attempt(save, said)

    def body(desk: Desk) -> None:
        _ = desk.say
        drawn = False
        with edge(_):
            fields(desk)
            drawn = True
        with st.container(key=f"fuss-{keys}", gap="xsmall"):
            show_trouble()
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if drawn:
                    words = label if isinstance(label, str) else label(desk)
                    waits = ready is not None and not ready(desk)
                    main: dict[str, Any] = {"icon": icon, "type": "primary", "width": "stretch", "disabled": waits}
                    st.button(words, key=f"{keys}save", on_click=run, **main)
                dropped = typed and st.button(_("Verwerfen"), key=f"{keys}drop", type="tertiary")
        if st.session_state.pop(done, False) or dropped:
            state.forget_fields(keys)
            st.rerun()

    show_dialog(title, body, dismissible=not typed, **look)


def note_drawn(first: str, key: str, values: Mapping[str, object]) -> None:
    """Keep at `key` what the fields of a form are drawn with, when `first`, the key of one of them, is new."""
    if first not in st.session_state:
        st.session_state[key] = dict(values)


def changed_fields(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are not what the form was drawn with: what somebody else has changed meanwhile stays."""
    drawn: dict[str, object] = st.session_state.get(key, {})
    return {name: value for name, value in values.items() if name not in drawn or drawn[name] != value}


@contextmanager
def edge(say: Callable[[str], str]) -> Iterator[None]:
    """Draw what is inside; an error becomes a sentence in its place."""
    try:
        yield
    except SignedOutError:
        raise
    except ShopError as error:
        st.error(plain(sentence(error, say)), icon=":material/error:")
    except Exception as error:
        st.error(plain(failure_sentence(error, say)), icon=":material/error:")
