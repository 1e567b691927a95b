"""«Idee vom Kunden»: what became of it, and whether the customer knows."""

from __future__ import annotations

import streamlit as st

from data.ideas import CustomerIdea
from pages.parts.acting import action, calling, dialog_button, show_form
from pages.parts.session import Desk
from pages.parts.words import past_time
from services import ideas
from services.ideas import Fate
from services.typed import shorten


def draw_ideas(desk: Desk, inquiry_id: int) -> None:
    """A card for each idea of the inquiry; nothing where there is none."""
    for idea in ideas.ideas_of(desk.shop.store, inquiry_id):
        _draw_idea(desk, idea)


def draw_idea_hint(desk: Desk) -> None:
    """Heute: how many ideas somebody has to decide about, and the way to the oldest; nothing where there are none."""
    _ = desk.say
    waiting = ideas.open_ideas(desk.shop, desk.actor)
    if waiting:
        count, target = len(waiting), {"anfrage": str(waiting[0].inquiry_id)}
        words = _("1 Idee vom Kunden ist zu entscheiden") if count == 1 else _("{count} Ideen sind zu entscheiden")
        label = words.format(count=count)
        st.page_link("staff/gespraech.py", label=label, icon=":material/lightbulb:", query_params=target)


def _draw_idea(desk: Desk, idea: CustomerIdea) -> None:
    _ = desk.say
    with st.container(key=f"karte-idee-{idea.id}", gap="small"):
        st.subheader(_("Idee vom Kunden"), anchor=False)
        st.text(shorten(idea.words, 300))
        if idea.decided_at is None:
            _draw_choice(desk, idea)
        else:
            _draw_fate(desk, idea)


def _draw_choice(desk: Desk, idea: CustomerIdea) -> None:
    _ = desk.say
    with st.container(horizontal=True, gap="small", key=f"idee-wahl-{idea.id}"):
        done, icon = calling(ideas.decide_idea, idea.id, Fate.DONE), ":material/check:"
        action(_("Umgesetzt"), done, key=f"idea-done-{idea.id}", icon=icon, width="stretch")
        icon, key = ":material/block:", f"idea-no-{idea.id}"
        dialog_button(_("Machen wir nicht"), "idea-no", idea.id, key=key, icon=icon, width="stretch")
    action(_("Keine Idee"), calling(ideas.unmark_idea, idea.id), key=f"idea-out-{idea.id}", type="tertiary")


def _draw_fate(desk: Desk, idea: CustomerIdea) -> None:
    _ = desk.say
    with st.container(key=f"leise-idee-{idea.id}", gap=None):
        st.text(_("Machen wir nicht: {why}").format(why=idea.why) if idea.why else _("Umgesetzt"))
        if idea.informed_at:
            st.text(_("Kunde informiert: {time}").format(time=past_time(idea.informed_at, desk.speech)))
    if idea.informed_at is None:
        told, icon = calling(ideas.note_informed, idea.id), ":material/check:"
        action(_("Kunde informiert"), told, key=f"idea-told-{idea.id}", icon=icon, width="stretch")
        st.caption(_("Hakt sich von selbst ab, sobald eine Antwort hinausgeht oder ein Anruf erreicht."))
    back, key = calling(ideas.undecide_idea, idea.id), f"idea-back-{idea.id}"
    action(_("Noch einmal entscheiden"), back, key=key, icon=":material/undo:", type="tertiary")


def open_decline_idea(desk: Desk, idea_id: int) -> None:
    """Why it will not be done, in words that the customer reads."""
    _ = desk.say

    def fields(now: Desk) -> None:
        label = now.say("Warum nicht? Der Kunde liest es auf seiner Seite.")
        st.text_area(label, key="id-why", height=100, on_change="ignore")

    def save(now: Desk) -> None:
        ideas.decide_idea(now.shop, now.actor, idea_id, Fate.DECLINED, st.session_state["id-why"])

    show_form(_("Machen wir nicht"), fields, _("Festhalten"), save, keys="id-", typed=True)
