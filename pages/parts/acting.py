"""Taps that change something: done once per tap, before the page is drawn, with the actor read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.failures import failure_sentence
from pages.parts.plain import plain
from pages.parts.session import Desk, current_desk, open_desk
from services.errors import ShopError, SignedOutError

Work = Callable[[Desk], str | None]


def sentence(error: ShopError, say: Callable[[str], str]) -> str:
    """The error's sentence in the person's language."""
    text = say(error.msgid)
    return text.format(**error.values) if error.values else text


def do(work: Work, said: str = "") -> None:
    """Run `work` for the person at the screen, as the callback of a widget."""
    attempt(work, said)


def attempt(work: Work, said: str = "") -> bool:
    """Run `work` for the person at the screen; whether it went through.

    Its sentence (or `said`) becomes a toast, a ShopError the trouble shown on the page or in the dialog.
    """
    try:
        desk = current_desk()
    except SignedOutError:
        return False  # the run that follows leaves to the sign-in page
    try:
        told = work(desk) or said
    except ShopError as error:
        state.trouble(sentence(error, desk.say))
        return False
    except Exception as error:
        state.trouble(failure_sentence(error, desk.say))
        return False
    if told:
        state.tell(told)
    return True


def action(label: str, work: Work, *, key: str, said: str = "", **look: Any) -> bool:  # noqa: ANN401
    """A button on a page that does `work` once per tap; whether it was tapped in this run."""
    return st.button(label, key=key, on_click=do, args=(work, said), **look)


def dialog_action(label: str, work: Work, *, key: str, said: str = "", forget: str = "", **look: Any) -> None:  # noqa: ANN401
    """The button that ends a dialog: it closes when `work` went through and shows the trouble when not."""
    done = f"theke/done/{key}"

    def run() -> None:
        st.session_state[done] = attempt(work, said)

    show_trouble()
    look.setdefault("type", "primary")
    st.button(label, key=key, on_click=run, width="stretch", **look)
    if st.session_state.pop(done, False):
        if forget:
            state.forget_fields(forget)
        st.rerun()


def show_trouble() -> None:
    """Why the last tap did not work, near the tap."""
    if trouble := state.take_trouble():
        st.error(plain(trouble), icon=":material/error:")


def show_dialog(title: str, body: Callable[[Desk], None], *, holds: str = "", **look: Any) -> None:  # noqa: ANN401
    """Open a dialog; its body is drawn with the desk of each of its own runs.

    `holds` is what the keys of fields with text begin with: only «Verwerfen» closes it then, no tap beside it or Esc.
    """

    @st.dialog(title, dismissible=not holds, **look)
    def shown() -> None:
        desk = open_desk()
        _ = desk.say
        with edge(_):
            body(desk)
        if holds and st.button(_("Verwerfen"), key=f"{holds}drop", type="tertiary", width="stretch"):
            state.forget_fields(holds)
            st.rerun()

    shown()


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
