"""Anfragen: every open inquiry of every channel, longest wait first."""

import streamlit as st

from data.records import Channel
from pages.parts import state
from pages.parts.acting import edge
from pages.parts.focus import draw_focus_digest
from pages.parts.head import draw_empty, draw_head, draw_note, draw_section
from pages.parts.items import inquiry_item
from pages.parts.live_list import REFRESH_SECONDS, draw_live_rows, follow_tap, known_in_focus
from pages.parts.quiet_lists import draw_dismissed, draw_earlier, draw_machine
from pages.parts.session import Desk, open_desk
from pages.parts.words import channel_word, hidden_words
from services import inquiries
from services.channels import used_channels
from services.inquiries import InquiryLine, InquiryList, Who

# The words of the address: the same in every language. The first is the list without a filter.
WHO = {"alle": Who.ALL, "meine": Who.MINE, "offen": Who.UNOWNED}
CHANNELS = {
    "alle": "",
    "mail": Channel.MAIL,
    "formular": Channel.FORM,
    "anruf": Channel.CALL,
    "besuch": Channel.VISIT,
    "chat": Channel.CHAT,
    "anrufbeantworter": Channel.VOICEMAIL,
    "bewertung": Channel.REVIEW,
}
UNFILTERED = "alle/alle/"


def filters(desk: Desk) -> None:
    _ = desk.say
    who = {Who.ALL: _("Alle"), Who.MINE: _("Meine"), Who.UNOWNED: _("Offen für alle")}
    used = used_channels(desk.shop.store)
    channels = [word for word, channel in CHANNELS.items() if not channel or channel in used]
    with st.container(horizontal=True, vertical_alignment="center", key="filter"):
        st.segmented_control(
            _("Wer"),
            list(WHO),
            required=True,
            format_func=lambda word: who[WHO[word]],
            label_visibility="collapsed",
            **state.in_address("wer", list(WHO)),
        )
        st.selectbox(
            _("Kanal"),
            channels,
            format_func=lambda word: channel_word(Channel(CHANNELS[word]), _) if CHANNELS[word] else _("Alle Kanäle"),
            placeholder=_("Bitte wählen"),
            label_visibility="collapsed",
            width=190,
            **state.in_address("kanal", channels),
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
    count = found.waiting_for_us
    if not count:
        return _("Niemand wartet auf uns")
    told = _("Eine Person wartet auf uns") if count == 1 else _("{count} warten auf uns").format(count=count)
    if found.late:
        told += ", " + _("{count} davon überfällig").format(count=found.late)
    return f"{told} · {_('{count} ausgeblendet').format(count=found.hidden)}" if found.hidden else told


def section(desk: Desk, title: str, sub: str, name: str, lines: list[InquiryLine], wanted: str) -> None:
    if lines:
        beside, items = draw_section(title, key=name, sub=sub), [inquiry_item(line, desk.speech) for line in lines]
        draw_live_rows(desk, name, items, beside=beside, wanted=wanted, label=title)


def others(found: InquiryList) -> list[InquiryLine]:
    return [*found.drafts, *found.with_customer, *found.snoozed, *found.found, *found.machine, *found.earlier]


def waiting(desk: Desk, found: InquiryList, words: str, wanted: str) -> None:
    _ = desk.say
    beside = draw_note(summary(desk, found, words), key="waiting")
    kept = state.kept_list("waiting")
    if found.waiting or (kept and kept[0] == wanted and kept[1]):
        items, label = [inquiry_item(line, desk.speech) for line in found.waiting], _("Warten auf uns")
        draw_live_rows(desk, "waiting", items, beside=beside, wanted=wanted, label=label)
    elif words:
        if not others(found):
            draw_empty(_("Nichts gefunden"), _("Zu diesen Worten gibt es keine Anfrage."), icon="search_off")
    elif found.hidden:
        draw_empty(_("Niemand sonst wartet auf uns"), hidden_words(found.hidden, _), icon="visibility_off")
    elif wanted != UNFILTERED:
        draw_empty(_("Hier wartet niemand"), _("Mit diesem Filter ist nichts offen."))
    else:
        draw_empty(_("Alle haben eine Antwort"), _("Neue Anfragen stehen hier, sobald sie kommen."))


@st.fragment(run_every=REFRESH_SECONDS, key="anfragen")
def live() -> None:
    now = open_desk()
    _ = now.say
    who, channel = (str(st.session_state.get(key) or "alle") for key in ("wer", "kanal"))
    words = str(st.session_state.get("q") or "")
    wanted = f"{who}/{channel}/{words}"
    with edge(_):
        found = inquiries.list_inquiries(now.shop, now.actor, who=WHO[who], channel=CHANNELS[channel], words=words)
        found = known_in_focus(now, "waiting", found, wanted)
        waiting(now, found, words, wanted)
        section(now, _("Entwürfe"), _("Begonnen und noch nicht gesendet."), "drafts", found.drafts, wanted)
        quiet = _("Wir haben geantwortet und warten. Diese Zeit zählt nicht für uns.")
        section(now, _("Beim Kunden"), quiet, "with-customer", found.with_customer, wanted)
        section(now, _("Später"), _("Ausgeblendet bis zu ihrer Zeit."), "snoozed", found.snoozed, wanted)
        section(now, _("Abgeschlossen"), "", "found", found.found, wanted)
        draw_earlier(now, found.earlier, wanted, offer=wanted == UNFILTERED)
        draw_machine(now, found.machine, wanted)
        if wanted == UNFILTERED:
            draw_dismissed(now)
    follow_tap()


desk = open_desk()
_ = desk.say
draw_head(desk, _("Anfragen"), write=True)
draw_focus_digest(desk)
filters(desk)
live()
