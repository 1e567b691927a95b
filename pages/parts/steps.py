"""«Wie weiter»: what can be done with an inquiry besides answering, each in its own small dialog."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.records import CloseReason, InquiryState
from pages.parts import state
from pages.parts.acting import action, calling, dialog_button, do, show_form, show_trouble
from pages.parts.choices import choose_from_list, choose_in_sight
from pages.parts.plain import plain
from pages.parts.ready import draw_ready_button, offers_ready
from pages.parts.session import Desk
from pages.parts.times import choose_time, chosen_time
from pages.parts.words import clock_time, close_word, day_word, due_time, exact_time, hidden_until
from pages.parts.wrap_up import makes_sense
from services import closing, ideas, inquiries, noting, replies
from services.conversations import Conversation, open_conversation
from services.errors import UnofferedError
from services.ratings import may_note
from services.staff import list_staff
from services.status_pages import are_several_people
from services.typed import shorten

LISTED = 200  # so many from before the set-up are listed at most; all of them are closed
IDEA = "idea"  # no dialog: one tap is all
REASONS = (CloseReason.ANSWERED, CloseReason.DEALT_WITH, CloseReason.THANKS_ONLY, CloseReason.DOUBLE)


def draw_steps(desk: Desk, talk: Conversation) -> None:
    """The card «Wie weiter»."""
    _ = desk.say
    inquiry_id = talk.inquiry.id
    with st.container(key="karte-weiter", gap="xsmall"):
        st.subheader(_("Wie weiter"), anchor=False)
        _hidden(desk, talk)
        _planned(desk, talk)
        if talk.inquiry.state == "closed":
            again = calling(closing.reopen_inquiry, inquiry_id)
            action(_("Wieder öffnen"), again, key="reopen", icon=":material/undo:", width="stretch")
            if offers_ready(desk, talk):
                draw_ready_button(desk, inquiry_id)
        else:
            if talk.inquiry.state == "machine":
                really, icon = calling(closing.treat_as_inquiry, inquiry_id), ":material/person:"
                said = _("Steht jetzt bei den Anfragen. Die Uhr läuft ab dem Eingang.")
                action(_("Doch eine Kundenanfrage"), really, key="s-treat", said=said, icon=icon, width="stretch")
            _open_steps(desk, talk)
        _more(desk, talk)
        _owner(desk, talk)


def _hidden(desk: Desk, talk: Conversation) -> None:
    """Until when the inquiry is out of sight, and the way back."""
    _ = desk.say
    hidden = hidden_until(talk.inquiry.snoozed_until_at, desk.speech)
    if not hidden:
        return
    st.text(hidden)
    wake, said = calling(inquiries.snooze_inquiry, talk.inquiry.id, None), _("Steht wieder bei den Anfragen.")
    action(_("Jetzt zeigen"), wake, key="s-wake", said=said, icon=":material/visibility:", width="stretch")


def _planned(desk: Desk, talk: Conversation) -> None:
    """What comes next, to be ticked off or changed."""
    _ = desk.say
    inquiry = talk.inquiry
    if not inquiry.next_step:
        return
    step = inquiry.next_step
    if inquiry.next_step_at:
        step += f", {exact_time(inquiry.next_step_at, desk.speech)}"
    st.text(_("Nächster Schritt: {step}").format(step=step))
    done = calling(inquiries.finish_next_step, inquiry.id, inquiry.next_step)
    with st.container(horizontal=True, gap="small"):
        action(_("Erledigt"), done, key="s-step-done", icon=":material/check:", width="stretch")
        dialog_button(_("Ändern"), "plan", inquiry.id, key="s-step", icon=":material/edit:", width="stretch")


def _open_steps(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    ident, promise = talk.inquiry.id, ":material/phone_forwarded:"
    with st.grid(2, min_column_width=190, gap="xsmall"):  # one below the other beside the conversation
        _book(desk, ident)
        dialog_button(_("Rückruf zusagen"), "callback", ident, key="s-call", icon=promise, width="stretch")
        dialog_button(_("Anruf notieren"), "call", ident, key="s-log", icon=":material/call_log:", width="stretch")
        icon = ":material/bookmark_add:"
        dialog_button(_("Wunsch notieren"), "wish", ident, key="s-wish", icon=icon, width="stretch")
        if offers_ready(desk, talk):
            draw_ready_button(desk, ident)
    reasons = {close_word(reason, desk.say): reason for reason in REASONS}
    close = _("Schließen")

    def pick() -> None:
        close_as(ident, reasons[st.session_state["s-close"]], "s-close")

    show_trouble("s-close")
    st.menu_button(close, list(reasons), icon=":material/check_circle:", key="s-close", on_click=pick, width="stretch")


def _book(desk: Desk, inquiry_id: int) -> None:
    """The way to the calendar, which then knows for whom a time is looked for."""
    _ = desk.say
    key, icon = "s-book", ":material/calendar_month:"
    if st.button(_("Termin eintragen"), key=key, icon=icon, width="stretch"):
        st.switch_page("staff/kalender.py", query_params={"anfrage": str(inquiry_id)})


def _more(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    choices = further_steps(talk, _)
    if makes_sense(talk.inquiry) and not offers_ready(desk, talk):
        choices = {_("Fertig zur Abholung"): "ready", **choices}
    if talk.inquiry.first_contact_at is not None:
        choices[_("Als Idee vermerken")] = IDEA

    def chosen() -> None:
        wanted = choices[st.session_state["s-more"]]
        if wanted == IDEA:
            do(calling(ideas.mark_idea, talk.inquiry.id), place="s-more")
        else:
            state.ask(wanted, talk.inquiry.id)

    more = _("Weitere Schritte")
    show_trouble("s-more")
    st.menu_button(more, list(choices), icon=":material/more_horiz:", key="s-more", on_click=chosen, width="stretch")


def further_steps(talk: Conversation, say: Callable[[str], str]) -> dict[str, str]:
    """The menu «Weitere Schritte», each with the name of its dialog: only what makes sense as the inquiry stands."""
    _ = say
    state_now = talk.inquiry.state
    choices = {_("Notiz schreiben"): "remark"}
    if state_now in {InquiryState.OPEN, InquiryState.EARLIER}:
        choices[_("Nächster Schritt")] = "plan"
    if state_now is InquiryState.OPEN:
        choices[_("Später zeigen")] = "later"
    if state_now is not InquiryState.OPEN:  # then it has a button of its own
        choices[_("Wunsch notieren")] = "wish"
    choices[_("Weiterleiten")] = "forward"
    if talk.similar and state_now is not InquiryState.CLOSED:
        choices[_("Zusammenführen")] = "merge"
    if may_note(talk.inquiry, talk.rating):
        choices[_("Bewertung notieren")] = "rating"
    choices[_("Keine Kundenanfrage")] = "dismiss"
    return choices


def _owner(desk: Desk, talk: Conversation) -> None:
    _ = desk.say
    owner = talk.inquiry.owner_id
    people = {0: _("Offen für alle")}
    people |= {p.id: p.name for p in list_staff(desk.shop.store) if p.active or p.id == owner}
    key = f"owner-{talk.inquiry.id}-{owner}"

    def work(now: Desk) -> None:
        inquiries.hand_over(now.shop, now.actor, talk.inquiry.id, st.session_state[key] or None)

    show_trouble(key)
    choose_from_list(desk, _("Zuständig"), people, owner or 0, key=key, on_change=do, args=(work, "", key))


def close_as(inquiry_id: int, reason: CloseReason, place: str = "") -> None:
    """Close with this reason, or first ask what was offered; a refusal becomes the trouble shown at `place`."""

    def work(desk: Desk) -> str:
        _ = desk.say
        try:
            closing.close_inquiry(desk.shop, desk.actor, inquiry_id, reason)
        except UnofferedError:
            state.ask("offered", inquiry_id)
            return ""
        return _("Geschlossen.")

    do(work, place=place)


def open_call(desk: Desk, inquiry_id: int) -> None:
    """A call of ours: reached or not."""
    _ = desk.say

    def fields(now: Desk) -> None:
        endings = {True: _("Erreicht"), False: _("Nicht erreicht")}
        choose_in_sight(_("Haben Sie jemanden erreicht?"), endings, True, key="cl-reached", width="stretch")
        _promised_call(now, inquiry_id)
        st.text_area(_("Was wurde gesagt?"), key="cl-words", height=120, on_change="ignore")

    def save(now: Desk) -> str:
        reached, words = bool(st.session_state["cl-reached"]), st.session_state["cl-words"]
        promised = bool(st.session_state.get("cl-promised"))
        noting.log_call(now.shop, now.actor, inquiry_id, reached=reached, words=words, as_promised=promised)
        if reached:
            return _("Gespeichert. Der Rückruf ist erledigt.") if promised else _("Gespeichert.")
        return _("Gespeichert. Die Uhr läuft weiter.")

    show_form(_("Anruf notieren"), fields, _("Anruf speichern"), save, keys="cl-", typed=True)


def _promised_call(desk: Desk, inquiry_id: int) -> None:
    """The tick that this call was the promised one, where one is promised."""
    _ = desk.say
    due = [promise.due_at for promise in open_conversation(desk.shop, desk.actor, inquiry_id).promises]
    if due:
        until = ", ".join(_("bis {time}").format(time=due_time(at, desk.speech)) for at in due)
        label = _("Das war der versprochene Rückruf ({until})").format(until=until)
        st.checkbox(plain(label), True, key="cl-promised", on_change="ignore")


def open_remark(desk: Desk, inquiry_id: int) -> None:
    """An internal note."""
    _ = desk.say

    def fields(now: Desk) -> None:
        st.text_area(_("Nur für uns"), key="rm-text", height=140, on_change="ignore")

    def save(now: Desk) -> None:
        noting.add_note(now.shop, now.actor, inquiry_id, st.session_state["rm-text"])

    show_form(_("Notiz"), fields, _("Notiz speichern"), save, keys="rm-", typed=True)


def open_plan(desk: Desk, inquiry_id: int) -> None:
    """The next step and its time."""
    _ = desk.say

    def fields(now: Desk) -> None:
        planned = inquiries.require_inquiry(now.shop.store, inquiry_id)
        st.text_input(
            _("Was kommt als Nächstes?"),
            planned.next_step,
            key="pl-text",
            placeholder=_("Preis nennen"),
            on_change="ignore",
        )
        label = _("Bis wann? (wenn Sie wollen)")
        choose_time(now, label, key="pl-time", optional=True, planned=planned.next_step_at)

    def save(now: Desk) -> None:
        at = chosen_time(now, "pl-time")
        inquiries.plan_next_step(now.shop, now.actor, inquiry_id, st.session_state["pl-text"], at)

    show_form(_("Nächster Schritt"), fields, _("Merken"), save, keys="pl-", typed=True)


def open_later(desk: Desk, inquiry_id: int, *_typed: str) -> None:
    """Hide until a time; what was typed is the draft already."""
    _ = desk.say

    def fields(now: Desk) -> None:
        choose_time(now, _("Wann soll die Anfrage wieder oben stehen?"), key="lt-time")
        st.caption(_("Die Uhr läuft weiter. Schreibt der Kunde, steht sie sofort wieder da."))

    def save(now: Desk) -> str:
        until = chosen_time(now, "lt-time") or now.shop.now()
        inquiries.snooze_inquiry(now.shop, now.actor, inquiry_id, until)
        day, at = day_word(until, now.speech), clock_time(until, now.speech)
        return _("Steht {day} um {time} wieder da.").format(day=day, time=at)

    show_form(_("Später"), fields, _("Bis dahin ausblenden"), save, keys="lt-")


def open_merge(desk: Desk, inquiry_id: int) -> None:
    """Join another open inquiry of the same customer into this one."""
    _ = desk.say

    def fields(now: Desk) -> None:
        similar = open_conversation(now.shop, now.actor, inquiry_id).similar
        words = {row.id: shorten(row.subject or row.snippet, 60) for row in similar}
        label = _("Welche Anfrage gehört dazu?")
        chosen = st.radio(label, list(words), format_func=lambda row: plain(words[row]), key="mg-from")
        st.caption(_("Der ältere Anfang des Wartens gilt weiter."))
        if are_several_people(now.shop, now.actor, [inquiry_id, chosen]):
            st.caption(_("Sie kamen von verschiedenen Adressen. Eine Antwort sieht nur, an wen sie geht."))

    def save(now: Desk) -> None:
        closing.merge_inquiries(now.shop, now.actor, inquiry_id, st.session_state["mg-from"])

    label = _("Zusammenführen")
    show_form(label, fields, label, save, keys="mg-", said=_("Zusammengeführt."))


def open_dismiss(desk: Desk, inquiry_id: int) -> None:
    """Not a customer's inquiry: once, or always from this sender."""
    _ = desk.say

    def fields(now: Desk) -> None:
        endings = {False: _("Nur diese"), True: _("Immer von diesem Absender")}
        st.radio(
            _("Was soll künftig nicht mehr in der Liste stehen?"),
            list(endings),
            format_func=lambda always: endings[always],
            key="ds-always",
            on_change="ignore",
        )
        st.caption(_("Im Postfach bleibt die Mail, wo sie ist."))

    def save(now: Desk) -> None:
        closing.dismiss_inquiry(now.shop, now.actor, inquiry_id, always=bool(st.session_state["ds-always"]))
        state.leave_for_list()

    gone = _("Nicht mehr in der Liste. Der Weg zurück steht ganz unten.")
    show_form(_("Keine Kundenanfrage"), fields, _("Aus der Liste nehmen"), save, keys="ds-", said=gone)


def open_close_earlier(desk: Desk) -> None:
    """Everything from before the set-up is done, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        count = len(inquiries.list_inquiries(now.shop, now.actor).earlier)
        asked = _("Alle Anfragen von vor der Einrichtung schließen? Niemand bekommt davon eine Nachricht.")
        if 1 < count < LISTED:
            asked = _("{count} Anfragen von vor der Einrichtung schließen? Niemand bekommt davon eine Nachricht.")
        st.markdown(asked.format(count=count))

    def close(now: Desk) -> str:
        return _("{count} geschlossen.").format(count=closing.close_earlier(now.shop, now.actor))

    show_form(_("Alle erledigt"), question, _("Ja, alle schließen"), close, keys="ce-")


def open_forward(desk: Desk, inquiry_id: int) -> None:
    """Send the customer's last mail on to a third person."""
    _ = desk.say

    def fields(now: Desk) -> None:
        st.text_input(_("An wen?"), placeholder="name@beispiel.at", key="fw-to", on_change="ignore")
        st.text_area(_("Ihre Worte dazu"), key="fw-note", height=140, on_change="ignore")
        st.caption(_("Der Kunde wartet weiter auf uns."))

    def save(now: Desk) -> str:
        form, to, note = f"forward/{inquiry_id}", st.session_state["fw-to"], st.session_state["fw-note"]
        key = state.form_key(form)
        replies.forward_inquiry(now.shop, now.actor, inquiry_id, address=to, note=note, form_key=key)
        state.finish_form(form)
        return _("Wird in 20 Sekunden weitergeleitet.")

    label = _("Weiterleiten")
    show_form(label, fields, label, save, keys="fw-", typed=True, position="right")
