"""Promised callbacks on a screen: what is promised, what came of it, promising one, moving it and taking it back."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from data.promises import Call, CallOutcome
from pages.parts import state
from pages.parts.acting import Work, action, dialog_button, do, show_form
from pages.parts.call_times import choose_window, chosen_window, promised_words, window_words
from pages.parts.choices import choose_staff
from pages.parts.items import tries_words
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import coming_time, name_or
from services import drafts, promises, wishes
from services.conversations import Conversation, open_conversation
from services.errors import ShopError
from services.rules.phones import show_phone
from services.typed import shorten
from services.wishes import Offered

MISSED_CALL = "V8b"  # the template about a call that did not reach
_DIALOGS = frozenset({"move", "withdraw"})
_OUTCOMES = {"tried": CallOutcome.NOT_REACHED, "mailbox": CallOutcome.MAILBOX}


def draw_promises(desk: Desk, talk: Conversation) -> None:
    """What was promised here, each with its taps; what was reached just now, with its way back."""
    for call in talk.promises:
        with st.container(key=f"karte-rueckruf-{call.id}", gap="xsmall"):
            _draw_promise(desk, call)
    if talk.inquiry.state != "closed":
        for call in promises.just_kept(desk.shop, talk.inquiry.id)[:1]:
            _draw_reached(desk, call)


def _draw_promise(desk: Desk, call: Call) -> None:
    _ = desk.say
    st.subheader(_("Rückruf versprochen"), anchor=False)
    with st.container(key=f"leise-rueckruf-{call.id}", gap=None):
        st.text(f"{call.staff_name or _('Wer frei ist')}, {promised_words(call, desk.speech)}")
        st.text(shorten(call.topic, promises.TOPIC_LENGTH))
        for words in tries_words(call, desk.speech):
            st.text(words)
    if call.phone:
        dial(desk, call.phone)
    action(_("Erreicht"), _ending("kept", call.id), key=f"kept-{call.id}", icon=":material/check:", width="stretch")
    with st.container(horizontal=True, gap="xsmall", key=f"paar-{call.id}"):
        missed, mailbox = _ending("tried", call.id), _ending("mailbox", call.id)
        action(_("Niemand da"), missed, key=f"try-{call.id}", icon=":material/phone_missed:", width="stretch")
        action(_("Mailbox"), mailbox, key=f"mailbox-{call.id}", icon=":material/voicemail:", width="stretch")
    if call.tries and call.has_mail:
        write, icon = _writing(call.id), ":material/mail:"
        action(_("Nachricht schreiben"), write, key=f"write-{call.id}", icon=icon, width="stretch")
    with st.container(horizontal=True, gap="medium", key=f"paar-ende-{call.id}"):
        dialog_button(_("Verschieben"), "move", call.id, key=f"move-{call.id}", type="tertiary")
        dialog_button(_("Zurücknehmen"), "withdraw", call.id, key=f"drop-{call.id}", type="tertiary")


def _draw_reached(desk: Desk, call: Call) -> None:
    _ = desk.say
    with st.container(key=f"karte-erreicht-{call.id}", gap="small"):
        at = coming_time(call.last_try_at, desk.speech) if call.last_try_at else ""
        st.text(_("Rückruf erreicht: {time}").format(time=at))
        undo, icon = _undoing(call.id), ":material/undo:"
        action(_("Doch nicht erreicht"), undo, key=f"undo-{call.id}", icon=icon, type="tertiary")


def dial(desk: Desk, phone: str) -> None:
    """A button that calls this number."""
    shown = plain(show_phone(phone, desk.settings.country))
    st.link_button(shown, f"tel:{phone}", icon=":material/call:", width="stretch")


def end_promise(name: str, promise_id: int) -> None:
    """A tap in the row of a promised call: «Erreicht» («kept»), «Niemand da» («tried»), «Mailbox» («mailbox»), or
    «Nachricht schreiben» («write»), which opens the conversation; afterwards «Doch nicht erreicht» («undo»). «move» and
    «withdraw» ask for the dialog of that name."""
    if name in _DIALOGS:
        state.ask(name, promise_id)
        return
    others = {"write": _writing, "undo": _undoing}
    do(others[name](promise_id) if name in others else _ending(name, promise_id))


def _ending(name: str, promise_id: int) -> Work:
    def work(desk: Desk) -> str:
        _ = desk.say
        if name == "kept":
            promises.keep_promise(desk.shop, desk.actor, promise_id)
            return _("Rückruf erledigt.")
        # Planned for today it moves from one list to the other, and stands there at once.
        state.mark_own(promises.require_promise(desk.shop, promise_id).inquiry_id)
        again = promises.try_promise(desk.shop, desk.actor, promise_id, _OUTCOMES[name])
        return _("Notiert. Nächster Versuch: {time}.").format(time=coming_time(again, desk.speech))

    return work


def _writing(promise_id: int) -> Work:
    """Open the conversation with the letter about the missed call in the box, above nothing that somebody typed."""

    def work(desk: Desk) -> str | None:
        _ = desk.say
        inquiry_id = promises.require_promise(desk.shop, promise_id).inquiry_id
        state.go_to(inquiry_id)
        state.write_anyway(inquiry_id)
        template_id = drafts.offer_template(desk.shop, desk.actor, inquiry_id, MISSED_CALL)
        if not template_id:
            return _("Hier steht schon ein Text. Er bleibt, wie er ist.")
        state.renew_draft(inquiry_id)
        state.chosen_template(inquiry_id, template_id)
        return None

    return work


def _undoing(promise_id: int) -> Work:
    def work(desk: Desk) -> str:
        _ = desk.say
        again = promises.undo_reached(desk.shop, desk.actor, promise_id)
        return _("Notiert. Nächster Versuch: {time}.").format(time=coming_time(again, desk.speech))

    return work


def open_callback(desk: Desk, inquiry_id: int, instead_of: int = 0) -> None:
    """Promise a call: person, number, time. All is filled in, so that one tap more saves it.

    With `instead_of` it is what a customer is offered in place of that wish, which ends with the promise.
    """
    _ = desk.say

    def fields(now: Desk) -> None:
        talk = open_conversation(now.shop, now.actor, inquiry_id)
        phones = [contact.shown for contact in talk.contacts if contact.kind == "phone"]
        phones += [show_phone(call.phone, now.settings.country) for call in talk.promises]
        choose_staff(now, _("Wer ruft an?"), key="cb-staff", anybody=True)
        st.text_input(_("Telefonnummer"), phones[0] if phones else "", key="cb-phone", on_change="ignore")
        choose_window(now, _("Wann?"), key="cb-time")
        about = shorten(talk.inquiry.subject, promises.TOPIC_LENGTH - len(" …"))
        st.text_input(_("Worum geht es?"), about, key="cb-topic", on_change="ignore")

    def save(now: Desk) -> str:
        field, (from_at, due) = st.session_state, chosen_window(now, "cb-time")
        promises.promise_callback(
            now.shop,
            now.actor,
            inquiry_id,
            staff_id=field["cb-staff"],
            phone=field["cb-phone"],
            due_at=due,
            from_at=from_at,
            topic=field["cb-topic"],
        )
        if instead_of:
            with suppress(ShopError):  # it came, or ended, meanwhile: the call is promised all the same
                wishes.decline_wish(now.shop, now.actor, instead_of, Offered.CALLBACK)
        return _("Versprochen: {window}.").format(window=window_words(from_at, due, now.speech))

    label = _("Rückruf zusagen")
    show_form(label, fields, label, save, keys="cb-", typed=True, position="right")


def open_move(desk: Desk, promise_id: int) -> None:
    """Another time for a promised call."""
    _ = desk.say

    def fields(now: Desk) -> None:
        _draw_whose(now, promise_id)
        choose_window(now, _("Wann?"), key="mv-time")

    def save(now: Desk) -> str:
        from_at, due = chosen_window(now, "mv-time")
        promises.move_promise(now.shop, now.actor, promise_id, due, from_at)
        state.mark_own(promises.require_promise(now.shop, promise_id).inquiry_id)  # it may stand in another list now
        return _("Verschoben: {window}.").format(window=window_words(from_at, due, now.speech))

    show_form(_("Rückruf verschieben"), fields, _("Verschieben"), save, keys="mv-")


def _draw_whose(desk: Desk, promise_id: int) -> None:
    """Who is to be called when: behind the dialog stand others."""
    call = promises.require_promise(desk.shop, promise_id)
    with st.container(key=f"leise-wem-{promise_id}", gap=None):
        st.text(name_or(call.customer_name, desk.say))
        st.text(promised_words(call, desk.speech))


def open_withdraw(desk: Desk, promise_id: int) -> None:
    """Take a promised call back, with a reason."""
    _ = desk.say
    reasons = [
        _("Hat sich erledigt"),
        _("Möchte keinen Rückruf mehr"),
        _("Mehrmals nicht erreicht"),
        _("War ein Versehen"),
    ]

    def fields(now: Desk) -> None:
        _draw_whose(now, promise_id)
        st.radio(_("Warum?"), reasons, key="wd-reason", on_change="ignore")
        hint = _("Steht als Notiz im Verlauf. Die Anfrage bleibt offen, die Uhr läuft weiter.")
        st.caption(hint)

    def save(now: Desk) -> str:
        reason = _("Rückruf zurückgenommen: {reason}").format(reason=st.session_state["wd-reason"])
        promises.withdraw_promise(now.shop, now.actor, promise_id, reason)
        return _("Zurückgenommen.")

    show_form(_("Rückruf zurücknehmen"), fields, _("Zurücknehmen"), save, keys="wd-")
