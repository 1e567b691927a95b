"""Every dialog by its name: a tap asks for one, the shell opens it once the page is drawn.

So it is opened by a full run, never by a timed part, which would close it again at its next tick.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

from data.records import MessageRole
from pages.parts import state
from pages.parts.acting import calling, show_dialog, show_form
from pages.parts.arriving import open_arrived
from pages.parts.booking_card import open_booking_card
from pages.parts.booking_dialogs import (
    open_block,
    open_cancel_booking,
    open_decline_booking,
    open_drop_block,
    open_enter,
    open_move_booking,
)
from pages.parts.card import open_customer
from pages.parts.customer_dialogs import open_consent, open_merge_cards, open_more
from pages.parts.idea import open_decline_idea
from pages.parts.import_dialogs import open_import_report, open_import_undo
from pages.parts.leaving import open_leave
from pages.parts.mailbox import open_mailbox_dialog, open_unplug
from pages.parts.noting import open_note, open_writing
from pages.parts.occasions import open_ending
from pages.parts.offering_dialogs import (
    open_drop_offering,
    open_drop_resource,
    open_offering,
    open_resource,
)
from pages.parts.privacy_dialogs import open_disclosure, open_erasure
from pages.parts.promising import open_callback, open_move, open_withdraw
from pages.parts.rating import open_rating
from pages.parts.ready import open_ready
from pages.parts.session import Desk
from pages.parts.settings_figures import open_reason
from pages.parts.steps import (
    open_call,
    open_close_earlier,
    open_dismiss,
    open_forward,
    open_later,
    open_merge,
    open_plan,
    open_remark,
)
from pages.parts.template_help import open_delete_template, open_template_preview
from pages.parts.wishing import (
    open_change_wish,
    open_decline_wish,
    open_expected,
    open_wish,
    open_wish_group,
    open_wish_of,
)
from pages.parts.wrap_up import open_complaint, open_offered
from services import replies
from services.conversations import Conversation, open_conversation
from services.rules.hints import Hint
from services.rules.opening_hours import day_intervals
from services.rules.salutation import person_name
from services.rules.text_check import check_reply
from services.settings import holidays_for

MOST_HINTS = 5


def open_asked(desk: Desk) -> None:
    """Open the dialog that a tap of this run asked for."""
    asked = state.take_asked()
    if asked is None:
        return
    name, args = asked
    _OPENERS[name](desk, *args)


def open_preview(desk: Desk, inquiry_id: int, body: str, subject: str, cc: str = "") -> None:
    """The reply as the customer will see it."""
    _ = desk.say

    def draw(now: Desk) -> None:
        shown = replies.preview_reply(now.shop, now.actor, inquiry_id, body=body, subject=subject, cc=cc)
        with st.container(key="leise-vorschau", gap=None):
            st.text(_("Von {sender}").format(sender=shown.sender))
            st.text(_("An {recipient}").format(recipient=shown.recipient))
            if shown.cc:
                st.text(_("Kopie an {address}").format(address=shown.cc))
            st.text(_("Betreff: {subject}").format(subject=shown.subject))
            if shown.files:
                st.text(_("Dateien: {names}").format(names=", ".join(shown.files)))
        with st.container(key="vorschau", gap=None):
            st.text(shown.text)
        _draw_hints(now, inquiry_id, body)

    show_dialog(_("Vorschau"), draw, width="medium")


def _draw_hints(desk: Desk, inquiry_id: int, body: str) -> None:
    """What a careful colleague would say about the text; the person decides."""
    _ = desk.say
    talk = open_conversation(desk.shop, desk.actor, inquiry_id)
    hints = _hints(desk, talk, body)
    if not hints or talk.customer.language != "de":
        return
    with st.container(key="leise-hinweise", gap="xxsmall"):
        st.markdown(_("Vielleicht noch einmal lesen:"))
        for hint in hints[:MOST_HINTS]:
            st.text(f"– {hint.words(_)}")


def _hints(desk: Desk, talk: Conversation, body: str) -> list[Hint]:
    """What the rules find, given this customer and the shop's calendar."""
    hours = desk.settings.hours
    today = desk.shop.now().astimezone(ZoneInfo(hours.zone)).date()
    holidays = holidays_for(desk.settings, today)
    return check_reply(
        body,
        country=desk.settings.country,
        form_of_address=talk.customer.form_of_address,
        surname=person_name(talk.customer).last,
        known=_where_names_stand(talk),
        today=today,
        is_closed=lambda day: any(hours.week) and not day_intervals(hours, holidays, day),
    )


def _where_names_stand(talk: Conversation) -> str:
    """All that the customer, or a colleague in a note, wrote: spouses sign there, too. Our answers prove no name."""
    texts = [talk.customer.name, talk.customer.note, *(contact.shown for contact in talk.contacts)]
    for message in talk.messages:
        if message.role not in {MessageRole.ANSWER, MessageRole.EARLIER_ANSWER}:
            texts += [message.sender_name, message.body, message.quoted]
    return "\n".join(texts)


def open_confirm(desk: Desk, message_id: int) -> None:
    """A person says that an unsure reply arrived; the clock stops as of its attempt."""
    _ = desk.say

    def question(now: Desk) -> None:
        st.markdown(_("Bitte nur bestätigen, wenn Sie es wissen: etwa weil die Mail im Ordner «Gesendet» liegt."))

    confirm, said = calling(replies.confirm_sent, message_id), _("Als angekommen vermerkt.")
    show_form(_("Kam die Antwort an?"), question, _("Ja, kam an"), confirm, keys="cf-", said=said)


_OPENERS: dict[str, Callable[..., None]] = {
    "note": open_note,
    "wish": open_wish,
    "wish-of": open_wish_of,
    "wish-change": open_change_wish,
    "wish-decline": open_decline_wish,
    "wish-expected": open_expected,
    "wish-group": open_wish_group,
    "arrived": open_arrived,
    "write": open_writing,
    "customer": open_customer,
    "customer-more": open_more,
    "consent": open_consent,
    "cards-merge": open_merge_cards,
    "callback": open_callback,
    "move": open_move,
    "withdraw": open_withdraw,
    "call": open_call,
    "remark": open_remark,
    "plan": open_plan,
    "later": open_later,
    "merge": open_merge,
    "earlier": open_close_earlier,
    "dismiss": open_dismiss,
    "forward": open_forward,
    "mailbox": open_mailbox_dialog,
    "unplug": open_unplug,
    "template": open_template_preview,
    "template-delete": open_delete_template,
    "leave": open_leave,
    "offering": open_offering,
    "offering-drop": open_drop_offering,
    "resource": open_resource,
    "resource-drop": open_drop_resource,
    "complaint": open_complaint,
    "offered": open_offered,
    "reason": open_reason,
    "rating": open_rating,
    "ready": open_ready,
    "idea-no": open_decline_idea,
    "preview": open_preview,
    "confirm": open_confirm,
    "enter": open_enter,
    "booking": open_booking_card,
    "booking-move": open_move_booking,
    "booking-cancel": open_cancel_booking,
    "booking-decline": open_decline_booking,
    "block": open_block,
    "block-drop": open_drop_block,
    "occasion": open_ending,
    "import-report": open_import_report,
    "import-undo": open_import_undo,
    "disclosure": open_disclosure,
    "erasure": open_erasure,
}
