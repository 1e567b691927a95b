"""Anfragen: every open inquiry of every channel, longest wait first."""

import streamlit as st

from data.records import Channel
from pages.parts import state
from pages.parts.acting import edge
from pages.parts.head import draw_empty, draw_head, draw_section
from pages.parts.items import inquiry_item
from pages.parts.live_list import REFRESH_SECONDS, draw_live_rows, follow_tap
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from pages.parts.words import channel_word
from services import inquiries
from services.inquiries import InquiryLine, InquiryList, Who

CHANNELS = ["", Channel.MAIL, Channel.FORM, Channel.CALL, Channel.VISIT, Channel.CHAT, Channel.VOICEMAIL]
UNFILTERED = f"{Who.ALL}//"


def filters(desk: Desk) -> None:
    _ = desk.say
    who = {Who.ALL: _("Alle"), Who.MINE: _("Meine"), Who.UNOWNED: _("Offen für alle")}
    with st.container(horizontal=True, vertical_alignment="center", key="filter"):
        st.segmented_control(
            _("Wer"),
            [str(option) for option in who],
            default=str(Who.ALL),
            required=True,
            format_func=lambda option: who[Who(option)],
            label_visibility="collapsed",
            key="wer",
            bind="query-params",
        )
        st.selectbox(
            _("Kanal"),
            [str(channel) for channel in CHANNELS],
            format_func=lambda option: channel_word(Channel(option), _) if option else _("Alle Kanäle"),
            placeholder=_("Bitte wählen"),
            label_visibility="collapsed",
            key="kanal",
            bind="query-params",
            width=190,
        )
        st.text_input(
            _("Suchen"),
            placeholder=_("Name, Auto, Wort"),
            icon=":material/search:",
            label_visibility="collapsed",
            key="q",
            bind="query-params",
            width="stretch",
        )


def summary(desk: Desk, found: InquiryList, words: str) -> str:
    _ = desk.say
    if words:
        return _("{count} gefunden").format(count=len(found.waiting) + len(others(found)))
    count = len(found.waiting)
    if not count:
        return _("Niemand wartet auf uns")
    told = _("Eine Person wartet auf uns") if count == 1 else _("{count} warten auf uns").format(count=count)
    if not found.late:
        return told
    return told + ", " + _("{count} davon überfällig").format(count=found.late)


def section(desk: Desk, title: str, sub: str, name: str, lines: list[InquiryLine], wanted: str) -> None:
    if lines:
        draw_section(title, key=name, sub=sub)
        draw_live_rows(desk, name, [inquiry_item(line, desk.speech) for line in lines], wanted=wanted, label=title)


def earlier(desk: Desk, lines: list[InquiryLine], wanted: str) -> None:
    _ = desk.say
    if not lines:
        return
    beside = draw_section(_("Vorher"), key="earlier", sub=_("Mails von vor der Einrichtung. Hier läuft keine Uhr."))
    if wanted == UNFILTERED and beside.button(
        _("Alle erledigt"), key="close-earlier", icon=":material/done_all:", on_click=state.ask, args=("earlier",)
    ):
        st.rerun()
    draw_live_rows(desk, "earlier", [inquiry_item(line, desk.speech) for line in lines], wanted=wanted)


def machine(desk: Desk, lines: list[InquiryLine], wanted: str) -> None:
    _ = desk.say
    if not lines:
        return
    label = _("Automatische Post ({count})").format(count=len(lines))
    with st.expander(label, icon=":material/smart_toy:", key="machine", on_change="rerun") as opened:
        if opened.open:
            st.caption(_("Newsletter, Abwesenheitsnotizen, Bestätigungen. Hier läuft keine Uhr."))
            draw_live_rows(desk, "machine", [inquiry_item(line, desk.speech) for line in lines], wanted=wanted)


def others(found: InquiryList) -> list[InquiryLine]:
    return [*found.with_customer, *found.snoozed, *found.found, *found.machine, *found.earlier]


def waiting(desk: Desk, found: InquiryList, words: str, wanted: str) -> None:
    _ = desk.say
    kept = state.kept_list("waiting")
    if found.waiting or (kept and kept[0] == wanted and kept[1]):
        draw_live_rows(desk, "waiting", [inquiry_item(line, desk.speech) for line in found.waiting], wanted=wanted)
    elif words:
        if not others(found):
            draw_empty(_("Nichts gefunden"), _("Zu diesen Worten gibt es keine Anfrage."), icon="search_off")
    elif wanted != UNFILTERED:
        draw_empty(_("Hier wartet niemand"), _("Mit diesem Filter ist nichts offen."))
    else:
        draw_empty(_("Alle haben eine Antwort"), _("Neue Anfragen stehen hier, sobald sie kommen."))


@st.fragment(run_every=REFRESH_SECONDS, key="anfragen")
def live(line: st.delta_generator.DeltaGenerator) -> None:
    now = open_desk()
    _ = now.say
    who, channel, words = (str(st.session_state.get(key) or "") for key in ("wer", "kanal", "q"))
    wanted = f"{who or Who.ALL}/{channel}/{words}"
    with edge(_):
        found = inquiries.list_inquiries(now.shop, now.actor, who=Who(who or "all"), channel=channel, words=words)
        with line:
            st.caption(plain(summary(now, found, words)))
        waiting(now, found, words, wanted)
        quiet = _("Wir haben geantwortet und warten. Diese Zeit zählt nicht für uns.")
        section(now, _("Beim Kunden"), quiet, "with-customer", found.with_customer, wanted)
        section(now, _("Später"), _("Ausgeblendet bis zu ihrer Zeit."), "snoozed", found.snoozed, wanted)
        section(now, _("Abgeschlossen"), "", "found", found.found, wanted)
        earlier(now, found.earlier, wanted)
        machine(now, found.machine, wanted)
    follow_tap()


desk = open_desk()
_ = desk.say
place, _wait = draw_head(desk, _("Anfragen"), write=True)
filters(desk)
live(place)
