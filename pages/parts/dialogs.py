"""Every dialog by its name: a tap asks for one, the shell opens it once the page is drawn.

So it is opened by a full run, never by a timed part, which would close it again at its next tick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.acting import dialog_action, show_dialog
from pages.parts.card import open_customer
from pages.parts.mailbox import open_mailbox_dialog, open_unplug
from pages.parts.noting import open_note, open_writing
from pages.parts.session import Desk
from pages.parts.steps import (
    open_call,
    open_callback,
    open_close_earlier,
    open_dismiss,
    open_forward,
    open_later,
    open_merge,
    open_move,
    open_plan,
    open_remark,
)
from services import replies
from services.conversations import open_conversation
from services.rules.text_check import check_reply

MOST_HINTS = 5


def open_asked(desk: Desk) -> None:
    """Open the dialog that a tap of this run asked for."""
    asked = state.take_asked()
    if asked is None:
        return
    name, args = asked
    title, opener = _dialogs(desk)[name]
    opener(title, *args)


def _dialogs(desk: Desk) -> dict[str, tuple[str, Callable[..., Any]]]:
    _ = desk.say
    return {
        "note": (_("Notieren"), open_note),
        "write": (_("Schreiben"), open_writing),
        "customer": (_("Kundenkarte"), open_customer),
        "callback": (_("Rückruf zusagen"), open_callback),
        "move": (_("Rückruf verschieben"), open_move),
        "call": (_("Anruf notieren"), open_call),
        "remark": (_("Notiz"), open_remark),
        "plan": (_("Nächster Schritt"), open_plan),
        "later": (_("Später"), open_later),
        "merge": (_("Zusammenführen"), open_merge),
        "earlier": (_("Alle erledigt"), open_close_earlier),
        "dismiss": (_("Keine Kundenanfrage"), open_dismiss),
        "forward": (_("Weiterleiten"), open_forward),
        "mailbox": (_("Postfach verbinden"), open_mailbox_dialog),
        "unplug": (_("Postfach trennen"), open_unplug),
        "preview": (_("Vorschau"), open_preview),
        "confirm": (_("Kam die Antwort an?"), open_confirm),
    }


def open_preview(title: str, inquiry_id: int, body: str, subject: str) -> None:
    """The reply as the customer will see it."""

    def draw(desk: Desk) -> None:
        _ = desk.say
        shown = replies.preview_reply(desk.shop, desk.actor, inquiry_id, body=body, subject=subject)
        with st.container(key="leise-vorschau", gap=None):
            st.text(_("Von {sender}").format(sender=shown.sender))
            st.text(_("An {recipient}").format(recipient=shown.recipient))
            st.text(_("Betreff: {subject}").format(subject=shown.subject))
        with st.container(key="vorschau", gap=None):
            st.text(shown.text)
        _draw_hints(desk, inquiry_id, body)

    show_dialog(title, draw, width="medium")


def _draw_hints(desk: Desk, inquiry_id: int, body: str) -> None:
    """What a careful colleague would say about the text; the person decides."""
    _ = desk.say
    customer = open_conversation(desk.shop, desk.actor, inquiry_id).customer
    country = desk.settings.country
    hints = check_reply(body, country=country, form_of_address=customer.form_of_address)
    if not hints or customer.language != "de":
        return
    with st.container(key="leise-hinweise", gap="xxsmall"):
        st.markdown(_("Vielleicht noch einmal lesen:"))
        for hint in hints[:MOST_HINTS]:
            st.text(f"– {hint.words(_)}")


def open_confirm(title: str, message_id: int) -> None:
    """A person says that an unsure reply arrived; the clock stops as of its attempt."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.markdown(_("Bitte nur bestätigen, wenn Sie es wissen: etwa weil die Mail im Ordner «Gesendet» liegt."))
        dialog_action(_("Ja, kam an"), work, key="cf-save")

    def work(desk: Desk) -> str:
        _ = desk.say
        replies.confirm_sent(desk.shop, desk.actor, message_id)
        return _("Als angekommen vermerkt.")

    show_dialog(title, body)
