"""Einstellungen, first half: the shop, its opening hours and the days that differ, the goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st
from babel.dates import format_date, get_day_names

from data.booking_records import Booking
from data.records import Closure
from pages.catalogues import LANGUAGES
from pages.parts.acting import action, calling
from pages.parts.choices import choose_from_list, choose_in_sight
from pages.parts.date_field import date_field
from pages.parts.hit_bookings import draw_hit
from pages.parts.session import Desk
from services import settings
from services.booking_days import bookings_hit
from services.errors import InvalidInputError
from services.rules.holiday_calendar import regions_of
from services.rules.hours_text import parse_intervals, show_intervals
from services.rules.opening_hours import Intervals, day_intervals
from services.settings import holidays_for

GOALS = (60, 120, 240, 480, 960)
TEXTS = ("name", "street", "town", "phone", "legal_footer", "public_url", "trusted_proxies")


def draw_shop(desk: Desk) -> None:
    """Name, address and what stands under every mail."""
    _ = desk.say
    now = desk.settings
    with st.container(key="karte-betrieb", gap="small"):
        st.subheader(_("Betrieb"), anchor=False)
        with st.grid(2, min_column_width=260):
            st.text_input(_("Name des Betriebs"), now.name, key="e-name", on_change="ignore")
            st.text_input(_("Telefon"), now.phone, key="e-phone", on_change="ignore")
            st.text_input(_("Straße"), now.street, key="e-street", on_change="ignore")
            st.text_input(_("PLZ und Ort"), now.town, key="e-town", on_change="ignore")
            _choose_place(desk)
            choose_in_sight(_("Sprache (Anmeldung und Seiten für Kunden)"), LANGUAGES, now.language, key="e-language")
        small = _("Kleinunternehmer: Preise ohne Hinweis auf die Umsatzsteuer")
        st.toggle(small, now.small_business, key="e-small_business", on_change="ignore")
        footer = _("Angaben unter jeder Mail (Firmenbuch, UID)")
        st.text_area(footer, now.legal_footer, key="e-legal_footer", height=90, on_change="ignore")
        link = _("Adresse im Internet (leer, solange Kunden Theke nicht erreichen)")
        st.text_input(link, now.public_url, placeholder="https://…", key="e-public_url", on_change="ignore")
        if now.public_url:
            st.link_button(_("Plakat drucken"), "/intern/plakat", icon=":material/print:")
        before = _("Proxy oder Tunnel davor (IP-Adressen; leer, wenn keiner davor steht)")
        st.text_input(before, now.trusted_proxies, key="e-trusted_proxies", on_change="ignore")
        action(_("Betrieb speichern"), _save_shop, key="e-save-shop")


def _choose_place(desk: Desk) -> None:
    _ = desk.say
    countries = {"AT": _("Österreich"), "DE": _("Deutschland"), "CH": _("Schweiz")}
    choose_from_list(desk, _("Land"), countries, desk.settings.country, key="e-country")
    regions = {"": _("Nur landesweite Feiertage"), **dict(regions_of(st.session_state["e-country"]))}
    choose_from_list(desk, _("Bundesland oder Kanton"), regions, desk.settings.region, key="e-region")


def _save_shop(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    changes = {name: field[f"e-{name}"] for name in (*TEXTS, "country", "region", "language", "small_business")}
    settings.save_settings(desk.shop, desk.actor, **changes)
    return _("Gespeichert.")


def draw_hours(desk: Desk) -> None:
    """The week, one line a day, the goal and holidays."""
    _ = desk.say
    hours = desk.settings.hours
    names = get_day_names("wide", locale=desk.speech.locale)
    with st.container(key="karte-zeiten", gap="small"):
        st.subheader(_("Öffnungszeiten"), anchor=False)
        st.caption(_("Zum Beispiel «7:30–12:00 und 13:00–17:00» oder «geschlossen»."))
        with st.grid(2, min_column_width=260):
            for day in range(7):
                st.text_input(names[day], show_intervals(hours.week[day], _), key=f"e-day-{day}", on_change="ignore")
        closed = _("An Feiertagen geschlossen")
        st.toggle(closed, desk.settings.closed_on_holidays, key="e-holidays", on_change="ignore")
        goal, label = desk.settings.answer_goal_minutes, _("Antworten wollen wir innerhalb von (Öffnungszeit)")
        goals = {minutes: _hours_word(desk, minutes) for minutes in sorted({*GOALS, goal})}
        choose_from_list(desk, label, goals, goal, key="e-goal", on_change="ignore", width=320)
        action(_("Zeiten speichern"), _save_hours, key="e-save-hours")


def _hours_word(desk: Desk, minutes: int) -> str:
    _ = desk.say
    if minutes % 60:
        return _("{count} Minuten").format(count=minutes)
    return _("1 Stunde") if minutes == 60 else _("{count} Stunden").format(count=minutes // 60)


def _save_hours(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    week = tuple(read_day(desk, day, field[f"e-day-{day}"]) for day in range(7))
    settings.save_settings(
        desk.shop,
        desk.actor,
        hours=replace(desk.settings.hours, week=week),
        closed_on_holidays=bool(field["e-holidays"]),
        answer_goal_minutes=int(field["e-goal"]),
    )
    return _("Gespeichert.")


def read_day(desk: Desk, day: int, text: str) -> Intervals:
    """What a person wrote for one day of the week; raises InvalidInputError that names the day."""
    try:
        return read_intervals(text)
    except InvalidInputError as error:
        name = get_day_names("wide", locale=desk.speech.locale)[day]
        raise InvalidInputError("{day}: {reason}", day=name, reason=desk.say(error.msgid)) from error


def read_intervals(text: str) -> Intervals:
    """Minutes after midnight as a person wrote them; raises InvalidInputError."""
    try:
        return parse_intervals(text)
    except ValueError as error:
        raise InvalidInputError(str(error)) from error


def draw_closures(desk: Desk) -> None:
    """Days that differ from the week: holidays of the shop, half days."""
    _ = desk.say
    with st.container(key="karte-tage", gap="small"):
        st.subheader(_("Tage, die anders sind"), anchor=False)
        st.caption(_("Betriebsurlaub, Brückentage, ein halber Tag. An diesen Tagen steht die Geschäftszeit still."))
        hit = _bookings_hit(desk)
        for number, closure in enumerate(desk.settings.hours.closures):
            with st.container(horizontal=True, vertical_alignment="center", key=f"leise-tag-{number}"):
                st.text(closure_words(desk, closure), width="stretch")
                drop = calling(settings.drop_closure, closure)
                look = {"said": _("Entfernt."), "icon": ":material/delete:", "type": "tertiary"}
                action(_("Entfernen"), drop, key=f"e-drop-{number}", **look)
            draw_hit(desk, hit.get(closure, []), key=f"tag-{number}")
        with st.grid(2, min_column_width=240):
            for key, label in (("e-first", _("Erster Tag")), ("e-last", _("Letzter Tag"))):
                st.session_state.setdefault(key, _today(desk))
                date_field(label, key=key, on_change="ignore")
            st.text_input(_("Warum?"), placeholder=_("Betriebsurlaub"), key="e-label", on_change="ignore")
            hint = _("leer heißt geschlossen")
            st.text_input(_("Offen von bis"), placeholder=hint, key="e-open", on_change="ignore")
        action(_("Tag eintragen"), _add_closure, key="e-add-closure", icon=":material/add:")


def _bookings_hit(desk: Desk) -> dict[Closure, list[Booking]]:
    """By closure the bookings to come on days that it closes."""
    hours, today = desk.settings.hours, _today(desk)
    closing = [each for each in hours.closures if not each.intervals and each.last >= today]
    if not closing:
        return {}
    first, last = min(each.first for each in closing), max(each.last for each in closing)
    holidays = holidays_for(desk.settings, today)
    hit: dict[Closure, list[Booking]] = {}
    for booking in bookings_hit(desk.shop, max(first, today), last):
        day = booking.starts_at.astimezone(desk.speech.zone).date()
        holding = next((each for each in closing if each.first <= day <= each.last), None)
        if holding and not day_intervals(hours, holidays, day):
            hit.setdefault(holding, []).append(booking)
    return hit


def closure_words(desk: Desk, closure: Closure) -> str:
    """«24.12.2026 bis 06.01.2027, Betriebsurlaub, geschlossen»."""
    _ = desk.say
    days = [_day(desk, closure.first)]
    if closure.last != closure.first:
        days = [_("{first} bis {last}").format(first=days[0], last=_day(desk, closure.last))]
    return ", ".join(part for part in (*days, closure.label, show_intervals(closure.intervals, _)) if part)


def _day(desk: Desk, day: date) -> str:
    return format_date(day, "dd.MM.y", locale=desk.speech.locale)


def _add_closure(desk: Desk) -> str:
    _ = desk.say
    field = st.session_state
    new = Closure(field["e-first"], field["e-last"], field["e-label"], read_intervals(field["e-open"] or ""))
    settings.add_closure(desk.shop, desk.actor, new)
    field.update({"e-first": _today(desk), "e-last": _today(desk), "e-label": "", "e-open": ""})
    return _("{what} eingetragen.").format(what=closure_words(desk, new))


def _today(desk: Desk) -> date:
    return desk.speech.now.astimezone(desk.speech.zone).date()
