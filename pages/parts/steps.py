"""«Wie weiter»: what can be done with an inquiry besides answering, each in its own small dialog."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from data.records import CloseReason, Promise
from pages.parts import state
from pages.parts.acting import action, dialog_action, do, show_dialog
from pages.parts.noting import choose_staff
from pages.parts.plain import plain, shorten
from pages.parts.session import Desk
from pages.parts.times import choose_time, chosen_time
from pages.parts.words import clock_time, close_word, day_and_time, day_word, name_or
from services import closing, inquiries, noting, promises, replies
from services.conversations import Conversation, open_conversation
from services.rules.phones import show_phone
from services.staff import list_staff

LISTED = 200  # so many from before the set-up are listed at most; all of them are closed
REASONS = (CloseReason.ANSWERED, CloseReason.DEALT_WITH, CloseReason.THANKS_ONLY, CloseReason.DOUBLE)


def draw_steps(desk: Desk, talk: Conversation) -> None:
    """The card «Wie weiter»."""
    _ = desk.say
    inquiry_id = talk.inquiry.id
    with st.container(key="karte-weiter", gap="small"):
        st.subheader(_("Wie weiter"), anchor=False)
        if talk.inquiry.state == "closed":
            again = partial(_reopen, inquiry_id)
            action(_("Wieder öffnen"), again, key="reopen", icon=":material/undo:", width="stretch")
        else:
            if talk.inquiry.state == "machine":
                really = partial(_treat, inquiry_id)
                action(_("Doch eine Kundenanfrage"), really, key="s-treat", icon=":material/person:", width="stretch")
            _open_steps(desk, talk)
        _more(desk, talk)
        _owner(desk, talk)


def _open_steps(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    asked: Any = {"on_click": state.ask, "width": "stretch"}
    ident = talk.inquiry.id
    st.button(_("Rückruf zusagen"), icon=":material/phone_forwarded:", key="s-call", args=("callback", ident), **asked)
    st.button(_("Anruf notieren"), icon=":material/call_log:", key="s-log", args=("call", ident), **asked)
    reasons = {close_word(reason, desk.say): reason for reason in REASONS}
    close = _("Schließen")

    def pick() -> None:
        close_as(ident, reasons[st.session_state["s-close"]])

    st.menu_button(close, list(reasons), icon=":material/check_circle:", key="s-close", on_click=pick, width="stretch")


def _more(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    choices = {_("Notiz schreiben"): "remark", _("Nächster Schritt"): "plan", _("Später zeigen"): "later"}
    choices[_("Weiterleiten")] = "forward"
    if talk.similar:
        choices[_("Zusammenführen")] = "merge"
    choices[_("Keine Kundenanfrage")] = "dismiss"

    def chosen() -> None:
        state.ask(choices[st.session_state["s-more"]], talk.inquiry.id)

    more = _("Weitere Schritte")
    st.menu_button(more, list(choices), icon=":material/more_horiz:", key="s-more", on_click=chosen, width="stretch")


def _owner(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    people: dict[int, str] = {0: _("Offen für alle")}
    people |= {p.id: p.name for p in list_staff(desk.shop.store) if p.active or p.id == talk.inquiry.owner_id}
    key = f"owner-{talk.inquiry.id}-{talk.inquiry.owner_id}"
    options = list(people)

    def work(now: Desk) -> None:
        inquiries.hand_over(now.shop, now.actor, talk.inquiry.id, st.session_state[key] or None)

    st.selectbox(
        _("Zuständig"),
        options,
        index=options.index(talk.inquiry.owner_id or 0),
        format_func=lambda person: people[person],
        placeholder=_("Bitte wählen"),
        key=key,
        on_change=do,
        args=(work,),
    )


def _treat(inquiry_id: int, desk: Desk) -> str:
    _ = desk.say
    closing.treat_as_inquiry(desk.shop, desk.actor, inquiry_id)
    return _("Steht jetzt bei den Anfragen. Die Uhr läuft ab dem Eingang.")


def _reopen(inquiry_id: int, desk: Desk) -> None:
    closing.reopen_inquiry(desk.shop, desk.actor, inquiry_id)


def close_as(inquiry_id: int, reason: CloseReason) -> None:
    """Close with this reason; a refusal becomes the trouble shown on the page."""

    def work(desk: Desk) -> str:
        _ = desk.say
        closing.close_inquiry(desk.shop, desk.actor, inquiry_id, reason)
        return _("Geschlossen.")

    do(work)


def draw_promises(desk: Desk, talk: Conversation) -> None:
    """What was promised here, each with its three taps."""
    _ = desk.say
    for promise in talk.promises:
        with st.container(key=f"karte-rueckruf-{promise.id}", gap="small"):
            st.subheader(_("Rückruf versprochen"), anchor=False)
            with st.container(key=f"leise-rueckruf-{promise.id}", gap=None):
                when = _("bis {time}").format(time=day_and_time(promise.due_at, desk.speech))
                st.text(f"{promise.staff_name}, {when}")
                st.text(
                    " · ".join(
                        part for part in (show_phone(promise.phone, desk.settings.country), promise.topic) if part
                    )
                )
                if promise.tries:
                    st.text(_("{count}-mal nicht erreicht").format(count=promise.tries))
            ident = promise.id
            _draw_outcomes(desk, ident, width="stretch")
            st.button(
                _("Verschieben"),
                icon=":material/schedule:",
                key=f"move-{ident}",
                on_click=state.ask,
                args=("move", ident),
                width="stretch",
            )


def draw_promise_taps(desk: Desk, promise: Promise) -> None:
    """A line with the customer's name and the two outcomes of the promised call, for a part that refreshes itself."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"leise-taten-{promise.id}"):
        st.text(
            f"{clock_time(promise.due_at, desk.speech)} {name_or(promise.customer_name, desk.say)}", width="stretch"
        )
        if _draw_outcomes(desk, promise.id):
            st.rerun()  # the whole page: it tells what came of the tap


def _draw_outcomes(desk: Desk, promise_id: int, **look: Any) -> bool:  # noqa: ANN401
    """«Erreicht» and «Nicht erreicht»; whether one was tapped in this run."""
    _ = desk.say
    kept, missed = partial(_kept, promise_id), partial(_missed, promise_id)
    reached = action(_("Erreicht"), kept, key=f"kept-{promise_id}", icon=":material/check:", **look)
    icon = ":material/phone_missed:"
    return action(_("Nicht erreicht"), missed, key=f"try-{promise_id}", icon=icon, **look) or reached


def _kept(promise_id: int, desk: Desk) -> str:
    _ = desk.say
    promises.keep_promise(desk.shop, desk.actor, promise_id)
    return _("Rückruf erledigt.")


def _missed(promise_id: int, desk: Desk) -> str:
    _ = desk.say
    promises.try_promise(desk.shop, desk.actor, promise_id)
    return _("Notiert. Das Versprechen bleibt offen.")


def open_callback(title: str, inquiry_id: int) -> None:
    """Promise a call: person, number, time."""

    def body(desk: Desk) -> None:
        _ = desk.say
        talk = open_conversation(desk.shop, desk.actor, inquiry_id)
        phones = [contact.shown for contact in talk.contacts if contact.kind == "phone"]
        choose_staff(desk, _("Wer ruft an?"), key="cb-staff")
        st.text_input(_("Telefonnummer"), phones[0] if phones else "", key="cb-phone", on_change="ignore")
        choose_time(desk, _("Bis wann?"), key="cb-time", soon=True)
        st.text_input(_("Worum geht es?"), shorten(talk.inquiry.subject, 80), key="cb-topic", on_change="ignore")
        dialog_action(_("Rückruf zusagen"), work, key="cb-save", forget="cb-")

    def work(desk: Desk) -> str:
        _ = desk.say
        field = st.session_state
        due = chosen_time(desk, "cb-time") or desk.shop.now()
        promises.promise_callback(
            desk.shop,
            desk.actor,
            inquiry_id,
            staff_id=field["cb-staff"],
            phone=field["cb-phone"],
            due_at=due,
            topic=field["cb-topic"],
        )
        day, at = day_word(due, desk.speech), clock_time(due, desk.speech)
        return _("Versprochen: {day} bis {time}.").format(day=day, time=at)

    show_dialog(title, body, holds="cb-", position="right")


def open_move(title: str, promise_id: int) -> None:
    """Another time for a promised call."""

    def body(desk: Desk) -> None:
        _ = desk.say
        choose_time(desk, _("Bis wann?"), key="mv-time", soon=True)
        dialog_action(_("Verschieben"), work, key="mv-save", forget="mv-")

    def work(desk: Desk) -> None:
        due = chosen_time(desk, "mv-time") or desk.shop.now()
        promises.move_promise(desk.shop, desk.actor, promise_id, due)

    show_dialog(title, body)


def open_call(title: str, inquiry_id: int) -> None:
    """A call of ours: reached or not."""

    def body(desk: Desk) -> None:
        _ = desk.say
        endings = {True: _("Erreicht"), False: _("Nicht erreicht")}
        st.segmented_control(
            _("Haben Sie jemanden erreicht?"),
            list(endings),
            default=True,
            required=True,
            format_func=lambda reached: endings[reached],
            key="cl-reached",
            on_change="ignore",
            width="stretch",
        )
        st.text_area(_("Was wurde gesagt?"), key="cl-words", height=120, on_change="ignore")
        dialog_action(_("Anruf speichern"), work, key="cl-save", forget="cl-")

    def work(desk: Desk) -> str:
        _ = desk.say
        reached = bool(st.session_state["cl-reached"])
        words = st.session_state["cl-words"]
        noting.log_call(desk.shop, desk.actor, inquiry_id, reached=reached, words=words)
        return _("Gespeichert.") if reached else _("Gespeichert. Die Uhr läuft weiter.")

    show_dialog(title, body, holds="cl-")


def open_remark(title: str, inquiry_id: int) -> None:
    """An internal note."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.text_area(_("Nur für uns"), key="rm-text", height=140, on_change="ignore")
        dialog_action(_("Notiz speichern"), work, key="rm-save", forget="rm-")

    def work(desk: Desk) -> None:
        noting.add_note(desk.shop, desk.actor, inquiry_id, st.session_state["rm-text"])

    show_dialog(title, body, holds="rm-")


def open_plan(title: str, inquiry_id: int) -> None:
    """The next step and its time."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.text_input(_("Was kommt als Nächstes?"), key="pl-text", placeholder=_("Preis nennen"), on_change="ignore")
        choose_time(desk, _("Bis wann? (wenn Sie wollen)"), key="pl-time", optional=True)
        dialog_action(_("Merken"), work, key="pl-save", forget="pl-")

    def work(desk: Desk) -> None:
        at = chosen_time(desk, "pl-time")
        inquiries.plan_next_step(desk.shop, desk.actor, inquiry_id, st.session_state["pl-text"], at)

    show_dialog(title, body, holds="pl-")


def open_later(title: str, inquiry_id: int, *_typed: str) -> None:
    """Hide until a time; what was typed is the draft already."""

    def body(desk: Desk) -> None:
        _ = desk.say
        choose_time(desk, _("Wann soll die Anfrage wieder oben stehen?"), key="lt-time")
        st.caption(_("Die Uhr läuft weiter. Schreibt der Kunde, steht sie sofort wieder da."))
        dialog_action(_("Bis dahin ausblenden"), work, key="lt-save", forget="lt-")

    def work(desk: Desk) -> str:
        _ = desk.say
        until = chosen_time(desk, "lt-time") or desk.shop.now()
        inquiries.snooze_inquiry(desk.shop, desk.actor, inquiry_id, until)
        day, at = day_word(until, desk.speech), clock_time(until, desk.speech)
        return _("Steht {day} um {time} wieder da.").format(day=day, time=at)

    show_dialog(title, body)


def open_merge(title: str, inquiry_id: int) -> None:
    """Join another open inquiry of the same customer into this one."""

    def body(desk: Desk) -> None:
        _ = desk.say
        similar = open_conversation(desk.shop, desk.actor, inquiry_id).similar
        words = {row.id: shorten(row.subject or row.snippet, 60) for row in similar}
        label = _("Welche Anfrage gehört dazu?")
        st.radio(label, list(words), format_func=lambda row: plain(words[row]), key="mg-from")
        st.caption(_("Der ältere Anfang des Wartens gilt weiter."))
        dialog_action(_("Zusammenführen"), work, key="mg-save", forget="mg-")

    def work(desk: Desk) -> str:
        _ = desk.say
        closing.merge_inquiries(desk.shop, desk.actor, inquiry_id, st.session_state["mg-from"])
        return _("Zusammengeführt.")

    show_dialog(title, body)


def open_dismiss(title: str, inquiry_id: int) -> None:
    """Not a customer's inquiry: once, or always from this sender."""

    def body(desk: Desk) -> None:
        _ = desk.say
        endings = {False: _("Nur diese"), True: _("Immer von diesem Absender")}
        st.radio(
            _("Was soll künftig nicht mehr in der Liste stehen?"),
            list(endings),
            format_func=lambda always: endings[always],
            key="ds-always",
            on_change="ignore",
        )
        st.caption(_("Im Postfach bleibt die Mail, wo sie ist."))
        dialog_action(_("Aus der Liste nehmen"), work, key="ds-save", forget="ds-")

    def work(desk: Desk) -> str:
        _ = desk.say
        closing.dismiss_inquiry(desk.shop, desk.actor, inquiry_id, always=bool(st.session_state["ds-always"]))
        return _("Nicht mehr in der Liste.")

    show_dialog(title, body)


def open_close_earlier(title: str) -> None:
    """Everything from before the set-up is done, after one question."""

    def body(desk: Desk) -> None:
        _ = desk.say
        count = len(inquiries.list_inquiries(desk.shop, desk.actor).earlier)
        asked = _("Alle Anfragen von vor der Einrichtung schließen? Niemand bekommt davon eine Nachricht.")
        if 1 < count < LISTED:
            asked = _("{count} Anfragen von vor der Einrichtung schließen? Niemand bekommt davon eine Nachricht.")
        st.markdown(asked.format(count=count))
        dialog_action(_("Ja, alle schließen"), work, key="ce-save")

    def work(desk: Desk) -> str:
        _ = desk.say
        return _("{count} geschlossen.").format(count=closing.close_earlier(desk.shop, desk.actor))

    show_dialog(title, body)


def open_forward(title: str, inquiry_id: int) -> None:
    """Send the customer's last mail on to a third person."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.text_input(_("An wen?"), placeholder="name@beispiel.at", key="fw-to", on_change="ignore")
        st.text_area(_("Ihre Worte dazu"), key="fw-note", height=140, on_change="ignore")
        st.caption(_("Der Kunde wartet weiter auf uns."))
        dialog_action(_("Weiterleiten"), work, key="fw-save", forget="fw-")

    def work(desk: Desk) -> str:
        _ = desk.say
        form = f"forward/{inquiry_id}"
        field = st.session_state
        replies.forward_inquiry(
            desk.shop,
            desk.actor,
            inquiry_id,
            address=field["fw-to"],
            note=field["fw-note"],
            form_key=state.form_key(form),
        )
        state.finish_form(form)
        return _("Wird in 20 Sekunden weitergeleitet.")

    show_dialog(title, body, holds="fw-", position="right")
