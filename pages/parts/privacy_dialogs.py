"""One person's rights: everything about them as a file, and to be forgotten."""

from __future__ import annotations

import streamlit as st

from data.privacy import Erasure
from pages.parts.acting import Work, action, dialog_button, last_action, show_dialog
from pages.parts.choices import choose_in_sight
from pages.parts.person import draw_doubles
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import day_and_time, name_or, stored
from services import customers, privacy
from services.backups import KEPT
from services.privacy import ErasurePlan

_ENDED = 10  # requests in the log


def open_disclosure(desk: Desk, customer_id: int) -> None:
    """The person's data as one file, once somebody has made sure who asks."""
    _ = desk.say

    def body(now: Desk) -> None:
        name = customers.require_customer(now.shop.store, customer_id).name
        st.text(name_or(name, _))
        draw_doubles(now, customer_id, place="au")
        st.markdown(
            _(
                "Wer Auskunft will, bekommt alles, was hier steht: Karte, Anfragen, Nachrichten, Notizen des Teams,"
                " Termine, Wünsche. Die Frist ist ein Monat, in der Schweiz 30 Tage."
            )
        )
        if not now.is_owner:
            st.info(_("Die Auskunft erstellt, wer Inhaber ist."), icon=":material/info:")
            return
        question = _("Ich habe geprüft, dass die Person die ist, für die sie sich ausgibt.")
        sure = st.checkbox(question, key="au-sure")
        st.caption(_("Etwa an der bekannten Adresse, im Geschäft oder durch eine Frage, die nur sie beantworten kann."))
        if sure:
            start = f"/intern/auskunft/{customer_id}"
            st.link_button(_("Auskunft zum Lesen"), f"{start}.html", icon=":material/download:", type="primary")
            st.link_button(
                _("Dieselben Daten als JSON"), f"{start}.json", icon=":material/data_object:", type="tertiary"
            )
            st.caption(_("Jeder Abruf wird vermerkt. Bitte lesen Sie die Auskunft, bevor Sie sie weitergeben."))

    show_dialog(_("Auskunft (Art. 15)"), body)


def open_erasure(desk: Desk, customer_id: int) -> None:
    """To be forgotten: anybody notes the wish, an owner sees what goes and confirms."""
    _ = desk.say

    def body(now: Desk) -> None:
        if not now.is_owner:
            _draw_wish(now, customer_id)
            return
        plan = privacy.plan_erasure(now.shop, now.actor, customer_id)
        draw_doubles(now, customer_id, place="lo")
        _draw_plan(now, plan)
        if plan.problem:
            st.warning(plain(_(plan.problem).format(count=plan.problem_count)), icon=":material/warning:")
            if plan.request is None:
                _draw_wish(now, customer_id)
            return
        sure = st.checkbox(_("Ich weiß, dass das nicht rückgängig zu machen ist."), key="lo-sure")
        last_action(
            _("Endgültig löschen"),
            _erase(customer_id),
            key="lo-go",
            icon=":material/delete_forever:",
            type="primary",
            disabled=not sure,
        )

    show_dialog(_("Person löschen"), body)


def _draw_plan(desk: Desk, plan: ErasurePlan) -> None:
    """What goes, what stays and why."""
    _ = desk.say
    st.text(name_or(plan.name, _))
    goes = [
        _("Name, Notiz, Vorlieben"),
        _("Adressen und Nummern ({count})").format(count=plan.addresses),
        _("Worte in Anfragen ({inquiries}) und Nachrichten ({messages})").format(
            inquiries=plan.inquiries, messages=plan.messages
        ),
        _("Mails im Original und Anhänge ({count})").format(count=plan.files),
    ]
    stays = [_("Zeiten und Zahlen, ohne Namen: Die Auswertung bleibt, wie sie war")]
    if plan.bookings:
        bookings = _("Termine ({count}) mit Tag, Leistung und Preis, ohne Namen: Das Gesetz verlangt Belege")
        stays.append(bookings.format(count=plan.bookings))
    if plan.wishes:
        stays.append(_("Gewünschte Artikel ({count}), ohne Namen").format(count=plan.wishes))
    for title, lines in ((_("Das geht:"), goes), (_("Das bleibt:"), stays)):
        st.markdown(f"**{title}**")
        with st.container(key=f"leise-{title}", gap=None):
            for line in lines:
                st.text(f"– {line}")
    st.caption(
        _(
            "In den Sicherungen, die es schon gibt, bleibt die Person, bis diese verfallen: Theke behält die letzten"
            " {count}. Wird eine davon zurückgeholt, löscht Theke die Person wieder. Im Postfach des Anbieters löschen"
            " Sie selbst."
        ).format(count=KEPT)
    )


def _draw_wish(desk: Desk, customer_id: int) -> None:
    """Note that somebody wants to be forgotten."""
    _ = desk.say
    choose_in_sight(_("Wie kam der Wunsch?"), _ways(desk), "mail", key="lo-how")
    st.caption(_("Löschen darf, wer Inhaber ist. Der Wunsch steht dann unter Einstellungen, Daten."))

    def note(now: Desk) -> None:
        privacy.note_erasure(now.shop, now.actor, customer_id, st.session_state["lo-how"])

    last_action(_("Löschwunsch notieren"), note, key="lo-note", said=_("Notiert."), type="primary")


def _erase(customer_id: int) -> Work:
    def work(desk: Desk) -> str:
        privacy.erase_customer(desk.shop, desk.actor, customer_id)
        st.query_params.pop("kunde", None)
        return desk.say("Gelöscht.")

    return work


def _ways(desk: Desk) -> dict[str, str]:
    _ = desk.say
    return {"mail": _("Mail"), "phone": _("Telefon"), "visit": _("Im Geschäft"), "letter": _("Brief")}


def draw_erasures(desk: Desk) -> None:
    """Requests that wait, and what became of the others."""
    _ = desk.say
    waiting, ended = privacy.list_requests(desk.shop, desk.actor), privacy.list_ended(desk.shop, desk.actor)
    with st.container(key="karte-loeschen", gap="small"):
        st.subheader(_("Löschwünsche"), anchor=False)
        st.caption(_("Wer gelöscht werden will, steht hier, bis Sie es bestätigen. Die Frist ist ein Monat."))
        if not waiting:
            st.text(_("Keiner offen."))
        for request in waiting:
            _draw_request(desk, request)
        with st.container(key="leise-loeschen", gap=None):
            for request in ended[:_ENDED]:
                st.text(_ended_words(desk, request))


def _draw_request(desk: Desk, request: Erasure) -> None:
    _ = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key=f"hz-wunsch-{request.id}", gap="small"):
        st.text(f"{name_or(request.customer_name, _)} · {day_and_time(request.asked_at, desk.speech)}")
        dialog_button(
            _("Ansehen"), "erasure", request.customer_id, key=f"lo-{request.id}", icon=":material/visibility:"
        )
        key, said = f"lo-{request.id}-drop", _("Zurückgezogen.")
        action(_("Zurückgezogen"), _withdraw(request.id), key=key, said=said, type="tertiary")


def _withdraw(erasure_id: int) -> Work:
    def work(desk: Desk) -> None:
        privacy.withdraw_request(desk.shop, desk.actor, erasure_id)

    return work


def _ended_words(desk: Desk, request: Erasure) -> str:
    """«Karte 812: gelöscht, heute, 10:12. Es bleiben …», without a name."""
    _ = desk.say
    number = _("Karte {number}").format(number=request.customer_id)
    if request.done_at is None:
        when = day_and_time(request.withdrawn_at or request.asked_at, desk.speech)
        return _("{number}: zurückgezogen, {when}").format(number=number, when=when)
    when = day_and_time(request.done_at, desk.speech)
    told = _("{number}: gelöscht, {when}").format(number=number, when=when)
    return f"{told}. {stored(request.kept, _)}" if request.kept else told
