"""Vorlagen: the texts that answers start from. The shop's own words; a person always adds and sends."""

from functools import partial

import streamlit as st

from data.records import Template
from pages.parts.acting import action, show_trouble
from pages.parts.head import draw_empty, draw_head
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from services import templates


def save(template_id: int | None, key: str, now: Desk) -> str:
    _ = now.say
    field = st.session_state
    name, subject, body = (field[f"{key}-{part}"] for part in ("name", "subject", "body"))
    templates.save_template(now.shop, now.actor, template_id, name=name, subject=subject, body=body)
    if template_id is None:
        st.session_state["vorlage-neu-offen"] = False
    return _("Gespeichert.")


def delete(template_id: int, now: Desk) -> str:
    _ = now.say
    templates.delete_template(now.shop, now.actor, template_id)
    return _("Gelöscht.")


def editor(desk: Desk, template: Template | None) -> None:
    _ = desk.say
    key = f"vorlage-{template.id if template else 'neu'}"
    st.text_input(_("Name"), template.name if template else "", key=f"{key}-name", on_change="ignore")
    st.text_input(_("Betreff"), template.subject if template else "", key=f"{key}-subject", on_change="ignore")
    st.text_area(_("Text"), template.body if template else "", key=f"{key}-body", height="content", on_change="ignore")
    with st.container(horizontal=True, key=f"{key}-taten"):
        action(_("Speichern"), partial(save, template.id if template else None, key), key=f"{key}-save")
        if template:
            remove = partial(delete, template.id)
            action(_("Löschen"), remove, key=f"{key}-delete", icon=":material/delete:", type="tertiary")


desk = open_desk()
_ = desk.say
draw_head(desk, _("Vorlagen"), _("Ein Anfang für Antworten. Die persönliche Zeile schreiben Sie."), trouble=False)
show_trouble()
st.caption(
    _("Was in geschweiften Klammern steht, setzt Theke ein: ")
    + plain("{anrede}, {vorname}, {mitarbeiter}, {betrieb}, {telefon}, {heute}, {oeffnung_heute}, {anliegen_kurz}")
)
listed = templates.list_templates(desk.shop, desk.actor)
if not listed:
    draw_empty(_("Noch keine Vorlage"), _("Schreiben Sie unten Ihre erste."), icon="description")
for template in listed:
    with st.expander(plain(template.name), key=f"vorlage-{template.id}", on_change="rerun") as opened:
        if opened.open:
            editor(desk, template)
with st.expander(_("Neue Vorlage"), icon=":material/add:", key="vorlage-neu-offen", on_change="rerun") as opened:
    if opened.open:
        editor(desk, None)
