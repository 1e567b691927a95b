"""Einstellungen, «Auswertung»: what contacts are about, and the estimates that sums of money and time go by."""

from __future__ import annotations

import streamlit as st

from data.report_records import Intent
from data.wrap_ups import Reason
from pages.parts import state
from pages.parts.acting import action, dialog_button, last_action, show_form
from pages.parts.choices import choose_from_list
from pages.parts.head import draw_section
from pages.parts.items import Item
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import wait_figure
from pages.parts.wrap_up_words import intent_words
from services import reasons, settings
from services.rules.prices import price_field
from services.typed import money_amount

_MINUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 45, 60, 90, 120)
_USUAL = 5  # minutes of a new reason
_QUIET: Item = {"lead": "", "unit": "", "rest": "", "tone": "ok", "badge": None, "flag": "", "alert": "", "owner": ""}


def draw_reasons(desk: Desk) -> None:
    """The list that «Worum ging es?» offers; a tap on a row changes it."""
    _ = desk.say
    title = _("Worum es geht")
    sub = _("Am Ende einer Anfrage genügt ein Tippen. Die Minuten sind Ihre Schätzung für einen Kontakt.")
    with draw_section(title, key="erst-gruende", sub=sub):
        dialog_button(_("Hinzufügen"), "reason", key="grund-neu", icon=":material/add:")
    items = [_reason_item(each, desk) for each in reasons.list_reasons(desk.shop.store)]
    draw_rows(items, key="rows-gruende", kind="slim", label=title, on_tap=lambda one: state.ask("reason", one))


def _reason_item(reason: Reason, desk: Desk) -> Item:
    facts = [
        {"icon": "label", "text": intent_words(desk.say)[reason.intent]},
        {"icon": "schedule", "text": _minutes_word(desk, reason.minutes)},
    ]
    return {**_QUIET, "id": reason.id, "title": reason.name, "text": "", "meta": facts}


def _minutes_word(desk: Desk, minutes: int) -> str:
    return str(wait_figure(minutes, desk.speech))


def open_reason(desk: Desk, reason_id: int | None = None) -> None:
    """Write a new reason, or change one, or take it off."""
    _ = desk.say
    reason = reasons.require_reason(desk.shop.store, reason_id) if reason_id else None
    key = f"gr-{reason_id or 'neu'}-"

    def fields(now: Desk) -> None:
        st.text_input(_("Name"), reason.name if reason else "", key=f"{key}name", on_change="ignore")
        start, minutes = (reason.intent, reason.minutes) if reason else (Intent.OTHER, _USUAL)
        choose_from_list(now, _("Art"), intent_words(_), start, key=f"{key}intent", on_change="ignore")
        _choose_minutes(now, _("Dauer eines Kontakts, geschätzt"), minutes, f"{key}minutes")
        if reason:
            _draw_way_out(now, reason, key)

    def save(now: Desk) -> None:
        name, intent, minutes = (st.session_state[f"{key}{field}"] for field in ("name", "intent", "minutes"))
        reasons.save_reason(now.shop, now.actor, reason_id, name=name, intent=intent, minutes=minutes)

    title, said = _("Grund ändern") if reason else _("Neuer Grund"), _("Gespeichert.")
    show_form(title, fields, _("Speichern"), save, keys=key, typed=True, said=said)


def _draw_way_out(desk: Desk, reason: Reason, key: str) -> None:
    """One tap is enough: the same name, written again, brings it back with all that was recorded."""
    _ = desk.say

    def drop(now: Desk) -> str:
        reasons.drop_reason(now.shop, now.actor, reason.id)
        state.forget_fields(key)
        return _("Von der Liste genommen. Was schon vermerkt ist, bleibt.")

    last_action(_("Von der Liste nehmen"), drop, key=f"{key}out", icon=":material/delete:", type="tertiary")


def _choose_minutes(desk: Desk, label: str, present: int, key: str) -> None:
    words = {minutes: _minutes_word(desk, minutes) for minutes in sorted({*_MINUTES, present})}
    choose_from_list(desk, label, words, present, key=key, on_change="ignore", filter_mode=None)


def draw_assumptions(desk: Desk) -> None:
    """What is taken for granted behind «ca. 240 €»."""
    _ = desk.say
    now, country = desk.settings, desk.settings.country
    with st.container(key="karte-annahmen", gap="small"):
        st.subheader(_("Annahmen"), anchor=False)
        unit = _("Beträge in CHF.") if country == "CH" else _("Beträge in €.")
        st.caption(_("Ihre Schätzungen. Was sich daraus ergibt, steht in der Auswertung mit «ca.».") + " " + unit)
        with st.grid(2, min_column_width=260):
            hour, visit = _("Was kostet Sie eine Arbeitsstunde?"), _("Was kostet ein Termin, zu dem niemand kommt?")
            st.text_input(hour, price_field(now.hourly_rate_cents, country), key="e-hour", on_change="ignore")
            st.text_input(visit, price_field(now.missed_visit_cents, country), key="e-missed", on_change="ignore")
            _choose_minutes(desk, _("Minuten, die eine Vorlage spart"), now.template_minutes, "e-template")
        action(_("Annahmen speichern"), _save_assumptions, key="e-save-figures")


def _save_assumptions(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    settings.save_settings(
        desk.shop,
        desk.actor,
        hourly_rate_cents=money_amount(field["e-hour"]),
        missed_visit_cents=money_amount(field["e-missed"]),
        template_minutes=int(field["e-template"]),
    )
    return _("Gespeichert.")
