"""Leistungen: the drawers for an offering and for a resource, and the questions before one goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st
from babel.dates import get_day_names

from data.booking_records import Offering, Resource, ResourceKind
from pages.parts import state
from pages.parts.acting import calling, show_form
from pages.parts.choices import choose_from_list, choose_in_sight
from pages.parts.offerings import span_words
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.settings_shop import read_day
from pages.parts.words import Speech
from services import offerings
from services.errors import NotFoundError
from services.rules.hours_text import show_intervals
from services.rules.prices import price_field
from services.typed import price_amount

_HOUR, _DAY = 60, 24 * 60
_DURATIONS = (*range(5, 125, 5), *range(150, 8 * _HOUR + 1, 30), 10 * _HOUR, 12 * _HOUR, _DAY)
_BUFFERS = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
_STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
_NOTICES = (0, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY)
_CANCELS = (0, 2 * _HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY)
_HORIZONS = (7, 14, 30, 60, 90, 180, 365)
_FOLLOW_UPS = (0, 1, 2, 3, 5, 7, 14, 30)
_REPEATS = (0, 1, 2, 3, 6, 12, 18, 24, 36)
_LIMITS = (0, *range(1, 21), 30, 50, 100)


def open_offering(desk: Desk, offering_id: int | None = None) -> None:
    """Write a new offering, or change one."""
    _ = desk.say
    offering = offerings.require_offering(desk.shop.store, offering_id) if offering_id else None
    key = f"of-{offering_id or 'neu'}-"

    def fields(now: Desk) -> None:
        start = offerings.offering_fields(offering)
        _draw_service(now, start, key)
        _draw_need(now, start["groups"], key)
        _draw_ways(now, start, key)
        _draw_rules(now, start, key)
        _draw_question(now, start, key)
        _draw_afterwards(now, start, key)
        if offering:
            _draw_place(now, offering, key)
            _draw_way_out(now, "offering-drop", offering.id, offering.name, key)

    def save(now: Desk) -> str:
        return _save_offering(now, offering, key)

    title = _("Leistung ändern") if offering else _("Neue Leistung")
    show_form(title, fields, _("Leistung speichern"), save, keys=key, typed=True, position="right")


def _draw_service(desk: Desk, start: dict[str, Any], key: str) -> None:
    _ = desk.say
    st.text_input(_("Name"), start["name"], key=f"{key}name", on_change="ignore")
    label = _("Was ist dabei? (steht auf der Buchungsseite)")
    st.text_area(label, start["description"], key=f"{key}description", height=90, on_change="ignore")
    with st.grid(2, min_column_width=180):
        _choose_minutes(desk, _("Dauer"), "duration", start, key, _DURATIONS)
        price, hint = price_field(start["price_cents"], desk.settings.country), _("leer: ohne Preis")
        st.text_input(_("Gesamtpreis"), price, placeholder=hint, key=f"{key}price", on_change="ignore")


def _draw_need(desk: Desk, groups: tuple[tuple[int, ...], ...], key: str) -> None:
    """Up to three lines, of each of which one is needed at the same time."""
    _ = desk.say
    names = {each.id: plain(each.name) for each in offerings.list_resources(desk.shop.store)}
    if not names:
        st.caption(_("Legen Sie zuerst unter «Wer und was dafür gebraucht wird» jemanden an."))
        return
    first, more = _("Gebraucht wird eines von"), _("und zugleich eines von")
    for number in range(offerings.MOST_GROUPS):
        chosen = [one for one in groups[number] if one in names] if number < len(groups) else []
        st.pills(
            more if number else first,
            list(names),
            selection_mode="multi",
            default=chosen,
            format_func=lambda one: names.get(one, ""),
            key=f"{key}group-{number}",
            on_change="ignore",
        )


def _draw_ways(desk: Desk, start: dict[str, Any], key: str) -> None:
    _ = desk.say
    label = _("Kunden buchen diese Leistung online")
    st.toggle(label, start["online"], key=f"{key}online", on_change="ignore")
    ways = {True: _("gilt sofort"), False: _("ist eine Anfrage an uns")}
    choose_in_sight(_("Eine Buchung"), ways, start["instant"], key=f"{key}instant")


def _draw_rules(desk: Desk, start: dict[str, Any], key: str) -> None:
    """What customers may choose, and until when."""
    _ = desk.say
    with st.expander(_("Zeiten und Fristen"), icon=":material/schedule:"), st.grid(2, min_column_width=180):
        _choose_minutes(desk, _("Beginn alle"), "step", start, key, _STEPS)
        label = _("Höchstens an einem Tag")
        limits = {
            count: str(count) if count else _("so viele wie Platz") for count in _with(_LIMITS, start["daily_limit"])
        }
        choose_from_list(desk, label, limits, start["daily_limit"], key=f"{key}daily_limit", on_change="ignore")
        _choose_minutes(desk, _("Vorher freihalten"), "buffer_before", start, key, _BUFFERS, _("nichts"))
        _choose_minutes(desk, _("Danach freihalten"), "buffer_after", start, key, _BUFFERS, _("nichts"))
        days = {count: _before(count * _DAY, desk.speech) for count in _with(_HORIZONS, start["horizon_days"])}
        label = _("Kunden buchen frühestens")
        choose_from_list(desk, label, days, start["horizon_days"], key=f"{key}horizon_days", on_change="ignore")
        for label, name, usual in (
            (_("Kunden buchen spätestens"), "notice_minutes", _NOTICES),
            (_("Kunden sagen ab spätestens"), "cancel_minutes", _CANCELS),
        ):
            words = {minutes: _before(minutes, desk.speech) for minutes in _with(usual, start[name])}
            choose_from_list(desk, label, words, start[name], key=f"{key}{name}", on_change="ignore")


def _before(minutes: int, speech: Speech) -> str:
    """«4 Std vorher», «bis zuletzt»."""
    _ = speech.say
    return _("{span} vorher").format(span=span_words(minutes, speech)) if minutes else _("bis zuletzt")


def _draw_question(desk: Desk, start: dict[str, Any], key: str) -> None:
    _ = desk.say
    with st.expander(_("Mitbringen, Frage an Kunden"), icon=":material/help:"):
        st.text_area(_("Mitbringen"), start["bring"], height="content", key=f"{key}bring", on_change="ignore")
        st.text_input(_("Frage an Kunden"), start["question"], key=f"{key}question", on_change="ignore")
        label = _("Antworten zur Auswahl, eine je Zeile")
        words, hint = start["choices"], _("leer: Kunden schreiben selbst")
        st.text_area(label, words, placeholder=hint, height=140, key=f"{key}choices", on_change="ignore")


def _draw_afterwards(desk: Desk, start: dict[str, Any], key: str) -> None:
    """What brings the customer to «Anlässe» once the job is done."""
    _ = desk.say
    with st.expander(_("Danach: nachfragen, wiederkommen"), icon=":material/event_repeat:"):
        st.caption(_("Daraus werden «Anlässe»: Theke schreibt niemandem, jemand von Ihnen ruft an."))
        with st.grid(2, min_column_width=180):
            days, months = start["follow_up_days"], start["repeat_months"]
            words = {count: _days_after(count, desk.speech) for count in _with(_FOLLOW_UPS, days)}
            label = _("«Passt alles?» fragen")
            choose_from_list(desk, label, words, days, key=f"{key}follow_up_days", on_change="ignore")
            words = {count: _months_after(count, desk.speech) for count in _with(_REPEATS, months)}
            label = _("Wieder fällig")
            choose_from_list(desk, label, words, months, key=f"{key}repeat_months", on_change="ignore")


def _days_after(days: int, speech: Speech) -> str:
    _ = speech.say
    if days < 2:
        return _("am Tag danach") if days else _("nicht")
    return _("{count} Tage danach").format(count=days)


def _months_after(months: int, speech: Speech) -> str:
    _ = speech.say
    if months < 2:
        return _("nach einem Monat") if months else _("nie")
    return _("nach {count} Monaten").format(count=months)


def _draw_place(desk: Desk, offering: Offering, key: str) -> None:
    """Where it stands in the list: on top, or behind another one."""
    _ = desk.say
    listed = offerings.list_offerings(desk.shop.store)
    others = [one for one in listed if one.id != offering.id]
    words = {0: _("ganz oben")}
    words |= {number: _("nach «{name}»").format(name=one.name) for number, one in enumerate(others, 1)}
    here = [one.id for one in listed].index(offering.id)
    choose_from_list(desk, _("Platz in der Liste"), words, here, key=f"{key}place", on_change="ignore")


def _draw_way_out(desk: Desk, dialog: str, ident: int, name: str, key: str) -> None:
    """The button that leaves this drawer for the question before something goes."""
    _ = desk.say
    look: dict[str, Any] = {"icon": ":material/delete:", "type": "tertiary", "key": f"{key}out"}
    if st.button(_("Von der Liste nehmen"), on_click=state.ask, args=(dialog, ident, name), **look):
        state.forget_fields(key)
        st.rerun()


def _save_offering(desk: Desk, offering: Offering | None, key: str) -> str:
    _ = desk.say
    field = st.session_state
    names = set(offerings.offering_fields(offering)) - {"price_cents", "groups"}
    values = {name: field[f"{key}{name}"] for name in names}
    groups = [tuple(field.get(f"{key}group-{number}") or ()) for number in range(offerings.MOST_GROUPS)]
    values |= {"price_cents": price_amount(field[f"{key}price"]), "groups": tuple(groups)}
    ident = offerings.save_offering(desk.shop, desk.actor, offering.id if offering else None, **values)
    if offering:
        order = [one.id for one in offerings.list_offerings(desk.shop.store)]
        offerings.move_offering(desk.shop, desk.actor, ident, field[f"{key}place"] - order.index(ident))
    return _("Gespeichert. Termine, die schon stehen, bleiben, wie sie sind.") if offering else _("Gespeichert.")


def _choose_minutes(
    desk: Desk, label: str, name: str, start: dict[str, Any], key: str, usual: Iterable[int], nothing: str = ""
) -> None:
    words = {
        minutes: nothing if nothing and not minutes else span_words(minutes, desk.speech)
        for minutes in _with(usual, start[name])
    }
    choose_from_list(desk, label, words, start[name], key=f"{key}{name}", on_change="ignore")


def _with(usual: Iterable[int], present: int) -> list[int]:
    """The usual choices and the present one, in order."""
    return sorted({*usual, present})


def open_drop_offering(desk: Desk, offering_id: int, name: str) -> None:
    """Take an offering off, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        text = _("«{name}» kann dann niemand mehr buchen. Termine, die schon stehen, bleiben.")
        st.markdown(plain(text.format(name=name)))

    drop, said = calling(offerings.drop_offering, offering_id), _("Von der Liste genommen.")
    show_form(_("Leistung wegnehmen"), question, _("Ja, von der Liste nehmen"), drop, keys="od-", said=said)


def open_resource(desk: Desk, resource_id: int | None = None) -> None:
    """Write who or what can be needed, or change it."""
    _ = desk.say
    known = {each.id: each for each in offerings.list_resources(desk.shop.store)}
    if resource_id and resource_id not in known:
        raise NotFoundError(offerings.RESOURCE_GONE)
    resource = known[resource_id] if resource_id else None
    key = f"re-{resource_id or 'neu'}-"

    def fields(now: Desk) -> None:
        st.text_input(_("Name"), resource.name if resource else "", key=f"{key}name", on_change="ignore")
        kinds = {ResourceKind.PERSON: _("Person"), ResourceKind.THING: _("Platz oder Gerät")}
        start = resource.kind if resource else ResourceKind.PERSON
        choose_in_sight(_("Was ist das?"), kinds, start, key=f"{key}kind")
        _draw_own_hours(now, resource, key)
        if resource:
            _draw_way_out(now, "resource-drop", resource.id, resource.name, key)

    def save(now: Desk) -> None:
        field = st.session_state
        week = tuple(read_day(now, day, field[f"{key}day-{day}"]) for day in range(7)) if field[f"{key}own"] else ()
        kind, name = ResourceKind(field[f"{key}kind"]), field[f"{key}name"]
        offerings.save_resource(now.shop, now.actor, resource_id, name=name, kind=kind, week=week)

    title, said = _("Eintrag ändern") if resource else _("Neuer Eintrag"), _("Gespeichert.")
    show_form(title, fields, _("Speichern"), save, keys=key, typed=True, said=said, position="right")


def _draw_own_hours(desk: Desk, resource: Resource | None, key: str) -> None:
    """Hours of its own, one line a day; they begin with what holds now."""
    _ = desk.say
    own = bool(resource and resource.week)
    if not st.toggle(_("Andere Zeiten als der Betrieb"), own, key=f"{key}own"):
        return
    st.caption(
        _("Zum Beispiel «7:30–12:00 und 13:00–17:00» oder «geschlossen». Außerhalb der Öffnungszeiten bucht niemand.")
    )
    week = resource.week if resource and resource.week else desk.settings.hours.week
    names = get_day_names("wide", locale=desk.speech.locale)
    with st.grid(2, min_column_width=200):
        for day in range(7):
            st.text_input(names[day], show_intervals(week[day], _), key=f"{key}day-{day}", on_change="ignore")


def open_drop_resource(desk: Desk, resource_id: int, name: str) -> None:
    """Take off who or what was needed, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        text = _("«{name}» steht dann nicht mehr für Termine bereit. Frühere Termine bleiben.")
        st.markdown(plain(text.format(name=name)))

    drop, said = calling(offerings.drop_resource, resource_id), _("Von der Liste genommen.")
    show_form(_("Eintrag wegnehmen"), question, _("Ja, von der Liste nehmen"), drop, keys="rd-", said=said)
