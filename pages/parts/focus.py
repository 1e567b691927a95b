"""Focus hours on a screen: «Fokus bis 10:30» in the frame, what came meanwhile, and where an owner sets them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st
from babel.dates import get_day_names

from pages.parts import state
from pages.parts.acting import Work, action, do
from pages.parts.items import Item, inquiry_item
from pages.parts.plain import plain
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.settings_shop import read_day
from pages.parts.words import clock_time, day_word
from services import focus
from services.focus import FocusDigest
from services.inquiries import InquiryLine
from services.rules.hours_text import show_intervals

_COUNTED_FOR = timedelta(minutes=1)
_DIGEST = "focus"
_SHOW_DIGEST = frozenset({"heute", "anfragen"})  # pages


def note_digest_in_sight(desk: Desk) -> None:
    """For a full run: whether the page that comes shows the digest by itself, so that no line need lead to it."""
    shows = state.current_page() in _SHOW_DIGEST and focus.focus_until(desk.shop) is None
    state.digest_in_sight(shows and bool(_unseen(desk)))


def draw_focus_line(desk: Desk) -> None:
    """In the frame: that focus time runs, with its way out; after it how many came, with the way to them."""
    _ = desk.say
    if state.take_whole_page():
        st.rerun()
    if until := focus.focus_until(desk.shop):
        words = _("Fokus bis {time}: Nur Dringendes meldet sich.")
        words = words.format(time=clock_time(until, desk.speech))
        _draw_line(words, "do_not_disturb_on", _("Beenden"), "fokus-ende", on_click=_end)
        return
    count = 0 if state.digest_in_sight() else _unseen(desk)
    if count and _draw_line(_came_word(desk, count), "inventory_2", _("Ansehen"), "fokus-neu"):
        st.switch_page("staff/heute.py")


def _draw_line(words: str, icon: str, label: str, key: str, **look: Any) -> bool:  # noqa: ANN401
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"meldung-{key}"):
        st.markdown(f":material/{icon}: {words}", width="stretch")
        return st.button(label, key=key, **look)


def _unseen(desk: Desk) -> int:
    counting = partial(focus.count_unseen, desk.shop, desk.actor)
    return state.figures_of(_DIGEST, desk.speech.now, counting, _COUNTED_FOR)


def _end() -> None:
    def work(desk: Desk) -> str:
        focus.end_focus(desk.shop, desk.actor)
        return desk.say("Fokuszeit beendet. Neues wird wieder angezeigt.")

    state.forget_figures(_DIGEST)
    state.want_whole_page()  # which says so, and shows what came
    do(work)


def _came_word(desk: Desk, count: int) -> str:
    _ = desk.say
    if count == 1:
        return _("Während der Fokuszeit kam eine Anfrage.")
    return _("Während der Fokuszeit kamen {count} Anfragen.").format(count=count)


def draw_focus_digest(desk: Desk) -> None:
    """All that came in focus times that are over, until this person has seen it; for the part of a page that is drawn
    whole, so that nothing moves under a finger."""
    _ = desk.say
    digest = None if focus.focus_until(desk.shop) else focus.focus_digest(desk.shop, desk.actor)
    if digest is None:
        return
    title = _came_word(desk, len(digest.lines)).rstrip(".")
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="kopf-fokus"):
        with st.container(gap=None, width="stretch"):
            st.subheader(plain(title), anchor=False)
            st.caption(plain(times_words(desk, digest)))
        if action(_("Gesehen"), _seeing(digest.until), key="fokus-gesehen", icon=":material/done_all:"):
            st.rerun()
    items = [digest_item(desk, line, digest) for line in _urgent_first(digest)]
    draw_rows(items, key="rows-fokus", label=title, on_tap=state.go_to)


def _seeing(until: datetime) -> Work:
    def work(desk: Desk) -> None:
        focus.mark_seen(desk.shop, desk.actor, until)
        state.forget_figures(_DIGEST)

    return work


def times_words(desk: Desk, digest: FocusDigest) -> str:
    """«heute 09:00–10:30 und 11:30–13:30»."""
    _ = desk.say
    days: dict[str, list[str]] = {}
    for begins, ends in digest.spans:
        span = f"{clock_time(begins, desk.speech)}–{clock_time(ends, desk.speech)}"
        days.setdefault(day_word(begins, desk.speech), []).append(span)
    return "; ".join(f"{day} {', '.join(spans)}" for day, spans in days.items())


def _urgent_first(digest: FocusDigest) -> list[InquiryLine]:
    return sorted(digest.lines, key=lambda line: line.row.id not in digest.urgent)


def digest_item(desk: Desk, line: InquiryLine, digest: FocusDigest) -> Item:
    """A row of Anfragen that says whether it is urgent."""
    item = inquiry_item(line, desk.speech)
    if line.row.id in digest.urgent:
        item["alert"] = ", ".join(filter(None, (desk.say("Dringend"), item["alert"])))
    return item


def draw_focus_hours(desk: Desk) -> None:
    """Einstellungen: the week of focus hours, off at first."""
    _ = desk.say
    now = focus.read_focus_hours(desk.shop.store)
    names = get_day_names("wide", locale=desk.speech.locale)
    with st.container(key="karte-fokuszeiten", gap="small"):
        st.subheader(_("Fokuszeiten"), anchor=False)
        st.caption(
            _(
                "In dieser Zeit blinkt nichts Neues, Dringendes ausgenommen. Die Listen zeigen alles, sobald jemand sie"
                " öffnet; am Ende steht auf «Heute», was inzwischen kam. Online gebuchte Termine stehen nur im"
                " Kalender. Manchen hilft das, anderen nicht: probieren Sie es aus."
            )
        )
        on = st.toggle(_("Fokuszeiten einhalten"), now.on, key="f-on")
        if on:
            st.caption(_("Zum Beispiel «9:00–10:30 und 14:00–15:00»; leer heißt: an diesem Tag keine."))
            with st.grid(2, min_column_width=260):
                for day in range(7):
                    start = show_intervals(now.week[day], _) if now.week[day] else ""
                    st.text_input(names[day], start, key=f"f-day-{day}", on_change="ignore")
        if on or now.on:
            action(_("Fokuszeiten speichern"), _save_hours, key="f-save")


def _save_hours(desk: Desk) -> str:
    field = st.session_state
    known = focus.read_focus_hours(desk.shop.store).week
    on = bool(field["f-on"])
    week = tuple(read_day(desk, day, field[f"f-day-{day}"]) for day in range(7)) if on else known
    focus.save_focus_hours(desk.shop, desk.actor, on=on, week=week)
    return desk.say("Gespeichert.")
